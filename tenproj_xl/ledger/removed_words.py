"""What a file says in words, and which of it other files say as well: what a lawful removal looks for."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from tenproj_xl.core.columns import Kind
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.sheets import COVER, TEMPLATE_SHEETS

_LONG = 6
"""Words of lead units, of the office and in answers to slips count from so many characters on."""
_SHARED = 12
"""What is shorter is a phrase that anybody may use."""


@dataclass(frozen=True, kw_only=True)
class WordsOfFile:
    """What a file says in words: texts that it alone says, and the names of other files that have some, too.

    Later forms carry what was said before and do not say it again: a text is still the file's own, and those
    that carry it are named first. Texts that stand in the plan are nobody's, and left out; files that only
    share phrases are not named.
    """

    own: tuple[str, ...]
    shared_with: tuple[str, ...]


def words_of(connection: sqlite3.Connection, sha256: str) -> WordsOfFile:
    """Return what a file says in words.

    Args:
        connection: The ledger; its rows have names.
        sha256: The hash of the file.
    """
    written: set[str] = set()
    said_by: dict[str, set[str]] = {}
    carried_by: dict[str, set[str]] = {}
    for found in _texts(connection):
        if found.sha256 == sha256:
            written.add(found.text)
        elif found.is_said:
            said_by.setdefault(found.text, set()).add(found.file)
        else:
            carried_by.setdefault(found.text, set()).add(found.file)
    plans = [body for (body,) in connection.execute("SELECT body FROM snapshots WHERE kind = 'plan'")]
    written = {text for text in written if not any(_as_json(text) in body for body in plans)}
    own = written - said_by.keys()
    carrying = _named(own, carried_by)
    sharing = _named(written - own, said_by)
    return WordsOfFile(own=tuple(sorted(own)), shared_with=tuple(dict.fromkeys(carrying + sharing)))


def _named(texts: Iterable[str], files: Mapping[str, set[str]]) -> list[str]:
    """Return the names of the files that have any of some texts that are no mere phrases."""
    named = set()
    for text in texts:
        if len(text) >= _SHARED:
            named |= files.get(text, set())
    return sorted(filter(None, named))


class _Text(NamedTuple):
    """A text that stands in a file, and whether the file says it: a form carries what was said before."""

    sha256: str
    file: str
    text: str
    is_said: bool = True


def _texts(connection: sqlite3.Connection) -> Iterator[_Text]:
    for row in connection.execute("SELECT sheet, sha256, file, payload FROM rows"):
        fields, payload = _FREE_TEXT.get(row["sheet"], frozenset()), json.loads(row["payload"])
        for field, typed in payload["typed"].items():
            if field in fields and typed:
                yield _Text(row["sha256"], row["file"], str(typed), field in payload["said"])
    for row in connection.execute("SELECT sha256, body FROM receipts"):
        body = json.loads(row["body"])
        for field, value in body["cover"].items():
            if field in _OF_COVER and isinstance(value, str) and value:
                yield _Text(row["sha256"], body["file"], value)
    for table in ("lead_words", "slip_replies", "decisions"):
        for row in connection.execute(f"SELECT sha256, body FROM {table}"):  # noqa: S608  # named above
            for text in _strings(json.loads(row["body"])):
                if len(text) >= _LONG and not text[:4].isdecimal():  # no date
                    yield _Text(row["sha256"], "", text)


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
