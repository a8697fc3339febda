"""Reading: what stands in a workbook comes out where it stood; what ends a reading process ends only that file."""

import datetime as dt
import io
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from tenproj_xl import reader as reader_module
from tenproj_xl.cells import ErrorValue, NoValue
from tenproj_xl.errors import EnvironmentProblem
from tenproj_xl.findings import Code
from tenproj_xl.guard import Limits, Refusal
from tenproj_xl.kinds import Kind
from tenproj_xl.reader import Book, Reader, SheetCells, read_book

SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"


def form() -> bytes:
    """Two sheets, the first with its first value in B3."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book.set_properties({"subject": "gongshu2023|2026-W48|03"})
        day = book.add_format({"num_format": "yyyy年m月d日"})
        minute = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet = book.add_worksheet("主要指标进度表")
        sheet.write_row(2, 1, ["指标名称", "最新数值", "日期"])
        sheet.write_row(3, 1, ["技术交易总额（亿元）", 72.5])
        sheet.write_datetime(3, 3, dt.date(2026, 11, 5), day)
        sheet.write_datetime(3, 4, dt.datetime.fromisoformat("2026-11-05T09:30"), minute)
        sheet.write_boolean(3, 5, boolean=True)
        sheet.write_formula(4, 2, "=C4/0", None, "#DIV/0!")
        sheet.write_formula(4, 3, "=C4*2", None, 145)
        sheet.write_string(4, 4, "001")
        hidden = book.add_worksheet("系统信息")
        hidden.write_string(0, 0, "x")
        hidden.hide()
    return file.getvalue()


def edited(change: Callable[[bytes], bytes], part: str = SHEET, data: bytes | None = None) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data or form())) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return file.getvalue()


def book_of(data: bytes) -> Book:
    book = read_book(data)
    assert isinstance(book, Book), book
    return book


def cells(data: bytes) -> dict[str, object]:
    """The cells of the first sheet that are not blank, by address."""
    rows = book_of(data).sheets[0].rows
    return {f"{chr(65 + c)}{r + 1}": v for r, row in enumerate(rows) for c, v in enumerate(row) if v is not None}


EXPECTED = {
    "B3": "指标名称",
    "C3": "最新数值",
    "D3": "日期",
    "B4": "技术交易总额（亿元）",
    "C4": 72.5,
    "D4": dt.date(2026, 11, 5),
    "E4": dt.datetime.fromisoformat("2026-11-05T09:30"),
    "F4": True,
    "C5": ErrorValue("#DIV/0!"),
    "D5": 145.0,
    "E5": "001",
}


def test_every_cell_stands_where_it_stood() -> None:
    assert cells(form()) == EXPECTED


def test_sheets_come_in_order_with_their_visibility() -> None:
    book = book_of(form())
    assert [(s.name, s.hidden) for s in book.sheets] == [("主要指标进度表", False), ("系统信息", True)]
    assert book.sheets[1] == SheetCells("系统信息", hidden=True, rows=(("x",),))


def test_the_book_tells_its_subject_and_kind() -> None:
    book = book_of(form())
    assert (book.kind, book.macros, book.subject) == (Kind.XLSX, False, "gongshu2023|2026-W48|03")


def test_macros_are_noticed_and_not_read() -> None:
    file = io.BytesIO(form())
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"not even OLE")
    book = book_of(file.getvalue())
    assert (book.kind, book.macros) == (Kind.XLSM, True)


def test_formulas_without_results_are_told_from_blanks() -> None:
    book, file = openpyxl.Workbook(), io.BytesIO()
    sheet = book.worksheets[0]
    sheet["B3"] = 2
    sheet["D5"] = '=IF(B3>1,"是","否")'
    book.save(file)
    assert cells(file.getvalue()) == {"B3": 2.0, "D5": NoValue('IF(B3>1,"是","否")')}


def test_a_formula_whose_result_is_the_empty_text_is_blank() -> None:
    data = edited(lambda x: x.replace(b'<c r="E5" t="s"><v>4</v>', b'<c r="E5" t="str"><f>""</f><v></v>'))
    assert "E5" not in cells(data)


def test_shared_formulas_without_results_have_no_text() -> None:
    data = edited(lambda x: x.replace(b"<f>C4*2</f><v>145</v>", b'<f t="shared" si="0"/>'))
    assert cells(data) == {**EXPECTED, "D5": NoValue("")}


@pytest.mark.parametrize("text", ["#SPILL!", "#CALC!", "#FIELD!"])
def test_new_error_values_do_not_cost_the_file(text: str) -> None:
    data = edited(lambda x: x.replace(b"#DIV/0!", text.encode()))
    assert cells(data) == {**EXPECTED, "C5": ErrorValue(text)}


@pytest.mark.parametrize("text", [b"1e999", b"-1e999", b"NaN"])
def test_numbers_that_are_none_are_errors(text: bytes) -> None:
    assert cells(edited(lambda x: x.replace(b">72.5<", b">" + text + b"<")))["C4"] == ErrorValue("#NUM!")


@pytest.mark.parametrize(
    "spelling",
    [
        lambda x: re.sub(rb"<(/?)(?=[a-z])", rb"<\1x:", x).replace(b"xmlns=", b"xmlns:x="),
        lambda x: re.sub(rb'<c r="([A-Z]\d)"( t="\w")?', rb"<c\2 r='\1'", x),
        lambda x: x.replace(b"<sheetData>", b"<!-- <c r='A1'><v>9</v></c> --><sheetData>"),
    ],
)
def test_other_spellings_of_the_xml_read_the_same(spelling: Callable[[bytes], bytes]) -> None:
    assert cells(edited(spelling)) == EXPECTED


def test_cells_without_addresses_stand_beside_one_another() -> None:
    data = edited(
        lambda x: re.sub(
            rb'<row r="3".*</sheetData>', b"<row><c><v>1</v></c><c/><c t='e'><v>#REF!</v></c></row></sheetData>", x
        )
    )
    assert cells(data) == {"A1": 1.0, "C1": ErrorValue("#REF!")}


def test_a_lying_dimension_loses_no_rows() -> None:
    assert cells(edited(lambda x: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1"', x))) == EXPECTED


def test_a_blank_workbook_is_a_book() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet("空表")
    assert book_of(file.getvalue()).sheets == (SheetCells("空表", hidden=False, rows=()),)


def test_chart_sheets_are_passed_over() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("数据")
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=数据!$A$1:$A$2"})
        book.add_chartsheet("图").set_chart(chart)
        sheet.write_number(0, 0, 1)
        book.add_worksheet("末页").write_formula(0, 0, "=1/0", None, "#DIV/0!")
    found = book_of(file.getvalue()).sheets
    assert [s.name for s in found] == ["数据", "末页"]
    assert found[1].rows == ((ErrorValue("#DIV/0!"),),)


def test_a_workbook_calamine_cannot_read_is_unreadable() -> None:
    found = read_book(edited(lambda x: x.replace(b'r="B4"', b'r="$B$4"')))
    assert isinstance(found, Refusal)
    assert found.code is Code.FILE_UNREADABLE


def test_a_broken_xls_is_unreadable() -> None:
    found = read_book(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "Workbook".encode("utf-16-le"))
    assert isinstance(found, Refusal)
    assert found.code is Code.FILE_UNREADABLE


def test_an_ods_is_read_with_its_leading_blanks() -> None:
    spaces = "urn:oasis:names:tc:opendocument:xmlns:"
    content = (
        f'<office:document-content xmlns:office="{spaces}office:1.0" xmlns:table="{spaces}table:1.0"'
        f' xmlns:text="{spaces}text:1.0"><office:body><office:spreadsheet><table:table table:name="主要指标进度表">'
        '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row><table:table-row>'
        '<table:table-cell/><table:table-cell office:value-type="string"><text:p>指标名称</text:p></table:table-cell>'
        '<table:table-cell office:value-type="date" office:date-value="2026-11-05"><text:p/></table:table-cell>'
        "</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{spaces}manifest:1.0"/>')
        archive.writestr("content.xml", content)
    assert cells(file.getvalue()) == {"B3": "指标名称", "C3": dt.date(2026, 11, 5)}
    assert book_of(file.getvalue()).kind is Kind.ODS


SMALL = form()


@settings(max_examples=60, deadline=None)
@given(
    end=st.integers(0, len(SMALL)) | st.none(),
    flips=st.lists(st.tuples(st.integers(0, len(SMALL) - 1), st.integers(1, 255)), max_size=3),
)
def test_no_damage_makes_reading_fail(end: int | None, flips: list[tuple[int, int]]) -> None:
    data = bytearray(SMALL)
    for place, mask in flips:
        data[place] ^= mask
    assert isinstance(read_book(bytes(data[:end])), Book | Refusal)


@settings(max_examples=60, deadline=None)
@given(
    part=st.sampled_from([SHEET, STRINGS, "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"]),
    place=st.floats(0, 1, exclude_max=True),
    text=st.sampled_from([b"", b"<", b">", b'"', b"&", b"\0", b"\xff", b"<c/>", b"</row>", b"9", b"<row>"]),
    length=st.integers(0, 30),
)
def test_no_damage_inside_a_part_makes_reading_fail(part: str, place: float, text: bytes, length: int) -> None:
    def damage(xml: bytes) -> bytes:
        at = int(place * len(xml))
        return xml[:at] + text + xml[at + length :]

    assert isinstance(read_book(edited(damage, part, SMALL)), Book | Refusal)


# --- in processes of their own

FAR = edited(lambda x: x.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'))
TALL = edited(lambda x: x.replace(b"</sheetData>", b'<row r="1048576"><c r="CV1048576"><v>1</v></c></row></sheetData>'))
LAX = Limits(cells=1 << 60, seconds=5, memory=1 << 30)


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader() as found:
        yield found


def test_files_are_answered_in_order(reader: Reader) -> None:
    files = [("a.xlsx", form()), ("b.xls", b"<html>"), ("c.xlsx", b""), ("d.xlsx", form())]
    first, web, empty, last = reader.read(files)
    assert first == last == read_book(form())
    assert web == Refusal(Code.FILE_KIND, "网页")
    assert empty == Refusal(Code.FILE_EMPTY, "空文件")


def test_no_files_give_no_answers(reader: Reader) -> None:
    assert list(reader.read([])) == []


def test_many_files_take_two_processes_and_keep_their_order() -> None:
    names = [f"{n}" for n in range(100)]
    data = [edited(lambda x, n=n: x.replace(b">72.5<", f">{n}<".encode())) for n in names]  # type: ignore[misc]
    with Reader() as reader:
        books = list(reader.read(list(zip(names, data, strict=True))))
    assert [b.sheets[0].rows[3][2] for b in books if isinstance(b, Book)] == [float(n) for n in names]


def test_a_caller_may_stop_early(reader: Reader) -> None:
    answers = reader.read([("a.xlsx", form())] * 20)
    assert isinstance(next(answers), Book)
    answers.close()  # type: ignore[attr-defined]
    assert len(list(reader.read([("a.xlsx", form())]))) == 1


def test_a_file_that_aborts_the_process_costs_only_itself() -> None:
    with Reader(LAX) as reader:
        far, after = reader.read([("far.xlsx", FAR), ("after.xlsx", form())])
    assert isinstance(far, Refusal)
    assert far.code is Code.FILE_UNREADABLE
    assert isinstance(after, Book)


@pytest.mark.skipif(sys.platform == "win32", reason="memory is limited by the resource module, which Windows has not")
def test_a_file_that_needs_too_much_memory_costs_only_itself() -> None:
    with Reader(LAX) as reader:
        tall, after = reader.read([("tall.xlsx", TALL), ("after.xlsx", form())])
    assert isinstance(tall, Refusal)
    assert isinstance(after, Book)


def test_a_file_that_takes_too_long_costs_only_itself() -> None:
    rows = b"".join(
        b'<row r="%d"><c r="A%d"><v>1</v></c><c r="Z%d"><v>1</v></c></row>' % (n, n, n) for n in range(6, 90_000)
    )
    slow = edited(lambda x: x.replace(b"</sheetData>", rows + b"</sheetData>"))
    began = time.monotonic()
    with Reader(Limits(cells=1 << 60, seconds=0.2, memory=1 << 32)) as reader:
        late, after = reader.read([("slow.xlsx", slow), ("after.xlsx", form())])
    assert late == Refusal(Code.FILE_LIMITS, "读取超过0.2秒")
    assert isinstance(after, Book)
    assert time.monotonic() - began < 10


def test_a_reader_that_cannot_start_is_a_fault_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader_module, "_SERVE", "raise SystemExit(1)")
    with Reader() as reader, pytest.raises(EnvironmentProblem, match="python-calamine"):
        list(reader.read([("a.xlsx", form())]))


def test_reading_processes_import_nothing_heavy() -> None:
    code = "import sys, tenproj_xl.reader; print(*sys.modules)"
    command = [sys.executable, "-c", code]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()  # noqa: S603 - ours
    assert not {"python_calamine", "pandas", "pandera", "openpyxl", "xlsxwriter", "numpy"} & set(loaded)
