"""Rules for the rows of every sheet, or of several."""

from collections.abc import Iterator
from datetime import date, timedelta

from tenproj_xl.core.answers import IssueStatus, MilestoneStatus, TaskStatus
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.columns import PERIOD_END
from tenproj_xl.core.findings import Finding, finding, quoted
from tenproj_xl.core.identity_numbers import has_identity_number
from tenproj_xl.core.period_rows import indicator_of_row
from tenproj_xl.core.states import IssueState, State
from tenproj_xl.core.texts import canonical, text_of
from tenproj_xl.model.history import Reported
from tenproj_xl.model.issues import issue_history
from tenproj_xl.model.units import present_unit
from tenproj_xl.validation.context import Context
from tenproj_xl.validation.entries import DAYS_TO_COME, Entry
from tenproj_xl.validation.figures import is_past, state_of
from tenproj_xl.validation.registry import rule

_BLANK = "空白"


@rule(Code.OFFICE_EDITED)
def locked_cells_are_unchanged(entry: Entry, context: Context) -> Iterator[Finding]:
    """Find every locked cell that was changed."""
    for edit in entry.row.edits:
        if edit.column.field in entry.registered:
            continue
        yield finding(
            Code.OFFICE_EDITED,
            entry.place(edit.column.field),
            text_of(edit.found) or _BLANK,
            expected=edit.column.header,
            printed=text_of(edit.printed) or _BLANK,
            office=context.plan.programme.words.office,
        )


@rule(Code.ROW_OF_OTHERS, of_others=True)
def rows_of_others_are_unchanged(entry: Entry, context: Context) -> Iterator[Finding]:
    """Find the first cell that was changed in a row that another unit fills in."""
    issued = entry.row.issued
    if issued is None or not entry.row.edits:
        return
    edit = entry.row.edits[0]
    unit = present_unit(issued.unit, context.plan)
    yield finding(
        Code.ROW_OF_OTHERS,
        entry.place(edit.column.field),
        text_of(edit.found) or _BLANK,
        expected=edit.column.header,
        unit=context.recipient.reporter_of(issued.code, unit, context.plan),
    )


@rule(Code.IDENTITY_NUMBER)
def texts_are_free_of_identity_numbers(entry: Entry, _: Context) -> Iterator[Finding]:
    """Find texts with a citizen's identity number, which the finding does not repeat."""
    cells = entry.row.table_row.cells
    for column in entry.row.sheet.free_texts:
        cell = cells.get(column.field)
        if cell is not None and has_identity_number(text_of(cell)):
            yield finding(Code.IDENTITY_NUMBER, entry.place(column.field), expected=column.header)


_EXPLANATIONS = {
    "indicators": ("lag_reason", "next_steps"),
    "tasks": ("progress", "problems", "next_steps"),
    "issues": ("progress",),
}
"""The fields of each sheet that explain how things stand."""


@rule(Code.TEXT_REPEATED)
def explanations_are_renewed(entry: Entry, context: Context) -> Iterator[Finding]:
    """Ask about explanations that are the same as in the two periods before, while the row is behind."""
    if not entry.code or not entry.is_answered:
        return
    earlier = context.known.of(entry.row.sheet.code, entry.code)[-2:]
    if len(earlier) < 2:
        return
    behind = _how_far_behind(entry, context)
    if not behind:
        return
    repeated = [f for f in _EXPLANATIONS[entry.row.sheet.code] if _is_repeated(entry, f, earlier)]
    if not repeated:
        return
    headers = "、".join(quoted(entry.column(f).header) for f in repeated)
    place, typed = entry.place(repeated[0]), entry.typed(repeated[0])
    yield finding(Code.TEXT_REPEATED, place, typed, expected=headers, found=behind)


def _is_repeated(entry: Entry, field: str, earlier: list[Reported]) -> bool:
    value = entry.value(field)
    if value is None:
        return False
    text = canonical(value)
    return all(canonical(row.values.get(field)) == text for row in earlier)


def _how_far_behind(entry: Entry, context: Context) -> str:
    """Return what a row that is behind is called, "" for one that is not."""
    match entry.row.sheet.code:
        case "indicators":
            return _indicator_behind(entry, context)
        case "tasks":
            return _task_behind(entry, context)
    return _issue_behind(entry, context)


def _indicator_behind(entry: Entry, context: Context) -> str:
    state = state_of(entry, context)
    if state is State.BEHIND or state is State.MISSED:
        return state.label
    return ""


def _task_behind(entry: Entry, context: Context) -> str:
    is_late = entry.value("milestone_done") != MilestoneStatus.DONE and is_past(
        entry.printed("milestone_due"), context
    )
    if is_late or entry.value("status") == TaskStatus.BEHIND:
        return TaskStatus.BEHIND.label
    return ""


def _issue_behind(entry: Entry, context: Context) -> str:
    issue = issue_history(context.known, entry.code)
    if issue is None or entry.value("status") != IssueStatus.OPEN:
        return ""
    left = issue.days_left(context.period.last)  # to the deadline in force, not the printed one
    if left is not None and left < 0:
        return IssueState.OVERDUE.label
    return ""


@rule(Code.DATES_ORDER, on=("tasks", "issues"))
def dates_are_in_order(entry: Entry, context: Context) -> Iterator[Finding]:
    """Find dates that lie after another one of the row, or after the last day of the period."""
    for order in entry.row.sheet.in_order:
        cells: dict[str, object] = {PERIOD_END: context.period.last}
        for field in {order.earlier, order.later} - {PERIOD_END}:
            cells[field] = entry.value(field)
        if order.broken(cells):
            yield finding(
                Code.DATES_ORDER,
                entry.place(order.field),
                entry.typed(order.field),
                found=_spoken_date(entry, order.earlier, cells[order.earlier]),
                expected=_spoken_date(entry, order.later, cells[order.later]),
            )


@rule(Code.DATE_FAR, on=("tasks", "issues"))
def dates_are_near(entry: Entry, context: Context) -> Iterator[Finding]:
    """Ask about dates outside the programme, and about days that were about a year ago.

    A day of completion close to the day on which its row was due is in no doubt.
    """
    for field in _DAYS_TYPED[entry.row.sheet.code]:
        day = entry.value(field)
        if not isinstance(day, date) or field not in entry.changed_fields:
            continue
        if _is_far(day, field, context) and not _is_about_due(day, field, entry):
            yield finding(
                Code.DATE_FAR, entry.place(field), entry.typed(field), expected=entry.column(field).header
            )


_DAYS_TYPED = {"tasks": ("completed_on",), "issues": ("raised_on", "due_on", "extend_to", "applied_on")}
"""The days that senders type, by sheet."""
_A_YEAR = timedelta(days=365)
_ABOUT = timedelta(days=31)


def _is_far(day: date, field: str, context: Context) -> bool:
    years = context.plan.programme.years
    if not min(years) <= day.year <= max(years) + 1:
        return True
    if field in DAYS_TO_COME:
        return False
    return abs(context.period.last - _A_YEAR - day) <= _ABOUT  # as by last year's number, out of habit


def _is_about_due(day: date, field: str, entry: Entry) -> bool:
    if field != "completed_on":
        return False
    dues = (entry.printed("milestone_due"), entry.printed("due_on"))
    return any(isinstance(due, date) and abs(due - day) <= _ABOUT for due in dues)


def _spoken_date(entry: Entry, field: str, day: object) -> str:
    if field == PERIOD_END:
        return f"本期最后一天{day}"
    return f"“{entry.column(field).header}”{day}"


@rule(Code.NOT_PLANNED, on=("indicators", "tasks"))
def row_is_planned(entry: Entry, context: Context) -> Iterator[Finding]:
    """Find a row that the plan has no more."""
    if (
        entry.is_answered
        and not entry.is_unresolved
        and indicator_of_row(entry.code) not in context.plan.codes
    ):
        yield finding(Code.NOT_PLANNED, entry.place("code"), entry.code)
