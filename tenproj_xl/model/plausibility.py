"""Plausibility: whether a figure goes with its limits, and with the other figures of its row.

Reads a figure, the plan's limits, and the row's earlier figures; gives what is odd about it, if anything.
A difference that the shown decimals cannot tell is none.
"""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from statistics import median

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.periods import Period
from tenproj_xl.core.texts import text_of
from tenproj_xl.model.evaluate_indicators import COUNTED, FLOWS, RATES
from tenproj_xl.model.plan import Indicator, Measure, Plan

SUMS = (*FLOWS, Measure.CUMULATIVE)
"""Measures whose figures add up, so that what is compared is by how much they rose."""
_WINDOW = 24
"""The most earlier figures that are looked at."""
_ENOUGH = 6
"""From how many figures on their spread says how far a new one may lie."""
_FEW = 3
_SCALES = 6.0
_DEVIATION = 1.4826
"""What makes a median absolute deviation comparable with a standard deviation."""
_UNITS = 2
"""How many units of the last shown decimal a scale has at least."""
_SHARE = 0.01
_RATE_SCALE = 0.5
"""The least scale of growth rates, in their own unit: they swing more than what they are rates of."""
_STEP = 3.0
"""With few figures, how many times the largest earlier rise a rise may be."""
_MATERIAL = 0.2
"""The share of the last figure below which a change is nothing to ask about while there are few figures."""
_BEYOND = 10.0
POINTS = "百分点"
"""The unit of differences of shares."""
_MOST = {"%": 200.0, POINTS: 100.0}
_AHEAD = 1.5
"""How many times the target a first figure may be."""
_MOST_TOLERANCE = 0.001


@dataclass(frozen=True, kw_only=True)
class FigureLimits:
    """What figures of an indicator are expected to keep to; `places` are their decimals, None if unknown."""

    low: float | None
    high: float | None
    places: int | None


def limits_of(indicator: Indicator, plan: Plan) -> FigureLimits:
    """Return the limits that the plan sets, else the usual ones of the unit.

    The usual upper limit is ten times the plan's largest figure of the unit.
    """
    high = indicator.high
    if high is None:
        high = _usual_high(indicator.unit, plan)
    return FigureLimits(low=indicator.low, high=high, places=places_of(indicator))


def places_of(indicator: Indicator) -> int | None:
    """Return the decimals that the plan sets; what is counted is whole, None where neither says."""
    if indicator.places is None and _is_counted(indicator):
        return 0
    return indicator.places


def _is_counted(indicator: Indicator) -> bool:
    """Return whether figures are whole numbers: of things, and not of things per thousand people."""
    goals = [target.value for target in indicator.judging_targets if target.value is not None]
    return indicator.unit in COUNTED and all(goal.is_integer() for goal in goals)


def _usual_high(unit: str, plan: Plan) -> float | None:
    largest = _largest_of(plan).by_unit.get(unit, 0.0)
    if unit in _MOST:
        return max(_MOST[unit], 2 * largest)
    if not largest:
        return None
    return _BEYOND * largest


class _Largest:
    """The largest figure that a plan has of each unit, as target or baseline."""

    def __init__(self, plan: Plan) -> None:
        self.by_unit: dict[str, float] = {}
        for indicator in plan.indicators:
            for figure in (indicator.baseline, *(target.value for target in indicator.targets)):
                known = self.by_unit.get(indicator.unit, 0.0)
                self.by_unit[indicator.unit] = max(known, abs(figure or 0.0))


def _largest_of(plan: Plan) -> _Largest:
    """Return the largest figures of a plan, found once: every figure of a return asks."""
    largest = plan.kept.get(_Largest)
    if not isinstance(largest, _Largest):
        largest = plan.kept[_Largest] = _Largest(plan)
    return largest


def decimals(typed: str) -> int:
    """Return how many decimals a number is shown with, 0 where it is no plain number."""
    _, point, behind = typed.partition(".")
    if not point:
        return 0
    digits = [c for c in behind if c.isdecimal()]
    return len(digits)


def is_below(value: float, last: float, limits: FigureLimits) -> bool:
    """Return whether a figure is less than another one by more than their shown decimals can tell.

    75.0 may have been rounded from 74.99.
    """
    places = limits.places
    if places is None:
        places = decimals(text_of(last))
    tolerance = min(0.5 * 10.0**-places, _MOST_TOLERANCE * abs(last))
    return last - value > tolerance


@dataclass(frozen=True, kw_only=True)
class NewFigure:
    """A figure to be held against earlier ones.

    Attributes:
        indicator: Its indicator.
        period: The data period.
        value: The figure.
        others: Data period and figure of the others that the row has, oldest first.
        limits: What it is expected to keep to.
    """

    indicator: Indicator
    period: Period
    value: float
    others: Sequence[tuple[Period, float]]
    limits: FigureLimits

    def is_off(self) -> bool:
        """Return whether the row's own history speaks against the figure."""
        known = self._comparable()[-_WINDOW:]
        if self.indicator.measure in SUMS:
            return self._rose_too_much(known)
        values = [value for _, value in known]
        if len(values) >= _ENOUGH:
            return self._is_far_off(values)
        return self._is_beside(values)

    @property
    def least_scale(self) -> float:
        """Two units of the last decimal that figures of the row are shown with."""
        places = self.limits.places
        if places is None:
            figures = [self.value, *(value for _, value in self.others)]
            places = max(decimals(text_of(figure)) for figure in figures)
        return _UNITS * 10.0**-places

    def _comparable(self) -> list[tuple[date, float]]:
        """Return day and value of the figures of the same scope up to now."""
        known = []
        for period, value in self.others:
            is_before = period.last < self.period.last
            if is_before and self.indicator.is_comparable(period, self.period):
                known.append((period.counted_on, value))
        return known

    # --- what adds up

    def _rose_too_much(self, known: Sequence[tuple[date, float]]) -> bool:
        """Return whether a sum rose faster than it ever did."""
        day = self.period.counted_on
        own = [point for point in known if not self._begins_anew(point[0], day)]
        begun = self._beginning(day)
        from_day, from_value = own[-1] if own else (begun, 0.0)
        if from_day is None:
            return False
        days = (day - from_day).days
        rises = [rate * days for rate in self._rates(known)]
        rise = self.value - from_value
        if len(rises) >= _ENOUGH:
            usual = median(rises)
            scale = max(_spread(rises), self.least_scale, _SHARE * abs(usual))
            most = max(2 * usual, 1.25 * max(rises), usual + _SCALES * scale)
            return rise > most
        if len(rises) < _FEW - 1:
            return False
        is_material = rise >= _MATERIAL * abs(from_value) and rise > _SCALES * self.least_scale
        return is_material and rise > _STEP * max(rises)

    def _rates(self, known: Sequence[tuple[date, float]]) -> list[float]:
        """Return by how much a sum rose a day, between each two figures of one count."""
        rates = []
        if known and (begun := self._beginning(known[0][0])):
            days = (known[0][0] - begun).days
            if days and len(known) < _FEW:
                rates.append(known[0][1] / days)
        for (one_day, one), (next_day, following) in pairwise(known):
            days = (next_day - one_day).days
            if days and not self._begins_anew(one_day, next_day):
                rates.append(max((following - one) / days, 0.0))
        return rates

    def _begins_anew(self, one: date, other: date) -> bool:
        return self.indicator.measure in FLOWS and one.year != other.year

    def _beginning(self, day: date) -> date | None:
        """Return the day on which a sum was 0, None where that is not known."""
        if self.indicator.measure in FLOWS:
            return date(day.year - 1, 12, 31)
        return self.indicator.starts

    # --- levels and rates

    def _is_far_off(self, values: Sequence[float]) -> bool:
        usual = median(values)
        scale = max(_spread(values), self.least_scale, _SHARE * abs(usual))
        if self.indicator.measure in RATES:
            scale = max(scale, _RATE_SCALE)
        # A level that has moved for good is asked about once, and not as long as the window remembers.
        return min(abs(self.value - usual), abs(self.value - values[-1])) > _SCALES * scale

    def _is_beside(self, values: Sequence[float]) -> bool:
        """Return whether a level with few figures left the earlier range by far."""
        if len(values) < _FEW or self.indicator.measure in RATES:
            return False
        change, spread = abs(self.value - values[-1]), max(values) - min(values)
        is_material = change >= _MATERIAL * abs(values[-1]) and change > _SCALES * self.least_scale
        return is_material and change > _STEP * spread


def _spread(values: Sequence[float]) -> float:
    middle = median(values)
    return _DEVIATION * median([abs(value - middle) for value in values])


def is_far_ahead(figure: NewFigure, target: float) -> bool:
    """Return whether a first figure is far beyond what is to be reached at last."""
    indicator = figure.indicator
    if indicator.measure in RATES or target <= 0:
        return False
    beyond = figure.value - _AHEAD * target
    return beyond > 0 and figure.value - target > _SCALES * figure.least_scale


_NEAR, _APART = 1.25, 1.5


def goes_with(value: float, last: float) -> bool:
    """Return whether a figure is about as large as another one."""
    return _factor(value, last) <= _NEAR


def is_apart(value: float, last: float) -> bool:
    """Return whether a figure is of another size than another one."""
    return _factor(value, last) >= _APART


def _factor(value: float, other: float) -> float:
    if value <= 0 or other <= 0:
        return float("inf")
    return max(value / other, other / value)
