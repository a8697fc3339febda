"""The tables of the ledger, version by version, and whether a file has them.

A version only adds: a table, or a column that earlier entries may lack (with a default, or empty). No entry
is rewritten. The number of a file's version stands in its `PRAGMA user_version`; 0.2.1, whose version is
the first, wrote none.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path

from tenproj_xl import __version__
from tenproj_xl.core.errors import EnvironmentProblem

LEDGER_FILE = "台账.sqlite3"
VERIFIED, LAST_BACKUP, WORKBOOKS = "核验.json", "上次备份.json", "已读工作簿.json"
"""Beside it: the last entry that was verified, with its hash; when it was last backed up, and where; what the
office's workbooks say, see `app.kept_workbooks`."""

_VERSION_1 = """
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

_VERSION_2 = """
ALTER TABLE batches ADD COLUMN encoding INTEGER NOT NULL DEFAULT 1;
ALTER TABLE snapshots ADD COLUMN encoding INTEGER NOT NULL DEFAULT 1;
ALTER TABLE issued ADD COLUMN encoding INTEGER NOT NULL DEFAULT 1;
ALTER TABLE forms ADD COLUMN encoding INTEGER NOT NULL DEFAULT 1;
ALTER TABLE files ADD COLUMN encoding INTEGER NOT NULL DEFAULT 1;
ALTER TABLE issue_names ADD COLUMN encoding INTEGER NOT NULL DEFAULT 1;
ALTER TABLE receipts ADD COLUMN encoding INTEGER NOT NULL DEFAULT 1;
ALTER TABLE rows ADD COLUMN encoding INTEGER NOT NULL DEFAULT 1;
ALTER TABLE merges ADD COLUMN encoding INTEGER NOT NULL DEFAULT 1;
ALTER TABLE slips ADD COLUMN encoding INTEGER NOT NULL DEFAULT 1;
ALTER TABLE closings ADD COLUMN encoding INTEGER NOT NULL DEFAULT 1;
ALTER TABLE withdrawals ADD COLUMN encoding INTEGER NOT NULL DEFAULT 1;
ALTER TABLE decisions ADD COLUMN encoding INTEGER NOT NULL DEFAULT 1;
ALTER TABLE settlements ADD COLUMN encoding INTEGER NOT NULL DEFAULT 1;
CREATE TABLE heads (
    number INTEGER PRIMARY KEY, kind TEXT NOT NULL, entry TEXT NOT NULL, period TEXT NOT NULL,
    recorded_at TEXT NOT NULL, digest BLOB NOT NULL, hash BLOB NOT NULL);
CREATE TABLE salts (number INTEGER PRIMARY KEY, salt BLOB NOT NULL);
"""
"""Each entry names its encoding, and a chain runs over the heads of all entries; see `ledger.proof`."""

_VERSION_3 = """
CREATE TABLE standing (
    sheet TEXT NOT NULL, code TEXT NOT NULL, topic TEXT NOT NULL, since TEXT NOT NULL, period TEXT NOT NULL,
    until TEXT NOT NULL, PRIMARY KEY (sheet, code, topic, since, period)) WITHOUT ROWID;
CREATE INDEX standing_by_end ON standing (until, since);
CREATE INDEX standing_by_start ON standing (topic, since);
CREATE INDEX rows_by_code ON rows (sheet, code, period);
CREATE INDEX rows_by_file ON rows (sha256);
CREATE INDEX forms_by_period ON forms (period, recipient);
CREATE INDEX merges_by_period ON merges (period);
"""
"""Which report stands on which topic, and how long; see `ledger.standing`."""

_VERSION_4 = """
ALTER TABLE batches ADD COLUMN clock TEXT;
CREATE TABLE made_files (
    seq INTEGER PRIMARY KEY, path TEXT NOT NULL, sha256 TEXT NOT NULL, batch INTEGER NOT NULL,
    encoding INTEGER NOT NULL);
CREATE INDEX made_files_by_path ON made_files (path);
CREATE TABLE made_editions (
    seq INTEGER PRIMARY KEY, period TEXT NOT NULL, edition TEXT NOT NULL, sequence INTEGER NOT NULL,
    signed_by TEXT NOT NULL, body TEXT NOT NULL, batch INTEGER NOT NULL, encoding INTEGER NOT NULL);
CREATE INDEX made_editions_by_period ON made_editions (period, edition);
CREATE TABLE publications (
    seq INTEGER PRIMARY KEY, series TEXT NOT NULL, year INTEGER NOT NULL, number INTEGER NOT NULL,
    correction INTEGER NOT NULL, period TEXT NOT NULL, edition TEXT NOT NULL, sequence INTEGER NOT NULL,
    body TEXT NOT NULL, batch INTEGER NOT NULL, encoding INTEGER NOT NULL);
CREATE INDEX publications_by_period ON publications (period, edition);
CREATE TABLE plan_corrections (
    seq INTEGER PRIMARY KEY, period TEXT NOT NULL, plan TEXT NOT NULL, reason TEXT NOT NULL,
    batch INTEGER NOT NULL, encoding INTEGER NOT NULL);
CREATE TABLE periods (
    seq INTEGER PRIMARY KEY, period TEXT NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL,
    deadline TEXT NOT NULL, batch INTEGER NOT NULL, encoding INTEGER NOT NULL);
CREATE INDEX periods_by_code ON periods (period);
CREATE TABLE reviews (
    seq INTEGER PRIMARY KEY, sha256 TEXT NOT NULL, code TEXT NOT NULL, period TEXT NOT NULL,
    verdict TEXT NOT NULL, body TEXT NOT NULL, batch INTEGER NOT NULL, encoding INTEGER NOT NULL);
"""
"""What the machine's clock said of a batch, where that lay behind the batch before. What was made, and what
was given out of it; see `model.publications`. Plans of earlier periods that were put right. The days that a
period had when its forms went out. Figures that wait for the office; see `model.reviews`."""

_VERSION_5 = """
CREATE TABLE questions (
    seq INTEGER PRIMARY KEY, rule TEXT NOT NULL, row TEXT NOT NULL, data_period TEXT NOT NULL,
    value TEXT NOT NULL, period TEXT NOT NULL, sha256 TEXT NOT NULL, state TEXT NOT NULL, body TEXT NOT NULL,
    batch INTEGER NOT NULL, encoding INTEGER NOT NULL);
CREATE INDEX questions_by_row ON questions (row);
CREATE TABLE preferences (
    seq INTEGER PRIMARY KEY, sha256 TEXT NOT NULL, period TEXT NOT NULL, ranked_at TEXT NOT NULL,
    why TEXT NOT NULL, batch INTEGER NOT NULL, encoding INTEGER NOT NULL);
CREATE TABLE corrections (
    seq INTEGER PRIMARY KEY, name TEXT NOT NULL, period TEXT NOT NULL, recipient TEXT NOT NULL,
    body TEXT NOT NULL, batch INTEGER NOT NULL, encoding INTEGER NOT NULL);
CREATE INDEX corrections_by_name ON corrections (name);
CREATE TABLE lead_words (
    seq INTEGER PRIMARY KEY, sha256 TEXT NOT NULL, sheet TEXT NOT NULL, code TEXT NOT NULL,
    period TEXT NOT NULL, verdict TEXT NOT NULL, body TEXT NOT NULL, batch INTEGER NOT NULL,
    encoding INTEGER NOT NULL);
CREATE INDEX lead_words_by_period ON lead_words (period);
CREATE TABLE score_sheets (
    seq INTEGER PRIMARY KEY, period TEXT NOT NULL, task_force TEXT NOT NULL, body TEXT NOT NULL,
    batch INTEGER NOT NULL, encoding INTEGER NOT NULL);
CREATE TABLE objections (
    seq INTEGER PRIMARY KEY, period TEXT NOT NULL, task_force TEXT NOT NULL, state TEXT NOT NULL,
    body TEXT NOT NULL, batch INTEGER NOT NULL, encoding INTEGER NOT NULL);
"""
"""Questions that were asked, and their answers; see `model.questions`. Returns that the office prefers
to later ones, and what was printed in correction workbooks. What lead units say of rows; see
`model.lead_words`. What units were told of their scores, and object to; see `model.objections`."""

_VERSION_6 = """
CREATE TABLE slip_replies (
    seq INTEGER PRIMARY KEY, year INTEGER NOT NULL, number INTEGER NOT NULL, sha256 TEXT NOT NULL,
    body TEXT NOT NULL, batch INTEGER NOT NULL, encoding INTEGER NOT NULL);
"""
"""What units answered in supervision slips that came back; see `model.slips`."""

_VERSION_7 = """
CREATE TABLE removals (
    seq INTEGER PRIMARY KEY, sha256 TEXT NOT NULL, name TEXT NOT NULL, why TEXT NOT NULL, body TEXT NOT NULL,
    batch INTEGER NOT NULL, encoding INTEGER NOT NULL);
"""
"""What was taken out by law, and of which entries; see `ledger.removal`."""

_VERSION_8 = """
CREATE TABLE letters (
    seq INTEGER PRIMARY KEY, reference TEXT NOT NULL, period TEXT NOT NULL, addressee TEXT NOT NULL,
    state TEXT NOT NULL, body TEXT NOT NULL, batch INTEGER NOT NULL, encoding INTEGER NOT NULL);
CREATE INDEX letters_by_reference ON letters (reference);
CREATE INDEX letters_by_period ON letters (period);
CREATE TABLE fetched (
    seq INTEGER PRIMARY KEY, mailbox TEXT NOT NULL, uid_validity INTEGER NOT NULL, uid INTEGER NOT NULL,
    message_id TEXT NOT NULL, sha256 TEXT NOT NULL, body TEXT NOT NULL, batch INTEGER NOT NULL,
    encoding INTEGER NOT NULL);
CREATE INDEX fetched_by_mailbox ON fetched (mailbox, uid_validity, uid);
CREATE INDEX fetched_by_message ON fetched (message_id);
"""
"""Letters to liaisons, and what became of them; see `model.deliveries`. Mails that were taken from a
mailbox."""

_VERSION_9 = """
CREATE TABLE admissions (
    seq INTEGER PRIMARY KEY, sha256 TEXT NOT NULL, unit TEXT NOT NULL, batch INTEGER NOT NULL,
    encoding INTEGER NOT NULL);
"""
"""Returns that the office vouched for, and as whose, "" as whose they say; see `app.admit`."""

RECIPIENT = "CASE WHEN json_valid(body) THEN json_extract(body, '$.party[0]') END"
SENDER = "CASE WHEN json_valid(body) THEN json_extract(body, '$.party[2]') END"
NAMED_UNITS = "CASE WHEN json_valid(payload) THEN json_extract(payload, '$.values.unit') END"
"""What receipts and rows of issues are found by, as their indexes have it."""

_VERSION_10 = f"""
CREATE INDEX standing_by_row ON standing (sheet, code, until);
CREATE INDEX receipts_by_recipient ON receipts (period, {RECIPIENT});
CREATE INDEX receipts_by_sender ON receipts (period, {SENDER});
CREATE INDEX issues_by_unit ON rows ({NAMED_UNITS}) WHERE sheet = 'issues';
CREATE INDEX issues_by_force ON rows (task_force) WHERE sheet = 'issues';
CREATE INDEX lead_words_by_file ON lead_words (sha256);
CREATE INDEX letters_by_addressee ON letters (period, addressee);
"""
"""What a few returns are about is found without reading what all others are."""

_VERSION_11 = """
ALTER TABLE periods ADD COLUMN asked_until TEXT;
"""
"""The day up to which figures had to come out for a period's forms to ask for them."""

VERSIONS = (
    _VERSION_1,
    _VERSION_2,
    _VERSION_3,
    _VERSION_4,
    _VERSION_5,
    _VERSION_6,
    _VERSION_7,
    _VERSION_8,
    _VERSION_9,
    _VERSION_10,
    _VERSION_11,
)
"""What each version adds to the one before it, the first to an empty file; statements without `;` inside."""
CURRENT = len(VERSIONS)
FIRST_WITH_CHAIN = 2
"""The first version whose entries are sealed as they are recorded."""

_OTHER_VERSION = (
    f"台账是另一个版本的 tenproj 写的，现在的版本（{__version__}）读不了，没有改动它。"
    "请安装平时用的那个版本，或更新到最新版本，再运行一次。"
)


def version_of(connection: sqlite3.Connection, path: Path) -> int:
    """Return the version of a ledger, 0 for an empty file; the file is not changed.

    Raises:
        EnvironmentProblem: It is no ledger, a later version's, or one of no version.
    """
    tables = _columns(connection)
    if not tables:
        return 0
    if "secret" not in _facts(connection, tables):
        raise EnvironmentProblem(
            f"“{path.name}”不是台账，没有改动它。请把它移开，再从备份恢复 ledger 文件夹。"
        )
    (stated,) = connection.execute("PRAGMA user_version").fetchone()
    version = int(stated) or 1
    if version > CURRENT:
        raise EnvironmentProblem(
            f"台账“{path.name}”是较新版本的 tenproj 写的（台账第{version}版），"
            f"现在的版本（{__version__}）只认得到第{CURRENT}版，没有改动它。请更新到最新版本，再运行一次。"
        )
    expected = columns_of(version)
    if any(expected.get(table) != columns for table, columns in tables.items()):
        raise EnvironmentProblem(_OTHER_VERSION)
    return version


def advance(connection: sqlite3.Connection, version: int) -> None:
    """Make a ledger of the version before one of `version`, within the transaction that is open."""
    # executescript would commit the transaction first.
    for statement in VERSIONS[version - 1].split(";"):
        connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {version}")


@cache
def columns_of(version: int) -> Mapping[str, Sequence[str]]:
    """Return the columns of all tables in a version."""
    with closing(sqlite3.connect(":memory:")) as fresh:
        fresh.execute("BEGIN")  # one transaction of all takes little more than half of the time
        for number in range(1, version + 1):
            advance(fresh, number)
        return _columns(fresh)


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
