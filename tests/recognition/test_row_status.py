"""Verdicts: whatever is done to rows and columns is reported exactly, by a model that only knows what was done.

A form's cells are read once; each example moves, deletes, inserts and copies rows and columns of what was read, and the
model does the same with the names of rows and the fields of columns.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenproj_xl.app.check import check
from tenproj_xl.cli.open_form import TABS
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import address
from tenproj_xl.core.columns import Kind
from tenproj_xl.core.limits import Limits
from tenproj_xl.core.sheets import KEY, form_sheets
from tenproj_xl.ledger.store import open_ledger
from tenproj_xl.reading.book import Book
from tenproj_xl.reading.opening import open_file
from tenproj_xl.recognition.column_status import ColumnState
from tenproj_xl.recognition.identify import Identified, Return, identify, tokens_in
from tenproj_xl.recognition.row_status import RowState, SheetStatus
from tests.conftest import PERIOD
from tests.helpers.answers import right_answers
from tests.helpers.filling import Filling, Office, typed

HEADER = 3
"""The row of headers in a form, counted from 0; the field codes stand above it, the rows below."""
OWN_COLUMN, OWN_ROW, BLANK_ROW = "本单位列", "本单位行", ""


class Desk:
    """A form as it was read, and what the ledger says of it."""

    def __init__(self, office: Office, task_force: str, folder: Path) -> None:
        self.office, self.folder, self.task_force = office, folder, task_force
        form = office.forms[task_force]
        book, _ = open_file(typed(office.path(task_force), right_answers(form)), Limits(), ())
        assert isinstance(book, Book)
        self.book, self.plan = book, office.loaded.plan
        with open_ledger(office.workspace.ledger, who="tests") as ledger:
            self.issued = ledger.issued(tokens_in(book))
            self.sent = ledger.sent(form.period.code, task_force)

    def names(self, sheet: str) -> list[str]:
        """The tokens of a sheet's rows, from the top."""
        return [token for token, i in self.sent.rows.items() if i.sheet == sheet]

    def lines(self, sheet: str) -> list[str]:
        """The same, with the lines above the blocks, which are none."""
        lines = self.names(sheet)
        for at in self.office.forms[self.task_force].part(sheet).headings:
            lines.insert(at, BLANK_ROW)
        return lines

    def identified(self, sheet: str, grid: Sequence[Sequence[object]]) -> Identified:
        """What the book is once a sheet holds other cells."""
        tabs = [
            replace(tab, rows=tuple(map(tuple, grid))) if tab.name == TABS[sheet] else tab
            for tab in self.book.sheets
        ]
        book = replace(self.book, sheets=tuple(tabs))
        known = {token: self.issued[token] for token in tokens_in(book) if token in self.issued}
        return identify(
            "表.xlsx", book, form_sheets(self.plan.programme.years), known, lambda *_: self.sent, self.plan
        )

    def verdict(self, sheet: str, grid: Sequence[Sequence[object]]) -> SheetStatus:
        """The verdict on a sheet that holds other cells."""
        result = self.identified(sheet, grid).result
        assert isinstance(result, Return)
        return next(v for v in result.statuses if v.sheet.code == sheet)


@pytest.fixture(scope="module")
def desk(later: Office, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(later, "04", tmp_path_factory.mktemp("verdicts"))


# --- what is done to a sheet, and a model of it


@dataclass
class Table:
    """A sheet's cells, and what the model knows of them: names of rows, fields of columns, locked cells typed over."""

    grid: list[list[object]]
    rows: list[str]
    columns: list[str]
    edited: dict[str, set[str]] = field(default_factory=dict)
    moves: int = 0

    def move_row(self, source: int, target: int) -> None:
        self.rows.insert(target, self.rows.pop(source))
        self.grid.insert(HEADER + 1 + target, self.grid.pop(HEADER + 1 + source))
        self.moves += 1

    def delete_row(self, source: int, _: int) -> None:
        del self.rows[source]
        del self.grid[HEADER + 1 + source]

    def insert_blank_row(self, _: int, target: int) -> None:
        self.rows.insert(target, BLANK_ROW)
        self.grid.insert(HEADER + 1 + target, [None] * len(self.columns))

    def insert_own_row(self, _: int, target: int) -> None:
        self.insert_blank_row(0, target)
        self.rows[target] = OWN_ROW
        self.grid[HEADER + 1 + target] = [OWN_ROW if name == "name" else None for name in self.columns]

    def copy_row(self, source: int, target: int) -> None:
        """A copy of which the first is deleted has been moved."""
        row, name = list(self.grid[HEADER + 1 + source]), self.rows[source]
        self.moves += 1
        self.rows.insert(target, name)
        self.grid.insert(HEADER + 1 + target, row)

    def edit_locked_cell(self, source: int, _: int) -> None:
        if self.rows[source] not in (BLANK_ROW, OWN_ROW) and "responsible_units" in self.columns:
            self.edited.setdefault(self.rows[source], set()).add("responsible_units")
            for n, name in enumerate(self.rows):
                if name == self.rows[source]:
                    self._put(n, "responsible_units", "改过的单位")

    def _put(self, row: int, name: str, value: object) -> None:
        for n, column in enumerate(self.columns):
            if column == name:
                self.grid[HEADER + 1 + row][n] = value

    def move_column(self, source: int, target: int) -> None:
        self.columns.insert(target, self.columns.pop(source))
        for row in self.grid:
            row.insert(target, row.pop(source))

    def delete_column(self, source: int, _: int) -> None:
        if self.columns[source] not in (KEY, "name"):  # a key must stay, and the model's own rows
            del self.columns[source]
            for row in self.grid:
                del row[source]

    def insert_column(self, _: int, target: int) -> None:
        self.columns.insert(target, OWN_COLUMN)
        for n, row in enumerate(self.grid):
            row.insert(target, OWN_COLUMN if n == HEADER else None)

    def copy_column(self, source: int, target: int) -> None:
        self.columns.insert(target, self.columns[source])
        for row in self.grid:
            row.insert(target, row[source])


ON_ROWS: list[Callable[[Table, int, int], None]] = [
    Table.move_row,
    Table.delete_row,
    Table.insert_blank_row,
    Table.insert_own_row,
    Table.copy_row,
    Table.edit_locked_cell,
]
ON_COLUMNS: list[Callable[[Table, int, int], None]] = [
    Table.move_column,
    Table.delete_column,
    Table.insert_column,
    Table.copy_column,
]
PLACES = st.integers(0, 10**6)


def done(actions: list[Callable[[Table, int, int], None]], at_most: int) -> st.SearchStrategy[list[object]]:
    return st.lists(st.tuples(st.sampled_from(actions), PLACES, PLACES), max_size=at_most)


def table(desk: Desk, sheet: str) -> Table:
    rows = next(tab.rows for tab in desk.book.sheets if tab.name == TABS[sheet])
    width = len(desk.sent.columns[sheet])
    grid = [[*row, *[None] * (width - len(row))] for row in rows]
    return Table(grid, desk.lines(sheet), list(desk.sent.columns[sheet]))


def longest_run(ranks: Sequence[int]) -> int:
    """How many numbers stay where they are if as few as possible were moved, counted the slow way."""
    best: list[int] = []
    for n, rank in enumerate(ranks):
        best.append(1 + max((best[m] for m in range(n) if ranks[m] < rank), default=0))
    return max(best, default=0)


def stays(stands: Sequence[str], sent: Sequence[str], moved: set[str]) -> bool:
    """True where exactly as few were moved as need be, and all others are in the order in which they were sent out."""
    ranks = [sent.index(name) for name in stands]
    kept = [rank for rank, name in zip(ranks, stands, strict=True) if name not in moved]
    return kept == sorted(kept) and len(kept) == longest_run(ranks)


@pytest.mark.parametrize("sheet", ["indicators", "tasks"])
@settings(max_examples=150)
@given(actions=done(ON_ROWS, 8))
def test_whatever_is_done_to_rows_is_reported_exactly(
    sheet: str, desk: Desk, actions: list[tuple[Callable[[Table, int, int], None], int, int]]
) -> None:
    model = table(desk, sheet)
    for action, source, target in actions:
        if model.rows:
            action(model, source % len(model.rows), target % (len(model.rows)))
    verdict, sent = desk.verdict(sheet, model.grid), desk.names(sheet)

    states = {v.row.number - HEADER - 2: v.state for v in verdict.rows if v.row}
    missing = {v.issued.token for v in verdict.rows if v.issued and not v.row}
    once = [name for name in dict.fromkeys(model.rows) if name in sent]
    moved = {name for name in once if states[model.rows.index(name)] is RowState.MOVED}
    expected = {}
    for n, name in enumerate(model.rows):
        if name == OWN_ROW:
            expected[n] = RowState.UNKNOWN
        elif name != BLANK_ROW:
            expected[n] = RowState.MOVED if name in moved else RowState.OK
            if model.rows.index(name) < n:
                expected[n] = RowState.COPY
    assert states == expected
    assert missing == set(sent) - set(model.rows)
    assert stays(once, sent, moved)
    assert len(moved) <= model.moves
    edited = {v.row.token: {e.column.field for e in v.edits} for v in verdict.rows if v.row and v.edits}
    assert edited == {name: fields for name, fields in model.edited.items() if name in once}


@settings(max_examples=150)
@given(actions=done(ON_COLUMNS, 6))
def test_whatever_is_done_to_columns_is_reported_exactly(
    desk: Desk, actions: list[tuple[Callable[[Table, int, int], None], int, int]]
) -> None:
    model = table(desk, "tasks")
    for action, source, target in actions:
        action(model, source % len(model.columns), target % len(model.columns))
    verdict, sent = desk.verdict("tasks", model.grid), list(desk.sent.columns["tasks"])

    at = {v.cell: v for v in verdict.columns if v.cell}
    first = [
        name for n, name in enumerate(model.columns) if model.columns.index(name) == n and name != OWN_COLUMN
    ]
    moved = {v.column.field for v in at.values() if v.column and v.state is ColumnState.MOVED}
    expected = {}
    for n, name in enumerate(model.columns):
        again = ColumnState.DUPLICATE if model.columns.index(name) < n else ColumnState.OK
        state = ColumnState.MOVED if name in moved and again is ColumnState.OK else again
        expected[address(HEADER, n)] = ColumnState.INSERTED if name == OWN_COLUMN else state
    assert {cell: v.state for cell, v in at.items()} == expected
    assert stays(first, sent, moved)
    deleted = {v.column.field for v in verdict.columns if v.column and not v.cell}
    assert deleted == set(sent) - set(model.columns)


# --- a fault is reported where it is, wherever that is

FAULTS = {
    Kind.NUMBER: ("增长较快", Code.NOT_NUMBER),
    Kind.DATE: ("尽快", Code.NOT_DATE),
    Kind.PERIOD: ("某个时候", Code.NOT_PERIOD),
    Kind.CHOICE: ("差不多了", Code.NOT_CHOICE),
    Kind.TEXT: ("字" * 501, Code.TOO_LONG),
    Kind.LONG_TEXT: ("字" * 501, Code.TOO_LONG),
}


Cell = tuple[str, str, str, str]
"""An input cell by task force, sheet, row and field."""


def open_cells(office: Office) -> list[Cell]:
    """Each cell that a department may write in, of rows that are answered."""
    forms = [(code, form) for code, form in office.forms.items() if form.recipient.involved]
    sheets = [(code, part.sheet, part.rows) for code, form in forms for part in form.sheets]
    rows = [(code, sheet, row) for code, sheet, rows in sheets for row in rows if row.code and row.asked]
    return [
        (code, sheet.code, row.code, c.field)
        for code, sheet, row in rows
        for c in sheet.inputs
        if row.is_open(c)
    ]


def with_fault(office: Office, cell: Cell) -> tuple[bytes, list[tuple[Code, str, str, str]]]:
    """A form filled in rightly but for one cell, and what is to be found there."""
    task_force, sheet, row, name = cell
    form, path = office.forms[task_force], office.path(task_force)
    column = form.part(sheet).sheet.column(name)
    text, code = FAULTS[column.kind]
    in_words = any("value" in r.choices for r in form.part(sheet).rows if r.code == row)
    code = Code.NOT_CHOICE if name == "value" and in_words else code
    answers = right_answers(form)
    answers[sheet, row] = {**answers[sheet, row], name: text}
    return typed(path, answers), [(code, TABS[sheet], blank(path).at(sheet, row, name), text)]


blank = cache(Filling)


@settings(max_examples=4)
@given(data=st.data())
def test_a_fault_in_any_cell_is_reported_at_that_cell_and_nowhere_else(
    desk: Desk, data: st.DataObject
) -> None:
    cells = data.draw(
        st.lists(st.sampled_from(open_cells(desk.office)), min_size=15, max_size=15, unique=True)
    )
    expected = {}
    for n, cell in enumerate(cells):
        path = desk.folder / f"{n}.xlsx"
        content, expected[path.name] = with_fault(desk.office, cell)
        path.write_bytes(content)
    done = check(desk.office.workspace, sorted(desk.folder.iterdir()), PERIOD)
    errors = {r.received.name: [x for x in r.findings if x.is_error] for r in done.files}
    assert {
        name: [(x.code, x.sheet, x.cell, x.value) for x in found] for name, found in errors.items()
    } == expected
