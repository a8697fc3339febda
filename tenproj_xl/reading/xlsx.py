"""Read an .xlsx: calamine reads the values, and a scan of the XML what calamine loses.

Calamine allocates the whole box of a sheet's cells, however far one of them lies, and shows errors and
formulas without results as blank: so each sheet is looked through before. What spreadsheet programs write is
plain enough for a few regular expressions, at a fifth of the cost of parsing it; everything else is parsed.
"""

import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from math import isfinite
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import ErrorValue, NoValue, cell_at
from tenproj_xl.core.limits import Limits
from tenproj_xl.core.sheets import UNREAD_SHEETS
from tenproj_xl.reading.book import Book, Outside, Position, Range, SheetCells
from tenproj_xl.reading.guard import SHEET_PART, Parts, Refusal, fault_of_size, pack, too_many_merges
from tenproj_xl.reading.looks import CellLooks, looks_of
from tenproj_xl.reading.number_formats import shown_number
from tenproj_xl.reading.properties import (
    by_script,
    properties_in,
    quoted_texts,
    saved_at,
    subject_of,
    text_of_xml,
)
from tenproj_xl.reading.xlsx_outside import (
    OUTSIDE_PART,
    StruckText,
    of_struck,
    outside_of_sheet,
    picture_in_cell,
    struck_cells,
    struck_strings,
)

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

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
_REFERENCE = re.compile(r"([A-Za-z]+)(\d+)")
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="\$?([A-Za-z]+)\$?(\d+):\$?([A-Za-z]+)\$?(\d+)"')

_RUNNING = re.compile(rb"<(?:\w+:)?(?:odd|even|first)(?:Header|Footer)>([^<]+)<")
_NAME = re.compile(rb"<(?:\w+:)?definedName(?:\s[^<>]*)?>([^<]+)<")
_PROPERTIES = ("core", "app", "custom")
_UNPACKED = re.compile(rf"docprops/|{OUTSIDE_PART.pattern}")
_STRIDE = 1 << 22
_LONGEST_TAG = 256
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
    start, end = part.find(b"<sheetData"), part.rfind(b"</sheetData>")
    is_one_table = 0 <= start == part.rfind(b"<sheetData") < end
    if not is_one_table or _HIDING.search(part):
        return _scan_parsed(part, wanted)
    far = _NOT_NEAR.search(part, start)
    if far is None:
        return _scan_plain(part, _NEAR_ROWS, _NEAR_COLUMNS, wanted)
    if _OTHER_CELL.search(part, far.start(), end):
        return _scan_parsed(part, wanted)
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
        position = int(row) - 1, _number(column) - 1
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
    for found in _STYLED.finditer(part):
        if found[3] in wanted:
            yield _position(found[1], found[2]), wanted[found[3]]


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
    return max(map(int, rows), default=0), max(map(_number, columns), default=0)


def _merged(part: bytes) -> tuple[Range, ...]:
    start = part.find(b"mergeCells", part.rfind(b"sheetData>") + 1)
    if start < 0:
        return ()
    return tuple((_position(a, b), _position(c, d)) for a, b, c, d in _MERGED.findall(part, start))


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
            reference = _REFERENCE.fullmatch(element.get("r", ""))
            column, here = column + 1, row
            if reference:
                column, here = _number(reference[1].encode()), int(reference[2])
        elif tag == "c" and len(element):
            cell = {child.tag.rpartition("}")[2]: child.text or "" for child in element}
            yield here, column, element.get("t", ""), element.get("s", ""), cell
        elif event == "end" and tag == "row":
            element.clear()


def _position(column: bytes, row: bytes) -> tuple[int, int]:
    return int(row) - 1, _number(column) - 1


@lru_cache(maxsize=1 << 10)  # a sheet has few columns, and each of them many cells
def _number(letters: bytes) -> int:
    """Return the number of a column, counted from 1: `A` is 1."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


# --- reading


_UNCALCULATED = re.compile(
    rb"<(?:\w+:)?calcPr\s[^<>]*(?:fullCalcOnLoad\s*=\s*[\"'](?:1|true)|calcMode\s*=\s*[\"']manual)"
)
_EXCELJS = (b'rupBuild="9303"', b'calcId="171027"')  # builds of 2010 and of 2016, which no Excel has both
_NO_NUMBER = ErrorValue("#NUM!")
"""What `1e999` and `NaN` in the file are, which no spreadsheet shows."""


@dataclass(frozen=True, kw_only=True)
class Scanned:
    """A workbook that calamine may read: `data` are its parts packed anew, `sheets` its scans in order.

    `subject`, `about`, `running` and `names` are those of `Book`; `parts` are the part names of the sheets;
    `is_scripted` says that a program saved it which does not calculate.
    """

    data: bytes
    sheets: Sequence[SheetScan]
    parts: Sequence[str]
    looks: CellLooks
    about: tuple[str, ...]
    subject: str
    running: tuple[str, ...]
    names: tuple[str, ...]
    is_scripted: bool
    saved_at: datetime | None


def scan_workbook(parts: Parts, limits: Limits) -> Scanned | Refusal:
    """Look through all sheets of a workbook, and pack what was looked at."""
    inflated = dict(parts.inflated)
    sheets = [name for name in inflated if SHEET_PART.fullmatch(name)]
    merges = sum(merges_in(inflated[name]) for name in sheets)
    if merges > limits.merges:
        return too_many_merges(merges)
    looks = CellLooks()
    styles = inflated.get("xl/styles.xml", b"")
    if len(styles) <= limits.formats:
        looks = looks_of(styles)
    strings = struck_strings(inflated.get("xl/sharedstrings.xml", b""))
    scans: dict[str, SheetScan] = {}
    running: dict[str, None] = {}
    for name in sheets:
        try:
            found = scan(inflated[name], looks.wanted)
        except (ET.ParseError, ValueError):
            return Refusal(Code.FILE_UNREADABLE, "工作表不是XML")
        if fault := fault_of_size(found.rows, found.columns, limits):
            return fault
        scans[name] = replace(found, struck=struck_cells(inflated[name], strings))
        running.update(dict.fromkeys(running_texts(inflated[name])))
        inflated[name] = readable_errors(inflated[name], found.odd)
    packed = {parts.spelled[name]: part for name, part in inflated.items() if not _UNPACKED.match(name)}
    return Scanned(
        data=pack(packed),
        sheets=[scans.get(part, SheetScan(0, 0)) for part in parts.sheets],
        parts=parts.sheets,
        looks=looks,
        about=properties_in(*(inflated.get(f"docprops/{name}.xml", b"") for name in _PROPERTIES)),
        subject=subject_of(inflated.get("docprops/core.xml", b"")),
        running=tuple(running),
        names=names_in(inflated["xl/workbook.xml"]),
        is_scripted=_is_scripted(inflated),
        saved_at=saved_at(inflated.get("docprops/core.xml", b"")),
    )


def _is_scripted(parts: Mapping[str, bytes]) -> bool:
    """Return whether results are to be computed anew, or the program that saved them computes none."""
    workbook, about = parts["xl/workbook.xml"], parts.get("docprops/app.xml", b"")
    is_exceljs = all(mark in workbook for mark in _EXCELJS)
    return is_exceljs or bool(_UNCALCULATED.search(workbook)) or by_script(about)


def read_xlsx(parts: Parts, limits: Limits) -> Book | Refusal:
    """Read a workbook from its inflated parts, or say why it is not read."""
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 - only workers need it

    scanned = scan_workbook(parts, limits)
    if isinstance(scanned, Refusal):
        return scanned
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(scanned.data)) as workbook:
            sheets = _sheets(workbook, scanned, limits)
    except (CalamineError, OverflowError, ValueError) as fault:  # Overflow: dates out of all bounds
        return Refusal(Code.FILE_UNREADABLE, str(fault))
    except BaseException as fault:
        if type(fault).__name__ != "PanicException":  # pyo3's, which cannot be imported and is no Exception
            raise
        return Refusal(Code.FILE_UNREADABLE, str(fault))
    if isinstance(sheets, Refusal):
        return sheets
    return Book(
        kind=parts.kind,
        sheets=sheets,
        macros=parts.macros,
        subject=scanned.subject,
        about=scanned.about,
        outside=_outside(parts, sheets, scanned),
        running=scanned.running,
        names=scanned.names,
        links=parts.links,
        saved_at=scanned.saved_at,
    )


def _sheets(
    workbook: "CalamineWorkbook", scanned: Scanned, limits: Limits
) -> tuple[SheetCells, ...] | Refusal:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum  # noqa: PLC0415 - only workers need it

    if len(set(workbook.sheet_names)) < len(workbook.sheets_metadata):
        return Refusal(Code.FILE_UNREADABLE, "工作表重名")  # calamine would read one of them twice
    sheets: list[SheetCells] = []
    for n, about in enumerate(workbook.sheets_metadata):
        if about.typ != SheetTypeEnum.WorkSheet or about.name in UNREAD_SHEETS:
            continue
        sheet = workbook.get_sheet_by_index(n)
        if fault := fault_of_size(sheet.total_height, sheet.total_width, limits):
            return fault
        found = SheetScan(0, 0)
        if n < len(scanned.sheets):
            found = scanned.sheets[n]
        stale: frozenset[Position] = frozenset()
        if scanned.is_scripted:
            stale = found.formulas
        rows = _rows(sheet, found)
        pictures = _pictures(rows, found)
        sheets.append(
            SheetCells(
                name=about.name,
                hidden=about.visible != SheetVisibleEnum.Visible,
                rows=tuple(map(tuple, rows)),
                merged=found.merged,
                stale=stale,
                pictures=pictures,
            )
        )
        sheets[-1] = _with_looks(sheets[-1], found, scanned.looks)
    return tuple(sheets)


def _with_looks(sheet: SheetCells, found: SheetScan, looks: CellLooks) -> SheetCells:
    """Return a sheet with how its cells look."""
    shown = {}
    for (r, c), style in found.styled.items():
        number = cell_at(sheet.rows, r, c)
        if style in looks.formats and isinstance(number, int | float) and not isinstance(number, bool):
            shown[r, c] = shown_number(number, looks.formats[style])
    return replace(
        sheet,
        per_cent=_of_look(found, looks.per_cent),
        struck=_of_look(found, looks.struck),
        unseen=_of_look(found, looks.unseen),
        shown={at: text for at, text in shown.items() if text},
    )


def _of_look(found: SheetScan, styles: Collection[str]) -> frozenset[Position]:
    return frozenset(at for at, style in found.styled.items() if style in styles)


def _outside(parts: Parts, sheets: Sequence[SheetCells], scanned: Scanned) -> tuple[Outside, ...]:
    """Return what stands outside the cells' values on the sheets that are read."""
    found: list[Outside] = []
    by_name = dict(zip(parts.names, zip(scanned.parts, scanned.sheets, strict=True), strict=True))
    for sheet in sheets:
        part, scan_of_part = by_name.get(sheet.name, ("", SheetScan(0, 0)))
        found += outside_of_sheet(parts.inflated, part, sheet.name)
        found += (of_struck(cell, text, sheet.name) for cell, text in scan_of_part.struck.items())
    return tuple(found)


def _pictures(rows: Sequence[list[object]], found: SheetScan) -> frozenset[Position]:
    """Return the cells that hold a picture, as WPS has them, and blank them: their text is its number."""
    pictures = set()
    for r, c in found.formulas:
        text = cell_at(rows, r, c)
        if isinstance(text, str) and picture_in_cell(text):
            pictures.add((r, c))
            rows[r][c] = None
    return frozenset(pictures)


def _rows(sheet: "CalamineSheet", found: SheetScan) -> list[list[object]]:
    rows: list[list[object]] = [_plain(row) for row in sheet.to_python(skip_empty_area=False)]
    for cell, text in found.struck.items():
        if reference := _REFERENCE.fullmatch(cell):
            r, c = int(reference[2]) - 1, _number(reference[1].encode()) - 1
            if text.left.strip() and cell_at(rows, r, c):
                rows[r][c] = text.left
    for (r, c), value in found.odd.items():
        while len(rows) <= r:
            rows.append([])
        rows[r].extend([None] * (c + 1 - len(rows[r])))
        if rows[r][c] is None or isinstance(value, ErrorValue):
            rows[r][c] = value
    return rows


def _plain(row: Sequence[object]) -> list[object]:
    """Return a row with blanks as None, and numbers that are none as errors."""
    cells: list[object] = [value if value != "" else None for value in row]
    for n, value in enumerate(cells):
        if value.__class__ is float and not isfinite(value):
            cells[n] = _NO_NUMBER
    return cells
