"""The sheet 目标完成情况: every target that is due at the end of the span, and the figure that decided."""

from collections import Counter
from collections.abc import Iterable, Mapping

from tenproj_xl.core.answers import Nature
from tenproj_xl.excel import style
from tenproj_xl.rollup.drawing.on_paper import OnPaper
from tenproj_xl.rollup.drawing.row_links import row_links
from tenproj_xl.rollup.drawing.sheet_spec import SheetSpec, Tab
from tenproj_xl.rollup.drawing.table import OWN_UNIT, CellLook, Field, Table, source_field
from tenproj_xl.rollup.facts.editions import MONTH, QUARTER, YEAR, Audience
from tenproj_xl.rollup.facts.embargo import unreleased_note
from tenproj_xl.rollup.facts.indicators import YearJudgement, period_code
from tenproj_xl.rollup.facts.judgements import JudgementLine, judgement_lines
from tenproj_xl.rollup.facts.model import Facts

TITLE = "目标完成情况"
_FILLS: Mapping[str, str] = {YearJudgement.MET: style.GREEN, YearJudgement.MISSED: style.DEEP}
_F = Field[JudgementLine]


def _table(facts: Facts) -> Table[JudgementLine]:
    lines = tuple(judgement_lines(facts))
    counts = Counter(line.judgement for line in lines)
    spoken = "，".join(
        f"{judgement.label}{counts[judgement]}项" for judgement in YearJudgement if counts[judgement]
    )
    counted = f"共{len(lines)}项"
    if spoken:
        counted += f"：{spoken}"
    return Table(
        sheet=TITLE,
        note=f"{unreleased_note(facts.indicators)}{counted}。只按目标日期的统计核定数评判，不论哪一期报来；“待核定”是核定数还没有报来，见“缺数清单”。",
        fields=tuple(_fields(facts)),
        lines=lines,
        fixed=4,
        empty="这一时段没有到期的目标。",
    )


_UNMET = (YearJudgement.MISSED, YearJudgement.STRIVEN)


def _fields(facts: Facts) -> Iterable[_F]:
    yield from _figure_fields(facts)
    yield from _judgement_fields(facts)


def _figure_fields(facts: Facts) -> Iterable[_F]:
    """Yield the indicator, its target and the figure that decided."""
    data = facts.data
    links = row_links(facts)
    yield _F("task_force", "专班", "专班编号。", 6, lambda v: v.line.task_force.code, CellLook.WORD)
    yield _F("task_force_name", "工程", "专班对应的工程名称。", 24, lambda v: v.line.task_force.name)
    yield _F(
        "code",
        "编号",
        "指标编号。",
        10,
        lambda v: v.line.indicator.code,
        CellLook.WORD,
        link=lambda v: links.get(v.line.indicator.code),
    )
    yield _F("name", "指标名称", "指标名称，照工作计划。", 36, lambda v: v.line.indicator.name)
    yield _F("unit", "单位", "指标的计量单位。", 9, lambda v: v.line.indicator.unit, CellLook.WORD)
    yield _F(
        "target",
        f"{data.period.label}目标",
        "到期的目标，照工作计划的说法。",
        14,
        lambda v: v.target.spoken,
        CellLook.WORD,
    )
    yield _F(
        "value",
        "评判数值",
        "据以评判的统计核定数；还没有的，是已有的最新数值；定性指标是文字。",
        12,
        lambda v: v.figure.value if v.figure else None,
        CellLook.NUMBER,
        unit=OWN_UNIT,
        words=True,
    )
    yield _F(
        "data_period",
        "数据所属期",
        "评判数值属于哪一年、季或月。",
        14,
        lambda v: v.figure.period.dated_label if v.figure else None,
        CellLook.WORD,
        code=lambda v: period_code(v.figure),
    )
    yield _F(
        "nature",
        "数据性质",
        "评判数值的性质。",
        11,
        lambda v: v.figure.nature if v.figure else None,
        CellLook.WORD,
        codes=(Nature,),
    )


def _judgement_fields(facts: Facts) -> Iterable[_F]:
    """Yield how the target is judged, by how much, and whose it is."""
    data = facts.data
    yield _F(
        "share",
        "完成率",
        "评判数值占目标的比例；越低越好的、增速等不算完成率的没有。",
        9,
        lambda v: v.share,
        CellLook.PERCENT,
    )
    yield _F(
        "ahead",
        "与目标相差\n（按指标单位）",
        "评判数值与目标相差多少，负数为比目标差。",
        13,
        lambda v: v.ahead,
        CellLook.NUMBER,
        unit=OWN_UNIT,
    )
    yield _F(
        "judgement",
        "评判",
        "目标达标了没有。",
        12,
        lambda v: v.judgement,
        CellLook.STATE,
        fills=_FILLS,
        codes=(YearJudgement,),
    )
    yield _F(
        "lag_reason",
        "未达标的原因",
        "单位填报的原因，未达标、力争未达到的才列。",
        40,
        lambda v: v.line.reported("lag_reason") if v.judgement in _UNMET else None,
        CellLook.LONG,
    )
    yield _F(
        "reporting_unit",
        "报送单位",
        "负责报送这项指标的单位。",
        18,
        lambda v: data.units(v.line.indicator.reporting_unit),
    )
    yield _F(
        "responsible",
        "责任单位",
        "承担这项指标的单位，照工作计划；没有写明的是专班牵头单位。",
        24,
        lambda v: data.units(*(v.line.indicator.responsible or (v.line.task_force.lead,))),
    )
    yield source_field(lambda v: data.source_of(v.figure))


SPEC = SheetSpec(
    code="judgements",
    title=TITLE,
    order=30,
    tab=Tab.SUMMARY,
    audience=Audience.PUBLIC,
    public=(
        "task_force",
        "task_force_name",
        "code",
        "name",
        "unit",
        "target",
        "value",
        "data_period",
        "nature",
        "share",
        "ahead",
        "judgement",
        "lag_reason",
        "reporting_unit",
        "responsible",
    ),
    opens=(YEAR,),
    only_in=(MONTH, QUARTER, YEAR),
    table=_table,
    paper=OnPaper(
        widths={
            "task_force": 2,
            "code": 5,
            "name": 13,
            "unit": 3,
            "target": 6,
            "value": 5,
            "data_period": 5,
            "nature": 5,
            "share": 4,
            "ahead": 5,
            "judgement": 5,
            "lag_reason": 7,
            "reporting_unit": 7,
        },
        pages=3,
    ),
)
