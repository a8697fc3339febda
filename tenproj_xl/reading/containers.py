"""Files that hold other files: zips of workbooks, and saved mails with their attachments.

All is done in memory; nothing is ever written under a name from outside.
"""

import struct
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.identity_numbers import without_identity_numbers
from tenproj_xl.core.limits import LIMITS, Limits
from tenproj_xl.core.secrecy import any_bears_mark
from tenproj_xl.reading.content import Held
from tenproj_xl.reading.guard import Refusal, fault_of_entries, leads_outside
from tenproj_xl.reading.members import Member, clean_name
from tenproj_xl.reading.sniff import BROKEN_ZIP, FileKind, gbk_euro, open_zip

CONTAINERS = {FileKind.ZIP, FileKind.MAIL}
_NOISE = {"thumbs.db", "desktop.ini"}
_SYMLINK, _FILE_TYPE = 0o120000, 0o170000
_UTF8_NAME, _UNICODE_NAME = 0x800, 0x7075
_LOCAL = timezone(timedelta(hours=8))
_NO_DATE = 1980
_LONGEST_WORDS = 200


@dataclass(frozen=True)
class Contents:
    """What was found inside a file.

    `words` are the subject and the texts of a mail, `said` what they say beside courtesies.
    """

    kind: FileKind
    members: tuple[Member, ...]
    words: tuple[str, ...] = ()
    said: str = ""


def unpack(data: bytes, kind: FileKind, limits: Limits = LIMITS) -> Contents | Refusal:
    """Return what is inside a zip or a mail, or why nothing is read of it."""
    if len(data) > limits.size:
        return Refusal(Code.FILE_LIMITS, f"文件有{len(data) >> 20}MB")
    if kind is FileKind.MAIL:
        return _unpacked_mail(data, limits)
    found = _zip_members(data, limits)
    if isinstance(found, Refusal):
        return found
    if not found:
        return Refusal(Code.NOTHING_INSIDE, "压缩包是空的")
    return Contents(kind, tuple(_within_limits(found, limits)))


def _unpacked_mail(data: bytes, limits: Limits) -> Contents | Refusal:
    from tenproj_xl.reading.eml import read_mail  # noqa: PLC0415  # loads the email package

    mail = read_mail(data, limits)
    if isinstance(mail, Refusal):
        return mail
    if mail.members or any_bears_mark(mail.words):
        members = tuple(_within_limits(mail.members, limits))
        return Contents(FileKind.MAIL, members, mail.words, mail.said)
    if mail.has_links:
        return Refusal(Code.FILE_MAIL, "只有超大附件（云附件）链接的邮件")
    if mail.said:
        return Refusal(Code.MAIL_WORDS, without_identity_numbers(mail.said)[:_LONGEST_WORDS])
    return Refusal(Code.NOTHING_INSIDE, "邮件没有附件")


def _within_limits(found: Sequence[Member], limits: Limits) -> Iterator[Member]:
    """Yield members; those that are too large, or lie behind what is read at most, without their bytes."""
    left = limits.unpacked
    for n, member in enumerate(found):
        left -= member.content.size
        if member.content.size > limits.size:
            yield _left_out(member, Refusal(Code.FILE_LIMITS, f"文件超过{limits.size >> 20}MB"))
        elif left < 0 or n >= limits.members:
            yield _left_out(member, Refusal(Code.FILE_UNREACHED))
        else:
            yield member


def _left_out(member: Member, refusal: Refusal) -> Member:
    return replace(member, content=Held(b""), refusal=refusal)


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
    for n, (entry, name) in enumerate(wanted):
        if left < 0 or n >= limits.members:
            members.append(Member(clean_name(name), Held(b""), Refusal(Code.FILE_UNREACHED)))
            continue
        member = _member(archive, entry, clean_name(name), min(left, limits.size))
        left -= member.content.size
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
            return Member(name, Held(stream.read(left + 1)), zipped_at=_date(entry))
    except BROKEN_ZIP:
        return Member(name, Held(b""), Refusal(Code.FILE_TRUNCATED))


def _date(entry: zipfile.ZipInfo) -> datetime | None:
    """Return when a file in a zip was last changed, by the local time that zips keep; None without one."""
    try:
        moment = datetime(*entry.date_time, tzinfo=_LOCAL)
    except ValueError:
        return None
    if moment.year == _NO_DATE:
        return None
    return moment.astimezone(UTC)


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
