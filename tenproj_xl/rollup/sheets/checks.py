"""The sheet 核验清单: everything that was found in the files of this period, with what to do."""

from collections.abc import Iterable, Mapping

from tenproj_xl.core.catalogue import Severity
from tenproj_xl.excel import style
from tenproj_xl.rollup.drawing.sheet_spec import SheetSpec, Tab
from tenproj_xl.rollup.drawing.table import CellLook, Field, Table
from tenproj_xl.rollup.facts.checks import CheckLine, check_lines
from tenproj_xl.rollup.facts.editions import MEETING
from tenproj_xl.rollup.facts.model import Facts

TITLE = "核验清单"
_UNKNOWN = "—"
_FILLS: Mapping[str, str] = {
    Severity.ERROR.label: style.RED,
    Severity.WARNING.label: style.YELLOW,
    Severity.QUESTION.label: style.BLUE,
    Severity.EXEMPT.label: style.GREY,
}
_F = Field[CheckLine]


def _table(facts: Facts) -> Table[CheckLine]:
    return Table(
        sheet=TITLE,
        note="错误：有关的行（或文件）没有计入，须更正后再报；提示：已计入，请留意；疑问：已计入，请核实；"
        "已豁免：按“设置.xlsx”的豁免不作要求。",
        fields=tuple(_fields(facts)),
        lines=check_lines(facts.data),
        fixed=3,
        empty="本期来件没有核验问题。",
    )


def _fields(facts: Facts) -> Iterable[_F]:
    clock = facts.data.clock
    yield _F("task_force", "专班", 6, lambda c: c.task_force or _UNKNOWN, CellLook.WORD)
    yield _F("severity", "级别", 8, lambda c: c.finding.severity.label, CellLook.STATE, fills=_FILLS)
    yield _F("row", "对应的行", 26, lambda c: c.subject)
    yield _F("title", "问题类型", 16, lambda c: c.finding.code.rule.title)
    yield _F("file", "文件", 30, lambda c: c.receipt.file)
    yield _F("sheet", "工作表", 18, lambda c: c.finding.sheet)
    yield _F("cell", "单元格", 8, lambda c: c.finding.cell, CellLook.WORD)
    yield _F("value", "填的内容", 26, lambda c: c.finding.value)
    yield _F("message", "问题和办法", 70, lambda c: c.finding.message)
    yield _F("answer", "单位说明", 30, lambda c: c.answer, CellLook.LONG, private=True)
    yield _F("sender", "报送单位", 18, lambda c: c.receipt.sender)
    yield _F("status", "文件状态", 18, lambda c: c.receipt.status.label, CellLook.WORD)
    yield _F("outcome", "处理", 24, lambda c: c.outcome)
    yield _F("since", "何时起等更正", 17, lambda c: clock(c.since) if c.since else "", CellLook.WORD)
    yield _F("received", "收到时间", 17, lambda c: clock(c.receipt.received_at), CellLook.WORD)


SPEC = SheetSpec(
    code="checks",
    title=TITLE,
    order=170,
    tab=Tab.BACKGROUND,
    left_out_of=(MEETING,),
    table=_table,
    pointer="来件中的问题见“核验清单”",
)
