"""Columns that a template lacks: where they go, and which column they look like."""

from collections.abc import Sequence

from tenproj_xl.core.columns import Column
from tenproj_xl.core.dataclass import dataclass


@dataclass(frozen=True)
class MissingColumn:
    """A column to be added to a template: behind `after` ("" for the first place), looking like `like`."""

    column: Column
    after: str
    like: str


def missing_columns(declared: Sequence[Column], present: Sequence[str]) -> list[MissingColumn]:
    """Return the declared columns that are not present, in the order in which they are to be added.

    A column goes behind the one that is declared before it. It looks like the nearest column of its kind that
    is filled in by the same side, else like the nearest one of that side, else like its neighbour.

    Args:
        declared: The columns of a template's sheet, in declared order.
        present: The field codes of the columns that the template has; at least one.
    """
    order = [column.field for column in declared]
    known = [column for column in declared if column.field in present]
    missing = []
    for place, column in enumerate(declared):
        if column.field not in present:
            after = order[place - 1] if place else ""
            missing.append(MissingColumn(column, after, _most_alike(column, known, order).field))
    return missing


def _most_alike(column: Column, known: Sequence[Column], order: Sequence[str]) -> Column:
    place = order.index(column.field)

    def unlikeness(other: Column) -> tuple[bool, bool, int]:
        other_side = other.fill.is_input is not column.fill.is_input
        return other_side, other.kind is not column.kind, abs(order.index(other.field) - place)

    return min(known, key=unlikeness)
