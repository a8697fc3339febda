"""Reading: what stands in a workbook comes out where it stood; what ends a reading process ends only that file."""

import datetime as dt
import functools
import io
import os
import re
import shutil
import struct
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from msoffcrypto.format.ooxml import OOXMLFile

import tenproj_xl
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import ErrorValue, NoValue
from tenproj_xl.core.errors import EnvironmentProblem
from tenproj_xl.core.limits import Limits
from tenproj_xl.core.tokens import token
from tenproj_xl.reading import worker as worker_module
from tenproj_xl.reading.book import Book, SheetCells
from tenproj_xl.reading.containers import Contents
from tenproj_xl.reading.documents import Document
from tenproj_xl.reading.guard import Refusal
from tenproj_xl.reading.opening import read_book
from tenproj_xl.reading.sandbox import Reader
from tenproj_xl.reading.sniff import FileKind
from tests.fuzzing.mutations import zipped
from tests.helpers import oldxls

SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"


@functools.cache
def form() -> bytes:
    """Two sheets, the first with its first value in B3; the same bytes in whatever second it is asked for."""
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
    with (
        zipfile.ZipFile(io.BytesIO(data or form())) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
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
    return {
        f"{chr(65 + c)}{r + 1}": v for r, row in enumerate(rows) for c, v in enumerate(row) if v is not None
    }


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


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader() as found:
        yield found


def test_every_cell_stands_where_it_stood() -> None:
    assert cells(form()) == EXPECTED


def test_sheets_come_in_order_with_their_visibility() -> None:
    book = book_of(form())
    assert [(s.name, s.hidden) for s in book.sheets] == [("主要指标进度表", False), ("系统信息", True)]
    assert book.sheets[1] == SheetCells("系统信息", hidden=True, rows=(("x",),))


def test_the_book_tells_its_subject_and_kind() -> None:
    book = book_of(form())
    assert (book.kind, book.macros, book.subject) == (FileKind.XLSX, False, "gongshu2023|2026-W48|03")
    assert (book.links, book.converted, book.rough) == (False, False, False)


def test_headers_and_footers_are_told_once_each() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        for name in "一二":
            sheet = book.add_worksheet(name)
            sheet.set_header("&R内部资料")
            sheet.set_footer("&L&9 GS10 2026-W48 03 && “甲”")
    assert book_of(file.getvalue()).running == ("&R内部资料", "&L&9 GS10 2026-W48 03 && “甲”")


def test_hidden_and_merged_cells_are_read_as_what_they_are() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("一")
        sheet.merge_range("B2:C4", 72.5)
        sheet.write_number("C3", 1)  # hidden under the merge
        sheet.write_string("A6", "隐藏行")
        sheet.set_row(5, None, None, {"hidden": True})
        sheet.set_column("A:A", None, None, {"hidden": True})
        sheet.autofilter("A1:B9")
    assert cells(file.getvalue()) == {"B2": 72.5, "C3": 1.0, "A6": "隐藏行"}
    assert book_of(file.getvalue()).sheets[0].merged == (((1, 1), (3, 2)),)


@pytest.mark.parametrize(
    "spelling",
    [lambda x: x, lambda x: re.sub(rb"<(/?)(?=[a-z])", rb"<\1x:", x).replace(b"xmlns=", b"xmlns:x=")],
)
def test_formulas_are_known_by_their_cells(spelling: Callable[[bytes], bytes]) -> None:
    assert book_of(edited(spelling)).sheets[0].stale == {(4, 2), (4, 3)}


def test_no_result_is_stale_in_a_file_that_a_spreadsheet_program_saved() -> None:
    saved = edited(lambda x: x.replace(b' fullCalcOnLoad="1"', b""), "xl/workbook.xml")
    assert not book_of(saved).sheets[0].stale


def test_dates_counted_from_1904_are_the_days_they_show() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"date_1904": True}) as book:
        sheet = book.add_worksheet("一")
        sheet.write_datetime("A1", dt.date(2026, 11, 5), book.add_format({"num_format": "yyyy-mm-dd"}))
    assert cells(file.getvalue()) == {"A1": dt.date(2026, 11, 5)}


def test_the_strict_kind_of_xlsx_is_read_too() -> None:
    data = form()
    for part in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", "_rels/.rels", SHEET, STRINGS):
        strict = {b"schemas.openxmlformats.org/officeDocument/2006": b"purl.oclc.org/ooxml/officeDocument"}
        strict[b"schemas.openxmlformats.org/spreadsheetml/2006"] = b"purl.oclc.org/ooxml/spreadsheetml"
        for loose, tight in strict.items():
            data = edited(lambda x, a=loose, b=tight: x.replace(a, b), part, data)  # type: ignore[misc]
    assert cells(data) == EXPECTED


def test_sheets_of_one_name_are_refused_as_one_would_be_read_twice() -> None:
    data = edited(lambda x: x.replace("系统信息".encode(), "主要指标进度表".encode()), "xl/workbook.xml")
    assert read_book(data) == Refusal(Code.FILE_UNREADABLE, "有两张工作表同名，分不清哪一张")


# --- .xls


def test_an_xls_shows_its_errors() -> None:
    by_hand = oldxls.record(0x000D, b"\0\0")  # calculated only when somebody asks for it
    sheet = [by_hand, oldxls.number(0, 0, 72.5), oldxls.error(1, 1, 0x17), oldxls.failed_formula(2, 0)]
    book = book_of(oldxls.xls([sheet, []], ["一", "二"]))
    assert book.sheets[0].rows == ((72.5,), (None, ErrorValue("#REF!")), (ErrorValue("#DIV/0!"),))
    assert book.kind is FileKind.XLS
    assert book.sheets[0].stale == {(2, 0)}


def test_an_xls_tells_its_footers() -> None:
    sheet = [oldxls.running(0x15, "&L GS10 2026-W48 03 甲")]
    assert book_of(oldxls.xls([sheet, sheet], ["一", "二"])).running == ("&L GS10 2026-W48 03 甲",)


def test_an_xls_whose_list_of_sectors_runs_in_a_circle_is_read_as_far_as_it_is_long(reader: Reader) -> None:
    data = bytearray(oldxls.xls([[oldxls.number(0, 0, 1)]]))
    data[68:72] = bytes(4)
    found, after = reader.open([bytes(data), form()])
    assert isinstance(found, Book)
    assert found.sheets[0].rows == ((1.0,),)
    assert isinstance(after, Book)


def test_an_xls_without_the_end_of_a_sheet_is_unreadable() -> None:
    whole = oldxls.stream([[oldxls.number(0, 0, 1)]], ["一"])
    found = read_book(oldxls.ole({"Workbook": whole[:-4]}))
    assert isinstance(found, Refusal)
    assert found.code is Code.FILE_UNREADABLE


def xls_with_format(code: str, *cells_: bytes) -> bytes:
    """A workbook whose second format of cells shows numbers by a code of its own."""
    kind = oldxls.record(0x041E, struct.pack("<HHB", 200, len(code), 0) + code.encode())
    formats = [oldxls.record(0x00E0, struct.pack("<HH", 0, n) + bytes(16)) for n in (0, 200)]
    return oldxls.xls([list(cells_)], early=kind + b"".join(formats))


def shown(row_: int, column: int, value: float) -> bytes:
    """A number in the second format."""
    return oldxls.record(0x0203, struct.pack("<HHHd", row_, column, 1, value))


def test_dates_and_times_of_an_xls_are_what_they_show() -> None:
    moments = (shown(0, 0, 46331), shown(1, 0, 46331.5), shown(2, 0, 0.75), shown(3, 0, 9e6))
    assert book_of(xls_with_format("yyyy-mm-dd", *moments)).sheets[0].rows == (
        (dt.date(2026, 11, 5),),
        (dt.datetime(2026, 11, 5, 12),),
        (dt.time(18),),
        (9e6,),
    )
    assert cells(xls_with_format("[h]:mm", shown(0, 0, 1.25))) == {"A1": dt.timedelta(hours=30)}
    assert cells(xls_with_format("0.0%", shown(0, 0, 0.85))) == {"A1": 0.85}


def test_an_xls_tells_merged_ranges_and_texts_of_names() -> None:
    merged = oldxls.record(0x00E5, struct.pack("<HHHHH", 1, 4, 5, 1, 2))
    formula = b"\x17\x03\0GS1"
    name = struct.pack("<HBBHHH4B", 0, 0, 1, len(formula), 0, 0, 0, 0, 0, 0) + b"\0G" + formula
    book = book_of(oldxls.xls([[merged]], extra=oldxls.record(0x0018, name)))
    assert book.sheets[0].merged == (((4, 1), (5, 2)),)
    assert book.names == ("GS1",)


# --- .ods


def test_macros_are_noticed_and_not_read() -> None:
    file = io.BytesIO(form())
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"not even OLE")
    book = book_of(file.getvalue())
    assert (book.kind, book.macros) == (FileKind.XLSM, True)


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


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("#SPILL!", "#SPILL!"),
        ("#CALC!", "#CALC!"),
        ("#FIELD!", "#FIELD!"),
        ("#&quot;1+1 &amp; x&quot;", '#"1+1 & x"'),  # as Gnumeric writes what it cannot parse
    ],
)
def test_error_values_that_the_reader_does_not_know_do_not_cost_the_file(written: str, text: str) -> None:
    data = edited(lambda x: x.replace(b"#DIV/0!", written.encode()))
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
            rb'<row r="3".*</sheetData>',
            b"<row><c><v>1</v></c><c/><c t='e'><v>#REF!</v></c></row></sheetData>",
            x,
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


def test_a_broken_xls_is_unreadable(reader: Reader) -> None:
    data = bytearray(oldxls.xls([[oldxls.number(0, 0, 1)]]))
    data[756:760] = b"\xff\xff\xff\x7f"  # where its stream begins
    (found,) = reader.open([bytes(data)])
    assert isinstance(found, Refusal)
    assert found.code is Code.FILE_UNREADABLE


SPACES = "urn:oasis:names:tc:opendocument:xmlns:"
LINE = (
    '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row><table:table-row>'
    '<table:table-cell/><table:table-cell office:value-type="string"><text:p>指标名称</text:p></table:table-cell>'
    '<table:table-cell office:value-type="date" office:date-value="2026-11-05"><text:p>11-5</text:p></table:table-cell>'
    "</table:table-row>"
)


def content(rows: str) -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content xmlns:office="{SPACES}office:1.0"'
        f' xmlns:table="{SPACES}table:1.0" xmlns:text="{SPACES}text:1.0" xmlns:style="{SPACES}style:1.0"'
        f' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"><office:body>'
        f'<office:spreadsheet><table:table table:name="主要指标进度表">{rows}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )


def ods(rows: str, **parts: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{SPACES}manifest:1.0"/>'
        )
        archive.writestr("content.xml", content(rows))
        for name, part in parts.items():
            archive.writestr(f"{name}.xml", part)
    return file.getvalue()


def row(*cells: str) -> str:
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def test_an_ods_is_read_with_its_leading_blanks() -> None:
    assert cells(ods(LINE)) == {"B3": "指标名称", "C3": dt.date(2026, 11, 5)}
    assert book_of(ods(LINE)).kind is FileKind.ODS


def test_an_ods_written_for_people_is_read_the_same() -> None:
    pretty = LINE.replace("><table:", ">\n    <table:").replace(
        "</table:table-row>", "\n  </table:table-row>\n  "
    )
    assert "\n" in pretty
    assert cells(ods(pretty)) == cells(ods(LINE))
    wide = LINE.replace("<text:p>", "\n      <text:p>").replace("</text:p>", "</text:p>\n    ")
    assert cells(ods(wide)) == cells(ods(LINE))


def test_blank_rows_as_wide_as_the_sheet_move_nothing_in_an_ods() -> None:
    blank, wide = "<table:table-cell/>", '<table:table-cell table:number-columns-repeated="16384"/>'
    seven = '<table:table-cell office:value-type="float" office:value="7"/>'
    merged = '<table:table-cell table:number-columns-spanned="2" table:number-rows-spanned="2"'
    covered = '<table:covered-table-cell table:number-columns-repeated="2"/>'
    rows = [row(blank, seven), row(wide), row(blank, merged + seven[17:]), row(blank, covered, seven)]
    assert cells(ods("".join(rows))) == {"B1": 7.0, "B3": 7.0, "D4": 7.0}


def test_breaks_and_blanks_inside_texts_of_an_ods_stay() -> None:
    text = "<text:p>甲 <text:s/>乙<text:line-break/>丙</text:p>"
    cell = f'<table:table-cell office:value-type="string">{text}</table:table-cell>'
    assert cells(ods(row(cell))) == {"A1": "甲  乙\n丙"}


def test_an_ods_shows_its_errors_and_formulas() -> None:
    by_script = "<office:meta><meta:generator>ODFPY/1.4.1</meta:generator></office:meta>"
    book = book_of(
        ods(
            row(
                '<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value=""'
                ' calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>',
                '<table:table-cell table:formula="of:=VALUE(&quot;x&quot;)" office:value-type="string"'
                ' calcext:value-type="error"><text:p>Err:502</text:p></table:table-cell>',
                '<table:table-cell table:formula="of:=NA()" office:value-type="string" office:string-value="#N/A">'
                "<text:p>#N/A</text:p></table:table-cell>",  # as Gnumeric writes it
                '<table:table-cell table:number-columns-repeated="2"/>',
                '<table:table-cell table:formula="of:=[.A1]&gt;&quot;&quot;"><text:p/></table:table-cell>',
                '<table:table-cell table:formula="of:=SUM([.A1:.B1])"/>',
                '<table:table-cell office:value-type="float" office:value="7"><text:p>7</text:p></table:table-cell>',
            ),
            meta=by_script,
        )
    )
    assert book.sheets[0].rows == (
        (
            ErrorValue("#DIV/0!"),
            ErrorValue("Err:502"),
            ErrorValue("#N/A"),
            None,
            None,
            None,
            NoValue("SUM([.A1:.B1])"),
            7.0,
        ),
    )
    assert book.sheets[0].stale == {(0, c) for c in (0, 1, 2, 5, 6)}


@pytest.mark.parametrize(
    ("attributes", "value"),
    [
        ('"percentage" office:value="0.85"', 0.85),
        ('"currency" office:value="3"', 3.0),
        ('"float" office:value="1e999"', ErrorValue("#NUM!")),
        ('"boolean" office:boolean-value="false"', False),
        ('"date" office:date-value="2026-11-05T09:30:00"', dt.datetime(2026, 11, 5, 9, 30)),
        ('"time" office:time-value="PT09H30M00S"', dt.time(9, 30)),
        ('"time" office:time-value="PT25H30M00S"', dt.timedelta(hours=25, minutes=30)),
        ('"string" office:string-value="另"', "另"),
        ('"string"', "所见\n二"),
    ],
)
def test_every_kind_of_value_of_an_ods_is_read(attributes: str, value: object) -> None:
    cell = f"<table:table-cell office:value-type={attributes}><text:p>所见</text:p><text:p>二</text:p></table:table-cell>"
    assert cells(ods(row(cell))) == {"A1": value}


def test_repeated_cells_of_an_ods_stand_wherever_they_are_repeated() -> None:
    seven = '<table:table-cell office:value-type="float" office:value="7" table:number-columns-repeated="2"/>'
    rows = f'<table:table-row table:number-rows-repeated="2"><table:table-cell/>{seven}</table:table-row>'
    assert cells(ods(rows + row(seven))) == {"B1": 7.0, "C1": 7.0, "B2": 7.0, "C2": 7.0, "A3": 7.0, "B3": 7.0}


def test_notes_and_hidden_sheets_of_an_ods_are_told_from_values() -> None:
    note = "<office:annotation><text:p>批注</text:p></office:annotation>"
    text = row(f'<table:table-cell office:value-type="string">{note}<text:p>值</text:p></table:table-cell>')
    assert cells(ods(text)) == {"A1": "值"}
    style = (
        '<office:automatic-styles><style:style style:name="ta2"><style:table-properties table:display="false"/>'
        "</style:style></office:automatic-styles><office:body>"
    )
    hidden = (
        content(text)
        .replace("<office:body>", style)
        .replace("<table:table ", '<table:table table:style-name="ta2" ')
    )
    kind = ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet")
    file = zipped([kind, ("META-INF/manifest.xml", b""), ("content.xml", hidden.encode())], packed=False)
    assert [s.hidden for s in book_of(file).sheets] == [True]


def test_an_ods_tells_merged_ranges_subject_and_footers() -> None:
    merged = (
        '<table:table-cell table:number-columns-spanned="2" table:number-rows-spanned="3" office:value-type="string">'
        "<text:p>合并</text:p></table:table-cell><table:covered-table-cell/>"
    )
    meta = "<office:document-meta><dc:subject>GS10 &amp; 03</dc:subject></office:document-meta>"
    styles = (
        f'<office:document-styles xmlns:office="{SPACES}office:1.0" xmlns:style="{SPACES}style:1.0"'
        f' xmlns:text="{SPACES}text:1.0">'
        "<style:header><text:p/></style:header><style:footer><style:region-left><text:p>GS10 2026-W48"
        "<text:s/>03</text:p></style:region-left></style:footer><style:footer-left style:display='false'/>"
        "</office:document-styles>"
    )
    book = book_of(ods(row("<table:table-cell/>", merged), meta=meta, styles=styles))
    assert book.sheets[0].merged == (((0, 1), (2, 2)),)
    assert (book.subject, book.running) == ("GS10 & 03", ("GS10 2026-W48 03",))


# --- text


TOKEN = token("00" * 32, "一行")


def test_a_text_with_keys_is_a_book_of_one_sheet(reader: Reader) -> None:
    (book,) = reader.open([f"行标识,最新数值\n{TOKEN},72.5\n".encode("gb18030")])
    assert book == Book(
        kind=FileKind.TEXT,
        sheets=(SheetCells("", hidden=False, rows=(("行标识", "最新数值"), (TOKEN, "72.5"))),),
    )


def test_a_text_without_keys_is_a_document(reader: Reader) -> None:
    assert list(reader.open([b"a,b"])) == [Document(FileKind.TEXT, "a,b")]


# --- passwords


def encrypted(password: str, data: bytes | None = None) -> bytes:
    file = io.BytesIO()
    OOXMLFile(io.BytesIO(data or form())).encrypt(password, file)
    return file.getvalue()


ENCRYPTED = encrypted("VelvetSweatshop")


def test_a_known_password_opens_a_workbook() -> None:
    with Reader(passwords=("别的", "密码123")) as reader:
        assert list(reader.open([encrypted("密码123"), form()])) == [read_book(form())] * 2


@pytest.mark.parametrize("passwords", [(), ("别的",)])
def test_a_workbook_without_a_known_password_is_refused(passwords: tuple[str, ...]) -> None:
    with Reader(passwords=passwords) as reader:
        (found,) = reader.open([encrypted("密码123")])
    assert isinstance(found, Refusal)
    assert found.code is Code.FILE_ENCRYPTED


def test_a_workbook_that_is_only_protected_from_changes_opens_as_it_does_in_excel(reader: Reader) -> None:
    assert list(reader.open([encrypted("VelvetSweatshop")])) == [read_book(form())]


def test_what_was_encrypted_passes_the_gate_like_everything() -> None:
    with Reader(passwords=("密码123",)) as reader:
        (far,) = reader.open([encrypted("密码123", FAR)])
    assert isinstance(far, Refusal)
    assert far.code is Code.FILE_LIMITS


def test_a_cut_file_under_a_known_password_is_truncated() -> None:
    file = io.BytesIO(form())
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("xl/media/image1.png", bytes(100_000))
    data = encrypted("密码123", file.getvalue())
    with Reader(passwords=("密码123",)) as reader:
        assert list(reader.open([data[:70_000]])) == [Refusal(Code.FILE_TRUNCATED)]


@settings(max_examples=20)
@given(end=st.integers(8, 8000), place=st.integers(8, 6000), text=st.binary(max_size=50))
def test_no_damage_makes_opening_an_encrypted_file_fail(
    reader: Reader, end: int, place: int, text: bytes
) -> None:
    data = ENCRYPTED[:place] + text + ENCRYPTED[place + len(text) : end]
    (found,) = reader.open([data])
    assert isinstance(found, Book | Document | Refusal)


def test_a_known_password_opens_an_xls() -> None:
    cells_ = [oldxls.number(r, 0, r / 4) for r in range(400)]
    locked = oldxls.encrypted_xls([[*cells_, oldxls.text(400, 1, "技术交易总额")]], "密码123")
    with Reader(passwords=("别的", "密码123")) as reader:
        (book,) = reader.open([locked])
    assert isinstance(book, Book)
    assert [row[0] for row in book.sheets[0].rows[:400]] == [r / 4 for r in range(400)]
    assert book.sheets[0].rows[400][1] == "技术交易总额"
    with Reader() as reader:
        assert list(reader.open([locked])) == [Refusal(Code.FILE_ENCRYPTED, "已知的密码打不开")]


# --- files inside files


def test_a_zip_of_workbooks_gives_its_members(reader: Reader) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("第3专班.xlsx", form())
    (contents,) = reader.open([file.getvalue()])
    assert isinstance(contents, Contents)
    assert (contents.kind, [(m.name, m.data) for m in contents.members]) == (
        FileKind.ZIP,
        [("第3专班.xlsx", form())],
    )


SMALL = form()


@settings(max_examples=60)
@given(
    end=st.integers(0, len(SMALL)) | st.none(),
    flips=st.lists(st.tuples(st.integers(0, len(SMALL) - 1), st.integers(1, 255)), max_size=3),
)
def test_no_damage_makes_reading_fail(end: int | None, flips: list[tuple[int, int]]) -> None:
    data = bytearray(SMALL)
    for place, mask in flips:
        data[place] ^= mask
    assert isinstance(read_book(bytes(data[:end])), Book | Refusal)


@settings(max_examples=60)
@given(
    part=st.sampled_from([SHEET, STRINGS, "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"]),
    place=st.floats(0, 1, exclude_max=True),
    text=st.sampled_from([b"", b"<", b">", b'"', b"&", b"\0", b"\xff", b"<c/>", b"</row>", b"9", b"<row>"]),
    length=st.integers(0, 30),
)
def test_no_damage_inside_a_part_makes_reading_fail(
    part: str, place: float, text: bytes, length: int
) -> None:
    def damage(xml: bytes) -> bytes:
        at = int(place * len(xml))
        return xml[:at] + text + xml[at + length :]

    assert isinstance(read_book(edited(damage, part, SMALL)), Book | Refusal)


# --- in processes of their own

FAR = edited(
    lambda x: x.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')
)
TALL = edited(
    lambda x: x.replace(b"</sheetData>", b'<row r="1048576"><c r="CV1048576"><v>1</v></c></row></sheetData>')
)
LAX = Limits(cells=1 << 60, seconds=5, memory=1 << 30)


def test_files_are_answered_in_order(reader: Reader) -> None:
    first, web, empty, last = reader.open([form(), b"<html>", b"", form()])
    assert first == last == read_book(form())
    assert web == Refusal(Code.FILE_RESAVE, "网页")
    assert empty == Refusal(Code.FILE_EMPTY, "空文件")


def test_no_files_give_no_answers(reader: Reader) -> None:
    assert list(reader.open([])) == []


def test_many_files_take_two_processes_and_keep_their_order() -> None:
    numbers = range(100)
    data = [edited(lambda x, n=n: x.replace(b">72.5<", f">{n}<".encode())) for n in numbers]  # type: ignore[misc]
    with Reader() as reader:
        books = list(reader.open(data))
    assert [b.sheets[0].rows[3][2] for b in books if isinstance(b, Book)] == [float(n) for n in numbers]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a process is not told of its cores")
def test_many_files_take_one_process_where_one_core_is_left_to_the_program() -> None:
    usable = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(usable)})
    try:
        with Reader() as reader:
            assert len(list(reader.open([form()] * 100))) == 100
            assert len(reader._children._all) == 1
    finally:
        os.sched_setaffinity(0, usable)


def test_a_caller_may_stop_early(reader: Reader) -> None:
    answers = reader.open([form()] * 20)
    assert isinstance(next(answers), Book)
    answers.close()  # type: ignore[attr-defined]
    assert len(list(reader.open([form()]))) == 1


def test_no_process_and_no_thread_is_left_where_the_caller_fails_early() -> None:
    before = set(threading.enumerate())
    with Reader() as reader:
        answers = reader.open([form()] * 20)
        next(answers)
    assert all(worker._process.returncode is not None for worker in reader._children._all)
    assert set(threading.enumerate()) == before, "a thread waits for whoever holds the answers"
    assert answers is not None  # held to here


def test_a_file_that_aborts_the_process_costs_only_itself() -> None:
    with Reader(LAX) as reader:
        far, after = reader.open([FAR, form()])
    assert far == Refusal(Code.FILE_LIMITS, "读取时占用的内存过多")
    assert isinstance(after, Book)


@pytest.mark.skipif(
    sys.platform == "win32", reason="memory is limited by the resource module, which Windows has not"
)
def test_a_file_that_needs_too_much_memory_costs_only_itself() -> None:
    with Reader(LAX) as reader:
        tall, after = reader.open([TALL, form()])
    assert isinstance(tall, Refusal)
    assert isinstance(after, Book)


def test_a_file_that_takes_too_long_costs_only_itself() -> None:
    rows = b"".join(
        b'<row r="%d"><c r="A%d"><v>1</v></c><c r="Z%d"><v>1</v></c></row>' % (n, n, n)
        for n in range(6, 90_000)
    )
    slow = edited(lambda x: x.replace(b"</sheetData>", rows + b"</sheetData>"))
    began = time.monotonic()
    with Reader(Limits(cells=1 << 60, filled=1 << 60, seconds=0.2, memory=1 << 32)) as reader:
        late, after = reader.open([slow, form()])
    assert late == Refusal(Code.FILE_LIMITS, "读取超过0.2秒")
    assert isinstance(after, Book)
    assert time.monotonic() - began < 10


def test_a_reader_that_cannot_start_is_a_fault_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module, "_SERVE", "raise SystemExit(1)")
    with Reader() as reader, pytest.raises(EnvironmentProblem, match="python-calamine"):
        list(reader.open([form()]))


def test_reading_processes_import_nothing_heavy() -> None:
    code = "import sys, tenproj_xl.reading.sandbox; print(*sys.modules)"
    command = [sys.executable, "-c", code]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()  # noqa: S603 - ours
    assert not {"python_calamine", "pandas", "pandera", "openpyxl", "xlsxwriter", "numpy"} & set(loaded)


# --- what a reading process leaves behind


def test_a_reading_process_writes_no_compiled_modules(tmp_path: Path) -> None:
    """One that the limit on the size of files cut short would never be imported again."""
    package = tmp_path / "tenproj_xl"
    shutil.copytree(Path(tenproj_xl.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    program = (
        "from tenproj_xl.reading.sandbox import Reader\nwith Reader() as reader: print(*reader.open([b'']))"
    )
    done = subprocess.run(  # noqa: S603  # our own interpreter
        [sys.executable, "-B", "-c", program],
        cwd=tmp_path,  # whose modules come first
        capture_output=True,
        text=True,
        check=True,
    )
    assert "FILE_EMPTY" in done.stdout
    assert not list(package.rglob("*.pyc"))
