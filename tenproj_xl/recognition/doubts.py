"""Doubts: what a sender has to look at in a cell, whatever its value.

Reads: a sheet as it was read and its layout. Gives: the rows with a `Doubt` by field. Merged cells hold one
value, in the first of them, whatever programs keep hidden below; the result of a formula is as old as its
last calculation.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import address, cell_at, is_empty
from tenproj_xl.core.tables import Layout, TableRow, data_rows
from tenproj_xl.core.texts import per_cent_text, text_of
from tenproj_xl.reading.book import Range, SheetCells


class Doubt(NamedTuple):
    """A finding's code and the fields of its text."""

    code: Code
    fields: Mapping[str, str] = {}


def doubted(tab: SheetCells, layout: Layout) -> Iterator[tuple[TableRow, dict[str, Doubt]]]:
    """Yield the rows of a sheet, inputs below merged cells blank, with the doubts about their inputs."""
    columns = {layout.positions[c.field]: c.field for c in layout.sheet.inputs if c.field in layout.positions}
    merged = _Merged(tab, columns, layout.first)
    looks = (*tab.stale, *tab.per_cent, *tab.shown, *tab.unseen, *tab.struck)
    looked_at = {row for row, position in looks if position in columns}
    for read in data_rows(tab.rows, layout):
        row, doubts = read, {}
        if read.index in looked_at:
            row = _as_shown(read, tab, columns)
            doubts = dict(_of_looks(read, tab, columns))
        if not merged.over:
            yield row, doubts
            continue
        seen = _uncovered(row, merged, columns, doubts)
        if seen is row or not all(map(is_empty, seen.cells.values())):
            yield seen, doubts


def _of_looks(row: TableRow, tab: SheetCells, columns: Mapping[int, str]) -> Iterator[tuple[str, Doubt]]:
    """Yield the doubts about the inputs of a row that looks or formulas raise, the gravest last."""
    for position, name in columns.items():
        at, cell = (row.index, position), row.cells[name]
        if at in tab.stale:
            yield name, Doubt(Code.RESULT_STALE)
        if at in tab.shown and text_of(cell) not in tab.shown[at]:
            yield name, Doubt(Code.SHOWN_OTHERWISE, {"found": text_of(cell), "expected": tab.shown[at]})
        if at in tab.unseen:
            yield name, Doubt(Code.CELL_UNSEEN)
        if at in tab.struck:
            yield name, Doubt(Code.CELL_STRUCK)


def _as_shown(row: TableRow, tab: SheetCells, columns: Mapping[int, str]) -> TableRow:
    """Return a row, numbers being the texts that their sender sees: 84.96% for 0.8496, 29.74亿元."""
    shown: dict[str, object] = {}
    for position, name in columns.items():
        cell, at = row.cells[name], (row.index, position)
        if not isinstance(cell, int | float) or isinstance(cell, bool):
            continue
        if at in tab.per_cent:
            shown[name] = per_cent_text(cell)
        elif at in tab.shown:
            shown[name] = tab.shown[at]
    if not shown:
        return row
    return replace(row, cells={**row.cells, **shown})


def _uncovered(
    row: TableRow, merged: "_Merged", columns: Mapping[int, str], doubts: dict[str, Doubt]
) -> TableRow:
    """Return a row, inputs below the first of merged cells blank; add the doubts about all of them."""
    blank: dict[str, object] = {}
    for position, name in columns.items():
        cells = merged.at(row.index, position)
        if cells is None:
            continue
        first, last = cells
        merged_cells = Doubt(Code.CELLS_MERGED, {"cells": f"{address(*first)}至{address(*last)}"})
        if first != (row.index, position):
            blank[name] = None
            if not is_empty(cell_at(merged.rows, *first)):
                doubts[name] = merged_cells
        elif not is_empty(row.cells[name]):
            doubts[name] = merged_cells
    if not blank:
        return row
    return replace(row, cells={**row.cells, **blank})


class _Merged:
    """The merged ranges over some columns, sorted, so that many of them cost little."""

    def __init__(self, tab: SheetCells, columns: Collection[int], first: int) -> None:
        self.rows = tab.rows
        self.over: dict[int, list[Range]] = {}
        for cells in sorted(tab.merged):
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
