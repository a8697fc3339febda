"""Write the sign-off workbook: what waits, what can be reopened, blank rows to register issues in.

Reads: a `SignoffBook`. Gives: an .xlsx file; the same input gives the same bytes. Nothing is locked: it is
the office's own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path

from tenproj_xl.core.cells import Value
from tenproj_xl.core.columns import TEXT_LIMIT, Column, Fill, Kind, Sheet
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.states import IssueState
from tenproj_xl.excel.style import Printing, Style, row_height
from tenproj_xl.excel.writer import SheetWriter, WorkbookWriter
from tenproj_xl.office.signoff import APPLICATIONS, CLOSED, REGISTRATION, SignoffBook, SignoffRow
from tenproj_xl.office.signoff_items import ITEMS, LEFT, NOT_LISTED

_INK, _GREY, _LINE = "#1F2D3D", "#6B7280", "#B7BEC8"
_TITLE = Style(font="黑体", size=16, colour=_INK)
_SMALL = Style(size=9, colour=_GREY)
_NOTE = Style(size=10.5, colour=_INK, wrap=True)
_HEADING = Style(font="黑体", size=12, colour=_INK)
_HEAD = (
    Style(font="黑体", size=10.5, colour=_INK, horizontal="center", wrap=True)
    .filled("#DCE6F1")
    .framed(1, _LINE)
)
_HEAD_INPUT = _HEAD.filled("#FCE9B8")
_CELL = Style(size=10, wrap=True).framed(1, _LINE)
_INPUT = Style(size=10.5, wrap=True).filled("#FFF9DF").framed(1, _LINE)
_LOUD = {
    "attention": replace(_CELL, colour="#9C2A10"),
    "asks": replace(_CELL, colour=_INK, bold=False).filled("#F4F8FC"),
}
_STATES: Mapping[str, str] = {IssueState.OVERDUE.label: "#F4B6A6", IssueState.DUE_SOON.label: "#FFE699"}
_TOKEN = Style(size=8, colour=_GREY)
_PRINTING = Printing()
_DAYS = date(2020, 1, 1), date(2099, 12, 31)
_TITLE_ROW, _NOTE_ROW, _BAND_ROW, _HEADER_ROW, _FIRST = range(5)
_BAND = "问题情况和申请"
_GUIDE = "销号审定说明"


@dataclass(frozen=True)
class TabLook:
    """How a tab of a workbook to decide in looks: its colour, what stands above and where it has no rows.

    `band` is over the columns that are not filled in, `height` that of a row at least.
    """

    colour: str
    note: str
    nothing: str = ""
    band: str = _BAND
    height: float = 34


_LOOKS = {
    APPLICATIONS.code: TabLook(
        "#C55A11",
        "黄色的是这一行要审定的，没有定的留空，以后再定；退回整改、不同意延期、不予协调的请写明意见。",
        "没有待审定的事项。",
    ),
    ITEMS.code: TabLook(
        "#C00000",
        "督办清单上的事项只凭决定退出：要处理的选“办结、并入、调整、核销”并写明依据，不处理的留空；"
        "决定只对所列时限的这一项有效。问题的办结、延期在“待审定”表定，这里只选并入或核销；"
        "没有列入督办清单的问题也在后面，重复、报错的可以定。",
        "督办清单上没有事项，也没有未销号的问题。",
        "督办清单上的事项",
    ),
    CLOSED.code: TabLook(
        "#548235", "需要重新挂账的，选“重新挂账”，写明整改时限和理由；其余不必填。", "本年还没有销号的问题。"
    ),
    REGISTRATION.code: TabLook(
        "#2E75B6",
        "督查核查、领导批示的问题登记在这里，一行一个；下一期填报表会带到该专班。"
        "会议议定的用 tenproj meeting 录入。",
    ),
}


def write_signoff_book(path: Path, book: SignoffBook) -> None:
    """Write the workbook."""
    workbook = new_workbook(path, book, "销号审定表")
    forces = draw_guide(workbook.sheet(_GUIDE), book, f"{book.programme.title}销号审定表", _steps(book))
    for sheet, rows in book.sheets:
        draw_tab(workbook.sheet(sheet.name), book, sheet, rows, forces, _LOOKS[sheet.code])
    workbook.close()


def new_workbook(path: Path, book: SignoffBook, title: str) -> WorkbookWriter:
    """Begin a workbook."""
    workbook = WorkbookWriter(path)
    workbook.file.set_properties(
        {
            "title": title,
            "subject": book.id_line,
            "author": book.programme.signature,
            "created": datetime.combine(book.period.first, time()),
        }
    )
    return workbook


# --- what it is and how it is used


def _steps(book: SignoffBook) -> list[str]:
    waiting, closed = len(book.rows(APPLICATIONS)), len(book.rows(CLOSED))
    applications = (
        f"“{APPLICATIONS.name}”：销号申请、建议层级、提请协调、延期申请，共{waiting}个问题，"
        "逐行审定；“办理经过”写明来龙去脉。"
    )
    others = sum(row.printed["level"] == NOT_LISTED for row in book.rows(ITEMS))
    besides = ""
    if others:
        besides = f"，后面是没有列入的未销号问题{others}个"
    items = (
        f"“{ITEMS.name}”：督办清单上的{_standing(book) - others}项{besides}。"
        "可以不再督办的，选办结、并入、调整（改时限）或核销，写明依据；决定错了的，在新生成的表里选“恢复督办”或改选。"
    )
    recording = (
        "填好后保存，运行：tenproj signoff 文件名。"
        "没有差错的行当即录入，有差错的逐格指出，改好再运行一次即可。"
    )
    return [
        applications,
        items,
        f"“{CLOSED.name}”：{book.period.year}年已销号的{closed}个问题，需要时可重新挂账。",
        f"“{REGISTRATION.name}”：{book.programme.words.office}自己登记的问题（督查核查、会议交办、领导批示）。",
        "每一行的审定都要写审定人（或会议名称）和审定日期；审定按日期计入，该日期所在的一期起生效。",
        recording,
        "本表请勿放进收件夹（inbox）：审定只认命令里指名的文件。行可以排序、筛选，行标识（隐藏列）请勿改动。",
        "审定表生成之后单位又报来新情况的，该行不会录入，请重新运行 tenproj signoff 生成新表再定。",
    ]


def _standing(book: SignoffBook) -> int:
    return sum(row.printed["state"] != LEFT for row in book.rows(ITEMS))


def draw_guide(page: SheetWriter, book: SignoffBook, title: str, said: Sequence[str]) -> str:
    """Draw the sheet that says what to do; return the range in it of the task forces to choose from."""
    page.width(0, 3)
    page.width(1, 118)
    page.write(0, 1, title, _TITLE)
    page.height(0, 34)
    page.write(1, 1, f"{book.period.full_name}　{book.id_line}", _SMALL)
    page.write(2, 1, "内部资料　注意保管", _SMALL)
    steps = [f"{n}. {text}" for n, text in enumerate(said, 1)]
    for row, line in enumerate(steps, 4):
        page.write(row, 1, line, _NOTE)
        page.height(row, row_height([(line, 118, _NOTE)], 24))
    top = 4 + len(steps) + 1
    page.write(top, 1, "专班一览", _HEADING)
    forces = next(s for s, _ in book.sheets if s.registers).column("task_force").choices
    for row, name in enumerate(forces, top + 1):
        page.write(row, 1, name, _NOTE)
    page.sheet.hide_gridlines(2)
    page.print_as(replace(_PRINTING, paper=9, landscape=False, tall=1), "", "&C第 &P 页，共 &N 页")
    return f"='{page.sheet.get_name()}'!$B${top + 2}:$B${top + 1 + len(forces)}"


# --- the tables


def draw_tab(
    page: SheetWriter, book: SignoffBook, sheet: Sheet, rows: Sequence[SignoffRow], forces: str, look: TabLook
) -> None:
    """Draw a table to decide in; `forces` is the range of the task forces to choose from."""
    columns = sheet.columns
    page.write(_TITLE_ROW, 1, sheet.name, _TITLE)
    page.height(_TITLE_ROW, 30)
    note = look.note
    if not rows:
        note = look.nothing
    page.write(_NOTE_ROW, 1, f"{note}　{book.id_line}", _SMALL)
    _draw_head(page, columns, book.programme.words.office, look.band)
    for n, row in enumerate(rows):
        _draw_row(page, _FIRST + n, columns, row, look.height)
    last = _FIRST + max(1, len(rows)) - 1
    for n, column in enumerate(columns):
        if rows and column.fill.is_input:
            page.sheet.data_validation(_FIRST, n, last, n, _rule(column, forces))
    frozen = 3
    if columns[1].field == "code":
        frozen = 4
    page.sheet.freeze_panes(_FIRST, frozen)
    page.sheet.autofilter(_HEADER_ROW, 1, last, len(columns) - 1)
    page.sheet.repeat_rows(_TITLE_ROW, _HEADER_ROW)
    page.sheet.print_area(_TITLE_ROW, 1, last, len(columns) - 1)
    page.sheet.hide_gridlines(2)
    page.sheet.set_tab_color(look.colour)
    page.print_as(_PRINTING, "", f"&L{sheet.name}　{book.period.code}&C第 &P 页，共 &N 页&R内部资料 注意保管")


def _draw_head(page: SheetWriter, columns: Sequence[Column], office: str, band: str) -> None:
    shown = [n for n, column in enumerate(columns) if column.fill is not Fill.MACHINE]
    inputs = [n for n in shown if columns[n].fill.is_input]
    for stretch in _stretches([n for n in shown if n not in inputs]):
        page.write_across(_BAND_ROW, stretch, band, _HEAD)
    for stretch in _stretches(inputs):
        page.write_across(_BAND_ROW, stretch, f"请{office}填写", _HEAD_INPUT)
    texts = []
    for n, column in enumerate(columns):
        if column.fill is Fill.MACHINE:
            page.width(n, column.width, hidden=True)
            page.write(_HEADER_ROW, n, column.header, _TOKEN)
            continue
        style = _HEAD
        if column.fill.is_input:
            style = _HEAD_INPUT
        page.width(n, column.width)
        page.write(_HEADER_ROW, n, column.header, style)
        texts.append((column.header, column.width, style))
    page.height(_BAND_ROW, 22)
    page.height(_HEADER_ROW, row_height(texts, 30))


def _stretches(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Return the first and last of consecutive numbers; one may be missing in between (a hidden column)."""
    stretches: list[tuple[int, int]] = []
    for n in numbers:
        if stretches and n - stretches[-1][1] <= 2:
            stretches[-1] = (stretches[-1][0], n)
        else:
            stretches.append((n, n))
    return stretches


def _draw_row(
    page: SheetWriter, index: int, columns: Sequence[Column], row: SignoffRow, least: float
) -> None:
    texts = []
    for n, column in enumerate(columns):
        if column.fill is Fill.MACHINE:
            page.write(index, n, row.token, _TOKEN)
            continue
        value = row.printed.get(column.field)
        style = _style(column, value)
        if column.fill.is_input and not row.wants(column.field):
            style = style.filled("")
        page.write(index, n, value, style, locked=False)
        texts.append((str(value or ""), column.width, style))
    page.height(index, row_height(texts, least))


def _style(column: Column, value: Value) -> Style:
    style = _LOUD.get(column.field, _CELL)
    if column.fill.is_input:
        style = replace(_INPUT, number_format="@")
    if column.kind is Kind.DATE:
        return replace(style, number_format="yyyy-mm-dd", horizontal="center")
    if column.fill.is_input and column.kind is Kind.CHOICE:
        return replace(style, horizontal="center")
    if column.field == "state" and isinstance(value, str):
        return replace(style.filled(_STATES.get(value, "")), horizontal="center")
    return style


def _rule(column: Column, forces: str) -> dict[str, object]:
    request = f"请{column.how}。"
    if column.choices:
        request = "请从下拉选项中选择。"
    hints: dict[str, object] = {
        "input_title": column.header,
        "input_message": request,
        "error_title": f"请核对“{column.header}”",
        "error_message": f"这里{request}",
    }
    if column.field == "task_force":
        return {"validate": "list", "source": forces, **hints}
    if column.kind is Kind.CHOICE:
        return {"validate": "list", "source": list(column.choice_labels), **hints}
    if column.kind is Kind.DATE:
        return {
            "validate": "date",
            "criteria": "between",
            "minimum": _DAYS[0],
            "maximum": _DAYS[1],
            **hints,
        }
    return {"validate": "length", "criteria": "<=", "value": TEXT_LIMIT, **hints}
