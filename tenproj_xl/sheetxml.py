"""One worksheet's XML: how far its cells reach, and which of them calamine would show as blank though they are not.

Reads: the inflated part of one sheet. Gives: a `SheetScan`. What spreadsheet programs write is plain enough for a few
regular expressions, at a fifth of the cost of parsing it; everything else is parsed.
"""

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from tenproj_xl.cells import ErrorValue, NoValue

Odd = Mapping[tuple[int, int], ErrorValue | NoValue]
"""Cells that are neither blank nor a value, by (row, column), both counted from 0."""

_CELL = rb'<c r="([A-Za-z]+)(\d+)"'
_FORMULA = rb"<f[^<>]*(?:/>|>([^<]*)</f>)"
_NO_RESULT = rb"\s*(?:<v ?/>|<v></v>)?\s*</c>"
_VALUED = re.compile(_CELL + rb"(?:[^<>]*[^<>/])?>")
_ERROR = re.compile(_CELL + rb'[^<>]* t="e"[^<>]*>\s*(?:<f[^<>]*(?:/>|>[^<]*</f>))?\s*<v>([^<]*)</v>')
_UNSOLVED = re.compile(_CELL + rb"([^<>]*)>\s*" + _FORMULA + _NO_RESULT)
# Searched first: they start with text that is rare, so that a sheet whose formulas all have results costs little.
_FORMULA_LAST = re.compile(rb"</f>" + _NO_RESULT)
_SHARED_FORMULA_LAST = re.compile(rb"<f [^<>]*/>" + _NO_RESULT)
_REFERENCE = re.compile(r"([A-Za-z]+)(\d+)")

_STRIDE = 1 << 22
_LONGEST_TAG = 256

_CALAMINE_KNOWS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", ""}
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))


@dataclass(frozen=True)
class SheetScan:
    """What a sheet holds at most: cells with content lie within `rows` × `columns`, counted from A1."""

    rows: int
    columns: int
    odd: Odd


def scan(part: bytes) -> SheetScan:
    """The scan of a sheet's XML; raises `xml.etree.ElementTree.ParseError` where it is not XML."""
    return _scan_plain(part) if _is_plain(part) else _scan_parsed(part)


def readable_errors(part: bytes, odd: Odd) -> bytes:
    """The sheet with error values that calamine knows: at `#SPILL!` and its like it gives up the whole file."""
    for text in {cell.text for cell in odd.values() if isinstance(cell, ErrorValue)} - _CALAMINE_KNOWS:
        part = part.replace(b">" + text.encode() + b"</", b">#N/A</")
    return part


def _is_plain(part: bytes) -> bool:
    """True if the sheet's data stand once, every cell starts with `<c r="`, and nothing hides in a comment or CDATA."""
    start, end = part.find(b"<sheetData"), part.rfind(b"</sheetData>")
    once = start >= 0 and part.rfind(b"<sheetData") == start and b"<!" not in part
    return once and part.count(b"<c", start, end) == part.count(b'<c r="', start, end)


def _scan_plain(part: bytes) -> SheetScan:
    columns: set[bytes] = set()
    rows: set[bytes] = set()
    # In strides, because the pairs of a sheet of millions of cells would not fit into the reader's memory.
    for start in range(0, len(part), _STRIDE):
        pairs = _VALUED.findall(part, start, start + _STRIDE + _LONGEST_TAG)
        if pairs:
            found_columns, found_rows = zip(*pairs, strict=True)
            columns.update(found_columns)
            rows.update(found_rows)
    odd: dict[tuple[int, int], ErrorValue | NoValue] = {}
    if _FORMULA_LAST.search(part) or _SHARED_FORMULA_LAST.search(part):
        odd |= {
            _position(column, row): NoValue(_text(formula))
            for column, row, attributes, formula in _UNSOLVED.findall(part)
            if b't="str"' not in attributes  # its result is the empty text
        }
    if b't="e"' in part:
        odd |= {_position(column, row): ErrorValue(_text(text)) for column, row, text in _ERROR.findall(part)}
    return SheetScan(max(map(int, rows), default=0), max((_number(c.decode()) for c in columns), default=0), odd)


def _scan_parsed(part: bytes) -> SheetScan:
    rows = columns = 0
    odd: dict[tuple[int, int], ErrorValue | NoValue] = {}
    for row, column, kind, cell in _walk(part):
        rows, columns = max(rows, row), max(columns, column)
        if kind == "e":
            odd[row - 1, column - 1] = ErrorValue(cell.get("v", ""))
        elif "f" in cell and not cell.get("v") and kind != "str":
            odd[row - 1, column - 1] = NoValue(cell["f"])
    return SheetScan(rows, columns, odd)


def _walk(part: bytes) -> Iterator[tuple[int, int, str, dict[str, str]]]:
    """The cells with content: row and column counted from 1, type, and the texts of its children by tag.

    A cell without an address stands right of the one before it, a row without a number below the one before.
    """
    row = column = here = 0
    for event, element in ET.iterparse(io.BytesIO(part), ("start", "end")):  # noqa: S314 - the guard lets no DTD in
        tag = element.tag.rpartition("}")[2]
        if event == "start" and tag == "row":
            row, column = int(element.get("r") or row + 1), 0
        elif event == "start" and tag == "c":
            reference = _REFERENCE.fullmatch(element.get("r", ""))
            column = _number(reference[1]) if reference else column + 1
            here = int(reference[2]) if reference else row
        elif tag == "c" and len(element):
            cell = {child.tag.rpartition("}")[2]: child.text or "" for child in element}
            yield here, column, element.get("t", ""), cell
        elif event == "end" and tag == "row":
            element.clear()


def _position(column: bytes, row: bytes) -> tuple[int, int]:
    return int(row) - 1, _number(column.decode()) - 1


def _number(letters: str) -> int:
    """The number of a column, counted from 1: `A` is 1."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def _text(raw: bytes) -> str:
    text = raw.decode(errors="replace")
    for entity, character in _ENTITIES:
        text = text.replace(entity, character)
    return text
