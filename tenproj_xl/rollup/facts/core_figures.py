"""The core indicators of page one: those that the plan marks (核心), else one of each task force."""

from collections.abc import Iterable, Iterator
from itertools import zip_longest

from tenproj_xl.core.states import State
from tenproj_xl.rollup.facts.indicators import IndicatorLine
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.outlook import Expectation, forecast_lines

_BEHIND = (State.MISSED, State.BEHIND)
_PACED = (State.ON_PACE, State.SLOW, State.BEHIND)


def are_marked(facts: Facts) -> bool:
    """Return whether the plan says which indicators are core."""
    return any(line.indicator.is_core for line in facts.indicators)


def core_figures(facts: Facts) -> tuple[IndicatorLine, ...]:
    """Return the core indicators, those to be shown first where not all can be, first.

    Marked ones are those behind or about to miss their year, then in the plan's order, last those that have
    no figure. Without a mark in the plan: of each task force the first that is measured by its way, else by
    its target; then the second of each, and last those that have a figure and are not judged.
    """
    if are_marked(facts):
        return _pressing_first(facts)
    with_figure = [line for line in facts.indicators if line.task_force.involved and line.figure is not None]
    judged = [line for line in with_figure if line.counted]
    others = [line for line in with_figure if not line.counted]
    return (*_in_turn(judged), *_in_turn(others))


def _pressing_first(facts: Facts) -> tuple[IndicatorLine, ...]:
    marked = tuple(line for line in facts.indicators if line.indicator.is_core)
    failing = {
        line.line.indicator.code
        for line in forecast_lines(facts.data, marked)
        if line.judgement is Expectation.MISSED and not line.is_outdated
    }

    def rank(line: IndicatorLine) -> int:
        if line.missed_before or line.state in _BEHIND or line.indicator.code in failing:
            return 0
        return 2 if line.figure is None else 1

    return tuple(sorted(marked, key=rank))


def _in_turn(lines: Iterable[IndicatorLine]) -> Iterator[IndicatorLine]:
    """Yield the first of each task force, then the second of each, those measured by their way first."""
    by_force: dict[str, list[IndicatorLine]] = {}
    for line in sorted(lines, key=lambda line: line.state not in _PACED):
        by_force.setdefault(line.task_force.code, []).append(line)
    for nth in zip_longest(*by_force.values()):
        yield from (line for line in nth if line is not None)
