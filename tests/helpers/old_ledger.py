"""Ledgers as earlier versions left them, made from current ones."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from tenproj_xl.ledger.journal_files import journal_folder
from tenproj_xl.ledger.proof import KEYS
from tenproj_xl.ledger.schema import VERSIONS

_KINDS = [kind for kind in KEYS if f"TABLE IF NOT EXISTS {kind} " in VERSIONS[0]]
"""The kinds of entries that 0.2.1 had."""


def as_version_1(path: Path) -> None:
    """Take from a ledger what 0.2.1 did not write: encodings, the chain, its version's number, the journal."""
    shutil.rmtree(journal_folder(path.parent))
    with closing(sqlite3.connect(path)) as ledger, ledger:
        named = "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        for (index,) in ledger.execute(named).fetchall():
            if f"INDEX IF NOT EXISTS {index} " not in VERSIONS[0]:
                ledger.execute(f"DROP INDEX {index}")
        for kind in KEYS:
            if kind not in _KINDS:
                ledger.execute(f"DROP TABLE {kind}")
                continue
            ledger.execute(f"ALTER TABLE {kind} DROP COLUMN encoding")
        ledger.execute("ALTER TABLE batches DROP COLUMN clock")
        ledger.execute("DROP TABLE standing")
        ledger.execute("DROP TABLE heads")
        ledger.execute("DROP TABLE salts")
        ledger.execute("PRAGMA user_version = 0")
