"""How many indicators lagged before, counted as a paper counts them that is about its own year only.

Papers of a month, quarter or year are compared with the roll-up of a week. That judges yearly flows by the
last figure that was wanted, though it be of an earlier year; they do not.
"""

from collections.abc import Container

from tenproj_xl.core.states import LIGHTS, State
from tenproj_xl.model.published import Published
from tenproj_xl.rollup.facts.model import INDICATOR_GROUPS, Facts

BEHIND = "behind"
_SET_ASIDE = (State.PAST, State.NOT_YET)
_COUNTED = (*LIGHTS, State.PENDING, State.MISSING)


def behind_before(facts: Facts) -> int | None:
    """Return how many of the indicators that can be judged now were behind; None where nobody told it."""
    last = facts.data.before
    if last is None or BEHIND not in last.numbers:
        return None
    return int(last.numbers[BEHIND]) - _set_aside(facts, last, INDICATOR_GROUPS[BEHIND])


def is_counted_alike(facts: Facts, last: Published) -> bool:
    """Return whether a paper counted none of the indicators that this one does not judge."""
    return not _set_aside(facts, last, _COUNTED)


def _set_aside(facts: Facts, last: Published, states: Container[object]) -> int:
    """Return how many indicators in one of some states a paper counted that this one sets aside."""
    if not facts.data.is_wide:
        return 0
    told = last.rows.get("indicators", {})
    codes = [line.indicator.code for line in facts.indicators if line.state in _SET_ASIDE]
    return sum(told[code].get("state") in states for code in codes if code in told)
