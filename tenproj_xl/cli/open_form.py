"""A form as a clerk has it open: filled in by sheet, row and field, and saved.

form = OpenForm(path)
form.write("indicators", "Z03-04", value=72.5, nature="部门统计")
form.write("issues", "+1", description="用地指标未落实")
form.cover(filler="张三")
form.save(inbox / "03.xlsx", at)
"""

import io
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from tenproj_xl.core.sheets import COVER, ISSUES, KEY, TASKS

TABS: Mapping[str, str] = {"indicators": "主要指标进度表", "tasks": TASKS.name, "issues": ISSUES.name}
"""Names of the worksheets by the code of the sheet."""
Answers = Mapping[tuple[str, str], Mapping[str, object]]
"""Values by field, for each sheet and row: its code, or `+1`, `+2`, … for the blank rows of new issues."""
_LAST_HEAD = 30
"""No form has its row of field codes below this row."""


class OpenForm:
    """An open form: sheets, rows and fields go by their names in `Answers`; numbers begin with 1."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self.book = load_workbook(path)

    def tab(self, sheet: str) -> Worksheet:
        """Return the worksheet of a sheet's code or name."""
        page = self.book[TABS.get(sheet, sheet)]
        if not isinstance(page, Worksheet):
            raise TypeError(f"{sheet} has no cells")
        return page

    def head(self, sheet: str) -> int:
        """Return the number of the hidden row of field codes; the headers stand below it, then the rows."""
        lines = self.tab(sheet).iter_rows(max_row=_LAST_HEAD, values_only=True)
        return next(n for n, line in enumerate(lines, 1) if {KEY, "code", "remark"} & set(line))

    def columns(self, sheet: str) -> dict[str, int]:
        """Return the numbers of all columns by field, the first one of a field that stands twice."""
        cells = self.tab(sheet)[self.head(sheet)]
        return {str(cell.value): cell.column for cell in reversed(cells) if cell.value}

    def column(self, sheet: str, field: str) -> int:
        """Return the number of a field's column."""
        return self.columns(sheet)[field]

    def rows(self, sheet: str) -> dict[str, int]:
        """Return the numbers of all rows that have a key, by their names, from the top."""
        tab, columns = self.tab(sheet), self.columns(sheet)
        numbers: dict[str, int] = {}
        blank = 0
        for number in range(self.head(sheet) + 2, tab.max_row + 1):
            if not tab.cell(number, columns[KEY]).value:
                continue
            code = tab.cell(number, columns["code"]).value
            if not code:
                blank += 1
            numbers.setdefault(str(code or f"+{blank}"), number)
        return numbers

    def row(self, sheet: str, row: str) -> int:
        """Return the number of a row."""
        return self.rows(sheet)[row]

    def at(self, sheet: str, row: str, field: str) -> str:
        """Return the address of a cell."""
        return f"{get_column_letter(self.column(sheet, field))}{self.row(sheet, row)}"

    def cover_at(self, field: str) -> str:
        """Return the address of an answer on 填报说明."""
        lines = self.tab(COVER.name).iter_rows(max_col=1, values_only=True)
        return f"C{next(n for n, (name,) in enumerate(lines, 1) if name == field)}"

    def put(self, sheet: str, cell: str, value: Any) -> str:
        """Write into a cell, whatever stands there; return its address."""
        self.tab(sheet)[cell].value = value
        return cell

    def write(self, sheet: str, row: str, **values: object) -> str:
        """Write into cells of a row; return the address of the last one."""
        for field, value in values.items():
            self.put(sheet, self.at(sheet, row, field), value)
        return self.at(sheet, row, list(values)[-1])

    def cover(self, **values: object) -> str:
        """Write answers on 填报说明; return the address of the last one."""
        for field, value in values.items():
            self.put(COVER.name, self.cover_at(field), value)
        return self.cover_at(list(values)[-1])

    def fill_in(self, answers: Answers) -> None:
        """Write all answers: as `write` does, but the rows of each sheet are looked up once."""
        for sheet in {sheet for sheet, _ in answers}:
            tab, columns, rows = self.tab(sheet), self.columns(sheet), self.rows(sheet)
            for (of, row), values in answers.items():
                if of != sheet:
                    continue
                for field, value in values.items():
                    cell = tab.cell(rows[row], columns[field])
                    cell.value = value  # type: ignore[assignment]  # of any type, as a clerk may type it

    def saved(self, at: datetime | None) -> bytes:
        """Return the workbook as saved at a time, which it says of itself; without one it says none."""
        properties = self.book.properties
        properties.modified = at.astimezone(UTC).replace(tzinfo=None) if at else properties.created
        file = io.BytesIO()
        ExcelWriter(self.book, ZipFile(file, "w", ZIP_DEFLATED, allowZip64=True)).save()
        return file.getvalue()

    def save(self, path: Path, at: datetime) -> Path:
        """Save the form as if it had come in at a time; return its path."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.saved(at))
        os.utime(path, (at.timestamp(), at.timestamp()))
        return path
