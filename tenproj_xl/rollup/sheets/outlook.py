"""The sheet 预计全年: the quarter's progress, and the year as the departments expect it."""

from collections import Counter
from collections.abc import Iterable, Mapping

from tenproj_xl.core.states import State
from tenproj_xl.excel import style
from tenproj_xl.rollup.drawing.on_paper import OnPaper
from tenproj_xl.rollup.drawing.row_links import row_links
from tenproj_xl.rollup.drawing.sheet_spec import SheetSpec, Tab
from tenproj_xl.rollup.drawing.table import OWN_UNIT, CellLook, Field, Table, source_field
from tenproj_xl.rollup.facts.editions import QUARTER, Audience
from tenproj_xl.rollup.facts.embargo import unreleased_note
from tenproj_xl.rollup.facts.indicators import period_code
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.outlook import Expectation, ForecastLine, forecast_lines

TITLE = "预计全年"
_FILLS: Mapping[str, str] = {Expectation.MET: style.GREEN, Expectation.MISSED: style.RED}
_F = Field[ForecastLine]


def _table(facts: Facts) -> Table[ForecastLine]:
    data = facts.data
    lines = [line for line in forecast_lines(data, facts.indicators) if data.may_show(line.line.indicator)]
    counts = Counter(line.judgement for line in lines)
    told = [one for one in Expectation if one is not Expectation.JUDGED or counts[one]]
    spoken = "，".join(f"{one.label}{counts[one]}项" for one in told)
    return Table(
        sheet=TITLE,
        note=f"{unreleased_note(facts.indicators)}{spoken}。推算＝最新数值÷数据所属期末已过的全年时间比例，只用于匀速推进的逐年指标，不作评价。",
        fields=tuple(_fields(facts)),
        lines=lines,
        fixed=3,
        empty="今年没有量化目标。",
    )


def _fields(facts: Facts) -> Iterable[_F]:
    yield from _figure_fields(facts)
    yield from _judgement_fields()
    yield from _report_fields(facts)


def _figure_fields(facts: Facts) -> Iterable[_F]:
    """Yield the indicator with its target and its figures then and now."""
    data = facts.data
    links = row_links(facts)
    yield _F("task_force", "专班", "专班编号。", 5, lambda f: f.line.task_force.code, CellLook.WORD)
    yield _F(
        "code",
        "编号",
        "指标编号。",
        9,
        lambda f: f.line.indicator.code,
        CellLook.WORD,
        link=lambda f: links.get(f.line.indicator.code),
    )
    yield _F("name", "指标名称", "指标名称，照工作计划。", 30, lambda f: f.line.indicator.name)
    yield _F("unit", "单位", "指标的计量单位。", 8, lambda f: f.line.indicator.unit, CellLook.WORD)
    yield _F(
        "target",
        f"{data.year}年目标",
        "这一年的目标，照工作计划的说法。",
        12,
        lambda f: f.target.spoken,
        CellLook.WORD,
    )
    yield _F(
        "start",
        "期初数值",
        "季度开始时的数值；定性指标是文字。",
        11,
        lambda f: f.start.value if f.start else None,
        CellLook.NUMBER,
        unit=OWN_UNIT,
        words=True,
    )
    yield _F(
        "start_period",
        "期初所属期",
        "期初数值属于哪一年、季或月。",
        13,
        lambda f: f.start.period.dated_label if f.start else None,
        CellLook.WORD,
        code=lambda f: period_code(f.start),
    )
    yield _F(
        "value",
        "最新数值",
        "最新数值；定性指标是文字。",
        11,
        lambda f: f.line.value,
        CellLook.NUMBER,
        unit=OWN_UNIT,
        words=True,
    )
    yield _F(
        "data_period",
        "数据所属期",
        "最新数值属于哪一年、季或月。",
        13,
        lambda f: f.line.data_period,
        CellLook.WORD,
        code=lambda f: period_code(f.line.figure),
    )


def _judgement_fields() -> Iterable[_F]:
    """Yield how the year is expected to end."""
    yield _F(
        "change",
        "本期变化",
        "最新数值比期初多了多少。",
        11,
        lambda f: f.change,
        CellLook.NUMBER,
        unit=OWN_UNIT,
    )
    yield _F(
        "state", "进度评价", "指标的进度评价。", 11, lambda f: f.line.state, CellLook.STATE, codes=(State,)
    )
    yield _F(
        "forecast",
        "预计全年完成值\n（单位填报）",
        "单位预计的全年完成值。",
        13,
        lambda f: f.forecast,
        CellLook.NUMBER,
        unit=OWN_UNIT,
    )
    yield _F(
        "gap",
        "预计与目标\n相差",
        "预计的全年完成值减目标。",
        11,
        lambda f: f.gap,
        CellLook.NUMBER,
        unit=OWN_UNIT,
    )
    yield _F(
        "judgement",
        "预计能否达成",
        "按单位的预计能不能达成。",
        12,
        lambda f: f.judgement,
        CellLook.STATE,
        fills=_FILLS,
        codes=(Expectation,),
    )
    yield _F(
        "projected",
        "按目前进度推算\n（仅供参考）",
        "按目前进度推算的全年数值，仅供参考。",
        13,
        _projected,
        CellLook.NUMBER,
        unit=OWN_UNIT,
    )


def _report_fields(facts: Facts) -> Iterable[_F]:
    """Yield what units report of it."""
    data = facts.data
    yield _F(
        "lag_reason",
        "滞后原因",
        "单位填报的滞后原因。",
        32,
        lambda f: f.line.reported("lag_reason"),
        CellLook.LONG,
    )
    yield _F(
        "next_steps",
        "下一步举措",
        "单位填报的下一步举措；比所列原因报得早的不列。",
        32,
        lambda f: f.line.reported("next_steps"),
        CellLook.LONG,
    )
    yield _F(
        "reporting_unit",
        "报送单位",
        "负责报送这项指标的单位。",
        16,
        lambda f: data.units(f.line.indicator.reporting_unit),
    )
    yield source_field(lambda f: data.source_of(f.line.figure))


def _projected(line: ForecastLine) -> float | None:
    if line.projected is None:
        return None
    return round(line.projected, 2)


SPEC = SheetSpec(
    code="outlook",
    title=TITLE,
    order=40,
    tab=Tab.SUMMARY,
    audience=Audience.PUBLIC,
    public=(
        "task_force",
        "code",
        "name",
        "unit",
        "target",
        "start",
        "start_period",
        "value",
        "data_period",
        "change",
        "state",
        "forecast",
        "gap",
        "judgement",
        "projected",
        "lag_reason",
        "next_steps",
        "reporting_unit",
    ),
    opens=(QUARTER,),
    only_in=(QUARTER,),
    table=_table,
    paper=OnPaper(
        widths={
            "task_force": 2,
            "code": 5,
            "name": 11,
            "unit": 3,
            "target": 5,
            "value": 5,
            "data_period": 5,
            "state": 5,
            "forecast": 5,
            "gap": 4,
            "judgement": 5,
            "lag_reason": 9,
            "next_steps": 8,
        },
        pages=3,
    ),
)
