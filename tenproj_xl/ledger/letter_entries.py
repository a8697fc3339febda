"""Entries of letters and of what is to be told in them: objects to what their table holds, and back."""

import json
import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from tenproj_xl.ledger import codec
from tenproj_xl.model.deliveries import (
    DUE,
    LetterAnswer,
    LetterBounce,
    LetterState,
    LiaisonLetter,
    NotedMatter,
)

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
_LATER = {"phone": "", "message_id": ""}
"""Fields that earlier entries lack."""
_TEXTS = ("key", "title", "section", "name", "channel", "subject", "folder", "text", "why")


class LettersView:
    """The letters of a period, and what is to be told in the next ones, as a ledger has them."""

    _db: sqlite3.Connection

    def letters(self, period: str) -> tuple[LiaisonLetter, ...]:
        """Return the letters of a period in the order of their first entries, each as it stands."""
        query = """SELECT letters.*, batches.at AS moment
                   FROM letters JOIN batches ON batches.id = letters.batch
                   WHERE period = ? AND state != ? ORDER BY seq"""
        return _as_they_stand(self._db.execute(query, (period, DUE)))

    def letter(self, reference: str) -> LiaisonLetter | None:
        """Return a letter as it stands, None where none has the reference."""
        query = """SELECT letters.*, batches.at AS moment
                   FROM letters JOIN batches ON batches.id = letters.batch
                   WHERE reference = ? AND state != ? ORDER BY seq"""
        return next(iter(_as_they_stand(self._db.execute(query, (reference, DUE)))), None)

    def letters_since(self, moment: datetime) -> tuple[LiaisonLetter, ...]:
        """Return the letters of all periods of which something was recorded since a moment."""
        query = """SELECT DISTINCT reference FROM letters JOIN batches ON batches.id = letters.batch
                   WHERE batches.at >= ? AND state != ?"""
        return self._by_reference(self._db.execute(query, (codec.utc(moment), DUE)))

    def letters_about(self, kind: str) -> tuple[LiaisonLetter, ...]:
        """Return the letters of all periods that are about matters of a kind, such as `slip`."""
        query = "SELECT DISTINCT reference FROM letters WHERE state != ? AND body LIKE ?"
        return self._by_reference(self._db.execute(query, (DUE, f'%"{kind}:%')))

    def letters_with_refusals(self) -> tuple[LiaisonLetter, ...]:
        """Return the letters of all periods that have addresses which take none."""
        query = """SELECT DISTINCT reference FROM letters WHERE state != ? AND body LIKE '%"refused": ["%'"""
        found = self._by_reference(self._db.execute(query, (DUE,)))
        return tuple(letter for letter in found if letter.refused)

    def _by_reference(self, rows: Iterable[sqlite3.Row]) -> tuple[LiaisonLetter, ...]:
        found = []
        for row in list(rows):
            letter = self.letter(row["reference"])
            if letter is not None:
                found.append(letter)
        return tuple(found)

    def matters(self, period: str, units: Collection[str] | None = None) -> tuple[NotedMatter, ...]:
        """Return what commands noted that (some) units are to be told of a period, the newest of each key."""
        of_units, values = "", [period, DUE]
        if units is not None:
            of_units = "AND addressee IN (SELECT value FROM json_each(?))"
            values.append(json.dumps(sorted(units)))
        query = f"SELECT * FROM letters WHERE period = ? AND state = ? {of_units} ORDER BY seq"  # noqa: S608  # a text of ours
        found: dict[str, NotedMatter] = {}
        for row in self._db.execute(query, values):
            matter = _matter_of(row)
            found[matter.key] = matter
        return tuple(found.values())

    def keys_noted(self, after: int, until: int) -> frozenset[str]:
        """Return the keys of the matters that were noted after a batch until another one."""
        query = "SELECT * FROM letters WHERE state = ? AND batch > ? AND batch <= ?"
        return frozenset(_matter_of(row).key for row in self._db.execute(query, (DUE, after, until)))


def matter_columns(matter: NotedMatter) -> dict[str, object]:
    """Return a matter by column of the table."""
    return {
        "reference": "",
        "period": matter.period,
        "addressee": matter.unit,
        "state": DUE,
        "body": codec.to_json(_matter_body(matter)),
    }


def letter_columns(letter: LiaisonLetter) -> dict[str, object]:
    """Return a letter by column of the table; its moment is that of the batch."""
    return {
        "reference": letter.reference,
        "period": letter.period,
        "addressee": letter.unit,
        "state": letter.state.value,
        "body": codec.to_json(_letter_body(letter)),
    }


def _matter_body(matter: NotedMatter) -> dict[str, object]:
    body = {name: _plain(getattr(matter, name)) for name in _OF_MATTER}
    if matter.by_machine:
        body["by_machine"] = True
    return body


def _letter_body(letter: LiaisonLetter) -> dict[str, object]:
    body = {name: _plain(getattr(letter, name)) for name in (*_OF_LETTER, *_LATER)}
    for name in ("answers", "bounces"):
        body[name] = [_event(one) for one in getattr(letter, name)]
    return body


def _event(event: LetterAnswer | LetterBounce) -> dict[str, object]:
    return {**asdict(event), "at": codec.utc(event.at)}


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _matter_of(row: sqlite3.Row) -> NotedMatter:
    fields = _fields(row, _OF_MATTER)
    sections = tuple((occasion, text) for occasion, text in fields.pop("sections"))
    return NotedMatter(
        period=row["period"],
        unit=row["addressee"],
        sections=sections,
        by_machine=json.loads(row["body"]).get("by_machine", False),
        **fields,
    )


def _as_they_stand(rows: Iterable[sqlite3.Row]) -> tuple[LiaisonLetter, ...]:
    """Return letters in the order of their first entries, each by its last, and since when it stands so."""
    found: dict[str, LiaisonLetter] = {}
    for row in rows:
        letter = _letter_of(row)
        before = found.get(letter.reference)
        if before is not None and before.state == letter.state:
            letter = replace(letter, at=before.at)
        found[letter.reference] = letter
    return tuple(found.values())


def _letter_of(row: sqlite3.Row) -> LiaisonLetter:
    body = json.loads(row["body"])
    return LiaisonLetter(
        reference=row["reference"],
        period=row["period"],
        unit=row["addressee"],
        state=LetterState.stored(row["state"]),
        at=datetime.fromisoformat(row["moment"]),
        **_fields(row, _OF_LETTER),
        **{name: body.get(name, lacking) for name, lacking in _LATER.items()},
        answers=tuple(LetterAnswer(**_moment(one)) for one in body.get("answers", ())),
        bounces=tuple(LetterBounce(**_moment(one)) for one in body.get("bounces", ())),
    )


def _moment(event: dict[str, Any]) -> dict[str, Any]:
    return {**event, "at": datetime.fromisoformat(event["at"])}


def _fields(row: sqlite3.Row, names: tuple[str, ...]) -> dict[str, Any]:
    body = json.loads(row["body"])
    return {name: body[name] if name in _TEXTS else tuple(body[name]) for name in names}
