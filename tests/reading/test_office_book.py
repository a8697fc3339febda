"""Workbooks of the office: read like returns, whatever format they were saved in, and as openpyxl read them before."""

import datetime as dt
import struct
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from click.testing import CliRunner

from tenproj_xl.app.initialise import initialise
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.cli.main import main
from tenproj_xl.core.errors import EnvironmentProblem, UsageProblem
from tenproj_xl.core.texts import text_of
from tenproj_xl.reading.office_book import load_rows
from tests.helpers import oldxls
from tests.reading.test_sandbox import encrypted, ods, row, shown, xls_with_format


def saved(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_plan_and_settings_are_read_as_openpyxl_reads_them(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    initialise(workspace)
    paths = (workspace.plan, workspace.settings)
    for path, found in zip(paths, load_rows(*paths), strict=True):
        book = openpyxl.load_workbook(path, data_only=True)
        assert list(found) == [sheet.title for sheet in book.worksheets]
        for sheet in book.worksheets:
            expected = [[text_of(cell) for cell in line] for line in sheet.iter_rows(values_only=True)]
            assert [[text_of(cell) for cell in line] for line in found[sheet.title]] == expected


def test_the_name_of_a_workbook_does_not_matter_and_each_format_is_read(tmp_path: Path) -> None:
    xls = oldxls.xls([[oldxls.text(0, 0, "编号"), oldxls.number(1, 0, 1)]], ["事项"])
    cell = '<table:table-cell office:value-type="string"><text:p>编号</text:p></table:table-cell>'
    named = saved(tmp_path / "a.xlsx", xls), saved(tmp_path / "b.ods", ods(row(cell)))
    assert load_rows(*named) == [{"事项": (("编号",), (1.0,))}, {"主要指标进度表": (("编号",),)}]


@pytest.mark.parametrize("other", ["工作计划.ods", "工作计划.xls", "工作计划.XLSX"])
def test_a_plan_saved_in_another_format_is_named_and_no_other_comes_in_its_place(
    tmp_path: Path, other: str
) -> None:
    workspace = Workspace(tmp_path)
    initialise(workspace)
    workspace.plan.rename(tmp_path / other)
    remedy = f"只有“{other}”。请在 WPS 或 Excel 中打开它，另存为“工作计划.xlsx”"
    with pytest.raises(EnvironmentProblem, match=remedy):
        load(workspace)
    with pytest.raises(UsageProblem, match=remedy):
        initialise(workspace)
    assert not workspace.plan.exists()
    assert remedy in CliRunner().invoke(main, ["-C", str(tmp_path)]).stderr


def test_a_number_shown_as_per_cent_is_the_text_that_it_shows(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet("参数")
        sheet.write_number("A1", 0.85, book.add_format({"num_format": "0%"}))
        sheet.write_datetime("B1", dt.time(17, 30), book.add_format({"num_format": "hh:mm"}))
        sheet.write_number("C1", 1, book.add_format({"num_format": "00"}))
        sheet.write_string("D1", "01")
        sheet.write_datetime("E1", dt.date(2026, 11, 5), book.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write_formula("F1", '=""', None, "")
        sheet.write_number("A2", 0.07, book.add_format({"num_format": "0.0%"}))
        sheet.write_formula("B2", "=A2", book.add_format({"num_format": "[Red]0.00%"}), 0.07)
        sheet.write_number("C2", 0.07, book.add_format({"num_format": '0.00"%"'}))
        sheet.write_string("D2", "7%", book.add_format({"num_format": "0%"}))
    (found,) = load_rows(tmp_path / "a.xlsx")
    cells, shares = found["参数"]
    assert [text_of(cell) for cell in cells[:5]] == ["85%", "17:30:00", "1", "01", "2026-11-05"]
    assert not any(cells[5:])
    assert list(shares[:4]) == ["7%", "7%", 0.07, "7%"]


def test_per_cent_is_known_in_ods_and_xls_too(tmp_path: Path) -> None:
    cell = '<table:table-cell office:value-type="percentage" office:value="0.85" table:number-columns-repeated="2"/>'
    by_one = shown(0, 0, 0.07)
    two = struct.pack("<HHHfHfH", 1, 0, 1, 0, 0, 0, 1)  # a row of numbers, the first of them as per cent
    files = {"a.ods": ods(row(cell)), "b.xls": xls_with_format("0.0%", by_one, oldxls.record(0x00BD, two))}
    paths = [saved(tmp_path / name, data) for name, data in files.items()]
    by_ods, by_xls = load_rows(*paths)
    assert list(by_ods.values()) == [(("85%", "85%"),)]
    assert list(by_xls.values()) == [(("7%", None), ("0%", 0.0))]


def test_formulas_without_results_and_what_merged_cells_hide_are_blank(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "参数"
    sheet.append([7, 8, "=A1*2"])
    sheet.append([9, 10, 11])
    book.save(tmp_path / "a.xlsx")
    (found,) = load_rows(tmp_path / "a.xlsx")
    assert found["参数"] == ((7.0, 8.0, None), (9.0, 10.0, 11.0))
    merged = "<table:table-cell table:number-columns-spanned='2' table:number-rows-spanned='2' {0}/>"
    value = 'office:value-type="float" office:value="7"'
    hidden = f"<table:covered-table-cell {value}/>"
    path = saved(tmp_path / "a.ods", ods(row(merged.format(value), hidden) + row(hidden, hidden)))
    assert load_rows(path) == [{"主要指标进度表": ((7.0, None), (None, None))}]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"PK\x03\x04", "“a.xlsx”不是 .xlsx 工作簿，或已损坏。请在 WPS 或 Excel 中打开、另存为 .xlsx 后重试"),
        (encrypted("密码"), "“a.xlsx”设有打开密码。请在 WPS 或 Excel 中打开、取消密码后重试"),
        (
            oldxls.xls([[oldxls.number(65535, 255, 1)]]),
            "“a.xlsx”不能读取：工作表的内容一直到第65536行、第256列",
        ),
    ],
)
def test_what_cannot_be_read_is_said_with_what_to_do(tmp_path: Path, data: bytes, message: str) -> None:
    with pytest.raises(EnvironmentProblem) as caught:
        load_rows(saved(tmp_path / "a.xlsx", data))
    assert str(caught.value).startswith(message)
