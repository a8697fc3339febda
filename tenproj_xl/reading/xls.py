"""Read an .xls of Excel 97 to 2003, or an .et of WPS, which is the same format.

xlrd reads the values. The records of the sheets are walked before, because xlrd allocates whatever cells a
file claims to have, and tells nothing of formulas, headers and footers, merged ranges or the mode of
calculation.
"""

import io
import os
import re
import struct
from collections.abc import Collection, Container, Iterator, Mapping
from dataclasses import field
from datetime import UTC, date, datetime, time, timedelta
from math import isfinite
from pathlib import Path
from typing import Any, NamedTuple

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import ErrorValue, address
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.limits import Limits
from tenproj_xl.core.sheets import UNREAD_SHEETS
from tenproj_xl.reading.book import Book, Outside, OutsideKind, Position, Range, SheetCells
from tenproj_xl.reading.guard import Refusal, fault_of_size, refuse
from tenproj_xl.reading.number_formats import hides, is_per_cent, says_more, shown_number
from tenproj_xl.reading.sniff import FileKind

_HEAD = struct.Struct("<HH")
_ADDRESS = struct.Struct("<HHH")
"""Row, column and format of a cell."""
_OWN_FORMAT = struct.Struct("<HI")
"""Format and number of a cell in a row of numbers."""
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
_FONT, _OBJECT, _TEXT_OBJECT, _CONTINUED = 0x0031, 0x005D, 0x01B6, 0x003C
_PICTURE = b"\x08\0"
_STRUCK, _NO_FONT = 0x0008, 4
_WHITES, _LIGHT = (1, 9), (1, 9, 26, 41, 42, 43)
"""Numbers of colours: white, and those of backgrounds on which it is not seen."""
_XL_NUMBER = 2
_PROPERTIES = ("title", "keywords", "comments", "category", "company", "manager")
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
    styled: dict[Position, int] = field(default_factory=dict)
    """The cells whose format means anything, with its index."""
    boxes: list[str] = field(default_factory=list)
    pictures: int = 0
    merged: list[Range] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    is_manual: bool = False


class _Formats(NamedTuple):
    """Cell formats, by their indexes: those that show hours beyond 24, per cent and so on."""

    durations: set[int]
    per_cent: set[int]
    struck: set[int]
    unseen: set[int]
    codes: dict[int, str]

    def of(self, styled: Mapping[Position, int], wanted: Container[int]) -> frozenset[Position]:
        """Return the cells that have one of some formats."""
        return frozenset(at for at, number in styled.items() if number in wanted)

    @property
    def wanted(self) -> set[int]:
        """All formats that mean anything."""
        return self.durations | self.per_cent | self.struck | self.unseen | self.codes.keys()


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
        except Exception:  # noqa: BLE001  # over damaged bytes xlrd raises whatever Python does
            return Refusal(Code.FILE_UNREADABLE, "文件内部的记录缺了一截或已损坏")


def _pass_over(sheet: Any, data: bytes) -> None:
    """Leave a record out."""


def _read(book: Any, data: bytes, limits: Limits) -> Book | Refusal:
    stream = bytes(book.mem[book.base : book.base + book.stream_len])
    starts, has_links = _globals(stream)
    formats = _formats(book, stream)
    names = book.sheet_names()
    records = [_records_of_sheet(stream, start, formats.wanted) for start in starts]
    for found in records:
        if fault := fault_of_size(found.rows, found.columns, limits):
            return fault
    is_manual = any(found.is_manual for found in records)
    sheets = []
    outside: list[Outside] = []
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
                rows=_rows(sheet, formats.of(found.styled, formats.durations), book.datemode),
                merged=tuple(found.merged),
                stale=stale,
                per_cent=formats.of(found.styled, formats.per_cent),
                struck=formats.of(found.styled, formats.struck),
                unseen=formats.of(found.styled, formats.unseen),
                shown=_shown(sheet, found, formats),
            )
        )
        outside += _outside(sheet, found)
        book.unload_sheet(n)
    properties = _properties(data)
    return Book(
        kind=FileKind.XLS,
        sheets=tuple(sheets),
        macros=properties.macros,
        subject=properties.subject,
        about=properties.about,
        outside=tuple(outside),
        running=tuple(dict.fromkeys(text for found in records for text in found.headers)),
        names=_names(book),
        links=has_links,
        saved_at=properties.saved_at,
    )


# --- values


def _rows(sheet: Any, durations: Collection[Position], datemode: int) -> tuple[tuple[object, ...], ...]:
    rows: list[list[object]] = []
    for n in range(sheet.nrows):
        pairs = zip(sheet.row_types(n), sheet.row_values(n), strict=True)
        rows.append([_value(kind, value, datemode) for kind, value in pairs])
    for r, c in durations:
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


def _shown(sheet: Any, found: _SheetRecords, formats: _Formats) -> dict[Position, str]:
    """Return what cells show whose number format shows a number otherwise than it is."""
    shown = {}
    for (r, c), number in found.styled.items():
        is_there = number in formats.codes and r < sheet.nrows and c < sheet.row_len(r)
        if is_there and sheet.cell_type(r, c) == _XL_NUMBER:
            shown[r, c] = shown_number(sheet.cell_value(r, c), formats.codes[number])
    return {at: text for at, text in shown.items() if text}


def _outside(sheet: Any, found: _SheetRecords) -> Iterator[Outside]:
    """Yield the comments, text boxes and pictures of a sheet."""
    notes = []
    for (row, column), note in sorted(sheet.cell_note_map.items()):
        notes.append(note.text)
        text = str(note.text).strip()
        yield Outside(OutsideKind.COMMENT, sheet.name, address(row, column), text, note.author or "?")
    for text in found.boxes:
        if text.strip() and text not in notes:
            yield Outside(OutsideKind.TEXT_BOX, sheet.name, "", text.strip())
    for _ in range(found.pictures):
        yield Outside(OutsideKind.PICTURE, sheet.name, "", "")


# --- formats


def _formats(book: Any, stream: bytes) -> _Formats:
    fonts = list(_fonts(stream))
    formats = _Formats(durations=set(), per_cent=set(), struck=set(), unseen=set(), codes={})
    for n, cell_format in enumerate(book.xf_list):
        number_format = book.format_map.get(cell_format.format_key)
        code = number_format.format_str if number_format else ""
        if _BEYOND_A_DAY.search(code):
            formats.durations.add(n)
        if is_per_cent(code):
            formats.per_cent.add(n)
        elif says_more(code):
            formats.codes[n] = code
        at = cell_format.font_index - (cell_format.font_index > _NO_FONT)
        font = fonts[at] if at < len(fonts) else (0, 0)
        if font[0] & _STRUCK:
            formats.struck.add(n)
        if hides(code) or (font[1] in _WHITES and _is_light(cell_format.background)):
            formats.unseen.add(n)
    return formats


def _is_light(background: Any) -> bool:
    return background.fill_pattern == 0 or background.pattern_colour_index in _LIGHT


def _fonts(stream: bytes) -> Iterator[tuple[int, int]]:
    """Yield the attributes and the colour of each font."""
    for kind, at, size in _records(stream, 0):
        if kind == _FONT and size >= 6:
            yield struct.unpack_from("<HH", stream, at + 2)


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


def _records_of_sheet(stream: bytes, start: int, wanted: Container[int]) -> _SheetRecords:
    found = _SheetRecords()
    box = 0
    for kind, at, size in _records(stream, start):
        if kind in _CELLS and size >= 6:
            row, column, _ = _ADDRESS.unpack_from(stream, at)
            last = column
            if kind == _ROW_OF_NUMBERS:  # whose last column stands at its end
                (last,) = struct.unpack_from("<H", stream, at + size - 2)
            found.rows = max(found.rows, row + 1)
            found.columns = max(found.columns, last + 1)
            if kind & 0xFF == _FORMULA:
                found.formulas.add((row, column))
            found.styled.update(_styled(stream[at : at + size], kind, wanted))
        elif kind == _MERGED:
            found.merged += _merged(stream[at + 2 : at + size])
        elif kind in _HEADER_FOOTER and size > 3:
            found.headers.append(_text(stream[at : at + size]))
        elif kind == _CALCULATION_MODE:
            found.is_manual = found.is_manual or stream[at : at + 2] == _MANUAL
        elif kind == _OBJECT and stream[at + 4 : at + 6] == _PICTURE:
            found.pictures += 1
        elif kind == _TEXT_OBJECT and size >= 12:
            (box,) = struct.unpack_from("<H", stream, at + 10)
        elif kind == _CONTINUED and box and size > 1:
            found.boxes.append(_characters(stream[at + 1 : at + size], stream[at])[:box])
            box = 0
    return found


def _styled(content: bytes, kind: int, wanted: Container[int]) -> Iterator[tuple[Position, int]]:
    """Yield the cells of a record whose format means anything, with its index."""
    row, column, cell_format = _ADDRESS.unpack_from(content)
    if kind == _ROW_OF_NUMBERS:
        own = _OWN_FORMAT.iter_unpack(content[4 : 4 + (len(content) - 6) // 6 * 6])
        for n, (own_format, _) in enumerate(own, column):
            if own_format in wanted:
                yield (row, n), own_format
    elif cell_format in wanted:
        yield (row, column), cell_format


def _merged(content: bytes) -> Iterator[Range]:
    whole = len(content) - len(content) % _RANGE.size
    for top, bottom, left, right in _RANGE.iter_unpack(content[:whole]):
        yield (top, left), (bottom, right)


def _text(content: bytes) -> str:
    """Decode a text of Excel 97 or later: length, a flag for two bytes a character, the characters."""
    return _characters(content[3:], content[2])


def _characters(content: bytes, flags: int) -> str:
    encoding = "utf-16-le" if flags & 1 else "latin-1"
    return content.decode(encoding, "replace")


# --- the workbook


def _names(book: Any) -> tuple[str, ...]:
    """Return the texts that defined names stand for, of those that stand for one."""
    results = (getattr(name, "result", None) for name in book.name_obj_list)
    return tuple(r.value for r in results if r is not None and r.kind == _TEXT_RESULT and r.value)


class _Properties(NamedTuple):
    """What a file says of itself: if it has macros, its subject, other texts, and when it was last saved."""

    macros: bool = False
    subject: str = ""
    about: tuple[str, ...] = ()
    saved_at: datetime | None = None


def _properties(data: bytes) -> _Properties:
    """Return what a file says of itself."""
    import olefile  # noqa: PLC0415  # see above

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            found = ole.get_metadata()
            texts = (_decoded(getattr(found, name), found.codepage) for name in _PROPERTIES)
            saved_at = found.last_saved_time
            if saved_at is not None:
                saved_at = saved_at.replace(tzinfo=UTC, microsecond=0)
            return _Properties(
                macros=ole.exists("_VBA_PROJECT_CUR"),
                subject=_decoded(found.subject, found.codepage),
                about=tuple(filter(None, texts)),
                saved_at=saved_at,
            )
    except (OSError, ValueError, IndexError, struct.error):
        return _Properties()


def _decoded(value: object, codepage: object) -> str:
    if not isinstance(value, bytes):
        return ""
    if codepage in _UTF8_CODEPAGES:
        return value.decode(errors="replace")
    return value.decode("gb18030", "replace")
