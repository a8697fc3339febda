"""Lines of 报送情况: what each task force has returned for each period of returns."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.findings import Finding
from tenproj_xl.core.periods import Period
from tenproj_xl.ledger.return_state import (
    ReturnState,
    TaskForceReturn,
    UnitReturns,
    current_receipts,
    open_receipts,
    return_of,
)
from tenproj_xl.model.deliveries import LiaisonLetter
from tenproj_xl.model.forms_sent import NOTHING_SENT
from tenproj_xl.model.lead_words import CheckedRow
from tenproj_xl.model.plan import Plan, TaskForce
from tenproj_xl.model.plan_dates import stands_in
from tenproj_xl.model.receipts import Receipt
from tenproj_xl.model.statuses import Status
from tenproj_xl.rollup.facts.indicators import IndicatorLine
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.tasks import TaskLine


class Timeliness(LabelledCode):
    """How a task force's return for a period came; what was not returned has the words of `ReturnState`."""

    ON_TIME = "returned_on_time", "按时"
    LATE = "returned_late", "迟报"
    PARTIAL = "returned_in_part", ReturnState.PARTIAL.label
    """Of the units that got forms of their own some have returned them, others have not."""
    NOT_ACCEPTED = "not_accepted", ReturnState.REFUSED.label
    """Files came, and none was accepted."""
    NOT_RETURNED = "not_returned", ReturnState.MISSING.label
    EXTENDED = "extended", "延期未到"
    """Not returned, and not due yet on the day of the roll-up, as 延期报送 has it."""
    NOT_INVOLVED = "not_involved", "不涉及"


OWING = (Timeliness.NOT_RETURNED, Timeliness.NOT_ACCEPTED, Timeliness.PARTIAL)
"""The states of returns that are still owed."""
_OUTSTANDING: Mapping[ReturnState, Timeliness] = {
    ReturnState.PARTIAL: Timeliness.PARTIAL,
    ReturnState.REFUSED: Timeliness.NOT_ACCEPTED,
    ReturnState.MISSING: Timeliness.NOT_RETURNED,
}


@dataclass(frozen=True, kw_only=True)
class ReturnLine:
    """A task force's returns for a period, those of its `units` that got forms of their own included.

    `first` is the first return that was accepted, `current` the newest one of those `in_force`. `files` is
    the number of all files that came, those `withdrawn` included; nothing else includes
    these. `corrections` were replaced by later returns. `waiting` are the rows (sheets, files) that are left
    out until they are corrected, with all others of their file where it `waits_whole`. `companions` are the
    scans and notes that came beside. `figures_asked` to `tasks_in` are about the whole period of the roll-up.
    `checked` are the rows that the lead unit is asked to look at. `undelivered` are the letters about a form
    that is still out which did not arrive.
    """

    period: Period
    task_force: TaskForce
    state: Timeliness
    days_late: int
    deadline: datetime
    first: Receipt | None
    current: Receipt | None
    in_force: tuple[Receipt, ...]
    files: int
    corrections: int
    errors: int
    hints: int
    figures_asked: int
    figures_in: int
    tasks_asked: int
    tasks_in: int
    withdrawn: tuple[Receipt, ...]
    waiting: tuple[str, ...]
    waits_whole: bool
    units: UnitReturns
    companions: tuple[Receipt, ...]
    checked: tuple[CheckedRow, ...] = ()
    undelivered: tuple[LiaisonLetter, ...] = ()

    @property
    def is_nil(self) -> bool:
        """Whether nothing is new: of units that got forms of their own all have to be in and say so."""
        return bool(self.in_force) and not self.units.missing and all(one.nil for one in self.in_force)

    @property
    def is_owed(self) -> bool:
        """Whether the task force owes returns: it is involved."""
        return self.state is not Timeliness.NOT_INVOLVED

    @property
    def is_in(self) -> bool:
        """Whether an owed return came, on time or late."""
        return self.state in (Timeliness.ON_TIME, Timeliness.LATE)

    def cover(self, field: str) -> str:
        """Return a line of the form's cover, as last returned."""
        if self.current is None:
            return ""
        return str(self.current.cover.get(field) or "")


def return_lines(
    data: RollupInput, indicators: Sequence[IndicatorLine], tasks: Sequence[TaskLine]
) -> tuple[ReturnLine, ...]:
    """Return a line for every period of returns and task force that stood in it, the newest period first.

    The task forces stand in the plan's order, behind them those that have ended since.
    """
    asked = [line for line in indicators if line.asked]
    earlier = data.known_before
    unfinished = [line for line in tasks if not earlier.is_finished(line.task)]
    lines = []
    for period in reversed(data.owed_periods):
        for task_force in data.plan.task_forces:
            if not stands_in(task_force, period):
                continue
            own_asked = [line for line in asked if line.task_force.code == task_force.code]
            own_tasks = [line for line in unfinished if line.task_force.code == task_force.code]
            lines.append(_line(task_force, period, data, data.plan, own_asked, own_tasks))
        plan = data.plan_in(period)
        for task_force in _ended_since(plan, data):
            lines.append(_line(task_force, period, data, plan, (), ()))
    return tuple(lines)


def _ended_since(plan: Plan, data: RollupInput) -> Iterable[TaskForce]:
    """Yield the task forces of an earlier plan that have ended since: their rows are told with successors."""
    ended = {task_force.code for task_force in data.plan.ended}
    return (task_force for task_force in plan.task_forces if task_force.code in ended)


@dataclass(frozen=True)
class _Files:
    """The files that came from a task force for a period, oldest first.

    `standing` are those not withdrawn, `returns` those of them that were accepted, `current` the returns in
    force; `companions` came beside, and are in none of these.
    """

    came: Sequence[Receipt]
    standing: Sequence[Receipt]
    returns: Sequence[Receipt]
    current: Sequence[Receipt]
    companions: Sequence[Receipt]

    @property
    def open_findings(self) -> list[Finding]:
        """What is still wrong in the returns in force, and waits of earlier ones; else in all that came."""
        findings = []
        for receipt in open_receipts(self.returns) or self.standing:
            findings += [finding for finding in receipt.findings if finding.is_open]
        return findings


def _files(task_force: TaskForce, period: Period, data: RollupInput) -> _Files:
    own = data.receipts_by_return.get((task_force.code, period.code), ())
    came = [receipt for receipt in own if receipt.status is not Status.COMPANION]
    companions = [receipt for receipt in own if receipt.status is Status.COMPANION]
    standing = [receipt for receipt in came if not receipt.withdrawn]
    returns = [receipt for receipt in standing if receipt.status.is_return]
    return _Files(came, standing, returns, current_receipts(returns), companions)


def _line(
    task_force: TaskForce,
    period: Period,
    data: RollupInput,
    plan: Plan,
    asked: Sequence[IndicatorLine],
    unfinished: Sequence[TaskLine],
) -> ReturnLine:
    files = _files(task_force, period, data)
    sent = data.recipients.get(period.code, NOTHING_SENT)
    returned = return_of(
        task_force, period, files.standing, sent, data.known.before(period), plan, data.settings
    )
    findings = files.open_findings
    errors = [finding for finding in findings if finding.is_error]
    first, current = None, None
    if files.returns:
        first = files.returns[0]
        current = max(files.current, key=lambda receipt: receipt.order)
    return ReturnLine(
        period=period,
        task_force=task_force,
        state=_state(returned, data),
        days_late=returned.days_late,
        deadline=returned.deadline,
        first=first,
        current=current,
        in_force=tuple(files.current),
        files=len(files.came),
        corrections=len(files.returns) - len(files.current),
        errors=len(errors),
        hints=len(findings) - len(errors),
        figures_asked=len(asked),
        figures_in=sum(line.answered for line in asked),
        tasks_asked=len(unfinished),
        tasks_in=sum(line.updated for line in unfinished),
        withdrawn=tuple(receipt for receipt in files.came if receipt.withdrawn),
        waiting=tuple(dict.fromkeys(_subject(finding) for finding in errors)),
        waits_whole=any(finding.code is Code.RETURN_WAITS for finding in findings),
        units=returned.units,
        companions=tuple(files.companions),
        checked=data.checked_by_return.get((task_force.code, period.code), ()),
        undelivered=tuple(_undelivered(returned, task_force, period, data)),
    )


def _undelivered(
    returned: TaskForceReturn, task_force: TaskForce, period: Period, data: RollupInput
) -> Iterator[LiaisonLetter]:
    """Yield the letters that did not arrive and are about what is still out of a task force."""
    if not returned.is_owed or not (returned.units.missing or not returned.state.is_returned):
        return
    waited_for = {task_force.code, *returned.units.missing}
    for letter in data.letters:
        if letter.period == period.code and not waited_for.isdisjoint(letter.recipients):
            yield letter


def _subject(finding: Finding) -> str:
    return finding.name or finding.sheet or "整份"


def _state(returned: TaskForceReturn, data: RollupInput) -> Timeliness:
    """Return how a return came where it is whole, else what became of it."""
    if not returned.is_owed:
        return Timeliness.NOT_INVOLVED
    if returned.state is ReturnState.MISSING and returned.is_extended and data.day < returned.deadline.date():
        return Timeliness.EXTENDED
    if not returned.state.is_returned:
        return _OUTSTANDING[returned.state]
    if returned.days_late:
        return Timeliness.LATE
    return Timeliness.ON_TIME
