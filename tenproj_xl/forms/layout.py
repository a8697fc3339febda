"""Where everything stands in a form, and what its titles say.

Reads: a `Form` and a `Look`. Gives: a `Grid` per data sheet, and texts with their placeholders filled in.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from tenproj_xl.core.catalogue import Severity
from tenproj_xl.core.cells import Value, address
from tenproj_xl.core.codes import label_of
from tenproj_xl.core.columns import Column, Fill, Sheet
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.errors import EnvironmentProblem
from tenproj_xl.core.sheets import COVER, KEY, KEY2
from tenproj_xl.excel.look import PLACEHOLDERS, Look, Part, SheetLook
from tenproj_xl.excel.style import Style
from tenproj_xl.forms.form import Form, FormRow, FormSheet
from tenproj_xl.forms.formulas import Machine, Span, machine
from tenproj_xl.forms.selfcheck import SelfCheck, self_check

TITLE_ROW, ID_ROW, CODES_ROW, HEADER_ROW, FIRST_ROW = range(5)
"""The rows of a data sheet, counted from 0."""
FIRST_VISIBLE = 1
"""The column after the row tokens at the left edge, counted from 0."""


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What is to be corrected or looked at, and where.

    Attributes:
        sheet: A sheet's code, "" for the file as a whole.
        token: A row's, "" on the cover, for a whole column or for the sheet.
        field: "" for the whole row or sheet.
        severity: How serious it is.
        message: What to do.
        typed: What the sender had put there, None where that is what stands there now.
        line: The line of 原填内容 that this is about, 0 if it is about none.
        kind: What such marks are called together, "" where one stands for itself.
    """

    severity: Severity
    message: str
    sheet: str = ""
    token: str = ""
    field: str = ""
    typed: str | None = None
    line: int = 0
    kind: str = ""

    @property
    def part(self) -> Part:
        """The row of the template that shows how such a cell looks."""
        return Part.ERROR if self.severity is Severity.ERROR else Part.WARNING


@dataclass(frozen=True, kw_only=True)
class SentRow:
    """A row as it was sent that has no sure place in the form.

    `tab` and `number` are those of the sender's file, `tokens` are the form's rows that it may belong to,
    `elsewhere` is another form that it belongs to.
    """

    sheet: Sheet
    tab: str
    number: int
    reason: str
    cells: Mapping[str, Value]
    tokens: tuple[str, ...] = ()
    elsewhere: str = ""


@dataclass(frozen=True)
class Letter:
    """The rest of a correction; `moved_from` is the period whose form was sent, if not this one."""

    rows: tuple[SentRow, ...] = ()
    moved_from: str = ""


@dataclass(frozen=True)
class Grid:
    """Where the cells of a data sheet stand. Rows and columns are counted from 0."""

    part: FormSheet
    look: SheetLook

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns from left to right."""
        return arranged(self.part.sheet, self.look)

    @cached_property
    def positions(self) -> Mapping[str, int]:
        """The column of each field."""
        return {c.field: n for n, c in enumerate(self.columns)}

    @cached_property
    def rows(self) -> Mapping[str, int]:
        """The row of each token."""
        return {token: FIRST_ROW + line for token, line in self.part.lines.items()}

    @cached_property
    def headings(self) -> Mapping[int, str]:
        """The texts above the blocks, by their rows."""
        return {FIRST_ROW + line: text for line, text in self.part.headings.items()}

    @cached_property
    def styles(self) -> dict[Hashable, Style]:
        """The styles of cells that were made, by what they depend on."""
        return {}

    @property
    def last_row(self) -> int:
        """The last row; that of the header where there is no other."""
        return FIRST_ROW + self.part.last_line

    @cached_property
    def last_printed(self) -> int:
        """The last column of those that are needed every period; what stands on its right is not printed."""
        return max(self.positions[field] for field in self.part.sheet.front if field in self.positions)

    @property
    def frozen(self) -> int:
        """How many columns stay in view."""
        frozen = 0
        for n, column in enumerate(self.columns, 1):
            if self.look.field(column.field) == self.look.frozen:
                frozen = n
        return frozen

    @property
    def span(self) -> Span:
        """What formulas elsewhere refer to."""
        return Span(self.part, FIRST_ROW, self.positions)

    def row_of(self, token: str) -> FormRow:
        """Return the row of a token."""
        return next(row for row in self.part.rows if row.token == token)

    def address(self, token: str, field: str) -> str:
        """Return a cell's address; no token means the header, no field the first visible column."""
        row = self.rows[token] if token else HEADER_ROW
        return address(row, self.positions[field] if field else FIRST_VISIBLE)


@dataclass(frozen=True)
class Draft:
    """A form on its way to the workbook; errors come first among the marks."""

    form: Form
    look: Look
    marks: tuple[Mark, ...]
    letter: Letter

    @cached_property
    def known(self) -> Machine:
        """The machine's own sheet."""
        return machine(self.form)

    @cached_property
    def grids(self) -> Mapping[str, Grid]:
        """The data sheets by code."""
        return {p.sheet.code: Grid(p, self.look.sheets[p.sheet.code]) for p in self.form.sheets}

    @cached_property
    def check(self) -> SelfCheck:
        """The form's check of itself."""
        return self_check(self.form, self.known, [grid.span for grid in self.grids.values()])

    @property
    def cover(self) -> SheetLook:
        """How the cover looks."""
        return self.look.sheets[COVER.code]

    def marks_on(self, sheet: str) -> Mapping[tuple[str, str], Mark]:
        """Return the marks on a sheet by token and field; those of one place are joined."""
        marks: dict[tuple[str, str], Mark] = {}
        for mark in self.marks:
            if mark.sheet != sheet:
                continue
            place = mark.token, mark.field
            if place in marks:
                message = f"{marks[place].message}\n{mark.message}"
                marks[place] = replace(marks[place], message=message)
            else:
                marks[place] = mark
        return marks

    def running(self, look: SheetLook) -> tuple[str, str]:
        """Return the header and footer of a sheet."""
        header = filled_in(look.printing.header, self.form, running=True)
        if self.form.is_example:
            header = f"{header}　{_EXAMPLE_TITLE}"
        footer = filled_in(look.printing.footer, self.form, running=True)
        return header, footer


def draft(form: Form, look: Look, marks: Sequence[Mark], letter: Letter) -> Draft:
    """Return the draft of a form."""
    return Draft(form, look, tuple(sorted(marks, key=lambda m: m.severity is not Severity.ERROR)), letter)


def arranged(sheet: Sheet, look: SheetLook) -> tuple[Column, ...]:
    """Return the columns of a sheet in the order of a look.

    Of the columns that only a unit's form has, those of the front stand beside the code, the others last.
    One row token stands at the left edge. The other opens the first locked block that has inputs on both
    sides, whatever the look's order: between two inputs it would be hit by pasting, at the right edge it
    would miss a sort.

    Raises:
        EnvironmentProblem: the template has no place for a column.
    """
    places = {field: n for n, field in enumerate(look.columns)}
    visible = [c for c in sheet.columns if c.fill is not Fill.MACHINE]
    for column in visible:
        if look.field(column.field) not in places:
            where = f"模板的“{sheet.name}”缺少“{column.header}”列"
            raise EnvironmentProblem(f"{where}，请运行 tenproj template check 查看。")
    visible.sort(key=lambda c: (c.by_unit and c.field not in sheet.front, places[look.field(c.field)]))
    parting = _first_locked_between_inputs(visible)
    return sheet.column(KEY), *visible[:parting], sheet.column(KEY2), *visible[parting:]


def _first_locked_between_inputs(columns: Sequence[Column]) -> int:
    """Return the index of the first locked column with inputs on both sides, else the number of columns."""
    inputs = [n for n, c in enumerate(columns) if c.fill.is_input and not c.by_unit]
    for n in range(inputs[0], inputs[-1]):
        if not columns[n].fill.is_input:
            return n
    return len(columns)


def deadline_name(form: Form) -> str:
    """Return when the form is due, as people say it: `2026年11月27日（周五）17:00`."""
    due = form.deadline
    return f"{due.year}年{due.month}月{due.day}日（周{'一二三四五六日'[due.weekday()]}）{due:%H:%M}"


_EXAMPLE_TITLE = "【填报示例】"
"""What stands before the titles of an example, and in its headers."""


def titled(look: SheetLook, form: Form) -> str:
    """Return the title of a sheet; that of an example says what it is."""
    title = filled_in(look.title, form)
    return f"{_EXAMPLE_TITLE}{title}" if form.is_example else title


def filled_in(text: str, form: Form, *, running: bool = False) -> str:
    """Fill in the placeholders of a title, or of a `running` header or footer, where `&` is a command."""
    named = (
        form.programme.region,
        form.programme.name,
        form.period.full_name,
        form.recipient.spoken,
        form.id_line,
    )
    for placeholder, value in zip(PLACEHOLDERS, named, strict=True):
        if running:
            text = text.replace(placeholder, value.replace("&", "&&"))
        else:
            text = text.replace(placeholder, value)
    return text


def shown(value: Value) -> str:
    """Return a value as a cell shows it."""
    match value:
        case None:
            return ""
        case float():
            return f"{value:.12g}"
    return str(label_of(value))
