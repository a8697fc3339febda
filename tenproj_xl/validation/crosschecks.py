"""Checks that no single cell can answer: between the cells of a row, against what was printed and what was said before.

Each check yields findings for one entry and stays silent about cells that were not understood.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.columns import PERIOD_END
from tenproj_xl.core.findings import Finding, finding, quoted
from tenproj_xl.core.parse import canonical, text_of
from tenproj_xl.core.periods import Period, read_period
from tenproj_xl.core.scales import ScaleSlip, slip
from tenproj_xl.core.sheets import APPLIED, ASKED, DONE, FORCE, OPEN, OPINIONS, TASK_STATES, VERIFIED
from tenproj_xl.forms.content import UNCHECKED
from tenproj_xl.model.evaluate_indicators import RATES, State, due_period, yardstick
from tenproj_xl.model.history import Figure, History
from tenproj_xl.model.issues import issue_history
from tenproj_xl.model.plan import Indicator, Measure, Plan
from tenproj_xl.model.settings import Settings
from tenproj_xl.model.units import Recipient, printed_unit, spoken_task_force
from tenproj_xl.validation.entries import Entry, Unread


@dataclass(frozen=True)
class Context:
    """What a return is checked against: for whom its form was made, `known` what was accepted for earlier periods."""

    plan: Plan
    settings: Settings
    period: Period
    known: History
    recipient: Recipient
    nil: bool = False


_ON_COURSE = (TASK_STATES[0], TASK_STATES[1], TASK_STATES[4])
"""States of a task that is not late: 未启动, 序时推进, 长期推进."""
Check = Callable[[Entry, Context], Iterator[Finding]]


def crosschecks(entry: Entry, context: Context) -> list[Finding]:
    """What is wrong between the cells of an entry, and with what was printed and said before."""
    if entry.row.of_others:
        return list(_others_stand(entry, context))
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


def _others_stand(entry: Entry, context: Context) -> Iterator[Finding]:
    """The first cell that was changed in a row that another unit fills in."""
    issued = entry.row.issued
    for edit in entry.row.edits[:1] if issued else ():
        unit = printed_unit(issued.unit if issued else "", context.plan)
        place, typed = entry.place(edit.column.field), text_of(edit.found) or "空白"
        yield finding(Code.ROW_OF_OTHERS, place, typed, expected=edit.column.header, unit=unit)


def _task_force_chosen(entry: Entry, context: Context) -> Iterator[Finding]:
    """A unit's new issue belongs to one of its task forces."""
    forces = context.recipient.task_forces
    if entry.code or not entry.is_answered or entry.task_force in {t.code for t in forces}:
        return
    if typed := entry.typed(FORCE):
        choices = "、".join(map(spoken_task_force, forces))
        yield finding(Code.NOT_CHOICE, entry.place(FORCE), typed, advice=choices)


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
    if (
        asked and period.last == asked.last
    ):  # the form may ask for an older period: the verified figure of a target
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


def _state(entry: Entry, context: Context) -> State | None:
    """What a figure amounts to, None where nobody can tell: a figure of the future is an error already."""
    period = _data_period(entry)
    if isinstance(entry.inputs["nature"], Unread) or period is None or period.last > context.period.last:
        return None
    return _computed_state(entry, context)


def _computed_state(entry: Entry, context: Context) -> State | None:
    """What the form's formula gives, None without a figure or its period."""
    period, value = _data_period(entry), entry.value("value")
    if entry.indicator is None or period is None or value is None:
        return None
    return yardstick(entry.indicator, period, context.settings).state(value, str(entry.value("nature") or ""))


def _lag_explained(entry: Entry, context: Context) -> Iterator[Finding]:
    """What is to be said of a figure that is behind; where the figure itself is asked about, that comes first."""
    state = _state(entry, context)
    rules = [r for r in entry.row.sheet.requires if r.given == "state" and state in r.among]
    for rule in (r for r in rules if entry.inputs[r.field] is None):
        doubted = (
            "（请先核对最新数值，改正后不落后的不用填）" if any(_figure_plausible(entry, context)) else ""
        )
        yield entry.lacking(Code.REQUIRED, rule.field, when=f"进度评价为“{state}”{doubted}")


_OF_A_YEAR = (Measure.ANNUAL, Measure.ANNUAL_IN_YEAR)
_ADDING_UP = (*_OF_A_YEAR, Measure.CUMULATIVE)


def _figure_plausible(entry: Entry, context: Context) -> Iterator[Finding]:
    """A sum that fell, a value ten times the last or the target, one that is nought or less: odd, so a question.

    Rates swing about nought, so many times the last is nothing there; a fall that a remark calls 核减 is explained.
    """
    value, period, indicator = entry.value("value"), _data_period(entry), entry.indicator
    if not isinstance(value, float) or period is None or indicator is None:
        return
    last, goal = _comparable(entry, period, context), _goal(indicator, period)
    swings = indicator.measure in RATES
    if not swings and value <= 0 and (value or last):
        code, expected = (
            (Code.NEGATIVE, "") if value else (Code.ZERO_FILLED, f"{text_of(last)}{indicator.unit}")
        )
        yield finding(code, entry.place("value"), entry.typed("value"), expected=expected)
    elif last is not None and (out := slip(value, last, indicator.unit, **(_CLOSE if swings else {}))):
        yield _suspicion(entry, "value", value, f"上次{text_of(last)}{indicator.unit}", indicator.unit, out)
    elif swings or last is None:
        due = any(t.period.last == period.last for t in indicator.targets)
        yield from _beside_goal(
            entry, "value", value, goal, indicator.unit, context, low_too=due and not swings
        )
    else:
        yield from _beside_last(
            entry, "value", value, last, indicator.unit, context, adds_up=indicator.measure in _ADDING_UP
        )


_CLOSE = {"least": 0.8, "most": 1.25}
"""Rates swing: only one that is a hundredth of the last almost to a hair is suspected."""


def _beside_goal(
    entry: Entry, field: str, value: float, goal: float, unit: str, context: Context, *, low_too: bool
) -> Iterator[Finding]:
    if abs(value) <= abs(goal) and not low_too:
        return
    if out := slip(value, goal, unit, least=0.05, most=3.0):
        yield _suspicion(entry, field, value, f"目标为{text_of(goal)}{unit}", unit, out)
    elif _factor(value, goal) >= context.settings.jump:
        yield _question(Code.VALUE_FAR, entry, field, value, goal, unit)


def _beside_last(
    entry: Entry, field: str, value: float, last: float, unit: str, context: Context, *, adds_up: bool
) -> Iterator[Finding]:
    if _factor(value, last) >= context.settings.jump:
        yield _question(Code.VALUE_JUMPED, entry, field, value, last, unit)
    elif adds_up and value < last and "核减" not in str(entry.value("remark")):
        yield _question(Code.VALUE_FELL, entry, field, value, last, unit)


def _question(code: Code, entry: Entry, field: str, value: float, other: float, unit: str) -> Finding:
    found, expected, factor = text_of(value) + unit, text_of(other) + unit, f"{_factor(value, other):.0f}"
    return finding(
        code, entry.place(field), entry.typed(field), found=found, expected=expected, factor=factor
    )


def _suspicion(entry: Entry, field: str, value: float, against: str, unit: str, out: ScaleSlip) -> Finding:
    place, typed, found = entry.place(field), entry.typed(field), text_of(value) + unit
    return finding(
        Code.UNIT_SUSPECT, place, typed, found=found, against=against, guess=out.guess, advice=out.advice
    )


def _forecast_plausible(entry: Entry, context: Context) -> Iterator[Finding]:
    """The year's figure as it is expected, which is no less than what is done of it already."""
    value, forecast, period = entry.value("value"), entry.value("forecast"), _data_period(entry)
    if entry.indicator is None or not isinstance(forecast, float):
        return
    if not isinstance(value, float) or period is None or period.last.year != context.period.last.year:
        return
    unit = entry.indicator.unit
    if out := slip(forecast, value, unit):
        yield _suspicion(entry, "forecast", forecast, f"最新数值为{text_of(value)}{unit}", unit, out)
    elif entry.indicator.measure in _OF_A_YEAR and forecast < value:
        found, expected = text_of(forecast) + unit, text_of(value) + unit
        place, typed = entry.place("forecast"), entry.typed("forecast")
        yield finding(Code.FORECAST_LOW, place, typed, found=found, expected=expected)


def _factor(value: float, other: float) -> float:
    """How many times one is the other, whichever is more; 1 where there is nothing to compare."""
    factor = abs(value / other) if value and other else 1.0
    return max(factor, 1 / factor)


def _comparable(entry: Entry, period: Period, context: Context) -> float | None:
    """The last value of the same count, as long as this one is no older."""
    last = _last_figure(entry, context)
    if last is None or entry.indicator is None or not isinstance(last.value, float):
        return None
    return (
        last.value if period.last >= last.period.last and _same_count(entry.indicator, period, last) else None
    )


def _goal(indicator: Indicator, period: Period) -> float:
    """The target that comes next, or the last one; 0 where it is in words."""
    targets = [t for t in indicator.targets if t.value is not None]
    coming = next((t for t in targets if t.period.last >= period.last), None) or next(reversed(targets), None)
    return (coming.value or 0.0) if coming else 0.0


def _same_count(indicator: Indicator, period: Period, last: Figure) -> bool:
    """True unless the count began anew between two figures, as a year's flow does in January."""
    return indicator.measure not in _OF_A_YEAR or period.last.year == last.period.last.year


def _data_period(entry: Entry) -> Period | None:
    found = entry.value("data_period")
    return read_period(str(found)) if found else None


def _last_figure(entry: Entry, context: Context) -> Figure | None:
    return next(reversed(context.known.figures(entry.code)), None)


def _state_recomputed(entry: Entry, context: Context) -> Iterator[Finding]:
    """A derived cell that is no longer what its formula gives: somebody wrote over it."""
    shown = entry.row.table_row.cells.get("state")
    if not isinstance(shown, str):
        return  # in .xls LibreOffice leaves 0 for a text that it did not compute anew
    state = _computed_state(entry, context)
    not_computed = (UNCHECKED, State.MISSING, State.NOT_YET)  # as printed, where a script filled the form in
    if state is not None and text_of(shown) not in (state, *not_computed):
        yield finding(Code.FORMULA_DIFFERS, entry.place("state"), text_of(shown), expected=state)


# --- tasks and issues

_INVESTED = "亿元"


def _investment_plausible(entry: Entry, context: Context) -> Iterator[Finding]:
    """What was invested adds up over the year; in another one the count begins anew."""
    done, goal = entry.value("invest_done"), entry.printed("invest_plan")
    if not isinstance(done, float):
        return
    rows = [
        r for r in context.known.of("tasks", entry.code) if r.period.last.year == context.period.last.year
    ]
    last = next((v for r in reversed(rows) if isinstance(v := r.values.get("invest_done"), float)), None)
    if last is None:
        if isinstance(goal, float):
            yield from _beside_goal(entry, "invest_done", done, goal, _INVESTED, context, low_too=False)
    elif out := slip(done, last, _INVESTED):
        yield _suspicion(entry, "invest_done", done, f"上次{text_of(last)}{_INVESTED}", _INVESTED, out)
    else:
        yield from _beside_last(entry, "invest_done", done, last, _INVESTED, context, adds_up=True)


def _milestone_in_time(entry: Entry, context: Context) -> Iterator[Finding]:
    """A milestone that is past and not reached, of a task that is said to be on time."""
    due, status = entry.printed("milestone_due"), entry.value("status")
    if status in _ON_COURSE and entry.value("milestone_done") != DONE and _is_past(due, context):
        yield finding(Code.MILESTONE_PASSED, entry.place("status"), entry.typed("status"), expected=due)


def _is_past(due: object, context: Context) -> bool:
    return isinstance(due, date) and due < context.period.last


def _opinion_favours(entry: Entry, _: Context) -> Iterator[Finding]:
    if entry.value("status") == APPLIED and entry.value("lead_opinion") == OPINIONS[1]:
        yield finding(Code.OPINION_AGAINST, entry.place("lead_opinion"), entry.typed("lead_opinion"))


# --- the same words again

_SPOKEN = {
    "indicators": ("lag_reason", "next_steps"),
    "tasks": ("progress", "problems", "next_steps"),
    "issues": ("progress",),
}


def _words_renewed(entry: Entry, context: Context) -> Iterator[Finding]:
    """Texts that are the same as in the two periods before, while the row is behind."""
    earlier = context.known.of(entry.row.sheet.code, entry.code)[-2:] if entry.code else []
    if len(earlier) < 2 or not entry.is_answered or not (behind := _how_far_behind(entry, context)):
        return
    said = [(f, canonical(v)) for f in _SPOKEN[entry.row.sheet.code] if (v := entry.value(f)) is not None]
    if stale := [f for f, text in said if all(canonical(row.values.get(f)) == text for row in earlier)]:
        names = "、".join(quoted(entry.column(f).header) for f in stale)
        place, typed = entry.place(stale[0]), entry.typed(stale[0])
        yield finding(Code.TEXT_REPEATED, place, typed, expected=names, found=behind)


def _how_far_behind(entry: Entry, context: Context) -> str:
    """What a row that is behind is called, "" for one that is not."""
    match entry.row.sheet.code:
        case "indicators":
            state = _state(entry, context)
            return state if state in (State.BEHIND, State.MISSED) else ""
        case "tasks":
            late = entry.value("milestone_done") != DONE and _is_past(entry.printed("milestone_due"), context)
            return "滞后" if late or entry.value("status") == "滞后" else ""
    issue = issue_history(context.known, entry.code)
    left = (
        issue.days_left(context.period.last) if issue else None
    )  # to the deadline in force, not the printed one
    return "逾期" if entry.value("status") == OPEN and left is not None and left < 0 else ""


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
    if entry.is_answered and entry.code not in context.plan.codes:
        yield finding(Code.NOT_PLANNED, entry.place("code"), entry.code)


def _registered_whole(entry: Entry, _: Context) -> Iterator[Finding]:
    if entry.code or not entry.is_answered:
        return
    for field in entry.row.sheet.registers:
        if entry.inputs[field] is None:
            yield entry.lacking(Code.ISSUE_INCOMPLETE, field)


def strange_links(related: object, plan: Plan) -> list[str]:
    """The codes in a 关联编号 that are no indicator's and no task's."""
    codes = re.split(r"[、,;/]", canonical(related).upper()) if isinstance(related, str) else ()
    return [code for code in codes if code and code != "无" and code not in plan.codes]


def _related_known(entry: Entry, context: Context) -> Iterator[Finding]:
    if strange := strange_links(entry.value("related"), context.plan):
        yield finding(
            Code.LINK_UNKNOWN, entry.place("related"), entry.typed("related"), found="、".join(strange)
        )


def _still_open(entry: Entry, context: Context) -> Iterator[Finding]:
    """A word on a signed-off issue changes nothing: only the office opens one again."""
    issue = issue_history(context.known, entry.code) if entry.code and entry.is_answered else None
    if issue and issue.signed_off:
        day = f"{issue.signed_off.on:%Y年%m月%d日}"
        yield finding(Code.ISSUE_CLOSED, entry.place("code"), entry.code, expected=day)


def _extension_goes_on(entry: Entry, context: Context) -> Iterator[Finding]:
    """A second extension begins where the first ends."""
    issue = issue_history(context.known, entry.code) if entry.code else None
    due, asked = issue.due if issue else None, entry.value("extend_to")
    if issue and due and due != issue.original_due and isinstance(asked, date) and asked < due:
        found, limit = f"现行时限{due}", f"“{entry.column('extend_to').header}”{asked}"
        yield finding(
            Code.DATES_ORDER, entry.place("extend_to"), entry.typed("extend_to"), found=found, expected=limit
        )


_EVERYWHERE: tuple[Check, ...] = (_office_cells_stand, _words_renewed)
_BY_SHEET: dict[str, tuple[Check, ...]] = {
    "indicators": (
        _still_planned,
        _figure_given,
        _figure_dated,
        _lag_explained,
        _figure_plausible,
        _forecast_plausible,
        _state_recomputed,
    ),
    "tasks": (_still_planned, _dates_in_order, _answers_agree, _milestone_in_time, _investment_plausible),
    "issues": (
        _task_force_chosen,
        _registered_whole,
        _related_known,
        _dates_in_order,
        _still_open,
        _extension_goes_on,
        _opinion_favours,
    ),
}
