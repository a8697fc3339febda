"""The sheet 趋势: page one's numbers over the last periods, and every indicator over its last figures."""

from collections.abc import Sequence

from tenproj_xl.core.cells import address
from tenproj_xl.core.codes import label_of
from tenproj_xl.core.periods import Period
from tenproj_xl.excel import style
from tenproj_xl.rollup.drawing import trend_charts
from tenproj_xl.rollup.drawing.counts import COUNTS, Counter
from tenproj_xl.rollup.drawing.page import Page
from tenproj_xl.rollup.drawing.sheet_spec import BookContents, Chapter, Explanation, SheetSpec, Tab, explained
from tenproj_xl.rollup.drawing.sparklines import gap_sparkline, value_sparkline
from tenproj_xl.rollup.drawing.state_colours import state_style
from tenproj_xl.rollup.drawing.trend_layout import (
    FIRST_NUMBER,
    FIRST_SERIES,
    GAPS,
    HEADER,
    PERIODS,
    STATE,
    STEP,
    TITLE,
    VALUES,
    WIDTHS,
    WORDS,
)
from tenproj_xl.rollup.facts.counted_alike import is_counted_alike
from tenproj_xl.rollup.facts.embargo import unreleased_note
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.publishing import LEVEL_NUMBERS, numbers
from tenproj_xl.rollup.facts.trends import (
    INDICATORS,
    NUMBERS,
    RETURNS,
    SHOWN,
    NumberLine,
    SeriesLine,
    TrendPoint,
    is_published,
    number_lines,
    place_before,
    series_lines,
    shown_periods,
)

_CENTER = {**style.BOX, "align": "center"}
_NUMBER = {**style.BOX, "align": "right", "text_wrap": False, "shrink": True}
_STEP = {**_CENTER, "num_format": '+0;-0;"—"'}
_POINTS = {**_NUMBER, "num_format": "+0.0;-0.0;0.0"}
_BEHIND = {**_POINTS, "font_color": "#C00000"}


def _write(page: Page, facts: Facts, contents: BookContents) -> None:
    """Write the charts, the numbers of the periods and the figures of the indicators."""
    lines = number_lines(facts.data, numbers(facts))
    series = series_lines(facts.data, facts.indicators)
    for n, width in enumerate(WIDTHS):
        page.sheet.set_column(n, n, width)
    _write_head(page, facts)
    shown = shown_periods(facts.data)
    first = next(n for n, period in enumerate(shown) if period is not None)
    before = trend_charts.Before(_before(facts), _counted_otherwise(facts))
    trend_charts.write_charts(page, lines, first, before)
    _write_numbers(page, facts, contents, lines)
    _write_series(page, series)
    page.sheet.freeze_panes(2, WORDS - 1)
    page.sheet.set_zoom(85)
    page.print_setup(f"{TITLE}　{facts.data.period.paper_label}", one_page=False, repeat=HEADER)
    page.sheet.set_h_pagebreaks([PERIODS - 1, HEADER - 1])
    page.sheet.print_area(0, 0, FIRST_SERIES + max(1, len(series)) - 1, STATE)


def _write_head(page: Page, facts: Facts) -> None:
    page.write(0, 0, f"{TITLE}　{facts.data.period.paper_label}", style.TITLE)
    page.sheet.set_row(0, 30)
    page.back(1)
    note = f"各期数字是该期最后一次汇总所列，不因后来的补报而改；没有汇总的期留空；最多列{SHOWN}期。"
    if not facts.data.earlier:
        note = f"本期是首次汇总，下期起才有走势。{note}"
    if facts.data.is_wide:
        note += f"{facts.data.period.dated_label}的报送是各期合计，其余是评价日的数。"
    if _counted_otherwise(facts):
        note += "目标期已过、未到发布期的指标这里不评价，各周有的评价，所以指标数不与周比。"
    page.write(1, 2, note + unreleased_note(facts.indicators), style.NOTE)


def _section(page: Page, row: int, text: str) -> None:
    page.merge(row, (0, STATE), style.SECTION)
    page.write(row, 0, text, style.SECTION)
    page.sheet.set_row(row, 24)


# --- the numbers of the periods


def _write_numbers(page: Page, facts: Facts, contents: BookContents, lines: tuple[NumberLine, ...]) -> None:
    _section(page, PERIODS - 1, "各期数字")
    periods = [_period_head(period, facts) for period in shown_periods(facts.data)]
    heads = ("类别", "", "数字", "单位", "走势", *periods, f"较{_before(facts)}")
    page.merge(PERIODS, (0, 1), style.HEADER)
    for n, text in enumerate(heads):
        page.write(PERIODS, n, text, style.HEADER)
    page.sheet.set_row(PERIODS, 34)
    counter, otherwise = Counter(contents), _counted_otherwise(facts)
    for row, line in enumerate(lines, FIRST_NUMBER):
        # A month asks for the returns of several periods: their number says nothing beside that of one.
        alone = facts.data.is_wide and line.number.group == RETURNS
        before = None
        if not alone and line.number.name not in otherwise:
            before = place_before(facts.data)
        _write_number(page, row, line, _formula(contents, counter, line.number.name), before)
    groups = [line.number.group for line in lines]
    for group in dict.fromkeys(groups):
        page.merge(FIRST_NUMBER + groups.index(group), (0, 1), _CENTER, rows=groups.count(group))
        page.write(FIRST_NUMBER + groups.index(group), 0, group, _CENTER)


def _counted_otherwise(facts: Facts) -> frozenset[str]:
    """Return the names of the numbers of indicators where the period before counted some not judged here."""
    if all(is_counted_alike(facts, told) for told in facts.data.earlier[-1:]):
        return frozenset()
    return frozenset(number.name for number in NUMBERS if number.group == INDICATORS)


def _before(facts: Facts) -> str:
    """Return the name of the period compared with, the last published one: `第45周`; 上期 without one."""
    if not facts.data.earlier:
        return "上期"
    return facts.data.earlier[-1].period.named_in(facts.data.year)


def _period_head(period: Period | None, facts: Facts) -> str:
    """Return a period with its last day, or that it has no roll-up; "" while there are too few."""
    if period is None:
        return ""
    if not is_published(facts.data, period):
        return f"{period.named_in(facts.data.year)}\n没有汇总"
    last = min(period.last, facts.data.day)
    return f"{period.named_in(facts.data.year)}\n至{last.month}月{last.day}日"


_UNITS = {"问题": "件", RETURNS: "份"}


def _write_number(page: Page, row: int, line: NumberLine, formula: str, before: int | None) -> None:
    """Write a number; `before` is the place of what it is compared with, None where nothing is."""
    page.write(row, 2, line.number.text, style.BOX)
    page.write(row, 3, _UNITS.get(line.number.group, "项"), _CENTER)
    page.write(row, WORDS, None, style.BOX)
    if before is not None:
        value_sparkline(page, (row, WORDS), row, line.values)
    *earlier, now = line.values
    for n, value in enumerate(earlier, VALUES):
        page.write(row, n, value, _CENTER)
    page.formula(row, STEP - 1, formula, now or 0, {**_CENTER, "bold": True})
    was = None
    if before is not None:
        was = line.values[before]
    if before is None or was is None:
        page.write(row, STEP, None, _CENTER)
    else:
        formula = f"={address(row, STEP - 1)}-{address(row, VALUES + before)}"
        page.formula(row, STEP, formula, (now or 0) - was, _STEP)
    page.sheet.set_row(row, 19)


def _formula(contents: BookContents, counter: Counter, name: str) -> str:
    """Return the formula of this period's number over the data sheets, as page one has it."""
    if name in COUNTS:
        return counter.formula(name)
    if name in LEVEL_NUMBERS:
        return f'=SUMPRODUCT(({contents["supervision"].range("level")}="{LEVEL_NUMBERS[name].label}")*1)'
    whole, part = {"in_time": ("returned", "late"), "not_returned": ("owed", "returned")}[name]
    return f"{counter.formula(whole)}-{counter.formula(part).removeprefix('=')}"


# --- the figures of the indicators


def _write_series(page: Page, series: tuple[SeriesLine, ...]) -> None:
    _section(
        page,
        HEADER - 1,
        f"主要指标最近{SHOWN}个所属期的数（由旧到新，照更新频次一格一个所属期，没有数的留空）"
        "和当时的差距（占目标的百分比，增速、比例类为百分点，负数为落后）",
    )
    page.sheet.set_row(HEADER, 34)
    before = [f"前{n}个\n所属期" for n in range(SHOWN - 1, 0, -1)]
    gaps = [f"前{n}个\n差距" for n in range(SHOWN - 1, 0, -1)]
    heads = (
        "专班",
        "编号",
        "指标名称",
        "单位",
        "数值走势",
        *before,
        "最近\n所属期",
        "差距走势",
        *gaps,
        "最近\n差距",
        "进度评价",
    )
    for n, text in enumerate(heads):
        page.write(HEADER, n, text, style.HEADER)
    for row, line in enumerate(series, FIRST_SERIES):
        _write_line(page, row, line)
    if not series:
        page.write(FIRST_SERIES, 0, "方案中没有主要指标。", style.NOTE)
    page.sheet.autofilter(HEADER, 0, FIRST_SERIES + max(1, len(series)) - 1, STATE)


def _write_line(page: Page, row: int, series: SeriesLine) -> None:
    indicator = series.line.indicator
    texts = (series.line.task_force.code, indicator.code, indicator.name, indicator.unit)
    for n, (text, look) in enumerate(zip(texts, (_CENTER, _CENTER, style.BOX, _CENTER), strict=True)):
        page.write(row, n, text, look)
    page.write(row, WORDS, None, style.BOX)
    page.write(row, STEP, None, style.BOX)
    for n, point in enumerate(series.points):
        _write_point(page, row, n, point)
    value_sparkline(page, (row, WORDS), row, series.values)
    gap_sparkline(page, (row, STEP), row, series.gaps)
    state = series.line.state
    page.write(row, STATE, state, {**_CENTER, **state_style(state)})
    page.sheet.set_row(row, max(21.0, style.text_height(indicator.name, WIDTHS[2])))


def _write_point(page: Page, row: int, n: int, point: TrendPoint | None) -> None:
    if point is None:
        page.write(row, VALUES + n, None, _NUMBER)
        page.write(row, GAPS + n, None, _POINTS)
        return
    value, spoken = point.figure.value, short_period(point.figure.period)
    if isinstance(value, str):
        page.write(row, VALUES + n, f"{label_of(value)}｜{spoken}", _CENTER)
    else:
        # The period is part of the number's format, so that the cell is still a number.
        page.write(row, VALUES + n, value, {**_NUMBER, "num_format": f'General"｜{spoken}"'})
    look = _POINTS
    if point.gap is not None and point.gap < 0:
        look = _BEHIND
    page.write(row, GAPS + n, point.gap, look)


def short_period(period: Period) -> str:
    """Return a period as it stands beside a figure: `26年10月`, `26年三季`, `26年48周`, `2026年`."""
    if "-" not in period.code:
        return period.dated_label
    words = period.dated_label.removeprefix(period.code[:2]).replace("季度", "季").replace("半年", "半")
    return words.replace("第", "")


def _explanations(_: Facts) -> Sequence[Explanation]:
    return (
        explained(
            "趋势",
            "各期数字是该期最后一次汇总所列，不因后来的补报而改；没有汇总的期在表和图里都留空，不连线。",
            "指标的各个数和差距按现有台账，各按其所属期，没有数的所属期留空；数值走势的纵轴不从0起，只看起落，",
            "差距走势从0起，向上为超前，向下为落后。",
        ),
    )


SPEC = SheetSpec(
    code="trends",
    title=TITLE,
    order=130,
    tab=Tab.TIME,
    write=_write,
    explanations=_explanations,
    chapter=Chapter.TIME,
)
