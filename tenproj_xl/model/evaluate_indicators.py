"""Rules of evaluation for indicators, at the data's own date. The clock never enters.

Reads: plan, settings, reported values. Gives: `Yardstick`s and states. The formulas of the form compare with the
numbers of the same `Yardstick`, so form and roll-up cannot disagree.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tenproj_xl.core.cells import Value
from tenproj_xl.core.periods import Period, latest_published, period_of, recent
from tenproj_xl.core.sheets import ACHIEVED, VERIFIED
from tenproj_xl.model.plan import Curve, Indicator, Measure, Sense, Target
from tenproj_xl.model.settings import Settings
from tenproj_xl.model.states import State

UNBOUNDED = 1e15
"""Beyond every figure; a number, because formulas of the form compare with it."""
EPSILON = 1e-9
"""Less than anybody reports: what “more than” asks beyond what is expected."""
COUNTED = ("个", "家", "件", "名", "座", "套", "人", "人次", "张", "处", "项")
"""Units of things that come whole."""
_PLACES = 9
"""Limits have no sixteenth digit, in which spreadsheets and Python would disagree."""


FLOWS = (Measure.ANNUAL, Measure.ANNUAL_IN_YEAR, Measure.COMPLETION)
"""What runs from 0 within a year: a figure says nothing of another one."""
_LEVELS = (Measure.STOCK, Measure.RATIO)
RATES = (Measure.GROWTH, Measure.COMPARATIVE)
"""What swings about nought and is compared with its target at once, whatever part of the year has passed."""


class Mode(StrEnum):
    """How a figure is judged."""

    PACE = "pace"
    JUDGE = "judge"
    REFERENCE = "reference"
    WORDS = "words"
    """In words, before the target's date: what is achieved early is met, nothing is missed yet."""
    WORDS_DUE = "words_due"
    """In words, at the target's date."""


@dataclass(frozen=True)
class Yardstick:
    """What a figure of one data period is measured by.

    `goal` is what 完成率 divides by (None: no 完成率 is shown), `pace` the share that should be done. With `sign` -1
    lower is better. `green` and `yellow` are the values from which on the light is that; `low` and `high` bound what
    meets the target, `low` itself excluded where `strict`.
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
        """完成率 as a fraction."""
        return value / self.goal if self.goal and isinstance(value, float) else None

    def state(self, value: Value, nature: str) -> State:
        """What a value amounts to."""
        if self.mode in (Mode.WORDS, Mode.WORDS_DUE) and value == ACHIEVED:
            return State.MET if self.mode is Mode.WORDS or nature == VERIFIED else State.PENDING
        if self.mode is Mode.WORDS_DUE:
            return self.missed if nature == VERIFIED else State.PENDING
        if self.mode in (Mode.REFERENCE, Mode.WORDS) or not isinstance(value, float):
            return State.REFERENCE
        return self._of_number(value, nature)

    def _of_number(self, value: float, nature: str) -> State:
        if self.mode is Mode.JUDGE and nature != VERIFIED:
            return State.PENDING
        if self.mode is Mode.JUDGE:
            return State.MET if self.meets(value) else self.missed
        if self.sign * value >= self.sign * self.green:
            return State.ON_PACE
        return State.SLOW if self.sign * value >= self.sign * self.yellow else State.BEHIND

    @property
    def missed(self) -> State:
        """What a verified value that does not meet the target amounts to; 力争 is hoped for and never missed."""
        return State.REFERENCE if self.target and self.target.strives else State.MISSED

    def meets(self, value: float) -> bool:
        """True where a value fulfils the target's wording."""
        return (value > self.low if self.strict else value >= self.low) and value <= self.high


def yardstick(indicator: Indicator, period: Period, settings: Settings) -> Yardstick:
    """What a figure of a data period is measured by.

    Flows of a year run from 0 along their curve; cumulative ones piecewise through their start and all targets, so that
    nothing jumps at a passed target; stocks and ratios from the baseline or the last target to the next. Without a
    start there is no pace. Derived targets judge nobody.
    """
    target = _target_for(indicator, period.last)
    if target is None or not target.judges:
        return Yardstick(period, Mode.REFERENCE, target)
    if target.value is None or indicator.measure is Measure.QUALITATIVE:
        return Yardstick(period, Mode.WORDS if period.last < target.period.last else Mode.WORDS_DUE, target)
    if period.last >= target.period.last:
        return _measured(indicator, period, target, Mode.JUDGE, target.value, settings)
    expected = _path(indicator, target, period.last)
    mode = Mode.REFERENCE if expected is None else Mode.PACE
    return _measured(indicator, period, target, mode, expected, settings)


def _target_for(indicator: Indicator, day: date) -> Target | None:
    if indicator.measure in FLOWS:
        return indicator.target_of_year(day.year)
    return next((t for t in indicator.year_targets if t.period.last >= day), None)


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
    shows_share = sign > 0 and indicator.measure not in RATES and goal > 0
    low, high = _bounds(indicator, target, goal, settings)
    if expected is None:
        return Yardstick(period, mode, target, goal if shows_share else None, None, sign, low=low, high=high)
    strict = target.sense is Sense.MORE_THAN
    floor = sign * (expected - sign * _slack(indicator, goal, settings))
    if indicator.measure in _LEVELS:  # falling below a target already passed is BEHIND, never SLOW
        floor = max([floor, *(sign * (t.value or 0.0) for t in _passed(indicator, period.last))])
    return Yardstick(
        period,
        mode,
        target,
        goal if shows_share else None,
        expected / goal if shows_share else None,
        sign,
        green=round(expected + (EPSILON if strict else 0.0), _PLACES),
        yellow=-sign * UNBOUNDED if target.strives else round(sign * floor, _PLACES),
        low=low,
        high=high,
        strict=strict,
    )


def _passed(indicator: Indicator, day: date) -> list[Target]:
    return [t for t in indicator.year_targets if t.period.last < day and t.judges][-1:]


def _bounds(indicator: Indicator, target: Target, goal: float, settings: Settings) -> tuple[float, float]:
    match target.sense:
        case Sense.AT_MOST:
            return -UNBOUNDED, goal
        case Sense.ABOUT:
            # Nobody can miss five projects by a quarter of one.
            width = max(abs(goal) * settings.about, 1.0 if indicator.unit in COUNTED else 0.0)
            return goal - width, goal + width
        case _:
            return goal, UNBOUNDED


def _slack(indicator: Indicator, goal: float, settings: Settings) -> float:
    if indicator.measure in RATES:
        return settings.slow_rate
    return abs(goal) * (settings.slow_level if indicator.measure in _LEVELS else settings.slow)


def _path(indicator: Indicator, target: Target, day: date) -> float | None:
    """The value that should be reached on a day; None where nothing says from where to count."""
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
    return indicator.targets if indicator.curve in (Curve.PLANNED, Curve.STEPS) else indicator.year_targets


def _within_year(indicator: Indicator, target: Target, day: date) -> float | None:
    start = (date(day.year, 1, 1), 0.0)
    parts = [t for t in indicator.targets if t.period.last.year == day.year and t.value is not None]
    match indicator.curve:
        case Curve.EVEN | Curve.YEAR_END:
            return _between([start, (target.period.last, target.value or 0.0)], day, steps=False)
        case Curve.PLANNED | Curve.STEPS:
            points = [start, *((t.period.last, t.value or 0.0) for t in parts)]
            return None if len(points) < 3 else _between(points, day, steps=indicator.curve is Curve.STEPS)


def _between(points: Sequence[tuple[date, float]], day: date, *, steps: bool) -> float | None:
    """The value of a broken line (or of stairs) on a day, None before its first point or after its last.

    A point's value holds at the end of its day; January 1st as a start means the year's first morning.
    """
    after = bisect_right(points, day, key=lambda p: p[0])
    if after == 0:
        return None
    if after == len(points):
        return points[-1][1] if points[-1][0] == day else None
    (left, low), (right, high) = points[after - 1], points[after]
    if steps:
        return low
    first_morning = 1 if (left.month, left.day) == (1, 1) else 0
    return low + (high - low) * ((day - left).days + first_morning) / ((right - left).days + first_morning)


def fractions_of(indicator: Indicator) -> tuple[tuple[float, float], ...]:
    """From where to where a number is taken for a fraction of one: 0.93 where per cent are counted and 93 is meant.

    A cell shown as 93% holds 0.93. So is 0.021 where the target is 2.8: a hundredth of it, give or take a factor of
    three.
    """
    goals = [abs(t.value) for t in indicator.targets if t.value] if indicator.unit == "%" else []
    if goals and min(goals) >= 10:
        return ((EPSILON, 1.5),)
    return tuple((goal / 300, min(goal * 3 / 100, 1.5)) for goal in dict.fromkeys(goals))


# --- what is asked

_YEARS_BACK = 3
"""How many years the targets that have passed lately are of; the last one that passed always is among them."""


def due_period(indicator: Indicator, day: date, first_year: int) -> Period | None:
    """The newest data period whose figure can exist on a day, none after the last target, None before the first."""
    due = latest_published(day, indicator.frequency, indicator.lag_days)
    end = max(t.period.last for t in indicator.targets)
    due = min(due, period_of(end, indicator.frequency))
    return due if due.last.year >= first_year else None


def asked_period(
    indicator: Indicator, reported: Iterable[tuple[Period, str]], day: date, first_year: int
) -> tuple[Period, bool] | None:
    """The data period whose figure a form asks for, and whether it must be a verified one; None if nothing is new.

    First the newest figure that can exist; once that is known, the final one of the target that passed last.

    Args:
        indicator: The indicator.
        reported: Data period and nature (数据性质) of what is known.
        day: The last day of the reporting period.
        first_year: The plan's first year.
    """
    known = list(reported)
    due = due_period(indicator, day, first_year)
    if due is not None and all(period < due for period, _ in known):
        return due, False
    for target in _passed(indicator, day - timedelta(days=indicator.lag_days)):
        if target.period.last.year >= first_year and not any(
            p.last == target.period.last and nature == VERIFIED for p, nature in known
        ):
            return target.period, True
    return None


def candidate_periods(indicator: Indicator, day: date, first_year: int) -> list[Period]:
    """The data periods that a form offers: the newest six, and the ends of targets that have passed lately."""
    due = due_period(indicator, day, first_year)
    if due is None:
        return []
    newest = [p for p in recent(due, indicator.frequency, 6) if p.last.year >= first_year]
    passed = [t.period for t in indicator.year_targets if t.period.last <= day]
    passed = [p for p in passed if p == passed[-1] or p.last.year > day.year - _YEARS_BACK]
    return list(dict.fromkeys([*newest, *reversed(passed)]))
