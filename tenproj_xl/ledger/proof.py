"""The chain over all entries of the ledger, by which a change made behind its back is found.

Each entry has a head: its number, kind and key, its times, a digest of its contents, and a hash over all of
these and the hash of the head before. Contents lie beside the chain, each with a salt of its own: when the
law wants them removed, contents and salt go, nobody can guess them from the digest, and the chain holds. A
later entry of the kind `removals` then names the head, and the digest of what is left of its contents.
"""

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.progress import counted_to

KEYS: Mapping[str, tuple[str, ...]] = {
    "snapshots": ("sha256",),
    "batches": ("id",),
    "issued": ("seq",),
    "periods": ("seq",),
    "forms": ("batch", "period", "recipient"),
    "files": ("sha256",),
    "issue_names": ("name",),
    "receipts": ("seq",),
    "rows": ("seq",),
    "merges": ("seq",),
    "slips": ("seq",),
    "closings": ("seq",),
    "withdrawals": ("seq",),
    "decisions": ("seq",),
    "settlements": ("seq",),
    "made_files": ("seq",),
    "made_editions": ("seq",),
    "publications": ("seq",),
    "reviews": ("seq",),
    "questions": ("seq",),
    "plan_corrections": ("seq",),
    "preferences": ("seq",),
    "corrections": ("seq",),
    "lead_words": ("seq",),
    "score_sheets": ("seq",),
    "objections": ("seq",),
    "slip_replies": ("seq",),
    "removals": ("seq",),
    "letters": ("seq",),
    "fetched": ("seq",),
    "admissions": ("seq",),
}
"""The kinds of entries, which are tables, and the columns that identify an entry.

Those of a batch are sealed in this order by the migration, in that of their recording since.
"""

_PERIODS = ("period", "upon")
"""Columns that hold what period an entry is about."""
_SALT_SIZE = 16
_TO_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True, default=repr).encode
"""Made once: `json.dumps` makes one for each of the two texts of an entry, a fifth of its time."""


class Flaw(StrEnum):
    """What is amiss with an entry."""

    CHANGED = "changed"
    """Its contents are not those that were recorded."""
    MISSING = "missing"
    """Its contents, or their salt, are not there, and no lawful removal says so."""
    BROKEN = "broken"
    """Its head was changed, or does not follow the one before."""
    UNSEALED = "unsealed"
    """It has contents and no head: it was recorded by another program."""


@dataclass(frozen=True)
class Breach:
    """An entry with which something is amiss; `number` is that of its head, 0 if it has none."""

    number: int
    kind: str
    entry: str
    flaw: Flaw


@dataclass(frozen=True)
class Proof:
    """What the chain proves: how many entries it covers, the hash of the last, and what is amiss.

    `removed` is the number of entries that were lawfully removed, whole or in part. A chain that was cut off
    at its end, or made anew from its beginning, is whole; only `last` tells, to who noted it elsewhere.
    """

    heads: int
    last: str
    breaches: tuple[Breach, ...]
    removed: int = 0


def seal(connection: sqlite3.Connection, entries: Iterable[tuple[str, int]], recorded_at: str) -> None:
    """Add the heads of entries, given by kind and rowid, within the transaction that is open.

    Args:
        connection: The ledger; its rows have names.
        entries: What was recorded, oldest first.
        recorded_at: When, as the ledger writes moments.
    """
    last = connection.execute("SELECT number, hash FROM heads ORDER BY number DESC LIMIT 1").fetchone()
    number, previous = last or (0, b"")
    heads, salts = [], []
    for kind, rowid in entries:
        query = f"SELECT * FROM {kind} WHERE rowid = ?"  # noqa: S608  # a kind is one of KEYS
        row = connection.execute(query, (rowid,)).fetchone()
        number += 1
        salt = new_salt()
        head = (number, kind, entry_key(kind, row), _period(row), recorded_at, digest(row, salt))
        previous = _hash(head, previous)
        heads.append((*head, previous))
        salts.append((number, salt))
    connection.executemany("INSERT INTO heads VALUES (?, ?, ?, ?, ?, ?, ?)", heads)
    connection.executemany("INSERT INTO salts VALUES (?, ?)", salts)


def new_salt() -> bytes:
    """Return what the contents of an entry are hashed with."""
    return os.urandom(_SALT_SIZE)


def seal_all(connection: sqlite3.Connection) -> None:
    """Seal a ledger that has no chain yet, batch by batch, within the transaction that is open."""
    entries: list[tuple[int, int, int]] = []
    kinds = list(KEYS)
    for place, kind in enumerate(kinds):
        for rowid, batch in connection.execute(_BATCHES.get(kind) or f"SELECT rowid, batch FROM {kind}"):  # noqa: S608  # of KEYS
            entries.append((batch, place, rowid))
    moments: dict[int, str] = dict(connection.execute("SELECT id, at FROM batches").fetchall())
    by_batch: dict[int, list[tuple[str, int]]] = {}
    for batch, place, rowid in sorted(entries):
        by_batch.setdefault(batch, []).append((kinds[place], rowid))
    for batch, written in by_batch.items():
        seal(connection, written, moments.get(batch, ""))


_BATCHES = {
    "batches": "SELECT id, id FROM batches",
    "snapshots": """SELECT s.rowid, COALESCE(MIN(b.id), 0)
                    FROM snapshots AS s LEFT JOIN batches AS b ON s.sha256 IN (b.plan, b.settings)
                    GROUP BY s.rowid""",
}
"""How rowids and batches are asked for where a table has no column of that name."""


def verify(connection: sqlite3.Connection) -> Proof:
    """Compare the whole chain with the entries; the ledger is only read.

    Args:
        connection: The ledger; its rows have names.
    """
    proof = verify_after(connection, 0, "")
    sealed: dict[str, set[str]] = {kind: set() for kind in KEYS}
    for kind, entry in connection.execute("SELECT kind, entry FROM heads"):
        sealed.setdefault(kind, set()).add(entry)
    unsealed = [
        Breach(0, kind, entry, Flaw.UNSEALED)
        for kind, entry in _entries(connection)
        if entry not in sealed[kind]
    ]
    return replace(proof, breaches=(*proof.breaches, *unsealed))


def verify_after(connection: sqlite3.Connection, number: int, last: str) -> Proof:
    """Compare the chain with the entries from a head on that was verified before.

    What was recorded by another program, without a head, is not found.

    Args:
        connection: The ledger; its rows have names.
        number: The number of the head that was verified last, 0 to begin with the first.
        last: Its hash, in hex.
    """
    breaches = []
    previous = bytes.fromhex(last)
    lawful = lawfully_removed(connection)
    if number:
        known = connection.execute("SELECT hash FROM heads WHERE number = ?", (number,)).fetchone()
        if known is None or known["hash"] != previous:
            breaches.append(Breach(number, "", "", Flaw.BROKEN))
    query = """SELECT heads.*, salts.salt FROM heads LEFT JOIN salts USING (number)
               WHERE number > ? ORDER BY number"""
    (new,) = connection.execute("SELECT COUNT(*) FROM heads WHERE number > ?", (number,)).fetchone()
    rows = connection.execute(query, (number,))
    for row in counted_to(new, rows, "核对台账", "笔"):
        *head, salt = tuple(row)
        flaw = _flaw_of_contents(connection, row, salt, lawful.get(row["number"]))
        if row["number"] != number + 1 or _hash(tuple(head)[:-1], previous) != row["hash"]:
            flaw = Flaw.BROKEN
        if flaw:
            breaches.append(Breach(row["number"], row["kind"], row["entry"], flaw))
        number, previous = row["number"], row["hash"]
    return Proof(number, _hex(previous), tuple(breaches), len(lawful))


def _entries(connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Yield the kind and key of all entries that are there."""
    for kind, columns in KEYS.items():
        for row in connection.execute(f"SELECT {', '.join(columns)} FROM {kind}"):  # noqa: S608  # of KEYS
            yield kind, entry_key(kind, row)


def is_sound(connection: sqlite3.Connection) -> bool:
    """Return whether the indexes of a ledger, which no chain seals, hold what its tables do."""
    (said,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    return bool(said == "ok")


def lawfully_removed(connection: sqlite3.Connection) -> dict[int, str]:
    """Return the heads whose contents the law removed, with the digest of what is left, "" for nothing."""
    removed: dict[int, str] = {}
    for (body,) in connection.execute("SELECT body FROM removals ORDER BY seq"):
        removed.update({int(number): digest for number, digest in json.loads(body).items()})
    return removed


def _flaw_of_contents(
    connection: sqlite3.Connection, head: sqlite3.Row, salt: bytes | None, left: str | None
) -> Flaw | None:
    """Return what is amiss with an entry; `left` is the digest of what a removal left, None without one."""
    row = contents(connection, head["kind"], head["entry"])
    if left == "":
        is_anothers = row is not None and _is_sealed_again(connection, head)
        return None if row is None or is_anothers else Flaw.CHANGED
    if row is None or salt is None:
        return Flaw.MISSING
    if not isinstance(salt, bytes) or digest(row, salt).hex() != (left or _hex(head["digest"])):
        return Flaw.CHANGED
    return None


def _is_sealed_again(connection: sqlite3.Connection, head: sqlite3.Row) -> bool:
    """Return whether a later entry has the key of one that was removed, as earlier versions gave it."""
    query = "SELECT 1 FROM heads WHERE kind = ? AND entry = ? AND number > ? LIMIT 1"
    later = connection.execute(query, (head["kind"], head["entry"], head["number"])).fetchone()
    return later is not None


def left_of(
    connection: sqlite3.Connection, number: int, kind: str, entry: str, removed: Mapping[int, str]
) -> sqlite3.Row | None:
    """Return what the entry of a head holds, None where nothing is left of it; see `lawfully_removed`."""
    if removed.get(number) == "":
        return None
    return contents(connection, kind, entry)


def contents(connection: sqlite3.Connection, kind: str, entry: str) -> sqlite3.Row | None:
    """Return what stands under a key, None where nothing does."""
    columns = KEYS.get(kind, ())
    key = _parts(entry, len(columns))
    if not key:
        return None
    where = " AND ".join(f"{column} = ?" for column in columns)
    query = f"SELECT * FROM {kind} WHERE {where}"  # noqa: S608  # of KEYS
    row: sqlite3.Row | None = connection.execute(query, key).fetchone()
    return row


def _parts(entry: object, count: int) -> list[str]:
    """Return the parts of the key in a head, none where it was changed into what is no such key."""
    if not isinstance(entry, str):
        return []
    try:
        entry.encode()  # what is no text SQLite does not take, and faults in several ways
    except UnicodeEncodeError:
        return []
    parts = entry.split("/", count - 1)
    return parts if len(parts) == count else []


def entry_key(kind: str, row: sqlite3.Row) -> str:
    """Return what identifies an entry among those of its kind."""
    return "/".join(str(row[column]) for column in KEYS[kind])


def _period(row: sqlite3.Row) -> str:
    return next((row[name] for name in _PERIODS if name in row.keys()), "")  # noqa: SIM118  # a Row has values


def digest(row: sqlite3.Row, salt: bytes) -> bytes:
    """Return the digest of an entry's contents: all its columns, but for those without a value.

    A column that a later version adds is empty in earlier entries, and leaves their digests as they are.
    """
    pairs = zip(row.keys(), row, strict=True)  # each name looked up in a Row takes longer
    contents = {name: value for name, value in pairs if value is not None}
    return hashlib.sha256(salt + _bytes(contents)).digest()


def _hash(head: tuple[Any, ...], previous: object) -> bytes:
    """Return the hash of a head: number, kind, key, period, moment and digest."""
    *named, of_contents = head
    return hashlib.sha256(_bytes([*named, _hex(of_contents), _hex(previous)])).digest()


def _hex(value: object) -> str:
    """Return bytes as text; what was changed into no bytes is told as it is, which no digest is."""
    return value.hex() if isinstance(value, bytes) else repr(value)


def _bytes(body: object) -> bytes:
    """Return what is sealed of a body; bytes in it are a text that was changed into none."""
    return _TO_JSON(body).encode("utf-8", "surrogatepass")
