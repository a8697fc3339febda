"""The sheet 本季数据: the quarter's figures by month, beside the quarter before and the year before."""

from collections.abc import Callable, Iterable

from tenproj_xl.core.states import State
from tenproj_xl.model.history import Figure
from tenproj_xl.rollup.drawing.on_paper import OnPaper
from tenproj_xl.rollup.drawing.row_links import row_links
from tenproj_xl.rollup.drawing.sheet_spec import SheetSpec, Tab
from tenproj_xl.rollup.drawing.table import OWN_UNIT, CellLook, Field, Table, source_field
from tenproj_xl.rollup.facts.editions import QUARTER
from tenproj_xl.rollup.facts.embargo import unreleased_note
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.quarter_figures import QuarterLine, months_of, quarter_lines

TITLE = "本季数据"
_F = Field[QuarterLine]


def _table(facts: Facts) -> Table[QuarterLine]:
    lines = quarter_lines(facts)
    without = sum(line.task_force.involved for line in facts.indicators) - len(lines)
    left = ""
    if without:
        left = f"；另有{without}项没有所属期在本季的数，应报未报的见“缺数清单”"
    return Table(
        sheet=TITLE,
        note=f"{unreleased_note(facts.indicators)}所属期在{facts.data.period.label}的数，共{len(lines)}项{left}。"
        "逐年累计的数各月都是年初以来的累计；比上季、比上年同期都按指标自己的单位。",
        fields=(*_figure_fields(facts), *_change_fields(facts)),
        lines=lines,
        fixed=3,
        empty="还没有报来所属期在本季的数。",
    )


def _figure_fields(facts: Facts) -> Iterable[_F]:
    """Yield the indicator with its figures of the quarter."""
    links = row_links(facts)
    yield _F("task_force", "专班", "专班编号。", 5, lambda q: q.line.task_force.code, CellLook.WORD)
    yield _F(
        "code",
        "编号",
        "指标编号。",
        9,
        lambda q: q.line.indicator.code,
        CellLook.WORD,
        link=lambda q: links.get(q.line.indicator.code),
    )
    yield _F("name", "指标名称", "指标名称，照工作计划。", 34, lambda q: q.line.indicator.name)
    yield _F("unit", "单位", "指标的计量单位。", 8, lambda q: q.line.indicator.unit, CellLook.WORD)
    yield _F("basis", "统计口径", "指标的统计口径，照工作计划。", 18, lambda q: q.line.indicator.basis)
    yield _F(
        "before",
        "上季最新",
        "所属期在上一季度的最新的数，口径相同的；逐年累计的只取本年的。",
        11,
        lambda q: _value(q.before),
        CellLook.NUMBER,
        unit=OWN_UNIT,
        words=True,
    )
    yield _F(
        "before_period",
        "上季最新\n所属期",
        "上季最新的数属于哪一年、季或月。",
        12,
        _before_period,
        CellLook.WORD,
    )
    for n, month in enumerate(months_of(facts.data.period)):
        yield _F(
            f"month_{n + 1}",
            f"{month.last.month}月",
            f"所属期在本季第{n + 1}个月末结束的数；定性指标是文字。",
            11,
            _month(n),
            CellLook.NUMBER,
            unit=OWN_UNIT,
            words=True,
        )


def _change_fields(facts: Facts) -> Iterable[_F]:
    """Yield how the figures have changed, and how they are judged."""
    yield _F(
        "change",
        "比上季",
        "最新的数比上季最新的多了多少；一季度的逐年累计数从0算起。",
        11,
        lambda q: q.change,
        CellLook.NUMBER,
        unit=OWN_UNIT,
    )
    yield _F(
        "year_ago",
        "上年同期",
        "上一年同一所属期的数，口径相同的。",
        11,
        lambda q: _value(q.year_ago),
        CellLook.NUMBER,
        unit=OWN_UNIT,
        words=True,
    )
    yield _F(
        "change_in_a_year",
        "比上年同期",
        "最新的数比上年同期多了多少。",
        11,
        lambda q: q.change_in_a_year,
        CellLook.NUMBER,
        unit=OWN_UNIT,
    )
    yield _F(
        "state", "进度评价", "指标的进度评价。", 11, lambda q: q.line.state, CellLook.STATE, codes=(State,)
    )
    yield _F(
        "reporting_unit",
        "报送单位",
        "负责报送这项指标的单位。",
        16,
        lambda q: facts.data.units(q.line.indicator.reporting_unit),
    )
    yield source_field(lambda q: facts.data.source_of(q.line.figure))


def _value(figure: Figure | None) -> float | str | None:
    if figure is None:
        return None
    return figure.value


def _before_period(line: QuarterLine) -> str:
    if line.before is None:
        return ""
    return line.before.period.dated_label


def _month(n: int) -> Callable[[QuarterLine], float | str | None]:
    return lambda line: _value(line.months[n])


SPEC = SheetSpec(
    code="quarter_figures",
    title=TITLE,
    order=38,
    tab=Tab.PROGRESS,
    opens=(QUARTER,),
    only_in=(QUARTER,),
    table=_table,
    paper=OnPaper(
        widths={
            "task_force": 3,
            "code": 5,
            "name": 14,
            "unit": 4,
            "before": 5,
            "month_1": 5,
            "month_2": 5,
            "month_3": 5,
            "change": 5,
            "year_ago": 5,
            "change_in_a_year": 5,
            "state": 5,
            "reporting_unit": 6,
        },
        pages=2,
    ),
)
