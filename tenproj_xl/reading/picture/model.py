"""What a picture of a sheet is drawn from: texts as they are shown, looks, sizes, bars and charts."""

from collections.abc import Sequence
from dataclasses import field
from typing import Literal

from tenproj_xl.core.dataclass import dataclass

Horizontal = Literal["", "left", "center", "right", "justify"]
Vertical = Literal["top", "center", "bottom"]
ROWS, COLUMNS, CELLS = 3000, 200, 150_000
"""How much of a sheet is drawn at most."""
POINTS, SERIES, CHARTS = 1000, 40, 60
"""What is drawn at most of a chart, and of charts on a sheet."""

ChartKind = Literal["bar", "column", "line"]
Stacking = Literal["", "stacked", "percent"]


@dataclass(frozen=True, kw_only=True)
class Edge:
    """The border of a cell at one side: `line` as the file calls it, "" for none; its colour."""

    line: str = ""
    colour: str = "#000000"


@dataclass(frozen=True, kw_only=True)
class Appearance:
    """How a cell looks; colours are `#rrggbb`, "" where the file has none.

    `hatch` is the colour of lines across the fill; `rotation` is in degrees as files have it, 255 for letters
    on top of each other; `indent` counts steps.
    """

    font: str = ""
    size: float = 10.0
    bold: bool = False
    italic: bool = False
    underline: bool = False
    strike: bool = False
    colour: str = ""
    fill: str = ""
    hatch: str = ""
    horizontal: Horizontal = ""
    vertical: Vertical = "bottom"
    wrap: bool = False
    shrink: bool = False
    rotation: int = 0
    indent: int = 0
    top: Edge = field(default_factory=Edge)
    right: Edge = field(default_factory=Edge)
    bottom: Edge = field(default_factory=Edge)
    left: Edge = field(default_factory=Edge)


@dataclass(frozen=True, kw_only=True)
class DataBar:
    """A data bar: the share of the cell that it fills, and its colour."""

    share: float
    colour: str


@dataclass(frozen=True, kw_only=True)
class Link:
    """A place of the same workbook that a cell leads to."""

    sheet: str
    cell: str
    tip: str = ""


@dataclass(frozen=True, kw_only=True)
class Spark:
    """Columns in a cell: values over time, None where there is none, on a scale from `lowest` to `highest`.

    `last` and `negative` are the colours of the last value and of those below 0, "" for that of the others.
    """

    values: Sequence[float | None]
    lowest: float
    highest: float
    colour: str
    last: str = ""
    negative: str = ""
    axis: bool = False


@dataclass(frozen=True, kw_only=True)
class PictureCell:
    """A cell that shows something or looks like something: rows and columns count from 0.

    `look` is its number among the looks of the sheet; `numeric` says that it stands at the right unless its
    look says otherwise.
    """

    row: int
    column: int
    text: str
    look: int
    numeric: bool = False
    bar: DataBar | None = None
    link: Link | None = None
    note: str = ""
    spark: Spark | None = None


@dataclass(frozen=True, kw_only=True)
class ChartSeries:
    """The values of a chart that are drawn alike; `hatch` is the colour of hatching on white."""

    name: str
    values: Sequence[float | None]
    colour: str
    hatch: str = ""
    labels: str | None = None
    """The number format of the numbers that stand at the values; None for no numbers."""


@dataclass(frozen=True, kw_only=True)
class Axis:
    """The axis of a chart that numbers stand at."""

    name: str = ""
    lowest: float | None = None
    highest: float | None = None
    step: float | None = None
    number_format: str = "General"
    grid: bool = False


@dataclass(frozen=True, kw_only=True)
class PictureChart:
    """A chart, drawn over the cells from `row` and `column` on: offsets and sizes in pixels.

    `plot` is the inner area as shares of width and height (x, y, width, height), None where the program that
    shows it decides.
    """

    row: int
    column: int
    x: float
    y: float
    width: float
    height: float
    kind: ChartKind
    stacking: Stacking
    title: str
    description: str
    categories: Sequence[str]
    series: Sequence[ChartSeries]
    axis: Axis
    reverse: bool = False
    gap: float = 150.0
    legend: bool = False
    plot: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, kw_only=True)
class SheetPicture:
    """A sheet as it looks.

    `widths` and `heights` are those of its columns and rows in pixels, 0 for a hidden one; `merged` are the
    first and last row and column of merged cells, `frozen` how many rows and columns stay in sight. `cut`
    says that it goes on beyond what is drawn. `plain` says that its format does not tell how it looks.
    """

    name: str
    widths: Sequence[float]
    heights: Sequence[float]
    cells: Sequence[PictureCell]
    looks: Sequence[Appearance]
    merged: Sequence[tuple[int, int, int, int]] = ()
    frozen: tuple[int, int] = (0, 0)
    grid: bool = True
    charts: Sequence[PictureChart] = ()
    cut: bool = False
    plain: bool = False


@dataclass(frozen=True, kw_only=True)
class Picture:
    """The names of the sheets of a workbook that can be seen, and the one that was asked for."""

    sheets: Sequence[str]
    shown: SheetPicture
