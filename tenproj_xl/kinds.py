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
    ENCRYPTED = "encrypted"
    EMPTY = "empty"
    ZIP = "zip"
    ARCHIVE = "archive"
    DOCX = "docx"
    PPTX = "pptx"
    OLE = "ole"
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
    Kind.ENCRYPTED: "加密文件",
    Kind.EMPTY: "空文件",
    Kind.ZIP: "zip压缩包",
    Kind.ARCHIVE: "压缩包",
    Kind.DOCX: "Word文档",
    Kind.PPTX: "演示文稿",
    Kind.OLE: "旧版Office文档",
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
    (b"Rar!", Kind.ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", Kind.ARCHIVE),
    (b"\x1f\x8b", Kind.ARCHIVE),
    (b"PK\x05\x06", Kind.ZIP),
)
_OFFICE_PARTS = (
    ("xl/workbook.xml", Kind.XLSX),
    ("xl/workbook.bin", Kind.XLSB),
    ("word/document.xml", Kind.DOCX),
    ("ppt/presentation.xml", Kind.PPTX),
)
_BIFF8_GLOBALS = b"\x09\x08\x10\x00\x00\x06\x05\x00"
_FILEPASS = b"\x2f\x00"
_MAIL_HEADER = re.compile(
    rb"(?:received|return-path|from|to|date|subject|message-id|mime-version|x-[\w-]+):", re.IGNORECASE
)


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
    if "content.xml" in names and b"opendocument.spreadsheet" in data[:256]:
        return Kind.ODS
    return kind


def _kind_of_ole(data: bytes) -> Kind:
    def has_stream(name: str) -> bool:
        return name.encode("utf-16-le") in data

    if has_stream("EncryptedPackage"):
        return Kind.ENCRYPTED
    if not has_stream("Workbook") and not has_stream("Book"):
        return Kind.OLE
    start = data.find(_BIFF8_GLOBALS)  # the record right after it says whether the rest is encrypted
    return Kind.ENCRYPTED if start >= 0 and data[start + 20 : start + 22] == _FILEPASS else Kind.XLS


def _kind_of_text(data: bytes) -> Kind:
    head = data[:4096]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Kind.TEXT
    if any(byte < 32 and byte not in b"\t\n\x0b\x0c\r\x1b" for byte in head) or not _decodes(head):
        return Kind.OTHER
    start = head.removeprefix(codecs.BOM_UTF8).lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<head")) or b"<html" in start:
        return Kind.HTML
    if start.startswith(b"<?xml"):
        return Kind.XML
    return Kind.MAIL if _MAIL_HEADER.match(start) else Kind.TEXT


def _decodes(head: bytes) -> bool:
    for encoding in ("utf-8", "gb18030"):
        try:
            codecs.getincrementaldecoder(encoding)().decode(head)  # incremental: the head may end inside a character
        except UnicodeDecodeError:
            continue
        return True
    return False
