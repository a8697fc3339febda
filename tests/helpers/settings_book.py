"""设置.xlsx as the office edits it."""

from datetime import date

from openpyxl import load_workbook

from tenproj_xl.app.workspace import Workspace


def set_parameter(workspace: Workspace, name: str, value: str | float | None) -> None:
    """Type a value beside a parameter."""
    book = load_workbook(workspace.settings)
    for row in book["参数"].iter_rows():
        if row[0].value == name:
            row[1].value = value
            break
    else:
        raise LookupError(name)
    book.save(workspace.settings)


def add_line(workspace: Workspace, sheet: str, *cells: str | float | date | None) -> None:
    """Type a line below the last of a sheet."""
    book = load_workbook(workspace.settings)
    page = book[sheet]
    last = max((cell.row for row in page.iter_rows() for cell in row if cell.value is not None), default=0)
    for column, cell in enumerate(cells, 1):
        page.cell(last + 1, column).value = cell
    book.save(workspace.settings)


def know_password(workspace: Workspace, unit: str, password: str) -> None:
    """Type a password into 打开密码.xlsx."""
    book = load_workbook(workspace.passwords)
    page = book["打开密码"]
    row = 1 + max(cell.row for line in page.iter_rows() for cell in line if cell.value is not None)
    page.cell(row, 1).value, page.cell(row, 2).value = unit, password
    book.save(workspace.passwords)
