"""Rules for the rows of indicators."""

import re
from collections.abc import Iterator

from tenproj_xl.core.answers import Due, Nature
from tenproj_xl.core.catalogue import Code, Severity
from tenproj_xl.core.cells import Value
from tenproj_xl.core.findings import Finding, finding
from tenproj_xl.core.numbers import PER_CENT, read_number
from tenproj_xl.core.parse import read_cell_in
from tenproj_xl.core.period_rows import indicator_of_row
from tenproj_xl.core.periods import Period, period_of, read_period
from tenproj_xl.core.states import State
from tenproj_xl.core.texts import plain, text_of
from tenproj_xl.core.wordings import Says, says
from tenproj_xl.forms.form import UNCHECKED
from tenproj_xl.model.evaluate_indicators import ASKS_VERIFIED, due_period
from tenproj_xl.model.history import Figure, figure_in
from tenproj_xl.model.plan import Indicator
from tenproj_xl.model.reviews import nature_falls
from tenproj_xl.validation.context import Context
from tenproj_xl.validation.entries import Entry
from tenproj_xl.validation.failures import Unread
from tenproj_xl.validation.figures import computed_state, data_period, last_figure, state_of, unexplained
from tenproj_xl.validation.registry import rule
from tenproj_xl.validation.row_rules.plausibility import figure_is_plausible

_ABOUT_SAME = 0.1
"""How far from what was reported, as a share, a verified figure may be where nothing newer tells."""
_NUMBER_WITH_UNIT = re.compile(r"([0-9]+(?:\.[0-9]+)?)([^0-9.;。]*)")
_TELLING_DIGITS = 3
"""From how many digits on two equal figures are hardly so by chance."""


@rule(Code.FIGURE_MISSING, on=("indicators",))
def figure_is_given(entry: Entry, context: Context) -> Iterator[Finding]:
    """Find a figure that is asked for and not given."""
    asked = str(entry.printed("asked") or "")
    is_owed = not context.nil and (entry.row.sheet.code, entry.code) not in context.answered_elsewhere
    if asked.startswith(Due.ASKED.label) and entry.inputs["value"] is None and is_owed:
        yield finding(
            Code.FIGURE_MISSING, entry.place("value"), expected=asked.removeprefix(f"{Due.ASKED.label}：")
        )


@rule(
    Code.PERIOD_MISSING,
    Code.PERIOD_FUTURE,
    Code.PERIOD_BACKWARD,
    Code.PERIOD_STALE,
    Code.PERIOD_OFF_CYCLE,
    on=("indicators",),
)
def figure_is_of_the_right_period(entry: Entry, context: Context) -> Iterator[Finding]:
    """Find figures without a period, of the future, or older than what is known already or asked for."""
    if entry.indicator is None or entry.is_unresolved:
        return
    calendar, first_year = context.settings.calendar, context.plan.programme.first_year
    known_until = calendar.known_until(context.period)
    due = due_period(entry.indicator, calendar.asked_until(context.period, entry.indicator), first_year)
    for dated in entry.row.sheet.dated:
        if entry.inputs[dated.figure] is None or isinstance(entry.inputs[dated.period], Unread):
            continue
        period, place = data_period(entry), entry.place(dated.period)
        if period is None:
            yield finding(Code.PERIOD_MISSING, place, advice=due.label if due else "2026年三季度")
        elif period.last > known_until:
            yield finding(Code.PERIOD_FUTURE, place, period.label)
        else:
            yield from _figure_is_new(entry, period, due, context)


def _figure_is_new(entry: Entry, period: Period, due: Period | None, context: Context) -> Iterator[Finding]:
    asked = read_period(str(entry.printed("data_period") or ""))
    if asked and period.last == asked.last:
        return  # the form may ask for an older period: the verified figure of a target
    last, place = last_figure(entry, context), entry.place("data_period")
    if entry.indicator and _is_off_cycle(period, entry.indicator):
        expected = entry.indicator.frequency.label
        yield finding(Code.PERIOD_OFF_CYCLE, place, period.label, expected=expected)
        return
    if entry.row.is_correction:
        return  # what is older than the newest is asked for there
    if entry.value("nature") == Nature.VERIFIED:
        if asked and due and period.last < due.last:  # a correction, beside which the new figure is owed
            yield finding(Code.PERIOD_STALE, place, period.label, expected=due.label)
        return
    if last and period.last < last.period.last:
        yield finding(Code.PERIOD_BACKWARD, place, period.label, expected=last.period.label)
    elif due and period.last < due.last:
        yield finding(Code.PERIOD_STALE, place, period.label, expected=due.label)


def _is_off_cycle(period: Period, indicator: Indicator) -> bool:
    """Return whether a month or quarter ends where no figure of the indicator's own cycle does."""
    of_cycle = period_of(period.last, indicator.frequency)
    is_part = not period.is_week and of_cycle.first <= period.first
    return is_part and of_cycle.last != period.last


@rule(Code.REQUIRED, on=("indicators",))
def lag_is_explained(entry: Entry, context: Context) -> Iterator[Finding]:
    """Find what is not filled in about a figure behind; what is odd about it is to be looked at first."""
    state, missing = state_of(entry, context), unexplained(entry, context)
    if state is None or not missing:
        return
    if not entry.verification and _is_doubted(entry, context):
        return  # a consequence of the figure or its period, of which something is said already
    for field in missing:
        yield entry.lacking(Code.REQUIRED, field, when=f"进度评价为“{state.label}”")


def _is_doubted(entry: Entry, context: Context) -> bool:
    """Return whether anything is found about a figure or its period.

    An older period is a slip at most in a first figure: no earlier than the last one, it is merely late.
    """
    codes = {found.code for found in figure_is_of_the_right_period(entry, context)}
    if last_figure(entry, context) is not None:
        codes.discard(Code.PERIOD_STALE)
    return bool(codes) or any(figure_is_plausible(entry, context))


@rule(Code.REMARK_AGAINST, on=("indicators",), needs=("value", "remark"))
def remark_goes_with_the_figure(entry: Entry, _: Context) -> Iterator[Finding]:
    """Ask about a remark that says that the figure beside it is another one."""
    remark = entry.value("remark")
    if not isinstance(remark, str) or entry.value("value") is None or entry.indicator is None:
        return
    if _undoes(remark, entry, entry.indicator):
        yield finding(Code.REMARK_AGAINST, entry.place("remark"), entry.typed("remark"))


def _undoes(remark: str, entry: Entry, indicator: Indicator) -> bool:
    if says(remark, Says.UNDOES):
        return not _names_the_figure(remark, entry.value("value"), indicator.unit)
    if says(remark, Says.ESTIMATE):
        return entry.value("nature") != Nature.EXPECTED
    if says(remark, Says.IN_UNIT):
        return re.split("单位[:：为是]*", remark)[-1].strip("。 ") != indicator.unit
    if says(remark, Says.OF_MONTH):
        period, month = data_period(entry), re.search(r"(?<!\d)(\d{1,2})月", plain(remark))
        return period is not None and month is not None and int(month[1]) != period.last.month
    return False


def _names_the_figure(remark: str, value: Value, unit: str) -> bool:
    """Return whether a remark that puts a figure right names the one filled in, in its unit or another."""
    numbers = _NUMBER_WITH_UNIT.findall(plain(remark).replace(",", ""))
    return any(value in _meant(number, behind, unit) for number, behind in numbers)


def _meant(number: str, behind: str, unit: str) -> list[Value]:
    """Return what a number in a sentence may mean in a unit, given the words behind it."""
    typed_unit = behind.removesuffix("为准").removesuffix("计")
    read = read_number(number + typed_unit, unit)
    if read.value is None:  # the words are no unit
        return [float(number)]
    if not typed_unit and unit in PER_CENT:
        return [read.value, float(f"{float(number) * 100:.15g}")]
    return [read.value]


@rule(Code.VERIFIED_STANDS, on=("indicators",))
def verified_figure_yields_to_another(entry: Entry, context: Context) -> Iterator[Finding]:
    """Tell that a figure does not take the place of a verified one of its data period."""
    value, period, indicator = entry.value("value"), data_period(entry), entry.indicator
    if value is None or period is None or indicator is None or entry.value("nature") == Nature.VERIFIED:
        return
    before = _verified_before(indicator, period, context)
    if before is None:
        return
    # One of this same period would be replaced with its whole row, which therefore stays out.
    is_of_this_period = (before.row.period.code, before.row.code) == (context.period.code, entry.code)
    if before.value != value or is_of_this_period:
        yield finding(
            Code.VERIFIED_STANDS,
            entry.place("value"),
            entry.typed("value"),
            Severity.ERROR if is_of_this_period else None,
            period=before.period.label,
            expected=_with_unit(before.value, indicator),
            found=_with_unit(value, indicator),
        )


def _verified_before(indicator: Indicator, period: Period, context: Context) -> Figure | None:
    """Return the verified figure of a data period that was reported before, the newest, None without one."""
    verified = [figure for figure in _figures_before(indicator, period, context) if figure.is_verified]
    return verified[-1] if verified else None


def _figures_before(indicator: Indicator, period: Period, context: Context) -> list[Figure]:
    """Return the figures of a data period that were reported before, the newest last."""
    figures = list(context.known.figures(indicator.code))
    for row in context.reported:
        figure = figure_in(row)
        if figure and row.sheet == "indicators" and indicator_of_row(row.code) == indicator.code:
            figures.append(figure)
    return [figure for figure in figures if figure.period.last == period.last]


@rule(Code.NATURE_FELL, on=("indicators",), needs=("value", "nature"))
def nature_is_no_lower_than_before(entry: Entry, context: Context) -> Iterator[Finding]:
    """Ask about a figure that replaces one of a higher nature; a verified one is not replaced at all."""
    value, period, indicator = entry.value("value"), data_period(entry), entry.indicator
    if period is None or indicator is None:
        return
    figures = _figures_before(indicator, period, context)
    if not figures or any(figure.is_verified for figure in figures):
        return
    before, nature = figures[-1], Nature.of(entry.value("nature"))
    if before.nature is None or nature is None or before.value == value:
        return
    if nature_falls(before.nature, nature):
        yield finding(
            Code.NATURE_FELL,
            entry.place("value"),
            entry.typed("value"),
            period=before.period.label,
            expected=f"{before.nature.label}{_with_unit(before.value, indicator)}",
            found=f"{nature.label}{_with_unit(value, indicator)}",
        )


@rule(Code.VERIFIED_DOUBTED, on=("indicators",))
def verified_figure_is_not_todays(entry: Entry, context: Context) -> Iterator[Finding]:
    """Ask about the newest figure where the verified one of an earlier period is asked for."""
    value, period, indicator = entry.value("value"), data_period(entry), entry.indicator
    asked = read_period(str(entry.printed("data_period") or ""))
    is_asked = entry.of_period is not None or str(entry.printed("asked") or "").endswith(ASKS_VERIFIED)
    if not is_asked or indicator is None or period is None or asked is None or period.last != asked.last:
        return
    if isinstance(value, float) and (why := _like_the_newest(value, asked, entry, context)):
        place, typed = entry.place("value"), entry.typed("value")
        yield finding(Code.VERIFIED_DOUBTED, place, typed, period=asked.label, why=why)


@rule(Code.PERIOD_LOCKED, on=("indicators",), needs=("value",))
def figure_is_of_the_period_of_its_row(entry: Entry, context: Context) -> Iterator[Finding]:
    """Find a figure in a row for one data period beside which another period was typed."""
    own, typed = entry.of_period, entry.typed("data_period")
    if own is None or not typed:
        return
    meaning = read_cell_in(context.period, typed, entry.column("data_period"))
    period = read_period(str(meaning.value or ""))
    if period is not None and period.last != own.last:
        yield finding(Code.PERIOD_LOCKED, entry.place("data_period"), typed, expected=own.label)


def _like_the_newest(value: float, asked: Period, entry: Entry, context: Context) -> str:
    """Return why a figure seems to be the newest one, not that of an earlier period; "" if it does not."""
    indicator = entry.indicator
    if indicator is None:
        return ""
    figures = [f for f in context.known.figures(indicator.code) if isinstance(f.value, float)]
    of_then = [float(f.value) for f in figures if f.period.last == asked.last]
    later = [f for f in figures if f.period.last > asked.last and indicator.is_comparable(f.period, asked)]
    if value in of_then[-1:]:
        return ""
    same = "" if entry.of_period is None else _same_as_now(value, indicator, context, is_known=bool(of_then))
    if same or not of_then or not later:
        return same
    then, newest = of_then[-1], float(later[-1].value)
    is_near_newest = abs(value - newest) < abs(value - then)
    is_beyond = (value - newest) * (newest - then) > 0
    is_off = newest == then and abs(value - then) > _ABOUT_SAME * abs(then)
    if not (is_near_newest or is_beyond or is_off):
        return ""
    unit = indicator.unit
    return (
        f"填了{text_of(value)}{unit}，与原报的{text_of(then)}{unit}差得多，"
        f"像是{later[-1].period.label}（{text_of(newest)}{unit}）以后的数"
    )


def _same_as_now(value: float, indicator: Indicator, context: Context, *, is_known: bool) -> str:
    """Return that a figure is the current one, of this return or reported last; "" where it is not.

    Where no figure of its period `is_known`, short ones may be equal by chance.
    """
    if not is_known and len(text_of(abs(value)).replace(".", "").strip("0")) < _TELLING_DIGITS:
        return ""
    if value == context.figures.get(indicator.code):
        return f"填的{text_of(value)}{indicator.unit}与本表这个指标的当期数一样"
    newest = context.known.figures(indicator.code)[-1:]
    if not is_known and newest and value == newest[0].value:
        return f"填的{text_of(value)}{indicator.unit}与{newest[0].period.label}的数一样"
    return ""


def _with_unit(value: Value, indicator: Indicator) -> str:
    """Return a figure as people read it; one in words has no unit."""
    if isinstance(value, float):
        return text_of(value) + indicator.unit
    return text_of(value)


_UNREPORTED = (State.MISSING, State.NOT_YET, State.PAST, State.UNDECIDED)
_NOT_COMPUTED = (UNCHECKED, *(state.label for state in _UNREPORTED))
"""What was printed, and stands there still where a script filled the form in."""


@rule(Code.FORMULA_DIFFERS, on=("indicators",))
def state_is_as_computed(entry: Entry, context: Context) -> Iterator[Finding]:
    """Find a state that is no longer what its formula gives: somebody wrote over it."""
    shown = entry.row.table_row.cells.get("state")
    if entry.row.sheet.code in context.reordered or entry.row.is_correction:
        return  # its steps stand on a sheet of their own, in the earlier order
    if not isinstance(shown, str):
        return  # in .xls LibreOffice leaves 0 for a text that it did not compute anew
    state = computed_state(entry, context)
    if state is None:
        return
    is_untouched = entry.of_period is not None and text_of(shown) == State.PENDING.label
    if text_of(shown) not in (*state.labels, *_NOT_COMPUTED) and not is_untouched:
        yield finding(Code.FORMULA_DIFFERS, entry.place("state"), text_of(shown), expected=state.label)
