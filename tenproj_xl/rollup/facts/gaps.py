"""Lines of 缺数清单: the figures of a month, quarter or year that are missing, and since when."""

from collections.abc import Iterator
from datetime import date, timedelta

from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.periods import Period
from tenproj_xl.core.states import State
from tenproj_xl.model.evaluate_indicators import due_period, is_target_undecided
from tenproj_xl.rollup.facts.indicators import IndicatorLine
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.model import Facts


class Gap(LabelledCode):
    """What is missing of an indicator; the order is that of the list."""

    NOT_REPORTED = "not_reported", "未报"
    """No figure came, though it could be known when forms last went out."""
    NOT_VERIFIED = "not_verified", "未核定"
    """A target has passed, and the figure that came is not verified."""
    NOT_PUBLISHED = "not_published", "未到发布期"


@dataclass(frozen=True, kw_only=True)
class GapLine:
    """One missing figure: the data period that it is of, and the day on which it comes out."""

    line: IndicatorLine
    gap: Gap
    wanted: Period
    due_on: date


def gap_lines(facts: Facts) -> tuple[GapLine, ...]:
    """Return what is missing of the period's own figures: what is overdue first, then in the plan's order."""
    order = list(Gap)
    found = [gap for line in facts.indicators for gap in _gaps(line, facts.data)]
    return tuple(sorted(found, key=lambda gap: order.index(gap.gap)))


def unanswered(facts: Facts) -> int:
    """Return how many figures did not come besides those that are 应报未报: an older one is judged, or none.

    Of a month, quarter or year those are figures of its own, as the list has them; of a week what its forms
    asked for.
    """
    silent = [line for line in facts.indicators if line.asked and not line.answered]
    if facts.data.is_wide:
        silent = [gap.line for gap in facts.once(gap_lines) if gap.gap is Gap.NOT_REPORTED]
    return sum(line.task_force.involved and not line.is_missing for line in silent)


def _gaps(line: IndicatorLine, data: RollupInput) -> Iterator[GapLine]:
    """Yield at most one line: without a figure there is none to verify."""
    if not line.task_force.involved:
        return
    indicator = line.indicator
    lag = timedelta(days=indicator.lag_days)
    wanted = due_period(indicator, data.day + lag, data.plan.programme.first_year)
    if wanted is not None and is_target_undecided(indicator, wanted.year):
        return
    if wanted is not None and wanted.last >= data.period.first:
        figures = data.known.figures(indicator.code)
        if not figures or figures[-1].period.last < wanted.last:
            due_on = wanted.last + lag
            gap = Gap.NOT_REPORTED
            if due_on > data.asked_on(indicator):
                gap = Gap.NOT_PUBLISHED
            yield GapLine(line=line, gap=gap, wanted=wanted, due_on=due_on)
            return
    for judgement in line.passed:
        wanted = judgement.target.period
        if judgement.state is State.PENDING and wanted.last >= data.period.first:
            yield GapLine(line=line, gap=Gap.NOT_VERIFIED, wanted=wanted, due_on=wanted.last + lag)
