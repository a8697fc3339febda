"""Rules of evaluation for indicators, at the end of the data period; today's date is never used.

Reads plan, settings and reported values; gives a `Yardstick` for each data period, and states. The formulas
of the form compare with the numbers of the same `Yardstick`, so form and roll-up cannot disagree.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum

from tenproj_xl.core.answers import Due, InWords, Nature
from tenproj_xl.core.cells import Value
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.periods import Period, latest_published, period_of, recent
from tenproj_xl.core.states import State
from tenproj_xl.model.plan import Curve, Indicator, Measure, Sense, Target
from tenproj_xl.model.settings import Settings

UNBOUNDED = 1e15
"""Larger than every figure; not infinity, because formulas of the form compare with it."""
EPSILON = 1e-9
"""Smaller than any reported difference: added to the expected value where a target says “more than”."""
COUNTED = ("个", "家", "件", "名", "座", "套", "人", "人次", "张", "处", "项")
"""Units of things that are counted in whole numbers, unless targets have decimals."""
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
    UNDECIDED = "undecided"
    """Of a year whose target is not decided yet."""
    WORDS = "words"
    """Reported in words, before the target's date: it may be met early, and is never missed."""
    WORDS_DUE = "words_due"
    """Reported in words, at the target's date."""


@dataclass(frozen=True, kw_only=True)
class Yardstick:
    """The limits by which a figure of one data period is evaluated.

    `goal` is the divisor of 完成率 (None: no 完成率 is shown), `expected` what is on pace at the end of the
    period, `pace` the share of the target that this is. `sign` is -1 where lower is better. From `green` on
    the light is green, from `yellow` on it is yellow; where a target is worded 左右, up to `most_green` and
    `most_yellow`. A value meets the target between `low` (excluded if `strict`) and `high` (included).
    """

    period: Period
    mode: Mode
    target: Target | None = None
    goal: float | None = None
    expected: float | None = None
    pace: float | None = None
    sign: int = 1
    green: float = -UNBOUNDED
    yellow: float = -UNBOUNDED
    most_green: float = UNBOUNDED
    most_yellow: float = UNBOUNDED
    low: float = -UNBOUNDED
    high: float = UNBOUNDED
    strict: bool = False

    def share(self, value: Value) -> float | None:
        """Return 完成率 as a fraction, None where none is shown."""
        if self.goal and isinstance(value, float):
            return value / self.goal
        return None

    def share_of_target(self, value: Value) -> float | None:
        """Return the fraction of the target itself, which may be that of a part of the year."""
        if self.goal and self.target and self.target.value and isinstance(value, float):
            return value / self.target.value
        return None

    def state(self, value: Value, nature: Nature | None) -> State:
        """Return the state of a value with its 数据性质."""
        if self.mode is Mode.UNDECIDED:
            return State.UNDECIDED
        if self.mode in (Mode.WORDS, Mode.WORDS_DUE):
            return self._in_words(value, nature)
        if self.mode is Mode.REFERENCE or not isinstance(value, float):
            return State.REFERENCE
        if self.mode is Mode.JUDGE:
            return self._judged(value, nature)
        return self.light(value)

    def _in_words(self, value: Value, nature: Nature | None) -> State:
        if self.mode is Mode.WORDS_DUE:
            achieved = State.MET if value == InWords.ACHIEVED else self.missed
            return self._verified(achieved, nature)
        if value == InWords.ACHIEVED:
            return State.MET
        return State.REFERENCE

    def _verified(self, state: State, nature: Nature | None) -> State:
        if nature is Nature.VERIFIED:
            return state
        return State.PENDING

    def _judged(self, value: float, nature: Nature | None) -> State:
        if self.meets(value):
            return self._verified(State.MET, nature)
        return self._verified(self.missed, nature)

    def light(self, value: float) -> State:
        """Return how a value compares with what is expected, also at a target's date."""
        better = self.sign * value
        if better >= self.sign * self.green and value <= self.most_green:
            return State.ON_PACE
        if better >= self.sign * self.yellow and value <= self.most_yellow:
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
    from the baseline or the last target to the next. Targets of quarters and months are points of the path,
    too, and judge the figure of their last day, whatever the curve. Without a start there is no pace. Derived
    targets are for reference only.
    """
    day = period.counted_on
    target = _target_for(indicator, day)
    if is_target_undecided(indicator, period.year):
        return Yardstick(period=period, mode=Mode.UNDECIDED)
    if target is None or not target.judges:
        return Yardstick(period=period, mode=Mode.REFERENCE, target=target)
    if day >= target.period.last:
        return judging(indicator, target, settings, period)
    if target.value is None or indicator.measure is Measure.QUALITATIVE:
        return Yardstick(period=period, mode=Mode.WORDS, target=target)
    expected = _path(indicator, target, day)
    mode = Mode.REFERENCE if expected is None else Mode.PACE
    return _measured(indicator, period, target, mode, expected, settings)


def is_target_undecided(indicator: Indicator, year: int) -> bool:
    """Return whether an indicator whose targets are set year by year has none for a year.

    Those are yearly flows, completions and comparisons, and what has targets for the two years before. Other
    targets are of several years, and the last of them has passed.
    """
    years = {target.period.year for target in indicator.year_targets}
    if not years or year in years:
        return False
    if indicator.measure in (Measure.ANNUAL, Measure.COMPLETION):
        return True
    if year < max(years):
        return False
    return indicator.measure is Measure.COMPARATIVE or {year - 1, year - 2} <= years


def year_target(indicator: Indicator, year: int, period: Period, targets: str = "") -> str:
    """Return what a form or sheet of a period shows as 本年目标 beside a figure of a year.

    That is the target of the figure's year, with the year where it is another: `2026年：35以上`. Without one
    it is `本年目标未下达`, or `—` where there is to be none. `targets` says it with those of its parts.
    """
    spoken = "—"
    target = indicator.target_of_year(year)
    if targets:
        spoken = targets
    elif target is not None:
        spoken = target.spoken
        if not target.judges:
            spoken += "（推算）"
    elif is_target_undecided(indicator, year):
        spoken = State.UNDECIDED.label
    if year == period.year:
        return spoken
    return f"{year}年：{spoken}"


def judging(
    indicator: Indicator, target: Target, settings: Settings, period: Period | None = None
) -> Yardstick:
    """Return the limits by which a target is met or missed at its date.

    `period` is that of the figure, which ends with the target's; by default the target's own.
    """
    period = period or target.period
    if target.value is None or indicator.measure is Measure.QUALITATIVE:
        return Yardstick(period=period, mode=Mode.WORDS_DUE, target=target)
    return _measured(indicator, period, target, Mode.JUDGE, target.value, settings)


def _target_for(indicator: Indicator, day: date) -> Target | None:
    """Return the target that a figure of a day is measured by.

    That is one of this very day, the widest first; for rates the next one; else the next of a whole year,
    or where there is none, of a part of it.
    """
    of_day = [t for t in indicator.targets if t.period.last == day and (t.judges or t.period.is_year)]
    if of_day:
        return max(of_day, key=lambda t: t.period)
    parts = [t for t in indicator.part_targets if t.period.last > day]
    years = [t for t in indicator.year_targets if t.period.last > day]
    if indicator.measure in FLOWS:
        parts = [t for t in parts if t.period.year == day.year]
        years = [t for t in years if t.period.year == day.year]
    if indicator.measure in RATES and parts and years:
        return min(parts[0], years[0], key=lambda t: t.period)
    return next(iter(years or parts), None)


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
    goal = _whole_goal(indicator, target)
    limits = Yardstick(period=period, mode=mode, target=target, sign=sign, low=low, high=high)
    shows_share = sign > 0 and indicator.measure not in RATES and goal > 0
    if shows_share:
        limits = replace(limits, goal=goal)
    if expected is None:
        return limits
    limits = replace(limits, expected=expected)
    if shows_share:
        limits = replace(limits, pace=expected / goal)
    if target.sense is Sense.ABOUT:
        return _two_sided(limits, expected, high - goal, _slack(indicator, goal, settings))
    return _one_sided(indicator, period, limits, expected, _slack(indicator, goal, settings))


def _two_sided(limits: Yardstick, expected: float, width: float, slack: float) -> Yardstick:
    """Return the limits of the lights around an expected value: as far above it as below."""
    return replace(
        limits,
        green=round(expected - width, _PLACES),
        yellow=round(expected - width - slack, _PLACES),
        most_green=round(expected + width, _PLACES),
        most_yellow=round(expected + width + slack, _PLACES),
    )


def _one_sided(
    indicator: Indicator, period: Period, limits: Yardstick, expected: float, slack: float
) -> Yardstick:
    """Return the limits of the lights at and behind an expected value."""
    target, sign = limits.target, limits.sign
    if target is None:
        raise ValueError(f"lights without a target: {indicator.code}")
    green = expected
    strict = target.sense is Sense.MORE_THAN
    if strict:
        green += EPSILON
    yellow = -sign * UNBOUNDED
    if not target.strives:
        floor = sign * (expected - sign * slack)
        if indicator.measure in _LEVELS:  # falling below a target already passed is BEHIND, never SLOW
            of_one_scope = [
                t for t in _passed(indicator, period.counted_on) if indicator.is_comparable(t.period, period)
            ]
            for passed in of_one_scope:
                floor = max(floor, sign * (passed.value or 0.0))
        yellow = round(sign * floor, _PLACES)
    return replace(limits, green=round(green, _PLACES), yellow=yellow, strict=strict)


def _whole_goal(indicator: Indicator, target: Target) -> float:
    """Return what 完成率 is a share of: the target of the year, also where a part of the year is judged."""
    whole = indicator.target_of_year(target.period.year)
    if indicator.measure in FLOWS and whole and whole.judges and whole.value is not None:
        return whole.value
    return target.value or 0.0


def _passed(indicator: Indicator, day: date) -> list[Target]:
    """Return the last judging target before a day, as a list of at most one."""
    return [t for t in indicator.judging_targets if t.period.last < day][-1:]


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
    return [*indicator.year_targets, *indicator.part_targets]


def _within_year(indicator: Indicator, target: Target, day: date) -> float | None:
    points = {date(day.year, 1, 1): 0.0}
    parts = [t for t in indicator.part_targets if t.period.year == day.year]
    for part in [*parts, target]:  # where a quarter ends with the year, the year's target counts
        if part.value is not None:
            points[part.period.last] = part.value
    if indicator.curve in (Curve.PLANNED, Curve.STEPS) and len(points) < 3:
        return None
    return _between(sorted(points.items()), day, steps=indicator.curve is Curve.STEPS)


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

ASKS_VERIFIED = "核定"
"""How 本期应报 ended up to 0.3.0 where an indicator's row asked for the verified figure of a period."""
_YEARS_BACK = 3
"""For how many years the end of a passed target is offered; that of the last passed target always is."""

Reports = Iterable[tuple[Period, Nature | None]]
"""Data period and nature (数据性质) of each known figure."""


def due_period(indicator: Indicator, day: date, first_year: int) -> Period | None:
    """Return the newest data period, up to the last target, whose figure is published on a day.

    Where that of the year is not decided yet, it is the newest of all. None if the period ends before the
    plan's first year.
    """
    due = latest_published(day, indicator.frequency, indicator.lag_days)
    if not is_target_undecided(indicator, due.year):
        end = max(t.period.last for t in indicator.targets)
        due = min(due, period_of(end, indicator.frequency))
    if due.year < first_year:
        return None
    return due


def asked_period(indicator: Indicator, reported: Reports, day: date, first_year: int) -> Period | None:
    """Return the data period whose figure the row of an indicator asks for, None where that is known.

    That is the newest that is out on a day (`Calendar.asked_until`) and not before the plan's first year,
    unless the target of its year is not decided.
    """
    due = due_period(indicator, day, first_year)
    if due is None or is_target_undecided(indicator, due.year):
        return None
    if any(period >= due for period, _ in reported):
        return None
    return due


def unverified_targets(indicator: Indicator, reported: Reports, day: date, first_year: int) -> list[Target]:
    """Return the targets whose date has passed and whose verified figure (统计核定) is not known yet.

    That is the last one of a year that is judged, and the last one of all. Not one of the day for which the
    row of the indicator asks: its figure can be given there. See `asked_period` for the arguments.
    """
    known = list(reported)
    asked = asked_period(indicator, known, day, first_year)
    settled = {period.counted_on for period, nature in known if nature == Nature.VERIFIED}
    if asked is not None:
        settled.add(asked.counted_on)
    published = day - timedelta(days=indicator.lag_days)
    years = [t for t in indicator.year_targets if t.period.last < published and t.judges]
    waiting: list[Target] = []
    for target in [*years[-1:], *_passed(indicator, published)]:
        last = target.period.last
        if last.year >= first_year and last not in settled:
            settled.add(last)
            waiting.append(target)
    return waiting


def asked_label(asked: Period | None, indicator: Indicator, period: Period, day: date) -> str:
    """Return what stands in 本期应报 of a row that asks for `asked`, among figures that are out on a day."""
    if asked is not None:
        return f"{Due.ASKED.label}：{asked.dated_label}"
    if is_target_undecided(indicator, period.year):
        return Due.UNDECIDED.label
    newest = latest_published(day, indicator.frequency, indicator.lag_days)
    if all(target.period.last <= newest.last for target in indicator.targets):
        return Due.PAST.label
    return Due.NOT_YET.label


def final_label(period: Period) -> str:
    """Return what stands in 本期应报 of the row for the verified figure of a period."""
    if period.is_year:
        return f"{period.label}全年数（统计核定，含年报）"
    return f"{period.label}数（统计核定）"


def candidate_periods(indicator: Indicator, day: date, first_year: int) -> list[Period]:
    """Return the data periods that a form offers: the newest six, and the ends of recently passed targets.

    Of targets of parts of a year that is the last one that passed, where no other period ends with it.
    """
    due = due_period(indicator, day, first_year)
    if due is None:
        return []
    offered = [p for p in recent(due, indicator.frequency, 6) if p.year >= first_year]
    passed = [t.period for t in indicator.year_targets if t.period.last <= day]
    for period in reversed(passed):
        is_recent = period == passed[-1] or period.year > day.year - _YEARS_BACK
        if is_recent and period not in offered:
            offered.append(period)
    ends = {period.last for period in offered}
    offered += [t.period for t in _passed(indicator, day) if t.period.last not in ends]
    return offered
