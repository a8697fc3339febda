"""Rules for the rows of indicators."""

from collections.abc import Iterator

from tenproj_xl.core.answers import Due, Nature
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.findings import Finding, finding
from tenproj_xl.core.periods import Period, read_period
from tenproj_xl.core.scales import slip
from tenproj_xl.core.states import State
from tenproj_xl.core.texts import text_of
from tenproj_xl.forms.content import UNCHECKED
from tenproj_xl.model.evaluate_indicators import RATES, due_period
from tenproj_xl.model.history import Figure
from tenproj_xl.model.plan import Indicator, Measure
from tenproj_xl.validation.context import Context
from tenproj_xl.validation.entries import Entry, Unread
from tenproj_xl.validation.figures import (
    Comparison,
    computed_state,
    data_period,
    last_figure,
    state_of,
)
from tenproj_xl.validation.registry import rule

_OF_A_YEAR = (Measure.ANNUAL, Measure.ANNUAL_IN_YEAR)
_ADDING_UP = (*_OF_A_YEAR, Measure.CUMULATIVE)


@rule(Code.FIGURE_MISSING, on=("indicators",))
def figure_is_given(entry: Entry, context: Context) -> Iterator[Finding]:
    """Find a figure that is asked for and not given."""
    asked = str(entry.printed("asked") or "")
    if asked.startswith(Due.ASKED.label) and entry.inputs["value"] is None and not context.nil:
        yield finding(
            Code.FIGURE_MISSING, entry.place("value"), expected=asked.removeprefix(f"{Due.ASKED.label}：")
        )


@rule(Code.PERIOD_MISSING, Code.PERIOD_FUTURE, Code.PERIOD_BACKWARD, Code.PERIOD_STALE, on=("indicators",))
def figure_is_of_the_right_period(entry: Entry, context: Context) -> Iterator[Finding]:
    """Find figures without a period, of the future, or older than what is known already or asked for."""
    if entry.indicator is None:
        return
    for dated in entry.row.sheet.dated:
        if entry.inputs[dated.figure] is None or isinstance(entry.inputs[dated.period], Unread):
            continue
        period, place = data_period(entry), entry.place(dated.period)
        due = due_period(entry.indicator, context.period.last, context.plan.programme.first_year)
        if period is None:
            yield finding(Code.PERIOD_MISSING, place, advice=due.label if due else "2026年三季度")
        elif period.last > context.period.last:
            yield finding(Code.PERIOD_FUTURE, place, period.label)
        else:
            yield from _figure_is_new(entry, period, due, context)


def _figure_is_new(entry: Entry, period: Period, due: Period | None, context: Context) -> Iterator[Finding]:
    asked = read_period(str(entry.printed("data_period") or ""))
    if asked and period.last == asked.last:
        return  # the form may ask for an older period: the verified figure of a target
    if entry.value("nature") == Nature.VERIFIED:
        return
    last, place = last_figure(entry, context), entry.place("data_period")
    if last and period.last < last.period.last:
        yield finding(Code.PERIOD_BACKWARD, place, period.label, expected=last.period.label)
    elif due and period.last < due.last:
        yield finding(Code.PERIOD_STALE, place, period.label, expected=due.label)


@rule(Code.REQUIRED, on=("indicators",))
def lag_is_explained(entry: Entry, context: Context) -> Iterator[Finding]:
    """Find what is not filled in about a figure that is behind; one that is odd is to be looked at first."""
    state = state_of(entry, context)
    if state is None:
        return
    for required in entry.row.sheet.requires:
        applies = required.given == "state" and state in required.among
        if not applies or entry.inputs[required.field] is not None:
            continue
        first = ""
        if any(figure_is_plausible(entry, context)):
            first = "（请先核对最新数值，改正后不落后的不用填）"
        yield entry.lacking(Code.REQUIRED, required.field, when=f"进度评价为“{state.label}”{first}")


@rule(
    Code.NEGATIVE,
    Code.ZERO_FILLED,
    Code.UNIT_SUSPECT,
    Code.VALUE_FAR,
    Code.VALUE_JUMPED,
    Code.VALUE_FELL,
    on=("indicators",),
)
def figure_is_plausible(entry: Entry, context: Context) -> Iterator[Finding]:
    """Ask about a sum that fell, a value ten times the last or the target, and one that is 0 or less.

    Rates may have any sign and grow many times over: only one that is out by a factor of 100 is asked about.
    """
    value, period, indicator = entry.value("value"), data_period(entry), entry.indicator
    if not isinstance(value, float) or period is None or indicator is None:
        return
    comparison = Comparison(entry, "value", value, indicator.unit)
    target, last = _next_target(indicator, period), _comparable_last(entry, indicator, period, context)
    if indicator.measure in RATES:
        yield from _rate_is_plausible(comparison, target, last, context)
    elif value <= 0 and (value or last):
        yield _not_positive(comparison, last)
    elif last is None:
        is_due = any(t.period.last == period.last for t in indicator.targets)
        yield from comparison.with_target(target, context, low_too=is_due)
    elif out := slip(value, last, indicator.unit):
        yield comparison.unit_suspected(out, f"上次{text_of(last)}{indicator.unit}")
    else:
        yield from comparison.with_last(last, context, adds_up=indicator.measure in _ADDING_UP)


def _rate_is_plausible(
    comparison: Comparison, target: float, last: float | None, context: Context
) -> Iterator[Finding]:
    # Rates swing: only one that is almost exactly a hundredth or a hundred times the last is suspected.
    out = None
    if last is not None:
        out = slip(comparison.value, last, comparison.unit, least=0.8, most=1.25)
    if out:
        yield comparison.unit_suspected(out, f"上次{text_of(last)}{comparison.unit}")
    else:
        yield from comparison.with_target(target, context, low_too=False)


def _not_positive(comparison: Comparison, last: float | None) -> Finding:
    place, typed = comparison.entry.place("value"), comparison.entry.typed("value")
    if comparison.value:
        return finding(Code.NEGATIVE, place, typed)
    return finding(Code.ZERO_FILLED, place, typed, expected=f"{text_of(last)}{comparison.unit}")


def _comparable_last(entry: Entry, indicator: Indicator, period: Period, context: Context) -> float | None:
    """Return the last value of the same count, None where there is none or it is of a later period."""
    last = last_figure(entry, context)
    if last is None or not isinstance(last.value, float) or period.last < last.period.last:
        return None
    return last.value if _is_same_count(indicator, period, last) else None


def _is_same_count(indicator: Indicator, period: Period, last: Figure) -> bool:
    """Return whether the count went on between two figures; that of a year's flow begins anew in January."""
    return indicator.measure not in _OF_A_YEAR or period.last.year == last.period.last.year


def _next_target(indicator: Indicator, period: Period) -> float:
    """Return the target that comes next, else the last one; 0 where all are in words."""
    goal = 0.0
    for target in indicator.targets:
        if target.value is not None:
            goal = target.value
            if target.period.last >= period.last:
                break
    return goal


@rule(Code.UNIT_SUSPECT, Code.FORECAST_LOW, on=("indicators",))
def forecast_is_plausible(entry: Entry, context: Context) -> Iterator[Finding]:
    """Ask about a forecast of the year that is less than what is done already, or in another unit."""
    value, forecast, period = entry.value("value"), entry.value("forecast"), data_period(entry)
    if entry.indicator is None or not isinstance(forecast, float):
        return
    if not isinstance(value, float) or period is None or period.last.year != context.period.last.year:
        return
    unit = entry.indicator.unit
    comparison = Comparison(entry, "forecast", forecast, unit)
    if out := slip(forecast, value, unit):
        yield comparison.unit_suspected(out, f"最新数值为{text_of(value)}{unit}")
    elif entry.indicator.measure in _OF_A_YEAR and forecast < value:
        yield comparison.question(Code.FORECAST_LOW, value)


@rule(Code.FORMULA_DIFFERS, on=("indicators",))
def state_is_as_computed(entry: Entry, context: Context) -> Iterator[Finding]:
    """Find a state that is no longer what its formula gives: somebody wrote over it."""
    shown = entry.row.table_row.cells.get("state")
    if not isinstance(shown, str):
        return  # in .xls LibreOffice leaves 0 for a text that it did not compute anew
    state = computed_state(entry, context)
    if state is None:
        return
    # Where a script filled the form in, what was printed still stands there.
    not_computed = (UNCHECKED, State.MISSING.label, State.NOT_YET.label)
    if text_of(shown) not in (*state.labels, *not_computed):
        yield finding(Code.FORMULA_DIFFERS, entry.place("state"), text_of(shown), expected=state.label)
