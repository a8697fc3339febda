"""The sheet 重点任务: every task of every task force, with all that was reported on it."""

from collections.abc import Iterable

from tenproj_xl.rollup.drawing.sheet_spec import SheetSpec, Tab
from tenproj_xl.rollup.drawing.table import CellLook, Field, Table, source_field
from tenproj_xl.rollup.facts.editions import Audience
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.pressing import chosen
from tenproj_xl.rollup.facts.tasks import TaskLine

TITLE = "重点任务"
_F = Field[TaskLine]


def _table(facts: Facts) -> Table[TaskLine]:
    return Table(
        sheet=TITLE,
        note=f"按节点时限和投资评价，评价日为{facts.data.day:%Y年%m月%d日}；“距时限”为负数的已超期；“未报”是从未报过进展。",
        fields=tuple(_fields(facts)),
        lines=facts.tasks,
        fixed=4,
        empty="方案中没有重点任务。",
        needs_attention=chosen(facts, lambda t: t.task.code),
    )


def _fields(facts: Facts) -> Iterable[_F]:
    data = facts.data
    yield _F("task_force", "专班", 5, lambda t: t.task_force.code, CellLook.WORD)
    yield _F("task_force_name", "工程", 18, lambda t: t.task_force.name)
    yield _F("code", "编号", 9, lambda t: t.task.code, CellLook.WORD)
    yield _F("name", "重点任务", 30, lambda t: t.task.name)
    yield _F("annual_goal", "年度目标", 22, lambda t: t.task.annual_goal)
    yield _F("milestone", "当前节点", 20, lambda t: t.milestone)
    yield _F("due_on", "节点时限", 11, lambda t: t.due_on, CellLook.DAY)
    yield _F("milestone_done", "节点完成情况", 9, lambda t: t.reported("milestone_done"), CellLook.WORD)
    yield _F("completed_on", "完成日期", 11, lambda t: t.reported("completed_on"), CellLook.DAY)
    yield _F("status", "当前状态\n（自报）", 10, lambda t: t.reported("status"), CellLook.WORD)
    yield _F("state", "进度评价", 10, lambda t: t.state, CellLook.STATE)
    yield _F(
        "days_left",
        "距时限\n（天）",
        8,
        lambda t: t.days_left,
        CellLook.COUNT,
    )
    yield _F("freshness", "时效", 11, lambda t: t.freshness, CellLook.WORD)
    yield _F("progress", "本期进展", 30, lambda t: t.reported("progress"), CellLook.LONG)
    yield _F("problems", "存在问题", 30, lambda t: t.reported("problems"), CellLook.LONG, private=True)
    yield _F("next_steps", "下一步举措", 30, lambda t: t.reported("next_steps"), CellLook.LONG)
    yield _F("lead_unit", "牵头单位", 13, lambda t: data.units(t.task.lead_unit))
    yield _F("person", "责任人", 8, lambda t: t.reported("person") or t.task.person, CellLook.WORD)
    yield _F("final_due", "完成时限", 11, lambda t: t.task.due_on, CellLook.DAY)
    yield _F("responsible", "责任单位", 24, lambda t: data.units(*t.task.responsible), printed=False)
    yield _F(
        "invest_plan",
        "年度计划投资\n（亿元）",
        10,
        lambda t: t.task.invest_plan,
        CellLook.NUMBER,
        printed=False,
    )
    yield _F(
        "invest_done",
        "累计完成投资\n（亿元）",
        10,
        lambda t: t.reported("invest_done"),
        CellLook.NUMBER,
        printed=False,
    )
    yield _F("invest_share", "投资完成率", 8, lambda t: t.invest_share, CellLook.PERCENT, printed=False)
    yield _F(
        "site_progress", "形象进度", 30, lambda t: t.reported("site_progress"), CellLook.LONG, printed=False
    )
    yield _F("remark", "备注", 30, lambda t: t.reported("remark"), CellLook.LONG, printed=False, private=True)
    yield source_field(lambda t: data.source(t.status_row, "status"))


SPEC = SheetSpec(
    code="tasks",
    title=TITLE,
    order=70,
    tab=Tab.PROGRESS,
    audience=Audience.PUBLIC,
    table=_table,
)
