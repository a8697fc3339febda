"""The sheet 缺数清单: which figures of the month, quarter or year are missing, and who owes them."""

from collections import Counter
from collections.abc import Iterable, Mapping

from tenproj_xl.core.answers import Nature
from tenproj_xl.excel import style
from tenproj_xl.rollup.drawing.on_paper import OnPaper
from tenproj_xl.rollup.drawing.row_links import row_links
from tenproj_xl.rollup.drawing.sheet_spec import SheetSpec, Tab
from tenproj_xl.rollup.drawing.table import OWN_UNIT, CellLook, Field, Table, source_field
from tenproj_xl.rollup.facts.editions import MONTH, QUARTER, YEAR
from tenproj_xl.rollup.facts.gaps import Gap, GapLine, gap_lines
from tenproj_xl.rollup.facts.indicators import period_code
from tenproj_xl.rollup.facts.model import Facts

TITLE = "缺数清单"
_FILLS: Mapping[str, str] = {Gap.NOT_REPORTED: style.RED, Gap.NOT_VERIFIED: style.BLUE}
_F = Field[GapLine]


def _table(facts: Facts) -> Table[GapLine]:
    lines = facts.once(gap_lines)
    counts = Counter(line.gap for line in lines)
    spoken = "，".join(f"{gap.label}{counts[gap]}项" for gap in Gap)
    return Table(
        sheet=TITLE,
        note=f"{facts.data.period.label}的数还缺{len(lines)}项：{spoken}。缺数不等于零；报来后重新生成本材料即计入。",
        fields=(*_missing_fields(facts), *_known_fields(facts)),
        lines=lines,
        fixed=3,
        empty="没有缺数。",
    )


def _missing_fields(facts: Facts) -> Iterable[_F]:
    """Yield what is missing, and who owes it."""
    data = facts.data
    links = row_links(facts)
    yield _F("task_force", "专班", "专班编号。", 6, lambda g: g.line.task_force.code, CellLook.WORD)
    yield _F(
        "code",
        "编号",
        "指标编号。",
        10,
        lambda g: g.line.indicator.code,
        CellLook.WORD,
        link=lambda g: links.get(g.line.indicator.code),
    )
    yield _F("name", "指标名称", "指标名称，照工作计划。", 36, lambda g: g.line.indicator.name)
    yield _F(
        "wanted_period",
        "缺哪一期的数",
        "所缺的数属于哪一年、季或月。",
        15,
        lambda g: g.wanted.label,
        CellLook.WORD,
        code=lambda g: g.wanted.code,
    )
    yield _F(
        "gap",
        "缺什么",
        "没有报来，报来的不是统计核定数，还是没有到发布期。",
        12,
        lambda g: g.gap,
        CellLook.STATE,
        fills=_FILLS,
        codes=(Gap,),
    )
    yield _F("due_on", "应报自", "按发布时滞，从哪一天起应有数。", 12, lambda g: g.due_on, CellLook.DAY)
    yield _F(
        "reporting_unit",
        "应报单位",
        "负责报送这项指标的单位。",
        20,
        lambda g: data.units(g.line.indicator.reporting_unit),
    )


def _known_fields(facts: Facts) -> Iterable[_F]:
    """Yield the newest figure that is in."""
    data = facts.data
    yield _F(
        "value",
        "已有的最新数值",
        "已报来的最新数值；定性指标是文字。",
        13,
        lambda g: g.line.value,
        CellLook.NUMBER,
        unit=OWN_UNIT,
        words=True,
    )
    yield _F("unit", "单位", "指标的计量单位。", 9, lambda g: g.line.indicator.unit, CellLook.WORD)
    yield _F(
        "data_period",
        "数据所属期",
        "已有的最新数值属于哪一年、季或月。",
        14,
        lambda g: g.line.data_period,
        CellLook.WORD,
        code=lambda g: period_code(g.line.figure),
    )
    yield _F(
        "nature",
        "数据性质",
        "已有的最新数值的性质。",
        11,
        lambda g: g.line.nature,
        CellLook.WORD,
        codes=(Nature,),
    )
    yield source_field(lambda g: data.source_of(g.line.figure))


SPEC = SheetSpec(
    code="gaps",
    title=TITLE,
    order=45,
    tab=Tab.ACTION,
    only_in=(MONTH, QUARTER, YEAR),
    table=_table,
    pointer="还缺的数和应报单位见“缺数清单”",
    paper=OnPaper(
        widths={
            "task_force": 3,
            "code": 5,
            "name": 20,
            "wanted_period": 7,
            "gap": 5,
            "due_on": 5,
            "reporting_unit": 10,
            "value": 5,
            "unit": 4,
            "data_period": 8,
        },
    ),
)
