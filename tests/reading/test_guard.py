"""The gate: every hostile or foreign file is made here, none is kept."""

import functools
import io
import re
import struct
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
import xlsxwriter

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.findings import Place, finding
from tenproj_xl.core.limits import Limits
from tenproj_xl.core.sheets import STEPS_SHEET, UNREAD_SHEETS
from tenproj_xl.reading.book import Book
from tenproj_xl.reading.guard import Parts, Refusal, parts_of_workbook
from tenproj_xl.reading.opening import open_file, read_book
from tenproj_xl.reading.sniff import WORDS, FileKind, sniff
from tenproj_xl.reading.wire import Convertible
from tenproj_xl.reading.xlsx import Scanned, scan_workbook
from tests.helpers import oldxls

SHEET, STRINGS, WORKBOOK = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"
UNREAD_PART = "xl/worksheets/sheet2.xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


@functools.cache  # a workbook holds the second in which it was made
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
    found = read_book(data, limits or Limits())
    assert isinstance(found, Refusal)
    return found


def accepted(data: bytes) -> Book:
    found = read_book(data)
    assert isinstance(found, Book), found
    return found


def scanned(data: bytes, limits: Limits | None = None) -> Scanned:
    """What calamine is given to read of an .xlsx."""
    parts = parts_of_workbook(data, limits or Limits())
    assert isinstance(parts, Parts), parts
    found = scan_workbook(parts, limits or Limits())
    assert isinstance(found, Scanned), found
    return found


BIFF8 = b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(12)
ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
OUTLOOK = b"\x0b\x0d\x02\0\0\0\0\0\xc0\0\0\0\0\0\0\x46"
FLAT = (
    '<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' office:mimetype="application/vnd.oasis.opendocument.spreadsheet">{}</office:document>'
)


def of_zip(*names: str) -> bytes:
    return zipped(dict.fromkeys(names, b""))


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (workbook(), FileKind.XLSX),
        (zipped({WORKBOOK: b"", "xl/vbaProject.bin": b""}), FileKind.XLSM),
        (zipped({"xl/workbook.bin": b""}), FileKind.XLSB),
        (
            zipped(
                {"mimetype": ODS_TYPE, "META-INF/manifest.xml": b"", "content.xml": b""}, zipfile.ZIP_STORED
            ),
            FileKind.ODS,
        ),
        (
            zipped(
                {"META-INF/manifest.xml": b"", "content.xml": b"", "mimetype": ODS_TYPE}, zipfile.ZIP_STORED
            ),
            FileKind.ODS,
        ),
        (
            zipped(
                {"mimetype": b"text", "META-INF/manifest.xml": b"", "content.xml": b""}, zipfile.ZIP_STORED
            ),
            FileKind.ODF,
        ),
        (of_zip("OFD.xml", "Doc_0/Document.xml"), FileKind.OFD),
        (of_zip("Index/Document.iwa"), FileKind.IWORK),
        (zipped({"word/document.xml": b""}), FileKind.DOCX),
        (zipped({"ppt/presentation.xml": b""}), FileKind.PPTX),
        (zipped({"第3专班.xlsx": workbook()}, zipfile.ZIP_STORED), FileKind.ZIP),
        (zipped({}), FileKind.ZIP),
        (ole("Root Entry", "Workbook") + BIFF8, FileKind.XLS),
        (ole("Root Entry", "Book"), FileKind.BIFF),
        (ole("Root Entry", "Workbook") + BIFF8 + b"\x2f\x00", FileKind.ENCRYPTED),
        (ole("Root Entry", "EncryptionInfo", "EncryptedPackage"), FileKind.ENCRYPTED),
        (ole("Root Entry", "WordDocument"), FileKind.OLE),
        (b"%PDF-1.7\n", FileKind.PDF),
        (b"\x89PNG\r\n\x1a\n", FileKind.PICTURE),
        (b"\xff\xd8\xff\xe0", FileKind.PICTURE),
        (b"GIF89a", FileKind.PICTURE),
        (b"BM\x36\x10\x0e\0\0\0\0\0", FileKind.PICTURE),
        (b"RIFF\x10\x10\0\0WEBPVP8 ", FileKind.PICTURE),
        (b"\0\0\0\x18ftypheic", FileKind.PICTURE),
        (b"Rar!\x1a\x07", FileKind.ARCHIVE),
        (b"7z\xbc\xaf\x27\x1c\0\x04", FileKind.ARCHIVE),
        ("报表/03.xlsx".encode().ljust(257, b"\0") + b"ustar\0", FileKind.ARCHIVE),
        (b"\x78\x9f\x3e\x22\x01\0", FileKind.TNEF),
        (b"{\\rtf1\\ansi", FileKind.RTF),
        (b"\x09\x00\x04\x00\x02\x00\x10\x00", FileKind.BIFF),
        (oldxls.ole({"__properties_version1.0": b"", "Workbook": b""}, OUTLOOK), FileKind.MSG),
        (oldxls.xls([[]], early=b"\x86\x00\x00\x00\x2f\x00\x06\x00" + bytes(6)), FileKind.ENCRYPTED),
        ("\ufeff<html><table><tr><td>指标</td>".encode(), FileKind.HTML),
        (b"<!DOCTYPE html>", FileKind.HTML),
        (b"<?xml version='1.0'?><Workbook/>", FileKind.XML),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
            FileKind.SPREADSHEETML,
        ),
        (FLAT.format("").encode(), FileKind.FODS),
        (b"Received: from mail\r\nSubject: x\r\n\r\n", FileKind.MAIL),
        (b"DKIM-Signature: v=1;\r\n\tb=abc\r\nX-QQ-mid: 1\r\nFrom: a@b.cn\r\n\r\n", FileKind.MAIL),
        ("From: a@b.cn\nSubject: 第3专班\nTo: 王\n\n".encode("gb18030") + "正文".encode(), FileKind.MAIL),
        (b"\nMIME-Version: 1.0\nX-Mailer: Foxmail\n\n\0\1\2", FileKind.MAIL),
        (b"\xef\xbb\xbfFrom: a@b.cn\r\nSubject: x\r\n\r\n", FileKind.MAIL),
        (b"From: " + b"(" * 5000, FileKind.MAIL),
        (b"From: a@b.cn", FileKind.TEXT),
        ("说明：请填报\n日期: 今天\n".encode(), FileKind.TEXT),
        ("指标编号,最新数值\nZ03-05,72.5\n".encode(), FileKind.TEXT),
        ("指标编号,最新数值\nZ03-05,72.5\n".encode("gb18030"), FileKind.TEXT),
        (("指" * 3000).encode(), FileKind.TEXT),
        (
            "指标编号,最新数值（万".encode("gb18030") + b"\x80" + "）\nZ03-05,72.5".encode("gb18030"),
            FileKind.TEXT,
        ),
        ("指标\t数值".encode("utf-16"), FileKind.TEXT),
        (bytes(4096), FileKind.OTHER),
        (b"\xff\xfd\x80\xff" * 100, FileKind.OTHER),
        (b"", FileKind.EMPTY),
    ],
)
def test_the_kind_is_told_by_content(data: bytes, kind: FileKind) -> None:
    assert sniff(data) is kind


def test_every_kind_has_a_word_for_people() -> None:
    assert set(WORDS) == set(FileKind)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", Code.FILE_EMPTY),
        (ole("EncryptionInfo", "EncryptedPackage"), Code.FILE_ENCRYPTED),
        (b"<html>", Code.FILE_RESAVE),
        (b"Rar!\x1a\x07", Code.FILE_ARCHIVE),
        (b"\x78\x9f\x3e\x22\x01\0", Code.FILE_MAIL),
        (zipped({"第3专班.xlsx": b""}), Code.FILE_KIND),
        (b"%PDF-1.7\n", Code.FILE_KIND),
        (zipped({"word/document.xml": b""}), Code.FILE_KIND),
        ("指标,数值".encode(), Code.FILE_KIND),
        (b"\x00\x01" * 50, Code.FILE_KIND),
    ],
)
def test_what_is_no_workbook_is_refused_by_its_kind(data: bytes, code: Code) -> None:
    assert refusal(data) == Refusal(code, WORDS[sniff(data)])


def test_a_refusal_becomes_a_finding() -> None:
    found = refusal(b"<html>")
    message = finding(found.code, Place(file="a.xls"), found.found).message
    assert message == "这是网页，不能直接读取，请在WPS或Excel中打开，另存为.xlsx后重新发送。"


def test_an_ordinary_workbook_goes_through_with_only_the_parts_that_are_read() -> None:
    found = scanned(workbook())
    assert "xl/theme/theme1.xml" not in parts_of(found.data)
    assert found.sheets[0].rows * found.sheets[0].columns <= 1_000_000
    assert accepted(workbook()).kind is FileKind.XLSX


def with_unread(*sheets: str) -> dict[str, bytes]:
    """The parts of a workbook with such sheets after the first one, a cell of each far out."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet("主要指标进度表").write_number(2, 2, 72.5)
        for name in sheets:
            book.add_worksheet(name).write_number(1_048_575, 16_383, 1)
    return parts_of(file.getvalue())


def test_of_the_sheets_that_only_our_formulas_need_nothing_is_read() -> None:
    parts = parts_of(scanned(zipped(with_unread(*UNREAD_SHEETS))).data)
    assert b"72.5" in parts[SHEET]
    assert not any(b"XFD1048576" in part for part in parts.values())


def test_they_are_known_as_openpyxl_writes_them() -> None:
    file = io.BytesIO()
    book = openpyxl.Workbook()
    for name in UNREAD_SHEETS:
        book.create_sheet(name)["XFD9"] = "第一步"
    book.save(file)
    assert not any(b"XFD9" in part for part in parts_of(scanned(file.getvalue()).data).values())


@pytest.mark.parametrize(
    ("part", "before", "after"),
    [
        (WORKBOOK, b'r:id="rId2"', b'r:id="rId1"'),
        ("xl/_rels/workbook.xml.rels", b"worksheets/sheet2.xml", b"worksheets/sheet1.xml"),
    ],
)
def test_a_part_that_is_another_sheet_as_well_is_read(part: str, before: bytes, after: bytes) -> None:
    parts = with_unread(STEPS_SHEET)
    assert before in parts[part]
    parts[part] = parts[part].replace(before, after)
    parts[UNREAD_PART] = parts[SHEET]
    assert b"72.5" in parts_of(scanned(zipped(parts)).data)[SHEET]


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
    scanned(data, Limits(inflated=1 << 20))


@pytest.mark.parametrize("name", ["XL/Workbook.xml", "xl\\workbook.xml"])
def test_part_names_that_differ_only_in_case_or_slash_are_refused(name: str) -> None:
    data = zipped({**parts_of(workbook()), name: b"<workbook/>"})
    assert refusal(data) == Refusal(Code.FILE_LIMITS, "文件内部有重名的部件")


@pytest.mark.parametrize(
    "name", ["../evil.xml", "xl/../../evil.xml", "/etc/passwd", "C:/evil.xml", "..\\evil.xml"]
)
def test_part_names_that_lead_outside_are_refused(name: str) -> None:
    data = zipped({**parts_of(workbook()), name: b""})
    assert refusal(data) == Refusal(Code.FILE_LIMITS, "文件内部的部件名指向文件之外")


def test_overlapping_entries_are_refused() -> None:
    data = bytearray(workbook())
    directory = bytes(data).find(b"PK\x01\x02")
    second = bytes(data).find(b"PK\x01\x02", directory + 4)
    data[second + 42 : second + 46] = data[
        directory + 42 : directory + 46
    ]  # both begin where the first one does
    assert refusal(bytes(data)) == Refusal(Code.FILE_LIMITS, "文件内部的部件互相重叠")


@pytest.mark.parametrize("place", [20, 200, 3000])
def test_a_file_that_lost_some_bytes_is_broken_and_not_hostile(place: int) -> None:
    data = workbook()
    assert refusal(data[:place] + data[place + 10 :]) == Refusal(Code.FILE_TRUNCATED)


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
    bomb = (
        b"<!DOCTYPE x [" + b"".join(b'<!ENTITY e%d "&e%d;&e%d;">' % (n + 1, n, n) for n in range(30)) + b"]>"
    )
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
        part = part.replace(
            b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
        )
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


OASIS = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)


def ods(table: str, manifest: str = "") -> bytes:
    content = f"<office:document-content {OASIS}>{table}</office:document-content>"
    parts = {
        "mimetype": ODS_TYPE,
        "content.xml": content.encode(),
        "META-INF/manifest.xml": manifest.encode(),
    }
    return zipped(parts, zipfile.ZIP_STORED)


VALUE = 'office:value-type="float" office:value="1"'


@pytest.mark.parametrize("before", ["", 'table:formula="of:=[.A1]>1"', "table:formula='\"'"])
def test_an_ods_that_repeats_a_value_far_is_refused(before: str) -> None:
    cell = f'<table:table-cell {before} table:number-columns-repeated="1024" {VALUE}/>'
    row = f'<table:table-row table:number-rows-repeated="65536">{cell}</table:table-row>'
    assert refusal(ods(f'<table:table table:name="一">{row}</table:table>')).code is Code.FILE_LIMITS


def test_an_ods_that_repeats_blanks_is_not() -> None:
    blank = '<table:table-cell table:number-columns-repeated="16384"/>'
    row = f'<table:table-row table:number-rows-repeated="1048576">{blank}</table:table-row>'
    assert accepted(ods(f'<table:table table:name="一">{row}</table:table>')).kind is FileKind.ODS


def test_an_encrypted_ods_is_encrypted() -> None:
    assert refusal(ods("", "<manifest:encryption-data/>")).code is Code.FILE_ENCRYPTED


def test_what_openpyxl_saves_goes_through() -> None:
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.worksheets[0].append(["指标", 1, "=B1*2"])
    book.save(file)
    assert list(scanned(file.getvalue()).sheets[0].odd) == [(0, 2)]


def test_an_ods_that_repeats_an_error_for_ever_is_refused_before_it_is_written_out() -> None:
    cell = (
        f'<table:table-cell table:number-columns-repeated="{"9" * 30}" {VALUE} calcext:value-type="error"/>'
    )
    row = f'<table:table-row table:number-rows-repeated="{"9" * 30}">{cell}</table:table-row>'
    assert refusal(ods(f'<table:table table:name="一">{row}</table:table>')).code is Code.FILE_LIMITS


def test_an_ods_of_merged_cells_alone_is_refused() -> None:
    cells = '<table:table-cell table:number-columns-spanned="2"/><table:covered-table-cell/>' * 110_000
    table = f'<table:table table:name="一"><table:table-row>{cells}</table:table-row></table:table>'
    assert refusal(ods(table)).found == "文件有110000处合并单元格"


def test_an_ods_encrypted_as_a_whole_is_encrypted() -> None:
    parts = {
        "mimetype": ODS_TYPE,
        "META-INF/manifest.xml": b"<manifest:encryption-data/>",
        "encrypted-package": b"\0\1",
    }
    assert refusal(zipped(parts, zipfile.ZIP_STORED)).code is Code.FILE_ENCRYPTED


# --- for LibreOffice


def test_an_xlsb_goes_on_with_only_the_parts_that_are_read() -> None:
    names = (
        "[Content_Types].xml",
        "xl/workbook.bin",
        "xl/worksheets/sheet1.bin",
        "xl/media/1.png",
        "xl/vbaProject.bin",
    )
    data = zipped({name: b"\0\1" if name.endswith("bin") else b"" for name in names})
    found, _ = open_file(data, Limits(), ())
    assert isinstance(found, Convertible)
    assert found.kind is FileKind.XLSB
    assert refusal(data) == Refusal(Code.FILE_RESAVE, "xlsb二进制工作簿")
    assert list(parts_of(found.data)) == list(names[:3])


def test_an_xlsb_that_inflates_without_end_is_refused() -> None:
    data = zipped({"xl/workbook.bin": b"", "xl/worksheets/sheet1.bin": bytes(3_000_000)})
    assert refusal(data, Limits(inflated=1 << 20)) == Refusal(Code.FILE_LIMITS, "文件解压后超过1MB")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (FLAT.format("<table:table/>").encode(), "fods工作簿"),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
            "Excel 2003的XML表格",
        ),
        (oldxls.xls95("主要指标", "指标名称"), "旧版Excel工作簿"),
        (b"\x09\x00\x04\x00\x02\x00\x10\x00", "旧版Excel工作簿"),
    ],
)
def test_of_formats_that_hardly_anybody_saves_it_is_said_what_to_save_as(data: bytes, name: str) -> None:
    assert refusal(data) == Refusal(Code.FILE_RESAVE, name)


def test_of_a_workbook_for_excel_95_and_97_the_newer_half_is_read() -> None:
    old = {
        "Book": oldxls.stream95("旧", "旧的"),
        "Workbook": oldxls.stream([[oldxls.number(0, 0, 7)]], ["新"]),
    }
    (sheet,) = accepted(oldxls.ole(old)).sheets
    assert (sheet.name, sheet.rows) == ("新", ((7.0,),))


# --- what a file brings along


def with_part(name: str) -> bytes:
    return zipped({**parts_of(workbook()), name: b"<x/>"})


@pytest.mark.parametrize(
    ("data", "macros", "links"),
    [
        (workbook(), False, False),
        (with_part("xl/vbaProject.bin"), True, False),
        (with_part("xl/macrosheets/intlsheet1.xml"), True, False),
        (with_part("xl/externalLinks/externalLink1.xml"), False, True),
        (with_part("xl/connections.xml"), False, True),
        (ods("<table:table/>"), False, False),
        (ods('<table:cell-range-source table:name="*"/>'), False, True),
        (
            ods(
                "<table:table><table:table-row>"
                "<table:table-cell table:formula=\"of:=['file:///c:/a.xlsx'#$一.A1]\"/>"
                "</table:table-row></table:table>"
            ),
            False,
            True,
        ),
        (ods('<office:dde-source office:dde-application="soffice"/>'), False, True),
        (oldxls.xls([[]]), False, False),
        (oldxls.xls([[]], extra=oldxls.record(0x01AE, b"\x01\0\x01\x04")), False, False),
        (oldxls.xls([[]], extra=oldxls.record(0x01AE, b"\x01\0\x05\0\0a.xls")), False, True),
        (oldxls.ole({"Workbook": oldxls.stream([[]], ["一"]), "_VBA_PROJECT_CUR": b""}), True, False),
    ],
)
def test_macros_and_links_are_noticed(data: bytes, macros: bool, links: bool) -> None:  # noqa: FBT001  # a table of cases
    found = accepted(data)
    assert (found.macros, found.links) == (macros, links)


@pytest.mark.parametrize("size", [8, 300, 512, 600])
def test_an_xls_cut_before_its_directory_is_truncated_and_no_unknown_document(size: int) -> None:
    assert refusal(oldxls.xls([[]])[:size]) == Refusal(Code.FILE_TRUNCATED)


def test_a_damaged_xls_is_unreadable() -> None:
    data = bytearray(oldxls.xls([[oldxls.error(0, 0)]]))
    data[48:52] = b"\xff\xff\xff\x7f"  # where its directory begins
    assert refusal(bytes(data)).code is Code.FILE_UNREADABLE


def test_an_ods_without_the_end_of_a_table_is_unreadable() -> None:
    assert refusal(ods("<office:body><table:table></office:body>")).code is Code.FILE_UNREADABLE


@pytest.mark.parametrize("part", [SHEET, STRINGS, "xl/styles.xml"])
def test_a_workbook_that_names_a_part_it_has_not_is_truncated(part: str) -> None:
    left = {name: content for name, content in parts_of(workbook()).items() if name != part}
    assert refusal(zipped(left)).code is Code.FILE_TRUNCATED
