"""What the rows of a return are checked against."""

from collections.abc import Mapping, Sequence
from dataclasses import field

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.periods import Period
from tenproj_xl.model.history import History, Reported
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.settings import Settings
from tenproj_xl.model.units import Recipient
from tenproj_xl.validation.given_figures import FigureKey, GivenFigure


@dataclass(frozen=True, kw_only=True)
class Context:
    """What a return is checked against.

    Attributes:
        plan: The plan in force.
        settings: The settings in force.
        period: The period that the return is for.
        known: What was accepted for earlier periods, about the rows of the returns that it is judged with.
        recipient: Whom the form was made for.
        reported: What was accepted for this period before.
        nil: Whether no answers are owed, as in a nil return.
        figures: The figures of the return, by code.
        answered_elsewhere: Sheet and code of rows that other returns of the period have answered.
        of_periods: The numbers of the return's answered rows for one data period, by code.
        given: What the rows of the return say, by figure.
        corrected: What the sender put right in rows for corrections of this period before.
        reordered: The sheets whose rows stand in another order than they were sent in.
    """

    plan: Plan
    settings: Settings
    period: Period
    known: History
    recipient: Recipient
    reported: Sequence[Reported] = ()
    nil: bool = False
    figures: Mapping[str, float] = field(default_factory=dict)
    answered_elsewhere: frozenset[tuple[str, str]] = frozenset()
    of_periods: Mapping[str, Sequence[int]] = field(default_factory=dict)
    given: Mapping[FigureKey, Sequence[GivenFigure]] = field(default_factory=dict)
    corrected: Sequence[Reported] = ()
    reordered: frozenset[str] = frozenset()
