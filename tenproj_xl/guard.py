"""The gate before any reader.

Reads: the bytes of an untrusted file. Gives: what may safely be read of it, or why nothing is. An OOXML or ODS file is
packed anew from the few parts that were looked at, so that the reader behind sees exactly what was inspected: two zip
readers may otherwise see two different workbooks in one file.
"""

import codecs
import io
import re
import struct
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import ParseError

from tenproj_xl.findings import Code
from tenproj_xl.kinds import BROKEN_ZIP, WORDS, Kind, kind_of_zip, open_zip, plain_name, sniff
from tenproj_xl.sheetxml import SheetScan, readable_errors, scan

_READABLE = {Kind.XLSX, Kind.XLSM, Kind.XLS, Kind.ODS}


@dataclass(frozen=True)
class Limits:
    """What is read at most. None of these refused an honest file among 4,553 foreign spreadsheets.

    Sizes are in bytes. `inflated` counts what really comes out of the parts that are read, whatever the zip declares
    (largest seen 114 MB); `cells` is the box from A1 to the furthest value (largest seen 353,052), because the reader
    holds the whole box; `parts` and `merges` cost the reader time each; `seconds` and `memory` bound the reading
    process as a whole, for what no check foresees.
    """

    size: int = 64 << 20
    inflated: int = 256 << 20
    cells: int = 2_000_000
    parts: int = 2_000
    merges: int = 50_000
    seconds: float = 10
    memory: int = 1 << 30


LIMITS = Limits()


@dataclass(frozen=True)
class Refusal:
    """Why a file is not read; `found` is for the catalogue's text, or for the log where the text does not name it."""

    code: Code
    found: str = ""


@dataclass(frozen=True)
class Inspected:
    """A file that may be read: `data` is what to give to the reader.

    For OOXML `parts` holds what was inflated and `scans` what stands in each sheet, both by lower-case name.
    """

    kind: Kind
    data: bytes
    parts: Mapping[str, bytes] = field(default_factory=dict)
    scans: Mapping[str, SheetScan] = field(default_factory=dict)


def inspect(data: bytes, limits: Limits = LIMITS) -> Inspected | Refusal:
    """What may be read of a file, or why nothing may."""
    if len(data) > limits.size:
        return Refusal(Code.FILE_LIMITS, f"文件有{len(data) >> 20}MB")
    if data.startswith(b"PK\x03\x04"):
        return _inspect_zip(data, limits)
    kind = sniff(data)
    return Inspected(kind, data) if kind in _READABLE else _refuse(kind)


def _refuse(kind: Kind) -> Refusal:
    codes = {Kind.EMPTY: Code.FILE_EMPTY, Kind.ENCRYPTED: Code.FILE_ENCRYPTED}
    return Refusal(codes.get(kind, Code.FILE_KIND), WORDS[kind])


_WANTED = re.compile(
    r"_rels/\.rels|docprops/core\.xml|xl/(?:workbook|sharedstrings|styles)\.xml|xl/_rels/workbook\.xml\.rels"
    r"|xl/[a-z]*sheets/[^/]+\.xml|mimetype|content\.xml|meta-inf/manifest\.xml",
)
_SHEET = re.compile(r"xl/[a-z]*sheets/[^/]+\.xml")
_UNIQUE_COUNT = re.compile(rb"uniqueCount\s*=\s*[\"']\+?(\d+)")
_ENCODING = re.compile(rb"\s*<\?xml[^>]*\sencoding\s*=\s*[\"']([^\"']+)")


def _inspect_zip(data: bytes, limits: Limits) -> Inspected | Refusal:
    archive = open_zip(data)
    if archive is None:
        return Refusal(Code.FILE_TRUNCATED)
    entries = archive.infolist()
    kind = kind_of_zip(data, entries)
    if kind not in _READABLE:
        return _refuse(kind)
    try:
        fault = _fault_of_entries(archive, data, limits)
        parts = fault or _inflate(archive, limits)
    except BROKEN_ZIP:
        return Refusal(Code.FILE_TRUNCATED)
    if isinstance(parts, Refusal):
        return parts
    spelled = {plain_name(e): e.filename.replace("\\", "/") for e in archive.infolist()}
    return _fault_of_parts(parts) or _inspect_parts(kind, parts, spelled, limits)


def _fault_of_entries(archive: zipfile.ZipFile, data: bytes, limits: Limits) -> Refusal | None:
    entries = archive.infolist()
    names = [plain_name(e) for e in entries]
    if len(entries) > limits.parts:
        return Refusal(Code.FILE_LIMITS, f"文件内部有{len(entries)}个部件")
    if fault := _fault_of_names(names):
        return Refusal(Code.FILE_LIMITS, fault)
    if any(e.flag_bits & 1 for e in entries):
        return Refusal(Code.FILE_ENCRYPTED)
    if any(e.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for e in entries):
        return Refusal(Code.FILE_LIMITS, "文件用了不常见的压缩方法")
    if _entries_overlap(entries, data, archive.start_dir):
        return Refusal(Code.FILE_LIMITS, "文件内部的部件互相重叠")
    return None


def _fault_of_names(names: Sequence[str]) -> str:
    if len(set(names)) < len(names):
        return "文件内部有重名的部件"
    if any(n.startswith("/") or ":" in n or "\0" in n or ".." in n.split("/") for n in names):
        return "文件内部的部件名指向文件之外"
    return ""


def _entries_overlap(entries: Sequence[zipfile.ZipInfo], data: bytes, end: int) -> bool:
    """True if some bytes belong to two parts, the trick of small files that inflate without end."""
    for entry in sorted(entries, key=lambda e: e.header_offset, reverse=True):
        name, extra = struct.unpack_from("<HH", data, entry.header_offset + 26)
        if entry.header_offset + 30 + name + extra + entry.compress_size > end:
            return True
        end = entry.header_offset
    return False


def _inflate(archive: zipfile.ZipFile, limits: Limits) -> dict[str, bytes] | Refusal:
    parts: dict[str, bytes] = {}
    left = limits.inflated
    for entry in archive.infolist():
        if _WANTED.fullmatch(plain_name(entry)):
            with archive.open(entry) as stream:
                part = stream.read(left + 1)
            left -= len(part)
            if left < 0:
                return Refusal(Code.FILE_LIMITS, f"文件解压后超过{limits.inflated >> 20}MB")
            parts[plain_name(entry)] = part
    return parts


def _fault_of_parts(parts: Mapping[str, bytes]) -> Refusal | None:
    for name, part in parts.items():
        if b"<!DOCTYPE" in part:
            return Refusal(Code.FILE_LIMITS, "文件内部带有DOCTYPE声明")
        # The reader takes any text for UTF-8 and shows a sheet in UTF-16 as blank, without a word.
        encoding = _ENCODING.match(part.removeprefix(codecs.BOM_UTF8)[:200])
        if b"\0" in part or (encoding and encoding[1].lower() not in (b"utf-8", b"utf8", b"us-ascii", b"ascii")):
            return Refusal(Code.FILE_UNREADABLE, f"{name}不是UTF-8编码")
    strings = parts.get("xl/sharedstrings.xml", b"")
    # The reader asks for memory by this count before it sees a string, and each takes some bytes to write.
    if any(int(count) > len(strings) for count in _UNIQUE_COUNT.findall(strings)):
        return Refusal(Code.FILE_LIMITS, "文件内部声明的文本个数不实")
    if b"encryption-data" in parts.get("meta-inf/manifest.xml", b""):
        return Refusal(Code.FILE_ENCRYPTED)
    return None


def _inspect_parts(
    kind: Kind, parts: dict[str, bytes], spelled: Mapping[str, str], limits: Limits
) -> Inspected | Refusal:
    sheets = [name for name in parts if _SHEET.fullmatch(name)]
    merges = sum(parts[name].count(b"mergeCell ") for name in sheets)
    if merges > limits.merges:
        return Refusal(Code.FILE_LIMITS, f"文件有{merges}处合并单元格")
    try:
        scans = {name: scan(parts[name]) for name in sheets}
    except (ParseError, ValueError):
        return Refusal(Code.FILE_UNREADABLE, "工作表不是XML")
    boxes = [(s.rows, s.columns) for s in scans.values()]
    if kind is Kind.ODS:
        boxes = [_ods_box(parts["content.xml"])]
    for rows, columns in boxes:
        if rows * columns > limits.cells:
            return Refusal(Code.FILE_LIMITS, f"工作表的内容一直到第{rows}行、第{columns}列")
    for name in sheets:
        parts[name] = readable_errors(parts[name], scans[name].odd)
    return Inspected(kind, _packed({spelled[name]: part for name, part in parts.items()}), parts, scans)


_ODS_TAG = re.compile(rb"<table:(table|table-row|table-cell|covered-table-cell)(?=[\s/>])([^<>]*)>")
_ODS_REPEATED = re.compile(rb"table:number-(?:rows|columns)-repeated=[\"'](\d+)")


def _ods_box(content: bytes) -> tuple[int, int]:
    """Rows and columns from A1 to the furthest value of any sheet, repetitions counted."""
    row = column = far_row = far_column = 0
    for tag, attributes in _ODS_TAG.findall(content):
        repeated = _ODS_REPEATED.search(attributes)
        count = int(repeated[1]) if repeated else 1
        if tag == b"table":
            row = 0
        elif tag == b"table-row":
            row, column = row + count, 0
        else:
            column += count
            if b"office:value-type" in attributes:
                far_row, far_column = max(far_row, row), max(far_column, column)
    return far_row, far_column


def _packed(parts: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return packed.getvalue()
