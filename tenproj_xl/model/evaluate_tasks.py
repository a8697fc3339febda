"""Rules of evaluation for tasks and issues, at the data's own date."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from tenproj_xl.core.cells import Value
from tenproj_xl.core.sheets import DONE
from tenproj_xl.model.plan import Milestone, Task
from tenproj_xl.model.settings import Settings
from tenproj_xl.model.states import IssueState, TaskState


def current_milestone(task: Task, done: Iterable[int]) -> Milestone | None:
    """The first milestone that nobody has reported as done."""
    finished = set(done)
    return next((m for m in task.milestones if m.number not in finished), None)


def task_state(row: Mapping[str, Value], day: date, settings: Settings) -> TaskState:
    """What a task's row (fields of 重点任务进度表) amounts to on a day.

    By milestone and investment, not by a guessed percentage: overdue past the date of the milestone that is open (of
    the task, if none is), behind where the department says so or the year's investment lags its time by more than the
    limit.
    """
    status = row.get("status")
    if not status:
        return TaskState.MISSING
    if status == DONE:
        return TaskState.DONE
    due = task_due(row)
    if due is not None and due < day:
        return TaskState.OVERDUE
    if status == "滞后" or _investment_lags(row, day, settings):
        return TaskState.BEHIND
    if due is not None and (due - day).days <= settings.soon_days:
        return TaskState.DUE_SOON
    return TaskState.ON_TIME


def task_due(row: Mapping[str, Value]) -> date | None:
    """The date that a task's row waits for: its milestone's until that is done, then the task's own."""
    milestone = None if row.get("milestone_done") == DONE else row.get("milestone_due")
    due = milestone or row.get("due_on")
    return due if isinstance(due, date) else None


def year_share(day: date) -> float:
    """The share of its year that has passed at the end of a day."""
    start = date(day.year - 1, 12, 31)
    return (day - start).days / (date(day.year, 12, 31) - start).days


def _investment_lags(row: Mapping[str, Value], day: date, settings: Settings) -> bool:
    planned, done = row.get("invest_plan"), row.get("invest_done")
    if not isinstance(planned, float) or not isinstance(done, float) or planned <= 0:
        return False
    return done / planned < year_share(day) - settings.slow


@dataclass(frozen=True)
class Standing:
    """What the state of an issue depends on; `days_left` leaves out the days on which its clock stood still."""

    signed_off: bool = False
    applied: bool = False
    with_superior: bool = False
    reopened: bool = False
    days_left: int | None = None


def issue_state(issue: Standing, settings: Settings) -> IssueState:
    """What an issue amounts to; no deadline runs while a superior decides, but one that had passed has passed."""
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
