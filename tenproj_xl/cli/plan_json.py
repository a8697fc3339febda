"""What the commands about the plan print with `--json`."""

from tenproj_xl.app.plan_check import PlanChecked
from tenproj_xl.app.plan_correct import PlanCorrected
from tenproj_xl.app.plan_gaps import PlanGaps
from tenproj_xl.app.plan_new_year import NewYear
from tenproj_xl.cli.as_json import findings_json
from tenproj_xl.model.plan_changes import PlanDifference


def plan_json(checked: PlanChecked, gaps: PlanGaps) -> dict[str, object]:
    """Return the document of `plan check`."""
    return {
        "findings": findings_json([*checked.findings, *gaps.doubts]),
        "compared_with": checked.before.since.code if checked.before else None,
        "changes": [_difference_json(change) for change in checked.changes],
        **_gaps_json(gaps),
    }


def _gaps_json(gaps: PlanGaps) -> dict[str, object]:
    unlit = []
    for line in gaps.unlit:
        unlit.append(
            {
                "code": line.indicator.code,
                "name": line.indicator.name,
                "reason": str(line.reason),
                "remedy": line.reason.remedy,
            }
        )
    return {
        "to_fill": list(gaps.to_fill),
        "year": gaps.year,
        "unlit": unlit,
        "unconfirmed": dict(gaps.unconfirmed),
    }


def _difference_json(change: PlanDifference) -> dict[str, object]:
    return {
        "change": str(change.change),
        "sheet": change.table.label,
        "code": change.code,
        "name": change.name,
        "column": change.column or None,
        "before": change.before or None,
        "after": change.after or None,
        "basis": change.basis or None,
        "effective": change.effective.code if change.effective else None,
    }


def new_year_json(done: NewYear, backup: str | None) -> dict[str, object]:
    """Return the document of `plan new-year`."""
    return {
        "year": done.year,
        "tasks": list(done.tasks),
        "issues": list(done.issues),
        "with_target": [indicator.code for indicator in done.with_target],
        "undecided": [indicator.code for indicator in done.undecided],
        "cleared": list(done.cleared),
        "backup": backup,
    }


def correction_json(done: PlanCorrected) -> dict[str, object]:
    """Return the document of `plan correct`."""
    cells = []
    for cell in done.cells:
        cells.append(
            {
                "sheet": cell.sheet.name,
                "row": " ".join(filter(None, cell.key)),
                "column": cell.sheet.column(cell.field).header,
                "before": cell.before or None,
                "after": cell.after or None,
            }
        )
    periods = [period.code for period in done.periods]
    return {"since": done.since.code, "corrected": cells, "periods": periods}
