"""The sheet 更正内容 of a correction: what was given out, what holds now, and why."""

from collections.abc import Iterable

from tenproj_xl.rollup.drawing.on_paper import OnPaper
from tenproj_xl.rollup.drawing.sheet_spec import SheetSpec, Tab
from tenproj_xl.rollup.drawing.table import SOURCE, SOURCE_MEANING, CellLook, Field, Table
from tenproj_xl.rollup.facts.corrected import change_told, errata
from tenproj_xl.rollup.facts.editions import EDITIONS, Audience
from tenproj_xl.rollup.facts.errata import Difference, Matter, Shift
from tenproj_xl.rollup.facts.model import Facts

TITLE = "更正内容"
_F = Field[Difference]


def _table(facts: Facts) -> Table[Difference]:
    lines, note = errata(facts), "只有更正稿有这张表。"
    if facts.data.corrects:
        given_out = facts.data.clock(facts.data.corrects.published_at)[:10]
        note = f"与{given_out}印发的{facts.data.corrects.label}比较：{change_told(facts)}。"
    return Table(
        sheet=TITLE,
        note=note,
        fields=tuple(_fields()),
        lines=lines,
        fixed=4,
        empty=f"{change_told(facts)}。",
    )


def _fields() -> Iterable[_F]:
    yield _F(
        "shift",
        "改变了",
        "改变的是评价、名次、首页数字，还是只有数据和内容。",
        12,
        lambda d: d.shift,
        CellLook.WORD,
        codes=(Shift,),
    )
    yield _F(
        "subject",
        "对象",
        "变动的是指标、任务、问题、名次还是首页数字。",
        10,
        lambda d: d.subject,
        CellLook.WORD,
        codes=(Matter,),
    )
    yield _F("code", "编号", "指标、任务、问题或专班的编号。", 14, lambda d: d.code_for_people, CellLook.WORD)
    yield _F("name", "事项", "变动的事项。", 40, lambda d: d.name)
    yield _F("was", "原为", "印发稿里怎样。", 36, lambda d: d.was)
    yield _F("now", "现为", "现在怎样。", 36, lambda d: d.now)
    yield _F("why", "原因", "为什么变。", 32, lambda d: d.why)
    yield _F("source", SOURCE, SOURCE_MEANING, 44, lambda d: d.source, CellLook.SMALL)


SPEC = SheetSpec(
    code="errata",
    title=TITLE,
    order=25,
    tab=Tab.SUMMARY,
    audience=Audience.PUBLIC,
    public=(
        "shift",
        "subject",
        "code",
        "name",
        "was",
        "now",
        "why",
    ),
    opens=EDITIONS,
    only_corrections=True,
    table=_table,
    paper=OnPaper(
        widths={"shift": 5, "subject": 5, "code": 7, "name": 15, "was": 14, "now": 14, "why": 12},
        pages=2,
    ),
)
