"""The gate before any reader.

Reads: the bytes of an untrusted file. Gives: what may safely be read of it, or why nothing is. An OOXML or ODS file is
packed anew from the few parts that were looked at, so that the reader behind sees exactly what was inspected: two zip
readers may otherwise see two different workbooks in one file.
"""

import codecs
import io
import posixpath
import re
import struct
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError, ParserCreate

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.limits import LIMITS, Limits
from tenproj_xl.core.sheets import UNREAD_SHEETS
from tenproj_xl.reading.ods import content_of_flat, has_links, plain_content, scan_content
from tenproj_xl.reading.ods import names_in as ods_names_in
from tenproj_xl.reading.ods import running_texts as ods_running_texts
from tenproj_xl.reading.sniff import (
    BROKEN_ZIP,
    WORDS,
    FileKind,
    is_cut_ole,
    kind_of_zip,
    open_zip,
    plain_name,
    sniff,
)
from tenproj_xl.reading.xls import scan_xls
from tenproj_xl.reading.xlsx import (
    SheetScan,
    by_script,
    merges_in,
    names_in,
    readable_errors,
    running_texts,
    scan,
    subject_of,
)

_READABLE_ZIP = {FileKind.XLSX, FileKind.XLSM, FileKind.ODS, FileKind.XLSB}
_CODES = {
    FileKind.EMPTY: Code.FILE_EMPTY,
    FileKind.ENCRYPTED: Code.FILE_ENCRYPTED,
    FileKind.HTML: Code.FILE_RESAVE,
    FileKind.IWORK: Code.FILE_RESAVE,
    FileKind.ARCHIVE: Code.FILE_ARCHIVE,
    FileKind.MSG: Code.FILE_MAIL,
    FileKind.TNEF: Code.FILE_MAIL,
}
_FOREIGN = {FileKind.XLSB: ".xlsb", FileKind.BIFF: ".xls"}


@dataclass(frozen=True)
class Refusal:
    """Why a file is not read; `found` is for the catalogue's text, or for the log where the text does not name it."""

    code: Code
    found: str = ""


@dataclass(frozen=True)
class Inspected:
    """A file that may be read: `data` is what to give to the reader, `sheets` are the scans of its sheets in order.

    `subject` is the document property, `running` are the texts of headers and footers, `names` those that defined names
    stand for; `macros` and `links` say what the file brought along and nobody will use; `scripted` that a program saved
    it which does not calculate.
    """

    kind: FileKind
    data: bytes
    sheets: Sequence[SheetScan] = ()
    subject: str = ""
    running: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    macros: bool = False
    links: bool = False
    scripted: bool = False


@dataclass(frozen=True)
class Convertible:
    """A workbook that only LibreOffice reads: what to give to it, under which ending, and what else to say of it."""

    kind: FileKind
    data: bytes
    ending: str
    otherwise: Refusal


def inspect(data: bytes, limits: Limits = LIMITS) -> Inspected | Convertible | Refusal:
    """What may be read of a file, or why nothing may."""
    if len(data) > limits.size:
        return Refusal(Code.FILE_LIMITS, f"文件有{len(data) >> 20}MB")
    if data.startswith(b"PK\x03\x04"):
        return _inspect_zip(data, limits)
    return _inspect_single(sniff(data), data, limits)


def _inspect_single(kind: FileKind, data: bytes, limits: Limits) -> Inspected | Convertible | Refusal:
    """What may be read of a file that is no zip."""
    if kind is FileKind.XLS:
        found = scan_xls(data)
        return _fault_of_boxes(found.sheets, limits) or Inspected(
            kind,
            data,
            found.sheets,
            found.subject,
            found.running,
            found.names,
            found.macros,
            found.links,
            found.scripted,
        )
    if kind is FileKind.FODS:
        content = content_of_flat(data)
        return _fault_of_part("content.xml", content) or _inspect_ods({"content.xml": content}, limits, kind)
    if kind is FileKind.SPREADSHEETML:
        return _fault_of_part("文件", data) or Inspected(kind, data)
    if kind is FileKind.OLE and is_cut_ole(data):
        return Refusal(Code.FILE_TRUNCATED)
    return convertible(kind, data) if kind in _FOREIGN else refuse(kind)


def refuse(kind: FileKind) -> Refusal:
    """Why a file of a kind is not read."""
    return Refusal(_CODES.get(kind, Code.FILE_KIND), WORDS[kind])


def convertible(kind: FileKind, data: bytes) -> Convertible:
    """A file of a kind that nothing but LibreOffice reads."""
    return Convertible(kind, data, _FOREIGN[kind], Refusal(Code.FILE_RESAVE, WORDS[kind]))


_WANTED = re.compile(
    r"_rels/\.rels|docprops/(?:core|app)\.xml|xl/(?:workbook|sharedstrings|styles)\.xml|xl/_rels/workbook\.xml\.rels"
    r"|xl/[a-z]*sheets/[^/]+\.xml|content\.xml|meta\.xml|styles\.xml|meta-inf/manifest\.xml"
    r"|xl/(?:workbook|sharedstrings|styles)\.bin|xl/_rels/workbook\.bin\.rels|xl/[a-z]*sheets/[^/]+\.bin",
)
# LibreOffice finds the parts of an .xlsb by it; calamine does without, and every part costs time.
_TYPES = "[content_types].xml"
_MACROS = re.compile(r"xl/vbaproject\.bin|xl/macrosheets/.*|basic/.*|scripts/.*")
_LINKS = re.compile(r"xl/externallinks/.*|xl/connections\.(?:xml|bin)")
_ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_ODS_MANIFEST = b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
_SHEET = re.compile(r"xl/[a-z]*sheets/[^/]+\.xml")
_BLANK_SHEET = b"<worksheet><sheetData></sheetData></worksheet>"
_UNIQUE_COUNT = re.compile(rb"uniqueCount\s*=\s*[\"']\+?(\d+)")
_OF_VALUES = ("worksheet", "sharedStrings", "styles")
_STRINGS = "xl/sharedstrings.xml"
_UNCALCULATED = re.compile(
    rb"<(?:\w+:)?calcPr\s[^<>]*(?:fullCalcOnLoad\s*=\s*[\"'](?:1|true)|calcMode\s*=\s*[\"']manual)"
)
_EXCELJS = (b'rupBuild="9303"', b'calcId="171027"')  # builds of 2010 and of 2016, which no Excel has both
_ENCODING = re.compile(rb"\s*<\?xml[^>]*\sencoding\s*=\s*[\"']([^\"']+)")


def _inspect_zip(data: bytes, limits: Limits) -> Inspected | Convertible | Refusal:
    archive = open_zip(data)
    if archive is None:
        return Refusal(Code.FILE_TRUNCATED)
    kind = kind_of_zip(data, archive.infolist())
    if kind not in _READABLE_ZIP:
        return refuse(kind)
    parts = _parts(archive, data, limits, kind)
    if isinstance(parts, Refusal):
        return parts
    names = {plain_name(e): e.filename.replace("\\", "/") for e in archive.infolist()}
    if kind is FileKind.XLSB:
        return convertible(kind, _packed({names[name]: part for name, part in parts.inflated.items()}))
    is_ods = kind is FileKind.ODS
    found = _inspect_ods(parts.inflated, limits) if is_ods else _inspect_ooxml(kind, parts, names, limits)
    if isinstance(found, Refusal):
        return found
    macros, links = (any(map(pattern.fullmatch, names)) for pattern in (_MACROS, _LINKS))
    return replace(found, macros=macros, links=links or found.links)


class _Parts(NamedTuple):
    """The inflated parts that are looked at, by lower-case name; the sheets among them, in the workbook's order."""

    inflated: dict[str, bytes]
    sheets: Sequence[str]


def _parts(archive: zipfile.ZipFile, data: bytes, limits: Limits, kind: FileKind) -> _Parts | Refusal:
    """What is read of a workbook, or what is wrong with one of its parts."""
    try:
        fault = fault_of_entries(archive, data, limits) or _fault_of_names(
            list(map(plain_name, archive.infolist()))
        )
        return fault or _inflate(archive, limits, kind)
    except BROKEN_ZIP:
        return Refusal(Code.FILE_TRUNCATED)
    except ParseError as broken:
        return Refusal(Code.FILE_UNREADABLE, str(broken))


def fault_of_entries(archive: zipfile.ZipFile, data: bytes, limits: Limits) -> Refusal | None:
    """Why a zip is not opened, as far as its directory tells."""
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


def _fault_of_names(names: Sequence[str]) -> Refusal | None:
    if len(set(names)) < len(names):
        return Refusal(Code.FILE_LIMITS, "文件内部有重名的部件")
    if any(map(leads_outside, names)):
        return Refusal(Code.FILE_LIMITS, "文件内部的部件名指向文件之外")
    return None


def leads_outside(name: str) -> bool:
    """True for a name inside a zip that would lead out of the folder it is unpacked to."""
    return name.startswith("/") or name[1:2] == ":" or "\0" in name or ".." in name.split("/")


def _entries_overlap(entries: Sequence[zipfile.ZipInfo], data: bytes, end: int) -> bool:
    """True if some bytes belong to two parts, the trick of small files that inflate without end."""
    if any(data[e.header_offset : e.header_offset + 4] != b"PK\x03\x04" for e in entries):
        raise zipfile.BadZipFile("bytes are missing")
    for entry in sorted(entries, key=lambda e: e.header_offset, reverse=True):
        name, extra = struct.unpack_from("<HH", data, entry.header_offset + 26)
        if entry.header_offset + 30 + name + extra + entry.compress_size > end:
            return True
        end = entry.header_offset
    return False


def _inflate(archive: zipfile.ZipFile, limits: Limits, kind: FileKind) -> _Parts | Refusal:
    """The parts that are looked at; a blank for each sheet of our own of which nothing is read."""
    named = [(plain_name(entry), entry) for entry in archive.infolist()]
    wanted = {
        name: e for name, e in named if _WANTED.fullmatch(name) or (kind is FileKind.XLSB and name == _TYPES)
    }
    sheets = {name: entry for name, entry in wanted.items() if _SHEET.fullmatch(name)}
    parts: dict[str, bytes] = {}
    if fault := _inflate_into(parts, archive, {n: e for n, e in wanted.items() if n not in sheets}, limits):
        return fault
    relations = list(_relations(parts))
    tabs = list(_tabs(parts, relations))
    read = {part for tab, part in tabs if tab not in UNREAD_SHEETS}
    for part in {part for _, part in tabs if part in sheets} - read:
        parts[part] = _BLANK_SHEET
        del sheets[part]
    fault = _inflate_into(parts, archive, sheets, limits)
    # Without styles the reader would show dates as numbers.
    if fault is None and any(part not in parts for _, relation, part in relations if relation in _OF_VALUES):
        return Refusal(Code.FILE_TRUNCATED)
    return fault or _Parts(parts, [part for _, part in tabs])


def _inflate_into(
    parts: dict[str, bytes], archive: zipfile.ZipFile, entries: Mapping[str, zipfile.ZipInfo], limits: Limits
) -> Refusal | None:
    left = limits.inflated - sum(map(len, parts.values()))
    for name, entry in entries.items():
        with archive.open(entry) as stream:
            part = stream.read(left + 1)
        left -= len(part)
        if left < 0:
            return Refusal(Code.FILE_LIMITS, f"文件解压后超过{limits.inflated >> 20}MB")
        if fault := _fault_of_part(name, part):
            return fault
        parts[name] = part
    return None


def _fault_of_part(name: str, part: bytes) -> Refusal | None:
    if name.endswith(".bin"):
        return None
    if name == "meta-inf/manifest.xml" and b"encryption-data" in part:
        return Refusal(Code.FILE_ENCRYPTED)
    if b"<!DOCTYPE" in part:
        return Refusal(Code.FILE_LIMITS, "文件内部带有DOCTYPE声明")
    # The reader takes any text for UTF-8 and shows a sheet in UTF-16 as blank, without a word.
    encoding = _ENCODING.match(part.removeprefix(codecs.BOM_UTF8)[:200])
    if b"\0" in part or (encoding and encoding[1].lower() not in (b"utf-8", b"utf8", b"us-ascii", b"ascii")):
        return Refusal(Code.FILE_UNREADABLE, f"{name}不是UTF-8编码")
    # The reader asks for memory by this count before it sees a string, and each takes some bytes to write.
    if name == _STRINGS and any(int(count) > len(part) for count in _UNIQUE_COUNT.findall(part)):
        return Refusal(Code.FILE_LIMITS, "文件内部声明的文本个数不实")
    return None


_Relation = tuple[str, str, str]
"""Key, kind and part of something that a workbook is made of."""


def _tabs(parts: Mapping[str, bytes], relations: Iterable[_Relation]) -> Iterator[tuple[str, str]]:
    """The name of each sheet and its part, in the workbook's order."""
    targets = {key: part for key, _, part in relations}
    for element in _elements(parts, "xl/workbook.xml"):
        if element.tag.endswith("}sheet"):
            key = next((value for name, value in element.items() if name.endswith("}id")), "")
            yield element.get("name", ""), targets.get(key, "")


def _relations(parts: Mapping[str, bytes]) -> Iterator[_Relation]:
    for element in _elements(parts, "xl/_rels/workbook.xml.rels"):
        target = element.get("Target", "").removeprefix("/").removeprefix("xl/")
        kind = element.get("Type", "").rpartition("/")[2]
        yield element.get("Id", ""), kind, posixpath.normpath(f"xl/{target}").lower()


def _elements(parts: Mapping[str, bytes], name: str) -> Iterator[ET.Element]:
    part = parts.get(name)
    return ET.fromstring(part).iter() if part else iter(())  # noqa: S314  # no part with a DTD gets here


def _inspect_ooxml(
    kind: FileKind, found: _Parts, spelled: Mapping[str, str], limits: Limits
) -> Inspected | Refusal:
    parts = found.inflated
    sheets = [name for name in parts if _SHEET.fullmatch(name)]
    merges = sum(map(merges_in, (parts[name] for name in sheets)))
    if merges > limits.merges:
        return _too_many_merges(merges)
    try:
        scans = {name: scan(parts[name]) for name in sheets}
    except (ParseError, ValueError):
        return Refusal(Code.FILE_UNREADABLE, "工作表不是XML")
    if fault := _fault_of_boxes(scans.values(), limits):
        return fault
    for name in sheets:
        parts[name] = readable_errors(parts[name], scans[name].odd)
    packed = _packed({spelled[name]: part for name, part in parts.items() if not name.startswith("docprops")})
    subject = subject_of(parts.get("docprops/core.xml", b""))
    running = tuple(dict.fromkeys(text for name in sheets for text in running_texts(parts[name])))
    in_order = [scans.get(part) or SheetScan(0, 0) for part in found.sheets]
    names = names_in(parts["xl/workbook.xml"])
    return Inspected(kind, packed, in_order, subject, running, names, scripted=_is_scripted(parts))


def _is_scripted(parts: Mapping[str, bytes]) -> bool:
    """True where the file itself says that its results are to be computed anew, or who saved it never computes any."""
    workbook, about = parts.get("xl/workbook.xml", b""), parts.get("docprops/app.xml", b"")
    is_exceljs = all(mark in workbook for mark in _EXCELJS)
    return is_exceljs or bool(_UNCALCULATED.search(workbook) or by_script(about))


def _inspect_ods(
    parts: Mapping[str, bytes], limits: Limits, kind: FileKind = FileKind.ODS
) -> Inspected | Refusal:
    content = plain_content(parts.get("content.xml", b""))
    try:
        ParserCreate().Parse(content, True)  # noqa: FBT003  # calamine looks for ever for a table's end that is missing
    except ExpatError as broken:
        return Refusal(Code.FILE_UNREADABLE, str(broken))
    merges = content.count(b"-spanned=")
    if merges > limits.merges * 2:  # a range may be spanned both ways
        return _too_many_merges(merges)
    scans = scan_content(content, limits.cells)
    if fault := _fault_of_boxes(scans, limits):
        return fault
    packed = _packed({"mimetype": _ODS_TYPE, "META-INF/manifest.xml": _ODS_MANIFEST, "content.xml": content})
    meta = parts.get("meta.xml", content if kind is FileKind.FODS else b"")
    running, scripted = ods_running_texts(parts.get("styles.xml", b"")), by_script(meta)
    names, links = ods_names_in(content), has_links(content)
    return Inspected(kind, packed, scans, subject_of(meta), running, names, links=links, scripted=scripted)


def _fault_of_boxes(scans: Iterable[SheetScan], limits: Limits) -> Refusal | None:
    for s in scans:
        if s.rows * s.columns > limits.cells:
            return Refusal(Code.FILE_LIMITS, f"工作表的内容一直到第{s.rows}行、第{s.columns}列")
    return None


def _too_many_merges(merges: int) -> Refusal:
    return Refusal(Code.FILE_LIMITS, f"文件有{merges}处合并单元格")


def _packed(parts: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return packed.getvalue()
