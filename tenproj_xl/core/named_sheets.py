"""Sheets of the form and their columns by name, as they go over to another process, or to disk, and back.

There they are the same objects again, and not what equals them: of each much is kept that was found out once.
"""

import copyreg
from functools import cache
from typing import Any, NamedTuple

from tenproj_xl.core.columns import Column, Sheet
from tenproj_xl.core.sheets import form_sheets, worded
from tenproj_xl.core.words import USUAL, Words


class _Name(NamedTuple):
    """What tells one sheet, or a column of it, from all others; `field` is "" for the sheet itself."""

    years: range
    words: Words
    sheet: str
    field: str


_names: dict[int, _Name] = {}
"""The names of sheets and columns by the `id` of objects that stay for good."""


@cache
def named_sheets(years: range, words: Words) -> tuple[Sheet, ...]:
    """Return the three standard sheets for a plan of these years and words, the same objects each time.

    From then on pickles have their names.
    """
    sheets: tuple[Sheet, ...] = form_sheets(years)
    if words != USUAL:
        sheets = tuple(worded(sheet, words) for sheet in named_sheets(years, USUAL))
    for sheet in sheets:
        _names.setdefault(id(sheet), _Name(years, words, sheet.code, ""))
        for column in sheet.columns:
            _names.setdefault(id(column), _Name(years, words, sheet.code, column.field))
    return sheets


def _named(years: range, words: Words, code: str, field: str) -> Sheet | Column:
    """Return what has a name."""
    sheet = next(sheet for sheet in named_sheets(years, words) if sheet.code == code)
    return sheet.column(field) if field else sheet


def _reduced(one: Sheet | Column) -> tuple[Any, ...] | str:
    """Return how one is pickled: by its name, if it has one."""
    name = _names.get(id(one))
    if name is None:
        return one.__reduce_ex__(4)  # as any other object
    return _named, tuple(name)


copyreg.pickle(Sheet, _reduced)
copyreg.pickle(Column, _reduced)
