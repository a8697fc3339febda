"""Rules of evaluation for tasks and issues, on a given day."""

from collections.abc import Iterable, Mapping
from datetime import date

from tenproj_xl.core.answers import MilestoneStatus, TaskStatus
from tenproj_xl.core.cells import Value
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.states import IssueState, TaskState
from tenproj_xl.model.plan import Milestone, Task
from tenproj_xl.model.settings import Settings


def current_milestone(task: Task, done: Iterable[int]) -> Milestone | None:
    """Return the first milestone that has not been reported as done."""
    finished = set(done)
    return next((m for m in task.milestones if m.number not in finished), None)


def milestone_meant(task: Task, name: Value, due_on: Value) -> Milestone | None:
    """Return the milestone that a report names, None if the task has none of that name.

    Of several with one name it is the last that was due by the date beside it; without one, the first.
    """
    named = [m for m in task.milestones if m.name == name]
    meant = next(iter(named), None)
    for milestone in named:
        if isinstance(due_on, date) and milestone.due_on <= due_on:
            meant = milestone
    return meant


def milestone_reached(task: Task, row: Mapping[str, Value]) -> Milestone | None:
    """Return the milestone that a report says is done, None where it says so of none that the task has.

    A row beside which no milestone stands tells of none: it may be answered, or keep what was answered.
    """
    if row.get("milestone_done") != MilestoneStatus.DONE:
        return None
    return milestone_meant(task, row.get("milestone"), row.get("milestone_due"))


def task_state(row: Mapping[str, Value], day: date, settings: Settings, *, year: int) -> TaskState:
    """Return the state of a task's row (fields of 重点任务进度表) on a day.

    The state depends on milestones and investment, not on an estimated percentage. A task is overdue after
    the date of its open milestone (its own date, if no milestone is open). It is behind if the department
    says so, or if the year's investment lags the share of the year that has passed by more than
    `settings.slow`; `year` is that of the period, whose last days may be in the next.
    """
    status = row.get("status")
    if not status:
        return TaskState.MISSING
    if status == TaskStatus.DONE:
        return TaskState.DONE
    due = task_due(row)
    if due is not None and due < day:
        return TaskState.OVERDUE
    if status == TaskStatus.BEHIND or investment_short(row, day, settings, year=year):
        return TaskState.BEHIND
    if due is not None and (due - day).days <= settings.soon_days:
        return TaskState.DUE_SOON
    return TaskState.ON_TIME


def task_due(row: Mapping[str, Value]) -> date | None:
    """Return the next date of a task's row: its milestone's until that is done, then the task's own."""
    due = row.get("due_on")
    if row.get("milestone_done") != MilestoneStatus.DONE:
        due = row.get("milestone_due") or due
    if isinstance(due, date):
        return due
    return None


def year_share(day: date, year: int) -> float:
    """Return the share (0 to 1) of a year that has passed at the end of a day; 1 after its end."""
    start, end = date(year - 1, 12, 31), date(year, 12, 31)
    return (min(day, end) - start).days / (end - start).days


def investment_short(row: Mapping[str, Value], day: date, settings: Settings, *, year: int) -> float:
    """Return what a task's investment lacks of the share of the year that has passed, in 亿元.

    It is 0 where nothing is planned or told, and where it lags by no more than `settings.slow`.
    """
    planned, done, passed = row.get("invest_plan"), row.get("invest_done"), year_share(day, year)
    if not isinstance(planned, float) or not isinstance(done, float) or planned <= 0:
        return 0.0
    if done / planned >= passed - settings.slow:
        return 0.0
    return planned * passed - done


@dataclass(frozen=True)
class Standing:
    """The facts that decide the state of an issue; paused days are added to `days_left`."""

    signed_off: bool = False
    applied: bool = False
    with_superior: bool = False
    reopened: bool = False
    days_left: int | None = None


def issue_state(issue: Standing, settings: Settings) -> IssueState:
    """Return the state of an issue.

    A deadline does not run while a superior decides, but an issue that was overdue before stays overdue.
    """
    if issue.signed_off:
        return IssueState.SIGNED_OFF
    if issue.applied:
        return IssueState.APPLIED
    if issue.days_left is not None and issue.days_left < 0:
        return IssueState.OVERDUE
    if issue.with_superior:
        return IssueState.WAITING
    if issue.days_left is not None and issue.days_left <= settings.soon_days:
        return IssueState.DUE_SOON
    return IssueState.REOPENED if issue.reopened else IssueState.OPEN
