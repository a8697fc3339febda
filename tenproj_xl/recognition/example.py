"""填报示例 that came back, and what somebody copied from it: known by its tokens and by what it says it is.

Reads: a book. Gives: whether it is an example, or the book without what is of one.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace

from tenproj_xl.core.cells import Rows
from tenproj_xl.core.tokens import EXAMPLE
from tenproj_xl.model.plan import Programme
from tenproj_xl.reading.book import Book, SheetCells
from tenproj_xl.recognition.claims import claims
from tenproj_xl.recognition.rows import Issues
from tenproj_xl.recognition.tabs import tokens_in_rows

_TITLE_ROWS = 6
"""As far down as the title of a sheet is looked for."""


def is_example(book: Book, tokens: AbstractSet[str], programme: Programme) -> bool:
    """Return whether a book in which no row of a form stands is an example, or was copied from one.

    `tokens` are the row tokens of examples that stand in it.
    """
    if tokens:
        return True
    for claim in claims(book, ""):
        if claim.owner.recipient == EXAMPLE and claim.programme == programme.code:
            return True
    return any(map(_is_titled, book.sheets))


def without_example(book: Book, issued: Issues, tokens: AbstractSet[str]) -> tuple[Book, list[str]]:
    """Return a form without what was copied into it from an example, and the names of the tabs it stood on.

    A tab that has rows of the example and none of a form is left out; elsewhere its rows are blanked.
    """
    if not tokens:
        return book, []
    kept, names = [], []
    for tab in book.sheets:
        found = tokens_in_rows(tab.rows)
        if tokens.isdisjoint(found):
            kept.append(tab)
            continue
        names.append(f"“{tab.name}”")
        if not found.isdisjoint(issued):
            kept.append(replace(tab, rows=tuple(_with_blanks(tab.rows, tokens))))
    return replace(book, sheets=tuple(kept)), names


def _with_blanks(rows: Rows, tokens: AbstractSet[str]) -> Iterator[tuple[object, ...]]:
    """Yield the rows of a tab, those of the example blank, so that the others stay where they are."""
    for row in rows:
        if tokens.isdisjoint(tokens_in_rows([row])):
            yield tuple(row)
        else:
            yield ()


def _is_titled(tab: SheetCells) -> bool:
    """Return whether the title of a tab says that it is an example."""
    for row in tab.rows[:_TITLE_ROWS]:
        for cell in row:
            if isinstance(cell, str) and cell.strip().lstrip("【").startswith(EXAMPLE):
                return True
    return False
