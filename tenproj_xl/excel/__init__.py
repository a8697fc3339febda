"""Writing workbooks: the look, and one way to put a value into a cell."""
