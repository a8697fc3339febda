"""Writing cells: text stays text, and what XlsxWriter refuses is an error."""

import os
import sys
import tempfile
import zipfile
from datetime import date
from pathlib import Path
from typing import Any
from weakref import ref

import pytest
from openpyxl import load_workbook

from tenproj_xl.core.garbage import gc_paused
from tenproj_xl.excel import writer
from tenproj_xl.excel.style import (
    BOX,
    Style,
    line_count,
    row_height,
    surely_on_a_line,
    text_height,
)
from tenproj_xl.excel.writer import AnyStyle, WorkbookWriter, harmless  # loads XlsxWriter
from tests.helpers.programs import output_of

LIVE = ("=1+1", "@SUM(A1)", "+1", "-5%", "'quoted", "＝1+1", "　=1+1", "\t=1+1", "\tx")
PLAIN = ("技术交易总额", "1+1=2", "{=A1}", "http://x.cn", "<r>x</r>", "_x0041_", "—")
STYLES: tuple[AnyStyle, ...] = (Style(wrap=True), Style(number_format="@"), BOX)


def written(path: Path, *values: Any, style: AnyStyle = BOX) -> list[Any]:
    """The cells of a column, as they come back."""
    book = WorkbookWriter(path)
    sheet = book.sheet("一")
    for row, value in enumerate(values):
        sheet.write(row, 0, value, style)
    book.close()
    return [row[0] for row in load_workbook(path)["一"].iter_rows(max_col=1)]


@pytest.mark.parametrize("style", STYLES)
def test_a_text_that_looks_like_a_formula_is_a_quoted_text(style: AnyStyle, tmp_path: Path) -> None:
    cells = written(tmp_path / "x.xlsx", *LIVE, style=style)
    assert [(cell.value, cell.data_type, cell.quotePrefix) for cell in cells] == [
        (text, "s", True) for text in LIVE
    ]


@pytest.mark.parametrize("style", STYLES)
def test_any_other_text_is_a_text_without_quote(style: AnyStyle, tmp_path: Path) -> None:
    cells = written(tmp_path / "x.xlsx", *PLAIN, style=style)
    assert [(cell.value, cell.data_type, cell.quotePrefix) for cell in cells] == [
        (text, "s", False) for text in PLAIN
    ]
    assert not any(cell.hyperlink for cell in cells)


def test_a_text_that_looks_like_xml_of_xlsxwriter_is_escaped(tmp_path: Path) -> None:
    written(tmp_path / "x.xlsx", "<r><t>x</t></r>")
    with zipfile.ZipFile(tmp_path / "x.xlsx") as archive:
        assert b"&lt;r&gt;" in archive.read("xl/sharedStrings.xml")


def test_control_characters_are_left_out_and_line_ends_are_one(tmp_path: Path) -> None:
    (cell,) = written(tmp_path / "x.xlsx", "甲\x00\x0b乙\x7f\ufffe\ud800\r\n丙\r丁\t戊")
    assert cell.value == "甲乙\n丙\n丁\t戊"


def test_a_text_longer_than_a_cell_is_cut_with_a_mark(tmp_path: Path) -> None:
    (cell,) = written(tmp_path / "x.xlsx", "长" * 40_000)
    assert len(cell.value) == 32_767
    assert cell.value.endswith("…（文字过长，已截断）")
    assert len(harmless("𬭚" * 20_000).encode("utf-16-le")) <= 2 * 32_767


def test_numbers_dates_and_blanks_are_what_they_are(tmp_path: Path) -> None:
    number, day, blank = written(tmp_path / "x.xlsx", 72.5, date(2026, 11, 25), None)
    assert (number.value, number.data_type) == (72.5, "n")
    assert (day.value.date(), day.number_format) == (date(2026, 11, 25), "yyyy-mm-dd")
    assert blank.value is None


def test_what_xlsxwriter_refuses_is_an_error(tmp_path: Path) -> None:
    sheet = WorkbookWriter(tmp_path / "x.xlsx").sheet("一")
    with pytest.raises(ValueError, match="refused write_string"):
        sheet.write(2_000_000, 0, "x", BOX)
    with pytest.raises(ValueError, match="refused set_column"):
        sheet.width(20_000, 8)


@pytest.mark.parametrize(
    ("formula", "stored"),
    [
        ("=IF(ISNUMBER(A1),INT(A1),0)", "IF(ISNUMBER(A1),INT(A1),0)"),
        ("=IF(A1=0,XLOOKUP(1,B:B,C:C),1)", "IF(A1=0,_xlfn.XLOOKUP(1,B:B,C:C),1)"),
    ],
)
def test_a_formula_is_stored_as_excel_stores_it(formula: str, stored: str, tmp_path: Path) -> None:
    book = WorkbookWriter(tmp_path / "x.xlsx")
    book.sheet("一").formula(0, 0, formula, 1, BOX)
    book.close()
    with zipfile.ZipFile(tmp_path / "x.xlsx") as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert f">{stored}</f>" in sheet


@pytest.mark.parametrize("size", [9, 10, 12])
@pytest.mark.parametrize("width", [1, 8, 13.5, 44, 60])
def test_what_surely_stands_on_a_line_does_so_in_full_width(width: float, size: int) -> None:
    short = surely_on_a_line(width, size)
    assert line_count("宽" * short, width, size) == 1
    assert line_count("宽" * (short + 1), width, size) > 1


def test_a_row_is_as_high_as_its_longest_text() -> None:
    style = Style(size=10, wrap=True)
    text = "一二三四五" * 8
    assert line_count("短", 10) == 1
    assert line_count("上\n下", 10) == 2
    assert line_count(text, 20) == 5
    assert row_height([("短", 20, style), (text, 20, style)], 15) == text_height(text, 20)
    assert row_height([("短", 20, style)], 40) == 40
    assert row_height([("长" * 32_000, 20, style)], 15) == 409


_TWO = """
import sys
from pathlib import Path
from tenproj_xl.excel.writer import WorkbookWriter
for name in sys.argv[1:]:
    book = WorkbookWriter(Path(name))
    book.sheet("一").write(0, 0, "字", {})
    book.file.set_properties({"created": __import__("datetime").datetime(2026, 11, 29)})
    book.close()
"""


def test_the_first_workbook_of_a_process_is_like_the_next(tmp_path: Path) -> None:
    names = [str(tmp_path / f"{n}.xlsx") for n in (1, 2)]
    output_of([sys.executable, "-c", _TWO, *names])
    with zipfile.ZipFile(names[0]) as first, zipfile.ZipFile(names[1]) as second:
        for part in first.namelist():
            assert first.read(part) == second.read(part), part


def test_a_workbook_that_was_written_is_let_go_of_while_the_garbage_collector_rests(tmp_path: Path) -> None:
    with gc_paused():
        book = WorkbookWriter(tmp_path / "x.xlsx")
        book.sheet("一").write(0, 0, "甲", BOX)
        book.close()
        file, sheet = ref(book.file), ref(book.file.worksheets()[0])
        del book
        assert (file(), sheet()) == (None, None)


def test_a_workbook_of_many_cells_is_the_same_and_leaves_nothing_on_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def parts(name: str) -> dict[str, bytes]:
        path = tmp_path / name
        written(path, "固定资产投资", 197.2, date(2026, 3, 6), "=1+1", None)
        with zipfile.ZipFile(path) as archive:
            return {part: archive.read(part) for part in archive.namelist()}

    few = parts("few.xlsx")
    meanwhile = tmp_path / "meanwhile"
    meanwhile.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(meanwhile))
    monkeypatch.setattr(writer, "_MANY_CELLS", 5)
    waited: list[str] = []
    remove = os.remove

    def noted(path: str) -> None:
        waited.append(path)
        remove(path)

    monkeypatch.setattr(os, "remove", noted)
    assert parts("many.xlsx") == few
    assert len(waited) == len(few)
    assert list(meanwhile.iterdir()) == []
