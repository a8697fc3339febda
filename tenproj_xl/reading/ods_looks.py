"""How the cells of an .ods look, and what stands outside their values, where that changes what people see."""

import re
from collections.abc import Iterator
from dataclasses import field
from xml.etree import ElementTree as ET

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.texts import decimal_digits
from tenproj_xl.reading.book import Outside, OutsideKind

_SPACE = "{urn:oasis:names:tc:opendocument:xmlns:"
_OFFICE, _TABLE, _TEXT = _SPACE + "office:1.0}", _SPACE + "table:1.0}", _SPACE + "text:1.0}"
_STYLE, _DRAW = _SPACE + "style:1.0}", _SPACE + "drawing:1.0}"
_FO = _SPACE + "xsl-fo-compatible:1.0}"
_CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
LOOKS = {_STYLE + "text-properties", _STYLE + "table-cell-properties"}
"""The elements that tell how a style looks."""
_LINE = _STYLE + "text-line-through-style"
_NO_LINE = (None, "none")
_WHITE, _NO_GROUND = "#ffffff", ("", "transparent", "#ffffff")
_BOXES = {_DRAW + name for name in ("text-box", "custom-shape", "rect", "ellipse")}
_WORD = re.compile(r"[^\W\d_]|‰")
_NUMBER = re.compile(r"-?[0-9][0-9,]*(?:\.[0-9]+)?")
_POWER = re.compile(r"-?[0-9.]+E[+-]?[0-9]+")


@dataclass(frozen=True, kw_only=True)
class Seen:
    """How a cell looks: `text` is what it shows of its number, "" where that is the number alone."""

    text: str = ""
    is_per_cent: bool = False
    is_struck: bool = False
    is_unseen: bool = False


PLAIN = Seen()


@dataclass
class OdsLooks:
    """The names of the styles that strike text through, or write it in white; and the grounds of cells."""

    struck: set[str] = field(default_factory=set)
    white: set[str] = field(default_factory=set)
    grounds: dict[str, str] = field(default_factory=dict)

    def add(self, style: str, properties: ET.Element) -> None:
        """Take what some properties say of a style."""
        if properties.get(_LINE) not in _NO_LINE:
            self.struck.add(style)
        if properties.get(_FO + "color", "").lower() == _WHITE:
            self.white.add(style)
        if properties.tag == _STYLE + "table-cell-properties":
            self.grounds[style] = properties.get(_FO + "background-color", "")

    def take_struck(self, cell: ET.Element) -> str:
        """Return the part of a cell's text that is struck through, take it out; "" if it is all or none."""
        spans = [s for s in cell.iter(_TEXT + "span") if s.get(_TEXT + "style-name") in self.struck]
        struck = "".join(text for span in spans for text in span.itertext()).strip()
        whole = "".join(text for p in cell.iterfind(_TEXT + "p") for text in p.itertext()).strip()
        if not struck or struck == whole:
            return ""
        for span in spans:
            tail = span.tail
            span.clear()
            span.tail = tail
        cell.attrib.pop(_OFFICE + "string-value", None)
        return struck

    def is_struck(self, cell: ET.Element) -> bool:
        """Return whether all of a cell is struck through."""
        if cell.get(_TABLE + "style-name") in self.struck:
            return True
        spans = list(cell.iter(_TEXT + "span"))
        return bool(spans) and all(span.get(_TEXT + "style-name") in self.struck for span in spans)

    def is_white(self, style: str) -> bool:
        """Return whether a style writes white on white."""
        return style in self.white and self.grounds.get(style, "").lower() in _NO_GROUND


def seen_in(cell: ET.Element, value: object, looks: OdsLooks) -> Seen:
    """Return how a cell with a value looks."""
    style, kind = cell.get(_TABLE + "style-name", ""), cell.get(_OFFICE + "value-type")
    paragraph = cell.find(_TEXT + "p")
    text = "" if paragraph is None else "".join(paragraph.itertext()).strip()
    is_number = kind in ("float", "currency") and isinstance(value, float)
    shown = ""
    if is_number and _WORD.search(text) and not _POWER.fullmatch(text):
        shown = _shown_number(float(value), text)  # type: ignore[arg-type]  # as just seen
    elif is_number and _is_divided(float(value), text):  # type: ignore[arg-type]  # as just seen
        shown = text
    is_hidden = is_number and paragraph is not None and not text
    return Seen(
        text=shown,
        is_per_cent=kind == "percentage",
        is_struck=looks.is_struck(cell),
        is_unseen=is_hidden or looks.is_white(style),
    )


def _shown_number(value: float, text: str) -> str:
    """Return what is shown of a number, with all its digits where it is only rounded."""
    number = _NUMBER.search(text)
    if number is None:
        return ""
    decimals = len(number[0].partition(".")[2])
    if abs(float(number[0].replace(",", "")) - value) <= 0.5 * 10**-decimals:
        return text.replace(number[0], decimal_digits(value, 15), 1)
    return text


def _is_divided(value: float, text: str) -> bool:
    """Whether a text shows a number divided by thousands or 万, as formats do whose digits end in commas."""
    if not _NUMBER.fullmatch(text):
        return False
    shown, decimals = float(text.replace(",", "")), len(text.partition(".")[2])
    for divisor in (1e3, 1e4, 1e6, 1e8, 1e9):
        if shown and abs(shown - value / divisor) <= 0.5 * 10**-decimals:
            return True
    return False


def annotations(cell: ET.Element, sheet: str, where: str) -> Iterator[Outside]:
    """Yield the comments on a cell."""
    for note in cell.iterfind(_OFFICE + "annotation"):
        lines = ("".join(p.itertext()) for p in note.iter(_TEXT + "p"))
        author = note.findtext(_CREATOR) or "?"
        yield Outside(OutsideKind.COMMENT, sheet, where, "\n".join(lines).strip(), author)


def shape_on(element: ET.Element, sheet: str) -> Outside | None:
    """Return the text box or the picture that an element is, None where it is neither."""
    if element.tag == _DRAW + "image":
        return Outside(OutsideKind.PICTURE, sheet, "", "")
    if element.tag not in _BOXES:
        return None
    text = "\n".join("".join(p.itertext()) for p in element.iter(_TEXT + "p")).strip()
    if not text:
        return None
    return Outside(OutsideKind.TEXT_BOX, sheet, "", text)
