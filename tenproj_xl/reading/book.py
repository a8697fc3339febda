"""A workbook as it was read, whatever its format: sheets of cells, and what it says of itself."""

from dataclasses import dataclass

from tenproj_xl.reading.sniff import FileKind

Position = tuple[int, int]
"""Row and column, both counted from 0."""


Range = tuple[Position, Position]
"""The first and the last cell of a range."""


@dataclass(frozen=True)
class SheetCells:
    """One worksheet: `rows[r][c]` stands in row `r + 1`, column `c + 1`, leading blanks included.

    A cell holds text, a number, a truth value, a date, time or duration, an `ErrorValue`, a `NoValue`, or
    None. Rows may differ in length: what is missing at the end is blank. Hidden rows and columns are
    included.

    `merged` are the ranges of merged cells, whose value stands in the first one. `stale` are the cells with
    results of formulas in a file saved by a program that does not calculate: they may be older than the cells
    they come from. Positions count from 0.
    """

    name: str
    hidden: bool
    rows: tuple[tuple[object, ...], ...]
    merged: tuple[Range, ...] = ()
    stale: frozenset[Position] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Book:
    """A workbook as it was read. A text file is a book of one sheet without a name, all of its cells text.

    `subject` is the document property, "" where there is none; `running` are the texts of headers and
    footers, each once, with their codes; `names` are the texts that defined names stand for. `macros` and
    `links` (to other files or programs) say what the file has and nobody uses: linked values are those that
    were saved. `converted` is True where LibreOffice had to read the file first, `rough` where characters
    were lost.
    """

    kind: FileKind
    sheets: tuple[SheetCells, ...]
    macros: bool = False
    subject: str = ""
    running: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    links: bool = False
    converted: bool = False
    rough: bool = False
