"""Read an .xlsx: calamine reads the values, and a scan of the XML what calamine loses.

What it loses are errors, formulas without results, and how cells look.
"""

import io
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from math import isfinite
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import ErrorValue, cell_at
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.limits import Limits
from tenproj_xl.core.sheets import UNREAD_SHEETS
from tenproj_xl.reading.book import Book, Outside, Position, SheetCells
from tenproj_xl.reading.guard import (
    BROKEN_XML,
    SHEET_PART,
    Parts,
    Refusal,
    fault_of_size,
    pack,
    too_many_merges,
)
from tenproj_xl.reading.looks import CellLooks, looks_of
from tenproj_xl.reading.number_formats import shown_number
from tenproj_xl.reading.properties import (
    by_script,
    properties_in,
    saved_at,
    subject_of,
)
from tenproj_xl.reading.xlsx_outside import (
    OUTSIDE_PART,
    of_struck,
    outside_of_sheet,
    picture_in_cell,
    struck_cells,
    struck_strings,
)
from tenproj_xl.reading.xlsx_scan import (
    REFERENCE,
    SheetScan,
    column_number,
    fault_of_contents,
    merges_in,
    names_in,
    readable_errors,
    running_texts,
    scan,
)

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

_BAD_CELLS = "工作簿的内部结构不合规范，有的单元格读不出来"
_PROPERTIES = ("core", "app", "custom")
_UNPACKED = re.compile(rf"docprops/|{OUTSIDE_PART.pattern}")

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
    if fault := fault_of_contents(parts, limits):
        return fault
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
            return Refusal(Code.FILE_UNREADABLE, f"{_spoken(parts, name)}的{BROKEN_XML}")
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


def _spoken(parts: Parts, part: str) -> str:
    """Return how a sheet is told to people, by its part: nobody has looked yet if its name bears a mark."""
    if part in parts.sheets:
        return f"第{parts.sheets.index(part) + 1}张工作表"
    return "工作表"


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
    except (OverflowError, ValueError):  # of dates out of all bounds
        return Refusal(Code.FILE_UNREADABLE, "有单元格的日期或数超出能表示的范围")
    except CalamineError:
        return Refusal(Code.FILE_UNREADABLE, _BAD_CELLS)
    except BaseException as fault:
        if type(fault).__name__ != "PanicException":  # pyo3's, which cannot be imported and is no Exception
            raise
        return Refusal(Code.FILE_UNREADABLE, _BAD_CELLS)
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
        return Refusal(
            Code.FILE_UNREADABLE, "有两张工作表同名，分不清哪一张"
        )  # calamine would read one of them twice
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
    rows = _plain(sheet.to_python(skip_empty_area=False))
    for cell, text in found.struck.items():
        if reference := REFERENCE.fullmatch(cell):
            r, c = int(reference[2]) - 1, column_number(reference[1].encode()) - 1
            if text.left.strip() and cell_at(rows, r, c):
                rows[r][c] = text.left
    for (r, c), value in found.odd.items():
        while len(rows) <= r:
            rows.append([])
        rows[r].extend([None] * (c + 1 - len(rows[r])))
        if rows[r][c] is None or isinstance(value, ErrorValue):
            rows[r][c] = value
    return rows


def _plain(table: Sequence[Sequence[object]]) -> list[list[object]]:
    """Return rows with blanks as None, and numbers that are none as errors."""
    rows: list[list[object]] = []
    for row in table:
        if row.count("") == len(row):
            rows.append([None] * len(row))
        else:
            rows.append([value if value != "" else None for value in row])
    numbers = [value for row in rows for value in row if isinstance(value, float)]
    if isfinite(sum(numbers)):  # kept cheap: cells are many
        return rows
    for row in rows:
        for n, value in enumerate(row):
            if isinstance(value, float) and not isfinite(value):
                row[n] = _NO_NUMBER
    return rows
