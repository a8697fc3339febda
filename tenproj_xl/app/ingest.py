"""The command `ingest`: archive, judge, record and answer what lies in the inbox."""

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from operator import attrgetter
from pathlib import Path

from tenproj_xl.app.addressees import Addressees
from tenproj_xl.app.archived_files import kept_files
from tenproj_xl.app.held_figures import hold_back
from tenproj_xl.app.judge_files import Judged, judge_files, reader_of
from tenproj_xl.app.judges import judges_of
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
from tenproj_xl.app.on_their_way import Sleep, names_cut, names_on_their_way, wait_for_some
from tenproj_xl.app.opened_ledger import opened_ledger
from tenproj_xl.app.outputs import Outputs
from tenproj_xl.app.periods import issued_period, with_issued
from tenproj_xl.app.plans import InForce, in_force
from tenproj_xl.app.portions import Halves, PlaceInRun, portions
from tenproj_xl.app.questions import keep_questions
from tenproj_xl.app.recogniser import Recogniser
from tenproj_xl.app.recording import record
from tenproj_xl.app.results import FileResult, Ingested
from tenproj_xl.app.score_checks import record_objections
from tenproj_xl.app.slip_replies import record_slip_replies
from tenproj_xl.app.slips import slip_news, standing_register
from tenproj_xl.app.sources import ReturnSources, sources_of
from tenproj_xl.app.taken_in import Answered, RunSoFar
from tenproj_xl.app.told_leads import ToldLeads
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.files import archive_blocks, file_name, folders_synced_once
from tenproj_xl.core.garbage import gc_paused
from tenproj_xl.core.interrupts import interruptible, uninterrupted
from tenproj_xl.core.periods import Period
from tenproj_xl.core.progress import counted_at_most, working
from tenproj_xl.core.sheets import TASKS
from tenproj_xl.ledger.as_of import ledger_up_to
from tenproj_xl.ledger.store import Ledger
from tenproj_xl.model.history import History
from tenproj_xl.model.settings import Loaded
from tenproj_xl.model.slips import Register
from tenproj_xl.office.lead_book import LeadBook
from tenproj_xl.reading.inbox import Collected, Received

_SHA256 = attrgetter("sha256")


@gc_paused()
def ingest(workspace: Workspace, period_code: str | None = None, *, now: datetime | None = None) -> Ingested:
    """Archive, judge, record and answer the files in the inbox, and take them out of it.

    Args:
        workspace: The workspace.
        period_code: The period that returns are expected for, by default the newest that forms went out
            for. A return for an earlier one still counts for that one, as late, unless that one was already
            settled.
        now: The moment that no file can have been made after, by default the present.

    Raises:
        UsageProblem: No forms went out for the period, or at all.
    """
    loaded = load(workspace)
    with opened_ledger(workspace, loaded, who="tenproj ingest") as ledger:
        loaded = with_issued(loaded, ledger)
        expected = issued_period(period_code, loaded, ledger)
        return take_in(workspace, loaded, ledger, expected, remind=False, now=now)


def take_in(
    workspace: Workspace,
    loaded: Loaded,
    ledger: Ledger,
    expected: Period,
    *,
    remind: bool,
    sleep: Sleep | None = None,
    now: datetime | None = None,
) -> Ingested:
    """Take in the files in the inbox, in an order that lets a run that was cut off simply be run again.

    Originals go into the archive first, then all entries into the ledger in one transaction, then letters
    into the outbox, and only then the files out of the inbox. What a run that was cut off has recorded and
    not answered is answered first, as it would have been.

    Args:
        workspace: The workspace.
        loaded: Plan and settings.
        ledger: The open ledger.
        expected: The period that returns are expected for.
        remind: Whether units are told of their forms that are still out.
        sleep: Waits for files that are still on their way, None where nobody does.
        now: The moment that no file can have been made after, by default the present.
    """
    plans = in_force(loaded, ledger)
    last = ledger.last_batch()
    run = _Run(
        workspace=workspace,
        loaded=loaded,
        ledger=ledger,
        plans=plans,
        expected=expected,
        source=sources_of(workspace, loaded, plans, ledger, expected),
        begun=last.number if last else 0,
        now=now,
    )
    with interruptible(), reader_of(loaded) as reader:
        found = run.source.collect()
        late = run.answer_owed(found, remind=remind)
        found = _without_answered(found, late)
        todo = deque(portions(found.files))
        with judges_of(plans, ledger, workspace.ledger, are_many=len(todo) > 1) as judges:
            done = RunSoFar(late, found, ledger, is_parted=len(todo) > 1)
            return _in_portions(run, Recogniser(reader, judges), todo, done, remind=remind, sleep=sleep)


def _in_portions(
    run: "_Run",
    recogniser: Recogniser,
    todo: deque[Sequence[Received]],
    done: RunSoFar,
    *,
    remind: bool,
    sleep: Sleep | None,
) -> Ingested:
    """Take in one portion of the files after the other, each as a run of its own.

    Each is answered while the next one is judged, and before that is recorded.
    """
    found, late = done.collected, done.late
    if done.is_parted:
        run = replace(run, kept=KeptDrafts())
    unanswered: list[_Recorded] = []

    def answer() -> None:
        while unanswered:
            with uninterrupted():
                _answer_portion(run, unanswered.pop(), done, remind=remind)

    try:
        with working("收取回表", len(found.files) if len(todo) > 1 else 0) as step:
            halves = Halves(step, len(found.files))
            if done.is_parted:
                recogniser.opening = halves.opening
            while todo:
                portion = replace(found, files=tuple(todo.popleft()))
                judged = run.judge(portion, _place(run, recogniser, todo, done, answer))
                if sleep and not todo and names_on_their_way(portion, judged):
                    wait_for_some(run.source.own.paths, portion, judged, sleep)
                    found, sleep = _without_answered(run.source.collect(), late), None
                    rest = done.not_told(found.files)
                    todo.extend(portions(rest) if done.is_parted else [rest])
                    done.collected = found
                    continue
                with uninterrupted():
                    unanswered.append(_record_portion(run, portion, judged, done, is_last=not todo))
                halves.recorded(len(portion.files))
                del judged  # before the next ones are judged
        answer()
    except KeyboardInterrupt as fault:
        answer()
        raise done.interrupted(len(found.files)) from fault
    return done.ingested(run.plans, run.expected)


def _place(
    run: "_Run",
    recogniser: Recogniser,
    todo: Iterable[Sequence[Received]],
    done: RunSoFar,
    meanwhile: Callable[[], None],
) -> PlaceInRun:
    """Return the place of a portion before those that are to come, behind those that are recorded."""
    ahead, behind, *_ = (*todo, (), ())
    begun = run.begun if done.portions else None
    return PlaceInRun(recogniser=recogniser, begun=begun, ahead=ahead, behind=behind, meanwhile=meanwhile)


@dataclass(frozen=True, kw_only=True)
class _Recorded:
    """A portion that is recorded, and not answered yet.

    `taken` are the files in the inbox that leave it, `stayed` those that stay where they lie, `unmentioned`
    those of watched folders that nobody is told of; `cut` are names of files that were cut short. `before` is
    the register of slips before it, `known` what was accepted before it.
    """

    results: Sequence[FileResult]
    known: History
    before: Register
    taken: Sequence[Received]
    stayed: frozenset[Path]
    unmentioned: Sequence[Received]
    cut: Sequence[str]
    is_first: bool
    is_last: bool


def _record_portion(
    run: "_Run", portion: Collected, judged: Judged, done: RunSoFar, *, is_last: bool
) -> _Recorded:
    """Archive and record what was judged."""
    ledger = run.ledger
    collected, judged, unmentioned = _without_strangers(portion, judged, run.source)
    arriving = {f.received.path for f in judged.files if f.may_be_arriving}
    threads = Threads(ledger, run.loaded.addresses)
    here = [f for f in judged.files if f.received.path not in arriving]
    results = thread_inbox(here, threads, run.loaded)
    with folders_synced_once():
        run.keep_originals(collected, results)
    stayed = {f.received.path for f in results if f.stays}
    taken = [file for file in collected.files if file.path not in arriving | stayed]
    before = standing_register(ledger, run.plans, run.expected)
    run.record(results, judged.known, taken, threads, is_last=is_last)
    recorded = _Recorded(
        results=results,
        known=judged.known,
        before=before,
        taken=taken,
        stayed=frozenset(stayed - arriving),
        unmentioned=unmentioned,
        cut=names_cut(collected, judged),
        is_first=not done.portions,
        is_last=is_last,
    )
    done.portions += 1
    if done.is_parted:
        ledger.forget_read(but=judged.known.rows)
    return recorded


def _answer_portion(run: "_Run", recorded: _Recorded, done: RunSoFar, *, remind: bool) -> None:
    """Answer what was recorded, and take it out of the inbox.

    Units whose forms are out, and lead units, are told of once the last portion is in.
    """
    ledger, late = run.ledger, done.late
    answered = Answered()
    if recorded.results or not late.received:
        answered = run.answer(
            recorded.results,
            recorded.known,
            recorded.before,
            late,
            remind=remind,
            is_last=recorded.is_last,
        )
    answered_late = late.received if recorded.is_first else ()
    told_once = _told_once(recorded.results)
    run.source.remove([*answered_late, *recorded.taken], [*recorded.unmentioned, *told_once])
    if ledger.fact("owed"):
        ledger.inbox_cleared()
    if recorded.is_last and ledger.leads_owed():
        ledger.leads_told()
    done.add(answered, recorded.taken, recorded.stayed, recorded.cut)


@dataclass(frozen=True, kw_only=True)
class _Run:
    """One taking in.

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
                if is_last:
                    record_lead_books(self._lead_books(results), ledger)
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
        writer.remove_settled(replies.files, ledger.receipts_of)
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
        """Yield the workbooks that lead units get; a run in portions lets go of what was read for each."""
        for period in self._periods_of_leads(results):
            for book in lead_books(self.ledger, self.plans, period):
                yield book
                if self.kept is not None:
                    self.ledger.forget_rows()
            if self.kept is not None:
                self.ledger.forget_read()

    def _writer(self, known: History) -> ReplyWriter:
        return ReplyWriter(
            workspace=self.workspace,
            plans=self.plans,
            known=known,
            secret=self.ledger.secret,
            expected=self.expected,
            kept=self.kept,
            told=self.told,
        )

    def _owing(self, late: Answered) -> Iterable[Owing]:
        """Return whose forms are still out."""
        code = self.expected.code
        receipts, sent = self.ledger.receipts(code), self.ledger.forms_sent(code)
        first, last = self.expected.first, self.expected.last
        known = self.plans.history_of(self.ledger, first, last, sheets=[TASKS.code])
        of_period = self.plans.known(known, self.expected)
        in_its_time = self.plans.at(self.expected)
        owing = matrix_of(self.expected, receipts, sent, of_period, in_its_time).owing
        told = {file.letter.stem for file in late.files if file.letter}
        addressees = Addressees(self.plans)
        labels = {item: addressees.of_form(item.recipient, "", self.expected).label for item in owing}
        return [item for item in owing if file_name(labels[item]) not in told]


def _without_answered(found: Collected, late: Answered) -> Collected:
    """Return what a source has, but for what was answered late."""
    answered = set(map(_SHA256, late.received))
    return replace(found, files=tuple(f for f in found.files if f.sha256 not in answered))


def _without_strangers(
    collected: Collected, judged: Judged, source: ReturnSources
) -> tuple[Collected, Judged, list[Received]]:
    """Return both without what is not mentioned of watched folders; and the files of that."""
    unmentioned = [result.received for result in source.strangers(judged.files)]
    paths = set(map(attrgetter("path"), unmentioned))
    files = tuple(file for file in collected.files if file.path not in paths)
    results = tuple(result for result in judged.files if result.received.path not in paths)
    return replace(collected, files=files), replace(judged, files=results), unmentioned


def _told_once(results: Sequence[FileResult]) -> list[Received]:
    """Return the files of watched folders that stay there, and are not told again with each run."""
    told = []
    for result in results:
        stays = result.is_the_offices or result.is_held or result.was_removed
        if stays and result.received.is_watched:
            told.append(result.received)
    return told
