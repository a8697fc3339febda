"""Ledgers of earlier versions: brought to the current one when they are opened, after a backup beside them.

All steps are one transaction: a run that is cut off leaves the ledger as it was, and the next starts again.
"""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from tenproj_xl import __version__
from tenproj_xl.core.files import atomic_write
from tenproj_xl.core.tokens import new_secret
from tenproj_xl.ledger import codec
from tenproj_xl.ledger.faults import transaction
from tenproj_xl.ledger.proof import seal_all
from tenproj_xl.ledger.removal import forget_passwords
from tenproj_xl.ledger.schema import CURRENT, FIRST_WITH_CHAIN, LEDGER_FILE, advance, version_of
from tenproj_xl.ledger.standing import renew_all
from tenproj_xl.ledger.view import LedgerView

_FIRST_WITHOUT_PASSWORDS = 7
"""The first version that keeps no passwords of files with the settings."""


def bring_forward(connection: sqlite3.Connection, path: Path) -> None:
    """Make the file that is open a ledger of the current version, an empty one a new ledger.

    Args:
        connection: The file, without a transaction; its rows have names.
        path: Where it lies.

    Raises:
        EnvironmentProblem: It is no ledger, a later version's, or one of no version; it is not changed.
    """
    version = version_of(connection, path)
    if version == CURRENT:
        return
    now = datetime.now(UTC)
    backup = None
    if version:
        backup = back_up(connection, path, version, now)
    with transaction(connection):
        migrate(connection, version)
        if version < FIRST_WITH_CHAIN:
            seal_all(connection)
        if version < _FIRST_WITHOUT_PASSWORDS:
            forget_passwords(connection, now)
        if backup:
            note = {"at": codec.utc(now), "from": version, "by": __version__, "backup": backup.name}
            fact = (f"migrated_to_{CURRENT}", codec.to_json(note))
        else:
            fact = ("secret", new_secret())
        connection.execute("INSERT INTO facts VALUES (?, ?)", fact)


def migrate(connection: sqlite3.Connection, version: int) -> None:
    """Give a ledger of a version the tables of the current one, within the transaction that is open.

    Its entries are not sealed yet, which somebody who only looks does not need.
    """
    # Ledgers that programs before 0.2.1 made may lack tables of the first version.
    for number in (1, *range(max(version, 1) + 1, CURRENT + 1)):
        advance(connection, number)
    if version < CURRENT:
        known = LedgerView(connection)
        renew_all(connection, known.withdrawals(), known.conflict_decisions())


def copies_of_before(folder: Path) -> list[Path]:
    """Return the copies of the ledger from before it was migrated, which lie in its folder."""
    name = Path(LEDGER_FILE)
    return sorted(folder.glob(f"{name.stem}-第*版备份-*{name.suffix}"))


def back_up(connection: sqlite3.Connection, path: Path, version: int, now: datetime) -> Path:
    """Copy a ledger beside itself, as `台账-第1版备份-2026-11-28.sqlite3`, and return where the copy lies.

    Args:
        connection: The ledger.
        path: Where it lies.
        version: Its version.
        now: The moment that the name takes the day from, as the machine's clock shows it.
    """
    name = f"{path.stem}-第{version}版备份-{now.astimezone():%Y-%m-%d}"
    for number in count(1):
        ordinal = ""
        if number > 1:
            ordinal = f"-{number}"
        target = path.with_name(f"{name}{ordinal}{path.suffix}")
        if not target.exists():
            break
    with atomic_write(target) as temporary, closing(sqlite3.connect(temporary)) as copy:
        connection.backup(copy)
    return target
