"""The grid of page one: the columns that its tables share, the room on its paper, and lines of cells."""

import math
from collections.abc import Mapping, Sequence

from tenproj_xl.core.cells import Value
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.excel import style
from tenproj_xl.rollup.drawing.page import Page

TITLE = "总览"
"""The title of page one."""
NUMBERS = 15
"""How many columns the board has for its numbers."""
FIRST_NUMBER = 4
WIDTHS = (10.0, 25.0, 11.0, 12.0, *([5.3] * NUMBERS), 15.5)
"""Widths of all columns: about 1,180 pixels. A4 across holds them at 85 %, a text of 10 points at 8.5."""
LAST = len(WIDTHS) - 1
WHOLE = (0, LAST)
"""The first and last column."""
ROOM = 622.0
"""The height in points of what A4 across holds at 85 %."""
LINE, MORE = 14.0, 13.0
"""The height of a row with one line of text, and of each further line."""
_MOST_LINES = 2
_WIDER = 0.3
"""By how much of itself a digit is wider in DejaVu Sans, which LibreOffice takes where fonts are missing."""

Spans = Sequence[tuple[int, int]]
CENTER: Mapping[str, object] = {**style.BOX, "align": "center"}
RIGHT: Mapping[str, object] = {**style.BOX, "align": "right"}
LINKED: Mapping[str, object] = {**CENTER, "font_color": style.LINK["font_color"], "underline": 1}
SECTION: Mapping[str, object] = {**style.SECTION, "font_size": 11}
MUTED: Mapping[str, object] = {"font_size": 10, "font_color": style.MUTED, "text_wrap": True}
SECTION_HEIGHT = 16.0


@dataclass(frozen=True)
class Row:
    """A line of a list: a value and a look for each span, where the first one leads to, its height."""

    cells: Sequence[tuple[Value, Mapping[str, object]]]
    place: str = ""
    most_lines: int = _MOST_LINES

    def height(self, spans: Spans) -> float:
        """Return how high it is, its texts on at most so many lines."""
        lines = [
            style.line_count(value, span_width(*span), 10)
            for (value, _), span in zip(self.cells, spans, strict=True)
            if isinstance(value, str)
        ]
        return height_of(min(self.most_lines, max(lines, default=1)))


def height_of(lines: int) -> float:
    """Return the height of a row with so many lines of text."""
    return LINE + (lines - 1) * MORE + max(0, lines - _MOST_LINES) * 2


def span_width(first: int, last: int) -> float:
    """Return how many characters fit into merged columns."""
    return sum(WIDTHS[first : last + 1]) + 0.7 * (last - first)


def fitting(text: str, span: tuple[int, int], most_lines: int = _MOST_LINES) -> str:
    """Return as much of a text as two lines of a span, or so many, hold in any font; its row has it all."""
    flat = " ".join(text.split())
    limit = len(flat)
    while limit > 1 and _lines_in_wide_letters(style.shortened(flat, limit), span) > most_lines:
        limit -= 1
    return style.shortened(flat, limit)


def first_whole(span: tuple[int, int], *texts: str) -> str:
    """Return the first of some texts, each shorter than the last, that a span shows whole in any font.

    The last one is cut where it is too long as well.
    """
    for text in texts[:-1]:
        is_whole = fitting(text, span) == " ".join(text.split())
        if is_whole and style.line_count(text, span_width(*span), 10) == _lines_in_wide_letters(text, span):
            return text
    return fitting(texts[-1], span)


def _lines_in_wide_letters(text: str, span: tuple[int, int]) -> int:
    """Return how many lines a text takes where its digits are as wide as in the fonts of LibreOffice."""
    wider = "0" * math.ceil(_WIDER * sum(letter.isascii() for letter in text))
    return style.line_count(text + wider, span_width(*span), 10)


def write_section(page: Page, row: int, title: str) -> None:
    """Write the title of a part of the page."""
    page.merge(row, WHOLE, SECTION)
    page.write(row, 0, title, SECTION)
    page.grow(row, SECTION_HEIGHT)


def write_header(page: Page, row: int, spans: Spans, headers: Sequence[str]) -> None:
    """Write the headers of a list."""
    write_row(page, row, spans, Row([(header, style.HEADER) for header in headers]))


def write_row(page: Page, row: int, spans: Spans, line: Row) -> None:
    """Write a line of merged cells."""
    for n, (span, (value, look)) in enumerate(zip(spans, line.cells, strict=True)):
        page.merge(row, span, look)
        if n == 0 and line.place:
            page.link(row, span[0], line.place, look)
        page.write(row, span[0], value, look)
    page.grow(row, line.height(spans))


def write_nothing(page: Page, row: int, text: str) -> None:
    """Say that a list is empty."""
    look = {**style.BOX, "font_color": style.MUTED}
    page.merge(row, WHOLE, look)
    page.write(row, 0, text, look)
    page.grow(row, LINE)
