"""What a reading process and its parent tell each other: JSON, with files as bytes behind it.

A reading process may have been taken over by what it read: so its answers are values of the types below and
nothing else, every one of them is checked, and lengths are compared with limits before anything is read.
"""

import json
import struct
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import chain
from math import isfinite
from typing import BinaryIO

from tenproj_xl.core.catalogue import Code, Gate
from tenproj_xl.core.cells import ErrorValue, NoValue
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.reading.book import Book, Outside, OutsideKind, Position, Range, SheetCells
from tenproj_xl.reading.containers import Contents
from tenproj_xl.reading.content import Content
from tenproj_xl.reading.documents import Document
from tenproj_xl.reading.guard import Refusal
from tenproj_xl.reading.members import Member
from tenproj_xl.reading.sniff import FileKind

_COUNT = struct.Struct("<I")
_LENGTH = struct.Struct("<Q")
_PLAIN = frozenset({str, float, int, bool, type(None)})
_WHOLE = frozenset({int})
_OF_TEXT: Mapping[str, Callable[[str], object]] = {
    "m": datetime.fromisoformat,
    "d": date.fromisoformat,
    "t": time.fromisoformat,
    "e": ErrorValue,
    "n": NoValue,
}
"""What cells are made of that JSON has no type for, by their letter."""
Json = object
"""What JSON can hold."""


class WireError(Exception):
    """What came is no message, or not one that can be meant."""


@dataclass(frozen=True)
class Convertible:
    """A workbook that only LibreOffice reads: `data` is what to give to it."""

    kind: FileKind
    data: bytes


Found = Book | Contents | Document | Refusal
"""What a file is."""
Keep = Callable[[bytes], Content]
"""Takes in bytes that came behind the JSON."""


# --- messages


def packed(message: Json) -> bytes:
    """Return a message as it is sent."""
    text = json.dumps(message, default=_odd_cell, ensure_ascii=False, check_circular=False, allow_nan=False)
    return text.encode("utf-8", "surrogatepass")


def send(stream: BinaryIO, body: bytes, files: Sequence[bytes] = ()) -> None:
    """Write a packed message and the files behind it."""
    stream.write(_COUNT.pack(len(files)) + _LENGTH.pack(len(body)))
    stream.write(body)
    for file in files:
        stream.write(_LENGTH.pack(len(file)))
        stream.write(file)
    stream.flush()


def receive(stream: BinaryIO, most: int, files: int, keep: Keep) -> tuple[Json, list[Content]]:
    """Return a message and the files behind it; see `receive_bytes`."""
    body, kept = receive_bytes(stream, most, files, keep)
    return unpacked(body), kept


def receive_bytes(stream: BinaryIO, most: int, files: int, keep: Keep) -> tuple[bytes, list[Content]]:
    """Return a message as it came, and the files behind it.

    Args:
        stream: Where it comes from.
        most: The bytes that the message may have.
        files: The bytes that the files may have together.
        keep: Takes in each file.

    Raises:
        EOFError: The other side has ended.
        WireError: It is longer.
    """
    (count,) = _COUNT.unpack(_exactly(stream, _COUNT.size))
    body = _exactly(stream, _length(stream, most))
    kept = []
    for _ in range(count):
        length = _length(stream, files)
        files -= length + _LENGTH.size
        kept.append(keep(_exactly(stream, length)))
    return body, kept


def unpacked(body: bytes) -> Json:
    """Return a message.

    Raises:
        WireError: It is none.
    """
    try:
        return json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError) as fault:
        raise WireError(str(fault)) from fault


def _length(stream: BinaryIO, most: int) -> int:
    (length,) = _LENGTH.unpack(_exactly(stream, _LENGTH.size))
    if length > most:
        raise WireError("too long")
    return int(length)


def _exactly(stream: BinaryIO, length: int) -> bytes:
    data = stream.read(length)
    if len(data) < length:
        raise EOFError
    return data


def _no_number(name: str) -> object:
    raise ValueError(name)


# --- what a file is, as JSON


def encoded(found: Found | Convertible) -> tuple[dict[str, Json], list[bytes]]:
    """Return what a file is as JSON, and the files that go behind it."""
    match found:
        case Book():
            return {"is": "book", **_book(found)}, []
        case Contents():
            members = [_member(member) for member in found.members]
            files = [member.content.read() for member in found.members]
            told = {"is": "files", "kind": found.kind, "words": found.words, "said": found.said}
            return {**told, "members": members}, files
        case Document():
            return {"is": "document", "kind": found.kind, "text": found.text}, []
        case Convertible():
            return {"is": "convertible", "kind": found.kind}, [found.data]
    return {"is": "refusal", **_refusal(found)}, []


def _refusal(refusal: Refusal) -> dict[str, Json]:
    return {"code": refusal.code.name, "found": refusal.found}


def _member(member: Member) -> dict[str, Json]:
    return {
        "name": member.name,
        "refusal": _refusal(member.refusal) if member.refusal else None,
        "sent_at": member.sent_at.isoformat() if member.sent_at else None,
        "sender": member.sender,
        "zipped_at": member.zipped_at.isoformat() if member.zipped_at else None,
    }


def _book(book: Book) -> dict[str, Json]:
    outside = [(o.kind, o.sheet, o.cell, o.text, o.author) for o in book.outside]
    return {
        "kind": book.kind,
        "sheets": [_sheet(sheet) for sheet in book.sheets],
        "macros": book.macros,
        "subject": book.subject,
        "about": book.about,
        "outside": outside,
        "running": book.running,
        "names": book.names,
        "links": book.links,
        "rough": book.rough,
        "saved_at": book.saved_at.isoformat() if book.saved_at else None,
    }


def _sheet(sheet: SheetCells) -> dict[str, Json]:
    return {
        "name": sheet.name,
        "hidden": sheet.hidden,
        "rows": sheet.rows,
        "merged": sheet.merged,
        "stale": _flat(sheet.stale),
        "per_cent": _flat(sheet.per_cent),
        "shown": [(*at, text) for at, text in sheet.shown.items()],
        "struck": _flat(sheet.struck),
        "unseen": _flat(sheet.unseen),
        "pictures": _flat(sheet.pictures),
    }


def _flat(positions: Collection[Position]) -> list[int]:
    """Return rows and columns in turn, which are many."""
    return list(chain.from_iterable(sorted(positions)))


def _odd_cell(cell: object) -> Json:
    """Return a cell that JSON has no type for as a letter and what it holds."""
    match cell:
        case datetime():
            return ("m", cell.isoformat())
        case date():
            return ("d", cell.isoformat())
        case time():
            return ("t", cell.isoformat())
        case timedelta():
            return ("s", cell.days, cell.seconds, cell.microseconds)
        case ErrorValue():
            return ("e", cell.text)
        case NoValue():
            return ("n", cell.formula)
    raise TypeError(type(cell).__name__)


# --- and back


def decoded(message: Json, files: Sequence[Content]) -> Found | Convertible:
    """Return what a file is.

    Raises:
        WireError: The message tells nothing that a file can be.
    """
    try:
        return _found(_object(message), files)
    except (TypeError, ValueError, KeyError, OverflowError) as fault:
        raise WireError(str(fault)) from fault


def _found(told: Mapping[str, Json], files: Sequence[Content]) -> Found | Convertible:
    match told["is"]:
        case "book":
            return _decoded_book(told)
        case "files":
            kind, words = FileKind(_text(told["kind"])), _texts(told["words"])
            members = zip(_list(told["members"]), files, strict=True)
            inside = tuple(_decoded_member(_object(m), file) for m, file in members)
            return Contents(kind, inside, words, _text(told["said"]))
        case "document":
            return Document(FileKind(_text(told["kind"])), _text(told["text"]))
        case "convertible":
            (file,) = files
            return Convertible(FileKind(_text(told["kind"])), file.read())
        case "refusal":
            return _decoded_refusal(told)
    raise ValueError(told["is"])


def _decoded_refusal(told: Mapping[str, Json]) -> Refusal:
    code = Code[_text(told["code"])]
    if code.rule.gate is not Gate.FILE:
        raise ValueError(code.name)
    return Refusal(code, _text(told["found"]))


def _decoded_member(told: Mapping[str, Json], file: Content) -> Member:
    refusal = told["refusal"]
    return Member(
        name=_text(told["name"]),
        content=file,
        refusal=None if refusal is None else _decoded_refusal(_object(refusal)),
        sent_at=_moment(told["sent_at"]),
        sender=_text(told["sender"]),
        zipped_at=_moment(told["zipped_at"]),
    )


def _decoded_book(told: Mapping[str, Json]) -> Book:
    return Book(
        kind=FileKind(_text(told["kind"])),
        sheets=tuple(_decoded_sheet(_object(sheet)) for sheet in _list(told["sheets"])),
        macros=_flag(told["macros"]),
        subject=_text(told["subject"]),
        about=_texts(told["about"]),
        outside=tuple(_decoded_outside(one) for one in _list(told["outside"])),
        running=_texts(told["running"]),
        names=_texts(told["names"]),
        links=_flag(told["links"]),
        rough=_flag(told["rough"]),
        saved_at=_moment(told["saved_at"]),
    )


def _decoded_outside(told: Json) -> Outside:
    kind, *texts = _list(told)
    sheet, cell, text, author = _texts(texts)
    return Outside(OutsideKind(_text(kind)), sheet, cell, text, author)


def _decoded_sheet(told: Mapping[str, Json]) -> SheetCells:
    return SheetCells(
        name=_text(told["name"]),
        hidden=_flag(told["hidden"]),
        rows=_rows(told["rows"]),
        merged=tuple(_range(one) for one in _list(told["merged"])),
        stale=_positions(told["stale"]),
        per_cent=_positions(told["per_cent"]),
        shown=dict(_shown(one) for one in _list(told["shown"])),
        struck=_positions(told["struck"]),
        unseen=_positions(told["unseen"]),
        pictures=_positions(told["pictures"]),
    )


def _rows(told: Json) -> tuple[tuple[object, ...], ...]:
    """Return rows of cells; blank ones of a width are one and the same."""
    blank: dict[int, tuple[None, ...]] = {}
    rows: list[tuple[object, ...]] = []
    numbers: list[float] = []
    for row in _list(told):
        cells = _list(row)
        if cells.count(None) == len(cells):
            rows.append(blank.setdefault(len(cells), (None,) * len(cells)))
        else:
            kinds = set(map(type, cells))
            if not kinds <= _PLAIN:
                cells = [cell if type(cell) in _PLAIN else _cell(cell) for cell in cells]
            if float in kinds:
                numbers += [cell for cell in cells if isinstance(cell, float)]
            rows.append(tuple(cells))
    if not isfinite(sum(numbers)) and not all(map(isfinite, numbers)):  # which JSON may hold as 1e999
        raise ValueError("no number")
    return tuple(rows)


def _cell(told: Json) -> object:
    """Return a cell that JSON has no type for."""
    letter, *rest = _list(told)
    if letter == "s":
        days, seconds, microseconds = map(_whole, rest)
        return timedelta(days, seconds, microseconds)
    (text,) = _texts(rest)
    return _OF_TEXT[_text(letter)](text)


# --- plain values


def _object(told: Json) -> Mapping[str, Json]:
    if not isinstance(told, dict):
        raise TypeError("no object")
    return told


def _list(told: Json) -> list[Json]:
    if not isinstance(told, list):
        raise TypeError("no list")
    return told


def _text(told: Json) -> str:
    if not isinstance(told, str):
        raise TypeError("no text")
    return told


def _texts(told: Json) -> tuple[str, ...]:
    return tuple(map(_text, _list(told)))


def _flag(told: Json) -> bool:
    if not isinstance(told, bool):
        raise TypeError("neither true nor false")
    return told


def _whole(told: Json) -> int:
    if type(told) is not int:
        raise TypeError("no whole number")
    return told


def _moment(told: Json) -> datetime | None:
    if told is None:
        return None
    moment = datetime.fromisoformat(_text(told))
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone")
    return moment


def _position(told: Json) -> Position:
    row, column = map(_whole, _list(told))
    if row < 0 or column < 0:
        raise ValueError("left of or above everything")
    return row, column


def _positions(told: Json) -> frozenset[Position]:
    numbers = _list(told)
    if not _WHOLE.issuperset(map(type, numbers)):
        raise TypeError("no whole numbers")
    whole: list[int] = numbers  # type: ignore[assignment]  # as was just looked at
    if min(whole, default=0) < 0:
        raise ValueError("left of or above everything")
    return frozenset(zip(whole[::2], whole[1::2], strict=True))


def _range(told: Json) -> Range:
    first, last = map(_position, _list(told))
    return first, last


def _shown(told: Json) -> tuple[Position, str]:
    row, column, text = _list(told)
    return _position([row, column]), _text(text)
