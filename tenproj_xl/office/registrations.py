"""Issues that the office registers itself: what its rows lack, and what is registered by them.

What a meeting agreed on is such an issue: its source is the meeting, and its date the day that it was raised.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from tenproj_xl.core.answers import IssueCategory, IssueSource
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import Value
from tenproj_xl.core.findings import Finding, finding
from tenproj_xl.core.identity_numbers import has_identity_number
from tenproj_xl.core.texts import canonical, text_of
from tenproj_xl.model.decisions import Decision, Verdict
from tenproj_xl.model.history import History
from tenproj_xl.model.issues import IssueHistory, issue_history
from tenproj_xl.model.units import issue_unit, printed_unit, why_unclear
from tenproj_xl.office.decided_row import DecidedRow, Registration, SignoffContext, after, after_today
from tenproj_xl.office.meeting_book import RESOLUTIONS
from tenproj_xl.validation.row_rules.issues import unknown_links

_NOT_OF_THE_ISSUE = ("task_force", "level", "opinion", "by", "decided_on")
"""The fields of a row that are about the decision, and the task force."""
_LOCKED = ("description", "unit", "due_on")
"""What is locked once a unit has reported on it."""


def registration_faults(row: DecidedRow, context: SignoffContext) -> Iterator[Finding]:
    """Yield what keeps an issue of the office from being registered, and what is doubtful in it."""
    for field in row.sheet.registers:
        if row.values.get(field) is not None:
            continue
        column = row.sheet.column(field)
        advice = column.how.removeprefix("填写")
        if column.choices:
            advice = "从下拉选项中选择"
        yield finding(Code.ISSUE_INCOMPLETE, row.place(field), expected=column.header, advice=advice)
    if unknown := unknown_links(row.values.get("related"), context.plan):
        yield finding(Code.LINK_UNKNOWN, row.place("related"), row.text("related"), found="、".join(unknown))
    yield from _unit_unclear(row, context)
    yield from _identity_numbers(row)
    yield from _dates_in_disorder(row)
    yield from after_today(row, context.today)
    yield from _known_already(row, context.known)


def _dates_in_disorder(row: DecidedRow) -> Iterator[Finding]:
    raised_on = "raised_on"
    if row.sheet.code == RESOLUTIONS.code:
        raised_on = "decided_on"
    earlier = {row.sheet.column(raised_on).header: row.day(raised_on)}
    yield from after(row, "due_on", earlier)
    yield from after(row, "decided_on", earlier)


def _unit_unclear(row: DecidedRow, context: SignoffContext) -> Iterator[Finding]:
    """Ask about a unit that is none of the plan's: the lead unit answers for the issue until it is known."""
    plan, text = context.plan, row.text("unit")
    code = _task_force(row)
    why = why_unclear(text, plan)
    if not (text and code and why):
        return
    unit = issue_unit({"unit": text}, plan.task_force(code), plan)
    yield finding(Code.UNIT_UNCLEAR, row.place("unit"), text, why=why, expected=printed_unit(unit, plan))


def _identity_numbers(row: DecidedRow) -> Iterator[Finding]:
    for column in row.sheet.free_texts:
        if has_identity_number(row.text(column.field)):
            yield finding(Code.IDENTITY_NUMBER, row.place(column.field), expected=column.header)


def _known_already(row: DecidedRow, known: History) -> Iterator[Finding]:
    """Find what another row registered before, and a change to what its unit has reported on since."""
    issue = _registered_before(row, known)
    if issue is None:
        if other := _same_open_issue(row, known):
            yield finding(Code.ITEM_TWICE, row.place("description"), expected=f"已登记的{other}")
        return
    if _is_answered(issue, row) and (changed := _changed(row, issue)):
        yield finding(
            Code.ITEM_ANSWERED,
            row.place(changed[0]),
            row.text(changed[0]),
            expected="、".join(row.sheet.column(field).header for field in changed),
            found=issue.row.period.spoken,
        )


def _registered_before(row: DecidedRow, known: History) -> IssueHistory | None:
    """Return the issue that a row registered when its workbook was read before."""
    for decision in known.decisions:
        if decision.token == row.token:
            return issue_history(known, decision.issue)
    return None


def _same_open_issue(row: DecidedRow, known: History) -> str:
    """Return the code of an open issue of the task force in the very words of a row, "" for none."""
    words = canonical(row.text("description"))
    for issue in known.issues(_task_force(row)):
        if canonical(issue.values.get("description")) == words and not _is_closed(issue.code, known):
            return issue.code
    return ""


def _is_closed(code: str, known: History) -> bool:
    issue = issue_history(known, code)
    return issue is not None and issue.signed_off is not None


def _is_answered(issue: IssueHistory, row: DecidedRow) -> bool:
    """Return whether a unit has reported on an issue since it was registered."""
    files = {decision.sha256 for decision in issue.decisions if decision.token == row.token}
    return any(report.sha256 not in files for report in issue.rows)


def _changed(row: DecidedRow, issue: IssueHistory) -> list[str]:
    """Return the fields in which a row says something else than what the issue was registered as."""
    first = issue.rows[0].values
    fields = [field for field in _LOCKED if row.values.get(field) != first.get(field)]
    if _task_force(row) != issue.rows[0].task_force:
        fields.append("task_force")
    return fields


def repeated_items(rows: Iterable[DecidedRow]) -> Mapping[str, list[Finding]]:
    """Return the findings of rows in which an issue is registered once more, by token."""
    first: dict[tuple[str, str], DecidedRow] = {}
    found = {}
    for row in rows:
        words = canonical(row.text("description"))
        if not row.sheet.registers or not words:
            continue
        other = first.setdefault((_task_force(row), words), row)
        if other is not row:
            where = f"第{other.table_row.index + 1}行"
            found[row.token] = [finding(Code.ITEM_TWICE, row.place("description"), expected=where)]
    return found


def registered(row: DecidedRow, decision: Decision, known: History) -> Registration:
    """Return what a row registers."""
    values: dict[str, Value] = dict(row.values)
    for field in _NOT_OF_THE_ISSUE:
        values.pop(field, None)
    if row.sheet.code == RESOLUTIONS.code:
        values |= {
            "source": IssueSource.MEETING,
            "category": IssueCategory.OTHER,
            "raised_on": decision.on,
        }
    decision = replace(decision, verdict=Verdict.REGISTER, until=None)
    issue = _registered_before(row, known)
    return Registration(
        row=row,
        task_force=_task_force(row),
        values=values,
        decision=decision,
        is_answered=issue is not None and _is_answered(issue, row),
    )


def _task_force(row: DecidedRow) -> str:
    code, _, _ = row.text("task_force").partition(" ")
    return text_of(code)
