"""Tables inside sheets: where the header is, which column is which, and the rows below it.

Reads: the cells of one sheet and its declaration. Gives: a `Layout` and addressed rows. Columns are found
by the hidden row of field codes or by their headers, never by position.
"""

import difflib
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property, lru_cache
from itertools import repeat

from tenproj_xl.core.cells import Rows, address, is_empty
from tenproj_xl.core.columns import Column, Sheet
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.sheets import KEY, KEY2
from tenproj_xl.core.texts import SHORT, canonical, spelled, text_of
from tenproj_xl.core.tokens import is_token

_SEARCHED_ROWS = 30
_NEAR = 0.75


@dataclass(frozen=True, eq=False)
class Layout:
    """Where a sheet's columns stand: `positions` count from 0, `first` is the index of the first data row.

    Tabs with the same header rows share one, so that what follows from it can be kept for it.

    `twice` has the second column of each field that two columns claim. Rows that are not `is_headed` came
    without a header; of the others it stands just above the first.
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
        """Return the address of a field's cell, of the row's first known cell if the column is missing."""
        position = self.positions.get(field)
        return address(self.index, min(self.positions.values(), default=0) if position is None else position)


def locate(rows: Rows, sheet: Sheet) -> Layout | None:
    """Find where a sheet's header stands, None if no row looks like it."""
    return next(layouts(rows, (sheet,)), None)


def layouts(rows: Rows, sheets: Sequence[Sheet]) -> Iterator[Layout]:
    """Find where the headers of sheets stand in one tab.

    A header is the row that names most columns; the row of field codes just above it settles what a renamed
    header means. A header that is nearly right counts, where nothing else claims its field. One that stands
    below once more is no header.
    """
    known = _all_names(tuple(sheets))
    likely = tuple(
        (n, _texts(row)) for n, row in enumerate(rows[:_SEARCHED_ROWS]) if _names_several(row, known)
    )
    for sheet in sheets:
        if layout := _layout(likely, sheet):
            yield layout


_Texts = tuple[tuple[int, str], ...]
"""The texts of a row with their columns, as `canonical` spells them."""


def _names_several(row: Sequence[object], known: Container[str]) -> bool:
    """Return whether a row names several columns, by short texts; one that begins with a key does not."""
    if row and isinstance(row[0], str) and is_token(row[0]):
        return False
    texts = [spelled(cell) for cell in row if cell.__class__ is str and len(cell) <= SHORT]
    return sum(map(known.__contains__, texts)) > 1


def _texts(row: Sequence[object]) -> _Texts:
    return tuple(
        (n, spelled(cell)) for n, cell in enumerate(row) if isinstance(cell, str) and len(cell) <= SHORT
    )


@cache
def _names(sheet: Sheet) -> dict[str, str]:
    return {
        canonical(name): column.field
        for column in sheet.columns
        for name in (*column.aliases, column.header, column.field)
    }


@cache
def _all_names(sheets: Sequence[Sheet]) -> frozenset[str]:
    return frozenset().union(*map(_names, sheets))


@lru_cache(maxsize=256)  # the same headers stand in every return
def _layout(likely: tuple[tuple[int, _Texts], ...], sheet: Sheet) -> Layout | None:
    names = _names(sheet)
    found = [(n, [(at, names[text]) for at, text in texts if text in names]) for n, texts in likely]
    best = max((len(fields) for _, fields in found), default=0)
    if best < max(2, len(sheet.columns) // 3):
        return None
    heads = list(_until_repeated({n: texts for n, texts in likely if len(dict(found)[n]) * 2 > best}))
    header = heads[-1]
    pairs = {pair for n, fields in found if n in heads for pair in fields}
    positions: dict[str, int] = {}
    twice: dict[str, int] = {}
    for position, field in sorted(pairs):
        if positions.setdefault(field, position) != position:
            twice.setdefault(field, position)
    positions |= _near_misses(dict(likely)[header], sheet, positions)
    missing = tuple(c for c in sheet.columns if c.field not in positions)
    return Layout(sheet, header + 1, positions, missing, twice)


def _until_repeated(named: Mapping[int, _Texts]) -> Iterator[int]:
    """Yield the rows of a header from the top, until one repeats another, as in a second table below."""
    said: set[str] = set()
    for n, texts in named.items():
        spoken = {text for _, text in texts}
        if len(spoken & said) * 2 > len(spoken):
            return
        said |= spoken
        yield n


def _near_misses(header: _Texts, sheet: Sheet, taken: Mapping[str, int]) -> dict[str, int]:
    free = {text: n for n, text in header if text and n not in taken.values()}
    wanted = {canonical(c.header): c.field for c in sheet.columns if c.field not in taken}
    return {wanted[name]: free[text] for name, text in _nearest(wanted, free)}


def _nearest(wanted: Iterable[str], free: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each wanted text with the free one that is nearly it; each free one once, in order."""
    left = list(free)
    for name in wanted:
        for text in difflib.get_close_matches(name, left, 1, _NEAR):
            left.remove(text)
            yield name, text


def data_rows(rows: Rows, layout: Layout) -> Iterator[TableRow]:
    """Yield the rows below the header that hold anything in a known column, formulas aside."""
    derived, positions = layout.sheet.derived, layout.positions
    typed = [position for field, position in positions.items() if field not in derived]
    most = max(positions.values(), default=-1)
    for index, row in enumerate(rows[layout.first :], layout.first):
        if len(row) <= most:
            row = (*row, *repeat(None, most + 1 - len(row)))  # noqa: PLW2901  # as wide as the table
        if all(map(is_empty, map(row.__getitem__, typed))):
            continue
        yield TableRow(index, {field: row[position] for field, position in positions.items()}, positions)
