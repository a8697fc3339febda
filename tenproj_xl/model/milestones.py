"""Which milestones of a task are done, by what its unit reported beside them."""

from collections.abc import Container, Iterable, Mapping

from tenproj_xl.core.answers import MilestoneStatus
from tenproj_xl.core.cells import Value
from tenproj_xl.model.evaluate_tasks import milestone_meant
from tenproj_xl.model.plan import Task

MILESTONES = "milestones"
"""The numbers of the milestones that a task had when its form went out; printed in no cell."""


def milestones_then(row: Mapping[str, Value]) -> set[int] | None:
    """Return the numbers of the milestones that a task had when the form of a report went out, if known."""
    known_then = row.get(MILESTONES)
    if known_then is None:
        return None
    return {int(number) for number in str(known_then).split(",") if number}


def milestones_done(task: Task, rows: Iterable[Mapping[str, Value]]) -> set[int]:
    """Return the numbers of a task's milestones that were reported as done, and not as open since.

    With one of several of a name those before it are: of the reports on a name the last may stand alone.
    A form names none where all are done; a report in it that one is open takes back the last that was.
    """
    done: set[int] = set()
    last = None
    for row in rows:
        said = row.get("milestone_done")
        meant = milestone_meant(task, row.get("milestone"), row.get("milestone_due"))
        if said == MilestoneStatus.NOT_DONE and _is_of_all_done(row, task, done):
            meant = last
        if meant is None:
            continue
        if said == MilestoneStatus.NOT_DONE:
            done.discard(meant.number)
        elif said == MilestoneStatus.DONE:
            last = meant
            named = [m.number for m in task.milestones if m.name == meant.name]
            done.update(number for number in named if number <= meant.number)
    return done


def _is_of_all_done(row: Mapping[str, Value], task: Task, done: Container[int]) -> bool:
    """Return whether a report's form named no milestone since all that the task had were done."""
    numbers = milestones_then(row)
    if numbers is None:
        numbers = {milestone.number for milestone in task.milestones}
    return not row.get("milestone") and all(number in done for number in numbers)
