"""What of a data sheet is printed: some columns, the lines that need attention, as many as its pages hold.

A printed line is as high as its texts in the widths that it has on A4 across, at 9 points.
"""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import accumulate, pairwise
from typing import Any

from tenproj_xl.core.cells import Value
from tenproj_xl.core.codes import label_of
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.excel import style
from tenproj_xl.rollup.drawing.table import Field, Table, look_of
from tenproj_xl.rollup.facts.model import Facts

COLUMNS = 72
"""How many equal columns A4 across has; cells are merged from them."""
COLUMN_WIDTH = 8 / 7
"""Their width in characters: 13 pixels, in some programs 14."""
_ROOM_OF_COLUMN = 12 / 7
"""How many characters each adds to merged cells, with some room for words that are not parted."""
ROOM = 505.0
"""The height in points that is used of A4 across: some less than it has, since programs round heights."""
SIZE = 9
"""The size of its texts in points."""
_LINE, _MARGIN, _LEAST = 12.8, 4.0, 17.0
_MOST_LINES = 4


@dataclass(frozen=True, kw_only=True)
class OnPaper:
    """What is printed of a sheet.

    Attributes:
        widths: The names of the printed columns in order, each with how many of the paper's columns it
            takes: all of them together. The room of those that an edition does not have is the widest one's.
        chosen: Gives the test of the lines that are printed; all of them without.
        pages: The pages that its lines may take; the rest is counted.
        is_not_involved: Tells which lines page one does not count, as their task forces are 不涉及.
    """

    widths: Mapping[str, int]
    chosen: Callable[[Facts], Callable[[Any], bool]] | None = None
    pages: float = 1.0
    is_not_involved: Callable[[Any], bool] | None = None

    def __post_init__(self) -> None:
        """Raise ValueError unless the columns take the whole width."""
        if sum(self.widths.values()) != COLUMNS:
            raise ValueError(f"{sum(self.widths.values())} columns of {COLUMNS}: {self.widths}")

    def widths_of(self, names: Container[str]) -> Mapping[str, int]:
        """Return the printed columns of an edition that has those of some names, and their widths."""
        widths = {name: width for name, width in self.widths.items() if name in names}
        widest = max(widths, key=widths.__getitem__)
        widths[widest] += COLUMNS - sum(widths.values())
        return widths


@dataclass(frozen=True)
class WholePage:
    """A sheet that is printed as it is; `pages` gives how many pages it takes."""

    pages: Callable[[Facts], int] = lambda _: 1


@dataclass(frozen=True)
class PaperRow:
    """A row of merged cells: the first and last column of each, its value and look; and how high it is."""

    cells: Sequence[tuple[tuple[int, int], Value, Mapping[str, object]]]
    height: float


@dataclass(frozen=True, kw_only=True)
class PrintedSection:
    """The printed part of a sheet, which has `total` lines; those that are not in `rows` are counted.

    `not_involved` of all its lines are of task forces that page one does not count.
    """

    title: str
    header: PaperRow
    rows: Sequence[PaperRow]
    total: int
    not_involved: int = 0

    @property
    def heading(self) -> str:
        """What stands above it."""
        aside = f"，含不涉及{self.not_involved}项" if self.not_involved else ""
        if len(self.rows) == self.total:
            return f"{self.title}（{self.total}项{aside}）"
        return f"{self.title}（共{self.total}项{aside}，这里印{len(self.rows)}项，其余见电子版）"


def section_of(table: Table[Any], printed: OnPaper, facts: Facts) -> PrintedSection:
    """Return the printed part of a table."""
    by_name = {field.name: field for field in table.fields}
    widths = printed.widths_of(by_name)
    fields = [by_name[name] for name in widths]
    spans = _spans(widths.values())
    headers = [_header(field.header, width_of(span)) for field, span in zip(fields, spans, strict=True)]
    header = _row(headers, [_HEADER] * len(fields), spans)
    lines = table.lines
    if printed.chosen is not None:
        chosen = printed.chosen(facts)
        lines = [line for line in lines if chosen(line)]
    room = printed.pages * ROOM
    rows: list[PaperRow] = []
    for line in lines:
        row = _line(table, fields, spans, line, facts.data.year)
        room -= row.height
        if room < 0:
            break
        rows.append(row)
    not_involved = 0
    if printed.is_not_involved is not None:
        not_involved = sum(map(printed.is_not_involved, table.lines))
    return PrintedSection(
        title=table.sheet, header=header, rows=rows, total=len(table.lines), not_involved=not_involved
    )


_HEADER: Mapping[str, object] = {**style.HEADER, "font_size": SIZE}


def _spans(widths: Iterable[int]) -> Sequence[tuple[int, int]]:
    """Return the first and last column of each cell."""
    ends = accumulate(widths, initial=0)
    return [(first, after - 1) for first, after in pairwise(ends)]


def _line(
    table: Table[Any],
    fields: Sequence[Field[Any]],
    spans: Sequence[tuple[int, int]],
    line: object,
    year: int,
) -> PaperRow:
    values = [_shown(field.get(line), year) for field in fields]
    looks = []
    for field, value in zip(fields, values, strict=True):
        look = {**look_of(field, value), "font_size": SIZE}
        if table.is_total(line):
            look["bold"] = True
        looks.append(look)
    return _row(values, looks, spans)


def _shown(value: Value, year: int) -> Value:
    """Return a day in few characters, without the year that the paper is about; all else as it is."""
    if not isinstance(value, date) or isinstance(value, datetime):
        return value
    if value.year == year:
        return f"{value.month}月{value.day}日"
    return f"{value.year}年{value.month}月{value.day}日"


def _row(
    values: Sequence[Value], looks: Sequence[Mapping[str, object]], spans: Sequence[tuple[int, int]]
) -> PaperRow:
    cells = []
    height = _LEAST
    for value, look, span in zip(values, looks, spans, strict=True):
        shown = label_of(value)
        if isinstance(shown, str):
            lines, shown = _fitting(shown, width_of(span))
            height = max(height, lines * _LINE + _MARGIN)
        cells.append((span, shown, look))
    return PaperRow(cells, height)


def _header(text: str, width: float) -> str:
    """Return a header; where it takes some lines, what stands in brackets has lines of its own."""
    flat = text.replace("\n", "")
    broken = flat.replace("（", "\n（", 1)
    if style.line_count(flat, width, SIZE) > 1 and style.line_count(broken, width, SIZE) <= _MOST_LINES:
        return broken
    return flat


def width_of(span: tuple[int, int]) -> float:
    """Return how many characters merged columns hold."""
    first, last = span
    return (last - first + 1) * _ROOM_OF_COLUMN


def _fitting(text: str, width: float) -> tuple[int, str]:
    """Return how many lines a text takes, and the text; one of more than four is cut with a mark."""
    lines = style.line_count(text, width, SIZE)
    while lines > _MOST_LINES:
        text = style.shortened(text, int(len(text) * _MOST_LINES / (lines + 1)))
        lines = style.line_count(text, width, SIZE)
    return lines, text
