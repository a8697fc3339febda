"""What a reading process tells comes out as it was, and whatever else it sends is no message."""

import io
import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenproj_xl.core.catalogue import Code, Gate
from tenproj_xl.core.cells import ErrorValue, NoValue
from tenproj_xl.reading.book import Book, Outside, OutsideKind, SheetCells
from tenproj_xl.reading.containers import Contents
from tenproj_xl.reading.content import Content, Held
from tenproj_xl.reading.documents import Document
from tenproj_xl.reading.guard import Refusal
from tenproj_xl.reading.members import Member
from tenproj_xl.reading.sniff import FileKind
from tenproj_xl.reading.wire import Convertible, Found, WireError, decoded, encoded, packed, receive, send

MOST = 1 << 20

texts = st.text(
    st.characters(), max_size=8
)  # lone halves of characters among them, as hostile files have them
moments = st.datetimes(timezones=st.just(UTC))
positions = st.tuples(st.integers(0, 1 << 20), st.integers(0, 1 << 14))
cells = st.one_of(
    st.none(),
    texts,
    st.booleans(),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
    texts.map(ErrorValue),
    texts.map(NoValue),
)
sheets = st.builds(
    SheetCells,
    name=texts,
    hidden=st.booleans(),
    rows=st.lists(st.lists(cells, max_size=4).map(tuple), max_size=4).map(tuple),
    merged=st.lists(st.tuples(positions, positions), max_size=2).map(tuple),
    stale=st.frozensets(positions, max_size=2),
    per_cent=st.frozensets(positions, max_size=2),
    shown=st.dictionaries(positions, texts, max_size=2),
    struck=st.frozensets(positions, max_size=2),
    unseen=st.frozensets(positions, max_size=2),
    pictures=st.frozensets(positions, max_size=2),
)
kinds = st.sampled_from(FileKind)
many_texts = st.lists(texts, max_size=2).map(tuple)
books = st.builds(
    Book,
    kind=kinds,
    sheets=st.lists(sheets, max_size=2).map(tuple),
    macros=st.booleans(),
    subject=texts,
    about=many_texts,
    outside=st.lists(
        st.builds(Outside, st.sampled_from(OutsideKind), texts, texts, texts, texts), max_size=2
    ).map(tuple),
    running=many_texts,
    names=many_texts,
    links=st.booleans(),
    rough=st.booleans(),
    saved_at=st.none() | moments,
)
refusals = st.builds(Refusal, st.sampled_from([c for c in Code if c.rule.gate is Gate.FILE]), texts)
members = st.builds(
    Member,
    name=texts,
    content=st.binary(max_size=20).map(Held),
    refusal=st.none() | refusals,
    sent_at=st.none() | moments,
    sender=texts,
    zipped_at=st.none() | moments,
)
anything = st.one_of(
    books,
    st.builds(Contents, kinds, st.lists(members, max_size=3).map(tuple), many_texts),
    st.builds(Document, kinds, texts),
    refusals,
    st.builds(Convertible, kinds, st.binary(max_size=20)),
)


def through(found: Found | Convertible) -> Found | Convertible:
    """What comes out where something was sent."""
    told, files = encoded(found)
    stream = io.BytesIO()
    send(stream, packed(told), files)
    stream.seek(0)
    message, kept = receive(stream, MOST, MOST, Held)
    assert not stream.read()
    return decoded(message, kept)


@settings(max_examples=300)
@given(anything)
def test_whatever_is_found_in_a_file_comes_out_as_it_was(found: Found | Convertible) -> None:
    again = through(found)
    assert again == found
    if isinstance(found, Book) and isinstance(again, Book):
        for one, other in zip(found.sheets, again.sheets, strict=True):
            types = [[type(cell) for cell in row] for row in one.rows]
            assert [[type(cell) for cell in row] for row in other.rows] == types, "1 is neither 1.0 nor true"


A_BOOK = encoded(
    Book(
        kind=FileKind.XLSX,
        sheets=(
            SheetCells(
                "一",
                hidden=False,
                rows=(("甲", 1.5, date(2026, 11, 28), time(8), timedelta(1), ErrorValue("#N/A")), (None,)),
                merged=(((0, 0), (1, 1)),),
                stale=frozenset({(0, 1)}),
                shown={(0, 1): "1.5万"},
            ),
        ),
        outside=(Outside(OutsideKind.COMMENT, "一", "A1", "批注"),),
        saved_at=datetime(2026, 11, 28, tzinfo=UTC),
    )
)[0]
A_MAIL = encoded(
    Contents(FileKind.MAIL, (Member("03.xlsx", Held(b"1"), Refusal(Code.FILE_EMPTY), sender="张三"),))
)[0]


def plain(told: object) -> Any:
    return json.loads(packed(told))


def places(told: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """All places in a message."""
    inner = told.items() if isinstance(told, dict) else enumerate(told) if isinstance(told, list) else ()
    return [path, *(place for key, value in inner for place in places(value, (*path, key)))]


WRONG = [None, True, -1, 1.5, 10**30, "x", [], {}, ["x"], ["m", "x"], ["s", 1, 2], ["?", "x"], {"is": "book"}]


@settings(max_examples=400)
@given(st.data(), st.sampled_from([A_BOOK, A_MAIL]), st.sampled_from(WRONG))
def test_whatever_stands_in_the_wrong_place_gives_a_known_value_or_none(
    data: st.DataObject, told: Any, wrong: Any
) -> None:
    message = plain(told)
    *path, last = data.draw(st.sampled_from(places(message)[1:]))
    at = message
    for key in path:
        at = at[key]
    at[last] = wrong
    files: list[Content] = [Held(b"1")] if told is A_MAIL else []
    try:
        found = decoded(message, files)
    except WireError:
        return
    assert isinstance(found, Book | Contents)
    assert through(found) == found


@pytest.mark.parametrize("cell", ["1e999", "-1e999", "NaN", "Infinity", '["m","2026"]', '["x","1"]', "{}"])
def test_what_no_cell_can_hold_is_no_message(cell: str) -> None:
    text = packed(A_BOOK).decode().replace("1.5,", f"{cell},", 1)
    stream = io.BytesIO()
    send(stream, text.encode())
    stream.seek(0)
    with pytest.raises(WireError):
        decoded(*receive(stream, MOST, 0, Held))


@pytest.mark.parametrize(
    ("body", "files", "most", "room"),
    [(b"1" * 11, [], 10, 0), (b"1", [b"1" * 11], 10, 10), (b"1", [b"1" * 6] * 2, 10, 10)],
)
def test_lengths_are_looked_at_before_anything_is_read(
    body: bytes, files: list[bytes], most: int, room: int
) -> None:
    stream = io.BytesIO()
    send(stream, body, files)
    stream.seek(0)
    with pytest.raises(WireError, match="too long"):
        receive(stream, most, room, Held)


def test_brackets_without_end_are_no_message() -> None:
    stream = io.BytesIO()
    send(stream, b"[" * 200_000)
    stream.seek(0)
    with pytest.raises(WireError):
        receive(stream, MOST, 0, Held)


def test_a_message_that_breaks_off_is_the_end() -> None:
    stream = io.BytesIO()
    send(stream, packed(A_BOOK))
    whole = stream.getvalue()
    for end in (0, 3, 8, 20, len(whole) - 1):
        with pytest.raises(EOFError):
            receive(io.BytesIO(whole[:end]), MOST, 0, Held)


def test_rows_that_are_blank_are_one_in_memory() -> None:
    book = Book(kind=FileKind.XLSX, sheets=(SheetCells("一", hidden=False, rows=((None,) * 14,) * 3),))
    again = through(book)
    assert isinstance(again, Book)
    assert len({id(row) for row in again.sheets[0].rows}) == 1
