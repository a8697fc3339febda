"""Workbooks that units are sent to say something of each row in, and that come back through the inbox.

One table, its rows known again by their tokens; the inputs stand at its right. 专班核对稿 and 得分核对稿 are
such.

Reads: what is to be shown, or such a workbook, filled in. Gives: a workbook, or answers and findings.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import Value, is_empty
from tenproj_xl.core.columns import TEXT_LIMIT, Column, Fill, Kind, Sheet
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.findings import Finding, Place, finding
from tenproj_xl.core.parse import read_cell
from tenproj_xl.core.periods import parse_period
from tenproj_xl.core.tables import TableRow, data_rows, locate
from tenproj_xl.core.texts import text_of
from tenproj_xl.core.tokens import is_token
from tenproj_xl.excel.style import Printing, Style, row_height
from tenproj_xl.excel.writer import SheetWriter, WorkbookWriter
from tenproj_xl.model.issued import Issued
from tenproj_xl.model.plan import Programme
from tenproj_xl.reading.book import Book, SheetCells

_INK, _GREY, _LINE = "#1F2D3D", "#6B7280", "#B7BEC8"
_HEADING = Style(font="黑体", size=16, colour=_INK)
_NOTE = Style(size=10, colour=_INK, wrap=True)
_HEAD = (
    Style(font="黑体", size=10.5, colour=_INK, horizontal="center", wrap=True)
    .filled("#DCE6F1")
    .framed(1, _LINE)
)
_HEAD_INPUT = _HEAD.filled("#FCE9B8")
_CELL = Style(size=10, wrap=True).framed(1, _LINE)
_INPUT = replace(_CELL, number_format="@").filled("#FFF9DF")
_TOKEN = Style(size=8, colour=_GREY)
_TITLE_ROW, _NOTE_ROW, _LEFT_ROW, _HEADER_ROW, _FIRST = range(5)
_FIRST_VISIBLE = 1
_TALL = 30.0

Issues = Mapping[str, Sequence[Issued]]


def shown_column(field: str, header: str, width: float) -> Column:
    """Return a column that is locked."""
    return Column(field, header, Fill.CARRIED, Kind.LONG_TEXT, width=width)


@dataclass(frozen=True, kw_only=True)
class SentBook:
    """What is shown: two lines of notes over the table, and each row's token with its texts by field.

    `choosing` is what is said where something else than a choice is typed.
    """

    sheet: Sheet
    heading: str
    notes: tuple[str, str]
    rows: Sequence[tuple[str, Mapping[str, str]]]
    choosing: str
    programme: Programme
    day: date


def write_sent_book(target: Path | BytesIO, book: SentBook) -> None:
    """Write the workbook; the same input gives the same bytes."""
    programme, columns = book.programme, book.sheet.columns
    workbook = WorkbookWriter(target, programme.words.office)
    workbook.file.set_properties(
        {
            "title": f"{programme.title}{book.sheet.name}",
            "author": programme.signature,
            "created": datetime.combine(book.day, time()),
        }
    )
    page = workbook.sheet(book.sheet.name)
    last_column = len(columns) - 1
    page.write_across(_TITLE_ROW, (_FIRST_VISIBLE, last_column), book.heading, _HEADING)
    page.height(_TITLE_ROW, 30)
    for row, text in zip((_NOTE_ROW, _LEFT_ROW), book.notes, strict=True):
        page.write_across(row, (_FIRST_VISIBLE, last_column), text, _NOTE)
        page.height(row, row_height([(text, sum(c.width for c in columns), _NOTE)], 20))
    _write_head(page, columns)
    for n, (key, shown) in enumerate(book.rows, _FIRST):
        _write_row(page, n, key, shown, columns)
    _set_up(page, book)
    workbook.close()


def _write_head(page: SheetWriter, columns: Sequence[Column]) -> None:
    texts = []
    for n, column in enumerate(columns):
        if column.fill is Fill.MACHINE:
            page.width(n, column.width, hidden=True)
            page.write(_HEADER_ROW, n, column.header, _TOKEN)
            continue
        style = _HEAD_INPUT if column.fill.is_input else _HEAD
        page.width(n, column.width)
        page.write(_HEADER_ROW, n, column.header, style)
        texts.append((column.header, column.width, style))
    page.height(_HEADER_ROW, row_height(texts, 26))


def _write_row(
    page: SheetWriter, n: int, key: str, shown: Mapping[str, str], columns: Sequence[Column]
) -> None:
    texts = []
    for position, column in enumerate(columns):
        if column.fill is Fill.MACHINE:
            page.write(n, position, key, _TOKEN)
            continue
        value, style = shown.get(column.field, ""), _CELL
        if column.fill.is_input:
            style = _INPUT
        page.write(n, position, value, style, locked=not column.fill.is_input)
        texts.append((value, column.width, style))
    page.height(n, row_height(texts, _TALL))


def _set_up(page: SheetWriter, book: SentBook) -> None:
    columns = book.sheet.columns
    last_row, last_column = _FIRST + len(book.rows) - 1, len(columns) - 1
    for n, column in enumerate(columns):
        if not column.fill.is_input:
            continue
        rule: dict[str, object] = {
            "validate": "length",
            "criteria": "<=",
            "value": TEXT_LIMIT,
            "input_title": column.header,
            "input_message": f"请{column.how}。",
        }
        if column.choices:
            rule = {
                "validate": "list",
                "source": list(column.choice_labels),
                "error_title": "请从选项中选择",
                "error_message": book.choosing,
            }
        page.sheet.data_validation(_FIRST, n, last_row, n, rule)
    page.sheet.freeze_panes(_FIRST, 4)
    page.sheet.autofilter(_HEADER_ROW, _FIRST_VISIBLE, last_row, last_column)
    page.sheet.repeat_rows(_TITLE_ROW, _HEADER_ROW)
    page.sheet.print_area(_TITLE_ROW, _FIRST_VISIBLE, last_row, last_column)
    page.sheet.hide_gridlines(2)
    page.print_as(Printing(), "", "&C第 &P 页，共 &N 页&R内部资料 注意保管")
    page.protect()


# --- when one comes back


@dataclass(frozen=True)
class Answer:
    """What was chosen in a row that was printed, None for nothing; `row` has its other cells.

    `place` is where it stands.
    """

    issued: Issued
    place: Place
    value: Value
    row: TableRow

    def text(self, field: str) -> str:
        """Return the text of another cell of the row."""
        return text_of(self.row.cells.get(field)).strip()


def is_only_of(sheet: Sheet, issued: Issues) -> bool:
    """Return whether all the tokens of a book were printed in workbooks of a kind."""
    return bool(issued) and all(printings[-1].sheet == sheet.code for printings in issued.values())


def without_rows_of(sheets: Sequence[Sheet], issued: Issues) -> Issues:
    """Return what was printed, without the rows of workbooks of some kinds."""
    codes = {sheet.code for sheet in sheets}
    return {key: rows for key, rows in issued.items() if rows[-1].sheet not in codes}


def answers_in(file: str, book: Book, sheet: Sheet, field: str, issued: Issues) -> Iterator[Answer | Finding]:
    """Yield what was chosen in a column of a workbook, and what is wrong in its rows."""
    for tab in book.sheets:
        layout = locate(tab.rows, sheet)
        if layout is None:
            continue
        for row in data_rows(tab.rows, layout):
            is_answered = any(not is_empty(row.cells.get(column.field)) for column in sheet.inputs)
            is_known = len({*row.keys}) == 1 and row.keys[0] in issued
            if is_answered or is_known:
                yield _answer(file, tab, row, sheet, field, issued)


def _answer(
    file: str, tab: SheetCells, row: TableRow, sheet: Sheet, field: str, issued: Issues
) -> Answer | Finding:
    tokens = dict.fromkeys(key for key in row.keys if is_token(key))
    printed = [issued[key][-1] for key in tokens if key in issued]
    place = Place(file, tab.name, row.address(field), text_of(row.cells.get("name")))
    if len(tokens) != 1 or not printed:
        return finding(Code.LEAD_ROW_UNKNOWN, place)
    year = parse_period(printed[0].period).year
    place = replace(place, name=text_of(printed[0].printed.get("name")))
    values: dict[str, Value] = {}
    for column in sheet.inputs:
        cell = row.cells.get(column.field)
        meaning = read_cell(cell, column, year=year)
        if meaning.code and not meaning.code.rule.is_guess:
            where, typed = replace(place, cell=row.address(column.field)), text_of(cell)
            if meaning.code is Code.TOO_LONG:
                return finding(meaning.code, where, typed, found=meaning.detail, expected=TEXT_LIMIT)
            return finding(meaning.code, where, typed, advice=column.how)
        values[column.field] = meaning.value
    return Answer(printed[0], place, values[field], row)
