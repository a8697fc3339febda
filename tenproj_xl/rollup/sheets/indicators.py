"""The sheet 主要指标: every indicator of every task force, with where its figure comes from."""

from collections.abc import Iterable, Sequence
from functools import partial

from tenproj_xl.core.answers import Disclosure, Nature, YesNo
from tenproj_xl.core.cells import Value
from tenproj_xl.core.states import State
from tenproj_xl.model.data_releases import UNRELEASED
from tenproj_xl.model.evaluate_indicators import year_target
from tenproj_xl.rollup.drawing.on_paper import OnPaper
from tenproj_xl.rollup.drawing.page import Page
from tenproj_xl.rollup.drawing.row_links import life_links
from tenproj_xl.rollup.drawing.sheet_spec import BookContents, Chapter, Explanation, SheetSpec, Tab, explained
from tenproj_xl.rollup.drawing.sparklines import gap_sparkline, value_sparkline
from tenproj_xl.rollup.drawing.table import (
    FIRST,
    OWN_UNIT,
    AsReported,
    CellLook,
    Field,
    Holds,
    Table,
    source_field,
    write_table,
)
from tenproj_xl.rollup.drawing.trend_layout import FIRST_SERIES
from tenproj_xl.rollup.facts.editions import Audience
from tenproj_xl.rollup.facts.embargo import unreleased_note
from tenproj_xl.rollup.facts.indicators import IndicatorLine, period_code
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.outlook import forecast_of
from tenproj_xl.rollup.facts.pressing import chosen, of_note
from tenproj_xl.rollup.facts.trends import series_lines

TITLE = "主要指标"
_F = Field[IndicatorLine]


def _table(facts: Facts) -> Table[IndicatorLine]:
    return Table(
        sheet=TITLE,
        note="“未报”是应报而没有报，不等于零；差距＝完成值－序时应完成值，负数为落后；灰字的“暂不评价”（无本年目标、无基期、不按序时）“本年目标未下达”“未到发布期”“目标期已过”不作评价。"
        f"点列号上方的“＋”可展开往年目标。{unreleased_note(facts.indicators)}",
        fields=tuple(_fields(facts)),
        lines=facts.indicators,
        fixed=4,
        empty="方案中没有主要指标。",
        needs_attention=chosen(facts, lambda i: i.indicator.code),
    )


def _write(page: Page, facts: Facts, contents: BookContents) -> None:
    """Write the table, and for leaders the sparklines."""
    table = contents[SPEC.code]
    write_table(page, table, facts.data.period.paper_label, contents.place)
    if facts.data.release.is_public:
        return  # the sheet that the sparklines are drawn from is not for all to read
    for n, series in enumerate(series_lines(facts.data, facts.indicators)):
        value_sparkline(page, (FIRST + n, table.column("values")), FIRST_SERIES + n, series.values)
        gap_sparkline(page, (FIRST + n, table.column("gaps")), FIRST_SERIES + n, series.gaps)


def _fields(facts: Facts) -> Iterable[_F]:
    yield from _target_fields(facts)
    yield from _figure_fields(facts)
    yield from _pace_fields()
    yield from _report_fields(facts)
    yield from _record_fields()
    yield from _earlier_fields(facts)


def _target_fields(facts: Facts) -> Iterable[_F]:
    """Yield what the indicator is, and its targets."""
    data = facts.data
    year = data.year
    yield _F("task_force", "专班", "专班编号。", 5, lambda i: i.task_force.code, CellLook.WORD)
    yield _F("task_force_name", "工程", "专班对应的工程名称。", 18, lambda i: i.task_force.name)
    yield _F("code", "编号", "指标编号，各期不变。", 9, lambda i: i.indicator.code, CellLook.WORD)
    yield _F("name", "指标名称", "指标名称，照工作计划。", 24, lambda i: i.indicator.name)
    yield _F("unit", "单位", "指标的计量单位。", 8, lambda i: i.indicator.unit, CellLook.WORD)
    yield _F(
        "target_now",
        f"本年目标\n（{year}年）",
        "本期所在年的目标，照工作计划的说法；没有的为“—”。最新数值属于别的年份的，是那一年的目标，写明年份。",
        11,
        lambda i: year_target(i.indicator, i.year_shown(data.year), data.period),
        CellLook.WORD,
    )
    for other in data.plan.programme.years:
        if other != year:
            target = partial(_target, year=other)
            yield _F(
                f"target_{other}",
                f"{other}年目标",
                f"{other}年的目标，照工作计划的说法。",
                11,
                target,
                CellLook.WORD,
                folded=other < year,
            )


def _figure_fields(facts: Facts) -> Iterable[_F]:
    """Yield its newest figure, which leads to all that were recorded before it."""
    lives = life_links(facts)
    yield _F(
        "value",
        "最新数值",
        "评价所依据的最新数值；定性指标是文字。",
        11,
        lambda i: i.value,
        CellLook.NUMBER,
        unit=OWN_UNIT,
        words=True,
        typed="value",
        link=lambda i: lives.get(i.indicator.code),
    )
    yield _F(
        "data_period",
        "数据所属期",
        "最新数值属于哪一年、季或月。",
        12,
        lambda i: i.data_period,
        CellLook.WORD,
        code=lambda i: period_code(i.figure),
        typed="data_period",
    )
    yield _F(
        "nature",
        "数据性质",
        "最新数值的性质：统计核定、统计快报、部门统计或预计。",
        9,
        lambda i: i.nature,
        CellLook.WORD,
        codes=(Nature,),
        typed="nature",
    )
    yield _F("values", "数值走势", "最近几个数值的走势图。", 12, lambda _: None, holds=Holds.DRAWING)


def _pace_fields() -> Iterable[_F]:
    """Yield what the figure is measured by, and how it is judged."""
    yield _F(
        "expected",
        "序时应\n完成值",
        "到数据所属期末，按序时进度应完成的数值；目标为“超过”的，须超过这个数。",
        11,
        lambda i: i.expected,
        CellLook.NUMBER,
        unit=OWN_UNIT,
    )
    yield _F("share", "完成率", "最新数值占目标的比例。", 8, lambda i: i.share, CellLook.PERCENT)
    yield _F(
        "pace", "序时进度", "到数据所属期末，按序时进度应完成的比例。", 8, lambda i: i.pace, CellLook.PERCENT
    )
    yield _F(
        "ahead",
        "差距",
        "完成值与序时应完成值相差多少，按指标自己的单位，负数为落后；%的差是百分点。",
        10,
        lambda i: i.ahead,
        CellLook.NUMBER,
        unit=OWN_UNIT,
    )
    yield _F(
        "gap",
        "差距占目标\n（%）",
        "差距是目标的百分之几，用来比较不同的指标；增速类指标是数值之差。",
        9,
        lambda i: i.gap,
        CellLook.POINTS,
        unit="%",
    )
    yield _F("gaps", "差距走势", "最近几个差距的走势图。", 12, lambda _: None, holds=Holds.DRAWING)
    yield _F(
        "state",
        "进度评价",
        "按最新数值所属期末评出的进度。",
        11,
        lambda i: i.state,
        CellLook.STATE,
        codes=(State,),
    )
    yield _F("freshness", "时效", "最新数值是本期报的、沿用哪一期的，还是过旧。", 16, lambda i: i.freshness)
    yield _F(
        "passed", "到期目标判定", "已到期的各年、各季、各月目标判定得怎样。", 18, lambda i: i.passed_in_words
    )


def _report_fields(facts: Facts) -> Iterable[_F]:
    """Yield what units report beside the figure."""
    data, rank = facts.data, facts.data.plan.programme.words.rank
    yield _F(
        "forecast",
        "预计全年完成值",
        "单位预计的本年全年完成值。",
        10,
        lambda i: forecast_of(i, data.year),
        CellLook.NUMBER,
        unit=OWN_UNIT,
        typed="forecast",
    )
    yield _F(
        "city_rank",
        rank,
        f"上级通报的{rank}（见“上级排名”），没有的为单位填报的。",
        6,
        lambda i: i.place,
        CellLook.COUNT,
        holds=Holds.NUMBER,
        unit="名",
        typed="city_rank",
    )
    yield _F(
        "lag_reason",
        "滞后原因",
        "单位就这个数填报的滞后原因；没有的，为往期未达标时填报的，写明哪一期。",
        30,
        lambda i: i.lag_reason,
        CellLook.LONG,
        typed="lag_reason",
    )
    yield _F(
        "next_steps",
        "下一步举措",
        "单位填报的下一步举措；比所列原因报得早的不列。",
        30,
        AsReported("next_steps"),
        CellLook.LONG,
    )
    yield _F(
        "reporting_unit",
        "报送单位",
        "负责报送这项指标的单位。",
        14,
        lambda i: data.units(i.indicator.reporting_unit),
    )


def _record_fields() -> Iterable[_F]:
    """Yield whether it counts, and what stands off the paper."""
    yield _F(
        "counted",
        "应评",
        "是否应评：有评价，或数据一报来就有评价。",
        6,
        lambda i: YesNo.of_fact(i.counted),
        CellLook.WORD,
        holds=Holds.TRUTH,
    )
    yield _F(
        "stale",
        "数据过旧",
        "最新数值是否早于应报的那一期。",
        6,
        lambda i: YesNo.of_fact(i.stale),
        CellLook.WORD,
        printed=False,
        holds=Holds.TRUTH,
    )
    yield _F(
        "pending",
        "到期未核定\n（个）",
        "已到期、还没有统计核定数的目标个数。",
        9,
        lambda i: i.pending,
        CellLook.NUMBER,
        printed=False,
        unit="个",
        holds=Holds.COUNT,
    )
    yield _F(
        "missed_before",
        "往期未达标\n未办结",
        "最新数值按以后的目标评价，而往期目标未达标、还在督办清单上。",
        9,
        lambda i: YesNo.of_fact(i.missed_before),
        CellLook.WORD,
        printed=False,
        holds=Holds.TRUTH,
    )


def _earlier_fields(facts: Facts) -> Iterable[_F]:
    """Yield the figure before and what the plan says, off the paper."""
    data = facts.data
    yield _F(
        "last_value",
        "上次数值",
        "最新数值之前的一个数值。",
        11,
        lambda i: i.previous.value if i.previous else None,
        CellLook.NUMBER,
        printed=False,
        unit=OWN_UNIT,
        words=True,
        typed="last_value",
    )
    yield _F(
        "last_period",
        "上次所属期",
        "上次数值属于哪一年、季或月。",
        12,
        lambda i: i.previous.period.dated_label if i.previous else None,
        printed=False,
        code=lambda i: period_code(i.previous),
    )
    yield _F(
        "basis", "统计口径", "指标的统计口径，照工作计划。", 20, lambda i: i.indicator.basis, printed=False
    )
    yield _F(
        "responsible",
        "责任单位",
        "这项指标的责任单位。",
        24,
        lambda i: data.units(*i.indicator.responsible),
        printed=False,
    )
    yield _F(
        "remark",
        "备注",
        "单位填报的备注。",
        30,
        AsReported("remark"),
        CellLook.LONG,
        printed=False,
    )
    yield source_field(lambda i: _sources(i, facts.data))


def _sources(line: IndicatorLine, data: RollupInput) -> str:
    figure = line.figure or line.previous
    if figure is None:
        return ""
    return data.sources(figure.row, "value", line.rows)


def _target(line: IndicatorLine, year: int) -> Value:
    target = line.indicator.target_of_year(year)
    if target is None:
        return None
    if not target.judges:
        return f"{target.spoken}（推算）"
    return target.spoken


def _explanations(facts: Facts) -> Sequence[Explanation]:
    """Return what becomes of figures that are not published yet, where the plan has such indicators."""
    data = facts.data
    if not any(i.disclosure is Disclosure.AFTER_RELEASE for i in data.plan.indicators):
        return ()
    day = f"{data.made_on.month}月{data.made_on.day}日"
    return (
        explained(
            "公布后才对外写的指标",
            f"“数据发布日历”登记的公布日期不晚于本材料的日期（{day}）的才对外写；在此以前只在领导版里写，注明“{UNRELEASED}”，",
            "晾晒版按最近一期已公布的数，晾晒得分也按已公布的数算。",
        ),
    )


SPEC = SheetSpec(
    code="indicators",
    title=TITLE,
    order=60,
    tab=Tab.PROGRESS,
    audience=Audience.PUBLIC,
    public=(
        "task_force",
        "task_force_name",
        "code",
        "name",
        "unit",
        "target_now",
        "target_*",
        "value",
        "data_period",
        "nature",
        "expected",
        "share",
        "pace",
        "ahead",
        "gap",
        "state",
        "freshness",
        "passed",
        "forecast",
        "city_rank",
        "lag_reason",
        "next_steps",
        "reporting_unit",
        "counted",
        "stale",
        "pending",
        "missed_before",
        "last_value",
        "last_period",
        "basis",
        "responsible",
    ),
    table=_table,
    write=_write,
    explanations=_explanations,
    chapter=Chapter.STATES,
    paper=OnPaper(
        widths={
            "task_force": 2,
            "code": 5,
            "name": 12,
            "unit": 3,
            "target_now": 5,
            "value": 5,
            "data_period": 5,
            "expected": 5,
            "ahead": 4,
            "state": 5,
            "passed": 8,
            "lag_reason": 8,
            "reporting_unit": 5,
        },
        chosen=lambda facts: of_note(facts, lambda i: i.indicator.code),
        pages=3,
    ),
)
