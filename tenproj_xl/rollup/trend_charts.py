"""The charts of 趋势: native ones over its numbers, each with what it says as its title."""

from collections.abc import Sequence
from dataclasses import dataclass

from tenproj_xl.rollup import style
from tenproj_xl.rollup.page import Page
from tenproj_xl.rollup.trend_layout import CHART_ROWS, CHARTS, FIRST_NUMBER, NAME, PERIODS, STEP, VALUES
from tenproj_xl.rollup.trend_lines import SHOWN, NumberLine

_ROW_HEIGHT = 20.0
_WIDE, _NARROW = 1012, 672
_BAR = 0.125
"""A bar's share of the chart's width, however few there are."""


@dataclass(frozen=True)
class _Chart:
    """Some numbers as columns on each other (or lines); its title is about the sum of those in `about`."""

    names: tuple[tuple[str, str], ...]
    about: tuple[str, ...]
    what: str
    unit: str
    lines: bool = False


_FIRST_ROW = (
    _Chart(
        (("on_pace", style.GREEN), ("slow", style.YELLOW), ("behind", style.RED), ("pending", style.BLUE),
         ("missing", style.GREY)),
        ("behind",), "滞后的指标", "项",
    ),
    _Chart(
        (("tasks_on_time", style.GREEN), ("tasks_soon", style.YELLOW), ("tasks_behind", style.RED),
         ("tasks_overdue", style.DEEP), ("tasks_missing", style.GREY)),
        ("tasks_behind", "tasks_overdue"), "滞后和逾期的任务", "项",
    ),
)  # fmt: skip
_SECOND_ROW = (
    _Chart(
        (("issues_open", style.BLUE), ("issues_overdue", style.DEEP), ("asks", style.YELLOW)),
        ("issues_overdue",), "逾期的问题", "件", lines=True,
    ),
    _Chart(
        (("in_time", style.GREEN), ("late", style.YELLOW), ("not_returned", style.GREY)),
        ("in_time",), "按时报送的专班", "个",
    ),
    _Chart(
        (("red", style.DEEP), ("yellow", style.YELLOW), ("blue", style.BLUE)),
        ("red",), "红督办的事项", "项",
    ),
)  # fmt: skip


def write_charts(page: Page, lines: Sequence[NumberLine]) -> None:
    """Write two rows of charts."""
    for row in range(CHARTS, CHARTS + 2 * CHART_ROWS):
        page.sheet.set_row(row, _ROW_HEIGHT)
    for n, charts in enumerate((_FIRST_ROW, _SECOND_ROW)):
        width = _WIDE if len(charts) == 2 else _NARROW
        for m, chart in enumerate(charts):
            _insert(page, lines, chart, (CHARTS + n * CHART_ROWS, m * (width + 6), width))


def says(values: Sequence[float | None], what: str, unit: str) -> str:
    """A chart's title: what the newest number is, and how it came to be that."""
    *earlier, now = values
    last = earlier[-1]
    if last is None:
        return f"{what}{now:.0f}{unit}（首次汇总）"
    if now == last:
        return f"{what}{now:.0f}{unit}，与上期持平"
    return f"{what}由上期{last:.0f}{unit}{'增' if (now or 0) > last else '减'}至{now:.0f}{unit}"


def _insert(page: Page, lines: Sequence[NumberLine], wanted: _Chart, place: tuple[int, int, int]) -> None:
    at = {line.number.name: (FIRST_NUMBER + n, line) for n, line in enumerate(lines)}
    chart = page.book.add_chart({"type": "line"} if wanted.lines else {"type": "column", "subtype": "stacked"})
    first = VALUES + next(n for n, value in enumerate(lines[0].values) if value is not None)
    font = {"name": style.BODY, "size": 9}
    labels = {"value": True, "num_format": "0;;;", "font": font, **({"position": "above"} if wanted.lines else {})}
    for name, colour in wanted.names:
        row, line = at[name]
        chart.add_series({
            "name": line.number.text,
            "categories": [NAME, PERIODS, first, PERIODS, STEP - 1],
            "values": [NAME, row, first, row, STEP - 1],
            "data_labels": labels,
            **_drawn(colour, STEP - first, lines=wanted.lines),
        })  # fmt: skip
    sums = [_sum([at[name][1].values[n] for name in wanted.about]) for n in range(SHOWN)]
    title = says(sums, wanted.what, wanted.unit)
    title_font = {"name": style.HEAD, "size": 12, "bold": False, "color": style.INK}
    chart.set_title({"name": title, "name_font": title_font})
    chart.set_x_axis({"num_font": font, "line": {"color": style.LINE}, "major_tick_mark": "none"})
    chart.set_y_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0})
    chart.set_legend({"position": "bottom", "font": font})
    chart.set_chartarea({"border": {"color": style.LINE}})
    row, offset, width = place
    chart.set_size({"width": width, "height": int(CHART_ROWS * _ROW_HEIGHT / 0.75) - 6})
    page.sheet.insert_chart(row, 0, chart, {"x_offset": offset, "object_position": 3, "description": title})


def _drawn(colour: str, bars: int, *, lines: bool) -> dict[str, object]:
    strong = style.STRONG[colour]
    if lines:
        return {"line": {"color": strong, "width": 2.25}, "marker": {"type": "circle", "fill": {"color": strong}}}
    gap = 100 / (_BAR * bars) - 100  # in percent of a bar, of which programs take from 0 to 500
    return {"fill": {"color": strong}, "gap": round(min(500.0, max(50.0, gap)))}


def _sum(values: Sequence[float | None]) -> float | None:
    known = [v for v in values if v is not None]
    return sum(known) if known else None
