"""What the ledger knows, as plain objects: what was issued, received, accepted and decided."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from tenproj_xl.core.periods import parse_period
from tenproj_xl.core.sheets import TEMPLATE_SHEETS
from tenproj_xl.ledger import codec
from tenproj_xl.ledger.standing import chosen_rows, is_reported
from tenproj_xl.model.conflicts import Conflict, ConflictDecision, conflicts, merged_rows
from tenproj_xl.model.decisions import Decision
from tenproj_xl.model.history import (
    History,
    Party,
    Receipt,
    Reported,
    Status,
    Withdrawal,
    history,
    status_by_findings,
)
from tenproj_xl.model.issued import Issued, SentForm
from tenproj_xl.model.issues import closed_before
from tenproj_xl.model.published import Published
from tenproj_xl.model.slips import Closing, Register

_SHEETS = tuple(sheet.code for sheet in TEMPLATE_SHEETS)
_MAX_PARAMETERS = 500
"""Tokens asked for in one query; SQLite has a limit of its own."""


@dataclass(frozen=True)
class AcceptedFile:
    """A file that something was accepted from; of a sign-off workbook neither party nor period is known."""

    sha256: str
    file: str
    received_at: datetime
    party: Party
    period: str
    withdrawn: Withdrawal | None


class LedgerView:
    """An open ledger to look into. Get one from `look_into_ledger`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._decoded: dict[int, Reported] = {}
        """Accepted rows by number: entries never change, and several questions are about the same ones."""

    @property
    def secret(self) -> str:
        """The secret that row tokens are made with."""
        return self.fact("secret") or ""

    def fact(self, key: str) -> str | None:
        """Return a fact about the ledger itself, None if it has none of this name."""
        return self._first("SELECT value FROM facts WHERE key = ?", key)

    # --- what was issued

    def issued(self, tokens: Iterable[str]) -> dict[str, list[Issued]]:
        """Return all printings of tokens, oldest first."""
        wanted = sorted(set(tokens))
        rows: list[sqlite3.Row] = []
        for start in range(0, len(wanted), _MAX_PARAMETERS):
            chunk = wanted[start : start + _MAX_PARAMETERS]
            marks = ",".join("?" * len(chunk))
            rows += self._db.execute(f"SELECT * FROM issued WHERE token IN ({marks})", chunk)  # noqa: S608  # marks only
        printings: dict[str, list[Issued]] = {}
        for row in sorted(rows, key=lambda row: int(row["seq"])):
            printings.setdefault(row["token"], []).append(codec.issued_of(row))
        return printings

    def newest_period(self) -> str | None:
        """Return the code of the newest period that forms went out for, None if none did."""
        newest: str | None = self._db.execute("SELECT MAX(period) FROM issued").fetchone()[0]
        return newest

    def issued_periods(self) -> list[str]:
        """Return the codes of all periods that forms went out for."""
        return [code for (code,) in self._db.execute("SELECT DISTINCT period FROM forms ORDER BY period")]

    def sent(self, period: str, recipient: str) -> SentForm:
        """Return what was sent out for a period to a recipient; nothing where no form was."""
        query = "SELECT * FROM issued WHERE period = ? AND recipient = ? ORDER BY seq"
        newest = {row["token"]: codec.issued_of(row) for row in self._db.execute(query, (period, recipient))}
        query = "SELECT tokens, columns FROM forms WHERE period = ? AND recipient = ? ORDER BY batch"
        columns = "{}"
        for tokens, columns in self._db.execute(query, (period, recipient)):  # noqa: B007  # the last is wanted
            newest = {token: newest[token] for token in json.loads(tokens) if token in newest}
        return SentForm(newest, json.loads(columns))

    def recipients(self, period: str) -> list[str]:
        """Return the codes of all to whom forms of a period went out."""
        query = "SELECT DISTINCT recipient FROM forms WHERE period = ? ORDER BY recipient"
        return [code for (code,) in self._db.execute(query, (period,))]

    def plan_of_forms(self, period: str) -> str | None:
        """Return the hash of the plan of a period's newest forms, None if there are none."""
        query = """SELECT plan FROM batches JOIN forms ON forms.batch = batches.id
                   WHERE forms.period = ? ORDER BY batches.id DESC LIMIT 1"""
        return self._first(query, period)

    # --- what was received

    def first_seen(self, sha256: str) -> datetime | None:
        """Return when a file of this hash was first received, None if it never was."""
        moment = self._first("SELECT received_at FROM files WHERE sha256 = ?", sha256)
        if moment is None:
            return None
        return datetime.fromisoformat(moment)

    def has_return(self, sha256: str) -> bool:
        """Whether a file of this hash was accepted as a return, whatever had to be corrected in it."""
        bodies = self._db.execute("SELECT body FROM receipts WHERE sha256 = ?", (sha256,))
        return any(codec.is_return(body) for (body,) in bodies)

    def receipts(self, period: str | None = None) -> list[Receipt]:
        """Return what became of the files received for a period (or of all), in the order of receipt."""
        rows = self._of_period("receipts", period)
        receipts = [codec.receipt_of(row) for row in rows]
        receipts.sort(key=lambda r: (r.received_at, r.sha256, r.seq))
        return _in_force(receipts, self.withdrawals())

    def periods_of(self, sha256: str) -> list[str]:
        """Return the codes of the periods for which a file was received, "" if that is unknown."""
        query = "SELECT DISTINCT period FROM receipts WHERE sha256 = ?"
        return [code for (code,) in self._db.execute(query, (sha256,))]

    def decided_in(self, sha256: str) -> int:
        """Return how many decisions a file brought, whether they are still in force or not."""
        query = "SELECT COUNT(*) FROM decisions WHERE sha256 = ?"
        (count,) = self._db.execute(query, (sha256,)).fetchone()
        return int(count)

    def rows_named_in(self, sha256: str) -> list[tuple[str, str]]:
        """Return sheet and code of every row that a file brought, whether it is still in force or not."""
        query = "SELECT DISTINCT sheet, code FROM rows WHERE sha256 = ?"
        return [(sheet, code) for sheet, code in self._db.execute(query, (sha256,))]

    def accepted_files(self) -> list[AcceptedFile]:
        """Return the files that something was accepted from, oldest first, withdrawn ones included."""
        returns = [r for r in self.receipts() if r.status.is_return or r.withdrawn]
        files = [
            AcceptedFile(r.sha256, r.file, r.received_at, r.party, r.period, r.withdrawn) for r in returns
        ]
        query = "SELECT sha256, name, received_at FROM files WHERE sha256 IN (SELECT sha256 FROM decisions)"
        withdrawn = self.withdrawals()
        for sha, name, at in self._db.execute(query):
            received_at = datetime.fromisoformat(at)
            files.append(AcceptedFile(sha, name, received_at, Party(), "", withdrawn.get(sha)))
        return sorted(files, key=lambda f: (f.received_at, f.sha256))

    # --- what the office decided

    def _decisions(self, withdrawn: Mapping[str, Withdrawal]) -> Iterable[Decision]:
        """Return the decisions in force: of those on one issue with one token the last."""
        last: dict[tuple[str, str], Decision] = {}
        for row in self._db.execute("SELECT * FROM decisions ORDER BY seq"):
            decision = codec.decision_of(row)
            if decision.sha256 not in withdrawn:
                last[decision.token, decision.issue] = decision
        return last.values()

    # --- what was withdrawn

    def withdrawals(self) -> dict[str, Withdrawal]:
        """Return the withdrawals in force, by the file's hash."""
        in_force: dict[str, Withdrawal] = {}
        query = "SELECT sha256, why, at, undone FROM withdrawals ORDER BY seq"
        for sha, why, at, undone in self._db.execute(query):
            in_force.pop(sha, None)
            if not undone:
                in_force[sha] = Withdrawal(sha, why, datetime.fromisoformat(at))
        return in_force

    # --- what was accepted

    def accepted_rows(self, period: str | None = None) -> list[Reported]:
        """Return the accepted rows for a period (or for all), without those of withdrawn files."""
        withdrawn = self.withdrawals()
        rows = self._of_period("rows", period)
        return [self._reported(row) for row in rows if row["sha256"] not in withdrawn]

    def _reported(self, entry: sqlite3.Row) -> Reported:
        seq = entry["seq"]
        if seq not in self._decoded:
            self._decoded[seq] = codec.reported_of(entry)
        return self._decoded[seq]

    def history(self) -> History:
        """Return all rows and decisions in force."""
        decisions = self._decisions(self.withdrawals())
        return history(merged_rows(self.accepted_rows(), self.conflict_decisions()), decisions)

    def history_of(
        self, first: date, last: date, *, issues: Collection[str] = (), sheets: Collection[str] = _SHEETS
    ) -> History:
        """Return the rows and decisions in force that answer questions about some days as `history` does.

        The questions are those of `History` before and up to periods that end within the days. Issues that
        were signed off earlier than the days before, as many as these, are left out.

        Args:
            first: The first day.
            last: The last day.
            issues: The codes of issues that are not left out, whenever they were signed off.
            sheets: The codes of the sheets that questions are about; issues are always among them.
        """
        withdrawn = self.withdrawals()
        decisions = tuple(self._decisions(withdrawn))
        closed = closed_before(first - (last - first) - timedelta(days=1), decisions) - set(issues)
        chosen = chosen_rows(self._db, first, last, closed=closed, sheets=sheets)
        rows = [self._reported(row) for row in chosen if row["sha256"] not in withdrawn]
        return history(merged_rows(rows, self.conflict_decisions()), decisions)

    def is_reported(self, sheet: str, code: str) -> bool:
        """Return whether there is a report on a row in force, whatever its period."""
        return is_reported(self._db, sheet, code)

    def conflicts(self, period: str) -> list[Conflict]:
        """Return the cells of a period on which senders disagree, decided ones included."""
        return conflicts(self.accepted_rows(period), self.conflict_decisions())

    def conflict_decisions(self) -> list[ConflictDecision]:
        """Return what was decided about cells on which senders disagreed, oldest first."""
        rows = self._db.execute("SELECT * FROM settlements ORDER BY seq")
        return [codec.conflict_decision_of(row) for row in rows]

    def sequence(self) -> int:
        """Return a number that grows with every entry that the roll-up is made from."""
        total = 0
        for table in ("rows", "decisions", "withdrawals", "settlements", "slips", "closings"):
            (newest,) = self._db.execute(f"SELECT COALESCE(MAX(seq), 0) FROM {table}").fetchone()  # noqa: S608  # fixed
            total += int(newest)
        return total

    # --- what was published

    def published_before(self, day: date, most: int) -> tuple[Published, ...]:
        """Return what the last merges of the newest periods that end before a day told, oldest first."""
        last: dict[str, int] = dict(self._db.execute("SELECT period, MAX(seq) FROM merges GROUP BY period"))
        earlier = sorted(p for p in map(parse_period, last) if p.last < day)
        published = []
        for before in earlier[-most:]:
            query = "SELECT sequence, body, encoding FROM merges WHERE seq = ?"
            row = self._db.execute(query, (last[before.code],)).fetchone()
            published.append(codec.published_of(before, row))
        return tuple(published)

    # --- supervision slips

    def register(self) -> Register:
        """Return all slips by number, and what became of them."""
        slips = self._db.execute("SELECT * FROM slips ORDER BY year, number")
        closings: dict[tuple[int, int], Closing] = {}
        for row in self._db.execute("SELECT * FROM closings ORDER BY seq"):
            closing = codec.closing_of(row)
            closings[closing.year, closing.number] = closing
        return Register(tuple(codec.slip_of(row) for row in slips), closings)

    # --- names of issues

    def issue_named(self, name: str) -> tuple[str, str] | None:
        """Return code and description of the issue that goes by a name, None if none does."""
        query = "SELECT code, description FROM issue_names WHERE name = ?"
        row = self._db.execute(query, (name,)).fetchone()
        if row is None:
            return None
        return row["code"], row["description"]

    def next_issue_code(self, task_force: str, year: int) -> str:
        """Return the next free code of a task force's issues, such as `W03-2026-007`."""
        prefix = f"W{task_force}-{year}-"
        query = "SELECT COUNT(DISTINCT code) FROM issue_names WHERE code LIKE ?"
        (count,) = self._db.execute(query, (prefix + "%",)).fetchone()
        return f"{prefix}{count + 1:03d}"

    # --- tables

    def _of_period(self, table: str, period: str | None) -> Iterator[sqlite3.Row]:
        """Return the entries of a table about a period (or all), oldest first."""
        if period is not None:
            return self._db.execute(f"SELECT * FROM {table} WHERE period = ? ORDER BY seq", (period,))  # noqa: S608  # fixed
        return self._db.execute(f"SELECT * FROM {table} ORDER BY seq")  # noqa: S608  # fixed

    def _first(self, query: str, parameter: str) -> str | None:
        """Return the one column of the first row of a query, None where there is no row."""
        row = self._db.execute(query, (parameter,)).fetchone()
        if row is None:
            return None
        return str(row[0])


def _in_force(receipts: Sequence[Receipt], withdrawn: Mapping[str, Withdrawal]) -> list[Receipt]:
    """Return receipts as they stand now.

    Withdrawn ones say so, and what only they had superseded is superseded no more.
    """
    standing = []
    for receipt in receipts:
        withdrawal = withdrawn.get(receipt.sha256)
        if withdrawal and receipt.status.is_return:
            receipt = replace(receipt, status=Status.WITHDRAWN, withdrawn=withdrawal)  # noqa: PLW2901  # as it stands
        standing.append(receipt)
    newest = set()
    for receipt in standing:
        if receipt.status.is_return and receipt.status is not Status.SUPERSEDED:
            newest.add((receipt.party.recipient, receipt.party.unit, receipt.period))
    in_force = []
    for receipt in standing:
        owner = (receipt.party.recipient, receipt.party.unit, receipt.period)
        if receipt.status is Status.SUPERSEDED and owner not in newest:
            in_force.append(replace(receipt, status=status_by_findings(receipt.findings)))
        else:
            in_force.append(receipt)
    return in_force
