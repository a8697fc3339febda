"""Rules that ask whether a figure can be: by its limits, its history, its row and its return."""

from collections.abc import Iterator
from functools import cached_property

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.findings import Finding, finding
from tenproj_xl.core.periods import Period
from tenproj_xl.core.scales import slip
from tenproj_xl.core.texts import text_of
from tenproj_xl.model.evaluate_indicators import FLOWS, RATES
from tenproj_xl.model.plan import Indicator, Measure, Target
from tenproj_xl.model.plausibility import (
    POINTS,
    SUMS,
    FigureLimits,
    NewFigure,
    goes_with,
    is_apart,
    is_below,
    is_far_ahead,
    limits_of,
)
from tenproj_xl.model.questions import QuestionState, answer_in
from tenproj_xl.validation.context import Context
from tenproj_xl.validation.entries import Entry
from tenproj_xl.validation.figures import Comparison, data_period, limits_for
from tenproj_xl.validation.registry import rule

_DOUBTED = (
    Code.FIGURES_SWAPPED,
    Code.NEGATIVE,
    Code.ZERO_FILLED,
    Code.NOT_WHOLE,
    Code.UNIT_SUSPECT,
    Code.VALUE_FAR,
    Code.VALUE_JUMPED,
    Code.VALUE_FELL,
    Code.VALUE_OFF,
    Code.BEYOND_LIMITS,
)
"""What may be asked about a figure."""
ADDING_UP = (Measure.ANNUAL, Measure.ANNUAL_IN_YEAR, Measure.CUMULATIVE)
"""The measures whose figures do not fall while their count goes on."""
_NOTICEABLE = 0.1
"""The share by which a rate of completion falls before it is asked about: its plan may have grown."""
_HARDLY_NOUGHT = 0.25
"""The share of the target on pace from which 0 is hardly meant."""
_MOST_FORECAST = 3.0
"""How many times what is likely by the end of the year a forecast may be."""


@rule(*_DOUBTED, on=("indicators",), needs=("value", "data_period"))
def figure_is_plausible(entry: Entry, context: Context) -> Iterator[Finding]:
    """Ask about a figure that hardly can be, once, by what explains it best.

    Rates may have any sign and grow many times over: only one that is out by a factor of 100, or far from a
    long history, is asked about.
    """
    value, period, indicator = entry.value("value"), data_period(entry), entry.indicator
    if not isinstance(value, float) or period is None or indicator is None:
        return
    if period.last > context.settings.calendar.known_until(context.period):
        return  # a consequence of the period, which is asked about
    doubts = _Doubts(entry, context, indicator, period, value)
    for found in doubts.found():
        yield found
        return


@dataclass(frozen=True)
class _Doubts:
    """What can be asked about one figure; the gravest first."""

    entry: Entry
    context: Context
    indicator: Indicator
    period: Period
    value: float

    def found(self) -> Iterator[Finding]:
        """Yield what is odd about the figure, what explains it best first."""
        yield from self._swapped()
        if self.indicator.measure in RATES:
            yield from self._rate()
        elif self.value <= 0 and self.indicator.low is None:
            yield from self._not_positive()
        else:
            yield from self._amount()
        yield from self._against_limits()

    @cached_property
    def _comparison(self) -> Comparison:
        return Comparison(self.entry, "value", self.value, self.indicator.unit)

    @cached_property
    def _limits(self) -> FigureLimits:
        return limits_of(self.indicator, self.context.plan)

    @cached_property
    def _last(self) -> float | None:
        if self.entry.row.is_correction or self._is_corrected:
            return self._before
        return comparable_last(self.indicator.code, self.indicator, self.period, self.context)

    @property
    def _is_corrected(self) -> bool:
        """Whether 核实说明 says that the last figure, of the same data period, was wrong."""
        last = next(reversed(self.context.known.figures(self.indicator.code)), None)
        if last is None or last.period.last != self.period.last:
            return False
        return answer_in(self.entry.verification) is QuestionState.CORRECTED

    @property
    def _before(self) -> float | None:
        """The figure of the data period before, which one that is put right is compared with."""
        figures = self.context.known.figures(self.indicator.code)
        earlier = [figure for figure in figures if figure.period.last < self.period.last]
        if not earlier or not is_same_count(self.indicator, self.period, earlier[-1].period):
            return None
        value = earlier[-1].value
        return value if isinstance(value, float) else None

    @cached_property
    def _target(self) -> Target | None:
        return _next_target(self.indicator, self.period)

    @cached_property
    def _goal(self) -> float:
        if self._target is None:
            return 0.0
        return self._target.value or 0.0

    @cached_property
    def _new(self) -> NewFigure:
        others = []
        for figure in self.context.known.figures(self.indicator.code):
            if figure.period.last != self.period.last and isinstance(figure.value, float):
                others.append((figure.period, figure.value))
        return NewFigure(
            indicator=self.indicator,
            period=self.period,
            value=self.value,
            others=others,
            limits=self._limits,
        )

    def _swapped(self) -> Iterator[Finding]:
        """Ask about two figures of one return that each fit the other's row better."""
        if self._last is None or not is_apart(self.value, self._last):
            return
        for code, value in self.context.figures.items():
            other = self.context.plan.indicator(code)
            if other is None or code == self.indicator.code or not goes_with(value, self._last):
                continue
            last = comparable_last(code, other, self.period, self.context)
            if last is not None and goes_with(self.value, last) and is_apart(value, last):
                yield finding(
                    Code.FIGURES_SWAPPED,
                    self.entry.place("value"),
                    self.entry.typed("value"),
                    found=text_of(self.value) + self.indicator.unit,
                    expected=text_of(self._last) + self.indicator.unit,
                    other=f"{code}“{other.name}”",
                )

    def _rate(self) -> Iterator[Finding]:
        # Rates swing: only one that is almost exactly a hundredth or a hundred times the last is suspected.
        out = None
        if self._last is not None:
            out = slip(self.value, self._last, self.indicator.unit, least=0.8, most=1.25)
        if out:
            yield self._comparison.unit_suspected(out, f"上次{text_of(self._last)}{self.indicator.unit}")
        else:
            yield from self._comparison.with_target(self._goal, self.context, low_too=False)
        yield from self._off_history()

    def _not_positive(self) -> Iterator[Finding]:
        place, typed = self.entry.place("value"), self.entry.typed("value")
        if self.value:
            yield finding(Code.NEGATIVE, place, typed)
        elif self._last:
            yield finding(
                Code.ZERO_FILLED, place, typed, expected=f"上次为{text_of(self._last)}{self.indicator.unit}"
            )
        elif self._last is None and (expected := self._expected_by_now()):
            against = f"按目标进度应有约{expected:.4g}{self.indicator.unit}"
            yield finding(Code.ZERO_FILLED, place, typed, expected=against)

    def _expected_by_now(self) -> float | None:
        """Return what is on pace where the better part of the way should be behind, else None."""
        stick = limits_for(self.indicator, self.period, self.context)
        is_far_on = stick.pace is not None and stick.pace >= _HARDLY_NOUGHT
        if is_far_on and stick.expected is not None and stick.expected >= 1:
            return stick.expected
        return None

    def _amount(self) -> Iterator[Finding]:
        """Ask about an amount by its target where it is the first, else by the last one."""
        if self._last is None:
            is_due = any(t.period.last == self.period.last for t in self.indicator.targets)
            low_too = is_due or self._is_far_behind_pace()
            yield from self._comparison.with_target(self._goal, self.context, low_too=low_too)
            yield from self._ahead_of_target()
        elif out := slip(self.value, self._last, self.indicator.unit):
            yield self._comparison.unit_suspected(out, f"上次{text_of(self._last)}{self.indicator.unit}")
        else:
            yield from self._comparison.with_last(self._last, self.context, falls=self._falls(self._last))
        if self._limits.places == 0 and not self.value.is_integer():
            yield finding(
                Code.NOT_WHOLE,
                self.entry.place("value"),
                self.entry.typed("value"),
                expected=self.indicator.unit,
            )
        yield from self._off_history()

    def _is_far_behind_pace(self) -> bool:
        """Return whether so little is done of what should be that its unit may be another one."""
        expected = self._expected_by_now()
        return expected is not None and self.value * self.context.settings.jump <= expected

    def _falls(self, last: float) -> bool:
        if self.indicator.measure is Measure.COMPLETION:
            return self.value < (1 - _NOTICEABLE) * last
        return self.indicator.measure in ADDING_UP and is_below(self.value, last, self._limits)

    def _ahead_of_target(self) -> Iterator[Finding]:
        target = self._target
        if target is None or not target.judges or target.period.last < self.period.last:
            return
        if self.indicator.measure in FLOWS and target.period.year != self.period.year:
            return
        if is_far_ahead(self._new, self._goal):
            yield self._comparison.question(Code.VALUE_FAR, self._goal)

    def _off_history(self) -> Iterator[Finding]:
        known = self._new.others
        if not known or not self._new.is_off():
            return
        period, last = known[-1]
        yield finding(
            Code.VALUE_OFF,
            self.entry.place("value"),
            self.entry.typed("value"),
            found=text_of(self.value) + self.indicator.unit,
            expected=f"{text_of(last)}{self.indicator.unit}（{period.label}）",
        )

    def _against_limits(self) -> Iterator[Finding]:
        low, high = self._limits.low, self._limits.high
        if self.indicator.high is None and self._needs_no_limit_of_unit(high):
            high = None
        said = ""
        if low is not None and self.value < low:
            said = f"下限{text_of(low)}{self.indicator.unit}"
        elif high is not None and self.value > high:
            said = f"上限{text_of(high)}{self.indicator.unit}"
        if said:
            found = text_of(self.value) + self.indicator.unit
            place, typed = self.entry.place("value"), self.entry.typed("value")
            yield finding(Code.BEYOND_LIMITS, place, typed, found=found, expected=said)

    def _needs_no_limit_of_unit(self, high: float | None) -> bool:
        """Return whether the figure is held against its own last one instead.

        That of a difference in points, often 0, does not tell how much is too much.
        """
        if self.indicator.unit == POINTS and high is not None:
            return self._last is not None and self._last > high
        return self._last is not None or self.indicator.measure in RATES


def comparable_last(code: str, indicator: Indicator, period: Period, context: Context) -> float | None:
    """Return the last value of the same count, None where there is none or it is of a later period."""
    last = next(reversed(context.known.figures(code)), None)
    if last is None or not isinstance(last.value, float) or period.last < last.period.last:
        return None
    if is_same_count(indicator, period, last.period):
        return last.value
    return None


def is_same_count(indicator: Indicator, period: Period, before: Period) -> bool:
    """Return whether the count went on between the figures of two data periods.

    That of a year's flow begins anew in January, and any with a new scope (口径调整).
    """
    is_of_one_year = indicator.measure not in FLOWS or period.year == before.year
    return is_of_one_year and indicator.is_comparable(period, before)


def _next_target(indicator: Indicator, period: Period) -> Target | None:
    """Return the target that comes next, else the last one; None where all are in words."""
    goal = None
    for target in indicator.targets:
        if target.value is not None:
            goal = target
            if target.period.last >= period.last:
                break
    return goal


@rule(
    Code.UNIT_SUSPECT, Code.FORECAST_LOW, Code.FORECAST_FAR, on=("indicators",), needs=("value", "forecast")
)
def forecast_is_plausible(entry: Entry, context: Context) -> Iterator[Finding]:
    """Ask about a forecast of the year that is less than what is done, in another unit, or out of proportion.

    It says nothing beside a figure that is asked about itself.
    """
    value, forecast, period = entry.value("value"), entry.value("forecast"), data_period(entry)
    indicator = entry.indicator
    if indicator is None or not isinstance(forecast, float) or not isinstance(value, float):
        return
    if period is None or period.year != context.period.year:
        return
    if any(figure_is_plausible(entry, context)):
        return
    comparison = Comparison(entry, "forecast", forecast, indicator.unit)
    likely = _likely_by_year_end(indicator, period, value)
    if out := slip(forecast, value, indicator.unit):
        yield comparison.unit_suspected(out, f"最新数值为{text_of(value)}{indicator.unit}")
    elif indicator.measure in SUMS and is_below(forecast, value, limits_of(indicator, context.plan)):
        yield comparison.question(Code.FORECAST_LOW, value)
    elif indicator.measure not in RATES and likely and forecast > _MOST_FORECAST * likely:
        yield comparison.question(Code.FORECAST_FAR, value)


def _likely_by_year_end(indicator: Indicator, period: Period, value: float) -> float:
    """Return what the year may end with, at most: the figure in its time's proportion, or the target."""
    share = 1.0
    if indicator.measure in FLOWS:
        share = period.counted_on.timetuple().tm_yday / 366
    target = _next_target(indicator, period)
    goal = 0.0
    if target is not None:
        goal = target.value or 0.0
    return max(value / share, goal)


@rule(Code.RANK_DOUBTFUL, on=("indicators",), needs=("city_rank",))
def rank_is_a_place(entry: Entry, context: Context) -> Iterator[Finding]:
    """Ask about a rank that is no whole number, or beyond the number of those who are ranked."""
    rank, most = entry.value("city_rank"), context.plan.programme.ranked
    if isinstance(rank, float) and rank >= 1 and not (rank.is_integer() and rank <= most):
        yield finding(Code.RANK_DOUBTFUL, entry.place("city_rank"), entry.typed("city_rank"), expected=most)


@rule(Code.RANK_DIFFERS, on=("indicators",), needs=("city_rank", "data_period"))
def rank_is_what_superiors_say(entry: Entry, context: Context) -> Iterator[Finding]:
    """Ask about a rank that is not the one which the office has entered for the data period."""
    rank, period = entry.value("city_rank"), data_period(entry)
    if not isinstance(rank, float) or period is None or entry.indicator is None:
        return
    said = context.settings.rankings.of(entry.indicator.code, period, context.plan)
    if said is None or said.rank is None or said.rank == rank:
        return
    place, typed = entry.place("city_rank"), entry.typed("city_rank")
    yield finding(Code.RANK_DIFFERS, place, typed, expected=said.rank, near=period.label)
