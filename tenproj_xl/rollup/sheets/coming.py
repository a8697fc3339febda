"""The sheet 下季度节点: which milestones and deadlines fall into the quarter after the period."""

from collections.abc import Iterable
from datetime import date

from tenproj_xl.core.states import TaskState
from tenproj_xl.rollup.drawing.on_paper import OnPaper
from tenproj_xl.rollup.drawing.row_links import row_links
from tenproj_xl.rollup.drawing.sheet_spec import SheetSpec, Tab
from tenproj_xl.rollup.drawing.table import CellLook, Field, Table, source_field
from tenproj_xl.rollup.facts.coming import ComingLine, coming_lines, next_quarter
from tenproj_xl.rollup.facts.editions import QUARTER, Audience
from tenproj_xl.rollup.facts.model import Facts

TITLE = "下季度节点"
_F = Field[ComingLine]


def _table(facts: Facts) -> Table[ComingLine]:
    quarter, lines = next_quarter(facts), coming_lines(facts)
    days = f"{_spoken(quarter.first)}—{_spoken(quarter.last)}"
    return Table(
        sheet=TITLE,
        note=f"{quarter.label}（{days}）到期的节点和任务，共{len(lines)}项。",
        fields=tuple(_fields(facts)),
        lines=lines,
        fixed=5,
        empty=f"{quarter.label}没有到期的节点。",
    )


def _spoken(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _fields(facts: Facts) -> Iterable[_F]:
    data, links = facts.data, row_links(facts)
    yield _F("due_on", "时限", "节点或任务到期的日期。", 12, lambda c: c.due_on, CellLook.DAY)
    yield _F("task_force", "专班", "专班编号。", 6, lambda c: c.line.task_force.code, CellLook.WORD)
    yield _F("task_force_name", "工程", "专班对应的工程名称。", 24, lambda c: c.line.task_force.name)
    yield _F(
        "code",
        "任务编号",
        "任务编号。",
        10,
        lambda c: c.line.task.code,
        CellLook.WORD,
        link=lambda c: links.get(c.line.task.code),
    )
    yield _F("name", "重点任务", "任务名称，照工作计划。", 40, lambda c: c.line.task.name)
    yield _F("step", "节点", "到期的节点；任务本身到期的写明。", 34, lambda c: c.step)
    yield _F(
        "state",
        "目前评价",
        "任务目前的评价。",
        11,
        lambda c: c.line.state,
        CellLook.STATE,
        codes=(TaskState,),
    )
    yield _F("lead_unit", "牵头单位", "任务的牵头单位。", 18, lambda c: data.units(c.line.task.lead_unit))
    yield _F(
        "next_steps",
        "下一步举措",
        "单位填报的下一步举措。",
        44,
        lambda c: c.line.reported("next_steps"),
        CellLook.LONG,
    )
    yield source_field(lambda c: data.source(c.line.status_row, "status"))


SPEC = SheetSpec(
    code="coming",
    title=TITLE,
    order=50,
    tab=Tab.SUMMARY,
    audience=Audience.PUBLIC,
    public=(
        "due_on",
        "task_force",
        "task_force_name",
        "code",
        "name",
        "step",
        "state",
        "lead_unit",
        "next_steps",
    ),
    opens=(QUARTER,),
    only_in=(QUARTER,),
    table=_table,
    paper=OnPaper(
        widths={
            "due_on": 5,
            "task_force": 3,
            "code": 5,
            "name": 18,
            "step": 13,
            "state": 5,
            "lead_unit": 8,
            "next_steps": 15,
        },
        pages=2,
    ),
)
