"""Rules for the rows of issues."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from tenproj_xl.core.answers import IssueStatus, Opinion
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.findings import Finding, finding
from tenproj_xl.core.lists import split_codes
from tenproj_xl.core.sheets import CHANGE_REQUEST, FORCE
from tenproj_xl.core.texts import canonical, text_of
from tenproj_xl.core.wordings import Says, says
from tenproj_xl.model.issues import IssueHistory, issue_history
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.units import issue_unit, printed_unit, spoken_task_force, why_unclear
from tenproj_xl.recognition.rows import Edit
from tenproj_xl.validation.context import Context
from tenproj_xl.validation.entries import Entry
from tenproj_xl.validation.failures import Unread
from tenproj_xl.validation.issue_texts import IS_OPEN
from tenproj_xl.validation.new_issues import continued_issue, continuing_rows, same_issue
from tenproj_xl.validation.registry import rule

_DEADLINE = "due_on"


@rule(Code.NOT_CHOICE, on=("issues",))
def task_force_is_the_units_own(entry: Entry, context: Context) -> Iterator[Finding]:
    """Find a unit's new issue that belongs to none of its task forces."""
    if entry.code or not entry.is_answered:
        return
    forces, typed = context.recipient.task_forces, entry.typed(FORCE)
    if typed and all(t.code != entry.task_force for t in forces):
        choices = "、".join(map(spoken_task_force, forces))
        yield finding(Code.NOT_CHOICE, entry.place(FORCE), typed, advice=choices)


@rule(Code.ISSUE_INCOMPLETE, on=("issues",))
def new_issue_is_complete(entry: Entry, _: Context) -> Iterator[Finding]:
    """Find what a new issue cannot be registered without: a description that tells of one, too."""
    if entry.code or not entry.is_answered or continued_issue(entry):
        return
    for field in entry.row.sheet.registers:
        value = entry.inputs[field]
        if value is None or (isinstance(value, Unread) and value.code is Code.EMPTY_WORDS):
            yield entry.lacking(Code.ISSUE_INCOMPLETE, field)


@rule(Code.ISSUE_SPLIT, on=("issues",))
def issue_stands_in_one_row(entry: Entry, _: Context) -> Iterator[Finding]:
    """Find, once, the rows over which the text of a new issue is broken."""
    issue = continued_issue(entry)
    if issue is None or issue.number != entry.row.number - 1:
        return
    rows = continuing_rows(entry)
    first = next(c.field for c in entry.row.sheet.inputs if entry.typed(c.field))
    yield finding(
        Code.ISSUE_SPLIT,
        entry.place(first),
        entry.typed(first),
        rows="、".join(map(str, rows)),
        expected=issue.number,
    )


@rule(Code.ISSUE_TWICE, on=("issues",))
def new_issue_is_not_there_yet(entry: Entry, context: Context) -> Iterator[Finding]:
    """Ask about a new issue that says the same as one that is registered, or stands above."""
    if entry.code or not entry.is_answered:
        return
    if other := same_issue(entry):
        code = other.issued.code if other.issued else ""
        spoken = f"{code}“{other.name}”" if code else f"第{other.number}行"
        advice = IS_OPEN.format(office=context.plan.programme.words.office)
        place, typed = entry.place("description"), entry.typed("description")
        yield finding(Code.ISSUE_TWICE, place, typed, expected=spoken, advice=advice)


@rule(Code.UNIT_UNCLEAR, on=("issues",))
def one_unit_answers_for_the_issue(entry: Entry, context: Context) -> Iterator[Finding]:
    """Ask about the unit of a new issue that is none, unknown, or several."""
    text = entry.typed("unit")
    if entry.code or not entry.is_answered or entry.inputs["unit"] is None or not entry.task_force:
        return
    if why := why_unclear(text, context.plan):
        task_force = context.plan.task_force(entry.task_force)
        unit = printed_unit(issue_unit({"unit": text}, task_force, context.plan), context.plan)
        yield finding(Code.UNIT_UNCLEAR, entry.place("unit"), text, why=why, expected=unit)


@rule(Code.ISSUE_SILENT, on=("issues",))
def open_issue_has_a_word(entry: Entry, context: Context) -> Iterator[Finding]:
    """Ask about an open issue of which nothing is said, and about a state without progress."""
    issue = _history(entry, context)
    is_owed = entry.code and not context.nil and not entry.is_overwritten
    if not is_owed or (issue and (issue.signed_off or issue.application)):
        return
    field = "progress"
    if not entry.is_answered:
        if (entry.row.sheet.code, entry.code) in context.answered_elsewhere:
            return
        field = "status"
    if entry.inputs[field] is None and entry.inputs["progress"] is None:
        yield finding(Code.ISSUE_SILENT, entry.place(field), expected="进展情况")


@rule(Code.APPLICATION_UNCLEAR, on=("issues",), needs=("status", "applied_on"))
def application_is_applied_for(entry: Entry, _: Context) -> Iterator[Finding]:
    """Ask about a day of application where the state is still 整改中."""
    if entry.value("status") == IssueStatus.OPEN and "applied_on" in entry.changed_fields:
        yield finding(Code.APPLICATION_UNCLEAR, entry.place("applied_on"), entry.typed("applied_on"))


@rule(Code.ISSUE_OVERWRITTEN, Code.REGISTERED_CHANGED, on=("issues",))
def registered_issue_is_unchanged(entry: Entry, context: Context) -> Iterator[Finding]:
    """Tell what was typed over in a registered issue, and ask about another issue written over it."""
    typed_over = [edit for edit in entry.row.edits if edit.column.field in entry.registered]
    edits = [edit for edit in typed_over if not _is_agreed(edit, entry, context)]
    if not edits:
        return
    office = context.plan.programme.words.office
    first = edits[0].column.field
    place, typed = entry.place(first), text_of(edits[0].found)
    if entry.is_overwritten:
        printed = text_of(entry.printed("description"))
        yield finding(Code.ISSUE_OVERWRITTEN, place, typed, printed=printed, office=office)
        return
    told = "；".join(_spoken(edit) for edit in edits)
    remedy = _how_to_ask(edits, entry)
    yield finding(Code.REGISTERED_CHANGED, place, typed, found=told, expected=remedy, office=office)


def _is_agreed(edit: Edit, entry: Entry, context: Context) -> bool:
    """Return whether the office has agreed to what was typed since the form went out."""
    issue = _history(entry, context)
    return issue is not None and canonical(issue.reported(edit.column.field)) == canonical(edit.found)


def _spoken(edit: Edit) -> str:
    printed, found = text_of(edit.printed) or "空白", text_of(edit.found) or "空白"
    return f"“{edit.column.header}”原为“{printed}”，现为“{found}”"


def _how_to_ask(edits: Iterable[Edit], entry: Entry) -> str:
    """Return where a change of what was typed over is asked for: of a deadline, that it is extended."""
    fields = {edit.column.field for edit in edits}
    until, reason = entry.column("extend_to").header, entry.column("extend_reason").header
    of_deadline = f"请填“{until}”和“{reason}”"
    of_others = f"请在“{_asks_in(entry)}”写明改成什么和理由"
    if fields == {_DEADLINE}:
        return of_deadline
    if _DEADLINE in fields:
        return f"{of_others}，其中时限{of_deadline}"
    return of_others


def _asks_in(entry: Entry) -> str:
    """Return the header of the column in which a change is asked for; earlier forms have only 备注."""
    if CHANGE_REQUEST in entry.row.table_row.positions:
        return entry.column(CHANGE_REQUEST).header
    return entry.column("remark").header


@rule(Code.LINK_UNKNOWN, on=("issues",))
def links_are_known(entry: Entry, context: Context) -> Iterator[Finding]:
    """Find linked codes that the plan does not have."""
    unknown = unknown_links(entry.value("related"), context.plan)
    if unknown:
        place, typed = entry.place("related"), entry.typed("related")
        yield finding(Code.LINK_UNKNOWN, place, typed, found="、".join(unknown))


def unknown_links(related: object, plan: Plan) -> list[str]:
    """Return the codes in a cell of 关联编号 that are no indicator's and no task's."""
    if not isinstance(related, str):
        return []
    return [code for code in split_codes(related) if code != "无" and code not in plan.codes]


@rule(Code.ISSUE_CLOSED, on=("issues",))
def issue_is_open(entry: Entry, context: Context) -> Iterator[Finding]:
    """Find answers about an issue that is signed off: only the office opens one again."""
    issue = _history(entry, context)
    if issue and issue.signed_off and entry.is_answered:
        day = f"{issue.signed_off.on:%Y年%m月%d日}"
        office = context.plan.programme.words.office
        yield finding(Code.ISSUE_CLOSED, entry.place("code"), entry.code, expected=day, office=office)


@rule(Code.DATES_ORDER, on=("issues",))
def extension_goes_on(entry: Entry, context: Context) -> Iterator[Finding]:
    """Find a second extension that ends before the first."""
    issue, asked = _history(entry, context), entry.value("extend_to")
    if issue is None or issue.due is None or issue.due == issue.original_due:
        return
    if isinstance(asked, date) and asked < issue.due:
        yield finding(
            Code.DATES_ORDER,
            entry.place("extend_to"),
            entry.typed("extend_to"),
            found=f"现行时限{issue.due}",
            expected=f"“{entry.column('extend_to').header}”{asked}",
        )


def _history(entry: Entry, context: Context) -> IssueHistory | None:
    return issue_history(context.known, entry.code) if entry.code else None


@rule(Code.OPINION_AGAINST, on=("issues",), needs=("status", "lead_opinion"))
def opinion_favours_signing_off(entry: Entry, _: Context) -> Iterator[Finding]:
    """Ask about an application to sign an issue off that the lead unit is against."""
    if entry.value("status") == IssueStatus.APPLIED and entry.value("lead_opinion") == Opinion.AGAINST:
        yield finding(Code.OPINION_AGAINST, entry.place("lead_opinion"), entry.typed("lead_opinion"))


@rule(Code.WORDS_AGAINST, on=("issues",), needs=("status",))
def words_go_with_the_state(entry: Entry, _: Context) -> Iterator[Finding]:
    """Ask about words that say the opposite of the state, and about evidence that is none."""
    status = entry.value("status")
    if not isinstance(status, IssueStatus):
        return
    for field, against in _SAID_AGAINST.get(status, {}).items():
        text = entry.value(field)
        if isinstance(text, str) and says(text, against):
            yield finding(Code.WORDS_AGAINST, entry.place(field), entry.typed(field), expected=status.label)


_SAID_AGAINST: Mapping[IssueStatus, Mapping[str, Says]] = {
    IssueStatus.APPLIED: {"progress": Says.UNSOLVED, "evidence": Says.UNPROVED},
    IssueStatus.OPEN: {"progress": Says.SOLVED},
}
"""What a field says that does not go with a state."""
