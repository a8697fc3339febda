"""Whether files of ours say something: workbooks, documents and letters, as they were written."""

import zipfile
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path

from tenproj_xl.reading.sniff import BROKEN_ZIP

UNREADABLE_ZIP = (*BROKEN_ZIP, RuntimeError)
"""What zipfile raises over a file that is damaged, or has a password."""
_SHORTEST = 6
"""Shorter words may be part of anything."""


def says_any(path: Path, texts: Iterable[str]) -> bool:
    """Return whether one of some texts stands in a file, if it is not too short to tell."""
    wanted = [spelled for text in texts if len(text) >= _SHORTEST for spelled in _spellings(text)]
    return bool(wanted) and any(one in part for part in _parts(path) for one in wanted)


def _spellings(text: str) -> tuple[bytes, bytes]:
    return text.encode(), escape(text, quote=False).encode()


def _parts(path: Path) -> Iterator[bytes]:
    """Yield the parts of a workbook or document, or a file of another kind as a whole."""
    if not zipfile.is_zipfile(path):
        yield path.read_bytes()
        return
    try:
        with zipfile.ZipFile(path) as file:
            for name in file.namelist():
                yield file.read(name)
    except UNREADABLE_ZIP:
        yield path.read_bytes()
