"""The command `plan confirm`: what is marked 待核 in the plan is confirmed in one go."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from tenproj_xl.app.plan_book import rewrite_plan
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.model.plan_pending import confirmed, pending_cells
from tenproj_xl.reading.office_book import load_rows


@dataclass(frozen=True)
class PlanConfirmed:
    """How many cells were confirmed, by sheet, and where the previous workbook lies (None: unchanged)."""

    cells: Mapping[str, int]
    backup: Path | None


def confirm_plan(workspace: Workspace, by: str, now: datetime) -> PlanConfirmed:
    """Write into each cell marked 待核 who confirmed it and when; keep the previous workbook in 备份.

    No other cell is touched, nor anything else in the workbook.

    Raises:
        UsageProblem: Nobody is named, or the workbook is not an .xlsx as Excel or WPS saves it.
    """
    if not by.strip():
        raise UsageProblem("请用 --by 写明核定人。")
    (rows,) = load_rows(workspace.plan)
    pending = pending_cells(rows)
    if not pending:
        return PlanConfirmed({}, None)
    texts = {}
    for sheet, cells in pending.items():
        texts[sheet] = {cell: confirmed(text, by.strip(), now.date()) for cell, text in cells.items()}
    backup = rewrite_plan(workspace, texts, now)
    return PlanConfirmed({sheet: len(cells) for sheet, cells in pending.items()}, backup)
