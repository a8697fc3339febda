"""The grid of page one: a margin, the left half with the board's columns, a gap, the right half."""

WIDTHS = (1, 5, 5, 29, 11, 6, 6.5, *([5.0] * 6), 6.5, *([5.0] * 5), 6.5, 5, 5, 15.5, 1.5, 4.5, 12, 38, 13, 12)
"""Widths of all columns, about 1,820 pixels together."""
LEFT, RIGHT, WHOLE = (1, 22), (24, 28), (1, 28)
"""First and last columns."""


def span_width(first: int, last: int) -> float:
    """How many characters fit into merged columns."""
    return sum(WIDTHS[first : last + 1]) + 0.7 * (last - first)
