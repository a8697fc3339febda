"""The workspace: where things lie, and the plan and settings that a command works by."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tenproj_xl.core.cells import Rows
from tenproj_xl.core.errors import EnvironmentProblem
from tenproj_xl.core.findings import Finding, has_errors
from tenproj_xl.core.texts import canonical, text_of
from tenproj_xl.model.issued import Snapshots
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.plan_reader import read_plan
from tenproj_xl.model.settings import (
    Loaded,
    Settings,
    read_settings,
    unknown_subjects,
)
from tenproj_xl.reading.office_book import load_rows


@dataclass(frozen=True)
class Workspace:
    """The folder that a command works in."""

    root: Path

    @property
    def plan(self) -> Path:
        """The plan workbook."""
        return self.root / "工作计划.xlsx"

    @property
    def settings(self) -> Path:
        """The settings workbook."""
        return self.root / "设置.xlsx"

    @property
    def list_formats(self) -> Path:
        """The workbook that says how a superior's platform takes the lists."""
        return self.root / "上报格式.xlsx"

    @property
    def template(self) -> Path:
        """The workbook whose look the forms take."""
        return self.root / "workbook_templates" / "填报表.xlsx"

    @property
    def inbox(self) -> Path:
        """Where returns are put."""
        return self.root / "inbox"

    @property
    def outbox(self) -> Path:
        """Where everything that is made lies, a folder per period."""
        return self.root / "outbox"

    @property
    def ledger(self) -> Path:
        """The folder of the ledger and the archive."""
        return self.root / "ledger"

    @property
    def archive(self) -> Path:
        """Received files by hash."""
        return self.ledger / "archive"

    def relative(self, path: Path) -> str:
        """Return a path from the workspace on, with forward slashes, as people and machines are told it."""
        return path.relative_to(self.root).as_posix()


def check_workbooks(workspace: Workspace) -> tuple[Plan | None, Settings | None, list[Finding], Snapshots]:
    """Return plan and settings as far as they can be read, what is wrong with them, and what was read."""
    plan_rows, setting_rows = load_rows(workspace.plan, workspace.settings)
    plan, findings = read_plan(plan_rows, workspace.plan.name)
    settings, faults = read_settings(setting_rows, workspace.settings.name)
    if plan and settings:
        unknown = unknown_subjects(setting_rows, workspace.settings.name, _subjects(plan))
        if unknown:
            settings, faults = None, [*faults, *unknown]
    return plan, settings, findings + faults, Snapshots(_snapshot(plan_rows), _snapshot(setting_rows))


def _subjects(plan: Plan) -> set[str]:
    """Return whatever an exemption may be for, in one spelling: units, task forces, rows."""
    subjects = {canonical(task_force.code) for task_force in plan.task_forces}
    subjects |= {canonical(indicator.code) for indicator in plan.indicators}
    subjects |= {canonical(task.code) for task in plan.tasks}
    for unit in plan.units:
        subjects.update(plan.spellings(unit.name))
    return subjects


def load(workspace: Workspace) -> Loaded:
    """Read plan and settings.

    Raises:
        EnvironmentProblem: either is missing, or an error stands in it.
    """
    plan, settings, findings, snapshots = check_workbooks(workspace)
    if plan is None or settings is None:
        errors = [f for f in findings if f.is_error]
        first = errors[0]
        where = f"“{first.file}”{first.sheet} {first.cell}".rstrip()
        raise EnvironmentProblem(
            f"计划或设置有{len(errors)}处错误，如{where}：{first.message}请运行 tenproj plan check 查看全部。"
        )
    if has_errors(findings):
        raise ValueError("a plan with errors was built")
    return Loaded(plan, settings, snapshots)


def _snapshot(sheets: Mapping[str, Rows]) -> str:
    """Return the tables as text, from which the same plan can be read again."""
    texts = {}
    for name, rows in sheets.items():
        texts[name] = [[text_of(cell) for cell in row] for row in rows]
    return json.dumps(texts, ensure_ascii=False, sort_keys=True)
