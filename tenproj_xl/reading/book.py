"""A workbook as it was read, whatever its format: sheets of cells, and what it says of itself."""

from collections.abc import Mapping
from dataclasses import KW_ONLY, field
from datetime import datetime
from functools import cached_property

from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.reading.sniff import FileKind

Position = tuple[int, int]
"""Row and column, both counted from 0."""


Range = tuple[Position, Position]
"""The first and the last cell of a range."""


class OutsideKind(LabelledCode):
    """What holds something that is no cell's value."""

    COMMENT = "comment", "批注"
    TEXT_BOX = "text_box", "文本框"
    PICTURE = "picture", "图片"
    STRUCK = "struck", "删除线"
    """Part of a cell's text, which is struck through."""
    NOTE = "note", "表外文字"
    """Beside the table, or on a cover where nothing is asked."""
    COLUMN = "column", "自加列"
    """A column that the sender added, with its header; `cell` is where that stands."""
    SHEET = "sheet", "另加的工作表"
    MAIL = "mail", "邮件正文"
    DOCUMENT = "document", "附带的文件"


@dataclass(frozen=True)
class Outside:
    """Something that stands outside the cells' values: its sheet, its cell ("" for none), its text.

    `author` is who wrote a comment, "" where the file does not say.
    """

    kind: OutsideKind
    sheet: str
    cell: str
    text: str
    author: str = ""


@dataclass(frozen=True)
class SheetCells:
    """One worksheet: `rows[r][c]` stands in row `r + 1`, column `c + 1`, leading blanks included.

    A cell holds text, a number, a truth value, a date, time or duration, an `ErrorValue`, a `NoValue`, or
    None. Rows may differ in length: what is missing at the end is blank. Hidden rows and columns are
    included.

    `merged` are the ranges of merged cells, whose value stands in the first one. `stale` are the cells with
    results of formulas in a file saved by a program that does not calculate: they may be older than the cells
    they come from. `per_cent` are the cells that show their numbers as per cent, 0.07 as 7%; `shown` those
    whose number format shows a number otherwise than it is, with what is seen. `struck` are the cells whose
    text is struck through as a whole, `unseen` those whose text cannot be seen. `pictures` are the cells that
    hold a picture, and are blank. Positions count from 0.
    """

    name: str
    _: KW_ONLY
    hidden: bool
    rows: tuple[tuple[object, ...], ...]
    merged: tuple[Range, ...] = ()
    stale: frozenset[Position] = frozenset()
    per_cent: frozenset[Position] = frozenset()
    shown: Mapping[Position, str] = field(default_factory=dict)
    struck: frozenset[Position] = frozenset()
    unseen: frozenset[Position] = frozenset()
    pictures: frozenset[Position] = frozenset()

    @cached_property
    def texts(self) -> list[str]:
        """The cells that hold a text."""
        return [cell for row in self.rows for cell in row if isinstance(cell, str)]


@dataclass(frozen=True, kw_only=True)
class Book:
    """A workbook as it was read. A text file is a book of one sheet without a name, all of its cells text.

    `subject` is the document property, "" where there is none; `about` are the other ones that are texts;
    `outside` is what stands outside the cells' values; `running` are the texts of headers and
    footers, each once, with their codes; `names` are the texts that defined names stand for. `macros` and
    `links` (to other files or programs) say what the file has and nobody uses: linked values are those that
    were saved. `converted` is True where LibreOffice had to read the file first, `rough` where characters
    were lost. `saved_at` is when it was last saved, as it says of itself; None where it does not.
    """

    kind: FileKind
    sheets: tuple[SheetCells, ...]
    macros: bool = False
    subject: str = ""
    about: tuple[str, ...] = ()
    outside: tuple[Outside, ...] = ()
    running: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    links: bool = False
    converted: bool = False
    rough: bool = False
    saved_at: datetime | None = None
