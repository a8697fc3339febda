"""Excel 2003's workbook in one plain XML file (SpreadsheetML), which reporting systems still write, often as .xls.

Reads: the bytes of a file that passed the guard. Gives: its sheets, every cell where it stands. It is read here because
it is simple, and because LibreOffice loses its errors and truth values.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from xml.etree import ElementTree as ET

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import ErrorValue, NoValue
from tenproj_xl.core.limits import Limits
from tenproj_xl.reading.book import Position, Range
from tenproj_xl.reading.guard import Refusal

_SPACE = "{urn:schemas-microsoft-com:office:spreadsheet}"
_OPTIONS = "{urn:schemas-microsoft-com:office:excel}"
_NO_DAY = date(1899, 12, 31)  # the day that a time of day is written with


@dataclass
class OldSheet:
    """One worksheet; positions count from 0."""

    name: str
    hidden: bool = False
    cells: dict[Position, object] = field(default_factory=dict)
    merged: list[Range] = field(default_factory=list)

    @property
    def size(self) -> tuple[int, int]:
        """How many rows and columns there are from A1 to the furthest value."""
        return max((r for r, _ in self.cells), default=-1) + 1, max(
            (c for _, c in self.cells), default=-1
        ) + 1

    @property
    def rows(self) -> tuple[tuple[object, ...], ...]:
        """The cells, row by row."""
        rows, columns = self.size
        return tuple(tuple(self.cells.get((r, c)) for c in range(columns)) for r in range(rows))


def read_old_xml(data: bytes, limits: Limits) -> list[OldSheet] | Refusal:
    """The sheets of a workbook, or why they are not read."""
    try:
        sheets = list(_sheets(data))
    except (ET.ParseError, ValueError) as fault:
        return Refusal(Code.FILE_UNREADABLE, str(fault))
    for sheet in sheets:
        rows, columns = sheet.size
        if rows * columns > limits.cells:
            return Refusal(Code.FILE_LIMITS, f"工作表“{sheet.name}”的内容一直到第{rows}行、第{columns}列")
    return sheets


def _sheets(data: bytes) -> Iterator[OldSheet]:
    sheet = OldSheet("")
    row = column = -1
    for event, element in ET.iterparse(io.BytesIO(data), ("start", "end")):  # noqa: S314  # the guard lets no DTD in
        tag, is_start = element.tag, event == "start"
        if tag == f"{_SPACE}Worksheet" and is_start:
            sheet, row = OldSheet(_attribute(element, "Name")), -1
        elif tag == f"{_SPACE}Worksheet":
            yield sheet
        elif tag == f"{_SPACE}Row" and is_start:
            row, column = _index(element, row), -1
        elif tag == f"{_SPACE}Row":
            element.clear()
        elif tag == f"{_SPACE}Cell" and not is_start:
            column = _take(sheet, row, _index(element, column), element)
        elif tag == f"{_OPTIONS}Visible":
            sheet.hidden = True


def _take(sheet: OldSheet, row: int, column: int, cell: ET.Element) -> int:
    """The last column that a cell covers, its content taken."""
    right, down = (int(_attribute(cell, name) or 0) for name in ("MergeAcross", "MergeDown"))
    if right or down:
        sheet.merged.append(((row, column), (row + down, column + right)))
    formula = _attribute(cell, "Formula")
    data = cell.find(f"{_SPACE}Data")
    value = _value(data) if data is not None else NoValue(formula.removeprefix("=")) if formula else None
    if value is not None:
        sheet.cells[row, column] = value
    return column + right


def _value(data: ET.Element) -> object:
    kind, text = _attribute(data, "Type"), "".join(data.itertext())
    if kind == "Number":
        return float(text)
    if kind == "Boolean":
        return text == "1"
    if kind == "Error":
        return ErrorValue(text)
    return _moment(datetime.fromisoformat(text)) if kind == "DateTime" else text or None


def _moment(value: datetime) -> date | datetime | time:
    if value.date() == _NO_DAY:
        return value.time()
    return value if value.time() != time() else value.date()


def _index(element: ET.Element, before: int) -> int:
    given = _attribute(element, "Index")
    return int(given) - 1 if given else before + 1


def _attribute(element: ET.Element, name: str) -> str:
    return element.get(f"{_SPACE}{name}", "")
