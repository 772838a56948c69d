"""The parts of `make bench`: data, floor, load on pages, and what else is measured."""
