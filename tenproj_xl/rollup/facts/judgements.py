"""Lines of 目标完成情况: every target that falls due at the end of the span, and the figure that decided."""

from collections.abc import Iterator, Mapping

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.periods import Period
from tenproj_xl.core.states import State
from tenproj_xl.model.evaluate_indicators import Yardstick, judging
from tenproj_xl.model.history import Figure
from tenproj_xl.model.plan import Indicator, Target
from tenproj_xl.rollup.facts.ahead import told_ahead
from tenproj_xl.rollup.facts.indicators import IndicatorLine, YearJudgement
from tenproj_xl.rollup.facts.model import Facts

_JUDGEMENTS: Mapping[State, YearJudgement] = {
    State.MET: YearJudgement.MET,
    State.MISSED: YearJudgement.MISSED,
    State.REFERENCE: YearJudgement.STRIVEN,
    State.PENDING: YearJudgement.PENDING,
}


@dataclass(frozen=True)
class JudgementLine:
    """One target. `figure` decided; while nothing is decided it is the newest of the target's period."""

    line: IndicatorLine
    target: Target
    judgement: YearJudgement
    figure: Figure | None
    stick: Yardstick

    @property
    def is_unreported(self) -> bool:
        """Whether it waits for a verified figure, and no other figure of it came either."""
        return self.judgement is YearJudgement.PENDING and self.figure is None

    @property
    def share(self) -> float | None:
        """完成率 of the target as a fraction, None where none is shown."""
        if self.figure is None:
            return None
        return self.stick.share_of_target(self.figure.value)

    @property
    def ahead(self) -> float | None:
        """By how much the figure is beyond the target in its own unit, negative where it falls short."""
        if self.figure is None:
            return None
        return told_ahead(self.stick, self.figure.value)


def judgement_lines(facts: Facts) -> Iterator[JudgementLine]:
    """Yield a line for every target that judges at the period's end, in the plan's order."""
    data = facts.data
    for line in facts.indicators:
        target = target_at_end(line.indicator, data.period)
        is_shown = line.task_force.involved and data.may_show(line.indicator)
        if target is None or not target.judges or not is_shown:
            continue
        newest = line.figure
        if newest is not None and newest.period.last < target.period.first:
            newest = None
        stick = judging(line.indicator, target, data.settings)
        if target.period.last > data.day:
            yield JudgementLine(line, target, YearJudgement.NOT_DUE, newest, stick)
            continue
        for found in line.passed:
            if found.target == target:
                yield JudgementLine(line, target, _JUDGEMENTS[found.state], found.figure or newest, stick)


def target_at_end(indicator: Indicator, span: Period) -> Target | None:
    """Return the target of a span; else that of the longest period that ends with it, if any."""
    ends = [target for target in indicator.targets if target.period.last == span.last]
    for target in ends:
        if target.period == span:
            return target
    return min(ends, key=lambda target: target.period.first, default=None)
