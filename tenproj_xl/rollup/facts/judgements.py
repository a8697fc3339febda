"""Lines of 目标评判: every target that falls due at the end of the span, with the figure that decided it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tenproj_xl.core.periods import Period
from tenproj_xl.core.states import State
from tenproj_xl.model.history import Figure
from tenproj_xl.model.plan import Indicator, Target
from tenproj_xl.rollup.facts.indicators import IndicatorLine, YearJudgement, judged
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
        if target.period.last > data.day:
            yield JudgementLine(line, target, YearJudgement.NOT_DUE, newest)
            continue
        figures = data.known.figures(line.indicator.code)
        found = judged(line.indicator, target, figures, data.settings)
        is_told = found.figure or not data.is_only_released or data.is_released(line.indicator, target.period)
        if not is_told:
            continue
        yield JudgementLine(line, target, _JUDGEMENTS[found.state], found.figure or newest)


def target_at_end(indicator: Indicator, span: Period) -> Target | None:
    """Return the target of a span; else that of the longest period that ends with it, if any."""
    ends = [target for target in indicator.targets if target.period.last == span.last]
    for target in ends:
        if target.period == span:
            return target
    return min(ends, key=lambda target: target.period.first, default=None)
