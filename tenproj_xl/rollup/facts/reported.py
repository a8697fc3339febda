"""What the lines of indicators, tasks and issues have in common: fields that units reported."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import replace

from tenproj_xl.core.cells import Value
from tenproj_xl.model.cell_sources import CellSource
from tenproj_xl.model.history import Reported

CLOSED = "不公开"
"""Stands for a figure that the readers may not see."""
DISPUTED = "【有分歧】"
"""Stands beside a value that others report otherwise, until the office has decided."""
UNCONFIRMED = "【代录，待单位确认】"
"""Stands beside a value that the office recorded in place of a unit, until the unit has answered."""
HELD = "【有更正，待核实】"
"""Stands beside a value for which its unit has reported another, which waits for the office."""


class ReportedLine(ABC):
    """A line whose fields were reported by a unit."""

    @abstractmethod
    def reported(self, field: str) -> Value:
        """Return a field as last reported, None where it never was."""

    @abstractmethod
    def origin(self, field: str) -> CellSource | None:
        """Return where the value of a field was typed, None where it was not."""

    def text(self, *fields: str) -> str:
        """Return the first of some fields that is filled, as text; "" where all are blank."""
        for field in fields:
            if value := self.reported(field):
                return str(value)
        return ""


def newest_value(rows: Iterable[Reported], field: str) -> Value:
    """Return a field of the first row in which it is filled; `rows` stand newest first."""
    for row in rows:
        value = row.values.get(field)
        if value not in (None, ""):
            return value
    return None


def no_older_than_reason(
    rows: Iterable[Reported], reasons: Iterable[Reported], *fields: str
) -> list[Reported]:
    """Return those rows that are no older than the one whose reason is told; both stand newest first.

    The reason is the first of some fields that is filled. What a unit meant to do before it gave that reason
    is no answer to it.
    """
    found = list(reasons)
    for field in fields:
        for reason in found:
            if reason.values.get(field) not in (None, ""):
                return [row for row in rows if row.order >= reason.order]
    return list(rows)


def origin(rows: Iterable[Reported], field: str) -> CellSource | None:
    """Return where a field was typed in the first row in which it is filled; `rows` stand newest first."""
    for row in rows:
        if row.values.get(field) in (None, ""):
            continue
        if field not in row.cells and field not in row.elsewhere:
            return None  # it stood in the form when it went out
        source = row.source(field)
        if field in row.disputed:
            return replace(source, note=source.note + DISPUTED)
        return source
    return None


def freshness(carried: str, rows: Iterable[Reported], doubt: str = "") -> str:
    """Return how fresh a value is: 本期 or 沿用第47期; whether senders disagree about it, and its `doubt`."""
    age = "本期"
    if carried:
        age = f"沿用{carried}"
    reports = list(rows)
    if any(row.held for row in reports):
        age += HELD
    if any(row.unconfirmed for row in reports):
        age += UNCONFIRMED
    if any(row.disputed for row in reports):
        age += DISPUTED
    return age + doubt
