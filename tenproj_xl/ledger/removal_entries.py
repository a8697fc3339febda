"""What was taken out of the ledger by law, as its entries tell."""

import json
import sqlite3
from datetime import datetime
from typing import TYPE_CHECKING

from tenproj_xl.model.removals import Removal

if TYPE_CHECKING:
    from tenproj_xl.ledger.removed_words import WordsOfFile


class RemovalsView:
    """What was taken out of a ledger by law."""

    _db: sqlite3.Connection

    def removals(self) -> list[Removal]:
        """Return what was taken out, oldest first."""
        query = """SELECT removals.*, batches.at FROM removals JOIN batches ON batches.id = removals.batch
                   ORDER BY seq"""
        return [_removal_of(row) for row in self._db.execute(query)]

    def words_of(self, sha256: str) -> "WordsOfFile":
        """Return what a file says in words; see `WordsOfFile`."""
        from tenproj_xl.ledger.removed_words import words_of  # noqa: PLC0415  # for `remove` alone

        return words_of(self._db, sha256)


def _removal_of(row: sqlite3.Row) -> Removal:
    return Removal(
        sha256=row["sha256"],
        name=row["name"],
        why=row["why"],
        at=datetime.fromisoformat(row["at"]),
        entries=len(json.loads(row["body"])),
    )
