"""The sheet 上级排名: the district's ranks and marks as superiors publish them, and what pulls them down."""

from collections.abc import Iterable, Mapping, Sequence

from tenproj_xl.core.answers import YesNo
from tenproj_xl.excel import style
from tenproj_xl.model.plan_schema import CODES
from tenproj_xl.rollup.drawing.on_paper import OnPaper
from tenproj_xl.rollup.drawing.row_links import row_links
from tenproj_xl.rollup.drawing.sheet_spec import SheetSpec, Tab
from tenproj_xl.rollup.drawing.table import CellLook, Field, Table
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.rankings import Movement, RankingLine, ranking_lines

TITLE = "上级排名"
_FILLS: Mapping[str, str] = {
    Movement.UP: style.GREEN,
    Movement.DOWN: style.RED,
    Movement.SAME: style.GREY,
    Movement.FIRST: style.BLUE,
}
_LISTED = 3
_F = Field[RankingLine]


def _table(facts: Facts) -> Table[RankingLine]:
    lines = ranking_lines(facts)
    return Table(
        sheet=TITLE,
        note=_note(lines),
        fields=tuple(_fields(facts)),
        lines=lines,
        fixed=2,
        empty="没有登记上级排名；有通报的，请在“设置.xlsx”的“上级排名”登记。",
    )


def _note(lines: Sequence[RankingLine]) -> str:
    note = "办公室照上级通报登记的；拖后是排在后三分之一，或者比上一次后退。"
    unknown = [r.name for r in lines if r.line is None and CODES["indicators"][0].fullmatch(r.name)]
    if unknown:
        note += f"{'、'.join(unknown)}不在工作计划里，请核对编号。"
    pulling = [line for line in lines if line.pulls_down and line.line is not None]
    if not pulling:
        return note
    named = "、".join(f"{line.name}（{_spoken(line)}）" for line in pulling[:_LISTED])
    more = f"等{len(pulling)}项" if len(pulling) > _LISTED else ""
    return f"{note}拖后的指标：{named}{more}。"


def _spoken(line: RankingLine) -> str:
    if line.ranking.rank is None:
        return line.movement.label
    if line.of is None:
        return f"第{line.ranking.rank}名"
    return f"第{line.ranking.rank}名，共{line.of}家"


def _fields(facts: Facts) -> Iterable[_F]:
    links = row_links(facts)
    yield _F(
        "code",
        "编号",
        "指标编号；综合排名没有。",
        10,
        lambda r: r.line.indicator.code if r.line else "",
        CellLook.WORD,
        link=lambda r: links.get(r.line.indicator.code) if r.line else None,
    )
    yield _F("name", "排什么", "指标名称，或综合排名、考评的名称。", 34, lambda r: r.name)
    yield _F(
        "task_force",
        "专班",
        "专班编号。",
        6,
        lambda r: r.line.task_force.code if r.line else "",
        CellLook.WORD,
    )
    yield _F(
        "data_period",
        "数据所属期",
        "排的是哪一期。",
        14,
        lambda r: r.ranking.period.dated_label,
        CellLook.WORD,
        code=lambda r: r.ranking.period.code,
    )
    yield _F("rank", "名次", "上级通报的名次。", 8, lambda r: r.ranking.rank, CellLook.COUNT, unit="名")
    yield _F("of", "共几家", "几家参加排名。", 8, lambda r: r.of, CellLook.COUNT, unit="家")
    yield _F(
        "was_rank",
        "上次名次",
        "上一次通报的名次。",
        9,
        lambda r: r.before.rank if r.before else None,
        CellLook.COUNT,
        unit="名",
    )
    yield _F(
        "steps",
        "前移\n（位）",
        "比上一次前移几位，负数为后退。",
        8,
        lambda r: r.steps,
        CellLook.COUNT,
        unit="位",
    )
    yield _F("score", "得分", "上级通报的得分。", 9, lambda r: r.ranking.score, CellLook.NUMBER, unit="分")
    yield _F(
        "was_score",
        "上次得分",
        "上一次通报的得分。",
        9,
        lambda r: r.before.score if r.before else None,
        CellLook.NUMBER,
        unit="分",
    )
    yield _F(
        "movement",
        "变动",
        "名次（没有名次的按得分）比上一次怎样。",
        9,
        lambda r: r.movement,
        CellLook.STATE,
        fills=_FILLS,
        codes=(Movement,),
    )
    yield _F(
        "pulls_down",
        "拖后",
        "是否排在后三分之一，或比上一次后退。",
        7,
        lambda r: YesNo.of_fact(r.pulls_down),
        CellLook.WORD,
    )
    yield _F(
        "state",
        "本区评价",
        "本区自己对这项指标的评价。",
        11,
        lambda r: r.line.state if r.line else None,
        CellLook.STATE,
    )
    yield _F(
        "said_by_unit",
        "单位填的名次",
        "单位填的与通报不一样的才列出，已请单位核对。",
        10,
        lambda r: r.said_by_unit,
        CellLook.NUMBER,
        unit="名",
    )
    yield _F("basis", "依据", "哪一份通报、文件。", 36, lambda r: r.ranking.basis)


SPEC = SheetSpec(
    code="rankings",
    title=TITLE,
    order=147,
    tab=Tab.BACKGROUND,
    table=_table,
    pointer="上级怎么排、哪些指标拖后见“上级排名”",
    paper=OnPaper(
        widths={
            "code": 5,
            "name": 17,
            "data_period": 7,
            "rank": 4,
            "of": 4,
            "was_rank": 4,
            "score": 5,
            "movement": 5,
            "pulls_down": 4,
            "state": 5,
            "basis": 12,
        },
    ),
)
