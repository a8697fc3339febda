"""The grid of page one: a margin, the left half with the board's columns, a gap, the right half."""

WIDTHS = (1, 5, 28, 13, *([6.5] * 13), 17, 1.5, 4.5, 12, 42, 14, 12)
"""Widths of all columns, about 1,720 pixels together."""
LEFT, RIGHT, WHOLE = (1, 17), (19, 23), (1, 23)
"""First and last columns."""


def span_width(first: int, last: int) -> float:
    """How many characters fit into merged columns."""
    return sum(WIDTHS[first : last + 1]) + 0.7 * (last - first)
