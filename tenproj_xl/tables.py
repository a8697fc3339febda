"""Tables inside sheets: where the header is, which column is which, and the rows below it.

Reads: the cells of one sheet and its declaration. Gives: a `Layout` and addressed rows. Columns are found by the hidden
row of field codes or by their headers, never by position.
"""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from tenproj_xl.cells import Rows, address, is_empty
from tenproj_xl.sheets import KEY, KEY2, Column, Fill, Sheet
from tenproj_xl.values import canonical, text_of

_SEARCHED_ROWS = 30
_NEAR = 0.75


@dataclass(frozen=True)
class Layout:
    """Where a sheet's columns stand: `positions` counts from 0, `first` is the index of the first row of data.

    `twice` has the second column of each field that two columns claim. Rows that are not `is_headed` came without a
    header; of the others it stands just above the first.
    """

    sheet: Sheet
    first: int
    positions: Mapping[str, int]
    missing: tuple[Column, ...]
    twice: Mapping[str, int]
    is_headed: bool = True


@dataclass(frozen=True)
class TableRow:
    """One row: its index counted from 0 and what stands under each known field."""

    index: int
    cells: Mapping[str, object]
    positions: Mapping[str, int]

    @cached_property
    def keys(self) -> tuple[str, str]:
        """What stands where the row's two keys should."""
        return text_of(self.cells.get(KEY)).upper(), text_of(self.cells.get(KEY2)).upper()

    def address(self, field: str) -> str:
        """The address of a field's cell; that of the row's first known cell where the column is missing."""
        return address(self.index, self.positions.get(field, min(self.positions.values(), default=0)))


def locate(rows: Rows, sheet: Sheet) -> Layout | None:
    """Where a sheet's header stands, None if no row looks like it."""
    return next(layouts(rows, (sheet,)), None)


def layouts(rows: Rows, sheets: Sequence[Sheet]) -> Iterator[Layout]:
    """Where the headers of sheets stand in one tab, of those that some row looks like.

    A header is the row that names most columns; the row of field codes just above it settles what a renamed header
    means. A header that is nearly right counts, where nothing else claims its field.
    """
    known = set().union(*map(_names, sheets))
    texts = [(n, _texts(row)) for n, row in enumerate(rows[:_SEARCHED_ROWS])]
    likely = [(n, found) for n, found in texts if sum(text in known for _, text in found) > 1]
    for sheet in sheets:
        if layout := _layout(likely, sheet):
            yield layout


_Texts = list[tuple[int, str]]
"""The texts of a row with their columns, as `canonical` spells them."""


def _texts(row: Sequence[object]) -> _Texts:
    return [(n, canonical(cell)) for n, cell in enumerate(row) if isinstance(cell, str)]


@cache
def _names(sheet: Sheet) -> dict[str, str]:
    return {
        canonical(name): column.field
        for column in sheet.columns
        for name in (*column.aliases, column.header, column.field)
    }


def _layout(likely: Sequence[tuple[int, _Texts]], sheet: Sheet) -> Layout | None:
    names = _names(sheet)
    found = [(n, [(at, names[text]) for at, text in texts if text in names]) for n, texts in likely]
    best = max((len(fields) for _, fields in found), default=0)
    if best < max(2, len(sheet.columns) // 3):
        return None
    header = max(n for n, fields in found if len(fields) * 2 > best)
    pairs = {pair for n, fields in found if n <= header and len(fields) * 2 > best for pair in fields}
    positions: dict[str, int] = {}
    twice: dict[str, int] = {}
    for position, field in sorted(pairs):
        if positions.setdefault(field, position) != position:
            twice.setdefault(field, position)
    positions |= _near_misses(dict(likely)[header], sheet, positions)
    missing = tuple(c for c in sheet.columns if c.field not in positions)
    return Layout(sheet, header + 1, positions, missing, twice)


def _near_misses(header: _Texts, sheet: Sheet, taken: Mapping[str, int]) -> dict[str, int]:
    free = {text: n for n, text in header if text and n not in taken.values()}
    wanted = {canonical(c.header): c.field for c in sheet.columns if c.field not in taken}
    return {wanted[name]: free[text] for name, text in _nearest(tuple(wanted), tuple(free))}


@lru_cache(maxsize=1024)  # the same headers are free in every return
def _nearest(wanted: Sequence[str], free: Sequence[str]) -> Sequence[tuple[str, str]]:
    """Each wanted text with the free one that is nearly it; each free one but once, first come, first served."""
    left, found = list(free), []
    for name in wanted:
        for text in difflib.get_close_matches(name, left, 1, _NEAR):
            left.remove(text)
            found.append((name, text))
    return found


def data_rows(rows: Rows, layout: Layout) -> Iterator[TableRow]:
    """The rows below the header that hold anything in a known column, what formulas give aside."""
    derived = {c.field for c in layout.sheet.columns if c.fill is Fill.FORMULA}
    for index, row in enumerate(rows[layout.first :], layout.first):
        width = len(row)
        cells = {field: row[n] if n < width else None for field, n in layout.positions.items()}
        if any(not is_empty(cell) and field not in derived for field, cell in cells.items()):
            yield TableRow(index, cells, layout.positions)
