"""What stands outside the cells' values of an .xlsx: comments, text boxes, pictures, text that is struck out.

A comment in one of Excel's threads is told as such, and not once more in the words of the note that Excel
keeps beside it for older versions.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree as ET

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.reading.book import Outside, OutsideKind
from tenproj_xl.reading.looks import is_on

OUTSIDE_PART = re.compile(
    r"xl/comments\d*\.xml|xl/comments/[^/]+\.xml|xl/threadedcomments/[^/]+\.xml|xl/drawings/[^/]+\.xml"
    r"|xl/worksheets/_rels/[^/]+\.rels"
)
_IN_CELL_PICTURE = re.compile(r"(?:_xlfn\.)?DISPIMG\(")
_MOST = 500
"""As many comments, boxes and pictures of a sheet are told at most."""


def outside_of_sheet(parts: Mapping[str, bytes], part: str, sheet: str) -> Iterator[Outside]:
    """Yield what lies on a sheet, from the parts that its own one refers to."""
    found: list[Outside] = []
    for target in _targets(parts, part):
        root = _root(parts.get(target, b""))
        if root is None:
            continue
        kind = root.tag.rpartition("}")[2]
        if kind == "comments":
            found += _notes(root, sheet)
        elif kind == "ThreadedComments":
            found += _threads(root, sheet)
        elif kind == "wsDr":
            found += _drawn(root, sheet)
    threaded = {one.cell for one in found if one.kind is OutsideKind.COMMENT and not one.author}
    for one in found[:_MOST]:
        if not (one.author and one.cell in threaded):
            yield one


def picture_in_cell(text: str) -> bool:
    """Return whether a cell holds a picture, as WPS has it: a formula that names one."""
    return _IN_CELL_PICTURE.match(text.lstrip("=")) is not None


def _targets(parts: Mapping[str, bytes], part: str) -> Iterator[str]:
    folder, name = posixpath.split(part)
    root = _root(parts.get(f"{folder}/_rels/{name}.rels", b""))
    for relation in () if root is None else root:
        target = relation.get("Target", "").replace("\\", "/")
        if target.startswith("/"):
            yield target[1:].lower()
        else:
            yield posixpath.normpath(posixpath.join(folder, target)).lower()


def _root(part: bytes) -> ET.Element | None:
    """Return the root of a part, None where it is missing or broken: the cells are read all the same."""
    if not part:
        return None
    try:
        return ET.fromstring(part)  # noqa: S314  # no part with a DTD gets here
    except ET.ParseError:
        return None


def _notes(root: ET.Element, sheet: str) -> Iterator[Outside]:
    authors = [author.text or "" for author in root.iterfind("{*}authors/{*}author")]
    for comment in root.iterfind("{*}commentList/{*}comment"):
        number = comment.get("authorId", "")
        author = "?"
        if number.isdecimal() and int(number) < len(authors):
            author = authors[int(number)] or author
        text = "".join(t.text or "" for t in comment.iterfind("{*}text//{*}t"))
        yield Outside(OutsideKind.COMMENT, sheet, comment.get("ref", ""), text.strip(), author)


def _threads(root: ET.Element, sheet: str) -> Iterator[Outside]:
    for comment in root.iterfind("{*}threadedComment"):
        text = (comment.findtext("{*}text") or "").strip()
        yield Outside(OutsideKind.COMMENT, sheet, comment.get("ref", ""), text)


def _drawn(root: ET.Element, sheet: str) -> Iterator[Outside]:
    seen = set()
    for shape in root.iter():
        kind = shape.tag.rpartition("}")[2]
        if kind == "pic":
            yield Outside(OutsideKind.PICTURE, sheet, "", "")
        elif kind == "sp":
            text = "\n".join(_paragraphs(shape)).strip()
            if text and text not in seen:
                seen.add(text)
                yield Outside(OutsideKind.TEXT_BOX, sheet, "", text)


def _paragraphs(shape: ET.Element) -> Iterator[str]:
    for paragraph in shape.iterfind(".//{http://schemas.openxmlformats.org/drawingml/2006/main}p"):
        yield "".join(t.text or "" for t in paragraph.iterfind(".//{*}t"))


# --- text that is struck through in part


@dataclass(frozen=True)
class StruckText:
    """A text of which a part is struck through: what is left, and what is struck."""

    left: str
    struck: str


def struck_strings(part: bytes) -> dict[int, StruckText]:
    """Return the shared strings with a part that is struck through, by their numbers."""
    if b"strike" not in part:
        return {}
    root = _root(part)
    found = {}
    for number, string in enumerate(root if root is not None else ()):
        if told := _struck(string):
            found[number] = told
    return found


def struck_cells(part: bytes, strings: Mapping[int, StruckText]) -> dict[str, StruckText]:
    """Return the cells of a sheet whose text is struck through in part, by their addresses."""
    if not strings and b"strike" not in part:
        return {}
    root = _root(part)
    found = {}
    for cell in root.iterfind("{*}sheetData/{*}row/{*}c") if root is not None else ():
        told = None
        inline, value = cell.find("{*}is"), cell.findtext("{*}v") or ""
        if inline is not None:
            told = _struck(inline)
        elif cell.get("t") == "s" and value.isdecimal():
            told = strings.get(int(value))
        if told:
            found[cell.get("r", "")] = told
    return found


def _struck(string: ET.Element) -> StruckText | None:
    left: list[str] = []
    struck: list[str] = []
    for run in string.iterfind("{*}r"):
        is_struck = is_on(run.find("{*}rPr/{*}strike"))
        (struck if is_struck else left).append(run.findtext("{*}t") or "")
    if not "".join(struck).strip():
        return None
    return StruckText("".join(left), "".join(struck))


def of_struck(cell: str, text: StruckText, sheet: str) -> Outside:
    """Return the part of a cell that is struck through as something outside of it."""
    return Outside(OutsideKind.STRUCK, sheet, cell, text.struck.strip())
