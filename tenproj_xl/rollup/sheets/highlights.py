"""The sheet 亮点做法: good practice and results by task force, in the words of whoever reported them."""

from collections.abc import Iterable

from tenproj_xl.rollup.drawing.on_paper import OnPaper
from tenproj_xl.rollup.drawing.sheet_spec import SheetSpec, Tab
from tenproj_xl.rollup.drawing.table import SOURCE, SOURCE_MEANING, CellLook, Field, Table
from tenproj_xl.rollup.facts.editions import MEETING, Audience
from tenproj_xl.rollup.facts.highlights import HighlightLine, Praise
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.themes import Theme

TITLE = "亮点做法"
_NOTE = (
    "本期填报表报送的典型做法（按主题），以及本期报来的指标达标、任务和节点完成（滞后、逾期的任务和过了时限才完成的节点不列）；"
    "“单位自述”为原文。"
)
_F = Field[HighlightLine]


def _table(facts: Facts) -> Table[HighlightLine]:
    return Table(
        sheet=TITLE,
        note=f"{_NOTE}{_left_out(facts)}",
        fields=tuple(_fields(facts)),
        lines=facts.highlights,
        fixed=3,
        empty="本期没有报送亮点做法，也没有新的达标和完成。",
    )


def _left_out(facts: Facts) -> str:
    if not facts.doubted:
        return ""
    said = f"另有{len(facts.doubted)}项自述与状态不一致或者待核实，没有列入"
    if facts.data.release.is_public:
        return f"{said}。"
    return f"{said}，见“核验清单”。"


def _fields(facts: Facts) -> Iterable[_F]:
    clock = facts.data.clock
    yield _F("task_force", "专班", "专班编号。", 6, lambda h: h.task_force.code, CellLook.WORD)
    yield _F("task_force_name", "工程", "专班对应的工程名称。", 26, lambda h: h.task_force.name)
    yield _F(
        "kind", "类别", "是典型做法，还是哪一种完成。", 11, lambda h: h.kind, CellLook.WORD, codes=(Praise,)
    )
    yield _F(
        "theme",
        "主题",
        "典型做法说的是哪方面，按用词归类。",
        11,
        lambda h: h.theme,
        CellLook.WORD,
        codes=(Theme,),
    )
    yield _F("code", "编号", "指标或任务的编号；典型做法没有。", 11, lambda h: h.code, CellLook.WORD)
    yield _F("name", "事项", "指标、任务或节点的名称。", 36, lambda h: h.name)
    yield _F("text", "单位自述", "单位自述的原文。", 70, lambda h: h.marked_text)
    yield _F("unit", "单位", "报送的单位。", 16, lambda h: h.unit)
    yield _F("at", "收到时间", "收到的时间。", 17, lambda h: clock(h.at), CellLook.WORD)
    yield _F("source", SOURCE, SOURCE_MEANING, 44, lambda h: h.source, CellLook.SMALL)


SPEC = SheetSpec(
    code="highlights",
    title=TITLE,
    order=160,
    tab=Tab.BACKGROUND,
    audience=Audience.PUBLIC,
    public=(
        "task_force",
        "task_force_name",
        "kind",
        "theme",
        "code",
        "name",
        "text",
        "unit",
        "at",
    ),
    left_out_of=(MEETING,),
    table=_table,
    pointer="各专班的典型做法和成效见“亮点做法”",
    paper=OnPaper(
        widths={"task_force": 3, "kind": 5, "theme": 5, "code": 5, "name": 16, "text": 30, "unit": 8},
    ),
)
