"""A template that the office restyled before a column was declared: forms have the column, and an update adds it."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from tenproj_xl.cli.main import main
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.sheets import TEMPLATE_SHEETS
from tenproj_xl.excel.look import Part
from tenproj_xl.excel.look_reader import columns_by_field, read_look, rows_by_part
from tenproj_xl.forms.template_check import check_template
from tenproj_xl.forms.template_update import update_template
from tests.helpers.filling import Office

SHIPPED = Path(__file__).parents[2] / "workbook_templates" / "填报表.xlsx"
SHEET, MISSING = "重点任务进度表", "progress"


def columns(page: Any) -> dict[str, int]:
    return dict(columns_by_field(page, rows_by_part(page)[Part.CODES]))


def as_restyled_before(path: Path) -> None:
    """Take a column out as if it had not been declared yet, and restyle others."""
    book = load_workbook(path)
    page = book[SHEET]
    gone = columns(page)[MISSING]
    title = next(r for r in page.merged_cells.ranges if r.min_row == rows_by_part(page)[Part.TITLE])
    page.unmerge_cells(str(title))
    widths = {n: page.column_dimensions[get_column_letter(n)].width for n in range(1, page.max_column + 1)}
    page.delete_cols(gone)
    for n in range(gone, page.max_column + 1):
        page.column_dimensions[get_column_letter(n)].width = widths[n + 1]
    page.merge_cells(
        start_row=title.min_row, start_column=2, end_row=title.min_row, end_column=page.max_column
    )
    for part in (Part.OPEN, Part.NOT_DUE):
        for n in columns(page).values():
            page.cell(rows_by_part(page)[part], n).font = Font(name="仿宋", sz=13)
    book.save(path)


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = Path(shutil.copy(SHIPPED, tmp_path / "填报表.xlsx"))
    as_restyled_before(path)
    return path


def test_forms_have_a_column_that_the_template_lacks_in_its_place_and_like_its_neighbours(
    template: Path,
) -> None:
    look = read_look(template).sheets["tasks"]
    shipped = read_look(SHIPPED).sheets["tasks"]
    assert look.columns == shipped.columns
    assert look.style(Part.OPEN, MISSING).font == "仿宋"
    assert look.style(Part.OPEN, MISSING).number_format == "@"
    assert look.width(MISSING) == shipped.width(MISSING)


def test_the_check_asks_for_the_update_and_finds_nothing_after_it(template: Path) -> None:
    (found,) = check_template(template, TEMPLATE_SHEETS)
    assert (found.code, found.is_error) == (Code.TEMPLATE_FIELD_MISSING, False)
    assert "tenproj template update" in found.message
    assert update_template(template, TEMPLATE_SHEETS) == [f"{SHEET}：本期进展"]
    assert check_template(template, TEMPLATE_SHEETS) == []
    assert update_template(template, TEMPLATE_SHEETS) == []


def test_an_update_adds_the_column_and_keeps_what_the_office_restyled(template: Path) -> None:
    before = read_look(template).sheets["tasks"]
    update_template(template, TEMPLATE_SHEETS)
    after = read_look(template).sheets["tasks"]
    assert after.columns == before.columns
    assert {f: after.width(f) for f in after.columns if f != MISSING} == {
        f: before.width(f) for f in before.columns if f != MISSING
    }
    assert after.styles == before.styles
    assert (after.frozen, after.title, after.printing) == (before.frozen, before.title, before.printing)
    page = load_workbook(template)[SHEET]
    (title,) = (r for r in page.merged_cells.ranges if r.min_row == rows_by_part(page)[Part.TITLE])
    assert (title.min_col, title.max_col) == (2, page.max_column)


def test_a_workspace_of_before_goes_on_and_is_updated_by_one_command(week: Office) -> None:
    root, template = week.workspace.root, week.workspace.template
    as_restyled_before(template)
    restyled = template.read_bytes()
    command = ["-C", str(root), "generate", "--period", week.period]
    assert CliRunner().invoke(main, command).exit_code == 0
    form = load_workbook(week.path("03"))[SHEET]
    assert "本期进展" in [cell.value for cell in form[4]]
    assert template.read_bytes() == restyled

    result = CliRunner().invoke(main, ["-C", str(root), "template", "update"])
    assert (result.exit_code, "本期进展" in result.stderr) == (0, True)
    assert template.with_name("填报表_更新前.xlsx").read_bytes() == restyled
    assert "已是最新" in CliRunner().invoke(main, ["-C", str(root), "template", "update"]).stderr
