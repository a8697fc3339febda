"""修改清单: the first sheet of a workbook that goes back for correction. It says what to do, cell by cell, with links.

Reads: a `Form`, its `Grid`s and `Mark`s. Gives: one drawn sheet.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tenproj_xl.content import Form
from tenproj_xl.drawing import Page, height_for
from tenproj_xl.findings import Severity
from tenproj_xl.layout import Draft, shown
from tenproj_xl.look import ADVICE, LABEL, Look, Part, Style
from tenproj_xl.sheets import COVER

TODO_SHEET = "修改清单"
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
_BLANK = "（空）"


def draw_todo(page: Page, draft: Draft, cover: Mapping[str, str], notes: Sequence[str]) -> None:
    """Draw the list: errors first, then what is only to be looked at. `cover` has the addresses of the cover's inputs.

    The notes are about the file as a whole.
    """
    form, look = draft.form, draft.look
    lines = _lines(draft, cover, notes)
    theme, table = draft.cover, look.sheets["indicators"]
    last = len(_COLUMNS)
    page.width(0, 2)
    for n, (_, width) in enumerate(_COLUMNS, 1):
        page.width(n, width)
    heading = replace(theme.style(Part.TITLE, LABEL), horizontal="")
    page.merged(0, (1, last), f"修改清单　{form.task_force.code} {form.task_force.name}", heading)
    page.height(0, theme.heights[Part.TITLE])
    page.merged(1, (1, last), form.id_line, replace(theme.style(Part.ID, LABEL), horizontal=""))
    body = theme.style(Part.BODY, LABEL)
    page.merged(2, (1, last), _greeting(form, lines), body)
    page.height(2, height_for([(_greeting(form, lines), sum(w for _, w in _COLUMNS), body)], 26))
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


def _greeting(form: Form, lines: Sequence[_Line]) -> str:
    errors = sum(line.word == ERROR_WORD for line in lines)
    counts = f"{errors}处须更正、{len(lines) - errors}处请核对" if errors else f"{len(lines)}处请核对"
    office = form.programme.office or "总专班办公室"
    return (
        f"您好！贵单位报送的填报表有{counts}，已在各表中标出并加了批注，点“单元格”可直接跳转。"
        f"请在本工作簿中修改后，用邮件发回{office}；没有标出的内容不必重填。谢谢！"
    )


def _lines(draft: Draft, cover: Mapping[str, str], notes: Sequence[str]) -> list[_Line]:
    found = [_Line(ERROR_WORD, "", "", "全表", "", note) for note in notes]
    for mark in draft.marks:
        word = ERROR_WORD if mark.severity is Severity.ERROR else LOOK_WORD
        if mark.sheet == COVER.code:
            typed = shown(draft.form.cover.get(mark.field)) or _BLANK
            place = COVER.name, cover[mark.field], COVER.column(mark.field).header
        else:
            grid = draft.grids[mark.sheet]
            row = grid.row_of(mark.token)
            header = grid.part.sheet.column(mark.field).header if mark.field else ""
            typed = (shown(row.current(mark.field)) or _BLANK) if mark.field else "（整行）"
            name = f"{row.name or '新增问题'}　{header}".rstrip("　")
            place = grid.part.sheet.name, grid.address(mark.token, mark.field), name
        found.append(_Line(word, *place, typed, mark.message))
    return found


def _draw_line(page: Page, row: int, number: int, line: _Line, look: Look) -> None:
    table, theme = look.sheets["indicators"], look.sheets[COVER.code]
    plain = replace(
        theme.style(Part.ENTRY, ADVICE), size=11, indent=0, colour=theme.style(Part.BODY, LABEL).colour, wrap=True
    )
    middle = replace(plain, horizontal="center")
    loud = table.style(Part.ERROR if line.word == ERROR_WORD else Part.WARNING, "name")
    loud = replace(loud, horizontal="center", borders=plain.borders)
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
