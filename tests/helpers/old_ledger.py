"""Ledgers as earlier versions left them, made from current ones."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tenproj_xl.ledger.proof import KEYS


def as_version_1(path: Path) -> None:
    """Take from a ledger what 0.2.1 did not write: encodings, the chain, and the number of the version."""
    with closing(sqlite3.connect(path)) as ledger, ledger:
        for kind in KEYS:
            ledger.execute(f"ALTER TABLE {kind} DROP COLUMN encoding")
        ledger.execute("DROP TABLE heads")
        ledger.execute("DROP TABLE salts")
        ledger.execute("PRAGMA user_version = 0")
