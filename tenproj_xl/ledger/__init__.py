"""What is remembered: an append-only SQLite file."""
