"""Rows of returns: what stands in each, what had been printed there, and what of that was changed.

Reads: tabs that look like a sheet of the form, and what the ledger issued. Gives: `ReadRow`s, known by
their tokens.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import cached_property

from tenproj_xl.core.blocks import is_heading
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import NoValue, Value, is_empty
from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.columns import Column, Kind, Sheet
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.dates import read_date
from tenproj_xl.core.findings import Place
from tenproj_xl.core.identity_numbers import without_identity_numbers
from tenproj_xl.core.period_rows import is_correction_place, named_as_printed
from tenproj_xl.core.tables import Layout, TableRow
from tenproj_xl.core.texts import canonical, on_one_line, text_of
from tenproj_xl.core.tokens import is_token
from tenproj_xl.model.issued import Issued
from tenproj_xl.reading.book import SheetCells
from tenproj_xl.recognition.claims import Owner
from tenproj_xl.recognition.doubts import Doubt, doubted

_LONGEST_NAME = 24
NAMING = ("name", "code")
"""The fields that say which indicator a row for corrections is about."""


@dataclass(frozen=True)
class Edit:
    """A locked cell that no longer holds what any printing of its row had there; `printed` is the newest."""

    column: Column
    cell: str
    printed: Value
    found: object


@dataclass(frozen=True, kw_only=True)
class ReadRow:
    """One row of a return, with all printings of its token; a row that the sender added has none.

    `doubts` are what its sender has to look at, by field, whatever the value. Of a row of a correction
    workbook that stands already, `patched` are the fields that were changed in it; others hold what stands.
    Of a blank row for a correction `resolved` is what it would have been printed as for the figure that was
    filled in, `corrects` the code of the indicator; both are found once the plan is known.
    """

    sheet: Sheet
    tab: str
    table_row: TableRow
    token: str
    printings: tuple[Issued, ...] = ()
    doubts: Mapping[str, Doubt] = field(default_factory=dict)
    patched: frozenset[str] | None = None
    resolved: Issued | None = None
    corrects: str = ""

    @cached_property
    def issued(self) -> Issued | None:
        """The printing that most of the locked cells agree with, the newest of equals."""
        if self.resolved is not None:
            return self.resolved
        if len(self.printings) < 2:
            return next(iter(self.printings), None)
        cells = self.table_row.cells
        locked = {c.field: canonical(cells[c.field]) for c in self.sheet.locked if c.field in cells}
        best, issued = -1, None
        for printing in self.printings:
            agreement = sum(canonical(printing.printed.get(f)) == text for f, text in locked.items())
            if agreement >= best:
                best, issued = agreement, printing
        return issued

    @property
    def number(self) -> int:
        """The row number, counted from 1."""
        return self.table_row.index + 1

    @property
    def name(self) -> str:
        """What a person calls the row; it stands in every message about it, so without identity numbers."""
        description = text_of(self.table_row.cells.get("description"))
        if self.issued:
            printed = self.issued.printed
            description = str(printed.get("name") or printed.get("description") or description)
            code = self.issued.code
            description = named_as_printed(description or code, code, printed.get("code"))
        description = on_one_line(without_identity_numbers(description))
        if len(description) > _LONGEST_NAME:
            return description[: _LONGEST_NAME - 1] + "…"
        return description

    @property
    def is_correction(self) -> bool:
        """Whether it was printed as a blank row for a correction."""
        return bool(self.form_code) and is_correction_place(self.form_code)

    @property
    def form_code(self) -> str:
        """The code under which the form has the row, "" where it was printed in none."""
        if not self.printings:
            return ""
        return self.printings[-1].code

    @property
    def open_columns(self) -> tuple[Column, ...]:
        """The columns in which its sender may write; in a row for corrections that of the name, too."""
        if self.is_correction:
            return (self.sheet.column("name"), *self.sheet.inputs)
        return self.sheet.inputs

    @property
    def of_others(self) -> bool:
        """Whether the row stands in a unit's form only to be read: another one fills it in."""
        return self.issued is not None and self.issued.of_others

    def place(self, file: str, name: str) -> Place:
        """Return where a field of this row stands."""
        task_force = self.issued.task_force if self.issued else ""
        return Place(file, self.tab, self.table_row.address(name), self.name, task_force)

    @property
    def is_written(self) -> bool:
        """Whether an input holds something that was not printed; a period alone is no answer."""
        return any(self.is_written_in(c.field) for c in self.open_columns if c.kind is not Kind.PERIOD)

    def is_written_in(self, name: str) -> bool:
        """Return whether a field holds something that was not printed."""
        cell = self.table_row.cells.get(name)
        if is_empty(cell):
            return False
        return not self._was_printed(cell, name)

    @cached_property
    def edits(self) -> tuple[Edit, ...]:
        """The locked cells that were changed, in the order of the declaration; none in a row of nobody's."""
        return tuple(self._edits())

    @cached_property
    def edited(self) -> frozenset[str]:
        """The fields of locked cells that were changed."""
        return frozenset(edit.column.field for edit in self.edits)

    def _edits(self) -> Iterator[Edit]:
        if not self.printings:
            return
        cells, newest = self.table_row.cells, self.printings[-1].printed
        for column in self._closed():
            cell, printed = cells.get(column.field), newest.get(column.field)
            if column.field not in cells or (cell.__class__ is printed.__class__ and cell == printed):
                continue  # the second is the common case, kept cheap
            value = _in_kind(cell, column)
            if not isinstance(value, NoValue) and not self._was_printed(value, column.field):
                yield Edit(column, self.table_row.address(column.field), printed, value)

    def _was_printed(self, value: object, name: str) -> bool:
        text = canonical(value)
        return any(text in _spellings(printing.printed.get(name)) for printing in self.printings)

    def _closed(self) -> Iterable[Column]:
        """Return the columns in which the sender may write nothing."""
        if self.of_others:
            return self.sheet.locked_of_others
        if self.is_correction:
            return [c for c in self.sheet.locked if c.field not in NAMING]
        if self.issued and self.issued.code:
            return self.sheet.locked_once_known
        return self.sheet.locked


def _spellings(printed: Value) -> list[str]:
    """Return how a value may stand in a form: a code by its label, or by one that forms had earlier."""
    if isinstance(printed, LabelledCode):
        return [canonical(label) for label in printed.labels]
    return [canonical(printed)]


def _in_kind(cell: object, column: Column) -> object:
    """Return what stands in a cell; a date also where a program wrote its serial number."""
    if column.kind is Kind.DATE and isinstance(cell, int | float):
        return read_date(cell, 0).value or cell
    return cell


@dataclass(frozen=True)
class Unplaced:
    """A row that could not be used, and the code that says why.

    `second` are the cells of columns that came twice; `meant` is the token of the row that it was meant
    for, where that is known to be another one.
    """

    row: ReadRow
    reason: Code
    second: Mapping[str, object] = field(default_factory=dict)
    meant: str = ""


@dataclass(frozen=True, eq=False)
class SheetPart:
    """One tab that looks like a sheet of the form: its rows below the header, and whose it is.

    `owner` is whose most rows are, None where nobody can tell; `doubts` are each row's. `end` is the index of
    the first line above a block, below which another table begins; None where there is none.
    """

    tab: SheetCells
    layout: Layout
    rows: tuple[TableRow, ...]
    doubts: tuple[Mapping[str, Doubt], ...]
    owner: Owner | None = None
    end: int | None = None

    @property
    def sheet(self) -> Sheet:
        """The declaration it answers."""
        return self.layout.sheet

    @cached_property
    def content(self) -> dict[str, list[str]]:
        """What is filled in, by token."""
        fields = [c.field for c in self.sheet.inputs]
        return {token_of(row): [text_of(row.cells.get(f)) for f in fields] for row in self.rows}


def part_of(tab: SheetCells, layout: Layout) -> SheetPart:
    """Read the rows of a tab; a line above a block is one only where somebody wrote beside its text."""
    rows, doubts, end = [], [], None
    for row, of_row in doubted(tab, layout):
        if not token_of(row) and any(map(is_heading, row.cells.values())):
            if end is None:
                end = row.index
            row = _without_heading(row)  # noqa: PLW2901  # what was written beside it
            if all(map(is_empty, row.cells.values())):
                continue
        rows.append(row)
        doubts.append(of_row)
    return SheetPart(tab, layout, tuple(rows), tuple(doubts), end=end)


def _without_heading(row: TableRow) -> TableRow:
    cells = dict(row.cells)
    for name in row.cells:
        if is_heading(cells[name]):
            cells[name] = None
    return replace(row, cells=cells)


Issues = Mapping[str, Sequence[Issued]]
"""What the ledger knows of some tokens: all printings, oldest first."""


def token_of(row: TableRow) -> str:
    """Return the row's token, "" where neither key is shaped like one."""
    for key in row.keys:
        if is_token(key):
            return key
    return ""


def all_rows(part: SheetPart, issued: Issues) -> Iterator[ReadRow]:
    """Yield every row below the header, as it is read."""
    for table_row, doubts in zip(part.rows, part.doubts, strict=True):
        token = token_of(table_row)
        yield ReadRow(
            sheet=part.sheet,
            tab=part.tab.name,
            table_row=table_row,
            token=token,
            printings=tuple(issued.get(token, ())),
            doubts=doubts,
        )
