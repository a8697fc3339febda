"""Conditions on the cells of one row of a form, as its check of itself puts them together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from datetime import date
from functools import cached_property

from tenproj_xl.core.blocks import Block
from tenproj_xl.core.cells import Value, address
from tenproj_xl.core.codes import label_of
from tenproj_xl.core.columns import Column, Fill, Kind, Sheet
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.days import FIRST_DAY, LAST_DAY, serial
from tenproj_xl.core.numbers import MAX_VALUE, PER_CENT
from tenproj_xl.core.periods import parse_period, read_period
from tenproj_xl.core.sheets import WHO
from tenproj_xl.core.texts import ERROR_TEXTS, MARKS, is_mark
from tenproj_xl.core.wordings import Says, says
from tenproj_xl.forms.check_conditions import STEPS, Condition, Step, any_of, one_of
from tenproj_xl.forms.computed import computed, seen_figure
from tenproj_xl.forms.form import Form, FormRow, FormSheet, figure_key
from tenproj_xl.forms.formulas import Machine, Ref

MARK_LIST, ERROR_LIST, FUTURE_LIST, NONE_LIST = "A", "B", "C", "D"
"""The lists that formulas look up, by their columns on the hidden sheet."""


def lists_of(form: Form) -> dict[str, Sequence[str]]:
    """Return the lists of a form: blank marks, error texts, and periods that are not over."""
    return {
        MARK_LIST: MARKS,
        ERROR_LIST: ERROR_TEXTS,
        FUTURE_LIST: tuple(_future_periods(form.period.last)),
        NONE_LIST: tuple(_nil_texts()),
    }


def _nil_texts() -> Iterable[str]:
    """Give the usual texts that say that there is nothing to report; the intake knows many more."""
    for when in ("", "本期", "本周", "本月", "目前", "暂", "暂时"):
        for no in ("无", "没有"):
            for what in ("", "问题", "新问题", "新增", "新增问题", "困难", "需协调事项", "需协调问题"):
                text = f"{when}{no}{what}"
                if says(text, Says.NONE):
                    yield text
    yield from ("零报告", "本期零报告", "不涉及")


NIL_STARTS = ("无", "没有", "暂无", "本期", "本周", "本月", "目前", "未", "不", "尚", "零报告")
"""How texts begin of which only the intake can tell whether they say that there is nothing to report."""


def _future_periods(day: date) -> Iterable[str]:
    """Give the periods of this year and the next that are not over on a day, as people write them."""
    quarters = [f"-Q{n}" for n in range(1, 5)]
    months = [f"-{n:02d}" for n in range(1, 13)]
    for year in (day.year, day.year + 1):
        for part in ("", "-H1", "-H2", *quarters, *months):
            period = parse_period(f"{year}{part}")
            if period.last > day:
                yield from dict.fromkeys((period.label, period.code))


@dataclass(kw_only=True)
class RowCells:
    """The cells of one row while its formulas are made.

    `at` is the row and column of the first step on the hidden sheet, counted from 0; that one is the row's
    flag, the cells after it are used in the order in which `step` is called.
    """

    form: Form
    known: Machine
    lists: Mapping[str, Sequence[str]]
    part: FormSheet
    row: FormRow
    typed: Ref
    at: tuple[int, int]
    steps: list[Step] = field(default_factory=list)

    @property
    def sheet(self) -> Sheet:
        """The declaration of the row's sheet."""
        return self.part.sheet

    @cached_property
    def values(self) -> Mapping[str, Value]:
        """What stands in the row now, its figure as it is seen."""
        values = {c.field: self.row.content(c) for c in self.sheet.columns if c.fill is not Fill.MACHINE}
        if self.is_per_cent:
            values["value"] = seen_figure(self.row)
        return values | computed(self.form, self.sheet, self.row)

    @property
    def is_new_issue(self) -> bool:
        """Whether it is a blank row for a new issue."""
        return bool(self.sheet.registers) and not self.row.code

    @property
    def is_correction(self) -> bool:
        """Whether it is a blank row for a correction, of which nothing is known until it is filled in."""
        return self.row.block is Block.CORRECTIONS

    @property
    def is_per_cent(self) -> bool:
        """Whether the row's figures are percentages or points."""
        return self.row.printed.get("unit") in PER_CENT and "value" not in self.row.choices

    @cached_property
    def figure(self) -> str:
        """The reference to the figure as it is seen, 2.04 for 2.04%; "" where that is what the cell holds."""
        if not self.is_per_cent:
            return ""
        x = self.typed("value")
        number = f"IF({_shows_per_cent(x)},ROUND({x}*100,9),{x})"
        text = f'IF(RIGHT(TRIM({x}),1)="%",IFERROR(ROUND(VALUE(TRIM({x}))*100,9),{x}),{x})'
        formula = f'IF({x}="","",IF(ISNUMBER({x}),{number},{text}))'
        return self.step(formula, self.values["value"])

    def ref(self, name: str) -> str:
        """Return the reference to a cell, or to the figure as it is seen."""
        if name == "value" and self.figure:
            return self.figure
        return self.typed(name)

    @cached_property
    def open(self) -> Mapping[str, Column]:
        """The inputs that are open in this row."""
        return {c.field: c for c in self.row.open_columns(self.sheet)}

    def step(self, formula: str, shown: Value) -> str:
        """Put a formula into the next cell of the hidden sheet and return the reference to it."""
        self.steps.append(Step("=" + formula.replace(STEPS, ""), shown))
        return f"{STEPS}${address(self.at[0], self.at[1] + len(self.steps))}"

    def list_area(self, column: str) -> str:
        """Return the reference to a list."""
        return f"{STEPS}${column}$1:${column}${len(self.lists[column])}"

    def choices(self, column: Column) -> Sequence[str]:
        """Return the choices of which one is to stand in a column, if it takes only such."""
        if column.kind is Kind.PERIOD:
            return ()
        return self.row.choices.get(column.field, column.choices)

    def is_text(self, column: Column) -> bool:
        """Return whether a column takes any text."""
        return column.kind in (Kind.TEXT, Kind.LONG_TEXT) and not self.choices(column)

    # --- conditions

    def equals(self, name: str, word: str) -> Condition:
        """Return the condition that a cell shows a word, or the label of a choice."""
        text = label_of(word)
        return Condition(f'({self.ref(name)}="{text}")', label_of(self.values[name]) == text)

    def blank(self, name: str) -> Condition:
        """Return the condition that a cell is blank or holds only marks such as `—`."""
        return self._blank(self.ref(name), self.values[name])

    def all_blank(self, names: Sequence[str]) -> Condition:
        """Return the condition that all of some cells are blank."""
        if len(names) == 1:
            return self.blank(names[0])
        return self._blank(*self.joined(names))

    def _blank(self, x: str, value: Value) -> Condition:
        # Substituting a mark leaves the length of everything but that mark. If there is nothing but marks,
        # all substitutions together leave the length once less than there are marks.
        left = f'SUMPRODUCT(LEN(SUBSTITUTE({x},{self.list_area(MARK_LIST)},"")))'
        is_blank = value is None or (isinstance(value, str) and is_mark(value))
        return Condition(f"(LEN({x})*{len(self.lists[MARK_LIST]) - 1}={left})", is_blank)

    def joined(self, names: Sequence[str]) -> tuple[str, str]:
        """Return the reference to the texts of some cells with marks between them, and what it shows."""
        texts, trimmed = [], []
        for name in names:
            texts.append(text_in_cell(self.values[name]).strip())
            trimmed.append(f"TRIM({self.ref(name)})")
        shown = "·" + "·".join(texts) + "·"
        formula = '"·"&' + '&"·"&'.join(trimmed) + '&"·"'
        return self.step(formula, shown), shown

    def sure(self, name: str) -> Condition:
        """Return the condition that a cell holds what the intake will understand as this formula does."""
        column, x, value = self.sheet.column(name), self.ref(name), self.values[name]
        if name in self.row.opened:
            return self._listed(x, text_in_cell(value), self.row.choices[name])
        if column.kind is Kind.PERIOD:
            known = self._may_be_put_right() if self.is_correction else self._has_yardstick(name)
            return known | self.in_future(name)
        if choices := self.choices(column):
            return any_of([self.equals(name, word) for word in choices])
        match column.kind:
            case Kind.NUMBER:
                return self._sure_number(name)
            case Kind.DATE:
                first, last = serial(FIRST_DAY), serial(LAST_DAY)
                is_date = isinstance(value, date) and FIRST_DAY <= value <= LAST_DAY
                return Condition(f"(ISNUMBER({x})*({x}>={first})*({x}<{last + 1}))", is_date)
        return ~self.blank(name)

    def _sure_number(self, name: str) -> Condition:
        x, value = self.ref(name), self.values[name]
        within = f"(ISNUMBER({x})*NOT(ISLOGICAL({x}))*({x}>-{MAX_VALUE:.0f})*({x}<{MAX_VALUE:.0f}))"
        number = Condition(within, isinstance(value, float) and abs(value) < MAX_VALUE)
        if not (self.is_per_cent and name in ("value", "forecast")):
            number &= Condition(f"(1-{_shows_per_cent(x)})", holds=True)
        if name == "value" and self.row.fractions:
            return number & ~self._fraction(name)
        return number

    def filled(self, name: str) -> Condition:
        """Return the condition that a cell holds something that is no blank to the intake."""
        column = self.sheet.column(name)
        if self.choices(column) or column.kind not in (Kind.NUMBER, Kind.DATE):
            return self.sure(name)
        return Condition(f"ISNUMBER({self.ref(name)})", isinstance(self.values[name], float | date))

    def unsure(self, name: str) -> Condition:
        """Return the condition that a cell holds what no formula can judge; a single mark is nothing."""
        x, value = self.ref(name), self.values[name]
        there = Condition(f'({x}<>"")', value is not None)
        mark = Condition(f"SUMPRODUCT(--({self.list_area(MARK_LIST)}={x}))", value in MARKS)
        return there & ~mark & ~self.sure(name)

    def in_future(self, name: str) -> Condition:
        """Return the condition that a cell holds a period that is not over."""
        within = self.values[name] in self.lists[FUTURE_LIST]
        return Condition(f"(SUMPRODUCT(--({self.list_area(FUTURE_LIST)}={self.ref(name)}))>0)", within)

    def _has_yardstick(self, name: str) -> Condition:
        """Return the condition that the row can be judged for the period in a cell."""
        period = read_period(str(self.values[name] or ""))
        judgeable = any(period and stick.period.code == period.code for stick in self.row.yardsticks)
        key = f'{self.ref("code")}&"|"&{self.ref(name)}'
        return Condition(f"(SUMPRODUCT(--({self.known.keys}={key}))>0)", judgeable)

    def _listed(self, x: str, text: str, words: Sequence[str]) -> Condition:
        """Return the condition that a text is one of a list on the hidden sheet."""
        return Condition(f"(SUMPRODUCT(--({self.known.area(words)}={x}))>0)", text in words)

    def _may_be_put_right(self) -> Condition:
        """Return the condition that a row for corrections names no figure yet, or one that was reported."""
        name, period = (text_in_cell(self.values[field]) for field in ("name", "data_period"))
        x = figure_key(f'{self.ref("name")}&"', f'"&{self.ref("data_period")}')
        return self._listed(x, figure_key(name, period), self.row.figures) | self.blank("name")

    def is_repeated(self) -> Condition:
        """Return the condition that another row for corrections names the same figure."""
        others = [row for row in self.part.own if row.block is Block.CORRECTIONS]
        own = [text_in_cell(self.values[field]) for field in ("name", "data_period")]
        alike = [[text_in_cell(row.current(field)) for field in ("name", "data_period")] for row in others]
        first, last = (self.at[0] + self._distance(row) + 1 for row in (others[0], others[-1]))
        areas, filled = [], []
        for x in (self.typed("name"), self.typed("data_period")):
            column = x.rstrip("0123456789")
            areas.append(f"({column}${first}:{column.rpartition('!')[2]}${last}={x})")
            filled.append(f'({x}<>"")')
        return Condition(
            f"({'*'.join(filled)}*(SUMPRODUCT({'*'.join(areas)})>1))", all(own) and alike.count(own) > 1
        )

    def _distance(self, row: FormRow) -> int:
        """Return how many lines below this one a row of the sheet stands."""
        return self.part.lines[row.token] - self.part.lines[self.row.token]

    def _fraction(self, name: str) -> Condition:
        """Return the condition that a figure may be a fraction typed for per cent."""
        x, value = self.ref(name), self.values[name]
        formulas, is_fraction = [], False
        ranges = self.row.fractions
        mirrored = [(-high, -low) for low, high in ranges]
        for low, high in (*ranges, *mirrored):
            formulas.append(f"({x}>={low:.12g})*({x}<={high:.12g})")
            if isinstance(value, float) and low <= value <= high:
                is_fraction = True
        as_typed = Condition(f"({x}={self.typed(name)})", value == self.row.current(name))
        return Condition(one_of(formulas), is_fraction) & as_typed

    # --- a blank row that says that there is no new issue

    @cached_property
    def _nil(self) -> tuple[Condition, Condition]:
        """Whether the row of a new issue says that there is none, and whether only the intake can tell."""
        said, *others = (name for name in self.open if name not in WHO)
        x, text = self.ref(said), text_in_cell(self.values[said]).strip()
        listed = Condition(
            f"(SUMPRODUCT(--({self.list_area(NONE_LIST)}=TRIM({x})))>0)", text in self.lists[NONE_LIST]
        )
        begins = Condition(
            one_of(f'(LEFT(TRIM({x}),{len(start)})="{start}")' for start in NIL_STARTS),
            text.startswith(NIL_STARTS),
        )
        is_nil = listed & self.all_blank(others)
        joined, shown = self.joined(others)
        found = f'(SUMPRODUCT(--ISNUMBER(FIND("·"&{self.list_area(NONE_LIST)}&"·",{joined})))>0)'
        besides = Condition(found, any(f"·{nil}·" in shown for nil in self.lists[NONE_LIST]))
        may_be = (begins | (besides & self.blank(said))) & self.blank("raised_on") & ~is_nil
        return is_nil, may_be

    def says_none(self) -> Condition:
        """Return the condition that the row of a new issue says that there is none."""
        return self._nil[0]

    def may_say_none(self) -> Condition:
        """Return the condition that it may say so in words that only the intake knows."""
        return self._nil[1]


def _shows_per_cent(x: str) -> str:
    """Return the formula that is true where a cell shows per cent."""
    return f'(LEFT(CELL("format",{x}),1)="P")'


def text_in_cell(value: Value) -> str:
    """Return a value as a formula joins it to a text."""
    match value:
        case None:
            return ""
        case float():
            return f"{value:.15g}"
        case date():
            return str(serial(value))
    return label_of(value)
