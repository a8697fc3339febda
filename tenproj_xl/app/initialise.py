"""The command `init`: lay down the folders, workbooks and template of a new workspace."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.core.files import atomic_write
from tenproj_xl.core.periods import Frequency, period_of
from tenproj_xl.core.sheets import TEMPLATE_SHEETS
from tenproj_xl.excel.office_tables import write_workbook
from tenproj_xl.forms.template import build_template
from tenproj_xl.model.plan_reader import read_plan
from tenproj_xl.model.plan_schema import PLAN_SHEETS, shipped_plan
from tenproj_xl.model.settings import default_settings
from tenproj_xl.model.settings_schema import SETTING_SHEETS, default_rows, example_sentences
from tenproj_xl.office.list_formats import write_formats
from tenproj_xl.rollup.facts.input import nothing_reported
from tenproj_xl.rollup.facts.model import Facts, facts_of
from tenproj_xl.rollup.platform_lists import Lists

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


_SETTING_NOTES = {s.code: "\n".join([_NOTES[s.code], *example_sentences(s)]) for s in SETTING_SHEETS}


def _facts() -> Facts:
    """Return the facts of the shipped plan before anything came, which tell what lists may have."""
    plan, findings = read_plan(shipped_plan(), "工作计划.xlsx")
    if plan is None:
        raise ValueError(f"the shipped plan is at fault: {findings}")
    first_year = period_of(date(plan.programme.first_year, 1, 1), Frequency.YEAR)
    return facts_of(nothing_reported(plan, default_settings(), first_year))


def initialise(workspace: Workspace) -> list[Path]:
    """Lay down what a workspace lacks of workbooks, template, inbox and outbox; return the new files.

    Raises:
        UsageProblem: nothing is missing; what is there is never overwritten.
    """
    for folder in (workspace.inbox, workspace.outbox):
        folder.mkdir(parents=True, exist_ok=True)
    parts: tuple[tuple[Path, Callable[[Path], None]], ...] = (
        (workspace.plan, lambda p: write_workbook(p, PLAN_SHEETS, shipped_plan(), _NOTES)),
        (workspace.settings, lambda p: write_workbook(p, SETTING_SHEETS, default_rows(), _SETTING_NOTES)),
        (workspace.template, lambda p: build_template(p, TEMPLATE_SHEETS)),
        (workspace.list_formats, lambda p: write_formats(p, Lists(_facts()))),
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
