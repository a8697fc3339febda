"""The journal: all entries of the ledger once more, in files of the archive, from which it can be made again.

What a command recorded is one file, named by the number of its last entry: lines of JSON, compressed. The
first line says what the file begins after, and the facts of the ledger, such as the secret that tokens are
made with; each further line is an entry with its head and its salt. Files are written once the entries are
committed; what a run that was cut off has not written, the next writes.
"""

import gzip
import json
import sqlite3
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.files import atomic_write
from tenproj_xl.core.progress import counted_to
from tenproj_xl.ledger import codec
from tenproj_xl.ledger.faults import told_by_cause, transaction
from tenproj_xl.ledger.journal_files import (
    ENDING,
    files_of_journal,
    journal_folder,
    last_in_journal,
    last_in_ledger,
    must_reach,
)
from tenproj_xl.ledger.proof import KEYS, lawfully_removed, left_of, verify
from tenproj_xl.ledger.schema import CURRENT, advance, columns_of
from tenproj_xl.ledger.standing import renew_all
from tenproj_xl.ledger.view import LedgerView

REMOVED_LATELY = "removed_lately"
"""The fact that lists the entries of which something was removed, while files have it still."""
_LEVEL = 6
"""As gzip packs by itself; the highest takes three times as long for a fortieth less."""
_PASSING = ("owed", "leads", "told", REMOVED_LATELY)
"""Facts about a run, not about the ledger."""


class BrokenJournalError(Exception):
    """A journal that has not got all entries, or not as they were; `why` says so in words."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class _Head(NamedTuple):
    """What the first line of a file says: after which entry it begins, and the facts of the ledger."""

    after: int
    facts: dict[str, str]


class _Line(NamedTuple):
    """An entry: its head, its salt (b"" where that was removed), its contents."""

    number: int
    kind: str
    entry: str
    period: str
    recorded_at: str
    digest: bytes
    chained: bytes
    salt: bytes
    row: dict[str, object] | None


def _head(told: Any) -> _Head:
    try:
        facts = {str(key): str(value) for key, value in told["facts"].items()}
        return _Head(int(told["after"]), facts)
    except _NO_LINE as fault:
        raise BrokenJournalError("台账日志里有一份不是本软件写的") from fault


def _line(told: Any) -> _Line:
    try:
        number, kind, entry, period, recorded_at, digest, chained = told["head"]
        row = told["row"]
        if row is not None:
            known = set(columns_of(CURRENT)[kind])
            is_plain = _PLAIN.issuperset(map(type, row.values()))
            if kind not in KEYS or not known.issuperset(row) or not is_plain:
                raise ValueError(kind)
        return _Line(
            number=int(number),
            kind=str(kind),
            entry=str(entry),
            period=str(period),
            recorded_at=str(recorded_at),
            digest=bytes.fromhex(digest),
            chained=bytes.fromhex(chained),
            salt=bytes.fromhex(told["salt"] or ""),
            row=row,
        )
    except _NO_LINE as fault:
        raise BrokenJournalError("台账日志里有一笔被改动过") from fault


_NO_LINE = (KeyError, TypeError, ValueError, AttributeError)
_PLAIN = frozenset({str, int, float, type(None)})
"""What columns of entries hold."""


@dataclass(frozen=True, kw_only=True)
class Chunk:
    """A file of the journal: it begins after an entry, and ends with one."""

    path: Path
    last: int

    def head(self) -> _Head:
        """Return what the first line says."""
        return _head(next(self._lines()))

    def entries(self) -> Iterator[_Line]:
        """Yield what the file says of entries."""
        lines = self._lines()
        next(lines)
        yield from map(_line, lines)

    def _lines(self) -> Iterator[object]:
        """Yield the lines of the file, one at least; raise BrokenJournalError where it is damaged."""
        try:
            with gzip.open(self.path, "rt", encoding="utf-8", errors="surrogatepass") as file:
                yield json.loads(file.readline())
                yield from map(json.loads, file)
        except (OSError, EOFError, ValueError, zlib.error) as fault:
            raise BrokenJournalError(f"“{self.path.name}”读不出来") from fault


def chunks(folder: Path) -> list[Chunk]:
    """Return the files of the journal of a ledger, in order; none where it has not been begun.

    Raises:
        OSError: They cannot be listed.
    """
    return [Chunk(path=path, last=last) for last, path in files_of_journal(folder)]


# --- writing


def keep_journal(connection: sqlite3.Connection, folder: Path) -> None:
    """Write what the journal lacks.

    Args:
        connection: The ledger, without a transaction; its rows have names.
        folder: Where it lies.

    Raises:
        EnvironmentProblem: The journal has more than the ledger, in whose place an older one was put.
    """
    written, last = last_in_journal(folder), last_in_ledger(connection)
    must_reach(connection, written)
    if last > written:
        _write(connection, folder, written, last)


def write_anew(connection: sqlite3.Connection, folder: Path, numbers: Collection[int]) -> None:
    """Write those files of the journal anew that have some entries."""
    after = 0
    for chunk in chunks(folder):
        if any(after < number <= chunk.last for number in numbers):
            _write(connection, folder, after, chunk.last)
        after = chunk.last


def _write(connection: sqlite3.Connection, folder: Path, after: int, last: int) -> None:
    with (
        atomic_write(_path(folder, last)) as temporary,
        temporary.open("wb") as raw,
        gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0, compresslevel=_LEVEL) as packed,
    ):
        _write_line(packed, {"after": after, "last": last, "schema": CURRENT, "facts": _facts(connection)})
        removed = lawfully_removed(connection)
        query = """SELECT heads.*, salts.salt FROM heads LEFT JOIN salts USING (number)
                   WHERE number > ? AND number <= ? ORDER BY number"""
        for row in connection.execute(query, (after, last)):
            *head, digest, chained, salt = tuple(row)
            entry = left_of(connection, row["number"], row["kind"], row["entry"], removed)
            line = {
                "head": [*head, digest.hex(), chained.hex()],
                "salt": salt.hex() if salt else None,
                "row": dict(entry) if entry else None,
            }
            _write_line(packed, line)


def _write_line(file: gzip.GzipFile, line: Mapping[str, object]) -> None:
    file.write(codec.to_json(line).encode("utf-8", "surrogatepass") + b"\n")


def _facts(connection: sqlite3.Connection) -> dict[str, str]:
    query = "SELECT key, value FROM facts ORDER BY key"
    return {key: value for key, value in connection.execute(query) if key not in _PASSING}


def _path(folder: Path, last: int) -> Path:
    return journal_folder(folder) / f"{last:09d}{ENDING}"


# --- reading


def compare_journal(connection: sqlite3.Connection, folder: Path, written: int) -> Iterator[str]:
    """Yield what is amiss with the journal of a ledger, in words; nothing where it has not been begun.

    Args:
        connection: The ledger; its rows have names.
        folder: Where it lies.
        written: The last entry of the journal that is compared: later ones came after the ledger was opened.
    """
    hashes = dict(connection.execute("SELECT number, hash FROM heads").fetchall())
    removed = lawfully_removed(connection)
    try:
        for line in _entries([chunk for chunk in chunks(folder) if chunk.last <= written]):
            if hashes.get(line.number) != line.chained:
                yield f"台账日志第{line.number}笔与台账不符"
                return
            entry = left_of(connection, line.number, line.kind, line.entry, removed)
            if line.row != (dict(entry) if entry else None):
                yield f"台账日志第{line.number}笔的内容与台账不符"
                return
    except BrokenJournalError as broken:
        yield broken.why


def ledger_of_journal(folder: Path, path: Path) -> int:
    """Make a ledger of the journal in a folder, as a new file; return how many entries it has.

    Args:
        folder: Where the ledger lay.
        path: The new file.

    Raises:
        BrokenJournalError: The journal has not got all entries, or not as they were.
    """
    found = chunks(folder)
    if not found:
        raise BrokenJournalError("存档里没有台账日志")
    with told_by_cause(path), closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.row_factory = sqlite3.Row
        with transaction(connection):
            for version in range(1, CURRENT + 1):
                advance(connection, version)
            _insert_all(connection, found)
            facts = found[-1].head().facts
            connection.executemany("INSERT INTO facts VALUES (?, ?)", facts.items())
            proof = verify(connection)
            if proof.breaches:
                raise BrokenJournalError(f"台账日志第{proof.breaches[0].number}笔被改动过")
            view = LedgerView(connection)
            renew_all(connection, view.withdrawals(), view.conflict_decisions())
    return proof.heads


def _entries(found: Iterable[Chunk]) -> Iterator[_Line]:
    """Yield the lines of all entries in order; raise BrokenJournalError where one is missing."""
    number = 0
    for chunk in found:
        if chunk.head().after != number:
            raise BrokenJournalError(f"台账日志缺第{number + 1}笔以后的一份，或“{chunk.path.name}”不完整")
        for line in chunk.entries():
            number += 1
            if line.number != number:
                raise BrokenJournalError(f"台账日志缺第{number}笔")
            yield line
        if number != chunk.last:
            raise BrokenJournalError(f"“{chunk.path.name}”不完整")


def _insert_all(connection: sqlite3.Connection, found: Sequence[Chunk]) -> None:
    try:
        for line in counted_to(found[-1].last, _entries(found), "读台账日志", "笔"):
            _insert(connection, line)
    except sqlite3.IntegrityError as fault:
        raise BrokenJournalError("台账日志里有一笔记了两次") from fault


def _insert(connection: sqlite3.Connection, line: _Line) -> None:
    *head, salt, row = line
    connection.execute("INSERT INTO heads VALUES (?, ?, ?, ?, ?, ?, ?)", head)
    if salt:
        connection.execute("INSERT INTO salts VALUES (?, ?)", (line.number, salt))
    if row:
        columns, marks = ", ".join(row), ", ".join("?" * len(row))
        values = tuple(row.values())
        connection.execute(f"INSERT INTO {line.kind} ({columns}) VALUES ({marks})", values)  # noqa: S608  # names of ours
