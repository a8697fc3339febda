"""A published roll-up, kept in the ledger so that the next period can say what has changed since."""

from collections.abc import Mapping
from dataclasses import dataclass

from tenproj_xl.core.cells import Value
from tenproj_xl.core.periods import Period

Row = Mapping[str, Value]
"""What was published about one indicator, task or issue, by field."""


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
