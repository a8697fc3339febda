"""The sheet 挂图作战: tasks and indicators as bars over the programme's months, on one page for the wall."""

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tenproj_xl.excel import style
from tenproj_xl.rollup.drawing.page import Page
from tenproj_xl.rollup.drawing.row_links import row_links
from tenproj_xl.rollup.drawing.sheet_spec import BookContents, Chapter, Explanation, SheetSpec, Tab, explained
from tenproj_xl.rollup.drawing.state_colours import state_style
from tenproj_xl.rollup.facts.editions import MEETING, Audience
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.timeline import Bar, Sign, bars

TITLE = "挂图作战"
_HEADS = (
    ("专班", 5),
    ("工程", 17),
    ("编号", 8),
    ("事项", 46),
    ("责任单位", 15),
    ("评价", 10),
    ("进度", 15),
    ("时限", 11),
)
_YEARS, _MONTHS, _FIRST = 2, 3, 4
_MONTH_WIDTH, _GAP_WIDTH = 2.6, 0.4
_SIZE, _ONE_LINE = 9, 1
SIGNS: Mapping[Sign, str] = {
    Sign.DONE: "●",
    Sign.AHEAD: "◇",
    Sign.OVERDUE: "▲",
    Sign.MISSED: "×",
    Sign.UNVERIFIED: "？",
}
"""Marks that part by their shape, in every Chinese font."""
_TODAY = "#C00000"
_REST, _OPEN, _GRID, _PAPER_WHITE = "#D6E0EC", "#EDEDED", "#E3E3E3", "#FFFFFF"
_PAPER = 297 / 420


@dataclass(frozen=True)
class _Month:
    """A column of the time line."""

    column: int
    first: date
    last: date

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True)
class _Grid:
    """What all lines share: the day, the months, and where the rows behind the codes stand."""

    day: date
    months: Sequence[_Month]
    places: Mapping[str, str]


_UNDER: Mapping[str, object] = {"bottom": 2, "bottom_color": style.INK}


def _write(page: Page, facts: Facts, contents: BookContents) -> None:
    """Write the bars under the years and months."""
    lines = bars(facts.data, facts.indicators, facts.tasks)
    months = tuple(_months(facts))
    _write_columns(page, months)
    _write_head(page, facts, months)
    places = {code: contents.place(link) for code, link in row_links(facts).items()}
    grid = _Grid(facts.data.day, months, places)
    height = 0.0
    for n, bar in enumerate(lines):
        under: Mapping[str, object] = {}
        if n + 1 == len(lines) or lines[n + 1].task_force != bar.task_force:
            under = _UNDER
        height += _write_bar(page, _FIRST + n, grid, bar, under)
    last = _FIRST + max(1, len(lines)) - 1
    if not lines:
        page.write(_FIRST, 0, "方案中没有任务和指标。", style.NOTE)
    page.sheet.autofilter(_MONTHS, 0, last, len(_HEADS) - 1)
    page.sheet.freeze_panes(_FIRST, 4)
    page.sheet.set_zoom(80)
    page.print_setup(f"{TITLE}　{facts.data.period.paper_label}", one_page=True)
    page.sheet.print_area(0, 0, last, months[-1].column)
    width = sum(w for _, w in _HEADS) * 5.5 + len(months) * _MONTH_WIDTH * 6.5
    if height > width * _PAPER:  # taller than the paper on its side
        page.sheet.set_portrait()


def _months(facts: Facts) -> Iterator[_Month]:
    """Yield the programme's months, with a thin column before each year."""
    for n, year in enumerate(facts.data.plan.programme.years):
        for month in range(1, 13):
            column = len(_HEADS) + 13 * n + month
            last = monthrange(year, month)[1]
            yield _Month(column, date(year, month, 1), date(year, month, last))


def _write_columns(page: Page, months: Sequence[_Month]) -> None:
    for n, (_, width) in enumerate(_HEADS):
        page.sheet.set_column(n, n, width)
    for month in months:
        if month.first.month == 1:
            page.sheet.set_column(month.column - 1, month.column - 1, _GAP_WIDTH)
        # The thin columns part the years, so that each of them can be folded by itself.
        page.sheet.set_column(month.column, month.column, _MONTH_WIDTH, None, {"level": 1})


def _write_head(page: Page, facts: Facts, months: Sequence[_Month]) -> None:
    data = facts.data
    page.write(0, 0, f"{TITLE}　{data.period.paper_label}", style.TITLE)
    page.sheet.set_row(0, 30)
    page.back(1)
    page.write(1, 2, _legend(data.day), style.NOTE)
    page.sheet.set_row(1, 18)
    for n, (text, _) in enumerate(_HEADS):
        page.merge(_YEARS, (n, n), style.HEADER, rows=2)
        page.write(_YEARS, n, text, style.HEADER)
    for year in data.plan.programme.years:
        columns = [m.column for m in months if m.first.year == year]
        page.merge(_YEARS, (columns[0], columns[-1]), style.HEADER)
        page.write(_YEARS, columns[0], f"{year}年", style.HEADER)
    for month in months:
        look = {**style.HEADER, "font_size": 8}
        if month.holds(data.day):
            look |= {"bg_color": _TODAY, "font_color": "#FFFFFF"}
        page.write(_MONTHS, month.column, month.first.month, look)
    page.sheet.set_row(_YEARS, 18)
    page.sheet.set_row(_MONTHS, 16)


def _legend(day: date) -> str:
    signs = "　".join(f"{character}{sign.label}" for sign, character in SIGNS.items())
    return (
        f"红线：{day:%Y年%m月%d日}（本期最后一天）　｜　横条：已过的部分按进度评价着色，未到的为浅蓝；"
        f"灰条：方案没有定时限，按方案全期示意　｜　节点、时限和年度目标：{signs}　｜　点编号看明细"
    )


def _write_bar(page: Page, row: int, grid: _Grid, bar: Bar, under: Mapping[str, object]) -> float:
    """Write a bar, with a line under the last one of a task force; return the height of its row."""
    _write_texts(page, row, bar, grid.places.get(bar.code, ""), under)
    for month in grid.months:
        if month.first.month == 1:
            page.write(row, month.column - 1, None, under)
        sign = bar.sign(month.first, month.last)
        mark = None
        if sign:
            mark = SIGNS[sign]
        page.write(row, month.column, mark, {**_month_look(bar, month, grid.day), **under})
    height = 17.0
    for n, (text, (_, width)) in enumerate(zip(_texts(bar), _HEADS, strict=True)):
        if n != _ONE_LINE:
            height = max(height, style.text_height(text, width, _SIZE))
    page.sheet.set_row(row, height)
    return height


def _texts(bar: Bar) -> tuple[str, ...]:
    """Return what stands in the columns before the months."""
    ends = "未定"
    if bar.ends:
        ends = f"{bar.ends:%Y-%m-%d}"
    return (
        bar.task_force.code,
        bar.task_force.name,
        bar.code,
        bar.name,
        bar.unit,
        bar.state.label,
        bar.progress,
        ends,
    )


def _write_texts(page: Page, row: int, bar: Bar, place: str, under: Mapping[str, object]) -> None:
    box = {**style.BOX, "font_size": _SIZE}
    center = {**box, "align": "center"}
    looks: tuple[Mapping[str, object], ...] = (
        center,
        {**box, "font_size": 8, "text_wrap": False, "shrink": True},
        {**center, "font_color": style.LINK["font_color"]},
        box,
        box,
        {**center, **state_style(bar.state)},
        center,
        center,
    )
    for n, (text, look) in enumerate(zip(_texts(bar), looks, strict=True)):
        if n == 2 and place:
            page.link(row, n, place, {**look, **under})
        page.write(row, n, text, {**look, **under})


def _month_look(bar: Bar, month: _Month, day: date) -> dict[str, object]:
    covered = bar.covers(month.first, month.last)
    look: dict[str, object] = {
        "font_size": 9,
        "align": "center",
        "bold": True,
        "bottom": 5,
        "bottom_color": _PAPER_WHITE,
        "left": 4,
        "left_color": _GRID,
    }
    if covered:
        look |= {"left": 1, "left_color": _PAPER_WHITE, "bg_color": _fill(bar, month, day)}
    if bar.sign(month.first, month.last) in (Sign.OVERDUE, Sign.MISSED):
        look["font_color"] = _TODAY
    if month.holds(day):
        side = "left"
        if day.day > month.last.day // 2:
            side = "right"
        look |= {side: 5, f"{side}_color": _TODAY}
    return look


def _fill(bar: Bar, month: _Month, day: date) -> str:
    if bar.ends is None:
        return _OPEN
    if month.first > day:
        return _REST
    return str(state_style(bar.state).get("bg_color", style.GREY))


def _explanations(_: Facts) -> Sequence[Explanation]:
    return (
        explained(
            "挂图作战",
            "横条从任务的第一个节点（只有一个日期的从方案起始年、指标从起算日）到完成时限或最后一个目标日期；",
            "方案没有定时限的按方案全期示意。同一个月有几个标记的，列最要紧的：逾期、未达标、待核定、未到、完成。",
        ),
    )


SPEC = SheetSpec(
    code="timeline",
    title=TITLE,
    order=120,
    tab=Tab.TIME,
    audience=Audience.PUBLIC,
    left_out_of=(MEETING,),
    write=_write,
    explanations=_explanations,
    chapter=Chapter.TIME,
)
