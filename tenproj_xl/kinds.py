"""What a file is, by its content.

Reads: the bytes of an untrusted file. Gives: its `Kind`. The name it came with means nothing: many
an .xls is a web page.
"""

import codecs
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Sequence
from enum import StrEnum


class Kind(StrEnum):
    """What a file is, by its content; the name it came with means nothing."""

    XLSX = "xlsx"
    XLSM = "xlsm"
    XLS = "xls"
    """Also .et of WPS, which is the same format."""
    ODS = "ods"
    XLSB = "xlsb"
    FODS = "fods"
    """An .ods in one plain XML file."""
    BIFF = "biff"
    """What Excel 95 and its forerunners wrote, and some programs of offices still write as .xls; calamine reads its
    Chinese as gibberish, where it reads it at all."""
    SPREADSHEETML = "spreadsheetml"
    """Excel 2003's workbook in one plain XML file, often named .xls."""
    ENCRYPTED = "encrypted"
    EMPTY = "empty"
    ZIP = "zip"
    ARCHIVE = "archive"
    DOCX = "docx"
    PPTX = "pptx"
    ODF = "odf"
    IWORK = "iwork"
    OFD = "ofd"
    OLE = "ole"
    MSG = "msg"
    TNEF = "tnef"
    RTF = "rtf"
    PDF = "pdf"
    PICTURE = "picture"
    HTML = "html"
    XML = "xml"
    MAIL = "mail"
    TEXT = "text"
    OTHER = "other"


WORDS = {
    Kind.XLSX: "Excel工作簿",
    Kind.XLSM: "带宏的Excel工作簿",
    Kind.XLS: "Excel 97-2003工作簿",
    Kind.ODS: "ODS工作簿",
    Kind.XLSB: "xlsb二进制工作簿",
    Kind.FODS: "fods工作簿",
    Kind.BIFF: "旧版Excel工作簿",
    Kind.SPREADSHEETML: "Excel 2003的XML表格",
    Kind.ENCRYPTED: "加密文件",
    Kind.EMPTY: "空文件",
    Kind.ZIP: "zip压缩包",
    Kind.ARCHIVE: "rar、7z等压缩包",
    Kind.DOCX: "Word文档",
    Kind.PPTX: "演示文稿",
    Kind.ODF: "OpenDocument文档",
    Kind.IWORK: "苹果Numbers等文稿",
    Kind.OFD: "OFD版式文件",
    Kind.OLE: "旧版Office文档",
    Kind.MSG: "Outlook邮件（.msg）",
    Kind.TNEF: "Outlook打包的附件（winmail.dat）",
    Kind.RTF: "RTF文档",
    Kind.PDF: "PDF文件",
    Kind.PICTURE: "图片",
    Kind.HTML: "网页",
    Kind.XML: "XML文本",
    Kind.MAIL: "邮件",
    Kind.TEXT: "CSV或纯文本",
    Kind.OTHER: "无法识别的文件",
}
"""How findings name a kind."""

BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, struct.error, ValueError, OSError)
"""What Python's zipfile raises over a damaged file."""

_MAGIC = (
    (b"%PDF", Kind.PDF),
    (b"\x89PNG", Kind.PICTURE),
    (b"\xff\xd8\xff", Kind.PICTURE),
    (b"GIF8", Kind.PICTURE),
    (b"II*\0", Kind.PICTURE),
    (b"MM\0*", Kind.PICTURE),
    (b"Rar!", Kind.ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", Kind.ARCHIVE),
    (b"\x1f\x8b", Kind.ARCHIVE),
    (b"BZh", Kind.ARCHIVE),
    (b"\xfd7zXZ", Kind.ARCHIVE),
    (b"MSCF", Kind.ARCHIVE),
    (b"PK\x05\x06", Kind.ZIP),
    (b"\x78\x9f\x3e\x22", Kind.TNEF),
    (b"{\\rtf", Kind.RTF),
    (b"\x09\x00\x04\x00", Kind.BIFF),
    (b"\x09\x02\x06\x00", Kind.BIFF),
    (b"\x09\x04\x06\x00", Kind.BIFF),
    (b"\x09\x08\x08\x00\x00\x05", Kind.BIFF),
)
_INSIDE = (
    (b"BM", 6, b"\0\0\0\0", Kind.PICTURE),
    (b"RIFF", 8, b"WEBP", Kind.PICTURE),
    (b"", 4, b"ftyphei", Kind.PICTURE),
    (b"", 4, b"ftypmif", Kind.PICTURE),
    (b"", 257, b"ustar", Kind.ARCHIVE),
)
_OFFICE_PARTS = (
    ("xl/workbook.xml", Kind.XLSX),
    ("xl/workbook.bin", Kind.XLSB),
    ("word/document.xml", Kind.DOCX),
    ("ppt/presentation.xml", Kind.PPTX),
    ("ofd.xml", Kind.OFD),
    ("index/document.iwa", Kind.IWORK),
)
_ODS_TYPE = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
_OUTLOOK_MESSAGE = b"\x0b\x0d\x02\0\0\0\0\0\xc0\0\0\0\0\0\0\x46"
_BIFF8_GLOBALS = b"\x09\x08\x10\x00\x00\x06\x05\x00"
_WRITE_PROTECTED = b"\x86\x00\x00\x00"
_FILEPASS = b"\x2f\x00"
_HEADER_LINES = re.compile(rb"(?:From [^\n]*\n)?(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*){2,}")
_MAIL_HEADER = re.compile(
    rb"^(?:received|return-path|from|to|date|subject|message-id|mime-version|content-type):",
    re.IGNORECASE | re.MULTILINE,
)


def _replaced(fault: UnicodeError) -> tuple[str, int]:
    if not isinstance(fault, UnicodeDecodeError):
        raise fault
    return "€" if fault.object[fault.start] == 0x80 else "\ufffd", fault.start + 1


gbk_euro = "tenproj-gbk-euro"
"""How to decode GB18030 that was written as GBK, where € is the byte 80; other bytes that mean nothing become `�`."""
codecs.register_error(gbk_euro, _replaced)


def sniff(data: bytes) -> Kind:
    """The kind of a file."""
    if data.startswith(b"PK\x03\x04"):
        archive = open_zip(data)
        return kind_of_zip(data, archive.infolist()) if archive else Kind.ZIP
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _kind_of_ole(data)
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    for magic, place, more, kind in _INSIDE:
        if data.startswith(magic) and data.startswith(more, place):
            return kind
    return _kind_of_text(data) if data else Kind.EMPTY


def open_zip(data: bytes) -> zipfile.ZipFile | None:
    """The zip file, None where its directory is missing or damaged."""
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except BROKEN_ZIP:
        return None


def plain_name(entry: zipfile.ZipInfo) -> str:
    """The name by which every program finds a part, whatever its case and slashes."""
    return entry.orig_filename.replace("\\", "/").lower()


def kind_of_zip(data: bytes, entries: Sequence[zipfile.ZipInfo]) -> Kind:
    """The kind of a file that is a zip with these entries."""
    names = {plain_name(e) for e in entries}
    kind = next((kind for part, kind in _OFFICE_PARTS if part in names), Kind.ZIP)
    if kind is Kind.XLSX and "xl/vbaproject.bin" in names:
        return Kind.XLSM
    if kind is Kind.ZIP and "meta-inf/manifest.xml" in names and names & {"content.xml", "encrypted-package"}:
        return Kind.ODS if _ODS_TYPE in data else Kind.ODF
    return kind


def _kind_of_ole(data: bytes) -> Kind:
    def has_stream(name: str) -> bool:
        return name.encode("utf-16-le") in data

    if has_stream("EncryptedPackage"):
        return Kind.ENCRYPTED
    if _class_of_ole(data) == _OUTLOOK_MESSAGE:  # asked first, because a workbook may be inside
        return Kind.MSG
    if not has_stream("Workbook") and not has_stream("Book"):
        return Kind.OLE
    start = data.find(_BIFF8_GLOBALS)
    if start < 0:
        return Kind.BIFF
    after = data[start + 20 : start + 26].removeprefix(_WRITE_PROTECTED)
    return Kind.ENCRYPTED if after.startswith(_FILEPASS) else Kind.XLS  # a record that says that the rest is encrypted


def _class_of_ole(data: bytes) -> bytes:
    """What the root of an OLE file says it is, b"" in a cut one."""
    root = _root_of_ole(data)
    return data[root + 80 : root + 96]


def is_cut_ole(data: bytes) -> bool:
    """True for an OLE file so short that its directory is missing, without which nobody knows what it was."""
    return _root_of_ole(data) + 128 > len(data)


def _root_of_ole(data: bytes) -> int:
    """Where the directory begins."""
    if len(data) < 512:
        return len(data)
    shift, sector = struct.unpack_from("<H", data, 30)[0], struct.unpack_from("<I", data, 48)[0]
    return int((sector + 1) << min(shift, 12))


def _kind_of_text(data: bytes) -> Kind:
    head = data[:4096]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Kind.TEXT
    headers = _HEADER_LINES.match(head.lstrip())
    if headers and _MAIL_HEADER.search(headers[0]):  # before the encoding is asked for: a mail may mix several
        return Kind.MAIL
    if any(byte < 32 and byte not in b"\t\n\x0b\x0c\r\x1b" for byte in head) or not _decodes(head):
        return Kind.OTHER
    start = head.removeprefix(codecs.BOM_UTF8).lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<head")) or b"<html" in start:
        return Kind.HTML
    return _kind_of_xml(start) if start.startswith((b"<?xml", b"<workbook", b"<office:document")) else Kind.TEXT


def _kind_of_xml(start: bytes) -> Kind:
    if b"urn:schemas-microsoft-com:office:spreadsheet" in start:
        return Kind.SPREADSHEETML
    if b"<office:document " in start and b"opendocument.spreadsheet" in start:
        return Kind.FODS
    return Kind.XML


def _decodes(head: bytes) -> bool:
    """True for what is UTF-8, or GBK but for a stray byte here and there."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)  # incremental: the head may end inside a character
    except UnicodeDecodeError:
        text = head.decode("gb18030", gbk_euro)
        return text.count("\ufffd") * 50 <= len(text)
    return True
