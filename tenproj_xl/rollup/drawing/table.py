"""A data sheet: its columns declared once, from which headers, rows, ranges for formulas and print set-up are made."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from tenproj_xl.core.cells import Value, letters
from tenproj_xl.core.sheets import NO, YES
from tenproj_xl.excel import style
from tenproj_xl.rollup.drawing.page import Page
from tenproj_xl.rollup.drawing.state_colours import state_style
from tenproj_xl.rollup.facts.editions import Release

Line = TypeVar("Line")
OVERVIEW = "总览"
_TITLE, _NOTE, HEADER = 0, 1, 2
_LEAST = 21.0
FIRST = HEADER + 1


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


_LOOKS: Mapping[CellLook, Mapping[str, object]] = {
    CellLook.TEXT: style.BOX,
    CellLook.LONG: {**style.BOX, "font_size": 9},
    CellLook.WORD: {**style.BOX, "align": "center"},
    CellLook.STATE: {**style.BOX, "align": "center"},
    CellLook.NUMBER: {**style.BOX, "align": "right"},
    CellLook.COUNT: {**style.BOX, "align": "center"},
    CellLook.PERCENT: {**style.BOX, "align": "right", "num_format": "0.0%"},
    CellLook.POINTS: {**style.BOX, "align": "right", "num_format": "+0.0;-0.0;0.0"},
    CellLook.DAY: {**style.BOX, "align": "center", "num_format": "yyyy-mm-dd"},
    CellLook.SMALL: {**style.BOX, "font_size": 9, "font_color": style.MUTED},
    CellLook.RATE: {**style.BOX, "align": "center", "num_format": "0.0%"},
    CellLook.SCORE: {
        **style.BOX,
        "align": "center",
        "num_format": "0.0",
        "font_name": style.HEAD,
        "font_size": 12,
    },
}


_TOTAL: Mapping[str, object] = {"bold": True, "top": 2, "top_color": style.INK, "bg_color": style.PALE}


@dataclass(frozen=True)
class Field(Generic[Line]):
    """One column. `folded` ones are a closed group; those after the last `printed` one stay off the paper.

    A `private` one is not for all to read. `leads` names the place that a line's cell leads to (one without text leads
    nowhere), `live` the formula of which `get` gives the value, in a row counted from 1.
    """

    name: str
    header: str
    width: float
    get: Callable[[Line], Value]
    look: CellLook = CellLook.TEXT
    folded: bool = False
    printed: bool = True
    private: bool = False
    leads: Callable[[Line], str] | None = None
    live: Callable[[Line, int], str] | None = None


@dataclass(frozen=True)
class Table(Generic[Line]):
    """A data sheet: `fixed` columns stay in sight, `empty` is said where there is no line, `sums_up` marks totals.

    Where `presses` is given, a last column says which lines it holds for and a filter shows only those.
    """

    sheet: str
    title: str
    note: str
    fields: tuple[Field[Line], ...]
    lines: Sequence[Line]
    fixed: int
    empty: str
    sums_up: Callable[[Line], bool] = lambda _: False
    presses: Callable[[Line], bool] | None = None

    @property
    def last(self) -> int:
        """The last row, which is there even without lines so that ranges have one."""
        return FIRST + max(1, len(self.lines)) - 1

    def column(self, name: str) -> int:
        """Where a column stands, counted from 0."""
        return next(n for n, f in enumerate(self.fields) if f.name == name)

    def range(self, name: str) -> str:
        """A column's cells as formulas name them: `'主要指标'!$Q$4:$Q$68`."""
        letter = letters(self.column(name))
        return f"'{self.sheet}'!${letter}${FIRST + 1}:${letter}${self.last + 1}"

    def place(self, row: int = 0) -> str:
        """Where the n-th line stands, as links name it."""
        return f"'{self.sheet}'!A{FIRST + row + 1}"

    def place_of(self, wanted: Callable[[Line], bool]) -> str:
        """Where the first line of a kind stands; the first of all if there is none."""
        return self.place(next((n for n, line in enumerate(self.lines) if wanted(line)), 0))


def source_field(get: Callable[[Line], str]) -> Field[Line]:
    """The last column of a sheet: where a row comes from, on the screen and for leaders only."""
    header = "来源（文件 › 工作表 › 单元格，时间）"
    return Field("source", header, 44, get, CellLook.SMALL, printed=False, private=True)


def shown_to(release: Release, fields: Iterable[Field[Line]]) -> tuple[Field[Line], ...]:
    """The columns that the readers of a release may see."""
    return tuple(f for f in fields if not (release.is_public and f.private))


def write_table(page: Page, table: Table[Line], period: str) -> None:
    """Write a data sheet: title, note with the way back, header, rows as high as their text, filter, print set-up."""
    sheet = page.sheet
    page.write(_TITLE, 0, f"{table.title}　{period}", style.TITLE)
    sheet.set_row(_TITLE, 30)
    if page.sheet.index:
        page.back(_NOTE)
    page.write(_NOTE, 2, table.note, style.NOTE)
    sheet.set_row(_NOTE, 18)
    for n, field in enumerate(table.fields):
        sheet.set_column(n, n, field.width, None, {"level": 1, "hidden": True} if field.folded else {})
        page.write(HEADER, n, field.header, style.HEADER)
    sheet.set_row(HEADER, _header_height(table.fields))
    for row, line in enumerate(table.lines, FIRST):
        sheet.set_row(row, _write_line(page, row, table, line), None, {"hidden": _is_left_out(table, line)})
    if not table.lines:
        page.write(FIRST, 0, table.empty, style.NOTE)
    _write_filter(page, table)
    sheet.freeze_panes(FIRST, table.fixed)
    page.print_setup(f"{table.title}　{period}", one_page=False, repeat=HEADER)
    printed = max(n for n, f in enumerate(table.fields) if f.printed)
    sheet.print_area(0, 0, table.last, printed)


def _is_left_out(table: Table[Line], line: Line) -> bool:
    return table.presses is not None and not table.presses(line)


def _write_filter(page: Page, table: Table[Line]) -> None:
    """Write the filter of all columns; of a sheet that only shows what presses, set to that."""
    last = len(table.fields) - 1
    if table.presses is None:
        page.sheet.autofilter(HEADER, 0, table.last, last)
        return
    last += 1
    page.sheet.set_column(last, last, 8)
    page.write(HEADER, last, "需关注", style.HEADER)
    for row, line in enumerate(table.lines, FIRST):
        page.write(row, last, YES if table.presses(line) else NO, _LOOKS[CellLook.WORD])
    page.sheet.autofilter(HEADER, 0, table.last, last)
    page.sheet.filter_column_list(last, [YES])


def _header_height(fields: Sequence[Field[Line]]) -> float:
    return max(34.0, *(style.text_height(f.header, f.width) for f in fields))


def _write_line(page: Page, row: int, table: Table[Line], line: Line) -> float:
    height = _LEAST
    for n, field in enumerate(table.fields):
        value = field.get(line)
        size = 9 if field.look in (CellLook.LONG, CellLook.SMALL) else 10
        look = {**(_TOTAL if table.sums_up(line) else {}), **_look(field.look, value)}
        place = field.leads(line) if field.leads and value not in (None, "") else ""
        if place:
            look = {**look, "font_color": style.LINK["font_color"], "underline": 1}
            page.link(row, n, place, look)
        if field.live and value is not None:
            page.formula(row, n, field.live(line, row + 1), value, look)
        else:
            page.write(row, n, value, look)
        if isinstance(value, str) and not field.folded:
            height = max(height, style.text_height(value, field.width, size))
    return height


def _look(look: CellLook, value: Value) -> Mapping[str, object]:
    if look is CellLook.STATE and isinstance(value, str):
        return {**_LOOKS[look], **state_style(value)}
    if look is CellLook.NUMBER and isinstance(
        value, str
    ):  # an answer in words stands where others have a number
        return _LOOKS[CellLook.WORD]
    return _LOOKS[look]
