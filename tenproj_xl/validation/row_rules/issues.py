"""Rules for the rows of issues."""

from collections.abc import Iterator
from datetime import date

from tenproj_xl.core.answers import IssueStatus, Opinion
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.findings import Finding, finding
from tenproj_xl.core.lists import split_codes
from tenproj_xl.core.sheets import FORCE
from tenproj_xl.model.issues import IssueHistory, issue_history
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.units import spoken_task_force
from tenproj_xl.validation.context import Context
from tenproj_xl.validation.entries import Entry
from tenproj_xl.validation.registry import rule


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
    """Find what a new issue cannot be registered without."""
    if entry.code or not entry.is_answered:
        return
    for field in entry.row.sheet.registers:
        if entry.inputs[field] is None:
            yield entry.lacking(Code.ISSUE_INCOMPLETE, field)


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
        yield finding(Code.ISSUE_CLOSED, entry.place("code"), entry.code, expected=day)


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


@rule(Code.OPINION_AGAINST, on=("issues",))
def opinion_favours_signing_off(entry: Entry, _: Context) -> Iterator[Finding]:
    """Ask about an application to sign an issue off that the lead unit is against."""
    if entry.value("status") == IssueStatus.APPLIED and entry.value("lead_opinion") == Opinion.AGAINST:
        yield finding(Code.OPINION_AGAINST, entry.place("lead_opinion"), entry.typed("lead_opinion"))
