"""A form: everything that one workbook says, row by row, before it is drawn.

`forms.content` builds it, the writer draws it, the ledger remembers it.
"""

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime
from functools import cached_property

from tenproj_xl.core.blocks import Block
from tenproj_xl.core.cells import Value
from tenproj_xl.core.columns import Column, Sheet
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.files import file_name
from tenproj_xl.core.period_rows import named_with_period
from tenproj_xl.core.periods import Period
from tenproj_xl.core.policy import NOBODY, Subject
from tenproj_xl.core.tokens import EXAMPLE
from tenproj_xl.model.evaluate_indicators import Yardstick
from tenproj_xl.model.issued import Issued
from tenproj_xl.model.plan import Programme
from tenproj_xl.model.settings import Settings
from tenproj_xl.model.units import Recipient, is_unit, spoken_code

UNCHECKED = "待核"
"""What a formula shows where it cannot tell."""
FORMS_FOLDER = "填报表"
"""The folder of the forms of a period, in the outbox."""


@dataclass(frozen=True, kw_only=True)
class FormRow:
    """One keyed row of a form.

    Attributes:
        token: The row's key; "" in `code` is a blank row for a new issue.
        printed: What we put in, by field.
        task_force: The code of its task force, "" while a new issue's is not chosen.
        unit: The unit that reports the row.
        of_others: Whether that is another unit, or 科室, than the one whose form this is.
        asked: False for a row for which no new figure can exist, or in which none is owed.
        block: The block that the row stands in.
        choices: Drop-downs of this row alone, by field.
        locked: Input columns that are closed in this row.
        opened: Columns that are open in this row, though no input elsewhere.
        figures: The figures that a row for corrections may be about, as `figure_key` names them.
        fractions: From where to where a figure may be a fraction typed for per cent.
        due_moved: The deadline in force, if it is not the original one.
        subject: Whom findings in the row are about.
        filled: What a sender had put into input cells (on a correction), by field.
    """

    token: str
    code: str
    printed: Mapping[str, Value]
    task_force: str = ""
    unit: str = ""
    of_others: bool = False
    asked: bool = True
    block: Block = Block.TABLE
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    locked: frozenset[str] = frozenset()
    opened: frozenset[str] = frozenset()
    figures: tuple[str, ...] = ()
    yardsticks: tuple[Yardstick, ...] = ()
    fractions: tuple[tuple[float, float], ...] = ()
    due_moved: date | None = None
    subject: Subject = NOBODY
    filled: Mapping[str, Value] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What a person calls the row: its name, the beginning of its description, or its code.

        In a row for a correction, which its own row could be taken for, the name stands behind the code.
        """
        spoken = str(self.current("name") or self.current("description") or self.code or "")
        if self.opened and spoken != self.code:
            spoken = f"{self.code}：{spoken}"
        spoken = named_with_period(spoken, self.code)
        if len(spoken) <= 24:
            return spoken
        return spoken[:23] + "…"

    def current(self, name: str) -> Value:
        """Return what stands in an input cell: what was filled in, else, and if it is closed, the print."""
        if name in self.locked:
            return self.printed.get(name)
        return self.filled.get(name, self.printed.get(name))

    def is_open(self, column: Column) -> bool:
        """Return whether the department may write into a column of this row."""
        if column.field in self.opened:
            return True
        return column.fill.is_input and column.field not in self.locked

    def open_columns(self, sheet: Sheet) -> tuple[Column, ...]:
        """Return the columns of a sheet that are open in this row."""
        return tuple(column for column in sheet.columns if self.is_open(column))

    def content(self, column: Column) -> Value:
        """Return what stands in a cell without a formula: in a closed one what was printed."""
        if self.is_open(column):
            return self.current(column.field)
        return self.printed.get(column.field)


@dataclass(frozen=True)
class FormSheet:
    """One of the three standard sheets with its rows in order, block by block, those of others last."""

    sheet: Sheet
    rows: tuple[FormRow, ...]

    @cached_property
    def own(self) -> tuple[FormRow, ...]:
        """The rows that the recipient fills in."""
        return tuple(row for row in self.rows if not row.of_others)

    @cached_property
    def inputs(self) -> tuple[Column, ...]:
        """The columns that are inputs, or are open in one of the rows."""
        opened = frozenset[str]().union(*(row.opened for row in self.rows))
        return tuple(c for c in self.sheet.columns if c.fill.is_input or c.field in opened)

    @cached_property
    def lines(self) -> Mapping[str, int]:
        """The line of each row below the header, counted from 0, by its token."""
        lines, at, block = {}, 0, Block.TABLE
        for row in self.rows:
            at += row.block is not block
            lines[row.token] = at
            at, block = at + 1, row.block
        return lines

    @cached_property
    def headings(self) -> Mapping[int, str]:
        """The texts above the blocks, by their lines."""
        headings, block = {}, Block.TABLE
        for row in self.rows:
            if row.block is not block:
                block = row.block
                count = sum(other.block is block for other in self.rows)
                headings[self.lines[row.token] - 1] = block.heading(count)
        return headings

    @property
    def last_line(self) -> int:
        """The line of the last row, -1 where there is none."""
        return max(self.lines.values(), default=-1)

    @property
    def last_own_line(self) -> int:
        """The line of the last row that the recipient fills in, -1 where there is none."""
        return max((self.lines[row.token] for row in self.own), default=-1)


def figure_key(name: str, period: str) -> str:
    """Return how the form's check of itself knows a figure: by what its row and its period are called."""
    return f"{name}|{period}"


def form_stem(recipient: Recipient, period: Period) -> str:
    """Return the name of a form's file, without its ending: `03_区科技局_2026年第48期填报表`."""
    whose = file_name(recipient.printed)
    if not recipient.by_unit:
        whose = f"{recipient.code}_{whose}"
    return f"{whose}_{period.name}填报表"


def form_name(recipient: str, period: Period) -> str:
    """Return what a letter calls a form: `03专班2026年第48期（11月23日—29日）填报表`."""
    if is_unit(recipient):
        return f"{period.full_name}填报表"
    return f"{spoken_code(recipient)}{period.full_name}填报表"


@dataclass(frozen=True, kw_only=True)
class Form:
    """Everything that one workbook says. Tasks and issues are judged on the period's last day.

    `news` are sentences about what left the form or was recorded by the office, see `forms.news`; `liaisons`
    are the 联络员 of its task force or unit. `correction` is the name of a correction workbook, by which the
    ledger knows what was printed in it. `is_example` where it is made to be looked at, see `forms.example`.
    """

    programme: Programme
    period: Period
    recipient: Recipient
    deadline: datetime
    version: str
    settings: Settings
    sheets: tuple[FormSheet, ...]
    cover: Mapping[str, Value] = field(default_factory=dict)
    news: tuple[str, ...] = ()
    liaisons: str = ""
    correction: str = ""
    is_example: bool = False

    @property
    def whose(self) -> str:
        """Whose form it says it is: the code of its recipient, which an example is nobody's."""
        return EXAMPLE if self.is_example else self.recipient.code

    @property
    def id_line(self) -> str:
        """The visible line by which a person and the reader know the form."""
        return f"{self.programme.code} {self.period.code} {self.whose} {self.version}"

    @property
    def stem(self) -> str:
        """The name of the form's file, without its ending."""
        return form_stem(self.recipient, self.period)

    @property
    def rows(self) -> tuple[FormRow, ...]:
        """The rows of all sheets."""
        return tuple(row for part in self.sheets for row in part.rows)

    @property
    def issued(self) -> tuple[Issued, ...]:
        """The rows of all sheets as the ledger remembers them."""
        return tuple(self._issued(part.sheet.code, row) for part in self.sheets for row in part.rows)

    def _issued(self, sheet: str, row: FormRow) -> Issued:
        return Issued(
            token=row.token,
            version=self.version,
            period=self.period.code,
            recipient=self.recipient.code,
            sheet=sheet,
            code=row.code,
            task_force=row.task_force,
            unit=row.unit,
            of_others=row.of_others,
            printed=row.printed,
        )

    def part(self, code: str) -> FormSheet:
        """Return the sheet of a code."""
        return next(s for s in self.sheets if s.sheet.code == code)
