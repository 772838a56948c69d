"""Tags of policies."""
