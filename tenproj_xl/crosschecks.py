"""Checks that no single cell can answer: between the cells of a row, against what was printed and what was said before.

Each check yields findings for one entry and stays silent about cells that were not understood.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from tenproj_xl.entries import Entry, Unread
from tenproj_xl.evaluate import State, due_period, yardstick
from tenproj_xl.findings import Code, Finding, finding
from tenproj_xl.history import Figure, History
from tenproj_xl.lives import life
from tenproj_xl.periods import Period, read_period
from tenproj_xl.plan import Indicator, Measure, Plan
from tenproj_xl.settings import Settings
from tenproj_xl.sheets import ASKED, PERIOD_END, VERIFIED
from tenproj_xl.values import canonical, text_of


@dataclass(frozen=True)
class Context:
    """What a return is checked against: `known` is what was accepted for earlier periods."""

    plan: Plan
    settings: Settings
    period: Period
    known: History
    nil: bool


Check = Callable[[Entry, Context], Iterator[Finding]]


def crosschecks(entry: Entry, context: Context) -> list[Finding]:
    """What is wrong between the cells of an entry, and with what was printed and said before."""
    checks = (*_EVERYWHERE, *_BY_SHEET[entry.row.sheet.code])
    return [f for check in checks for f in check(entry, context)]


# --- against what we printed


def _office_cells_stand(entry: Entry, _: Context) -> Iterator[Finding]:
    for edit in entry.row.edits:
        yield finding(
            Code.OFFICE_EDITED,
            entry.place(edit.column.field),
            text_of(edit.found) or "空白",
            expected=edit.column.header,
            printed=text_of(edit.printed) or "空白",
        )


# --- indicators


def _figure_dated(entry: Entry, context: Context) -> Iterator[Finding]:
    for rule in entry.row.sheet.dated:
        if entry.inputs[rule.figure] is None or isinstance(entry.inputs[rule.period], Unread):
            continue
        period, indicator, place = _data_period(entry), entry.indicator, entry.place(rule.period)
        if indicator is None:
            continue
        due = due_period(indicator, context.period.last, context.plan.programme.first_year)
        if period is None:
            yield finding(Code.PERIOD_MISSING, place, advice=due.label if due else "2026年三季度")
        elif period.last > context.period.last:
            yield finding(Code.PERIOD_FUTURE, place, period.label)
        else:
            yield from _older_than(entry, period, due, context)


def _older_than(entry: Entry, period: Period, due: Period | None, context: Context) -> Iterator[Finding]:
    last, asked = _last_figure(entry, context), read_period(str(entry.printed("data_period") or ""))
    if asked and period.last == asked.last:  # the form may ask for an older period: the verified figure of a target
        return
    if last and period.last < last.period.last and entry.value("nature") != VERIFIED:
        place = entry.place("data_period")
        yield finding(Code.PERIOD_BACKWARD, place, period.label, expected=last.period.label)
    elif due and period.last < due.last and entry.value("nature") != VERIFIED:
        yield finding(Code.PERIOD_STALE, entry.place("data_period"), period.label, expected=due.label)


def _figure_given(entry: Entry, context: Context) -> Iterator[Finding]:
    asked = str(entry.printed("asked") or "")
    if asked.startswith(ASKED) and entry.inputs["value"] is None and not context.nil:
        yield finding(Code.FIGURE_MISSING, entry.place("value"), expected=asked.removeprefix(f"{ASKED}："))


def _lag_explained(entry: Entry, context: Context) -> Iterator[Finding]:
    period, value = _data_period(entry), entry.value("value")
    if entry.indicator is None or period is None or value is None or isinstance(entry.inputs["nature"], Unread):
        return
    if period.last > context.period.last:
        return  # a figure of the future is an error already
    state = yardstick(entry.indicator, period, context.settings).state(value, str(entry.value("nature") or ""))
    for rule in entry.row.sheet.requires:
        if rule.given == "state" and state in rule.among and entry.inputs[rule.field] is None:
            yield entry.lacking(Code.REQUIRED, rule.field, when=f"进度评价为“{state}”")


_ADDING_UP = (Measure.ANNUAL, Measure.ANNUAL_IN_YEAR, Measure.CUMULATIVE)
_SWINGING = (Measure.GROWTH, Measure.COMPARATIVE)


def _figure_plausible(entry: Entry, context: Context) -> Iterator[Finding]:
    """A sum that fell, a value ten times the last or the target: plausible now and then, so a question.

    Rates swing about nought, so many times the last is nothing there; a fall that a remark calls 核减 is explained.
    """
    value, period, indicator = entry.value("value"), _data_period(entry), entry.indicator
    if not isinstance(value, float) or period is None or indicator is None:
        return
    jump, last = context.settings.jump, _comparable(entry, period, context)
    if indicator.measure in _SWINGING or last is None:
        goal = _goal(indicator, period)
        due = any(t.period.last == period.last for t in indicator.targets)
        factor = _factor(value, goal)
        if factor >= jump and (abs(value) > abs(goal) or (due and indicator.measure not in _SWINGING)):
            yield _question(Code.VALUE_FAR, entry, value, goal, factor)
    elif (factor := _factor(value, last)) >= jump:
        yield _question(Code.VALUE_JUMPED, entry, value, last, factor)
    elif indicator.measure in _ADDING_UP and value < last and "核减" not in str(entry.value("remark")):
        yield _question(Code.VALUE_FELL, entry, value, last, factor)


def _question(code: Code, entry: Entry, value: float, other: float, factor: float) -> Finding:
    unit = entry.indicator.unit if entry.indicator else ""
    found, expected = text_of(value) + unit, text_of(other) + unit
    typed = entry.typed("value")
    return finding(code, entry.place("value"), typed, found=found, expected=expected, factor=f"{factor:.0f}")


def _factor(value: float, other: float) -> float:
    """How many times one is the other, whichever is more; 1 where there is nothing to compare."""
    factor = abs(value / other) if value and other else 1.0
    return max(factor, 1 / factor)


def _comparable(entry: Entry, period: Period, context: Context) -> float | None:
    """The last value of the same count, as long as this one is no older."""
    last = _last_figure(entry, context)
    if last is None or entry.indicator is None or not isinstance(last.value, float):
        return None
    return last.value if period.last >= last.period.last and _same_count(entry.indicator, period, last) else None


def _goal(indicator: Indicator, period: Period) -> float:
    """The target that comes next, or the last one; 0 where it is in words."""
    targets = [t for t in indicator.targets if t.value is not None]
    coming = next((t for t in targets if t.period.last >= period.last), None) or next(reversed(targets), None)
    return (coming.value or 0.0) if coming else 0.0


def _same_count(indicator: Indicator, period: Period, last: Figure) -> bool:
    """True unless the count began anew between two figures, as a year's flow does in January."""
    return indicator.measure is Measure.CUMULATIVE or (
        indicator.measure not in _ADDING_UP or period.last.year == last.period.last.year
    )


def _data_period(entry: Entry) -> Period | None:
    found = entry.value("data_period")
    return read_period(str(found)) if found else None


def _last_figure(entry: Entry, context: Context) -> Figure | None:
    return next(reversed(context.known.figures(entry.code)), None)


def _state_recomputed(entry: Entry, context: Context) -> Iterator[Finding]:
    """A derived cell that is no longer what its formula gives: somebody wrote over it."""
    shown = entry.row.table_row.cells.get("state")
    if not isinstance(shown, str) or isinstance(entry.inputs["value"], Unread):
        return  # in .xls LibreOffice leaves 0 for a text that it did not compute anew
    period, value = _data_period(entry), entry.value("value")
    if entry.indicator is None or period is None or value is None:
        return
    state = yardstick(entry.indicator, period, context.settings).state(value, str(entry.value("nature") or ""))
    not_computed = ("待核", State.MISSING, State.NOT_YET)  # as printed, where a script filled the form in
    if text_of(shown) not in (state, *not_computed):
        yield finding(Code.FORMULA_DIFFERS, entry.place("state"), text_of(shown), expected=state)


# --- tasks and issues


def _dates_in_order(entry: Entry, context: Context) -> Iterator[Finding]:
    sheet = entry.row.sheet
    cells = {name: entry.value(name) for rule in sheet.in_order for name in (rule.earlier, rule.later)}
    cells[PERIOD_END] = context.period.last
    for rule in sheet.in_order:
        if rule.broken(cells):
            found, limit = (_spoken_date(entry, name, cells[name]) for name in (rule.earlier, rule.later))
            place = entry.place(rule.field)
            yield finding(Code.DATES_ORDER, place, entry.typed(rule.field), found=found, expected=limit)


def _spoken_date(entry: Entry, name: str, day: object) -> str:
    return f"本期最后一天{day}" if name == PERIOD_END else f"“{entry.column(name).header}”{day}"


def _answers_agree(entry: Entry, _: Context) -> Iterator[Finding]:
    for rule in entry.row.sheet.at_odds:
        if rule.broken({name: entry.value(name) for name in (rule.field, rule.other)}):
            yield finding(Code.DONE_HALFWAY, entry.place(rule.field), entry.typed(rule.field))


def _still_planned(entry: Entry, context: Context) -> Iterator[Finding]:
    planned = {i.code for i in context.plan.indicators} | {t.code for t in context.plan.tasks}
    if entry.is_answered and entry.code not in planned:
        yield finding(Code.NOT_PLANNED, entry.place("code"), entry.code)


def _not_negative(entry: Entry, _: Context) -> Iterator[Finding]:
    value = entry.value("value")
    if isinstance(value, float) and value < 0 and entry.indicator and entry.indicator.measure not in _SWINGING:
        yield finding(Code.NEGATIVE, entry.place("value"), entry.typed("value"))


def _registered_whole(entry: Entry, _: Context) -> Iterator[Finding]:
    if entry.code or not entry.is_answered:
        return
    for field in entry.row.sheet.registers:
        if entry.inputs[field] is None:
            yield entry.lacking(Code.ISSUE_INCOMPLETE, field)


def strange_links(related: object, plan: Plan) -> list[str]:
    """The codes in a 关联编号 that are no indicator's and no task's."""
    known = {"无", *(i.code for i in plan.indicators), *(t.code for t in plan.tasks)}
    codes = re.split(r"[、,;/]", canonical(related).upper()) if isinstance(related, str) else ()
    return [code for code in codes if code and code not in known]


def _related_known(entry: Entry, context: Context) -> Iterator[Finding]:
    if strange := strange_links(entry.value("related"), context.plan):
        yield finding(Code.LINK_UNKNOWN, entry.place("related"), entry.typed("related"), found="、".join(strange))


def _still_open(entry: Entry, context: Context) -> Iterator[Finding]:
    """A word on a signed-off issue changes nothing: only the office opens one again."""
    issue = life(context.known, entry.code) if entry.code and entry.is_answered else None
    if issue and issue.signed_off:
        day = f"{issue.signed_off.on:%Y年%m月%d日}"
        yield finding(Code.ISSUE_CLOSED, entry.place("code"), entry.code, expected=day)


def _extension_goes_on(entry: Entry, context: Context) -> Iterator[Finding]:
    """A second extension begins where the first ends."""
    issue = life(context.known, entry.code) if entry.code else None
    due, asked = issue.due if issue else None, entry.value("extend_to")
    if issue and due and due != issue.original_due and isinstance(asked, date) and asked < due:
        found, limit = f"现行时限{due}", f"“{entry.column('extend_to').header}”{asked}"
        yield finding(Code.DATES_ORDER, entry.place("extend_to"), entry.typed("extend_to"), found=found, expected=limit)


_EVERYWHERE: tuple[Check, ...] = (_office_cells_stand,)
_BY_SHEET: dict[str, tuple[Check, ...]] = {
    "indicators": (
        _still_planned,
        _figure_given,
        _figure_dated,
        _lag_explained,
        _figure_plausible,
        _not_negative,
        _state_recomputed,
    ),
    "tasks": (_still_planned, _dates_in_order, _answers_agree),
    "issues": (_registered_whole, _related_known, _dates_in_order, _still_open, _extension_goes_on),
}
