"""Lines of 挂图作战: every task and every indicator as a bar on the programme's months, with what is marked on it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tenproj_xl.model.evaluate_indicators import State
from tenproj_xl.model.plan import TaskForce
from tenproj_xl.rollup.facts.indicators import IndicatorLine
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.tasks import TaskLine


class Sign(StrEnum):
    """What became of a milestone, a deadline or a target."""

    DONE = "已完成或达标"
    AHEAD = "未到"
    OVERDUE = "逾期未完成"
    MISSED = "未达标"
    UNVERIFIED = "待核定"


@dataclass(frozen=True)
class TimelineMark:
    """A dated point of a bar."""

    day: date
    sign: Sign


@dataclass(frozen=True)
class Bar:
    """One task or indicator. Without a date in the plan `ends` is None and the bar runs over the whole programme.

    Tasks have no start in the plan: a bar begins with the first of several dates, else with the programme.
    """

    kind: str
    code: str
    name: str
    task_force: TaskForce
    unit: str
    state: str
    progress: str
    starts: date
    ends: date | None
    marks: tuple[TimelineMark, ...]

    def covers(self, first: date, last: date) -> bool:
        """True where some of the bar lies in a stretch of days."""
        return self.starts <= last and (self.ends is None or first <= self.ends)

    def sign(self, first: date, last: date) -> Sign | None:
        """What is marked in a stretch of days: of several the worst."""
        found = {m.sign for m in self.marks if first <= m.day <= last}
        worst_first = (Sign.OVERDUE, Sign.MISSED, Sign.UNVERIFIED, Sign.AHEAD, Sign.DONE)
        return next((sign for sign in worst_first if sign in found), None)


def bars(
    data: RollupInput, indicators: Sequence[IndicatorLine], tasks: Sequence[TaskLine]
) -> tuple[Bar, ...]:
    """A bar for every task and then for every indicator of each task force, in the plan's order."""
    made = [*(_of_task(t, data) for t in tasks), *(_of_indicator(i, data) for i in indicators)]
    forces = [t.code for t in data.plan.task_forces]
    known = [b for b in made if b.task_force.code in forces]
    return tuple(sorted(known, key=lambda b: forces.index(b.task_force.code)))


def _of_task(line: TaskLine, data: RollupInput) -> Bar:
    task = line.task
    marks = tuple(_task_marks(line, data))
    days = sorted({m.day for m in marks})
    return Bar(
        "重点任务",
        task.code,
        task.name,
        line.task_force,
        data.units(task.lead_unit),
        line.state,
        _task_progress(line, data),
        days[0] if len(days) > 1 else _start(data),
        days[-1] if days else None,
        marks,
    )


def _task_marks(line: TaskLine, data: RollupInput) -> Iterable[TimelineMark]:
    finished = data.known.is_finished(line.task)
    done = data.known.milestones_done(line.task)
    for milestone in line.task.milestones:
        yield _mark(milestone.due_on, data, finished=finished or milestone.number in done)
    if line.task.due_on and line.task.due_on not in [m.due_on for m in line.task.milestones]:
        yield _mark(line.task.due_on, data, finished=finished)


def _mark(day: date, data: RollupInput, *, finished: bool) -> TimelineMark:
    if finished:
        return TimelineMark(day, Sign.DONE)
    return TimelineMark(day, Sign.OVERDUE if day < data.day else Sign.AHEAD)


def _task_progress(line: TaskLine, data: RollupInput) -> str:
    done = len(data.known.milestones_done(line.task))
    parts = [f"节点{done}/{len(line.task.milestones)}"] if line.task.milestones else []
    if line.invest_share is not None:
        parts.append(f"投资{line.invest_share:.0%}")
    return " ".join(parts)


_VERDICTS = {
    State.MET: Sign.DONE,
    State.MISSED: Sign.MISSED,
    State.REFERENCE: Sign.MISSED,
    State.PENDING: Sign.UNVERIFIED,
}


def _of_indicator(line: IndicatorLine, data: RollupInput) -> Bar:
    marks = tuple(_indicator_marks(line, data))
    return Bar(
        "主要指标",
        line.indicator.code,
        line.indicator.name,
        line.task_force,
        data.units(line.indicator.reporting_unit),
        line.state,
        "" if line.share is None else f"完成{line.share:.1%}",
        line.indicator.starts or _start(data),
        max((t.period.last for t in line.indicator.targets if t.judges), default=None),
        marks,
    )


def _indicator_marks(line: IndicatorLine, data: RollupInput) -> Iterable[TimelineMark]:
    for judgement in line.passed:
        yield TimelineMark(judgement.target.period.last, _VERDICTS[judgement.state])
    for target in line.indicator.year_targets:
        if target.judges and target.period.last > data.day:
            yield TimelineMark(target.period.last, Sign.AHEAD)


def _start(data: RollupInput) -> date:
    return date(data.plan.programme.first_year, 1, 1)
