"""Charts as SVG: stacked or grouped columns and bars, and lines, with their numbers."""

import math
from collections.abc import Iterator, Sequence
from html import escape

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.desk.picture_looks import colour_of
from tenproj_xl.desk.picture_widths import broken, width_of
from tenproj_xl.reading.picture.model import ChartSeries, PictureChart
from tenproj_xl.reading.picture.numbers import shown

_INK, _GREY, _GRID, _LINE = "#1f3864", "#404040", "#e0e0e0", "#bfbfbf"
_SMALL, _TITLE = 12, 15
_STEPS = 5
_MOST_STEPS = 40
_LEAST_SPREAD = 1e-9
"""What lies closer together is drawn as one."""
_LEFT, _RIGHT, _LEGEND = 44, 14, 24
_NICE = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, kw_only=True)
class _Plot:
    """The inner area of a chart in pixels, and the scale of its numbers."""

    x: float
    y: float
    width: float
    height: float
    lowest: float
    highest: float
    step: float

    def share(self, value: float) -> float:
        """Return where a value stands between the ends of the scale, from 0 to 1."""
        spread = (self.highest - self.lowest) or 1.0
        return min(1.0, max(0.0, (value - self.lowest) / spread))

    def high(self, value: float) -> float:
        """Return the height at which a value stands."""
        return self.y + self.height * (1 - self.share(value))

    def wide(self, value: float) -> float:
        """Return how far to the right a value stands."""
        return self.x + self.width * self.share(value)

    def steps(self) -> Iterator[float]:
        """Yield the numbers that the axis shows."""
        for n in range(min(int((self.highest - self.lowest) / self.step + 1e-9), _MOST_STEPS) + 1):
            yield self.lowest + n * self.step


def chart_svg(chart: PictureChart) -> str:
    """Return a chart, which says its title and numbers to who cannot see it."""
    plot = _plot(chart)
    drawn = [f'<rect width="{chart.width:.0f}" height="{chart.height:.0f}" fill="#ffffff" stroke="{_LINE}"/>']
    drawn += _title(chart)
    drawn += _axis(chart, plot)
    drawn += _categories(chart, plot)
    match chart.kind:
        case "line":
            drawn += _lines(chart, plot)
        case _:
            drawn += _stacks(chart, plot)
    drawn += _legend(chart)
    size = f'width="{chart.width:.0f}" height="{chart.height:.0f}"'
    return (
        f'<svg class="chart" {size} role="img" aria-label="{escape(chart.description or chart.title)}">'
        f"{_hatchings(chart)}{''.join(drawn)}</svg>"
    )


def _text(at: tuple[float, float], text: str, size: float = _SMALL, **more: str) -> str:
    attributes = {"fill": _GREY, "text-anchor": "middle", **{k.replace("_", "-"): v for k, v in more.items()}}
    told = " ".join(f'{name}="{value}"' for name, value in attributes.items())
    return f'<text x="{at[0]:.1f}" y="{at[1]:.1f}" font-size="{size:g}" {told}>{escape(text)}</text>'


def _title(chart: PictureChart) -> list[str]:
    lines = broken(chart.title, _TITLE, chart.width - 16, 2)
    middle = chart.width / 2
    return [_text((middle, 21 + 18 * n), line, _TITLE, fill=_INK) for n, line in enumerate(lines)]


# --- the scale


def _plot(chart: PictureChart) -> _Plot:
    lowest, highest, step = _scale(chart)
    if chart.plot is not None:
        x, y, width, height = chart.plot
        x, width, y, height = x * chart.width, width * chart.width, y * chart.height, height * chart.height
    else:
        rows = max((text.count("\n") + 1 for text in chart.categories), default=1)
        x = float(_LEFT + 16 * bool(chart.axis.name))
        y = 22.0 + 18 * len(broken(chart.title, _TITLE, chart.width - 16, 2))
        width = chart.width - x - _RIGHT
        height = chart.height - y - 8 - 16 * rows - _LEGEND * chart.legend
    return _Plot(
        x=x,
        y=y,
        width=max(width, 1.0),
        height=max(height, 1.0),
        lowest=lowest,
        highest=highest,
        step=step,
    )


def _scale(chart: PictureChart) -> tuple[float, float, float]:
    """Return the ends of the scale, and its step."""
    tops, bottoms = [0.0], [0.0]
    for values in _by_category(chart):
        known = [value for value in values if value is not None]
        if chart.stacking:
            tops.append(sum(value for value in known if value > 0))
            bottoms.append(sum(value for value in known if value < 0))
        else:
            tops += known
            bottoms += known
    highest, lowest = max(tops), min(bottoms)
    if chart.stacking == "percent":
        highest, lowest = 1.0, 0.0
    lowest = lowest if chart.axis.lowest is None else chart.axis.lowest
    spread = (chart.axis.highest or highest) - lowest
    step = chart.axis.step or 0.0
    if step <= 0 or step * _MOST_STEPS < spread:
        step = _nice_step(spread)
    if chart.axis.highest is not None:
        highest = chart.axis.highest
    else:
        highest = lowest + step * max(1, math.ceil((highest - lowest) / step - 1e-9))
    return lowest, highest, step


def _nice_step(spread: float) -> float:
    if spread < _LEAST_SPREAD:
        return 1.0
    unit = 10.0 ** math.floor(math.log10(spread / _STEPS))
    return next(unit * nice for nice in _NICE if unit * nice * _STEPS >= spread * 0.999)


def _by_category(chart: PictureChart) -> Iterator[list[float | None]]:
    """Yield the values of each category in the order of the series, as shares where the chart shows these."""
    for n in range(_count(chart)):
        values = [series.values[n] if n < len(series.values) else None for series in chart.series]
        total = sum(value or 0.0 for value in values)
        if chart.stacking == "percent" and total:
            values = [None if value is None else value / total for value in values]
        yield values


def _count(chart: PictureChart) -> int:
    return max(len(chart.categories), *(len(series.values) for series in chart.series), 0)


# --- what stands around


def _axis(chart: PictureChart, plot: _Plot) -> Iterator[str]:
    end = plot.y + plot.height
    for value in plot.steps():
        label = shown(value, chart.axis.number_format)
        if chart.kind == "bar":
            x = plot.wide(value)
            yield f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{plot.y:.1f}" y2="{end:.1f}" stroke="{_GRID}"/>'
            yield _text((x, plot.y - 5 if chart.reverse else end + 15), label)
        else:
            y = plot.high(value)
            right = plot.x + plot.width
            yield f'<line x1="{plot.x:.1f}" x2="{right:.1f}" y1="{y:.1f}" y2="{y:.1f}" stroke="{_GRID}"/>'
            yield _text((plot.x - 5, y + 4), label, text_anchor="end")
    if chart.axis.name and chart.kind != "bar":
        middle = plot.y + plot.height / 2
        yield _text((13, middle), chart.axis.name, transform=f"rotate(-90 13 {middle:.1f})")


def _categories(chart: PictureChart, plot: _Plot) -> Iterator[str]:
    band = _band(chart, plot)
    for n, name in enumerate(chart.categories):
        if chart.kind == "bar":
            lines = broken(name, _SMALL, plot.x - 12, 2)
            first = plot.y + (_place(chart, n) + 0.5) * band + 4 - 7 * (len(lines) - 1)
            for m, line in enumerate(lines):
                yield _text((plot.x - 6, first + 14 * m), line, text_anchor="end")
        else:
            for m, line in enumerate(name.split("\n")):
                yield _text((plot.x + (n + 0.5) * band, plot.y + plot.height + 15 + 15 * m), line)


def _band(chart: PictureChart, plot: _Plot) -> float:
    """Return how much room a category has."""
    length = plot.width
    if chart.kind == "bar":
        length = plot.height
    return length / max(_count(chart), 1)


def _place(chart: PictureChart, n: int) -> int:
    """Return at which place from the top a bar stands; the first one is the lowest unless reversed."""
    if chart.reverse:
        return n
    return _count(chart) - 1 - n


def _legend(chart: PictureChart) -> Iterator[str]:
    if not chart.legend:
        return
    widths = [width_of(series.name, _SMALL) + 30 for series in chart.series]
    x, y = max(4.0, (chart.width - sum(widths)) / 2), chart.height - 9
    for n, series in enumerate(chart.series):
        yield f'<rect x="{x:.1f}" y="{y - 10:.1f}" width="11" height="11" fill="{_fill(chart, series)}"/>'
        yield _text((x + 15, y), series.name, text_anchor="start")
        x += widths[n]


# --- what is drawn


def _fill(chart: PictureChart, series: ChartSeries) -> str:
    if series.hatch:
        return f"url(#{_hatching(chart, colour_of(series.hatch, '#808080'))})"
    return colour_of(series.colour, "#4f81bd")


def _hatching(chart: PictureChart, colour: str) -> str:
    """Return the name of a hatching, which no other chart of the page has."""
    return f"hatch-{chart.row}-{chart.column}-{colour[1:]}"


def _hatchings(chart: PictureChart) -> str:
    colours = {colour_of(series.hatch, "#808080") for series in chart.series if series.hatch}
    drawn = [
        f'<pattern id="{_hatching(chart, colour)}" width="8" height="8" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="8" height="8" fill="#ffffff"/>'
        f'<rect width="4" height="8" fill="{colour}"/></pattern>'
        for colour in sorted(colours)
    ]
    return f"<defs>{''.join(drawn)}</defs>" if drawn else ""


def _stacks(chart: PictureChart, plot: _Plot) -> Iterator[str]:
    """Yield bars and columns, on each other or side by side, and the numbers in them."""
    band, beside = _band(chart, plot), 1
    if not chart.stacking:
        beside = max(len(chart.series), 1)
    thick = band / (beside + chart.gap / 100)
    for n, values in enumerate(_by_category(chart)):
        up = down = 0.0
        for m, value in enumerate(values):
            if value is None:
                continue
            base, end = 0.0, value
            if chart.stacking:
                base = up if value >= 0 else down
                end = base + value
                up, down = (end, down) if value >= 0 else (up, end)
            offset = (band - beside * thick) / 2 + thick * (m % beside)
            across = n * band + offset
            if chart.kind == "bar":
                across = _place(chart, n) * band + offset
            yield from _block(chart, plot, (across, thick), (base, end), (m, n))


def _block(
    chart: PictureChart,
    plot: _Plot,
    place: tuple[float, float],
    ends: tuple[float, float],
    which: tuple[int, int],
) -> Iterator[str]:
    series, n = chart.series[which[0]], which[1]
    if chart.kind == "bar":
        left, right = sorted((plot.wide(ends[0]), plot.wide(ends[1])))
        x, y, width, height = left, plot.y + place[0], right - left, place[1]
    else:
        top, bottom = sorted((plot.high(ends[0]), plot.high(ends[1])))
        x, y, width, height = plot.x + place[0], top, place[1], bottom - top
    size = f'width="{width:.1f}" height="{height:.1f}"'
    yield f'<rect x="{x:.1f}" y="{y:.1f}" {size} fill="{_fill(chart, series)}"/>'
    if label := _label(series, n):
        yield _text((x + width / 2, y + height / 2 + 4), label, fill="#000000")


def _label(series: ChartSeries, n: int) -> str:
    value = series.values[n] if n < len(series.values) else None
    if series.labels is None or value is None:
        return ""
    return shown(value, series.labels)


def _lines(chart: PictureChart, plot: _Plot) -> Iterator[str]:
    """Yield lines that break where there is no value, a mark at each value, and its number."""
    band = _band(chart, plot)
    for series in chart.series:
        colour = colour_of(series.colour, "#4f81bd")
        for run in _runs(series.values):
            points = [(plot.x + (n + 0.5) * band, plot.high(value)) for n, value in run]
            told = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
            yield f'<polyline points="{told}" fill="none" stroke="{colour}" stroke-width="2.5"/>'
            for (x, y), (n, _) in zip(points, run, strict=True):
                yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>'
                yield _text((x, y - 7), _label(series, n), fill="#000000")


def _runs(values: Sequence[float | None]) -> Iterator[list[tuple[int, float]]]:
    """Yield the stretches without a gap."""
    run: list[tuple[int, float]] = []
    for n, value in enumerate(values):
        if value is not None:
            run.append((n, value))
        elif run:
            yield run
            run = []
    if run:
        yield run
