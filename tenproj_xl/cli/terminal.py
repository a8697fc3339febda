"""Texts on a terminal: their width, and lists that are cut short."""

from collections.abc import Sequence
from unicodedata import east_asian_width

SHOWN = 5
"""The most lines shown of one list."""
_WIDTH = 76
"""The columns of a terminal that lines are cut to."""
_LEAST = 30
"""As many columns stay of what stands before a long ending: whose it is."""


def width(text: str) -> int:
    """Return the columns that a text takes on a terminal, two for a wide character."""
    wide = sum(east_asian_width(character) in "WF" for character in text)
    return len(text) + wide


def padded(text: str, columns: int) -> str:
    """Return a text filled up with blanks to a number of columns."""
    return text + " " * max(0, columns - width(text))


def few(names: Sequence[str], counter: str, most: int = SHOWN) -> str:
    """Return the first names, and how many there are where there are more: `甲、乙等3个`."""
    shown = "、".join(names[:most])
    if len(names) > most:
        return f"{shown}等{len(names)}{counter}"
    return shown


def fitting(line: str, ending: str = "") -> str:
    """Return a line cut to the width of a screen; its ending stays whole."""
    columns = max(_LEAST, _WIDTH - width(ending))
    if width(line) <= columns:
        return line + ending
    whole, taken = line.removesuffix("…"), width("…")
    for n, character in enumerate(whole):
        taken += width(character)
        if taken > columns:
            return f"{whole[:n]}…{ending}"
    return line + ending
