"""How many indicators lagged before, counted as a paper counts them that is about its own year only.

Papers of a month, quarter or year are compared with the roll-up of a week. That judges yearly flows by the
last figure that was wanted, though it be of an earlier year; they do not.
"""

from collections.abc import Container, Sequence

from tenproj_xl.core.states import LIGHTS, State
from tenproj_xl.model.published import Published
from tenproj_xl.rollup.facts.indicators import IndicatorLine
from tenproj_xl.rollup.facts.model import INDICATOR_GROUPS, Facts
from tenproj_xl.rollup.facts.publishing import UNSETTLED

BEHIND = "behind"
_BEHIND = INDICATOR_GROUPS[BEHIND]
_SET_ASIDE = (State.PAST, State.NOT_YET)
_COUNTED = (*LIGHTS, State.PENDING, State.MISSING)


def turned_in_words(facts: Facts) -> str:
    """Return how many more lag or missed a target than in the roll-up that this one is compared with.

    A target that was missed counts until it is settled, though a new year's figure is judged by another.
    """
    last = facts.data.before
    if last is None:
        return ""
    before = _behind_before(facts, last)
    if before is None:
        return ""
    now = sum(line.missed_before or (line.counted and line.state in _BEHIND) for line in facts.indicators)
    since = f"；滞后和未达标的较{last.period.named_in(facts.data.year)}"
    if now == before:
        return f"{since}持平"
    return f"{since}{'增加' if now > before else '减少'}{abs(now - before)}项"


def _behind_before(facts: Facts, last: Published) -> int | None:
    """Return how many of the indicators that are told of now were behind; None where nobody told it."""
    told = last.rows.get("indicators", {})
    if BEHIND not in last.numbers or any("missed" not in row for row in told.values()):
        return None
    aside = [line.indicator.code for line in _aside(facts) if not line.missed_before]
    rows = [row for code, row in told.items() if code not in aside]
    return sum(row.get("state") in _BEHIND or bool(row.get(UNSETTLED, row["missed"])) for row in rows)


def is_counted_alike(facts: Facts, last: Published) -> bool:
    """Return whether a paper counted none of the indicators that this one does not judge."""
    return not _set_aside(facts, last, _COUNTED)


def _set_aside(facts: Facts, last: Published, states: Container[object]) -> int:
    """Return how many indicators in one of some states a paper counted that this one sets aside."""
    told = last.rows.get("indicators", {})
    codes = [line.indicator.code for line in _aside(facts)]
    return sum(told[code].get("state") in states for code in codes if code in told)


def _aside(facts: Facts) -> Sequence[IndicatorLine]:
    """Return the indicators that a paper sets aside which is about its own year only."""
    if not facts.data.is_wide:
        return ()
    return [line for line in facts.indicators if line.state in _SET_ASIDE]
