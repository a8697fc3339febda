"""Lines of 督办清单: what is about to be late, is behind, or is overdue."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.states import IssueState, State, TaskState
from tenproj_xl.model.duties import Duty
from tenproj_xl.model.plan import TaskForce
from tenproj_xl.model.plausibility import places_of
from tenproj_xl.model.slips import Level, Slip
from tenproj_xl.rollup.facts.indicators import IndicatorLine
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.issues import IssueLine, units_of_issue
from tenproj_xl.rollup.facts.tasks import TaskLine


@dataclass(frozen=True, kw_only=True)
class SupervisionLine:
    """One item. `days` are those past the deadline (negative: still to go); `slip` is its open slip.

    `measured` tells in words how far behind it is.
    """

    level: Level
    kind: Duty
    code: str
    name: str
    task_force: TaskForce
    unit: str
    state: LabelledCode
    deadline: date | None
    days: int | None
    gap: float | None
    measured: str
    reason: str
    source: str
    slip: Slip | None = None


_PERCENT = ("%", "百分点")
_PLACES, _MOST_PLACES = 2, 6
_TASK_LEVELS: Mapping[str, Level] = {
    TaskState.OVERDUE: Level.RED,
    TaskState.BEHIND: Level.YELLOW,
    TaskState.DUE_SOON: Level.BLUE,
}
_ISSUE_LEVELS: Mapping[str, Level] = {IssueState.OVERDUE: Level.RED, IssueState.DUE_SOON: Level.BLUE}
_INDICATOR_LEVELS: Mapping[str, Level] = {State.MISSED: Level.RED, State.BEHIND: Level.YELLOW}
_SUPERVISED_DAYS = 366
"""A target that was missed longer ago is judged in its list, and no longer supervised."""


def supervision_lines(
    data: RollupInput,
    indicators: Sequence[IndicatorLine],
    tasks: Sequence[TaskLine],
    issues: Sequence[IssueLine],
) -> tuple[SupervisionLine, ...]:
    """Return all items of the task forces involved, most urgent first, then those furthest behind."""
    items = [*_of_indicators(data, indicators), *_of_tasks(data, tasks), *_of_issues(data, issues)]
    levels = list(Level)
    items.sort(key=lambda item: (levels.index(item.level), -(item.days or 0), item.gap or 0, item.code))
    return tuple(
        replace(item, slip=data.register.open_on(item.code), reason=_with_origin(item, data))
        for item in items
    )


def _with_origin(item: SupervisionLine, data: RollupInput) -> str:
    """Return the reason, with the task force that had the item before it was merged into its own."""
    former = data.plan.former_force(item.code)
    if former is None:
        return item.reason
    return f"（原{former.code}专班转来）{item.reason}"


def _of_indicators(data: RollupInput, lines: Iterable[IndicatorLine]) -> Iterable[SupervisionLine]:
    for line in lines:
        level = _INDICATOR_LEVELS.get(line.state)
        if level is None or line.yardstick is None or line.yardstick.target is None:
            continue
        deadline = line.yardstick.target.period.last
        if (data.day - deadline).days > _SUPERVISED_DAYS:
            continue
        source = ""
        if line.figure:
            source = data.source(line.figure.row, "value")
        yield SupervisionLine(
            level=level,
            kind=Duty.INDICATOR,
            code=line.indicator.code,
            name=line.indicator.name,
            task_force=line.task_force,
            unit=data.units(line.indicator.reporting_unit),
            state=line.state,
            deadline=deadline,
            days=None,
            gap=line.gap,
            measured=behind_in_words(line) or line.mark,
            reason=line.text("lag_reason"),
            source=source,
        )


def behind_in_words(line: IndicatorLine) -> str:
    """Return how far behind an indicator is, in its own unit: `差1.24亿元`; "" for one that is not.

    What tells of a figure that is not published yet is marked.
    """
    if line.ahead is None or line.ahead >= 0:
        return ""
    unit, places = line.indicator.unit, places_of(line.indicator)
    if unit in _PERCENT:
        unit, places = "个百分点", _PLACES
    if places is None:
        places = _PLACES
    text = f"差{_short(-line.ahead, places)}{unit}"
    if line.mark:
        return f"{text}（{line.mark}）"
    return text


def _short(number: float, places: int) -> str:
    """Return a number with so many decimals, with more where it would be nothing."""
    while not round(number, places) and places < _MOST_PLACES:
        places += 1
    return f"{round(number, places):.10g}"


def _of_tasks(data: RollupInput, lines: Iterable[TaskLine]) -> Iterable[SupervisionLine]:
    for line in lines:
        level = _TASK_LEVELS.get(line.state)
        # A task without a return is overdue as well once its deadline has passed.
        if line.state == TaskState.MISSING and line.days_left is not None and line.days_left < 0:
            level = Level.RED
        if level is None:
            continue
        yield SupervisionLine(
            level=level,
            kind=Duty.TASK,
            code=line.task.code,
            name=line.task.name,
            task_force=line.task_force,
            unit=data.units(line.task.lead_unit),
            state=line.state,
            deadline=line.due_on,
            days=_days_over(line.days_left),
            gap=None,
            measured=days_in_words(line.days_left),
            reason=line.text("problems", "progress"),
            source=data.source(line.status_row, "status"),
        )


def _of_issues(data: RollupInput, lines: Iterable[IssueLine]) -> Iterable[SupervisionLine]:
    for line in lines:
        level = _ISSUE_LEVELS.get(line.state)
        if level is None or not line.task_force.involved:
            continue
        yield SupervisionLine(
            level=level,
            kind=Duty.ISSUE,
            code=line.code,
            name=line.text("description"),
            task_force=line.task_force,
            unit="、".join(units_of_issue(line, data)),
            state=line.state,
            deadline=line.due_on,
            days=_days_over(line.days_left),
            gap=None,
            measured=days_in_words(line.days_left),
            reason=line.text("progress", "measures"),
            source=data.source(line.row, "due_on"),
        )


def _days_over(days_left: int | None) -> int | None:
    if days_left is None:
        return None
    return -days_left


def days_in_words(days_left: int | None) -> str:
    """Return how far a deadline is: `超期9天`, `还有11天`; "" without one."""
    if days_left is None:
        return ""
    if days_left < 0:
        return f"超期{-days_left}天"
    return f"还有{days_left}天"
