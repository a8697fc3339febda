"""Files that hold other files: zips of workbooks, and saved mails with their attachments.

All is done in memory; nothing is ever written under a name from outside.
"""

import struct
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.limits import LIMITS, Limits
from tenproj_xl.reading.csv_text import has_token
from tenproj_xl.reading.guard import Refusal, fault_of_entries, leads_outside, refuse
from tenproj_xl.reading.members import Member, clean_name
from tenproj_xl.reading.sniff import BROKEN_ZIP, FileKind, gbk_euro, open_zip, sniff

CONTAINERS = {FileKind.ZIP, FileKind.MAIL}
_BARRED = {FileKind.ARCHIVE, FileKind.MSG, FileKind.TNEF}
"""Kinds that are refused, but may have a return in them."""
_WORKBOOKS = {
    FileKind.XLSX,
    FileKind.XLSM,
    FileKind.XLS,
    FileKind.ODS,
    FileKind.XLSB,
    FileKind.FODS,
    FileKind.BIFF,
    FileKind.SPREADSHEETML,
    FileKind.ENCRYPTED,
}
_ENDINGS = (".xlsx", ".xls", ".xlsm", ".xlsb", ".et", ".ods", ".csv")
_NOISE = {"thumbs.db", "desktop.ini"}
_SYMLINK, _FILE_TYPE = 0o120000, 0o170000
_UTF8_NAME, _UNICODE_NAME = 0x800, 0x7075


@dataclass(frozen=True)
class Contents:
    """What was found inside a file; `passed_over` are the names of what lay beside and is no return."""

    kind: FileKind
    members: tuple[Member, ...]
    passed_over: tuple[str, ...] = ()


def unpack(data: bytes, kind: FileKind, limits: Limits = LIMITS) -> Contents | Refusal:
    """Return what is inside a zip or a mail, or why nothing is read of it."""
    if len(data) > limits.size:
        return Refusal(Code.FILE_LIMITS, f"文件有{len(data) >> 20}MB")
    if kind is FileKind.MAIL:
        from tenproj_xl.reading.eml import attachments  # noqa: PLC0415  # loads the email package

        found: list[Member] | Refusal = attachments(data, limits)
    else:
        found = _zip_members(data, limits)
    if isinstance(found, Refusal):
        return found
    if not found:
        problem = "压缩包是空的"
        if kind is FileKind.MAIL:
            problem = "邮件没有附件"
        return Refusal(Code.NOTHING_INSIDE, problem)
    return _sorted_out(kind, found, limits)


def _sorted_out(kind: FileKind, members: Sequence[Member], limits: Limits) -> Contents:
    """Part what may be a return from its companions, such as the signed page as a picture.

    Where there are companions alone, they are returned with refusals.
    """
    judged = [_judged(m, limits) for m in members]
    returns = tuple(m for m, is_return in judged if is_return)
    if not returns:
        return Contents(kind, tuple(m for m, _ in judged))
    return Contents(kind, returns, tuple(m.name for m, is_return in judged if not is_return))


def _judged(member: Member, limits: Limits) -> tuple[Member, bool]:
    """Return the member, with a refusal if it cannot be read, and whether it may be a return."""
    kind = sniff(member.data)
    is_return = (
        kind in _WORKBOOKS | _BARRED | CONTAINERS
        or member.name.lower().endswith(_ENDINGS)
        or (kind is FileKind.TEXT and has_token(member.data))
    )
    refusal = member.refusal
    if not refusal and len(member.data) > limits.size:
        refusal = Refusal(Code.FILE_LIMITS, f"文件有{len(member.data) >> 20}MB")
    if not refusal and not is_return:
        refusal = refuse(kind)
    return replace(member, refusal=refusal), is_return


# --- zips


def _zip_members(data: bytes, limits: Limits) -> list[Member] | Refusal:
    archive = open_zip(data)
    if archive is None:
        return Refusal(Code.FILE_TRUNCATED)
    entries = archive.infolist()
    try:
        fault = _fault_of_archive(entries) or fault_of_entries(archive, data, limits)
    except BROKEN_ZIP:
        return Refusal(Code.FILE_TRUNCATED)
    if fault:
        return fault
    wanted = [(e, name) for e, name in zip(entries, _names(entries), strict=True) if not _is_noise(name)]
    if any(leads_outside(name) for _, name in wanted):
        return Refusal(Code.FILE_LIMITS, "压缩包内的文件名指向压缩包之外")
    members: list[Member] = []
    left = limits.unpacked
    for entry, name in wanted:
        member = _member(archive, entry, clean_name(name), left)
        left -= len(member.data)
        if left < 0:
            return Refusal(Code.FILE_LIMITS, f"压缩包解压后超过{limits.unpacked >> 20}MB")
        members.append(member)
    return members


def _fault_of_archive(entries: Sequence[zipfile.ZipInfo]) -> Refusal | None:
    if any(e.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for e in entries):
        return Refusal(Code.FILE_ARCHIVE, "用了不常见压缩方法的压缩包")
    if any(e.external_attr >> 16 & _FILE_TYPE == _SYMLINK for e in entries):
        return Refusal(Code.FILE_LIMITS, "压缩包内有指向别处的链接")
    return None


def _member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, left: int) -> Member:
    try:
        with archive.open(entry) as stream:
            return Member(name, stream.read(left + 1))
    except BROKEN_ZIP:
        return Member(name, b"", Refusal(Code.FILE_TRUNCATED))


def _names(entries: Sequence[zipfile.ZipInfo]) -> Iterator[str]:
    """Yield the names of entries; those that do not tell their encoding are UTF-8 if all can be, else GBK."""
    raw = [e.orig_filename.encode("cp437", "replace") for e in entries if not e.flag_bits & _UTF8_NAME]
    gbk = any(not _is_utf8(name) for name in raw)
    for entry in entries:
        name = entry.orig_filename
        if not entry.flag_bits & _UTF8_NAME:
            stored = name.encode("cp437", "replace")
            name = _unicode_name(entry)
            if not name and gbk:
                name = stored.decode("gb18030", gbk_euro)
            elif not name:
                name = stored.decode()
        yield name.replace("\\", "/")


def _is_utf8(name: bytes) -> bool:
    try:
        name.decode()
    except UnicodeDecodeError:
        return False
    return True


def _unicode_name(entry: zipfile.ZipInfo) -> str:
    """Return the name in the extra field that some programs add to one in their code page, "" without one."""
    extra = entry.extra
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        if kind == _UNICODE_NAME and size > 5:
            return extra[9 : 4 + size].decode(errors="replace")
        extra = extra[4 + size :]
    return ""


def _is_noise(name: str) -> bool:
    """Return whether a name is that of a folder, or of what systems and programs leave beside files."""
    parts = name.split("/")
    last = parts[-1].lower()
    return (
        not last or "__MACOSX" in parts or last.startswith(("~$", "._", ".~", ".ds_store")) or last in _NOISE
    )
