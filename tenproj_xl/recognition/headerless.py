"""Rows that came without their header, as somebody pastes them who copied only what was filled in.

Reads: the cells of a tab with row tokens, and what was sent out. Gives: a `Layout`, or nothing.
"""

from collections.abc import Iterator, Sequence

from tenproj_xl.core.cells import Rows, cell_at
from tenproj_xl.core.columns import Fill, Sheet
from tenproj_xl.core.parse import canonical, text_of
from tenproj_xl.core.sheets import KEY, KEY2
from tenproj_xl.core.tables import Layout
from tenproj_xl.recognition.rows import Issues

_ENOUGH = 0.8


def layout_without_header(rows: Rows, sheet: Sheet, issued: Issues, order: Sequence[str]) -> Layout | None:
    """Where the columns of a pasted range stand, None if nobody can tell.

    Copied columns stay side by side, so that one key says where all others are. That is believed if the locked cells
    then hold what was printed. A blank column at the right edge counts as missing: it may not have been copied.

    Args:
        rows: The cells of the tab.
        sheet: The declaration that most of its tokens belong to.
        issued: What the ledger knows of the tokens in the book.
        order: The fields of the sheet from left to right, as they were sent out.
    """
    tokens = [
        (r, c, t) for r, row in enumerate(rows) for c, cell in enumerate(row) if (t := _token(cell)) in issued
    ]
    starts = {c - order.index(key) for _, c, _ in tokens for key in (KEY, KEY2) if key in order}
    lines = {r: token for r, _, token in tokens}
    shares = {
        start: _agreement(list(_compared(rows, lines, issued, sheet, order, start))) for start in starts
    }
    start = max(shares, key=lambda s: shares[s], default=0)
    if shares.get(start, 0) < _ENOUGH:
        return None
    width = max(map(len, rows))
    positions = {name: start + n for n, name in enumerate(order) if 0 <= start + n < width}
    missing = tuple(c for c in sheet.columns if c.field not in positions)
    return Layout(sheet, min(lines), positions, missing, {}, is_headed=False)


def _token(cell: object) -> str:
    return text_of(cell).upper() if isinstance(cell, str) else ""


def _compared(
    rows: Rows, lines: dict[int, str], issued: Issues, sheet: Sheet, order: Sequence[str], start: int
) -> Iterator[bool]:
    """For each locked cell of the rows whether it holds what was printed, if the columns begin at `start`."""
    locked = {c.field for c in sheet.columns if c.fill in (Fill.OFFICE, Fill.CARRIED)}
    at = [(start + n, name) for n, name in enumerate(order) if name in locked and start + n >= 0]
    for r, token in lines.items():
        for c, name in at:
            if c < len(rows[r]) and (printed := issued[token][-1].printed.get(name)) is not None:
                yield canonical(cell_at(rows, r, c)) == canonical(printed)


def _agreement(compared: Sequence[bool]) -> float:
    return sum(compared) / len(compared) if compared else 0.0
