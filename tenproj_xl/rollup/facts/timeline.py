"""Lines of 挂图作战: every task and every indicator as a bar on the programme's months, with its marks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.states import State
from tenproj_xl.model.duties import Duty
from tenproj_xl.model.plan import TaskForce
from tenproj_xl.rollup.facts.indicators import IndicatorLine
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.tasks import TaskLine


class Sign(LabelledCode):
    """What became of a milestone, a deadline or a target."""

    DONE = "done", "已完成或达标"
    AHEAD = "ahead", "未到"
    OVERDUE = "overdue", "逾期未完成"
    MISSED = "missed", "未达标"
    UNVERIFIED = "unverified", "待核定"


@dataclass(frozen=True)
class TimelineMark:
    """A dated point of a bar."""

    day: date
    sign: Sign


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One task or indicator. Without a date in the plan `ends` is None, and the bar has no end.

    Tasks have no start in the plan: a bar begins with the first of several dates, else with the programme.
    """

    kind: Duty
    code: str
    name: str
    task_force: TaskForce
    unit: str
    state: LabelledCode
    progress: str
    starts: date
    ends: date | None
    marks: tuple[TimelineMark, ...]

    def covers(self, first: date, last: date) -> bool:
        """Return whether some of the bar lies between two days."""
        return self.starts <= last and (self.ends is None or first <= self.ends)

    def sign(self, first: date, last: date) -> Sign | None:
        """Return what is marked between two days: of several signs the worst."""
        signs = [mark.sign for mark in self.marks if first <= mark.day <= last]
        if not signs:
            return None
        return min(signs, key=_WORST_FIRST.index)


_WORST_FIRST = (Sign.OVERDUE, Sign.MISSED, Sign.UNVERIFIED, Sign.AHEAD, Sign.DONE)


def bars(
    data: RollupInput, indicators: Sequence[IndicatorLine], tasks: Sequence[TaskLine]
) -> tuple[Bar, ...]:
    """Return a bar for every task and then for every indicator of each task force, in the plan's order."""
    lines = []
    for task_force in data.plan.task_forces:
        lines += [_of_task(line, data) for line in tasks if line.task_force.code == task_force.code]
        lines += [_of_indicator(line, data) for line in indicators if line.task_force.code == task_force.code]
    return tuple(lines)


def _of_task(line: TaskLine, data: RollupInput) -> Bar:
    task = line.task
    marks = tuple(_task_marks(line, data))
    days = sorted({mark.day for mark in marks})
    starts, ends = _start(data), None
    if len(days) > 1:
        starts = days[0]
    if days:
        ends = days[-1]
    return Bar(
        kind=Duty.TASK,
        code=task.code,
        name=task.name,
        task_force=line.task_force,
        unit=data.units(task.lead_unit),
        state=line.state,
        progress=_task_progress(line, data),
        starts=starts,
        ends=ends,
        marks=marks,
    )


def _task_marks(line: TaskLine, data: RollupInput) -> Iterable[TimelineMark]:
    finished = data.known.is_finished(line.task)
    done = data.known.milestones_done(line.task)
    days = set()
    for milestone in line.task.milestones:
        days.add(milestone.due_on)
        yield _mark(milestone.due_on, data, finished=finished or milestone.number in done)
    if line.task.due_on and line.task.due_on not in days:
        yield _mark(line.task.due_on, data, finished=finished)


def _mark(day: date, data: RollupInput, *, finished: bool) -> TimelineMark:
    if finished:
        return TimelineMark(day, Sign.DONE)
    if day < data.day:
        return TimelineMark(day, Sign.OVERDUE)
    return TimelineMark(day, Sign.AHEAD)


def _task_progress(line: TaskLine, data: RollupInput) -> str:
    parts = []
    if line.task.milestones:
        done = len(data.known.milestones_done(line.task))
        parts.append(f"节点{done}/{len(line.task.milestones)}")
    if line.invest_share is not None:
        parts.append(f"投资{line.invest_share:.0%}")
    return " ".join(parts)


_SIGNS = {
    State.MET: Sign.DONE,
    State.MISSED: Sign.MISSED,
    State.REFERENCE: Sign.MISSED,
    State.PENDING: Sign.UNVERIFIED,
}


def _of_indicator(line: IndicatorLine, data: RollupInput) -> Bar:
    indicator = line.indicator
    progress = ""
    if line.share is not None:
        progress = f"完成{line.share:.1%}"
        if line.unreleased:
            progress += "（未公布）"
    return Bar(
        kind=Duty.INDICATOR,
        code=indicator.code,
        name=indicator.name,
        task_force=line.task_force,
        unit=data.units(indicator.reporting_unit),
        state=line.state,
        progress=progress,
        starts=indicator.starts or _start(data),
        ends=max((target.period.last for target in indicator.targets if target.judges), default=None),
        marks=tuple(_indicator_marks(line, data)),
    )


def _indicator_marks(line: IndicatorLine, data: RollupInput) -> Iterable[TimelineMark]:
    for judgement in line.passed:
        yield TimelineMark(judgement.target.period.last, _SIGNS[judgement.state])
    for target in line.indicator.judging_targets:
        if target.period.last > data.day:
            yield TimelineMark(target.period.last, Sign.AHEAD)


def _start(data: RollupInput) -> date:
    return date(data.plan.programme.first_year, 1, 1)
