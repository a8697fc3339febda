"""How cells of a picture look, as rules of a style sheet.

What a stranger's workbook says of fonts and colours goes into the style sheet only as names and `#rrggbb`.
"""

import re
from collections.abc import Mapping

from tenproj_xl.desk.picture_contrast import readable
from tenproj_xl.reading.picture.model import Appearance, Edge

_COLOUR = re.compile(r"#[0-9a-f]{6}")
_NAME = re.compile(r"[\w .()-]{1,60}")
_PIXELS = 96 / 72
_INDENT = 9
_LINES: Mapping[str, str] = {
    "thin": "1px solid",
    "hair": "1px dotted",
    "dotted": "1px dotted",
    "dashed": "1px dashed",
    "dashDot": "1px dashed",
    "dashDotDot": "1px dotted",
    "double": "3px double",
    "medium": "2px solid",
    "mediumDashed": "2px dashed",
    "mediumDashDot": "2px dashed",
    "mediumDashDotDot": "2px dotted",
    "slantDashDot": "2px dashed",
    "thick": "3px solid",
}
_SONG = '"宋体","SimSun","Songti SC","Noto Serif CJK SC","Source Han Serif SC",serif'
_HEI = '"黑体","SimHei","Heiti SC","Noto Sans CJK SC","Source Han Sans SC",sans-serif'
_SERIFS = ("宋", "song", "sun", "楷", "kai", "仿", "fang", "serif", "times", "ming")
NO_LINE = Edge()
STACKED = 255
"""The rotation of letters that stand on top of each other."""


def colour_of(text: str, default: str = "") -> str:
    """Return a colour if it is one, or else the default."""
    if _COLOUR.fullmatch(text):
        return text
    return default


def font_of(name: str) -> str:
    """Return a list of fonts: the one named, and those that stand for it where it is missing."""
    family = _HEI
    if any(word in name.casefold() for word in _SERIFS):
        family = _SONG
    if not _NAME.fullmatch(name):
        return family
    return f'"{name}",{family}'


def line_of(edge: Edge) -> str:
    """Return a border as a style sheet has it."""
    line = _LINES.get(edge.line)
    if line is None:
        return "1px solid transparent"
    return f"{line} {colour_of(edge.colour, '#000000')}"


def cell_style(look: Appearance, edges: Mapping[str, Edge], *, numeric: bool) -> str:
    """Return the declarations of a cell: its text and ground, and the borders that it draws itself."""
    said = [
        f"font-family:{font_of(look.font)}",
        f"font-size:{look.size * _PIXELS:.2f}px",
        f"color:{readable(colour_of(look.colour, '#000000'), colour_of(look.fill, '#ffffff'))}",
        f"text-align:{_across(look, numeric=numeric)}",
        f"vertical-align:{_down(look)}",
        f"white-space:{_spaces(look)}",
        *_ground(look),
        *(f"border-{side}:{line_of(edge)}" for side, edge in edges.items()),
    ]
    if look.horizontal == "center":
        said.append("padding:0")  # the room beside a text is that of narrow columns
    if look.bold:
        said.append("font-weight:bold")
    if look.italic:
        said.append("font-style:italic")
    if look.underline or look.strike:
        said.append(f"text-decoration:{_decoration(look)}")
    if look.indent:
        side = "right" if look.horizontal == "right" else "left"
        said.append(f"padding-{side}:{3 + _INDENT * look.indent}px")
    return ";".join(said)


def text_style(look: Appearance) -> str:
    """Return the declarations of the text within a cell that is turned; "" for one that is not."""
    if look.rotation == STACKED:
        return "writing-mode:vertical-rl;text-orientation:upright;display:inline-block"
    if look.rotation in (90, 180):
        turn = ";transform:rotate(180deg)" if look.rotation == 90 else ""
        return f"writing-mode:vertical-rl;display:inline-block{turn}"
    return ""


def _across(look: Appearance, *, numeric: bool) -> str:
    if look.horizontal:
        return look.horizontal
    if numeric:
        return "right"
    return "left"


def _down(look: Appearance) -> str:
    if look.vertical == "center":
        return "middle"
    return look.vertical


def _spaces(look: Appearance) -> str:
    if look.wrap or look.horizontal == "justify":
        return "pre-wrap"
    return "pre"


def _ground(look: Appearance) -> list[str]:
    fill, hatch = colour_of(look.fill), colour_of(look.hatch)
    if fill and hatch:
        return [f"background:repeating-linear-gradient(135deg,{fill} 0 3px,{hatch} 3px 5px)"]
    if fill:
        return [f"background:{fill}"]
    return []


def _decoration(look: Appearance) -> str:
    words = []
    if look.underline:
        words.append("underline")
    if look.strike:
        words.append("line-through")
    return " ".join(words)
