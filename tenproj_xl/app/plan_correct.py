"""The command `plan correct`: put a typing error in the plan right for periods whose forms are out."""

from dataclasses import replace
from datetime import UTC, datetime

from tenproj_xl.app.opened_ledger import opened_ledger
from tenproj_xl.app.periods import issued_period, with_issued
from tenproj_xl.app.plans import in_force
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.core.periods import Period
from tenproj_xl.model.plan_corrections import CellCorrection, OtherRow, corrected, corrections
from tenproj_xl.model.plan_identity import rows_of
from tenproj_xl.model.plan_schema import OF_ONE_YEAR
from tenproj_xl.model.plan_versions import PlanInTime, PlanVersion

_SHOWN = 3


@dataclass(frozen=True, kw_only=True)
class PlanCorrected:
    """What was put right, from which period on, and the periods whose plan had it wrong."""

    since: Period
    cells: tuple[CellCorrection, ...]
    periods: tuple[Period, ...]


def correct_plan(workspace: Workspace, since_code: str | None, reason: str) -> PlanCorrected:
    """Write what the workbook says otherwise into the plans in force from a period on.

    A decision is not corrected but dated (生效期), a row is not corrected into being: only cells of rows that
    are there, and not those that `plan new-year` emptied for a year whose forms are still to go out.
    `since_code` is by default the newest period that forms went out for.

    Raises:
        UsageProblem: There is nothing to correct, rows were added or removed, or no reason is given.
    """
    if not reason.strip():
        raise UsageProblem("请用 --reason 写明更正的原因。")
    loaded = load(workspace)
    with opened_ledger(workspace, loaded, who="tenproj plan correct") as ledger:
        loaded = with_issued(loaded, ledger)
        since = issued_period(since_code, loaded, ledger)
        in_time = in_force(loaded, ledger)
        plans, newest = in_time.plans, in_time.plans.newest
        if newest is None:
            raise ValueError("forms went out without a plan")
        wrong = ledger.snapshot(newest.sha256)
        cells, others = corrections(wrong, loaded.snapshots.plan)
        if in_time.is_of_earlier_year(newest.since):
            # The workbook says them of the new year: that they differ is no typing error.
            cells = tuple(cell for cell in cells if cell.field not in OF_ONE_YEAR)
        _refuse(cells, others)
        periods = []
        with ledger.batch("plan correct", datetime.now(UTC), loaded.snapshots):
            for period, version in plans.in_force_from(since):
                here = [_in_version(cell, plans, version, newest) for cell in cells]
                snapshot, made = corrected(ledger.snapshot(version.sha256), filter(None, here))
                if made:
                    ledger.record_plan_correction(period.code, snapshot, reason.strip())
                    periods.append(period)
    return PlanCorrected(since=since, cells=cells, periods=tuple(periods))


def _in_version(
    cell: CellCorrection, plans: PlanInTime, version: PlanVersion, newest: PlanVersion
) -> CellCorrection | None:
    """Return a correction under the code of its row in another version; None where that has no such row."""
    code, *rest = cell.key
    codes = rows_of(newest.plan)
    if code not in codes:
        return cell
    for former in rows_of(version.plan):
        if plans.code_then(former, version.since, newest.since) == code:
            return replace(cell, key=(former, *rest))
    return None


def _refuse(cells: tuple[CellCorrection, ...], others: tuple[OtherRow, ...]) -> None:
    if others:
        named = "、".join(f"{row.sheet.name} {' '.join(filter(None, row.key))}" for row in others[:_SHOWN])
        raise UsageProblem(
            f"plan correct 只更正已有各行里填错的格；{named}等{len(others)}行是新增或删去的，"
            "属于计划调整，请填“生效期”，或自下一期起生效，不用本命令。"
        )
    if not cells:
        raise UsageProblem(
            "工作计划与下发时的计划相同，没有要更正的。请先在“工作计划.xlsx”里改好、保存，再运行。"
        )
