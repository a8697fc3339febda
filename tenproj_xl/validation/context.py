"""What the rows of a return are checked against."""

from dataclasses import dataclass

from tenproj_xl.core.periods import Period
from tenproj_xl.model.history import History
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.settings import Settings
from tenproj_xl.model.units import Recipient


@dataclass(frozen=True)
class Context:
    """What a return is checked against.

    Attributes:
        plan: The plan in force.
        settings: The settings in force.
        period: The period that the return is for.
        known: What was accepted for earlier periods.
        recipient: Whom the form was made for.
        nil: Whether no answers are owed, as in a nil return.
    """

    plan: Plan
    settings: Settings
    period: Period
    known: History
    recipient: Recipient
    nil: bool = False
