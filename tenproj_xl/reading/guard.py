"""The guard before any reader: what may be read of an untrusted file, or why nothing is.

A workbook that is a zip is inflated here under limits, as far as it is read at all, and packed anew for
calamine: two zip readers may otherwise see two different workbooks in one file.
"""

import codecs
import io
import posixpath
import re
import struct
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import ParseError

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.limits import Limits
from tenproj_xl.core.sheets import UNREAD_SHEETS
from tenproj_xl.reading.sniff import BROKEN_ZIP, WORDS, FileKind, kind_of_zip, open_zip, plain_name

SHEET_PART = re.compile(r"xl/[a-z]*sheets/[^/]+\.xml")
_WORKBOOKS = {FileKind.XLSX, FileKind.XLSM, FileKind.ODS, FileKind.XLSB}
_CODES = {
    FileKind.EMPTY: Code.FILE_EMPTY,
    FileKind.ENCRYPTED: Code.FILE_ENCRYPTED,
    FileKind.HTML: Code.FILE_RESAVE,
    FileKind.IWORK: Code.FILE_RESAVE,
    FileKind.XLSB: Code.FILE_RESAVE,
    FileKind.FODS: Code.FILE_RESAVE,
    FileKind.BIFF: Code.FILE_RESAVE,
    FileKind.SPREADSHEETML: Code.FILE_RESAVE,
    FileKind.ARCHIVE: Code.FILE_ARCHIVE,
    FileKind.MSG: Code.FILE_MAIL,
    FileKind.TNEF: Code.FILE_MAIL,
    FileKind.SMIME: Code.FILE_MAIL,
}
_WANTED = re.compile(
    r"_rels/\.rels|docprops/(?:core|app|custom)\.xml|xl/(?:workbook|sharedstrings|styles)\.xml"
    r"|xl/_rels/workbook\.xml\.rels"
    r"|xl/[a-z]*sheets/[^/]+\.xml|content\.xml|meta\.xml|styles\.xml|meta-inf/manifest\.xml"
    r"|xl/comments\d*\.xml|xl/(?:comments|threadedcomments|drawings|worksheets/_rels)/[^/]+\.(?:xml|rels)"
    r"|xl/(?:workbook|sharedstrings|styles)\.bin|xl/_rels/workbook\.bin\.rels|xl/[a-z]*sheets/[^/]+\.bin",
)
# LibreOffice finds the parts of an .xlsb by it; calamine does without, and every part costs time.
_TYPES = "[content_types].xml"
_MACROS = re.compile(r"xl/vbaproject\.bin|xl/macrosheets/.*|basic/.*|scripts/.*")
_LINKS = re.compile(r"xl/externallinks/.*|xl/connections\.(?:xml|bin)")
_BLANK_SHEET = b"<worksheet><sheetData></sheetData></worksheet>"
_UNIQUE_COUNT = re.compile(rb"uniqueCount\s*=\s*[\"']\+?(\d+)")
_OF_VALUES = ("worksheet", "sharedStrings", "styles")
_WORKBOOK = "xl/workbook.xml"
_STRINGS, _MANIFEST = "xl/sharedstrings.xml", "meta-inf/manifest.xml"
_NOT_PARSED = {_STRINGS, "xl/sharedstrings.bin", "xl/styles.bin"}
_ENCODING = re.compile(rb"\s*<\?xml[^>]*\sencoding\s*=\s*[\"']([^\"']+)")
_UTF8 = (b"utf-8", b"utf8", b"us-ascii", b"ascii")


@dataclass(frozen=True)
class Refusal:
    """Why a file is not read; `found` is for the catalogue's text, or for the log where that lacks it."""

    code: Code
    found: str = ""


UNFORESEEN = "读取这个文件时出错"
"""Why a file is not read where nobody knows it."""
BROKEN_XML = "内容不完整，中间缺了一截或有乱码"


def refuse(kind: FileKind) -> Refusal:
    """Return why a file of a kind is not read."""
    return Refusal(_CODES.get(kind, Code.FILE_KIND), WORDS[kind])


def fault_of_size(rows: int, columns: int, limits: Limits) -> Refusal | None:
    """Return the refusal of a sheet whose content reaches over too many rows and columns, counted from A1."""
    if rows * columns <= limits.cells:
        return None
    return Refusal(Code.FILE_LIMITS, f"工作表的内容一直到第{rows}行、第{columns}列")


def too_many_merges(merges: int) -> Refusal:
    """Return the refusal of a workbook with so many merged ranges."""
    return Refusal(Code.FILE_LIMITS, f"文件有{merges}处合并单元格")


def too_many_cells(filled: int) -> Refusal:
    """Return the refusal of a workbook with so many cells that hold something."""
    return Refusal(Code.FILE_LIMITS, f"文件有{filled}个填了内容的单元格")


def fault_of_tags(part: bytes, limits: Limits) -> Refusal | None:
    """Return the refusal of an XML that is parsed as a whole, which takes a hundred bytes and more a tag."""
    tags = part.count(b"<")
    if tags <= limits.tags:
        return None
    return Refusal(Code.FILE_LIMITS, f"文件内部有{tags // 10_000}万个标记")


def too_long_text(characters: int) -> Refusal:
    """Return the refusal of a workbook with so long a text in one cell."""
    return Refusal(Code.FILE_LIMITS, f"有一个单元格的文字超过{characters // 10_000}万字")


def too_many_characters(characters: int) -> Refusal:
    """Return the refusal of a workbook with so many characters in all."""
    return Refusal(Code.FILE_LIMITS, f"文件的文字共有{characters // 10_000}万字")


# --- workbooks in a zip


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The inflated parts of a workbook that are read, by lower-case name.

    `tags` is how many tags each has; `sheets` are the part names of its sheets in order, "" for one without,
    `names` what they are called;
    `spelled` are the part names as the file spells them; `macros` and `links` say what the file has and
    nobody uses.
    """

    kind: FileKind
    inflated: dict[str, bytes]
    tags: Mapping[str, int]
    sheets: Sequence[str]
    names: Sequence[str]
    spelled: Mapping[str, str]
    macros: bool
    links: bool


class _RefusedError(Exception):
    """A part that may not be read."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.found)
        self.refusal = refusal


def parts_of_workbook(data: bytes, limits: Limits) -> Parts | Refusal:
    """Return the parts of a workbook in a zip, or why it is not read."""
    archive = open_zip(data)
    if archive is None:
        return Refusal(Code.FILE_TRUNCATED)
    entries = archive.infolist()
    kind = kind_of_zip(data, entries)
    if kind not in _WORKBOOKS:
        return refuse(kind)
    try:
        inflated, tabs = _inflate(archive, data, kind, limits)
    except BROKEN_ZIP:
        return Refusal(Code.FILE_TRUNCATED)
    except ParseError:
        return Refusal(Code.FILE_UNREADABLE, "文件内部的工作表目录已损坏")
    except _RefusedError as refused:
        return refused.refusal
    names = [plain_name(entry) for entry in entries]
    return Parts(
        kind=kind,
        inflated=inflated,
        tags={name: part.count(b"<") for name, part in inflated.items()},
        sheets=[tab.part for tab in tabs],
        names=[tab.name for tab in tabs],
        spelled={plain_name(entry): entry.filename.replace("\\", "/") for entry in entries},
        macros=any(map(_MACROS.fullmatch, names)),
        links=any(map(_LINKS.fullmatch, names)),
    )


def named_parts(data: bytes, names: Collection[str], limits: Limits) -> dict[str, bytes] | Refusal:
    """Return those parts of a zip that have one of some lower-case names, or why it is not read."""
    archive = open_zip(data)
    if archive is None:
        return Refusal(Code.FILE_TRUNCATED)
    entries = archive.infolist()
    inflated: dict[str, bytes] = {}
    try:
        if fault := fault_of_entries(archive, data, limits) or _fault_of_names(entries):
            return fault
        wanted = {plain_name(entry): entry for entry in entries if plain_name(entry) in names}
        _inflate_into(inflated, archive, wanted, limits)
    except BROKEN_ZIP:
        return Refusal(Code.FILE_TRUNCATED)
    except _RefusedError as refused:
        return refused.refusal
    return inflated


def pack(parts: Mapping[str, bytes]) -> bytes:
    """Return a zip of parts by name, not compressed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return packed.getvalue()


def fault_of_entries(archive: zipfile.ZipFile, data: bytes, limits: Limits) -> Refusal | None:
    """Return why a zip is not opened, as far as its directory tells."""
    entries = archive.infolist()
    if len(entries) > limits.parts:
        return Refusal(Code.FILE_LIMITS, f"文件内部有{len(entries)}个部件")
    if any(e.flag_bits & 1 for e in entries):
        return Refusal(Code.FILE_ENCRYPTED)
    if any(e.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for e in entries):
        return Refusal(Code.FILE_LIMITS, "文件用了不常见的压缩方法")
    if _entries_overlap(entries, data, archive.start_dir):
        return Refusal(Code.FILE_LIMITS, "文件内部的部件互相重叠")
    return None


def _fault_of_names(entries: Sequence[zipfile.ZipInfo]) -> Refusal | None:
    names = [plain_name(entry) for entry in entries]
    if len(set(names)) < len(names):
        return Refusal(Code.FILE_LIMITS, "文件内部有重名的部件")
    if any(map(leads_outside, names)):
        return Refusal(Code.FILE_LIMITS, "文件内部的部件名指向文件之外")
    return None


def leads_outside(name: str) -> bool:
    """Return whether a name inside a zip would lead out of the folder it is unpacked to."""
    return name.startswith("/") or name[1:2] == ":" or "\0" in name or ".." in name.split("/")


def _entries_overlap(entries: Sequence[zipfile.ZipInfo], data: bytes, end: int) -> bool:
    """Return whether some bytes belong to two parts, the trick of small files that inflate without end."""
    if any(data[e.header_offset : e.header_offset + 4] != b"PK\x03\x04" for e in entries):
        raise zipfile.BadZipFile("bytes are missing")
    for entry in sorted(entries, key=lambda e: e.header_offset, reverse=True):
        name, extra = struct.unpack_from("<HH", data, entry.header_offset + 26)
        if entry.header_offset + 30 + name + extra + entry.compress_size > end:
            return True
        end = entry.header_offset
    return False


# --- inflating


def _inflate(
    archive: zipfile.ZipFile, data: bytes, kind: FileKind, limits: Limits
) -> tuple[dict[str, bytes], "Sequence[_Tab]"]:
    """Return the parts that are read by name, and the sheets in order.

    Sheets of ours that nobody reads (`UNREAD_SHEETS`) are left blank.

    Raises:
        _RefusedError: the directory is hostile, the parts are too large, one may not be read or is missing.
    """
    entries = archive.infolist()
    if fault := fault_of_entries(archive, data, limits) or _fault_of_names(entries):
        raise _RefusedError(fault)
    sheets: dict[str, zipfile.ZipInfo] = {}
    others: dict[str, zipfile.ZipInfo] = {}
    for entry in entries:
        name = plain_name(entry)
        if SHEET_PART.fullmatch(name):
            sheets[name] = entry
        elif _WANTED.fullmatch(name) or (kind is FileKind.XLSB and name == _TYPES):
            others[name] = entry
    inflated: dict[str, bytes] = {}
    # The manifest comes first, because encrypted parts look like faults; then the parts that name the sheets.
    _inflate_into(inflated, archive, {name: others[name] for name in others.keys() & {_MANIFEST}}, limits)
    _inflate_into(inflated, archive, others, limits)
    if kind in (FileKind.XLSX, FileKind.XLSM) and _WORKBOOK not in inflated:
        raise _RefusedError(Refusal(Code.FILE_UNREADABLE, "文件内部缺少工作表目录"))
    for name in inflated.keys() - _NOT_PARSED:
        if fault := fault_of_tags(inflated[name], limits):
            raise _RefusedError(fault)
    relations = list(_relations(inflated))
    tabs = list(_tabs(inflated, relations))
    for part in _unread(tabs) & sheets.keys():
        inflated[part] = _BLANK_SHEET
        del sheets[part]
    _inflate_into(inflated, archive, sheets, limits)
    for relation in relations:
        # Without styles the reader would show dates as numbers.
        if relation.kind in _OF_VALUES and relation.part not in inflated:
            raise _RefusedError(Refusal(Code.FILE_TRUNCATED))
    return inflated, tabs


def _inflate_into(
    inflated: dict[str, bytes],
    archive: zipfile.ZipFile,
    entries: Mapping[str, zipfile.ZipInfo],
    limits: Limits,
) -> None:
    left = limits.inflated - sum(map(len, inflated.values()))
    for name, entry in entries.items():
        if name in inflated:
            continue
        with archive.open(entry) as stream:
            part = stream.read(left + 1)
        left -= len(part)
        if left < 0:
            raise _RefusedError(Refusal(Code.FILE_LIMITS, f"文件解压后超过{limits.inflated >> 20}MB"))
        if fault := _fault_of_part(name, part):
            raise _RefusedError(fault)
        inflated[name] = part


def _fault_of_part(name: str, part: bytes) -> Refusal | None:
    if name.endswith(".bin"):
        return None
    if name == _MANIFEST and b"encryption-data" in part:
        return Refusal(Code.FILE_ENCRYPTED)
    if b"<!DOCTYPE" in part:
        return Refusal(Code.FILE_LIMITS, "文件内部带有DOCTYPE声明")
    # The reader takes any text for UTF-8 and shows a sheet in UTF-16 as blank, without a word.
    encoding = _ENCODING.match(part.removeprefix(codecs.BOM_UTF8)[:200])
    if b"\0" in part or (encoding and encoding[1].lower() not in _UTF8):
        return Refusal(Code.FILE_UNREADABLE, "文件内部用了不常见的文字编码（不是UTF-8）")
    # The reader asks for memory by this count before it sees a string, and each takes some bytes to write.
    if name == _STRINGS and any(int(count) > len(part) for count in _UNIQUE_COUNT.findall(part)):
        return Refusal(Code.FILE_LIMITS, "文件内部声明的文本个数不实")
    return None


class _Relation(NamedTuple):
    """Something that a workbook is made of."""

    key: str
    kind: str
    part: str


class _Tab(NamedTuple):
    """A sheet by its name and its part."""

    name: str
    part: str


def _unread(tabs: Sequence[_Tab]) -> set[str]:
    """Return the parts of which nothing is read; one that is another sheet as well is read."""
    read = {tab.part for tab in tabs if tab.name not in UNREAD_SHEETS}
    return {tab.part for tab in tabs} - read


def _tabs(parts: Mapping[str, bytes], relations: Sequence[_Relation]) -> Iterator[_Tab]:
    """Yield the sheets in the workbook's order."""
    targets = {relation.key: relation.part for relation in relations}
    for element in _elements(parts, _WORKBOOK):
        if element.tag.endswith("}sheet"):
            key = next((value for name, value in element.items() if name.endswith("}id")), "")
            yield _Tab(element.get("name", ""), targets.get(key, ""))


def _relations(parts: Mapping[str, bytes]) -> Iterator[_Relation]:
    for element in _elements(parts, "xl/_rels/workbook.xml.rels"):
        target = element.get("Target", "").removeprefix("/").removeprefix("xl/")
        kind = element.get("Type", "").rpartition("/")[2]
        yield _Relation(element.get("Id", ""), kind, posixpath.normpath(f"xl/{target}").lower())


def _elements(parts: Mapping[str, bytes], name: str) -> Iterator[ET.Element]:
    part = parts.get(name)
    if part:
        yield from ET.fromstring(part).iter()  # noqa: S314  # no part with a DTD gets here
