"""What SQLite could not do with a ledger, told by cause and remedy; damage only where the file shows it."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from tenproj_xl.core.errors import EnvironmentProblem

_REMEDIES = {
    "SQLITE_FULL": "磁盘已满，本次内容没有记入，此前记入的不受影响。请腾出磁盘空间后再运行一次。",
    "SQLITE_READONLY": (
        "不能写入：ledger 文件夹没有写入权限，或者所在的磁盘只能读、已满或读写出错。"
        "请检查权限、磁盘空间和网络盘、U盘的连接后重试。"
    ),
    "SQLITE_CANTOPEN": "打不开。请检查 ledger 文件夹的权限和磁盘空间，关闭正在用它的程序后重试。",
    "SQLITE_BUSY": "正被另一个程序占用。请关闭正在用它的程序后重试。",
    "SQLITE_IOERR": (
        "读写磁盘时出错，此前记入的不受影响。"
        "请检查 ledger 文件夹的权限、磁盘空间和网络盘、U盘的连接后再运行一次；"
        "仍然出错的，把整个工作区复制到本机磁盘上再运行。"
    ),
}
"""What to do, by the beginning of the name that SQLite gives an error."""
_DAMAGE = ("SQLITE_CORRUPT", "SQLITE_NOTADB")


@contextmanager
def told_by_cause(path: Path) -> Iterator[None]:
    """Tell what SQLite cannot do with the ledger at `path` by cause and remedy.

    Any other error of SQLite is a fault of the program and goes on as it is.

    Raises:
        EnvironmentProblem: The file is damaged, or the system does not let it be read or written.
    """
    try:
        yield
    except (json.JSONDecodeError, UnicodeDecodeError) as fault:  # what SQLite says may be no text either
        raise EnvironmentProblem(_damaged(path)) from fault
    except sqlite3.DatabaseError as fault:
        name = getattr(fault, "sqlite_errorname", "")
        for beginning, remedy in _REMEDIES.items():
            if name.startswith(beginning):
                raise EnvironmentProblem(f"台账“{path.name}”{remedy}") from fault
        is_garbled = str(fault).startswith("Could not decode")
        if name.startswith(_DAMAGE) or is_garbled or not _is_whole(path):
            raise EnvironmentProblem(_damaged(path)) from fault
        raise


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Make all that is written one transaction: it holds whole, or not at all.

    SQLite itself rolls back where a disk is full or fails; what went wrong first is what is raised.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def read_only(path: Path) -> str:
    """Return the URI to read a file by; a share of a server, which has no drive, is a path as well."""
    place = quote(path.absolute().as_posix())
    return f"file://{place if place.startswith('/') else '/' + place}?mode=ro"


def _damaged(path: Path) -> str:
    return f"台账“{path.name}”已损坏。请运行 tenproj rebuild 从存档重建，或从备份恢复 ledger 文件夹。"


def _is_whole(path: Path) -> bool:
    """Return whether SQLite's own check finds nothing amiss in a file."""
    try:
        with closing(sqlite3.connect(read_only(path), uri=True)) as connection:
            (said,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        return False
    return bool(said == "ok")
