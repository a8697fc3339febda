"""What `plan check` tells besides errors and changes: what is hardly meant, and what is still missing."""

from collections.abc import Mapping
from pathlib import Path

from tenproj_xl.app.read_workbooks import read_workbooks
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import Rows, is_empty
from tenproj_xl.core.columns import Sheet
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.findings import Finding, Place, finding, in_order
from tenproj_xl.core.tables import data_rows, locate
from tenproj_xl.model.password_reader import FORMER_PASSWORD_SHEET
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.plan_doubts import unread
from tenproj_xl.model.plan_pending import pending_cells
from tenproj_xl.model.plan_reader import doubts_of_plan
from tenproj_xl.model.plan_schema import INDICATORS, MILESTONES, PROGRAMME, TARGETS, TASK_FORCES, TASKS, UNITS
from tenproj_xl.model.settings_schema import SETTING_SHEETS
from tenproj_xl.model.unlit import Unlit, unlit_indicators
from tenproj_xl.reading.office_book import load_rows

_IN_ORDER = (PROGRAMME, UNITS, TASK_FORCES, INDICATORS, TARGETS, TASKS, MILESTONES)
"""The sheets of the plan in the order in which they are best filled in: names before what refers to them."""
_BOOK_SUFFIXES = (".xlsx", ".xlsm", ".xls", ".et", ".ods")


@dataclass(frozen=True, kw_only=True)
class PlanGaps:
    """What was found.

    `unlit` are the indicators without a light in `year`, both empty where the plan has errors; `unconfirmed`
    counts by sheet the cells marked 待核, `to_fill` has the titles of the empty sheets that a plan needs, in
    the order in which they are best filled in.
    """

    doubts: tuple[Finding, ...]
    year: int | None = None
    unlit: tuple[Unlit, ...] = ()
    unconfirmed: Mapping[str, int]
    to_fill: tuple[str, ...] = ()


def plan_gaps(workspace: Workspace, this_year: int) -> PlanGaps:
    """Look for gaps in plan and settings, in the year of the programme that is nearest to this one."""
    plan_rows, setting_rows = load_rows(workspace.plan, workspace.settings)
    plan, settings, _ = read_workbooks(plan_rows, setting_rows)
    doubts = doubts_of_plan(plan_rows, workspace.plan.name)
    doubts += unread(setting_rows, (*SETTING_SHEETS, FORMER_PASSWORD_SHEET), workspace.settings.name)
    for path in (workspace.plan, workspace.settings):
        doubts += _second_books(path)
    year: int | None = None
    unlit: tuple[Unlit, ...] = ()
    if plan is not None and settings is not None:
        year = _year_of(plan, this_year)
        unlit = unlit_indicators(plan, year, settings)
    return PlanGaps(
        doubts=tuple(in_order(doubts)),
        year=year,
        unlit=unlit,
        unconfirmed={sheet: len(cells) for sheet, cells in pending_cells(plan_rows).items()},
        to_fill=_to_fill(plan_rows),
    )


def _year_of(plan: Plan, this_year: int) -> int:
    years = plan.programme.years
    return min(max(this_year, years[0]), years[-1])


def _to_fill(plan_rows: Mapping[str, Rows]) -> tuple[str, ...]:
    """Return the titles of the sheets without content, as long as there is no task force."""
    empty = tuple(sheet.name for sheet in _IN_ORDER if _is_unfilled(plan_rows.get(sheet.name, ()), sheet))
    if TASK_FORCES.name in empty:
        return empty
    return ()


def _is_unfilled(rows: Rows, sheet: Sheet) -> bool:
    """Return whether a sheet has no row in which anything but its first column is filled in."""
    layout = locate(rows, sheet)
    if layout is None:
        return False
    first, *others = (column.field for column in sheet.columns)
    del first
    filled = (row for row in data_rows(rows, layout) if any(not is_empty(row.cells.get(f)) for f in others))
    return next(filled, None) is None


def _second_books(path: Path) -> list[Finding]:
    """Report copies of a workbook beside it, as mail programs and people name them."""
    findings = []
    for other in sorted(path.parent.iterdir()):
        is_alike = path.stem in other.stem and other.suffix.lower() in _BOOK_SUFFIXES
        if is_alike and other != path and not other.name.startswith(("~$", ".")):
            place = Place(other.name)
            findings.append(finding(Code.PLAN_SECOND_BOOK, place, other.name, expected=path.name))
    return findings
