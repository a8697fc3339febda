"""The form's check of itself: what 自检 shows in each row while it is filled in, and the counts made of it.

Reads: a `Form`. Gives: formulas with what they show now, from the rules that the sheets declare.
"""

from collections.abc import Mapping, Sequence

from tenproj_xl.core.cells import letters
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.sheets import CHECK
from tenproj_xl.forms.check_cells import RowCells, lists_of
from tenproj_xl.forms.check_conditions import STEPS, Flag, Step
from tenproj_xl.forms.check_rows import RowCheck, check_row
from tenproj_xl.forms.form import Form
from tenproj_xl.forms.formulas import Machine, Span

_FIRST_STEP = 4
"""The column of the first step, counted from 0; the lists stand to the left."""


@dataclass(frozen=True)
class SheetCheck:
    """The checks of a sheet's rows by token; their steps stand from `column` on."""

    span: Span
    column: int
    rows: Mapping[str, RowCheck]

    @property
    def width(self) -> int:
        """The number of columns that the steps take."""
        return max((len(row.steps) for row in self.rows.values()), default=0)

    @property
    def flags(self) -> str:
        """The reference to the flags of all rows."""
        letter, last = letters(self.column), self.span.first + max(1, self.span.part.last_own_line + 1)
        return f"{STEPS}${letter}${self.span.first + 1}:${letter}${last}"

    def count(self, flag: Flag) -> int:
        """Return how many rows have a flag now."""
        return sum(row.flag is flag for row in self.rows.values())

    def counted(self, flag: Flag) -> str:
        """Return the formula that counts the rows with a flag."""
        return f"COUNTIF({self.flags},{int(flag)})"


@dataclass(frozen=True)
class SelfCheck:
    """The check of a form: the lists that formulas look up, by column, and the sheets' checks by code."""

    lists: Mapping[str, Sequence[str]]
    sheets: Mapping[str, SheetCheck]


def self_check(form: Form, known: Machine, spans: Sequence[Span]) -> SelfCheck:
    """Return the check of a form whose sheets stand where the spans say."""
    checks: dict[str, SheetCheck] = {}
    column, lists = _FIRST_STEP, lists_of(form)
    for span in spans:
        rows = {}
        for row in span.part.own:
            n = span.row(row.token)
            cells = RowCells(
                form=form,
                known=known,
                lists=lists,
                part=span.part,
                row=row,
                typed=span.distant_cell(n),
                at=(n, column),
            )
            rows[row.token] = check_row(cells)
        check = SheetCheck(span, column, rows)
        checks[span.part.sheet.code] = check
        column += check.width
    return SelfCheck(lists, checks)


def sentence(checks: Sequence[SheetCheck], where: str) -> Step:
    """Return the sentence that counts the rows with errors and those that are asked for and blank."""
    opens, waiting = counted(checks, Flag.OPEN), counted(checks, Flag.UNREPORTED)
    formula = (
        f'="{where}还有 "&({opens.formula})&" 行未通过自检"'
        f'&IF(({waiting.formula})=0,"","，"&({waiting.formula})&" 项未填")'
    )
    shown = f"{where}还有 {opens.shown} 行未通过自检"
    if waiting.shown:
        shown += f"，{waiting.shown} 项未填"
    return Step(formula, shown)


@dataclass(frozen=True)
class FlagCount:
    """A formula that counts rows, without the equals sign, and how many there are now."""

    formula: str
    shown: int


def counted(checks: Sequence[SheetCheck], *flags: Flag) -> FlagCount:
    """Return how many rows of some sheets have one of some flags."""
    formulas, shown = [], 0
    for check in checks:
        for flag in flags:
            formulas.append(check.counted(flag))
            shown += check.count(flag)
    return FlagCount("+".join(formulas) or "0", shown)


def first_fault(check: SheetCheck) -> Step:
    """Return a link to the first row of a sheet that is not right yet, with its 自检."""
    span, flags = check.span, check.flags
    n = f"MATCH({int(Flag.OPEN)},{flags},0)"
    row = f"({n}+{span.first})"
    target = f"\"#'{span.part.sheet.name}'!{letters(span.columns[CHECK])}\"&{row}"
    text = f'"第"&{row}&"行　"&INDEX({span.area(CHECK)},{n})'
    formula = f'=IF({check.counted(Flag.OPEN)}=0,"",HYPERLINK({target},{text}))'
    shown = ""
    for token, row_check in check.rows.items():
        if row_check.flag is Flag.OPEN:
            shown = f"第{span.row(token) + 1}行　{row_check.verdict.shown}"
            break
    return Step(formula, shown)
