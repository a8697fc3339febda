"""The commands' work: plain arguments in, results out, nothing printed."""
