"""The sheet 责任清单: all that each unit owes, across task forces, with its light."""

from collections.abc import Iterable, Mapping

from tenproj_xl.core.states import IssueState, State, TaskState
from tenproj_xl.excel import style
from tenproj_xl.model.duties import Duty
from tenproj_xl.rollup.drawing.on_paper import OnPaper
from tenproj_xl.rollup.drawing.sheet_spec import SheetSpec, Tab
from tenproj_xl.rollup.drawing.table import SOURCE, SOURCE_MEANING, CellLook, Field, RowLink, Table
from tenproj_xl.rollup.facts.duties import Basis, DutyLine, Score
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.pressing import of_note
from tenproj_xl.rollup.facts.returns import Timeliness
from tenproj_xl.rollup.facts.task_forces import conveners_of

TITLE = "责任清单"
_LONGEST = 90
UNIT_TOTAL = "合计"
"""What stands for the kind in the line that sums a unit up."""
_SHEETS: Mapping[Duty, str] = {
    Duty.INDICATOR: "indicators",
    Duty.TASK: "tasks",
    Duty.ISSUE: "issues",
    Duty.RETURN: "returns",
}
"""The sheets that have the rows of the items."""
_F = Field[DutyLine]


def duties_table(facts: Facts) -> Table[DutyLine]:
    """Return the columns and lines, which the league table counts over."""
    return Table(
        sheet=TITLE,
        note="".join(_note(facts)),
        fields=tuple(_fields(facts)),
        lines=facts.duties,
        fixed=3,
        empty="没有责任事项。",
        is_total=lambda d: d.is_total,
    )


def _note(facts: Facts) -> Iterable[str]:
    yield "各单位在各专班承担的指标、任务、问题和报送，问题最多的单位在前，每个单位最要紧的在前；"
    yield "一个问题有几个责任单位的，各列一次"
    if facts.data.is_wide:
        yield "，只计一次分"
    yield "。筛选“责任单位”可单独印发。"


def _fields(facts: Facts) -> Iterable[_F]:
    yield _F("unit", "责任单位", "承担事项的单位。", 18, lambda d: d.unit)
    yield _F(
        "kind",
        "对象",
        "事项是指标、任务、问题还是报送。",
        9,
        lambda d: d.kind or UNIT_TOTAL,
        CellLook.WORD,
        codes=(Duty,),
    )
    yield _F(
        "state",
        "评价",
        "事项的评价。",
        11,
        lambda d: d.state,
        CellLook.STATE,
        codes=(State, TaskState, IssueState, Timeliness),
    )
    yield _F(
        "code", "编号", "指标、任务或问题的编号。", 14, lambda d: d.code or None, CellLook.WORD, link=_item
    )
    yield _F("name", "事项", "事项的名称或描述，过长的只列开头。", 60, _name)
    yield _F("deadline", "时限", "事项的时限。", 12, lambda d: d.deadline, CellLook.DAY)
    yield _F("measured", "差多少", "差多少，用文字说。", 18, lambda d: d.measured)
    yield _F(
        "task_force",
        "专班",
        "专班编号。",
        6,
        lambda d: d.task_force.code if d.task_force else "",
        CellLook.WORD,
    )
    yield _F(
        "task_force_name",
        "工程",
        "专班对应的工程名称。",
        26,
        lambda d: d.task_force.name if d.task_force else "",
    )
    yield _F(
        "conveners",
        "召集人",
        "专班的召集人。",
        16,
        lambda d: conveners_of(d.task_force) if d.task_force else "",
    )
    if facts.data.is_wide:
        yield from _scored()
    yield _F("source", SOURCE, SOURCE_MEANING, 44, lambda d: d.source, CellLook.SMALL)


def _scored() -> Iterable[_F]:
    """Yield how an item scores in the league, which a month and wider editions have."""
    yield _F(
        "score",
        "晾晒计分",
        "这一项在晾晒排名里得不得分；月及以上的才有。",
        9,
        lambda d: d.score,
        CellLook.WORD,
        codes=(Score,),
    )
    yield _F(
        "basis",
        "评价依据",
        "指标和任务凭什么评价：有数据、节点、投资或本年时限的可评价，任务只凭单位自己说的是自报；月及以上的才有。",
        9,
        lambda d: d.basis,
        CellLook.WORD,
        codes=(Basis,),
    )
    yield _F(
        "objection",
        "得分异议",
        "单位对这一项扣分的异议和办公室的决定；月及以上的才有。",
        20,
        lambda d: d.objection.in_words if d.objection else "",
    )


def _item(line: DutyLine) -> RowLink | None:
    if line.kind is None:
        return None
    return RowLink(_SHEETS[line.kind], line.number)


def _name(line: DutyLine) -> str:
    if line.is_total:
        return line.name
    return style.shortened(line.name, _LONGEST)


SPEC = SheetSpec(
    code="duties",
    title=TITLE,
    order=110,
    tab=Tab.ACTION,
    table=duties_table,
    pointer="各单位承担的全部事项见“责任清单”",
    paper=OnPaper(
        widths={
            "unit": 9,
            "kind": 4,
            "state": 5,
            "code": 7,
            "name": 27,
            "deadline": 5,
            "measured": 11,
            "task_force": 4,
        },
        chosen=lambda facts: of_note(facts, lambda d: d.code),
        pages=3,
    ),
)
