"""The shipped default plan: the district's own programme as CSV tables."""
