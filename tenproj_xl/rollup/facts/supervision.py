"""Lines of 督办清单: what is about to be late, is behind, or is overdue."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from tenproj_xl.model.evaluate_indicators import State
from tenproj_xl.model.evaluate_tasks import IssueState, TaskState
from tenproj_xl.model.plan import TaskForce
from tenproj_xl.model.slips import Slip
from tenproj_xl.rollup.facts.indicators import IndicatorLine
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.issues import IssueLine
from tenproj_xl.rollup.facts.tasks import TaskLine


class Level(StrEnum):
    """How hard it is chased; the order is the order of the list."""

    RED = "红督办"
    YELLOW = "黄催办"
    BLUE = "蓝提醒"


@dataclass(frozen=True)
class SupervisionLine:
    """One item. `days` are those past the deadline (negative: still to go), `measured` says how far behind in words.

    `slip` is the open supervision slip on it.
    """

    level: Level
    kind: str
    code: str
    name: str
    task_force: TaskForce
    unit: str
    state: str
    deadline: date | None
    days: int | None
    gap: float | None
    measured: str
    reason: str
    source: str
    slip: Slip | None = None


_TASK_LEVELS: Mapping[str, Level] = {
    TaskState.OVERDUE: Level.RED,
    TaskState.BEHIND: Level.YELLOW,
    TaskState.DUE_SOON: Level.BLUE,
}
_ISSUE_LEVELS: Mapping[str, Level] = {IssueState.OVERDUE: Level.RED, IssueState.DUE_SOON: Level.BLUE}
_INDICATOR_LEVELS: Mapping[str, Level] = {State.MISSED: Level.RED, State.BEHIND: Level.YELLOW}
_CHASED_DAYS = 366
"""A target that was missed longer ago is a verdict, not something to chase."""


def supervision_lines(
    data: RollupInput,
    indicators: Sequence[IndicatorLine],
    tasks: Sequence[TaskLine],
    issues: Sequence[IssueLine],
) -> tuple[SupervisionLine, ...]:
    """All items, hardest first, then those furthest behind; none of task forces that are not involved."""
    found = [*_of_indicators(data, indicators), *_of_tasks(data, tasks), *_of_issues(data, issues)]
    items = [replace(item, slip=data.register.open_on(item.code)) for item in found]
    levels = list(Level)
    return tuple(sorted(items, key=lambda s: (levels.index(s.level), -(s.days or 0), s.gap or 0, s.code)))


def _of_indicators(data: RollupInput, lines: Iterable[IndicatorLine]) -> Iterable[SupervisionLine]:
    for line in lines:
        level = _INDICATOR_LEVELS.get(line.state)
        target = line.yardstick.target if line.yardstick else None
        if level is None or target is None or (data.day - target.period.last).days > _CHASED_DAYS:
            continue
        yield SupervisionLine(
            level,
            "主要指标",
            line.indicator.code,
            line.indicator.name,
            line.task_force,
            data.units(line.indicator.reporting_unit),
            line.state,
            target.period.last,
            None,
            line.gap,
            behind_in_words(line.gap),
            str(line.reported("lag_reason") or ""),
            data.source(line.figure.row, "value") if line.figure else "",
        )


def behind_in_words(gap: float | None) -> str:
    """How far behind an indicator is: `差8.2个百分点`."""
    return "" if gap is None or gap >= 0 else f"差{-gap:.1f}个百分点"


def _of_tasks(data: RollupInput, lines: Iterable[TaskLine]) -> Iterable[SupervisionLine]:
    for line in lines:
        level = _TASK_LEVELS.get(line.state)
        # Saying nothing does not stop the clock: a deadline that has passed without a word is overdue all the same.
        if line.state == TaskState.MISSING and line.days_left is not None and line.days_left < 0:
            level = Level.RED
        if level is None:
            continue
        yield SupervisionLine(
            level,
            "重点任务",
            line.task.code,
            line.task.name,
            line.task_force,
            data.units(line.task.lead_unit),
            line.state,
            line.due_on,
            None if line.days_left is None else -line.days_left,
            None,
            days_in_words(line.days_left),
            str(line.reported("problems") or line.reported("progress") or ""),
            data.source(line.rows[-1], "status") if line.rows else "",
        )


def _of_issues(data: RollupInput, lines: Iterable[IssueLine]) -> Iterable[SupervisionLine]:
    for line in lines:
        level = _ISSUE_LEVELS.get(line.state)
        if level is None or not line.task_force.involved:
            continue
        yield SupervisionLine(
            level,
            "问题",
            line.code,
            str(line.reported("description") or ""),
            line.task_force,
            str(line.reported("unit") or ""),
            line.state,
            line.due_on,
            None if line.days_left is None else -line.days_left,
            None,
            days_in_words(line.days_left),
            str(line.reported("progress") or line.reported("measures") or ""),
            data.source(line.row, "due_on"),
        )


def days_in_words(days_left: int | None) -> str:
    """How far a deadline is: `超期9天`, `还有11天`."""
    if days_left is None:
        return ""
    return f"超期{-days_left}天" if days_left < 0 else f"还有{days_left}天"
