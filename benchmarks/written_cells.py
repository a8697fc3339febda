"""The cells of a workbook with their looks, for a bare loop to write again."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from openpyxl import load_workbook
from openpyxl.cell import Cell
from openpyxl.styles import Side
from openpyxl.worksheet.worksheet import Worksheet

_BORDERS = {None: 0, "thin": 1, "medium": 2, "dashed": 3, "dotted": 4, "thick": 5, "double": 6, "hair": 7}
_SIDES = ("left", "right", "top", "bottom")

Look = tuple[tuple[str, object], ...]
"""The properties of an XlsxWriter format."""


class WrittenSheet(NamedTuple):
    """A sheet for `XLSXWRITER`: heights by row, widths by columns, and each cell; all indices from 0."""

    title: str
    heights: list[tuple[int, float]]
    widths: list[tuple[int, int, float]]
    cells: list[tuple[int, int, object, Look]]


def written_cells(path: Path) -> list[tuple[object, ...]]:
    """Return the sheets of a workbook; plain tuples, for a script that knows nothing of us."""
    book = load_workbook(path)
    return [tuple(_written(sheet)) for sheet in book.worksheets]


def _written(sheet: Worksheet) -> WrittenSheet:
    heights = [(number - 1, line.height) for number, line in sheet.row_dimensions.items() if line.height]
    widths = [(column.min - 1, column.max - 1, column.width) for column in sheet.column_dimensions.values()]
    cells = [
        (cell.row - 1, cell.column - 1, cell.value, _look(cell))
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell, Cell) and (cell.value is not None or cell.has_style)
    ]
    return WrittenSheet(sheet.title, heights, widths, cells)


def _look(cell: Cell) -> Look:
    return tuple(_properties(cell))


def _properties(cell: Cell) -> Iterator[tuple[str, object]]:
    font, fill, place = cell.font, cell.fill, cell.alignment
    yield "font_name", font.name
    yield "font_size", font.sz
    yield "bold", bool(font.b)
    yield "num_format", cell.number_format
    yield "text_wrap", bool(place.wrap_text)
    yield "align", place.horizontal or "general"
    yield "valign", {"center": "vcenter"}.get(place.vertical or "bottom", place.vertical or "bottom")
    if isinstance(font.color and font.color.rgb, str):
        yield "font_color", f"#{font.color.rgb[-6:]}"
    if fill.fill_type == "solid" and isinstance(fill.fgColor.rgb, str):
        yield "bg_color", f"#{fill.fgColor.rgb[-6:]}"
    for name in _SIDES:
        side: Side = getattr(cell.border, name)
        if side is not None and side.style:
            yield name, _BORDERS.get(side.style, 1)
