"""The state of a return: what became of the form that a task force or a unit owes for a period.

`return_of` decides it for `status`, letters and the roll-up alike, from the receipts and from whom forms
went to.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.periods import Period
from tenproj_xl.model.calendar import days_between
from tenproj_xl.model.forms_sent import FormsSent
from tenproj_xl.model.history import History
from tenproj_xl.model.plan import Plan, TaskForce
from tenproj_xl.model.receipts import Receipt
from tenproj_xl.model.settings import Settings
from tenproj_xl.model.statuses import Status
from tenproj_xl.model.units import names_of, reporting_units, unit_code, unit_of


class DueState(LabelledCode):
    """How a return that is still out stands to its deadline."""

    NOT_DUE = "not_due", "未到期"
    TODAY = "due_today", "今日截止"
    OVERDUE = "overdue", "迟报"


class ReturnState(StrEnum):
    """What became of a return."""

    ACCEPTED = "accepted"
    WITH_WARNINGS = "accepted_with_warnings"
    TO_CORRECT = "to_correct"
    PARTIAL = "partial"
    """Something was returned, and not all units that got forms of their own have returned these."""
    REFUSED = "refused"
    """Something came, and nothing of it could be accepted."""
    MISSING = "missing"
    NOT_OWED = "not_owed"
    """Nothing came, and nothing is owed."""

    @property
    def label(self) -> str:
        """The word that people read."""
        return _LABELS[self]

    @property
    def is_returned(self) -> bool:
        """Whether a whole return is there, even if something in it has to be corrected."""
        return self in (ReturnState.ACCEPTED, ReturnState.WITH_WARNINGS, ReturnState.TO_CORRECT)


_LABELS = {
    ReturnState.ACCEPTED: Status.ACCEPTED.label,
    ReturnState.WITH_WARNINGS: Status.WITH_WARNINGS.label,
    ReturnState.TO_CORRECT: Status.TO_CORRECT.label,
    ReturnState.PARTIAL: "部分未报",
    ReturnState.REFUSED: Status.REFUSED.label,
    ReturnState.MISSING: "未报",
    ReturnState.NOT_OWED: "不要求报送",
}

_STATES = {
    Status.ACCEPTED: ReturnState.ACCEPTED,
    Status.SUPERSEDED: ReturnState.ACCEPTED,
    Status.WITH_WARNINGS: ReturnState.WITH_WARNINGS,
    Status.TO_CORRECT: ReturnState.TO_CORRECT,
}


@dataclass(frozen=True)
class UnitReturns:
    """Who got a form by unit and reports rows of a task force, and who returned it, as recipients.

    These are units, and 科室 of units that have several.
    """

    owed: tuple[str, ...] = ()
    returned: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """Those that have not returned their form."""
        return tuple(code for code in self.owed if code not in self.returned)


@dataclass(frozen=True, kw_only=True)
class TaskForceReturn:
    """A task force's return for a period.

    Attributes:
        task_force: The task force.
        lead: Its lead unit, as printed.
        state: What became of the return.
        days_late: By how many days it missed the deadline, 0 if it did not; see `_deciding`.
        deadline: When it is due, with the extension of who still owes it, if any.
        is_extended: Whether that is later than for others.
        receipt: The return in force; of several units' returns the newest to be corrected, else the newest.
        returns: All returns, in the order of receipt.
        units: The units that got forms of their own.
        is_owed: Whether it is owed. One of a task force that is not involved is welcome, and no more; so is
            any of a period that 报送日历 calls off.
    """

    task_force: TaskForce
    lead: str
    state: ReturnState
    days_late: int
    deadline: datetime
    is_extended: bool
    receipt: Receipt | None
    returns: tuple[Receipt, ...]
    units: UnitReturns
    is_owed: bool

    @property
    def is_outstanding(self) -> bool:
        """Whether an owed return did not come, or could not be accepted."""
        return self.is_owed and self.state in (ReturnState.MISSING, ReturnState.REFUSED)

    @property
    def label(self) -> str:
        """The words that people read: `待更正（迟报2天）`."""
        if self.days_late and self.receipt:
            return f"{self.state.label}（迟报{self.days_late}天）"
        return self.state.label

    def due(self, now: datetime) -> tuple[DueState, int] | None:
        """Return how an owed return that is still out stands to its deadline at a moment, and its days late.

        None where nothing is out any more, or nothing is owed.
        """
        if not self.is_owed or self.state.is_returned:
            return None
        if now > self.deadline:
            return DueState.OVERDUE, days_between(self.deadline, now)
        if now.astimezone(self.deadline.tzinfo).date() == self.deadline.date():
            return DueState.TODAY, 0
        return DueState.NOT_DUE, 0

    def label_at(self, now: datetime | None) -> str:
        """Return the words that people read, those of a moment too: `未报（今日截止）`, `未报（迟报2天）`."""
        standing = self.due(now) if now else None
        if standing is None:
            return self.label
        due, days = standing
        if due is DueState.OVERDUE:
            return f"{self.state.label}（迟报{days}天）"
        return f"{self.state.label}（{due.label}）"


def return_of(
    task_force: TaskForce,
    period: Period,
    receipts: Sequence[Receipt],
    sent: FormsSent,
    known: History,
    plan: Plan,
    settings: Settings,
) -> TaskForceReturn:
    """Return what became of a task force's return.

    Args:
        task_force: The task force.
        period: The period.
        receipts: The receipts of the period.
        sent: Whom forms of the period went out to.
        known: What was accepted for earlier periods.
        plan: The plan.
        settings: The settings, which have the deadlines.
    """
    own = [r for r in receipts if task_force.code in r.party.task_forces and _is_an_attempt(r)]
    own.sort(key=lambda r: r.order)
    returns = [r for r in own if r.status.is_return]
    current = sorted(open_receipts(returns), key=lambda r: (r.status is Status.TO_CORRECT, r.order))
    units = unit_returns(task_force, plan, known, sent, returns)
    deadline = _deadline(task_force, period, units, plan, settings)
    is_owed = task_force.involved and not settings.calendar.is_called_off(period.code)
    if returns and units.missing:
        state = ReturnState.PARTIAL
    elif current:
        state = _STATES[current[-1].status]
    elif own:
        state = ReturnState.REFUSED
    elif is_owed:
        state = ReturnState.MISSING
    else:
        state = ReturnState.NOT_OWED
    return TaskForceReturn(
        task_force=task_force,
        lead=plan.printed(task_force.lead),
        state=state,
        days_late=_days_late(period, _deciding(task_force, plan, known, sent, returns), plan, settings),
        deadline=deadline,
        is_extended=deadline > settings.deadline(period),
        receipt=current[-1] if current else None,
        returns=tuple(returns),
        units=units,
        is_owed=is_owed,
    )


def _is_an_attempt(receipt: Receipt) -> bool:
    """Return whether a file was to be a return; what lay beside one, or waits for the office, was not."""
    is_no_return = receipt.status.is_beside or receipt.status is Status.AWAITING
    return not (receipt.withdrawn or is_no_return)


def unit_state(code: str, receipts: Iterable[Receipt]) -> ReturnState:
    """Return the state of a form by unit that is not returned: refused or missing."""
    if any(r.party.recipient == code and r.status is Status.REFUSED for r in receipts):
        return ReturnState.REFUSED
    return ReturnState.MISSING


def unit_returns(
    task_force: TaskForce, plan: Plan, known: History, sent: FormsSent, returns: Iterable[Receipt]
) -> UnitReturns:
    """Return which units have returned their rows of a task force.

    What its lead returns in the task force's form is for all of them, what a unit without a part in it does
    for none. See `return_of` for the arguments.
    """
    out, owed = sent.in_units(plan), []
    for unit in reporting_units(task_force, plan, known):
        owed += out.of_unit(unit, task_force.code)
    lead = unit_code(task_force.lead, plan)
    whole: set[str] = set()
    returned: list[Receipt] = []
    for receipt in returns:
        unit, recipient = receipt.party.unit, receipt.party.recipient
        if receipt.stranger:
            continue
        if recipient == task_force.code and unit == lead:
            return UnitReturns(tuple(owed), tuple(owed))
        if recipient == task_force.code or not out.is_parted(unit):
            whole.add(unit)
        else:
            returned.append(receipt)
    answered = []
    for code in owed:
        if unit_of(code) in whole or out.is_answered(code, task_force.code, returned):
            answered.append(code)
    return UnitReturns(tuple(owed), tuple(answered))


def returns_by_sender(receipts: Iterable[Receipt]) -> list[list[Receipt]]:
    """Return the returns of each unit for a form, in the order in which they count."""
    by_unit: dict[tuple[str, str, str], list[Receipt]] = {}
    for receipt in sorted(receipts, key=lambda r: r.order):
        if receipt.status.is_return:
            key = (receipt.period, receipt.party.recipient, receipt.party.unit)
            by_unit.setdefault(key, []).append(receipt)
    return list(by_unit.values())


def return_in_force(own: Sequence[Receipt]) -> Receipt:
    """Return that of a unit's returns which is in force: the last that was not outdated when it came."""
    up_to_date = [receipt for receipt in own if receipt.status is not Status.SUPERSEDED]
    return (up_to_date or own)[-1]


def current_receipts(receipts: Iterable[Receipt]) -> list[Receipt]:
    """Return the return in force of each unit and period."""
    return list(map(return_in_force, returns_by_sender(receipts)))


def open_receipts(receipts: Iterable[Receipt]) -> list[Receipt]:
    """Return the returns in force, and earlier ones of which rows still wait, with what waits of these."""
    standing = list(receipts)
    waiting = [replace(one, findings=one.waiting) for one in standing if one.waiting]
    return [*current_receipts(standing), *waiting]


def still_refused(receipts: Sequence[Receipt]) -> Iterator[Receipt]:
    """Yield the refused files that were not accepted after all, and whose senders sent no right one since."""
    accepted = {r.sha256 for r in receipts if r.status.is_return}
    newest: dict[str, Receipt] = {}
    for r in receipts:
        if r.party.recipient and r.status.is_return and r.is_settled and not r.withdrawn:
            for owner in {r.party.recipient, unit_of(r.party.recipient)}:
                newest[owner] = max(r, newest.get(owner, r), key=lambda one: one.order)
    for r in receipts:
        if r.status is not Status.REFUSED or r.sha256 in accepted:
            continue
        since = newest.get(r.party.recipient)
        if since is None or since.order < r.order:
            yield r


def _deadline(
    task_force: TaskForce, period: Period, units: UnitReturns, plan: Plan, settings: Settings
) -> datetime:
    """Return the last deadline of those whose forms are still out: of units with own forms, else its lead."""
    calendar = settings.calendar
    owing = units.missing or (task_force.code,)
    return max(calendar.deadline_of(period, names_of(code, plan)) for code in owing)


def _deciding(
    task_force: TaskForce, plan: Plan, known: History, sent: FormsSent, returns: Iterable[Receipt]
) -> list[Receipt]:
    """Return which of a task force's returns decide whether it is late, in the order of receipt.

    That is the first in the task force's form, else the first ones of its units. See `return_of` for the
    arguments.
    """
    first: dict[str, Receipt] = {}
    before: list[Receipt] = []
    for receipt in sorted(returns, key=lambda one: (one.received_at, one.seq)):  # whichever is preferred
        if receipt.party.recipient != task_force.code:
            first.setdefault(receipt.party.recipient, receipt)
            before.append(receipt)
            continue
        units = unit_returns(task_force, plan, known, sent, before)
        if receipt.stranger and units.owed:
            continue
        if units.missing or not units.owed:
            return [receipt]
        # Its units had returned everything before: this one only changes what they said.
    return list(first.values())


def _days_late(period: Period, deciding: Iterable[Receipt], plan: Plan, settings: Settings) -> int:
    """Return the days by which returns are late, else 0: one late is late."""
    days = [0]
    for r in deciding:
        if r.late:
            names = names_of(r.party.recipient, plan)
            days.append(settings.calendar.days_late(period, r.received_at, names))
    return max(days)
