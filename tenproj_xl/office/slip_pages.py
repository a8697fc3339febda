"""Write the workbook of supervision slips: each 督办单 on a page, ready to be signed, and the register last.

Reads: slips. Gives: an .xlsx file; the same slips give the same bytes.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.periods import parse_period
from tenproj_xl.excel import style
from tenproj_xl.excel.writer import WorkbookWriter
from tenproj_xl.model.plan import Programme
from tenproj_xl.model.slips import Register, Slip
from tenproj_xl.rollup.drawing.page import Page
from tenproj_xl.rollup.drawing.table import CellLook, Field, Table, write_table
from tenproj_xl.rollup.facts.editions import PLAIN

REGISTER = "督办台账"
_WIDTHS = (15, 27, 15, 27)
_LAST = len(_WIDTHS) - 1
_RED = "#C00000"
_SONG: Mapping[str, object] = {"font_name": "仿宋", "font_size": 12, "text_wrap": True, "border": 1}
_LABEL: Mapping[str, object] = {**_SONG, "font_name": "黑体", "align": "center"}
_SIGNED = "（签字）：　　　　　　　　　　年　　月　　日"


def write_slips(path: Path, slips: Sequence[Slip], register: Register, programme: Programme) -> None:
    """Write the slips and, on the last sheet, the register as it stands."""
    book = WorkbookWriter(path)
    book.file.set_properties(
        {
            "title": f"{programme.title}督办单",
            "subject": "、".join(s.label for s in slips),
            "author": programme.signature,
            "company": programme.region,
            "created": datetime.combine(_newest(register), time(), UTC),
        }
    )
    home = REGISTER
    if slips:
        home = slips[0].label
    for slip in slips:
        _write_slip(Page(book, slip.label, PLAIN, home), slip, _earlier(slip, register), programme)
    page = Page(book, REGISTER, PLAIN, home)
    write_table(page, _table(register), "")
    page.sheet.set_footer(
        '&C&"宋体,常规"&9第 &P 页，共 &N 页&R&"宋体,常规"&9内部资料　注意保管'
    )  # it is no draft
    book.close()


def _newest(register: Register) -> date:
    """Return the day of the register's last entry; the time of writing must not change the bytes."""
    days = [slip.issued_on for slip in register.slips]
    days += [closing.closed_on for closing in register.closings.values()]
    for replies in register.replies.values():
        days += [reply.replied_on for reply in replies]
    return max(days)


def _earlier(slip: Slip, register: Register) -> str:
    """Return the slips before it on the same item: number, stage, dates, and whether they were answered."""
    told = []
    for other in register.before(slip):
        late = "逾期未反馈" if other.reply_by < slip.issued_on else "未反馈"
        became = register.late_ones(other) + late
        if register.is_answered(other):
            became = f"{_chinese(max(reply.replied_on for reply in register.replies_to(other)))}已反馈"
        elif register.closing(other):
            became = "已办结"
        told.append(f"{other.issued_as.label}{other.label}（{_chinese(other.issued_on)}签发，{became}）")
    return "；".join(told)


# --- one slip


def _write_slip(page: Page, slip: Slip, earlier: str, programme: Programme) -> None:
    sheet = page.sheet
    sheet.hide_gridlines(2)
    for n, width in enumerate(_WIDTHS):
        sheet.set_column(n, n, width)
    _write_head(page, slip, programme)
    rows: tuple[tuple[str, str, float], ...] = (
        ("督办事项", f"{slip.code}　{slip.name}", 70.0),
        ("所属工程", slip.task_force, 34.0),
        ("目前情况", slip.situation, 110.0),
        ("督办依据", slip.basis, 70.0),
        (
            "办理要求",
            _request(slip, programme),
            52.0,
        ),
    )
    _pair(page, 3, ("方　　式", f"{slip.issued_as.label}（{slip.level.label}）"), ("责任单位", slip.unit))
    row = 3
    if earlier:
        rows = (rows[0], ("此前发出", earlier, 34.0), *rows[1:])
    for label, text, least in rows:
        row += 1
        _wide(page, row, label, text, least)
    _pair(page, row + 1, ("反馈时限", _chinese(slip.reply_by)), ("签 发 人", slip.signer))
    _open(page, row + 2, "承办单位\n反　　馈", "负责人", 190)
    _open(page, row + 4, "办结情况", "督办人", 120)
    contact = ""
    if programme.contact:
        contact = f"联系人：{programme.contact}　　"
    page.write(
        row + 6, 0, f"{contact}内部资料　注意保管", {**style.NOTE, "font_name": "仿宋", "font_size": 10}
    )
    sheet.set_portrait()
    sheet.set_paper(9)
    sheet.set_margins(left=0.8, right=0.8, top=0.9, bottom=0.7)
    sheet.fit_to_pages(1, 1)
    sheet.center_horizontally()
    sheet.print_area(0, 0, row + 6, _LAST)


def _request(slip: Slip, programme: Programme) -> str:
    return (
        f"请于{_chinese(slip.reply_by)}前将办理情况填入本单，加盖公章后反馈{programme.signature}；"
        "电子版请填“督办单反馈”发回，或在下期填报表这一项写明。"
    )


def _write_head(page: Page, slip: Slip, programme: Programme) -> None:
    title = {"font_name": "黑体", "font_size": 18, "font_color": _RED, "align": "center", "shrink": True}
    name = {**title, "font_size": 26}
    line = {"font_name": "仿宋", "font_size": 12, "bottom": 5, "bottom_color": _RED}
    page.merge(0, (0, _LAST), title)
    page.write(0, 0, programme.title, title)
    page.merge(1, (0, _LAST), name)
    page.write(1, 0, "督　办　单", name)
    page.merge(2, (0, 1), line)
    page.write(2, 0, f"督办{slip.label}", line)
    page.merge(2, (2, _LAST), {**line, "align": "right"})
    page.write(2, 2, f"签发日期：{_chinese(slip.issued_on)}", {**line, "align": "right"})
    for row, height in ((0, 34), (1, 50), (2, 32)):
        page.sheet.set_row(row, height)


def _pair(page: Page, row: int, left: tuple[str, str], right: tuple[str, str]) -> None:
    page.write(row, 0, left[0], _LABEL)
    page.write(row, 1, left[1], {**_SONG, "align": "center"})
    page.write(row, 2, right[0], _LABEL)
    page.write(row, 3, right[1], {**_SONG, "align": "center"})
    page.sheet.set_row(row, max(34.0, style.text_height(right[1], _WIDTHS[3], 12)))


def _wide(page: Page, row: int, label: str, text: str, least: float) -> None:
    page.write(row, 0, label, _LABEL)
    look = {**_SONG, "indent": 1}
    page.merge(row, (1, _LAST), look)
    page.write(row, 1, text, look)
    page.sheet.set_row(row, max(least, style.text_height(text, sum(_WIDTHS[1:]), 12)))


def _open(page: Page, row: int, label: str, signer: str, height: float) -> None:
    """Draw a box to write in by hand, with a line for the signature at its foot."""
    page.merge(row, (0, 0), _LABEL, rows=2)
    page.write(row, 0, label, _LABEL)
    above = {**_SONG, "bottom": 0}
    page.merge(row, (1, _LAST), above)
    page.sheet.set_row(row, height)
    below = {**_SONG, "top": 0, "align": "right"}
    page.merge(row + 1, (1, _LAST), below)
    page.write(row + 1, 1, signer + _SIGNED, below)
    page.sheet.set_row(row + 1, 26)


def _chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


# --- the register

_F = Field[Slip]


@dataclass(frozen=True)
class _Course:
    """What became of slips, as the register tells it."""

    register: Register

    def state(self, slip: Slip) -> str:
        follower = self.register.follower(slip)
        if self.register.closing(slip):
            return "已办结"
        if self.register.is_answered(slip):
            return "已反馈"
        if follower is not None:
            return f"已再发{follower.label}"
        return "在办"

    def reply(self, slip: Slip) -> str | None:
        replies = self.register.replies_to(slip)
        told = [
            " ".join(filter(None, (f"{one.replied_on}", one.unit, f"{one.text}（{one.file}）")))
            for one in replies
        ]
        if late := self.register.late_ones(slip):
            told.append(f"待{late}反馈")
        return "\n".join(told) or None

    def follows(self, slip: Slip) -> str | None:
        return "、".join(earlier.label for earlier in self.register.before(slip)) or None

    def closed_on(self, slip: Slip) -> date | None:
        closing = self.register.closing(slip)
        return closing.closed_on if closing else None

    def outcome(self, slip: Slip) -> str | None:
        closing = self.register.closing(slip)
        return closing.outcome if closing else None


def _table(register: Register) -> Table[Slip]:
    course = _Course(register)
    return Table(
        sheet=REGISTER,
        note="全部督办单，编号按年连续；办结后注明日期和情况。",
        fields=(*_fields_of_slips(course), *_fields_of_answers(course)),
        lines=register.slips,
        fixed=2,
        empty="还没有发出督办单。",
    )


def _fields_of_slips(course: _Course) -> Iterator[_F]:
    """Yield what was issued."""
    yield _F("label", "督办单", "督办单的编号。", 13, lambda s: s.label, CellLook.WORD)
    yield _F("state", "状态", "办结、反馈了没有。", 12, course.state, CellLook.WORD)
    yield _F("level", "级别", "督办的级别。", 9, lambda s: s.level, CellLook.STATE)
    yield _F("stage", "方式", "提醒、催办、督办、再次督办或通报。", 9, lambda s: s.issued_as, CellLook.WORD)
    yield _F("follows", "此前发出", "同一事项此前发出的督办单。", 13, course.follows, CellLook.WORD)
    yield _F("code", "编号", "指标、任务或问题的编号。", 14, lambda s: s.code, CellLook.WORD)
    yield _F("name", "事项", "督办的事项。", 44, lambda s: s.name)
    yield _F("unit", "责任单位", "负责的单位。", 18, lambda s: s.unit)
    yield _F("issued_on", "签发日期", "签发的日期。", 12, lambda s: s.issued_on, CellLook.DAY)
    yield _F("reply_by", "反馈时限", "要求反馈的日期。", 12, lambda s: s.reply_by, CellLook.DAY)
    yield _F("signer", "签发人", "签发人。", 9, lambda s: s.signer, CellLook.WORD)
    yield _F("period", "依据", "依据哪一期汇总。", 16, _basis, CellLook.WORD)


def _basis(slip: Slip) -> str:
    return f"{parse_period(slip.period).dated_label}汇总"


def _fields_of_answers(course: _Course) -> Iterator[_F]:
    """Yield what was answered, and how it ended."""
    yield _F("reply", "单位反馈", "单位何时怎样反馈的。", 40, course.reply, CellLook.LONG)
    yield _F("closed_on", "办结日期", "办结的日期。", 12, course.closed_on, CellLook.DAY)
    yield _F("outcome", "办结情况", "怎样办结的。", 44, course.outcome, CellLook.LONG)
