"""The numbers of the roll-up, without looks."""
