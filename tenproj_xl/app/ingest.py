"""The command `ingest`: archive, judge, record and answer what lies in the inbox."""

import time
from collections.abc import Callable, Container, Sequence
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from tenproj_xl.app.judge_files import Judged, gc_paused, judge_files
from tenproj_xl.app.lead_checks import lead_books, periods_about, record_lead_checks, write_lead_books
from tenproj_xl.app.letters import ReplyWriter
from tenproj_xl.app.matrix import matrix_of
from tenproj_xl.app.open_matters import notices, undecided
from tenproj_xl.app.outputs import Outputs
from tenproj_xl.app.periods import issued_period, with_issued
from tenproj_xl.app.plans import InForce, in_force
from tenproj_xl.app.questions import keep_questions
from tenproj_xl.app.recording import record
from tenproj_xl.app.results import FileResult, Ingested
from tenproj_xl.app.review import hold_back
from tenproj_xl.app.score_checks import record_objections
from tenproj_xl.app.slip_replies import record_slip_replies
from tenproj_xl.app.slips import slip_news, standing_register
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.files import archive
from tenproj_xl.core.periods import Period
from tenproj_xl.core.sheets import CHANGE_REQUEST
from tenproj_xl.core.texts import text_of
from tenproj_xl.ledger.store import Ledger, open_ledger
from tenproj_xl.model.history import History
from tenproj_xl.model.settings import Loaded
from tenproj_xl.reading.inbox import Collected, InboxFolder, Source

Sleep = Callable[[float], None]
"""Waits for some seconds."""
_A_MINUTE, _STEP = 60.0, 5.0
"""How long files on their way are waited for, and how often they are looked at, in seconds."""
_LISTED = 3
"""As many issues as are named in one sentence."""
_NOT_OLD = 3 * _A_MINUTE
"""What has not changed for longer is a download that was given up, in seconds."""


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
    with open_ledger(workspace.ledger, who="tenproj ingest") as ledger:
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
    into the outbox, and only then the files out of the inbox.

    Args:
        workspace: The workspace.
        loaded: Plan and settings.
        ledger: The open ledger.
        expected: The period that returns are expected for.
        remind: Whether units are told of their forms that are still out.
        sleep: Waits for files that are still on their way, None where nobody does.
        now: The moment that no file can have been made after, by default the present.
    """
    source: Source = InboxFolder(workspace.inbox)
    plans = in_force(loaded, ledger)
    collected, judged = _collected(source, plans, ledger, expected, now)
    if sleep and _names_on_their_way(collected, judged):
        _wait(workspace, collected, judged, sleep)
        collected, judged = _collected(source, plans, ledger, expected, now)
    arriving = {f.received.path for f in judged.files if f.may_be_arriving}
    held = {f.received.path for f in judged.files if f.is_held}
    results = [f for f in judged.files if f.received.path not in arriving]
    for file in collected.files:
        if file.path not in held:
            archive(workspace.archive, file.data)
    for result in results:
        if not result.stays:
            archive(workspace.archive, result.received.data)  # what came in a zip or mail, on its own, too

    writer = ReplyWriter(workspace, plans, judged.known, ledger.secret, expected)
    before = standing_register(ledger, plans, expected)
    _record(results, plans, judged.known, ledger, writer)
    books = list(chain(*(lead_books(ledger, plans, p) for p in periods_about(results, plans, expected))))
    owing = None
    if remind:
        receipts, sent = ledger.receipts(expected.code), ledger.recipients(expected.code)
        known = plans.known(judged.known, expected)
        owing = matrix_of(expected, receipts, sent, known, plans.at(expected)).owing
    slips = slip_news(before, results, ledger, plans, expected)
    replies = writer.write(results, owing, books, slips)
    outputs = Outputs(workspace, loaded, ledger)
    of_leads = (*write_lead_books(books, workspace, outputs), *replies.of_leads)
    if outputs.has_new:
        outputs.record_alone("ingest")
    about = {file.period for file in replies.files if file.period}
    writer.remove_settled(replies.files, [receipt for code in about for receipt in ledger.receipts(code)])
    staying = arriving | {f.received.path for f in results if f.stays}
    source.remove(file for file in collected.files if file.path not in staying)

    periods = sorted({expected.code, *(f.period for f in results if f.period)})
    conflicts = [conflict for code in periods for conflict in ledger.conflicts(code)]
    return Ingested(
        files=replies.files,
        passed_over=collected.passed_over,
        left=_names_on_their_way(collected, judged),
        written=(
            *(path for f in replies.files for path in (f.answer, f.letter) if path),
            *of_leads,
            *replies.of_slips,
        ),
        lead_checks=of_leads,
        reminders=replies.reminders,
        notices=(*notices(ledger, plans, expected), *_changes_asked_for(replies.files)),
        conflicts=undecided(conflicts, loaded.plan),
    )


def _collected(
    source: Source, plans: InForce, ledger: Ledger, expected: Period, now: datetime | None
) -> tuple[Collected, Judged]:
    """Judge what a source has."""
    collected = source.collect()
    return collected, judge_files(collected.files, plans, ledger, expected, now=now)


def _names_on_their_way(collected: Collected, judged: Judged) -> tuple[str, ...]:
    cut = {file.received.path for file in judged.files if file.may_be_arriving}
    return (*collected.arriving, *(file.name for file in collected.files if file.path in cut))


def _wait(workspace: Workspace, collected: Collected, judged: Judged, sleep: Sleep) -> None:
    """Wait until a file on its way that is not old has changed, or a minute has passed."""
    wanted = {Path(name).name for name in _names_on_their_way(collected, judged)}
    before = _sizes(workspace, wanted)
    waited = 0.0
    while before and waited < _A_MINUTE and _sizes(workspace, wanted) == before:
        sleep(_STEP)
        waited += _STEP


def _sizes(workspace: Workspace, wanted: Container[str]) -> list[int]:
    """Return the sizes of the files of some names in the inbox that came within the last minutes."""
    sizes = []
    for path in workspace.inbox.rglob("*"):
        if path.name in wanted and time.time() - path.stat().st_mtime < _NOT_OLD:
            sizes.append(path.stat().st_size)
    return sorted(sizes)


def _record(
    results: Sequence[FileResult], plans: InForce, known: History, ledger: Ledger, writer: ReplyWriter
) -> None:
    """Record all results in one transaction, but for files that stay where they lie."""
    with ledger.batch("ingest", datetime.now(UTC), plans.loaded.snapshots):
        fresh = []
        for result in results:
            is_new = not ledger.has_return(result.received.sha256)
            if not result.stays:
                record(result, ledger)
            if is_new and not result.is_held:
                fresh.append(result.received.sha256)
        writer.record_corrections(results, ledger)
        hold_back(fresh, known, plans, ledger)
        keep_questions([r for r in results if r.received.sha256 in fresh], ledger)
        record_lead_checks(results, fresh, plans, ledger, writer.expected)
        record_objections(results, ledger)
        record_slip_replies(results, ledger)


def _changes_asked_for(files: Sequence[FileResult]) -> tuple[str, ...]:
    """Return a sentence for the operator where units ask to change what an issue is registered as."""
    asked = []
    for file in files:
        for e in file.judgement.accepted if file.judgement else ():
            text = text_of(e.value(CHANGE_REQUEST)) if CHANGE_REQUEST in e.inputs and e.code else ""
            if text:
                asked.append(f"{e.code}“{e.row.name}”：{text}")
    if not asked:
        return ()
    listed = "；".join(asked[:_LISTED])
    return (
        f"有{len(asked)}个问题申请变更登记的内容，审定之前仍按登记的：{listed}。请运行 tenproj signoff。",
    )
