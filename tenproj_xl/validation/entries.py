"""Entries: the rows of returns with every input cell converted once, what was typed kept beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeGuard

from tenproj_xl.core.answers import InWords
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import Value, is_empty
from tenproj_xl.core.columns import Column, Fill, Kind
from tenproj_xl.core.findings import Finding, Place, finding
from tenproj_xl.core.identity_numbers import without_identity_numbers
from tenproj_xl.core.parse import read_cell
from tenproj_xl.core.sheets import FORCE, VERIFICATION
from tenproj_xl.core.texts import canonical, text_of
from tenproj_xl.model.evaluate_indicators import fractions_of
from tenproj_xl.model.plan import Indicator, Measure, Plan
from tenproj_xl.model.units import is_unit, present_unit, task_force_named
from tenproj_xl.recognition.identify import Return
from tenproj_xl.recognition.rows import ReadRow

_FIGURES = ("value", "forecast")
"""The fields of an indicator's row that hold figures in its unit."""
_QUALITATIVE = Column("value", "最新数值", Fill.DEPARTMENT, Kind.CHOICE, choices=tuple(InWords))


@dataclass(frozen=True)
class Unread:
    """A cell that could not be understood: why, and what was typed."""

    code: Code
    typed: str
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One row of a return, converted.

    Attributes:
        source: The return.
        row: The row as it was read.
        task_force: Whose row it is, "" where a unit registers an issue and does not say for which task force.
        owner: The unit that reports the row, "" of a new issue.
        indicator: The indicator of the row, None in other sheets.
        inputs: The values of the input cells by field, `Unread` where a cell was not understood.
        guesses: Findings about cells that were converted with a guess.
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
        """Return a field's column, as it is in this row."""
        return column_in_row(self.row.sheet.column(field), self.indicator)

    def place(self, field: str) -> Place:
        """Return where a field of this entry stands."""
        return self.row.place(self.source.file, field)

    def typed(self, field: str) -> str:
        """Return what stands in a field's cell, as people read it."""
        return text_of(self.row.table_row.cells.get(field))

    def value(self, field: str) -> Value:
        """Return what a field means: an input as converted, anything else as it was printed."""
        if field not in self.inputs:
            return self.printed(field)
        value = self.inputs[field]
        return None if isinstance(value, Unread) else value  # type: ignore[return-value]  # a converted value

    def printed(self, field: str) -> Value:
        """Return what was printed in a field."""
        return self.row.issued.printed.get(field) if self.row.issued else None

    @property
    def verification(self) -> str:
        """What the row's 核实说明 says, without identity numbers; "" where it is blank or not understood."""
        return without_identity_numbers(text_of(self.value(VERIFICATION)))

    @property
    def explains_fall(self) -> bool:
        """Whether 核实说明 says that the figure was reduced by 核减."""
        return "核减" in self.verification

    def lacking(self, code: Code, name: str, when: str = "") -> Finding:
        """Return the finding that a cell is empty: what belongs there, and how it is written."""
        column = self.column(name)
        return finding(code, self.place(name), when=when, expected=column.header, advice=column.wanted)

    @cached_property
    def changed_fields(self) -> frozenset[str]:
        """The inputs that the sender filled in or changed; not those left as they were brought forward."""
        return frozenset(c.field for c in self.row.sheet.inputs if self._is_changed(c))

    @cached_property
    def is_answered(self) -> bool:
        """Whether the sender filled in a cell of its own or changed a value that was brought forward.

        A period alone is no answer, nor is a row in which nothing is left.
        """
        fields = [c.field for c in self.row.sheet.inputs if c.kind is not Kind.PERIOD]
        is_filled = any(self.inputs[f] is not None for f in fields)
        return is_filled and not self.changed_fields.isdisjoint(fields)

    def _is_changed(self, column: Column) -> bool:
        value = self.inputs[column.field]
        if column.fill is Fill.DEPARTMENT:
            return value is not None
        printed, cell = self.printed(column.field), self.row.table_row.cells.get(column.field)
        if cell.__class__ is printed.__class__ and cell == printed:  # the common case, kept cheap
            return False
        before = read_cell(printed, self.column(column.field), year=int(self.source.period[:4])).value
        return canonical(value) != canonical(before)


def entry(source: Return, row: ReadRow, plan: Plan) -> Entry:
    """Convert the input cells of a row; units and choices are those of the row."""
    code = row.issued.code if row.issued else ""
    indicator = plan.indicator(code) if row.sheet.code == "indicators" else None
    inputs: dict[str, object] = {}
    guesses: list[Finding] = []
    cells, doubts, year = row.table_row.cells, row.doubts, int(source.period[:4])
    for column in row.sheet.inputs:
        cell = cells.get(column.field)
        inputs[column.field] = None
        if cell is None or is_empty(cell):  # None is the common case, kept cheap
            continue
        if doubt := doubts.get(column.field):
            place = row.place(source.file, column.field)
            guesses.append(finding(doubt.code, place, text_of(cell), None, **doubt.fields))
        inputs[column.field], guessed = _converted(cell, column, indicator, year=year)
        for guess, detail in guessed:
            place = row.place(source.file, column.field)
            guesses.append(finding(guess, place, text_of(cell), expected=detail))
    return Entry(
        source=source,
        row=row,
        task_force=_task_force(source, row, plan),
        owner=present_unit(row.issued.unit, plan) if row.issued and code else "",
        indicator=indicator,
        inputs=inputs,
        guesses=tuple(guesses),
    )


def _task_force(source: Return, row: ReadRow, plan: Plan) -> str:
    if not is_unit(source.recipient):
        return source.recipient
    printed = row.issued.task_force if row.issued else ""
    return printed or task_force_named(row.table_row.cells.get(FORCE), plan)


def column_in_row(column: Column, indicator: Indicator | None) -> Column:
    """Return a column as it is in an indicator's row: the value of a qualitative one is a choice of words."""
    is_qualitative = indicator is not None and indicator.measure is Measure.QUALITATIVE
    return _QUALITATIVE if is_qualitative and column.field == "value" else column


_Guess = tuple[Code, str]
"""A rule, and what a cell was taken for."""


def _converted(
    cell: object, column: Column, indicator: Indicator | None, *, year: int
) -> tuple[object, list[_Guess]]:
    """Return what a cell means, `Unread` where it is not understood, and the guesses made on the way."""
    is_figure = indicator is not None and column.field in _FIGURES
    unit = indicator.unit if indicator and is_figure else ""
    meaning = read_cell(cell, column_in_row(column, indicator), unit=unit, year=year)
    guesses: list[_Guess] = []
    if meaning.code and not meaning.code.rule.is_guess:
        return Unread(meaning.code, text_of(cell), meaning.detail), guesses
    if meaning.code:
        guesses.append((meaning.code, meaning.detail))
    is_number = isinstance(cell, int | float)  # 100% is the int 1 in .xls
    if indicator and is_figure and is_number and _is_fraction(meaning.value, indicator):
        per_cent = float(f"{meaning.value * 100:.15g}")  # 0.29 * 100 is 28.999999999999996
        guesses.append((Code.UNIT_GUESSED, f"{text_of(per_cent)}%"))
        return per_cent, guesses
    return meaning.value, guesses


def _is_fraction(value: object, indicator: Indicator) -> TypeGuard[float]:
    """Return whether a value of a percentage seems to be a fraction of 1."""
    if not isinstance(value, float):
        return False
    return any(low <= abs(value) <= high for low, high in fractions_of(indicator))
