"""Where the value of a cell was typed, and who gave it."""

from datetime import datetime
from enum import StrEnum

from tenproj_xl.core.dataclass import dataclass


class Giver(StrEnum):
    """Who gave the value of a cell."""

    UNIT = "unit"
    OFFICE = "office"
    """The office recorded it in place of a unit."""
    RULING = "ruling"
    """The office decided between units that disagreed."""


@dataclass(frozen=True, kw_only=True)
class CellSource:
    """The place where the value of a cell was typed; `note` says why it is used.

    `unit` is who reported it, "" where that is unknown. `basis` is why the office has decided so, "" where it
    has not.
    """

    file: str
    tab: str
    cell: str
    at: datetime
    note: str = ""
    unit: str = ""
    giver: Giver = Giver.UNIT
    basis: str = ""
