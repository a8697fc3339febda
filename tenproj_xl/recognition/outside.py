"""What a sender wrote outside the cells that are asked for: kept and told, never counted.

Reads: a book, and which of its tabs carry the form. Gives: `Outside`s, the office's own comments left out.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from tenproj_xl.core.asides import holds_figure
from tenproj_xl.core.cells import address, cell_at, is_empty
from tenproj_xl.core.sheets import (
    CORRECTION_SHEET,
    COVER,
    LISTED_COLUMN,
    MACHINE_SHEET,
    SENT_SHEET,
    form_sheets,
)
from tenproj_xl.core.texts import canonical, is_mark, remembered, text_of
from tenproj_xl.reading.book import Book, Outside, OutsideKind, SheetCells
from tenproj_xl.recognition.claims import is_identity_line
from tenproj_xl.recognition.row_status import remark_with_figure
from tenproj_xl.recognition.rows import SheetPart

_OURS = (CORRECTION_SHEET, SENT_SHEET, MACHINE_SHEET)
_RESERVED = "WpsReserved"
"""How WPS calls sheets of its own."""
_COVER_COLUMNS = 4
"""Columns of the cover in which the form itself writes."""
_COVER_NAMES = frozenset(name for column in COVER.columns for name in (column.field, column.header))
_LAST_OF_COVER = "合计"
_HEADERS = frozenset(("序号", *(column.header for sheet in form_sheets(()) for column in sheet.columns)))
"""Headers that say nothing new: those of forms to others, or of other versions, and a count of the rows."""
_ABOVE_TABLES = ("专班：", "填报单位：", "本表还有 ", "以下各列不常用", "=")
"""How the form's own texts above a table begin, in this version or another, beside its title.

What is left to fill in is counted by a formula, which may come without a result.
"""
_LONGEST = 1000


def outside_of(
    book: Book,
    parts: Sequence[SheetPart],
    covers: Collection[str],
    told: Collection[str],
    complete: Collection[str],
    office: str,
) -> Iterator[Outside]:
    """Yield what stands outside the cells of a form.

    Args:
        book: What was sent.
        parts: Its tables.
        covers: The names of its tabs that are covers.
        told: The names of those about which something else is told.
        complete: The names of those whose columns are all there; of others that is told.
        office: Who writes comments of ours.
    """
    ours = set(_office_messages(book))
    for one in book.outside:
        if not _is_the_offices(one, office, ours):
            yield replace(one, text=one.text[:_LONGEST])
    for tab in book.sheets:
        for at in sorted(tab.pictures):
            yield Outside(OutsideKind.PICTURE, tab.name, address(*at), "")
    read = set(told)
    for part in parts:
        read.add(part.tab.name)
        yield from _beside(part)
        if part.tab.name in complete:
            yield from _added_columns(part)
    for tab in book.sheets:
        if tab.name in covers:
            yield from _on_cover(tab)
        elif tab.name.strip() == CORRECTION_SHEET:
            yield from _on_list(tab, book)
        elif tab.name not in read and tab.name.strip() not in _OURS and not tab.name.startswith(_RESERVED):
            yield from _own_sheet(tab)


def _office_messages(book: Book) -> Iterator[str]:
    """Yield the texts of the list that a correction workbook carries, which its comments repeat."""
    for tab in book.sheets:
        if tab.name.strip() != CORRECTION_SHEET:
            continue
        for row in tab.rows:
            for cell in row:
                if isinstance(cell, str):
                    yield canonical(cell)


def _is_the_offices(one: Outside, office: str, ours: Collection[str]) -> bool:
    if one.kind is not OutsideKind.COMMENT:
        return False
    return one.author == office or not one.text or any(canonical(one.text) in text for text in ours)


def _beside(part: SheetPart) -> Iterator[Outside]:
    """Yield what stands in columns without a header, beside the table's own."""
    for r, c, cell in _in_other_columns(part):
        if not _header(part, c):
            yield _note(part.tab.name, r, c, cell)
    for r, c, cell in (*_above(part), *_instead_of_formulas(part)):
        yield _note(part.tab.name, r, c, cell)
    for row in part.rows:
        if name := remark_with_figure(row):
            yield _note(part.tab.name, row.index, row.positions[name], row.cells[name])


def _above(part: SheetPart) -> Iterator[tuple[int, int, object]]:
    """Yield what was written right of the title, above columns without a header or above the codes."""
    rows, layout = part.tab.rows, part.layout
    header = layout.first - 1
    of_title = layout.positions.get("code", 1)
    for r in range(header):
        title = set(map(text_of, rows[r][: of_title + 1]))  # written into all cells that it spans, too
        for c in range(of_title + 1, len(rows[r])):
            text, is_code = text_of(rows[r][c]), r == header - 1 and not is_empty(cell_at(rows, header, c))
            if not is_code and _is_written(rows[r][c]) and text not in title and not _is_the_forms(text):
                yield r, c, rows[r][c]


def _is_the_forms(text: str) -> bool:
    """Return whether a text above a table is one that the form has there."""
    return text.startswith(_ABOVE_TABLES) or is_identity_line(text)


def _instead_of_formulas(part: SheetPart) -> Iterator[tuple[int, int, object]]:
    """Yield the texts in columns of formulas that stand in no row of the table; no copied formulas."""
    rows, layout = part.tab.rows, part.layout
    of_table = {row.index for row in part.rows}
    for name in layout.sheet.derived:
        if name not in layout.positions:
            continue
        c = layout.positions[name]
        computed = {text_of(row.cells[name]) for row in part.rows}
        for r in range(layout.first, len(rows)):
            cell = cell_at(rows, r, c)
            is_own = r not in of_table and isinstance(cell, str) and _is_written(cell)
            if is_own and text_of(cell) not in computed:
                yield r, c, cell


def _added_columns(part: SheetPart) -> Iterator[Outside]:
    """Yield the columns of figures that the sender added under headers of their own, each at once.

    One that only repeats what stands in its rows, as figures of last time, is left out.
    """
    under: dict[int, list[str]] = {}
    new: set[int] = set()
    for r, c, cell in _in_other_columns(part):
        text, row = text_of(cell), part.tab.rows[r]
        under.setdefault(c, []).append(text)
        if holds_figure(text) and text not in map(text_of, (*row[:c], *row[c + 1 :])):
            new.add(c)
    for c, texts in under.items():
        header = _header(part, c)
        if c in new and header and header not in _HEADERS:
            text = f"{header}：{'、'.join(texts)}"
            yield Outside(
                OutsideKind.COLUMN, part.tab.name, address(part.layout.first - 1, c), text[:_LONGEST]
            )


def _in_other_columns(part: SheetPart) -> Iterator[tuple[int, int, object]]:
    """Yield what is written below the header in columns that are not the table's own: row, column, cell."""
    rows, layout = part.tab.rows, part.layout
    known = set(layout.positions.values()) | set(layout.twice.values())
    for r in range(layout.first, len(rows)):
        for c in range(len(rows[r])):
            if c not in known and _is_written(rows[r][c]):
                yield r, c, rows[r][c]


def _header(part: SheetPart, column: int) -> str:
    """Return what stands above a column, "" for nothing."""
    rows, first = part.tab.rows, part.layout.first
    above = (text_of(cell_at(rows, r, column)) for r in range(first - 1, max(-1, first - 3), -1))
    return next(filter(None, above), "")


def _on_cover(tab: SheetCells) -> Iterator[Outside]:
    """Yield what stands right of the cover's lines or below the last of them."""
    labels = [text_of(cell_at(tab.rows, r, 1)) for r in range(len(tab.rows))]
    end = len(labels)
    if _LAST_OF_COVER in labels:
        end = labels.index(_LAST_OF_COVER) + 1
    for r, row in enumerate(tab.rows):
        for c, cell in enumerate(row):
            if (c >= _COVER_COLUMNS or r >= end) and _is_written(cell):
                yield _note(tab.name, r, c, cell)


def _on_list(tab: SheetCells, book: Book) -> Iterator[Outside]:
    """Yield what was written into the list of corrections, which the form keeps a copy of."""
    ours: set[str] = set()
    for machine in book.sheets:
        if machine.name.strip() == MACHINE_SHEET:
            for row in machine.rows:
                ours.update(map(canonical, row[LISTED_COLUMN:]))
    if len(ours) < 2:
        return  # an earlier one, without a copy
    for r, row in enumerate(tab.rows):
        for c, cell in enumerate(row):
            if _is_written(cell) and canonical(cell) not in ours:
                yield _note(tab.name, r, c, cell)


def _own_sheet(tab: SheetCells) -> Iterator[Outside]:
    texts: list[str] = []
    for row in tab.rows:
        texts += map(text_of, filter(_is_written, row))
    if texts:
        yield Outside(OutsideKind.SHEET, tab.name, "", " ".join(texts)[:_LONGEST])


def _is_written(cell: object) -> bool:
    return not is_empty(cell) and not (isinstance(cell, str) and is_mark(cell))


def _note(sheet: str, row: int, column: int, cell: object) -> Outside:
    return Outside(OutsideKind.NOTE, sheet, address(row, column), text_of(cell)[:_LONGEST])


def covers_of(book: Book) -> set[str]:
    """Return the names of the tabs that have most of the cover's lines."""
    found = set()
    for tab in book.sheets:
        if sum(map(_is_line_of_cover, tab.rows)) * 2 >= len(COVER.columns):
            found.add(tab.name)
    return found


def _is_line_of_cover(row: Sequence[object]) -> bool:
    """Return whether a row has the hidden code of a line of the cover, or its label behind."""
    return any(map(_is_name_of_cover, (cell for cell in row[:2] if isinstance(cell, str))))


@remembered
def _is_name_of_cover(text: str) -> bool:
    return text_of(text).rstrip("：:") in _COVER_NAMES
