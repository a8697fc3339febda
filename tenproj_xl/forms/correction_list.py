"""修改清单: the first sheet of a correction: what to do, cell by cell, with links.

Reads: a `Draft` with its marks and its letter. Gives: one sheet.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import field, replace

from tenproj_xl.core.catalogue import Severity
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.findings import Point, finding_groups, quoted
from tenproj_xl.core.sheets import CORRECTION_SHEET, COVER, SENT_SHEET
from tenproj_xl.excel.look import ADVICE, LABEL, Look, Part
from tenproj_xl.excel.style import Style, row_height
from tenproj_xl.excel.writer import SheetWriter
from tenproj_xl.forms.form import FormRow
from tenproj_xl.forms.layout import Draft, Grid, Mark, shown

_WORDS = {Severity.ERROR: "须更正", Severity.WARNING: "请核对", Severity.QUESTION: "有疑问"}


@dataclass(frozen=True)
class _Place:
    """Where a mark is: sheet, address, what a person calls the place, and what the sender had put there."""

    sheet: str
    cell: str
    name: str
    typed: str = ""


@dataclass(frozen=True)
class _Line:
    """A line of the list."""

    mark: Mark
    place: _Place

    @property
    def severity(self) -> Severity:
        """How serious the mark is."""
        return self.mark.severity

    @property
    def point(self) -> Point:
        """The line as letters quote it."""
        message = self.mark.message
        if self.place.sheet == SENT_SHEET:
            message = f"{quoted(self.place.typed)}：{message}"
        elif self.place.cell and self.place.name not in _WHOLE:
            name, _, column = self.place.name.partition("　")
            message = f"{quoted(name)}{column}：{message}"
        in_row = bool(self.mark.token)
        return Point(self.severity, self.mark.kind, self.place.sheet, self.place.cell, message, in_row=in_row)


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
_MANY_ERRORS, _FIRST_GROUPS = 8, 5
"""If there are more errors than this, the greeting names the first groups of them to correct."""


@dataclass(frozen=True, kw_only=True)
class CorrectionList:
    """What was written: its points, errors first, and all of its texts."""

    points: list[Point] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


def write_correction_list(page: SheetWriter, draft: Draft, cover: Mapping[str, str]) -> CorrectionList:
    """Write the list and return what it says.

    Args:
        page: Where to write.
        draft: The form with its marks.
        cover: The addresses of the cover's inputs.
    """
    form, look = draft.form, draft.look
    marks = sorted(draft.marks, key=lambda mark: _reading_order(mark, draft))
    lines = [_Line(mark, _place(mark, draft, cover)) for mark in marks]
    theme, table = draft.cover, look.sheets["indicators"]
    last = len(_COLUMNS)
    page.width(0, 2)
    for n, (_, width) in enumerate(_COLUMNS, 1):
        page.width(n, width)
    heading = replace(theme.style(Part.TITLE, LABEL), horizontal="")
    title = f"{CORRECTION_SHEET}　{form.recipient.spoken}"
    page.write_across(0, (1, last), title, heading)
    page.height(0, theme.heights[Part.TITLE])
    page.write_across(1, (1, last), form.id_line, replace(theme.style(Part.ID, LABEL), horizontal=""))
    body, greeting = theme.style(Part.BODY, LABEL), _greeting(draft) + _first_groups(lines)
    page.write_across(2, (1, last), greeting, body)
    width = sum(width for _, width in _COLUMNS)
    page.height(2, row_height([(greeting, width, body)], 26))
    for n, (header, _) in enumerate(_COLUMNS, 1):
        page.write(_FIRST - 1, n, header, table.style(Part.HEADER, "code"))
    page.height(_FIRST - 1, 28)
    texts = [title, form.id_line, greeting, *(header for header, _ in _COLUMNS)]
    for n, line in enumerate(lines):
        texts += _write_line(page, _FIRST + n, n + 1, line, look)
    page.sheet.freeze_panes(_FIRST, 0)
    page.sheet.repeat_rows(_FIRST - 1)
    page.sheet.hide_gridlines(2)
    page.print_as(replace(theme.printing, landscape=True, wide=1, tall=0), *draft.running(theme))
    page.protect()
    return CorrectionList(points=[line.point for line in lines], texts=texts)


def _greeting(draft: Draft) -> str:
    """Return the letter at the top: what was found, what was left out, what to do."""
    form, moved, unplaced = draft.form, draft.letter.moved_from, len(draft.letter.rows)
    found = Counter(mark.severity for mark in draft.marks)
    counts = "、".join(f"{found[severity]}处{word}" for severity, word in _WORDS.items() if found[severity])
    if moved:
        letter = f"贵单位发来的是{moved}的填报表，本次应报{form.period.label}；"
        letter += f"填的内容已搬到本工作簿，有{counts}，见下表。"
    else:
        letter = f"贵单位报送的填报表有{counts}，见下表；点“单元格”可直接跳转。"
    if unplaced:
        letter += f"有{unplaced}行未接收，照原样列在“{SENT_SHEET}”，请按其中“填到”一栏填写。"
    if moved:
        letter += "逐项核对、补充后"
    elif any(_is_refilled(row) for row in form.rows):
        letter += "下表没有列出的内容不必重填，改好或核对后"
    else:
        letter += "改好或核对后"
    by = f"用{form.settings.channel}发回{form.programme.whom_to_ask}"
    return f"您好！{letter}请把本工作簿{by}。谢谢！"


def _is_refilled(row: FormRow) -> bool:
    """Return whether a row holds something that the sender had put there."""
    return any(row.printed.get(field) != value for field, value in row.filled.items())


def _first_groups(lines: Sequence[_Line]) -> str:
    """Return where to begin when there are many errors, "" if there are few."""
    errors = [line.point for line in lines if line.severity is Severity.ERROR]
    if len(errors) <= _MANY_ERRORS:
        return ""
    groups = finding_groups(errors)
    numbered = []
    for n, group in enumerate(groups[:_FIRST_GROUPS], 1):
        head = group.head if len(group.points) > 1 else group.sentence.rstrip("。")
        numbered.append(f"{n}. {head}")
    begin = "\n要改的较多，建议先改这几类：" + "；".join(numbered)
    if len(groups) > _FIRST_GROUPS:
        begin += "；其余逐条见下表"
    return f"{begin}。"


def _reading_order(mark: Mark, draft: Draft) -> tuple[int, int, int, int]:
    """Return a sort key: errors first, then warnings; the whole file first, then sheets, rows and columns."""
    sheets = ["", COVER.code, *draft.grids]
    row = column = 0
    if mark.sheet == COVER.code and mark.field:
        row = [c.field for c in COVER.columns].index(mark.field) + 1
    elif mark.sheet in draft.grids:
        grid = draft.grids[mark.sheet]
        if mark.token:
            row = grid.rows[mark.token]
        elif mark.line:
            row = grid.last_row + mark.line
        if mark.field:
            column = grid.positions[mark.field]
    return list(_WORDS).index(mark.severity), sheets.index(mark.sheet), row, column


def _place(mark: Mark, draft: Draft, cover: Mapping[str, str]) -> _Place:
    if not mark.sheet:
        return _Place("", "", _WHOLE[0])
    if mark.sheet == COVER.code and mark.field:
        stands = shown(draft.form.cover.get(mark.field))
        header = COVER.column(mark.field).header
        return _Place(COVER.name, cover[mark.field], header, _typed(mark, stands))
    if mark.sheet == COVER.code:
        return _Place(COVER.name, "", _WHOLE[1])
    return _place_in_grid(mark, draft.grids[mark.sheet])


def _place_in_grid(mark: Mark, grid: Grid) -> _Place:
    sheet = grid.part.sheet
    if mark.token:
        row, cell = grid.row_of(mark.token), grid.address(mark.token, mark.field)
        name = row.name or "新增问题"
        if not mark.field:
            return _Place(sheet.name, cell, name, "（整行）")
        name += f"　{sheet.column(mark.field).header}"
        return _Place(sheet.name, cell, name, _typed(mark, shown(row.current(mark.field))))
    if mark.line:
        return _Place(SENT_SHEET, f"B{mark.line}", f"{sheet.name}　未接收的行", mark.typed or "（整行）")
    if mark.field:
        header = sheet.column(mark.field).header
        return _Place(sheet.name, grid.address("", mark.field), f"{header}　整列")
    return _Place(sheet.name, grid.address("", ""), _WHOLE[1])


def _typed(mark: Mark, stands: str) -> str:
    """Return what the sender had put there, cut if it is long and stands in the cell anyway."""
    typed = stands if mark.typed is None else mark.typed
    if not typed:
        return _BLANK
    if len(typed) > _LONG and typed == stands:
        return f"{typed[:_LONG]}…"
    return typed


def _write_line(page: SheetWriter, row: int, number: int, line: _Line, look: Look) -> list[str]:
    """Write a line and return its texts."""
    table, theme = look.sheets["indicators"], look.sheets[COVER.code]
    plain = replace(
        theme.style(Part.ENTRY, ADVICE),
        size=11,
        indent=1,
        colour=theme.style(Part.BODY, LABEL).colour,
        wrap=True,
    )
    middle, place = replace(plain, horizontal="center", indent=0), line.place
    loud = table.style(line.mark.part, "name")
    loud = replace(loud, horizontal="center", indent=0, borders=plain.borders)
    texts: tuple[tuple[str, Style], ...] = (
        (str(number), middle),
        (_WORDS[line.severity], loud),
        (place.sheet or "—", middle),
        (place.cell or "—", middle),
        (place.name, plain),
        (place.typed, plain),
        (line.mark.message, plain),
    )
    sized = []
    for n, ((text, style), (_, width)) in enumerate(zip(texts, _COLUMNS, strict=True), 1):
        page.write(row, n, text, style)
        sized.append((text, width, style))
    if place.cell:
        link = replace(middle, colour="#1F4E9E", underline=1)
        tip = f"转到{place.sheet} {place.cell}"
        page.link(row, 4, f"'{place.sheet}'!{place.cell}", link, place.cell, tip)
    page.height(row, row_height(sized, 28))
    return [text for text, _ in texts]
