"""Columns and sheets as they are declared, with the rules between the cells of a row."""

import re
from collections.abc import Mapping
from dataclasses import KW_ONLY, replace
from datetime import date
from enum import StrEnum
from functools import cached_property

from tenproj_xl.core.cells import Value
from tenproj_xl.core.codes import LabelledCode, label_of
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.texts import canonical


class Fill(StrEnum):
    """Who fills a cell."""

    MACHINE = "machine"
    """Row tokens: locked, hidden."""
    OFFICE = "office"
    """From the plan: locked."""
    CARRIED = "carried"
    """From the ledger: locked."""
    FORMULA = "formula"
    """Computed in the form: locked."""
    DEPARTMENT = "department"
    """Open, empty every period."""
    EDITABLE = "editable"
    """Open, the last value brought forward."""
    ONCE = "once"
    """Open on the row of a new issue, locked from then on."""

    @property
    def label(self) -> str:
        """What people call it."""
        return _FILL_LABELS[self]

    @property
    def is_input(self) -> bool:
        """Whether a department may ever write."""
        return self in _INPUTS


_INPUTS = frozenset((Fill.DEPARTMENT, Fill.EDITABLE, Fill.ONCE))


_FILL_LABELS = {
    Fill.MACHINE: "系统",
    Fill.OFFICE: "办公室",
    Fill.CARRIED: "系统带出",
    Fill.FORMULA: "公式",
    Fill.DEPARTMENT: "单位填报",
    Fill.EDITABLE: "单位可改",
    Fill.ONCE: "登记时填报",
}


class Kind(StrEnum):
    """What a cell holds once it is understood."""

    TOKEN = "token"  # noqa: S105  # a kind of cell
    TEXT = "text"
    CODE = "code"
    """The code of a row or a task force in an office workbook, which a spreadsheet may have made a number."""
    LONG_TEXT = "long_text"
    NUMBER = "number"
    SHARE = "share"
    """A fraction shown as per cent; only formulas have it."""
    DATE = "date"
    PERIOD = "period"
    CHOICE = "choice"


@dataclass(frozen=True)
class Column:
    """One column (or one line of the cover): everything that is known of it.

    `width` is in characters of the default font; `low` and `high` are inclusive; `advice` completes
    “这里请…”; `by_unit` columns are in the forms of units only. `choices` are what is offered, `codes` what
    the cell may hold besides, `suggested` what a text may begin with; `definitions` say what each choice
    means. A workbook of the office `may_lack` a column that an earlier version did not have: its cells are
    blank.
    """

    field: str
    header: str
    fill: Fill
    kind: Kind = Kind.TEXT
    _: KW_ONLY
    width: float = 12
    choices: tuple[str, ...] = ()
    codes: tuple[LabelledCode, ...] = ()
    suggested: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    advice: str = ""
    definitions: str = ""
    by_unit: bool = False
    may_lack: bool = False

    def allows(self, value: object) -> bool:
        """Return whether a value is within the bounds; anything but a number is."""
        if not isinstance(value, float):
            return True
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    @property
    def bounds(self) -> str:
        """The bounds as a message completes “应”: `在1到99之间`, `不小于0`; "" where there are none."""
        match self.low, self.high:
            case None, None:
                return ""
            case low, None:
                return f"不小于{low:g}"
            case None, high:
                return f"不大于{high:g}"
            case low, high:
                return f"在{low:g}到{high:g}之间"

    @property
    def wanted(self) -> str:
        """What is to be filled in, where a sentence has said “fill in” already."""
        return self.how.removeprefix("填写")

    @property
    def how(self) -> str:
        """The advice, or what the kind of value asks for."""
        if self.advice:
            return self.advice
        return "、".join(self.choice_labels) if self.choices else _HOW[self.kind]

    @property
    def choice_labels(self) -> tuple[str, ...]:
        """The choices as people read them."""
        return tuple(map(label_of, self.choices))

    @cached_property
    def choices_by_word(self) -> dict[str, str]:
        """The choices by the words that mean them, former labels too, as `canonical` spells these."""
        return {canonical(word): choice for choice in self.choices for word in _words_of(choice)}

    @cached_property
    def unit_in_header(self) -> str:
        """The unit at the end of the header: `累计完成投资（亿元）`; "" where there is none."""
        found = _UNIT_IN_HEADER.search(self.header)
        return found[1] if found else ""

    def stored(self, value: Value) -> Value:
        """Return the member of a stored code, or of the label that 0.2.1 stored; else the value as it is."""
        if not isinstance(value, str):
            return value
        return self._by_word.get(value, value)

    @cached_property
    def _by_word(self) -> dict[str, LabelledCode]:
        members: dict[str, LabelledCode] = {}
        for member in (*self.choices, *self.codes):
            if isinstance(member, LabelledCode):
                members |= dict.fromkeys((member.value, *member.labels), member)
        return members


def _words_of(choice: str) -> tuple[str, ...]:
    if isinstance(choice, LabelledCode):
        return choice.labels
    return (choice,)


_UNIT_IN_HEADER = re.compile(r"（([^（）]+)）$")
_HOW = {
    Kind.TOKEN: "保持原样",
    Kind.TEXT: "填写文字",
    Kind.CODE: "填写编号",
    Kind.LONG_TEXT: "填写文字，500字以内",
    Kind.NUMBER: "只填数字、不带单位，如 72.5",
    Kind.SHARE: "保持公式",
    Kind.DATE: "填写年月日，如 2026-11-25",
    Kind.PERIOD: "填写数据所属的年、季或月，如 2026年三季度",
    Kind.CHOICE: "从下拉选项中选择",
}


TEXT_LIMIT = 500


Cells = Mapping[str, object]


PERIOD_END = "period_end"
"""Stands among the cells of a row for the last day of the form's period."""


@dataclass(frozen=True)
class Required:
    """A cell that must be filled once another one of its row is, or (with `among`) holds one of these.

    The other one may be a formula's: what it shows is judged where it is known.
    """

    field: str
    when: str
    given: str
    among: tuple[str, ...] = ()


@dataclass(frozen=True)
class NotAfter:
    """A date of a row may not lie after another one, or after the last day of the period."""

    earlier: str
    later: str = PERIOD_END

    @property
    def field(self) -> str:
        """Where a date out of order is to be mended: the later cell, unless that is the period's end."""
        return self.earlier if self.later == PERIOD_END else self.later

    def broken(self, cells: Cells) -> bool:
        """Return whether both dates are known and out of order."""
        first, second = cells.get(self.earlier), cells.get(self.later)
        return isinstance(first, date) and isinstance(second, date) and first > second


@dataclass(frozen=True)
class AtOdds:
    """Two answers of a row that hardly go together. `says` is how the form puts it, `field` is shown."""

    field: str
    word: str
    other: str
    with_word: str
    says: str

    def broken(self, cells: Cells) -> bool:
        """Return whether both answers are given."""
        return cells.get(self.field) == self.word and cells.get(self.other) == self.with_word


@dataclass(frozen=True)
class Dated:
    """A figure needs the period that it is of, which must be over by the last day of the form's own."""

    figure: str
    period: str


@dataclass(frozen=True)
class Sheet:
    """One sheet of the form.

    `front` are the fields that are needed every period, from left to right: the first screen of the form, and
    what is printed; all others stand on their right, the inputs first. `spare_rows` keyed blank rows wait for
    new entries, which need the fields `registers`. A row in which something is due waits until one of the
    fields `awaits` is filled: until then it is unreported, which is no error. A workbook of the office
    `may_lack` a sheet that an earlier version did not have: it has no rows. `words` are a plan's own names of
    choices: these are equal under any name, sheets are not.
    """

    code: str
    name: str
    columns: tuple[Column, ...]
    _: KW_ONLY
    front: tuple[str, ...] = ()
    requires: tuple[Required, ...] = ()
    in_order: tuple[NotAfter, ...] = ()
    at_odds: tuple[AtOdds, ...] = ()
    dated: tuple[Dated, ...] = ()
    awaits: tuple[str, ...] = ()
    spare_rows: int = 0
    registers: tuple[str, ...] = ()
    may_lack: bool = False
    words: tuple[str, ...] = ()

    def __hash__(self) -> int:
        """Cheap, because every tab of every return asks for what is known of a sheet."""
        return hash(self.code)

    def column(self, field: str) -> Column:
        """Return the column of a field code."""
        return self._by_field[field]

    @cached_property
    def _by_field(self) -> dict[str, Column]:
        return {c.field: c for c in self.columns}

    @cached_property
    def laid_out(self) -> tuple[Column, ...]:
        """The columns from left to right: the front, then the inputs that are left, then the others."""
        front = [self._by_field[field] for field in self.front if field in self._by_field]
        others = [column for column in self.columns if column not in front]
        return (*front, *sorted(others, key=lambda column: not column.fill.is_input))

    @cached_property
    def inputs(self) -> tuple[Column, ...]:
        """The columns that departments may write in."""
        return tuple(c for c in self.columns if c.fill.is_input)

    @cached_property
    def free_texts(self) -> tuple[Column, ...]:
        """The inputs that hold whatever departments want to say."""
        return tuple(c for c in self.inputs if c.kind in (Kind.TEXT, Kind.LONG_TEXT))

    @cached_property
    def of_task_force(self) -> "Sheet":
        """The sheet as a task force gets it: without the columns that only a unit's form has."""
        columns = tuple(c for c in self.columns if not c.by_unit)
        kept = {c.field for c in columns}
        return replace(self, columns=columns, registers=tuple(r for r in self.registers if r in kept))

    @cached_property
    def locked(self) -> tuple[Column, ...]:
        """The columns that nobody but the office writes in."""
        return tuple(c for c in self.columns if c.fill in (Fill.OFFICE, Fill.CARRIED))

    @cached_property
    def locked_of_others(self) -> tuple[Column, ...]:
        """Those that are closed in a row that stands there only to be read, for another unit fills it in."""
        return tuple(c for c in self.columns if c.fill.is_input or c in self.locked)

    @cached_property
    def derived(self) -> frozenset[str]:
        """The fields of formulas."""
        return frozenset(c.field for c in self.columns if c.fill is Fill.FORMULA)

    @cached_property
    def locked_once_known(self) -> tuple[Column, ...]:
        """The same, with those that are closed in a row that has its code."""
        return tuple(c for c in self.columns if c.fill in (Fill.OFFICE, Fill.CARRIED, Fill.ONCE))
