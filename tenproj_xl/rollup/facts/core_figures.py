"""The core indicators of page one: those that the plan marks (核心), else one of each task force."""

from collections.abc import Iterable, Iterator
from itertools import zip_longest

from tenproj_xl.core.states import State
from tenproj_xl.rollup.facts.indicators import IndicatorLine
from tenproj_xl.rollup.facts.model import Facts

_PACED = (State.ON_PACE, State.SLOW, State.BEHIND)


def are_marked(facts: Facts) -> bool:
    """Return whether the plan says which indicators are core."""
    return any(line.indicator.is_core for line in facts.indicators)


def core_figures(facts: Facts) -> tuple[IndicatorLine, ...]:
    """Return the core indicators in the plan's order; those to be shown first where not all can be, first.

    Without a mark in the plan: of each task force the first that is measured by its way, else by its target;
    then the second of each, and last those that have a figure and are not judged.
    """
    if are_marked(facts):
        return tuple(line for line in facts.indicators if line.indicator.is_core)
    with_figure = [line for line in facts.indicators if line.task_force.involved and line.figure is not None]
    judged = [line for line in with_figure if line.counted]
    others = [line for line in with_figure if not line.counted]
    return (*_in_turn(judged), *_in_turn(others))


def _in_turn(lines: Iterable[IndicatorLine]) -> Iterator[IndicatorLine]:
    """Yield the first of each task force, then the second of each, those measured by their way first."""
    by_force: dict[str, list[IndicatorLine]] = {}
    for line in sorted(lines, key=lambda line: line.state not in _PACED):
        by_force.setdefault(line.task_force.code, []).append(line)
    for nth in zip_longest(*by_force.values()):
        yield from (line for line in nth if line is not None)
