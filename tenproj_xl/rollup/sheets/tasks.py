"""The sheet 重点任务: every task of every task force, with all that was reported on it."""

from collections.abc import Iterable

from tenproj_xl.core.answers import MilestoneStatus, TaskStatus
from tenproj_xl.core.states import TaskState
from tenproj_xl.model.history import Reported
from tenproj_xl.rollup.drawing.on_paper import OnPaper
from tenproj_xl.rollup.drawing.sheet_spec import SheetSpec, Tab
from tenproj_xl.rollup.drawing.table import AsReported, CellLook, Field, Table, source_field
from tenproj_xl.rollup.facts.editions import Audience
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.pressing import chosen, of_note
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
    yield from _milestone_fields()
    yield from _progress_fields()
    yield from _plan_fields(facts)
    yield from _investment_fields(facts)


def _milestone_fields() -> Iterable[_F]:
    """Yield what the task is, and its milestone."""
    yield _F("task_force", "专班", "专班编号。", 5, lambda t: t.task_force.code, CellLook.WORD)
    yield _F("task_force_name", "工程", "专班对应的工程名称。", 18, lambda t: t.task_force.name)
    yield _F("code", "编号", "任务编号，各期不变。", 9, lambda t: t.task.code, CellLook.WORD)
    yield _F("name", "重点任务", "任务名称，照工作计划。", 30, lambda t: t.task.name)
    yield _F("annual_goal", "年度目标", "任务的年度目标，照工作计划。", 22, lambda t: t.task.annual_goal)
    yield _F("milestone", "当前节点", "评价日正在推进的节点。", 20, lambda t: t.milestone)
    yield _F(
        "due_on", "节点时限", "当前节点的时限；没有节点的是任务的时限。", 11, lambda t: t.due_on, CellLook.DAY
    )
    yield _F(
        "milestone_done",
        "节点完成情况",
        "单位填报的节点完成情况。",
        9,
        AsReported("milestone_done"),
        CellLook.WORD,
        codes=(MilestoneStatus,),
    )
    yield _F("completed_on", "完成日期", "单位填报的完成日期。", 11, AsReported("completed_on"), CellLook.DAY)


def _progress_fields() -> Iterable[_F]:
    """Yield how it goes."""
    yield _F(
        "status",
        "当前状态\n（自报）",
        "单位自报的任务状态。",
        10,
        AsReported("status"),
        CellLook.WORD,
        codes=(TaskStatus,),
    )
    yield _F(
        "state",
        "进度评价",
        "按节点时限和投资评出的进度。",
        10,
        lambda t: t.state,
        CellLook.STATE,
        codes=(TaskState,),
    )
    yield _F(
        "days_left",
        "距时限\n（天）",
        "评价日离时限的天数，负数为已超期。",
        8,
        lambda t: t.days_left,
        CellLook.COUNT,
        unit="天",
    )
    yield _F(
        "freshness", "时效", "进展是本期报的，还是沿用哪一期的。", 11, lambda t: t.freshness, CellLook.WORD
    )
    yield _F("progress", "本期进展", "单位填报的本期进展。", 30, AsReported("progress"), CellLook.LONG)
    yield _F(
        "problems",
        "存在问题",
        "单位填报的存在问题。",
        30,
        AsReported("problems"),
        CellLook.LONG,
    )
    yield _F(
        "next_steps",
        "下一步举措",
        "单位填报的下一步举措；比所列原因报得早的不列。",
        30,
        AsReported("next_steps"),
        CellLook.LONG,
    )


def _plan_fields(facts: Facts) -> Iterable[_F]:
    """Yield who does it by when."""
    data = facts.data
    yield _F("lead_unit", "牵头单位", "任务的牵头单位。", 13, lambda t: data.units(t.task.lead_unit))
    yield _F(
        "person",
        "责任人",
        "任务的责任人，单位填报的优先。",
        8,
        lambda t: t.reported("person") or t.task.person,
        CellLook.WORD,
        typed="person",
    )
    yield _F(
        "final_due", "完成时限", "任务的完成时限，照工作计划。", 11, lambda t: t.task.due_on, CellLook.DAY
    )
    yield _F(
        "responsible",
        "责任单位",
        "任务的责任单位。",
        24,
        lambda t: data.units(*t.task.responsible),
        printed=False,
    )


def _investment_fields(facts: Facts) -> Iterable[_F]:
    """Yield investment and what stands off the paper."""
    data = facts.data
    yield _F(
        "invest_plan",
        "年度计划投资\n（亿元）",
        "年度计划投资，照工作计划。",
        10,
        lambda t: t.task.invest_plan,
        CellLook.NUMBER,
        printed=False,
        unit="亿元",
    )
    yield _F(
        "invest_done",
        "累计完成投资\n（亿元）",
        "单位填报的累计完成投资。",
        10,
        AsReported("invest_done"),
        CellLook.NUMBER,
        printed=False,
        unit="亿元",
    )
    yield _F(
        "invest_share",
        "投资完成率",
        "累计完成投资占年度计划投资的比例。",
        8,
        lambda t: t.invest_share,
        CellLook.PERCENT,
        printed=False,
    )
    yield _F(
        "site_progress",
        "形象进度",
        "单位填报的形象进度。",
        30,
        AsReported("site_progress"),
        CellLook.LONG,
        printed=False,
    )
    yield _F(
        "remark",
        "备注",
        "单位填报的备注。",
        30,
        AsReported("remark"),
        CellLook.LONG,
        printed=False,
    )
    yield source_field(lambda t: data.sources(t.status_row, "status", _other_rows(t)))


def _other_rows(line: TaskLine) -> tuple[Reported, ...]:
    """Return the returns that fields of a line may be of, besides the one of its status."""
    if line.invested is None:
        return line.rows[:1]
    return (*line.rows[:1], line.invested)


SPEC = SheetSpec(
    code="tasks",
    title=TITLE,
    order=70,
    tab=Tab.PROGRESS,
    audience=Audience.PUBLIC,
    public=(
        "task_force",
        "task_force_name",
        "code",
        "name",
        "annual_goal",
        "milestone",
        "due_on",
        "milestone_done",
        "completed_on",
        "status",
        "state",
        "days_left",
        "freshness",
        "progress",
        "next_steps",
        "lead_unit",
        "final_due",
        "responsible",
        "invest_plan",
        "invest_done",
        "invest_share",
        "site_progress",
    ),
    table=_table,
    paper=OnPaper(
        widths={
            "task_force": 2,
            "code": 5,
            "name": 14,
            "milestone": 10,
            "due_on": 5,
            "state": 5,
            "days_left": 4,
            "progress": 13,
            "problems": 8,
            "lead_unit": 6,
        },
        chosen=lambda facts: of_note(facts, lambda t: t.task.code),
        pages=3,
        is_not_involved=lambda t: not t.is_owed,
    ),
)
