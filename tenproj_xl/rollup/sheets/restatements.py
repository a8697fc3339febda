"""The sheet 数据修订和更正: figures that took the place of others for the same data period."""

from collections.abc import Iterable, Mapping, Sequence

from tenproj_xl.core.answers import Nature, YesNo
from tenproj_xl.core.states import State
from tenproj_xl.excel import style
from tenproj_xl.rollup.drawing.on_paper import OnPaper
from tenproj_xl.rollup.drawing.row_links import row_links
from tenproj_xl.rollup.drawing.sheet_spec import Chapter, Explanation, SheetSpec, Tab, explained
from tenproj_xl.rollup.drawing.table import OWN_UNIT, CellLook, Field, Holds, Table, source_field
from tenproj_xl.rollup.facts.embargo import unreleased_note
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.restated_places import placed_restatements
from tenproj_xl.rollup.facts.restatements import RestatementKind, RestatementLine

TITLE = "数据修订和更正"
_FILLS: Mapping[str, str] = {
    RestatementKind.ERROR: style.RED,
    RestatementKind.BASIS: style.YELLOW,
    RestatementKind.STATISTICAL: style.BLUE,
    RestatementKind.LATE: style.PALE,
}
_F = Field[RestatementLine]


def _table(facts: Facts) -> Table[RestatementLine]:
    return Table(
        sheet=TITLE,
        note="同一所属期的数，前后不一样的逐项列出；改变评价或名次的请留意。"
        + unreleased_note(facts.indicators),
        fields=(*_what(facts), *_first(), *_values(), *_judgements(facts), *_who(facts)),
        lines=tuple(placed_restatements(facts)),
        fixed=4,
        empty="本期没有数据修订和更正。",
    )


def _what(facts: Facts) -> Iterable[_F]:
    links = row_links(facts)
    yield _F(
        "code",
        "编号",
        "指标编号。",
        10,
        lambda r: r.indicator.code,
        CellLook.WORD,
        link=lambda r: links.get(r.indicator.code),
    )
    yield _F("name", "指标名称", "指标名称，照工作计划。", 28, lambda r: r.indicator.name)
    yield _F("task_force", "专班", "专班编号。", 6, lambda r: r.task_force.code, CellLook.WORD)
    yield _F(
        "data_period",
        "数据所属期",
        "改的是哪一年、季或月的数。",
        12,
        lambda r: r.period.dated_label,
        CellLook.WORD,
        code=lambda r: r.period.code,
    )
    yield _F(
        "kind",
        "类别",
        "按规则认定：性质提高的是统计修订，说明口径不同的是口径调整，早先没有报的是补报，其余是填报有误。",
        10,
        lambda r: r.kind,
        CellLook.STATE,
        fills=_FILLS,
        codes=(RestatementKind,),
    )


def _first() -> Iterable[_F]:
    yield _F(
        "first_value",
        "首次公布",
        "最早见于材料的数；没有公布过的空着。",
        11,
        lambda r: r.first_value,
        CellLook.NUMBER,
        unit=OWN_UNIT,
        words=True,
    )
    yield _F("first_paper", "公布在", "最早公布这个数的材料。", 24, lambda r: r.first_paper)
    yield _F(
        "first_on",
        "公布日期",
        "那份材料印发的日期；没有印发的，是汇总的日期。",
        11,
        lambda r: r.first_on,
        CellLook.DAY,
    )


def _above(when: str, rank: str) -> str:
    """Return the header of the former or the current rank, on two lines where its word allows that."""
    return f"{when}{rank}".replace("排名", "\n排名")


def _values() -> Iterable[_F]:
    """Yield the figures that were and that are."""
    yield _F("was", "原数", "改前的数。", 11, lambda r: r.was, CellLook.NUMBER, unit=OWN_UNIT, words=True)
    yield _F("now", "现数", "改后的数。", 11, lambda r: r.now, CellLook.NUMBER, unit=OWN_UNIT, words=True)
    yield _F("unit", "单位", "指标的计量单位。", 8, lambda r: r.indicator.unit, CellLook.WORD)
    yield _F(
        "difference",
        "差额",
        "现数减原数，用指标自己的单位。",
        10,
        lambda r: r.difference,
        CellLook.NUMBER,
        unit="见“差额单位”列",
    )
    yield _F(
        "difference_unit",
        "差额\n单位",
        "百分数的差额是百分点。",
        8,
        lambda r: r.difference_unit,
        CellLook.WORD,
    )
    yield _F(
        "was_nature", "原性质", "改前的数的性质。", 9, lambda r: r.was_nature, CellLook.WORD, codes=(Nature,)
    )
    yield _F("nature", "现性质", "改后的数的性质。", 9, lambda r: r.nature, CellLook.WORD, codes=(Nature,))


def _judgements(facts: Facts) -> Iterable[_F]:
    """Yield how they are judged, and the places that follow; the plan names the ranks that units report."""
    rank = facts.data.plan.programme.words.rank
    yield _F(
        "was_state", "原评价", "按改前的数评价。", 10, lambda r: r.was_state, CellLook.STATE, codes=(State,)
    )
    yield _F("state", "现评价", "按改后的数评价。", 10, lambda r: r.state, CellLook.STATE, codes=(State,))
    yield _F(
        "was_rank",
        _above("原", rank),
        f"随原数填报的{rank}。",
        8,
        lambda r: r.was_rank,
        CellLook.COUNT,
        unit="名",
    )
    yield _F(
        "rank", _above("现", rank), f"随现数填报的{rank}。", 8, lambda r: r.rank, CellLook.COUNT, unit="名"
    )
    if facts.data.is_wide:
        yield from _places()
    yield _F(
        "changes_judgement",
        "改变评价\n或名次",
        _changed(facts),
        9,
        lambda r: YesNo.of_fact(r.changes_judgement),
        CellLook.WORD,
        holds=Holds.TRUTH,
    )


def _places() -> Iterable[_F]:
    """Yield the places in the league, which a month and wider editions have."""
    yield _F(
        "was_place",
        "原晾晒\n名次",
        "按改前的数算的专班晾晒名次；没有因此改变的空着。月及以上的才有。",
        8,
        lambda r: r.was_place,
        CellLook.COUNT,
        unit="名",
    )
    yield _F(
        "place",
        "现晾晒\n名次",
        "按改后的数算的专班晾晒名次；没有因此改变的空着。月及以上的才有。",
        8,
        lambda r: r.place,
        CellLook.COUNT,
        unit="名",
    )


def _changed(facts: Facts) -> str:
    rank = facts.data.plan.programme.words.rank
    if facts.data.is_wide:
        return f"评价、{rank}或专班的晾晒名次是否因此改变。"
    return f"评价或{rank}是否因此改变。"


def _who(facts: Facts) -> Iterable[_F]:
    data = facts.data
    yield _F("who", "谁改的", "报来新数的单位。", 16, lambda r: _sender(r, facts))
    yield _F("at", "何时", "新数收到的时间。", 16, lambda r: data.clock(r.row.received_at) if r.row else "")
    yield _F(
        "why",
        "为何",
        "单位在“核实说明”“备注”写的原因，核实后采用的另写核实情况。",
        36,
        lambda r: r.why,
        CellLook.LONG,
    )
    yield source_field(lambda r: data.source(r.row, "value"))


def _sender(line: RestatementLine, facts: Facts) -> str:
    if line.row is None:
        return facts.data.plan.programme.signature
    if line.row.basis:
        return f"{line.row.office}代录（{line.row.recorded_by}）"
    return facts.data.units(line.row.unit or line.row.owner)


def _explanations(_: Facts) -> Sequence[Explanation]:
    return (
        explained(
            TITLE,
            "同一所属期先后两个数不一样的，不论在哪一期报来，都列在这里；与上一次汇总公布的数不一样的也列。",
            "统计核定的数只由新的统计核定数替换。",
        ),
    )


SPEC = SheetSpec(
    code="restatements",
    title=TITLE,
    order=145,
    tab=Tab.TIME,
    table=_table,
    pointer="改过的数见“数据修订和更正”",
    chapter=Chapter.TIME,
    explanations=_explanations,
    paper=OnPaper(
        widths={
            "code": 5,
            "name": 13,
            "data_period": 5,
            "kind": 5,
            "was": 5,
            "now": 5,
            "unit": 3,
            "was_state": 5,
            "state": 5,
            "changes_judgement": 5,
            "who": 5,
            "why": 11,
        },
    ),
)
