"""How the workbook looks: fonts, colours, formats, and how high a row must be for its text.

Colours never stand alone: each light is also a word. They differ in lightness too, so that they part in black and white
and for eyes that do not tell red from green.
"""

import math
import unicodedata
from collections.abc import Mapping

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from tenproj_xl.core.catalogue import Severity
from tenproj_xl.model.evaluate_indicators import LIGHTS, Light, State
from tenproj_xl.model.evaluate_tasks import IssueState, TaskState
from tenproj_xl.model.plan import NOT_INVOLVED
from tenproj_xl.rollup.facts.changes import Change
from tenproj_xl.rollup.facts.indicators import YEAR_MET, YEAR_MISSED
from tenproj_xl.rollup.facts.outlook import EXPECTED_MET, EXPECTED_MISSED
from tenproj_xl.rollup.facts.returns import LATE, NOT_TAKEN, ON_TIME, PARTIAL
from tenproj_xl.rollup.facts.supervision import Level

BODY, HEAD = "宋体", "黑体"
_CHINESE = 134
GREEN, YELLOW, RED, DEEP, GREY, BLUE = "#C6E0B4", "#FFE699", "#F4B084", "#E48672", "#D9D9D9", "#DDEBF7"
STRONG: Mapping[str, str] = {
    GREEN: "#A9D18E",
    YELLOW: "#FFE082",
    RED: "#D9783A",
    DEEP: "#C0504D",
    GREY: "#A6A6A6",
    BLUE: "#BDD7EE",
}
"""The lights in the stronger shade that bars and lines need; neighbours in a bar part in black and white, too."""
INK, MUTED, LINE, BAND, PALE = "#1F3864", "#7F7F7F", "#BFBFBF", "#D9E2F3", "#F2F6FC"

_LIGHT_FILLS = {Light.GREEN: GREEN, Light.YELLOW: YELLOW, Light.RED: RED}
_FILLS: Mapping[str, str] = {
    **{word: _LIGHT_FILLS[light] for word, light in LIGHTS.items()},
    TaskState.OVERDUE: DEEP,
    State.MISSED: DEEP,
    State.MISSING: GREY,
    State.PENDING: BLUE,
    IssueState.APPLIED: BLUE,
    IssueState.WAITING: BLUE,
    IssueState.SIGNED_OFF: GREEN,
    ON_TIME: GREEN,
    LATE: YELLOW,
    PARTIAL: YELLOW,
    NOT_TAKEN: RED,
    Level.RED: DEEP,
    Level.YELLOW: YELLOW,
    Level.BLUE: BLUE,
    Change.WORSE: RED,
    Change.REOPENED: DEEP,
    Change.NEW: BLUE,
    Change.SOON: YELLOW,
    Change.ADJUSTED: YELLOW,
    Change.REVISED: YELLOW,
    Change.CLOSED: GREEN,
    Change.BETTER: GREEN,
    YEAR_MET: GREEN,
    YEAR_MISSED: DEEP,
    EXPECTED_MET: GREEN,
    EXPECTED_MISSED: RED,
    Severity.ERROR.label: RED,
    Severity.WARNING.label: YELLOW,
    Severity.QUESTION.label: BLUE,
    Severity.EXEMPT.label: GREY,
}
_MUTED_WORDS = (State.NOT_YET, State.REFERENCE, NOT_INVOLVED)


def of_word(word: str) -> dict[str, object]:
    """The look of a cell that holds a state, a level or a severity."""
    if word in _FILLS:
        return {"bg_color": _FILLS[word]}
    return {"font_color": MUTED} if word in _MUTED_WORDS else {}


class Styles:
    """The formats of one workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, object], ...], Format] = {}

    def __call__(self, **properties: object) -> Format:
        """The format of these properties on top of the body font."""
        # The character set lets a machine without the font choose another Chinese one instead of a Western one.
        wanted = {
            "font_name": BODY,
            "font_charset": _CHINESE,
            "font_size": 10,
            "valign": "vcenter",
            **properties,
        }
        key = tuple(sorted(wanted.items(), key=lambda p: p[0]))
        if key not in self._made:
            self._made[key] = self._book.add_format(wanted)
        return self._made[key]


BOX: Mapping[str, object] = {"border": 1, "border_color": LINE, "text_wrap": True}
HEADER: Mapping[str, object] = {
    **BOX,
    "font_name": HEAD,
    "font_color": INK,
    "bg_color": BAND,
    "align": "center",
}
TITLE: Mapping[str, object] = {"font_name": HEAD, "font_size": 18, "font_color": INK}
SECTION: Mapping[str, object] = {
    "font_name": HEAD,
    "font_size": 12,
    "font_color": INK,
    "bottom": 2,
    "bottom_color": INK,
}
NOTE: Mapping[str, object] = {"font_size": 9, "font_color": MUTED}
LINK: Mapping[str, object] = {"font_size": 10, "font_color": "#2E75B6", "underline": 1}

_HIGHEST = 409.0  # no spreadsheet has higher rows; the text is whole all the same


def width_of(text: str) -> int:
    """How wide a text is, in characters of the default font: one of Chinese takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


def lines_of(text: str, width: float, size: float = 10) -> int:
    """How many lines a text takes in a column of a width; no character is ever half a line's last."""
    fits = max(2.0, (width * 7 - 2) / (size * 2 / 3))
    units = (width_of(part) for part in text.split("\n"))
    return sum(1 if u <= fits else math.ceil(u / max(1.0, fits - 1)) for u in units)


def text_height(text: str, width: float, size: float = 10) -> float:
    """How high a row must be for a text: headless programs do not grow rows, so nothing is left to them."""
    return min(_HIGHEST, lines_of(text, width, size) * size * 1.45 + 6)


def fitted(text: str, width: float, size: float = 10) -> str:
    """As much of a text as fits on one line of a column of a width, with a mark where it was cut."""
    limit = len(text)
    while limit > 1 and lines_of(shortened(text, limit), width, size) > 1:
        limit -= 1
    return shortened(text, limit)


def shortened(text: str, limit: int) -> str:
    """A text of at most so many characters, on one line, with a mark where it was cut."""
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"
