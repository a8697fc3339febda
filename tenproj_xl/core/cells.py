"""Cells as they are read: addresses, and the two things that are neither blank nor a value."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from tenproj_xl.core.dataclass import dataclass

Value = float | date | str | None
"""What a cell means once it is understood: whole numbers come as floats, truths as words."""

Rows = Sequence[Sequence[object]]
"""What stands in a sheet: `rows[r][c]` is the cell in row `r + 1`, column `c + 1`; None where it is blank."""


@dataclass(frozen=True)
class ErrorValue:
    """A cell that shows an error, such as `#DIV/0!`."""

    text: str


@dataclass(frozen=True)
class NoValue:
    """A formula (without its `=`) saved without its result, as programs that are no spreadsheets do."""

    formula: str


@lru_cache(maxsize=1 << 10)
def letters(column: int) -> str:
    """Return the letters of a column counted from 0: `A`, …, `Z`, `AA`."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def address(row: int, column: int) -> str:
    """Return the address of a cell, both counted from 0: `address(7, 10)` is `K8`."""
    return f"{letters(column)}{row + 1}"


def position(address: str) -> tuple[int, int]:
    """Return row and column of an address, both counted from 0: `position("K8")` is `(7, 10)`."""
    name = address.rstrip("0123456789")
    column = 0
    for letter in name:
        column = 26 * column + ord(letter) - 64
    return int(address[len(name) :]) - 1, column - 1


def cell_at(rows: Rows, row: int, column: int) -> object:
    """Return what stands in a cell, both counted from 0; None beyond the edge."""
    return rows[row][column] if row < len(rows) and column < len(rows[row]) else None


def is_empty(cell: object) -> bool:
    """Return whether nothing is to be seen in a cell."""
    return cell is None or (isinstance(cell, str) and not cell.strip())
