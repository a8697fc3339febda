"""Fonts, colours and print set-up of the workbooks, and how much room a text takes in a cell.

A style is a `Style`, as the template describes it, or a mapping of XlsxWriter's format properties.
"""

import math
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from functools import cached_property
from typing import Any

from tenproj_xl.core.dataclass import dataclass

BODY, HEAD = "宋体", "黑体"
GREEN, YELLOW, RED, DEEP, GREY, BLUE = "#C6E0B4", "#FFE699", "#F4B084", "#E48672", "#D9D9D9", "#DDEBF7"
STRONG: Mapping[str, str] = {
    GREEN: "#A9D18E",
    YELLOW: "#FFE082",
    RED: "#D9783A",
    DEEP: "#C0504D",
    GREY: "#A6A6A6",
    BLUE: "#BDD7EE",
}
"""The lights in the stronger shade of bars and lines; neighbours in a bar differ in black and white, too."""
INK, MUTED, LINE, BAND, PALE = "#1F3864", "#7F7F7F", "#BFBFBF", "#D9E2F3", "#F2F6FC"

BASE: Mapping[str, object] = {
    "font_name": BODY,
    "font_charset": 134,  # Chinese: a machine without the font substitutes another Chinese one
    "font_size": 10,
    "valign": "vcenter",
}
"""What every cell has unless its style says otherwise."""
BOX: Mapping[str, object] = {"border": 1, "border_color": LINE, "text_wrap": True}
HEADER: Mapping[str, object] = {
    **BOX,
    "font_name": HEAD,
    "font_color": INK,
    "bg_color": BAND,
    "align": "center",
}
TITLE: Mapping[str, object] = {"font_name": HEAD, "font_size": 18, "font_color": INK}
SECTION: Mapping[str, object] = {
    "font_name": HEAD,
    "font_size": 12,
    "font_color": INK,
    "bottom": 2,
    "bottom_color": INK,
}
NOTE: Mapping[str, object] = {"font_size": 9, "font_color": MUTED}
LINK: Mapping[str, object] = {"font_size": 10, "font_color": "#2E75B6", "underline": 1}

MAX_ROW_HEIGHT = 409.0
"""The highest row of a spreadsheet in points; a longer text is still whole in its cell."""


@dataclass(frozen=True, kw_only=True)
class Style:
    """How a cell looks.

    Colours are `#RRGGBB` or "", borders are (line, colour) to the left, right, top and bottom.
    """

    font: str = BODY
    size: float = 10.5
    bold: bool = False
    italic: bool = False
    underline: int = 0
    strike: bool = False
    colour: str = ""
    pattern: int = 0
    fill: str = ""
    hatch: str = ""
    borders: tuple[tuple[int, str], ...] = ((0, ""),) * 4
    horizontal: str = ""
    vertical: str = "vcenter"
    indent: int = 0
    wrap: bool = False
    shrink: bool = False
    rotation: int = 0
    number_format: str = "General"

    def __hash__(self) -> int:
        """Return the hash of all fields, computed once: every cell asks for the format of its style."""
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash(tuple(getattr(self, field.name) for field in fields(self)))

    def filled(self, fill: str) -> "Style":
        """Return the same style with another background."""
        return replace(self, fill=fill, pattern=1 if fill else 0)

    def framed(self, line: int, colour: str) -> "Style":
        """Return the same style with one line all round."""
        return replace(self, borders=((line, colour),) * 4)

    def properties(self) -> dict[str, Any]:
        """Return the style as XlsxWriter's format properties."""
        named: dict[str, Any] = {
            "font_name": self.font,
            "font_size": self.size,
            "bold": self.bold,
            "italic": self.italic,
            "underline": self.underline,
            "font_strikeout": self.strike,
            "font_color": self.colour,
            "pattern": self.pattern,
            "bg_color": self.fill,
            "fg_color": self.hatch,
            "align": self.horizontal,
            "valign": self.vertical,
            "indent": self.indent,
            "text_wrap": self.wrap,
            "shrink": self.shrink,
            "rotation": self.rotation,
            "num_format": self.number_format,
        }
        for side, (line, colour) in zip(("left", "right", "top", "bottom"), self.borders, strict=True):
            named[side] = line
            if line:
                named[f"{side}_color"] = colour
        return {name: value for name, value in named.items() if value}


@dataclass(frozen=True, kw_only=True)
class Printing:
    """Print set-up.

    Margins are in inches: left, right, top, bottom, header, footer. `tall` 0 is any number of pages.
    """

    paper: int = 8
    landscape: bool = True
    margins: tuple[float, ...] = (0.4, 0.4, 0.6, 0.6, 0.3, 0.3)
    wide: int = 1
    tall: int = 0
    scale: int = 0
    centred: bool = True
    header: str = ""
    footer: str = ""


# --- room for text


class _Widths(dict[str, int]):
    """The widths of the characters that were met."""

    def __missing__(self, character: str) -> int:
        self[character] = 1 + (unicodedata.east_asian_width(character) in "WFA")
        return self[character]


_width_of = _Widths().__getitem__


def text_width(text: str) -> int:
    """Return the width of a text in characters of the default font: a Chinese character takes two."""
    return sum(map(_width_of, text))


def line_count(text: str, width: float, size: float = 10) -> int:
    """Return how many lines a text takes in a column `width` characters wide, in a font of `size` points."""
    room = _room(width, size)
    if 2 * len(text) <= room and "\n" not in text:
        return 1
    wrapped_room = max(1.0, room - 1)  # a line may end half a Chinese character early
    lines = 0
    for paragraph in text.split("\n"):
        needed = text_width(paragraph)
        if needed <= room:
            lines += 1
        else:
            lines += math.ceil(needed / wrapped_room)
    return lines


def surely_on_a_line(width: float, size: float = 10) -> int:
    """Return how many characters stand on one line of a column, whatever they are."""
    return int(_room(width, size) / 2)


def _room(width: float, size: float) -> float:
    # A unit of width is 7 pixels, a point 4/3 pixels, and a Chinese character as wide as its font is high.
    return max(2.0, (width * 7 - 2) / (size * 2 / 3))


def text_height(text: str, width: float, size: float = 10) -> float:
    """Return the height in points of a row that shows a text in full.

    Spreadsheet programs do not grow the rows of a file that they only open or print.
    """
    return min(MAX_ROW_HEIGHT, line_count(text, width, size) * size * 1.45 + 6)


def row_height(cells: Iterable[tuple[str, float, Style]], least: float) -> float:
    """Return the height of a row that shows its texts in full.

    Each text comes with its column's width and its style.
    """
    height = least
    for text, width, style in cells:
        height = max(height, text_height(text, width, style.size))
    return min(MAX_ROW_HEIGHT, round(height, 1))


def shortened(text: str, limit: int) -> str:
    """Return a text of at most so many characters, on one line, with a mark where it was cut."""
    flat = " ".join(text.split())
    if len(flat) <= limit:
        return flat
    return flat[: limit - 1] + "…"
