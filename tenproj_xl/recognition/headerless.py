"""Rows that came without their header, pasted by somebody who copied only what was filled in.

Reads: the cells of a tab with row tokens, and what was sent out. Gives: a `Layout`, or nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from tenproj_xl.core.cells import Rows, cell_at
from tenproj_xl.core.columns import Column, Fill, Sheet
from tenproj_xl.core.sheets import KEY, KEY2
from tenproj_xl.core.tables import Layout
from tenproj_xl.core.texts import canonical, text_of
from tenproj_xl.recognition.rows import Issues

_MIN_AGREEMENT = 0.8
"""The share of locked cells that have to hold what was printed."""


def layout_without_header(rows: Rows, sheet: Sheet, issued: Issues, order: Sequence[str]) -> Layout | None:
    """Find out where the columns of a pasted range stand, None if nobody can tell.

    Copied columns stay side by side, so that one key tells where all others are. That is believed if the
    locked cells then hold what was printed. A blank column at the right edge is missing: it may not have
    been copied.

    Args:
        rows: The cells of the tab.
        sheet: The declaration that most of its tokens belong to.
        issued: What the ledger knows of the tokens in the book.
        order: The fields of the sheet from left to right, as they were sent out.
    """
    tokens: dict[int, str] = {}
    starts: set[int] = set()
    for r, c, token in _tokens(rows, issued):
        tokens[r] = token
        for key in (KEY, KEY2):
            if key in order:
                starts.add(c - order.index(key))
    best, start = 0.0, 0
    for candidate in starts:
        share = _agreement(_compared(rows, tokens, issued, sheet, _positions(order, candidate)))
        if share > best:
            best, start = share, candidate
    if best < _MIN_AGREEMENT:
        return None
    width = max(map(len, rows))
    positions = {name: c for name, c in _positions(order, start).items() if c < width}
    missing = tuple(c for c in sheet.columns if c.field not in positions and _is_needed(c))
    return Layout(sheet, min(tokens), positions, missing, {}, is_headed=False)


def _is_needed(column: Column) -> bool:
    """Return whether a column has to be copied along: not what the office has printed."""
    return column.fill.is_input or column.fill is Fill.MACHINE


def _tokens(rows: Rows, issued: Issues) -> Iterator[tuple[int, int, str]]:
    """Yield row, column (both from 0) and text of each cell that holds a known token."""
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            if isinstance(cell, str) and (token := text_of(cell).upper()) in issued:
                yield r, c, token


def _positions(order: Sequence[str], start: int) -> dict[str, int]:
    """Return where each field stands if the columns begin at `start`, which may be negative."""
    return {name: start + n for n, name in enumerate(order) if start + n >= 0}


def _compared(
    rows: Rows, tokens: Mapping[int, str], issued: Issues, sheet: Sheet, positions: Mapping[str, int]
) -> Iterator[bool]:
    """Yield for each locked cell of the rows whether it holds what was printed."""
    for r, token in tokens.items():
        printed = issued[token][-1].printed
        for column in sheet.locked:
            c = positions.get(column.field, len(rows[r]))
            if c < len(rows[r]) and printed.get(column.field) is not None:
                yield canonical(cell_at(rows, r, c)) == canonical(printed[column.field])


def _agreement(compared: Iterable[bool]) -> float:
    """Return the share of cells that agree, 0 where there are none."""
    cells = agreeing = 0
    for agrees in compared:
        cells += 1
        agreeing += agrees
    return agreeing / cells if cells else 0.0
