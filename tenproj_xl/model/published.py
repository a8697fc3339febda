"""What a merge told its readers, kept so that the next period can say what has changed since."""

from collections.abc import Mapping
from dataclasses import dataclass

from tenproj_xl.core.cells import Value
from tenproj_xl.core.periods import Period

Row = Mapping[str, Value]
"""What was said of one indicator, task or issue."""


@dataclass(frozen=True)
class Published:
    """The roll-up of a period: its numbers by name, and its rows by sheet code and code.

    `sequence` is that of the ledger it was made from.
    """

    period: Period
    sequence: int
    numbers: Mapping[str, float]
    rows: Mapping[str, Mapping[str, Row]]
