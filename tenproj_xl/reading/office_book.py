"""Workbooks that the office edits (plan, settings, decisions), read into rows of cells."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import NoValue, Rows
from tenproj_xl.core.errors import EnvironmentProblem
from tenproj_xl.core.limits import LIMITS
from tenproj_xl.core.texts import per_cent_text
from tenproj_xl.reading.book import Book, Position, SheetCells
from tenproj_xl.reading.guard import Refusal
from tenproj_xl.reading.office_file import OfficeFile
from tenproj_xl.reading.sandbox import Reader
from tenproj_xl.reading.wire import Found

_LIMITS = replace(LIMITS, seconds=60, formats=LIMITS.inflated)
"""Without its plan a command ends, so that a slow machine is waited for longer than with a return."""


def load_rows(*paths: Path) -> list[dict[str, Rows]]:
    """Read workbooks; return for each its rows by sheet, every row as wide as the sheet.

    They pass the same guard and are read in the same kind of process as returns, .xls and .ods too. A formula
    without its result is blank, and so is what lies hidden below merged cells. A number shown as per cent is
    the text that it shows, `7%`.

    Raises:
        EnvironmentProblem: there is no such file, or it is no workbook.
        OSError: the system does not let it be opened.
    """
    return rows_of(*(OfficeFile.at(path) for path in paths))


def rows_of(*files: OfficeFile) -> list[dict[str, Rows]]:
    """Read workbooks as `load_rows` does.

    Raises:
        EnvironmentProblem: one is no workbook.
    """
    with Reader(_LIMITS) as reader:
        answers = reader.open([file.data for file in files])
        return [_rows_by_sheet(file, answer) for file, answer in zip(files, answers, strict=True)]


def _rows_by_sheet(file: OfficeFile, answer: Found) -> dict[str, Rows]:
    if isinstance(answer, Book):
        return {sheet.name: _rows(sheet) for sheet in answer.sheets}
    problem = f"“{file.name}”不是 .xlsx 工作簿，或已损坏"
    remedy = f"请在 WPS 或 Excel 中打开、另存为 .xlsx 后重试；打不开的，{file.if_damaged}"
    if isinstance(answer, Refusal) and answer.code in (Code.FILE_LIMITS, Code.FILE_UNREADABLE):
        problem = f"“{file.name}”不能读取：{answer.found}"
    elif isinstance(answer, Refusal) and answer.code is Code.FILE_ENCRYPTED:
        problem = f"“{file.name}”设有打开密码"
        remedy = "请在 WPS 或 Excel 中打开、取消密码后重试"
    raise EnvironmentProblem(f"{problem}。{remedy}。")


def _rows(sheet: SheetCells) -> Rows:
    width = max(map(len, sheet.rows), default=0)
    rows: list[list[object]] = []
    for index, cells in enumerate(sheet.rows):
        row: list[object] = [None] * width
        for n, cell in enumerate(cells):
            if isinstance(cell, float) and (index, n) in sheet.per_cent:
                row[n] = per_cent_text(cell)
            elif not isinstance(cell, NoValue):
                row[n] = cell
        rows.append(row)
    for first, last in sheet.merged:
        _blank_hidden(rows, first, last)
    return tuple(map(tuple, rows))


def _blank_hidden(rows: Sequence[list[object]], first: Position, last: Position) -> None:
    """Blank the cells of a merged range but the first."""
    (top, left), (bottom, right) = first, last
    for n, row in enumerate(rows[top : bottom + 1]):
        start = left
        if n == 0:
            start += 1
        hidden = len(row[start : right + 1])
        row[start : start + hidden] = [None] * hidden
