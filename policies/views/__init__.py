"""Pages of policies, by what a person comes for."""
