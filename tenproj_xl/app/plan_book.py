"""Change cells of 工作计划.xlsx for the office, which keeps the previous workbook."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.core.files import must_be_closed, write_file
from tenproj_xl.excel.edit_cells import NotEditableError, with_texts


def rewrite_plan(workspace: Workspace, texts: Mapping[str, Mapping[str, str]], now: datetime) -> Path:
    """Put texts into cells of the plan, by sheet title and address; return where the previous one lies.

    Raises:
        UsageProblem: The workbook is not an .xlsx as Excel or WPS saves it.
        EnvironmentProblem: It is open in another program.
    """
    must_be_closed(workspace.plan)
    before = workspace.plan.read_bytes()
    try:
        after = with_texts(before, texts)
    except NotEditableError as fault:
        problem = f"“{workspace.plan.name}”不能由程序改动（{fault}）"
        raise UsageProblem(f"{problem}。请在 WPS 或 Excel 中打开、另存为 .xlsx 后重试。") from fault
    backup = workspace.backups / f"{workspace.plan.stem}_{now:%Y%m%d-%H%M%S}.xlsx"
    write_file(backup, before)
    write_file(workspace.plan, after)
    return backup
