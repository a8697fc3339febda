"""How many pages a PDF has, told only where two things in it say the same.

Reads: bytes. Gives: a number, or None. A PDF counts its pages in its tree of pages, and has an object for
each; where several saves lie in one file, or it is encrypted, these differ or cannot be read.
"""

import re
import zlib
from collections.abc import Iterator
from contextlib import suppress

_PAGE = re.compile(rb"/Type[ \r\n\t]{0,4}/Page(?![A-Za-z])")
_COUNT = re.compile(rb"/Count[ \r\n\t]{0,4}(\d{1,6})")
_PACKED = b"/ObjStm"
_MOST_PACKED, _LARGEST = 5_000, 4_000_000
"""As many streams of objects are looked into, as far as so many bytes."""


def pages_of_pdf(data: bytes) -> int | None:
    """Return the number of pages, None where it cannot be told for certain."""
    if not data.startswith(b"%PDF") or b"/Encrypt" in data:
        return None
    pages = 0
    counts: set[int] = set()
    for part in (data, *_unpacked(data)):
        pages += len(_PAGE.findall(part))
        counts.update(int(count) for count in _COUNT.findall(part))
    return pages if pages and pages in counts else None


def _unpacked(data: bytes) -> Iterator[bytes]:
    """Yield the contents of streams of objects, into which newer PDFs pack their pages."""
    at = 0
    for _ in range(_MOST_PACKED):
        at = data.find(_PACKED, at)
        if at < 0:
            return
        begin = data.find(b"stream", at)
        if begin < 0:
            return
        begin += len(b"stream")
        while data[begin : begin + 1] in (b"\r", b"\n"):
            begin += 1
        with suppress(zlib.error):
            yield zlib.decompressobj().decompress(data[begin : begin + _LARGEST], _LARGEST)
        at = begin
