"""修改清单: the first sheet of a workbook that goes back for correction. It says what to do, cell by cell, with links.

Reads: a `Draft` with its marks and its letter. Gives: one drawn sheet.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tenproj_xl.core.catalogue import Severity
from tenproj_xl.core.findings import Point, finding_groups, quoted
from tenproj_xl.core.sheets import COVER, SENT_SHEET, TODO_SHEET
from tenproj_xl.excel.look import ADVICE, LABEL, Look, Part
from tenproj_xl.excel.style import Style, row_height
from tenproj_xl.excel.writer import SheetWriter
from tenproj_xl.forms.layout import Draft, Grid, Mark, shown

_WORDS = {Severity.ERROR: "须更正", Severity.WARNING: "请核对", Severity.QUESTION: "有疑问"}


@dataclass(frozen=True)
class _Line:
    severity: Severity
    sheet: str
    cell: str
    row: str
    found: str
    message: str
    kind: str

    @property
    def point(self) -> Point:
        """The line as it is said elsewhere."""
        name, _, column = self.row.partition("　")
        message = (
            f"{quoted(name)}{column}：{self.message}"
            if self.cell and self.row not in _WHOLE
            else self.message
        )
        return Point(self.severity, self.kind, self.sheet, self.cell, message)


_COLUMNS = (
    ("序号", 6.0),
    ("类别", 9.0),
    ("工作表", 17.0),
    ("单元格", 9.0),
    ("行", 30.0),
    ("填报内容", 28.0),
    ("需要怎么改", 58.0),
)
_FIRST = 4
_WHOLE = ("全表", "整张表")
_BLANK, _LONG = "（空）", 60
_MESS, _FIRST_THINGS = 8, 5
"""More errors than this are a mess, of which the letter names the first things to do."""


def draw_todo(page: SheetWriter, draft: Draft, cover: Mapping[str, str]) -> list[Point]:
    """What the list says that was drawn: errors first, then what is only to be looked at.

    Args:
        page: Where to draw.
        draft: The form with its marks.
        cover: The addresses of the cover's inputs.
    """
    form, look = draft.form, draft.look
    lines = [
        _line(mark, draft, cover) for mark in sorted(draft.marks, key=lambda m: _reading_order(m, draft))
    ]
    theme, table = draft.cover, look.sheets["indicators"]
    last = len(_COLUMNS)
    page.width(0, 2)
    for n, (_, width) in enumerate(_COLUMNS, 1):
        page.width(n, width)
    heading = replace(theme.style(Part.TITLE, LABEL), horizontal="")
    page.write_across(0, (1, last), f"{TODO_SHEET}　{form.recipient.spoken}", heading)
    page.height(0, theme.heights[Part.TITLE])
    page.write_across(1, (1, last), form.id_line, replace(theme.style(Part.ID, LABEL), horizontal=""))
    body, greeting = theme.style(Part.BODY, LABEL), _greeting(draft) + _first_things(lines)
    page.write_across(2, (1, last), greeting, body)
    page.height(2, row_height([(greeting, sum(w for _, w in _COLUMNS), body)], 26))
    for n, (header, _) in enumerate(_COLUMNS, 1):
        page.write(_FIRST - 1, n, header, table.style(Part.HEADER, "code"))
    page.height(_FIRST - 1, 28)
    for n, line in enumerate(lines):
        _draw_line(page, _FIRST + n, n + 1, line, look)
    page.sheet.freeze_panes(_FIRST, 0)
    page.sheet.repeat_rows(_FIRST - 1)
    page.sheet.hide_gridlines(2)
    page.print_as(replace(theme.printing, landscape=True, wide=1, tall=0), *draft.running(theme))
    page.protect()
    return [line.point for line in lines]


def _greeting(draft: Draft) -> str:
    """The letter: what was found, what was left out, what to do."""
    form, moved, left = draft.form, draft.letter.moved_from, len(draft.letter.rows)
    found = Counter(mark.severity for mark in draft.marks)
    counts = "、".join(f"{found[severity]}处{word}" for severity, word in _WORDS.items() if found[severity])
    if moved:
        said = f"贵单位发来的是{moved}的填报表，本次应报{form.period.label}；填的内容已搬到本工作簿，有{counts}，见下表。"
    else:
        said = f"贵单位报送的填报表有{counts}，见下表；点“单元格”可直接跳转。"
    if left:
        said += f"有{left}行未接收，照原样列在“{SENT_SHEET}”，请对照填到各表中。"
    rows = [row for part in form.sheets for row in part.rows]
    kept = any(row.printed.get(name) != value for row in rows for name, value in row.filled.items())
    rest = "下表没有列出的内容不必重填，" if kept and not moved else ""
    asked = "逐项核对、补充后" if moved else "改好或核对后"
    return f"您好！{said}{rest}{asked}请把本工作簿用邮件发回{form.programme.signature}。谢谢！"


def _first_things(lines: Sequence[_Line]) -> str:
    """Where to begin when a form is a mess, "" for one that is not."""
    errors = [line.point for line in lines if line.severity is Severity.ERROR]
    if len(errors) <= _MESS:
        return ""
    heads = [
        gist.head if len(gist.points) > 1 else gist.sentence.rstrip("。") for gist in finding_groups(errors)
    ]
    more = "；其余逐条见下表" if len(heads) > _FIRST_THINGS else ""
    numbered = "；".join(f"{n}. {head}" for n, head in enumerate(heads[:_FIRST_THINGS], 1))
    return f"\n要改的较多，建议先改这几类：{numbered}{more}。"


def _reading_order(mark: Mark, draft: Draft) -> tuple[int, int, int, int]:
    """Errors first, questions last; then what holds for the whole file, then sheet by sheet as one reads them."""
    sheets = ["", COVER.code, *draft.grids]
    row = column = 0
    if mark.sheet == COVER.code and mark.field:
        row = [c.field for c in COVER.columns].index(mark.field) + 1
    elif mark.sheet in draft.grids:
        grid = draft.grids[mark.sheet]
        row = grid.rows[mark.token] if mark.token else mark.line and grid.last_row + mark.line
        column = grid.positions[mark.field] if mark.field else 0
    return list(_WORDS).index(mark.severity), sheets.index(mark.sheet), row, column


def _line(mark: Mark, draft: Draft, cover: Mapping[str, str]) -> _Line:
    return _Line(mark.severity, *_place(mark, draft, cover), mark.message, mark.kind)


def _place(mark: Mark, draft: Draft, cover: Mapping[str, str]) -> tuple[str, str, str, str]:
    """Sheet, address, what a person calls the place, and what the sender had put there."""
    if not mark.sheet:
        return "", "", _WHOLE[0], ""
    if mark.sheet == COVER.code and mark.field:
        typed = draft.form.cover.get(mark.field)
        return COVER.name, cover[mark.field], COVER.column(mark.field).header, _typed(mark, shown(typed))
    if mark.sheet == COVER.code:
        return COVER.name, "", _WHOLE[1], ""
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
        return SENT_SHEET, f"B{mark.line}", f"{sheet.name}　未接收的行", mark.typed or "（整行）"
    if mark.field:
        return sheet.name, grid.address("", mark.field), f"{header}　整列", ""
    return sheet.name, grid.address("", ""), _WHOLE[1], ""


def _typed(mark: Mark, stands: str) -> str:
    """What the sender had put there; the beginning of a long text that stands in the cell anyway."""
    typed = (stands if mark.typed is None else mark.typed) or _BLANK
    return f"{typed[:_LONG]}…" if len(typed) > _LONG and typed == stands else typed


def _draw_line(page: SheetWriter, row: int, number: int, line: _Line, look: Look) -> None:
    table, theme = look.sheets["indicators"], look.sheets[COVER.code]
    plain = replace(
        theme.style(Part.ENTRY, ADVICE),
        size=11,
        indent=1,
        colour=theme.style(Part.BODY, LABEL).colour,
        wrap=True,
    )
    middle = replace(plain, horizontal="center", indent=0)
    loud = table.style(Part.ERROR if line.severity is Severity.ERROR else Part.WARNING, "name")
    loud = replace(loud, horizontal="center", indent=0, borders=plain.borders)
    texts: tuple[tuple[str, Style], ...] = (
        (str(number), middle),
        (_WORDS[line.severity], loud),
        (line.sheet or "—", middle),
        (line.cell or "—", middle),
        (line.row, plain),
        (line.found, plain),
        (line.message, plain),
    )
    for n, (text, style) in enumerate(texts, 1):
        page.write(row, n, text, style)
    if line.cell:
        link = page.book.format(replace(middle, colour="#1F4E9E", underline=1))
        target = f"internal:'{line.sheet}'!{line.cell}"
        page.sheet.write_url(row, 4, target, link, line.cell, f"转到{line.sheet} {line.cell}")
    widths = (width for _, width in _COLUMNS)
    page.height(row, row_height(((t, w, s) for (t, s), w in zip(texts, widths, strict=True)), 28))
