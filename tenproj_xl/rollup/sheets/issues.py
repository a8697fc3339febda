"""The sheet 问题销号: every issue that is open, with its age, level and sign-off."""

from collections.abc import Iterable, Sequence

from tenproj_xl.core.answers import DecisionLevel, IssueCategory, IssueSource, Opinion, YesNo
from tenproj_xl.core.cells import Value
from tenproj_xl.core.states import IssueState
from tenproj_xl.rollup.drawing.on_paper import OnPaper
from tenproj_xl.rollup.drawing.sheet_spec import SheetSpec, Tab
from tenproj_xl.rollup.drawing.table import AsReported, CellLook, Field, Holds, Table, source_field
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.issues import IssueLine, NoLevel, units_shown
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.pressing import of_note

TITLE = "问题销号"
_F = Field[IssueLine]


def _table(facts: Facts) -> Table[IssueLine]:
    return Table(
        sheet=TITLE,
        note=f"在办问题和本期销号的问题；挂账天数和距时限算到{facts.data.day:%Y年%m月%d日}；"
        "距时限按现行时限，申请销号和上级协调期间暂停计时；层级未核定的按建议层级。",
        fields=tuple(_fields(facts)),
        lines=facts.issues,
        fixed=4,
        empty="没有在办问题。",
    )


def _times(count: int) -> Value:
    """Return a number of times; an empty cell for none."""
    if not count:
        return None
    return count


def _decided(line: IssueLine) -> str:
    """Return the last decision on an issue in words."""
    if not line.history.decisions:
        return ""
    return line.history.decisions[-1].spoken


def _fields(facts: Facts) -> Iterable[_F]:
    yield from _subject_fields()
    yield from _time_fields()
    yield from _request_fields(facts.data.plan.programme.words.levels, facts.data)
    yield from _count_fields()
    yield from _application_fields(facts)


def _subject_fields() -> Iterable[_F]:
    """Yield what the issue is, and since when."""
    yield _F("task_force", "专班", "专班编号。", 5, lambda i: i.task_force.code, CellLook.WORD)
    yield _F("task_force_name", "工程", "专班对应的工程名称。", 18, lambda i: i.task_force.name)
    yield _F("code", "问题编号", "问题编号，首次接收时编定，以后不变。", 14, lambda i: i.code, CellLook.WORD)
    yield _F("description", "问题描述", "问题描述。", 30, AsReported("description"), CellLook.LONG)
    yield _F(
        "category", "类别", "问题类别。", 6, AsReported("category"), CellLook.WORD, codes=(IssueCategory,)
    )
    yield _F("related", "关联编号", "与问题有关的指标或任务的编号。", 9, AsReported("related"), CellLook.WORD)
    yield _F(
        "source_kind",
        "问题来源",
        "问题是怎样发现的。",
        10,
        AsReported("source"),
        CellLook.WORD,
        codes=(IssueSource,),
    )
    yield _F(
        "raised_on",
        "提出日期",
        "提出问题的日期。",
        11,
        lambda i: i.raised_on,
        CellLook.DAY,
        typed="raised_on",
    )
    yield _F(
        "days_open",
        "挂账天数",
        "从提出到评价日（已销号的到销号日）的天数，销号期间不计。",
        6,
        lambda i: i.days_open,
        CellLook.COUNT,
        unit="天",
    )


def _time_fields() -> Iterable[_F]:
    """Yield its deadlines and where it stands."""
    yield _F(
        "due_on",
        "原定时限",
        "登记时的整改时限。",
        11,
        lambda i: i.history.original_due,
        CellLook.DAY,
        typed="due_on",
    )
    yield _F(
        "due_now",
        "现行时限",
        "评价日有效的整改时限：批准延期的是延期后的。",
        11,
        lambda i: i.due_on,
        CellLook.DAY,
    )
    yield _F(
        "extensions",
        "延期\n（次）",
        "批准延期的次数。",
        6,
        lambda i: _times(i.history.extensions),
        CellLook.COUNT,
        unit="次",
    )
    yield _F(
        "days_left",
        "距时限\n（天）",
        "评价日离现行时限的天数，暂停计时的天数不算，负数为已超期。",
        8,
        lambda i: i.days_left,
        CellLook.COUNT,
        unit="天",
    )
    yield _F(
        "state", "状态", "评价日问题办到哪一步。", 9, lambda i: i.state, CellLook.STATE, codes=(IssueState,)
    )
    yield _F(
        "asks",
        "提请协调",
        "是否有还没有答复的提请协调事项。",
        6,
        lambda i: YesNo.of_fact(i.asks),
        CellLook.WORD,
        holds=Holds.TRUTH,
    )


def _request_fields(levels: Sequence[DecisionLevel], data: RollupInput) -> Iterable[_F]:
    """Yield what superiors are asked, of which levels, and who works on it."""
    yield _F("decided", "最近一次审定", "办公室最近一次审定的内容。", 30, _decided, CellLook.LONG)
    yield _F("request", "提请协调事项", "提请上级协调的事项。", 30, AsReported("request"), CellLook.LONG)
    yield _F(
        "level",
        "层级",
        "核定的协调层级；没有核定的是建议层级，也没有的为“未定”。",
        13,
        lambda i: i.shown_level,
        CellLook.WORD,
        codes=(levels, NoLevel),
    )
    yield _F("suggested_unit", "建议协调单位", "单位建议由谁协调。", 13, AsReported("suggested_unit"))
    yield _F("unit", "责任单位", "问题的责任单位。", 13, lambda i: units_shown(i, data), typed="unit")
    yield _F("person", "责任人", "问题的责任人。", 8, AsReported("person"), CellLook.WORD)
    yield _F("measures", "整改措施", "整改措施。", 30, AsReported("measures"), CellLook.LONG)
    yield _F("progress", "进展情况", "整改的进展情况。", 30, AsReported("progress"), CellLook.LONG)
    yield _F(
        "freshness", "时效", "进展是本期报的，还是沿用哪一期的。", 11, lambda i: i.freshness, CellLook.WORD
    )


def _count_fields() -> Iterable[_F]:
    """Yield counts of what was decided, off the paper."""
    yield _F(
        "paused_days",
        "暂停计时\n（天）",
        "现行时限内等上级协调或审定、暂停计时的天数。",
        6,
        lambda i: _times(i.paused_days),
        CellLook.COUNT,
        printed=False,
        unit="天",
    )
    yield _F(
        "sent_back",
        "退回整改\n（次）",
        "申请销号被退回整改的次数。",
        8,
        lambda i: _times(i.history.times_sent_back),
        CellLook.COUNT,
        printed=False,
        unit="次",
    )
    yield _F(
        "reopened",
        "重新挂账\n（次）",
        "销号后重新挂账的次数。",
        8,
        lambda i: _times(i.history.times_reopened),
        CellLook.COUNT,
        printed=False,
        unit="次",
    )
    yield _F(
        "signed_on", "销号日期", "审定销号的日期。", 11, lambda i: i.signed_on, CellLook.DAY, printed=False
    )


def _application_fields(facts: Facts) -> Iterable[_F]:
    """Yield what was applied for, off the paper."""
    yield _F(
        "extend_to",
        "申请延期至",
        "单位申请延期到哪一天。",
        11,
        AsReported("extend_to"),
        CellLook.DAY,
        printed=False,
    )
    yield _F(
        "extend_reason",
        "延期理由",
        "单位申请延期的理由。",
        30,
        AsReported("extend_reason"),
        CellLook.LONG,
        printed=False,
    )
    yield _F(
        "evidence",
        "佐证材料",
        "单位列出的佐证材料。",
        30,
        AsReported("evidence"),
        CellLook.LONG,
        printed=False,
    )
    yield _F(
        "applied_on",
        "申请销号日期",
        "单位申请销号的日期。",
        11,
        AsReported("applied_on"),
        CellLook.DAY,
        printed=False,
    )
    yield _F(
        "lead_opinion",
        "牵头单位初审",
        "牵头单位的初审意见。",
        9,
        AsReported("lead_opinion"),
        CellLook.WORD,
        printed=False,
        codes=(Opinion,),
    )
    yield _F("remark", "备注", "单位填报的备注。", 30, AsReported("remark"), CellLook.LONG, printed=False)
    yield source_field(lambda i: facts.data.sources(i.row, "description"))


SPEC = SheetSpec(
    code="issues",
    title=TITLE,
    order=80,
    tab=Tab.PROGRESS,
    table=_table,
    paper=OnPaper(
        widths={
            "task_force": 2,
            "code": 7,
            "description": 14,
            "days_open": 3,
            "due_on": 5,
            "due_now": 5,
            "state": 5,
            "level": 5,
            "unit": 7,
            "measures": 9,
            "progress": 10,
        },
        chosen=lambda facts: of_note(facts, lambda i: i.code),
        pages=3,
    ),
)
