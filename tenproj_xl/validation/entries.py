"""Entries: the rows of returns with every input cell converted once, what was typed kept beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import Value, is_empty
from tenproj_xl.core.columns import Column, Fill, Kind
from tenproj_xl.core.findings import Finding, Place, finding
from tenproj_xl.core.parse import canonical, read_cell, text_of
from tenproj_xl.core.sheets import ACHIEVED, FAILED, FORCE, UNDERWAY
from tenproj_xl.model.evaluate_indicators import fractions_of
from tenproj_xl.model.plan import Indicator, Measure, Plan
from tenproj_xl.model.units import is_unit, present_unit, task_force_named
from tenproj_xl.recognition.identify import Return
from tenproj_xl.recognition.rows import ReadRow

_WORDS = Column("value", "最新数值", Fill.DEPARTMENT, Kind.CHOICE, choices=(ACHIEVED, UNDERWAY, FAILED))


@dataclass(frozen=True)
class Unread:
    """A cell that could not be understood: why, and what was typed."""

    code: Code
    typed: str
    detail: str = ""


@dataclass(frozen=True)
class Entry:
    """One row: `inputs` by field (`Unread` where a cell was not understood), and the guesses made on the way.

    `task_force` is whose row it is, "" where a unit registers an issue and does not say for which one; `owner` the unit
    that reports it, "" of a new issue.
    """

    source: Return = field(repr=False)
    row: ReadRow
    task_force: str
    owner: str
    indicator: Indicator | None
    inputs: Mapping[str, object]
    guesses: tuple[Finding, ...]

    @property
    def code(self) -> str:
        """The row's code, "" for a new issue."""
        return self.row.issued.code if self.row.issued else ""

    def column(self, field: str) -> Column:
        """A field's column, as it is in this row."""
        return column_in_row(self.row.sheet.column(field), self.indicator)

    def place(self, field: str) -> Place:
        """Where a field of this entry stands."""
        return self.row.place(self.source.file, field)

    def typed(self, field: str) -> str:
        """What stands in a field's cell, as people read it."""
        return text_of(self.row.table_row.cells.get(field))

    def value(self, field: str) -> Value:
        """What a field means: inputs as converted, everything else as it was printed."""
        found = self.inputs[field] if field in self.inputs else self.printed(field)
        return None if isinstance(found, Unread) else found  # type: ignore[return-value]  # a converted value

    def printed(self, field: str) -> Value:
        """What we had printed in a field."""
        return self.row.issued.printed.get(field) if self.row.issued else None

    def lacking(self, code: Code, name: str, when: str = "") -> Finding:
        """A finding that a cell should have been filled: what belongs there, and how it is written."""
        column = self.column(name)
        return finding(code, self.place(name), when=when, expected=column.header, advice=column.wanted)

    @cached_property
    def said(self) -> frozenset[str]:
        """The inputs in which the sender says anything of its own; a value left as it was brought forward is none."""
        return frozenset(c.field for c in self.row.sheet.inputs if self._is_answer(c))

    @cached_property
    def is_answered(self) -> bool:
        """True where the sender wrote something: a department's cell is filled, or a value brought forward changed.

        Not where nothing is left in the row, nor by its period alone, which says nothing without a figure.
        """
        columns = [c.field for c in self.row.sheet.inputs if c.kind is not Kind.PERIOD]
        return any(self.inputs[f] is not None for f in columns) and not self.said.isdisjoint(columns)

    def _is_answer(self, column: Column) -> bool:
        given = self.inputs[column.field]
        if column.fill is Fill.DEPARTMENT:
            return given is not None
        printed, cell = self.printed(column.field), self.row.table_row.cells.get(column.field)
        if cell.__class__ is printed.__class__ and cell == printed:  # as it mostly is
            return False
        before = read_cell(printed, self.column(column.field), year=int(self.source.period[:4])).value
        return canonical(given) != canonical(before)


def entry(source: Return, row: ReadRow, plan: Plan) -> Entry:
    """A row with its input cells converted; units and choices are those of the row."""
    code = row.issued.code if row.issued else ""
    indicator = plan.indicator(code) if row.sheet.code == "indicators" else None
    inputs: dict[str, object] = {}
    guesses: list[Finding] = []
    cells = row.table_row.cells
    for column in row.sheet.inputs:
        cell = cells.get(column.field)
        inputs[column.field] = None
        if cell is None or is_empty(cell):  # the first is at once done, and mostly enough
            continue
        if doubt := row.doubts.get(column.field):
            place = row.place(source.file, column.field)
            guesses.append(finding(doubt.code, place, text_of(cell), None, **doubt.fields))
        inputs[column.field] = _converted(
            cell, column_in_row(column, indicator), indicator, source, row, guesses
        )
    owner = present_unit(row.issued.unit, plan) if row.issued and row.issued.code else ""
    return Entry(source, row, _task_force(source, row, plan), owner, indicator, inputs, tuple(guesses))


def _task_force(source: Return, row: ReadRow, plan: Plan) -> str:
    if not is_unit(source.recipient):
        return source.recipient
    printed = row.issued.task_force if row.issued else ""
    return printed or task_force_named(row.table_row.cells.get(FORCE), plan)


def column_in_row(column: Column, indicator: Indicator | None) -> Column:
    """A column as it is in the row of an indicator: the value of a qualitative one is a choice of words."""
    in_words = indicator is not None and indicator.measure is Measure.QUALITATIVE
    return _WORDS if in_words and column.field == "value" else column


def _converted(
    cell: object,
    column: Column,
    indicator: Indicator | None,
    source: Return,
    row: ReadRow,
    guesses: list[Finding],
) -> object:
    def guess(code: Code, detail: str) -> None:
        guesses.append(finding(code, row.place(source.file, column.field), text_of(cell), expected=detail))

    unit = indicator.unit if indicator and column.field in ("value", "forecast") else ""
    meaning = read_cell(cell, column, unit=unit, year=int(source.period[:4]))
    if meaning.code and meaning.code.rule.is_guess:
        guess(meaning.code, meaning.detail)
    elif meaning.code:
        return Unread(meaning.code, text_of(cell), meaning.detail)
    if (
        indicator
        and isinstance(meaning.value, float)
        and _is_fraction_of(meaning.value, cell, indicator, column)
    ):
        per_cent = float(f"{meaning.value * 100:.15g}")  # 0.29 * 100 is a hair less than 29
        guess(Code.UNIT_GUESSED, f"{text_of(per_cent)}%")
        return per_cent
    return meaning.value


def _is_fraction_of(value: float, cell: object, indicator: Indicator, column: Column) -> bool:
    counted = column.field in ("value", "forecast") and isinstance(
        cell, int | float
    )  # 100% is the int 1 in .xls
    return counted and any(low <= abs(value) <= high for low, high in fractions_of(indicator))
