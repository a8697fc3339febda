"""The sheets of the roll-up, one module each."""
