"""An .xls: how far its cells reach, which of them show errors, that calamine reads as blank, and what it brings along.

Reads: the bytes of an OLE file. Gives: a scan of each sheet in order. Only the headers of records are walked; what they
hold is calamine's to read.
"""

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from tenproj_xl.core.cells import ErrorValue
from tenproj_xl.reading.book import Position
from tenproj_xl.reading.xlsx import SheetScan

_HEAD = struct.Struct("<HH")
_BOUNDSHEET, _BOF, _EOF, _SUPBOOK, _FORMULA, _BOOLERR = 0x0085, 0x0809, 0x000A, 0x01AE, 0x0006, 0x0205
_CELLS = {0x0203, 0x0204, 0x00FD, 0x027E, 0x00BD, 0x00D6, _FORMULA, _BOOLERR}
_MANY_NUMBERS = 0x00BD
_RUNNING = (0x0014, 0x0015)  # header and footer
_CALCULATES = 0x000D  # by itself, or only when asked
_BY_HAND = b"\0\0"
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
_NAME, _NAME_HEAD, _STRING = 0x0018, 14, b"\x17"
_OWN_SHEETS, _ADD_INS = b"\x01\x04", b"\x01\x3a"


@dataclass(frozen=True)
class XlsScan:
    """The sheets in order, chart sheets among them, and what may be warned of."""

    sheets: tuple[SheetScan, ...] = ()
    macros: bool = False
    links: bool = False
    subject: str = ""
    running: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    scripted: bool = False


def scan_xls(data: bytes) -> XlsScan:
    """The scan of a workbook; an empty one where its streams or records are damaged, which calamine will say."""
    import olefile  # noqa: PLC0415  # only workers need it, and only for .xls

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            name = next((n for n in ("Workbook", "Book") if ole.exists(n)), None)
            stream = ole.openstream(name).read() if name else b""
            macros = ole.exists("_VBA_PROJECT_CUR")
            about = ole.get_metadata()
    except (OSError, ValueError, IndexError, struct.error):
        return XlsScan()
    starts: list[int] = []
    names: list[str] = []
    links = False
    for kind, at, size in _records(stream, 0):
        if kind == _BOUNDSHEET and size >= 4:
            starts += struct.unpack_from("<I", stream, at)
        elif kind == _SUPBOOK:
            links = links or stream[at + 2 : at + 4] not in (_OWN_SHEETS, _ADD_INS)
        elif kind == _NAME and size > _NAME_HEAD:
            names += _text_of_name(stream[at : at + size])
    found = _Found()
    sheets = tuple(_sheet(stream, start, found) for start in starts)
    subject = _property(about.subject, about.codepage)
    return XlsScan(sheets, macros, links, subject, tuple(found.running), tuple(names), found.by_hand)


@dataclass
class _Found:
    """What sheets say of the whole book: headers and footers, each once, and if results are computed only by hand."""

    running: dict[str, None] = field(default_factory=dict)
    by_hand: bool = False


def _property(value: object, codepage: object) -> str:
    if not isinstance(value, bytes):
        return ""
    return value.decode("utf-8" if codepage in (65001, -535) else "gb18030", "replace")


def _records(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Kind, place of the content and its size for each record of the substream that begins there."""
    depth = 0
    while at + 4 <= len(stream):
        kind, size = _HEAD.unpack_from(stream, at)
        yield kind, at + 4, min(size, len(stream) - at - 4)
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            return
        at += 4 + size


def _sheet(stream: bytes, start: int, found: _Found) -> SheetScan:
    """The scan of one sheet; what it says of the book joins what was found."""
    odd: dict[Position, ErrorValue] = {}
    formulas = set()
    rows = columns = 0
    for kind, at, size in _records(stream, start):
        if kind in _CELLS and size >= 6:
            row, column = struct.unpack_from("<HH", stream, at)
            if kind == _MANY_NUMBERS:  # whose last column stands at its end
                (column,) = struct.unpack_from("<H", stream, at + size - 2)
            rows, columns = max(rows, row + 1), max(columns, column + 1)
        if kind == _FORMULA and size >= 14:
            place = struct.unpack_from("<HH", stream, at)
            formulas.add(place)
            if stream[at + 12 : at + 14] == b"\xff\xff" and stream[at + 6] == 2:
                odd[place] = _error(stream[at + 8])
        elif kind == _BOOLERR and size >= 8 and stream[at + 7]:
            odd[struct.unpack_from("<HH", stream, at)] = _error(stream[at + 6])
        elif kind in _RUNNING and size > 3:
            found.running[_text(stream[at : at + size])] = None
        elif kind == _CALCULATES and stream[at : at + 2] == _BY_HAND:
            found.by_hand = True
    return SheetScan(rows, columns, odd, frozenset(formulas))


def _text_of_name(content: bytes) -> Iterator[str]:
    """The text that a name stands for, if it stands for nothing else."""
    length = content[3] * (1 + (content[_NAME_HEAD] & 1))
    formula = content[_NAME_HEAD + 1 + length :][: struct.unpack_from("<H", content, 4)[0]]
    if formula.startswith(_STRING) and len(formula) > 2:
        encoding = "utf-16-le" if formula[2] & 1 else "latin-1"
        yield formula[3 : 3 + formula[1] * (1 + (formula[2] & 1))].decode(encoding, "replace")


def _text(content: bytes) -> str:
    """A text of Excel 97 or later: how long, of one or two bytes a character, the characters."""
    encoding = "utf-16-le" if content[2] & 1 else "latin-1"
    return content[3:].decode(encoding, "replace")


def _error(code: int) -> ErrorValue:
    return ErrorValue(_ERRORS.get(code, "#N/A"))
