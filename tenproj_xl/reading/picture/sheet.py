"""The cells, sizes and marks of a worksheet, as its XML has them."""

from collections.abc import Iterable, Mapping, Sequence
from xml.etree import ElementTree as ET

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.reading.book import Position
from tenproj_xl.reading.picture.formula import Value, column_number
from tenproj_xl.reading.picture.model import CELLS, COLUMNS, ROWS, Appearance, Link
from tenproj_xl.reading.picture.numbers import general, shown, shown_text
from tenproj_xl.reading.picture.rules import areas_of
from tenproj_xl.reading.picture.sparks import place_of
from tenproj_xl.reading.picture.styles import Styles
from tenproj_xl.reading.picture.xml import every, first, is_true, named, number, parsed, text_in, whole

_DIGIT = 7.0
"""Pixels of a digit of the default font."""
_PIXELS = 96 / 72
"""Of a point."""
_HEIGHT = 15.0
_WIDTH = 9.140625
"""Of a column of which the file says nothing, in digits."""
_ERROR = "e"


@dataclass(frozen=True, kw_only=True)
class SheetGrid:
    """The columns and rows of a sheet: sizes in pixels, 0 for hidden ones."""

    widths: Sequence[float]
    heights: Sequence[float]
    frozen: tuple[int, int]
    lines: bool
    cut: bool


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A cell as the file has it: its format by number, its value, and whether that is an error."""

    row: int
    column: int
    style: int
    value: Value
    is_error: bool = False

    @property
    def is_numeric(self) -> bool:
        """Whether it stands at the right unless its format says otherwise."""
        return isinstance(self.value, float) and not self.is_error

    def shown(self, styles: Styles, *, is_1904: bool) -> str:
        """Return what is seen in it."""
        code = "General"
        if self.style < len(styles.formats):
            code = styles.formats[self.style]
        match self.value:
            case None:
                return ""
            case bool():
                return str(self.value).upper()
            case float():
                return shown(self.value, code, epoch_1904=is_1904)
            case str() if self.is_error:
                return self.value
            case str():
                return shown_text(self.value, code)
        return general(self.value)


def grid_of(sheet: ET.Element, look: Appearance, others: Iterable[Position] = ()) -> SheetGrid:
    """Return the columns and rows of a sheet that reaches to others, too; `look` is that of blank cells."""
    last_row, last_column = _ends(sheet)
    for row, column in others:
        last_row, last_column = max(last_row, row), max(last_column, column)
    columns = min(last_column + 1, COLUMNS)
    rows = min(last_row + 1, ROWS, CELLS // columns)
    about = first(sheet, "sheetFormatPr")
    view = first(sheet, "sheetViews", "sheetView")
    pane = first(view, "pane")
    frozen = (0, 0)
    if named(pane, "state").startswith("frozen"):
        frozen = (whole(named(pane, "ySplit")), whole(named(pane, "xSplit")))
    return SheetGrid(
        widths=_widths(sheet, about, columns),
        heights=_heights(sheet, about, look, rows),
        frozen=frozen,
        lines=named(view, "showGridLines", "1") not in ("0", "false"),
        cut=last_row >= rows or last_column >= columns,
    )


def _ends(sheet: ET.Element) -> tuple[int, int]:
    """Return the last row and column that a sheet says anything of, counted from 0."""
    last_row = last_column = 0
    for row in every(sheet, "sheetData/row"):
        number_of_row = whole(named(row, "r"))
        cells = every(row, "c")
        if cells or named(row, "ht"):
            last_row = max(last_row, number_of_row - 1)
        if cells:
            last_column = max(last_column, _position(named(cells[-1], "r"))[1])
    for _, bottom, _, right in _ranges(sheet):
        last_row, last_column = max(last_row, bottom), max(last_column, right)
    return last_row, last_column


def _ranges(sheet: ET.Element) -> list[tuple[int, int, int, int]]:
    ranges = []
    for merged in every(sheet, "mergeCells/mergeCell"):
        ranges += areas_of(named(merged, "ref"))[:1]
    return ranges


def _widths(sheet: ET.Element, about: ET.Element | None, count: int) -> list[float]:
    default = number(named(about, "defaultColWidth"), _WIDTH) * _DIGIT
    widths = [float(round(default))] * count
    for column in every(sheet, "cols/col"):
        width = float(round(number(named(column, "width"), _WIDTH) * _DIGIT))
        if is_true(named(column, "hidden")):
            width = 0.0
        for n in range(whole(named(column, "min")) - 1, min(whole(named(column, "max")), count)):
            widths[n] = width
    return widths


def _heights(sheet: ET.Element, about: ET.Element | None, look: Appearance, count: int) -> list[float]:
    default = number(named(about, "defaultRowHeight"), max(_HEIGHT, look.size * 1.3))
    heights = [default * _PIXELS] * count
    for row in every(sheet, "sheetData/row"):
        n = whole(named(row, "r")) - 1
        if 0 <= n < count:
            heights[n] = number(named(row, "ht"), default) * _PIXELS
            if is_true(named(row, "hidden")):
                heights[n] = 0.0
    return [round(height, 2) for height in heights]


def cells_of(sheet: ET.Element, grid: SheetGrid, strings: Sequence[str]) -> list[Cell]:
    """Return the cells of a sheet that lie within its grid."""
    found = []
    for row in every(sheet, "sheetData/row"):
        if not 0 < whole(named(row, "r")) <= len(grid.heights):
            continue
        for element in every(row, "c"):
            at = _position(named(element, "r"))
            if 0 <= at[1] < len(grid.widths) and 0 <= at[0] < len(grid.heights):
                found.append(_cell(element, at, strings))
    return found


def blank_cell(at: Position) -> Cell:
    """Return a cell that the sheet does not have."""
    return Cell(row=at[0], column=at[1], style=0, value=None)


def _cell(element: ET.Element, at: Position, strings: Sequence[str]) -> Cell:
    kind = named(element, "t", "n")
    written = first(element, "v")
    text = ""
    if written is not None:
        text = written.text or ""
    return Cell(
        row=at[0],
        column=at[1],
        style=whole(named(element, "s")),
        value=_value(element, kind, text, strings),
        is_error=kind == _ERROR,
    )


def _value(element: ET.Element, kind: str, text: str, strings: Sequence[str]) -> Value:
    if kind == "inlineStr":
        return text_in(first(element, "is"))
    if not text:
        return None
    match kind:
        case "s":
            index = whole(text, len(strings))
            return strings[index] if index < len(strings) else None
        case "b":
            return text == "1"
        case "n":
            return number(text)
    return text


def _position(reference: str) -> Position:
    """Return row and column of a cell's address; before everything if it has none."""
    letters = reference.rstrip("0123456789")
    if not letters or len(letters) > 3 or not (letters.isascii() and letters.isupper()):
        return -1, -1
    return whole(reference[len(letters) :]) - 1, column_number(letters)


def values_of(cells: Sequence[Cell]) -> Mapping[Position, Value]:
    """Return the values of cells by place."""
    return {(cell.row, cell.column): cell.value for cell in cells if cell.value is not None}


def merged_in(sheet: ET.Element, grid: SheetGrid) -> list[tuple[int, int, int, int]]:
    """Return the first and last row, the first and last column of each merged range within the grid."""
    found = []
    for top, bottom, left, right in _ranges(sheet):
        if top < len(grid.heights) and left < len(grid.widths) and top <= bottom and left <= right:
            found.append((top, min(bottom, len(grid.heights) - 1), left, min(right, len(grid.widths) - 1)))
    return found


def links_of(sheet: ET.Element) -> Mapping[Position, Link]:
    """Return the cells that lead to a place of the workbook."""
    links = {}
    for link in every(sheet, "hyperlinks/hyperlink"):
        name, cells = place_of(named(link, "location"))
        areas = areas_of(named(link, "ref"))
        if name and areas:
            top, _, left, _ = areas[0]
            cell = cells.partition(":")[0].replace("$", "")
            links[top, left] = Link(sheet=name, cell=cell, tip=named(link, "tooltip"))
    return links


def notes_in(comments: bytes) -> Mapping[Position, str]:
    """Return the notes at cells."""
    notes = {}
    for comment in every(parsed(comments), "commentList/comment"):
        at = _position(named(comment, "ref"))
        notes[at] = text_in(first(comment, "text"))
    return notes
