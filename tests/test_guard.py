"""The gate: every hostile or foreign file is made here, none is kept."""

import io
import re
import struct
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
import xlsxwriter

from tenproj_xl.findings import Code, Place, finding
from tenproj_xl.guard import Inspected, Limits, Refusal, inspect
from tenproj_xl.kinds import WORDS, Kind, sniff

SHEET, STRINGS, WORKBOOK = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def workbook() -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("主要指标进度表")
        sheet.write_string(2, 1, "技术交易总额")
        sheet.write_number(2, 2, 72.5)
    return file.getvalue()


def zipped(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return file.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def edited(part: str, change: Callable[[bytes], bytes]) -> bytes:
    parts = parts_of(workbook())
    parts[part] = change(parts[part])
    return zipped(parts)


def with_cells(xml: bytes) -> bytes:
    return edited(SHEET, lambda part: part.replace(b"</sheetData>", xml + b"</sheetData>"))


def ole(*streams: str) -> bytes:
    return OLE + b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in streams)


def refusal(data: bytes, limits: Limits | None = None) -> Refusal:
    found = inspect(data, limits or Limits())
    assert isinstance(found, Refusal)
    return found


def accepted(data: bytes, limits: Limits | None = None) -> Inspected:
    found = inspect(data, limits or Limits())
    assert isinstance(found, Inspected), found
    return found


BIFF8 = b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(12)
ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (workbook(), Kind.XLSX),
        (zipped({WORKBOOK: b"", "xl/vbaProject.bin": b""}), Kind.XLSM),
        (zipped({"xl/workbook.bin": b""}), Kind.XLSB),
        (zipped({"mimetype": ODS_TYPE, "content.xml": b""}, zipfile.ZIP_STORED), Kind.ODS),
        (zipped({"word/document.xml": b""}), Kind.DOCX),
        (zipped({"ppt/presentation.xml": b""}), Kind.PPTX),
        (zipped({"第3专班.xlsx": workbook()}, zipfile.ZIP_STORED), Kind.ZIP),
        (zipped({}), Kind.ZIP),
        (ole("Root Entry", "Workbook") + BIFF8, Kind.XLS),
        (ole("Root Entry", "Book"), Kind.XLS),
        (ole("Root Entry", "Workbook") + BIFF8 + b"\x2f\x00", Kind.ENCRYPTED),
        (ole("Root Entry", "EncryptionInfo", "EncryptedPackage"), Kind.ENCRYPTED),
        (ole("Root Entry", "WordDocument"), Kind.OLE),
        (b"%PDF-1.7\n", Kind.PDF),
        (b"\x89PNG\r\n\x1a\n", Kind.PICTURE),
        (b"\xff\xd8\xff\xe0", Kind.PICTURE),
        (b"GIF89a", Kind.PICTURE),
        (b"Rar!\x1a\x07", Kind.ARCHIVE),
        ("\ufeff<html><table><tr><td>指标</td>".encode(), Kind.HTML),
        (b"<!DOCTYPE html>", Kind.HTML),
        (b"<?xml version='1.0'?><Workbook/>", Kind.XML),
        (b"Received: from mail\r\nSubject: x\r\n\r\n", Kind.MAIL),
        ("指标编号,最新数值\nZ03-05,72.5\n".encode(), Kind.TEXT),
        ("指标编号,最新数值\nZ03-05,72.5\n".encode("gb18030"), Kind.TEXT),
        (("指" * 3000).encode(), Kind.TEXT),
        ("指标\t数值".encode("utf-16"), Kind.TEXT),
        (bytes(4096), Kind.OTHER),
        (b"\xff\xfd\x80\xff" * 100, Kind.OTHER),
        (b"", Kind.EMPTY),
    ],
)
def test_the_kind_is_told_by_content(data: bytes, kind: Kind) -> None:
    assert sniff(data) is kind


def test_every_kind_has_a_word_for_people() -> None:
    assert set(WORDS) == set(Kind)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", Code.FILE_EMPTY),
        (ole("EncryptionInfo", "EncryptedPackage"), Code.FILE_ENCRYPTED),
        (b"<html>", Code.FILE_KIND),
        (b"%PDF-1.7\n", Code.FILE_KIND),
        (zipped({"word/document.xml": b""}), Code.FILE_KIND),
        (zipped({"xl/workbook.bin": b""}), Code.FILE_KIND),
        ("指标,数值".encode(), Code.FILE_KIND),
        (b"\x00\x01" * 50, Code.FILE_KIND),
    ],
)
def test_what_is_no_workbook_is_refused_by_its_kind(data: bytes, code: Code) -> None:
    assert refusal(data) == Refusal(code, WORDS[sniff(data)])


def test_a_refusal_becomes_a_finding() -> None:
    found = refusal(b"<html>")
    message = finding(found.code, Place(file="a.xls"), found.found).message
    assert message == "这是网页，不是可以读取的表格，请发送填好的填报表（.xlsx）。"


def test_an_ordinary_workbook_goes_through_with_only_the_parts_that_are_read() -> None:
    inspected = accepted(workbook())
    assert inspected.kind is Kind.XLSX
    assert "xl/theme/theme1.xml" not in parts_of(inspected.data)
    assert (inspected.scans[SHEET].rows, inspected.scans[SHEET].columns) == (3, 3)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99, 0.999])
def test_a_cut_file_is_truncated(share: float) -> None:
    data = workbook()
    assert refusal(data[: int(len(data) * share)]).code is Code.FILE_TRUNCATED


def test_a_damaged_part_is_truncated() -> None:
    data = bytearray(workbook())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        start = archive.getinfo(SHEET).header_offset + 30 + len(SHEET)
    data[start + 20] ^= 0xFF
    assert refusal(bytes(data)).code is Code.FILE_TRUNCATED


def test_a_part_that_inflates_without_end_is_refused() -> None:
    data = edited(SHEET, lambda part: part.replace(b"<sheetData>", b" " * 3_000_000 + b"<sheetData>"))
    assert len(data) < 20_000
    assert refusal(data, Limits(inflated=1 << 20)) == Refusal(Code.FILE_LIMITS, "文件解压后超过1MB")


def test_a_part_that_declares_less_than_it_holds_is_refused() -> None:
    data = bytearray(edited(SHEET, lambda part: part + b" " * 3_000_000))
    entry = data.rfind(SHEET.encode()) - 46  # in the central directory
    data[entry + 24 : entry + 28] = struct.pack("<I", 1000)
    assert refusal(bytes(data)).code is Code.FILE_TRUNCATED


def test_parts_that_are_not_read_may_be_of_any_size() -> None:
    data = zipped(
        {**parts_of(workbook()), "xl/media/image1.png": bytes(3_000_000), "customXml/item1.xml": b"\xff\xfe<"}
    )
    accepted(data, Limits(inflated=1 << 20))


@pytest.mark.parametrize("name", ["XL/Workbook.xml", "xl\\workbook.xml"])
def test_part_names_that_differ_only_in_case_or_slash_are_refused(name: str) -> None:
    data = zipped({**parts_of(workbook()), name: b"<workbook/>"})
    assert refusal(data) == Refusal(Code.FILE_LIMITS, "文件内部有重名的部件")


@pytest.mark.parametrize("name", ["../evil.xml", "xl/../../evil.xml", "/etc/passwd", "C:/evil.xml", "..\\evil.xml"])
def test_part_names_that_lead_outside_are_refused(name: str) -> None:
    data = zipped({**parts_of(workbook()), name: b""})
    assert refusal(data) == Refusal(Code.FILE_LIMITS, "文件内部的部件名指向文件之外")


def test_overlapping_entries_are_refused() -> None:
    data = bytearray(workbook())
    directory = bytes(data).find(b"PK\x01\x02")
    second = bytes(data).find(b"PK\x01\x02", directory + 4)
    data[second + 42 : second + 46] = data[directory + 42 : directory + 46]  # both begin where the first one does
    assert refusal(bytes(data)) == Refusal(Code.FILE_LIMITS, "文件内部的部件互相重叠")


def test_unusual_compression_is_refused() -> None:
    assert refusal(zipped(parts_of(workbook()), zipfile.ZIP_BZIP2)) == Refusal(
        Code.FILE_LIMITS, "文件用了不常见的压缩方法"
    )


def test_too_many_parts_are_refused() -> None:
    data = zipped({**parts_of(workbook()), **{f"xl/media/{n}.png": b"" for n in range(2_000)}})
    assert refusal(data).code is Code.FILE_LIMITS


def test_a_zip_with_a_password_is_encrypted() -> None:
    data = bytearray(workbook())
    data[bytes(data).find(b"PK\x01\x02") + 8] |= 1
    assert refusal(bytes(data)).code is Code.FILE_ENCRYPTED


def test_a_file_too_large_is_not_even_opened() -> None:
    assert refusal(workbook(), Limits(size=1000)).code is Code.FILE_LIMITS


def test_an_entity_bomb_is_refused() -> None:
    bomb = b"<!DOCTYPE x [" + b"".join(b'<!ENTITY e%d "&e%d;&e%d;">' % (n + 1, n, n) for n in range(30)) + b"]>"
    data = edited(SHEET, lambda part: part.replace(b"<worksheet", bomb + b"<worksheet"))
    assert refusal(data) == Refusal(Code.FILE_LIMITS, "文件内部带有DOCTYPE声明")


@pytest.mark.parametrize("encoding", ["utf-16", "gb18030"])
def test_a_sheet_in_another_encoding_is_refused_as_it_would_be_read_wrongly(encoding: str) -> None:
    data = edited(SHEET, lambda part: part.decode().replace("UTF-8", encoding).encode(encoding))
    assert refusal(data).code is Code.FILE_UNREADABLE


@pytest.mark.parametrize(
    "cell",
    [
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        b'<row r="1048576"><c s="0" r="XFD1048576"><v>1</v></c></row>',
        b"<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
        b'<row r="1048576"><c a=">" r="XFD1048576"><v>1</v></c></row>',
        b'<row r="1048576"><c r="A1048576"/><c><v>1</v></c></row><row r="2"><c r="XFD2" t="s"><v>0</v></c></row>',
        b'<row r="1"><c r="ZZZZZZ1"><v>1</v></c></row>',
    ],
)
def test_a_cell_far_away_is_refused_before_the_reader_sees_it(cell: bytes) -> None:
    assert refusal(with_cells(cell)).code is Code.FILE_LIMITS


def test_prefixed_elements_are_followed() -> None:
    def prefixed(part: bytes) -> bytes:
        part = part.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')
        return re.sub(rb"<(/?)(?=[a-z])", rb"<\1x:", part).replace(b"xmlns=", b"xmlns:x=")

    assert refusal(edited(SHEET, prefixed)).code is Code.FILE_LIMITS


def test_formats_far_away_harm_nobody() -> None:
    accepted(with_cells(b'<row r="1048576" ht="30"><c r="XFD1048576" s="0"/></row>'))


def test_sixty_thousand_merges_are_refused() -> None:
    merges = b"<mergeCells>" + b'<mergeCell ref="A1:B2"/>' * 60_000 + b"</mergeCells>"
    data = edited(SHEET, lambda part: part.replace(b"</sheetData>", b"</sheetData>" + merges))
    assert refusal(data) == Refusal(Code.FILE_LIMITS, "文件有60000处合并单元格")


def test_a_false_count_of_strings_is_refused() -> None:
    data = edited(STRINGS, lambda part: part.replace(b'uniqueCount="1"', b'uniqueCount="4000000000"'))
    assert refusal(data) == Refusal(Code.FILE_LIMITS, "文件内部声明的文本个数不实")


def test_a_sheet_that_is_not_xml_is_refused() -> None:
    data = edited(SHEET, lambda part: part.replace(b"<c r=", b"<c <r="))
    assert refusal(data).code is Code.FILE_UNREADABLE


def ods(table: str, manifest: str = "") -> bytes:
    content = f'<office:document-content xmlns:office="o" xmlns:table="t">{table}</office:document-content>'
    parts = {"mimetype": ODS_TYPE, "content.xml": content.encode(), "META-INF/manifest.xml": manifest.encode()}
    return zipped(parts, zipfile.ZIP_STORED)


def test_an_ods_that_repeats_a_value_far_is_refused() -> None:
    cell = '<table:table-cell table:number-columns-repeated="1024" office:value-type="float" office:value="1"/>'
    row = f'<table:table-row table:number-rows-repeated="65536">{cell}</table:table-row>'
    assert refusal(ods(f'<table:table table:name="一">{row}</table:table>')).code is Code.FILE_LIMITS


def test_an_ods_that_repeats_blanks_is_not() -> None:
    blank = '<table:table-cell table:number-columns-repeated="16384"/>'
    row = f'<table:table-row table:number-rows-repeated="1048576">{blank}</table:table-row>'
    assert accepted(ods(f'<table:table table:name="一">{row}</table:table>')).kind is Kind.ODS


def test_an_encrypted_ods_is_encrypted() -> None:
    assert refusal(ods("", "<manifest:encryption-data/>")).code is Code.FILE_ENCRYPTED


def test_what_openpyxl_saves_goes_through() -> None:
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.worksheets[0].append(["指标", 1, "=B1*2"])
    book.save(file)
    assert list(accepted(file.getvalue()).scans[SHEET].odd) == [(0, 2)]
