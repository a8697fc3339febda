"""A published roll-up, kept in the ledger so that the next period can say what has changed since."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from math import inf

from tenproj_xl.core.cells import Value
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.periods import Period
from tenproj_xl.core.words import USUAL, Words
from tenproj_xl.model.decisions import Decision

Row = Mapping[str, Value]
"""What was published about one indicator, task or issue, by field."""
LAST_DECISION = "last_decision"
"""The name of the number that the last decision has which a roll-up knew of."""


@dataclass(frozen=True)
class Published:
    """The roll-up of a period: its numbers by name, and its rows by sheet code, then row code.

    An earlier version may have published other numbers, sheets, fields and states than this one.

    `sequence` is the ledger's last sequence number at the time the roll-up was made.
    """

    period: Period
    sequence: int
    numbers: Mapping[str, float]
    rows: Mapping[str, Mapping[str, Row]]

    def knew_of(self, decision: Decision) -> bool:
        """Return whether a decision was there to be told: it was taken by then, and recorded in time."""
        # What an earlier version published is taken to have known all that was decided by its last day.
        last = self.numbers.get(LAST_DECISION, inf)
        return decision.on <= self.period.last and decision.seq <= last

    def in_words(self, words: Words) -> "Published":
        """Return the same in the words of a plan."""
        if words == USUAL:
            return self
        rows: dict[str, dict[str, Row]] = {}
        for sheet, by_code in self.rows.items():
            rows[sheet] = {}
            for code, row in by_code.items():
                rows[sheet][code] = words.values(row)
        return replace(self, rows=rows)


@dataclass(frozen=True)
class FirstTold:
    """The first paper that told a figure of a data period, the value it told, and its day.

    A paper that was given out comes before one that was only made.
    """

    value: Value
    paper: str
    on: date
