"""The numbers of page one as formulas over the data sheets, and the values they have.

Each number is declared once: which sheet's which column must hold which words. SUMPRODUCT is used and not COUNTIFS,
because it compares exactly: for COUNTIFS `01` is the number 1 and `*` any text.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tenproj_xl.core.sheets import YES
from tenproj_xl.model.evaluate_tasks import IssueState
from tenproj_xl.rollup.drawing.table import Table
from tenproj_xl.rollup.facts.model import INDICATOR_GROUPS, OPEN_STATES, TASK_GROUPS, Facts
from tenproj_xl.rollup.facts.returns import LATE, NOT_RETURNED, NOT_TAKEN, ON_TIME, PARTIAL
from tenproj_xl.rollup.sheets import asks, indicators, issues, returns, tasks


@dataclass(frozen=True)
class Count:
    """How many rows of a sheet hold one of the words in each of the columns."""

    sheet: str
    columns: Mapping[str, tuple[str, ...]]


_COUNTED = {"counted": (YES,)}
COUNTS: Mapping[str, Count] = {
    "counted": Count(indicators.NAME, _COUNTED),
    **{n: Count(indicators.NAME, {**_COUNTED, "state": states}) for n, states in INDICATOR_GROUPS.items()},
    "stale": Count(indicators.NAME, {**_COUNTED, "stale": (YES,)}),
    **{n: Count(tasks.NAME, {"state": states}) for n, states in TASK_GROUPS.items()},
    "issues_open": Count(issues.NAME, {"state": OPEN_STATES}),
    "issues_soon": Count(issues.NAME, {"state": (IssueState.DUE_SOON,)}),
    "issues_overdue": Count(issues.NAME, {"state": (IssueState.OVERDUE,)}),
    "asks": Count(issues.NAME, {"asks": (YES,)}),
    "owed": Count(returns.NAME, {"state": (ON_TIME, LATE, PARTIAL, NOT_TAKEN, NOT_RETURNED)}),
    "returned": Count(returns.NAME, {"state": (ON_TIME, LATE)}),
    "late": Count(returns.NAME, {"state": (LATE,)}),
}
"""By the name of the number in `Tally` or `Headline`."""


class Counter:
    """Makes the formulas of the numbers for one workbook."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        made = (indicators.table(facts), tasks.table(facts), issues.table(facts), returns.table(facts))
        self._tables: dict[str, Table[object]] = {t.sheet: t for t in made}  # type: ignore[misc]  # only ranges are used

    def formula(self, name: str, task_force_cell: str = "") -> str:
        """The formula of a number, of one task force where a cell with its code is given."""
        count = COUNTS[name]
        table = self._tables[count.sheet]
        own = [f"({table.range('task_force')}={task_force_cell})"] if task_force_cell else []
        tests = [
            "(" + "+".join(f'({table.range(column)}="{word}")' for word in words) + ")"
            for column, words in count.columns.items()
        ]
        return "=SUMPRODUCT(" + "*".join([*own, *tests, "1"]) + ")"

    @property
    def unverified(self) -> str:
        """The formula of the number of indicators with a passed target that nobody has verified."""
        return f"=SUMPRODUCT(({self._tables[indicators.NAME].range('pending')}>0)*1)"

    def place(self, name: str, task_force: str = "") -> str:
        """Where the rows behind a number begin: those of one task force, or the first that counts."""
        if name == "asks":
            return asks.table(self._facts).place()
        table = self._tables[COUNTS[name].sheet]
        columns = {"task_force": (task_force,)} if task_force else COUNTS[name].columns
        fields = {f.name: f for f in table.fields}
        return table.place_of(lambda line: all(fields[c].get(line) in words for c, words in columns.items()))
