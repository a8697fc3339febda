"""What became of each row that was sent out, and of those that the sender added.

Reads: the rows of a sheet, and what was sent out. Gives: the status of rows and columns, and the findings
that follow from it. What was only moved or renamed is read as ever, without a finding; its status tells all
the same.
"""

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from enum import StrEnum
from functools import cached_property

from tenproj_xl.core.asides import holds_figure
from tenproj_xl.core.catalogue import Code, Severity
from tenproj_xl.core.cells import is_empty
from tenproj_xl.core.columns import Fill, Sheet
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.findings import Finding, Place, finding, quoted
from tenproj_xl.core.period_rows import is_correction_place
from tenproj_xl.core.sheets import FORCE, KEY, KEY2
from tenproj_xl.core.tables import TableRow
from tenproj_xl.core.texts import canonical, text_of
from tenproj_xl.core.tokens import is_token
from tenproj_xl.model.issued import Issued
from tenproj_xl.model.plan import Plan
from tenproj_xl.recognition.claims import Owner
from tenproj_xl.recognition.column_status import (
    ColumnState,
    ColumnStatus,
    column_statuses,
    is_named,
    out_of_order,
)
from tenproj_xl.recognition.row_names import RowNames
from tenproj_xl.recognition.rows import Edit, Issues, ReadRow, SheetPart, Unplaced, all_rows
from tenproj_xl.recognition.shifted_rows import shifted_block

_TOTAL = re.compile(r"(全区|全市|本页|本期|本表|以上)?(合计|小计|总计|共计)([(:].*)?")
_REMARK = re.compile(r"(附?注|说明|备注|填表说明)\d*:(.*)")
"""How a row begins that is a total, or a remark, as `canonical` spells it."""
_LONGEST_TEXT = 60
"""Characters of the text of a row that a message repeats."""
_MIN_LIKENESS = 0.5
"""How like a column header another must be that may stand for it; one still more like it is taken for it."""


class RowState(StrEnum):
    """What became of a row."""

    OK = "ok"
    MOVED = "moved"
    """In another order among the others than it was sent out in."""
    NEW = "new"
    """A new issue on a row of the sender's own."""
    MISSING = "missing"
    DUPLICATE = "duplicate"
    COPY = "copy"
    """The same again as another row, which is read."""
    KEYS_DISAGREE = "keys_disagree"
    """Its parts belong to different rows."""
    SHIFTED = "shifted"
    """In a block that was pasted too low."""
    FOREIGN = "foreign"
    """Printed in another form."""
    UNKNOWN = "unknown"
    NOTE = "note"
    """A total, a remark, or the header once more, below the table."""

    @property
    def is_usable(self) -> bool:
        """Whether the row is read."""
        return self in (RowState.OK, RowState.MOVED, RowState.NEW)


_REASONS = {
    RowState.DUPLICATE: Code.ROW_TWICE,
    RowState.KEYS_DISAGREE: Code.KEYS_DISAGREE,
    RowState.SHIFTED: Code.ROWS_SHIFTED,
    RowState.FOREIGN: Code.ROW_FOREIGN,
    RowState.UNKNOWN: Code.ROW_UNKNOWN,
    RowState.NOTE: Code.ROW_NOTE,
}
_ROW_OF_NOW, _FORM_OF_OTHERS = "本期表中这一项自己的行内", "它原来的表内，由收到那份表的单位发送"
"""Where a row of another form belongs: of an earlier one of the same recipient, and of another's."""


@dataclass(frozen=True)
class RowStatus:
    """What became of one row: `row` is how it came back, `issued` how it was sent out.

    `first` is the number of the row that a duplicate repeats, 0 for the first of them; `meant` the token of
    the row that one of a shifted block was meant for.
    """

    state: RowState
    row: ReadRow | None
    issued: Issued | None
    first: int = 0
    meant: str = ""

    @property
    def code(self) -> str:
        """The row's code: as it was sent out, else as it stands there; "" for a new issue."""
        if self.issued:
            return self.issued.code
        return text_of(self.row.table_row.cells.get("code")) if self.row else ""

    @property
    def edits(self) -> tuple[Edit, ...]:
        """The locked cells that were changed, of a row that is read."""
        return self.row.edits if self.row and self.state.is_usable else ()


@dataclass(frozen=True)
class SheetStatus:
    """What became of a recipient's sheet: its rows as they came back, then the missing ones; its columns."""

    sheet: Sheet
    tab: str
    rows: tuple[RowStatus, ...]
    columns: tuple[ColumnStatus, ...]
    is_keyed: bool
    recipient: str

    @cached_property
    def is_complete(self) -> bool:
        """Whether it has all input columns and a key: a missing one would wipe out earlier reports."""
        return not any(c.state is ColumnState.DUPLICATE or self._is_lacking(c) for c in self.columns)

    @cached_property
    def is_reordered(self) -> bool:
        """Whether rows stand in another order than they were sent in."""
        return any(status.state is RowState.MOVED for status in self.rows)

    def _is_lacking(self, status: ColumnStatus) -> bool:
        column = status.column
        if column is None or status.state is not ColumnState.DELETED:
            return False
        return column.fill.is_input or (column.field == KEY and not self.is_keyed)

    @property
    def read(self) -> list[ReadRow]:
        """The rows that can be used."""
        return [status.row for status in self.rows if status.row and status.state.is_usable]

    @property
    def left_out(self) -> list[Unplaced]:
        """The rows that cannot."""
        return [
            Unplaced(status.row, _REASONS[status.state], meant=status.meant)
            for status in self.rows
            if status.row and status.state in _REASONS
        ]

    def findings(self, file: str) -> Iterator[Finding]:
        """Find what is wrong with the sheet; with its rows only where its columns are complete."""
        yield from self._of_columns(Place(file, self.tab))
        if self.is_complete:
            for status in self.rows:
                if status.state is not RowState.NOTE or not _is_told_as_remark(status):
                    yield from _of_row(status, file, self.recipient)
            yield from _of_rows_together(self, Place(file, self.tab))

    def _of_columns(self, place: Place) -> Iterator[Finding]:
        lacking, others = [], []
        for status in self.columns:
            column = status.column
            if column and status.state is ColumnState.DUPLICATE:
                yield finding(Code.COLUMN_TWICE, replace(place, cell=status.cell), expected=column.header)
            if column and self._is_lacking(status):
                lacking.append(column.header)
            elif column and status.state is ColumnState.DELETED and column.fill is not Fill.MACHINE:
                others.append(column.header)
        if lacking:
            advice = f"这张表未接收，请把数据填入完整的填报表后重新发送{self._renaming_advice(lacking)}"
            yield finding(Code.COLUMN_MISSING, place, expected=_listed(lacking), advice=advice)
        elif others:
            advice = "其余内容已照常读取，以后请勿删除列"
            yield finding(
                Code.COLUMN_MISSING, place, "", Severity.WARNING, expected=_listed(others), advice=advice
            )

    def _renaming_advice(self, lacking: Iterable[str]) -> str:
        """Return which of the sender's own columns may be one that is lacking, under another header."""
        own = {}
        for status in self.columns:
            if status.state is ColumnState.INSERTED and status.header:
                own[status.header] = status.cell
        advice = ""
        for header in lacking:
            for near in get_close_matches(header, own, 1, _MIN_LIKENESS):
                advice += f"；{own[near]}“{near}”如就是“{header}”，把表头改回即可"
        return advice


def _listed(names: Sequence[str]) -> str:
    """Return the first three names in quotation marks, and how many there are if there are more."""
    listed = "、".join(map(quoted, names[:3]))
    return f"{listed}等{len(names)}" if len(names) > 3 else listed


def sheet_status(
    part: SheetPart,
    issued: Issues,
    sent: Mapping[str, Issued],
    columns: Sequence[str],
    owner: Owner,
    plan: Plan,
) -> SheetStatus:
    """Return the status of a sheet.

    Args:
        part: The tab that it is read from.
        issued: What the ledger knows of the tokens in the book.
        sent: The rows that were sent out, in their order.
        columns: The fields of the sheet from left to right, as they were sent out.
        owner: Whose form the book is.
        plan: The plan, which knows the rows of all forms.
    """
    rows = _row_statuses(part, issued, sent, owner, plan)
    is_keyed = bool({KEY, KEY2} & set(part.layout.positions))
    statuses = column_statuses(part, tuple(columns))
    return SheetStatus(part.sheet, part.tab.name, tuple(rows), statuses, is_keyed, owner.recipient)


# --- the state of each row


def _row_statuses(
    part: SheetPart, issued: Issues, sent: Mapping[str, Issued], owner: Owner, plan: Plan
) -> list[RowStatus]:
    """Return the rows as they came back, then those that are missing."""
    rows = [row for row in all_rows(part, issued) if not _is_spare(row)]
    names = RowNames(part.sheet.code, issued, plan)
    is_overwritten = any(_second_key_is_overwritten(row) for row in rows)
    statuses, returned = [], set()
    for row in rows:
        returned.add(row.token)
        state = _state(row, part, owner)
        if state is RowState.OK and _is_torn(row, names, is_overwritten=is_overwritten):
            state = RowState.KEYS_DISAGREE
        statuses.append(RowStatus(state, row, row.issued))
    _mark_duplicates(statuses)
    _mark_shifted(statuses, part.end)
    _mark_moved(statuses, sent)
    for token, row_sent in sent.items():
        if row_sent.sheet == part.sheet.code and token not in returned:
            statuses.append(RowStatus(RowState.MISSING, None, row_sent))
    return statuses


def _state(row: ReadRow, part: SheetPart, owner: Owner) -> RowState:
    """Return what a row is, seen alone."""
    if i := row.issued:
        is_own = (i.period, i.recipient, i.sheet) == (owner.period, owner.recipient, row.sheet.code)
        return RowState.OK if is_own else RowState.FOREIGN
    if row.token:
        return RowState.UNKNOWN
    if _is_label(part.tab.rows[row.table_row.index]) or _repeats_header(row):
        return RowState.NOTE
    return RowState.NEW if row.sheet.spare_rows and _has_inputs(row) else RowState.UNKNOWN


def _is_spare(row: ReadRow) -> bool:
    """Return whether a row without a key is a blank one as it was sent, with nothing but a task force."""
    if row.token:
        return False
    cells = row.table_row.cells
    filled = [c.field for c in row.sheet.inputs if not is_empty(cells.get(c.field))]
    return filled == [FORCE] and is_empty(cells.get("code"))


def _is_label(cells: Sequence[object]) -> bool:
    """Return whether the first text of a row says that it is a total or a remark."""
    first = next(filter(None, map(canonical, cells)), "")
    return bool(_TOTAL.fullmatch(first) or _REMARK.fullmatch(first))


def remark_with_figure(row: TableRow) -> str:
    """Return the field of the first text of a row where that is a remark with a figure, "" otherwise."""
    for name, cell in row.cells.items():
        if text := text_of(cell):
            remark = _REMARK.fullmatch(canonical(text))
            return name if remark and holds_figure(remark[2]) else ""
    return ""


def _repeats_header(row: ReadRow) -> bool:
    """Return whether most of several filled cells hold the header of their own column."""
    filled = repeated = 0
    for name, cell in row.table_row.cells.items():
        if not is_empty(cell):
            filled += 1
            repeated += is_named(row.sheet.column(name), text_of(cell))
    return repeated * 2 > filled > 1


def _has_inputs(row: ReadRow) -> bool:
    return any(not is_empty(row.table_row.cells.get(c.field)) for c in row.sheet.inputs)


def _second_key_is_overwritten(row: ReadRow) -> bool:
    first, second = row.table_row.keys
    return is_token(first) and second not in ("", first)


def _is_torn(row: ReadRow, names: RowNames, *, is_overwritten: bool) -> bool:
    """Return whether a row's parts may belong to different rows: nobody can tell whose answers it has.

    Its keys differ, or its code or name is another row's, of whatever form, or neither is its own any more.
    The second key stands among the inputs. Where it was written over in some row, one that is blank was hit
    by the same block of cells, and so was one that is blank where a locked cell behind it was changed: what
    was pasted with it stands in other columns than it was meant for.
    """
    first, second = row.table_row.keys
    is_wiped_out = KEY2 in row.table_row.cells and not second
    if is_token(first):
        if _second_key_is_overwritten(row):
            return True
        if is_wiped_out and (is_overwritten or _is_edited_behind_key(row)):
            return True
    return bool(row.issued and row.issued.code) and names.are_of_another(row)


def _is_edited_behind_key(row: ReadRow) -> bool:
    positions = row.table_row.positions
    return any(positions[edit.column.field] > positions[KEY2] for edit in row.edits)


def _mark_duplicates(statuses: list[RowStatus]) -> None:
    """Mark the rows with the same key: of two that differ neither can be used, of equal ones the first is.

    A blank row for a new issue that was copied and filled in otherwise is another new issue.
    """
    by_token: dict[str, list[int]] = {}
    for n, status in enumerate(statuses):
        if status.row and status.state is RowState.OK:
            by_token.setdefault(status.row.token, []).append(n)
    for numbers in by_token.values():
        if len(numbers) < 2:
            continue
        if len({_content(statuses[n].row) for n in numbers}) == 1:
            for n in numbers[1:]:
                statuses[n] = replace(statuses[n], state=RowState.COPY)
            continue
        if _is_blank_as_sent(statuses[numbers[0]]):
            _part_new_issues(statuses, numbers)
            continue
        upper = 0
        for n in numbers:
            row = statuses[n].row
            statuses[n] = replace(statuses[n], state=RowState.DUPLICATE, first=upper)
            if row and not upper:
                upper = row.number


def _is_blank_as_sent(status: RowStatus) -> bool:
    return status.issued is not None and not status.issued.code


def _part_new_issues(statuses: list[RowStatus], numbers: Sequence[int]) -> None:
    """Leave the key to the first of some rows that have it; the others are rows of the sender's own."""
    seen = {_content(statuses[numbers[0]].row)}
    for n in numbers[1:]:
        row = statuses[n].row
        content = _content(row)
        if content in seen:
            statuses[n] = replace(statuses[n], state=RowState.COPY)
        elif row is not None:
            own = replace(row, token="", printings=())
            statuses[n] = RowStatus(RowState.NEW, own, None)
        seen.add(content)


def _content(row: ReadRow | None) -> tuple[str, ...]:
    """Return all that a person sees in the cells of a row that hold no formula."""
    seen = []
    for column in row.sheet.columns if row else ():
        if row and column.fill not in (Fill.FORMULA, Fill.MACHINE):
            seen.append(canonical(row.table_row.cells.get(column.field)))
    return tuple(seen)


def _mark_moved(statuses: list[RowStatus], sent: Mapping[str, Issued]) -> None:
    """Mark the rows that are out of the order in which they were sent out."""
    ranks = {token: n for n, token in enumerate(sent)}
    at_rank = {}
    for n, status in enumerate(statuses):
        if status.row and status.state is RowState.OK and status.row.token in ranks:
            at_rank[ranks[status.row.token]] = n
    for rank in out_of_order(at_rank):
        n = at_rank[rank]
        statuses[n] = replace(statuses[n], state=RowState.MOVED)


# --- blocks that were pasted too low


def _mark_shifted(statuses: list[RowStatus], end: int | None) -> None:
    """Mark the rows of a block that was pasted too low; `end` is the index of the line below the table."""
    known = (RowState.OK, RowState.NEW, RowState.UNKNOWN)
    meant = shifted_block([s.row for s in statuses if s.row and s.state in known], end)
    for n, status in enumerate(statuses):
        if status.row and status.row.number in meant:
            statuses[n] = replace(status, state=RowState.SHIFTED, meant=meant[status.row.number])


# --- findings


def _of_row(status: RowStatus, file: str, recipient: str) -> Iterator[Finding]:
    row = status.row
    if row is None or status.state in (RowState.OK, RowState.MOVED, RowState.COPY):
        return
    place = row.place(file, "code")
    match status.state:
        case RowState.NEW:
            yield finding(Code.ROW_NEW, place)
        case RowState.DUPLICATE if status.first:
            yield finding(Code.ROW_TWICE, place, expected=status.first)
        case RowState.FOREIGN if row.issued:
            owner = Owner(row.issued.period, row.issued.recipient)
            expected = _ROW_OF_NOW if owner.recipient == recipient else _FORM_OF_OTHERS
            yield finding(Code.ROW_FOREIGN, place, owner=owner, expected=expected)
        case RowState.NOTE:
            yield finding(Code.ROW_NOTE, place, _first_text(row))
        case RowState.UNKNOWN:
            severity = None if row.token or _has_inputs(row) else Severity.WARNING
            yield finding(Code.ROW_UNKNOWN, place, status.code or row.token or _first_text(row), severity)


def _is_told_as_remark(status: RowStatus) -> bool:
    """Return whether a remark below the table is told with what else stands outside the cells."""
    return status.row is not None and remark_with_figure(status.row.table_row) != ""


def _first_text(row: ReadRow) -> str:
    text = next(filter(None, map(text_of, row.table_row.cells.values())), "")
    if len(text) > _LONGEST_TEXT:
        return f"{text[:_LONGEST_TEXT]}…"
    return text


def _of_rows_together(sheet: SheetStatus, place: Place) -> Iterator[Finding]:
    """Find what is wrong with several rows and told once."""
    for state, code in ((RowState.KEYS_DISAGREE, Code.KEYS_DISAGREE), (RowState.SHIFTED, Code.ROWS_SHIFTED)):
        rows = [status.row for status in sheet.rows if status.row and status.state is state]
        if rows:
            yield _of_several(code, rows, place)
    yield from rows_missing(sheet, place)


def rows_missing(
    sheet: SheetStatus, place: Place, told: Container[tuple[str, str]] = frozenset()
) -> Iterator[Finding]:
    """Find the rows that did not come back, told once; `told` are sheet and code of those told anyhow."""
    missing = []
    for status in sheet.rows:
        issued = status.issued
        if status.state is not RowState.MISSING or issued is None or not _is_missed(issued):
            continue
        if (sheet.sheet.code, issued.code) not in told:
            missing.append(str(issued.printed.get("name") or issued.code))
    if missing:
        count = "行" if len(missing) > 3 else f"这{len(missing)}行"
        yield finding(Code.ROW_MISSING, place, expected=_listed(missing) + count)


def _is_missed(issued: Issued) -> bool:
    """Return whether a row is one that says something of itself, not a blank one."""
    return bool(issued.code) and not is_correction_place(issued.code)


def _of_several(code: Code, rows: Sequence[ReadRow], place: Place) -> Finding:
    numbers = "、".join(str(row.number) for row in rows[:5])
    listed = f"第{numbers}行" if len(rows) <= 5 else f"第{numbers}行等{len(rows)}行"
    return replace(finding(code, place, rows=listed), cell=rows[0].table_row.address("code"))
