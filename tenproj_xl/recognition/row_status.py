"""Verdicts: what became of each row and each column that was sent out, and of those that the sender added.

Reads: the rows of a sheet, and what was sent out. Gives: verdicts, and the findings that follow from them. What was
only moved or renamed is read as ever, so that nothing is found fault with; the verdict is known all the same.
"""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from enum import StrEnum
from functools import cached_property, lru_cache

from tenproj_xl.core.catalogue import Code, Severity
from tenproj_xl.core.cells import Rows, address, cell_at, is_empty
from tenproj_xl.core.columns import Column, Fill, Sheet
from tenproj_xl.core.findings import Finding, Place, finding, quoted
from tenproj_xl.core.parse import canonical, text_of
from tenproj_xl.core.sheets import ASKED, KEY, KEY2
from tenproj_xl.core.tables import Layout
from tenproj_xl.core.tokens import is_token
from tenproj_xl.model.issued import Issued
from tenproj_xl.recognition.claims import Owner
from tenproj_xl.recognition.rows import Edit, Issues, ReadRow, SheetPart, Unplaced, all_rows

_LABEL = re.compile(
    r"(全区|全市|本页|本期|本表|以上)?(合计|小计|总计|共计)([(:].*)?|(附?注|说明|备注|填表说明)\d*:.*"
)
"""How a row begins that is a total or a remark, as `canonical` spells it."""
_ALIKE = 0.5
"""How like a column's header another one is that may stand for it; what is more like it is taken for it at once."""


class RowState(StrEnum):
    """What became of a row."""

    OK = "ok"
    MOVED = "moved"
    """In another order among the others than it was sent out in."""
    NEW = "new"
    """A new issue on a row of the sender's own."""
    MISSING = "missing"
    DUPLICATE = "duplicate"
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
        """True where the row is read."""
        return self in (RowState.OK, RowState.MOVED, RowState.NEW)


_REASONS = {
    RowState.DUPLICATE: Code.ROW_TWICE,
    RowState.KEYS_DISAGREE: Code.KEYS_DISAGREE,
    RowState.SHIFTED: Code.ROWS_SHIFTED,
    RowState.FOREIGN: Code.ROW_FOREIGN,
    RowState.UNKNOWN: Code.ROW_UNKNOWN,
    RowState.NOTE: Code.ROW_NOTE,
}


class ColumnState(StrEnum):
    """What became of a column."""

    OK = "ok"
    MOVED = "moved"
    RENAMED = "renamed"
    DELETED = "deleted"
    INSERTED = "inserted"
    """The sender's own."""
    DUPLICATE = "duplicate"


@dataclass(frozen=True)
class RowStatus:
    """What became of one row: `row` is how it came back, `issued` how it was sent out.

    `first` is the number of the row that a duplicate repeats, 0 for the first of them; `meant` the token of the row
    that one of a lowered block was meant for.
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
class ColumnStatus:
    """What became of one column: `column` is None for the sender's own, `header` what its header says now.

    `cell` is where the header stands. A column that was moved may have been renamed as well.
    """

    state: ColumnState
    column: Column | None
    header: str = ""
    cell: str = ""

    @property
    def is_renamed(self) -> bool:
        """True where a declared column came back under another header, wherever it stands."""
        return self.column is not None and bool(self.cell) and not _is_named(self.column, self.header)


@dataclass(frozen=True)
class SheetStatus:
    """What became of one sheet of the form: its rows as they came back, then the missing ones; and its columns."""

    sheet: Sheet
    tab: str
    rows: tuple[RowStatus, ...]
    columns: tuple[ColumnStatus, ...]
    is_keyed: bool

    @cached_property
    def is_complete(self) -> bool:
        """False where an input column, or both keys, are gone: blanks there would wipe out what was said before."""
        return not any(v.state is ColumnState.DUPLICATE or self._is_lacking(v) for v in self.columns)

    def _is_lacking(self, verdict: ColumnStatus) -> bool:
        column = verdict.column
        if column is None or verdict.state is not ColumnState.DELETED:
            return False
        return column.fill.is_input or (column.field == KEY and not self.is_keyed)

    @property
    def read(self) -> list[ReadRow]:
        """The rows that can be used."""
        return [v.row for v in self.rows if v.row and v.state.is_usable]

    @property
    def left_out(self) -> list[Unplaced]:
        """The rows that cannot."""
        out = (v for v in self.rows if not v.state.is_usable)
        return [Unplaced(v.row, _REASONS[v.state], meant=v.meant) for v in out if v.row]

    def findings(self, file: str) -> Iterator[Finding]:
        """What is wrong with the sheet; of its rows only where its columns are complete."""
        yield from self._of_columns(Place(file, self.tab))
        if self.is_complete:
            for verdict in self.rows:
                yield from _of_row(verdict, file)
            yield from _of_rows_together(self, Place(file, self.tab))

    def _of_columns(self, place: Place) -> Iterator[Finding]:
        for v in self.columns:
            if v.column and v.state is ColumnState.DUPLICATE:
                yield finding(Code.COLUMN_TWICE, replace(place, cell=v.cell), expected=v.column.header)
        deleted = [v for v in self.columns if v.state is ColumnState.DELETED]
        lacking = [v.column.header for v in deleted if v.column and self._is_lacking(v)]
        others = [
            c.header for v in deleted if (c := v.column) and not (c.fill.is_input or c.fill is Fill.MACHINE)
        ]
        if lacking:
            own = {v.header: v.cell for v in self.columns if v.state is ColumnState.INSERTED and v.header}
            advice = f"这张表未接收，请把数据填入完整的填报表后重新发送{_perhaps(lacking, own)}"
            yield finding(Code.COLUMN_MISSING, place, expected=_listed(lacking), advice=advice)
        elif others:
            advice = "其余内容已照常读取，以后请勿删除列"
            yield finding(
                Code.COLUMN_MISSING, place, "", Severity.WARNING, expected=_listed(others), advice=advice
            )


def _perhaps(lacking: Iterable[str], own: Mapping[str, str]) -> str:
    """Which of the sender's own columns, by header and cell, may be one that is lacking under another header."""
    near = [(name, get_close_matches(name, own, 1, _ALIKE)) for name in lacking]
    said = [f"{own[text]}“{text}”如就是“{name}”，把表头改回即可" for name, texts in near for text in texts]
    return "".join(f"；{advice}" for advice in said)


def _listed(names: Sequence[str]) -> str:
    spoken = "、".join(map(quoted, names[:3]))
    return f"{spoken}等{len(names)}" if len(names) > 3 else spoken


def sheet_status(
    part: SheetPart, issued: Issues, sent: Mapping[str, Issued], columns: Sequence[str], owner: Owner
) -> SheetStatus:
    """The verdict on a tab.

    Args:
        part: The tab.
        issued: What the ledger knows of the tokens in the book.
        sent: The rows that were sent out, in their order.
        columns: The fields of the sheet from left to right, as they were sent out.
        owner: Whose form the book is.
    """
    rows = _row_verdicts(part, issued, sent, owner)
    is_keyed = bool({KEY, KEY2} & set(part.layout.positions))
    return SheetStatus(
        part.sheet, part.tab.name, tuple(rows), _column_verdicts(part, tuple(columns)), is_keyed
    )


# --- rows


def _row_verdicts(
    part: SheetPart, issued: Issues, sent: Mapping[str, Issued], owner: Owner
) -> list[RowStatus]:
    rows = [*all_rows(part, issued)]
    own = {token: i for token, i in sent.items() if i.sheet == part.sheet.code}
    codes = {i[-1].code for i in issued.values() if i[-1].sheet == part.sheet.code}
    overwritten = any(_second_key_is_overwritten(row) for row in rows)
    verdicts = []
    for row in rows:
        state = _state(row, part, owner)
        if state is RowState.OK and _is_torn(row, codes, overwritten=overwritten):
            state = RowState.KEYS_DISAGREE
        verdicts.append(RowStatus(state, row, row.issued))
    back = {row.token for row in rows}
    missing = [RowStatus(RowState.MISSING, None, i) for token, i in own.items() if token not in back]
    return [*_with_moved(_with_lowered(_with_doubled(verdicts)), own), *missing]


def _state(row: ReadRow, part: SheetPart, owner: Owner) -> RowState:
    """What a row is, seen alone."""
    if i := row.issued:
        is_own = (i.period, i.recipient, i.sheet) == (owner.period, owner.recipient, row.sheet.code)
        return RowState.OK if is_own else RowState.FOREIGN
    if row.token:
        return RowState.UNKNOWN
    label = next((text for cell in part.tab.rows[row.table_row.index] if (text := canonical(cell))), "")
    if _LABEL.fullmatch(label) or _repeats_header(row):
        return RowState.NOTE
    return RowState.NEW if row.sheet.spare_rows and _has_inputs(row) else RowState.UNKNOWN


def _repeats_header(row: ReadRow) -> bool:
    filled = [
        (row.sheet.column(name), cell) for name, cell in row.table_row.cells.items() if not is_empty(cell)
    ]
    return sum(_is_named(column, text_of(cell)) for column, cell in filled) * 2 > len(filled) > 1


def _has_inputs(row: ReadRow) -> bool:
    return any(not is_empty(row.table_row.cells.get(c.field)) for c in row.sheet.inputs)


def _second_key_is_overwritten(row: ReadRow) -> bool:
    first, second = row.table_row.keys
    return is_token(first) and second not in ("", first)


def _is_torn(row: ReadRow, codes: Collection[str], *, overwritten: bool) -> bool:
    """True where a row's parts belong to different rows: its keys differ, or its code is another row's.

    A key among the inputs that was written over, or wiped out beside such ones, was hit by a block that is not ours:
    what was pasted with it stands a column too far left.
    """
    first, second = row.table_row.keys
    wiped_out = overwritten and KEY2 in row.table_row.cells and not second
    if is_token(first) and (_second_key_is_overwritten(row) or wiped_out):
        return True
    code = text_of(row.table_row.cells.get("code"))
    return bool(code and row.issued and code != row.issued.code and code in codes)


def _with_doubled(verdicts: Sequence[RowStatus]) -> list[RowStatus]:
    """The same, rows with one key marked: of two neither can be used."""
    first: dict[str, int] = {}
    doubled: dict[str, list[int]] = {}
    for n, v in enumerate(verdicts):
        if v.state is RowState.OK and v.row and first.setdefault(v.row.token, n) != n:
            doubled.setdefault(v.row.token, [first[v.row.token]]).append(n)
    found = list(verdicts)
    for numbers in doubled.values():
        upper = verdicts[numbers[0]].row
        for n in numbers:
            number = upper.number if upper and n != numbers[0] else 0
            found[n] = replace(verdicts[n], state=RowState.DUPLICATE, first=number)
    return found


def _with_lowered(verdicts: Sequence[RowStatus]) -> list[RowStatus]:
    """The same, the rows of a block marked that was pasted too low."""
    known = (RowState.OK, RowState.NEW, RowState.UNKNOWN)
    meant = _lowered([v.row for v in verdicts if v.row and v.state in known])
    return [
        replace(v, state=RowState.SHIFTED, meant=meant[v.row.number])
        if v.row and v.row.number in meant
        else v
        for v in verdicts
    ]


def _lowered(rows: Sequence[ReadRow]) -> dict[int, str]:
    """The numbers of the rows of a block that was pasted too low, with the token of the row that each was meant for.

    It is known by what stands out below: as many rows that hold nothing but answers as there are at the top without
    any, in the same columns; and by more of what was asked being answered once it is moved up.
    """
    table = [row for row in rows if row.issued and row.issued.code]
    out = list(_answers_below(rows, table[-1].number)) if table else []
    if not 0 < len(out) < len(table):
        return {}
    fields = {c.field for row in out for c in row.sheet.inputs if row.is_written_in(c.field)}
    written = [row for row in (*table, *out) if any(map(row.is_written_in, fields))]
    is_open_above = not any(row.is_written_in(name) for row in table[: len(out)] for name in fields)
    if len(out) >= len(written) or not is_open_above:
        return {}
    at = {row.number: row for row in rows}
    meant = {row.number: at.get(row.number - len(out)) for row in (*table, *out)}
    if sum(_is_asked(meant[row.number]) for row in written) <= sum(map(_is_asked, written)):
        return {}
    return {number: row.token if row else "" for number, row in meant.items()}


def _answers_below(rows: Sequence[ReadRow], last: int) -> Iterator[ReadRow]:
    """The rows just below one, as far as they hold nothing but answers."""
    for row in rows:
        if row.number > last:
            if row.number != last + 1 or not _holds_only_answers(row):
                return
            yield row
            last += 1


def _holds_only_answers(row: ReadRow) -> bool:
    """True for a row that is none of the table's, and no whole issue either."""
    names = [*(c.field for c in row.sheet.locked), *row.sheet.registers[:1]]
    is_nobodys = not row.token or (row.issued is not None and not row.issued.code)
    return is_nobodys and row.is_written and all(is_empty(row.table_row.cells.get(name)) for name in names)


def _is_asked(row: ReadRow | None) -> bool:
    printed = row.issued.printed if row and row.issued and row.issued.code else {"asked": ""}
    return str(printed.get("asked", ASKED)).startswith(ASKED)


def _with_moved(verdicts: Sequence[RowStatus], sent: Mapping[str, Issued]) -> list[RowStatus]:
    """The same, the rows marked that are out of the order in which they were sent out."""
    ranks = {token: n for n, token in enumerate(sent)}
    own = [(n, v.row.token) for n, v in enumerate(verdicts) if v.row and v.state is RowState.OK]
    moved = out_of_order([ranks[token] for _, token in own if token in ranks])
    found = list(verdicts)
    for n, token in own:
        if ranks.get(token) in moved:
            found[n] = replace(verdicts[n], state=RowState.MOVED)
    return found


def out_of_order(ranks: Iterable[int]) -> frozenset[int]:
    """The numbers that were moved: all but a longest run of them that is still in order; no number comes twice."""
    ranks = list(ranks)
    if ranks == sorted(ranks):  # as they mostly are
        return frozenset()
    ends: list[int] = []  # ends[n] is the least number that ends a run of n + 1
    before: dict[int, int | None] = {}
    for rank in ranks:
        length = bisect_left(ends, rank)
        before[rank] = ends[length - 1] if length else None
        ends[length : length + 1] = [rank]
    last = ends[-1] if ends else None
    moved = set(before)
    while last is not None:
        moved.remove(last)
        last = before[last]
    return frozenset(moved)


def _of_row(verdict: RowStatus, file: str) -> Iterator[Finding]:
    row = verdict.row
    if row is None or verdict.state in (RowState.OK, RowState.MOVED):
        return
    place = row.place(file, "code")
    match verdict.state:
        case RowState.NEW:
            yield finding(Code.ROW_NEW, place)
        case RowState.DUPLICATE if verdict.first:
            yield finding(Code.ROW_TWICE, place, expected=verdict.first)
        case RowState.FOREIGN if row.issued:
            yield finding(Code.ROW_FOREIGN, place, owner=Owner(row.issued.period, row.issued.recipient))
        case RowState.NOTE:
            yield finding(Code.ROW_NOTE, place, _first_text(row))
        case RowState.UNKNOWN:
            severity = None if row.token or _has_inputs(row) else Severity.WARNING
            yield finding(Code.ROW_UNKNOWN, place, verdict.code or row.token or _first_text(row), severity)


def _first_text(row: ReadRow) -> str:
    return next((text for cell in row.table_row.cells.values() if (text := text_of(cell))), "")[:20]


def _of_rows_together(verdict: SheetStatus, place: Place) -> Iterator[Finding]:
    """What is said once of several rows."""
    torn = [v.row for v in verdict.rows if v.row and v.state is RowState.KEYS_DISAGREE]
    if torn:
        yield _of_several(Code.KEYS_DISAGREE, torn, place)
    lowered = [v.row for v in verdict.rows if v.row and v.state is RowState.SHIFTED]
    if lowered:
        yield _of_several(Code.ROWS_SHIFTED, lowered, place)
    gone = [v.issued for v in verdict.rows if v.state is RowState.MISSING and v.issued and v.issued.code]
    if gone:
        names = _listed([str(i.printed.get("name") or i.code) for i in gone])
        expected = f"{names}行" if len(gone) > 3 else f"{names}这{len(gone)}行"
        yield finding(Code.ROW_MISSING, place, expected=expected)


def _of_several(code: Code, rows: Sequence[ReadRow], place: Place) -> Finding:
    numbers = "、".join(str(row.number) for row in rows[:5])
    spoken = f"第{numbers}行" if len(rows) <= 5 else f"第{numbers}行等{len(rows)}行"
    return replace(finding(code, place, rows=spoken), cell=rows[0].table_row.address("code"))


# --- columns


def _column_verdicts(part: SheetPart, order: tuple[str, ...]) -> tuple[ColumnStatus, ...]:
    """The columns from left to right, then the deleted ones."""
    rows = part.tab.rows[part.layout.first - part.layout.is_headed :]
    headers = tuple(text_of(cell_at(rows, 0, position)) for position in range(max(map(len, rows))))
    others = set(range(len(headers))).difference(part.layout.positions.values())
    filled = frozenset(position for position in others if _is_filled(rows, position))
    return _under(part.layout, headers, filled, order)


@lru_cache(maxsize=256)  # the same headers stand in every return
def _under(
    layout: Layout, headers: tuple[str, ...], filled: frozenset[int], order: tuple[str, ...]
) -> tuple[ColumnStatus, ...]:
    """The columns under some headers; `filled` are those that are nobody's and hold anything."""
    return tuple(_each_under(layout, headers, filled, order))


def _each_under(
    layout: Layout, headers: Sequence[str], filled: Collection[int], order: Sequence[str]
) -> Iterator[ColumnStatus]:
    row = layout.first - layout.is_headed
    missing = {c.field for c in layout.missing}
    known = {position: name for name, position in layout.positions.items() if name not in missing}
    moved = _moved_fields([name for _, name in sorted(known.items())], order)
    twice = [layout.sheet.column(name) for name in layout.twice]
    for position, header in enumerate(headers):
        cell = address(row, position)
        if position in known:
            column = layout.sheet.column(known[position])
            name = header if layout.is_headed else column.header
            state = ColumnState.OK if _is_named(column, name) else ColumnState.RENAMED
            state = ColumnState.MOVED if column.field in moved else state
            yield ColumnStatus(state, column, name, cell)
        elif again := next(
            (c for c in twice if layout.twice[c.field] == position or _is_named(c, header)), None
        ):
            yield ColumnStatus(ColumnState.DUPLICATE, again, header, cell)
        elif min(known) < position < max(known) or position in filled:
            yield ColumnStatus(ColumnState.INSERTED, None, header, cell)
    yield from (ColumnStatus(ColumnState.DELETED, column) for column in layout.missing)


def _moved_fields(stands: Sequence[str], order: Sequence[str]) -> set[str]:
    ranks = {name: n for n, name in enumerate(order)}
    moved = out_of_order(ranks[name] for name in stands if name in ranks)
    return {name for name in stands if ranks.get(name) in moved}


def _is_filled(rows: Rows, position: int) -> bool:
    return any(not is_empty(cell_at(rows, n, position)) for n in range(len(rows)))


def _is_named(column: Column, header: str) -> bool:
    names = (column.header, column.field)
    return header in names or canonical(header) in map(canonical, names)
