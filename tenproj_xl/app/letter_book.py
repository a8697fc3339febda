"""信函.xlsx, the workbook of the texts of letters: written with the defaults, checked, brought up to date."""

from collections.abc import Sequence
from copy import copy
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.files import atomic_write, must_be_closed
from tenproj_xl.core.findings import Finding, in_order
from tenproj_xl.core.tables import Layout, locate
from tenproj_xl.excel.office_tables import write_workbook
from tenproj_xl.model.letter_passages import Occasion
from tenproj_xl.model.letter_reader import (
    LETTER_NOTE,
    LETTER_SHEET,
    default_letter_rows,
    lacking,
    letter_row,
    read_letter_texts,
)
from tenproj_xl.reading.office_book import load_rows


def write_letter_book(path: Path) -> None:
    """Write the workbook with the default texts."""
    write_workbook(path, (LETTER_SHEET,), default_letter_rows(), {LETTER_SHEET.code: LETTER_NOTE})


def check_letter_book(workspace: Workspace) -> list[Finding]:
    """Return what is wrong with the texts of letters; nothing where the workspace has no such workbook.

    Raises:
        EnvironmentProblem: The file is no workbook, or is open in another program.
    """
    path = workspace.letters
    if not path.exists():
        return []
    (rows,) = load_rows(path)
    _, findings = read_letter_texts(rows, path.name)
    return in_order(findings)


def update_letter_book(workspace: Workspace) -> list[Occasion]:
    """Add the passages that the workbook lacks below its last row, and keep the previous one beside it.

    Returns:
        The passages added; empty, and nothing written, where none was missing or there is no such workbook.

    Raises:
        EnvironmentProblem: The file is no workbook.
    """
    path = workspace.letters
    if not path.exists():
        return []
    (rows,) = load_rows(path)
    layout = locate(rows.get(LETTER_SHEET.name, ()), LETTER_SHEET)
    if layout is None:
        return []  # which the check tells
    missing = lacking(rows, path.name)
    if missing:
        must_be_closed(path)
        before = path.with_name(f"{path.stem}_更新前{path.suffix}")
        with atomic_write(before) as temporary:
            temporary.write_bytes(path.read_bytes())
        with atomic_write(path) as temporary:
            _add(path, missing, layout, temporary)
    return missing


def _add(path: Path, missing: Sequence[Occasion], layout: Layout, to: Path) -> None:
    book = load_workbook(path)
    page = book[LETTER_SHEET.name]
    last = page.max_row
    for row, occasion in enumerate(missing, last + 1):
        texts = letter_row(occasion)
        for field, column in layout.positions.items():
            cell = page.cell(row, column + 1)
            _copy_style(page.cell(last, column + 1), cell)
            cell.value = texts[field]
    book.save(to)


def _copy_style(model: Any, cell: Any) -> None:
    cell._style = copy(model._style)  # noqa: SLF001  # the only way to copy all of a style at once
