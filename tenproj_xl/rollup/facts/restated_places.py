"""Whether a figure that took the place of another one moved its task force in the league.

The league of the roll-up is computed with the one figure and with the other, all else as it is now.
"""

from collections.abc import Iterator
from dataclasses import replace

from tenproj_xl.core.states import State
from tenproj_xl.model.duties import Duty
from tenproj_xl.rollup.facts.duties import Score, score_of_indicator
from tenproj_xl.rollup.facts.indicators import IndicatorLine, judged_as
from tenproj_xl.rollup.facts.league import LeagueLine, ScorePart, rank_with
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.restatements import RestatementLine, restatement_lines


def placed_restatements(facts: Facts) -> Iterator[RestatementLine]:
    """Yield all lines, with the places before and after where they differ."""
    indicators = {line.indicator.code: line for line in facts.indicators}
    league = {line.task_force.code: line for line in facts.league}
    for line in restatement_lines(facts.data):
        own = league.get(line.task_force.code)
        indicator = indicators[line.indicator.code]
        if own is None or indicator.unreleased:  # the league does not count what is not published yet
            yield line
            continue
        was = _place(line, line.was_state, indicator, own, facts)
        now = _place(line, line.state, indicator, own, facts)
        if was == now:
            yield line
        else:
            yield replace(line, was_place=was, place=now)


def _place(
    restated: RestatementLine, state: State | None, line: IndicatorLine, own: LeagueLine, facts: Facts
) -> int | None:
    """Return the place of a task force if the restated figure were judged as `state`; None for no figure."""
    if state is None:
        return own.rank
    score = score_of_indicator(judged_as(line, restated.period, state, facts.data))
    part = _without(own.parts[list(Duty).index(Duty.INDICATOR)], score_of_indicator(line))
    return rank_with(own, _with(part, score), facts.league, facts.data)


def _without(part: ScorePart, score: Score) -> ScorePart:
    """Return a part of a score without one of its items."""
    return ScorePart(part.good - (score is Score.GOOD), part.of - (score is not Score.NONE))


def _with(part: ScorePart, score: Score) -> ScorePart:
    """Return a part of a score with one more item."""
    return ScorePart(part.good + (score is Score.GOOD), part.of + (score is not Score.NONE))
