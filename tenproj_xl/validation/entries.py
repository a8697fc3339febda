"""Entries: the rows of returns with every input cell converted once, what was typed kept beside it."""

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from functools import cached_property
from typing import TypeGuard

from tenproj_xl.core.answers import InWords, TaskStatus
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import Value, is_empty
from tenproj_xl.core.columns import Column, Fill, Kind
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.dates import with_likely_year
from tenproj_xl.core.findings import Finding, Place, finding
from tenproj_xl.core.identity_numbers import without_identity_numbers
from tenproj_xl.core.parse import read_cell
from tenproj_xl.core.period_rows import is_correction_place, period_of_row
from tenproj_xl.core.periods import Period, parse_period
from tenproj_xl.core.sheets import FORCE, ISSUES, VERIFICATION, WHO
from tenproj_xl.core.texts import canonical, is_blank, plain, text_of
from tenproj_xl.core.wordings import Says, says
from tenproj_xl.model.evaluate_indicators import fractions_of
from tenproj_xl.model.plan import Indicator, Measure, Plan
from tenproj_xl.model.units import is_unit, present_unit
from tenproj_xl.recognition.identify import Return
from tenproj_xl.recognition.rows import ReadRow
from tenproj_xl.validation.failures import Unread
from tenproj_xl.validation.issue_texts import is_other_issue

_FIGURES = ("value", "forecast")
"""The fields of an indicator's row that hold figures in its unit."""
REASONS = ("lag_reason", "problems", "next_steps")
"""The fields that tell why something is late, and what is done: 无 says nothing where that is due."""
_TOLD = (*REASONS, "progress", "description")
"""The fields that tell how things stand."""
_UNDER_WAY = (TaskStatus.ON_COURSE, TaskStatus.BEHIND, TaskStatus.DONE)
"""The states of a task of which there is something to tell."""
DAYS_TO_COME = ("due_on", "extend_to")
"""The fields whose days lie ahead."""
_QUALITATIVE = Column("value", "最新数值", Fill.DEPARTMENT, Kind.CHOICE, choices=tuple(InWords))


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
        is_overwritten: Whether another issue was written over the registered one: nothing is said of that.
    """

    source: Return = field(repr=False)
    row: ReadRow
    task_force: str
    owner: str
    indicator: Indicator | None
    inputs: Mapping[str, object]
    guesses: tuple[Finding, ...]
    is_overwritten: bool = False

    @property
    def code(self) -> str:
        """The row's code, "" for a new issue."""
        return self.row.issued.code if self.row.issued else ""

    @property
    def of_period(self) -> Period | None:
        """The data period that the row of an indicator stands for; None for that of the current figure."""
        return period_of_row(self.code)

    @property
    def is_unresolved(self) -> bool:
        """Whether it is a row for corrections of which nobody can tell what it corrects."""
        return is_correction_place(self.code)

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
    def registered(self) -> frozenset[str]:
        """The inputs that are closed since registration: what was printed counts, not what is typed."""
        return frozenset(registered_fields(self.row))

    @cached_property
    def changed_fields(self) -> frozenset[str]:
        """The inputs that the sender filled in or changed; not those left as they were brought forward."""
        if self.is_overwritten:
            return frozenset()
        return frozenset(c.field for c in self.row.sheet.inputs if self._is_changed(c))

    @cached_property
    def is_answered(self) -> bool:
        """Whether the sender filled in a cell of its own or changed a value that was brought forward.

        A period alone is no answer, nor is a row in which nothing is left, one for a new issue that says that
        there is none, or one in which all that is filled in says nothing.
        """
        if self.says_none:
            return False
        fields = [c.field for c in self.row.sheet.inputs if self._is_answer(c)]
        is_filled = any(self.inputs[f] is not None for f in fields)
        return is_filled and not self.changed_fields.isdisjoint(fields)

    def _is_answer(self, column: Column) -> bool:
        value = self.inputs[column.field]
        says_nothing = isinstance(value, Unread) and value.code is Code.EMPTY_WORDS
        return column.kind is not Kind.PERIOD and column.field not in self.registered and not says_nothing

    @cached_property
    def is_touched(self) -> bool:
        """Whether the row is answered, or words that say nothing were written in it."""
        return self.is_answered or any(
            isinstance(self.inputs[f], Unread) for f in self.changed_fields if not self.says_none
        )

    @property
    def answers_what_is_asked(self) -> bool:
        """Whether nobody else has to be asked for the row: it is answered, an indicator with a figure."""
        return self.is_answered and self.inputs.get("value", "") is not None

    @cached_property
    def says_none(self) -> bool:
        """Whether the row of a new issue says that there is none, whoever is named beside.

        Where its description says so, days and choices beside it say nothing, either.
        """
        if self.code or self.row.sheet.code != ISSUES.code:
            return False
        cells = self.row.table_row.cells
        columns = self.row.sheet.inputs
        if says(self.typed("description"), Says.NONE):
            columns = tuple(column for column in columns if column.kind is Kind.LONG_TEXT)
        told = [cells.get(c.field) for c in columns if c.field not in WHO]
        said = [text for cell in told if cell is not None and (text := text_of(cell))]
        return bool(said) and all(is_blank(text) or says(text, Says.NONE) for text in said)

    @cached_property
    def says_nil(self) -> str:
        """The words of a nil report in a row in which nothing else was filled in, "" where there are none."""
        said = [self.typed(name) for name in self.changed_fields]
        if len(said) == 1 and says(said[0], Says.NIL):
            return said[0]
        return ""

    def merged(self, cell: str) -> str:
        """Return the range of merged cells that a blank cell lies in, "" where it is in none."""
        for name, doubt in self.row.doubts.items():
            is_blank_one = is_empty(self.row.table_row.cells.get(name))
            if doubt.code is Code.CELLS_MERGED and is_blank_one and self.place(name).cell == cell:
                return doubt.fields["cells"]
        return ""

    def _is_changed(self, column: Column) -> bool:
        if column.field in self.registered:
            return False
        value, printed = self.inputs[column.field], self.printed(column.field)
        if column.fill is Fill.DEPARTMENT and printed is None:
            return value is not None
        cell = self.row.table_row.cells.get(column.field)
        if cell.__class__ is printed.__class__ and cell == printed:  # the common case, kept cheap
            return False
        before = read_cell(printed, self.column(column.field), year=int(self.source.period[:4])).value
        return canonical(value) != canonical(before)


def registered_fields(row: ReadRow) -> list[str]:
    """Return the inputs that are closed in the row of a registered issue, by whatever form it was sent."""
    if row.issued is None or not row.issued.code:
        return []
    return [column.field for column in row.sheet.inputs if column.fill is Fill.ONCE]


def entries_of(source: Return, row: ReadRow, plan: Plan) -> Iterator[Entry]:
    """Give the entry of a row; of one in which another issue was written over a registered one, both."""
    read = entry(source, row, plan)
    typed, registered = read.typed("description"), text_of(read.printed("description"))
    is_issue = row.sheet.code == ISSUES.code and "description" in read.registered and not row.of_others
    says_nothing = is_blank(typed) or says(typed, Says.NONE, Says.EMPTY)
    if not is_issue or says_nothing or not is_other_issue(typed, registered):
        yield read
        return
    yield entry(source, replace(row, token="", printings=()), plan)
    as_printed: dict[str, object] = {c.field: read.printed(c.field) for c in row.sheet.inputs}
    yield replace(read, inputs=as_printed, guesses=(), is_overwritten=True)


def entry(source: Return, row: ReadRow, plan: Plan) -> Entry:
    """Convert the input cells of a row; units and choices are those of the row."""
    code = row.issued.code if row.issued else ""
    indicator = plan.indicator(row.corrects or code) if row.sheet.code == "indicators" else None
    fixed, period = _fixed_inputs(row, code), parse_period(source.period)
    inputs: dict[str, object] = {}
    guesses: list[Finding] = []
    for column in row.sheet.inputs:
        cell = row.table_row.cells.get(column.field)
        if column.field in fixed:
            inputs[column.field] = fixed[column.field]
        elif cell is None or is_empty(cell):  # None is the common case, kept cheap
            inputs[column.field] = None
        else:
            value, told = _typed_input(cell, column, row, source.file, indicator, period)
            inputs[column.field] = value
            guesses += told
    _without_empty_progress(inputs)
    return Entry(
        source=source,
        row=row,
        task_force=_task_force(source, row, plan),
        owner=present_unit(row.issued.unit, plan) if row.issued and code else "",
        indicator=indicator,
        inputs=inputs,
        guesses=tuple(guesses),
    )


def _fixed_inputs(row: ReadRow, code: str) -> dict[str, object]:
    """Return the inputs of a row, by field, for which it does not count what is typed there.

    They are those of an issue that are closed since registration, and the data period where the row has one.
    """
    fixed: dict[str, object] = {}
    printed = row.issued.printed if row.issued else {}
    registered, of_row = registered_fields(row), period_of_row(code)
    for column in row.sheet.inputs:
        if column.field in registered:
            fixed[column.field] = column.stored(printed.get(column.field))
        elif column.kind is Kind.PERIOD and of_row is not None and not row.is_correction:
            fixed[column.field] = of_row.code
    return fixed


def _typed_input(
    cell: object, column: Column, row: ReadRow, file: str, indicator: Indicator | None, period: Period
) -> tuple[object, list[Finding]]:
    """Return what the cell of an input means, and findings about doubts of its place and what was guessed."""
    told: list[Finding] = []
    if doubt := row.doubts.get(column.field):
        place = row.place(file, column.field)
        told.append(finding(doubt.code, place, text_of(cell), None, **doubt.fields))
    value, guesses = _converted(cell, column, indicator, period)
    for guess, detail in guesses:
        place = row.place(file, column.field)
        told.append(finding(guess, place, text_of(cell), expected=detail))
    if column.kind is Kind.PERIOD and row.issued and (of_row := period_of_row(row.issued.code)):
        value = of_row.code  # the figure that a row for corrections was found to correct
    return value, told


def _without_empty_progress(inputs: dict[str, object]) -> None:
    """Mark the progress of a task that is under way as not understood where it says nothing new."""
    progress = inputs.get("progress")
    if isinstance(progress, str) and inputs.get("status") in _UNDER_WAY and _tells_nothing_new(progress):
        inputs["progress"] = Unread(Code.EMPTY_WORDS, progress)


def _task_force(source: Return, row: ReadRow, plan: Plan) -> str:
    if not is_unit(source.recipient):
        return source.recipient
    printed = row.issued.task_force if row.issued else ""
    return printed or _task_force_named(row.table_row.cells.get(FORCE), plan)


def _task_force_named(text: object, plan: Plan) -> str:
    """Return the code of the task force that a text names (`03`, its name, or `03 …`), or an empty string."""
    written = text_of(text)
    for task_force in plan.task_forces:
        if written in (task_force.code, task_force.name) or written[:3] == f"{task_force.code} ":
            return task_force.code
    return ""


def column_in_row(column: Column, indicator: Indicator | None) -> Column:
    """Return a column as it is in an indicator's row: the value of a qualitative one is a choice of words."""
    is_qualitative = indicator is not None and indicator.measure is Measure.QUALITATIVE
    return _QUALITATIVE if is_qualitative and column.field == "value" else column


_Guess = tuple[Code, str]
"""A rule, and what a cell was taken for."""


def _converted(
    cell: object, column: Column, indicator: Indicator | None, period: Period
) -> tuple[object, list[_Guess]]:
    """Return what a cell means, `Unread` where it is not understood, and the guesses made on the way."""
    is_figure = indicator is not None and column.field in _FIGURES
    unit = indicator.unit if indicator and is_figure else ""
    meaning = read_cell(cell, column_in_row(column, indicator), unit=unit, year=int(period.code[:4]))
    guesses: list[_Guess] = []
    if meaning.code is Code.UNIT_GUESSED and indicator is None and column.field in _FIGURES:
        return text_of(cell), guesses  # of a row for corrections of which nobody can tell in what unit it is
    if meaning.code is Code.YEAR_GUESSED:
        to_come = column.field in DAYS_TO_COME
        meaning = with_likely_year(meaning, cell, period.last, to_come=to_come)
    if column.field in _TOLD and _says_nothing(column.field, meaning.value):
        return Unread(Code.EMPTY_WORDS, text_of(cell)), guesses
    if meaning.code and not meaning.code.rule.is_guess:
        return Unread(meaning.code, text_of(cell), meaning.detail), guesses
    if meaning.code:
        guesses.append((meaning.code, meaning.detail))
    is_shown_so = isinstance(cell, str) and "%" in plain(cell)
    if indicator and is_figure and not is_shown_so and _is_fraction(meaning.value, indicator):
        per_cent = float(f"{meaning.value * 100:.15g}")  # 0.29 * 100 is 28.999999999999996
        guesses.append((Code.UNIT_GUESSED, f"{text_of(per_cent)}%"))
        return per_cent, guesses
    return meaning.value, guesses


def _says_nothing(name: str, value: object) -> bool:
    """Return whether a text of a field says nothing: 详见附件, 同上期; as a reason also 无."""
    if not isinstance(value, str):
        return False
    return says(value, Says.EMPTY) or (name in REASONS and is_none(value))


def _tells_nothing_new(progress: str) -> bool:
    """Return whether progress beside a state says nothing of itself: 暂无, 待定, 无变化."""
    return is_blank(progress) or says(progress, Says.NIL)


def is_none(text: str) -> bool:
    """Return whether a text says that there is nothing: 无, 暂无问题."""
    return is_blank(text) or says(text, Says.NONE)


def _is_fraction(value: object, indicator: Indicator) -> TypeGuard[float]:
    """Return whether a value of a percentage seems to be a fraction of 1."""
    if not isinstance(value, float):
        return False
    return any(low <= abs(value) <= high for low, high in fractions_of(indicator))
