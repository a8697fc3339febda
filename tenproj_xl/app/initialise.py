"""The command `init`: lay down the folders, workbooks and template of a new workspace."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from tenproj_xl.app.letter_book import write_letter_book
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.access import restrict
from tenproj_xl.core.cells import Rows
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.core.files import atomic_write
from tenproj_xl.core.periods import Frequency, period_of
from tenproj_xl.core.sheets import TEMPLATE_SHEETS
from tenproj_xl.excel.office_tables import write_workbook
from tenproj_xl.forms.template import build_template
from tenproj_xl.ledger.schema import LEDGER_FILE
from tenproj_xl.model.address_reader import ADDRESS_SHEET, no_addresses
from tenproj_xl.model.password_reader import PASSWORD_SHEET, default_passwords
from tenproj_xl.model.plan_reader import read_plan
from tenproj_xl.model.plan_schema import PLAN_SHEETS, empty_plan, shipped_plan
from tenproj_xl.model.public_holidays import published_days_off
from tenproj_xl.model.settings_reader import default_settings
from tenproj_xl.model.settings_schema import DAYS_OFF_SHEET, SETTING_SHEETS, default_rows, example_sentences
from tenproj_xl.office.list_formats import write_formats
from tenproj_xl.reading.office_book import load_rows
from tenproj_xl.reading.office_file import in_other_format, to_save_as
from tenproj_xl.rollup.facts.input import nothing_reported
from tenproj_xl.rollup.facts.model import Facts, facts_of
from tenproj_xl.rollup.platform_lists import Lists

_NOTES = {
    "programme": "方案的基本信息。“起始年”至“终止年”决定填报表上的目标列。"
    "方案代码、地区、方案名称、起始年、终止年必填。\n"
    "办公室、排名栏和六个层级的名称用在各种表和信上；空着的，用通用的名称。",
    "task_forces": "各工程专班。“不涉及”的专班也生成填报表，但不要求报送、不参与排名。单位之间用“、”分隔。",
    "units": "文件用名照抄文件；机构改革后请在“现用名”登记新名称，填报表印现用名，原文引用不变。",
    "indicators": "主要指标。一项一行，编号如 Z03-05（Z、专班编号、序号）；发布时滞是期末以后多少天有数。",
    "targets": "各指标分年度（可分季、月）的目标，一期一行，目标期如 2026、2026-Q2、2026-11。"
    "“推算”仅供参考，不亮灯、不督办。",
    "tasks": "重点任务。编号如 R03-02（R、专班编号、序号）。完成时限只填文件或会议明确的日期。",
    "milestones": "任务节点，按序号先后推进。",
    "mechanisms": "会议、计划、督导等怎么运行，列在汇总表的“说明”里；没有的可以不填。",
    "people": "总召集人、召集人、联络员由谁担任、从哪天到哪天；没有换过人、不登记联络员的可以不填。",
    "parameters": "阈值和规则，改后下次生成、汇总时生效。",
    "rules": "与默认不同的规则：改级别，或试行到某一天（其间只提示、不退回）。各条规则见 tenproj rules。",
    "exemptions": "某个单位、专班或某一行到某一天为止不受某条规则约束；汇总表的“核验清单”照列，注明已豁免。",
    "passwords": "单位给文件设了打开密码、又告诉了办公室的，登记在这里，收表时逐个试用；\n"
    "一个单位可以有几行。这份表不进台账，也不进备份：请妥善保管，换电脑时另行拷贝。",
    "addresses": "填报表和信发给谁：一人一行，A岗收信，B岗同时收到抄送、A岗不在时代办。\n"
    "换人的，填前一位的终止日期，另起一行登记接任的人；这里有了联络员，工作计划“人员”表里的就不再使用。",
    "folders": "除工作区的 inbox 以外，还从哪些文件夹收表。“取走”的专放回表，收完移走；\n"
    "“旁看”的是聊天软件的下载文件夹、共享盘、U盘等，里面的文件一个也不动、不提，\n"
    "只把本系统的填报表（和以它命名的扫描件等）抄一份收进来。\n"
    "“渠道”列在汇总表的“报送情况”里；inbox 的渠道也登记在这里（文件夹填 inbox）。",
    "days_off": "每年公布的放假、调休上班日。遇放假的截止日提前或顺延，见“参数”表；没有登记的年份只算周末。",
    "extensions": "经同意晚报的：到“延至”那一天的截止时刻，不算迟报，也不扣报送的分。",
    "releases": "“公开”填“公布后”的指标，哪一期的数据哪天起公布。公布以前只在领导版里写，注明未公布；"
    "没有登记的按未公布。",
    "rankings": "上级晾晒、考评里本区的名次和得分。列在汇总表的“上级排名”里；指标的名次以这里的为准，"
    "单位填的不一样，会请单位核对。",
    "mail": "用邮箱收表、发信的才填：tenproj fetch 从收信服务器收表；不用邮箱的，服务器空着。\n"
    "密码、授权码不写在这里：运行 tenproj secret set mail 保存。",
    "calendar": "与报送周期不同的期：不报送的（如国庆长假）填“否”，改期的填新的截止日期。",
}


_SHIPPED_NOTES = _NOTES | {
    "indicators": "主要指标。报送单位、更新频次、发布时滞、进度曲线文件未作规定，现为默认值，请核定"
    "（核对后运行 tenproj plan confirm，一次核定）。",
}
_SETTING_NOTES = {s.code: "\n".join([_NOTES[s.code], *example_sentences(s)]) for s in SETTING_SHEETS}


def _facts(tables: Mapping[str, Rows]) -> Facts | None:
    """Return the facts of a plan before anything came, for what lists may have; None if it is at fault."""
    plan, _ = read_plan(tables, "")
    if plan is None:
        return None
    first_year = period_of(date(plan.programme.first_year, 1, 1), Frequency.YEAR)
    return facts_of(nothing_reported(plan, default_settings(), first_year))


def _settings() -> dict[str, Rows]:
    """Return the tables of a fresh 设置.xlsx, with the days off of the shipped plan's years as published."""
    plan, _ = read_plan(shipped_plan(), "工作计划.xlsx")
    years = plan.programme.years if plan else range(0)
    head, *_ = default_rows()[DAYS_OFF_SHEET.name]
    return {**default_rows(), DAYS_OFF_SHEET.name: [head, *published_days_off(years)]}


def write_addresses(path: Path, tables: Mapping[str, Rows]) -> None:
    """Write an address book of some tables, with its notes."""
    write_workbook(path, [ADDRESS_SHEET], tables, _NOTES)


def initialise(workspace: Workspace, *, empty: bool = False) -> list[Path]:
    """Lay down what a workspace lacks of workbooks, template, inbox and outbox; return the new files.

    An `empty` plan has the sheets, headers, drop-downs and notes of one, for another programme than the
    shipped one. What lists a plan allows is written once the plan can be read.

    Raises:
        UsageProblem: Nothing is missing (what is there is never overwritten), or the plan that a ledger was
            kept by is, in whose place no other may come; or the plan was saved in another format.
    """
    if other := in_other_format(workspace.plan):
        raise UsageProblem(to_save_as(workspace.plan, other))
    if (workspace.ledger / LEDGER_FILE).exists() and not workspace.plan.exists():
        raise UsageProblem(
            f"这里已有台账，但缺少“{workspace.plan.name}”，请从备份恢复它；程序不会用别的计划代替。"
        )
    for folder in (workspace.inbox, workspace.outbox):
        folder.mkdir(parents=True, exist_ok=True)
    tables, notes = shipped_plan(), _SHIPPED_NOTES
    if empty:
        tables, notes = empty_plan(), _NOTES
    parts: list[tuple[Path, Callable[[Path], None]]] = [
        (workspace.plan, lambda p: write_workbook(p, PLAN_SHEETS, tables, notes)),
        (workspace.settings, lambda p: write_workbook(p, SETTING_SHEETS, _settings(), _SETTING_NOTES)),
        (workspace.passwords, lambda p: write_workbook(p, [PASSWORD_SHEET], default_passwords(), _NOTES)),
        (workspace.addresses, lambda p: write_addresses(p, no_addresses())),
        (workspace.template, lambda p: build_template(p, TEMPLATE_SHEETS)),
        (workspace.letters, write_letter_book),
    ]
    if not workspace.list_formats.exists():
        own_tables: Mapping[str, Rows] = tables
        if workspace.plan.exists():
            (own_tables,) = load_rows(workspace.plan)
        facts = _facts(own_tables)
        if facts is not None:
            lists = Lists(facts)
            parts.append((workspace.list_formats, lambda p: write_formats(p, lists)))
    written = []
    for path, write in parts:
        if not path.exists():
            with atomic_write(path) as temporary:
                write(temporary)
            written.append(path)
    restrict(workspace.passwords)
    if not written:
        raise UsageProblem(f"工作区“{workspace.root.name}”已经存在，未作改动。要重新开始请换一个空文件夹。")
    return written
