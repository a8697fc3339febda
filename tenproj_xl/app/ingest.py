"""The command `ingest`: archive, judge, record and answer what lies in the inbox."""

import gc
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from operator import attrgetter
from pathlib import Path

from tenproj_xl.app.intake import Intake
from tenproj_xl.app.judge_files import Judged, reader_of
from tenproj_xl.app.judges import judges_of
from tenproj_xl.app.kept_apart import KeptDrafts
from tenproj_xl.app.mail_threads import Threads, thread_inbox
from tenproj_xl.app.on_their_way import Sleep, names_cut, names_on_their_way, wait_for_some
from tenproj_xl.app.opened_ledger import opened_ledger
from tenproj_xl.app.periods import issued_period, with_issued
from tenproj_xl.app.plans import in_force
from tenproj_xl.app.portions import Halves, PlaceInRun, portions
from tenproj_xl.app.recogniser import Recogniser
from tenproj_xl.app.results import FileResult, Ingested
from tenproj_xl.app.slips import standing_register
from tenproj_xl.app.sources import ReturnSources, sources_of
from tenproj_xl.app.taken_in import Answered, RunSoFar
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.errors import EnvironmentProblem, UnwrittenFile
from tenproj_xl.core.files import folders_synced_once
from tenproj_xl.core.garbage import gc_paused
from tenproj_xl.core.interrupts import interruptible, uninterrupted
from tenproj_xl.core.periods import Period
from tenproj_xl.core.progress import working
from tenproj_xl.core.system_faults import system_fault
from tenproj_xl.ledger.store import Ledger
from tenproj_xl.model.history import History
from tenproj_xl.model.settings import Loaded
from tenproj_xl.model.slips import Register
from tenproj_xl.reading.inbox import Collected, Received

_RECORDED = "这次收到的已经入账，文件还在收件夹里的不用移走；再运行一次就接着写通知和退回的表，不会重复计入。"
"""What is told where an answer cannot be written."""


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
    into the outbox (and what lead units are sent, some of it at a time, each time behind its own entries),
    and only then the files out of the inbox. What a run that was cut off has recorded and not answered is
    answered first, as it would have been.

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
    intake = Intake(
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
        found = intake.source.collect()
        late = intake.answer_owed(found, remind=remind)
        found = _without_answered(found, late)
        todo = deque(portions(found.files))
        with judges_of(plans, ledger, workspace.ledger, are_many=len(todo) > 1) as judges:
            done = RunSoFar(late, found, ledger, is_parted=len(todo) > 1)
            return _in_portions(intake, Recogniser(reader, judges), todo, done, remind=remind, sleep=sleep)


def _in_portions(
    intake: Intake,
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
        intake = replace(intake, kept=KeptDrafts())
    unanswered: list[_Recorded] = []

    def answer() -> None:
        while unanswered:
            with uninterrupted():
                _answer_portion(intake, unanswered.pop(), done, remind=remind)

    try:
        with working("收取回表", len(found.files) if len(todo) > 1 else 0) as step:
            halves = Halves(step, len(found.files))
            if done.is_parted:
                recogniser.opening = halves.opening
            while todo:
                portion = replace(found, files=tuple(todo.popleft()))
                judged = intake.judge(portion, _place(intake, recogniser, todo, done, answer))
                if sleep and not todo and names_on_their_way(portion, judged):
                    wait_for_some(intake.source.own.paths, portion, judged, sleep)
                    found, sleep = _without_answered(intake.source.collect(), late), None
                    rest = done.not_told(found.files)
                    todo.extend(portions(rest) if done.is_parted else [rest])
                    done.collected = found
                    continue
                with uninterrupted():
                    unanswered.append(_record_portion(intake, portion, judged, done, is_last=not todo))
                halves.recorded(len(portion.files))
                del judged  # before the next ones are judged
        answer()
    except KeyboardInterrupt as fault:
        answer()
        raise done.interrupted(len(found.files)) from fault
    if done.is_parted:
        gc.collect()  # while it is paused, circles of what was read and told of a thousand files stay
    return done.ingested(intake.plans, intake.expected)


def _place(
    intake: Intake,
    recogniser: Recogniser,
    todo: Iterable[Sequence[Received]],
    done: RunSoFar,
    meanwhile: Callable[[], None],
) -> PlaceInRun:
    """Return the place of a portion before those that are to come, behind those that are recorded."""
    ahead, behind, *_ = (*todo, (), ())
    begun = intake.begun if done.portions else None
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
    intake: Intake, portion: Collected, judged: Judged, done: RunSoFar, *, is_last: bool
) -> _Recorded:
    """Archive and record what was judged."""
    ledger = intake.ledger
    collected, judged, unmentioned = _without_strangers(portion, judged, intake.source)
    arriving = {f.received.path for f in judged.files if f.may_be_arriving}
    threads = Threads(ledger, intake.loaded.addresses)
    here = [f for f in judged.files if f.received.path not in arriving]
    results = thread_inbox(here, threads, intake.loaded)
    with folders_synced_once():
        intake.keep_originals(collected, results)
    stayed = {f.received.path for f in results if f.stays}
    taken = [file for file in collected.files if file.path not in arriving | stayed]
    before = standing_register(ledger, intake.plans, intake.expected)
    intake.record(results, judged.known, taken, threads, is_last=is_last)
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


def _answer_portion(intake: Intake, recorded: _Recorded, done: RunSoFar, *, remind: bool) -> None:
    """Answer what was recorded, and take it out of the inbox.

    Units whose forms are out, and lead units, are told of once the last portion is in.
    """
    ledger, late = intake.ledger, done.late
    answered = Answered()
    with _telling_what_counts(recorded.taken):
        if recorded.results or not late.received:
            answered = intake.answer(
                recorded.results,
                recorded.known,
                recorded.before,
                late,
                remind=remind,
                is_last=recorded.is_last,
            )
        answered_late = late.received if recorded.is_first else ()
        told_once = _told_once(recorded.results)
        intake.source.remove([*answered_late, *recorded.taken], [*recorded.unmentioned, *told_once])
    if ledger.fact("owed"):
        ledger.inbox_cleared()
    if recorded.is_last and ledger.leads_owed():
        ledger.leads_told()
    done.add(answered, recorded.taken, recorded.stayed, recorded.cut)


@contextmanager
def _telling_what_counts(taken: Sequence[Received]) -> Iterator[None]:
    """Tell of a file that cannot be written that what was taken in is recorded all the same."""
    try:
        yield
    except (OSError, UnwrittenFile) as fault:
        if not taken:
            raise
        said = system_fault(fault) if isinstance(fault, OSError) else str(fault)
        raise EnvironmentProblem(f"{said}{_RECORDED}") from fault


def _without_answered(found: Collected, late: Answered) -> Collected:
    """Return what a source has, but for what was answered late."""
    answered = {file.sha256 for file in late.received}
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
