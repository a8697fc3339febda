"""The sheet 问题销号: every issue that is open, with its age, level and sign-off."""

from collections.abc import Iterable

from tenproj_xl.core.cells import Value
from tenproj_xl.core.sheets import NO, YES
from tenproj_xl.rollup.drawing.sheet_spec import SheetSpec, Tab
from tenproj_xl.rollup.drawing.table import CellLook, Field, Table, source_field
from tenproj_xl.rollup.facts.issues import IssueLine
from tenproj_xl.rollup.facts.model import Facts

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
    yield _F("task_force", "专班", 5, lambda i: i.task_force.code, CellLook.WORD)
    yield _F("task_force_name", "工程", 18, lambda i: i.task_force.name)
    yield _F("code", "问题编号", 14, lambda i: i.code, CellLook.WORD)
    yield _F("description", "问题描述", 30, lambda i: i.reported("description"), CellLook.LONG)
    yield _F("category", "类别", 6, lambda i: i.reported("category"), CellLook.WORD)
    yield _F("related", "关联编号", 9, lambda i: i.reported("related"), CellLook.WORD)
    yield _F("source_kind", "问题来源", 10, lambda i: i.reported("source"), CellLook.WORD)
    yield _F("raised_on", "提出日期", 11, lambda i: i.raised_on, CellLook.DAY)
    yield _F("days_open", "挂账天数", 6, lambda i: i.days_open, CellLook.COUNT)
    yield _F("due_on", "原定时限", 11, lambda i: i.history.original_due, CellLook.DAY)
    yield _F("due_now", "现行时限", 11, lambda i: i.due_on, CellLook.DAY)
    yield _F("extensions", "延期\n（次）", 6, lambda i: _times(i.history.extensions), CellLook.COUNT)
    yield _F("days_left", "距时限\n（天）", 8, lambda i: i.days_left, CellLook.COUNT)
    yield _F("state", "状态", 9, lambda i: i.state, CellLook.STATE)
    yield _F("asks", "提请协调", 6, lambda i: YES if i.asks else NO, CellLook.WORD)
    yield _F("decided", "最近一次审定", 30, _decided, CellLook.LONG)
    yield _F("request", "提请协调事项", 30, lambda i: i.reported("request"), CellLook.LONG)
    yield _F("level", "层级", 13, lambda i: i.level, CellLook.WORD)
    yield _F("suggested_unit", "建议协调单位", 13, lambda i: i.reported("suggested_unit"))
    yield _F("unit", "责任单位", 13, lambda i: i.reported("unit"))
    yield _F("person", "责任人", 8, lambda i: i.reported("person"), CellLook.WORD)
    yield _F("measures", "整改措施", 30, lambda i: i.reported("measures"), CellLook.LONG)
    yield _F("progress", "进展情况", 30, lambda i: i.reported("progress"), CellLook.LONG)
    yield _F("freshness", "时效", 11, lambda i: i.freshness, CellLook.WORD)
    yield _F(
        "paused_days", "暂停计时\n（天）", 6, lambda i: _times(i.paused_days), CellLook.COUNT, printed=False
    )
    yield _F(
        "sent_back",
        "退回整改\n（次）",
        8,
        lambda i: _times(i.history.times_sent_back),
        CellLook.COUNT,
        printed=False,
    )
    yield _F(
        "reopened",
        "重新挂账\n（次）",
        8,
        lambda i: _times(i.history.times_reopened),
        CellLook.COUNT,
        printed=False,
    )
    yield _F("signed_on", "销号日期", 11, lambda i: i.signed_on, CellLook.DAY, printed=False)
    yield _F("extend_to", "申请延期至", 11, lambda i: i.reported("extend_to"), CellLook.DAY, printed=False)
    yield _F(
        "extend_reason", "延期理由", 30, lambda i: i.reported("extend_reason"), CellLook.LONG, printed=False
    )
    yield _F("evidence", "佐证材料", 30, lambda i: i.reported("evidence"), CellLook.LONG, printed=False)
    yield _F(
        "applied_on", "申请销号日期", 11, lambda i: i.reported("applied_on"), CellLook.DAY, printed=False
    )
    yield _F(
        "lead_opinion", "牵头单位初审", 9, lambda i: i.reported("lead_opinion"), CellLook.WORD, printed=False
    )
    yield _F("remark", "备注", 30, lambda i: i.reported("remark"), CellLook.LONG, printed=False)
    yield source_field(lambda i: facts.data.source(i.row, "description"))


SPEC = SheetSpec(
    code="issues",
    title=TITLE,
    order=80,
    tab=Tab.PROGRESS,
    table=_table,
)
