"""The sheet 要素保障: open issues by what they are about, with what superiors are asked for them."""

from collections.abc import Iterable, Sequence

from tenproj_xl.core.answers import IssueCategory
from tenproj_xl.rollup.drawing.on_paper import OnPaper
from tenproj_xl.rollup.drawing.sheet_spec import Chapter, Explanation, SheetSpec, Tab, explained
from tenproj_xl.rollup.drawing.table import CellLook, Field, Table
from tenproj_xl.rollup.facts.editions import MONTH
from tenproj_xl.rollup.facts.issues import NoLevel
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.supply import SupplyLine, supply_lines

TITLE = "要素保障"
_F = Field[SupplyLine]


def _table(facts: Facts) -> Table[SupplyLine]:
    lines = supply_lines(facts)
    waiting = sum(len(line.asks) for line in lines)
    return Table(
        sheet=TITLE,
        note=f"在办问题按类别归总，共{sum(line.open for line in lines)}件，其中提请协调{waiting}件；"
        "逐件见“问题销号”“提请协调”。",
        fields=tuple(_fields(facts)),
        lines=lines,
        fixed=1,
        empty="没有在办问题。",
    )


def _fields(facts: Facts) -> Iterable[_F]:
    yield _F(
        "category",
        "类别",
        "问题类别。",
        10,
        lambda s: s.category,
        CellLook.WORD,
        codes=(IssueCategory,),
    )
    yield _F("open", "在办\n（件）", "没有销号的问题件数。", 8, lambda s: s.open, CellLook.COUNT, unit="件")
    yield _F(
        "overdue", "逾期\n（件）", "超过现行时限的件数。", 8, lambda s: s.overdue, CellLook.COUNT, unit="件"
    )
    yield _F(
        "signed_off",
        "本期销号\n（件）",
        "这一时段审定销号的件数。",
        9,
        lambda s: s.signed_off,
        CellLook.COUNT,
        unit="件",
    )
    yield _F(
        "asks",
        "提请协调\n（件）",
        "等待答复的提请件数。",
        9,
        lambda s: len(s.asks),
        CellLook.COUNT,
        unit="件",
    )
    yield _F(
        "level",
        "最高层级",
        "提请的最高层级：核定的；没有核定的是建议层级。",
        15,
        lambda s: s.level,
        CellLook.WORD,
        codes=(facts.data.plan.programme.words.levels, NoLevel),
    )
    yield _F(
        "longest_wait",
        "最长已等\n（天）",
        "提请事项中等得最久的天数。",
        9,
        lambda s: s.longest_wait,
        CellLook.COUNT,
        unit="天",
    )
    yield _F("task_forces", "涉及专班", "有在办问题的专班编号。", 24, lambda s: s.task_forces, CellLook.WORD)
    yield _F(
        "asked",
        "提请事项",
        "提请协调的事项，写明专班和层级；层级高、等得久的在前，多的只列前三件。",
        90,
        lambda s: s.asked,
        CellLook.LONG,
    )


def _explanations(_: Facts) -> Sequence[Explanation]:
    return (
        explained(
            TITLE,
            "按单位填报的问题类别归总，没有填类别的归入其他；",
            "会议议定事项没有类别，也归入其他。",
        ),
    )


SPEC = SheetSpec(
    code="supply",
    title=TITLE,
    order=101,
    tab=Tab.ACTION,
    opens=(MONTH,),
    only_in=(MONTH,),
    table=_table,
    explanations=_explanations,
    chapter=Chapter.DECISIONS,
    paper=OnPaper(
        widths={
            "category": 4,
            "open": 4,
            "overdue": 4,
            "signed_off": 5,
            "asks": 5,
            "level": 8,
            "longest_wait": 5,
            "task_forces": 12,
            "asked": 25,
        },
    ),
)
