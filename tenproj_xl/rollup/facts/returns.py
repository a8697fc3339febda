"""Lines of 报送情况: what each task force has returned for each week of the period."""

from collections.abc import Sequence
from dataclasses import dataclass

from tenproj_xl.core.catalogue import Severity
from tenproj_xl.core.findings import Finding
from tenproj_xl.core.periods import Period
from tenproj_xl.model.history import Receipt
from tenproj_xl.model.plan import NOT_INVOLVED, TaskForce
from tenproj_xl.model.units import UnitReturns, current_receipts, is_late, unit_returns
from tenproj_xl.rollup.facts.indicators import IndicatorLine
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.tasks import TaskLine

ON_TIME, LATE, PARTIAL, NOT_TAKEN, NOT_RETURNED = "按时", "迟报", "部分未报", "未收下", "未报"


@dataclass(frozen=True)
class ReturnLine:
    """One task force's returns for a week. `state` is 按时, 迟报, 部分未报, 未收下, 未报 or 不涉及.

    部分未报: of the `units` that got forms of their own some have returned them, others not. 未收下: something came,
    nothing could be taken. `first` is the first return that counted, `current` the one that counts now. Those
    `withdrawn` count among the `files` that came, and for nothing else.
    `waiting` are the rows (sheets, files) that do not count until they are corrected.
    """

    period: Period
    task_force: TaskForce
    state: str
    first: Receipt | None
    current: Receipt | None
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
    units: UnitReturns

    @property
    def is_owed(self) -> bool:
        """False for a task force that is not involved."""
        return self.state != NOT_INVOLVED

    @property
    def is_in(self) -> bool:
        """True where an owed return came, on time or late."""
        return self.state in (ON_TIME, LATE)

    def cover(self, field: str) -> str:
        """A line of the form's cover, as last returned."""
        return str(self.current.cover.get(field) or "") if self.current else ""


def return_lines(
    data: RollupInput, indicators: Sequence[IndicatorLine], tasks: Sequence[TaskLine]
) -> tuple[ReturnLine, ...]:
    """A line for every week and task force, newest week first, in the plan's order."""
    weeks = reversed(data.owed_weeks)
    return tuple(_line(t, week, data, indicators, tasks) for week in weeks for t in data.plan.task_forces)


def _line(
    task_force: TaskForce,
    week: Period,
    data: RollupInput,
    indicators: Sequence[IndicatorLine],
    tasks: Sequence[TaskLine],
) -> ReturnLine:
    code = task_force.code
    came = sorted(
        (r for r in data.receipts if r.period == week.code and code in r.party.task_forces),
        key=lambda r: r.order,
    )
    own = [r for r in came if not r.withdrawn]
    returns = [r for r in own if r.status.is_return]
    live = current_receipts(returns)
    units = unit_returns(
        task_force, data.plan, data.known.before(week), data.recipients.get(week.code, ()), own
    )
    open_findings = [f for r in live or own for f in r.findings if f.is_open]
    errors = sum(f.severity is Severity.ERROR for f in open_findings)
    asked = [i for i in indicators if i.task_force.code == code and i.asked]
    unfinished = [t for t in tasks if t.task.task_force == code and not _was_finished(t, data)]
    return ReturnLine(
        week,
        task_force,
        _state(task_force, own, returns, units),
        returns[0] if returns else None,
        max(live, key=lambda r: r.order) if live else None,
        files=len(came),
        corrections=len(returns) - len(live),
        errors=errors,
        hints=len(open_findings) - errors,
        figures_asked=len(asked),
        figures_in=sum(i.answered for i in asked),
        tasks_asked=len(unfinished),
        tasks_in=sum(t.updated for t in unfinished),
        withdrawn=tuple(r for r in came if r.withdrawn),
        waiting=tuple(dict.fromkeys(_subject(f) for f in open_findings if f.is_error)),
        units=units,
    )


def _subject(f: Finding) -> str:
    return f.name or f.sheet or "整份"


def _was_finished(line: TaskLine, data: RollupInput) -> bool:
    return data.known.before(data.period).is_finished(line.task)


def _state(
    task_force: TaskForce, own: Sequence[Receipt], returns: Sequence[Receipt], units: UnitReturns
) -> str:
    if not task_force.involved:
        return NOT_INVOLVED
    if units.is_partial:
        return PARTIAL
    if returns:
        return LATE if is_late(task_force, returns) else ON_TIME
    return NOT_TAKEN if own else NOT_RETURNED
