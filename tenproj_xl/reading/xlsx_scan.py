"""Look through the sheets of an .xlsx before calamine reads them.

Calamine allocates the whole box of a sheet's cells, however far one of them lies, and shows errors and
formulas without results as blank: so each sheet is looked through before. What spreadsheet programs write is
plain enough for a few regular expressions, at a fifth of the cost of parsing it; everything else is parsed.
"""

import io
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import KW_ONLY, field
from functools import lru_cache
from xml.etree import ElementTree as ET

from tenproj_xl.core.cells import ErrorValue, NoValue
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.limits import Limits
from tenproj_xl.reading.book import Position, Range
from tenproj_xl.reading.guard import (
    SHEET_PART,
    Parts,
    Refusal,
    fault_of_tags,
    too_long_text,
    too_many_cells,
    too_many_characters,
)
from tenproj_xl.reading.properties import quoted_texts, text_of_xml
from tenproj_xl.reading.xlsx_outside import StruckText

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
# Where no cell begins otherwise, all of a sheet lies within 999 rows and 702 columns, which is few enough.
_NOT_NEAR = re.compile(rb'<c(?=[\s/>])(?! r="[A-Za-z]{1,2}\d{1,3}")')
_NEAR_ROWS, _NEAR_COLUMNS = 999, 702
_VALUED = re.compile(_CELL + rb"(?:[^<>]*[^<>/])?>")
_ERROR = re.compile(_CELL + rb'[^<>]* t="e"[^<>]*>\s*(?:<f[^<>]*(?:/>|>[^<]*</f>))?\s*<v>([^<]*)</v>')
_SOLVED_OR_NOT = re.compile(_CELL + rb"(?:([^<>]*)>\s*" + _FORMULA + rb"(" + _NO_RESULT + rb")?)?")
"""A cell with a formula; the third group is None where more than the formula is told of it, the fifth where
it has a result."""
_STYLED = re.compile(_CELL + rb'[^<>]*? s="(\d+)"[^<>]*(?<!/)>')
REFERENCE = re.compile(r"([A-Za-z]+)(\d+)")
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="\$?([A-Za-z]+)\$?(\d+):\$?([A-Za-z]+)\$?(\d+)"')

_RUNNING = re.compile(rb"<(?:\w+:)?(?:odd|even|first)(?:Header|Footer)>([^<]+)<")
_NAME = re.compile(rb"<(?:\w+:)?definedName(?:\s[^<>]*)?>([^<]+)<")
_STRIDE = 1 << 22
_LONGEST_TAG, _LONGEST_STYLED_TAG = 256, 4096
_FEW_STYLES = 16
_LONGEST_FORMULA = 8192 * len("&#65535;")  # bytes: a program may write each character by its number
_SHOWN_OF_FORMULA = 240  # characters: a program that never computes leaves many and long formulas

_CONTENT = re.compile(rb">([^<>]+)</")
_CALAMINE_KNOWS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", ""}


@dataclass(frozen=True)
class SheetScan:
    """What a sheet holds at most: cells with content lie within `rows` × `columns`, counted from A1.

    `styled` are the cells whose look means anything, with the index of their format; `struck` the texts that
    are struck through in part, by address.
    """

    rows: int
    columns: int
    _: KW_ONLY
    odd: Odd = field(default_factory=dict)
    formulas: frozenset[Position] = frozenset()
    merged: tuple[Range, ...] = ()
    styled: Mapping[Position, str] = field(default_factory=dict)
    struck: Mapping[str, StruckText] = field(default_factory=dict)


def scan(part: bytes, wanted: Collection[str] = ()) -> SheetScan:
    """Scan a sheet's XML; `wanted` are the indexes of the cell formats whose look means anything.

    Raises:
        xml.etree.ElementTree.ParseError: it is not XML.
    """
    far = _far_cell(part)
    if not _is_plain(part, far):
        return _scan_parsed(part, wanted)
    if far is None:
        return _scan_plain(part, _NEAR_ROWS, _NEAR_COLUMNS, wanted)
    return _scan_plain(part, *_box(part), wanted)


def merges_in(part: bytes) -> int:
    """Return how many ranges of a sheet are merged."""
    return part.count(b"mergeCell ", part.rfind(b"sheetData>") + 1)


def running_texts(part: bytes) -> list[str]:
    """Return the headers and footers of a sheet as they are written in it, codes included."""
    start = part.find(b"headerFooter", part.rfind(b"sheetData>") + 1)
    if start < 0:
        return []
    return [text_of_xml(text) for text in _RUNNING.findall(part, start)]


def names_in(workbook: bytes) -> tuple[str, ...]:
    """Return the texts that defined names stand for, from the part of a workbook that lists the sheets."""
    return quoted_texts(text_of_xml(formula) for formula in _NAME.findall(workbook))


def readable_errors(part: bytes, odd: Odd) -> bytes:
    """Replace error values that calamine does not know, such as `#SPILL!`, for which it gives up the file."""
    unknown = {cell.text for cell in odd.values() if isinstance(cell, ErrorValue)} - _CALAMINE_KNOWS
    if not unknown:
        return part

    def known(found: re.Match[bytes]) -> bytes:
        if text_of_xml(found[1]) in unknown:
            return b">#N/A</"
        return found[0]

    return _CONTENT.sub(known, part)


def _scan_plain(part: bytes, rows: int, columns: int, wanted: Collection[str]) -> SheetScan:
    """Scan a sheet whose every cell starts with `<c r="`."""
    odd: dict[Position, ErrorValue | NoValue] = {}
    formulas = set()
    for start in _formula_cells(part):
        cell = _SOLVED_OR_NOT.match(part, start)
        if cell is None:
            continue
        column, row, attributes, formula, unsolved = cell.groups()
        position = int(row) - 1, column_number(column) - 1
        formulas.add(position)
        if unsolved is not None and b't="str"' not in attributes:  # its result is the empty text
            shown = text_of_xml((formula or b"")[:_LONGEST_FORMULA])
            odd[position] = NoValue(shown[:_SHOWN_OF_FORMULA])
    if _HAS_ERROR.search(part):
        odd |= {
            _position(column, row): ErrorValue(text_of_xml(text))
            for column, row, text in _ERROR.findall(part)
        }
    return SheetScan(
        rows,
        columns,
        odd=odd,
        formulas=frozenset(formulas),
        merged=_merged(part),
        styled=dict(_styled_cells(part, wanted)),
    )


def _styled_cells(part: bytes, styles: Collection[str]) -> Iterator[tuple[Position, str]]:
    """Yield the cells with content that have one of the styles."""
    if not styles:
        return
    wanted = {style.encode(): style for style in styles}
    for found in _cells_with(frozenset(wanted), part):
        if found[3] in wanted:
            yield _position(found[1], found[2]), wanted[found[3]]


def _cells_with(styles: frozenset[bytes], part: bytes) -> Iterator[re.Match[bytes]]:
    """Yield cells with content, at least those of some styles; looked for from these where they are few."""
    if len(styles) > _FEW_STYLES:
        yield from _STYLED.finditer(part)
        return
    for attribute in _of_styles(styles).finditer(part):
        start = part.rfind(b"<", max(0, attribute.start() - _LONGEST_STYLED_TAG), attribute.start())
        if start >= 0 and (found := _STYLED.match(part, start)):
            yield found


@lru_cache(maxsize=8)  # form after form has the same
def _of_styles(styles: frozenset[bytes]) -> re.Pattern[bytes]:
    return re.compile(rb' s="(?:%b)"' % b"|".join(map(re.escape, styles)))


def _formula_cells(part: bytes) -> Iterator[int]:
    """Yield where the cells with formulas begin, looked for from the formulas, which are few."""
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
    return max(map(int, rows), default=0), max(map(column_number, columns), default=0)


def _merged(part: bytes) -> tuple[Range, ...]:
    start = part.find(b"mergeCells", part.rfind(b"sheetData>") + 1)
    if start < 0:
        return ()
    return tuple((_position(a, b), _position(c, d)) for a, b, c, d in _MERGED.findall(part, start))


def is_plain(part: bytes) -> bool:
    """Return whether a sheet is plain enough to be looked through without parsing it."""
    return _is_plain(part, _far_cell(part))


def _far_cell(part: bytes) -> re.Match[bytes] | None:
    """Return the first cell that begins otherwise than one that lies near, None where none does."""
    return _NOT_NEAR.search(part, max(0, part.find(b"<sheetData")))


def _is_plain(part: bytes, far: re.Match[bytes] | None) -> bool:
    """Return the same, given the first cell that does not lie near."""
    start, end = part.find(b"<sheetData"), part.rfind(b"</sheetData>")
    is_one_table = 0 <= start == part.rfind(b"<sheetData") < end
    if not is_one_table or _HIDING.search(part):
        return False
    return far is None or not _OTHER_CELL.search(part, far.start(), end)


def _scan_parsed(part: bytes, wanted: Collection[str] = ()) -> SheetScan:
    rows = columns = 0
    odd: dict[Position, ErrorValue | NoValue] = {}
    formulas = set()
    styled: dict[Position, str] = {}
    for row, column, kind, style, cell in _walk(part):
        rows, columns = max(rows, row), max(columns, column)
        if style in wanted:
            styled[row - 1, column - 1] = style
        if "f" in cell:
            formulas.add((row - 1, column - 1))
        if kind == "e":
            odd[row - 1, column - 1] = ErrorValue(cell.get("v", ""))
        elif "f" in cell and not cell.get("v") and kind != "str":
            odd[row - 1, column - 1] = NoValue(cell["f"][:_SHOWN_OF_FORMULA])
    return SheetScan(
        rows, columns, odd=odd, formulas=frozenset(formulas), merged=_merged(part), styled=styled
    )


def _walk(part: bytes) -> Iterator[tuple[int, int, str, str, dict[str, str]]]:
    """Yield the cells with content: row and column from 1, type, style, and the texts of the children by tag.

    A cell without an address stands right of the one before it, a row without a number below the one before.
    """
    row = column = here = 0
    for event, element in ET.iterparse(io.BytesIO(part), ("start", "end")):  # noqa: S314 - the guard lets no DTD in
        tag = element.tag.rpartition("}")[2]
        if event == "start" and tag == "row":
            row, column = int(element.get("r") or row + 1), 0
        elif event == "start" and tag == "c":
            reference = REFERENCE.fullmatch(element.get("r", ""))
            column, here = column + 1, row
            if reference:
                column, here = column_number(reference[1].encode()), int(reference[2])
        elif tag == "c" and len(element):
            cell = {child.tag.rpartition("}")[2]: child.text or "" for child in element}
            yield here, column, element.get("t", ""), element.get("s", ""), cell
        elif event == "end" and tag == "row":
            element.clear()


def _position(column: bytes, row: bytes) -> tuple[int, int]:
    return int(row) - 1, column_number(column) - 1


@lru_cache(maxsize=1 << 10)  # a sheet has few columns, and each of them many cells
def column_number(letters: bytes) -> int:
    """Return the number of a column, counted from 1: `A` is 1."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


# --- how much there is

_STRINGS = "xl/sharedstrings.xml"
_VALUE_ENDS = (b"/v>", b":v>", b"<is", b":is>")
_SHARED = re.compile(rb'<c [^<>]*t="s"[^<>]*>\s*<v>(\d{1,9})</v>')


def fault_of_contents(workbook: Parts, limits: Limits) -> Refusal | None:
    """Return why a workbook is not read that holds so many cells, or texts too long; all are counted here.

    A text is held once in the file, and by calamine as often as a cell shows it.
    """
    parts, tags = workbook.inflated, 0
    sheets = [part for name, part in parts.items() if SHEET_PART.fullmatch(name)]
    strings = parts.get(_STRINGS, b"")
    if any(_has_long_text(part, limits.text) for part in (*sheets, strings)):
        return too_long_text(limits.text // _BYTES_OF_A_CHARACTER)
    for name in filter(SHEET_PART.fullmatch, parts):
        tags += workbook.tags[name]
        if workbook.tags[name] > limits.tags and not is_plain(parts[name]):
            return fault_of_tags(parts[name], limits)
    lengths = [len(text) for text in strings.split(b"</si>")]
    if tags <= limits.filled and max(lengths) * tags <= limits.texts:
        return None  # each cell with content has tags of its own
    filled = sum(part.count(end) for part in sheets for end in _VALUE_ENDS)
    if filled > limits.filled:
        return too_many_cells(filled)
    if max(lengths) * filled > limits.texts:
        characters = _shown(sheets, lengths)
        if characters > _BYTES_OF_A_CHARACTER * limits.texts:
            return too_many_characters(characters)
    return None


_BYTES_OF_A_CHARACTER = 3


def _has_long_text(part: bytes, longest: int) -> bool:
    """Return whether somewhere so many bytes, or up to twice as many, stand without a tag between them."""
    return any(part.find(b"<", at, at + longest) < 0 for at in range(0, len(part) - longest, longest))


def _shown(sheets: Collection[bytes], lengths: list[int]) -> int:
    """Return how many bytes of shared texts all cells show together."""
    numbers = (int(found[1]) for part in sheets for found in _SHARED.finditer(part))
    return sum(lengths[number] for number in numbers if number < len(lengths))
