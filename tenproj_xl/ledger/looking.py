"""Look into a ledger and leave no trace: no lock, no new name beside it, no byte changed.

The file is read in one transaction of a connection with `mode=ro`, so that a look sees one state of it.
Where that is impossible, because a commit is going on or was cut off, a private copy is read instead, in
which SQLite rolls the unfinished transaction back.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tenproj_xl.core.errors import EnvironmentProblem
from tenproj_xl.core.remains import private_folder
from tenproj_xl.ledger.faults import read_only, told_by_cause
from tenproj_xl.ledger.journal_files import last_in_journal, must_be_new, must_reach
from tenproj_xl.ledger.schema import CURRENT, FIRST_WITH_CHAIN, LEDGER_FILE, version_of
from tenproj_xl.ledger.view import LedgerView

_PATIENCE = 0.5
"""Seconds to wait for a commit; most take some milliseconds."""
_COMMIT = 60.0
"""Seconds that a commit of the own run is waited for."""
_ATTEMPTS = 20
_PAUSE = 0.05
"""Seconds between two attempts to get a copy that no commit interfered with."""
_UNFINISHED = ("SQLITE_BUSY", "SQLITE_READONLY_ROLLBACK")

_NO_CHAIN_YET = (
    "台账还是较早版本的软件记的，没有校验链，现在核验、备份不了。请先运行一次 tenproj merge："
    "台账会自动升级，升级前在 ledger 文件夹里留一份备份；然后再运行这个命令。"
)
_HEADER = slice(0, 100)
_JOURNAL_HEADER = 28
_NONCE = slice(12, 16)
"""Where SQLite has a database's header, and the random number of a transaction in its journal's."""


@contextmanager
def look_into_ledger(folder: Path) -> Iterator[LedgerView]:
    """Open the ledger of a folder to look into; one that was never there is seen as empty.

    A command that records meanwhile waits at its commit until the look is over.

    Args:
        folder: Where the ledger lies.

    Raises:
        EnvironmentProblem: The file is damaged, another version's or no ledger, has fewer entries than the
            journal, or is being written to all the time.
    """
    written = last_in_journal(folder)
    with connected(folder) as connection:
        must_reach(connection, written)
        yield LedgerView(connection)


@contextmanager
def follow_ledger(folder: Path) -> Iterator[LedgerView]:
    """Open the ledger of a folder to look into while the run that this one works for records in it.

    Each question is answered by what was recorded until then, and keeps no commit waiting for longer than
    itself.
    """
    path = folder / LEDGER_FILE
    address = read_only(path)
    with (
        told_by_cause(path),
        closing(sqlite3.connect(address, uri=True, isolation_level=None, timeout=_COMMIT)) as connection,
    ):
        connection.row_factory = sqlite3.Row
        yield LedgerView(connection)


@contextmanager
def connected(folder: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection to one state of the ledger of a folder; raises as `look_into_ledger` does."""
    path = folder / LEDGER_FILE
    with (
        told_by_cause(path),
        _snapshot(path) as connection,
        _of_current_version(connection, path) as current,
    ):
        yield current


def require_chain(folder: Path) -> None:
    """Raise EnvironmentProblem where the ledger of a folder is of a version that had no chain yet."""
    path = folder / LEDGER_FILE
    with told_by_cause(path), _snapshot(path) as connection:
        connection.row_factory = sqlite3.Row
        if 0 < version_of(connection, path) < FIRST_WITH_CHAIN:
            raise EnvironmentProblem(_NO_CHAIN_YET)


@contextmanager
def _of_current_version(connection: sqlite3.Connection, path: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection to the same ledger, or to a copy in memory if it is older, or empty."""
    connection.row_factory = sqlite3.Row
    version = version_of(connection, path)
    if version == CURRENT:
        yield connection
        return
    if version == 0:
        must_be_new(path.parent)
    from tenproj_xl.ledger.migrations import migrate  # noqa: PLC0415  # few ledgers are of an earlier version

    with closing(sqlite3.connect(":memory:", isolation_level=None)) as copy:
        connection.backup(copy)
        copy.row_factory = sqlite3.Row
        migrate(copy, version)
        yield copy


@contextmanager
def _snapshot(path: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection to one state of a ledger: in the file itself, else in a private copy."""
    if not path.exists():
        with closing(sqlite3.connect(":memory:")) as nothing:
            yield nothing
        return
    for _ in range(_ATTEMPTS):
        shared = _shared(path)
        if shared:
            with closing(shared):
                yield shared
            return
        with private_folder() as private:
            copy = private / path.name
            if _copied(path, copy):
                with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
                    yield connection
                return
        time.sleep(_PAUSE)
    raise EnvironmentProblem("台账正在被别的命令写入，请稍等再试。")


def _shared(path: Path) -> sqlite3.Connection | None:
    """Return a connection that reads one state of a file, None while a transaction in it is unfinished."""
    connection = sqlite3.connect(read_only(path), uri=True, isolation_level=None, timeout=_PATIENCE)
    try:
        connection.execute("BEGIN")
        connection.execute("SELECT COUNT(*) FROM sqlite_master")  # only reading takes the shared lock
    except sqlite3.Error as fault:
        connection.close()
        if fault.sqlite_errorname in _UNFINISHED:
            return None
        raise
    return connection


# --- the private copy


def _copied(path: Path, copy: Path) -> bool:
    """Copy a ledger and its journal; return whether the two belong together.

    A transaction saves a page in its journal before it changes the page in the file. Read after the file, the
    journal of the transaction that was going on before has all that the transaction changed in the copy.
    """
    import shutil  # noqa: PLC0415 - who looks into a ledger at rest does not wait for it

    journal, journal_copy = _journal(path), _journal(copy)
    before, transaction = _state(path), _transaction(journal)
    shutil.copyfile(path, copy)
    try:
        shutil.copyfile(journal, journal_copy)
    except FileNotFoundError:
        journal_copy.unlink(missing_ok=True)
    if transaction:
        return _transaction(journal_copy) == transaction
    return not journal.exists() and _state(path) == before


def _journal(path: Path) -> Path:
    return path.with_name(f"{path.name}-journal")


def _transaction(journal: Path) -> bytes:
    """Return the random number of the transaction that a journal belongs to, b"" if there is none."""
    try:
        with journal.open("rb") as file:
            header = file.read(_JOURNAL_HEADER)
    except FileNotFoundError:
        return b""
    if len(header) < _JOURNAL_HEADER:
        return b""
    return header[_NONCE]


def _state(path: Path) -> tuple[int, int, bytes]:
    """Return what changes with each commit: time, size, and the header with the number of changes."""
    status = path.stat()
    with path.open("rb") as file:
        header = file.read(_HEADER.stop)
    return status.st_mtime_ns, status.st_size, header
