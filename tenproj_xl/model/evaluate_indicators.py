"""Rules of evaluation for indicators, at the end of the data period; today's date is never used.

Reads plan, settings and reported values; gives a `Yardstick` for each data period, and states. The formulas
of the form compare with the numbers of the same `Yardstick`, so form and roll-up cannot disagree.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from tenproj_xl.core.answers import InWords, Nature
from tenproj_xl.core.cells import Value
from tenproj_xl.core.periods import Period, latest_published, period_of, recent
from tenproj_xl.core.states import State
from tenproj_xl.model.plan import Curve, Indicator, Measure, Sense, Target
from tenproj_xl.model.settings import Settings

UNBOUNDED = 1e15
"""Larger than every figure; not infinity, because formulas of the form compare with it."""
EPSILON = 1e-9
"""Smaller than any reported difference: added to the expected value where a target says “more than”."""
COUNTED = ("个", "家", "件", "名", "座", "套", "人", "人次", "张", "处", "项")
"""Units of things that are counted in whole numbers."""
_PLACES = 9
"""Decimal places of the limits: spreadsheets and Python disagree in the last digits of a float."""

FLOWS = (Measure.ANNUAL, Measure.ANNUAL_IN_YEAR, Measure.COMPLETION)
"""Measures that start at 0 in each year."""
_LEVELS = (Measure.STOCK, Measure.RATIO)
RATES = (Measure.GROWTH, Measure.COMPARATIVE)
"""Rates: compared with the full target whatever part of the year has passed."""


class Mode(StrEnum):
    """How a figure is evaluated."""

    PACE = "pace"
    JUDGE = "judge"
    REFERENCE = "reference"
    WORDS = "words"
    """Reported in words, before the target's date: it may be met early, and is never missed."""
    WORDS_DUE = "words_due"
    """Reported in words, at the target's date."""


@dataclass(frozen=True, kw_only=True)
class Yardstick:
    """The limits by which a figure of one data period is evaluated.

    `goal` is the divisor of 完成率 (None: no 完成率 is shown), `pace` the share expected by the end
    of the period. `sign` is -1 where lower is better. From `green` on the light is green, from `yellow` on it
    is yellow. A value meets the target between `low` (excluded if `strict`) and `high` (included).
    """

    period: Period
    mode: Mode
    target: Target | None = None
    goal: float | None = None
    pace: float | None = None
    sign: int = 1
    green: float = -UNBOUNDED
    yellow: float = -UNBOUNDED
    low: float = -UNBOUNDED
    high: float = UNBOUNDED
    strict: bool = False

    def share(self, value: Value) -> float | None:
        """Return 完成率 as a fraction, None where none is shown."""
        if self.goal and isinstance(value, float):
            return value / self.goal
        return None

    def state(self, value: Value, nature: Nature | None) -> State:
        """Return the state of a value with its 数据性质."""
        if self.mode in (Mode.WORDS, Mode.WORDS_DUE) and value == InWords.ACHIEVED:
            if self.mode is Mode.WORDS:
                return State.MET
            return self._verified(State.MET, nature)
        if self.mode is Mode.WORDS_DUE:
            return self._verified(self.missed, nature)
        if self.mode in (Mode.REFERENCE, Mode.WORDS) or not isinstance(value, float):
            return State.REFERENCE
        if self.mode is Mode.JUDGE:
            return self._judged(value, nature)
        return self._paced(value)

    def _verified(self, state: State, nature: Nature | None) -> State:
        if nature is Nature.VERIFIED:
            return state
        return State.PENDING

    def _judged(self, value: float, nature: Nature | None) -> State:
        if self.meets(value):
            return self._verified(State.MET, nature)
        return self._verified(self.missed, nature)

    def _paced(self, value: float) -> State:
        if self.sign * value >= self.sign * self.green:
            return State.ON_PACE
        if self.sign * value >= self.sign * self.yellow:
            return State.SLOW
        return State.BEHIND

    @property
    def missed(self) -> State:
        """The state of a verified value below the target; a target worded 力争 is never missed."""
        if self.target and self.target.strives:
            return State.REFERENCE
        return State.MISSED

    def meets(self, value: float) -> bool:
        """Return whether a value meets the target as it is worded."""
        if self.strict and value <= self.low:
            return False
        return self.low <= value <= self.high


def yardstick(indicator: Indicator, period: Period, settings: Settings) -> Yardstick:
    """Return the limits for a figure of a data period.

    The expected value of a yearly flow runs from 0 along its curve; that of a cumulative figure piecewise
    through its start and all targets, so that there is no jump at a passed target; that of stocks and ratios
    from the baseline or the last target to the next. Without a start there is no pace. Derived targets are
    for reference only.
    """
    target = _target_for(indicator, period.last)
    if target is None or not target.judges:
        return Yardstick(period=period, mode=Mode.REFERENCE, target=target)
    is_due = period.last >= target.period.last
    if target.value is None or indicator.measure is Measure.QUALITATIVE:
        mode = Mode.WORDS_DUE if is_due else Mode.WORDS
        return Yardstick(period=period, mode=mode, target=target)
    if is_due:
        return _measured(indicator, period, target, Mode.JUDGE, target.value, settings)
    expected = _path(indicator, target, period.last)
    mode = Mode.REFERENCE if expected is None else Mode.PACE
    return _measured(indicator, period, target, mode, expected, settings)


def _target_for(indicator: Indicator, day: date) -> Target | None:
    if indicator.measure in FLOWS:
        return indicator.target_of_year(day.year)
    for target in indicator.year_targets:
        if target.period.last >= day:
            return target
    return None


def _measured(
    indicator: Indicator,
    period: Period,
    target: Target,
    mode: Mode,
    expected: float | None,
    settings: Settings,
) -> Yardstick:
    goal = target.value or 0.0
    sign = -1 if target.sense is Sense.AT_MOST else 1
    low, high = _bounds(indicator, target, goal, settings)
    limits = Yardstick(period=period, mode=mode, target=target, sign=sign, low=low, high=high)
    shows_share = sign > 0 and indicator.measure not in RATES and goal > 0
    if shows_share:
        limits = replace(limits, goal=goal)
    if expected is None:
        return limits
    if shows_share:
        limits = replace(limits, pace=expected / goal)

    green = expected
    strict = target.sense is Sense.MORE_THAN
    if strict:
        green += EPSILON
    yellow = -sign * UNBOUNDED
    if not target.strives:
        floor = sign * (expected - sign * _slack(indicator, goal, settings))
        if indicator.measure in _LEVELS:  # falling below a target already passed is BEHIND, never SLOW
            for passed in _passed(indicator, period.last):
                floor = max(floor, sign * (passed.value or 0.0))
        yellow = round(sign * floor, _PLACES)
    return replace(limits, green=round(green, _PLACES), yellow=yellow, strict=strict)


def _passed(indicator: Indicator, day: date) -> list[Target]:
    """Return the last judging target before a day, as a list of at most one."""
    return [t for t in indicator.year_targets if t.period.last < day and t.judges][-1:]


def _bounds(indicator: Indicator, target: Target, goal: float, settings: Settings) -> tuple[float, float]:
    match target.sense:
        case Sense.AT_MOST:
            return -UNBOUNDED, goal
        case Sense.ABOUT:
            width = abs(goal) * settings.about
            if indicator.unit in COUNTED:  # five projects cannot be missed by a quarter of one
                width = max(width, 1.0)
            return goal - width, goal + width
        case _:
            return goal, UNBOUNDED


def _slack(indicator: Indicator, goal: float, settings: Settings) -> float:
    if indicator.measure in RATES:
        return settings.slow_rate
    if indicator.measure in _LEVELS:
        return abs(goal) * settings.slow_level
    return abs(goal) * settings.slow


def _path(indicator: Indicator, target: Target, day: date) -> float | None:
    """Return the value expected on a day, None where the path has no start or no point on that day."""
    goal = target.value or 0.0
    if indicator.measure in RATES:
        return goal
    if indicator.curve is Curve.YEAR_END and (day.month, day.day) != (12, 31):
        return None
    if indicator.measure in FLOWS:
        return _within_year(indicator, target, day)
    points = [(t.period.last, t.value) for t in _spread(indicator) if t.value is not None]
    if indicator.measure is Measure.CUMULATIVE and indicator.starts:
        points.append((indicator.starts, 0.0))
    if indicator.measure in _LEVELS and indicator.baseline is not None and indicator.baseline_on:
        points.append((indicator.baseline_on, indicator.baseline))
    return _between(sorted(points), day, steps=indicator.curve is Curve.STEPS)


def _spread(indicator: Indicator) -> Iterable[Target]:
    if indicator.curve in (Curve.PLANNED, Curve.STEPS):
        return indicator.targets
    return indicator.year_targets


def _within_year(indicator: Indicator, target: Target, day: date) -> float | None:
    points = [(date(day.year, 1, 1), 0.0)]
    match indicator.curve:
        case Curve.EVEN | Curve.YEAR_END:
            points.append((target.period.last, target.value or 0.0))
        case Curve.PLANNED | Curve.STEPS:
            parts = [t for t in indicator.targets if t.period.last.year == day.year]
            points += [(t.period.last, t.value) for t in parts if t.value is not None]
            if len(points) < 3:
                return None
    return _between(points, day, steps=indicator.curve is Curve.STEPS)


def _between(points: Sequence[tuple[date, float]], day: date, *, steps: bool) -> float | None:
    """Return the value on a day of the line (with `steps`, the stairs) through points sorted by day.

    None before the first point and after the last. A point's value is reached at the end of its day, but on
    January 1st at its beginning.
    """
    after = bisect_right(points, day, key=lambda p: p[0])
    if after == 0:
        return None
    if after == len(points):
        last, value = points[-1]
        if last == day:
            return value
        return None
    (left, low), (right, high) = points[after - 1], points[after]
    if steps:
        return low
    first_morning = 1 if (left.month, left.day) == (1, 1) else 0
    return low + (high - low) * ((day - left).days + first_morning) / ((right - left).days + first_morning)


def fractions_of(indicator: Indicator) -> tuple[tuple[float, float], ...]:
    """Return the ranges in which a number is probably a fraction of 1 instead of a percentage: 0.93 for 93.

    A cell shown as 93% holds 0.93. Where all targets are at least 10, that is every number up to 1.5; else a
    number is taken for a fraction within a factor of three of a hundredth of a target, e.g. 0.021 where the
    target is 2.8.
    """
    if indicator.unit != "%":
        return ()
    goals = [abs(t.value) for t in indicator.targets if t.value]
    if goals and min(goals) >= 10:
        return ((EPSILON, 1.5),)
    ranges = {}
    for goal in goals:
        ranges[goal] = (goal / 300, min(goal * 3 / 100, 1.5))
    return tuple(ranges.values())


# --- the data period that a form asks for

_YEARS_BACK = 3
"""For how many years the end of a passed target is offered; that of the last passed target always is."""


def due_period(indicator: Indicator, day: date, first_year: int) -> Period | None:
    """Return the newest data period, up to the last target, whose figure is published on a day.

    None if that period ends before the plan's first year.
    """
    due = latest_published(day, indicator.frequency, indicator.lag_days)
    end = max(t.period.last for t in indicator.targets)
    due = min(due, period_of(end, indicator.frequency))
    if due.last.year < first_year:
        return None
    return due


def asked_period(
    indicator: Indicator, reported: Iterable[tuple[Period, Nature | None]], day: date, first_year: int
) -> tuple[Period, bool] | None:
    """Return the data period whose figure a form asks for, and whether it must be a verified one.

    That is the newest published period; once its figure is known, the end of the last passed target,
    verified. None if both are known.

    Args:
        indicator: The indicator.
        reported: Data period and nature (数据性质) of each known figure.
        day: The last day of the reporting period.
        first_year: The plan's first year.
    """
    known = list(reported)
    due = due_period(indicator, day, first_year)
    if due is not None and all(period < due for period, _ in known):
        return due, False
    verified = {period.last for period, nature in known if nature == Nature.VERIFIED}
    for target in _passed(indicator, day - timedelta(days=indicator.lag_days)):
        if target.period.last.year >= first_year and target.period.last not in verified:
            return target.period, True
    return None


def candidate_periods(indicator: Indicator, day: date, first_year: int) -> list[Period]:
    """Return the data periods that a form offers: the newest six, and the ends of recently passed targets."""
    due = due_period(indicator, day, first_year)
    if due is None:
        return []
    offered = [p for p in recent(due, indicator.frequency, 6) if p.last.year >= first_year]
    passed = [t.period for t in indicator.year_targets if t.period.last <= day]
    for period in reversed(passed):
        is_recent = period == passed[-1] or period.last.year > day.year - _YEARS_BACK
        if is_recent and period not in offered:
            offered.append(period)
    return offered
