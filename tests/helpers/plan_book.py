"""工作计划.xlsx as the office edits it: rows found by their code, columns by their header."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tenproj_xl.app.initialise import initialise
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.cells import Rows
from tenproj_xl.excel.office_tables import write_workbook  # loads XlsxWriter
from tenproj_xl.model.plan_schema import PLAN_SHEETS
from tests.helpers.small_plan import small_tables

_HEAD = 2


@dataclass(frozen=True)
class PlanBook:
    """The open workbook."""

    book: Workbook

    def row(self, sheet: str, *key: object) -> int:
        """Return the row whose first cells hold a key, counted from 1."""
        page = self.book[sheet]
        for row in range(_HEAD + 1, page.max_row + 1):
            found = [page.cell(row, n).value for n in range(1, len(key) + 1)]
            if [str(cell) for cell in found] == [str(part) for part in key]:
                return row
        raise KeyError(key)

    def set(self, sheet: str, *key: object, **cells: object) -> None:
        """Write into cells of a row, given by header."""
        row = self.row(sheet, *key)
        for header, value in cells.items():
            self.book[sheet].cell(row, _columns(self.book[sheet])[header]).value = value  # type: ignore[assignment]

    def add(self, sheet: str, after: object = None, **cells: object) -> None:
        """Insert a row below that of a code, by default below the last."""
        page = self.book[sheet]
        last = max(row for row in range(1, page.max_row + 1) if page.cell(row, 1).value is not None)
        row = last + 1 if after is None else self.row(sheet, after) + 1
        page.insert_rows(row)
        for header, value in cells.items():
            page.cell(row, _columns(page)[header]).value = value  # type: ignore[assignment]

    def copy(self, sheet: str, *key: object, **cells: object) -> None:
        """Add a row like another one, but for some cells."""
        page, row = self.book[sheet], self.row(sheet, *key)
        values = {header: page.cell(row, n).value for header, n in _columns(page).items()}
        self.add(sheet, **{**values, **cells})

    def delete(self, sheet: str, *key: object) -> None:
        """Delete a row."""
        self.book[sheet].delete_rows(self.row(sheet, *key))

    def replace_everywhere(self, old: str, new: str) -> None:
        """Find and replace a text in all cells of all sheets, as people do."""
        for page in self.book.worksheets:
            for cells in page.iter_rows():
                for cell in cells:
                    if isinstance(cell.value, str) and old in cell.value:
                        cell.value = cell.value.replace(old, new)


def _columns(page: Worksheet) -> dict[str, int]:
    return {str(cell.value): n for n, cell in enumerate(page[_HEAD], 1) if cell.value}


@contextmanager
def plan_book(workspace: Workspace) -> Iterator[PlanBook]:
    """Open the plan of a workspace, and save it afterwards."""
    book = load_workbook(workspace.plan)
    yield PlanBook(book)
    book.save(workspace.plan)


def workspace_of(root: Path, tables: Mapping[str, Rows] | None = None) -> Workspace:
    """Make a workspace with a plan of some tables, by default the small one."""
    workspace = Workspace(root)
    initialise(workspace)
    write_workbook(workspace.plan, PLAN_SHEETS, tables or small_tables(), {})
    return workspace
