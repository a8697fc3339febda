"""The sheet 数据沿革: what was ever recorded of a figure, one click from it."""

from collections.abc import Iterable, Mapping, Sequence

from tenproj_xl.core.answers import Nature
from tenproj_xl.excel import style
from tenproj_xl.model.lives import ValueStanding
from tenproj_xl.model.units import printed_unit
from tenproj_xl.rollup.drawing.row_links import row_links
from tenproj_xl.rollup.drawing.sheet_spec import Chapter, Explanation, SheetSpec, Tab, explained
from tenproj_xl.rollup.drawing.table import OWN_UNIT, CellLook, Field, Table, source_field
from tenproj_xl.rollup.facts.embargo import unreleased_note
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.lives import LifeLine, life_lines
from tenproj_xl.rollup.facts.model import Facts

TITLE = "数据沿革"
_FILLS: Mapping[str, str] = {ValueStanding.CURRENT: style.GREEN, ValueStanding.WITHDRAWN: style.GREY}
_F = Field[LifeLine]


def _table(facts: Facts) -> Table[LifeLine]:
    return Table(
        sheet=TITLE,
        note="今年和去年的每一个数，按指标、数据所属期和记入的先后；改过的各留一行，以后各期照报的不另列。点编号回到主要指标。"
        + unreleased_note(facts.indicators),
        fields=tuple(_fields(facts)),
        lines=life_lines(facts.data),
        fixed=3,
        empty="今年和去年还没有记过数。",
    )


def _fields(facts: Facts) -> Iterable[_F]:
    yield from _figure_fields(facts)
    yield from _record_fields(facts.data)


def _figure_fields(facts: Facts) -> Iterable[_F]:
    """Yield what was recorded."""
    links = row_links(facts)
    yield _F(
        "code",
        "编号",
        "指标编号。",
        9,
        lambda v: v.indicator.code,
        CellLook.WORD,
        link=lambda v: links.get(v.indicator.code),
    )
    yield _F("name", "指标名称", "指标名称。", 28, lambda v: v.indicator.name)
    yield _F(
        "data_period",
        "数据所属期",
        "这个数属于哪一年、季或月。",
        13,
        lambda v: v.recorded.about.dated_label,
        CellLook.WORD,
        code=lambda v: v.recorded.about.code,
    )
    yield _F(
        "value",
        "数值",
        "记入的数值；定性指标是文字。",
        11,
        lambda v: v.recorded.value,
        CellLook.NUMBER,
        unit=OWN_UNIT,
        words=True,
    )
    yield _F("unit", "单位", "报送时的计量单位。", 8, lambda v: v.recorded.measure, CellLook.WORD)
    yield _F(
        "nature",
        "数据性质",
        "这个数的性质。",
        10,
        lambda v: v.recorded.nature,
        CellLook.WORD,
        codes=(Nature,),
    )
    yield _F(
        "standing",
        "现在",
        "现在是否采用：现行、不再采用、未采用（待核实，或核实后不采用）、已撤回。",
        10,
        lambda v: v.standing,
        CellLook.STATE,
        fills=_FILLS,
        codes=(ValueStanding,),
    )


def _record_fields(data: RollupInput) -> Iterable[_F]:
    """Yield when and by whom it was recorded."""
    yield _F(
        "reported_in",
        "报送期",
        "在哪一期报来。",
        13,
        lambda v: v.recorded.row.period.dated_label,
        CellLook.WORD,
        code=lambda v: v.recorded.row.period.code,
    )
    yield _F(
        "recorded_at",
        "记入台账",
        "何时记入台账。",
        16,
        lambda v: data.clock(v.recorded.recording.at),
        CellLook.WORD,
    )
    yield _F(
        "sender",
        "报送单位",
        "哪家单位报来。",
        16,
        lambda v: printed_unit(v.recorded.row.unit, data.plan),
    )
    yield _F(
        "again",
        "其后照报",
        "以后各期又报来同一个数的次数，和最后一次在哪一期。",
        16,
        _again,
        CellLook.WORD,
    )
    yield source_field(lambda v: data.source(v.recorded.row, "value"))


def _again(line: LifeLine) -> str | None:
    if not line.again:
        return None
    return f"{len(line.again)}次，至{line.again[-1].row.period.dated_label}"


def _explanations(_: Facts) -> Sequence[Explanation]:
    return (
        explained(
            TITLE,
            "点主要指标里的“最新数值”即到。列今年和去年的数；",
            "更早的，以及任务和问题的，请办公室按编号查台账。",
        ),
    )


SPEC = SheetSpec(
    code="lives",
    title=TITLE,
    order=135,
    tab=Tab.TIME,
    table=_table,
    explanations=_explanations,
    chapter=Chapter.TIME,
)
