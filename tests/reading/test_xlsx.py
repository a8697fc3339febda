"""The two scanners of a worksheet, by patterns and by parsing, find the same in what spreadsheet programs write."""

import io
import zipfile

import openpyxl
import pytest
import xlsxwriter

from tenproj_xl.core.cells import ErrorValue, NoValue
from tenproj_xl.reading.guard import SHEET_PART
from tenproj_xl.reading.xlsx_scan import _scan_parsed, scan
from tests.fuzzing.seeds import seeds
from tests.helpers.filling import Office


def sheets(data: bytes) -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [archive.read(name) for name in archive.namelist() if SHEET_PART.fullmatch(name)]


def by_xlsxwriter() -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("一")
        sheet.write_formula("B2", "=1/0", None, "#DIV/0!")
        sheet.write_formula("B3", '=A1&"\'<&>"', None, "")
        sheet.write_formula("C3", "=A1*2", None, 145)
        sheet.merge_range("D4:E6", "合并")
        sheet.write_blank("ZZ2000", None, book.add_format({"bold": True}))
        sheet.write_number("AB1200", 1)
        sheet.write_number("C5", 0.85, book.add_format({"num_format": "0%"}))
    return file.getvalue()


def by_openpyxl() -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    sheet = book.worksheets[0]
    sheet["B3"], sheet["D5"], sheet["D6"] = 2, '=IF(B3>1,"是","否")', "=1/0"
    sheet.merge_cells("A8:C9")
    book.save(file)
    return file.getvalue()


STYLES = ("1", "2")
MANY_STYLES = tuple(map(str, range(1, 100, 2)))
"""So many that each cell is looked at for its style."""


@pytest.mark.parametrize("styles", [STYLES, MANY_STYLES])
def test_cells_of_few_and_of_many_styles_are_found(later: Office, styles: tuple[str, ...]) -> None:
    parts = [*sheets(by_xlsxwriter()), *sheets(seeds(later)["form.xlsx"])]
    found = [scan(part, styles).styled for part in parts]
    assert found == [_scan_parsed(part, styles).styled for part in parts]
    assert any(found)


def test_a_text_that_looks_like_a_style_is_none() -> None:
    cells = b'<c r="A1" s="1"><v>1</v></c><c r="B1"><is><t> s="1"</t></is></c><c r="C1" s="12"><v>1</v></c>'
    part = b'<worksheet><sheetData><row r="1" s="1">' + cells + b"</row></sheetData></worksheet>"
    assert scan(part, ("1",)).styled == {(0, 0): "1"}


def assert_same(part: bytes) -> None:
    plain, parsed = scan(part, STYLES), _scan_parsed(part, STYLES)
    assert plain.styled == parsed.styled
    assert plain.odd == parsed.odd
    assert plain.formulas == parsed.formulas
    assert plain.merged == parsed.merged
    # By patterns it is only known that the cells lie within so many rows and columns.
    assert (plain.rows, plain.columns) >= (parsed.rows, parsed.columns)
    assert plain.columns >= parsed.columns


@pytest.mark.parametrize("data", [by_xlsxwriter(), by_openpyxl()])
def test_both_scanners_find_the_same_in_a_workbook(data: bytes) -> None:
    for part in sheets(data):
        assert_same(part)


def test_both_scanners_find_the_same_in_a_form(later: Office) -> None:
    for name in ("form.xlsx", "openpyxl.xlsx"):
        for part in sheets(seeds(later)[name]):
            assert_same(part)


def test_what_they_find_is_what_stands_there() -> None:
    found = scan(sheets(by_openpyxl())[0])
    assert found.odd == {(4, 3): NoValue('IF(B3>1,"是","否")'), (5, 3): NoValue("1/0")}
    assert scan(sheets(by_xlsxwriter())[0], STYLES).styled.keys() == {(4, 2)}
    assert scan(sheets(by_xlsxwriter())[0]).odd[1, 1] == ErrorValue("#DIV/0!")
