"""The charts of 趋势: native ones over its numbers, each with its message as its title."""

from collections.abc import Sequence
from dataclasses import dataclass

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
_WIDE, _NARROW = 1012, 672
_BAR = 0.125
"""A bar's share of the chart's width, however few there are."""


@dataclass(frozen=True)
class Chart:
    """Some numbers as columns on each other (or lines); its title is about the sum of those in `about`.

    With `share_of` it is about their share of that number, and all columns are as high: a month asks for more
    returns than a week.
    """

    names: tuple[tuple[str, str], ...]
    about: tuple[str, ...]
    what: str
    unit: str
    lines: bool = False
    share_of: str = ""


FIRST_ROW = (
    Chart(
        (
            ("on_pace", style.GREEN),
            ("slow", style.YELLOW),
            ("behind", style.RED),
            ("pending", style.BLUE),
            ("missing", style.GREY),
        ),
        ("behind",),
        "滞后的指标",
        "项",
    ),
    Chart(
        (
            ("tasks_on_time", style.GREEN),
            ("tasks_soon", style.YELLOW),
            ("tasks_behind", style.RED),
            ("tasks_overdue", style.DEEP),
            ("tasks_missing", style.GREY),
        ),
        ("tasks_behind", "tasks_overdue"),
        "滞后和逾期的任务",
        "项",
    ),
)
_SECOND_ROW = (
    Chart(
        (("issues_open", style.BLUE), ("issues_overdue", style.DEEP), ("asks", style.YELLOW)),
        ("issues_overdue",),
        "逾期的问题",
        "件",
        lines=True,
    ),
    Chart(
        (("in_time", style.GREEN), ("late", style.YELLOW), ("not_returned", style.GREY)),
        ("in_time",),
        "按时报送率",
        "%",
        share_of="owed",
    ),
    Chart(
        (("red", style.DEEP), ("yellow", style.YELLOW), ("blue", style.BLUE)),
        ("red",),
        "红督办的事项",
        "项",
    ),
)


def write_charts(page: Page, lines: Sequence[NumberLine], before: str) -> None:
    """Write two rows of charts; `before` names the period before this one."""
    for row in range(CHARTS, CHARTS + 2 * CHART_ROWS):
        page.sheet.set_row(row, _ROW_HEIGHT)
    for n, (charts, width) in enumerate(((FIRST_ROW, _WIDE), (_SECOND_ROW, _NARROW))):
        for m, chart in enumerate(charts):
            title = chart_title(_title_numbers(chart, lines), chart.what, chart.unit, before)
            _insert(page, lines, chart, title, (CHARTS + n * CHART_ROWS, m * (width + 6), width))


def chart_title(values: Sequence[int | None], what: str, unit: str, before: str) -> str:
    """Return a chart's title: what the newest number is, and what it was in the period before."""
    *_, last, now = values
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


def _insert(
    page: Page, lines: Sequence[NumberLine], wanted: Chart, title: str, place: tuple[int, int, int]
) -> None:
    at = {line.number.name: (FIRST_NUMBER + n, line) for n, line in enumerate(lines)}
    chart = page.book.file.add_chart(_kind(wanted))
    first = VALUES + next(n for n, value in enumerate(lines[0].values) if value is not None)
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
    chart.set_x_axis({"num_font": font, "line": {"color": style.LINE}, "major_tick_mark": "none"})
    chart.set_y_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0})
    chart.set_legend({"position": "bottom", "font": font})
    chart.set_chartarea({"border": {"color": style.LINE}})
    row, offset, width = place
    chart.set_size({"width": width, "height": int(CHART_ROWS * _ROW_HEIGHT / 0.75) - 6})
    page.sheet.insert_chart(row, 0, chart, {"x_offset": offset, "object_position": 3, "description": title})


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
