"""The command `ingest`: archive, judge, record and answer what lies in the inbox."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from tenproj_xl.app.judge_files import gc_paused, judge_files
from tenproj_xl.app.letters import ReplyWriter
from tenproj_xl.app.matrix import matrix_of
from tenproj_xl.app.periods import issued_period
from tenproj_xl.app.recording import record
from tenproj_xl.app.results import FileResult, Ingested
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.files import archive, sha256
from tenproj_xl.core.findings import Finding
from tenproj_xl.core.periods import Period
from tenproj_xl.ledger.store import Ledger, open_ledger
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.conflicts import Conflict, finding_of
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.settings import Loaded
from tenproj_xl.reading.inbox import InboxFolder, Source


@gc_paused()
def ingest(workspace: Workspace, period_code: str | None = None) -> Ingested:
    """Archive, judge, record and answer the files in the inbox, and take them out of it.

    Args:
        workspace: The workspace.
        period_code: The period that returns are expected for, by default the newest that forms went out
            for. A return for an earlier one still counts for that one, as late, unless that one was already
            settled.

    Raises:
        UsageProblem: No forms went out for the period, or at all.
    """
    loaded = load(workspace)
    with open_ledger(workspace.ledger, who="tenproj ingest") as ledger:
        expected = issued_period(period_code, loaded, ledger)
        return take_in(workspace, loaded, ledger, expected, remind=False)


def take_in(
    workspace: Workspace, loaded: Loaded, ledger: Ledger, expected: Period, *, remind: bool
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
    """
    source: Source = InboxFolder(workspace.inbox)
    collected = source.collect()
    for file in collected.files:
        archive(workspace.archive, file.data)
    judged = judge_files(collected.files, loaded, ledger, expected)
    arriving = {f.received.path for f in judged.files if f.may_be_arriving}
    results = [f for f in judged.files if f.received.path not in arriving]

    _record(results, loaded, ledger)
    owing = None
    if remind:
        receipts, sent = ledger.receipts(expected.code), ledger.recipients(expected.code)
        owing = matrix_of(expected, receipts, sent, judged.known, loaded).owing
    writer = ReplyWriter(workspace, loaded, judged.known, ledger.secret, expected)
    replies = writer.write(results, owing)
    office_books = {f.received.path for f in results if f.is_the_offices}
    staying = arriving | office_books
    source.remove(file for file in collected.files if file.path not in staying)

    periods = sorted({expected.code, *(f.period for f in results if f.period)})
    conflicts = [conflict for code in periods for conflict in ledger.conflicts(code)]
    return Ingested(
        files=replies.files,
        passed_over=(*collected.passed_over, *judged.passed_over),
        left=(*collected.arriving, *(file.name for file in collected.files if file.path in arriving)),
        written=tuple(path for f in replies.files for path in (f.answer, f.letter) if path),
        reminders=replies.reminders,
        notices=_changed_plan(expected, loaded, ledger),
        conflicts=undecided(conflicts, loaded.plan),
    )


def _record(results: Sequence[FileResult], loaded: Loaded, ledger: Ledger) -> None:
    """Record all results in one transaction, but for workbooks of the office."""
    with ledger.batch("ingest", datetime.now(UTC), loaded.snapshots):
        for result in results:
            if not result.is_the_offices:
                record(result, ledger)


def undecided(conflicts: Iterable[Conflict], plan: Plan) -> tuple[Finding, ...]:
    """Return the conflicts that nobody has decided, as findings."""
    return tuple(finding_of(conflict, plan) for conflict in conflicts if conflict.is_open)


def _changed_plan(period: Period, loaded: Loaded, ledger: LedgerView) -> tuple[str, ...]:
    """Return a sentence for the operator where the plan was changed after the forms went out."""
    if ledger.plan_of_forms(period.code) == sha256(loaded.snapshots.plan.encode()):
        return ()
    return (f"工作计划在下发{period.label}填报表之后改过。需要按新计划填报的，请重新生成填报表并分发。",)
