"""What became of each column that was sent out, and of those that the sender added.

Reads: a tab with its layout, and the order in which the columns were sent out. Gives: `ColumnStatus`es.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from enum import StrEnum
from functools import lru_cache
from itertools import repeat
from operator import itemgetter

from tenproj_xl.core.cells import Rows, address, cell_at, is_empty
from tenproj_xl.core.columns import Column
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.tables import Layout
from tenproj_xl.core.texts import canonical, text_of
from tenproj_xl.recognition.rows import SheetPart


class ColumnState(StrEnum):
    """What became of a column."""

    OK = "ok"
    MOVED = "moved"
    RENAMED = "renamed"
    DELETED = "deleted"
    INSERTED = "inserted"
    """The sender's own."""
    DUPLICATE = "duplicate"


@dataclass(frozen=True)
class ColumnStatus:
    """What became of one column: `column` is None for the sender's own, `header` what its header says now.

    `cell` is where the header stands. A column that was moved may have been renamed as well.
    """

    state: ColumnState
    column: Column | None
    header: str = ""
    cell: str = ""

    @property
    def is_renamed(self) -> bool:
        """Whether a declared column came back under another header, wherever it stands."""
        return self.column is not None and bool(self.cell) and not is_named(self.column, self.header)


def column_statuses(part: SheetPart, order: tuple[str, ...]) -> tuple[ColumnStatus, ...]:
    """Return the columns of a tab from left to right, then the deleted ones.

    A column that the form was sent out without, as one of an earlier version, is not deleted.

    Args:
        part: The tab.
        order: The fields of its sheet from left to right, as they were sent out; () where nobody knows.
    """
    rows = part.tab.rows[_header_row(part.layout) :]
    width = max(map(len, rows))
    known = set(part.layout.positions.values())
    headers = (*map(text_of, rows[0]), *repeat("", width - len(rows[0])))
    others = [position for position in range(width) if position not in known]
    filled = frozenset(position for position in others if _is_filled(rows, position))
    return _under(part.layout, headers, filled, order)


def _header_row(layout: Layout) -> int:
    """Return the index of the header row; of a layout without a header, that of the first row."""
    return layout.first - layout.is_headed


def _is_filled(rows: Rows, position: int) -> bool:
    return any(not is_empty(cell_at(rows, n, position)) for n in range(len(rows)))


@lru_cache(maxsize=256)  # the same headers stand in every return
def _under(
    layout: Layout, headers: tuple[str, ...], filled: frozenset[int], order: tuple[str, ...]
) -> tuple[ColumnStatus, ...]:
    """Return the columns under some headers; `filled` are the positions of other columns with content."""
    return tuple(_each_under(layout, headers, filled, order))


def _each_under(
    layout: Layout, headers: Sequence[str], filled: Collection[int], order: Sequence[str]
) -> Iterator[ColumnStatus]:
    missing = {column.field for column in layout.missing}
    by_position = sorted(layout.positions.items(), key=itemgetter(1))
    known = {position: name for name, position in by_position if name not in missing}
    moved = _moved_fields(list(known.values()), order)
    for position, header in enumerate(headers):
        cell = address(_header_row(layout), position)
        if position in known:
            column = layout.sheet.column(known[position])
            yield _known(column, header if layout.is_headed else column.header, cell, moved)
        elif repeated := _repeated(layout, position, header):
            yield ColumnStatus(ColumnState.DUPLICATE, repeated, header, cell)
        elif min(known) < position < max(known) or position in filled:
            yield ColumnStatus(ColumnState.INSERTED, None, header, cell)
    for column in layout.missing:
        if not order or column.field in order:
            yield ColumnStatus(ColumnState.DELETED, column)


def _known(column: Column, header: str, cell: str, moved: Collection[str]) -> ColumnStatus:
    state = ColumnState.RENAMED
    if column.field in moved:
        state = ColumnState.MOVED
    elif is_named(column, header):
        state = ColumnState.OK
    return ColumnStatus(state, column, header, cell)


def _repeated(layout: Layout, position: int, header: str) -> Column | None:
    """Return the column that stands at a position for the second time, if any."""
    for name, second in layout.twice.items():
        column = layout.sheet.column(name)
        if second == position or is_named(column, header):
            return column
    return None


def _moved_fields(fields: Sequence[str], order: Sequence[str]) -> set[str]:
    """Return the fields, given from left to right, that are out of the order in which they were sent out."""
    ranks = {name: n for n, name in enumerate(order)}
    moved = out_of_order(ranks[name] for name in fields if name in ranks)
    return {name for name in fields if ranks.get(name) in moved}


def is_named(column: Column, header: str) -> bool:
    """Return whether a header is a column's own, or its field code."""
    if header in (column.header, column.field):
        return True
    return canonical(header) in (canonical(column.header), canonical(column.field))


def out_of_order(ranks: Iterable[int]) -> frozenset[int]:
    """Return the numbers that were moved: all but a longest run still in order. None may come twice."""
    ranks = list(ranks)
    if ranks == sorted(ranks):  # the common case, kept cheap
        return frozenset()
    ends: list[int] = []  # ends[n] is the least number that ends a run of n + 1
    before: dict[int, int | None] = {}
    for rank in ranks:
        length = bisect_left(ends, rank)
        before[rank] = ends[length - 1] if length else None
        ends[length : length + 1] = [rank]
    moved = set(before)
    last: int | None = ends[-1]
    while last is not None:
        moved.remove(last)
        last = before[last]
    return frozenset(moved)
