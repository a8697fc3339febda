"""What the ledger knows, as plain objects: what was issued, received, accepted and decided."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.garbage import gc_paused
from tenproj_xl.core.periods import Period, parse_period
from tenproj_xl.core.sheets import TEMPLATE_SHEETS
from tenproj_xl.ledger import codec
from tenproj_xl.ledger.admission_entries import AdmissionsView
from tenproj_xl.ledger.decision_entries import decision_of
from tenproj_xl.ledger.issue_entries import issues_about
from tenproj_xl.ledger.issued_view import IssuedView
from tenproj_xl.ledger.lead_entries import key_of, left_out
from tenproj_xl.ledger.objection_entries import ObjectionsView
from tenproj_xl.ledger.paper_view import PaperView
from tenproj_xl.ledger.post_view import PostView
from tenproj_xl.ledger.question_entries import questions, questions_about
from tenproj_xl.ledger.receipts_view import ReceiptsView
from tenproj_xl.ledger.recordings import (
    figure_recordings,
    numbered_rows,
    papers,
    papers_about,
    recordings_of,
    without_set_aside,
)
from tenproj_xl.ledger.removal_entries import RemovalsView
from tenproj_xl.ledger.review_entries import held_reports, reviews
from tenproj_xl.ledger.row_entries import (
    rows_of_files,
    rows_of_forces,
    rows_said_twice,
)
from tenproj_xl.ledger.row_view import RowView
from tenproj_xl.ledger.slip_entries import SlipsView
from tenproj_xl.ledger.standing import chosen_rows, reported_periods, reports_about
from tenproj_xl.ledger.version_entries import correction_of, preferred_ranks
from tenproj_xl.model.concerned_rows import ConcernedRows
from tenproj_xl.model.conflicts import Conflict, ConflictDecision, conflicts, merged_rows
from tenproj_xl.model.decisions import Decision, Withdrawal
from tenproj_xl.model.history import History, Reported, history
from tenproj_xl.model.issued import PrintedRow, Snapshots
from tenproj_xl.model.issues import closed_before
from tenproj_xl.model.lead_words import LeadVerdict, WordKey
from tenproj_xl.model.lives import Paper, Recording
from tenproj_xl.model.questions import Question
from tenproj_xl.model.receipts import Party, Receipt
from tenproj_xl.model.reviews import Review
from tenproj_xl.model.slips import Register
from tenproj_xl.model.statuses import Status

FORM_SHEETS = tuple(sheet.code for sheet in TEMPLATE_SHEETS)


@dataclass(frozen=True)
class AcceptedFile:
    """A file that something was accepted from; of the office's own neither party nor period is known."""

    sha256: str
    file: str
    received_at: datetime
    party: Party
    period: str
    withdrawn: Withdrawal | None


_RECORDED_BY = """
SELECT * FROM batches AS found WHERE at <= ?1 OR (clock <= ?1 AND EXISTS (
    SELECT 1 FROM batches AS begun WHERE begun.id <= found.id AND begun.clock <= found.clock
    AND EXISTS (SELECT 1 FROM batches AS earlier WHERE earlier.at <= begun.clock)
    AND NOT EXISTS (SELECT 1 FROM batches AS near WHERE near.id < begun.id
        AND COALESCE(near.clock, near.at) > begun.clock
        AND COALESCE(near.clock, near.at) < strftime('%Y-%m-%dT%H:%M:%S', begun.clock, '+2 years'))
    AND NOT EXISTS (SELECT 1 FROM batches AS amid WHERE amid.id >= begun.id AND amid.id < found.id
        AND (amid.clock IS NULL OR amid.clock > found.clock))))
ORDER BY id DESC LIMIT 1"""
"""The newest batch by a moment, by its recorded time.

A clock that lay behind the batch before was put back wrongly, or that one was ahead. Which it was cannot be
told where both are near each other: the recorded time counts, so that nothing is shown that was still to
come. Where nothing had been recorded for two years after what the clock said, longer than any office rests,
the batch before was ahead: this one, and those that follow it by a clock that goes on, count by what it said.
"""


@dataclass(frozen=True, kw_only=True)
class Batch:
    """What one command recorded: when, and by which plan and settings (the hashes of their snapshots).

    `clock` is what the machine's clock said, where it lay behind the batch before.
    """

    number: int
    command: str
    at: datetime
    plan: str
    settings: str
    clock: datetime | None

    def time_by(self, moment: datetime) -> datetime:
        """Return when it was recorded; what the clock said, where it counts as of an earlier moment."""
        if self.clock is not None and self.at > moment:
            return self.clock
        return self.at


class RecordedPlan(NamedTuple):
    """A plan that came in force: from which period on, the hash of its snapshot, and why it was put right.

    `batch` is the number of the batch that recorded it.
    """

    since: str
    sha256: str
    reason: str
    batch: int


class LedgerView(
    PaperView,
    ObjectionsView,
    SlipsView,
    RemovalsView,
    PostView,
    IssuedView,
    AdmissionsView,
    RowView,
    ReceiptsView,
):
    """An open ledger to look into. Get one from `look_into_ledger`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self._receipts = {}
        self._decoded: dict[int, Reported] = {}
        """Accepted rows by number: entries never change, and several questions are about the same ones."""
        self._decided: dict[int, Decision] = {}
        """Decisions by number, likewise."""

    @property
    def secret(self) -> str:
        """The secret that row tokens are made with."""
        return self.fact("secret") or ""

    def fact(self, key: str) -> str | None:
        """Return a fact about the ledger itself, None if it has none of this name."""
        return self._first("SELECT value FROM facts WHERE key = ?", key)

    # --- when something was recorded

    def last_batch(self, moment: datetime | None = None) -> Batch | None:
        """Return the newest batch, or the newest recorded by a moment; None if there is none."""
        until = "9999"
        if moment is not None:
            until = codec.utc(moment)
        row = self._db.execute(_RECORDED_BY, (until,)).fetchone()
        if row is None:
            return None
        return _batch_of(row)

    def batch_numbered(self, number: int) -> Batch:
        """Return the batch of a number."""
        return _batch_of(self._db.execute("SELECT * FROM batches WHERE id = ?", (number,)).fetchone())

    def snapshots_of(self, batch: Batch) -> Snapshots:
        """Return the plan and settings that a batch worked by."""
        query = "SELECT body FROM snapshots WHERE sha256 = ?"
        return Snapshots(self._first(query, batch.plan) or "", self._first(query, batch.settings) or "")

    def copy_to(self, connection: sqlite3.Connection) -> None:
        """Copy the whole ledger into another database."""
        self._db.backup(connection)

    # --- the plan in time

    def plan_versions(self) -> list[RecordedPlan]:
        """Return the plans that forms were made by, and those that were put right, oldest first."""
        query = """SELECT DISTINCT f.period, b.plan, '' AS reason, b.id, 0 AS seq
                   FROM forms AS f JOIN batches AS b ON b.id = f.batch
                   UNION ALL SELECT period, plan, reason, batch, seq FROM plan_corrections
                   ORDER BY 4, 5"""
        return [RecordedPlan(*entry[:4]) for entry in self._db.execute(query)]

    def snapshot(self, sha256: str) -> str:
        """Return the tables of plan or settings that a batch used, as text.

        Raises:
            KeyError: There is none of this hash.
        """
        body = self._first("SELECT body FROM snapshots WHERE sha256 = ?", sha256)
        if body is None:
            raise KeyError(sha256)
        return body

    def left_out(self, files: Iterable[str]) -> dict[WordKey, LeadVerdict]:
        """Return what lead units keep out of some files, by their hashes, with what they said."""
        return left_out(self._db, files)

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

    def preferred(self) -> frozenset[str]:
        """Return the hashes of the files that the office prefers to others of their units."""
        return frozenset(preferred_ranks(self._db))

    def correction(self, name: str) -> dict[str, PrintedRow] | None:
        """Return what was printed into a correction workbook, by token; None for an unknown one."""
        return correction_of(self._db, name)

    def accepted_files(self) -> list[AcceptedFile]:
        """Return the files that something was accepted from, oldest first, withdrawn ones included.

        So are those that wait until the office vouches for them.
        """
        receipts = [receipt for receipt in self.receipts() if _is_withdrawable(receipt)]
        names = {r.sha256: r.file for r in reversed(receipts)}  # as it came first
        returns = {r.sha256: r for r in receipts}
        files = [
            AcceptedFile(r.sha256, names[r.sha256], r.received_at, r.party, r.period, r.withdrawn)
            for r in returns.values()
        ]
        query = """SELECT sha256, name, received_at FROM files WHERE sha256 IN (SELECT sha256 FROM decisions)
                   OR sha256 IN (SELECT sha256 FROM rows EXCEPT SELECT sha256 FROM receipts)"""
        withdrawn = self.withdrawals()
        for sha, name, at in self._db.execute(query):
            received_at = datetime.fromisoformat(at)
            files.append(AcceptedFile(sha, name, received_at, Party(), "", withdrawn.get(sha)))
        return sorted(files, key=lambda f: (f.received_at, f.sha256))

    # --- what the office decided

    def _decisions(
        self, withdrawn: Mapping[str, Withdrawal], on: Collection[str] | None = None
    ) -> Iterable[Decision]:
        """Return the decisions in force: of those on one issue with one token the last."""
        last: dict[tuple[str, str], Decision] = {}
        query = """SELECT * FROM decisions
                   WHERE ?1 IS NULL OR issue IN (SELECT value FROM json_each(?1)) ORDER BY seq"""
        for row in self._db.execute(query, (None if on is None else json.dumps(list(on)),)):
            seq = row["seq"]
            if seq not in self._decided:
                self._decided[seq] = decision_of(row)
            decision = self._decided[seq]
            span = self._spans.get(decision.upon.code)
            if span is not None and span != decision.upon:
                decision = replace(decision, upon=span)
            if decision.sha256 not in withdrawn:
                last[decision.token, decision.issue] = decision
        return last.values()

    # --- slips

    def register(self) -> Register:
        """Return the register of slips, without replies of files that were withdrawn."""
        return self.register_without(self.withdrawals())

    # --- what was accepted

    def accepted_rows(
        self, period: str | None = None, *, kept_out: bool = False, forces: Collection[str] | None = None
    ) -> list[Reported]:
        """Return the accepted rows for a period (or for all), without those of withdrawn files.

        Those that lead units keep out are among them only where that is asked; of a period those of some
        task forces alone may be asked for.
        """
        if period is None:
            entries = self._db.execute("SELECT * FROM rows ORDER BY seq").fetchall()
        elif forces is None:
            entries = self._db.execute(
                "SELECT * FROM rows WHERE period = ? ORDER BY seq", (period,)
            ).fetchall()
        else:
            entries = rows_of_forces(self._db, period, forces)
        if not kept_out:
            entries = self._without_kept_out(entries)
        return self._reported(entries, self.withdrawals())

    def accepted_about(
        self, periods: Collection[str], codes: Collection[str], issues: Collection[str]
    ) -> list[Reported]:
        """Return the accepted rows for some periods about a few indicators and tasks, and issues, by code."""
        entries = reports_about(self._db, periods, codes, issues)
        return self._reported(self._without_kept_out(entries), self.withdrawals())

    def accepted_from(self, files: Collection[str]) -> list[Reported]:
        """Return the accepted rows of some files, by their hashes, in the order of recording."""
        return self._reported(self._without_kept_out(rows_of_files(self._db, files)), self.withdrawals())

    def _without_kept_out(self, entries: Iterable[sqlite3.Row]) -> list[sqlite3.Row]:
        listed = list(entries)
        not_counted = left_out(self._db, (entry["sha256"] for entry in listed))
        return [entry for entry in listed if key_of(entry) not in not_counted]

    def counting_rows(self, numbers: Iterable[int]) -> list[Reported]:
        """Return the rows of some entries, by number and oldest first, without those that do not count."""
        withdrawn = self.withdrawals()
        entries = self._without_kept_out(numbered_rows(self._db, numbers))
        return without_set_aside(self._db, entries, withdrawn, self._row_by_code)

    @gc_paused()
    def _reported(self, entries: Iterable[sqlite3.Row], withdrawn: Collection[str]) -> list[Reported]:
        """Return accepted rows, without those of withdrawn files; figures that wait are marked."""
        held, preferred, rows = held_reports(self._db), preferred_ranks(self._db), []
        for entry in entries:
            sha256 = entry["sha256"]
            if sha256 in withdrawn:
                continue
            row = self._row(entry)
            if held and (sha256, entry["code"], entry["period"]) in held:
                row = replace(row, held=True)
            if sha256 in preferred:
                row = replace(row, ranked_at=preferred[sha256])
            rows.append(row)
        return rows

    def _row(self, entry: sqlite3.Row) -> Reported:
        """Return the accepted row that an entry holds."""
        seq = entry["seq"]
        if seq not in self._decoded:
            self._decoded[seq] = codec.reported_of(entry, self._spans)
        return self._decoded[seq]

    def _row_by_code(self, entry: sqlite3.Row) -> Reported:
        """Return the same with the days that the code of its period says."""
        row, period = self._row(entry), parse_period(entry["period"])
        if row.period == period:
            return row
        return replace(row, period=period)

    def reviews(self) -> list[Review]:
        """Return the figures that waited for the office, each as it stands, oldest first."""
        withdrawn = self.withdrawals()
        return [review for review in reviews(self._db) if review.sha256 not in withdrawn]

    def questions(self, until: int | None = None) -> list[Question]:
        """Return the questions that were asked (until a batch), each as it stands; not of withdrawn files."""
        return questions(self._db, self.withdrawals(), until)

    def questions_about(self, rows: Collection[str], until: int | None = None) -> list[Question]:
        """Return those that were asked about some rows, by their codes or names."""
        return questions_about(self._db, rows, self.withdrawals(), until)

    def recordings(self, codes: Collection[str]) -> list[Recording]:
        """Return all recordings of some rows, those of withdrawn files included, oldest first."""
        return self._marked(recordings_of(self._db, codes, self._row_by_code))

    def figure_recordings(self, first: date, last: date) -> list[Recording]:
        """Return the recordings of figures in returns of periods that end within some days, oldest first."""
        return self._marked(figure_recordings(self._db, first, last, self._row_by_code))

    def _marked(self, recordings: Iterable[Recording]) -> list[Recording]:
        """Return recordings, those marked whose figures wait or were refused, or that lead units keep out."""
        listed, marked = list(recordings), []
        not_counted = left_out(self._db, (recording.row.sha256 for recording in listed))
        held = held_reports(self._db)
        for recording in listed:
            row = recording.row
            is_held = (row.sha256, row.code, row.period.code) in held
            is_out = (row.sha256, row.sheet, row.code, row.period.code) in not_counted
            if is_held or is_out:
                recording = replace(recording, row=replace(row, held=is_held), is_kept_out=is_out)  # noqa: PLW2901  # as it is marked
            marked.append(recording)
        return marked

    def papers(self) -> list[Paper]:
        """Return what was made and given out for readers, in the order of recording."""
        return papers(self._db)

    def papers_about(self, codes: Collection[str]) -> list[Paper]:
        """Return the same, each with what it tells of a few rows alone."""
        return papers_about(self._db, codes)

    def received_files(self) -> list[tuple[str, str, datetime]]:
        """Return hash, name and time of receipt of every received file, oldest first."""
        query = "SELECT sha256, name, received_at FROM files ORDER BY received_at, sha256"
        return [(sha, name, datetime.fromisoformat(at)) for sha, name, at in self._db.execute(query)]

    def decisions(self, on: Collection[str] | None = None) -> tuple[Decision, ...]:
        """Return the decisions in force (on issues or items of some codes, or all), as they were recorded."""
        return tuple(self._decisions(self.withdrawals(), on))

    def decisions_since(self, period: str) -> tuple[Decision, ...]:
        """Return those of them that were recorded after the first forms of a period had gone out."""
        query = "SELECT seq FROM decisions WHERE batch > (SELECT MIN(batch) FROM forms WHERE period = ?)"
        recorded = {seq for (seq,) in self._db.execute(query, (period,))}
        return tuple(decision for decision in self.decisions() if decision.seq in recorded)

    def history(self) -> History:
        """Return all rows and decisions in force."""
        decisions = self._decisions(self.withdrawals())
        return history(merged_rows(self.accepted_rows(), self.conflict_decisions()), decisions)

    def history_of(
        self,
        first: date,
        last: date,
        *,
        issues: Collection[str] = (),
        sheets: Collection[str] = FORM_SHEETS,
        renumbered: Collection[str] = (),
        about: ConcernedRows | None = None,
        whole_issues: bool = True,
    ) -> History:
        """Return the rows and decisions in force that answer questions about some days as `history` does.

        The questions are those of `History` before and up to periods that end from `first` to `last`, about
        `sheets` and always issues. Issues that were signed off earlier than the days before, as many as
        these, are left out, but for `issues`. All reports are read under the codes that are `renumbered`:
        they were those of other rows at some time. Where the questions are about a few rows alone, `about`
        are these. Where they are whose open issues are, and not about their lives, `whole_issues` is false.
        """
        withdrawn, on = self.withdrawals(), None
        if about is not None:
            codes = about.codes.union(renumbered)
            about = replace(about, codes=codes, issues=issues_about(self._db, about))
            on = codes | about.issues
        decisions = tuple(self._decisions(withdrawn, on))
        closed = closed_before(first - (last - first) - timedelta(days=1), decisions) - set(issues)
        chosen = chosen_rows(
            self._db,
            first,
            last,
            closed=closed,
            sheets=sheets,
            renumbered=renumbered,
            about=about,
            whole_issues=whole_issues,
        )
        rows = self._reported(self._without_kept_out(chosen), withdrawn)
        known = history(merged_rows(rows, self.conflict_decisions()), decisions)
        return known if about is None else replace(known, others=self._reported_periods(last))

    def _reported_periods(self, last: date) -> tuple[Period, ...]:
        periods = reported_periods(self._db, last)
        return tuple(self._spans.get(code) or parse_period(code) for code in periods)

    def conflicts(self, period: str) -> list[Conflict]:
        """Return the cells of a period on which senders disagree, decided ones included."""
        entries = self._without_kept_out(rows_said_twice(self._db, period))
        return conflicts(self._reported(entries, self.withdrawals()), self.conflict_decisions())

    def conflict_decisions(self) -> list[ConflictDecision]:
        """Return what was decided about cells on which senders disagreed, oldest first."""
        rows = self._db.execute("SELECT * FROM settlements ORDER BY seq")
        return [codec.conflict_decision_of(row) for row in rows]

    def forget_rows(self) -> None:
        """Let go of the accepted rows that were read so far: they are read anew where they are asked for."""
        self._decoded.clear()

    def forget_read(self, but: Iterable[Reported] = ()) -> None:
        """Let go of rows, decisions and receipts read so far, but for rows that are asked for again."""
        self._decided.clear()
        again = {row.seq for row in but}
        self._decoded = {seq: row for seq, row in self._decoded.items() if seq in again}
        self.forget_receipts()


def issue_code_after(code: str) -> str:
    """Return the code behind another: `W03-2026-008` behind `W03-2026-007`."""
    start, _, number = code.rpartition("-")
    return f"{start}-{int(number) + 1:03d}"


def _is_withdrawable(receipt: Receipt) -> bool:
    is_other = receipt.status in (Status.SLIP_REPLY, Status.AWAITING)
    return receipt.status.is_return or is_other or receipt.withdrawn is not None


def _batch_of(row: sqlite3.Row) -> Batch:
    clock = None
    if row["clock"]:
        clock = datetime.fromisoformat(row["clock"])
    return Batch(
        number=row["id"],
        command=row["command"],
        at=datetime.fromisoformat(row["at"]),
        plan=row["plan"],
        settings=row["settings"],
        clock=clock,
    )
