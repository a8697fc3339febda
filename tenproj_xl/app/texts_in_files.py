"""Whether files of ours say something: workbooks, documents, letters and mails, as they were written."""

import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from email.message import Message
from html import escape
from io import BytesIO
from pathlib import Path

from tenproj_xl.core.limits import LIMITS
from tenproj_xl.reading.eml import parsed, text_parts
from tenproj_xl.reading.guard import fault_of_entries
from tenproj_xl.reading.mail_headers import header_text
from tenproj_xl.reading.sniff import BROKEN_ZIP, FileKind, sniff

UNREADABLE_ZIP = (*BROKEN_ZIP, RuntimeError)
"""What zipfile raises over a file that is damaged, or has a password."""
_SHORTEST = 6
"""Shorter words may be part of anything."""
_DEEP = 4
"""A text lies at most in so many zips and mails."""
_ENCODINGS = ("utf-8", "gb18030", "utf-16-le")
"""How programs write Chinese texts."""


def says_any(path: Path, texts: Iterable[str]) -> bool:
    """Return whether one of some texts stands in a file, if it is not too short to tell."""
    wanted = {spelled for text in texts if len(text) >= _SHORTEST for spelled in _spellings(text)}
    return bool(wanted) and any(one in part for part in _parts(path.read_bytes(), _DEEP) for one in wanted)


def _spellings(text: str) -> Iterator[bytes]:
    for encoding in _ENCODINGS:
        yield text.encode(encoding)
        yield escape(text, quote=False).encode(encoding)


def _parts(data: bytes, deep: int) -> Iterator[bytes]:
    """Yield a file, and the parts of a workbook, document, zip or mail, those of what lies in it included."""
    yield data
    if deep == 0:
        return
    if sniff(data) is FileKind.MAIL:
        with suppress(RecursionError):  # mails in mails by the hundred
            yield from _parts_of_mail(parsed(data), deep)
    elif zipfile.is_zipfile(BytesIO(data)):
        yield from _parts_of_zip(data, deep)


def _parts_of_mail(mail: Message, deep: int) -> Iterator[bytes]:
    for text in text_parts(mail):
        yield text.encode()
    for part in mail.walk():
        yield header_text(part, "subject").encode()
        held = part.get_payload(decode=True)
        if isinstance(held, bytes):
            yield from _parts(held, deep - 1)


def _parts_of_zip(data: bytes, deep: int) -> Iterator[bytes]:
    try:
        with zipfile.ZipFile(BytesIO(data)) as file:
            if deep < _DEEP and fault_of_entries(file, data, LIMITS):
                return  # one that would inflate without end
            for name in file.namelist():
                yield from _parts(file.read(name), deep - 1)
    except UNREADABLE_ZIP:
        return
