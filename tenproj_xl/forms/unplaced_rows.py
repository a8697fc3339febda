"""原填内容: the rows of a return that have no sure place in the form, as they were sent, for the sender to copy from.

Reads: a `Draft` with its letter. Gives: one drawn sheet, one table for the rows of each sheet of the form.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
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
    """The numbers, counted from 1, of the lines that rows stand in; those of one sheet follow each other."""
    numbers, last = [], _FIRST
    for n, row in enumerate(rows):
        if n == 0 or row.sheet.code != rows[n - 1].sheet.code:
            last += 2 if n else 1  # a header, after a blank line
        last += 1
        numbers.append(last)
    return numbers


def draw_sent(page: SheetWriter, draft: Draft) -> None:
    """Draw the list."""
    rows, theme = draft.letter.rows, draft.cover
    blocks = [(sheet, list(some)) for sheet, some in groupby(rows, key=lambda row: row.sheet)]
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
    for _, some in blocks:
        _draw_block(page, draft, [(next(numbers) - 1, row) for row in some], widths)
    page.sheet.freeze_panes(_FIRST, 3)
    page.sheet.hide_gridlines(2)
    page.print_as(replace(theme.printing, landscape=True, wide=1, tall=0), *draft.running(theme))
    page.protect()


def _columns(rows: Sequence[SentRow]) -> list[Column]:
    """What identifies the rows of one sheet, and the inputs in which any of them has something."""
    declared = rows[0].sheet.columns
    known = [c for c in declared if c.field in ("code", "name") or c.fill.is_input]
    return [c for c in known if any(row.cells.get(c.field) not in (None, "") for row in rows)]


def _widths(blocks: Sequence[tuple[Sheet, Sequence[SentRow]]], look: Look) -> list[float]:
    """The widths of all columns: of several that stand below each other the widest."""
    widths = [width for _, width in _COLUMNS]
    for sheet, rows in blocks:
        for n, column in enumerate(_columns(rows), len(_COLUMNS)):
            wanted = min(max(look.sheets[sheet.code].width(column.field), _NARROWEST), _WIDEST)
            widths[n:] = [max(wanted, *widths[n : n + 1], 0.0), *widths[n + 1 :]]
    return widths


def _draw_block(
    page: SheetWriter, draft: Draft, lines: Sequence[tuple[int, SentRow]], widths: Sequence[float]
) -> None:
    rows = [row for _, row in lines]
    grid, columns = draft.grids[rows[0].sheet.code], _columns(rows)
    headers = [(text, "code") for text, _ in _COLUMNS] + [(c.header, c.field) for c in columns]
    styles = [(text, grid.look.style(Part.HEADER, field)) for text, field in headers]
    top = lines[0][0] - 1
    for n, (text, style) in enumerate(styles, 1):
        page.write(top, n, text, style)
    page.height(top, row_height(((t, w, s) for (t, s), w in zip(styles, widths, strict=False)), 28))
    for at, row in lines:
        _draw_row(page, draft, at, row, columns, widths)


def _draw_row(
    page: SheetWriter, draft: Draft, at: int, row: SentRow, columns: Sequence[Column], widths: Sequence[float]
) -> None:
    grid, plain = draft.grids[row.sheet.code], _plain(draft)
    middle = replace(plain, horizontal="center", indent=0)
    known = [(row.tab, middle), (str(row.number), middle), (row.reason, plain), (_target(grid, row), middle)]
    for n, (text, style) in enumerate(known, 1):
        page.write(at, n, text, style)
    if row.tokens:
        link = page.book.format(replace(middle, colour="#1F4E9E", underline=1))
        first = min(row.tokens, key=grid.rows.__getitem__)
        target = f"internal:'{row.sheet.name}'!{grid.address(first, '')}"
        page.sheet.write_url(at, len(known), target, link, _target(grid, row), f"转到{row.sheet.name}")
    texts = list(known)
    for n, (value, style) in enumerate(_values(grid, row, columns), len(known) + 1):
        # Not locked: a locked cell, once copied, would lock the input that it is pasted into.
        page.write(at, n, value, style, locked=False)
        texts.append((shown(value), style))
    page.height(at, row_height(((t, w, s) for (t, s), w in zip(texts, widths, strict=False)), 28))


def _values(grid: Grid, row: SentRow, columns: Sequence[Column]) -> Iterator[tuple[Value, Style]]:
    for column in columns:
        value = row.cells.get(column.field)
        style = replace(grid.look.style(Part.OPEN, column.field).filled(""), wrap=True)
        yield value, replace(style, number_format="yyyy-mm-dd" if isinstance(value, date) else "General")


def _target(grid: Grid, row: SentRow) -> str:
    if not row.tokens:
        return "—"
    numbers = sorted(grid.rows[token] + 1 for token in row.tokens)
    return f"{row.sheet.name}第{'、'.join(map(str, numbers))}行"


def _plain(draft: Draft) -> Style:
    theme = draft.look.sheets[COVER.code]
    style = replace(theme.style(Part.ENTRY, ADVICE), size=11, indent=1, wrap=True)
    return replace(style, colour=theme.style(Part.BODY, LABEL).colour)
