"""信函.xlsx as the office edits it."""

from openpyxl import load_workbook

from tenproj_xl.app.workspace import Workspace


def set_text(workspace: Workspace, occasion: str, text: str | None) -> str:
    """Type another text beside an occasion, and return the address of its cell."""
    book = load_workbook(workspace.letters)
    for row in book["信函"].iter_rows():
        if row[0].value == occasion:
            row[1].value = text
            break
    else:
        raise LookupError(occasion)
    book.save(workspace.letters)
    return row[1].coordinate


def delete_rows(workspace: Workspace, *occasions: str) -> None:
    """Delete the rows of some occasions."""
    book = load_workbook(workspace.letters)
    page = book["信函"]
    for number in range(page.max_row, 0, -1):
        if page.cell(number, 1).value in occasions:
            page.delete_rows(number)
    book.save(workspace.letters)
