"""The workspace: where things lie, and the plan and settings that a command works by."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tenproj_xl.core.cells import Rows
from tenproj_xl.core.errors import EnvironmentProblem, UsageProblem
from tenproj_xl.core.files import atomic_write
from tenproj_xl.core.findings import Finding, has_errors
from tenproj_xl.core.parse import canonical, text_of
from tenproj_xl.core.sheets import TEMPLATE_SHEETS
from tenproj_xl.model.issued import Snapshots
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.plan_reader import read_plan
from tenproj_xl.model.plan_schema import PLAN_SHEETS, shipped_plan
from tenproj_xl.model.settings import (
    SETTING_SHEETS,
    Loaded,
    Settings,
    default_rows,
    examples_told,
    read_settings,
    unknown_subjects,
)
from tenproj_xl.reading.office_book import load_rows

_NOTES = {
    "programme": "方案的基本信息。“起始年”至“终止年”决定填报表上的目标列。",
    "task_forces": "各工程专班。“不涉及”的专班也生成填报表，但不要求报送、不参与排名。单位之间用“、”分隔。",
    "units": "文件用名照抄文件；机构改革后请在“现用名”登记新名称，填报表印现用名，原文引用不变。",
    "indicators": "主要指标。报送单位、更新频次、发布时滞、进度曲线文件未作规定，现为默认值，请逐项核定。",
    "targets": "各指标分年度（可分季、月）的目标。“推算”仅供参考，不亮灯、不督办。",
    "tasks": "重点任务。完成时限只填文件或会议明确的日期。",
    "milestones": "任务节点，按序号先后推进。",
    "parameters": "阈值和规则，改后下次生成、汇总时生效。",
    "rules": "与默认不同的规则：改级别，或试行到某一天（其间只提示、不退回）。各条规则见 tenproj rules。",
    "exemptions": "某个单位、专班或某一行到某一天为止不受某条规则约束；汇总表的“核验清单”照列，注明已豁免。",
    "passwords": "单位给文件设了打开密码、又告诉了办公室的，登记在这里，收表时逐个试用。",
    "calendar": "与报送周期不同的期：不报送的（如国庆长假）填“否”，改期的填新的截止日期。",
}

_SETTING_NOTES = {s.code: "\n".join([_NOTES[s.code], *examples_told(s)]) for s in SETTING_SHEETS}


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
        """A path as people and machines are told it: from the workspace, with forward slashes."""
        return path.relative_to(self.root).as_posix()


def initialise(workspace: Workspace) -> list[Path]:
    """The files laid down of a workspace: plan, settings, template, inbox, outbox, as far as they are missing.

    Raises:
        UsageProblem: nothing is missing; what is there is never overwritten.
    """
    from tenproj_xl.excel.office_tables import write_workbook  # noqa: PLC0415  # loads XlsxWriter
    from tenproj_xl.forms.template import build_template  # noqa: PLC0415  # loads XlsxWriter

    for folder in (workspace.inbox, workspace.outbox):
        folder.mkdir(parents=True, exist_ok=True)
    parts: tuple[tuple[Path, Callable[[Path], None]], ...] = (
        (workspace.plan, lambda p: write_workbook(p, PLAN_SHEETS, shipped_plan(), _NOTES)),
        (workspace.settings, lambda p: write_workbook(p, SETTING_SHEETS, default_rows(), _SETTING_NOTES)),
        (workspace.template, lambda p: build_template(p, TEMPLATE_SHEETS)),
    )
    written = []
    for path, write in parts:
        if not path.exists():
            with atomic_write(path) as temporary:
                write(temporary)
            written.append(path)
    if not written:
        raise UsageProblem(f"工作区“{workspace.root.name}”已经存在，未作改动。要重新开始请换一个空文件夹。")
    return written


def check_workbooks(workspace: Workspace) -> tuple[Plan | None, Settings | None, list[Finding], Snapshots]:
    """Plan and settings as far as they can be read, and what is wrong with them."""
    plan_rows, setting_rows = load_rows(workspace.plan), load_rows(workspace.settings)
    plan, findings = read_plan(plan_rows, workspace.plan.name)
    settings, faults = read_settings(setting_rows, workspace.settings.name)
    if (
        plan
        and settings
        and (strangers := unknown_subjects(setting_rows, workspace.settings.name, _subjects(plan)))
    ):
        settings, faults = None, [*faults, *strangers]
    return plan, settings, findings + faults, Snapshots(_snapshot(plan_rows), _snapshot(setting_rows))


def _subjects(plan: Plan) -> set[str]:
    """Whatever an exemption may be for, in one spelling: units, task forces, rows."""
    codes = (
        {x.code for x in plan.task_forces} | {x.code for x in plan.indicators} | {x.code for x in plan.tasks}
    )
    return {canonical(code) for code in codes} | {s for u in plan.units for s in plan.spellings(u.name)}


def load(workspace: Workspace) -> Loaded:
    """Plan and settings.

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
    """The tables as text, from which the same plan can be read again."""
    texts = {name: [[text_of(cell) for cell in row] for row in rows] for name, rows in sheets.items()}
    return json.dumps(texts, ensure_ascii=False, sort_keys=True)
