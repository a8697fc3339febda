"""Rows of a plan among which all of a recipient are, so that few others are looked at."""

from collections.abc import Iterable

from tenproj_xl.model.plan import Indicator, Plan, Task
from tenproj_xl.model.units import Recipient


def indicators_near(recipient: Recipient, plan: Plan) -> Iterable[Indicator]:
    """Return indicators among which all of a recipient are, in the plan's order."""
    if len(recipient.task_forces) == 1 and recipient.parts is None:
        return plan.indicators_of(recipient.task_forces[0].code)
    return plan.indicators


def tasks_near(recipient: Recipient, plan: Plan) -> Iterable[Task]:
    """Return tasks among which all of a recipient are, in the plan's order."""
    if len(recipient.task_forces) == 1 and recipient.parts is None:
        return plan.tasks_of(recipient.task_forces[0].code)
    return plan.tasks
