"""A data sheet: headers, rows, ranges for formulas and print set-up are made from columns declared once."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import KW_ONLY
from enum import StrEnum
from functools import cached_property
from typing import Generic, TypeVar

from tenproj_xl.core.answers import YesNo
from tenproj_xl.core.cells import Value, letters
from tenproj_xl.core.codes import LabelledCode, label_of
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.shares import SHARE_FORMAT
from tenproj_xl.excel import style
from tenproj_xl.rollup.drawing.page import Page
from tenproj_xl.rollup.drawing.state_colours import state_style
from tenproj_xl.rollup.facts.reported import ReportedLine

Line = TypeVar("Line")
_TITLE, _NOTE, HEADER = 0, 1, 2
_LEAST = 21.0
FIRST = HEADER + 1
SOURCE = "来源（文件 › 工作表 › 单元格，时间）"
"""The header above where a row comes from."""
SOURCE_MEANING = "来自哪份文件、哪张表、哪个单元格，何时收到。"


class CellLook(StrEnum):
    """How the cells of a column look."""

    TEXT = "text"
    LONG = "long"
    WORD = "word"
    STATE = "state"
    NUMBER = "number"
    COUNT = "count"
    PERCENT = "percent"
    POINTS = "points"
    DAY = "day"
    SMALL = "small"
    RATE = "rate"
    SCORE = "score"


class Holds(StrEnum):
    """What a column holds for those who compute with it."""

    TEXT = "text"
    NUMBER = "number"
    COUNT = "count"
    """Whole numbers."""
    DAY = "day"
    TRUTH = "truth"
    """是 where it is true, 否 or blank where it is not."""
    DRAWING = "drawing"
    """Nothing: its cells are drawn into."""


_HOLDS: Mapping[CellLook, Holds] = {
    CellLook.NUMBER: Holds.NUMBER,
    CellLook.PERCENT: Holds.NUMBER,
    CellLook.POINTS: Holds.NUMBER,
    CellLook.RATE: Holds.NUMBER,
    CellLook.SCORE: Holds.NUMBER,
    CellLook.COUNT: Holds.COUNT,
    CellLook.DAY: Holds.DAY,
}
"""What columns hold by their look; all others hold text."""
_SHARE = "比例（1为100%）"
_UNITS: Mapping[CellLook, str] = {
    CellLook.PERCENT: _SHARE,
    CellLook.RATE: _SHARE,
    CellLook.POINTS: "百分点",
}
OWN_UNIT = "见“单位”列"
"""The unit of numbers that are each in the unit of their own line."""

_LOOKS: Mapping[CellLook, Mapping[str, object]] = {
    CellLook.TEXT: style.BOX,
    CellLook.LONG: {**style.BOX, "font_size": 9},
    CellLook.WORD: {**style.BOX, "align": "center"},
    CellLook.STATE: {**style.BOX, "align": "center"},
    CellLook.NUMBER: {**style.BOX, "align": "right"},
    CellLook.COUNT: {**style.BOX, "align": "center"},
    CellLook.PERCENT: {**style.BOX, "align": "right", "num_format": SHARE_FORMAT},
    CellLook.POINTS: {**style.BOX, "align": "right", "num_format": "+0.0;-0.0;0.0"},
    CellLook.DAY: {**style.BOX, "align": "center", "num_format": "yyyy-mm-dd"},
    CellLook.SMALL: {**style.BOX, "font_size": 9, "font_color": style.MUTED},
    CellLook.RATE: {**style.BOX, "align": "center", "num_format": SHARE_FORMAT},
    CellLook.SCORE: {
        **style.BOX,
        "align": "center",
        "num_format": "0.0",
        "font_name": style.HEAD,
        "font_size": 12,
    },
}

_SIZES: Mapping[CellLook, int] = {CellLook.LONG: 9, CellLook.SMALL: 9}
"""Font sizes other than 10."""
_TOTAL: Mapping[str, object] = {"bold": True, "top": 2, "top_color": style.INK, "bg_color": style.PALE}


@dataclass(frozen=True)
class RowLink:
    """Where a cell leads to: the code of a sheet with a table, and a line of it counted from 0."""

    sheet: str
    line: int = 0


@dataclass(frozen=True)
class AsReported:
    """Gives a field of a line as its unit reported it."""

    field: str

    def __call__(self, line: ReportedLine) -> Value:
        """Return the field's value."""
        return line.reported(self.field)


@dataclass(frozen=True)
class Field(Generic[Line]):
    """A column of a data sheet.

    Attributes:
        name: What the program calls it, unique in its sheet.
        header: What people read above it.
        meaning: What it says of a line, in one sentence.
        width: Its width in characters.
        get: Gives a line's value.
        look: How its cells look.
        fills: The fills of words of its own in a STATE column, beside those of the evaluations.
        folded: Whether it stands in a group of columns that is closed at first.
        printed: False where it stays off the paper, behind the last printed column.
        link: Gives where a line's cell leads to.
        formula: Gives the formula that computes what `get` gives, for a line and its row counted from 1.
        holds: What it holds for those who compute; by default what its look says.
        unit: The unit of its numbers; by default what its look says, "" for none.
        words: Whether words may stand where other lines have a number.
        codes: The kinds of states that it holds, where it holds nothing else.
        code: Gives the code of a line's value, where cells show words for it that are no `LabelledCode`.
        typed: The field of the form that its values were typed in, of lines that are `ReportedLine`.
    """

    name: str
    header: str
    meaning: str
    width: float
    get: Callable[[Line], Value]
    look: CellLook = CellLook.TEXT
    _: KW_ONLY
    fills: Mapping[str, str] | None = None
    folded: bool = False
    printed: bool = True
    link: Callable[[Line], RowLink | None] | None = None
    formula: Callable[[Line, int], str] | None = None
    holds: Holds = Holds.TEXT
    unit: str = ""
    words: bool = False
    codes: tuple[Iterable[LabelledCode], ...] = ()
    code: Callable[[Line], str | None] | None = None
    typed: str = ""

    def __post_init__(self) -> None:
        """Take from the look, and from what gives the values, what was not given."""
        if self.holds is Holds.TEXT:
            object.__setattr__(self, "holds", _HOLDS.get(self.look, Holds.TEXT))
        if isinstance(self.get, AsReported):
            object.__setattr__(self, "typed", self.get.field)
        if not self.unit:
            object.__setattr__(self, "unit", _UNITS.get(self.look, ""))

    @cached_property
    def short(self) -> int:
        """As many characters of a cell as surely stand on one line."""
        return style.surely_on_a_line(self.width, self.size)

    @property
    def size(self) -> int:
        """The size of the font of its texts."""
        return _SIZES.get(self.look, 10)


def _is_no_total(_: object) -> bool:
    return False


@dataclass(frozen=True, kw_only=True)
class Table(Generic[Line]):
    """The columns and lines of a data sheet.

    Attributes:
        sheet: The title of the sheet.
        heading: What stands above the table; the title where nothing is given.
        note: The line under the heading.
        fields: The columns.
        lines: The lines in order.
        fixed: How many columns stay in sight.
        empty: What stands in the place of lines where there are none.
        is_total: Tells which lines are totals.
        needs_attention: Tells which lines need attention; where it is given, a filter shows only those.
    """

    sheet: str
    heading: str = ""
    note: str
    fields: tuple[Field[Line], ...]
    lines: Sequence[Line]
    fixed: int
    empty: str
    is_total: Callable[[Line], bool] = _is_no_total
    needs_attention: Callable[[Line], bool] | None = None

    @property
    def last(self) -> int:
        """The index of the last row; without lines there is an empty one, so that ranges have a row."""
        return FIRST + max(1, len(self.lines)) - 1

    def column(self, name: str) -> int:
        """Return the index of a column, counted from 0."""
        return next(n for n, field in enumerate(self.fields) if field.name == name)

    def range(self, name: str) -> str:
        """Return a column's cells as formulas name them: `'主要指标'!$Q$4:$Q$68`."""
        letter = letters(self.column(name))
        return f"'{self.sheet}'!${letter}${FIRST + 1}:${letter}${self.last + 1}"

    def place(self, line: int = 0) -> str:
        """Return where a line stands, counted from 0, as links name it."""
        return f"'{self.sheet}'!A{FIRST + line + 1}"

    def places(self, first: int, last: int) -> str:
        """Return where lines stand, from a first to a last one, as links name them: all of their columns."""
        column = letters(len(self.fields) - 1)
        return f"'{self.sheet}'!A{FIRST + first + 1}:{column}{FIRST + last + 1}"

    def place_of(self, wanted: Callable[[Line], bool]) -> str:
        """Return where the first line of a kind stands; the first of all if there is none."""
        return self.place(next((n for n, line in enumerate(self.lines) if wanted(line)), 0))


def source_field(get: Callable[[Line], str]) -> Field[Line]:
    """Return the last column of a sheet: where a row comes from, on the screen and for leaders only."""
    return Field("source", SOURCE, SOURCE_MEANING, 44, get, CellLook.SMALL, printed=False)


def nowhere(_: RowLink) -> str:
    """Return no place: a workbook without links between its sheets."""
    return ""


def write_table(
    page: Page, table: Table[Line], period: str, place: Callable[[RowLink], str] = nowhere
) -> None:
    """Write a data sheet: heading, note, header, rows as high as their text, filter, print set-up.

    `place` gives where a link leads in the workbook, "" where there is no such sheet.
    """
    sheet = page.sheet
    heading = "　".join(filter(None, (table.heading or table.sheet, period, page.issue)))
    page.write(_TITLE, 0, heading, style.TITLE)
    sheet.set_row(_TITLE, 30)
    if page.sheet.index:
        page.back(_NOTE)
    page.write(_NOTE, 2, table.note, style.NOTE)
    sheet.set_row(_NOTE, 18)
    _write_header(page, table)
    looks = _Looks()
    for row, line in enumerate(table.lines, FIRST):
        height = _write_line(page, row, table, line, place, looks)
        sheet.set_row(row, height, None, {"hidden": _is_left_out(table, line)})
    if not table.lines:
        page.write(FIRST, 0, table.empty, style.NOTE)
    _write_filter(page, table)
    sheet.freeze_panes(FIRST, table.fixed)
    page.print_setup(heading, one_page=False, repeat=HEADER)
    shown = [field.width for field in table.fields if field.printed and not field.folded]
    page.print_as_wide_as_legible(sum(7 * width + 5 for width in shown), table.fixed)
    last_printed = max(n for n, field in enumerate(table.fields) if field.printed)
    sheet.print_area(0, 0, table.last, last_printed)


def _write_header(page: Page, table: Table[Line]) -> None:
    height = 34.0
    for n, field in enumerate(table.fields):
        options: dict[str, object] = {}
        if field.folded:
            options = {"level": 1, "hidden": True}
        page.sheet.set_column(n, n, field.width, None, options)
        page.write(HEADER, n, field.header, style.HEADER)
        height = max(height, style.text_height(field.header, field.width))
    page.sheet.set_row(HEADER, height)


def _is_left_out(table: Table[Line], line: Line) -> bool:
    return table.needs_attention is not None and not table.needs_attention(line)


def _write_filter(page: Page, table: Table[Line]) -> None:
    """Write the filter of all columns; by `needs_attention`, add a column of answers and filter by it."""
    last = len(table.fields) - 1
    if table.needs_attention is None:
        page.sheet.autofilter(HEADER, 0, table.last, last)
        return
    last += 1
    page.sheet.set_column(last, last, 8)
    page.write(HEADER, last, "需关注", style.HEADER)
    for row, line in enumerate(table.lines, FIRST):
        page.write(row, last, YesNo.of_fact(table.needs_attention(line)), _LOOKS[CellLook.WORD])
    page.sheet.autofilter(HEADER, 0, table.last, last)
    page.sheet.filter_column_list(last, [YesNo.YES.label])


class _Looks:
    """The looks of the cells of a table, each made once."""

    def __init__(self) -> None:
        self._made: dict[Hashable, Mapping[str, object]] = {}

    def of(
        self, field: Field[Line], value: Value, *, is_total: bool, is_linked: bool
    ) -> Mapping[str, object]:
        """Return how a cell looks; of a state that depends on the word."""
        word = value if isinstance(value, str) else None
        if word is not None and field.look is not CellLook.STATE:
            word = ""
        key = (id(field), word, is_total, is_linked)
        if key not in self._made:
            look = look_of(field, value)
            if is_total:
                look = {**_TOTAL, **look}
            if is_linked:
                look = {**look, "font_color": style.LINK["font_color"], "underline": 1}
            self._made[key] = look
        return self._made[key]


def _write_line(
    page: Page,
    row: int,
    table: Table[Line],
    line: Line,
    place: Callable[[RowLink], str],
    looks: _Looks,
) -> float:
    """Write the cells of a line; return how high its row must be: the least one shows a line of any text."""
    height = _LEAST
    is_total = table.is_total(line)
    for n, field in enumerate(table.fields):
        value = field.get(line)
        where = _place(field, line, place)
        is_linked = bool(where) and value not in (None, "")
        look = looks.of(field, value, is_total=is_total, is_linked=is_linked)
        if is_linked:
            page.link(row, n, where, look)
        if field.formula and value is not None:
            page.formula(row, n, field.formula(line, row + 1), value, look)
        else:
            page.write(row, n, value, look)
        if isinstance(value, str) and not field.folded:
            text = label_of(value)
            if len(text) > field.short or "\n" in text:
                height = max(height, style.text_height(text, field.width, field.size))
    return height


def _place(field: Field[Line], line: Line, place: Callable[[RowLink], str]) -> str:
    link = None
    if field.link is not None:
        link = field.link(line)
    if link is None:
        return ""
    return place(link)


def look_of(field: Field[Line], value: Value) -> Mapping[str, object]:
    """Return how the cell of a value in a column looks."""
    look = _LOOKS[field.look]
    if not isinstance(value, str):
        return look
    if field.look is CellLook.STATE:
        return {**look, **state_style(value, field.fills)}
    if field.look is CellLook.NUMBER:  # an answer in words stands where others have a number
        return _LOOKS[CellLook.WORD]
    return look
