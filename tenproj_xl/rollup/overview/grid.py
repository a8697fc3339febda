"""The grid of page one: a margin, the left half with the board's columns, a gap, the right half."""

TITLE = "总览"
"""The title of page one."""
WIDTHS = (
    1,
    4.5,
    5,
    32,
    11,
    6,
    6.5,
    *([5.0] * 6),
    6.5,
    *([5.0] * 5),
    6.5,
    5,
    5,
    15.5,
    1,
    4.5,
    13,
    36.5,
    14.5,
    15,
)
"""Widths of all columns, about 1,850 pixels together: a screen of 1,920 beside row numbers and scroll bar."""
LEFT, RIGHT, WHOLE = (1, 22), (24, 28), (1, 28)
"""First and last columns."""


def span_width(first: int, last: int) -> float:
    """Return how many characters fit into merged columns."""
    return sum(WIDTHS[first : last + 1]) + 0.7 * (last - first)
