"""The sheet 项目投资: indicators of investment and projects, with what is planned and what is done."""

from collections.abc import Iterable, Sequence

from tenproj_xl.core.states import State, TaskState
from tenproj_xl.model.duties import Duty
from tenproj_xl.rollup.drawing.on_paper import OnPaper
from tenproj_xl.rollup.drawing.row_links import row_links
from tenproj_xl.rollup.drawing.sheet_spec import Chapter, Explanation, SheetSpec, Tab, explained
from tenproj_xl.rollup.drawing.table import OWN_UNIT, CellLook, Field, Table, source_field
from tenproj_xl.rollup.facts.editions import MONTH
from tenproj_xl.rollup.facts.embargo import unreleased_note
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.projects import ProjectLine, has_projects, project_lines, source_of_project

TITLE = "项目投资"
_NO_PROJECTS = (
    "还没有带投资的项目，只列投资类指标；在“工作计划.xlsx”重点任务填“年度计划投资”，"
    "或单位填报“累计完成投资”的任务即列入。"
)
_F = Field[ProjectLine]


def _table(facts: Facts) -> Table[ProjectLine]:
    lines = project_lines(facts)
    projects = sum(line.kind is Duty.TASK for line in lines)
    note = f"投资类指标{len(lines) - projects}项，带投资的项目{projects}个；比序时为负的慢于序时。"
    if not has_projects(facts):
        note += _NO_PROJECTS
    return Table(
        sheet=TITLE,
        note=f"{unreleased_note(facts.indicators)}{note}",
        fields=(*_figure_fields(facts), *_report_fields(facts)),
        lines=lines,
        fixed=4,
        empty="没有投资类指标，也没有带投资的项目。",
    )


def _figure_fields(facts: Facts) -> Iterable[_F]:
    """Yield the project with what is planned and done."""
    links = row_links(facts)
    yield _F("task_force", "专班", "专班编号。", 5, lambda p: p.task_force.code, CellLook.WORD)
    yield _F(
        "code",
        "编号",
        "指标或任务的编号。",
        9,
        lambda p: p.code,
        CellLook.WORD,
        link=lambda p: links.get(p.code),
    )
    yield _F(
        "kind",
        "类型",
        "投资类指标，或带投资的重点任务。",
        9,
        lambda p: p.kind,
        CellLook.WORD,
        codes=(Duty,),
    )
    yield _F("name", "指标、项目", "指标或任务的名称，照工作计划。", 34, lambda p: p.name)
    yield _F("unit", "单位", "数的计量单位。", 7, lambda p: p.unit, CellLook.WORD)
    yield _F(
        "planned",
        "计划投资\n（目标）",
        "任务的年度计划投资，指标的目标。",
        10,
        lambda p: p.planned,
        CellLook.NUMBER,
        unit=OWN_UNIT,
    )
    yield _F("planned_for", "计划年份", "计划或目标是哪一年的。", 9, lambda p: p.planned_for, CellLook.WORD)
    yield _F(
        "done",
        "已完成",
        "任务的累计完成投资，指标的最新数值。",
        10,
        lambda p: p.done,
        CellLook.NUMBER,
        unit=OWN_UNIT,
    )
    yield _F("share", "完成率", "已完成占计划或目标的比例。", 8, lambda p: p.share, CellLook.PERCENT)
    yield _F(
        "ahead",
        "比序时",
        "比匀速推进应达的多多少，负数为慢；没有本年计划的不比。",
        9,
        lambda p: p.ahead,
        CellLook.NUMBER,
        unit=OWN_UNIT,
    )
    yield _F(
        "as_of",
        "所属期、时效",
        "指标的数据所属期；任务是本期报的，还是沿用哪一期的。",
        13,
        lambda p: p.as_of,
        CellLook.WORD,
    )
    yield _F(
        "state",
        "进度评价",
        "指标或任务的进度评价。",
        10,
        lambda p: p.state,
        CellLook.STATE,
        codes=(State, TaskState),
    )


def _report_fields(facts: Facts) -> Iterable[_F]:
    """Yield what units report of it."""
    yield _F(
        "site_progress", "形象进度", "单位填报的形象进度。", 24, lambda p: p.site_progress, CellLook.LONG
    )
    yield _F(
        "problems",
        "存在问题、滞后原因",
        "单位填报的存在问题；指标是滞后原因。",
        30,
        lambda p: p.problems,
        CellLook.LONG,
    )
    yield _F("unit_name", "责任单位", "任务的牵头单位，指标的报送单位。", 14, lambda p: p.answerable)
    yield source_field(lambda p: source_of_project(facts, p))


def _explanations(_: Facts) -> Sequence[Explanation]:
    return (
        explained(
            TITLE,
            "列名称带“投资”、按金额或完成率计的指标，和填了年度计划投资或累计完成投资的重点任务；",
            "任务的序时按全年匀速推进算到评价日，指标的序时按工作计划的进度曲线。",
        ),
    )


SPEC = SheetSpec(
    code="projects",
    title=TITLE,
    order=102,
    tab=Tab.PROGRESS,
    opens=(MONTH,),
    only_in=(MONTH,),
    table=_table,
    explanations=_explanations,
    chapter=Chapter.WORK,
    paper=OnPaper(
        widths={
            "code": 5,
            "name": 14,
            "unit": 3,
            "planned": 5,
            "planned_for": 4,
            "done": 5,
            "share": 5,
            "ahead": 5,
            "as_of": 6,
            "state": 5,
            "problems": 8,
            "unit_name": 7,
        },
        pages=2,
    ),
)
