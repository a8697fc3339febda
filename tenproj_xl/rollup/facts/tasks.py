"""Lines of 重点任务: what each task amounts to on the period's last day."""

from collections.abc import Sequence
from datetime import date

from tenproj_xl.core.answers import MilestoneStatus, TaskStatus
from tenproj_xl.core.cells import Value
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.states import TaskState
from tenproj_xl.model.cell_sources import CellSource
from tenproj_xl.model.evaluate_tasks import (
    current_milestone,
    investment_short,
    milestone_meant,
    milestone_reached,
    task_due,
    task_state,
)
from tenproj_xl.model.history import Reported
from tenproj_xl.model.plan import Task, TaskForce
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.reported import (
    ReportedLine,
    freshness,
    newest_value,
    no_older_than_reason,
    origin,
)

_OF_MILESTONE = ("milestone_done", "completed_on")
_INVESTED = "invest_done"


@dataclass(frozen=True, kw_only=True)
class TaskLine(ReportedLine):
    """One task. `due_on` is the date of the milestone, else of the task; `days_left` is negative once past.

    `rows` are the last return and, last, the one that its status comes from; often they are the same.
    `invested` is the last of the year that told its investment, `invest_carried` the earlier period that it
    is of, where the status is of another. What was told of an earlier milestone is none of it. One that
    `is_dated` has milestones, investment or a deadline by which its unit's word can be checked. One whose
    investment lags is `invest_short` of so much, in 亿元.
    """

    task: Task
    task_force: TaskForce
    state: TaskState
    milestone: str
    milestone_due: Value
    due_on: date | None
    days_left: int | None
    updated: bool
    carried: str
    rows: tuple[Reported, ...]
    is_dated: bool
    invested: Reported | None
    invest_carried: str
    invest_short: float = 0.0
    doubt: str = ""

    @property
    def is_owed(self) -> bool:
        """Whether a return on it is owed: its task force is involved."""
        return self.state != TaskState.NOT_INVOLVED

    @property
    def status_row(self) -> Reported | None:
        """The row that its status comes from, None where nothing was returned."""
        if not self.rows:
            return None
        return self.rows[-1]

    @property
    def freshness(self) -> str:
        """How fresh the status is, and the investment where that is older."""
        if not self.rows:
            return ""
        age = freshness(self.carried, self.rows, self.doubt)
        if self.invest_carried:
            age += f"（投资沿用{self.invest_carried}）"
        return age

    def reported(self, field: str) -> Value:
        """Return a field of the last return, else of the return that its status comes from."""
        return newest_value(self._telling(field), field)

    def origin(self, field: str) -> CellSource | None:
        """Return where a field was typed."""
        return origin(self._telling(field), field)

    def _telling(self, field: str) -> list[Reported]:
        """Return the rows in which a field is about what the line tells."""
        if field == _INVESTED:
            return [self.invested] if self.invested else []
        rows = list(self.rows)
        if field in _OF_MILESTONE and self.milestone:
            rows = [row for row in rows if self._is_of_milestone(row)]
        if field == "next_steps":
            rows = no_older_than_reason(rows, rows, "problems", "progress")
        if field == "completed_on":  # one that was taken back keeps it in its row, brought forward
            rows = [row for row in rows if not self._is_open(row)]
        return rows

    def _is_of_milestone(self, row: Reported) -> bool:
        """Return whether a row is about the milestone of the line, or about none."""
        name, due_on = row.values.get("milestone"), row.values.get("milestone_due")
        if name != self.milestone:
            return not name
        own = milestone_meant(self.task, name, self.milestone_due)
        return milestone_meant(self.task, name, due_on) == own

    def _is_open(self, row: Reported) -> bool:
        """Return whether a row says that the task goes on, and no milestone of it is done."""
        status = row.values.get("status")
        goes_on = isinstance(status, TaskStatus) and status != TaskStatus.DONE
        return goes_on and milestone_reached(self.task, row.values) is None

    @property
    def invest_share(self) -> float | None:
        """累计完成投资 as a fraction of the year's plan."""
        done = self.reported("invest_done")
        if not isinstance(done, float) or not self.task.invest_plan:
            return None
        return done / self.task.invest_plan


def task_lines(data: RollupInput) -> tuple[TaskLine, ...]:
    """Return a line for every task, in the plan's order."""
    return tuple(_line(task, data) for task in data.plan.tasks)


def _line(task: Task, data: RollupInput) -> TaskLine:
    task_force = data.task_force(task.task_force)
    reported = data.known.of("tasks", task.code)
    row, invested = _with_status(reported), _with_investment(reported, data.year)
    values = _as_of_now(task, row, data)
    values[_INVESTED] = invested.values[_INVESTED] if invested else None
    carried, invest_carried = data.carried_from(row), data.carried_from(invested)
    if invest_carried == carried:
        invest_carried = ""
    state, invest_short = TaskState.NOT_INVOLVED, 0.0
    if task_force.involved:
        state = task_state(values, data.day, data.settings, year=data.year)
    if state in (TaskState.BEHIND, TaskState.OVERDUE):
        invest_short = investment_short(values, data.day, data.settings, year=data.year)
    deadline, days_left = None, None
    if values.get("status") != TaskStatus.DONE:
        deadline = task_due(values)
    if deadline:
        days_left = (deadline - data.day).days
    due_on = deadline or values.get("milestone_due") or values.get("due_on")
    if not isinstance(due_on, date):
        due_on = None
    rows = reported[-1:]
    if row:
        rows.append(row)
    return TaskLine(
        task=task,
        task_force=task_force,
        state=state,
        milestone=str(values.get("milestone") or ""),
        milestone_due=values.get("milestone_due"),
        due_on=due_on,
        days_left=days_left,
        updated=row is not None and data.is_of_now(row.period),
        carried=carried,
        rows=tuple(rows),
        is_dated=_is_dated(task, data.year),
        invested=invested,
        invest_carried=invest_carried,
        invest_short=invest_short,
        doubt=data.doubt(row),
    )


def _is_dated(task: Task, year: int) -> bool:
    """Whether a task is judged by more than its unit's word; a deadline counts from the year of it on."""
    if task.invest_plan or any(milestone.due_on for milestone in task.milestones):
        return True
    return task.due_on is not None and task.due_on.year <= year


def _with_status(rows: Sequence[Reported]) -> Reported | None:
    """Return the newest row with a status; a later row without one leaves it standing."""
    for row in reversed(rows):
        if row.values.get("status"):
            return row
    return None


def _with_investment(rows: Sequence[Reported], year: int) -> Reported | None:
    """Return the newest row of a year with an investment; a later row without one leaves it standing."""
    for row in reversed(rows):
        if row.period.year == year and row.values.get(_INVESTED) not in (None, ""):
            return row
    return None


def _as_of_now(task: Task, row: Reported | None, data: RollupInput) -> dict[str, Value]:
    """Return the values to judge by.

    They are those returned in this period, as long as its milestone is open; else they have the milestone
    that is current by now.
    """
    values: dict[str, Value] = {"due_on": task.due_on, "invest_plan": task.invest_plan}
    if row is not None:
        values.update(row.values)
        is_done = row.values.get("status") == TaskStatus.DONE
        told, said = row.values.get("milestone"), row.values.get("milestone_done")
        has_next = said == MilestoneStatus.DONE and not is_done
        is_taken_back = said == MilestoneStatus.NOT_DONE and not told and not is_done
        if row.period.code == data.last_period.code and not has_next and not is_taken_back:
            return values
        if is_done and not data.known.is_finished(task):
            values["status"] = None  # a milestone was added since, and nobody has reported on it
    milestone = current_milestone(task, data.known.milestones_done(task))
    values.update(milestone=None, milestone_due=None, milestone_done=None)
    if milestone:
        values.update(milestone=milestone.name, milestone_due=milestone.due_on)
    return values
