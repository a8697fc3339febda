"""The numbers of page one as formulas over the data sheets, and the values they have.

Each number is declared once: the words that columns of a sheet must hold. The formulas use SUMPRODUCT and not
COUNTIFS because it compares exactly: for COUNTIFS `01` is the number 1 and `*` any text.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tenproj_xl.core.answers import YesNo
from tenproj_xl.core.codes import label_of
from tenproj_xl.core.states import IssueState
from tenproj_xl.rollup.drawing.sheet_spec import BookContents
from tenproj_xl.rollup.drawing.table import RowLink
from tenproj_xl.rollup.facts.model import INDICATOR_GROUPS, OPEN_STATES, TASK_GROUPS
from tenproj_xl.rollup.facts.returns import Timeliness

INDICATORS, TASKS, ISSUES, RETURNS = "indicators", "tasks", "issues", "returns"


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
    **{name: Count(TASKS, {"state": states}) for name, states in TASK_GROUPS.items()},
    "issues_open": Count(ISSUES, {"state": OPEN_STATES}),
    "issues_soon": Count(ISSUES, {"state": (IssueState.DUE_SOON,)}),
    "issues_overdue": Count(ISSUES, {"state": (IssueState.OVERDUE,)}),
    "asks": Count(ISSUES, {"asks": (YesNo.YES,)}),
    "owed": Count(RETURNS, {"state": _OWED}),
    "returned": Count(RETURNS, {"state": (Timeliness.ON_TIME, Timeliness.LATE)}),
    "late": Count(RETURNS, {"state": (Timeliness.LATE,)}),
}
"""By the name of the number in `Tally` or `Headline`."""


class Counter:
    """Makes the formulas of the numbers for one workbook."""

    def __init__(self, contents: BookContents) -> None:
        self._contents = contents

    def formula(self, name: str, task_force_cell: str = "") -> str:
        """Return the formula of a number; with the cell of a task force's code, its own number."""
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

    @property
    def unverified(self) -> str:
        """The formula of the number of indicators with a passed target that nobody has verified."""
        return f"=SUMPRODUCT(({self._contents[INDICATORS].range('pending')}>0)*1)"

    def place(self, name: str, task_force: str = "") -> str:
        """Return where the first row behind a number stands; with a task force, its first row of all."""
        if name == "asks":
            return self._contents.place(RowLink("asks"))
        count = COUNTS[name]
        columns = count.columns
        if task_force:
            columns = {"task_force": (task_force,)}
        table = self._contents[count.sheet]
        fields = {field.name: field for field in table.fields}

        def is_counted(line: object) -> bool:
            return all(fields[column].get(line) in words for column, words in columns.items())

        return table.place_of(is_counted)
