"""Lines of 年度评判: every target of the year with its judgement."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tenproj_xl.core.states import State
from tenproj_xl.model.plan import Target
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
    """One target that is set for the year."""

    line: IndicatorLine
    target: Target
    judgement: YearJudgement


def judgement_lines(facts: Facts) -> Iterator[JudgementLine]:
    """Yield a line for every target of the period's year that judges, in the plan's order."""
    year = facts.data.period.last.year
    for line in facts.indicators:
        target = line.indicator.target_of_year(year)
        is_shown = line.task_force.involved and facts.data.may_show(line.indicator)
        if target is None or not target.judges or not is_shown:
            continue
        judged_as = {judged.target: _JUDGEMENTS[judged.state] for judged in line.passed}
        yield JudgementLine(line, target, judged_as.get(target, YearJudgement.NOT_DUE))
