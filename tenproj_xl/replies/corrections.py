"""Corrections: what goes back to a sender, built from values in the current form.

Reads: the current form and the judgement of a return. Gives: the form with what was sent, the marks on it,
and what had no sure place. Received files are never re-saved. A mark speaks of the form that goes back: where
a cell is restored, the sender need not mend it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from functools import cached_property

from tenproj_xl.core.catalogue import Code, Severity
from tenproj_xl.core.cells import Value
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.findings import Finding, Place, quoted
from tenproj_xl.core.periods import parse_period
from tenproj_xl.core.sheets import COVER, KEY, KEY2, SENT_SHEET
from tenproj_xl.core.texts import canonical, text_of
from tenproj_xl.forms.form import Form, FormRow, FormSheet
from tenproj_xl.forms.layout import Letter, Mark, SentRow, shown
from tenproj_xl.forms.unplaced_rows import line_numbers
from tenproj_xl.model.history import History
from tenproj_xl.model.units import is_unit, spoken_code
from tenproj_xl.recognition.identify import Return
from tenproj_xl.recognition.rows import ReadRow
from tenproj_xl.replies.placement import PlacedRow, Placement, UnplacedRow, place_rows
from tenproj_xl.validation.judge import JudgedReturn

_OF_ROWS = (
    Code.ROW_TWICE,
    Code.ROW_UNKNOWN,
    Code.ROW_FOREIGN,
    Code.ROW_NOTE,
    Code.KEYS_DISAGREE,
    Code.ROWS_SHIFTED,
)
"""Findings about rows that were left out: their marks depend on where the rows are now."""
_UNPLACED = "未接收的行"
"""What the marks about rows without a sure place are called together."""


def refill(form: Form, judged: JudgedReturn, known: History) -> tuple[Form, list[Mark], Letter]:
    """Return the current form with what was sent, the marks on it, and what else the correction says.

    `known` is what was accepted before.
    """
    placement = place_rows(form, judged, known)
    filled = {placed.token: placed.values for placed in placement.placed}
    sheets = []
    for part in form.sheets:
        rows = [replace(row, filled=filled.get(row.token, row.filled)) for row in part.rows]
        sheets.append(FormSheet(part.sheet, tuple(rows)))
    refilled = replace(form, sheets=tuple(sheets), cover=_cover(form, judged))
    correction = _Correction(refilled, judged, placement)
    return refilled, list(correction.marks()), Letter(correction.sent_rows, correction.moved_from)


def _cover(form: Form, judged: JudgedReturn) -> dict[str, Value]:
    """Return what stands on the cover: as understood, or as typed where a finding is about that."""
    source = judged.source
    faulty = {f.cell for f in judged.findings if f.sheet == source.cover_tab}
    understood = {name: value for name, value in judged.cover.items() if value is not None}
    cover = {**form.cover, **understood}
    for name, cell in source.cover_cells.items():
        typed = text_of(source.cover.get(name))
        if typed and cell in faulty and name not in understood:
            cover[name] = typed
    return cover


@dataclass(frozen=True)
class _Correction:
    """A form that goes back, while its marks are made."""

    form: Form
    judged: JudgedReturn
    placement: Placement

    @property
    def source(self) -> Return:
        return self.judged.source

    @property
    def moved_from(self) -> str:
        """The period whose form was sent, "" if that is the one that is due."""
        if not self.placement.moved:
            return ""
        for finding in self.judged.findings:
            if finding.code is Code.OTHER_PERIOD:
                return finding.value
        return parse_period(self.source.period).label

    @cached_property
    def sent_rows(self) -> tuple[SentRow, ...]:
        """The lines of 原填内容."""
        return tuple(
            replace(_sent_row(unplaced, self._why(unplaced)), elsewhere=self._elsewhere(unplaced.row))
            for unplaced in self.placement.unplaced
        )

    @cached_property
    def rows(self) -> Mapping[str, FormRow]:
        """The form's rows by token."""
        return {row.token: row for part in self.form.sheets for row in part.rows}

    @cached_property
    def sheet_codes(self) -> Mapping[str, str]:
        """The codes of sheets by the name that they have in the form, or had in the sender's file."""
        codes = {COVER.name: COVER.code}
        for part in self.form.sheets:
            codes[part.sheet.name] = part.sheet.code
        for row in self.source.rows:
            codes[row.tab] = row.sheet.code
        for unplaced in self.source.unplaced:
            codes[unplaced.row.tab] = unplaced.row.sheet.code
        return codes

    @cached_property
    def cells(self) -> Mapping[tuple[str, str], tuple[PlacedRow, str]]:
        """The row and field of each cell that was judged, by its sheet and address in the sender's file."""
        cells = {}
        for placed in self.placement.placed:
            if placed.entry:
                # Of columns that share a cell the first one counts.
                for column in reversed(placed.row.sheet.columns):
                    cell = placed.row.table_row.address(column.field)
                    cells[placed.row.tab, cell] = (placed, column.field)
        return cells

    def marks(self) -> Iterator[Mark]:
        """Give all marks on the form."""
        if self.placement.moved:
            yield self._moved()
            yield from self._old_periods()
        for finding in self.judged.findings:
            if finding.is_open:
                yield from self._of_finding(finding)
        for placed in self.placement.placed:
            yield from _of_put_back(placed)
        yield from self._missing_columns()
        yield from self._unplaced_rows()

    # --- findings

    def _of_finding(self, finding: Finding) -> Iterator[Mark]:
        cover_field = self._cover_field(finding)
        if finding.code is Code.OTHER_UNIT and self.form.recipient.code != self.source.recipient:
            yield self._own_form(finding)
        elif cover_field:
            yield self._on_cover(finding, cover_field)
        elif (finding.sheet, finding.cell) in self.cells:
            placed, field = self.cells[finding.sheet, finding.cell]
            yield self._in_cell(finding, placed, field)
        elif finding.code in _OF_ROWS:
            yield from self._of_blank_rows(finding)
        elif not self._is_marked_elsewhere(finding):
            severity, message = self._of_sheet(finding)
            yield Mark(
                sheet=self.sheet_codes.get(finding.sheet, ""),
                severity=severity,
                message=message,
            )

    def _cover_field(self, finding: Finding) -> str:
        """Return the field of the cover that a finding is about, "" if it is about none."""
        if finding.sheet == self.source.cover_tab:
            for field, cell in self.source.cover_cells.items():
                if cell == finding.cell:
                    return field
        return ""

    def _on_cover(self, finding: Finding, field: str) -> Mark:
        message = _without_place(finding, COVER.column(field).header)
        stands = shown(self.form.cover.get(field))
        if finding.code is Code.COVER_BLANK and stands:
            message = f"没有填写，已填为{quoted(stands)}，请核对。"
        return Mark(
            sheet=COVER.code,
            field=field,
            severity=finding.severity,
            message=message,
            typed=text_of(self.source.cover.get(field)),
            kind=finding.code.rule.title,
        )

    def _own_form(self, finding: Finding) -> Mark:
        """Return the mark on the form of a unit that filled in another's."""
        whose = spoken_code(self.source.recipient)
        message = f"贵单位发来的是发给{whose}的填报表，未接收；这一份是发给贵单位的，请填写后发回。"
        return Mark(severity=finding.severity, message=message, kind=finding.code.rule.title)

    def _in_cell(self, finding: Finding, placed: PlacedRow, field: str) -> Mark:
        mark = Mark(
            sheet=placed.row.sheet.code,
            token=placed.token,
            field=field,
            severity=finding.severity,
            message=_without_place(finding, placed.row.name),
            typed=text_of(placed.row.table_row.cells.get(field)),
            kind=finding.code.rule.title,
        )
        match finding.code:
            case Code.ROW_NEW:
                number = placed.row.number
                message = f"这一行是在原表第{number}行自行添加的，已移到登记新问题的空行，请核对。"
                return replace(mark, field="", message=message, typed=None, kind="")
            case Code.ROW_OF_OTHERS:
                message = mark.message.replace("没有采用", "没有采用，这一行已恢复原样")
                return replace(mark, message=message, kind="")
            case Code.OFFICE_EDITED:
                stands = shown(self.rows[placed.token].printed.get(field))
                restored = f"已恢复为{quoted(stands)}" if stands else "已恢复为空白"
                office = self.form.programme.words.office
                message = f"这一栏由{office}填写，{restored}，请核对；确需调整的，请另行报告。"
                return replace(mark, severity=Severity.WARNING, message=message)
        return mark

    def _is_marked_elsewhere(self, finding: Finding) -> bool:
        """Return whether a row that is listed, a column that is marked or the greeting tells the finding."""
        if finding.code is Code.OTHER_PERIOD:
            return True
        if finding.code is Code.COLUMN_MISSING and finding.is_error:
            return True
        if not finding.cell:
            return False
        number = Place(cell=finding.cell).row
        for entry in self.judged.entries:
            if entry.row.tab == finding.sheet and entry.row.number == number:
                return True
        return False

    def _of_blank_rows(self, finding: Finding) -> Iterator[Mark]:
        """Give a mark about disordered rows if nothing was written in them; otherwise they are listed."""
        if finding.code is not Code.KEYS_DISAGREE:
            return
        for unplaced in self.placement.unplaced:
            if unplaced.reason is finding.code and unplaced.row.tab == finding.sheet:
                return
        message = "贵单位发来的这张表有几行行次乱了，没有填新的内容，这里已恢复原样。"
        yield Mark(sheet=self.sheet_codes[finding.sheet], severity=Severity.WARNING, message=message)

    # --- sheets and columns

    def _of_sheet(self, finding: Finding) -> tuple[Severity, str]:
        """Return severity and text of a finding about a sheet or the file, as the form is whole again."""
        match finding.code:
            case Code.SHEET_MISSING:
                return finding.severity, "贵单位发来的文件中没有这张工作表，这里已补上，请填写。"
            case Code.SHEET_FOREIGN:
                return finding.severity, self._foreign_sheet(finding)
            case Code.SHEET_TWICE:
                message = "贵单位发来的文件中这张工作表有两份，填的内容不一样，未接收"
                return Severity.WARNING, f"{message}；内容不冲突的行已填回，有冲突的已标出。"
            case Code.COLUMN_TWICE:
                column = _without_row(finding).partition("出现了两次")[0]
                message = f"贵单位发来的表里{column}有两处，未接收"
                return Severity.WARNING, f"{message}；内容不冲突的已填回，有冲突的已标出。"
        return finding.severity, _without_row(finding)

    def _foreign_sheet(self, finding: Finding) -> str:
        rows = [u.row for u in self.placement.unplaced if u.row.tab == finding.sheet]
        sheet = f"贵单位发来的工作表{quoted(finding.sheet)}"
        if not rows:
            whose = _without_row(finding).partition("，")[0].removeprefix("这张工作表")
            return f"{sheet}{whose}，未接收；其中没有填新的内容。"
        advice = "请对照填到这里" if finding.is_error else "需要的请对照填到这里"
        for row in rows:
            if self._elsewhere(row):
                advice = self._to_send_elsewhere(row)
        return f"{sheet}{self._whose_rows(rows[0])}，未接收；填的内容列在“{SENT_SHEET}”，{advice}。"

    def _whose_rows(self, row: ReadRow) -> str:
        """Return what is wrong with a sheet: it is of another form, or holds the rows of another sheet."""
        printed = row.issued
        if printed and (printed.period, printed.recipient) == (self.source.period, self.source.recipient):
            return "里是另一张工作表的行"
        return f"是{_whose(row)}的"

    def _missing_columns(self) -> Iterator[Mark]:
        """Give marks on the columns that a sheet lacked; its other cells are put back."""
        tabs = set()
        for finding in self.judged.findings:
            if finding.code is Code.COLUMN_MISSING and finding.is_error:
                tabs.add(finding.sheet)
        for tab in sorted(tabs):
            row = next((u.row for u in self.source.unplaced if u.row.tab == tab), None)
            if row is None:
                message = f"贵单位发来的工作表{quoted(tab)}缺少列，未接收，请在本工作簿中填写。"
                yield Mark(sheet=self.sheet_codes.get(tab, ""), severity=Severity.ERROR, message=message)
                continue
            for column in row.sheet.inputs:
                if column.field not in row.table_row.positions:
                    where = f"贵单位发来的表里没有“{column.header}”列"
                    message = f"{where}；其余内容已填回，请补填这一列，没有内容的可以空着。"
                    yield Mark(
                        sheet=row.sheet.code, field=column.field, severity=Severity.ERROR, message=message
                    )

    # --- another period's form

    def _moved(self) -> Mark:
        message = f"这些内容原来填在{self.moved_from}的表中，已搬到本期的表；请逐项核对、补充后发回。"
        return Mark(severity=Severity.WARNING, message=message, kind=Code.OTHER_PERIOD.rule.title)

    def _old_periods(self) -> Iterator[Mark]:
        """Give marks on figures whose period is not the one that is asked for now."""
        for placed in self.placement.placed:
            asked = self.rows[placed.token].printed.get("data_period")
            reported = placed.values.get("data_period")
            if placed.values.get("value") is None or not asked or not reported:
                continue
            if canonical(asked) != canonical(reported):
                message = f"这是{shown(reported)}的数，本期应报{shown(asked)}的数，请核对。"
                yield Mark(
                    sheet=placed.row.sheet.code,
                    token=placed.token,
                    field="data_period",
                    severity=Severity.WARNING,
                    message=message,
                )

    # --- rows without a sure place

    def _unplaced_rows(self) -> Iterator[Mark]:
        lines_by_token: dict[str, list[int]] = {}
        first_by_token: dict[str, UnplacedRow] = {}
        lines = line_numbers(self.sent_rows)
        for unplaced, line in zip(self.placement.unplaced, lines, strict=True):
            for token in unplaced.tokens:
                lines_by_token.setdefault(token, []).append(line)
                first_by_token.setdefault(token, unplaced)
            if not unplaced.tokens and unplaced.reason is not Code.SHEET_FOREIGN:
                yield self._nowhere(unplaced, line)
        for token, first in first_by_token.items():
            spoken = "、".join(map(str, lines_by_token[token]))
            why = self._why(first)
            message = f"这一行未接收，请对照“{SENT_SHEET}”第{spoken}行重新填写（{why}）。"
            line = lines_by_token[token][0]
            yield Mark(
                sheet=first.row.sheet.code,
                token=token,
                severity=Severity.ERROR,
                message=message,
                line=line,
                kind=_UNPLACED,
            )

    def _nowhere(self, unplaced: UnplacedRow, line: int) -> Mark:
        """Return the mark about a row that belongs to none of the form's rows."""
        row = unplaced.row
        severity, advice = Severity.WARNING, "，请核对"
        if unplaced.reason not in (None, Code.ROW_NOTE):
            advice = f"；需要报送的，请对照“{SENT_SHEET}”第{line}行填到原有的行内"
            if self._elsewhere(row):
                advice = f"；需要报送的，{self._to_send_elsewhere(row)}"
            if row.is_written:
                severity = Severity.ERROR
        message = f"{self._why(unplaced)}，没有填回{advice}。"
        return Mark(
            sheet=row.sheet.code,
            severity=severity,
            message=message,
            typed=row.name or _first_text(row),
            line=line,
            kind=_UNPLACED,
        )

    def _elsewhere(self, row: ReadRow) -> str:
        """Return what the form is called that a row belongs in, "" if it is none but this one."""
        if row.issued is None or row.issued.recipient == self.source.recipient:
            return ""
        return f"{spoken_code(row.issued.recipient)}的填报表"

    def _to_send_elsewhere(self, row: ReadRow) -> str:
        """Return how a row of another form is reported: that of a unit is for this unit to send."""
        if row.issued and is_unit(row.issued.recipient):
            return f"请由{spoken_code(row.issued.recipient)}填到{self._elsewhere(row)}中发送"
        return f"请填到{self._elsewhere(row)}中发送"

    def _why(self, unplaced: UnplacedRow) -> str:
        """Return why a row has no place, as its sender reads it."""
        row = unplaced.row
        if unplaced.reason is None:
            if row.sheet.spare_rows and not row.issued:
                return "登记新问题的空行不够"
            if unplaced.accepted:
                return "本期的表中没有这一项，内容已存档"
            return "本期的表中没有这一项"
        if unplaced.reason in (Code.ROW_FOREIGN, Code.SHEET_FOREIGN):
            return f"是{_whose(row)}的内容"
        return _REASONS[unplaced.reason]


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


def _of_put_back(placed: PlacedRow) -> Iterator[Mark]:
    """Give marks on a row that had been left out and is put back all the same."""
    sheet = placed.row.sheet.code
    if placed.unplaced and placed.unplaced.reason is Code.ROW_TWICE:
        numbers = sorted(row.number for row in (placed.row, *placed.others))
        spoken = "、".join(map(str, numbers))
        message = f"贵单位发来的表里第{spoken}行是同一项，内容没有冲突，已合为一行，请核对。"
        yield Mark(sheet=sheet, token=placed.token, severity=Severity.WARNING, message=message)
    for field, (first, second) in placed.disputed.items():
        both = f"{quoted(first)}和{quoted(second)}"
        message = f"贵单位发来的表里这一列有两处，分别填了{both}，请填写正确的一个。"
        yield Mark(
            sheet=sheet,
            token=placed.token,
            field=field,
            severity=Severity.ERROR,
            message=message,
            typed=f"{first} / {second}",
        )


def _without_place(finding: Finding, name: str) -> str:
    """Return a finding's text without the row number and name, which are those of the sender's file."""
    text = _without_row(finding)
    if name:
        text = text.removeprefix(quoted(name))
    return text.removeprefix("：")


def _without_row(finding: Finding) -> str:
    return re.sub(r"^第\d+行", "", finding.message)


def _whose(row: ReadRow) -> str:
    """Return whose form a row was printed in."""
    if row.issued is None:
        return "其他填报表"
    return f"{parse_period(row.issued.period).label}{spoken_code(row.issued.recipient)}"


def _sent_row(unplaced: UnplacedRow, why: str) -> SentRow:
    row = unplaced.row
    cells: dict[str, Value] = {}
    for column in row.sheet.columns:
        if column.fill.is_input or column.field in ("code", "name"):
            cells[column.field] = _as_typed(row.table_row.cells.get(column.field))
    if all(value in (None, "") for value in cells.values()):
        cells["code"] = _first_text(row) or None
    return SentRow(
        sheet=row.sheet,
        tab=row.tab,
        number=row.number,
        reason=why,
        cells=cells,
        tokens=unplaced.tokens,
    )


def _first_text(row: ReadRow) -> str:
    """Return the first text in a row that is no token, "" if there is none."""
    for field, cell in row.table_row.cells.items():
        text = text_of(cell)
        if text and field not in (KEY, KEY2):
            return text
    return ""


def _as_typed(cell: object) -> Value:
    """Return a cell as it was typed; numbers and dates stay so, to be copied as such."""
    if isinstance(cell, datetime):
        if cell.time() == time():
            return cell.date()
        return text_of(cell) or None
    if isinstance(cell, float | date):
        return cell
    return text_of(cell) or None
