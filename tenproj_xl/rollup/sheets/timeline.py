"""The sheet 挂图作战: tasks and indicators as bars over the programme's months, on one page for the wall."""

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache

from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.periods import Period
from tenproj_xl.excel import style
from tenproj_xl.model.duties import Duty
from tenproj_xl.rollup.drawing.on_paper import WholePage
from tenproj_xl.rollup.drawing.page import Page
from tenproj_xl.rollup.drawing.row_links import row_links
from tenproj_xl.rollup.drawing.sheet_spec import BookContents, Chapter, Explanation, SheetSpec, Tab, explained
from tenproj_xl.rollup.drawing.state_colours import state_style
from tenproj_xl.rollup.facts.editions import MEETING, Audience
from tenproj_xl.rollup.facts.indicators import listed_periods
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.timeline import Bar, Sign, TimelineMark, Undated, bars, undated

TITLE = "挂图作战"
_HEADS = (
    ("专班", 5),
    ("工程", 17),
    ("编号", 8),
    ("事项", 36),
    ("责任单位", 14),
    ("评价", 14),
    ("进度和形象进度", 24),
    ("节点和目标", 38),
)
_YEARS, _MONTHS, _FIRST = 2, 3, 4
_MONTH_WIDTH, _GAP_WIDTH = 2.6, 0.4
_SIZE, _ONE_LINE, _SPARE = 9, 1, 2
SIGNS: Mapping[Sign, str] = {
    Sign.DONE: "●",
    Sign.AHEAD: "◇",
    Sign.OVERDUE: "▲",
    Sign.MISSED: "×",
    Sign.UNVERIFIED: "？",
}
"""Marks that part by their shape, in every Chinese font."""
_LATE = (Sign.OVERDUE, Sign.MISSED)
_UNDATED = {Duty.TASK: "没有时限的重点任务", Duty.INDICATOR: "没有目标日期的指标"}
_TODAY = "#C00000"
_REST, _UNTOLD, _GRID, _PAPER_WHITE = "#D6E0EC", "#F2F2F2", "#E3E3E3", "#FFFFFF"
_PAPER = 780, 1130
"""The sides of A3 in points, without its margins."""
_POINTS_A_CHARACTER, _MARGIN, _HEAD_HEIGHT = 5.25, 0.7, 82.0


@dataclass(frozen=True)
class _Month:
    """A column of the time line."""

    column: int
    first: date
    last: date

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last

    def side(self, day: date) -> str | None:
        """Return which side of the month is nearer to a day in it, None for a day outside."""
        if not self.holds(day):
            return None
        return "right" if day.day > self.last.day // 2 else "left"


@dataclass(frozen=True)
class _Grid:
    """What all lines share: the day, the months, and where the rows behind the codes stand."""

    day: date
    months: Sequence[_Month]
    places: Mapping[str, str]


_WITHIN: Mapping[str, object] = {}
_UNDER: Mapping[str, object] = {"bottom": 2, "bottom_color": style.INK}
"""What the cells of a bar have besides: nothing, or the line under the last one of a task force."""


def _write(page: Page, facts: Facts, contents: BookContents) -> None:
    """Write the bars under the years and months."""
    lines = bars(facts.data, facts.indicators, facts.tasks)
    apart = undated(facts.data, facts.indicators, facts.tasks)
    months = tuple(_months(facts))
    _write_columns(page, months)
    _write_head(page, facts, months)
    places = {code: contents.place(link) for code, link in row_links(facts).items()}
    grid = _Grid(facts.data.day, months, places)
    height = _HEAD_HEIGHT
    for n, bar in enumerate(lines):
        is_last = n + 1 == len(lines) or lines[n + 1].task_force != bar.task_force
        height += _write_bar(page, _FIRST + n, grid, bar, is_last=is_last)
    last = _FIRST + max(1, len(lines)) - 1
    if not lines:
        page.write(_FIRST, 0, "方案中没有定了时限的任务和指标。", style.NOTE)
    page.sheet.autofilter(_MONTHS, 0, last, len(_HEADS) - 1)
    if apart:
        last, more = _write_undated(page, last + 2, apart, months)
        height += more
    page.sheet.freeze_panes(_FIRST, 4)
    page.sheet.set_zoom(80)
    page.print_setup(f"{TITLE}　{facts.data.period.paper_label}", one_page=True)
    page.sheet.print_area(0, 0, last, months[-1].column)
    width = (sum(w for _, w in _HEADS) + len(months) * (_MONTH_WIDTH + _MARGIN)) * _POINTS_A_CHARACTER
    shorter, longer = _PAPER
    if min(shorter / width, longer / height) > min(longer / width, shorter / height):
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
        f"红线：{day:%Y年%m月%d日}（本期最后一天）　｜　横条：每月按当月最后一次汇总的评价着色，"
        "深灰为未报、暂不评价等，浅灰为当月没有汇总，浅蓝为未到　｜　"
        f"节点、时限和目标：{signs}　｜　点编号看明细"
    )


def _write_bar(page: Page, row: int, grid: _Grid, bar: Bar, *, is_last: bool) -> float:
    """Write a bar, with a line under the last one of a task force; return the height of its row."""
    _write_texts(page, row, bar, grid.places.get(bar.code, ""), is_last=is_last)
    marked = {(mark.day.year, mark.day.month) for mark in bar.marks}
    for month in grid.months:
        first = month.first
        if first.month == 1:
            page.write(row, month.column - 1, None, _UNDER if is_last else _WITHIN)
        sign = None
        if (first.year, first.month) in marked:
            sign = bar.sign(first, month.last)
        look = _month_look(
            fill=_fill(bar, month, grid.day),
            side=month.side(grid.day),
            is_late=sign in _LATE,
            is_last=is_last,
        )
        page.write(row, month.column, SIGNS[sign] if sign else None, look)
    height = 17.0
    for n, (text, (_, width)) in enumerate(zip(_texts(bar), _HEADS, strict=True)):
        if n != _ONE_LINE:
            # Marks are wider in some fonts than in others.
            height = max(height, style.text_height(text, width - _SPARE, _SIZE))
    page.sheet.set_row(row, height)
    return height


def _texts(bar: Bar) -> tuple[str, ...]:
    """Return what stands in the columns before the months."""
    progress = "\n".join(filter(None, (bar.progress, bar.site)))
    return (
        bar.task_force.code,
        bar.task_force.name,
        bar.code,
        bar.name,
        bar.unit,
        bar.state.label,
        progress,
        "；".join(_named(bar.marks)),
    )


def _named(marks: Sequence[TimelineMark]) -> Iterator[str]:
    """Yield marks by name, equal targets once: `▲开工2026-11-20`, `5个：●2025年 ◇2026、2027年`."""
    by_target: dict[str, dict[Sign, list[Period]]] = {}
    for mark in marks:
        if mark.period is None:
            yield f"{SIGNS[mark.sign]}{mark.name}{mark.day:%Y-%m-%d}"
        else:
            by_target.setdefault(mark.name, {}).setdefault(mark.sign, []).append(mark.period)
    for target, by_sign in by_target.items():
        told = [f"{SIGNS[sign]}{listed_periods(periods)}" for sign, periods in by_sign.items()]
        yield f"{target}：{' '.join(told)}"


def _write_texts(page: Page, row: int, bar: Bar, place: str, *, is_last: bool) -> None:
    for n, (text, look) in enumerate(zip(_texts(bar), _text_looks(bar.state, is_last=is_last), strict=True)):
        if n == 2 and place:
            page.link(row, n, place, look)
        page.write(row, n, text, look)


@cache  # looks are few, and a format is found at once for the same one
def _text_looks(state: LabelledCode, *, is_last: bool) -> tuple[Mapping[str, object], ...]:
    """Return the looks of the columns before the months."""
    under = _UNDER if is_last else _WITHIN
    box = {**style.BOX, "font_size": _SIZE}
    center = {**box, "align": "center"}
    looks: tuple[Mapping[str, object], ...] = (
        center,
        {**box, "font_size": 8, "text_wrap": False, "shrink": True},
        {**center, "font_color": style.LINK["font_color"]},
        box,
        box,
        {**center, **state_style(state)},
        box,
        box,
    )
    return tuple({**look, **under} for look in looks)


@cache
def _month_look(*, fill: str | None, side: str | None, is_late: bool, is_last: bool) -> Mapping[str, object]:
    """Return the look of a month: its colour, None outside the bar, and the side of the red line, if any."""
    look: dict[str, object] = {
        "font_size": 9,
        "align": "center",
        "bold": True,
        "bottom": 5,
        "bottom_color": _PAPER_WHITE,
        "left": 4,
        "left_color": _GRID,
    }
    if fill:
        look |= {"left": 1, "left_color": _PAPER_WHITE, "bg_color": fill}
    if is_late:
        look["font_color"] = _TODAY
    if side:
        look |= {side: 5, f"{side}_color": _TODAY}
    if is_last:
        look |= _UNDER
    return look


def _fill(bar: Bar, month: _Month, day: date) -> str | None:
    """Return the colour of a month, None outside the bar."""
    if not bar.covers(month.first, month.last):
        return None
    if month.first > day:
        return _REST
    state = bar.state_in(month.first, month.last, day)
    if state is None:
        return _UNTOLD
    return str(state_style(state).get("bg_color", style.GREY))


def _write_undated(
    page: Page, row: int, apart: Sequence[Undated], months: Sequence[_Month]
) -> tuple[int, float]:
    """Write what has no bar, a row for each task force; return the last row and the height of all."""
    heights = [24.0]
    last_column = months[-1].column
    page.merge(row, (0, last_column), style.SECTION)
    page.write(row, 0, _counted(apart), style.SECTION)
    page.sheet.set_row(row, heights[0])
    width = sum(w for _, w in _HEADS[2:]) + len(months) * (_MONTH_WIDTH + _MARGIN)
    box = {**style.BOX, "font_size": _SIZE}
    for task_force in dict.fromkeys(group.task_force.code for group in apart):
        row += 1
        groups = [group for group in apart if group.task_force.code == task_force]
        text = "\n".join(map(_listed, groups))
        page.write(row, 0, task_force, {**box, "align": "center"})
        page.write(
            row, 1, groups[0].task_force.name, {**box, "font_size": 8, "shrink": True, "text_wrap": False}
        )
        page.merge(row, (2, last_column), box)
        page.write(row, 2, text, box)
        heights.append(max(17.0, style.text_height(text, width, _SIZE)))
        page.sheet.set_row(row, heights[-1])
    return row, sum(heights)


def _counted(apart: Sequence[Undated]) -> str:
    counts = []
    for kind in (Duty.TASK, Duty.INDICATOR):
        if number := sum(len(group.items) for group in apart if group.kind is kind):
            counts.append(f"{_UNDATED[kind]}{number}项")
    return f"{'、'.join(counts)}（方案没有定日期，不画横条）"


def _listed(group: Undated) -> str:
    """Return a group in words: `序时推进2项：R01-01 打造平台；R01-02 建设基地`."""
    items = "；".join(f"{code} {name}" for code, name in group.items)
    kind = "指标" if group.kind is Duty.INDICATOR else ""
    return f"{kind}{group.state.label}{len(group.items)}项：{items}"


def _explanations(_: Facts) -> Sequence[Explanation]:
    return (
        explained(
            "挂图作战",
            "横条从任务的第一个节点（只有一个日期的从方案起始年、指标从起算日）到完成时限或最后一个目标日期；",
            "每个月的颜色是当月最后一次汇总（印发的以印发稿为准）所列的评价，不因后来的补报而改，评价日所在月为本期评价。",
            "方案没有定时限的任务和没有目标日期的指标不画横条，另列在下面；不涉及的专班不列。",
            "同一个月有几个标记的，列最要紧的：逾期、未达标、待核定、未到、完成；名称都列在“节点和目标”。",
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
    paper=WholePage(),
)
