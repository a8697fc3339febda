"""How large the smallest letters of a sheet are on paper, as spreadsheet programs compute it."""

from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

_PAPERS = {8: (420.0, 297.0), 9: (297.0, 210.0)}
"""A3 and A4 across, in millimetres."""
_POINTS = 72 / 25.4


def smallest_letters(sheet: Worksheet) -> float:
    """Return the size in points of the smallest letters that are printed of a sheet."""
    area = sheet.print_area.partition("!")[2].replace("$", "") or sheet.dimensions
    first, top, last, bottom = range_boundaries(area)
    sizes = [
        cell.font.sz
        for row in sheet.iter_rows(min_row=top, max_row=bottom, min_col=first, max_col=last)
        for cell in row
        if cell.value is not None and not _is_hidden(sheet, cell.column)
    ]
    return float(min(sizes)) * _scale(sheet, int(last or 1))


def _scale(sheet: Worksheet, last: int) -> float:
    setup = sheet.page_setup
    fits = sheet.sheet_properties.pageSetUpPr is not None and sheet.sheet_properties.pageSetUpPr.fitToPage
    if not fits:
        return float(setup.scale or 100) / 100
    long, short = _PAPERS[int(setup.paperSize or 9)]
    across = short if setup.orientation == "portrait" else long
    margins = (sheet.page_margins.left + sheet.page_margins.right) * 72
    return min(1.0, (across * _POINTS - margins) / _width(sheet, last))


def _width(sheet: Worksheet, last: int) -> float:
    """Return how wide the columns are, in points."""
    width = 0.0
    for dimension in sheet.column_dimensions.values():
        columns = range(int(dimension.min or 0), min(int(dimension.max or 0), last) + 1)
        if not dimension.hidden:
            width += len(columns) * round(dimension.width * 7) * 0.75
    return width


def _is_hidden(sheet: Worksheet, column: int) -> bool:
    dimensions = sheet.column_dimensions.values()
    return any(one.hidden and int(one.min or 0) <= column <= int(one.max or 0) for one in dimensions)
