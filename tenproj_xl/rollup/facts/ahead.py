"""By how much a figure is ahead of what it is measured by, and with how many decimals that is told."""

import math

from tenproj_xl.core.texts import decimal_digits
from tenproj_xl.model.evaluate_indicators import RATES, UNBOUNDED, Yardstick
from tenproj_xl.model.plan import Indicator

_PLACES = 2
_EXACT = 6
"""What is beyond so many decimals is no difference, but what is left of fractions."""
_DIGITS = 10
"""So many digits of a figure are told."""


def ahead_of(stick: Yardstick, value: float | str) -> float | None:
    """Return by how much a value is ahead of its pace in its own unit, negative where it is behind.

    Where the target is worded 左右, that is 0 within its limits, and minus the distance beyond either.
    """
    if stick.target is None or stick.target.value is None:
        return None
    if not isinstance(value, float) or stick.green <= -UNBOUNDED:
        return None
    ahead = stick.sign * (value - stick.green)
    if stick.expected is not None and stick.most_green < UNBOUNDED:
        is_within = stick.green <= value <= stick.most_green
        ahead = 0.0 if is_within else -abs(value - stick.expected)
    return ahead


def told_ahead(stick: Yardstick, value: float | str) -> float | None:
    """Return `ahead_of` with as many decimals as people read it with."""
    ahead, target = ahead_of(stick, value), stick.target
    if ahead is None or not isinstance(value, float) or target is None or target.value is None:
        return None
    return _told(ahead, value, target.value)


def gap_of(indicator: Indicator, stick: Yardstick, value: float | str) -> float | None:
    """Return `ahead_of` in hundredths of the target, so that unlike indicators compare; of rates as it is."""
    ahead = ahead_of(stick, value)
    if ahead is None:
        return None
    if indicator.measure in RATES:
        return round(ahead, 6) + 0.0  # no minus zero
    if stick.target is None or not stick.target.value:
        return None
    return round(100 * ahead / abs(stick.target.value), 6)


def _told(difference: float, *figures: float) -> float:
    """Return a difference with two decimals, where it would be nothing with one more than its figures have.

    Where that is nothing, too, it is the least that so many decimals tell: who is behind is not level.
    """
    exact = round(difference, _EXACT)
    if not exact:
        return 0.0
    most = 1 + max(_PLACES, *map(_places_of, figures))
    for places in range(_PLACES, most + 1):
        if told := round(exact, places):
            return told
    return math.copysign(10.0**-most, exact)


def _places_of(figure: float) -> int:
    return len(decimal_digits(figure, _DIGITS).partition(".")[2])
