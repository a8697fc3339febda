"""Colours of a workbook as `#RRGGBB`: cells name them by theme and tint, by index, or plainly."""

import colorsys
from typing import Any

from openpyxl import Workbook
from openpyxl.styles.colors import COLOR_INDEX
from openpyxl.xml.functions import fromstring

_MAIN = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_OFFICE_THEME = (
    "FFFFFF",
    "000000",
    "EEECE1",
    "1F497D",
    "4F81BD",
    "C0504D",
    "9BBB59",
    "8064A2",
    "4BACC6",
    "F79646",
)


class Colours:
    """The colours of one workbook."""

    def __init__(self, book: Workbook) -> None:
        self._theme = _theme_colours(book.loaded_theme)

    def rgb(self, colour: Any) -> str:
        """Return a colour as `#RRGGBB`, "" where it is the system's own."""
        plain = self._untinted(colour)
        if not plain:
            return ""
        return f"#{_tinted(plain, colour.tint or 0.0)}"

    def _untinted(self, colour: Any) -> str:
        """Return a colour as `RRGGBB` without its tint, "" where it is the system's own."""
        if colour is None:
            return ""
        match colour.type:
            case "theme" if colour.theme < len(self._theme):
                return str(self._theme[colour.theme])
            case "indexed" if colour.indexed < len(COLOR_INDEX):
                return str(COLOR_INDEX[colour.indexed])[2:]
            case "rgb":
                return str(colour.rgb)[-6:].upper()
        return ""


def _theme_colours(theme: bytes | None) -> tuple[str, ...]:
    """Return the theme's colours as cells number them: light before dark, unlike the theme's own order."""
    if not theme:
        return _OFFICE_THEME
    scheme = fromstring(theme).find(f"{_MAIN}themeElements/{_MAIN}clrScheme")
    if scheme is None:
        return _OFFICE_THEME
    colours = [str(c[0].get("lastClr") or c[0].get("val") or "000000").upper() for c in scheme if len(c)]
    dark_1, light_1, dark_2, light_2, *accents = colours
    return (light_1, dark_1, light_2, dark_2, *accents)


def _tinted(rgb: str, tint: float) -> str:
    if not tint:
        return rgb
    red, green, blue = (int(rgb[n : n + 2], 16) / 255 for n in (0, 2, 4))
    hue, light, depth = colorsys.rgb_to_hls(red, green, blue)
    if tint < 0:
        light *= 1 + tint
    else:
        light = light * (1 - tint) + tint
    return "".join(f"{round(part * 255):02X}" for part in colorsys.hls_to_rgb(hue, light, depth))
