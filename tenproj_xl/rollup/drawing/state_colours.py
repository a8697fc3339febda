"""The colours of states, levels and severities.

Colours never stand alone: each light is also a word. They differ in lightness too, for black and white prints and for
eyes that do not tell red from green.
"""

from collections.abc import Mapping

from tenproj_xl.core.catalogue import Severity
from tenproj_xl.excel.style import BLUE, DEEP, GREEN, GREY, MUTED, RED, YELLOW
from tenproj_xl.model.evaluate_indicators import LIGHTS, Light, State
from tenproj_xl.model.evaluate_tasks import IssueState, TaskState
from tenproj_xl.model.plan import NOT_INVOLVED
from tenproj_xl.rollup.facts.changes import Change
from tenproj_xl.rollup.facts.indicators import YEAR_MET, YEAR_MISSED
from tenproj_xl.rollup.facts.outlook import EXPECTED_MET, EXPECTED_MISSED
from tenproj_xl.rollup.facts.returns import LATE, NOT_TAKEN, ON_TIME, PARTIAL
from tenproj_xl.rollup.facts.supervision import Level

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


def state_style(word: str) -> dict[str, object]:
    """Return the style of a cell that holds a state, a level or a severity; empty for any other word."""
    if word in _FILLS:
        return {"bg_color": _FILLS[word]}
    return {"font_color": MUTED} if word in _MUTED_WORDS else {}
