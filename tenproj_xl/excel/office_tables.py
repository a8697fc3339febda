"""Writing the workbooks that the office edits, from the declarations of their sheets.

Reads: tables under their headers. Gives: a workbook with notes, drop-downs, and rows high enough for their
texts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from tenproj_xl.core.cells import Rows, Value
from tenproj_xl.core.columns import Column, Fill, Kind, Sheet
from tenproj_xl.core.parse import read_cell
from tenproj_xl.core.tables import TableRow, data_rows, locate
from tenproj_xl.core.texts import text_of
from tenproj_xl.excel.style import Printing, Style, row_height
from tenproj_xl.excel.writer import SheetWriter, WorkbookWriter

_NOTE = Style(size=10, italic=True, colour="#595959", wrap=True)
_HEAD = (
    Style(font="黑体", size=11, bold=True, horizontal="center", wrap=True)
    .filled("#DDEBF7")
    .framed(1, "#A6A6A6")
)
_CELL = Style(wrap=True).framed(1, "#BFBFBF")
_DAY = "yyyy-mm-dd"
_INPUT_HEAD, _INPUT = _HEAD.filled("#FCE9B8"), _CELL.filled("#FFF9DF")
"""Where the office fills in only some of the columns."""
_PRINTING = Printing()
_HEADER_ROW = 1
_SPARE_ROWS = 200
_YEAR = 2000


def write_workbook(
    path: Path, declared: Sequence[Sheet], sheets: Mapping[str, Rows], notes: Mapping[str, str]
) -> None:
    """Write an office workbook: per sheet a note, the header and the rows, with drop-downs as declared.

    `sheets` holds rows under their header as `shipped_plan` gives them; numbers and dates in text become real
    ones.
    """
    book = WorkbookWriter(path)
    for sheet in declared:
        if sheet.may_lack and sheet.name not in sheets:
            continue
        _write_sheet(book.sheet(sheet.name), sheet, sheets[sheet.name], notes.get(sheet.code, ""))
    book.close()


def _write_sheet(page: SheetWriter, sheet: Sheet, rows: Rows, note: str) -> None:
    layout = locate(rows, sheet)
    if layout is None:
        raise ValueError(f"rows of {sheet.name} lack their header")
    page.write_across(0, (0, len(sheet.columns) - 1), note, _NOTE)
    page.height(0, 15 * max(2, len(note.splitlines())))
    page.height(_HEADER_ROW, 32)
    for n, column in enumerate(sheet.columns):
        page.width(n, column.width)
        page.write(_HEADER_ROW, n, column.header, _INPUT_HEAD if _is_input(column, sheet) else _HEAD)
        if column.choices:
            _offer(page, n, column)
    for row, table_row in enumerate(data_rows(rows, layout), _HEADER_ROW + 1):
        _write_row(page, row, sheet, table_row)
    page.sheet.freeze_panes(_HEADER_ROW + 1, 2)
    page.sheet.autofilter(_HEADER_ROW, 0, _HEADER_ROW + max(1, len(rows) - 1), len(sheet.columns) - 1)
    page.sheet.repeat_rows(_HEADER_ROW)
    page.print_as(_PRINTING, "", "&C第 &P 页，共 &N 页")


def _write_row(page: SheetWriter, row: int, sheet: Sheet, table_row: TableRow) -> None:
    texts = []
    for n, column in enumerate(sheet.columns):
        cell = table_row.cells.get(column.field)
        style = _INPUT if _is_input(column, sheet) else _CELL
        if column.kind is Kind.DATE:
            style = replace(style, number_format=_DAY)
        page.write(row, n, _typed_value(cell, column), style)
        texts.append((text_of(cell), column.width, _CELL))
    page.height(row, row_height(texts, 22))


def _typed_value(cell: object, column: Column) -> Value:
    """Return a number or a date where column and cell plainly hold one; anything else as text."""
    if column.kind in (Kind.NUMBER, Kind.DATE):
        meaning = read_cell(cell, column, year=_YEAR)
        if not meaning.code:
            return meaning.value
    return text_of(cell)


def _is_input(column: Column, sheet: Sheet) -> bool:
    return column.fill is Fill.OFFICE and any(c.fill is not Fill.OFFICE for c in sheet.columns)


def _offer(page: SheetWriter, n: int, column: Column) -> None:
    """Write the drop-down of a column, also below the last row."""
    choices = list(column.choice_labels)
    rule = {
        "validate": "list",
        "source": choices,
        "error_title": "请从选项中选择",
        "error_message": "请选择：" + "、".join(choices),
    }
    page.sheet.data_validation(_HEADER_ROW + 1, n, _HEADER_ROW + _SPARE_ROWS, n, rule)
