"""修改清单: the first sheet of a workbook that goes back for correction. It says what to do, cell by cell, with links.

Reads: a `Draft` with its marks and its letter. Gives: one drawn sheet.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tenproj_xl.drawing import Page, height_for
from tenproj_xl.findings import Severity
from tenproj_xl.layout import Draft, Grid, Mark, shown
from tenproj_xl.look import ADVICE, LABEL, Look, Part, Style
from tenproj_xl.sheets import COVER, SENT_SHEET, TODO_SHEET

ERROR_WORD, LOOK_WORD = "须更正", "请核对"


@dataclass(frozen=True)
class _Line:
    word: str
    sheet: str
    cell: str
    row: str
    found: str
    message: str


_COLUMNS = (("序号", 6.0), ("类别", 9.0), ("工作表", 17.0), ("单元格", 9.0), ("行", 30.0), ("填报内容", 28.0),
            ("需要怎么改", 58.0))  # fmt: skip
_FIRST = 4
_BLANK, _LONG = "（空）", 60


def draw_todo(page: Page, draft: Draft, cover: Mapping[str, str]) -> None:
    """Draw the list: errors first, then what is only to be looked at. `cover` has the addresses of its inputs."""
    form, look = draft.form, draft.look
    lines = [_line(mark, draft, cover) for mark in sorted(draft.marks, key=lambda m: _reading_order(m, draft))]
    theme, table = draft.cover, look.sheets["indicators"]
    last = len(_COLUMNS)
    page.width(0, 2)
    for n, (_, width) in enumerate(_COLUMNS, 1):
        page.width(n, width)
    heading = replace(theme.style(Part.TITLE, LABEL), horizontal="")
    page.merged(0, (1, last), f"{TODO_SHEET}　{form.task_force.code} {form.task_force.name}", heading)
    page.height(0, theme.heights[Part.TITLE])
    page.merged(1, (1, last), form.id_line, replace(theme.style(Part.ID, LABEL), horizontal=""))
    body, greeting = theme.style(Part.BODY, LABEL), _greeting(draft)
    page.merged(2, (1, last), greeting, body)
    page.height(2, height_for([(greeting, sum(w for _, w in _COLUMNS), body)], 26))
    for n, (header, _) in enumerate(_COLUMNS, 1):
        page.write(_FIRST - 1, n, header, table.style(Part.HEADER, "code"))
    page.height(_FIRST - 1, 28)
    for n, line in enumerate(lines):
        _draw_line(page, _FIRST + n, n + 1, line, look)
    page.call("freeze_panes", _FIRST, 0)
    page.call("repeat_rows", _FIRST - 1)
    page.call("hide_gridlines", 2)
    page.print_as(replace(theme.printing, landscape=True, wide=1, tall=0), *draft.running(theme))
    page.protect()


def _greeting(draft: Draft) -> str:
    """The letter: what was found, what was left out, what to do."""
    form, moved, left = draft.form, draft.letter.moved_from, len(draft.letter.rows)
    errors = sum(mark.severity is Severity.ERROR for mark in draft.marks)
    looks = len(draft.marks) - errors
    counts = "、".join(f"{n}处{word}" for n, word in ((errors, ERROR_WORD), (looks, LOOK_WORD)) if n)
    if moved:
        said = (
            f"贵单位发来的是{moved}的填报表，本次应报{form.period.label}；填的内容已搬到本工作簿，有{counts}，见下表。"
        )
    else:
        said = f"贵单位报送的填报表有{counts}，见下表；点“单元格”可直接跳转。"
    if left:
        said += f"有{left}行没有收下，照原样列在“{SENT_SHEET}”，请对照填到各表中。"
    rows = [row for part in form.sheets for row in part.rows]
    kept = any(row.printed.get(name) != value for row in rows for name, value in row.filled.items())
    rest = "下表没有列出的内容不必重填，" if kept and not moved else ""
    asked = "逐项核对、补充后" if moved else "改好或核对后"
    return f"您好！{said}{rest}{asked}请把本工作簿用邮件发回{form.programme.signature}。谢谢！"


def _reading_order(mark: Mark, draft: Draft) -> tuple[bool, int, int, int]:
    """Errors first; then what holds for the whole file, then sheet by sheet as one reads them."""
    sheets = ["", COVER.code, *draft.grids]
    row = column = 0
    if mark.sheet == COVER.code and mark.field:
        row = [c.field for c in COVER.columns].index(mark.field) + 1
    elif mark.sheet in draft.grids:
        grid = draft.grids[mark.sheet]
        row = grid.rows[mark.token] if mark.token else mark.line and grid.last_row + mark.line
        column = grid.positions[mark.field] if mark.field else 0
    return mark.severity is not Severity.ERROR, sheets.index(mark.sheet), row, column


def _line(mark: Mark, draft: Draft, cover: Mapping[str, str]) -> _Line:
    word = ERROR_WORD if mark.severity is Severity.ERROR else LOOK_WORD
    return _Line(word, *_place(mark, draft, cover), mark.message)


def _place(mark: Mark, draft: Draft, cover: Mapping[str, str]) -> tuple[str, str, str, str]:
    """Sheet, address, what a person calls the place, and what the sender had put there."""
    if not mark.sheet:
        return "", "", "全表", ""
    if mark.sheet == COVER.code and mark.field:
        typed = draft.form.cover.get(mark.field)
        return COVER.name, cover[mark.field], COVER.column(mark.field).header, _typed(mark, shown(typed))
    if mark.sheet == COVER.code:
        return COVER.name, "", "整张表", ""
    return _place_in_grid(mark, draft.grids[mark.sheet])


def _place_in_grid(mark: Mark, grid: Grid) -> tuple[str, str, str, str]:
    sheet = grid.part.sheet
    header = sheet.column(mark.field).header if mark.field else ""
    if mark.token:
        row = grid.row_of(mark.token)
        name = f"{row.name or '新增问题'}　{header}".rstrip("　")
        typed = _typed(mark, shown(row.current(mark.field))) if mark.field else "（整行）"
        return sheet.name, grid.address(mark.token, mark.field), name, typed
    if mark.line:
        return SENT_SHEET, f"B{mark.line}", f"{sheet.name}　没有收下的行", mark.typed or "（整行）"
    if mark.field:
        return sheet.name, grid.address("", mark.field), f"{header}　整列", ""
    return sheet.name, grid.address("", ""), "整张表", ""


def _typed(mark: Mark, stands: str) -> str:
    """What the sender had put there; the beginning of a long text that stands in the cell anyway."""
    typed = (stands if mark.typed is None else mark.typed) or _BLANK
    return f"{typed[:_LONG]}…" if len(typed) > _LONG and typed == stands else typed


def _draw_line(page: Page, row: int, number: int, line: _Line, look: Look) -> None:
    table, theme = look.sheets["indicators"], look.sheets[COVER.code]
    plain = replace(
        theme.style(Part.ENTRY, ADVICE), size=11, indent=1, colour=theme.style(Part.BODY, LABEL).colour, wrap=True
    )
    middle = replace(plain, horizontal="center", indent=0)
    loud = table.style(Part.ERROR if line.word == ERROR_WORD else Part.WARNING, "name")
    loud = replace(loud, horizontal="center", indent=0, borders=plain.borders)
    texts: tuple[tuple[str, Style], ...] = (
        (str(number), middle), (line.word, loud), (line.sheet or "—", middle), (line.cell or "—", middle),
        (line.row, plain), (line.found, plain), (line.message, plain),
    )  # fmt: skip
    for n, (text, style) in enumerate(texts, 1):
        page.write(row, n, text, style)
    if line.cell:
        link = page.book.format(replace(middle, colour="#1F4E9E", underline=1))
        target = f"internal:'{line.sheet}'!{line.cell}"
        page.call("write_url", row, 4, target, link, line.cell, f"转到{line.sheet} {line.cell}")
    widths = (width for _, width in _COLUMNS)
    page.height(row, height_for(((t, w, s) for (t, s), w in zip(texts, widths, strict=True)), 28))
