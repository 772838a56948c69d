"""A small app that is installed in tests only: models on which walls and seals are proved."""
