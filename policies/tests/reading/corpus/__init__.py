"""Policies of our own writing with their facts marked in the text, printed in many layouts to measure the reader."""
