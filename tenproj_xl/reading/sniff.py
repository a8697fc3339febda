"""What a file is, by its content; its name tells nothing, since many an .xls is a web page."""

import codecs
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Sequence
from enum import StrEnum


class FileKind(StrEnum):
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
    """What Excel 95 and earlier versions wrote, and some programs of offices still write as .xls."""
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
    SMIME = "smime"
    RTF = "rtf"
    PDF = "pdf"
    PICTURE = "picture"
    HTML = "html"
    XML = "xml"
    MAIL = "mail"
    MEDIA = "media"
    """Sound or moving pictures."""
    PROGRAM = "program"
    """What a system runs, or a program's own store of data."""
    TEXT = "text"
    OTHER = "other"


WORDS = {
    FileKind.XLSX: "Excel工作簿",
    FileKind.XLSM: "带宏的Excel工作簿",
    FileKind.XLS: "Excel 97-2003工作簿",
    FileKind.ODS: "ODS工作簿",
    FileKind.XLSB: "xlsb二进制工作簿",
    FileKind.FODS: "fods工作簿",
    FileKind.BIFF: "旧版Excel工作簿",
    FileKind.SPREADSHEETML: "Excel 2003的XML表格",
    FileKind.ENCRYPTED: "加密文件",
    FileKind.EMPTY: "空文件",
    FileKind.ZIP: "zip压缩包",
    FileKind.ARCHIVE: "rar、7z等压缩包",
    FileKind.DOCX: "Word文档",
    FileKind.PPTX: "演示文稿",
    FileKind.ODF: "OpenDocument文档",
    FileKind.IWORK: "苹果Numbers等文稿",
    FileKind.OFD: "OFD版式文件",
    FileKind.OLE: "旧版Office文档",
    FileKind.MSG: "Outlook邮件（.msg）",
    FileKind.TNEF: "Outlook打包的附件（winmail.dat）",
    FileKind.SMIME: "数字签名或加密封装的邮件（smime.p7m）",
    FileKind.RTF: "RTF文档",
    FileKind.PDF: "PDF文件",
    FileKind.PICTURE: "图片",
    FileKind.HTML: "网页",
    FileKind.XML: "XML文本",
    FileKind.MAIL: "邮件",
    FileKind.MEDIA: "音频或视频",
    FileKind.PROGRAM: "程序或程序的数据",
    FileKind.TEXT: "CSV或纯文本",
    FileKind.OTHER: "无法识别的文件",
}
"""How findings name a kind."""

BROKEN_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    struct.error,
    ValueError,
    OSError,
)
"""What Python's zipfile raises over a damaged file."""

_MAGIC = (
    (b"%PDF", FileKind.PDF),
    (b"\x89PNG", FileKind.PICTURE),
    (b"\xff\xd8\xff", FileKind.PICTURE),
    (b"GIF8", FileKind.PICTURE),
    (b"II*\0", FileKind.PICTURE),
    (b"MM\0*", FileKind.PICTURE),
    (b"Rar!", FileKind.ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", FileKind.ARCHIVE),
    (b"\x1f\x8b", FileKind.ARCHIVE),
    (b"BZh", FileKind.ARCHIVE),
    (b"\xfd7zXZ", FileKind.ARCHIVE),
    (b"MSCF", FileKind.ARCHIVE),
    (b"PK\x05\x06", FileKind.ZIP),
    (b"\x78\x9f\x3e\x22", FileKind.TNEF),
    (b"{\\rtf", FileKind.RTF),
    (b"\x1a\x45\xdf\xa3", FileKind.MEDIA),
    (b"OggS\0", FileKind.MEDIA),
    (b"fLaC\0", FileKind.MEDIA),
    (b"ID3\x03", FileKind.MEDIA),
    (b"ID3\x04", FileKind.MEDIA),
    (b"FLV\x01", FileKind.MEDIA),
    (b"#!AMR\n", FileKind.MEDIA),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", FileKind.MEDIA),
    (b"\0\0\x01\xba", FileKind.MEDIA),
    (b"\x7fELF", FileKind.PROGRAM),
    (b"\xcf\xfa\xed\xfe", FileKind.PROGRAM),
    (b"L\0\0\0\x01\x14\x02\0", FileKind.PROGRAM),
    (b"SQLite format 3\0", FileKind.PROGRAM),
    (b"\x09\x00\x04\x00", FileKind.BIFF),
    (b"\x09\x02\x06\x00", FileKind.BIFF),
    (b"\x09\x04\x06\x00", FileKind.BIFF),
    (b"\x09\x08\x08\x00\x00\x05", FileKind.BIFF),
)
_CMS = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07"
"""How signed and encrypted data begin (PKCS #7), after a length of one to four bytes."""
_INSIDE = (
    (b"\x30\x80", 2, _CMS, FileKind.SMIME),
    (b"\x30\x81", 3, _CMS, FileKind.SMIME),
    (b"\x30\x82", 4, _CMS, FileKind.SMIME),
    (b"\x30\x83", 5, _CMS, FileKind.SMIME),
    (b"BM", 6, b"\0\0\0\0", FileKind.PICTURE),
    (b"RIFF", 8, b"WEBP", FileKind.PICTURE),
    (b"", 4, b"ftyphei", FileKind.PICTURE),
    (b"", 4, b"ftypmif", FileKind.PICTURE),
    (b"RIFF", 8, b"AVI ", FileKind.MEDIA),
    (b"RIFF", 8, b"WAVE", FileKind.MEDIA),
    (b"", 4, b"ftyp", FileKind.MEDIA),
    (b"MZ", 3, b"\0", FileKind.PROGRAM),
    (b"", 257, b"ustar", FileKind.ARCHIVE),
)
_FOREIGN = (FileKind.MEDIA, FileKind.PROGRAM)
_OFFICE_PARTS = (
    ("xl/workbook.xml", FileKind.XLSX),
    ("xl/workbook.bin", FileKind.XLSB),
    ("word/document.xml", FileKind.DOCX),
    ("ppt/presentation.xml", FileKind.PPTX),
    ("ofd.xml", FileKind.OFD),
    ("index/document.iwa", FileKind.IWORK),
)
_PACKAGE_PARTS = {"[content_types].xml", "_rels/.rels", "xl/_rels/workbook.xml.rels"}
"""What no archive of files has."""
_ODS_TYPE = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
_OUTLOOK_MESSAGE = b"\x0b\x0d\x02\0\0\0\0\0\xc0\0\0\0\0\0\0\x46"
_BIFF8_GLOBALS = b"\x09\x08\x10\x00\x00\x06\x05\x00"
_WRITE_PROTECTED = b"\x86\x00\x00\x00"
_FILEPASS = b"\x2f\x00"  # the record after which all others are encrypted
_HEADER_LINES = re.compile(rb"(?:From [^\n]*\n)?(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*){2,}")
_MAIL_HEADER = re.compile(
    rb"^(?:received|return-path|from|to|date|subject|message-id|mime-version|content-type):",
    re.IGNORECASE | re.MULTILINE,
)


_HEAD = 4096


def _replaced(fault: UnicodeError) -> tuple[str, int]:
    if not isinstance(fault, UnicodeDecodeError):
        raise fault
    character = "\ufffd"
    if fault.object[fault.start] == 0x80:
        character = "€"
    return character, fault.start + 1


gbk_euro = "tenproj-gbk-euro"
"""How to decode GB18030 that was written as GBK, where € is the byte 80; other strange bytes become `�`."""
codecs.register_error(gbk_euro, _replaced)


def sniff(data: bytes) -> FileKind:
    """Return the kind of a file."""
    if data.startswith(b"PK\x03\x04"):
        archive = open_zip(data)
        if archive is None:
            return FileKind.ZIP
        return kind_of_zip(data, archive.infolist())
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _kind_of_ole(data)
    if not data:
        return FileKind.EMPTY
    return kind_by_magic(data) or _kind_of_text(data)


def is_foreign(head: bytes) -> bool:
    """Return whether the first bytes of a file tell that it is neither a form nor what comes beside one."""
    return kind_by_magic(head) in _FOREIGN


def kind_by_magic(data: bytes) -> FileKind | None:
    """Return the kind that the first bytes tell, None where they tell nothing."""
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    for magic, place, more, kind in _INSIDE:
        if data.startswith(magic) and data.startswith(more, place):
            return kind
    return None


def open_zip(data: bytes) -> zipfile.ZipFile | None:
    """Open a zip file; return None where its directory is missing or damaged."""
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except BROKEN_ZIP:
        return None


def plain_name(entry: zipfile.ZipInfo) -> str:
    """Return the name by which every program finds a part, whatever its case and slashes."""
    return entry.orig_filename.replace("\\", "/").lower()


def kind_of_zip(data: bytes, entries: Sequence[zipfile.ZipInfo]) -> FileKind:
    """Return the kind of a file that is a zip with these entries."""
    names = {plain_name(e) for e in entries}
    kind = next((kind for part, kind in _OFFICE_PARTS if part in names), FileKind.ZIP)
    if kind is FileKind.ZIP and names & _PACKAGE_PARTS and any(name.startswith("xl/") for name in names):
        return FileKind.XLSX  # whose list of sheets is lost
    if kind is FileKind.XLSX and "xl/vbaproject.bin" in names:
        return FileKind.XLSM
    if (
        kind is FileKind.ZIP
        and "meta-inf/manifest.xml" in names
        and names & {"content.xml", "encrypted-package"}
    ):
        if _ODS_TYPE in data:
            return FileKind.ODS
        return FileKind.ODF
    return kind


def _kind_of_ole(data: bytes) -> FileKind:
    def has_stream(name: str) -> bool:
        return name.encode("utf-16-le") in data

    if has_stream("EncryptedPackage"):
        return FileKind.ENCRYPTED
    if _class_of_ole(data) == _OUTLOOK_MESSAGE:  # asked first, because a workbook may be inside
        return FileKind.MSG
    if not has_stream("Workbook") and not has_stream("Book"):
        return FileKind.OLE
    start = data.find(_BIFF8_GLOBALS)
    if start < 0:
        return FileKind.BIFF
    after = data[start + 20 : start + 26].removeprefix(_WRITE_PROTECTED)
    if after.startswith(_FILEPASS):
        return FileKind.ENCRYPTED
    return FileKind.XLS


def _class_of_ole(data: bytes) -> bytes:
    """Return what the root of an OLE file says it is, b"" in a cut one."""
    root = _root_of_ole(data)
    return data[root + 80 : root + 96]


def is_cut_ole(data: bytes) -> bool:
    """Return whether an OLE file is so short that its directory is missing, which tells its kind."""
    return _root_of_ole(data) + 128 > len(data)


def _root_of_ole(data: bytes) -> int:
    """Return where the directory begins."""
    if len(data) < 512:
        return len(data)
    shift, sector = struct.unpack_from("<H", data, 30)[0], struct.unpack_from("<I", data, 48)[0]
    return int((sector + 1) << min(shift, 12))


def _kind_of_text(data: bytes) -> FileKind:
    head = data[:_HEAD]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return FileKind.TEXT
    # Asked before the encoding, since a mail may mix several.
    if _begins_as_mail(head):
        return FileKind.MAIL
    if any(byte < 32 and byte not in b"\t\n\x0b\x0c\r\x1b" for byte in head) or not _decodes(head):
        return FileKind.OTHER
    start = without_bom(head).lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<head")) or b"<html" in start:
        return FileKind.HTML
    if start.startswith((b"<?xml", b"<workbook", b"<office:document")):
        return _kind_of_xml(start)
    return FileKind.TEXT


def without_bom(data: bytes) -> bytes:
    """Return the bytes of a text behind the mark and the blanks that programs set before it."""
    return data.removeprefix(codecs.BOM_UTF8).lstrip()


def _begins_as_mail(head: bytes) -> bool:
    """Return whether a file begins with headers of a mail, or with one that does not end so soon."""
    start = without_bom(head)
    headers = _HEADER_LINES.match(start)
    if headers is None:
        return len(head) == _HEAD and b"\n" not in start and _MAIL_HEADER.match(start) is not None
    return _MAIL_HEADER.search(headers[0]) is not None


def _kind_of_xml(start: bytes) -> FileKind:
    if b"urn:schemas-microsoft-com:office:spreadsheet" in start:
        return FileKind.SPREADSHEETML
    if b"<office:document " in start and b"opendocument.spreadsheet" in start:
        return FileKind.FODS
    return FileKind.XML


def _decodes(head: bytes) -> bool:
    """Return whether bytes are UTF-8, or GBK but for a stray byte here and there."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(
            head
        )  # incremental: the head may end inside a character
    except UnicodeDecodeError:
        text = head.decode("gb18030", gbk_euro)
        return text.count("\ufffd") * 50 <= len(text)
    return True
