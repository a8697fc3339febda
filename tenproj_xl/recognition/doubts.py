"""Doubts: what a sender has to look at in a cell, whatever its value.

Reads: a sheet as it was read and its layout. Gives: the rows with a `Doubt` by field. Merged cells hold one
value, in the first of them, whatever programs keep hidden below; the result of a formula is as old as its
last calculation.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import address, is_empty
from tenproj_xl.core.tables import Layout, TableRow, data_rows
from tenproj_xl.reading.book import Range, SheetCells


class Doubt(NamedTuple):
    """A finding's code and the fields of its text."""

    code: Code
    fields: Mapping[str, str] = {}


def doubted(tab: SheetCells, layout: Layout) -> Iterator[tuple[TableRow, dict[str, Doubt]]]:
    """Yield the rows of a sheet, inputs below merged cells blank, with the doubts about their inputs."""
    columns = {layout.positions[c.field]: c.field for c in layout.sheet.inputs if c.field in layout.positions}
    merged = _Merged(tab.merged, columns, layout.first)
    for row in data_rows(tab.rows, layout):
        doubts: dict[str, Doubt] = {}
        if tab.stale:
            for position, name in columns.items():
                if (row.index, position) in tab.stale:
                    doubts[name] = Doubt(Code.RESULT_STALE)
        if not merged.over:
            yield row, doubts
            continue
        seen = _uncovered(row, merged, columns, doubts)
        if seen is row or not all(map(is_empty, seen.cells.values())):
            yield seen, doubts


def _uncovered(
    row: TableRow, merged: "_Merged", columns: Mapping[int, str], doubts: dict[str, Doubt]
) -> TableRow:
    """Return a row, inputs below the first of merged cells blank; add the doubts about that first one."""
    blank: dict[str, object] = {}
    for position, name in columns.items():
        cells = merged.at(row.index, position)
        if cells is None:
            continue
        first, last = cells
        if first != (row.index, position):
            blank[name] = None
        elif not is_empty(row.cells[name]):
            doubts[name] = Doubt(Code.CELLS_MERGED, {"cells": f"{address(*first)}至{address(*last)}"})
    if not blank:
        return row
    return replace(row, cells={**row.cells, **blank})


class _Merged:
    """The merged ranges over some columns, sorted, so that many of them cost little."""

    def __init__(self, ranges: Iterable[Range], columns: Collection[int], first: int) -> None:
        self.over: dict[int, list[Range]] = {}
        for cells in sorted(ranges):
            (_, left), (bottom, right) = cells
            if bottom < first:
                continue
            for column in columns:
                if left <= column <= right:
                    self.over.setdefault(column, []).append(cells)

    def at(self, row: int, column: int) -> Range | None:
        """Return the range that a cell lies in, None where it is not merged."""
        over = self.over.get(column, ())
        n = bisect_right(over, row, key=lambda cells: cells[0][0]) - 1
        if n < 0 or row > over[n][1][0]:
            return None
        return over[n]
