"""The project: wiring only, no business rule."""
