"""The ledger: an append-only SQLite file of what was issued, received, accepted and decided.

It takes and gives plain objects; a batch is one transaction. Entries are never changed or deleted: a later
entry replaces an earlier one.
"""

import json
import logging
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tenproj_xl.core.access import like_its_folder
from tenproj_xl.core.files import sha256
from tenproj_xl.core.periods import Period
from tenproj_xl.ledger import codec
from tenproj_xl.ledger.decision_entries import decision_columns
from tenproj_xl.ledger.faults import told_by_cause, transaction
from tenproj_xl.ledger.fetched_entries import fetched_columns, since_columns
from tenproj_xl.ledger.journal import keep_journal
from tenproj_xl.ledger.journal_files import must_be_new
from tenproj_xl.ledger.lead_entries import lead_word_columns
from tenproj_xl.ledger.letter_entries import letter_columns, matter_columns
from tenproj_xl.ledger.migrations import bring_forward
from tenproj_xl.ledger.objection_entries import objection_columns, score_sheet_columns
from tenproj_xl.ledger.proof import seal
from tenproj_xl.ledger.question_entries import question_columns
from tenproj_xl.ledger.removal import newest_taken_out, reports_of, take_out
from tenproj_xl.ledger.removed_files import finish_removals, note_removal
from tenproj_xl.ledger.review_entries import review_columns
from tenproj_xl.ledger.schema import LEDGER_FILE
from tenproj_xl.ledger.slip_entries import reply_columns, slip_body
from tenproj_xl.ledger.standing import ReportKey, renew
from tenproj_xl.ledger.turns import own_turn
from tenproj_xl.ledger.version_entries import correction_body
from tenproj_xl.ledger.view import LedgerView, issue_code_after
from tenproj_xl.model.conflicts import ConflictDecision
from tenproj_xl.model.decisions import Decision, Withdrawal
from tenproj_xl.model.deliveries import LiaisonLetter, NotedMatter
from tenproj_xl.model.fetched import FetchedMail
from tenproj_xl.model.history import Reported
from tenproj_xl.model.issued import Issued, PrintedRow, Snapshots
from tenproj_xl.model.lead_words import LeadWord
from tenproj_xl.model.objections import Objection, ScoreSheet
from tenproj_xl.model.publications import MadeEdition, MadeFile, Publication
from tenproj_xl.model.published import Published
from tenproj_xl.model.questions import Question
from tenproj_xl.model.receipts import Receipt
from tenproj_xl.model.reviews import Review
from tenproj_xl.model.slips import Closing, Slip, SlipReply

_PATIENCE = 60.0
"""Seconds that a commit waits for commands that look into the ledger."""
_ONCE = ("snapshots", "files", "issue_names")
"""Tables of which an entry that is recorded again is the same."""
_TICK = timedelta(seconds=1)
"""What moments are written to; by so much a batch follows the one before while the clock lies behind it."""
_LOG = logging.getLogger(__name__)


class Ledger(LedgerView):
    """An open ledger to record in. Get one from `open_ledger`; record inside `batch` only."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self._batch = 0
        self._written: list[tuple[str, int]] = []
        """Kind and rowid of the entries of the current batch, in order."""
        self._reports: set[ReportKey] = set()
        """The reports about which something was recorded in the current batch."""
        self._next_codes: dict[tuple[str, int], str] = {}
        """The next free codes of issues, as far as they were asked for in the current batch."""
        self._taken_out = newest_taken_out(connection)
        """By kind the greatest `seq` that an entry had which was removed."""

    @contextmanager
    def batch(self, command: str, at: datetime, snapshots: Snapshots) -> Iterator["Ledger"]:
        """Begin a transaction of a command: all that it records in it holds, or none of it.

        Recorded time never goes back: where the clock lies behind the batch before, the new one follows that
        by a second, keeps what the clock said, and a warning is logged, once until the clock is right again.

        Args:
            command: The command.
            at: The present moment, as the machine's clock shows it.
            snapshots: The plan and settings that the command works by.
        """
        with transaction(self._db):
            self._written = []
            self._reports = set()
            self._next_codes = {}
            named = {kind: sha256(body.encode()) for kind, body in vars(snapshots).items()}
            for kind, body in vars(snapshots).items():
                self._add("snapshots", {"sha256": named[kind], "kind": kind, "body": body})
            moment = self._next_moment(at)
            values = {"command": command, **moment, **named}
            self._batch = self._add("batches", values)
            yield self
            renew(self._db, self._reports, self.withdrawals(), self.conflict_decisions(), self._row_by_code)
            seal(self._db, self._written, str(moment["at"]))

    def moment(self, clock: datetime) -> datetime:
        """Return the time that a batch which begins now is recorded at; see `batch`."""
        last = self.last_batch()
        if last is None or codec.utc(clock) >= codec.utc(last.at):
            return clock
        return last.at + _TICK

    def _next_moment(self, clock: datetime) -> dict[str, str | None]:
        """Return the columns of a batch that say when it is recorded."""
        last, moment = self.last_batch(), self.moment(clock)
        if last is None or moment == clock:
            return {"at": codec.utc(clock), "clock": None}
        if last.clock is None:
            # Seconds are told, since both may lie in the same minute.
            shown = [f"{at.astimezone():%Y-%m-%d %H:%M:%S}" for at in (clock, last.at, moment)]
            _LOG.warning(
                "电脑的时钟（%s）比台账上一笔（%s）还早，这一笔按%s记。请把电脑的日期和时间调准。",
                *shown,
            )
        return {"at": codec.utc(moment), "clock": codec.utc(clock)}

    # --- answers that are owed

    def owe_answers(self, sha256s: Iterable[str], begun: int) -> None:
        """Note, in the batch at hand, that the files recorded in it are not answered yet.

        `begun` is the last batch before the run, which may have recorded and answered other files since.
        """
        self._db.execute("DELETE FROM facts WHERE key = 'owed'")
        owed = {"begun": begun, "before": self._batch - 1, "files": sorted(sha256s), "written": False}
        self._db.execute("INSERT INTO facts VALUES ('owed', ?)", (codec.to_json(owed),))

    def answers_written(self) -> None:
        """Note that the answers are written: what lies in the inbox still has only to be taken out of it."""
        with transaction(self._db):
            self._db.execute("UPDATE facts SET value = json_set(value, '$.written', 1) WHERE key = 'owed'")

    def inbox_cleared(self) -> None:
        """Note that no answer is owed any more, and that the files are out of the inbox."""
        with transaction(self._db):
            self._db.execute("DELETE FROM facts WHERE key = 'owed'")

    def owe_leads(self, periods: Iterable[str]) -> None:
        """Note, in the batch at hand, that lead units are to be told of rows of some periods."""
        owed = sorted({*periods, *self.leads_owed()})
        self._db.execute("DELETE FROM facts WHERE key = 'leads'")
        self._db.execute("INSERT INTO facts VALUES ('leads', ?)", (codec.to_json(owed),))

    def leads_owed(self) -> list[str]:
        """Return the codes of the periods of which lead units are still to be told."""
        return list(json.loads(self.fact("leads") or "[]"))

    def leads_told(self) -> None:
        """Note that lead units are told of all periods."""
        with transaction(self._db):
            self._db.execute("DELETE FROM facts WHERE key = 'leads'")

    def note_told(self, told: object) -> None:
        """Note what lead units were told last, and by what; see `app.told_leads`."""
        with transaction(self._db):
            self._db.execute("REPLACE INTO facts VALUES ('told', ?)", (codec.to_json(told),))

    # --- what was issued

    def record_period(self, period: Period, deadline: datetime, asked_until: date) -> None:
        """Record a period whose forms go out, see `model.calendar.IssuedPeriod`."""
        values = {
            "period": period.code,
            "first": period.first.isoformat(),
            "last": period.last.isoformat(),
            "deadline": codec.utc(deadline),
            "asked_until": asked_until.isoformat(),
        }
        self._insert("periods", values)

    def record_issue(
        self, period: str, recipient: str, rows: Sequence[Issued], columns: Mapping[str, Sequence[str]]
    ) -> None:
        """Record a form: its rows and columns, and the printed values of rows that are new or changed."""
        self._record_printed(rows)
        tokens = codec.to_json([row.token for row in rows])
        values = {
            "period": period,
            "recipient": recipient,
            "tokens": tokens,
            "columns": codec.to_json(columns),
        }
        self._insert("forms", values)

    def record_plan_correction(self, period: str, plan: str, reason: str) -> None:
        """Record that a plan, given as its snapshot, is in force from a period on after all."""
        digest = sha256(plan.encode())
        self._add("snapshots", {"sha256": digest, "kind": "plan", "body": plan})
        self._insert("plan_corrections", {"period": period, "plan": digest, "reason": reason})

    def record_workbook_rows(self, rows: Sequence[Issued]) -> None:
        """Record the rows of a workbook to decide in that were never printed before."""
        self._record_printed(self.never_printed(rows))

    def never_printed(self, rows: Sequence[Issued]) -> list[Issued]:
        """Return the rows of workbooks to decide in that were never printed before."""
        before = self.issued(row.token for row in rows)
        return [row for row in rows if row.token not in before]

    def _record_printed(self, rows: Sequence[Issued]) -> None:
        """Record the rows that were never printed, or last printed otherwise."""
        before = self.issued(row.token for row in rows)
        for row in rows:
            if row.token not in before or before[row.token][-1] != row:
                self._insert("issued", codec.issued_columns(row))

    # --- what was received

    def record_file(self, sha256: str, name: str, size: int, received_at: datetime) -> None:
        """Record a received file."""
        values = {"sha256": sha256, "name": name, "size": size, "received_at": codec.utc(received_at)}
        self._insert("files", values)

    def record_receipt(self, receipt: Receipt) -> None:
        """Record what became of a received file; `receipt.seq` is ignored."""
        body = codec.receipt_body(receipt)
        self._insert("receipts", {"sha256": receipt.sha256, "period": receipt.period, "body": body})

    # --- what the office decided

    def record_decision(self, decision: Decision) -> None:
        """Record a decision about an issue or an item of 督办清单; `decision.seq` is ignored."""
        self._insert("decisions", decision_columns(decision))

    # --- what was withdrawn

    def record_withdrawal(self, withdrawal: Withdrawal, *, undone: bool = False) -> None:
        """Record that a file is withdrawn, or that it is not any more."""
        values = {
            "sha256": withdrawal.sha256,
            "why": withdrawal.why,
            "at": codec.utc(withdrawal.at),
            "undone": int(undone),
        }
        self._insert("withdrawals", values)
        query = "SELECT DISTINCT sheet, code, period FROM rows WHERE sha256 = ?"
        self._reports.update(map(tuple, self._db.execute(query, (withdrawal.sha256,))))

    # --- versions of a return

    def record_preference(self, sha256: str, period: str, ranked_at: datetime, why: str) -> None:
        """Record that the office prefers a file to others of its sender, behind which it would be ordered."""
        moment = ranked_at.astimezone(UTC).isoformat()
        self._insert("preferences", {"sha256": sha256, "period": period, "ranked_at": moment, "why": why})
        query = "SELECT DISTINCT sheet, code, period FROM rows WHERE sha256 = ?"
        self._reports.update(map(tuple, self._db.execute(query, (sha256,))))

    def record_admission(self, sha256: str, unit: str) -> None:
        """Record that the office vouches for a file, as the return of a unit, "" as that which it names."""
        self._insert("admissions", {"sha256": sha256, "unit": unit})

    def record_correction(
        self, name: str, period: str, recipient: str, rows: Mapping[str, PrintedRow]
    ) -> None:
        """Record what was printed into a correction workbook, by token; the same again is one entry."""
        if self.correction(name) is not None:
            return
        body = correction_body(rows)
        self._insert("corrections", {"name": name, "period": period, "recipient": recipient, "body": body})

    # --- what was accepted

    def record_row(self, row: Reported) -> None:
        """Record an accepted row; `row.seq` is ignored."""
        values = {
            "sheet": row.sheet,
            "code": row.code,
            "task_force": row.task_force,
            "period": row.period.code,
            "sha256": row.sha256,
            "received_at": codec.utc(row.received_at),
            "file": row.file,
            "tab": row.tab,
            "payload": codec.row_payload(row),
        }
        self._insert("rows", values)
        self._reports.add((row.sheet, row.code, row.period.code))

    def record_conflict_decision(self, decision: ConflictDecision) -> None:
        """Record what a person decided about a cell."""
        values = {
            "period": decision.period,
            "sheet": decision.sheet,
            "code": decision.code,
            "field": decision.field,
            "body": codec.conflict_decision_body(decision),
        }
        self._insert("settlements", values)
        self._reports.add((decision.sheet, decision.code, decision.period))

    def record_review(self, review: Review) -> None:
        """Record that a figure waits for the office, or what the office decided about it."""
        self._insert("reviews", review_columns(review))
        self._reports.add(("indicators", review.code, review.period))

    def record_lead_word(self, word: LeadWord) -> None:
        """Record what a lead unit says of a row, or that the row waits for that."""
        self._insert("lead_words", lead_word_columns(word))
        self._reports.add((word.sheet, word.code, word.period))

    def record_score_sheet(self, sheet: ScoreSheet) -> None:
        """Record that a unit is asked what it says of its score."""
        self._insert("score_sheets", score_sheet_columns(sheet))

    def record_objection(self, objection: Objection) -> None:
        """Record what a unit says of a deduction, or what the office decided about that."""
        self._insert("objections", objection_columns(objection))

    def record_question(self, question: Question) -> None:
        """Record that a question is asked, or how it was answered."""
        self._insert("questions", question_columns(question))

    # --- what was published

    def record_merge(self, published: Published) -> None:
        """Record what a merge told its readers."""
        values = {
            "period": published.period.code,
            "sequence": published.sequence,
            "body": codec.published_body(published),
        }
        self._insert("merges", values)

    def record_made_file(self, file: MadeFile) -> None:
        """Record a file that was written for people, who may edit it."""
        self._insert("made_files", {"path": file.path, "sha256": file.sha256})

    def record_edition(self, made: MadeEdition) -> None:
        """Record that an edition was made, and what it tells; `made.seq` is ignored."""
        values = {
            "period": made.period.code,
            "edition": made.edition,
            "sequence": made.told.sequence,
            "signed_by": made.signed_by,
            "body": codec.edition_body(made),
        }
        self._insert("made_editions", values)

    def record_publication(self, publication: Publication) -> None:
        """Record a paper that was given out; one of the same number and correction has more files now."""
        values = {
            "series": publication.series.value,
            "year": publication.year,
            "number": publication.number,
            "correction": publication.correction,
            "period": publication.period.code,
            "edition": publication.edition,
            "sequence": publication.sequence,
            "body": codec.publication_body(publication),
        }
        self._insert("publications", values)

    # --- supervision slips

    def record_slip(self, slip: Slip) -> None:
        """Record a slip that goes out."""
        self._insert("slips", {"year": slip.year, "number": slip.number, "body": slip_body(slip)})

    def record_slip_reply(self, reply: SlipReply) -> None:
        """Record what a unit answered in a slip that came back."""
        self._insert("slip_replies", reply_columns(reply))

    def record_closing(self, closing: Closing) -> None:
        """Record that what a slip asked for is done."""
        body = codec.values_to_json(vars(closing))
        self._insert("closings", {"year": closing.year, "number": closing.number, "body": body})

    # --- the mailbox

    def record_fetched(self, mail: FetchedMail) -> None:
        """Record that a mail was fetched, and what became of it."""
        self._insert("fetched", fetched_columns(mail))

    def record_fetched_since(self, mailbox: str, since: date) -> None:
        """Record from which day on a mailbox is fetched."""
        self._insert("fetched", since_columns(mailbox, since))

    # --- what goes out

    def record_matter(self, matter: NotedMatter) -> None:
        """Record that a unit is to be told something."""
        self._insert("letters", matter_columns(matter))

    def record_letter(self, letter: LiaisonLetter) -> None:
        """Record what became of a letter; `letter.at` is ignored."""
        self._insert("letters", letter_columns(letter))

    # --- what the law wants removed

    def remove(self, sha256: str, name: str, why: str, texts: Collection[str]) -> int:
        """Take all that came of a file out of the ledger; return of how many entries something went.

        Args:
            sha256: The hash of the file.
            name: Its name, which stays.
            why: On what basis.
            texts: What it alone said, which goes wherever else it was written to; see `removal.words_of`.
        """
        self._reports |= reports_of(self._db, sha256)
        taken = take_out(self._db, sha256, texts)
        self.forget_read()
        self._insert("removals", {"sha256": sha256, "name": name, "why": why, "body": codec.to_json(taken)})
        self._taken_out = newest_taken_out(self._db)
        note_removal(self._db, taken)
        return len(taken)

    def record_removed_bytes(self, sha256: str, name: str, why: str) -> None:
        """Record that the bytes of a file of which there are no entries go from the archive."""
        self._insert("removals", {"sha256": sha256, "name": name, "why": why, "body": codec.to_json({})})

    # --- names of issues

    def name_issue(self, name: str, code: str, description: str) -> None:
        """Record for good a name that an issue goes by."""
        self._insert("issue_names", {"name": name, "code": code, "description": description})
        for key, free in self._next_codes.items():
            if free == code:
                self._next_codes[key] = issue_code_after(code)

    def next_issue_code(self, task_force: str, year: int) -> str:
        """Return the next free code of a task force's issues; asked for by each of a batch, counted once."""
        key = task_force, year
        if key not in self._next_codes:
            self._next_codes[key] = super().next_issue_code(task_force, year)
        return self._next_codes[key]

    # --- tables

    def _insert(self, table: str, values: Mapping[str, object]) -> None:
        """Add an entry of the current batch."""
        self._add(table, {**values, "batch": self._batch})

    def _add(self, table: str, values: Mapping[str, object]) -> int:
        """Add an entry and return its rowid; one whose key is there already is left as it is.

        `table` and the names of columns are this module's own.
        """
        if table in self._taken_out:
            (newest,) = self._db.execute(f"SELECT COALESCE(MAX(seq), 0) FROM {table}").fetchone()  # noqa: S608  # no name comes from outside
            values = {"seq": max(newest, self._taken_out[table]) + 1, **values}
        marks = ", ".join("?" * (len(values) + 1))
        conflict = ""
        if table in _ONCE:
            conflict = "OR IGNORE"
        cursor = self._db.execute(
            f"INSERT {conflict} INTO {table} ({', '.join(values)}, encoding) VALUES ({marks})",  # noqa: S608  # no name comes from outside
            (*values.values(), codec.ENCODING),
        )
        rowid = int(cursor.lastrowid or 0)
        if cursor.rowcount:
            self._written.append((table, rowid))
        return rowid


@contextmanager
def open_ledger(folder: Path, *, who: str) -> Iterator[Ledger]:
    """Open the ledger of a folder, made if it is not there and locked until it is closed.

    Args:
        folder: Where the ledger lies.
        who: The command, as a second run names it.

    Raises:
        EnvironmentProblem: Another run holds the ledger for longer than a minute, or the file is damaged,
            another version's or no ledger.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with own_turn(folder, who):
        yield from _opened(folder / LEDGER_FILE)


def _opened(path: Path) -> Iterator[Ledger]:
    if not path.exists():
        must_be_new(path.parent)
        path.touch()
        like_its_folder(path)
    with (
        told_by_cause(path),
        closing(sqlite3.connect(path, isolation_level=None, timeout=_PATIENCE)) as connection,
    ):
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA synchronous = FULL")
        bring_forward(connection, path)
        finish_removals(connection, path.parent)
        keep_journal(connection, path.parent)
        # What is recorded changes the file at the commit and not before, so that the second process of the
        # run can look into it meanwhile, however much that is.
        connection.execute("PRAGMA cache_spill = OFF")
        yield Ledger(connection)
        finish_removals(connection, path.parent)
        keep_journal(connection, path.parent)
