"""Documents: what comes beside forms and is no workbook, such as scans, photographs and notes in Word.

Of a note the text is read, of a scan nothing. An old .doc is only looked through for its words, in the order
in which the file has them.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from xml.etree import ElementTree as ET

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.limits import Limits
from tenproj_xl.reading.csv_text import decoded_text
from tenproj_xl.reading.guard import Refusal, named_parts
from tenproj_xl.reading.sniff import FileKind, open_zip, plain_name

_ROOM = 32 << 20
"""Bytes of a note that are looked through: what is longer is a book."""
_SCATTERED = 8 << 20
"""The same of one whose codes stand between all words, each of which takes memory."""
_BLOCK = 4 << 20
_TEXT_PART = re.compile(
    r"word/(?:document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml|docprops/(?:core|app|custom)\.xml"
    r"|ppt/(?:slides|notesslides)/[^/]+\.xml|content\.xml|styles\.xml|meta\.xml"
)
_PARAGRAPHS = frozenset({"p", "h"})
_TAG = re.compile(rb"<[^<>]{0,2000}>")
_UNWRITTEN = re.compile(r"[^\u0020-\u007e\u00b7\u2010-\u2026\u2600-\u26ff\u3000-\u9fff\uff00-\uffef]+")
"""What parts the runs of text in a binary file."""
SCANS = frozenset({FileKind.PDF, FileKind.PICTURE, FileKind.OFD})
_ZIPPED = frozenset({FileKind.DOCX, FileKind.PPTX, FileKind.ODF})
_MARKED_UP = frozenset({FileKind.HTML, FileKind.XML, FileKind.SPREADSHEETML, FileKind.FODS})
_MUTE = frozenset({FileKind.MEDIA, FileKind.PROGRAM, FileKind.OTHER})
DOCUMENTS = SCANS | _ZIPPED | _MARKED_UP | _MUTE | {FileKind.TEXT, FileKind.RTF, FileKind.OLE}
"""The kinds of files that may lie beside a form, and hold none."""
_SCAN_ENDINGS = (".pdf", ".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".gif", ".heic", ".webp", ".ofd")
_WORKBOOK_ENDINGS = (".xlsx", ".xls", ".xlsm", ".xlsb", ".et", ".ods", ".csv")


@dataclass(frozen=True)
class Document:
    """A file that is no workbook: its kind, and the text of a note."""

    kind: FileKind
    text: str = ""

    def is_scan(self, name: str) -> bool:
        """Return whether it is a scan or a picture, one that is damaged by its name."""
        return self.kind in SCANS or (self.kind is FileKind.OTHER and is_scan_name(name))


def is_scan_name(name: str) -> bool:
    """Return whether a file is named as scans and pictures are."""
    return name.lower().endswith(_SCAN_ENDINGS)


def is_named_as_workbook(name: str) -> bool:
    """Return whether a file is named as a workbook, and hence meant to be one."""
    return name.lower().endswith(_WORKBOOK_ENDINGS)


def read_document(data: bytes, kind: FileKind, limits: Limits) -> Document | Refusal:
    """Return a document with its text as far as it is read, or why nothing is."""
    if kind is FileKind.TEXT:
        text = decoded_text(data)
        return Refusal(Code.TEXT_LOST) if _is_lost(text) else Document(kind, text)
    if kind in _ZIPPED:
        return Document(kind, "\n".join(_paragraphs(data, limits)))
    if kind in _MARKED_UP:
        return Document(kind, _untagged(data[:_ROOM]))
    if kind is FileKind.RTF:
        return Document(kind, _text_of_rtf(data[:_SCATTERED]))
    if kind is FileKind.OLE:
        return Document(kind, "\n".join(_runs(data[:_ROOM])))
    return Document(kind)


def _is_lost(text: str) -> bool:
    """Return whether a program that knows no Chinese wrote question marks for all characters of a table."""
    cells = [cell for cell in re.split(r"[,;\t\r\n]", text) if cell.strip()]
    lost = sum("??" in cell for cell in cells)
    is_table = lost > 3 and lost * 4 > len(cells)
    return is_table and not any("\u3400" <= character <= "\u9fff" for character in text)


def _paragraphs(data: bytes, limits: Limits) -> Iterator[str]:
    """Yield the paragraphs of a text in a zip, headers and footers included; none where it is damaged."""
    archive = open_zip(data)
    if archive is None:
        return
    names = {name for name in map(plain_name, archive.infolist()) if _TEXT_PART.fullmatch(name)}
    parts = named_parts(data, names, replace(limits, inflated=_ROOM))
    if isinstance(parts, Refusal):
        return
    for part in parts.values():
        if part.count(b"<") > limits.tags:  # too many to be parsed, but not to be looked through
            yield _untagged(part)
            continue
        try:
            root = ET.fromstring(part)  # noqa: S314  # no part with a DTD gets here
        except ET.ParseError:
            continue
        yield from _texts_of(root)


def _untagged(data: bytes) -> str:
    """Return what stands between tags, block by block, since each takes memory while it is looked at."""
    pieces = []
    start = 0
    while start < len(data):
        end = data.rfind(b">", start, start + _BLOCK) + 1
        if end <= start:
            end = start + _BLOCK
        pieces.append(_TAG.sub(b"\n", data[start:end]))
        start = end
    return unescape(decoded_text(b"".join(pieces)))


def _texts_of(root: ET.Element) -> Iterator[str]:
    found = False
    for element in root.iter():
        if element.tag.rpartition("}")[2] in _PARAGRAPHS:
            found = True
            yield "".join(element.itertext())
    if not found:
        yield from root.itertext()


_RTF = re.compile(
    rb"\\u(?P<unicode>-?\d{1,6}) ?(?:\?|(?:\\'[0-9a-fA-F]{2}){1,2})?|\\'(?P<byte>[0-9a-fA-F]{2})"
    rb"|(?P<par>\\par\b ?)|\\[a-z]{1,32}-?\d{0,10} ?|[{}\r\n]"
)


def _text_of_rtf(data: bytes) -> str:
    """Return the words of a text in RTF: escapes resolved, codes left out."""
    return _RTF.sub(_resolved, data).decode("gb18030", "ignore")


def _resolved(code: re.Match[bytes]) -> bytes:
    if code["unicode"]:
        return chr(int(code["unicode"]) % 65_536).encode("gb18030", "ignore")
    if code["byte"]:
        return bytes.fromhex(code["byte"].decode())
    if code["par"]:
        return b"\n"
    return b""


def _runs(data: bytes) -> Iterator[str]:
    """Yield the runs of text in a binary file, whose characters take two bytes each, or are GBK."""
    for text in (data.decode("utf-16-le", "replace"), data[1:].decode("utf-16-le", "replace")):
        yield from (run for run in _UNWRITTEN.split(text) if len(run) > 1 and not run.isascii())
