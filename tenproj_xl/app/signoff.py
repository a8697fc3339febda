"""The command `signoff`: ask the office in a workbook what becomes of issues, and record what it decided.

Only a workbook named on the command line is read; nothing that comes with the mail can decide for the office.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tenproj_xl.app.periods import issued_period, with_issued
from tenproj_xl.app.plans import in_force
from tenproj_xl.app.results import Drawn, Signed
from tenproj_xl.app.withdraw import withdrawn_finding
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.answers import IssueStatus
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import Value
from tenproj_xl.core.files import archive, atomic_write
from tenproj_xl.core.findings import Finding, Place, finding
from tenproj_xl.core.periods import Period, parse_period
from tenproj_xl.core.sheets import ISSUES, TASKS
from tenproj_xl.core.texts import text_of
from tenproj_xl.ledger.issue_codes import NewIssue, issue_code
from tenproj_xl.ledger.store import Ledger, open_ledger
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.decisions import Decision
from tenproj_xl.model.history import History, Reported
from tenproj_xl.model.issued import Issued
from tenproj_xl.model.settings import Loaded
from tenproj_xl.office.signoff import APPLICATIONS, build_signoff_book, is_signoff_book
from tenproj_xl.office.signoff_book import write_signoff_book
from tenproj_xl.office.signoff_reading import (
    Registration,
    SignoffDecisions,
    read_signoff_book,
    signoff_context,
)
from tenproj_xl.reading.book import Book
from tenproj_xl.reading.guard import Refusal
from tenproj_xl.reading.inbox import Received, receive
from tenproj_xl.reading.sandbox import Reader
from tenproj_xl.recognition.identify import tokens_in


def draw_signoff(workspace: Workspace, period_code: str | None = None) -> Drawn:
    """Write the workbook in which the office decides; one that lies there already is never overwritten.

    Args:
        workspace: The workspace.
        period_code: The period whose last day issues are judged on, by default the newest that forms went
            out for.

    Raises:
        UsageProblem: no forms went out for the period, or at all.
    """
    loaded = load(workspace)
    with open_ledger(workspace.ledger, who="tenproj signoff") as ledger:
        loaded = with_issued(loaded, ledger)
        period = issued_period(period_code, loaded, ledger)
        plans = in_force(loaded, ledger)
        plan = plans.at(period).plan
        known = plans.known(_history_since(date(period.last.year, 1, 1), loaded, ledger), period)
        book = build_signoff_book(plan, loaded.settings, period, known, ledger.secret, ledger.sequence())
        with ledger.batch("signoff", datetime.now(UTC), loaded.snapshots):
            ledger.record_workbook_rows(book.issued)
    path = workspace.outbox / period.code / "销号审定" / f"{book.stem}.xlsx"
    kept = path.exists()
    if not kept:
        with atomic_write(path) as temporary:
            write_signoff_book(temporary, book)
    return Drawn(path, len(book.rows(APPLICATIONS)), kept)


def sign_off(workspace: Workspace, path: Path) -> Signed:
    """Record what the office decided in a workbook; reading it twice changes nothing."""
    loaded = load(workspace)
    (received,) = receive([path])
    with open_ledger(workspace.ledger, who="tenproj signoff") as ledger:
        loaded = with_issued(loaded, ledger)
        seen = ledger.first_seen(received.sha256)
        book = _book(received, loaded, ledger)
        if isinstance(book, Finding):
            return Signed(received.name, received.sha256, (), 0, (book,))
        issued = ledger.issued(tokens_in(book))
        if not is_signoff_book(issued):
            said = finding(Code.NOT_SIGNOFF, Place(received.name))
            return Signed(received.name, received.sha256, (), 0, (said,))
        archive(workspace.archive, received.data)
        plan = in_force(loaded, ledger).at(_period_of(issued, loaded)).plan
        known = _known_of(issued, loaded, ledger).in_words(plan.programme.words)
        context = signoff_context(plan, known, received, loaded.settings.zone)
        rulings = read_signoff_book(received.name, book, issued, context)
        with ledger.batch("signoff", datetime.now(UTC), loaded.snapshots):
            ledger.record_file(
                received.sha256, received.name, len(received.data), seen or received.received_at
            )
            decisions, repeated = _record(rulings, received, known, ledger)
        notices = (*_replaced(known.decisions, decisions), *_notices(decisions, loaded, ledger))
    return Signed(
        received.name, received.sha256, decisions, rulings.repeated + repeated, rulings.findings, notices
    )


def _history_since(first: date, loaded: Loaded, ledger: LedgerView, issues: Collection[str] = ()) -> History:
    """Return what is known of tasks and issues from a day on; of `issues` also where they are closed."""
    newest = ledger.newest_period()
    last = first
    if newest is not None:
        last = max(first, loaded.settings.span(newest).last)
    return ledger.history_of(first, last, issues=issues, sheets=(TASKS.code,))


def _known_of(issued: Mapping[str, Sequence[Issued]], loaded: Loaded, ledger: LedgerView) -> History:
    """Return what decisions of a workbook are checked against: all that is known of its issues."""
    rows = [row for printings in issued.values() for row in printings]
    first = min(loaded.settings.span(row.period).first for row in rows)
    return _history_since(first, loaded, ledger, issues={row.code for row in rows})


def _period_of(issued: Mapping[str, Sequence[Issued]], loaded: Loaded) -> Period:
    """Return the period that a workbook was made for."""
    return max(loaded.settings.span(row.period) for printings in issued.values() for row in printings)


def _book(received: Received, loaded: Loaded, ledger: LedgerView) -> Book | Finding:
    place = Place(received.name)
    if withdrawal := ledger.withdrawals().get(received.sha256):
        return withdrawn_finding(received.name, withdrawal, loaded.settings.zone)
    with Reader(loaded.settings.limits, loaded.settings.passwords) as reader:
        (found,) = reader.open([received.data])
    if isinstance(found, Refusal):
        return finding(found.code, place, found=found.found)
    return found if isinstance(found, Book) else finding(Code.NOT_SIGNOFF, place)


def _record(
    rulings: SignoffDecisions, received: Received, known: History, ledger: Ledger
) -> tuple[tuple[Decision, ...], int]:
    """Record what was decided; return it, and how many registered issues were recorded before as they are."""
    sealed = [replace(d, sha256=received.sha256) for d in rulings.decisions]
    repeated = 0
    for registration in rulings.registrations:
        code = issue_code(_new(registration), ledger)
        decision = replace(registration.decision, issue=code, sha256=received.sha256)
        period = registration.row.issued.period
        before = _row_of(known, code, period)
        if before and _is_repeated(registration, decision, before, known):
            repeated += 1
            continue
        received_at = received.received_at
        if before:
            # What is read later replaces what was read before, whichever copy was saved first.
            received_at = max(received_at, before.received_at + timedelta(seconds=1))
        ledger.record_row(replace(_reported(registration, code, received), received_at=received_at))
        sealed.append(decision)
    for decision in sealed:
        ledger.record_decision(decision)
    return tuple(sealed), repeated


def _row_of(known: History, code: str, period: str) -> Reported | None:
    """Return an issue's row of a period, None if there is none."""
    for row in known.of(ISSUES.code, code):
        if row.period.code == period:
            return row
    return None


def _is_repeated(registration: Registration, decision: Decision, before: Reported, known: History) -> bool:
    """Whether a registration was recorded before with the same values."""
    for field, value in registration.values.items():
        if before.values.get(field) != value:
            return False
    for earlier in known.decisions:
        if earlier.token == decision.token and earlier.content == decision.content:
            return True
    return False


def _new(registration: Registration) -> NewIssue:
    row = registration.row
    description = registration.values.get("description")
    return NewIssue(row.issued.period, registration.task_force, row.token, description)


def _reported(registration: Registration, code: str, received: Received) -> Reported:
    """Return the issue as a row of 问题销号进度表, as if its department had registered it."""
    row = registration.row
    values: dict[str, Value] = dict.fromkeys((column.field for column in ISSUES.inputs), None)
    values |= {**registration.values, "status": IssueStatus.OPEN}
    typed, cells = {}, {}
    for field, value in registration.values.items():
        if value is not None:
            typed[field] = text_of(value)
            cells[field] = row.table_row.address(field)
    return Reported(
        sheet=ISSUES.code,
        code=code,
        task_force=registration.task_force,
        period=parse_period(row.issued.period),
        values=values,
        typed=typed,
        cells=cells,
        file=received.name,
        sha256=received.sha256,
        tab=row.tab,
        received_at=received.received_at,
        seq=0,
    )


def _replaced(before: Sequence[Decision], decisions: Sequence[Decision]) -> Iterator[str]:
    """Yield a sentence for each decision of another workbook that is corrected."""
    earlier = {(d.token, d.issue): d for d in before}
    for d in decisions:
        if old := earlier.get((d.token, d.issue)):
            yield f"{d.issue} 此前录入的“{old.spoken}”已改为上面的结果。"


def _notices(decisions: Sequence[Decision], loaded: Loaded, ledger: LedgerView) -> tuple[str, ...]:
    """Return a sentence for the operator where forms that went out do not show what was decided."""
    newest = ledger.newest_period()
    if newest is None or not any(d.upon.precedes(parse_period(newest)) for d in decisions):
        return ()
    return (
        f"{loaded.settings.span(newest).label}的填报表已经下发，要让审定结果出现在表中，请重新生成并分发。",
    )
