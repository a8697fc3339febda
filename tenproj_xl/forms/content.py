"""The content of a form: which rows a task force or a unit gets for a period and what is printed in them.

Reads: plan, settings, history. Gives: a `Form`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta

from tenproj_xl.core.cells import Value
from tenproj_xl.core.columns import Fill, Sheet
from tenproj_xl.core.form_versions import form_version
from tenproj_xl.core.periods import Period
from tenproj_xl.core.sheets import FORCE, ISSUES, TASKS, VERIFICATION, form_sheets
from tenproj_xl.core.tokens import token
from tenproj_xl.forms.form import Form, FormRow, FormSheet
from tenproj_xl.forms.indicator_rows import indicator_rows
from tenproj_xl.forms.news import news_of
from tenproj_xl.forms.row_facts import RowFacts, assigned, last_value
from tenproj_xl.model.evaluate_tasks import current_milestone
from tenproj_xl.model.history import History
from tenproj_xl.model.issues import IssueHistory, issue_histories
from tenproj_xl.model.milestones import MILESTONES
from tenproj_xl.model.near_rows import tasks_near
from tenproj_xl.model.people import liaisons_for
from tenproj_xl.model.plan import Plan, Task
from tenproj_xl.model.settings import Settings
from tenproj_xl.model.units import (
    Recipient,
    issue_unit,
    names_of,
    reporter,
    spoken_task_force,
)

REGISTERED = frozenset(c.field for c in ISSUES.columns if c.fill is Fill.ONCE and not c.by_unit)
"""What is closed in the row of a registered issue."""


def build_form(
    plan: Plan, settings: Settings, period: Period, recipient: Recipient, known: History, secret: str
) -> Form:
    """Build the form of a recipient for a period, starting from what earlier periods brought."""
    words = plan.programme.words
    declared = form_sheets(plan.programme.years, words=words)
    known = known.before(period)

    def key(sheet: str, row: str) -> str:
        return token(secret, plan.programme.code, period.code, recipient.code, sheet, row)

    facts = RowFacts(plan, settings, period, recipient, known, key)
    indicators, tasks, issues = declared
    sheets = (
        _part_of(indicators, indicator_rows(facts), recipient),
        _part_of(tasks, _task_rows(facts), recipient),
        _part_of(issues, _issue_rows(facts), recipient),
    )
    return Form(
        programme=plan.programme,
        period=period,
        recipient=recipient,
        deadline=settings.calendar.deadline_of(period, names_of(recipient.code, plan)),
        version=form_version(declared),
        settings=settings,
        sheets=sheets,
        cover={"unit": recipient.printed},
        news=(*_taken_over(facts, sheets), *news_of(plan, known, period, recipient)),
        liaisons=liaisons_for(recipient, plan),
    )


def _part_of(sheet: Sheet, rows: Iterable[FormRow], recipient: Recipient) -> FormSheet:
    """Return a sheet of the form, block by block.

    In a unit's form, which has two more columns, its own rows come first.
    """
    if not recipient.by_unit:
        sheet = sheet.of_task_force
    return FormSheet(sheet, tuple(sorted(rows, key=lambda row: (row.of_others, row.block))))


def _task_rows(facts: RowFacts) -> Iterator[FormRow]:
    for t in tasks_near(facts.recipient, facts.plan):
        unit = reporter(t, facts.plan)
        is_closed = facts.known.has_just_finished(t)
        if not facts.has(t, unit) or (facts.known.is_finished(t) and not is_closed):
            continue
        row = _task_row(t, facts.plan, facts.known, facts.key(TASKS.code, t.code))
        if is_closed:
            row = _closed(row, facts.known)
        yield assigned(row, TASKS.code, unit, t.task_force, facts)


def _closed(row: FormRow, known: History) -> FormRow:
    """Return the row of a task that was reported as done, with that report in it, and its milestone.

    It asks for nothing. Only what takes the report back is open.
    """
    printed = dict(row.printed)
    for field in _OF_MILESTONE:  # 节点完成情况 is about the milestone that stood beside it
        printed[field] = last_value(known, TASKS.code, row.code, field)
    locked = set()
    for column in TASKS.inputs:
        if column.by_unit or column.field == VERIFICATION:
            continue
        printed[column.field] = last_value(known, TASKS.code, row.code, column.field)
        if column.field not in _TAKES_BACK:
            locked.add(column.field)
    return replace(row, printed=printed, locked=frozenset(locked), asked=False)


_OF_MILESTONE = ("milestone", "milestone_due")
_TAKES_BACK = ("status", "completed_on", "progress", "problems", "next_steps", "remark")
"""What a unit may change in the row of a task that it reported as done."""


def _task_row(task: Task, plan: Plan, known: History, key: str) -> FormRow:
    printed: dict[str, Value] = {
        "code": task.code,
        "name": task.name,
        "annual_goal": task.annual_goal or None,
        "milestone": None,
        "milestone_due": None,
        "next_steps": last_value(known, "tasks", task.code, "next_steps"),
        "invest_plan": task.invest_plan,
        "lead_unit": plan.printed(task.lead_unit),
        "responsible_units": plan.printed(*task.responsible),
        "person": last_value(known, "tasks", task.code, "person") or task.person or None,
        "due_on": task.due_on,
        MILESTONES: ",".join(str(m.number) for m in task.milestones),
    }
    if milestone := current_milestone(task, known.milestones_done(task)):
        printed["milestone"] = milestone.name
        printed["milestone_due"] = milestone.due_on
    return FormRow(token=key, code=task.code, printed=printed)


def _issue_rows(facts: RowFacts) -> Iterator[FormRow]:
    """Give the rows of open issues, then blank ones, in which a unit chooses among its task forces."""
    recipient = facts.recipient
    for force, issue, unit in _issues(facts):
        if not issue.signed_off:
            row = _issue_row(issue, facts.key(ISSUES.code, issue.code))
            yield assigned(row, ISSUES.code, unit, force, facts)
    forces = {t.code: spoken_task_force(t) for t in recipient.task_forces}
    only = "".join(forces) if len(forces) == 1 else ""
    for n in range(1, ISSUES.spare_rows + 1):
        key = facts.key(ISSUES.code, f"新增{n:02d}")
        row = FormRow(token=key, code="", printed={})
        row = assigned(row, ISSUES.code, recipient.unit, only, facts)
        if recipient.by_unit and not only:
            row = replace(row, choices={FORCE: tuple(forces.values())})
        yield row


def _issues(facts: RowFacts) -> Iterator[tuple[str, IssueHistory, str]]:
    """Give the issues that stand in the form, with their task forces and the units that report on them."""
    for force in facts.recipient.task_forces:
        for issue in issue_histories(facts.known, force.code):
            unit = issue_unit(issue.row.values, force, facts.plan)
            if facts.has(issue.row, unit):
                yield force.code, issue, unit


def _issue_row(issue: IssueHistory, key: str) -> FormRow:
    printed: dict[str, Value] = {"code": issue.code}
    for column in ISSUES.columns:
        if column.fill in (Fill.EDITABLE, Fill.ONCE) and not column.by_unit:
            printed[column.field] = issue.reported(column.field)
    printed |= _decided(issue)
    moved = issue.due if issue.due != issue.original_due else None
    return FormRow(token=key, code=issue.code, printed=printed, locked=REGISTERED, due_moved=moved)


def _taken_over(facts: RowFacts, sheets: Iterable[FormSheet]) -> Iterator[str]:
    """Give a sentence for each task force that ended lately and left rows to this form, which names them."""
    period, plan = facts.period, facts.plan
    since = period.first - (period.last - period.first) - timedelta(days=1)
    rows = [row for part in sheets for row in part.rows if row.code]
    for force in plan.ended:
        names = [f"{row.code}“{row.name}”" for row in rows if plan.former_force(row.code) == force]
        if names and force.ends and force.ends.last >= since:
            yield f"原{force.code}专班“{force.name}”并入，下列事项转由本表填报：{'、'.join(names)}。"


def _decided(issue: IssueHistory) -> dict[str, Value]:
    """Return what the office decided, if anything; a reopened issue keeps its day of sign-off."""
    decided: dict[str, Value] = {}
    if issue.original_due:
        decided["due_on"] = issue.original_due
    if issue.level:
        decided["approved_level"] = issue.level
    if issue.review:
        decided["review"] = issue.review
    if issue.last_sign_off:
        decided["signed_on"] = issue.last_sign_off.on
    return decided
