"""原填内容: the rows of a return that have no sure place in the form, as they were sent, to be copied from.

Reads: a `Draft` with its letter. Gives: one sheet, with one table for the rows of each sheet of the form.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from tenproj_xl.core.cells import Value
from tenproj_xl.core.columns import Column, Sheet
from tenproj_xl.core.sheets import COVER
from tenproj_xl.excel.look import ADVICE, LABEL, Look, Part
from tenproj_xl.excel.style import Style, row_height
from tenproj_xl.excel.writer import SheetWriter
from tenproj_xl.forms.layout import Draft, Grid, SentRow, shown

_COLUMNS = (("工作表", 16.0), ("原行号", 8.0), ("未接收的原因", 26.0), ("填到", 22.0))
_TITLE_ROW, _ID_ROW, _HINT_ROW, _FIRST = range(4)
_NARROWEST, _WIDEST = 11.0, 30.0
_HINT = (
    "这里是贵单位发来的文件中未接收的行，照原样列出，供对照、复制。"
    "请把内容填到“填到”一栏所指的行；填在本页的内容不会被读取。"
)


def line_numbers(rows: Sequence[SentRow]) -> list[int]:
    """Return the line numbers of rows, counted from 1; rows of one sheet follow each other."""
    numbers: list[int] = []
    last, sheet = _FIRST - 1, ""
    for row in rows:
        if row.sheet.code != sheet:
            last += 2  # a blank line, or the hint, and the header
            sheet = row.sheet.code
        last += 1
        numbers.append(last)
    return numbers


def write_unplaced_rows(page: SheetWriter, draft: Draft) -> None:
    """Write the list."""
    rows, theme = draft.letter.rows, draft.cover
    blocks = [(sheet, list(block)) for sheet, block in groupby(rows, key=lambda row: row.sheet)]
    widths = _widths(blocks, draft.look)
    last = len(widths)
    page.width(0, 2)
    for n, width in enumerate(widths, 1):
        page.width(n, width)
    heading = replace(theme.style(Part.TITLE, LABEL), horizontal="")
    page.write_across(_TITLE_ROW, (1, last), f"原填内容　{draft.form.recipient.spoken}", heading)
    page.height(_TITLE_ROW, theme.heights[Part.TITLE])
    page.write_across(
        _ID_ROW, (1, last), draft.form.id_line, replace(theme.style(Part.ID, LABEL), horizontal="")
    )
    body = theme.style(Part.BODY, LABEL)
    page.write_across(_HINT_ROW, (1, last), _HINT, body)
    page.height(_HINT_ROW, row_height([(_HINT, sum(widths), body)], 26))
    numbers = iter(line_numbers(rows))
    for _, block in blocks:
        _write_block(page, draft, [(next(numbers) - 1, row) for row in block], widths)
    page.sheet.freeze_panes(_FIRST, 3)
    page.sheet.hide_gridlines(2)
    page.print_as(replace(theme.printing, landscape=True, wide=1, tall=0), *draft.running(theme))
    page.protect()


def _columns(rows: Sequence[SentRow]) -> list[Column]:
    """Return what identifies the rows of one sheet, and the inputs in which any of them has something."""
    used: set[str] = set()
    for row in rows:
        used.update(field for field, value in row.cells.items() if value not in (None, ""))
    columns = []
    for column in rows[0].sheet.columns:
        shown_here = column.fill.is_input or column.field in ("code", "name")
        if shown_here and column.field in used:
            columns.append(column)
    return columns


def _widths(blocks: Sequence[tuple[Sheet, Sequence[SentRow]]], look: Look) -> list[float]:
    """Return the widths of all columns: of tables that stand below each other the widest."""
    widths = [width for _, width in _COLUMNS]
    for sheet, rows in blocks:
        for n, column in enumerate(_columns(rows), len(_COLUMNS)):
            width = min(max(look.sheets[sheet.code].width(column.field), _NARROWEST), _WIDEST)
            if n < len(widths):
                widths[n] = max(widths[n], width)
            else:
                widths.append(width)
    return widths


def _write_block(
    page: SheetWriter, draft: Draft, lines: Sequence[tuple[int, SentRow]], widths: Sequence[float]
) -> None:
    rows = [row for _, row in lines]
    grid, columns = draft.grids[rows[0].sheet.code], _columns(rows)
    headers = [(text, "code") for text, _ in _COLUMNS] + [(c.header, c.field) for c in columns]
    top = lines[0][0] - 1
    texts = []
    for n, (text, field) in enumerate(headers, 1):
        style = grid.look.style(Part.HEADER, field)
        page.write(top, n, text, style)
        texts.append((text, widths[n - 1], style))
    page.height(top, row_height(texts, 28))
    for at, row in lines:
        _write_row(page, draft, at, row, columns, widths)


def _write_row(
    page: SheetWriter, draft: Draft, at: int, row: SentRow, columns: Sequence[Column], widths: Sequence[float]
) -> None:
    grid, plain = draft.grids[row.sheet.code], _plain(draft)
    middle = replace(plain, horizontal="center", indent=0)
    target = _target(grid, row)
    cells: list[tuple[Value, Style]] = [
        (row.tab, middle),
        (str(row.number), middle),
        (row.reason, plain),
        (target, middle),
    ]
    about = len(cells)
    cells += [_as_sent(grid, row, column) for column in columns]
    texts = []
    for n, (value, style) in enumerate(cells, 1):
        # What was sent is not locked: a copied cell would lock the input that it is pasted into.
        page.write(at, n, value, style, locked=n <= about)
        texts.append((shown(value), widths[n - 1], style))
    if row.tokens:
        link = replace(middle, colour="#1F4E9E", underline=1)
        first = min(row.tokens, key=grid.rows.__getitem__)
        place = f"'{row.sheet.name}'!{grid.address(first, '')}"
        page.link(at, about, place, link, target, f"转到{row.sheet.name}")
    page.height(at, row_height(texts, 28))


def _as_sent(grid: Grid, row: SentRow, column: Column) -> tuple[Value, Style]:
    """Return a value as it was sent, and its style: without background, numbers without a format."""
    style = replace(grid.look.style(Part.OPEN, column.field).filled(""), wrap=True, number_format="General")
    return row.cells.get(column.field), style


def _target(grid: Grid, row: SentRow) -> str:
    if not row.tokens:
        return row.elsewhere or "—"
    numbers = sorted(grid.rows[token] + 1 for token in row.tokens)
    return f"{row.sheet.name}第{'、'.join(map(str, numbers))}行"


def _plain(draft: Draft) -> Style:
    theme = draft.look.sheets[COVER.code]
    style = replace(theme.style(Part.ENTRY, ADVICE), size=11, indent=1, wrap=True)
    return replace(style, colour=theme.style(Part.BODY, LABEL).colour)
