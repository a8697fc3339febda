"""What a file says in words, and which of it other files say as well: what a lawful removal looks for."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from tenproj_xl.core.columns import Kind
from tenproj_xl.core.sheets import COVER, TEMPLATE_SHEETS

_LONG = 6
"""Words of lead units, of the office and in answers to slips count from so many characters on."""
_SHARED = 12
"""What is shorter is a phrase that anybody may use."""


@dataclass(frozen=True, kw_only=True)
class WordsOfFile:
    """What a file says in words: texts that it alone has, and the names of other files that have some, too.

    Texts that stand in the plan are nobody's, and left out; files that only share phrases are not named.
    """

    own: tuple[str, ...]
    shared_with: tuple[str, ...]


def words_of(connection: sqlite3.Connection, sha256: str) -> WordsOfFile:
    """Return what a file says in words.

    Args:
        connection: The ledger; its rows have names.
        sha256: The hash of the file.
    """
    said: set[str] = set()
    elsewhere: dict[str, set[str]] = {}
    for of_file, name, text in _texts(connection):
        if of_file == sha256:
            said.add(text)
        else:
            elsewhere.setdefault(text, set()).add(name)
    plans = [body for (body,) in connection.execute("SELECT body FROM snapshots WHERE kind = 'plan'")]
    said = {text for text in said if not any(_as_json(text) in body for body in plans)}
    both = [text for text in said & elsewhere.keys() if len(text) >= _SHARED]
    shared = {name for text in both for name in elsewhere[text]}
    return WordsOfFile(own=tuple(sorted(said - elsewhere.keys())), shared_with=tuple(sorted(shared)))


def _texts(connection: sqlite3.Connection) -> Iterator[tuple[str, str, str]]:
    """Yield the hash of a file, its name, and a text that stands in it."""
    for row in connection.execute("SELECT sheet, sha256, file, payload FROM rows"):
        fields = _FREE_TEXT.get(row["sheet"], frozenset())
        for field, typed in json.loads(row["payload"])["typed"].items():
            if field in fields and typed:
                yield row["sha256"], row["file"], str(typed)
    for row in connection.execute("SELECT sha256, body FROM receipts"):
        body = json.loads(row["body"])
        for field, value in body["cover"].items():
            if field in _OF_COVER and isinstance(value, str) and value:
                yield row["sha256"], body["file"], value
    for table in ("lead_words", "slip_replies", "decisions"):
        for row in connection.execute(f"SELECT sha256, body FROM {table}"):  # noqa: S608  # named above
            for text in _strings(json.loads(row["body"])):
                if len(text) >= _LONG and not text[:4].isdecimal():  # no date
                    yield row["sha256"], "", text


def _strings(body: object) -> Iterator[str]:
    if isinstance(body, str):
        yield body
    elif isinstance(body, list):
        for part in body:
            yield from _strings(part)
    elif isinstance(body, dict):
        for part in body.values():
            yield from _strings(part)


def _as_json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


_WORDS = (Kind.TEXT, Kind.LONG_TEXT)
_FREE_TEXT = {
    sheet.code: frozenset(c.field for c in sheet.columns if c.kind in _WORDS and c.fill.is_input)
    for sheet in TEMPLATE_SHEETS
}
_OF_COVER = frozenset(c.field for c in COVER.columns if c.kind in _WORDS and c.fill.is_input)
"""The columns that units write in words."""
WRITTEN_IN_WORDS = _OF_COVER.union(*_FREE_TEXT.values())
NOT_IN_WORDS = (
    frozenset(c.field for sheet in (*TEMPLATE_SHEETS, COVER) for c in sheet.columns)
    - WRITTEN_IN_WORDS
    - {"name", "review", "lead_opinion"}  # issues are named as they are described; the office may quote
)
"""The columns that units write words in, in one sheet at least; and those of plan, figures and choices."""
