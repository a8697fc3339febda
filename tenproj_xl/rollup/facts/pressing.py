"""What the liaison meeting looks at, and paper holds: what is behind, has changed, or asks."""

from collections.abc import Callable
from typing import TypeVar

from tenproj_xl.core.states import State, TaskState
from tenproj_xl.rollup.facts.change_items import Change
from tenproj_xl.rollup.facts.changes import change_lines
from tenproj_xl.rollup.facts.model import Facts

Line = TypeVar("Line")
_LACKING = (State.SLOW, State.MISSING)
"""The states of 应评 indicators that are looked at; those behind are on the supervision list already."""


def chosen(facts: Facts, code: Callable[[Line], str]) -> Callable[[Line], bool] | None:
    """Return a test, by the code of a line, of what is looked at; None in editions that show all lines."""
    if not facts.data.release.edition.pressing:
        return None
    codes = _codes(facts).union(change.code for change in change_lines(facts))
    return lambda line: code(line) in codes


def of_note(facts: Facts, code: Callable[[Line], str]) -> Callable[[Line], bool]:
    """Return a test, by the code of a line, of what paper holds; a new figure alone is not of note."""
    codes = _codes(facts).union(c.code for c in change_lines(facts) if c.change is not Change.MOVED)
    return lambda line: code(line) in codes


def _codes(facts: Facts) -> frozenset[str]:
    """Return the codes of what is behind or late, or asks for something."""
    codes = {line.code for line in facts.supervision}
    codes.update(ask.issue.code for ask in facts.asks)
    for indicator in facts.indicators:
        if indicator.counted and (indicator.state in _LACKING or indicator.stale):
            codes.add(indicator.indicator.code)
    for task in facts.tasks:
        if task.state == TaskState.MISSING:
            codes.add(task.task.code)
    return frozenset(codes)
