"""Bytes to cells: what a file is, whether it is safe to open, and what stands in it. Nothing is believed yet."""
