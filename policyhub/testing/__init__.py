"""What the tests need beyond pytest: servers, results of requirements."""
