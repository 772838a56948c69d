"""Pages of reports: the home page, and the term report."""
