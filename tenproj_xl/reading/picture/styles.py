"""The looks of an .xlsx: its cell formats, and the changes that conditional formats make."""

import colorsys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.reading.picture.model import Appearance, Edge
from tenproj_xl.reading.picture.xml import every, first, is_true, named, number, parsed, val, whole

Changes = Mapping[str, Any]
"""Fields of a look with the values that they are given."""

_THEME = ("FFFFFF", "000000", "EEECE1", "1F497D", "4F81BD", "C0504D", "9BBB59", "8064A2", "4BACC6", "F79646")
"""The colours of a workbook without a theme; light and dark stand in the order of the formats."""
_THEME_ORDER = ("lt1", "dk1", "lt2", "dk2", *(f"accent{n}" for n in range(1, 7)))
_PALETTE = (
    *("000000", "FFFFFF", "FF0000", "00FF00", "0000FF", "FFFF00", "FF00FF", "00FFFF"),
    *("000000", "FFFFFF", "FF0000", "00FF00", "0000FF", "FFFF00", "FF00FF", "00FFFF"),
    *("800000", "008000", "000080", "808000", "800080", "008080", "C0C0C0", "808080"),
    *("9999FF", "993366", "FFFFCC", "CCFFFF", "660066", "FF8080", "0066CC", "CCCCFF"),
    *("000080", "FF00FF", "FFFF00", "00FFFF", "800080", "800000", "008080", "0000FF"),
    *("00CCFF", "CCFFFF", "CCFFCC", "FFFF99", "99CCFF", "FF99CC", "CC99FF", "FFCC99"),
    *("3366FF", "33CCCC", "99CC00", "FFCC00", "FF9900", "FF6600", "666699", "969696"),
    *("003366", "339966", "003300", "333300", "993300", "993366", "333399", "333333"),
)
_HORIZONTAL = {
    "left": "left",
    "fill": "left",
    "center": "center",
    "centerContinuous": "center",
    "right": "right",
    "justify": "justify",
    "distributed": "justify",
}
_VERTICAL = {
    "top": "top",
    "center": "center",
    "bottom": "bottom",
    "justify": "center",
    "distributed": "center",
}
_SIDES = ("top", "right", "bottom", "left")
_FULL = ("solid", "none", "")


@dataclass(frozen=True, kw_only=True)
class Styles:
    """The cell formats of a workbook by number: looks and number formats; what conditional formats change."""

    looks: Sequence[Appearance]
    formats: Sequence[str]
    changes: Sequence[Changes]


class ColourTable:
    """The colours of a workbook's theme and palette."""

    def __init__(self, theme: bytes) -> None:
        self._theme = list(_THEME)
        scheme = first(parsed(theme), "themeElements", "clrScheme")
        for n, name in enumerate(_THEME_ORDER):
            own = first(scheme, name)
            found = val(own, "srgbClr") or named(first(own, "sysClr"), "lastClr")
            if len(found) == 6:
                self._theme[n] = found

    def of(self, element: ET.Element | None) -> str:
        """Return the colour that an element names as `#rrggbb`, "" where it names none."""
        if element is None or is_true(named(element, "auto")):
            return ""
        colour = named(element, "rgb")[-6:]
        if index := named(element, "theme"):
            colour = _at(self._theme, whole(index, -1), "")
        elif index := named(element, "indexed"):
            colour = _at(_PALETTE, whole(index, -1), "")
        if not _is_colour(colour):
            return ""
        return _tinted(colour, number(named(element, "tint")))


def _is_colour(text: str) -> bool:
    return len(text) == 6 and all(letter in "0123456789abcdefABCDEF" for letter in text)


def _tinted(colour: str, tint: float) -> str:
    """Return a colour made lighter or darker."""
    if not tint:
        return f"#{colour.lower()}"
    red, green, blue = (int(colour[n : n + 2], 16) / 255 for n in (0, 2, 4))
    hue, light, saturation = colorsys.rgb_to_hls(red, green, blue)
    light = min(1.0, max(0.0, light * (1 + min(tint, 0)) + max(tint, 0) * (1 - light)))
    parts = colorsys.hls_to_rgb(hue, light, saturation)
    return "#" + "".join(f"{round(255 * part):02x}" for part in parts)


def styles_of(part: bytes, theme: bytes) -> Styles:
    """Return the looks in a styles.xml."""
    root, colours = parsed(part), ColourTable(theme)
    own = {named(one, "numFmtId"): named(one, "formatCode") for one in every(root, "numFmts/numFmt")}
    fonts = [_font(one, colours) for one in every(root, "fonts/font")]
    fills = [_fill(one, colours) for one in every(root, "fills/fill")]
    borders = [_border(one, colours) for one in every(root, "borders/border")]
    looks, formats = [], []
    for style in every(root, "cellXfs/xf"):
        changes: dict[str, Any] = {}
        changes |= _at(fonts, whole(named(style, "fontId")), {})
        changes |= _at(fills, whole(named(style, "fillId")), {})
        changes |= _at(borders, whole(named(style, "borderId")), {})
        changes |= _alignment(first(style, "alignment"))
        looks.append(Appearance(**changes))
        formats.append(_format(named(style, "numFmtId"), own))
    return Styles(
        looks=looks or [Appearance()],
        formats=formats or ["General"],
        changes=[_change(one, colours) for one in every(root, "dxfs/dxf")],
    )


def changed(look: Appearance, *changes: Changes) -> Appearance:
    """Return a look with some changes, of which earlier ones count more."""
    together: dict[str, Any] = {}
    for change in reversed(changes):
        together |= change
    return replace(look, **together)


_BUILT_IN = {
    "1": "0",
    "2": "0.00",
    "3": "#,##0",
    "4": "#,##0.00",
    "9": "0%",
    "10": "0.00%",
    "14": "yyyy/m/d",
    "20": "h:mm",
    "21": "h:mm:ss",
    "22": "yyyy/m/d h:mm",
    "31": 'yyyy"年"m"月"d"日"',
    "37": "#,##0;-#,##0",
    "38": "#,##0;-#,##0",
    "39": "#,##0.00;-#,##0.00",
    "40": "#,##0.00;-#,##0.00",
    "49": "@",
    "57": 'yyyy"年"m"月"',
    "58": 'm"月"d"日"',
}


def _format(index: str, own: Mapping[str, str]) -> str:
    return own.get(index) or _BUILT_IN.get(index, "General")


def _font(font: ET.Element, colours: ColourTable) -> Changes:
    found: dict[str, Any] = {}
    if name := val(font, "name"):
        found["font"] = name
    if size := number(val(font, "sz")):
        found["size"] = min(max(size, 1.0), 200.0)
    for field, tag in (("bold", "b"), ("italic", "i"), ("strike", "strike"), ("underline", "u")):
        element = first(font, tag)
        if element is not None:
            found[field] = named(element, "val", "1") not in ("0", "false", "none")
    if colour := colours.of(first(font, "color")):
        found["colour"] = colour
    return found


def _fill(fill: ET.Element, colours: ColourTable) -> Changes:
    pattern = first(fill, "patternFill")
    if pattern is None:
        stop = first(fill, "gradientFill", "stop", "color")
        return {"fill": colours.of(stop)}
    kind = named(pattern, "patternType")
    front, back = colours.of(first(pattern, "fgColor")), colours.of(first(pattern, "bgColor"))
    if kind == "none":
        return {}
    if kind in _FULL:
        return {"fill": front or back}
    return {"fill": back or "#ffffff", "hatch": front or "#000000"}


def _border(border: ET.Element, colours: ColourTable) -> Changes:
    found: dict[str, Any] = {}
    for side in _SIDES:
        edge = first(border, side)
        if line := named(edge, "style"):
            found[side] = Edge(line=line, colour=colours.of(first(edge, "color")) or "#000000")
    return found


def _alignment(alignment: ET.Element | None) -> Changes:
    if alignment is None:
        return {}
    return {
        "horizontal": _HORIZONTAL.get(named(alignment, "horizontal"), ""),
        "vertical": _VERTICAL.get(named(alignment, "vertical"), "bottom"),
        "wrap": is_true(named(alignment, "wrapText")),
        "shrink": is_true(named(alignment, "shrinkToFit")),
        "rotation": min(whole(named(alignment, "textRotation")), 255),
        "indent": min(whole(named(alignment, "indent")), 20),
    }


def _change(change: ET.Element, colours: ColourTable) -> Changes:
    """Return what a conditional format changes: its fill is that of the background, whatever it is called."""
    found: dict[str, Any] = {}
    font, border = first(change, "font"), first(change, "border")
    pattern = first(change, "fill", "patternFill")
    if font is not None:
        found |= _font(font, colours)
    if border is not None:
        found |= _border(border, colours)
    if pattern is not None and named(pattern, "patternType") != "none":
        found["fill"] = colours.of(first(pattern, "bgColor")) or colours.of(first(pattern, "fgColor"))
    return found


def _at(found: Sequence[Any], index: int, default: Any) -> Any:
    if 0 <= index < len(found):
        return found[index]
    return default
