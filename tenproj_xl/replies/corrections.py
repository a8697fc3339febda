"""Corrections: what goes back to a sender, built from values in the current form; received files are never re-saved.

Reads: the current form and the judgement of a return. Gives: the form with what was sent, the marks on it,
and what had no sure place. What a mark says is said of the form that goes back: a cell that is restored need
not be mended.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import cached_property

from tenproj_xl.core.catalogue import Code, Severity
from tenproj_xl.core.cells import Value
from tenproj_xl.core.columns import Fill
from tenproj_xl.core.findings import Finding, Place, quoted
from tenproj_xl.core.parse import canonical, text_of
from tenproj_xl.core.periods import parse_period
from tenproj_xl.core.sheets import COVER, SENT_SHEET
from tenproj_xl.forms.content import Form, FormRow, FormSheet
from tenproj_xl.forms.layout import Letter, Mark, SentRow, shown
from tenproj_xl.forms.unplaced_rows import line_numbers
from tenproj_xl.model.units import spoken_code
from tenproj_xl.recognition.identify import Return
from tenproj_xl.recognition.rows import ReadRow
from tenproj_xl.replies.placement import Left, Placed, Placing, placing
from tenproj_xl.validation.judge import JudgedReturn

_OF_ROWS = (
    Code.ROW_TWICE,
    Code.ROW_UNKNOWN,
    Code.ROW_FOREIGN,
    Code.ROW_NOTE,
    Code.KEYS_DISAGREE,
    Code.ROWS_SHIFTED,
)
"""Findings about rows that were left out: what is said of them hangs on where they are now."""


def refill(form: Form, judged: JudgedReturn) -> tuple[Form, list[Mark], Letter]:
    """The current form with what was sent, the marks on it, and what else is to be said."""
    where = placing(form, judged)
    filled = {p.token: p.values for p in where.placed}
    sheets = tuple(FormSheet(p.sheet, tuple(_filled(r, filled) for r in p.rows)) for p in form.sheets)
    new = replace(form, sheets=sheets, cover=_cover(form, judged))
    answer = _Answer(new, judged, where)
    return new, list(answer.marks()), Letter(answer.sent, answer.moved_from)


def _filled(row: FormRow, filled: Mapping[str, Mapping[str, Value]]) -> FormRow:
    return replace(row, filled=filled[row.token]) if row.token in filled else row


def _cover(form: Form, judged: JudgedReturn) -> dict[str, Value]:
    """What stands on the cover: as understood, or as typed where that is what is found fault with."""
    faulty = {f.cell for f in judged.findings if f.sheet == judged.source.cover_tab}
    typed = {
        name: text_of(judged.source.cover.get(name))
        for name, cell in judged.source.cover_cells.items()
        if cell in faulty and judged.cover.get(name) is None
    }
    said = {
        **{k: v for k, v in judged.cover.items() if v is not None},
        **{k: v for k, v in typed.items() if v},
    }
    return {**form.cover, **said}


@dataclass(frozen=True)
class _Answer:
    """What is said of a form that goes back."""

    form: Form
    judged: JudgedReturn
    where: Placing

    @property
    def source(self) -> Return:
        return self.judged.source

    @property
    def moved_from(self) -> str:
        """The period whose form was sent, if that was not the one that is due."""
        said = (f.value for f in self.judged.findings if f.code is Code.OTHER_PERIOD)
        return next(said, parse_period(self.source.period).label) if self.where.moved else ""

    @cached_property
    def sent(self) -> tuple[SentRow, ...]:
        """The lines of 原填内容."""
        return tuple(_sent(left, self._why(left)) for left in self.where.left)

    @cached_property
    def rows(self) -> Mapping[str, FormRow]:
        """The form's rows by token."""
        return {row.token: row for part in self.form.sheets for row in part.rows}

    @cached_property
    def tabs(self) -> Mapping[str, str]:
        """The codes of sheets by the name that they have in the form, or had in the sender's file."""
        rows = (*self.source.rows, *(u.row for u in self.source.unplaced))
        declared = {part.sheet.name: part.sheet.code for part in self.form.sheets} | {COVER.name: COVER.code}
        return declared | {row.tab: row.sheet.code for row in rows}

    @cached_property
    def cells(self) -> Mapping[tuple[str, str], tuple[Placed, str]]:
        """The row and field of each cell that was judged, by its place in the sender's file."""
        return {
            (p.row.tab, p.row.table_row.address(c.field)): (p, c.field)
            for p in self.where.placed
            if p.entry
            for c in reversed(p.row.sheet.columns)
        }

    def marks(self) -> Iterator[Mark]:
        """Everything that is to be said."""
        if self.where.moved:
            yield self._moved()
            yield from self._old_periods()
        for f in self.judged.findings:
            if f.is_open:
                yield from self._about(f)
        for p in self.where.placed:
            yield from _of_put_back(p)
        yield from self._missing_columns()
        yield from self._left_rows()

    # --- what was found

    def _about(self, f: Finding) -> Iterator[Mark]:
        on_cover = {cell: name for name, cell in self.source.cover_cells.items()}
        if f.sheet == self.source.cover_tab and f.cell in on_cover:
            yield self._on_cover(f, on_cover[f.cell])
        elif (f.sheet, f.cell) in self.cells:
            yield self._in_cell(f, *self.cells[f.sheet, f.cell])
        elif f.code in _OF_ROWS:
            yield from self._of_idle_rows(f)
        elif not self._is_said_elsewhere(f):
            yield Mark(self.tabs.get(f.sheet, ""), "", "", *self._said_of_all(f))

    def _on_cover(self, f: Finding, name: str) -> Mark:
        typed = text_of(self.source.cover.get(name))
        message = _without_place(f, COVER.column(name).header)
        if f.code is Code.COVER_BLANK and (stands := shown(self.form.cover.get(name))):
            message = f"没有填写，已填为{quoted(stands)}，请核对。"
        return Mark(COVER.code, "", name, f.severity, message, typed, kind=f.code.rule.title)

    def _in_cell(self, f: Finding, p: Placed, name: str) -> Mark:
        sheet, typed, message = p.row.sheet.code, text_of(p.row.table_row.cells.get(name)), f.message
        if f.code is Code.ROW_NEW:
            message = f"这一行是在原表第{p.row.number}行自行添加的，已移到登记新问题的空行，请核对。"
            return Mark(sheet, p.token, "", f.severity, message)
        if f.code is Code.ROW_OF_OTHERS:
            message = _without_place(f, p.row.name).replace("请恢复原样", "这一行已恢复原样")
            return Mark(sheet, p.token, name, Severity.WARNING, message, typed)
        if f.code is Code.OFFICE_EDITED:
            stands = shown(self.rows[p.token].printed.get(name))
            restored = f"已恢复为{quoted(stands)}" if stands else "已恢复为空白"
            message = f"这一栏由总专班办公室填写，{restored}，请核对；确需调整的，请另行报告。"
            return Mark(sheet, p.token, name, Severity.WARNING, message, typed, kind=f.code.rule.title)
        return Mark(
            sheet, p.token, name, f.severity, _without_place(f, p.row.name), typed, kind=f.code.rule.title
        )

    def _is_said_elsewhere(self, f: Finding) -> bool:
        """True of what is said of a row that is listed as a whole, of a column that is marked, of the whole answer."""
        if f.code is Code.OTHER_PERIOD or (f.code is Code.COLUMN_MISSING and f.is_error):
            return True
        rows = (e.row for e in self.judged.entries)
        return any(f.sheet == row.tab and f.cell and Place(cell=f.cell).row == row.number for row in rows)

    def _of_idle_rows(self, f: Finding) -> Iterator[Mark]:
        """A word about rows in which nothing was written; of the others something is said where they are now."""
        rows = [u.row for u in self.source.unplaced if u.reason is f.code and u.row.tab == f.sheet]
        listed = {id(left.row) for left in self.where.left}
        if f.code is Code.KEYS_DISAGREE and not any(id(row) in listed for row in rows):
            message = "贵单位发来的这张表有几行行次乱了，没有填新的内容，这里已恢复原样。"
            yield Mark(self.tabs[f.sheet], "", "", Severity.WARNING, message)

    # --- sheets and columns

    def _said_of_all(self, f: Finding) -> tuple[Severity, str]:
        """What is said of a sheet, or of the file, now that the form is whole again."""
        match f.code:
            case Code.SHEET_MISSING:
                return f.severity, "贵单位发来的文件中没有这张工作表，这里已补上，请填写。"
            case Code.SHEET_FOREIGN:
                rows = [left.row for left in self.where.left if left.row.tab == f.sheet]
                advice = "请对照填到这里" if f.is_error else "需要的请对照填到这里"
                if any(row.issued and row.issued.recipient != self.source.recipient for row in rows):
                    advice = "请填到它自己的填报表中发送"
                listed = f"填的内容列在“{SENT_SHEET}”，{advice}" if rows else "其中没有填新的内容"
                whose = f"是{_whose(rows[0])}的" if rows else "不是本期的"
                return f.severity, f"贵单位发来的工作表{quoted(f.sheet)}{whose}，未接收；{listed}。"
            case Code.SHEET_TWICE:
                said = "贵单位发来的文件中这张工作表有两份，填的内容不一样，未接收"
                return Severity.WARNING, f"{said}；内容不冲突的行已填回，有冲突的已标出。"
            case Code.COLUMN_TWICE:
                column = re.sub(r".*?(“.+?”列)出现了两次.*", r"\1", f.message)
                said = f"贵单位发来的表里{column}有两处，未接收"
                return Severity.WARNING, f"{said}；内容不冲突的已填回，有冲突的已标出。"
        return f.severity, re.sub(r"^第\d+行", "", f.message)

    def _missing_columns(self) -> Iterator[Mark]:
        """The columns that a sheet lacked: its other cells are put back, these are to be filled."""
        errors = {f.sheet for f in self.judged.findings if f.code is Code.COLUMN_MISSING and f.is_error}
        for tab in sorted(errors):
            row = next((u.row for u in self.source.unplaced if u.row.tab == tab), None)
            if row is None:
                message = f"贵单位发来的工作表{quoted(tab)}缺少列，未接收，请在本工作簿中填写。"
                yield Mark(self.tabs.get(tab, ""), "", "", Severity.ERROR, message)
                continue
            known, sheet = row.table_row.positions, row.sheet
            for column in (c for c in sheet.inputs if c.field not in known):
                message = f"贵单位发来的表里没有“{column.header}”列；其余内容已填回，请补填这一列，没有内容的可以空着。"
                yield Mark(sheet.code, "", column.field, Severity.ERROR, message)

    # --- another period's form

    def _moved(self) -> Mark:
        message = f"这些内容原来填在{self.moved_from}的表中，已搬到本期的表；请逐项核对、补充后发回。"
        return Mark("", "", "", Severity.WARNING, message, kind=Code.OTHER_PERIOD.rule.title)

    def _old_periods(self) -> Iterator[Mark]:
        """Figures whose period is not the one that is asked for now."""
        for p in self.where.placed:
            asked, given = self.rows[p.token].printed.get("data_period"), p.values.get("data_period")
            if p.values.get("value") is not None and asked and given and canonical(asked) != canonical(given):
                message = f"这是{shown(given)}的数，本期应报{shown(asked)}的数，请核对。"
                yield Mark(p.row.sheet.code, p.token, "data_period", Severity.WARNING, message)

    # --- rows that were left out

    def _left_rows(self) -> Iterator[Mark]:
        lines = dict(zip(map(id, self.where.left), line_numbers(self.sent), strict=True))
        concerned: dict[str, list[Left]] = {}
        for left in self.where.left:
            for token in left.tokens:
                concerned.setdefault(token, []).append(left)
            if not left.tokens and left.reason is not Code.SHEET_FOREIGN:
                yield self._nowhere(left, lines[id(left)])
        for token, rows in concerned.items():
            numbers = [lines[id(left)] for left in rows]
            spoken = "、".join(map(str, numbers))
            message = f"这一行未接收，请对照“{SENT_SHEET}”第{spoken}行重新填写（{self._why(rows[0])}）。"
            yield Mark(rows[0].row.sheet.code, token, "", Severity.ERROR, message, line=numbers[0])

    def _nowhere(self, left: Left, line: int) -> Mark:
        is_owed = left.reason not in (None, Code.ROW_NOTE)
        severity = Severity.ERROR if is_owed and left.row.is_written else Severity.WARNING
        advice = f"；需要报送的，请对照“{SENT_SHEET}”第{line}行填到原有的行内" if is_owed else "，请核对"
        message = f"{self._why(left)}，没有填回{advice}。"
        spoken = left.row.name or next(iter(_first_texts(left.row)), "")
        return Mark(left.row.sheet.code, "", "", severity, message, spoken, line)

    def _why(self, left: Left) -> str:
        match left.reason:
            case None if left.row.sheet.spare_rows and not left.row.issued:
                return "登记新问题的空行不够"
            case None:
                return "本期的表中没有这一项" + ("，内容已存档" if left.accepted else "")
            case Code.ROW_FOREIGN | Code.SHEET_FOREIGN:
                return f"是{_whose(left.row)}的内容"
        return _REASONS[left.reason]


_REASONS = {
    Code.KEYS_DISAGREE: "行的各部分对不上，可能只对部分列排了序，或贴错了行",
    Code.ROW_TWICE: "同一项有两行，填的内容不一样",
    Code.SHEET_TWICE: "同一张工作表有两份，填的内容不一样",
    Code.ROW_UNKNOWN: "这一行不是下发的行",
    Code.ROW_NOTE: "这一行是合计或说明",
    Code.ROWS_SHIFTED: "整块内容像是往下贴错了行",
    Code.COLUMN_MISSING: "同一项有两行，填的内容不一样",
    Code.COLUMN_TWICE: "同一项有两行，填的内容不一样",
}


def _of_put_back(p: Placed) -> Iterator[Mark]:
    """What is to be said of a row that had been left out and is put back all the same."""
    if p.unplaced and p.unplaced.reason is Code.ROW_TWICE:
        numbers = sorted([p.row.number, *(row.number for row in p.others)])
        spoken = "、".join(map(str, numbers))
        message = f"贵单位发来的表里第{spoken}行是同一项，内容没有冲突，已合为一行，请核对。"
        yield Mark(p.row.sheet.code, p.token, "", Severity.WARNING, message)
    for name, (first, second) in p.disputed.items():
        message = (
            f"贵单位发来的表里这一列有两处，分别填了{quoted(first)}和{quoted(second)}，请填写正确的一个。"
        )
        yield Mark(p.row.sheet.code, p.token, name, Severity.ERROR, message, f"{first} / {second}")


def _without_place(f: Finding, name: str) -> str:
    """A finding's text without the place in the sender's file, where the row may have stood elsewhere."""
    text = re.sub(r"^第\d+行", "", f.message)
    return text.removeprefix(quoted(name) if name else "").removeprefix("：")


def _whose(row: ReadRow) -> str:
    """Whose form a row was printed in."""
    if row.issued is None:
        return "其他填报表"
    return f"{parse_period(row.issued.period).label}{spoken_code(row.issued.recipient)}"


def _sent(left: Left, why: str) -> SentRow:
    row = left.row
    fields = [c.field for c in row.sheet.columns if c.fill.is_input or c.field in ("code", "name")]
    cells = {name: _as_typed(row.table_row.cells.get(name)) for name in fields}
    if all(value in (None, "") for value in cells.values()):
        cells["code"] = next(iter(_first_texts(row)), None)
    return SentRow(row.sheet, row.tab, row.number, why, cells, left.tokens)


def _first_texts(row: ReadRow) -> Sequence[str]:
    machine = [c.field for c in row.sheet.columns if c.fill is Fill.MACHINE]
    return [text for name, c in row.table_row.cells.items() if name not in machine and (text := text_of(c))]


def _as_typed(cell: object) -> Value:
    """A cell as it was typed; numbers and dates stay what they are, so that copies of them do too."""
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date()
    return (
        cell if isinstance(cell, float | date) and not isinstance(cell, datetime) else text_of(cell) or None
    )
