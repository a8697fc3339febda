"""Actions of people on a workbook in LibreOffice; run inside lo_worker.

Each action takes the program, the document and plain arguments, and returns the document to save: a new one if
something was carried into a new workbook. Ranges are as people write them: `A5:V12`.
"""

from collections.abc import Callable, Sequence
from typing import Any

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.sheet.FillDirection import TO_BOTTOM
from com.sun.star.table import TableSortField

_ATTRIBUTES = 32  # com.sun.star.sheet.CellFlags.HARDATTR
_FILL_ONE_UP = 1


def properties(**named: Any) -> tuple[Any, ...]:
    return tuple(PropertyValue(Name=name, Value=value) for name, value in named.items())


def command(calc: Any, document: Any, name: str, **arguments: Any) -> None:
    frame = document.CurrentController.Frame
    calc.dispatcher.executeDispatch(frame, f".uno:{name}", "", 0, properties(**arguments))


def area(document: Any, sheet: str, cells: str) -> Any:
    return document.Sheets.getByName(sheet).getCellRangeByName(cells)


def go_to(calc: Any, document: Any, sheet: str, cells: str) -> None:
    document.CurrentController.setActiveSheet(document.Sheets.getByName(sheet))
    command(calc, document, "GoToCell", ToPoint=cells)


# --- typing


def type_text(calc: Any, document: Any, sheet: str, cell: str, text: str) -> Any:
    """Type into a cell, with LibreOffice's conversions; a locked cell refuses."""
    if document.Sheets.getByName(sheet).isProtected() and area(document, sheet, cell).CellProtection.IsLocked:
        raise PermissionError(f"{sheet}!{cell} is locked")  # its message box would end the headless build
    go_to(calc, document, sheet, cell)
    command(calc, document, "EnterString", StringName=text)
    return document


def fill_in(_: Any, document: Any, sheet: str, cells: dict[str, str]) -> Any:
    """Put texts into many cells as if typed, not through the window, which crashes after hundreds; "" deletes."""
    for cell, text in cells.items():
        found = area(document, sheet, cell)
        if found.CellProtection.IsLocked:
            raise PermissionError(f"{sheet}!{cell} is locked")
        if text:
            found.FormulaLocal = text
        else:
            found.clearContents(1 | 2 | 4 | 16)
    return document


def unprotect(_: Any, document: Any) -> Any:
    """Unprotect every sheet; there is no password."""
    for page in document.Sheets:
        page.unprotect("")
    return document


def clear_formats(_: Any, document: Any, sheet: str, cells: str) -> Any:
    """Clear direct formatting, as “clear formats” does: text cells become general ones."""
    area(document, sheet, cells).clearContents(_ATTRIBUTES)
    return document


def replace_everywhere(_: Any, document: Any, find: str, put: str) -> Any:
    """Replace all, in every sheet."""
    for page in document.Sheets:
        wanted = page.createReplaceDescriptor()
        wanted.SearchString, wanted.ReplaceString = find, put
        page.replaceAll(wanted)
    return document


# --- rows


def sort(_: Any, document: Any, sheet: str, cells: str, by: int, *, descending: bool = False) -> Any:
    """Sort a range by one of its columns, counted from 0."""
    key = TableSortField()
    key.Field, key.IsAscending = by, not descending
    keys = uno.Any("[]com.sun.star.table.TableSortField", (key,))
    area(document, sheet, cells).sort(properties(SortFields=keys, ContainsHeader=False))
    return document


def insert_rows(_: Any, document: Any, sheet: str, before: int, count: int = 1) -> Any:
    """Insert blank rows before one counted from 1."""
    document.Sheets.getByName(sheet).Rows.insertByIndex(before - 1, count)
    return document


def delete_rows(_: Any, document: Any, sheet: str, first: int, count: int = 1) -> Any:
    """Delete rows, the first counted from 1."""
    document.Sheets.getByName(sheet).Rows.removeByIndex(first - 1, count)
    return document


def copy(_: Any, document: Any, sheet: str, cells: str, to: str) -> Any:
    """Copy a range to where its upper left cell is to be."""
    page = document.Sheets.getByName(sheet)
    page.copyRange(area(document, sheet, to).CellAddress, area(document, sheet, cells).RangeAddress)
    return document


def cut(_: Any, document: Any, sheet: str, cells: str, to: str) -> Any:
    """Cut a range and paste it where its upper left cell is to be."""
    page = document.Sheets.getByName(sheet)
    page.moveRange(area(document, sheet, to).CellAddress, area(document, sheet, cells).RangeAddress)
    return document


def drag_down(_: Any, document: Any, sheet: str, cells: str) -> Any:
    """Drag the handle of a range's first row down to its last."""
    area(document, sheet, cells).fillAuto(TO_BOTTOM, _FILL_ONE_UP)
    return document


def hide_rows(_: Any, document: Any, sheet: str, first: int, count: int) -> Any:
    """Hide rows, the first counted from 1."""
    for n in range(first - 1, first - 1 + count):
        document.Sheets.getByName(sheet).Rows.getByIndex(n).IsVisible = False
    return document


def filter_rows(_: Any, document: Any, sheet: str, cells: str, column: int, text: str) -> Any:
    """Filter a range, header included, by what stands in one of its columns, counted from 0."""
    wanted = uno.createUnoStruct("com.sun.star.sheet.TableFilterField")
    wanted.Field, wanted.StringValue = column, text
    wanted.Operator = uno.Enum("com.sun.star.sheet.FilterOperator", "EQUAL")
    block = area(document, sheet, cells)
    descriptor = block.createFilterDescriptor(True)  # UNO has no names for arguments
    descriptor.ContainsHeader = True
    descriptor.setFilterFields((wanted,))
    block.filter(descriptor)
    return document


def merge(_: Any, document: Any, sheet: str, cells: str) -> Any:
    """Merge cells; all but the first lose their content, as in Excel."""
    block = area(document, sheet, cells)
    first = block.getCellByPosition(0, 0).getString()
    block.clearContents(1 | 2 | 4 | 16)
    block.merge(True)
    block.getCellByPosition(0, 0).setString(first)
    return document


# --- pasting


def paste_from_elsewhere(calc: Any, document: Any, rows: Sequence[Sequence[str]], sheet: str, to: str) -> Any:
    """Type a table into a new workbook, copy it, and paste it at a cell."""
    own = calc.new()
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            own.Sheets.getByIndex(0).getCellByPosition(c, r).setFormula(text)
    last = own.Sheets.getByIndex(0).getCellRangeByPosition(0, 0, len(rows[0]) - 1, len(rows) - 1)
    own.CurrentController.select(last)
    go_to(calc, document, sheet, to)
    document.CurrentController.insertTransferable(own.CurrentController.getTransferable())
    return document


def carry_cells(calc: Any, document: Any, sheet: str, cells: str) -> Any:
    """Copy a range and paste it into a new workbook."""
    new = calc.new()
    go_to(calc, document, sheet, cells)
    new.CurrentController.insertTransferable(document.CurrentController.getTransferable())
    return new


# --- columns


def insert_column(_: Any, document: Any, sheet: str, before: int, header: str, header_row: int) -> Any:
    """Insert a column before one counted from 0, and give it a header in a row counted from 1."""
    page = document.Sheets.getByName(sheet)
    page.Columns.insertByIndex(before, 1)
    page.getCellByPosition(before, header_row - 1).setString(header)
    return document


def delete_column(_: Any, document: Any, sheet: str, column: int) -> Any:
    """Delete a column counted from 0."""
    document.Sheets.getByName(sheet).Columns.removeByIndex(column, 1)
    return document


# --- sheets


def rename_sheet(_: Any, document: Any, sheet: str, name: str) -> Any:
    """Rename a sheet."""
    document.Sheets.getByName(sheet).setName(name)
    return document


def delete_sheet(_: Any, document: Any, sheet: str) -> Any:
    """Delete a sheet."""
    document.Sheets.removeByName(sheet)
    return document


def copy_sheet(_: Any, document: Any, sheet: str, name: str) -> Any:
    """Copy a sheet within the workbook, to its end."""
    document.Sheets.copyByName(sheet, name, document.Sheets.Count)
    return document


def put_first(_: Any, document: Any, sheet: str) -> Any:
    """Move a sheet to the front."""
    document.Sheets.moveByName(sheet, 0)
    return document


def look_at(_: Any, document: Any, sheet: str) -> Any:
    """Activate a sheet without moving it: a CSV has the active one."""
    document.CurrentController.setActiveSheet(document.Sheets.getByName(sheet))
    return document


def carry_sheets(calc: Any, document: Any, sheets: Sequence[str]) -> Any:
    """Move or copy sheets into a new workbook."""
    new = calc.new()
    for name in sheets:
        new.Sheets.importSheet(document, name, new.Sheets.Count)
    new.Sheets.removeByName(new.Sheets.getByIndex(0).Name)
    return new


def carry_into(calc: Any, document: Any, path: str, sheet: str) -> Any:
    """Copy a sheet into another workbook, which may have one of that name."""
    other = calc.open(path)
    other.Sheets.importSheet(document, sheet, other.Sheets.Count)
    return other


ACTIONS: dict[str, Callable[..., Any]] = {
    action.__name__: action
    for action in (
        type_text,
        fill_in,
        unprotect,
        clear_formats,
        replace_everywhere,
        sort,
        insert_rows,
        delete_rows,
        copy,
        cut,
        drag_down,
        hide_rows,
        filter_rows,
        merge,
        paste_from_elsewhere,
        carry_cells,
        insert_column,
        delete_column,
        rename_sheet,
        delete_sheet,
        copy_sheet,
        put_first,
        look_at,
        carry_sheets,
        carry_into,
    )
}
