"""The sheet 核验清单: everything that was found in the files of this period, with what to do."""

from collections.abc import Iterable, Mapping

from tenproj_xl.core.catalogue import Severity
from tenproj_xl.excel import style
from tenproj_xl.model.statuses import Status
from tenproj_xl.rollup.drawing.sheet_spec import SheetSpec, Tab
from tenproj_xl.rollup.drawing.table import CellLook, Field, Table
from tenproj_xl.rollup.facts.checks import CheckLine, check_lines
from tenproj_xl.rollup.facts.editions import MEETING
from tenproj_xl.rollup.facts.model import Facts

TITLE = "核验清单"
_UNKNOWN = "—"
_FILLS: Mapping[str, str] = {
    Severity.ERROR: style.RED,
    Severity.WARNING: style.YELLOW,
    Severity.QUESTION: style.BLUE,
    Severity.EXEMPT: style.GREY,
}
_F = Field[CheckLine]


def _table(facts: Facts) -> Table[CheckLine]:
    return Table(
        sheet=TITLE,
        note="错误：有关的行（或文件）没有计入，须更正后再报；提示：请留意；疑问：请核实；计入了没有，见“处理”；"
        "已豁免：按“设置.xlsx”的豁免不作要求。",
        fields=tuple(_fields(facts)),
        lines=check_lines(facts.data),
        fixed=3,
        empty="本期来件没有核验问题。",
    )


def _fields(facts: Facts) -> Iterable[_F]:
    clock = facts.data.clock
    yield _F(
        "task_force",
        "专班",
        "专班编号；看不出是哪个专班的为“—”。",
        6,
        lambda c: c.task_force or _UNKNOWN,
        CellLook.WORD,
    )
    yield _F(
        "severity",
        "级别",
        "错误、提示、疑问，或已豁免。",
        8,
        lambda c: c.finding.severity,
        CellLook.STATE,
        fills=_FILLS,
        codes=(Severity,),
    )
    yield _F("row", "对应的行", "说的是哪一行（或哪张表、哪份文件）。", 26, lambda c: c.subject)
    yield _F(
        "rule",
        "问题类型",
        "不合哪一条规则。",
        16,
        lambda c: c.finding.code.rule.title,
        code=lambda c: c.finding.code.rule.code,
    )
    yield _F("file", "文件", "在哪份文件里。", 30, lambda c: c.receipt.file)
    yield _F("sheet", "工作表", "在哪张表里。", 18, lambda c: c.finding.sheet)
    yield _F("cell", "单元格", "在哪个单元格里。", 8, lambda c: c.finding.cell, CellLook.WORD)
    yield _F("value", "填的内容", "单元格里填的内容。", 26, lambda c: c.finding.value)
    yield _F("message", "问题和办法", "有什么问题，怎么办。", 70, lambda c: c.finding.message)
    yield _F(
        "answer",
        "单位说明",
        "单位在核实说明里怎么答复。",
        30,
        lambda c: c.answer,
        CellLook.LONG,
    )
    yield _F("sender", "报送单位", "文件是哪个单位报来的。", 18, lambda c: c.receipt.sender)
    yield _F(
        "status", "文件状态", "文件的状态。", 18, lambda c: c.receipt.status, CellLook.WORD, codes=(Status,)
    )
    yield _F("outcome", "处理", "这一行（或文件）计入了没有。", 24, lambda c: c.outcome)
    yield _F(
        "since",
        "何时起等更正",
        "从什么时候起等着更正。",
        17,
        lambda c: clock(c.since) if c.since else "",
        CellLook.WORD,
    )
    yield _F(
        "received", "收到时间", "文件收到的时间。", 17, lambda c: clock(c.receipt.received_at), CellLook.WORD
    )


SPEC = SheetSpec(
    code="checks",
    title=TITLE,
    order=170,
    tab=Tab.BACKGROUND,
    left_out_of=(MEETING,),
    table=_table,
    pointer="来件中的问题见“核验清单”",
)
