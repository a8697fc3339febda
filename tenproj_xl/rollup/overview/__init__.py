"""Page one of the roll-up."""
