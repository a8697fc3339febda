"""Record what the office decided in a workbook: sign-off, and what meetings agreed on.

Only a workbook named on the command line is read; nothing that comes with the mail can decide for the office.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from tenproj_xl.app.opened_ledger import opened_ledger
from tenproj_xl.app.periods import with_issued
from tenproj_xl.app.plans import in_force
from tenproj_xl.app.results import Signed
from tenproj_xl.app.rollup_input import gathered
from tenproj_xl.app.withdraw import withdrawn_finding
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.answers import IssueStatus
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import Value
from tenproj_xl.core.codes import label_of
from tenproj_xl.core.columns import Sheet
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.files import archive
from tenproj_xl.core.findings import Finding, Place, finding
from tenproj_xl.core.periods import Period, parse_period
from tenproj_xl.core.sheets import ISSUES, TASKS
from tenproj_xl.core.texts import text_of
from tenproj_xl.ledger.issue_codes import NewIssue, issue_code
from tenproj_xl.ledger.store import Ledger
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.decisions import Decision
from tenproj_xl.model.history import History, Reported
from tenproj_xl.model.issued import Issued
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.settings import Loaded
from tenproj_xl.office.decided_row import Registration, SignoffContext
from tenproj_xl.office.meeting_book import is_meeting_book, meeting_sheets
from tenproj_xl.office.signoff import is_signoff_book, signoff_sheets
from tenproj_xl.office.signoff_items import Supervised
from tenproj_xl.office.signoff_reading import SignoffDecisions, read_signoff_book
from tenproj_xl.reading.book import Book
from tenproj_xl.reading.guard import Refusal
from tenproj_xl.reading.inbox import Received, receive
from tenproj_xl.reading.sandbox import Reader
from tenproj_xl.recognition.identify import tokens_in


@dataclass(frozen=True)
class BookKind:
    """A workbook that the office decides in: its command, its sheets, and the finding about any other."""

    command: str
    sheets: Callable[[Plan], Sequence[Sheet]]
    is_one: Callable[[Mapping[str, Sequence[Issued]]], bool]
    no_such: Code


SIGNOFF = BookKind("signoff", signoff_sheets, is_signoff_book, Code.NOT_SIGNOFF)
MEETING = BookKind("meeting", meeting_sheets, is_meeting_book, Code.NOT_MEETING)


def record_decided(workspace: Workspace, path: Path, kind: BookKind) -> Signed:
    """Record what the office decided in a workbook; reading it twice changes nothing."""
    loaded = load(workspace)
    (received,) = receive([path])
    with opened_ledger(workspace, loaded, who=f"tenproj {kind.command}") as ledger:
        loaded = with_issued(loaded, ledger)
        seen = ledger.first_seen(received.sha256)
        book = _book(received, loaded, ledger, kind)
        if isinstance(book, Finding):
            return _refused(received, book)
        issued = ledger.issued(tokens_in(book))
        if not kind.is_one(issued):
            return _refused(received, finding(kind.no_such, Place(received.name)))
        archive(workspace.archive, received.data)
        period = _period_of(issued, loaded)
        plan = in_force(loaded, ledger).plan_at(period)
        known = _known_of(issued, loaded, ledger).in_words(plan.programme.words)
        context = SignoffContext(
            sheets=kind.sheets(plan),
            plan=plan,
            known=known,
            today=(received.moments.filed or received.received_at).astimezone(loaded.settings.zone).date(),
            supervised=partial(supervised_in, period, loaded, ledger),
        )
        rulings = read_signoff_book(received.name, book, issued, context)
        with ledger.batch(kind.command, datetime.now(UTC), loaded.snapshots):
            ledger.record_file(
                received.sha256, received.name, received.content.size, seen or received.received_at
            )
            recorded = _record(rulings, received, known, ledger)
        decisions = recorded.decisions
        notices = (
            *recorded.changes,
            *_replaced(known.decisions, decisions),
            *_notices(decisions, loaded, ledger),
        )
    return Signed(
        file=received.name,
        sha256=received.sha256,
        decisions=decisions,
        repeated=rulings.repeated + recorded.repeated,
        findings=rulings.findings,
        notices=notices,
        registered=recorded.registered,
    )


def _refused(received: Received, why: Finding) -> Signed:
    return Signed(file=received.name, sha256=received.sha256, decisions=(), repeated=0, findings=(why,))


def supervised_in(
    period: Period, loaded: Loaded, ledger: LedgerView, without: Collection[str] = ()
) -> Supervised:
    """Return what stands in 督办清单 of a period, by the decisions of any day; those of some rows left out.

    Args:
        period: The period.
        loaded: Plan and settings.
        ledger: The ledger.
        without: The tokens of the rows whose decisions are left out.
    """
    data = gathered(loaded, ledger, period)
    decided = History((), tuple(d for d in ledger.decisions() if d.token not in without))
    decisions = in_force(loaded, ledger).known(decided, period).decisions
    return Supervised(replace(data, known=History(data.known.rows, decisions)))


def history_since(first: date, loaded: Loaded, ledger: LedgerView, issues: Collection[str] = ()) -> History:
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
    return history_since(first, loaded, ledger, issues={row.code for row in rows})


def _period_of(issued: Mapping[str, Sequence[Issued]], loaded: Loaded) -> Period:
    """Return the period that a workbook was made for."""
    return max(loaded.settings.span(row.period) for printings in issued.values() for row in printings)


def _book(received: Received, loaded: Loaded, ledger: LedgerView, kind: BookKind) -> Book | Finding:
    place = Place(received.name)
    if withdrawal := ledger.withdrawals().get(received.sha256):
        return withdrawn_finding(received.name, withdrawal, loaded.settings.zone, Code.BOOK_WITHDRAWN)
    with Reader(loaded.settings.limits, loaded.passwords.known) as reader:
        (found,) = reader.open([received.content])
    if isinstance(found, Refusal):
        return finding(found.code, place, found=found.found)
    return found if isinstance(found, Book) else finding(kind.no_such, place)


@dataclass(frozen=True)
class _Recorded:
    """What was recorded; `repeated` counts the registered issues that were recorded before as they are."""

    decisions: tuple[Decision, ...]
    repeated: int
    changes: tuple[str, ...]
    registered: Mapping[str, str]


def _record(rulings: SignoffDecisions, received: Received, known: History, ledger: Ledger) -> _Recorded:
    """Record what was decided, and tell what was registered otherwise before."""
    sealed = [replace(d, sha256=received.sha256) for d in rulings.decisions]
    repeated = 0
    changes: list[str] = []
    registered: dict[str, str] = {}
    for registration in rulings.registrations:
        code = issue_code(_new(registration), ledger)
        decision = replace(registration.decision, issue=code, sha256=received.sha256)
        period = registration.row.issued.period
        before = _row_of(known, code, period)
        if before and (registration.is_answered or _is_repeated(registration, decision, before, known)):
            repeated += 1
            continue
        received_at = received.received_at
        if before:
            # What is read later replaces what was read before, whichever copy was saved first.
            received_at = max(received_at, before.received_at + timedelta(seconds=1))
            changes += _changed(registration, before)
        changes += _rewritten(decision, known)
        ledger.record_row(replace(_reported(registration, code, received), received_at=received_at))
        sealed.append(decision)
        registered[code] = text_of(registration.values.get("description"))
    for decision in sealed:
        ledger.record_decision(decision)
    return _Recorded(tuple(sealed), repeated, tuple(changes), registered)


def _changed(registration: Registration, before: Reported) -> Iterator[str]:
    """Yield a sentence for each field that a registered issue had otherwise before."""
    headers = {column.field: column.header for column in (*ISSUES.columns, *registration.row.sheet.columns)}
    for field, value in registration.values.items():
        was = before.values.get(field)
        if was != value:
            header = headers[field]
            yield f"{before.code} “{header}”由“{_spoken(was)}”改为“{_spoken(value)}”。"


def _spoken(value: Value) -> str:
    return text_of(label_of(value)) or "空白"


def _rewritten(decision: Decision, known: History) -> Iterator[str]:
    """Yield a sentence where a row tells of another issue than it did when it was read before."""
    others = {d.issue for d in known.decisions if d.token == decision.token} - {decision.issue}
    for code in sorted(others):
        yield (
            f"原来登记为 {code} 的那一行改写成了另一件事，已另登记为 {decision.issue}；"
            f"{code} 仍在账上，不再需要的请在销号审定表里处理。"
        )


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
    return NewIssue(
        period=row.issued.period,
        task_force=registration.task_force,
        token=row.token,
        description=registration.values.get("description"),
    )


def _reported(registration: Registration, code: str, received: Received) -> Reported:
    """Return the issue as a row of 问题销号进度表, as if its department had registered it."""
    row = registration.row
    values: dict[str, Value] = dict.fromkeys((column.field for column in ISSUES.inputs), None)
    values |= {**registration.values, "status": IssueStatus.OPEN}
    typed, cells = {}, {}
    for field, value in registration.values.items():
        if value is not None and field in row.table_row.cells:
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
