"""The files of the journal by their names, which tell how far it goes; see `ledger.journal`."""

import sqlite3
from pathlib import Path

from tenproj_xl.core.errors import EnvironmentProblem

ENDING = ".jsonl.gz"


def journal_folder(folder: Path) -> Path:
    """Return where the journal of the ledger in a folder lies: in its archive."""
    return folder / "archive" / "台账日志"


def files_of_journal(folder: Path) -> list[tuple[int, Path]]:
    """Return the files of the journal of a ledger by their last entries; none where it has not been begun.

    Raises:
        OSError: They cannot be listed, of which `Path.glob` would say nothing, as if there were none.
    """
    try:
        paths = list(journal_folder(folder).iterdir())
    except FileNotFoundError:
        return []
    found = []
    for path in paths:
        number = path.name.removesuffix(ENDING)
        if path.name.endswith(ENDING) and number.isdecimal():
            found.append((int(number), path))
    return sorted(found)


def last_in_journal(folder: Path) -> int:
    """Return the number of the last entry in the journal of a ledger, 0 where it has none."""
    return max((number for number, _ in files_of_journal(folder)), default=0)


def last_in_ledger(connection: sqlite3.Connection) -> int:
    """Return the number of the last entry in a ledger, 0 where it has none."""
    (number,) = connection.execute("SELECT COALESCE(MAX(number), 0) FROM heads").fetchone()
    return int(number)


def must_be_new(folder: Path) -> None:
    """Raise EnvironmentProblem where a folder without entries had some, as the journal tells."""
    if last_in_journal(folder):
        raise EnvironmentProblem(
            "台账“台账.sqlite3”不见了或是空的，存档还在，没有新建。"
            "请运行 tenproj rebuild 从存档重建，或从备份恢复。"
        )


def must_reach(connection: sqlite3.Connection, written: int) -> None:
    """Raise EnvironmentProblem where the journal has more than the ledger: an older one was put in its place.

    Args:
        connection: The ledger.
        written: The last entry in the journal, as it was before the ledger was opened: entries come into it
            after they came into the ledger.
    """
    last = last_in_ledger(connection)
    if written > last:
        raise EnvironmentProblem(
            f"台账只到第{last}笔，存档里的台账日志到第{written}笔：台账可能被换成了旧的一份，没有改动它。"
            "请运行 tenproj rebuild 从存档找回，现在的一份会留在旁边。"
        )
