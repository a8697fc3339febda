"""The update of a template: columns that were declared after it was made, added without touching its look."""

from collections.abc import Sequence
from copy import copy
from pathlib import Path
from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

from tenproj_xl.core.columns import Sheet
from tenproj_xl.core.files import atomic_write, must_be_closed
from tenproj_xl.excel.look import DATA_PARTS, Part, template_columns
from tenproj_xl.excel.look_reader import columns_by_field, load_template, rows_by_part
from tenproj_xl.excel.missing_columns import MissingColumn, missing_columns

_SAMPLES = (Part.OPEN, Part.NOT_DUE, Part.ERROR, Part.WARNING)


def update_template(path: Path, sheets: Sequence[Sheet]) -> list[str]:
    """Add the declared columns that a template lacks, and keep the previous template beside it.

    Returns:
        The sheet and header of each column added; empty, and nothing written, where none was missing.

    Raises:
        EnvironmentProblem: There is no such template, it is no workbook, or is open in another program.
    """
    book = load_template(path)
    added = []
    for sheet in sheets:
        if sheet.name not in book.sheetnames:
            continue
        page = book[sheet.name]
        rows = rows_by_part(page)
        present = [field for field, _ in columns_by_field(page, rows[Part.CODES])]
        for missing in missing_columns(template_columns(sheet), present):
            _add(page, rows, missing)
            added.append(f"{sheet.name}：{missing.column.header}")
    if added:
        must_be_closed(path)
        _keep_beside(path)
        with atomic_write(path) as temporary:
            book.save(temporary)
    return added


def _keep_beside(path: Path) -> None:
    before = path.with_name(f"{path.stem}_更新前{path.suffix}")
    with atomic_write(before) as temporary:
        temporary.write_bytes(path.read_bytes())


def _add(page: Any, rows: dict[Part, int], missing: MissingColumn) -> None:
    """Insert a column behind its neighbour, with the styles of the one that it looks like."""
    columns = dict(columns_by_field(page, rows[Part.CODES]))
    place = columns[missing.after] + 1 if missing.after else min(columns.values())
    _insert(page, place)
    columns = dict(columns_by_field(page, rows[Part.CODES]))
    for part in DATA_PARTS:
        if part not in rows:
            continue
        cell, model = page.cell(rows[part], place), page.cell(rows[part], columns[missing.like])
        cell._style = copy(model._style)  # noqa: SLF001  # the only way to copy all of a style at once
        if part in _SAMPLES:
            cell.value = model.value
    page.cell(rows[Part.CODES], place).value = missing.column.field
    page.cell(rows[Part.HEADER], place).value = missing.column.header
    page.column_dimensions[get_column_letter(place)].width = missing.column.width


def _insert(page: Any, place: int) -> None:
    """Insert a column, counted from 1, and move widths, merged cells and panes, which openpyxl leaves."""
    merged = [range_.bounds for range_ in page.merged_cells.ranges]
    for left, top, right, bottom in merged:
        page.unmerge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
    widths = _widths(page)
    page.insert_cols(place)
    for column, width in widths.items():
        moved = column + 1 if column >= place else column
        page.column_dimensions[get_column_letter(moved)].width = width
    for left, top, right, bottom in merged:
        first = left + 1 if left >= place else left
        last = right + 1 if right >= place - 1 else right
        page.merge_cells(start_row=top, start_column=first, end_row=bottom, end_column=last)
    if page.freeze_panes:
        letter, row = coordinate_from_string(page.freeze_panes)
        column = column_index_from_string(letter)
        if column > place:
            page.freeze_panes = f"{get_column_letter(column + 1)}{row}"


def _widths(page: Any) -> dict[int, float]:
    """Return the width of each column that has one of its own; groups of columns are taken apart."""
    widths: dict[int, float] = {}
    for letter, dimension in list(page.column_dimensions.items()):
        first = dimension.min or column_index_from_string(letter)
        for column in range(first, (dimension.max or first) + 1):
            widths[column] = dimension.width
        del page.column_dimensions[letter]
    return widths
