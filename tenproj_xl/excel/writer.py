"""Drawing on workbooks: XlsxWriter where every call works or raises, and nothing typed becomes live.

XlsxWriter reports faults by return codes that are easily overlooked, and takes some strings for formulas, links or raw
XML. Everything the forms write goes through a `Page`.
"""

import math
import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import Any

import xlsxwriter

from tenproj_xl.core.cells import Value
from tenproj_xl.excel.look import Printing, Style

LONGEST_TEXT = 32767
"""What a cell of Excel can hold."""
_NO_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")
_NO_FORMULA_XML = re.compile(
    "[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]"
)  # XlsxWriter escapes these only in texts
_LIVE = ("=", "+", "-", "@", "'")


class Book:
    """A workbook in the making; the same styles become one format."""

    def __init__(self, path: Any) -> None:
        self.file: Any = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False})
        self._formats: dict[tuple[Style, bool, bool], Any] = {}

    def format(self, style: Style, *, locked: bool = True, quoted: bool = False) -> Any:
        """The format of a style; a quoted one keeps text text when a person opens and leaves the cell."""
        key = style, locked, quoted
        if key not in self._formats:
            own = {"locked": locked, **({"quote_prefix": True} if quoted else {})}
            self._formats[key] = self.file.add_format(style.properties() | own)
        return self._formats[key]

    def page(self, name: str) -> "Page":
        """A new sheet."""
        return Page(self, self.file.add_worksheet(name))


class Page:
    """One sheet in the making. Rows and columns are counted from 0."""

    def __init__(self, book: Book, sheet: Any) -> None:
        self.book = book
        self.sheet = sheet

    def call(self, method: str, *arguments: Any) -> None:
        """Call a method of XlsxWriter's worksheet.

        Raises:
            ValueError: XlsxWriter refused, with its own code.
        """
        result = getattr(self.sheet, method)(*arguments)
        if result not in (0, None):
            raise ValueError(f"XlsxWriter refused {method}{arguments} with {result}")

    def write(self, row: int, column: int, value: Value, style: Style, *, locked: bool = True) -> None:
        """Write a value as what it is: a text never becomes a formula, a link or raw XML."""
        form = self.book.format(style, locked=locked)
        match value:
            case None | "":
                self.call("write_blank", row, column, None, form)
            case str():
                self._write_text(row, column, value, style, locked=locked)
            case date():
                self.call("write_datetime", row, column, value, form)
            case _:
                self.call("write_number", row, column, value, form)

    def _write_text(self, row: int, column: int, text: str, style: Style, *, locked: bool) -> None:
        text = _NO_XML.sub("\ufffd", text)[:LONGEST_TEXT]
        quoted = text.startswith(_LIVE) and style.number_format != "@"
        form = self.book.format(style, locked=locked, quoted=quoted)
        if text.startswith("<r>") and text.endswith("</r>"):  # XlsxWriter would take it for finished XML
            self.call("write_rich_string", row, column, text[:3], form, text[3:], form)
        else:
            self.call("write_string", row, column, text, form)

    def formula(self, row: int, column: int, formula: str, shown: Value, style: Style) -> None:
        """Write a formula with what it shows, for programs that do not compute."""
        value = _NO_FORMULA_XML.sub("\ufffd", shown)[:LONGEST_TEXT] if isinstance(shown, str) else shown
        value = "" if value is None else value
        self.call("write_formula", row, column, formula, self.book.format(style), value)

    def merged(self, row: int, columns: tuple[int, int], text: str, style: Style) -> None:
        """Write a text over the columns of a row, first and last included."""
        first, last = columns
        if first < last:
            self.call("merge_range", row, first, row, last, "", self.book.format(style))
        self.write(row, first, text, style)

    def height(self, row: int, height: float, *, hidden: bool = False) -> None:
        """Set a row's height in points."""
        self.call("set_row", row, min(height, 409), None, {"hidden": hidden})

    def width(self, column: int, width: float, **options: Any) -> None:
        """Set a column's width in characters; options are XlsxWriter's `hidden`, `level` and `collapsed`."""
        self.call("set_column", column, column, width, None, options)

    def note(self, row: int, column: int, text: str) -> None:
        """Attach a note to a cell, large enough for its text."""
        size = {"width": 260, "height": 24 + 20 * lines(text, 34, 11), "font_name": "宋体", "font_size": 10}
        options = size | {"author": "总专班办公室"}
        self.call("write_comment", row, column, _NO_XML.sub("\ufffd", text)[:LONGEST_TEXT], options)

    def print_as(self, setup: Printing, header: str, footer: str) -> None:
        """Set up printing."""
        left, right, top, bottom, above, below = setup.margins
        self.call("set_paper", setup.paper)
        self.call("set_landscape" if setup.landscape else "set_portrait")
        self.call("set_margins", left, right, top, bottom)
        self.call("set_header", shortened(header), {"margin": above})
        self.call("set_footer", shortened(footer), {"margin": below})
        if setup.wide or setup.tall:
            self.call("fit_to_pages", setup.wide, setup.tall)
        elif setup.scale:
            self.call("set_print_scale", setup.scale)
        if setup.centred:
            self.call("center_horizontally")

    def protect(self) -> None:
        """Lock what is locked, without a password: rows and columns may be resized and filtered, not sorted."""
        self.call("protect", "", {"format_columns": True, "format_rows": True, "autofilter": True})


def shortened(running: str) -> str:
    """A header or footer no longer than Excel allows."""
    return running if len(running) <= 255 else running[:254] + "…"


# --- room for text


def units(text: str) -> int:
    """How wide a text is in characters of the default font: a Chinese one takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


def lines(text: str, width: float, size: float) -> int:
    """How many lines a text takes in a column of that width and a font of that size."""
    room = max(1.0, (width - 1) * 11 / size)
    return sum(
        max(1, math.ceil(units(line) / (room - room % 2 if room > 2 else room))) for line in text.split("\n")
    )


def height_for(cells: Iterable[tuple[str, float, Style]], least: float) -> float:
    """The height of a row that shows its texts in full, given each with its column's width and its style.

    Spreadsheet programs do not grow the rows of a file they only open.
    """
    needed = (lines(text, width, style.size) * style.size * 1.42 + 7 for text, width, style in cells)
    return min(409.0, round(max(least, *needed, 0.0), 1))
