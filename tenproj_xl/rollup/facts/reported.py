"""What the lines of indicators, tasks and issues have in common: fields that units reported."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import replace

from tenproj_xl.core.cells import Value
from tenproj_xl.model.history import CellSource, Reported

DISPUTED = "【有分歧】"
"""Stands beside a value that others report otherwise, until the office has decided."""


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


def freshness(carried: str, rows: Iterable[Reported]) -> str:
    """Return how fresh a value is: 本期 or 沿用第47期; and whether senders disagree about it."""
    age = "本期"
    if carried:
        age = f"沿用{carried}"
    if any(row.disputed for row in rows):
        return age + DISPUTED
    return age
