"""Doubts: what about a cell, beside its value, its sender has to look at.

Reads: a sheet as it was read and its layout. Gives: the rows with a `Doubt` by field. Merged cells hold one value, in
the first of them, whatever programs keep hidden below; the result of a formula is as old as its last calculation.
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
    """The rows of a sheet, inputs that lie below merged cells blank, with the doubts about their inputs."""
    columns = {layout.positions[c.field]: c.field for c in layout.sheet.inputs if c.field in layout.positions}
    merged = _Merged(tab.merged, columns, layout.first)
    for row in data_rows(tab.rows, layout):
        doubts: dict[str, Doubt] = {}
        if tab.stale:
            doubts |= {
                name: Doubt(Code.RESULT_STALE) for n, name in columns.items() if (row.index, n) in tab.stale
            }
        seen = _uncovered(row, merged, columns, doubts) if merged.over else row
        if seen is row or not all(map(is_empty, seen.cells.values())):
            yield seen, doubts


def _uncovered(
    row: TableRow, merged: "_Merged", columns: Mapping[int, str], doubts: dict[str, Doubt]
) -> TableRow:
    blank: dict[str, object] = {}
    for n, name in columns.items():
        found = merged.at(row.index, n)
        if found is None:
            continue
        first, last = found
        if first != (row.index, n):
            blank[name] = None
        elif not is_empty(row.cells[name]):
            doubts[name] = Doubt(Code.CELLS_MERGED, {"cells": f"{address(*first)}至{address(*last)}"})
    return replace(row, cells={**row.cells, **blank}) if blank else row


class _Merged:
    """The merged ranges over some columns, sorted, so that many of them cost little."""

    def __init__(self, ranges: Iterable[Range], columns: Collection[int], first: int) -> None:
        self.over: dict[int, list[Range]] = {}
        for found in sorted(ranges):
            (_, left), (bottom, right) = found
            for n in columns if bottom >= first else ():
                if left <= n <= right:
                    self.over.setdefault(n, []).append(found)

    def at(self, row: int, column: int) -> Range | None:
        """The range that a cell lies in."""
        over = self.over.get(column, ())
        n = bisect_right(over, row, key=lambda found: found[0][0]) - 1
        return over[n] if n >= 0 and row <= over[n][1][0] else None
