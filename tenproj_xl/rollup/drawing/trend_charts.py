"""The charts of 趋势: native ones over its numbers, each with its message as its title."""

import math
from collections.abc import Container, Iterable, Sequence

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.excel import style
from tenproj_xl.rollup.drawing.page import Page
from tenproj_xl.rollup.drawing.trend_layout import (
    CHART_ROWS,
    CHARTS,
    FIRST_NUMBER,
    PERIODS,
    STEP,
    TITLE,
    VALUES,
)
from tenproj_xl.rollup.facts.trends import SHOWN, NumberLine

_ROW_HEIGHT = 20.0
_WIDE, _NARROW = 792, 526
_GRID = "#E7E6E6"
_STEPS = 5
"""About as many steps as an axis has."""
_BAR = 0.125
"""A bar's share of the chart's width, however few there are."""


@dataclass(frozen=True, kw_only=True)
class Chart:
    """Some numbers as columns on each other (or lines); its title is about the sum of those in `about`.

    A period without a roll-up keeps its place on the axis and has no column, nor does a line run across it.
    With `share_of` it is about their share of that number, and all columns are as high: a month asks for more
    returns than a week.
    """

    names: tuple[tuple[str, str], ...]
    about: tuple[str, ...]
    what: str
    unit: str
    counted: str
    lines: bool = False
    share_of: str = ""


FIRST_ROW = (
    Chart(
        names=(
            ("on_pace", style.GREEN),
            ("slow", style.YELLOW),
            ("behind", style.RED),
            ("pending", style.BLUE),
            ("missing", style.GREY),
        ),
        about=("behind",),
        what="滞后的指标",
        unit="项",
        counted="应评指标",
    ),
    Chart(
        names=(
            ("tasks_on_time", style.GREEN),
            ("tasks_soon", style.YELLOW),
            ("tasks_behind", style.RED),
            ("tasks_overdue", style.DEEP),
            ("tasks_missing", style.GREY),
        ),
        about=("tasks_behind", "tasks_overdue"),
        what="滞后和逾期的任务",
        unit="项",
        counted="重点任务",
    ),
)
_SECOND_ROW = (
    Chart(
        names=(("issues_open", style.BLUE), ("issues_overdue", style.DEEP), ("asks", style.YELLOW)),
        about=("issues_overdue",),
        what="逾期的问题",
        unit="件",
        counted="问题",
        lines=True,
    ),
    Chart(
        names=(("in_time", style.GREEN), ("late", style.YELLOW), ("not_returned", style.GREY)),
        about=("in_time",),
        what="按时报送率",
        unit="%",
        counted="占应报",
        share_of="owed",
    ),
    Chart(
        names=(("red", style.DEEP), ("yellow", style.YELLOW), ("blue", style.BLUE)),
        about=("red",),
        what="红督办的事项",
        unit="项",
        counted="督办事项",
    ),
)


@dataclass(frozen=True)
class Before:
    """The period that is compared with, by its name, and the numbers that were counted otherwise in it."""

    name: str
    otherwise: Container[str]


def write_charts(page: Page, lines: Sequence[NumberLine], first: int, before: Before) -> None:
    """Write two rows of charts, from the first place shown."""
    for row in range(CHARTS, CHARTS + 2 * CHART_ROWS):
        page.sheet.set_row(row, _ROW_HEIGHT)
    for n, (charts, width) in enumerate(((FIRST_ROW, _WIDE), (_SECOND_ROW, _NARROW))):
        for m, chart in enumerate(charts):
            numbers, compared = _title_numbers(chart, lines), before.name
            if chart.about[0] in before.otherwise:
                compared = ""
            title = chart_title(numbers, chart.what, chart.unit, compared)
            place = _Place(CHARTS + n * CHART_ROWS, m * (width + 6), width)
            _insert(page, _Shown(lines, VALUES + first), chart, title, place)


def chart_title(values: Sequence[int | None], what: str, unit: str, before: str) -> str:
    """Return a chart's title: what the newest number is, and what it was in the period before, if named."""
    *earlier, now = values
    if not before:
        return f"{what}{now}{unit}"
    last = next((value for value in reversed(earlier) if value is not None), None)
    if last is None:
        return f"{what}{now}{unit}（首次汇总）"
    if now == last:
        return f"{what}{now}{unit}，与{before}持平"
    direction = "减"
    if (now or 0) > last:
        direction = "增"
    return f"{what}由{before}的{last}{unit}{direction}至{now}{unit}"


def _title_numbers(chart: Chart, lines: Sequence[NumberLine]) -> list[int | None]:
    """Return the numbers of the periods that a chart's title is about."""
    of = {line.number.name: line.values for line in lines}
    numbers: list[int | None] = []
    for n in range(SHOWN):
        total = _sum([of[name][n] for name in chart.about])
        if total is not None and chart.share_of:
            total = 100 * total / (of[chart.share_of][n] or 1)
        numbers.append(None if total is None else round(total))
    return numbers


@dataclass(frozen=True)
class _Place:
    """Where a chart stands: its row, its distance from the left edge and its width in pixels."""

    row: int
    offset: int
    width: int


@dataclass(frozen=True)
class _Shown:
    """The numbers over the periods, and the first column of those that are drawn."""

    lines: Sequence[NumberLine]
    first: int

    def most(self, names: Iterable[str], *, on_each_other: bool) -> float:
        """Return the highest point of some numbers."""
        values = [line.values for line in self.lines if line.number.name in names]
        heights = []
        for period in zip(*values, strict=True):
            known = [value or 0.0 for value in period]
            heights.append(sum(known) if on_each_other else max(known))
        return max(heights)


def _insert(page: Page, shown: _Shown, wanted: Chart, title: str, place: _Place) -> None:
    at = {line.number.name: (FIRST_NUMBER + n, line) for n, line in enumerate(shown.lines)}
    chart = page.book.file.add_chart(_kind(wanted))
    first = shown.first
    font = {"name": style.BODY, "size": 9}
    labels = {"value": True, "num_format": "0;;;", "font": font}
    if wanted.lines:
        labels["position"] = "above"
    for name, colour in wanted.names:
        row, line = at[name]
        chart.add_series(
            {
                "name": line.number.text,
                "categories": [TITLE, PERIODS, first, PERIODS, STEP - 1],
                "values": [TITLE, row, first, row, STEP - 1],
                "data_labels": labels,
                **_drawn(colour, STEP - first, lines=wanted.lines),
            }
        )
    title_font = {"name": style.HEAD, "size": 12, "bold": False, "color": style.INK}
    chart.set_title({"name": title, "name_font": title_font})
    chart.set_x_axis(
        {"num_font": font, "line": {"color": style.LINE}, "major_tick_mark": "none", "text_axis": True}
    )
    chart.set_y_axis({**_y_axis(wanted, shown), "num_font": font, "name_font": {**font, "bold": False}})
    chart.set_legend({"position": "bottom", "font": font})
    chart.set_chartarea({"border": {"color": style.LINE}})
    chart.show_blanks_as("gap")
    chart.set_size({"width": place.width, "height": int(CHART_ROWS * _ROW_HEIGHT / 0.75) - 6})
    page.sheet.insert_chart(
        place.row, 0, chart, {"x_offset": place.offset, "object_position": 3, "description": title}
    )


def _y_axis(wanted: Chart, shown: _Shown) -> dict[str, object]:
    """Return the axis of numbers from 0, with what it counts and whole steps."""
    names = [name for name, _ in wanted.names]
    axis: dict[str, object] = {
        "name": f"{wanted.counted}（{wanted.unit}）",
        "min": 0,
        "line": {"none": True},
        "major_gridlines": {"visible": True, "line": {"color": _GRID, "width": 0.5}},
    }
    if wanted.share_of:
        return {**axis, "max": 1, "major_unit": 0.25, "num_format": "0%"}
    most = shown.most(names, on_each_other=not wanted.lines)
    return {**axis, "major_unit": max(1, math.ceil(most / _STEPS)), "num_format": "0"}


def _kind(chart: Chart) -> dict[str, str]:
    if chart.lines:
        return {"type": "line"}
    if chart.share_of:
        return {"type": "column", "subtype": "percent_stacked"}
    return {"type": "column", "subtype": "stacked"}


def _drawn(colour: str, bars: int, *, lines: bool) -> dict[str, object]:
    strong = style.STRONG[colour]
    if lines:
        return {
            "line": {"color": strong, "width": 2.25},
            "marker": {"type": "circle", "fill": {"color": strong}},
        }
    gap = 100 / (_BAR * bars) - 100  # in percent of a bar, of which programs take from 0 to 500
    return {"fill": {"color": strong}, "gap": round(min(500.0, max(50.0, gap)))}


def _sum(values: Sequence[float | None]) -> float | None:
    known = [v for v in values if v is not None]
    if not known:
        return None
    return sum(known)
