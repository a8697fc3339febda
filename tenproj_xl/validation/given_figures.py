"""Figures as the rows of a return give them: in their own row, in that of their period, or as a correction.

A verified figure stands beside one that is not: it comes after it, and takes its place.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from tenproj_xl.core.answers import Nature
from tenproj_xl.core.cells import Value
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.periods import Period, read_period
from tenproj_xl.validation.entries import Entry

FigureKey = tuple[str, date]
"""An indicator's code, and the last day of a data period: a year and its last quarter are one."""


@dataclass(frozen=True)
class GivenFigure:
    """A figure as one row, by its number, gives it."""

    row: int
    period: Period
    value: Value
    is_verified: bool
    is_correction: bool

    def contradicts(self, other: "GivenFigure") -> bool:
        """Return whether both cannot be right."""
        return self.value != other.value and self.is_verified == other.is_verified


def given_figure(entry: Entry, period: Period) -> GivenFigure:
    """Return what a row of an indicator says of a data period."""
    is_verified = Nature.of(entry.value("nature")) is Nature.VERIFIED
    return GivenFigure(entry.row.number, period, entry.value("value"), is_verified, entry.row.is_correction)


def given_figures(entries: Iterable[Entry]) -> Mapping[FigureKey, Sequence[GivenFigure]]:
    """Return what the rows of a return say, by figure."""
    given: dict[FigureKey, list[GivenFigure]] = {}
    for entry in entries:
        if entry.indicator is None or entry.is_unresolved or entry.value("value") is None:
            continue
        if period := read_period(str(entry.value("data_period") or "")):
            given.setdefault((entry.indicator.code, period.last), []).append(given_figure(entry, period))
    return given
