"""The sheet 亮点做法: good practice and results by task force, in the words of whoever reported them."""

from tenproj_xl.rollup.drawing.page import Page
from tenproj_xl.rollup.drawing.table import CellLook, Field, Table, shown_to, write_table
from tenproj_xl.rollup.facts.editions import HIGHLIGHTS
from tenproj_xl.rollup.facts.highlights import HighlightLine
from tenproj_xl.rollup.facts.model import Facts

NAME = HIGHLIGHTS
_F = Field[HighlightLine]


def table(facts: Facts) -> Table[HighlightLine]:
    """The sheet's columns and lines."""
    clock = facts.data.clock
    fields = (
        _F("task_force", "专班", 6, lambda h: h.task_force.code, CellLook.WORD),
        _F("task_force_name", "工程", 26, lambda h: h.task_force.name),
        _F("kind", "类别", 11, lambda h: str(h.kind), CellLook.WORD),
        _F("code", "编号", 11, lambda h: h.code, CellLook.WORD),
        _F("name", "事项", 36, lambda h: h.name),
        _F("text", "单位自述", 70, lambda h: h.text),
        _F("unit", "单位", 16, lambda h: h.unit),
        _F("at", "收到时间", 17, lambda h: clock(h.at), CellLook.WORD),
        _F(
            "source",
            "来源（文件 › 工作表 › 单元格，时间）",
            44,
            lambda h: h.source,
            CellLook.SMALL,
            private=True,
        ),
    )
    return Table(
        NAME,
        NAME,
        "本期填报表报送的工作亮点、典型做法，以及本期报来的指标达标、任务和节点完成；“单位自述”为原文。",
        shown_to(facts.data.release, fields),
        facts.highlights,
        fixed=3,
        empty="本期没有报送亮点做法，也没有新的达标和完成。",
    )


def write(page: Page, facts: Facts) -> None:
    """Write the sheet."""
    write_table(page, table(facts), facts.data.period.full_name)
