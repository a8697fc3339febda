"""Read an .xls of Excel 97 to 2003, or an .et of WPS, which is the same format.

xlrd reads the values. The records of the sheets are walked before, because xlrd allocates whatever cells a
file claims to have, and tells nothing of formulas, headers and footers, merged ranges or the mode of
calculation.
"""

import io
import os
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from math import isfinite
from pathlib import Path
from typing import Any

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import ErrorValue
from tenproj_xl.core.limits import Limits
from tenproj_xl.core.sheets import UNREAD_SHEETS
from tenproj_xl.reading.book import Book, Position, Range, SheetCells
from tenproj_xl.reading.guard import Refusal, fault_of_size, refuse
from tenproj_xl.reading.sniff import FileKind

_HEAD = struct.Struct("<HH")
_ADDRESS = struct.Struct("<HHH")
"""Row, column and format of a cell."""
_RANGE = struct.Struct("<HHHH")
"""First and last row, first and last column."""
_BOF, _EOF = {0x0009, 0x0209, 0x0409, 0x0809}, 0x000A
_BOUNDSHEET, _SUPBOOK = 0x0085, 0x01AE
_FORMULA, _ROW_OF_NUMBERS = 0x0006, 0x00BD
_CELLS = {0x0203, 0x0204, 0x0205, 0x00FD, 0x027E, 0x00BD, 0x00D6, 0x0006, 0x0206, 0x0406}
_MERGED = 0x00E5
_HEADER_FOOTER = {0x0014, 0x0015}
_CALCULATION_MODE, _MANUAL = 0x000D, b"\0\0"
_OWN_SHEETS, _ADD_INS = b"\x01\x04", b"\x01\x3a"
_WORKSHEET = 0
_BEYOND_A_DAY = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_UNICODE = 80  # xlrd's number for BIFF8
_UTF8_CODEPAGES = (65001, -535)
_TEXT_RESULT = 1  # xlrd.formula.oSTRG
_NO_NUMBER = ErrorValue("#NUM!")
_FIRST_DAY, _DAYS_TO_1904 = datetime(1899, 12, 30), 1462  # noqa: DTZ001  # cells have no time zone
_LAST_SERIAL = 2_958_466  # the day after 9999-12-31


@dataclass(kw_only=True)
class _SheetRecords:
    """What the records of a sheet tell beside values: cells with content lie within `rows` × `columns`."""

    rows: int = 0
    columns: int = 0
    formulas: set[Position] = field(default_factory=set)
    durations: set[Position] = field(default_factory=set)
    merged: list[Range] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    is_manual: bool = False


def read_xls(data: bytes, limits: Limits) -> Book | Refusal:
    """Read a workbook, or say why it is not read."""
    import xlrd  # noqa: PLC0415  # only workers need it, and only for .xls

    # xlrd fails on the links inside a workbook as Gnumeric writes them; nobody asks for links.
    xlrd.sheet.Sheet.handle_hlink = xlrd.sheet.Sheet.handle_quicktip = _pass_over
    # xlrd reports to a log, by default to standard output, through which a reading process answers.
    with Path(os.devnull).open("w", encoding="utf-8") as log:
        try:
            with xlrd.open_workbook(
                file_contents=data,
                logfile=log,
                on_demand=True,
                ragged_rows=True,
                ignore_workbook_corruption=True,  # sectors used twice, as exporting programs write them
            ) as book:
                if book.biff_version < _UNICODE:
                    return refuse(FileKind.BIFF)
                return _read(book, data, limits)
        except MemoryError:
            raise
        except Exception as fault:  # noqa: BLE001  # over damaged bytes xlrd raises whatever Python does
            return Refusal(Code.FILE_UNREADABLE, str(fault))


def _pass_over(sheet: Any, data: bytes) -> None:
    """Leave a record out."""


def _read(book: Any, data: bytes, limits: Limits) -> Book | Refusal:
    stream = bytes(book.mem[book.base : book.base + book.stream_len])
    starts, has_links = _globals(stream)
    formats = _duration_formats(book)
    names = book.sheet_names()
    records = [_records_of_sheet(stream, start, formats) for start in starts]
    for found in records:
        if fault := fault_of_size(found.rows, found.columns, limits):
            return fault
    is_manual = any(found.is_manual for found in records)
    sheets = []
    for n, found in enumerate(records):
        if names[n] in UNREAD_SHEETS:
            continue
        sheet = book.sheet_by_index(n)
        stale: frozenset[Position] = frozenset()
        if is_manual:
            stale = frozenset(found.formulas)
        sheets.append(
            SheetCells(
                name=sheet.name,
                hidden=sheet.visibility != 0,
                rows=_rows(sheet, found, book.datemode),
                merged=tuple(found.merged),
                stale=stale,
            )
        )
        book.unload_sheet(n)
    macros, subject = _properties(data)
    return Book(
        kind=FileKind.XLS,
        sheets=tuple(sheets),
        macros=macros,
        subject=subject,
        running=tuple(dict.fromkeys(text for found in records for text in found.headers)),
        names=_names(book),
        links=has_links,
    )


# --- values


def _rows(sheet: Any, records: _SheetRecords, datemode: int) -> tuple[tuple[object, ...], ...]:
    rows: list[list[object]] = []
    for n in range(sheet.nrows):
        pairs = zip(sheet.row_types(n), sheet.row_values(n), strict=True)
        rows.append([_value(kind, value, datemode) for kind, value in pairs])
    for r, c in records.durations:
        if r < len(rows) and c < len(rows[r]) and isinstance(rows[r][c], date | time):
            rows[r][c] = timedelta(days=sheet.cell_value(r, c))
    return tuple(map(tuple, rows))


def _value(kind: int, value: Any, datemode: int) -> object:
    """Return the value of a cell of one of xlrd's kinds: XL_CELL_TEXT, _NUMBER, _DATE, _BOOLEAN, _ERROR."""
    match kind:
        case 1:
            return value or None
        case 2:
            return _number(value)
        case 3:
            return _moment(value, datemode)
        case 4:
            return bool(value)
        case 5:
            from xlrd.biffh import error_text_from_code  # noqa: PLC0415  # see above

            return ErrorValue(error_text_from_code.get(value, "#N/A"))
    return None


def _number(value: float) -> object:
    if not isfinite(value):
        return _NO_NUMBER
    return value


def _moment(serial: float, datemode: int) -> object:
    """Return the date, the time or both for a serial number; the number itself where no calendar has it."""
    if not isfinite(serial):
        return _NO_NUMBER
    if 0 <= serial < 1:
        return (_FIRST_DAY + timedelta(seconds=round(serial * 86_400))).time()
    days = serial + _DAYS_TO_1904 * datemode
    if not 0 <= days < _LAST_SERIAL:
        return serial
    moment = _FIRST_DAY + timedelta(milliseconds=round(days * 86_400_000))
    if moment.time() == time():
        return moment.date()
    return moment


def _duration_formats(book: Any) -> set[int]:
    """Return the indexes of the cell formats that show hours beyond 24, as `[h]:mm` does."""
    found = set()
    for n, cell_format in enumerate(book.xf_list):
        number_format = book.format_map.get(cell_format.format_key)
        if number_format and _BEYOND_A_DAY.search(number_format.format_str):
            found.add(n)
    return found


# --- records


def _records(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Yield kind, position of the content and its size for each record of the substream at a position."""
    depth = 0
    first = True
    while at + 4 <= len(stream):
        kind, size = _HEAD.unpack_from(stream, at)
        yield kind, at + 4, min(size, len(stream) - at - 4)
        if first or kind in _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
        if depth == 0:
            return
        first = False
        at += 4 + size


def _globals(stream: bytes) -> tuple[list[int], bool]:
    """Return where the worksheets begin, in order, and whether the workbook refers to other files."""
    starts: list[int] = []
    has_links = False
    for kind, at, size in _records(stream, 0):
        if kind == _BOUNDSHEET and size >= 6 and stream[at + 5] == _WORKSHEET:
            starts += struct.unpack_from("<I", stream, at)
        elif kind == _SUPBOOK:
            has_links = has_links or stream[at + 2 : at + 4] not in (_OWN_SHEETS, _ADD_INS)
    return starts, has_links


def _records_of_sheet(stream: bytes, start: int, durations: set[int]) -> _SheetRecords:
    found = _SheetRecords()
    for kind, at, size in _records(stream, start):
        if kind in _CELLS and size >= 6:
            row, column, cell_format = _ADDRESS.unpack_from(stream, at)
            last = column
            if kind == _ROW_OF_NUMBERS:  # whose last column stands at its end
                (last,) = struct.unpack_from("<H", stream, at + size - 2)
            found.rows = max(found.rows, row + 1)
            found.columns = max(found.columns, last + 1)
            if kind & 0xFF == _FORMULA:
                found.formulas.add((row, column))
            if cell_format in durations:
                found.durations.update((row, n) for n in range(column, last + 1))
        elif kind == _MERGED:
            found.merged += _merged(stream[at + 2 : at + size])
        elif kind in _HEADER_FOOTER and size > 3:
            found.headers.append(_text(stream[at : at + size]))
        elif kind == _CALCULATION_MODE:
            found.is_manual = found.is_manual or stream[at : at + 2] == _MANUAL
    return found


def _merged(content: bytes) -> Iterator[Range]:
    whole = len(content) - len(content) % _RANGE.size
    for top, bottom, left, right in _RANGE.iter_unpack(content[:whole]):
        yield (top, left), (bottom, right)


def _text(content: bytes) -> str:
    """Decode a text of Excel 97 or later: length, a flag for two bytes a character, the characters."""
    encoding = "utf-16-le" if content[2] & 1 else "latin-1"
    return content[3:].decode(encoding, "replace")


# --- the workbook


def _names(book: Any) -> tuple[str, ...]:
    """Return the texts that defined names stand for, of those that stand for one."""
    results = (getattr(name, "result", None) for name in book.name_obj_list)
    return tuple(r.value for r in results if r is not None and r.kind == _TEXT_RESULT and r.value)


def _properties(data: bytes) -> tuple[bool, str]:
    """Return whether a file has macros, and its subject."""
    import olefile  # noqa: PLC0415  # see above

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            properties = ole.get_metadata()
            return ole.exists("_VBA_PROJECT_CUR"), _decoded(properties.subject, properties.codepage)
    except (OSError, ValueError, IndexError, struct.error):
        return False, ""


def _decoded(value: object, codepage: object) -> str:
    if not isinstance(value, bytes):
        return ""
    if codepage in _UTF8_CODEPAGES:
        return value.decode(errors="replace")
    return value.decode("gb18030", "replace")
