"""What the liaison meeting looks at: only what is behind or late, has changed, or asks for something."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from tenproj_xl.model.evaluate_indicators import State
from tenproj_xl.model.evaluate_tasks import TaskState
from tenproj_xl.rollup.facts.changes import change_lines
from tenproj_xl.rollup.facts.model import Facts

Line = TypeVar("Line")


def chosen(facts: Facts, code: Callable[[Line], str]) -> Callable[[Line], bool] | None:
    """Tells by its code whether a line is looked at; None in editions that show all of them."""
    if not facts.data.release.edition.pressing:
        return None
    codes = frozenset(_codes(facts))
    return lambda line: code(line) in codes


def _codes(facts: Facts) -> Iterator[str]:
    yield from (line.code for line in facts.supervision)
    yield from (ask.issue.code for ask in facts.asks)
    yield from (c.code for c in change_lines(facts.data, facts.indicators, facts.tasks, facts.issues))
    yield from (i.indicator.code for i in facts.indicators if i.counted and (i.state in _WANTING or i.stale))
    yield from (t.task.code for t in facts.tasks if t.state == TaskState.MISSING)


_WANTING = (State.SLOW, State.MISSING)
"""Of what is counted; what is behind is on the supervision list."""
