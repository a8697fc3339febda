"""The colours of states and levels; those of one sheet are declared with the sheet.

Each light is also a word, and the colours differ in lightness too, for black and white prints and for
eyes that do not tell red from green.
"""

from collections.abc import Mapping

from tenproj_xl.core.states import LIGHTS, IssueState, Light, State, TaskState
from tenproj_xl.excel.style import BLUE, DEEP, GREEN, GREY, MUTED, RED, YELLOW
from tenproj_xl.model.slips import Level
from tenproj_xl.rollup.facts.returns import Timeliness

_LIGHT_FILLS = {Light.GREEN: GREEN, Light.YELLOW: YELLOW, Light.RED: RED}
_FILLS: Mapping[str, str] = {
    **{word: _LIGHT_FILLS[light] for word, light in LIGHTS.items()},
    TaskState.OVERDUE: DEEP,
    State.MISSED: DEEP,
    State.MISSING: GREY,
    Timeliness.NOT_RETURNED: GREY,
    State.PENDING: BLUE,
    IssueState.APPLIED: BLUE,
    IssueState.WAITING: BLUE,
    IssueState.SIGNED_OFF: GREEN,
    IssueState.REOPENED: DEEP,
    Timeliness.ON_TIME: GREEN,
    Timeliness.LATE: YELLOW,
    Timeliness.PARTIAL: YELLOW,
    Timeliness.NOT_ACCEPTED: RED,
    Level.RED: DEEP,
    Level.YELLOW: YELLOW,
    Level.BLUE: BLUE,
}
_MUTED_WORDS = (
    State.NOT_YET,
    State.PAST,
    State.UNDECIDED,
    State.REFERENCE,
    State.NOT_INVOLVED,
    Timeliness.NOT_INVOLVED,
)


def state_style(word: str, fills: Mapping[str, str] | None = None) -> dict[str, object]:
    """Return the style of a cell that holds a state or a level; empty for any other word.

    `fills` are the colours of words that only a certain column has.
    """
    fill = {**_FILLS, **(fills or {})}.get(word)
    if fill is not None:
        return {"bg_color": fill}
    if word in _MUTED_WORDS:
        return {"font_color": MUTED}
    return {}
