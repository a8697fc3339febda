"""Rules for the rows in which figures of earlier periods are put right."""

from collections.abc import Iterator
from datetime import date

from tenproj_xl.core.answers import Nature
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import Value
from tenproj_xl.core.findings import Finding, finding, quoted
from tenproj_xl.core.period_rows import indicator_of_row
from tenproj_xl.core.periods import Period
from tenproj_xl.core.sheets import VERIFICATION
from tenproj_xl.core.texts import is_blank, text_of
from tenproj_xl.model.conflicts import row_name
from tenproj_xl.model.evaluate_indicators import asked_period
from tenproj_xl.model.history import Figure, figure_in
from tenproj_xl.model.plan import Indicator
from tenproj_xl.model.plausibility import is_below, limits_of
from tenproj_xl.model.questions import QuestionState, answer_in
from tenproj_xl.model.reviews import nature_rises
from tenproj_xl.validation.context import Context
from tenproj_xl.validation.corrections import is_nothing, typed_name
from tenproj_xl.validation.entries import Entry
from tenproj_xl.validation.figures import data_period, last_figure
from tenproj_xl.validation.given_figures import given_figure
from tenproj_xl.validation.registry import rule
from tenproj_xl.validation.row_rules.plausibility import ADDING_UP, is_same_count


@rule(Code.CORRECTION_INCOMPLETE, Code.CORRECTION_UNKNOWN, on=("indicators",))
def correction_names_its_figure(entry: Entry, _: Context) -> Iterator[Finding]:
    """Find a row for corrections without indicator, period or figure, or with an indicator of others."""
    row = entry.row
    cells = row.table_row.cells
    typed, field = typed_name(row)
    is_begun = bool(typed) or not all(is_nothing(text_of(cells.get(c.field))) for c in row.open_columns)
    if not row.is_correction or not is_begun:
        return
    if typed and not row.corrects:
        yield finding(Code.CORRECTION_UNKNOWN, entry.place(field), typed)
    lacking = [] if typed else ["name"]
    lacking += [name for name in ("data_period", "value") if is_blank(text_of(cells.get(name)))]
    for name in lacking:
        header = row.sheet.column(name).header
        place = entry.place(name)
        yield finding(Code.CORRECTION_INCOMPLETE, place, expected=header, advice=_ADVICE[name])


_ADVICE = {
    "name": "从下拉选项中选择",
    "data_period": "更正的是哪一期的数，如 2026年8月",
    "value": "更正后的数，如 72.5",
}
"""How what a row for corrections lacks is filled in."""


@rule(Code.CORRECTION_CURRENT, on=("indicators",), needs=("value", "data_period"))
def correction_is_of_an_earlier_period(entry: Entry, context: Context) -> Iterator[Finding]:
    """Find a figure that is no correction: of the period that its own row asks for, or a newer one."""
    period, indicator = data_period(entry), entry.indicator
    if not entry.row.is_correction or entry.is_unresolved or period is None or indicator is None:
        return
    if _is_new(period, indicator, context):
        yield finding(
            Code.CORRECTION_CURRENT,
            entry.place("data_period"),
            entry.typed("data_period"),
            expected=period.label,
            name=indicator.name,
        )


def _is_new(period: Period, indicator: Indicator, context: Context) -> bool:
    """Return whether figures of a period are none to be put right: its own row asks for them, or will."""
    calendar = context.settings.calendar
    figures = context.known.figures(indicator.code)
    is_known = any(figure.period.last == period.last for figure in figures)
    if is_known or period.last > calendar.known_until(context.period):
        return False
    reported = [(figure.period, figure.nature) for figure in figures]
    asked_until = calendar.asked_until(context.period, indicator)
    asked = asked_period(indicator, reported, asked_until, context.plan.programme.first_year)
    if asked is not None:
        return period.last >= asked.last
    return all(figure.period.last < period.last for figure in figures)


@rule(Code.CORRECTION_TWICE, on=("indicators",), needs=("value",))
def figure_is_given_once(entry: Entry, context: Context) -> Iterator[Finding]:
    """Find a figure that another row of the return gives, too: both are told, and neither counts."""
    period, indicator = data_period(entry), entry.indicator
    if entry.is_unresolved or period is None or indicator is None:
        return
    others: list[int] = []
    if entry.row.is_correction:
        others += [n for n in context.of_periods.get(entry.code, ()) if n != entry.row.number]
    own = given_figure(entry, period)
    for other in context.given.get((indicator.code, period.last), ()):
        if other.row in (*others, own.row) or not other.contradicts(own):
            continue
        if (own.is_correction or other.is_correction) and _is_new(period, indicator, context):
            continue  # the correction is none, which is told of it
        others.append(other.row)
    if others:
        rows = "、".join(map(str, sorted(others)))
        yield finding(Code.CORRECTION_TWICE, entry.place("value"), entry.typed("value"), rows=rows)


@rule(Code.CORRECTION_SAME, on=("indicators",), needs=("value",))
def correction_changes_something(entry: Entry, context: Context) -> Iterator[Finding]:
    """Tell that a figure is the one that was reported, which changes nothing."""
    before = _before(entry, context)
    value, nature = entry.value("value"), Nature.of(entry.value("nature"))
    if before is None or before.value != value or nature_rises(before.nature, nature):
        return
    if _is_repeated(entry, context):
        return
    shown = text_of(value)
    if isinstance(value, float) and entry.indicator is not None:
        shown += entry.indicator.unit
    yield finding(Code.CORRECTION_SAME, entry.place("value"), entry.typed("value"), found=shown)


def _before(entry: Entry, context: Context) -> Figure | None:
    """Return the figure that a row for corrections is about, as earlier periods had it."""
    period, indicator = data_period(entry), entry.indicator
    if not entry.row.is_correction or entry.is_unresolved or period is None or indicator is None:
        return None
    of_then = [f for f in context.known.figures(indicator.code) if f.period.last == period.last]
    return next(reversed(of_then), None)


def _is_repeated(entry: Entry, context: Context) -> bool:
    """Return whether the figure was corrected in this period already: back to what it was is a correction."""
    return any(row.code == entry.code for row in context.reported)


@rule(Code.CORRECTION_STAYS, on=("indicators",), needs=("value",))
def correction_before_stays(entry: Entry, context: Context) -> Iterator[Finding]:
    """Tell that another figure, which was corrected in the same row before, stays as it was corrected."""
    if not entry.row.is_correction or entry.is_unresolved:
        return
    place = entry.row.form_code
    before = {row.code: row for row in context.corrected if row.values.get("code") == place}
    for code, row in before.items():
        if code != entry.code and code not in context.of_periods:
            said = f"{quoted(row_name(row))}{text_of(row.values.get('value'))}{row.values.get('unit') or ''}"
            yield finding(Code.CORRECTION_STAYS, entry.place("name"), entry.typed("name"), expected=said)


@rule(Code.CORRECTION_LACKING, on=("indicators",))
def figure_said_to_be_wrong_is_corrected(entry: Entry, context: Context) -> Iterator[Finding]:
    """Tell that 核实说明 says that the last figure is wrong, and no other one came with it."""
    indicator = entry.indicator
    if indicator is None or entry.row.is_correction or entry.of_period is not None:
        return
    if answer_in(entry.verification) is not QuestionState.CORRECTED:
        return
    last = last_figure(entry, context)
    if last is None or _is_another(entry, last) or _is_corrected(indicator, last.period, context):
        return
    if _is_about_another_cell(entry, last):
        return
    expected = text_of(last.value)
    if isinstance(last.value, float):
        expected += indicator.unit
    yield finding(
        Code.CORRECTION_LACKING,
        entry.place(VERIFICATION),
        entry.verification,
        period=last.period.label,
        expected=expected,
    )


def _is_another(entry: Entry, last: Figure) -> bool:
    """Return whether a row gives a figure, and not the last one once more."""
    if entry.inputs["value"] is None:
        return False
    period = data_period(entry)
    return period is None or period.last != last.period.last or entry.value("value") != last.value


def _is_corrected(indicator: Indicator, period: Period, context: Context) -> bool:
    """Return whether a figure was corrected before, or is so in a row for corrections of this return."""
    if any(indicator_of_row(code) == indicator.code for code in context.of_periods):
        return True
    reported = map(figure_in, context.known.reports_on_figures(indicator.code))
    return len({f.value for f in reported if f and f.period.last == period.last}) > 1


def _is_about_another_cell(entry: Entry, last: Figure) -> bool:
    """Return whether what a row puts right is the forecast or the rank that came with the last figure."""
    for field in ("forecast", "city_rank"):
        before = last.row.values.get(field)
        if None not in (before, entry.inputs[field]) and entry.value(field) != before:
            return True
    return False


@rule(Code.CORRECTION_BEYOND, on=("indicators",), needs=("value",))
def correction_is_no_more_than_later_figures(entry: Entry, context: Context) -> Iterator[Finding]:
    """Ask about a figure of what adds up that is more than the one after it."""
    value, period, indicator = entry.value("value"), data_period(entry), entry.indicator
    if not entry.row.is_correction or entry.is_unresolved or indicator is None or period is None:
        return
    if not isinstance(value, float) or indicator.measure not in ADDING_UP:
        return
    found = _after(period, indicator, context)
    if found is None:
        return
    after, later = found
    if not isinstance(later, float):
        return
    limits = limits_of(indicator, context.plan)
    if is_same_count(indicator, after, period) and is_below(later, value, limits):
        yield finding(
            Code.CORRECTION_BEYOND,
            entry.place("value"),
            entry.typed("value"),
            found=f"{period.label}的{text_of(value)}{indicator.unit}",
            period=after.label,
            expected=f"{text_of(later)}{indicator.unit}",
        )


def _after(period: Period, indicator: Indicator, context: Context) -> tuple[Period, Value] | None:
    """Return the next data period that has a figure, and the figure: what the return gives goes first."""
    later: dict[date, tuple[Period, Value]] = {}
    later |= {f.period.last: (f.period, f.value) for f in context.known.figures(indicator.code)}
    for (code, last), given in context.given.items():
        if code == indicator.code:
            later[last] = (given[-1].period, given[-1].value)
    days = [day for day in later if day > period.last]
    return later[min(days)] if days else None
