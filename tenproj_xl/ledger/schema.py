"""The tables of the ledger, and whether a file has them."""

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

from tenproj_xl import __version__
from tenproj_xl.core.errors import EnvironmentProblem

SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS batches (
    id INTEGER PRIMARY KEY, command TEXT NOT NULL, at TEXT NOT NULL, plan TEXT NOT NULL, settings TEXT NOT
    NULL);
CREATE TABLE IF NOT EXISTS snapshots (sha256 TEXT PRIMARY KEY, kind TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS issued (
    seq INTEGER PRIMARY KEY, token TEXT NOT NULL, version TEXT NOT NULL, period TEXT NOT NULL,
    recipient TEXT NOT NULL, sheet TEXT NOT NULL, code TEXT NOT NULL, task_force TEXT NOT NULL, unit TEXT
    NOT NULL, of_others INTEGER NOT NULL, printed TEXT NOT NULL, batch INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS issued_by_token ON issued (token);
CREATE INDEX IF NOT EXISTS issued_by_form ON issued (period, recipient);
CREATE TABLE IF NOT EXISTS forms (
    batch INTEGER NOT NULL, period TEXT NOT NULL, recipient TEXT NOT NULL, tokens TEXT NOT NULL,
    columns TEXT NOT NULL, PRIMARY KEY (batch, period, recipient));
CREATE TABLE IF NOT EXISTS files (
    sha256 TEXT PRIMARY KEY, name TEXT NOT NULL, size INTEGER NOT NULL, received_at TEXT NOT NULL,
    batch INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS issue_names (
    name TEXT PRIMARY KEY, code TEXT NOT NULL, description TEXT NOT NULL, batch INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS receipts (
    seq INTEGER PRIMARY KEY, sha256 TEXT NOT NULL, period TEXT NOT NULL, body TEXT NOT NULL, batch INTEGER
    NOT NULL);
CREATE TABLE IF NOT EXISTS rows (
    seq INTEGER PRIMARY KEY, sheet TEXT NOT NULL, code TEXT NOT NULL, task_force TEXT NOT NULL, period TEXT
    NOT NULL, sha256 TEXT NOT NULL, received_at TEXT NOT NULL, file TEXT NOT NULL, tab TEXT NOT NULL,
    payload TEXT NOT NULL, batch INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS merges (
    seq INTEGER PRIMARY KEY, period TEXT NOT NULL, sequence INTEGER NOT NULL, body TEXT NOT NULL,
    batch INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS slips (
    seq INTEGER PRIMARY KEY, year INTEGER NOT NULL, number INTEGER NOT NULL, body TEXT NOT NULL,
    batch INTEGER NOT NULL, UNIQUE (year, number));
CREATE TABLE IF NOT EXISTS closings (
    seq INTEGER PRIMARY KEY, year INTEGER NOT NULL, number INTEGER NOT NULL, body TEXT NOT NULL,
    batch INTEGER NOT NULL, UNIQUE (year, number));
CREATE INDEX IF NOT EXISTS rows_by_period ON rows (period);
CREATE TABLE IF NOT EXISTS withdrawals (
    seq INTEGER PRIMARY KEY, sha256 TEXT NOT NULL, why TEXT NOT NULL, at TEXT NOT NULL, undone INTEGER NOT
    NULL, batch INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS decisions (
    seq INTEGER PRIMARY KEY, issue TEXT NOT NULL, decided_on TEXT NOT NULL, upon TEXT NOT NULL, token TEXT
    NOT NULL, sha256 TEXT NOT NULL, file TEXT NOT NULL, body TEXT NOT NULL, batch INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS receipts_by_file ON receipts (sha256);
CREATE INDEX IF NOT EXISTS receipts_by_period ON receipts (period);
CREATE TABLE IF NOT EXISTS settlements (
    seq INTEGER PRIMARY KEY, period TEXT NOT NULL, sheet TEXT NOT NULL, code TEXT NOT NULL, field TEXT NOT
    NULL, body TEXT NOT NULL, batch INTEGER NOT NULL);
"""

_OTHER_VERSION = (
    f"台账是另一个版本的 tenproj 写的，现在的版本（{__version__}）读不了。"
    "请安装平时用的那个版本，或更新到最新版本，再运行一次。"
)
_UNREACHABLE = ("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_BUSY")


def check_version(connection: sqlite3.Connection, path: Path) -> None:
    """Check that a file is a ledger of this version, or empty; the file is not changed.

    Raises:
        EnvironmentProblem: It is no ledger, or another version's.
    """
    tables = _columns(connection)
    if tables and "secret" not in _facts(connection, tables):
        raise EnvironmentProblem(
            f"“{path.name}”不是台账，没有改动它。请把它移开，再从备份恢复 ledger 文件夹。"
        )
    with closing(sqlite3.connect(":memory:")) as fresh:
        fresh.executescript(SCHEMA)
        expected = _columns(fresh)
    if any(expected.get(table) != columns for table, columns in tables.items()):
        raise EnvironmentProblem(_OTHER_VERSION)


def _columns(connection: sqlite3.Connection) -> dict[str, list[str]]:
    """Return the names of the columns of every table."""
    query = """SELECT t.name, c.name FROM sqlite_master AS t, pragma_table_info(t.name) AS c
               WHERE t.type = 'table' ORDER BY t.name, c.cid"""
    columns: dict[str, list[str]] = {}
    for table, column in connection.execute(query):
        columns.setdefault(table, []).append(column)
    return columns


def _facts(connection: sqlite3.Connection, tables: Mapping[str, Sequence[str]]) -> set[str]:
    if "key" not in tables.get("facts", ()):
        return set()
    return {key for (key,) in connection.execute("SELECT key FROM facts")}


def remedy(path: Path, error: str) -> str:
    """Return what to do about a ledger that SQLite cannot read; `error` is the name of its error."""
    if error.startswith(_UNREACHABLE):
        return (
            f"台账“{path.name}”读写失败（{error}）。"
            "请检查 ledger 文件夹的权限和磁盘空间，关闭正在用它的程序后重试。"
        )
    return f"台账“{path.name}”已损坏。请从备份恢复 ledger 文件夹。"
