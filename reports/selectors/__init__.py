"""Reads of reports: bands, a term's figures, published reports, and what waits for a person."""
