"""The charts of a sheet, from its drawing: bars, columns and lines, with the values that the file keeps."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from xml.etree import ElementTree as ET

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.reading.book import Position
from tenproj_xl.reading.picture.model import (
    CHARTS,
    POINTS,
    SERIES,
    Axis,
    ChartKind,
    ChartSeries,
    PictureChart,
    Stacking,
)
from tenproj_xl.reading.picture.xml import (
    attribute_called,
    every,
    first,
    is_true,
    named,
    number,
    parsed,
    text_in,
    val,
    whole,
)

_LONGEST = 300
"""Characters of a title or name."""
_EMU = 9525
"""The units of a drawing in a pixel."""
_STACKINGS: Mapping[str, Stacking] = {"stacked": "stacked", "percentStacked": "percent"}
_COLOURS = ("#4f81bd", "#c0504d", "#9bbb59", "#8064a2", "#4bacc6", "#f79646")


@dataclass(frozen=True, kw_only=True)
class Frame:
    """Where a chart stands: the cell of its corner, offsets and sizes in pixels; its part by relation."""

    row: int
    column: int
    x: float
    y: float
    width: float
    height: float
    relation: str
    description: str


def corners_of(drawing: bytes) -> Iterator[Position]:
    """Yield the cells that what is drawn ends in."""
    for end in every(parsed(drawing), "twoCellAnchor/to"):
        corner = _corner(end)
        if corner is not None:
            yield corner.row, corner.column


def frames_of(drawing: bytes, widths: Sequence[float], heights: Sequence[float]) -> Iterator[Frame]:
    """Yield the frames of charts in a drawing, over columns and rows of these sizes."""
    root = parsed(drawing)
    anchors = [*every(root, "twoCellAnchor"), *every(root, "oneCellAnchor")]
    for anchor in islice(anchors, CHARTS):
        chart = first(anchor, "graphicFrame", "graphic", "graphicData", "chart")
        start = _corner(first(anchor, "from"))
        if chart is None or start is None:
            continue
        size = _size(anchor, (widths, heights), start)
        about = first(anchor, "graphicFrame", "nvGraphicFramePr", "cNvPr")
        yield Frame(
            row=start.row,
            column=start.column,
            x=start.x,
            y=start.y,
            width=size[0],
            height=size[1],
            relation=attribute_called(chart, "id"),
            description=named(about, "descr"),
        )


@dataclass(frozen=True)
class _Corner:
    """A corner of a frame."""

    row: int
    column: int
    x: float
    y: float


def _corner(element: ET.Element | None) -> _Corner | None:
    if element is None:
        return None
    told = {child.tag.rpartition("}")[2]: child.text for child in element}
    x, y = number(told.get("colOff")) / _EMU, number(told.get("rowOff")) / _EMU
    return _Corner(whole(told.get("row")), whole(told.get("col")), max(x, 0.0), max(y, 0.0))


def _size(
    anchor: ET.Element, sizes: tuple[Sequence[float], Sequence[float]], start: _Corner
) -> tuple[float, float]:
    """Return width and height of a frame."""
    end = _corner(first(anchor, "to"))
    extent = first(anchor, "ext")
    if end is None:
        return number(named(extent, "cx")) / _EMU, number(named(extent, "cy")) / _EMU
    widths, heights = sizes
    width = sum(widths[start.column : end.column]) - start.x + end.x
    height = sum(heights[start.row : end.row]) - start.y + end.y
    return max(width, 0.0), max(height, 0.0)


def chart_in(frame: Frame, part: bytes) -> PictureChart | None:
    """Return the chart of a part, None where it is of a kind that is not drawn."""
    root = parsed(part)
    chart = first(root, "chart")
    area = first(chart, "plotArea")
    for tag in ("barChart", "lineChart"):
        drawn = first(area, tag)
        if drawn is not None:
            return _chart(frame, chart, area, drawn)
    return None


def _chart(
    frame: Frame, chart: ET.Element | None, area: ET.Element | None, drawn: ET.Element
) -> PictureChart:
    kind: ChartKind = "column"
    if drawn.tag.endswith("lineChart"):
        kind = "line"
    elif val(drawn, "barDir") == "bar":
        kind = "bar"
    lines = list(islice(every(drawn, "ser"), SERIES))
    categories: list[str] = []
    if lines:
        categories = _texts(first(lines[0], "cat"))
    return PictureChart(
        row=frame.row,
        column=frame.column,
        x=frame.x,
        y=frame.y,
        width=frame.width,
        height=frame.height,
        kind=kind,
        stacking=_STACKINGS.get(val(drawn, "grouping"), ""),
        title=text_in(first(chart, "title", "tx"))[:_LONGEST],
        description=frame.description,
        categories=categories,
        series=[_series(one, n, kind) for n, one in enumerate(lines)],
        axis=_axis(first(area, "valAx")),
        reverse=val(area, "catAx", "scaling", "orientation") == "maxMin",
        gap=min(max(number(val(drawn, "gapWidth"), 150.0), 0.0), 500.0),
        legend=first(chart, "legend") is not None,
        plot=_plot(first(area, "layout", "manualLayout")),
    )


def _series(series: ET.Element, n: int, kind: ChartKind) -> ChartSeries:
    look = first(series, "spPr")
    fill = look
    if kind == "line":
        fill = first(look, "ln")
    pattern = first(look, "pattFill")
    hatch = ""
    if pattern is not None:
        hatch = _hex(val(pattern, "fgClr", "srgbClr"))
    labels = None
    told = first(series, "dLbls")
    if is_true(val(told, "showVal")):
        labels = named(first(told, "numFmt"), "formatCode", "General")
    return ChartSeries(
        name=text_in(first(series, "tx")) or "".join(_texts(first(series, "tx"))),
        values=_numbers(first(series, "val")),
        colour=_hex(val(fill, "solidFill", "srgbClr")) or hatch or _COLOURS[n % len(_COLOURS)],
        hatch=hatch,
        labels=labels,
    )


def _hex(text: str) -> str:
    if len(text) != 6:
        return ""
    return f"#{text.lower()}"


def _texts(holder: ET.Element | None) -> list[str]:
    """Return the texts that a chart keeps of its cells, or the one that it has itself."""
    if holder is None:
        return []
    own = first(holder, "v")
    if own is not None:
        return [own.text or ""]
    points = _points(holder)
    return [points.get(n, "")[:_LONGEST] for n in range(_count(holder, points))]


def _numbers(holder: ET.Element | None) -> list[float | None]:
    if holder is None:
        return []
    points = _points(holder)
    values: list[float | None] = []
    for n in range(_count(holder, points)):
        value = None
        if points.get(n):
            value = number(points[n])
        values.append(value)
    return values


def _points(holder: ET.Element) -> dict[int, str]:
    found = {}
    for point in holder.iterfind(".//{*}pt"):
        value = first(point, "v")
        if value is not None:
            found[whole(named(point, "idx"))] = value.text or ""
    return found


def _count(holder: ET.Element, points: Mapping[int, str]) -> int:
    told = holder.find(".//{*}ptCount")
    return min(max(whole(named(told, "val")), *(n + 1 for n in points), 0), POINTS)


def _axis(axis: ET.Element | None) -> Axis:
    scale = first(axis, "scaling")
    return Axis(
        name=text_in(first(axis, "title", "tx")),
        lowest=_maybe(val(scale, "min")),
        highest=_maybe(val(scale, "max")),
        step=_maybe(val(axis, "majorUnit")),
        number_format=named(first(axis, "numFmt"), "formatCode", "General"),
        grid=first(axis, "majorGridlines") is not None,
    )


def _maybe(text: str) -> float | None:
    if not text:
        return None
    return number(text)


def _plot(layout: ET.Element | None) -> tuple[float, float, float, float] | None:
    if layout is None or val(layout, "layoutTarget") != "inner":
        return None
    return (
        number(val(layout, "x")),
        number(val(layout, "y")),
        number(val(layout, "w")),
        number(val(layout, "h")),
    )
