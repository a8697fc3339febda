"""A sheet as somebody would add it: this file is all there is of it, and in `rollup/sheets` it would be found."""

from collections.abc import Iterable, Sequence

from tenproj_xl.core.states import TaskState
from tenproj_xl.rollup.drawing.row_links import row_links
from tenproj_xl.rollup.drawing.sheet_spec import Explanation, SheetSpec, Tab, explained
from tenproj_xl.rollup.drawing.table import CellLook, Field, Table
from tenproj_xl.rollup.facts.editions import MEETING, QUARTER
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.tasks import TaskLine

TITLE = "投资进度"
_F = Field[TaskLine]


def _table(facts: Facts) -> Table[TaskLine]:
    return Table(
        sheet=TITLE,
        note="滞后和逾期的任务的投资。",
        fields=tuple(_fields(facts)),
        lines=[line for line in facts.tasks if line.state in (TaskState.BEHIND, TaskState.OVERDUE)],
        fixed=2,
        empty="没有滞后和逾期的任务。",
    )


def _fields(facts: Facts) -> Iterable[_F]:
    links = row_links(facts)
    yield _F(
        "code",
        "编号",
        "任务编号。",
        9,
        lambda t: t.task.code,
        CellLook.WORD,
        link=lambda t: links.get(t.task.code),
    )
    yield _F("name", "重点任务", "任务名称。", 40, lambda t: t.task.name)
    yield _F("state", "评价", "任务的评价。", 10, lambda t: t.state, CellLook.STATE, codes=(TaskState,))
    yield _F(
        "invest_share",
        "投资完成率",
        "累计完成投资占年度计划投资的比例。",
        9,
        lambda t: t.invest_share,
        CellLook.PERCENT,
    )


def _explanations(_: Facts) -> Sequence[Explanation]:
    return (explained(TITLE, "投资完成率＝累计完成投资÷年度计划投资。"),)


SPEC = SheetSpec(
    code="investment",
    title=TITLE,
    order=85,
    tab=Tab.PROGRESS,
    opens=(QUARTER,),
    left_out_of=(MEETING,),
    table=_table,
    pointer="各任务的投资见“投资进度”",
    explanations=_explanations,
)
