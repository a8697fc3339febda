"""Entries of letters and of what is to be told in them: objects to what their table holds, and back."""

import json
import sqlite3
from datetime import datetime
from typing import Any

from tenproj_xl.ledger import codec
from tenproj_xl.model.deliveries import DUE, LetterState, LiaisonLetter, NotedMatter

_OF_MATTER = ("key", "title", "recipients", "sections", "endings", "files")
_OF_LETTER = (
    "section",
    "name",
    "channel",
    "to",
    "copies",
    "recipients",
    "subject",
    "topics",
    "files",
    "folder",
    "text",
    "about",
    "why",
    "refused",
)
_TEXTS = ("key", "title", "section", "name", "channel", "subject", "folder", "text", "why")


class LettersView:
    """The letters of a period, and what is to be told in the next ones, as a ledger has them."""

    _db: sqlite3.Connection

    def letters(self, period: str) -> tuple[LiaisonLetter, ...]:
        """Return the letters of a period in the order of their first entries, each as it stands."""
        query = """SELECT letters.*, batches.at AS moment
                   FROM letters JOIN batches ON batches.id = letters.batch
                   WHERE period = ? AND state != ? ORDER BY seq"""
        found: dict[str, LiaisonLetter] = {}
        for row in self._db.execute(query, (period, DUE)):
            found[row["reference"]] = _letter_of(row)
        return tuple(found.values())

    def matters(self, period: str) -> tuple[NotedMatter, ...]:
        """Return what commands noted that units are to be told of a period, the newest of each key."""
        query = "SELECT * FROM letters WHERE period = ? AND state = ? ORDER BY seq"
        found: dict[str, NotedMatter] = {}
        for row in self._db.execute(query, (period, DUE)):
            matter = _matter_of(row)
            found[matter.key] = matter
        return tuple(found.values())


def matter_columns(matter: NotedMatter) -> dict[str, object]:
    """Return a matter by column of the table."""
    return {
        "reference": "",
        "period": matter.period,
        "addressee": matter.unit,
        "state": DUE,
        "body": codec.to_json({name: _plain(getattr(matter, name)) for name in _OF_MATTER}),
    }


def letter_columns(letter: LiaisonLetter) -> dict[str, object]:
    """Return a letter by column of the table; its moment is that of the batch."""
    return {
        "reference": letter.reference,
        "period": letter.period,
        "addressee": letter.unit,
        "state": letter.state.value,
        "body": codec.to_json({name: _plain(getattr(letter, name)) for name in _OF_LETTER}),
    }


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _matter_of(row: sqlite3.Row) -> NotedMatter:
    fields = _fields(row, _OF_MATTER)
    sections = tuple((occasion, text) for occasion, text in fields.pop("sections"))
    return NotedMatter(period=row["period"], unit=row["addressee"], sections=sections, **fields)


def _letter_of(row: sqlite3.Row) -> LiaisonLetter:
    return LiaisonLetter(
        reference=row["reference"],
        period=row["period"],
        unit=row["addressee"],
        state=LetterState.stored(row["state"]),
        at=datetime.fromisoformat(row["moment"]),
        **_fields(row, _OF_LETTER),
    )


def _fields(row: sqlite3.Row, names: tuple[str, ...]) -> dict[str, Any]:
    body = json.loads(row["body"])
    return {name: body[name] if name in _TEXTS else tuple(body[name]) for name in names}
