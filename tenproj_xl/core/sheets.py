"""The declarations: one `Sheet` of `Column`s per sheet of the form, from which all else is made.

Headers, drop-downs, input rules, the pandera schemas, the advice in findings and the tables in the README
come from here; nothing else in the package names a header.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache

from tenproj_xl.core.answers import (
    DecisionLevel,
    InWords,
    IssueCategory,
    IssueSource,
    IssueStatus,
    MilestoneStatus,
    Nature,
    Opinion,
    TaskStatus,
    YesNo,
)
from tenproj_xl.core.cells import Value
from tenproj_xl.core.columns import AtOdds, Column, Dated, Fill, Kind, NotAfter, Required, Sheet
from tenproj_xl.core.states import State
from tenproj_xl.core.words import USUAL, Words

KEY, KEY2 = "key", "key2"
CHECK = "check"
_key = Column(KEY, "行标识", Fill.MACHINE, Kind.TOKEN, width=4)
_check = Column(CHECK, "自检", Fill.FORMULA, Kind.TEXT, width=14)
FORCE, FILLED_BY = "force", "filled_by"
WHO = ("unit", "person", FORCE)
"""The fields of an issue that name somebody."""
_force = Column(FORCE, "工程专班", Fill.OFFICE, Kind.TEXT, width=15, by_unit=True)
_new_force = replace(_force, fill=Fill.ONCE, advice="从下拉选项中选择问题所属的工程专班")
_filled_by = Column(FILLED_BY, "填报分工", Fill.OFFICE, Kind.TEXT, width=12, by_unit=True)
_key2 = Column(KEY2, "行标识（二）", Fill.MACHINE, Kind.TOKEN, width=4)
_remark = Column("remark", "备注", Fill.DEPARTMENT, Kind.LONG_TEXT, width=18)
CHANGE_REQUEST = "change_request"
VERIFICATION = "verification"
_verification = Column(
    VERIFICATION,
    "核实说明",
    Fill.DEPARTMENT,
    Kind.LONG_TEXT,
    width=22,
    suggested=("属实", "更正", "口径不同"),
    advice="对系统提示的疑问选“属实”“更正”或“口径不同”，并写明原因，如 属实，核减系统计口径调整",
)
_responsible = Column("responsible_units", "责任单位", Fill.OFFICE, Kind.LONG_TEXT, width=22)
_RANK = Column(
    "city_rank",
    USUAL.rank,
    Fill.DEPARTMENT,
    Kind.NUMBER,
    width=8,
    low=1,
    high=99,
    advice="填写名次，如 3",
)
_SUGGESTED_LEVEL = Column(
    "suggested_level", "建议层级", Fill.EDITABLE, Kind.CHOICE, width=11, choices=tuple(DecisionLevel)
)
_APPROVED_LEVEL = Column(
    "approved_level", "核定层级", Fill.CARRIED, Kind.TEXT, width=11, codes=tuple(DecisionLevel)
)
WORDED = {column.field: column for column in (_RANK, _SUGGESTED_LEVEL, _APPROVED_LEVEL)}
"""The columns whose header, choices or codes are in the words of a plan."""


def target_field(year: int) -> str:
    """Return the field code of a year's target column."""
    return f"target_{year}"


_BEFORE_TARGETS: tuple[Column, ...] = (
    _key,
    Column("code", "指标编号", Fill.OFFICE, Kind.TEXT, width=8),
    _check,
    _force,
    _filled_by,
    Column("name", "指标名称", Fill.OFFICE, Kind.LONG_TEXT, width=20),
    Column("area", "所属领域", Fill.OFFICE, Kind.TEXT, width=11),
    Column("basis", "统计口径", Fill.OFFICE, Kind.LONG_TEXT, width=17),
    Column("unit", "计量单位", Fill.OFFICE, Kind.TEXT, width=7),
    Column("target_now", "本年目标", Fill.OFFICE, Kind.TEXT, width=11),
)
"""The columns of an indicator on the left of its targets: what it is."""
_BEHIND_TARGETS: tuple[Column, ...] = (
    Column("last_value", "上次数值", Fill.CARRIED, Kind.TEXT, width=9),
    Column("last_period", "上次所属期", Fill.CARRIED, Kind.TEXT, width=11),
    Column("asked", "本期应报", Fill.OFFICE, Kind.TEXT, width=13),
    Column(
        "data_period",
        "数据所属期",
        Fill.EDITABLE,
        Kind.PERIOD,
        width=13,
        aliases=("所属期", "数据期"),
    ),
    Column(
        "value",
        "最新数值",
        Fill.DEPARTMENT,
        Kind.NUMBER,
        width=10,
        codes=tuple(InWords),
        aliases=("数值", "完成值"),
    ),
    Column(
        "nature",
        "数据性质",
        Fill.DEPARTMENT,
        Kind.CHOICE,
        width=10,
        choices=tuple(Nature),
        definitions="统计核定是统计部门最终审定的数；统计快报是统计部门初步发布的数；部门统计是本部门台账汇总的数；"
        "预计是还没有统计时的测算",
    ),
    _key2,
    Column("share", "完成率", Fill.FORMULA, Kind.SHARE, width=8),
    Column("pace", "序时进度", Fill.FORMULA, Kind.SHARE, width=8),
    Column("state", "进度评价", Fill.FORMULA, Kind.TEXT, width=9),
    Column("forecast", "预计全年完成值", Fill.DEPARTMENT, Kind.NUMBER, width=11),
    _RANK,
    Column(
        "lag_reason",
        "滞后原因",
        Fill.DEPARTMENT,
        Kind.LONG_TEXT,
        width=20,
        advice="填写为什么落后，如 2个地块推迟出让，500字以内",
    ),
    Column(
        "next_steps",
        "下一步举措",
        Fill.EDITABLE,
        Kind.LONG_TEXT,
        width=20,
        advice="填写做什么、何时做完，如 12月底前完成出让，500字以内",
    ),
    Column("reporting_unit", "数据报送单位", Fill.OFFICE, Kind.TEXT, width=13),
    _responsible,
    _remark,
    _verification,
)
"""Those on the right of its targets: what was and what is reported on it."""
_INDICATORS_FRONT = (
    "code",
    CHECK,
    "name",
    "unit",
    "target_now",
    "last_value",
    "last_period",
    "asked",
    "data_period",
    "value",
    "nature",
    "share",
    "pace",
    "state",
    "lag_reason",
    "next_steps",
)
_INDICATORS_REQUIRE = (
    Required("nature", "填了最新数值", "value"),
    Required("lag_reason", "进度评价为滞后或未达标", "state", (State.BEHIND, State.MISSED)),
    Required("next_steps", "进度评价为滞后或未达标", "state", (State.BEHIND, State.MISSED)),
)


def indicator_sheet(years: Iterable[int]) -> Sheet:
    """Return 主要指标进度表 with a target column for each year."""
    targets = (Column(target_field(y), f"{y}年目标", Fill.OFFICE, Kind.TEXT, width=12) for y in years)
    return Sheet(
        "indicators",
        "主要指标进度表",
        (*_BEFORE_TARGETS, *targets, *_BEHIND_TARGETS),
        front=_INDICATORS_FRONT,
        requires=_INDICATORS_REQUIRE,
        dated=(Dated("value", "data_period"),),
        awaits=("value",),
    )


TASKS = Sheet(
    "tasks",
    "重点任务进度表",
    (
        _key,
        Column("code", "任务编号", Fill.OFFICE, Kind.TEXT, width=8),
        _check,
        _force,
        _filled_by,
        Column("name", "重点任务", Fill.OFFICE, Kind.LONG_TEXT, width=20),
        Column("annual_goal", "年度目标", Fill.OFFICE, Kind.LONG_TEXT, width=22),
        Column("milestone", "当前节点", Fill.CARRIED, Kind.LONG_TEXT, width=15),
        Column("milestone_due", "节点时限", Fill.CARRIED, Kind.DATE, width=11),
        Column(
            "milestone_done",
            "节点完成情况",
            Fill.DEPARTMENT,
            Kind.CHOICE,
            width=9,
            choices=tuple(MilestoneStatus),
            definitions="“当前节点”一列所写的事项已经做完的，选已完成，并填完成日期",
        ),
        Column("completed_on", "完成日期", Fill.DEPARTMENT, Kind.DATE, width=11),
        Column(
            "status",
            "当前状态",
            Fill.DEPARTMENT,
            Kind.CHOICE,
            width=10,
            choices=tuple(TaskStatus),
            definitions="未启动是还没有开始；序时推进是按节点在做；滞后是晚于节点时限；已完成是全部做完；"
            "长期推进是没有完成时限的常态工作；申请调整是请求改变节点或时限，理由写在存在问题",
        ),
        Column(
            "progress",
            "本期进展",
            Fill.DEPARTMENT,
            Kind.LONG_TEXT,
            width=24,
            advice="填写本期做了什么，如 主体结顶，开始内装，500字以内",
        ),
        Column(
            "problems",
            "存在问题",
            Fill.DEPARTMENT,
            Kind.LONG_TEXT,
            width=18,
            advice="填写卡在哪里，如 3户未签约，影响进场，500字以内",
        ),
        Column(
            "next_steps",
            "下一步举措",
            Fill.EDITABLE,
            Kind.LONG_TEXT,
            width=18,
            advice="填写做什么、何时做完，如 12月底前完成签约，500字以内",
        ),
        _key2,
        Column("invest_plan", "年度计划投资（亿元）", Fill.OFFICE, Kind.NUMBER, width=9),
        Column("invest_done", "累计完成投资（亿元）", Fill.DEPARTMENT, Kind.NUMBER, width=9, low=0),
        Column("site_progress", "形象进度", Fill.DEPARTMENT, Kind.LONG_TEXT, width=11),
        Column("lead_unit", "牵头单位", Fill.OFFICE, Kind.TEXT, width=12),
        _responsible,
        Column("person", "责任人", Fill.EDITABLE, Kind.TEXT, width=9),
        Column("due_on", "完成时限", Fill.OFFICE, Kind.DATE, width=11),
        Column("state", "进度评价", Fill.FORMULA, Kind.TEXT, width=9),
        _remark,
        _verification,
    ),
    front=(
        "code",
        CHECK,
        "name",
        "milestone",
        "milestone_due",
        "milestone_done",
        "completed_on",
        "invest_plan",
        "state",
        "status",
        "progress",
        "problems",
        "next_steps",
        "invest_done",
        "site_progress",
    ),
    requires=(
        Required("completed_on", "节点已完成", "milestone_done", (MilestoneStatus.DONE,)),
        Required("completed_on", "任务已完成", "status", (TaskStatus.DONE,)),
        Required("progress", "填了当前状态", "status"),
        Required("problems", "任务滞后或申请调整", "status", (TaskStatus.BEHIND, TaskStatus.ADJUST)),
        Required("next_steps", "任务滞后", "status", (TaskStatus.BEHIND,)),
    ),
    in_order=(NotAfter("completed_on"),),
    at_odds=(
        AtOdds(
            "milestone_done", MilestoneStatus.NOT_DONE, "status", TaskStatus.DONE, "任务已完成，节点却未完成"
        ),
    ),
    awaits=(
        "milestone_done",
        "completed_on",
        "status",
        "progress",
        "problems",
        "invest_done",
        "site_progress",
        "remark",
        VERIFICATION,
    ),
)

ISSUES = Sheet(
    "issues",
    "问题销号进度表",
    (
        _key,
        Column("code", "问题编号", Fill.CARRIED, Kind.TEXT, width=13),
        _check,
        _new_force,
        _filled_by,
        Column(
            "description",
            "问题描述",
            Fill.ONCE,
            Kind.LONG_TEXT,
            width=20,
            advice="填写问题，如 项目用地指标尚未落实，500字以内",
        ),
        Column(
            "category",
            "问题类别",
            Fill.ONCE,
            Kind.CHOICE,
            width=8,
            choices=tuple(IssueCategory),
        ),
        Column(
            "related", "关联编号", Fill.EDITABLE, Kind.TEXT, width=10, advice="填写指标或任务编号，如 R03-02"
        ),
        Column(
            "source",
            "问题来源",
            Fill.ONCE,
            Kind.CHOICE,
            width=10,
            choices=tuple(IssueSource),
        ),
        Column("raised_on", "提出日期", Fill.ONCE, Kind.DATE, width=11),
        Column("request", "提请协调事项", Fill.EDITABLE, Kind.LONG_TEXT, width=17),
        Column("suggested_unit", "建议协调单位", Fill.EDITABLE, Kind.TEXT, width=12),
        _SUGGESTED_LEVEL,
        _key2,
        _APPROVED_LEVEL,
        Column("unit", "责任单位", Fill.ONCE, Kind.TEXT, width=12, advice="填写单位名称，如 区住建局"),
        Column("person", "责任人", Fill.EDITABLE, Kind.TEXT, width=9),
        Column("measures", "整改措施", Fill.EDITABLE, Kind.LONG_TEXT, width=16),
        Column("due_on", "原定时限", Fill.ONCE, Kind.DATE, width=11),
        Column("extend_to", "申请延期至", Fill.DEPARTMENT, Kind.DATE, width=11),
        Column(
            "extend_reason",
            "延期理由",
            Fill.DEPARTMENT,
            Kind.LONG_TEXT,
            width=16,
            advice="填写延期的理由，如 规划调整，需重新报批，500字以内",
        ),
        Column(
            "status",
            "当前状态",
            Fill.DEPARTMENT,
            Kind.CHOICE,
            width=9,
            choices=tuple(IssueStatus),
            definitions="整改中是还没有解决；申请销号是已经解决，有佐证材料，请办公室审定",
        ),
        Column("progress", "进展情况", Fill.DEPARTMENT, Kind.LONG_TEXT, width=17),
        Column(
            "evidence",
            "佐证材料",
            Fill.EDITABLE,
            Kind.LONG_TEXT,
            width=14,
            advice="填写材料名称、文号，如 市局用地批复（文号），500字以内",
        ),
        Column("applied_on", "申请销号日期", Fill.DEPARTMENT, Kind.DATE, width=11),
        Column(
            "lead_opinion", "牵头单位初审", Fill.DEPARTMENT, Kind.CHOICE, width=10, choices=tuple(Opinion)
        ),
        Column("review", "审核意见", Fill.CARRIED, Kind.LONG_TEXT, width=16),
        Column("signed_on", "销号日期", Fill.CARRIED, Kind.DATE, width=11),
        _remark,
        Column(
            CHANGE_REQUEST,
            "申请变更",
            Fill.DEPARTMENT,
            Kind.LONG_TEXT,
            width=20,
            advice="填写已登记的哪一栏改成什么、为什么，如 责任单位改为区住建局，职责已调整，500字以内",
        ),
        _verification,
    ),
    front=(
        "code",
        FORCE,
        CHECK,
        "description",
        "category",
        "source",
        "raised_on",
        "unit",
        "person",
        "due_on",
        "review",
        "status",
        "measures",
        "progress",
        "request",
    ),
    requires=(
        Required("extend_reason", "申请了延期", "extend_to"),
        Required("evidence", "申请销号", "status", (IssueStatus.APPLIED,)),
        Required("applied_on", "申请销号", "status", (IssueStatus.APPLIED,)),
        Required("lead_opinion", "申请销号", "status", (IssueStatus.APPLIED,)),
    ),
    in_order=(
        NotAfter("raised_on"),
        NotAfter("applied_on"),
        NotAfter("raised_on", "due_on"),
        NotAfter("due_on", "extend_to"),
        NotAfter("raised_on", "applied_on"),
    ),
    spare_rows=10,
    registers=("description", "category", "source", "raised_on", "unit", "due_on", FORCE),
)

COVER = Sheet(
    "cover",
    "填报说明",
    (
        Column("unit", "填报单位", Fill.DEPARTMENT, advice="填写单位名称"),
        Column("filler", "填报人", Fill.DEPARTMENT, advice="填写姓名"),
        Column("phone", "联系电话", Fill.DEPARTMENT, advice="填写办公电话或手机"),
        Column("reviewer", "审核人", Fill.DEPARTMENT, advice="填写姓名"),
        Column("signer", "单位负责人（审签）", Fill.DEPARTMENT, advice="填写审签的单位负责人"),
        Column("signed_on", "审签日期", Fill.DEPARTMENT, Kind.DATE),
        Column(
            "nil_return",
            "零报告",
            Fill.DEPARTMENT,
            Kind.CHOICE,
            choices=tuple(YesNo),
            advice="本期无任何更新时选“是”",
        ),
        Column("highlights", "工作亮点/典型做法", Fill.DEPARTMENT, Kind.LONG_TEXT, advice="没有可不填"),
    ),
    registers=("unit", "filler", "phone"),
)

CORRECTION_SHEET, SENT_SHEET = "修改清单", "原填内容"
"""What a workbook for correction has besides the form: the list, and the rows that have no place."""
MACHINE_SHEET = "系统信息"
"""The machine's own sheet, hidden: what the form is."""
LISTED_COLUMN = 2
"""Where it keeps a copy of the list of corrections, counted from 0."""
CORRECTION = "correction"
"""What the line is called there that names a correction workbook."""
LOOKUP_SHEET, STEPS_SHEET = "系统对照", "自检计算"
"""What the form's formulas look up, and where it computes what 自检 says; both hidden."""
UNREAD_SHEETS = (LOOKUP_SHEET, STEPS_SHEET)
"""Sheets that are not read when they come back: nobody fills anything in there."""


def form_sheets(years: Iterable[int], words: Words = USUAL) -> tuple[Sheet, Sheet, Sheet]:
    """Return the three standard sheets for a plan of these years and words, with the columns of all forms."""
    return worded(indicator_sheet(years), words), TASKS, worded(ISSUES, words)


@lru_cache(maxsize=32)  # every return asks
def worded(sheet: Sheet, words: Words) -> Sheet:
    """Return a sheet of the form in the words of a plan; the usual header of ranks is still read."""
    if words == USUAL:
        return sheet
    in_words = {
        _RANK.field: replace(_RANK, header=words.rank, aliases=(USUAL.rank,)),
        _SUGGESTED_LEVEL.field: replace(_SUGGESTED_LEVEL, choices=words.levels),
        _APPROVED_LEVEL.field: replace(_APPROVED_LEVEL, codes=words.levels),
    }
    columns = tuple(in_words.get(column.field, column) for column in sheet.columns)
    return replace(sheet, columns=columns, words=words.level_labels)


def with_choices(sheet: str, values: Mapping[str, Value]) -> dict[str, Value]:
    """Return values by field of a sheet of the form, choices as members of their codes.

    0.2.1 stored labels, some of which have changed since.
    """
    with_members = dict(values)
    for field, column in _CHOSEN.get(sheet, {}).items():
        if field in with_members:
            with_members[field] = column.stored(with_members[field])
    return with_members


TEMPLATE_SHEETS = tuple(sheet.of_task_force for sheet in form_sheets((1,)))
"""The standard sheets as the template has them: one target column stands for those of all years."""


_CHOSEN = {
    sheet.code: {c.field: c for c in sheet.columns if c.choices or c.codes}
    for sheet in (*form_sheets(()), COVER)
}
"""The columns that hold codes, by sheet and field."""
