"""Whether files of ours say something: workbooks, documents, letters and mails, as they were written."""

import re
import zipfile
from collections.abc import Iterable, Iterator
from email import message_from_bytes
from html import escape
from io import BytesIO
from pathlib import Path

from tenproj_xl.reading.sniff import BROKEN_ZIP

UNREADABLE_ZIP = (*BROKEN_ZIP, RuntimeError)
"""What zipfile raises over a file that is damaged, or has a password."""
_MAIL = re.compile(rb"[A-Za-z-]+: .*\r?\n(?:[A-Za-z-]+:|[ \t])")
"""How the headers of a mail begin: its texts and attachments are written in signs that stand for others."""
_SHORTEST = 6
"""Shorter words may be part of anything."""


def says_any(path: Path, texts: Iterable[str]) -> bool:
    """Return whether one of some texts stands in a file, if it is not too short to tell."""
    wanted = [spelled for text in texts if len(text) >= _SHORTEST for spelled in _spellings(text)]
    return bool(wanted) and any(one in part for part in _parts(path.read_bytes()) for one in wanted)


def _spellings(text: str) -> tuple[bytes, bytes]:
    return text.encode(), escape(text, quote=False).encode()


def _parts(data: bytes) -> Iterator[bytes]:
    """Yield the parts of a workbook, document or mail, or a file of another kind as a whole."""
    if _MAIL.match(data):
        for part in message_from_bytes(data).walk():
            held = part.get_payload(decode=True)
            if isinstance(held, bytes):
                yield from _parts(held)
    if not zipfile.is_zipfile(BytesIO(data)):
        yield data
        return
    try:
        with zipfile.ZipFile(BytesIO(data)) as file:
            for name in file.namelist():
                yield file.read(name)
    except UNREADABLE_ZIP:
        yield data
