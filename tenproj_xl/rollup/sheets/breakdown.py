"""The sheet 首页明细: every indicator, task and open issue in the order in which page one counts them."""

from collections.abc import Iterable

from tenproj_xl.core.states import IssueState, State, TaskState
from tenproj_xl.rollup.drawing.row_links import row_links
from tenproj_xl.rollup.drawing.sheet_spec import SheetSpec, Tab
from tenproj_xl.rollup.drawing.table import CellLook, Field, Table
from tenproj_xl.rollup.facts.breakdown import CountedAs, CountedLine, counted_lines
from tenproj_xl.rollup.facts.model import Facts

TITLE = "首页明细"
_F = Field[CountedLine]


def _table(facts: Facts) -> Table[CountedLine]:
    return Table(
        sheet=TITLE,
        note="首页每个数字数的是哪几项：在首页点数字，选中的就是那几行；点编号看原来的行。",
        fields=tuple(_fields(facts)),
        lines=counted_lines(facts),
        fixed=4,
        empty="没有指标、任务和问题。",
    )


def _fields(facts: Facts) -> Iterable[_F]:
    links = row_links(facts)
    yield _F("part", "首页归类", "首页把它数在哪一类里。", 16, lambda c: c.part, codes=(CountedAs,))
    yield _F(
        "state",
        "评价",
        "它的评价。",
        12,
        lambda c: c.state,
        CellLook.STATE,
        codes=(State, TaskState, IssueState),
    )
    yield _F("task_force", "专班", "专班编号。", 6, lambda c: c.task_force.code, CellLook.WORD)
    yield _F(
        "code",
        "编号",
        "指标、任务或问题的编号。",
        14,
        lambda c: c.code,
        CellLook.WORD,
        link=lambda c: links.get(c.code),
    )
    yield _F("name", "事项", "指标、任务的名称，或问题的描述。", 50, lambda c: c.name)
    yield _F("unit", "责任单位", "报送或牵头的单位，问题的责任单位。", 20, lambda c: c.unit)
    yield _F("why", "说明", "差多少、为什么不评价，或到时限还有几天。", 24, lambda c: c.why)


SPEC = SheetSpec(
    code="breakdown",
    title=TITLE,
    order=165,
    tab=Tab.BACKGROUND,
    table=_table,
)
