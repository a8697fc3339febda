"""Merged cells as a table has them: what one takes, and which cells are left out for it."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.reading.book import Position
from tenproj_xl.reading.picture.model import SheetPicture


@dataclass(frozen=True, kw_only=True)
class CellSpan:
    """The cells that one table cell takes: the last row and column, and how many of them are not hidden."""

    bottom: int
    right: int
    rows: int = 1
    columns: int = 1


class CellSpans:
    """The merged ranges of a sheet, by the first of their cells that can be seen; none crosses frozen rows.

    `rows` and `columns` are those that are not hidden; `covered` are the cells that merged ones take, and
    `moved` the first cells whose value another one shows, because they are hidden. What overlaps an earlier
    range is none: so their areas together are never more than the sheet.
    """

    def __init__(self, picture: SheetPicture, frozen_rows: int) -> None:
        self.rows = [n for n, height in enumerate(picture.heights) if height]
        self.columns = [n for n, width in enumerate(picture.widths) if width]
        self.covered: set[Position] = set()
        self.moved: dict[Position, Position] = {}
        self._spans: dict[Position, CellSpan] = {}
        self._left = len(picture.widths) * len(picture.heights)
        for top, bottom, left, right in picture.merged:
            last = bottom
            if top < frozen_rows:
                last = min(bottom, frozen_rows - 1)
            self._merge((top, left), _between(self.rows, top, last), _between(self.columns, left, right))

    def at(self, row: int, column: int) -> CellSpan:
        """Return what a cell takes."""
        return self._spans.get((row, column), CellSpan(bottom=row, right=column))

    def _merge(self, start: Position, rows: Sequence[int], columns: Sequence[int]) -> None:
        self._left -= len(rows) * len(columns)
        if not rows or not columns or self._left < 0:
            return
        taken = {(row, column) for row in rows for column in columns}
        if not taken.isdisjoint(self.covered):
            return
        seen = (rows[0], columns[0])
        self.covered |= taken - {seen}
        self._spans[seen] = CellSpan(bottom=rows[-1], right=columns[-1], rows=len(rows), columns=len(columns))
        if seen != start:
            self.moved[seen] = start


def _between(numbers: Sequence[int], first: int, last: int) -> Sequence[int]:
    """Return the numbers from a first to a last one, of a list in order."""
    return numbers[bisect_left(numbers, first) : bisect_right(numbers, last)]
