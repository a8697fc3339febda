"""Lines of 重点任务: what each task amounts to on the period's last day."""

from dataclasses import dataclass
from datetime import date

from tenproj_xl.core.cells import Value
from tenproj_xl.core.sheets import DONE
from tenproj_xl.model.evaluate_tasks import current_milestone, task_due, task_state
from tenproj_xl.model.history import Reported
from tenproj_xl.model.plan import NOT_INVOLVED, Task, TaskForce
from tenproj_xl.rollup.facts.input import RollupInput, freshness


@dataclass(frozen=True)
class TaskLine:
    """One task. `due_on` is the milestone's date or else the task's; `days_left` is negative once it has passed."""

    task: Task
    task_force: TaskForce
    state: str
    milestone: str
    due_on: date | None
    days_left: int | None
    updated: bool
    carried: str
    rows: tuple[Reported, ...]

    @property
    def is_owed(self) -> bool:
        """True where a word on it is owed: its task force is involved."""
        return self.state != NOT_INVOLVED

    @property
    def freshness(self) -> str:
        """How fresh the last word is."""
        if not self.rows:
            return ""
        return freshness(self.carried, self.rows)

    def reported(self, field: str) -> Value:
        """A field's newest word."""
        return next((v for row in self.rows if (v := row.values.get(field)) not in (None, "")), None)

    @property
    def invest_share(self) -> float | None:
        """累计完成投资 as a fraction of the year's plan."""
        done = self.reported("invest_done")
        return done / self.task.invest_plan if isinstance(done, float) and self.task.invest_plan else None


def task_lines(data: RollupInput) -> tuple[TaskLine, ...]:
    """A line for every task, in the plan's order."""
    return tuple(_line(t, data) for t in data.plan.tasks)


def _line(task: Task, data: RollupInput) -> TaskLine:
    task_force = data.task_force(task.task_force)
    rows = data.known.of("tasks", task.code)
    # A row whose state was left empty says nothing new of it: the last state that was reported stands, and says so.
    row = next((r for r in reversed(rows) if r.values.get("status")), None)
    values = _as_of_now(task, row, data)
    state = task_state(values, data.day, data.settings) if task_force.involved else NOT_INVOLVED
    waits_for = None if values.get("status") == DONE else task_due(values)
    due_on = waits_for or values.get("milestone_due") or values.get("due_on")
    return TaskLine(
        task,
        task_force,
        state,
        str(values.get("milestone") or ""),
        due_on if isinstance(due_on, date) else None,
        (waits_for - data.day).days if waits_for else None,
        updated=row is not None and data.is_of_now(row.period),
        carried=data.carried_from(row),
        rows=tuple(r for r in (rows[-1] if rows else None, row) if r),
    )


def _as_of_now(task: Task, row: Reported | None, data: RollupInput) -> dict[str, Value]:
    """The values to judge by: as returned in this period; of an older row with the milestone that is current since."""
    values: dict[str, Value] = {
        "due_on": task.due_on,
        "invest_plan": task.invest_plan,
        **(row.values if row else {}),
    }
    if row is not None and row.period.code == data.week.code:
        return values
    milestone = current_milestone(task, data.known.milestones_done(task))
    since: dict[str, Value] = {
        "milestone": milestone.name if milestone else None,
        "milestone_due": milestone.due_on if milestone else None,
        "milestone_done": None,
    }
    return values | since
