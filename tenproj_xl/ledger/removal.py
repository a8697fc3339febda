"""Lawful removal: contents leave the ledger, and its chain still proves all that is left.

The heads of what was taken out stay; an entry of the kind `removals` names them, each with the digest of what
is left of its contents, as it was hashed with a new salt. See `ledger.proof`.
"""

import json
import sqlite3
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.texts import canonical
from tenproj_xl.ledger import codec
from tenproj_xl.ledger.proof import KEYS, digest, entry_key, lawfully_removed, new_salt, seal
from tenproj_xl.ledger.removed_words import NOT_IN_WORDS, WRITTEN_IN_WORDS
from tenproj_xl.ledger.standing import ReportKey
from tenproj_xl.model.password_reader import has_passwords, without_passwords
from tenproj_xl.model.removals import TAKEN_OUT

_OF_FILE = (
    "files",
    "receipts",
    "rows",
    "withdrawals",
    "preferences",
    "admissions",
    "reviews",
    "questions",
    "lead_words",
    "slip_replies",
)
"""Kinds of entries that are about one file, by its hash, and go with it."""
_NOTHING_LEFT = ""


@dataclass(frozen=True)
class _Entry:
    """An entry, with the number of its head."""

    number: int
    kind: str
    row: sqlite3.Row

    @property
    def key(self) -> dict[str, Any]:
        return {column: self.row[column] for column in KEYS[self.kind]}


def reports_of(connection: sqlite3.Connection, sha256: str) -> set[ReportKey]:
    """Return the reports that a file brought."""
    query = "SELECT DISTINCT sheet, code, period FROM rows WHERE sha256 = ?"
    return {tuple(row) for row in connection.execute(query, (sha256,))}


def take_out(connection: sqlite3.Connection, sha256: str, texts: Collection[str]) -> dict[int, str]:
    """Take all that came of a file out of the ledger, within the transaction that is open.

    Args:
        connection: The ledger; its rows have names.
        sha256: The hash of the file, whose own entries go as a whole.
        texts: What it said in words, which go wherever else they were written to.

    Returns:
        By the numbers of their heads, the digests of what is left of entries, "" for nothing.
    """
    numbers = _numbers(connection)
    taken: dict[int, str] = {}
    for kind in _OF_FILE:
        for entry in _entries(connection, kind, numbers, "WHERE sha256 = ?", (sha256,)):
            taken[entry.number] = _delete(connection, entry)
    words = _Words(texts)
    for kind in KEYS:
        if kind == "snapshots":  # plan and settings are the office's own
            continue
        for entry in list(_entries(connection, kind, numbers)):
            changed = words.taken_out_of(entry)
            if changed:
                taken[entry.number] = _rewrite(connection, entry, changed)
    return taken


def newest_taken_out(connection: sqlite3.Connection) -> dict[str, int]:
    """Return by kind the greatest `seq` that an entry had which is gone; none may have it again.

    A head goes by the key of its entry: another entry under that key would seem to be the one that is gone.
    """
    gone = [number for number, left in lawfully_removed(connection).items() if left == _NOTHING_LEFT]
    if not gone:
        return {}
    query = """SELECT kind, MAX(CAST(entry AS INTEGER)) FROM heads
               WHERE number IN (SELECT value FROM json_each(?)) GROUP BY kind"""
    newest = dict(connection.execute(query, (json.dumps(gone),)).fetchall())
    return {kind: seq for kind, seq in newest.items() if KEYS.get(kind) == ("seq",)}


def take_out_passwords(connection: sqlite3.Connection) -> dict[int, str]:
    """Take the passwords of files out of what was kept of settings, and return what is left, as above."""
    numbers = _numbers(connection)
    taken: dict[int, str] = {}
    for entry in list(_entries(connection, "snapshots", numbers, "WHERE kind = 'settings'")):
        tables = json.loads(entry.row["body"])
        if has_passwords(tables):
            body = codec.to_json(without_passwords(tables))
            taken[entry.number] = _rewrite(connection, entry, {"body": body})
    return taken


def forget_passwords(connection: sqlite3.Connection, now: datetime) -> None:
    """Take passwords out of an earlier ledger, and record that, within the transaction that is open."""
    taken = take_out_passwords(connection)
    last = connection.execute("SELECT * FROM batches ORDER BY id DESC LIMIT 1").fetchone()
    if not taken:
        return
    at = max(codec.utc(now), last["at"])
    values = ("upgrade", at, last["plan"], last["settings"], codec.ENCODING)
    insert = "INSERT INTO batches (command, at, plan, settings, encoding) VALUES (?, ?, ?, ?, ?)"
    batch = connection.execute(insert, values).lastrowid
    removal = ("", "设置.xlsx", "打开密码不再存入台账", codec.to_json(taken), batch, codec.ENCODING)
    insert = "INSERT INTO removals (sha256, name, why, body, batch, encoding) VALUES (?, ?, ?, ?, ?, ?)"
    seq = connection.execute(insert, removal).lastrowid
    seal(connection, [("batches", int(batch or 0)), ("removals", int(seq or 0))], at)


# --- entries


def _numbers(connection: sqlite3.Connection) -> Mapping[tuple[str, str], int]:
    """Return the numbers of the heads, of several under one key that of the last."""
    query = "SELECT kind, entry, number FROM heads ORDER BY number"
    return {(kind, entry): number for kind, entry, number in connection.execute(query)}


def _entries(
    connection: sqlite3.Connection,
    kind: str,
    numbers: Mapping[tuple[str, str], int],
    where: str = "",
    values: Collection[str] = (),
) -> Iterator[_Entry]:
    for row in connection.execute(f"SELECT * FROM {kind} {where}", tuple(values)).fetchall():  # noqa: S608  # kinds and conditions are this module's own
        number = numbers.get((kind, entry_key(kind, row)))
        if number is not None:  # entries of the batch at hand are not sealed yet
            yield _Entry(number, kind, row)


def _delete(connection: sqlite3.Connection, entry: _Entry) -> str:
    where = " AND ".join(f"{column} = :{column}" for column in entry.key)
    connection.execute(f"DELETE FROM {entry.kind} WHERE {where}", entry.key)  # noqa: S608  # of KEYS
    connection.execute("DELETE FROM salts WHERE number = ?", (entry.number,))
    return _NOTHING_LEFT


def _rewrite(connection: sqlite3.Connection, entry: _Entry, changed: Mapping[str, str]) -> str:
    """Write columns of an entry anew; return the digest of all of it with a new salt."""
    columns = ", ".join(f"{column} = :new_{column}" for column in changed)
    where = " AND ".join(f"{column} = :{column}" for column in entry.key)
    values = entry.key | {f"new_{column}": value for column, value in changed.items()}
    connection.execute(f"UPDATE {entry.kind} SET {columns} WHERE {where}", values)  # noqa: S608  # of KEYS
    salt = new_salt()
    connection.execute("UPDATE salts SET salt = ? WHERE number = ?", (salt, entry.number))
    row = connection.execute(f"SELECT * FROM {entry.kind} WHERE {where}", entry.key).fetchone()  # noqa: S608  # of KEYS
    return digest(row, salt).hex()


# --- words


class _Words:
    """Texts that are taken out of whatever they stand in, as they were typed or spelled canonically.

    Figures, dates, choices, names of files and all else that is looked up by its wording stay, though
    somebody may have written the same as a text.
    """

    def __init__(self, texts: Collection[str]) -> None:
        wanted = {text for text in texts if text} | {canonical(text) for text in texts if canonical(text)}
        self._texts = sorted(wanted, key=len, reverse=True)

    def taken_out_of(self, entry: _Entry) -> dict[str, str]:
        """Return the columns of an entry that have such texts, without them."""
        changed = {}
        field = str(entry.row["field"]) if entry.kind == "settlements" else ""
        for column in entry.row.keys():  # noqa: SIM118  # a Row has values
            value = entry.row[column]
            if isinstance(value, str) and column not in KEYS[entry.kind]:
                written = self._without(column, value, field)
                if written != value:
                    changed[column] = written
        return changed

    def _without(self, column: str, value: str, field: str) -> str:
        if not value.startswith(("{", "[")):
            return self._plain(column, value)
        body = json.loads(value)
        without = self._of_cell(field, body) if field else self._walk(column, body)
        return value if without == body else codec.to_json(without)

    def _of_cell(self, field: str, body: Mapping[str, Any]) -> dict[str, object]:
        """Return a decision about a cell of a column: what units said in it, and what is to stand in it."""
        said = {unit: self._walk(field, word) for unit, word in body["words"].items()}
        rest = {key: self._walk(key, part) for key, part in body.items()}
        return rest | {"words": said, "value": self._walk(field, body["value"])}

    def _walk(self, key: str, body: object) -> object:
        if key in _LOOKED_UP:
            return body
        if isinstance(body, str):
            return self._plain(key, body)
        if isinstance(body, list):
            return [self._walk(key, part) for part in body]
        if isinstance(body, dict):
            return {inner: self._walk(inner, part) for inner, part in body.items()}
        return body

    def _plain(self, key: str, text: str) -> str:
        """Return a text without the words: short ones only where they are the whole of what was written."""
        if key in _LOOKED_UP:
            return text
        if key in WRITTEN_IN_WORDS and text in self._texts:
            return TAKEN_OUT
        for words in self._texts:
            if len(words) >= _LONG:
                text = text.replace(words, TAKEN_OUT)
        return text


_LONG = 6
"""From so many characters on, words are taken out of longer texts, too; fewer may be part of anything."""
_LOOKED_UP = NOT_IN_WORDS | {
    *("at", "received_at", "ranked_at", "filed", "saved", "recorded_at", "clock", "decided_on", "date"),
    *("deadline", "asked_until", "first", "last", "period", "edition", "series", "command", "version"),
    *("signed_on", "plan", "settings", "sha256", "token", "tokens", "made_from", "encoding", "kind"),
    *("path", "file", "files", "cells", "cell", "columns", "field", "sheet", "tab", "rule", "row"),
    *("code", "task_force", "recipient", "party", "owner", "severity", "level", "verdict", "state"),
}
"""Keys of what is looked up or compared by its wording, and of what lies in it."""
