"""The workspace: where things lie, and the plan and settings that a command works by."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tenproj_xl.core.cells import Rows
from tenproj_xl.core.errors import EnvironmentProblem
from tenproj_xl.core.findings import Finding
from tenproj_xl.core.texts import canonical, text_of
from tenproj_xl.model.issued import Snapshots
from tenproj_xl.model.passwords import Passwords, read_passwords, without_passwords
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.plan_reader import read_plan, stored_plan
from tenproj_xl.model.settings import (
    Loaded,
    Settings,
    read_settings,
    unknown_subjects,
)
from tenproj_xl.reading.office_book import OfficeFile, rows_of

_PLAN = "工作计划.xlsx"
_SETTINGS = "设置.xlsx"
_PASSWORDS = "打开密码.xlsx"


@dataclass(frozen=True)
class Workspace:
    """The folder that a command works in."""

    root: Path

    @property
    def plan(self) -> Path:
        """The plan workbook."""
        return self.root / _PLAN

    @property
    def settings(self) -> Path:
        """The settings workbook."""
        return self.root / _SETTINGS

    @property
    def passwords(self) -> Path:
        """The workbook of the passwords that units set on their files; there may be none."""
        return self.root / _PASSWORDS

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
    def backups(self) -> Path:
        """Where workbooks of the office are kept as they were before a command changed them."""
        return self.root / "备份"

    @property
    def archive(self) -> Path:
        """Received files by hash."""
        return self.ledger / "archive"

    def relative(self, path: Path) -> str:
        """Return a path from the workspace on, with forward slashes, as people and machines are told it."""
        return path.relative_to(self.root).as_posix()


def check_workbooks(workspace: Workspace) -> tuple[Plan | None, Settings | None, list[Finding], Snapshots]:
    """Return plan and settings as far as they can be read, what is wrong with them, and what was read."""
    checked = _checked(*_files(workspace))
    return checked.plan, checked.settings, checked.findings, checked.snapshots


@dataclass(frozen=True, kw_only=True)
class _Checked:
    """What the workbooks say, as far as they can be read; what is wrong with them; what is kept of them."""

    plan: Plan | None
    settings: Settings | None
    passwords: Passwords
    findings: list[Finding]
    snapshots: Snapshots


def _files(workspace: Workspace) -> tuple[OfficeFile, OfficeFile, OfficeFile | None]:
    """Return plan, settings and passwords as they lie there; workspaces of before have no passwords."""
    passwords = OfficeFile.at(workspace.passwords) if workspace.passwords.exists() else None
    return OfficeFile.at(workspace.plan), OfficeFile.at(workspace.settings), passwords


def _checked(plan_file: OfficeFile, settings_file: OfficeFile, password_file: OfficeFile | None) -> _Checked:
    files = [file for file in (plan_file, settings_file, password_file) if file]
    plan_rows, setting_rows, *password_rows = rows_of(*files)
    plan, settings, findings = read_workbooks(plan_rows, setting_rows)
    passwords, faults = read_passwords(
        password_rows[0] if password_rows else None, _PASSWORDS, setting_rows, _SETTINGS
    )
    return _Checked(
        plan=plan,
        settings=settings,
        passwords=passwords,
        findings=[*findings, *faults],
        snapshots=Snapshots(_snapshot(plan_rows), _snapshot(without_passwords(setting_rows))),
    )


def read_workbooks(
    plan_rows: Mapping[str, Rows], setting_rows: Mapping[str, Rows]
) -> tuple[Plan | None, Settings | None, list[Finding]]:
    """Return the plan and settings of tables as far as they can be read, and what is wrong with them."""
    plan, findings = read_plan(plan_rows, _PLAN)
    settings, faults = read_settings(setting_rows, _SETTINGS)
    if plan and settings:
        unknown = unknown_subjects(setting_rows, _SETTINGS, _subjects(plan), _reported(plan))
        if unknown:
            settings, faults = None, [*faults, *unknown]
    return plan, settings, findings + faults


def _subjects(plan: Plan) -> set[str]:
    """Return whatever an exemption may be for, in one spelling: units, task forces, rows."""
    subjects = {canonical(task_force.code) for task_force in plan.task_forces}
    subjects |= {canonical(indicator.code) for indicator in plan.indicators}
    subjects |= {canonical(task.code) for task in plan.tasks}
    for unit in plan.units:
        subjects.update(plan.spellings(unit.name))
    return subjects


def _reported(plan: Plan) -> set[str]:
    """Return whose figures a day of publication may be for, in one spelling: indicators, reporting units."""
    subjects = {canonical(indicator.code) for indicator in plan.indicators}
    for indicator in plan.indicators:
        subjects.update(plan.spellings(indicator.reporting_unit))
    return subjects


def load(workspace: Workspace) -> Loaded:
    """Read plan and settings; again in the same process only where either has changed.

    Raises:
        EnvironmentProblem: either is missing, or an error stands in it.
    """
    return _loaded(*_files(workspace))


@lru_cache(maxsize=8)  # a program that stays open runs many commands by the same workbooks
def _loaded(plan_file: OfficeFile, settings_file: OfficeFile, password_file: OfficeFile | None) -> Loaded:
    checked = _checked(plan_file, settings_file, password_file)
    plan, settings = checked.plan, checked.settings
    errors = [found for found in checked.findings if found.is_error]
    if plan is None or settings is None or errors:
        first = errors[0]
        where = f"“{first.file}”{first.sheet} {first.cell}".rstrip()
        raise EnvironmentProblem(
            f"计划或设置有{len(errors)}处错误，如{where}：{first.message}请运行 tenproj plan check 查看全部。"
        )
    return Loaded(plan, settings, checked.snapshots, checked.passwords)


def load_snapshots(workspace: Workspace, snapshots: Snapshots) -> Loaded:
    """Read plan and settings again from what a batch kept of them.

    Raises:
        EnvironmentProblem: This version of the program cannot read the settings, as another one could.
    """
    settings = settings_of_snapshots(workspace, snapshots)
    return Loaded(stored_plan(snapshots.plan), settings, snapshots)


def settings_of_snapshots(workspace: Workspace, snapshots: Snapshots) -> Settings:
    """Read the settings again from what a batch kept of them; raises EnvironmentProblem as above."""
    settings, _ = read_settings(json.loads(snapshots.settings), workspace.settings.name)
    if settings is None:
        raise EnvironmentProblem(_UNREADABLE_NOW)
    return settings


_UNREADABLE_NOW = "当时的设置，现在的版本读不全，不能照当时重做；请看当时发出的文件。"


def _snapshot(sheets: Mapping[str, Rows]) -> str:
    """Return the tables as text, from which the same plan can be read again."""
    texts = {}
    for name, rows in sheets.items():
        texts[name] = [[text_of(cell) for cell in row] for row in rows]
    return json.dumps(texts, ensure_ascii=False, sort_keys=True)
