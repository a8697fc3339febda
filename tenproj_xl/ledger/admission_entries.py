"""Entries of returns that the office vouched for, whatever address they came from."""

import sqlite3
from collections.abc import Mapping


class AdmissionsView:
    """What the office vouched for, as a ledger has it; a part of `LedgerView`."""

    _db: sqlite3.Connection

    def admissions(self) -> Mapping[str, str]:
        """Return by hash the unit that each admitted file is a return of, "" where that is as it says."""
        return dict(self._db.execute("SELECT sha256, unit FROM admissions ORDER BY seq").fetchall())
