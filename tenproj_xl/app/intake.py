"""What a run that takes in returns does with some files: judge, archive, record and answer them.

Reads: files, plan, settings and ledger. Writes: the archive, the ledger, and letters and workbooks into the
outbox.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from operator import attrgetter
from pathlib import Path

from tenproj_xl.app.addressees import Addressees
from tenproj_xl.app.archived_files import kept_files
from tenproj_xl.app.held_figures import hold_back
from tenproj_xl.app.judge_files import Judged, judge_files
from tenproj_xl.app.kept_apart import KeptDrafts
from tenproj_xl.app.lead_checks import (
    lead_books,
    periods_about,
    record_lead_books,
    record_lead_checks,
    the_most_books,
    writing_lead_books,
)
from tenproj_xl.app.letters import ReplyWriter
from tenproj_xl.app.mail_threads import Threads, thread_inbox
from tenproj_xl.app.matrix import matrix_of
from tenproj_xl.app.matrix_results import Owing
from tenproj_xl.app.noted_matters import new_matters, record_matters
from tenproj_xl.app.outputs import Outputs
from tenproj_xl.app.plans import InForce, in_force
from tenproj_xl.app.portions import PlaceInRun
from tenproj_xl.app.questions import keep_questions
from tenproj_xl.app.recording import record
from tenproj_xl.app.results import FileResult
from tenproj_xl.app.score_checks import record_objections
from tenproj_xl.app.slip_replies import record_slip_replies
from tenproj_xl.app.slips import slip_news, standing_register
from tenproj_xl.app.sources import ReturnSources
from tenproj_xl.app.taken_in import Answered
from tenproj_xl.app.told_leads import ToldLeads
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.files import archive_blocks, file_name, folders_synced_once
from tenproj_xl.core.periods import Period
from tenproj_xl.core.progress import counted_at_most
from tenproj_xl.ledger.as_of import ledger_up_to
from tenproj_xl.ledger.store import Ledger
from tenproj_xl.model.history import History
from tenproj_xl.model.settings import Loaded
from tenproj_xl.model.slips import Register
from tenproj_xl.office.lead_book import LeadBook
from tenproj_xl.reading.inbox import Collected, Received

_SHA256 = attrgetter("sha256")
_PERIODS_KEPT = 4
"""What was read of so many stays, for a roll-up that is made next needs it again."""


@dataclass(frozen=True, kw_only=True)
class Intake:
    """What one run does with the files that it takes in: judge, record and answer them.

    `begun` is the last batch before it; `kept` are the letters of earlier portions, None for a run in one.
    `told` are the letters of a run that was cut off, which are not written over.
    """

    workspace: Workspace
    loaded: Loaded
    ledger: Ledger
    plans: InForce
    expected: Period
    source: ReturnSources
    begun: int
    now: datetime | None
    kept: KeptDrafts | None = None
    told: frozenset[str] = frozenset()

    def judge(self, portion: Collected, place: PlaceInRun) -> Judged:
        """Judge the files of a portion; those of the next one are opened meanwhile."""
        files, expected = portion.files, self.expected
        return judge_files(files, self.plans, self.ledger, expected, now=self.now, place=place)

    def keep_originals(self, collected: Collected, results: Sequence[FileResult]) -> None:
        """Archive the files, and what came in a zip or a mail on its own, too."""
        held = {f.received.path for f in results if f.is_held or f.was_removed}
        left = {f.received.name for f in results if f.is_left}
        for file in collected.files:
            if file.path not in held and file.name not in left:
                self._keep(file)
        for result in results:
            if not result.stays:
                self._keep(result.received)

    def _keep(self, file: Received) -> None:
        archive_blocks(self.workspace.archive, file.sha256, file.content.blocks())

    def record(
        self,
        results: Sequence[FileResult],
        known: History,
        taken: Sequence[Received],
        threads: Threads,
        *,
        is_last: bool,
    ) -> None:
        """Record all results in one transaction, but for files that stay where they lie.

        `taken` are the files in the inbox to which answers are owed from then on, `threads` the letters that
        their mails answer. What lead units are told is owed until the last portion is in.
        """
        ledger = self.ledger
        writer = self._writer(known)
        with ledger.batch("ingest", datetime.now(UTC), self.loaded.snapshots):
            fresh = []
            for result in results:
                is_new = not ledger.has_return(result.received.sha256)
                if not result.stays:
                    record(result, ledger)
                if is_new and not result.stays:
                    fresh.append(result.received.sha256)
            writer.record_corrections(results, ledger)
            hold_back(fresh, known, self.plans, ledger)
            keep_questions([r for r in results if r.received.sha256 in fresh], ledger)
            if self._leads_as_told(results) is None:
                record_lead_checks(results, fresh, self.plans, ledger, self.expected)
            if not is_last:
                about = periods_about(results, self.plans, self.expected)
                ledger.owe_leads(period.code for period in about)
            record_objections(results, ledger)
            record_slip_replies(results, ledger)
            threads.record(ledger)
            if taken:
                ledger.owe_answers(map(_SHA256, taken), self.begun)

    def answer_owed(self, collected: Collected, *, remind: bool) -> Answered:
        """Answer what a run that was cut off has recorded and not answered, by what was known then."""
        noted = self.ledger.fact("owed")
        if noted is None:
            return Answered()
        owed = json.loads(noted)
        files = tuple(file for file in collected.files if file.sha256 in owed["files"])
        if not owed["written"]:
            here = set(map(_SHA256, collected.files))
            files += tuple(kept_files(sorted(set(owed["files"]) - here), self.workspace, self.ledger))
        if owed["written"] or not files:
            return Answered(received=files)
        with ledger_up_to(self.ledger, owed["before"]) as past:
            plans = in_force(self.loaded, past)
            judged = judge_files(files, plans, past, self.expected, now=self.now)
            before = standing_register(past, plans, self.expected)
            judged_files = [result for result in judged.files if not result.stays]
            results = thread_inbox(judged_files, Threads(past, self.loaded.addresses), self.loaded)
            told = past.keys_noted(owed.get("begun", owed["before"]), owed["before"])
            run = replace(self, told=told)
            answered = run.answer(results, judged.known, before, Answered(), remind=remind, is_last=True)
        return replace(answered, received=files)

    def answer(
        self,
        results: Sequence[FileResult],
        known: History,
        before: Register,
        late: Answered,
        *,
        remind: bool,
        is_last: bool,
    ) -> Answered:
        """Write what is answered to files, and note that nothing is owed any more.

        Args:
            results: The files.
            known: What was accepted before them.
            before: The register of slips before them.
            late: What was answered before in this run; its units are not reminded besides.
            remind: Whether units are told of their forms that are still out, once the last portion is in.
            is_last: Whether it is; then lead units are told what units have reported, of all periods.
        """
        ledger, plans, expected = self.ledger, self.plans, self.expected
        left_out = ledger.left_out([result.received.sha256 for result in results])
        writer = replace(self._writer(known), left_out=left_out)
        slips = slip_news(before, results, ledger, plans, expected)
        owing = self._owing(late) if remind and is_last else None
        outputs = Outputs(self.workspace, self.loaded, ledger)
        written: list[Path] = []
        as_told = self._leads_as_told(results) if is_last else None
        books = None
        if is_last and as_told is None:
            writing = writing_lead_books(self._lead_books(results), self.workspace, outputs, written)
            most = sum(the_most_books(ledger, period) for period in self._periods_of_leads(results))
            books = counted_at_most(most, writing, "写专班核对稿")
        with folders_synced_once():
            replies = writer.write(results, owing, books, slips)
        of_leads = (*(as_told or written), *replies.of_leads)
        matters = new_matters(replies.matters, ledger)
        if outputs.has_new or matters:
            with ledger.batch("ingest", datetime.now(UTC), self.loaded.snapshots):
                outputs.record()
                record_matters(matters, ledger)
        if books is not None and replies.leads_apart and not self.told:
            self._told_leads.note(of_leads, outputs.hashes)
        writer.remove_settled(replies.files)
        if owing is None and is_last:
            writer.remove_outlived_reminders(partial(self._owing, Answered()))
        if results:
            ledger.answers_written()
        return Answered(replies.files, replies.reminders, of_leads, replies.of_slips)

    @property
    def _told_leads(self) -> ToldLeads:
        return ToldLeads(
            workspace=self.workspace, loaded=self.loaded, ledger=self.ledger, period=self.expected
        )

    def _leads_as_told(self, results: Sequence[FileResult]) -> list[Path] | None:
        """Return what lead units were told, where nothing came and they would be told the same; else None."""
        return None if results else self._told_leads.standing()

    def _periods_of_leads(self, results: Sequence[FileResult]) -> list[Period]:
        """Return the periods of which lead units are told once the last portion is in."""
        owed = set(map(self.plans.loaded.settings.span, self.ledger.leads_owed()))
        return sorted(owed.union(periods_about(results, self.plans, self.expected)), key=attrgetter("code"))

    def _lead_books(self, results: Sequence[FileResult]) -> Iterator[LeadBook]:
        """Yield the workbooks that lead units get, each recorded before.

        A run in portions, or about many periods, lets go of what was read for some before it goes on.
        """
        periods = self._periods_of_leads(results)
        lets_go = self.kept is not None or len(periods) > _PERIODS_KEPT
        for period in periods:
            for books in lead_books(self.ledger, self.plans, period):
                record_lead_books(books, self.ledger, self.loaded.snapshots)
                yield from books
                if lets_go:
                    self.ledger.forget_rows()
            if lets_go:
                self.ledger.forget_read()

    def _writer(self, known: History) -> ReplyWriter:
        return ReplyWriter(
            workspace=self.workspace,
            plans=self.plans,
            known=known,
            ledger=self.ledger,
            expected=self.expected,
            kept=self.kept,
            told=self.told,
        )

    def _owing(self, late: Answered) -> Iterable[Owing]:
        """Return whose forms are still out."""
        code = self.expected.code
        receipts, sent = self.ledger.receipts(code), self.ledger.forms_sent(code)
        of_period = self.plans.known_of_owing(self.ledger, self.expected)
        in_its_time = self.plans.at(self.expected)
        owing = matrix_of(self.expected, receipts, sent, of_period, in_its_time).owing
        told = {file.letter.stem for file in late.files if file.letter}
        addressees = Addressees(self.plans)
        labels = {item: addressees.of_form(item.recipient, "", self.expected).label for item in owing}
        return [item for item in owing if file_name(labels[item]) not in told]
