"""A picture of a sheet as an HTML table and its style sheet.

Column letters and row numbers stand at its edges, frozen rows and columns stay in sight, and every cell has
its address as its id, so that a link leads to it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from html import escape

from tenproj_xl.core.cells import address, letters
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.desk.picture_charts import chart_svg
from tenproj_xl.desk.picture_looks import NO_LINE, cell_style, text_style
from tenproj_xl.desk.picture_spans import CellSpan, CellSpans
from tenproj_xl.desk.picture_sparks import bar_svg, spark_svg
from tenproj_xl.desk.picture_widths import width_of
from tenproj_xl.reading.picture.model import Appearance, Edge, PictureCell, PictureChart, SheetPicture

Position = tuple[int, int]
PlaceLink = Callable[[str, str], str]
"""The address of the page that shows a cell of a sheet."""
SourceLink = Callable[[str], str]
"""The address of what a text names as its source, "" where it names none."""

_EDGE = 38
"""Pixels of the row numbers."""
_FROZEN_HEIGHT, _FROZEN_WIDTH = 330, 620
"""What may stay in sight at most: more would leave no room for the rest of the sheet."""
_GRID_LINE = Edge(line="thin", colour="#d9d9d9")
_BLANK = Appearance()
_PADDING = 6
_LONGEST = 3000
"""Letters of a cell that are shown."""
_SMALLEST = 0.5
"""How much a text is made smaller at most where it is to fit."""
_PIXELS = 96 / 72


@dataclass(frozen=True, kw_only=True)
class CellMark:
    """A cell that something is said of: the number of what is said, and its words."""

    number: int
    words: str


@dataclass(frozen=True, kw_only=True)
class DrawnSheet:
    """A sheet as HTML, and the rules of its style sheet."""

    html: str
    css: str


def _no_source(_text: str) -> str:
    return ""


def draw_sheet(
    picture: SheetPicture,
    place_link: PlaceLink,
    marks: Mapping[str, Sequence[CellMark]] | None = None,
    source_link: SourceLink = _no_source,
) -> DrawnSheet:
    """Return the picture of a sheet; `marks` are by the addresses of cells."""
    return _Drawing(picture, place_link, marks or {}, source_link).whole()


@dataclass
class _Styles:
    """The classes that a sheet needs, each once."""

    names: dict[str, str] = field(default_factory=dict)

    def name(self, rule: str) -> str:
        """Return the class of some declarations."""
        return self.names.setdefault(rule, f"x{len(self.names)}")

    def text(self) -> str:
        """Return all as a style sheet."""
        return "\n".join(f".sheet .{name}{{{rule}}}" for rule, name in self.names.items())


class _Drawing:
    """A sheet that is being drawn."""

    def __init__(
        self,
        picture: SheetPicture,
        place_link: PlaceLink,
        marks: Mapping[str, Sequence[CellMark]],
        source_link: SourceLink,
    ) -> None:
        self._picture = picture
        self._place_link = place_link
        self._source_link = source_link
        self._marks = marks
        self._styles = _Styles()
        self._cells = {(cell.row, cell.column): cell for cell in picture.cells}
        self._charts: dict[Position, list[PictureChart]] = {}
        for chart in picture.charts:
            self._charts.setdefault((chart.row, chart.column), []).append(chart)
        self._frozen_rows, self._frozen_columns = self._frozen()
        self._spans = CellSpans(picture, self._frozen_rows)
        self._rows, self._columns = self._spans.rows, self._spans.columns
        for seen, hidden in self._spans.moved.items():
            if hidden in self._cells:
                self._cells[seen] = self._cells[hidden]

    def whole(self) -> DrawnSheet:
        """Return the sheet."""
        above = [row for row in self._rows if row < self._frozen_rows]
        below = [row for row in self._rows if row >= self._frozen_rows]
        body = "".join(self._row(row) for row in below)
        head = "".join(self._row(row) for row in above)
        name = escape(self._picture.name)
        html = (
            f'<table class="sheet"><caption class="unseen">工作表：{name}</caption>{self._sizes()}'
            f"<thead>{self._letters()}{head}</thead><tbody>{body}</tbody></table>"
        )
        return DrawnSheet(html=html, css=self._styles.text())

    def _frozen(self) -> tuple[int, int]:
        """Return how many rows and columns stay in sight; none that would fill the window or hide a chart."""
        rows, columns = self._picture.frozen
        if any(chart.row < rows or chart.column < columns for chart in self._picture.charts):
            columns = 0
        if sum(self._picture.heights[:rows]) > _FROZEN_HEIGHT:
            rows = 0
        if sum(self._picture.widths[:columns]) > _FROZEN_WIDTH:
            columns = 0
        return rows, columns

    # --- edges of the table

    def _sizes(self) -> str:
        columns = "".join(f'<col width="{self._picture.widths[n]:.0f}">' for n in self._columns)
        width = _EDGE + sum(self._picture.widths)
        own = self._styles.name(f"width:{width:.0f}px")
        return f'<colgroup class="{own}"><col width="{_EDGE}">{columns}</colgroup>'

    def _letters(self) -> str:
        cells = [f'<th scope="col" class="{self._stays(n)}">{letters(n)}</th>' for n in self._columns]
        corner = '<th class="corner"><span class="unseen">行号</span></th>'
        return f'<tr class="letters">{corner}{"".join(cells)}</tr>'

    def _stays(self, column: int) -> str:
        """Return the class of a column that stays in sight, "" for others."""
        if column >= self._frozen_columns:
            return ""
        left = _EDGE + sum(self._picture.widths[:column])
        return f"stays {self._styles.name(f'left:{left:.0f}px')}"

    # --- cells

    def _row(self, row: int) -> str:
        high = self._styles.name(f"height:{self._picture.heights[row]:.0f}px")
        cells = [
            self._cell(row, column) for column in self._columns if (row, column) not in self._spans.covered
        ]
        return f'<tr class="{high}"><th scope="row">{row + 1}</th>{"".join(cells)}</tr>'

    def _cell(self, row: int, column: int) -> str:
        cell = self._cells.get((row, column))
        span = self._spans.at(row, column)
        look = self._look((row, column))
        at = address(row, column)
        if cell is not None:
            at = address(cell.row, cell.column)
        marks = self._marks.get(at, ())
        classes = [self._style(look, row, column, span, cell), self._stays(column)]
        classes += self._manner(cell, look, span)
        if (row, column) in self._charts:
            classes.append("charted")
        if marks:
            classes.append("marked")
        attributes = f' id="{at}" class="{" ".join(filter(None, classes))}"'
        if span.columns > 1:
            attributes += f' colspan="{span.columns}"'
        if span.rows > 1:
            attributes += f' rowspan="{span.rows}"'
        if cell is not None and cell.note:
            attributes += f' title="{escape(_short(cell.note))}"'
        charts = "".join(self._chart(chart) for chart in self._charts.get((row, column), ()))
        return f"<td{attributes}>{self._content(cell, look, span, column)}{_badges(marks)}{charts}</td>"

    def _look(self, at: Position) -> Appearance:
        cell = self._cells.get(at)
        if cell is None or cell.look >= len(self._picture.looks):
            return _BLANK
        return self._picture.looks[cell.look]

    def _style(
        self, look: Appearance, row: int, column: int, span: CellSpan, cell: PictureCell | None
    ) -> str:
        corner = self._look((row, span.right))
        foot = self._look((span.bottom, column))
        after = self._look((row, span.right + 1))
        under = self._look((span.bottom + 1, column))
        edges = {
            "right": self._edge(corner.right, after.left, look),
            "bottom": self._edge(foot.bottom, under.top, look),
        }
        if column == self._columns[0]:
            edges["left"] = look.left
        if row == self._rows[0]:
            edges["top"] = look.top
        numeric = cell is not None and cell.numeric
        return self._styles.name(cell_style(look, edges, numeric=numeric))

    def _edge(self, own: Edge, neighbour: Edge, look: Appearance) -> Edge:
        """Return the border between two cells: that of either, or a thin line of the grid."""
        for edge in (own, neighbour):
            if edge.line:
                return edge
        if self._picture.grid and not look.fill:
            return _GRID_LINE
        return NO_LINE

    def _manner(self, cell: PictureCell | None, look: Appearance, span: CellSpan) -> list[str]:
        """Return the classes that say how a text runs on, and what else stands in the cell."""
        found: list[str] = []
        if cell is None:
            return found
        if cell.note:
            found.append("noted")
        if cell.bar or cell.spark:
            found.append("holds")
        if not look.wrap and (cell.numeric or not self._is_free(cell.row, span.right + 1)):
            found.append("clips")
        elif not look.wrap and cell.text:
            found.append("runs")
        return found

    def _is_free(self, row: int, column: int) -> bool:
        """Return whether a text from the left may run on over a cell."""
        cell = self._cells.get((row, column))
        return (row, column) not in self._spans.covered and (cell is None or not cell.text)

    def _content(self, cell: PictureCell | None, look: Appearance, span: CellSpan, column: int) -> str:
        if cell is None:
            return ""
        text = escape(_short(cell.text))
        drawn = ""
        if cell.bar:
            drawn += bar_svg(cell.bar)
        if cell.spark:
            drawn += spark_svg(cell.spark)
        if cell.link and text:
            href = escape(self._place_link(cell.link.sheet, cell.link.cell))
            tip = f' title="{escape(cell.link.tip)}"' if cell.link.tip else ""
            text = f'<a href="{href}"{tip}>{text}</a>'
        elif source := self._source_link(cell.text):
            text = f'<a class="source" href="{escape(source)}">{text}</a>'
        manner = text_style(look) or self._shrunk(cell, look, column, span)
        if text and manner:
            text = f'<span class="{self._styles.name(manner)}">{text}</span>'
        elif text and drawn:
            text = f"<span>{text}</span>"
        return drawn + text

    def _shrunk(self, cell: PictureCell, look: Appearance, column: int, span: CellSpan) -> str:
        """Return the size of a text that is to fit into its cell, "" where it does or need not."""
        if not look.shrink or look.wrap:
            return ""
        room = sum(self._picture.widths[column : span.right + 1]) - _PADDING
        size = look.size * _PIXELS
        wide = width_of(cell.text, size)
        if wide <= room or room <= 0:
            return ""
        return f"font-size:{size * max(room / wide, _SMALLEST):.1f}px"

    def _chart(self, chart: PictureChart) -> str:
        place = self._styles.name(f"left:{chart.x:.0f}px;top:{chart.y:.0f}px")
        return f'<div class="over {place}">{chart_svg(chart)}</div>'


def _short(text: str) -> str:
    """Return a text as far as a picture shows it: endless ones would be more than browsers take."""
    if len(text) > _LONGEST:
        return f"{text[:_LONGEST]}……（很长，后面的请打开原表看）"
    return text


def _badges(marks: Sequence[CellMark]) -> str:
    """Return the numbers of what is said of a cell, which lead to its words."""
    if not marks:
        return ""
    numbers = "、".join(str(mark.number) for mark in marks)
    words = escape("\n".join(mark.words for mark in marks))
    return (
        f'<a class="badge" href="#finding-{marks[0].number}" title="{words}">'
        f'<span class="unseen">核验</span>{numbers}</a>'
    )
