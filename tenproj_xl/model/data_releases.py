"""数据发布日历: from which day on all may read the figures of a data period, where the plan says 公布后."""

from collections.abc import Iterable
from datetime import date

from tenproj_xl.core.answers import Disclosure
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.periods import Period
from tenproj_xl.core.policy import EVERYBODY
from tenproj_xl.core.texts import canonical
from tenproj_xl.model.plan import Indicator, Plan

UNRELEASED = "未公布，内部掌握"
"""Stands in the leaders' papers beside a figure that nobody else may read yet."""


@dataclass(frozen=True)
class DataRelease:
    """A line: whose figures of a data period are published, and on which day.

    `subjects` are names in canonical spelling: codes of indicators, units that report them, or 全部.
    """

    subjects: frozenset[str]
    period: str
    on: date


@dataclass(frozen=True)
class DataReleases:
    """All lines."""

    lines: tuple[DataRelease, ...] = ()

    def day_of(self, indicator: Indicator, period: Period, units: Iterable[str] = ()) -> date | None:
        """Return the day on which an indicator's figure of a data period is published, None if unknown.

        A line with its code comes before one of its reporting unit, which comes before 全部. A year, its last
        quarter and its December are periods of their own: each is published when its own line says so.

        Args:
            indicator: The indicator.
            period: The data period.
            units: All spellings of the unit that reports it.
        """
        names = (
            {canonical(indicator.code)},
            {canonical(unit) for unit in (indicator.reporting_unit, *units)},
            {canonical(EVERYBODY)},
        )
        for own in names:
            for line in self.lines:
                if line.period == period.code and not line.subjects.isdisjoint(own):
                    return line.on
        return None

    def is_open(self, indicator: Indicator, period: Period, day: date, plan: Plan) -> bool:
        """Return whether the plan lets all read an indicator's figure of a data period by a day.

        One that is not public at all (公开：否) is no matter of time, and not asked for here.
        """
        if indicator.disclosure is not Disclosure.AFTER_RELEASE:
            return True
        on = self.day_of(indicator, period, plan.spellings(indicator.reporting_unit))
        return on is not None and on <= day
