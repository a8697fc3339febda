"""Texts of the office (.docx): their paragraphs and tables, nothing believed."""

from collections.abc import Iterator
from dataclasses import replace
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import ParseError

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.limits import LIMITS
from tenproj_xl.reading.guard import BROKEN_XML, Refusal, named_parts

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SUBJECT = "{http://purl.org/dc/elements/1.1/}subject"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BODY, _ABOUT = "word/document.xml", "docprops/core.xml"
_LIMITS = replace(LIMITS, inflated=16 << 20)
"""A text is parsed in this process, so that less is taken than of a workbook."""


@dataclass(frozen=True)
class TextLine:
    """A paragraph, which is a line of one cell, or a row of a table; `place` says where it stands."""

    place: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class TextDocument:
    """The lines of a text in order, and the document property `subject`, "" where there is none."""

    subject: str
    lines: tuple[TextLine, ...]


def read_docx(data: bytes) -> TextDocument | Refusal:
    """Read the text in some bytes, or say why it is not read; deletions that are tracked are left out."""
    if len(data) > _LIMITS.size:
        return Refusal(Code.FILE_LIMITS, f"文件有{len(data) >> 20}MB")
    parts = named_parts(data, (_BODY, _ABOUT), _LIMITS)
    if isinstance(parts, Refusal):
        return parts
    if _BODY not in parts:
        return Refusal(Code.FILE_TRUNCATED)
    try:
        body = ET.fromstring(parts[_BODY]).find(f"{_W}body")  # noqa: S314  # no part with a DTD gets here
        subject = ""
        if _ABOUT in parts:
            subject = ET.fromstring(parts[_ABOUT]).findtext(_SUBJECT, "")  # noqa: S314  # as above
    except ParseError:
        return Refusal(Code.FILE_UNREADABLE, f"文档的{BROKEN_XML}")
    if body is None:
        return Refusal(Code.FILE_TRUNCATED)
    return TextDocument(subject, tuple(_lines(body)))


def _lines(body: ET.Element) -> Iterator[TextLine]:
    paragraphs = tables = 0
    for element in body:
        if element.tag == f"{_W}tbl":
            tables += 1
            for number, row in enumerate(element.findall(f"{_W}tr"), 1):
                cells = tuple(_text(cell) for cell in row.findall(f"{_W}tc"))
                yield TextLine(f"第{tables}个表第{number}行", cells)
        else:
            # Controls of a template hold paragraphs; each stands for itself.
            for paragraph in element.iter(f"{_W}p"):
                paragraphs += 1
                yield TextLine(f"第{paragraphs}段", (_text(paragraph),))


def _text(element: ET.Element) -> str:
    """Return the text of an element, without what only old programs show."""
    hidden = {text for fallback in element.iter(_FALLBACK) for text in fallback.iter(f"{_W}t")}
    return "".join(text.text or "" for text in element.iter(f"{_W}t") if text not in hidden)
