"""What the pages of reports say."""
