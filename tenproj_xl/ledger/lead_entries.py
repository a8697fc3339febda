"""Entries of what lead units say of rows: objects to what the table `lead_words` holds, and back."""

import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime

from tenproj_xl.ledger import codec
from tenproj_xl.model.lead_words import LeadVerdict, LeadWord, WordKey

_COLUMNS = ("sha256", "sheet", "code", "period")
_BODY = ("task_force", "unit", "lead", "why")


def lead_word_columns(word: LeadWord) -> dict[str, object]:
    """Return a word by column of the table."""
    columns: dict[str, object] = {name: getattr(word, name) for name in _COLUMNS}
    body = {name: getattr(word, name) for name in _BODY}
    columns["verdict"] = word.verdict.value
    columns["body"] = codec.values_to_json({**body, "said_at": codec.utc(word.said_at)})
    return columns


def lead_words(connection: sqlite3.Connection, period: str) -> list[LeadWord]:
    """Return the words on the rows of a period, each as it stands."""
    last: dict[WordKey, LeadWord] = {}
    for row in connection.execute("SELECT * FROM lead_words WHERE period = ? ORDER BY seq", (period,)):
        word = _word_of(row)
        last[word.key] = word
    return list(last.values())


def has_lead_words(connection: sqlite3.Connection, period: str) -> bool:
    """Return whether anything was said of a row of a period, if only that it waits."""
    query = "SELECT 1 FROM lead_words WHERE period = ? LIMIT 1"
    return connection.execute(query, (period,)).fetchone() is not None


def left_out(connection: sqlite3.Connection, files: Iterable[str]) -> dict[WordKey, LeadVerdict]:
    """Return what does not count in some files, by their hashes: its lead returned it, or has not agreed."""
    last: dict[WordKey, LeadVerdict] = {}
    query = """SELECT sha256, sheet, code, period, verdict FROM lead_words
               WHERE sha256 IN (SELECT value FROM json_each(?)) ORDER BY seq"""
    wanted = json.dumps(sorted(set(files)))
    for sha256, sheet, code, period, verdict in connection.execute(query, (wanted,)):
        last[sha256, sheet, code, period] = LeadVerdict.stored(verdict)
    return {key: verdict for key, verdict in last.items() if not verdict.counts}


def key_of(entry: sqlite3.Row) -> WordKey:
    """Return what a word on an accepted row is about, from the row's entry."""
    return entry["sha256"], entry["sheet"], entry["code"], entry["period"]


def _word_of(row: sqlite3.Row) -> LeadWord:
    body = json.loads(row["body"])
    return LeadWord(
        **{name: row[name] for name in _COLUMNS},
        **{name: body[name] for name in _BODY},
        verdict=LeadVerdict.stored(row["verdict"]),
        said_at=datetime.fromisoformat(body["said_at"]),
    )
