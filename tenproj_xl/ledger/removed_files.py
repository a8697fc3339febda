"""The files that a lawful removal takes from, once the ledger has recorded it: archive, journal, old copies.

What is still to be taken from them is noted in the transaction that records the removal, so that a run that
was cut off is finished by the next command that writes.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable
from contextlib import closing
from pathlib import Path

from tenproj_xl.core.files import archived
from tenproj_xl.ledger import codec
from tenproj_xl.ledger.faults import read_only, transaction
from tenproj_xl.ledger.journal import REMOVED_LATELY, write_anew
from tenproj_xl.ledger.migrations import copies_of_before
from tenproj_xl.ledger.schema import LEDGER_FILE

SET_ASIDE = f"{Path(LEDGER_FILE).stem}-重建前-*"
"""What ledgers are called in whose place others were made."""


def note_removal(connection: sqlite3.Connection, numbers: Iterable[int]) -> None:
    """Note, in the transaction at hand, that files still have what was removed of some entries."""
    body = codec.to_json(sorted({*(_noted(connection) or ()), *numbers}))
    connection.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (REMOVED_LATELY, body))


def finish_removals(connection: sqlite3.Connection, folder: Path) -> None:
    """Take from files what was removed lately.

    Args:
        connection: The ledger, without a transaction; its rows have names.
        folder: Where it lies.
    """
    numbers = _noted(connection)
    if numbers is None:
        return
    removed = [sha for (sha,) in connection.execute("SELECT sha256 FROM removals WHERE sha256 != ''")]
    for sha256 in removed:
        archived(folder / "archive", sha256).unlink(missing_ok=True)
    for path in (*copies_of_before(folder), *folder.glob(SET_ASIDE)):
        if _may_know_any(path, removed):
            path.unlink()
    write_anew(connection, folder, numbers)
    with transaction(connection):
        connection.execute("DELETE FROM facts WHERE key = ?", (REMOVED_LATELY,))


def _noted(connection: sqlite3.Connection) -> list[int] | None:
    noted = connection.execute("SELECT value FROM facts WHERE key = ?", (REMOVED_LATELY,)).fetchone()
    return None if noted is None else json.loads(noted[0])


def _may_know_any(path: Path, sha256s: Collection[str]) -> bool:
    """Return whether a copy of the ledger knows one of some received files; a damaged one may."""
    try:
        with closing(sqlite3.connect(read_only(path), uri=True)) as copy:
            known = {sha for (sha,) in copy.execute("SELECT sha256 FROM files")}
    except sqlite3.DatabaseError:
        return True
    return not known.isdisjoint(sha256s)
