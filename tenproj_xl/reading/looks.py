"""How the cells of an .xlsx look, where that changes what people see: struck out, unseen, otherwise shown."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from functools import cache, lru_cache
from typing import TypeVar
from xml.etree import ElementTree as ET

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.reading.number_formats import BUILT_IN_PER_CENT, hides, is_per_cent, says_more

_WHITE = ("FFFFFF", "FEFEFE", "FDFDFD", "FCFCFC")
_PALETTE_WHITE, _THEME_WHITE = ("1", "9"), "0"
_Element = TypeVar("_Element")
_OFF = ("0", "false")
_LEAST_LIGHT = 0.8
"""How light a background is on which white is not seen."""


@dataclass(frozen=True, kw_only=True)
class CellLooks:
    """The indexes of cell formats of some look, as a styles.xml has them; `formats` are number formats."""

    per_cent: frozenset[str] = frozenset()
    struck: frozenset[str] = frozenset()
    unseen: frozenset[str] = frozenset()
    formats: Mapping[str, str] = field(default_factory=dict)

    @property
    def wanted(self) -> frozenset[str]:
        """All indexes that mean anything."""
        return self.per_cent | self.struck | self.unseen | self.formats.keys()


@lru_cache(maxsize=8)  # form after form has the same
def looks_of(styles: bytes) -> CellLooks:
    """Return the looks in a styles.xml; none if it is no XML."""
    try:
        root = ET.fromstring(styles)  # noqa: S314  # the guard lets no DTD in
    except ET.ParseError:
        return CellLooks()
    codes = {
        own.get("numFmtId", ""): own.get("formatCode", "") for own in root.iterfind("{*}numFmts/{*}numFmt")
    }
    fonts, fills = list(root.iterfind("{*}fonts/{*}font")), list(root.iterfind("{*}fills/{*}fill"))
    struck_fonts = [is_on(font.find("{*}strike")) for font in fonts]
    are_per_cent, say_more, hide, are_unseen = (
        cache(is_per_cent),
        cache(says_more),
        cache(hides),
        cache(_is_unseen),
    )
    per_cent, struck, unseen, formats = set(), set(), set(), {}
    for n, style in enumerate(root.iterfind("{*}cellXfs/{*}xf")):
        index, number_format = str(n), style.get("numFmtId", "")
        code = codes.get(number_format, "")
        if number_format in BUILT_IN_PER_CENT or are_per_cent(code):
            per_cent.add(index)
        elif say_more(code):
            formats[index] = code
        if _at(struck_fonts, style.get("fontId")):
            struck.add(index)
        if hide(code) or are_unseen(_at(fonts, style.get("fontId")), _at(fills, style.get("fillId"))):
            unseen.add(index)
    return CellLooks(
        per_cent=frozenset(per_cent), struck=frozenset(struck), unseen=frozenset(unseen), formats=formats
    )


def is_on(element: ET.Element | None) -> bool:
    """Return whether a property of a font is set."""
    return element is not None and element.get("val", "1") not in _OFF


def _at(elements: Sequence[_Element], index: str | None) -> _Element | None:
    number = int(index) if index and index.isdecimal() else 0
    return elements[number] if number < len(elements) else None


def _is_unseen(font: ET.Element | None, fill: ET.Element | None) -> bool:
    """Return whether a font is white on a background that is white, or nearly so."""
    colour = None if font is None else font.find("{*}color")
    if colour is None or not _is_white(colour):
        return False
    pattern = None if fill is None else fill.find("{*}patternFill")
    if pattern is None or pattern.get("patternType", "none") == "none":
        return fill is None or fill.find("{*}gradientFill") is None
    ground = pattern.find("{*}fgColor")
    return ground is not None and _is_light(ground)


def _is_white(colour: ET.Element) -> bool:
    if float(colour.get("tint", "0") or 0):
        return False
    is_indexed = colour.get("indexed") in _PALETTE_WHITE
    return is_indexed or colour.get("theme") == _THEME_WHITE or colour.get("rgb", "")[-6:].upper() in _WHITE


def _is_light(colour: ET.Element) -> bool:
    rgb = colour.get("rgb", "")[-6:]
    try:
        red, green, blue = (int(rgb[n : n + 2], 16) / 255 for n in (0, 2, 4))
    except ValueError:
        return _is_white(colour)
    return 0.3 * red + 0.59 * green + 0.11 * blue > _LEAST_LIGHT
