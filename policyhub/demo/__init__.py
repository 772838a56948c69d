"""The demonstration: an invented trust with two schools and a year of their records. It exists only under DEMO."""
