"""The ledger: an append-only SQLite file of what was issued, received and accepted.

Reads and writes plain objects; a batch is one transaction. Nothing is ever changed or deleted: a later entry is a later
word.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from tenproj_xl import __version__
from tenproj_xl.core.catalogue import Code, Severity
from tenproj_xl.core.cells import Value
from tenproj_xl.core.errors import EnvironmentProblem
from tenproj_xl.core.files import sha256
from tenproj_xl.core.findings import Finding, has_errors
from tenproj_xl.core.periods import Period, parse_period
from tenproj_xl.core.tokens import new_secret
from tenproj_xl.model.conflicts import Conflict, ConflictDecision, agreed, conflicts
from tenproj_xl.model.decisions import Decision
from tenproj_xl.model.history import History, Party, Receipt, Reported, Source, Status, Withdrawal, history
from tenproj_xl.model.issued import Issued, SentForm, Snapshots
from tenproj_xl.model.published import Published
from tenproj_xl.model.slips import Closing, Register, Slip

_SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS batches (
    id INTEGER PRIMARY KEY, command TEXT NOT NULL, at TEXT NOT NULL, plan TEXT NOT NULL, settings TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS snapshots (sha256 TEXT PRIMARY KEY, kind TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS issued (
    seq INTEGER PRIMARY KEY, token TEXT NOT NULL, version TEXT NOT NULL, period TEXT NOT NULL,
    recipient TEXT NOT NULL, sheet TEXT NOT NULL, code TEXT NOT NULL, task_force TEXT NOT NULL, unit TEXT NOT NULL,
    of_others INTEGER NOT NULL, printed TEXT NOT NULL, batch INTEGER NOT NULL);
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
    seq INTEGER PRIMARY KEY, sha256 TEXT NOT NULL, period TEXT NOT NULL, body TEXT NOT NULL, batch INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS rows (
    seq INTEGER PRIMARY KEY, sheet TEXT NOT NULL, code TEXT NOT NULL, task_force TEXT NOT NULL, period TEXT NOT NULL,
    sha256 TEXT NOT NULL, received_at TEXT NOT NULL, file TEXT NOT NULL, tab TEXT NOT NULL, payload TEXT NOT NULL,
    batch INTEGER NOT NULL);
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
    seq INTEGER PRIMARY KEY, sha256 TEXT NOT NULL, why TEXT NOT NULL, at TEXT NOT NULL, undone INTEGER NOT NULL,
    batch INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS decisions (
    seq INTEGER PRIMARY KEY, issue TEXT NOT NULL, decided_on TEXT NOT NULL, upon TEXT NOT NULL, token TEXT NOT NULL,
    sha256 TEXT NOT NULL, file TEXT NOT NULL, body TEXT NOT NULL, batch INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS receipts_by_file ON receipts (sha256);
CREATE INDEX IF NOT EXISTS receipts_by_period ON receipts (period);
CREATE TABLE IF NOT EXISTS settlements (
    seq INTEGER PRIMARY KEY, period TEXT NOT NULL, sheet TEXT NOT NULL, code TEXT NOT NULL, field TEXT NOT NULL,
    body TEXT NOT NULL, batch INTEGER NOT NULL);
"""


_ISSUED = "token, version, period, recipient, sheet, code, task_force, unit, of_others, printed"


@dataclass(frozen=True)
class Taken:
    """A file that something was taken in from."""

    sha256: str
    file: str
    received_at: datetime
    party: Party
    period: str
    withdrawn: Withdrawal | None


class Ledger:
    """An open ledger. Use `open_ledger`; write inside `batch` only."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._batch = 0

    @property
    def secret(self) -> str:
        """The secret that row tokens are made with."""
        return self.fact("secret") or ""

    def fact(self, key: str) -> str | None:
        """A fact about the ledger itself."""
        found = self._db.execute("SELECT value FROM facts WHERE key = ?", (key,)).fetchone()
        return str(found[0]) if found else None

    @contextmanager
    def batch(self, command: str, at: datetime, snapshots: Snapshots) -> Iterator["Ledger"]:
        """One transaction for all that a command writes: all of it holds, or none."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            named = {kind: sha256(body.encode()) for kind, body in vars(snapshots).items()}
            for kind, body in vars(snapshots).items():
                self._db.execute(
                    "INSERT OR IGNORE INTO snapshots VALUES (?, ?, ?)", (named[kind], kind, body)
                )
            values = (command, _utc(at), named["plan"], named["settings"])
            cursor = self._db.execute(
                "INSERT INTO batches (command, at, plan, settings) VALUES (?, ?, ?, ?)", values
            )
            self._batch = int(cursor.lastrowid or 0)
            yield self
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    # --- what was issued

    def record_issue(
        self, period: str, recipient: str, rows: Sequence[Issued], columns: Mapping[str, Sequence[str]]
    ) -> None:
        """Remember a form: its rows and columns, and what is printed in rows that were printed otherwise before."""
        self._record_printed(rows)
        tokens = _json([row.token for row in rows])
        self._db.execute(
            "INSERT INTO forms VALUES (?, ?, ?, ?, ?)",
            (self._batch, period, recipient, tokens, _json(columns)),
        )

    def record_signoff_rows(self, rows: Sequence[Issued]) -> None:
        """Remember the rows of a sign-off workbook that were never printed before."""
        before = self.issued(row.token for row in rows)
        self._record_printed([row for row in rows if row.token not in before])

    def _record_printed(self, rows: Sequence[Issued]) -> None:
        """Remember the rows that were never printed, or last printed otherwise."""
        before = self.issued(row.token for row in rows)
        changed = [row for row in rows if row.token not in before or before[row.token][-1] != row]
        insert = f"INSERT INTO issued ({_ISSUED}, batch) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608  # fixed
        self._db.executemany(
            insert, [(*list(vars(r).values())[:-1], _dump(r.printed), self._batch) for r in changed]
        )

    def issued(self, tokens: Iterable[str]) -> dict[str, list[Issued]]:
        """All printings of some tokens, oldest first."""
        rows: list[tuple[Any, ...]] = []
        for some in _chunks(sorted(set(tokens)), 500):
            marks = ",".join("?" * len(some))
            rows += self._db.execute(f"SELECT seq, {_ISSUED} FROM issued WHERE token IN ({marks})", some)  # noqa: S608  # marks only
        found: dict[str, list[Issued]] = {}
        for _, token, *more in sorted(rows):
            found.setdefault(token, []).append(_issued(token, *more))
        return found

    def newest_period(self) -> str | None:
        """The code of the newest period that forms went out for, None if none did."""
        found = self._db.execute("SELECT MAX(period) FROM issued").fetchone()[0]
        return str(found) if found else None

    def issued_periods(self) -> list[str]:
        """The codes of all periods that forms went out for."""
        return [
            str(code) for (code,) in self._db.execute("SELECT DISTINCT period FROM forms ORDER BY period")
        ]

    def sent(self, period: str, recipient: str) -> SentForm:
        """What was sent out for a period to a recipient; nothing where no form was."""
        query = f"SELECT {_ISSUED} FROM issued WHERE period = ? AND recipient = ? ORDER BY seq"  # noqa: S608  # fixed
        newest = {row[0]: _issued(*row) for row in self._db.execute(query, (period, recipient))}
        query = "SELECT tokens, columns FROM forms WHERE period = ? AND recipient = ? ORDER BY batch"
        columns = "{}"
        for tokens, columns in self._db.execute(query, (period, recipient)):  # noqa: B007  # the last is wanted
            newest = {token: newest[token] for token in json.loads(tokens) if token in newest}
        return SentForm(newest, json.loads(columns))

    def recipients(self, period: str) -> list[str]:
        """The codes of all to whom forms of a period went out."""
        found = self._db.execute(
            "SELECT DISTINCT recipient FROM forms WHERE period = ? ORDER BY recipient", (period,)
        )
        return [str(code) for (code,) in found]

    def plan_of_forms(self, period: str) -> str | None:
        """The hash of the plan by which the newest forms of a period were made, None if there are none."""
        query = """SELECT plan FROM batches JOIN forms ON forms.batch = batches.id
                   WHERE forms.period = ? ORDER BY batches.id DESC LIMIT 1"""
        found = self._db.execute(query, (period,)).fetchone()
        return str(found[0]) if found else None

    # --- what was received

    def first_seen(self, sha256: str) -> datetime | None:
        """When a file of this hash was first received, None if it never was."""
        found = self._db.execute("SELECT received_at FROM files WHERE sha256 = ?", (sha256,)).fetchone()
        return datetime.fromisoformat(found[0]) if found else None

    def record_file(self, sha256: str, name: str, size: int, received_at: datetime) -> None:
        """Remember a received file."""
        values = (sha256, name, size, _utc(received_at), self._batch)
        self._db.execute("INSERT OR IGNORE INTO files VALUES (?, ?, ?, ?, ?)", values)

    def record_receipt(self, receipt: Receipt) -> None:
        """Remember what became of a received file; `receipt.seq` is not looked at."""
        body = {
            "file": receipt.file,
            "sender": receipt.sender,
            "party": list(receipt.party),
            "status": receipt.status,
            "received_at": _utc(receipt.received_at),
            "late": receipt.late,
            "nil": receipt.nil,
            "cover": {k: _plain(v) for k, v in receipt.cover.items()},
            "findings": [_finding_body(f) for f in receipt.findings],
        }
        insert = "INSERT INTO receipts (sha256, period, body, batch) VALUES (?, ?, ?, ?)"
        values = (receipt.sha256, receipt.period, _json(body), self._batch)
        self._db.execute(insert, values)

    def has_return(self, sha256: str) -> bool:
        """True where a file of this hash was taken in as a return, whatever had to be corrected in it."""
        bodies = self._db.execute("SELECT body FROM receipts WHERE sha256 = ?", (sha256,))
        return any(Status(json.loads(body)["status"]).is_return for (body,) in bodies)

    def receipts(self, period: str | None = None) -> list[Receipt]:
        """What became of the files received for a period (or of all), in the order of receipt."""
        query = "SELECT sha256, period, body, seq FROM receipts"
        rows = self._db.execute(f"{query} WHERE period = ?", (period,)) if period else self._db.execute(query)
        taken = sorted((_receipt(*row) for row in rows), key=lambda r: (r.received_at, r.sha256, r.seq))
        return _standing(taken, self.withdrawals())

    def decided_in(self, sha256: str) -> int:
        """How many decisions a file brought, whether they still count or not."""
        return int(
            self._db.execute("SELECT COUNT(*) FROM decisions WHERE sha256 = ?", (sha256,)).fetchone()[0]
        )

    def rows_named_in(self, sha256: str) -> list[tuple[str, str]]:
        """Sheet and code of every row that a file brought, whether it still counts or not."""
        return list(self._db.execute("SELECT DISTINCT sheet, code FROM rows WHERE sha256 = ?", (sha256,)))

    def taken(self) -> list[Taken]:
        """The files that something was taken in from, oldest first, withdrawn ones included."""
        returns = [r for r in self.receipts() if r.status.is_return or r.withdrawn]
        found = [Taken(r.sha256, r.file, r.received_at, r.party, r.period, r.withdrawn) for r in returns]
        query = (
            """SELECT sha256, name, received_at FROM files WHERE sha256 IN (SELECT sha256 FROM decisions)"""
        )
        withdrawn = self.withdrawals()
        found += [
            Taken(sha, name, datetime.fromisoformat(at), Party(), "", withdrawn.get(sha))
            for sha, name, at in self._db.execute(query)
        ]
        return sorted(found, key=lambda f: (f.received_at, f.sha256))

    # --- what the office decided

    def record_decision(self, decision: Decision) -> None:
        """Remember a decision; `decision.seq` is not looked at."""
        kept = ("by", "verdict", "level", "coordination", "extension", "until", "opinion")
        body = _dump({name: getattr(decision, name) for name in kept})
        insert = """INSERT INTO decisions (issue, decided_on, upon, token, sha256, file, body, batch)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)"""
        values = (
            decision.issue,
            decision.on.isoformat(),
            decision.upon.code,
            decision.token,
            decision.sha256,
            decision.file,
            body,
            self._batch,
        )
        self._db.execute(insert, values)

    def _decisions(self, withdrawn: Mapping[str, Withdrawal]) -> Iterable[Decision]:
        """The decisions in force: of those on one issue with one token the last."""
        fields = "issue, decided_on, upon, token, sha256, file, body, seq"
        found: dict[tuple[str, str], Decision] = {}
        for row in self._db.execute(f"SELECT {fields} FROM decisions ORDER BY seq"):  # noqa: S608  # fixed
            decision = _decision(*row)
            if decision.sha256 not in withdrawn:
                found[decision.token, decision.issue] = decision
        return found.values()

    # --- what was taken out again

    def record_withdrawal(self, withdrawal: Withdrawal, *, undone: bool = False) -> None:
        """Remember that a file does not count any more, or that it does again."""
        insert = "INSERT INTO withdrawals (sha256, why, at, undone, batch) VALUES (?, ?, ?, ?, ?)"
        values = (withdrawal.sha256, withdrawal.why, _utc(withdrawal.at), int(undone), self._batch)
        self._db.execute(insert, values)

    def withdrawals(self) -> dict[str, Withdrawal]:
        """The withdrawals in force, by the file's hash."""
        found: dict[str, Withdrawal] = {}
        for sha, why, at, undone in self._db.execute(
            "SELECT sha256, why, at, undone FROM withdrawals ORDER BY seq"
        ):
            found.pop(sha, None)
            if not undone:
                found[sha] = Withdrawal(sha, why, datetime.fromisoformat(at))
        return found

    # --- what was accepted

    def record_row(self, row: Reported) -> None:
        """Remember an accepted row; `row.seq` is not looked at."""
        payload = {
            "values": {k: _plain(v) for k, v in row.values.items()},
            "typed": dict(row.typed),
            "cells": dict(row.cells),
            "unit": row.unit,
            "owner": row.owner,
            "said": sorted(row.said),
        }
        insert = """INSERT INTO rows (sheet, code, task_force, period, sha256, received_at, file, tab, payload, batch)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
        values = (
            row.sheet,
            row.code,
            row.task_force,
            row.period.code,
            row.sha256,
            _utc(row.received_at),
            row.file,
            row.tab,
            _json(payload),
            self._batch,
        )
        self._db.execute(insert, values)

    def accepted_rows(self, period: str | None = None) -> list[Reported]:
        """The accepted rows of all senders for a period (or for all), but for those of withdrawn files."""
        query = (
            "SELECT seq, sheet, code, task_force, period, sha256, received_at, file, tab, payload FROM rows"
        )
        rows = self._db.execute(f"{query} WHERE period = ?", (period,)) if period else self._db.execute(query)
        withdrawn = self.withdrawals()
        return [row for row in (_reported(*r) for r in sorted(rows)) if row.sha256 not in withdrawn]

    def history(self, words: Sequence[Reported] | None = None) -> History:
        """What counts of all accepted rows (or of those given), and the decisions, but for those of withdrawn files."""
        said = self.accepted_rows() if words is None else words
        return history(agreed(said, self.conflict_decisions()), self._decisions(self.withdrawals()))

    def conflicts(self, period: str) -> list[Conflict]:
        """The cells of a period on which senders disagree, settled ones included."""
        return conflicts(self.accepted_rows(period), self.conflict_decisions())

    def record_conflict_decision(self, decision: ConflictDecision) -> None:
        """Remember what a person decided about a cell."""
        source = decision.source
        body = {
            "words": dict(decision.words),
            "chosen": decision.chosen,
            "value": _plain(decision.value),
            "who": decision.who,
            "why": decision.why,
            "source": [source.file, source.tab, source.cell, _utc(source.at)],
        }
        insert = "INSERT INTO settlements (period, sheet, code, field, body, batch) VALUES (?, ?, ?, ?, ?, ?)"
        self._db.execute(insert, (*decision.cell, _json(body), self._batch))

    def conflict_decisions(self) -> list[ConflictDecision]:
        """What was decided about cells on which senders disagreed, oldest first."""
        fields = "period, sheet, code, field, body"
        return [
            _conflict_decision(*row)
            for row in self._db.execute(f"SELECT {fields} FROM settlements ORDER BY seq")  # noqa: S608  # fixed
        ]

    def sequence(self) -> int:
        """Return a number that grows with every entry that counts: rows, decisions, withdrawals and slips."""
        counted = ("rows", "decisions", "withdrawals", "settlements", "slips", "closings")
        queries = [f"SELECT COALESCE(MAX(seq), 0) FROM {table}" for table in counted]  # noqa: S608  # fixed
        return sum(int(self._db.execute(query).fetchone()[0]) for query in queries)

    # --- what was published

    def record_merge(self, published: Published) -> None:
        """Remember what a merge told its readers."""
        rows = {
            s: {c: _plain_row(row) for c, row in by_code.items()} for s, by_code in published.rows.items()
        }
        body = _json({"numbers": dict(published.numbers), "rows": rows})
        values = (published.period.code, published.sequence, body, self._batch)
        self._db.execute("INSERT INTO merges (period, sequence, body, batch) VALUES (?, ?, ?, ?)", values)

    def published_before(self, period: Period, most: int) -> tuple[Published, ...]:
        """What the last merge of each earlier period told its readers, of the newest periods, oldest first."""
        last: dict[str, int] = dict(self._db.execute("SELECT period, MAX(seq) FROM merges GROUP BY period"))
        earlier = sorted(p for p in map(parse_period, last) if p.last < period.last)
        query = "SELECT sequence, body FROM merges WHERE seq = ?"
        return tuple(
            _published(p, *self._db.execute(query, (last[p.code],)).fetchone()) for p in earlier[-most:]
        )

    # --- supervision slips

    def record_slip(self, slip: Slip) -> None:
        """Remember a slip that goes out."""
        values = (slip.year, slip.number, _json({k: _plain(v) for k, v in vars(slip).items()}), self._batch)
        self._db.execute("INSERT INTO slips (year, number, body, batch) VALUES (?, ?, ?, ?)", values)

    def record_closing(self, closing: Closing) -> None:
        """Remember that what a slip asked for is done."""
        values = (
            closing.year,
            closing.number,
            _json({k: _plain(v) for k, v in vars(closing).items()}),
            self._batch,
        )
        self._db.execute("INSERT INTO closings (year, number, body, batch) VALUES (?, ?, ?, ?)", values)

    def register(self) -> Register:
        """All slips by number, and what became of them."""
        slips = [
            Slip(**_body(body))
            for (body,) in self._db.execute("SELECT body FROM slips ORDER BY year, number")
        ]
        closings = [
            Closing(**_body(body)) for (body,) in self._db.execute("SELECT body FROM closings ORDER BY seq")
        ]
        return Register(tuple(slips), {(c.year, c.number): c for c in closings})

    # --- names of issues

    def issue_named(self, name: str) -> tuple[str, str] | None:
        """Code and description of the issue that goes by a name, None if none does."""
        found = self._db.execute(
            "SELECT code, description FROM issue_names WHERE name = ?", (name,)
        ).fetchone()
        return (str(found[0]), str(found[1])) if found else None

    def name_issue(self, name: str, code: str, description: str) -> None:
        """Remember for good a name that an issue goes by."""
        values = (name, code, description, self._batch)
        self._db.execute("INSERT OR IGNORE INTO issue_names VALUES (?, ?, ?, ?)", values)

    def next_issue_code(self, task_force: str, year: int) -> str:
        """The next free code of a task force's issues, such as `W03-2026-007`."""
        prefix = f"W{task_force}-{year}-"
        query = "SELECT COUNT(DISTINCT code) FROM issue_names WHERE code LIKE ?"
        return f"{prefix}{self._db.execute(query, (prefix + '%',)).fetchone()[0] + 1:03d}"


@contextmanager
def open_ledger(folder: Path, *, who: str) -> Iterator[Ledger]:
    """The ledger of a folder, made if it is not there, locked until it is closed.

    Args:
        folder: Where the ledger lies.
        who: What a second run is told is running.

    Raises:
        EnvironmentProblem: another run holds the ledger, or the file is damaged, another version's or no ledger.
    """
    folder.mkdir(parents=True, exist_ok=True)
    note = folder / "运行中.txt"
    try:
        with FileLock(folder / "台账.lock", timeout=0):
            note.write_text(who, encoding="utf-8")
            try:
                yield from _opened(folder / "台账.sqlite3")
            finally:
                note.unlink(missing_ok=True)
    except Timeout as fault:
        running = note.read_text(encoding="utf-8") if note.exists() else "另一个命令"
        raise EnvironmentProblem(f"另一个命令 {running} 正在运行，请等它结束后再试。") from fault


def _opened(path: Path) -> Iterator[Ledger]:
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            _accept(connection, path)
            connection.execute("PRAGMA synchronous = FULL")
            connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA}")
            connection.execute("INSERT OR IGNORE INTO facts VALUES ('secret', ?)", (new_secret(),))
            connection.execute("COMMIT")
            yield Ledger(connection)
    except (sqlite3.DatabaseError, json.JSONDecodeError) as fault:
        raise EnvironmentProblem(_remedy(path, getattr(fault, "sqlite_errorname", ""))) from fault


_UNREACHABLE = ("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_BUSY")


def _remedy(path: Path, error: str) -> str:
    if error.startswith(_UNREACHABLE):
        return f"台账“{path.name}”读写失败（{error}）。请检查 ledger 文件夹的权限和磁盘空间，关闭正在用它的程序后重试。"
    return f"台账“{path.name}”已损坏。请从备份恢复 ledger 文件夹。"


def _accept(connection: sqlite3.Connection, path: Path) -> None:
    """Nothing, unless a file is no ledger of this version: then it is left as it is."""
    found = _columns(connection)
    if found and "secret" not in _facts(connection, found):
        raise EnvironmentProblem(
            f"“{path.name}”不是台账，没有改动它。请把它移开，再从备份恢复 ledger 文件夹。"
        )
    with closing(sqlite3.connect(":memory:")) as fresh:
        fresh.executescript(_SCHEMA)
        ours = _columns(fresh)
    if any(ours.get(table) != columns for table, columns in found.items()):
        raise EnvironmentProblem(_OTHER_VERSION)


_OTHER_VERSION = (
    f"台账是另一个版本的 tenproj 写的，现在的版本（{__version__}）读不了。"
    "请安装平时用的那个版本，或更新到最新版本，再运行一次。"
)


def _columns(connection: sqlite3.Connection) -> dict[str, list[str]]:
    """The columns of every table."""
    query = """SELECT t.name, c.name FROM sqlite_master AS t, pragma_table_info(t.name) AS c
               WHERE t.type = 'table' ORDER BY t.name, c.cid"""
    found: dict[str, list[str]] = {}
    for table, column in connection.execute(query):
        found.setdefault(table, []).append(column)
    return found


def _facts(connection: sqlite3.Connection, tables: Mapping[str, Sequence[str]]) -> set[str]:
    if "key" not in tables.get("facts", ()):
        return set()
    return {key for (key,) in connection.execute("SELECT key FROM facts")}


# --- objects to JSON and back


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _plain(value: object) -> object:
    return {"date": value.isoformat()} if isinstance(value, date) else value


def _value(body: object) -> Value:
    if isinstance(body, dict):
        return date.fromisoformat(body["date"])
    return float(body) if isinstance(body, int | float) else None if body is None else str(body)


def _json(body: object) -> str:
    return json.dumps(body, ensure_ascii=False, sort_keys=True)


def _plain_row(values: Mapping[str, Value]) -> dict[str, object]:
    return {k: _plain(v) for k, v in values.items()}


def _row(body: Mapping[str, object]) -> dict[str, Value]:
    return {k: _value(v) for k, v in body.items()}


def _dump(values: Mapping[str, Value]) -> str:
    return _json(_plain_row(values))


def _load(body: str) -> dict[str, Value]:
    return _row(json.loads(body))


def _body(body: str) -> dict[str, Any]:
    """The fields of a slip or a closing: dates again, whole numbers as they are."""
    said = json.loads(body)
    return {k: _value(v) if isinstance(v, dict) else v for k, v in said.items()}


def _published(period: Period, sequence: int, body: str) -> Published:
    said = json.loads(body)
    rows = {
        sheet: {code: _row(row) for code, row in by_code.items()} for sheet, by_code in said["rows"].items()
    }
    return Published(period, sequence, said["numbers"], rows)


def _issued(
    token: str,
    version: str,
    period: str,
    recipient: str,
    sheet: str,
    code: str,
    task_force: str,
    unit: str,
    of_others: int,
    printed: str,
) -> Issued:
    return Issued(
        token, version, period, recipient, sheet, code, task_force, unit, bool(of_others), _load(printed)
    )


def _standing(taken: Sequence[Receipt], withdrawn: Mapping[str, Withdrawal]) -> list[Receipt]:
    """Receipts as they stand now: withdrawn ones say so, and what only they had superseded is superseded no more."""
    found = [
        replace(r, status=Status.WITHDRAWN, withdrawn=w)
        if (w := withdrawn.get(r.sha256)) and r.status.is_return
        else r
        for r in taken
    ]
    live = (r for r in found if r.status.is_return and r.status is not Status.SUPERSEDED)
    later = {(r.party.recipient, r.party.unit, r.period) for r in live}
    return [
        replace(r, status=_by_findings(r.findings))
        if r.status is Status.SUPERSEDED and (r.party.recipient, r.party.unit, r.period) not in later
        else r
        for r in found
    ]


def _by_findings(findings: Sequence[Finding]) -> Status:
    if has_errors(findings):
        return Status.TO_CORRECT
    return Status.WITH_WARNINGS if findings else Status.ACCEPTED


_CODES = {code.rule.code: code for code in Code}


def _finding_body(f: Finding) -> dict[str, str]:
    return {**vars(f), "code": f.code.rule.code}


def _finding(body: Mapping[str, str]) -> Finding:
    if body["code"] not in _CODES:
        raise EnvironmentProblem(_OTHER_VERSION)
    return Finding(**{**body, "code": _CODES[body["code"]], "severity": Severity(body["severity"])})  # type: ignore[arg-type]  # as `_finding_body` wrote it


def _receipt(sha256: str, period: str, body: str, seq: int) -> Receipt:
    said = json.loads(body)
    recipient, task_forces, unit = said["party"]
    return Receipt(
        said["file"],
        sha256,
        Party(recipient, tuple(task_forces), unit),
        period,
        said["sender"],
        Status(said["status"]),
        datetime.fromisoformat(said["received_at"]),
        said["late"],
        said["nil"],
        {k: _value(v) for k, v in said["cover"].items()},
        tuple(_finding(f) for f in said["findings"]),
        seq,
    )


def _reported(
    seq: int,
    sheet: str,
    code: str,
    task_force: str,
    period: str,
    sha256: str,
    received_at: str,
    file: str,
    tab: str,
    payload: str,
) -> Reported:
    said = json.loads(payload)
    return Reported(
        sheet,
        code,
        task_force,
        parse_period(period),
        {k: _value(v) for k, v in said["values"].items()},
        said["typed"],
        said["cells"],
        file,
        sha256,
        tab,
        datetime.fromisoformat(received_at),
        seq,
        said["unit"],
        said["owner"],
        frozenset(said["said"]),
    )


def _conflict_decision(period: str, sheet: str, code: str, field: str, body: str) -> ConflictDecision:
    said = json.loads(body)
    file, tab, cell, at = said["source"]
    source = Source(file, tab, cell, datetime.fromisoformat(at))
    return ConflictDecision(
        period,
        sheet,
        code,
        field,
        said["words"],
        said["chosen"],
        _value(said["value"]),
        said["who"],
        said["why"],
        source,
    )


def _decision(
    issue: str, decided_on: str, upon: str, token: str, sha256: str, file: str, body: str, seq: int
) -> Decision:
    said = json.loads(body)
    until = _value(said.pop("until"))
    return Decision(
        issue,
        date.fromisoformat(decided_on),
        upon=parse_period(upon),
        token=token,
        sha256=sha256,
        file=file,
        seq=seq,
        until=until if isinstance(until, date) else None,
        **said,
    )


def _chunks(items: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (items[n : n + size] for n in range(0, len(items), size))
