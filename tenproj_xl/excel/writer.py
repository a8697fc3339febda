"""Writing workbooks: XlsxWriter where every call works or raises, and typed text never becomes live.

XlsxWriter reports faults by return codes that are easily overlooked, and takes some strings for formulas,
links or raw XML. Every workbook that leaves is written through these classes.
"""

import re
from collections.abc import Hashable, Mapping
from copy import deepcopy
from datetime import date, datetime
from functools import cache
from inspect import unwrap
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter import worksheet
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.worksheet import Worksheet

from tenproj_xl.core.cells import Value
from tenproj_xl.core.codes import label_of
from tenproj_xl.core.remains import private_folder
from tenproj_xl.excel.style import BASE, MAX_ROW_HEIGHT, Printing, Style, line_count

AnyStyle = Style | Mapping[str, object]
"""How a cell looks: a style, or properties as XlsxWriter names them."""

_CREATED = datetime(2023, 1, 1)  # noqa: DTZ001  # the clock never enters: the same contents are the same bytes
_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
    "default_format_properties": {"font_name": "Arial", "font_size": 10},
}
"""Columns are as wide as so many digits of the default font, in which no text stands. Where Arial is missing,
a font made to its measure takes its place; that of Calibri is wider."""
_MAX_TEXT = 32_767
"""What a cell of Excel holds, in UTF-16 units."""
_SURELY_SHORT = _MAX_TEXT // 2
_CUT = "…（文字过长，已截断）"
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_LIVE = re.compile(r"\s*[=+\-@＝＋－＠']|[\t\r]")
"""What Excel takes for a formula once a person presses F2 and Enter; a first apostrophe would vanish."""
_FUNCTION = re.compile(r"(?<![\w.])([A-Z][A-Z0-9.]*)\(")
_OLD_FUNCTIONS = frozenset((
    *("AND", "CELL", "CHOOSE", "COUNTIF", "FIND", "HYPERLINK", "IF", "IFERROR", "INDEX", "INT", "ISERROR"),
    *("ISLOGICAL", "ISNUMBER", "LEFT", "LEN", "MATCH", "MID", "NOT", "OR", "RANK", "RIGHT", "ROUND"),
    *("SEARCH", "SUBSTITUTE", "SUMPRODUCT", "TRIM", "VALUE", "VLOOKUP"),
))  # fmt: skip
"""Functions of Excel 2007, which our formulas are made of; newer ones are stored with a prefix."""
_DAY = "yyyy-mm-dd"
_MOST_OBJECTS = 1 << 12
_MANY_CELLS = 1 << 17
"""XlsxWriter has all parts of a file in memory until they are zipped; those of more cells wait on disk."""
_MAX_RUNNING = 255
"""The length of a header or footer that Excel allows."""


if hasattr(worksheet, "_get_sparkline_style"):
    # All styles that there are would be made for each sparkline, half a millisecond.
    worksheet._get_sparkline_style = cache(worksheet._get_sparkline_style)  # noqa: SLF001  # it has no other place


def harmless(text: str) -> str:
    """Return a text as a cell can hold it: without control characters, cut with a mark if too long."""
    if len(text) <= _SURELY_SHORT and text.isprintable():
        return text
    clean = _UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    units = clean.encode("utf-16-le")
    if len(units) <= 2 * _MAX_TEXT:
        return clean
    room = 2 * (_MAX_TEXT - len(_CUT))
    return units[:room].decode("utf-16-le", "ignore") + _CUT


class _Worksheet(Worksheet):  # type: ignore[misc]  # XlsxWriter ships no types
    """A worksheet whose blank cells are gaps in charts, and which writes formulas fast.

    It does not look for new functions of Excel where a formula has none but old ones. XlsxWriter looks for
    each of more than a hundred, one after the other: half the time of writing a form.

    Cells are named by numbers here: XlsxWriter looks at each whether it is named as `A1`.

    Its cells take three times the memory of their part of the file. They go when that is written, and so does
    the circle with its workbook, which else stays until the garbage collector runs.
    """

    write_blank = unwrap(Worksheet.write_blank)
    write_datetime = unwrap(Worksheet.write_datetime)
    write_formula = unwrap(Worksheet.write_formula)
    write_number = unwrap(Worksheet.write_number)
    write_string = unwrap(Worksheet.write_string)

    def _assemble_xml_file(self) -> None:
        super()._assemble_xml_file()
        self.table.clear()
        self.workbook_add_format = None

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: FBT001, FBT002
        if not formula.startswith("{") and _OLD_FUNCTIONS.issuperset(_FUNCTION.findall(formula)):
            return formula.removeprefix("=")
        expanded: str = super()._prepare_formula(formula, expand_future_functions)
        return expanded

    def _get_range_data(self, *cells: int) -> list[Any]:
        """Return what a chart keeps of some cells: None of a blank one, and not 0, which is drawn."""
        return [None if value == "" else value for value in super()._get_range_data(*cells)]


class _CheckedSheet:
    """A worksheet of XlsxWriter whose methods raise ValueError where XlsxWriter only returns a code."""

    def __init__(self, sheet: Any) -> None:
        self._sheet = sheet

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(self._sheet, name)
        if not callable(attribute):
            return attribute

        def checked(*arguments: Any, **options: Any) -> Any:
            result = attribute(*arguments, **options)
            if isinstance(result, int) and result != 0:
                raise ValueError(f"XlsxWriter refused {name}{arguments} with {result}")
            return result

        self.__dict__[name] = checked  # asked for once, not for each cell
        return checked


class WorkbookWriter:
    """A workbook being written; equal styles become one format.

    `file` is XlsxWriter's workbook, for charts, properties and names; `office` is whose notes stand in it.
    """

    def __init__(self, target: Path | BytesIO, office: str = "") -> None:
        # Not a context manager, which would leave half a file behind when writing fails.
        self.file: Any = xlsxwriter.Workbook(target, deepcopy(_OPTIONS))  # it adds to what it is given
        self.file.set_properties({"created": _CREATED})
        self.office = office
        self._formats: dict[Hashable, Any] = {}
        self._formats_of_objects: dict[Hashable, tuple[AnyStyle, Any]] = {}
        """The formats of styles by their identity, each with its style: most cells have one of few."""

    def format(self, style: AnyStyle, **more: object) -> Any:
        """Return the format of a style, with further properties as XlsxWriter names them."""
        this_one = (id(style), *more.items())
        known = self._formats_of_objects.get(this_one)
        if known is not None:
            return known[1]
        identity = style if isinstance(style, Style) else frozenset(style.items())
        key = (identity, *more.items())
        if key not in self._formats:
            self._formats[key] = self.file.add_format({**BASE, **_properties(style), **more})
        found = self._formats[key]
        if len(self._formats_of_objects) >= _MOST_OBJECTS:
            self._formats_of_objects.clear()
        self._formats_of_objects[this_one] = style, found
        return found

    def sheet(self, name: str) -> "SheetWriter":
        """Add a sheet."""
        return SheetWriter(self, name)

    def close(self) -> None:
        """Write the file; what keeps it from being written is raised as the system said it."""
        cells = sum(len(row) for sheet in self.file.worksheets() for row in sheet.table.values())
        try:
            if cells < _MANY_CELLS:
                self.file.close()
                return
            with private_folder() as folder:
                self.file.in_memory, self.file.tmpdir = False, str(folder)
                self.file.close()
        except FileCreateError as fault:
            raise fault.args[0] from fault


class SheetWriter:
    """A sheet being written. Rows and columns are counted from 0.

    `sheet` is XlsxWriter's worksheet, checked, for whatever is not the content of a cell.
    """

    def __init__(self, book: WorkbookWriter, name: str) -> None:
        self.book = book
        self.sheet: Any = _CheckedSheet(book.file.add_worksheet(name, _Worksheet))
        self._heights: dict[int, float] = {}

    def write(self, row: int, column: int, value: Value, style: AnyStyle, *, locked: bool = True) -> None:
        """Write a value as what it is: a code by its label; no text becomes a formula, a link or raw XML.

        Raises:
            ValueError: XlsxWriter refused.
        """
        more: dict[str, object] = {}
        if not locked:
            more["locked"] = False
        value = label_of(value)
        match value:
            case None | "":
                self.sheet.write_blank(row, column, None, self.book.format(style, **more))
            case str():
                self._write_text(row, column, harmless(value), style, more)
            case date():
                form = self.book.format(style, **more, num_format=_date_format(style))
                self.sheet.write_datetime(row, column, value, form)
            case _:
                self.sheet.write_number(row, column, value, self.book.format(style, **more))

    def _write_text(self, row: int, column: int, text: str, style: AnyStyle, more: dict[str, object]) -> None:
        if _LIVE.match(text):
            more["quote_prefix"] = True
        form = self.book.format(style, **more)
        if text.startswith("<r>") and text.endswith("</r>"):
            # XlsxWriter takes such a string for XML of its own making; in two pieces it is escaped as text.
            self.sheet.write_rich_string(row, column, text[:3], form, text[3:], form)
        else:
            self.sheet.write_string(row, column, text, form)

    def formula(self, row: int, column: int, formula: str, value: Value, style: AnyStyle) -> None:
        """Write a formula of ours with its value, for programs that do not compute."""
        value = label_of(value)
        if isinstance(value, str):
            value = harmless(value)
        elif isinstance(value, float) and value.is_integer():
            value = int(value)
        elif value is None:
            value = ""
        self.sheet.write_formula(row, column, formula, self.book.format(style), value)

    def link(
        self, row: int, column: int, place: str, style: AnyStyle, text: str = "→", tip: str | None = None
    ) -> None:
        """Make a cell lead to a place of this workbook; a value or formula written next is what it shows."""
        self.sheet.write_url(row, column, f"internal:{place}", self.book.format(style), text, tip)

    def merge(self, row: int, columns: tuple[int, int], style: AnyStyle, rows: int = 1) -> None:
        """Merge the cells from a first to a last column; what is written into the first one shows."""
        first, last = columns
        if first == last and rows == 1:
            self.sheet.write_blank(row, first, None, self.book.format(style))
        else:
            self.sheet.merge_range(row, first, row + rows - 1, last, "", self.book.format(style))

    def write_across(self, row: int, columns: tuple[int, int], text: str, style: AnyStyle) -> None:
        """Merge the cells from a first to a last column and write a text into them."""
        self.merge(row, columns, style)
        self.write(row, columns[0], text, style)

    def height(self, row: int, height: float, *, hidden: bool = False) -> None:
        """Set a row's height in points."""
        self.sheet.set_row(row, min(height, MAX_ROW_HEIGHT), None, {"hidden": hidden})

    def grow(self, row: int, height: float) -> None:
        """Make a row at least so high: tables side by side share their rows."""
        self._heights[row] = max(height, self._heights.get(row, 0))
        self.sheet.set_row(row, self._heights[row])

    def width(self, column: int, width: float, **options: Any) -> None:
        """Set a column's width in characters; options are XlsxWriter's `hidden`, `level` and `collapsed`."""
        self.sheet.set_column(column, column, width, None, options)

    def note(self, row: int, column: int, text: str) -> None:
        """Attach a note to a cell, large enough for its text."""
        clean = harmless(text)
        options = {
            "author": self.book.office,
            "width": 260,
            "height": 24 + 20 * line_count(clean, 34, 11),
            "font_name": "宋体",
            "font_size": 10,
        }
        self.sheet.write_comment(row, column, clean, options)

    def print_as(self, setup: Printing, header: str, footer: str) -> None:
        """Set up printing."""
        left, right, top, bottom, above, below = setup.margins
        self.sheet.set_paper(setup.paper)
        if setup.landscape:
            self.sheet.set_landscape()
        else:
            self.sheet.set_portrait()
        self.sheet.set_margins(left, right, top, bottom)
        self.sheet.set_header(_running(header), {"margin": above})
        self.sheet.set_footer(_running(footer), {"margin": below})
        if setup.wide or setup.tall:
            self.sheet.fit_to_pages(setup.wide, setup.tall)
        elif setup.scale:
            self.sheet.set_print_scale(setup.scale)
        if setup.centred:
            self.sheet.center_horizontally()

    def protect(self) -> None:
        """Lock what is locked, without a password: resizing and filtering stay allowed, sorting does not."""
        self.sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})


def _date_format(style: AnyStyle) -> str:
    """Return the number format of a date: the style's, or the usual one where it has none."""
    shown = _properties(style).get("num_format", "General")
    if shown == "General":
        return _DAY
    return str(shown)


def _properties(style: AnyStyle) -> Mapping[str, object]:
    if isinstance(style, Style):
        return style.properties()
    return style


def _running(text: str) -> str:
    """Return a header or footer no longer than Excel allows."""
    if len(text) <= _MAX_RUNNING:
        return text
    return text[: _MAX_RUNNING - 1] + "…"
