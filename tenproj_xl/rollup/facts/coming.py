"""Lines of 下季度节点: the milestones and deadlines of the quarter after the period."""

from collections.abc import Iterator
from datetime import date, timedelta

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.periods import Frequency, Period, period_of
from tenproj_xl.core.states import TaskState
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.tasks import TaskLine


@dataclass(frozen=True)
class ComingLine:
    """One milestone of a task, or the task's own deadline."""

    line: TaskLine
    step: str
    due_on: date


def next_quarter(facts: Facts) -> Period:
    """Return the quarter that begins after the period."""
    return period_of(facts.data.period.last + timedelta(days=1), Frequency.QUARTER)


def coming_lines(facts: Facts) -> tuple[ComingLine, ...]:
    """Return what falls due in the next quarter by date, then in the order of the tasks' codes."""
    quarter = next_quarter(facts)
    due = [line for line in steps(facts) if quarter.first <= line.due_on <= quarter.last]
    return tuple(sorted(due, key=lambda c: (c.due_on, c.line.task.code)))


def steps(facts: Facts) -> Iterator[ComingLine]:
    """Yield the milestones that are not done and the deadlines of all tasks that run."""
    for line in facts.tasks:
        if line.state in (TaskState.NOT_INVOLVED, TaskState.DONE):
            continue
        done = facts.data.known.milestones_done(line.task)
        for milestone in line.task.milestones:
            if milestone.number not in done:
                yield ComingLine(line, milestone.name, milestone.due_on)
        if line.task.due_on:
            yield ComingLine(line, "任务完成", line.task.due_on)
