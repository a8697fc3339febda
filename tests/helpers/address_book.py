"""通讯录.xlsx as the office edits it."""

from openpyxl import load_workbook

from tenproj_xl.app.workspace import Workspace
from tenproj_xl.model.address_reader import ADDRESS_SHEET


def contact(workspace: Workspace, unit: str, name: str, **cells: object) -> str:
    """Type a line below the last, by field of the sheet, and return the address of its first cell."""
    book = load_workbook(workspace.addresses)
    page = book[ADDRESS_SHEET.name]
    row = max(cell.row for line in page.iter_rows() for cell in line if cell.value is not None) + 1
    values = {"unit": unit, "name": name, **cells}
    for number, column in enumerate(ADDRESS_SHEET.columns, 1):
        page.cell(row, number).value = values.pop(column.field, None)  # type: ignore[assignment]
    if values:
        raise LookupError(values)
    book.save(workspace.addresses)
    return f"A{row}"
