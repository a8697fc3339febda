"""The command `plan check`: what is wrong with plan and settings, and what they change from now on."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime

from tenproj_xl.app.periods import with_issued
from tenproj_xl.app.plans import InForce, in_force
from tenproj_xl.app.workspace import Workspace, check_workbooks
from tenproj_xl.core.answers import Disclosure
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.columns import Sheet
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.findings import Finding, Place, finding
from tenproj_xl.core.periods import Period
from tenproj_xl.core.sheets import TASKS as TASK_ROWS
from tenproj_xl.core.tables import data_rows, locate
from tenproj_xl.core.texts import text_of
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.address_reader import coverage_findings
from tenproj_xl.model.calendar_reader import deadline_findings
from tenproj_xl.model.folders import folders_away
from tenproj_xl.model.history import History
from tenproj_xl.model.issues import issue_histories
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.plan_changes import PlanDifference, differences, of_contents
from tenproj_xl.model.plan_identity import MixedRow, Mixing, PlanTable, deleted_task_forces, mixed_rows
from tenproj_xl.model.plan_schema import INDICATORS, TASK_FORCES, TASKS
from tenproj_xl.model.plan_versions import PlanVersion
from tenproj_xl.model.release_reader import unknown_release_days
from tenproj_xl.model.section_checks import section_findings


@dataclass(frozen=True, kw_only=True)
class PlanChecked:
    """All findings, and what differs from the plan of the newest forms, `before`, if there are any."""

    findings: tuple[Finding, ...]
    before: PlanVersion | None = None
    changes: tuple[PlanDifference, ...] = ()


def check_plan(workspace: Workspace, now: datetime | None = None) -> PlanChecked:
    """Check plan, settings and address book, and compare the plan with the one in force.

    Args:
        workspace: The workspace.
        now: The present moment; by default the machine's.
    """
    checked, findings = check_workbooks(workspace)
    if checked is None:
        return PlanChecked(findings=tuple(findings))
    plan = checked.plan
    today = (now or datetime.now(UTC)).astimezone(checked.settings.zone).date()
    findings += coverage_findings(checked.addresses, plan, today, workspace.addresses.name)
    findings += section_findings(
        json.loads(checked.snapshots.plan), workspace.plan.name, checked.addresses, plan, today
    )
    findings += folders_away(checked.settings.folders, workspace.root)
    with look_into_ledger(workspace.ledger) as ledger:
        loaded = with_issued(checked, ledger)
        plans, newest = in_force(loaded, ledger), ledger.newest_period()
        before = plans.plans.newest
        if before is None or newest is None:
            return PlanChecked(findings=tuple(findings))
        known = plans.history_of(ledger, before.since.first, before.since.last, sheets=(TASK_ROWS.code,))
        figures = _waiting_figures(plan, plans, ledger, newest)
    findings += unknown_release_days(loaded.settings.releases, loaded.plan, figures, workspace.settings.name)
    calendar = loaded.settings.calendar
    following = calendar.following(calendar.span(newest))
    findings += deadline_findings(calendar, following, workspace.settings.name)
    findings += mixing_findings(before.plan, plans, workspace.plan.name)
    findings += _ended(before, plan, known, workspace.plan.name)
    changes = differences(before.plan, plans.loaded.plan)
    if any(found.is_error and found.file == workspace.addresses.name for found in findings):
        changes = of_contents(changes)  # nothing of the book was read, and nobody was taken out of it
    return PlanChecked(findings=tuple(findings), before=before, changes=changes)


def _waiting_figures(
    plan: Plan, plans: InForce, ledger: LedgerView, newest: str
) -> Mapping[str, Sequence[Period]]:
    """Return the data periods, of this year and the last, of the figures that wait for their publication."""
    waiting = [i.code for i in plan.indicators if i.disclosure is Disclosure.AFTER_RELEASE]
    if not waiting:
        return {}
    until = plans.loaded.settings.span(newest)
    first = date(until.year - 1, 1, 1)
    known = plans.known(plans.history_of(ledger, first, until.last, sheets=("indicators",)), until)
    found = {}
    for code in waiting:
        periods = [figure.period for figure in known.figures(code)]
        found[code] = [period for period in periods if period.last >= first]
    return found


def _ended(before: PlanVersion, plan: Plan, known: History, file: str) -> Iterator[Finding]:
    """Yield what becomes of the rows of each task force that is to end and had not ended before."""
    ended_before = {force.code for force in before.plan.task_forces if force.ends}
    for force in plan.task_forces:
        if force.ends is None or force.code in ended_before:
            continue
        open_rows = [task.code for task in plan.tasks_of(force.code) if not known.is_finished(task)]
        open_rows += [issue.code for issue in issue_histories(known, force.code) if not issue.signed_off]
        open_rows += [indicator.code for indicator in plan.indicators_of(force.code)]
        what = "没有要接续的事项"
        if open_rows:
            named = "、".join(open_rows)
            what = f"{named}没有承接的专班，请填“承继专班”"
            if force.successor:
                what = f"{named}转由{force.successor}专班填报"
        place = Place(file, TASK_FORCES.name)
        yield finding(Code.PLAN_TASK_FORCE_ENDS, place, force.code, expected=force.ends.label, after=what)


_MIXED = {
    Mixing.OTHER_ROW: Code.PLAN_CODE_REUSED,
    Mixing.SHIFTED: Code.PLAN_CODES_SHIFTED,
    Mixing.UNIT: Code.PLAN_UNIT_CHANGED,
}
_SHEETS = {PlanTable.INDICATORS: INDICATORS, PlanTable.TASKS: TASKS}
_COLUMN = {Mixing.UNIT: "series_starts"}
"""The column in which the office says what became of a row, where it is not 原编号."""


def mixing_findings(before: Plan, plans: InForce, file: str) -> Iterator[Finding]:
    """Yield what keeps the workbook from coming in force after a plan: rows whose history nobody can tell."""
    tables = json.loads(plans.loaded.snapshots.plan)
    for mixed in mixed_rows(before, plans.loaded.plan):
        sheet = _SHEETS[mixed.table]
        column = _COLUMN.get(mixed.mixing, "former_code")
        place = Place(file, sheet.name, _cell(tables[sheet.name], sheet, mixed, column))
        yield finding(
            _MIXED[mixed.mixing],
            place,
            mixed.code,
            expected=mixed.before,
            after=mixed.after,
            near=mixed.former,
        )
    for force in deleted_task_forces(before, plans.loaded.plan):
        yield finding(
            Code.PLAN_TASK_FORCE_DELETED, Place(file, TASK_FORCES.name), force.code, expected=force.name
        )


def _cell(rows: Iterable[list[object]], sheet: Sheet, mixed: MixedRow, column: str) -> str:
    """Return the address of a column in a row of the workbook; that of the code where it lacks the column."""
    table = tuple(map(tuple, rows))
    layout = locate(table, sheet)
    if layout is None:
        return ""
    for row in data_rows(table, layout):
        if text_of(row.cells.get("code")) == mixed.code:
            return row.address(column if column in layout.positions else "code")
    return ""
