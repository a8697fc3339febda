"""The numbers of page one as formulas over the data sheets, and the values they have.

Each number is declared once: the words that columns of a sheet must hold. The formulas use SUMPRODUCT and not
COUNTIFS because it compares exactly: for COUNTIFS `01` is the number 1 and `*` any text.
"""

from collections.abc import Mapping
from functools import cached_property

from tenproj_xl.core.answers import YesNo
from tenproj_xl.core.codes import label_of
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.states import IssueState, State
from tenproj_xl.rollup.drawing.sheet_spec import BookContents
from tenproj_xl.rollup.facts.breakdown import spans_of
from tenproj_xl.rollup.facts.model import (
    IN_TIME_STATES,
    INDICATOR_GROUPS,
    INDICATOR_PARTS,
    OPEN_STATES,
    TASK_GROUPS,
)
from tenproj_xl.rollup.facts.returns import Timeliness

INDICATORS, TASKS, ISSUES, RETURNS = "indicators", "tasks", "issues", "returns"
SUPERVISION, BREAKDOWN = "supervision", "breakdown"


@dataclass(frozen=True)
class Count:
    """A number of rows: those of a sheet that hold one of the words in each of the columns."""

    sheet: str
    columns: Mapping[str, tuple[str, ...]]


_COUNTED = {"counted": (YesNo.YES,)}
_OWED = (
    Timeliness.ON_TIME,
    Timeliness.LATE,
    Timeliness.PARTIAL,
    Timeliness.NOT_ACCEPTED,
    Timeliness.NOT_RETURNED,
    Timeliness.EXTENDED,
)
COUNTS: Mapping[str, Count] = {
    "counted": Count(INDICATORS, _COUNTED),
    **{name: Count(INDICATORS, {**_COUNTED, "state": states}) for name, states in INDICATOR_GROUPS.items()},
    "stale": Count(INDICATORS, {**_COUNTED, "stale": (YesNo.YES,)}),
    **{name: Count(INDICATORS, {**_COUNTED, "state": states}) for name, states in INDICATOR_PARTS.items()},
    "unjudged": Count(INDICATORS, {"counted": (YesNo.NO,)}),
    "missed_before": Count(INDICATORS, {"missed_before": (YesNo.YES,)}),
    **{name: Count(TASKS, {"state": states}) for name, states in TASK_GROUPS.items()},
    "issues_open": Count(ISSUES, {"state": OPEN_STATES}),
    "issues_in_time": Count(ISSUES, {"state": IN_TIME_STATES}),
    "issues_soon": Count(ISSUES, {"state": (IssueState.DUE_SOON,)}),
    "issues_overdue": Count(ISSUES, {"state": (IssueState.OVERDUE,)}),
    "asks": Count(ISSUES, {"asks": (YesNo.YES,)}),
    "historic": Count(SUPERVISION, {"historic": (YesNo.YES,)}),
    "owed": Count(RETURNS, {"state": _OWED}),
    "returned": Count(RETURNS, {"state": (Timeliness.ON_TIME, Timeliness.LATE)}),
    "late": Count(RETURNS, {"state": (Timeliness.LATE,)}),
}
"""By the name of the number in `Tally` or `Headline`."""
_UNVERIFIED = "unverified"
"""The number that is counted otherwise."""


class Counter:
    """Makes the formulas of the numbers for one workbook."""

    def __init__(self, contents: BookContents) -> None:
        self._contents = contents

    def formula(self, name: str, task_force_cell: str = "") -> str:
        """Return the formula of a number; with the cell of a task force's code, its own number."""
        if name == _UNVERIFIED:
            return f"=SUMPRODUCT({self._unverified()})"
        count = COUNTS[name]
        table = self._contents[count.sheet]
        factors: list[str] = []
        if task_force_cell:
            factors.append(f"({table.range('task_force')}={task_force_cell})")
        for column, words in count.columns.items():
            cells = table.range(column)
            any_word = "+".join(f'({cells}="{label_of(word)}")' for word in words)
            factors.append(f"({any_word})")
        return "=SUMPRODUCT(" + "*".join([*factors, "1"]) + ")"

    def _unverified(self) -> str:
        """Return what is summed up of the indicators with passed targets that nobody has verified."""
        table = self._contents[INDICATORS]
        return f'({table.range("pending")}>0)*({table.range("state")}<>"{State.PENDING.label}")'

    def place(self, name: str, task_force: str = "") -> str:
        """Return the rows of 首页明细 that a number of page one counts; "" where there are none."""
        span = self._spans.get((name, task_force))
        if span is None:
            return ""
        return self._contents[BREAKDOWN].places(*span)

    @cached_property
    def _spans(self) -> Mapping[tuple[str, str], tuple[int, int]]:
        return spans_of(self._contents[BREAKDOWN].lines)
