"""Ledgers as earlier versions left them, made from current ones."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tenproj_xl.ledger.proof import KEYS

_LATER_INDEXES = """SELECT name FROM sqlite_master
    WHERE name IN ('rows_by_code', 'rows_by_file', 'forms_by_period', 'merges_by_period')"""


def as_version_1(path: Path) -> None:
    """Take from a ledger what 0.2.1 did not write: encodings, the chain, and the number of the version."""
    with closing(sqlite3.connect(path)) as ledger, ledger:
        for kind in KEYS:
            ledger.execute(f"ALTER TABLE {kind} DROP COLUMN encoding")
        for (index,) in ledger.execute(_LATER_INDEXES).fetchall():
            ledger.execute(f"DROP INDEX {index}")
        ledger.execute("DROP TABLE standing")
        ledger.execute("DROP TABLE heads")
        ledger.execute("DROP TABLE salts")
        ledger.execute("PRAGMA user_version = 0")
