"""One worksheet's XML: how far its cells reach, and which of them calamine would show as blank though they are not.

Reads: the inflated part of one sheet. Gives: a `SheetScan`. What spreadsheet programs write is plain enough for a few
regular expressions, at a fifth of the cost of parsing it; everything else is parsed.
"""

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from xml.etree import ElementTree as ET

from tenproj_xl.core.cells import ErrorValue, NoValue
from tenproj_xl.reading.book import Position, Range

Odd = Mapping[Position, ErrorValue | NoValue]
"""Cells that are neither blank nor a value."""

_CELL = rb'<c r="([A-Za-z]+)(\d+)"'
_FORMULA = rb"<f[^<>]*(?:/>|>([^<]*)</f>)"
_NO_RESULT = rb"\s*(?:<v ?/>|<v></v>)?\s*</c>"
# Patterns also for plain bytes, which `in` looks for at half the speed where their last ones are frequent.
_HIDING = re.compile(rb"<!")
"""Comments and CDATA."""
_HAS_ERROR = re.compile(rb't="e"')
_OTHER_CELL = re.compile(rb'<c(?! r=")')
_FORMULA_START = re.compile(rb"<f[\s/>]")
# Where no cell begins otherwise, all of a sheet lies within 999 rows and 702 columns, which is near enough to know.
_NOT_NEAR = re.compile(rb'<c(?=[\s/>])(?! r="[A-Za-z]{1,2}\d{1,3}")')
_NEAR_ROWS, _NEAR_COLUMNS = 999, 702
_VALUED = re.compile(_CELL + rb"(?:[^<>]*[^<>/])?>")
_ERROR = re.compile(_CELL + rb'[^<>]* t="e"[^<>]*>\s*(?:<f[^<>]*(?:/>|>[^<]*</f>))?\s*<v>([^<]*)</v>')
_SOLVED_OR_NOT = re.compile(_CELL + rb"(?:([^<>]*)>\s*" + _FORMULA + rb"(" + _NO_RESULT + rb")?)?")
"""A cell with a formula; the third group is None where more than the formula is told of it, the fifth where it has a
result."""
_REFERENCE = re.compile(r"([A-Za-z]+)(\d+)")
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="\$?([A-Za-z]+)\$?(\d+):\$?([A-Za-z]+)\$?(\d+)"')

_RUNNING = re.compile(rb"<(?:\w+:)?(?:odd|even|first)(?:Header|Footer)>([^<]+)<")
_NAME = re.compile(rb"<(?:\w+:)?definedName(?:\s[^<>]*)?>([^<]+)<")
_QUOTED = re.compile(r'"((?:[^"]|"")*)"')
_SUBJECT = re.compile(rb"<(?:\w+:)?subject(?:\s[^<>]*)?>([^<]+)<")
_PROGRAM = re.compile(rb"<(?:\w+:)?(?:Application|generator)(?:\s[^<>]*)?>([^<]+)<")
_SCRIPTS = re.compile(
    rb"sheetjs|apache poi|npoi|excelize|openpyxl|xlsxwriter|odfpy|ezodf|pyexcel|phpexcel|phpspreadsheet",
    re.IGNORECASE,
)
_STRIDE = 1 << 22
_LONGEST_TAG = 256
_SHOWN_OF_FORMULA = (
    240  # a program that never computes leaves many and long ones, of which people read the beginning
)

_CONTENT = re.compile(rb">([^<>]+)</")
_CALAMINE_KNOWS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", ""}


@dataclass(frozen=True)
class SheetScan:
    """What a sheet holds at most: cells with content lie within `rows` × `columns`, counted from A1."""

    rows: int
    columns: int
    odd: Odd = field(default_factory=dict)
    formulas: frozenset[Position] = frozenset()
    merged: tuple[Range, ...] = ()


def scan(part: bytes) -> SheetScan:
    """The scan of a sheet's XML; raises `xml.etree.ElementTree.ParseError` where it is not XML."""
    start, end = part.find(b"<sheetData"), part.rfind(b"</sheetData>")
    is_whole = 0 <= start == part.rfind(b"<sheetData") < end and not _HIDING.search(
        part
    )  # cells that are none
    far = _NOT_NEAR.search(part, start) if is_whole else None
    if is_whole and (far is None or not _OTHER_CELL.search(part, far.start(), end)):
        return _scan_plain(part, *(_box(part) if far else (_NEAR_ROWS, _NEAR_COLUMNS)))
    return _scan_parsed(part)


def merges_in(part: bytes) -> int:
    """How many ranges of a sheet are merged."""
    return part.count(b"mergeCell ", part.rfind(b"sheetData>") + 1)


def running_texts(part: bytes) -> list[str]:
    """The headers and footers of a sheet as they are written in it, codes included."""
    start = part.find(b"headerFooter", part.rfind(b"sheetData>") + 1)
    return [text_of_xml(text) for text in _RUNNING.findall(part, start)] if start >= 0 else []


def names_in(workbook: bytes) -> tuple[str, ...]:
    """The texts that defined names of a workbook stand for, in its part that lists the sheets."""
    return quoted_texts(text_of_xml(formula) for formula in _NAME.findall(workbook))


def quoted_texts(formulas: Iterable[str]) -> tuple[str, ...]:
    """The texts among formulas that are nothing but one."""
    plain = (formula.strip().removeprefix("of:").removeprefix("=") for formula in formulas)
    return tuple(found[1].replace('""', '"') for formula in plain if (found := _QUOTED.fullmatch(formula)))


def subject_of(properties: bytes) -> str:
    """The subject in a part of document properties, "" where there is none."""
    found = _SUBJECT.search(properties)
    return text_of_xml(found[1]).strip() if found else ""


def by_script(properties: bytes) -> bool:
    """True where a part of document properties names a library that saves formulas and never computes them."""
    found = _PROGRAM.search(properties)
    return bool(found and _SCRIPTS.search(found[1]))


def readable_errors(part: bytes, odd: Odd) -> bytes:
    """The sheet with error values that calamine knows: at `#SPILL!` and its like it gives up the whole file."""
    unknown = {cell.text for cell in odd.values() if isinstance(cell, ErrorValue)} - _CALAMINE_KNOWS
    if not unknown:
        return part
    return _CONTENT.sub(lambda found: b">#N/A</" if text_of_xml(found[1]) in unknown else found[0], part)


def _scan_plain(part: bytes, rows: int, columns: int) -> SheetScan:
    """The scan of a sheet whose every cell starts with `<c r="`."""
    odd: dict[Position, ErrorValue | NoValue] = {}
    formulas = set()
    for start in _formula_cells(part):
        cell = _SOLVED_OR_NOT.match(part, start)
        if cell is None:
            continue
        column, row, attributes, formula, unsolved = cell.groups()
        position = int(row) - 1, _number(column) - 1
        formulas.add(position)
        if unsolved is not None and b't="str"' not in attributes:  # its result is the empty text
            odd[position] = NoValue(text_of_xml((formula or b"")[:_SHOWN_OF_FORMULA]))
    if _HAS_ERROR.search(part):
        odd |= {
            _position(column, row): ErrorValue(text_of_xml(text))
            for column, row, text in _ERROR.findall(part)
        }
    return SheetScan(rows, columns, odd, frozenset(formulas), _merged(part))


def _formula_cells(part: bytes) -> Iterator[int]:
    """Where the cells with formulas begin; looked for from the formulas, which are few."""
    for formula in _FORMULA_START.finditer(part):
        yield part.rfind(b"<c ", max(0, formula.start() - _LONGEST_TAG), formula.start())


def _box(part: bytes) -> tuple[int, int]:
    columns: set[bytes] = set()
    rows: set[bytes] = set()
    # In strides, because the pairs of a sheet of millions of cells would not fit into the reader's memory.
    for start in range(0, len(part), _STRIDE):
        pairs = _VALUED.findall(part, start, start + _STRIDE + _LONGEST_TAG)
        if pairs:
            found_columns, found_rows = zip(*pairs, strict=True)
            columns.update(found_columns)
            rows.update(found_rows)
    return max(map(int, rows), default=0), max(map(_number, columns), default=0)


def _merged(part: bytes) -> tuple[Range, ...]:
    start = part.find(b"mergeCells", part.rfind(b"sheetData>") + 1)
    ranges = _MERGED.findall(part, start) if start >= 0 else ()
    return tuple((_position(a, b), _position(c, d)) for a, b, c, d in ranges)


def _scan_parsed(part: bytes) -> SheetScan:
    rows = columns = 0
    odd: dict[Position, ErrorValue | NoValue] = {}
    formulas = set()
    for row, column, kind, cell in _walk(part):
        rows, columns = max(rows, row), max(columns, column)
        if "f" in cell:
            formulas.add((row - 1, column - 1))
        if kind == "e":
            odd[row - 1, column - 1] = ErrorValue(cell.get("v", ""))
        elif "f" in cell and not cell.get("v") and kind != "str":
            odd[row - 1, column - 1] = NoValue(cell["f"])
    return SheetScan(rows, columns, odd, frozenset(formulas), _merged(part))


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
            column = _number(reference[1].encode()) if reference else column + 1
            here = int(reference[2]) if reference else row
        elif tag == "c" and len(element):
            cell = {child.tag.rpartition("}")[2]: child.text or "" for child in element}
            yield here, column, element.get("t", ""), cell
        elif event == "end" and tag == "row":
            element.clear()


def _position(column: bytes, row: bytes) -> tuple[int, int]:
    return int(row) - 1, _number(column) - 1


@lru_cache(maxsize=1 << 10)  # a sheet has few columns, and each of them many cells
def _number(letters: bytes) -> int:
    """The number of a column, counted from 1: `A` is 1."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def text_of_xml(raw: bytes) -> str:
    """The text that some bytes of XML stand for."""
    return unescape(raw.decode(errors="replace"))
