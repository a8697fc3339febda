"""Lines of 挂图作战: every task and every indicator as a bar on the programme's months, with its marks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.periods import Period
from tenproj_xl.core.shares import share_in_brief, share_in_words
from tenproj_xl.core.states import State
from tenproj_xl.core.texts import text_of
from tenproj_xl.model.duties import Duty
from tenproj_xl.model.plan import Target, TaskForce
from tenproj_xl.rollup.facts.indicators import IndicatorLine
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.publishing import read_by_all
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
    """A dated point of a bar: a milestone or deadline by its name, or a target and what it is due for."""

    day: date
    sign: Sign
    name: str
    period: Period | None = None


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One task or indicator with a date in the plan.

    Tasks have no start in the plan: a bar begins with the first of several dates, else with the programme.
    `told` has the states that papers told of it, by the first day of the month. `site` is 形象进度.
    """

    kind: Duty
    code: str
    name: str
    task_force: TaskForce
    unit: str
    state: LabelledCode
    progress: str
    site: str = ""
    starts: date
    ends: date
    marks: tuple[TimelineMark, ...]
    told: Mapping[date, LabelledCode]

    def covers(self, first: date, last: date) -> bool:
        """Return whether some of the bar lies between two days."""
        return self.starts <= last and first <= self.ends

    def state_in(self, first: date, last: date, day: date) -> LabelledCode | None:
        """Return the state of a month: that of now in the month of a day, else what papers told of it.

        Args:
            first: The first day of the month.
            last: Its last day.
            day: The day of the period.
        """
        if first <= day <= last:
            return self.state
        return self.told.get(first)

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
    """Return a bar for every dated task and then indicator of each task force, in the plan's order.

    Task forces that are not involved have none: nothing of theirs is judged, or late.
    """
    lines: list[Bar | None] = []
    for task_force in _involved(data):
        lines += [_of_task(line, data) for line in tasks if line.task_force.code == task_force.code]
        lines += [_of_indicator(line, data) for line in indicators if line.task_force.code == task_force.code]
    return tuple(line for line in lines if line is not None)


@dataclass(frozen=True, kw_only=True)
class Undated:
    """A task force's tasks and indicators of one state that have no date in the plan, by code and name."""

    task_force: TaskForce
    kind: Duty
    state: LabelledCode
    items: tuple[tuple[str, str], ...]


def undated(
    data: RollupInput, indicators: Sequence[IndicatorLine], tasks: Sequence[TaskLine]
) -> tuple[Undated, ...]:
    """Return what has no bar: by task force, kind and state, in the plan's order."""
    found: dict[tuple[str, Duty, LabelledCode], list[tuple[str, str]]] = {}
    for line in tasks:
        if not any(_task_marks(line, data)):
            group = found.setdefault((line.task_force.code, Duty.TASK, line.state), [])
            group.append((line.task.code, line.task.name))
    for indicator in indicators:
        if _target_date(indicator) is None:
            group = found.setdefault((indicator.task_force.code, Duty.INDICATOR, indicator.state), [])
            group.append((indicator.indicator.code, indicator.indicator.name))
    groups = []
    for task_force in _involved(data):
        for (code, kind, state), items in found.items():
            if code == task_force.code:
                groups.append(Undated(task_force=task_force, kind=kind, state=state, items=tuple(items)))
    return tuple(groups)


def _involved(data: RollupInput) -> Iterator[TaskForce]:
    for task_force in data.plan.task_forces:
        if task_force.involved:
            yield task_force


def _of_task(line: TaskLine, data: RollupInput) -> Bar | None:
    task = line.task
    marks = tuple(sorted(_task_marks(line, data), key=lambda mark: mark.day))
    if not marks:
        return None
    starts = _start(data)
    if marks[0].day < marks[-1].day:
        starts = marks[0].day
    return Bar(
        kind=Duty.TASK,
        code=task.code,
        name=task.name,
        task_force=line.task_force,
        unit=data.units(task.lead_unit),
        state=line.state,
        progress=_task_progress(line, data),
        site=text_of(line.reported("site_progress")),
        starts=starts,
        ends=marks[-1].day,
        marks=marks,
        told=_told(data, "tasks", task.code),
    )


def _told(data: RollupInput, sheet: str, code: str) -> Mapping[date, LabelledCode]:
    """Return what papers told of a row before, by the first day of the month, as the readers may know it."""
    states: dict[date, LabelledCode] = {}
    for told in data.by_month:
        row = told.rows.get(sheet, {}).get(code)
        if row is None:
            continue
        if data.release.is_public:
            row = read_by_all(row)
        state = row.get("state")
        if isinstance(state, LabelledCode):
            states[told.period.counted_month] = state
    return states


def _task_marks(line: TaskLine, data: RollupInput) -> Iterable[TimelineMark]:
    finished = data.known.is_finished(line.task)
    done = data.known.milestones_done(line.task)
    days = set()
    for milestone in line.task.milestones:
        days.add(milestone.due_on)
        yield _mark(milestone.due_on, milestone.name, data, finished=finished or milestone.number in done)
    if line.task.due_on and line.task.due_on not in days:
        yield _mark(line.task.due_on, "完成时限", data, finished=finished)


def _mark(day: date, name: str, data: RollupInput, *, finished: bool) -> TimelineMark:
    if finished:
        return TimelineMark(day, Sign.DONE, name)
    if day < data.day:
        return TimelineMark(day, Sign.OVERDUE, name)
    return TimelineMark(day, Sign.AHEAD, name)


def _task_progress(line: TaskLine, data: RollupInput) -> str:
    parts = []
    if line.task.milestones:
        done = of = len(line.task.milestones)
        if not data.known.is_finished(line.task):
            done = len(data.known.milestones_done(line.task))
        parts.append(f"节点{done}/{of}")
    if line.invest_share is not None:
        parts.append(f"投资{share_in_brief(line.invest_share)}")
    return " ".join(parts)


_SIGNS = {
    State.MET: Sign.DONE,
    State.MISSED: Sign.MISSED,
    State.REFERENCE: Sign.MISSED,
    State.PENDING: Sign.UNVERIFIED,
}


def _target_date(line: IndicatorLine) -> date | None:
    """Return the date of an indicator's last target that judges it."""
    return max((target.period.last for target in line.indicator.targets if target.judges), default=None)


def _of_indicator(line: IndicatorLine, data: RollupInput) -> Bar | None:
    indicator, ends = line.indicator, _target_date(line)
    if ends is None:
        return None
    progress = ""
    if line.share is not None:
        progress = f"完成{share_in_words(line.share)}"
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
        ends=ends,
        marks=tuple(sorted(_indicator_marks(line, data), key=lambda mark: mark.day)),
        told=_told(data, "indicators", indicator.code),
    )


def _indicator_marks(line: IndicatorLine, data: RollupInput) -> Iterable[TimelineMark]:
    for judgement in line.passed:
        yield _target_mark(line, judgement.target, _SIGNS[judgement.state])
    for target in line.indicator.judging_targets:
        if target.period.last > data.day:
            yield _target_mark(line, target, Sign.AHEAD)


def _target_mark(line: IndicatorLine, target: Target, sign: Sign) -> TimelineMark:
    name = target.spoken_with(line.indicator.unit)
    return TimelineMark(target.period.last, sign, name, target.period)


def _start(data: RollupInput) -> date:
    return date(data.plan.programme.first_year, 1, 1)
