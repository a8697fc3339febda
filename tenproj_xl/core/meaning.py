"""Meanings: what a reader of cells gives back, and what it gives for cells of any kind."""

from datetime import date

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import NoValue
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.texts import is_blank, is_error, text_of


@dataclass(frozen=True)
class Meaning:
    """What a cell means: `value` is None where it is blank, or where `code` is an error.

    With a `code` that is a warning, `detail` is what the cell was taken for, as people read it; with
    ERROR_VALUE it is what the cell shows, with TOO_LONG the number of characters.
    """

    value: float | date | str | None
    code: Code | None = None
    detail: str = ""


BLANK = Meaning(None)


def broken(cell: object) -> Meaning | None:
    """Return what a cell without any value to read means, None for another."""
    if isinstance(cell, NoValue):
        return Meaning(None, Code.RESULT_MISSING, text_of(cell))
    if is_error(cell):
        return Meaning(None, Code.ERROR_VALUE, text_of(cell))
    return None


def settled(cell: object) -> Meaning | None:
    """Return what a broken or a blank cell means, None for one to be read."""
    problem = broken(cell)
    if problem is None and is_blank(cell):
        return BLANK
    return problem
