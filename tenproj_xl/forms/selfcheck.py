"""The form's check of itself: what 自检 says of each row while it is filled in, and the counts made of it.

Reads: a `Form`. Gives: formulas with what they show now, from the rules that the sheets declare. They say ✓
only where no error can be found on receipt; what is missing or wrong only where one will be; and 待核 where
no formula can tell. A rule that the office takes more or less seriously than the catalogue is taken so here
too.

The steps of a row's formula stand on a hidden sheet of their own, in the row of the same number, beside the
lists that they look up.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from functools import cached_property
from typing import NamedTuple

from tenproj_xl.core.catalogue import Code, Severity
from tenproj_xl.core.cells import Value, address, letters
from tenproj_xl.core.columns import PERIOD_END, TEXT_LIMIT, Column, Fill, Kind, NotAfter, Sheet
from tenproj_xl.core.parse import (
    BEYOND,
    ERROR_STARTS,
    ERROR_TEXTS,
    FIRST_DAY,
    LAST_DAY,
    MARKS,
    is_mark,
    serial,
)
from tenproj_xl.core.periods import parse_period, read_period
from tenproj_xl.core.sheets import CHECK, STEPS_SHEET, YES
from tenproj_xl.forms.content import UNCHECKED, Form, FormRow, FormSheet, computed
from tenproj_xl.forms.formulas import Machine, Ref, Span

PASSED, UNREPORTED, BROKEN = "✓", "未填", "有单元格出错"
LACKING, DOUBTFUL = "缺：", "请核对："
UNSURE = f"{UNCHECKED}："
_HERE = f"'{STEPS_SHEET}'!"
_FIRST_STEP = 4
"""The column of the first step, counted from 0; the lists stand to the left."""
_STEP = 1000
"""Old formats hold formulas of 1,024 characters; longer lists of conditions go on in another cell."""
_LIKE_DATES = serial(date(2020, 1, 1)), serial(date(2038, 1, 1))


class Flag(IntEnum):
    """What a row counts as."""

    NOTHING = 0
    OPEN = 1
    UNREPORTED = 2
    DONE = 3


def flag_of(verdict: str) -> Flag:
    """What a row counts as by what 自检 says of it; what is only to be looked at is done."""
    if not verdict:
        return Flag.NOTHING
    if verdict == UNREPORTED:
        return Flag.UNREPORTED
    return Flag.DONE if verdict == PASSED or verdict.startswith(DOUBTFUL) else Flag.OPEN


@dataclass(frozen=True)
class Step:
    """A formula and what it shows."""

    formula: str
    shown: Value


@dataclass(frozen=True)
class RowCheck:
    """The check of one row: its verdict, and the `steps` on the hidden sheet, the flag first."""

    verdict: Step
    steps: tuple[Step, ...]

    @property
    def flag(self) -> Flag:
        """What the row counts as now."""
        return flag_of(str(self.verdict.shown))


@dataclass(frozen=True)
class SheetCheck:
    """The checks of a sheet's rows by token; their steps stand from `column` on."""

    span: Span
    column: int
    rows: Mapping[str, RowCheck]

    @property
    def width(self) -> int:
        """How many columns they take."""
        return max((len(row.steps) for row in self.rows.values()), default=0)

    @property
    def flags(self) -> str:
        """The reference to the flags of all rows."""
        letter, last = letters(self.column), self.span.first + len(self.rows)
        return f"{_HERE}${letter}${self.span.first + 1}:${letter}${last}"

    def count(self, flag: Flag) -> int:
        """How many rows count as that now."""
        return sum(row.flag is flag for row in self.rows.values())

    def counted(self, flag: Flag) -> str:
        """The formula that counts them."""
        return f"COUNTIF({self.flags},{int(flag)})"


@dataclass(frozen=True)
class SelfCheck:
    """The check of the whole form: the lists that its formulas look up, and the check of each sheet by code."""

    lists: Mapping[str, tuple[str, ...]]
    sheets: Mapping[str, SheetCheck]


def self_check(form: Form, known: Machine, spans: Sequence[Span]) -> SelfCheck:
    """The check of a form."""
    found: dict[str, SheetCheck] = {}
    column, lists = (
        _FIRST_STEP,
        {_MARKS: MARKS, _ERRORS: ERROR_TEXTS, _FUTURE: tuple(_future(form.period.last))},
    )
    for span in spans:
        rows = {}
        for n, row in enumerate(span.part.own, span.first):
            rows[row.token] = _Row(
                form, known, lists, span.part, row, span.distant_cell(n), (n, column)
            ).check()
        check = SheetCheck(span, column, rows)
        found[span.part.sheet.code] = check
        column += check.width
    return SelfCheck(lists, found)


_MARKS, _ERRORS, _FUTURE = "A", "B", "C"
"""The lists by their columns."""


def _future(day: date) -> Iterable[str]:
    """How people write the periods of this year and the next that are not over on a day."""
    parts = ("", "-H1", "-H2", *(f"-Q{n}" for n in range(1, 5)), *(f"-{n:02d}" for n in range(1, 13)))
    for period in (parse_period(f"{year}{part}") for year in (day.year, day.year + 1) for part in parts):
        if period.last > day:
            yield from dict.fromkeys((period.label, period.code))


# --- conditions


@dataclass(frozen=True)
class _Test:
    """A condition: as a formula, which is 0 where it does not hold, and whether it holds now."""

    formula: str
    holds: bool

    def __and__(self, other: "_Test") -> "_Test":
        return _Test(f"{self.formula}*{other.formula}", self.holds and other.holds)

    def __or__(self, other: "_Test") -> "_Test":
        return _any([self, other])

    def __invert__(self) -> "_Test":
        return _Test(f"(1-{self.formula})", not self.holds)


def _any(tests: Sequence[_Test]) -> _Test:
    return _Test(_one_of(t.formula for t in tests), any(t.holds for t in tests))


def _one_of(conditions: Iterable[str]) -> str:
    # Added to 0 first: Excel compares no truth value with a number.
    return f"(0+{'+'.join(conditions)}>0)"


class Said(NamedTuple):
    """What is said where a condition holds that breaks a rule; no rule asks that a number look like none."""

    test: _Test
    word: str
    code: Code | None = None


@dataclass
class _Row:
    """One row while its formulas are made; the cells of its steps are taken as they come, the first for the flag."""

    form: Form
    known: Machine
    lists: Mapping[str, Sequence[str]]
    part: FormSheet
    row: FormRow
    ref: Ref
    at: tuple[int, int]
    steps: list[Step] = field(default_factory=list)

    @property
    def sheet(self) -> Sheet:
        return self.part.sheet

    @cached_property
    def cells(self) -> Mapping[str, Value]:
        """What stands in the row."""
        now = {c.field: self.row.content(c) for c in self.sheet.columns if c.fill is not Fill.MACHINE}
        return now | computed(self.form, self.sheet, self.row)

    @cached_property
    def open(self) -> Mapping[str, Column]:
        """The inputs that are open in this row."""
        return {c.field: c for c in self.sheet.inputs if self.row.is_open(c)}

    def step(self, formula: str, shown: Value) -> str:
        """The reference to a cell that now has this formula."""
        self.steps.append(Step("=" + formula.replace(_HERE, ""), shown))
        return f"{_HERE}${address(self.at[0], self.at[1] + len(self.steps))}"

    def area(self, column: str) -> str:
        """The reference to a list."""
        return f"{_HERE}${column}$1:${column}${len(self.lists[column])}"

    # --- of one cell

    def blank(self, name: str) -> _Test:
        """Nothing there, or nothing but marks such as `—`."""
        return self._blank(self.ref(name), self.cells[name])

    def _blank(self, x: str, cell: Value) -> _Test:
        # Each mark leaves as much as there is but for itself; of nothing but marks all of them together leave one less.
        left = f'SUMPRODUCT(LEN(SUBSTITUTE({x},{self.area(_MARKS)},"")))'
        return _Test(
            f"(LEN({x})*{len(self.lists[_MARKS]) - 1}={left})",
            cell is None or (isinstance(cell, str) and is_mark(cell)),
        )

    def sure(self, name: str) -> _Test:
        """Something there that the intake will understand as this formula does."""
        column, x, cell = self.sheet.column(name), self.ref(name), self.cells[name]
        if column.kind is Kind.PERIOD:
            return self._judgeable(name) | self._future(name)
        if choices := self.choices(column):
            return _any([_Test(f'({x}="{word}")', cell == word) for word in choices])
        match column.kind:
            case Kind.NUMBER:
                within = f"(ISNUMBER({x})*NOT(ISLOGICAL({x}))*({x}>-{BEYOND:.0f})*({x}<{BEYOND:.0f}))"
                number = _Test(within, isinstance(cell, float) and abs(cell) < BEYOND)
                return number & ~self._fraction(name) if name == "value" and self.row.fractions else number
            case Kind.DATE:
                first, last = serial(FIRST_DAY), serial(LAST_DAY)
                known = isinstance(cell, date) and FIRST_DAY <= cell <= LAST_DAY
                return _Test(f"(ISNUMBER({x})*({x}>={first})*({x}<{last + 1}))", known)
        return ~self.blank(name)

    def _given(self, name: str) -> _Test:
        """Something there that is no blank to the intake, whatever it makes of it."""
        if self.choices(column := self.sheet.column(name)) or column.kind not in (Kind.NUMBER, Kind.DATE):
            return self.sure(name)
        return _Test(f"ISNUMBER({self.ref(name)})", isinstance(self.cells[name], float | date))

    def choices(self, column: Column) -> Sequence[str]:
        """The words of which one is to stand there."""
        return () if column.kind is Kind.PERIOD else self.row.choices.get(column.field, column.choices)

    def unsure(self, name: str) -> _Test:
        """Something there that no formula can judge; a single mark such as `—` is nothing."""
        x, cell = self.ref(name), self.cells[name]
        there = _Test(f'({x}<>"")', cell is not None)
        mark = _Test(f"SUMPRODUCT(--({self.area(_MARKS)}={x}))", cell in MARKS)
        return there & ~mark & ~self.sure(name)

    def _fraction(self, name: str) -> _Test:
        x, cell = self.ref(name), self.cells[name]
        ranges = self.row.fractions
        both = [*ranges, *((-high, -low) for low, high in ranges)]
        within = _one_of(f"({x}>={low:.12g})*({x}<={high:.12g})" for low, high in both)
        return _Test(within, isinstance(cell, float) and any(a <= abs(cell) <= b for a, b in ranges))

    def _judgeable(self, name: str) -> _Test:
        """The row has a yardstick for this period."""
        period = read_period(str(self.cells[name] or ""))
        known = any(period and s.period.code == period.code for s in self.row.yardsticks)
        key = f'{self.ref("code")}&"|"&{self.ref(name)}'
        return _Test(f"(SUMPRODUCT(--({self.known.keys}={key}))>0)", known)

    def _future(self, name: str) -> _Test:
        within = self.cells[name] in self.lists[_FUTURE]
        return _Test(f"(SUMPRODUCT(--({self.area(_FUTURE)}={self.ref(name)}))>0)", within)

    def _is(self, name: str, word: str) -> _Test:
        return _Test(f'({self.ref(name)}="{word}")', self.cells[name] == word)

    def _joined(self, names: Sequence[str]) -> tuple[str, str]:
        """The reference to the texts of some cells with marks between them, and what it shows."""
        shown = "·" + "·".join(_typed(self.cells[name]).strip() for name in names) + "·"
        formula = '"·"&' + '&"·"&'.join(f"TRIM({self.ref(name)})" for name in names) + '&"·"'
        return self.step(formula, shown), shown

    def _all_blank(self, names: Sequence[str]) -> _Test:
        if len(names) == 1:
            return self.blank(names[0])
        return self._blank(*self._joined(names))

    # --- of the row

    def check(self) -> RowCheck:
        """The check of the row."""
        unsure = self._words(self._unsure())
        lacks, faults = list(self._lacking(unsure)), [*self._wrong(), *self._doubts()]
        mild = [said._replace(word=f"；缺{said.word[1:]}") for said in lacks if self._is_mild(said)]
        doubts = self._words([*mild, *filter(self._is_mild, faults)])
        lacking, wrong = (
            self._words(filter(self._is_error, lacks)),
            self._words(filter(self._is_error, faults)),
        )
        rest = self._rest()
        listed = (lacking.after(LACKING), wrong, unsure.after(UNSURE))
        found = "&".join(part.ref for part in listed)
        formula = (
            f'=IFERROR(IF({lacking.ref}&{wrong.ref}&{unsure.ref}<>"",MID({found},2,999),'
            f'IF({doubts.ref}<>"",MID({doubts.after(DOUBTFUL).ref},2,999),{rest.ref})),"{BROKEN}")'
        )
        shown = "".join(part.shown for part in listed) or doubts.after(DOUBTFUL).shown
        verdict = Step(formula, shown[1:] or rest.shown)
        return RowCheck(verdict, (self._flag(str(verdict.shown)), *self.steps))

    def _is_error(self, said: Said) -> bool:
        """True where an error will be found on receipt."""
        return self._severity(said) is Severity.ERROR

    def _is_mild(self, said: Said) -> bool:
        """True where it is only to be looked at; what is exempt is not spoken of."""
        return self._severity(said) in (Severity.WARNING, Severity.QUESTION)

    def _severity(self, said: Said) -> Severity:
        if said.code is None:
            return Severity.QUESTION
        return self.form.settings.policy.severity(said.code, self.row.subject, self.form.period.last)

    def _flag(self, shown: str) -> Step:
        x = self.ref(CHECK)
        look = f'IF(LEFT({x},{len(DOUBTFUL)})="{DOUBTFUL}",{int(Flag.DONE)},{int(Flag.OPEN)})'
        done = f'IF({x}="{PASSED}",{int(Flag.DONE)},{look})'
        formula = f'=IF({x}="",{int(Flag.NOTHING)},IF({x}="{UNREPORTED}",{int(Flag.UNREPORTED)},{done}))'
        return Step(formula, float(flag_of(shown)))

    def _words(self, said: Iterable[Said]) -> "_Words":
        """The words of the conditions that hold, one after the other, in as many steps as they need."""
        chunks: list[list[Said]] = []
        length = _STEP
        for test, word, _ in said:
            size = len(test.formula.replace(_HERE, "")) + len(word) + len('IF(,"","")&')
            if length + size > _STEP:
                chunks.append([])
                length = 0
            chunks[-1].append(Said(test, word))
            length += size
        refs, whole = [], ""
        for chunk in chunks:
            shown = "".join(s.word for s in chunk if s.test.holds)
            refs.append(self.step("&".join(f'IF({s.test.formula},"{s.word}","")' for s in chunk), shown))
            whole += shown
        return _Words(f"({'&'.join(refs)})" if len(refs) > 1 else (refs or ['""'])[0], whole)

    def _unsure(self) -> Iterator[Said]:
        for name, column in self.open.items():
            if column.kind not in (Kind.TEXT, Kind.LONG_TEXT) or self.choices(column):
                yield Said(self.unsure(name), f"、{column.header}")
        texts = [name for name, c in self.open.items() if c.kind in (Kind.TEXT, Kind.LONG_TEXT)]
        x, shown = self._joined(texts)
        starts = [f'ISNUMBER(FIND("·{start}",{x}))' for start in ERROR_STARTS]
        whole = f'SUMPRODUCT(--ISNUMBER(FIND("·"&{self.area(_ERRORS)}&"·",{x})))'
        like = any(f"·{e}·" in shown for e in ERROR_TEXTS) or any(
            f"·{start}" in shown for start in ERROR_STARTS
        )
        yield Said(_Test(_one_of([whole, *starts]), like), "、像公式出错的文字")

    def _lacking(self, unsure: "_Words") -> Iterator[Said]:
        needs: dict[str, tuple[Code, list[_Test]]] = {}
        certain = _Test(f'({unsure.ref}="")', not unsure.shown)
        for rule in self.sheet.requires:
            if rule.among:
                given = _any([self._is(rule.given, word) for word in rule.among])
                given = (
                    given if rule.given in self.open else certain & given
                )  # what is computed hangs on the others
            else:
                given = self._given(rule.given)
            needs.setdefault(rule.field, (Code.REQUIRED, []))[1].append(given)
        for dated in self.sheet.dated:
            needs[dated.period] = Code.PERIOD_MISSING, [self._given(dated.figure)]
        if self.sheet.registers and not self.row.code:
            begun = certain & ~self._all_blank(list(self.open))
            for name in self.sheet.registers:
                needs[name] = Code.ISSUE_INCOMPLETE, [begun]
        for name in (c for c in self.open if c in needs):
            code, given_ones = needs[name]
            yield Said(self.blank(name) & _any(given_ones), f"、{self.sheet.column(name).header}", code)

    def _wrong(self) -> Iterator[Said]:
        for name, column in self.open.items():
            if column.bounds:
                yield Said(
                    self._out_of_bounds(column), f"；{column.header}应{column.bounds}", Code.OUT_OF_BOUNDS
                )
            elif column.kind in (Kind.TEXT, Kind.LONG_TEXT) and not self.choices(column):
                long = len(_typed(self.cells[name])) > TEXT_LIMIT
                too_long = _Test(f"(LEN({self.ref(name)})>{TEXT_LIMIT})", long)
                yield Said(too_long, f"；{column.header}超过{TEXT_LIMIT}字", Code.TOO_LONG)
        for rule in self.sheet.in_order:
            yield self._out_of_order(rule)
        if self.row.due_moved:
            yield self._before_deadline(self.row.due_moved)
        for dated in self.sheet.dated:
            early = self._given(dated.figure) & self._future(dated.period)
            yield Said(early, f"；{self.sheet.column(dated.period).header}尚未结束", Code.PERIOD_FUTURE)

    def _before_deadline(self, due: date) -> Said:
        """A second extension begins where the first ends."""
        cell, early = self.cells["extend_to"], f"({self.ref('extend_to')}<{serial(due)})"
        before = _Test(early, isinstance(cell, date) and cell < due)
        word = f"；{self.sheet.column('extend_to').header}早于现行时限"
        return Said(self.sure("extend_to") & before, word, Code.DATES_ORDER)

    def _out_of_order(self, rule: NotAfter) -> Said:
        ending = rule.later == PERIOD_END
        first, second = self.ref(rule.earlier), self.known.fact("day") if ending else self.ref(rule.later)
        dates = self.sure(rule.earlier) if ending else self.sure(rule.earlier) & self.sure(rule.later)
        broken = rule.broken({**self.cells, PERIOD_END: self.form.period.last})
        earlier, later = (self.sheet.column(f).header for f in (rule.earlier, rule.field))
        test = _Test(f"IF({dates.formula},INT({first})>INT({second}),0)", broken)
        return Said(test, f"；{earlier}晚于{'本期' if ending else later}", Code.DATES_ORDER)

    def _out_of_bounds(self, column: Column) -> _Test:
        x, cell = self.ref(column.field), self.cells[column.field]
        low = [] if column.low is None else [f"({x}<{column.low:g})"]
        high = [] if column.high is None else [f"({x}>{column.high:g})"]
        outside = _Test(_one_of(low + high), isinstance(cell, float) and not column.allows(cell))
        return self.sure(column.field) & outside

    def _doubts(self) -> Iterator[Said]:
        for rule in self.sheet.at_odds:
            both = self._is(rule.field, rule.word) & self._is(rule.other, rule.with_word)
            yield Said(both, f"；{rule.says}", Code.DONE_HALFWAY)
        for name, column in self.open.items():
            if column.kind is Kind.NUMBER and not self.choices(column):
                x, cell = self.ref(name), self.cells[name]
                first, last = _LIKE_DATES
                like = isinstance(cell, float) and first <= cell < last
                test = _Test(f"(ISNUMBER({x})*({x}>={first})*({x}<{last}))", like)
                yield Said(test, f"；{column.header}像是日期")

    def _rest(self) -> "_Words":
        """What is said where nothing is found."""
        answers = [name for name, c in self.open.items() if c.fill is Fill.DEPARTMENT or not self.row.code]
        silent = self._all_blank(answers)
        rest, shown = f'IF({silent.formula},"","{PASSED}")', "" if silent.holds else PASSED
        if self.sheet.awaits and self.row.asked and self.form.recipient.involved:
            waiting = silent if set(self.sheet.awaits) == set(answers) else self._all_blank(self.sheet.awaits)
            owed = waiting & _Test(f"({self.known.fact('nil')}=0)", self.form.cover.get("nil_return") != YES)
            rest, shown = f'IF({owed.formula},"{UNREPORTED}",{rest})', UNREPORTED if owed.holds else shown
        return _Words(self.step(rest, shown), shown)


@dataclass(frozen=True)
class _Words:
    """A reference (or a formula in brackets) and what it shows: words with a mark before each of them, or nothing."""

    ref: str
    shown: str

    def after(self, heading: str) -> "_Words":
        """The words after a heading, which has a mark before it in their stead."""
        shown = f"；{heading}{self.shown[1:]}" if self.shown else ""
        return _Words(f'IF({self.ref}="","","；{heading}"&MID({self.ref},2,300))', shown)


def _typed(cell: Value) -> str:
    match cell:
        case None:
            return ""
        case float():
            return f"{cell:.15g}"
        case date():
            return str(serial(cell))
    return str(cell)


# --- what is counted


def sentence(checks: Sequence[SheetCheck], where: str) -> Step:
    """How many rows are not right yet, and how many were asked for and are blank."""
    opens, waiting = ("+".join(c.counted(flag) for c in checks) for flag in (Flag.OPEN, Flag.UNREPORTED))
    count, left = (sum(c.count(flag) for c in checks) for flag in (Flag.OPEN, Flag.UNREPORTED))
    formula = f'="{where}还有 "&({opens})&" 行未通过自检"&IF(({waiting})=0,"","，"&({waiting})&" 项未填")'
    return Step(formula, f"{where}还有 {count} 行未通过自检" + (f"，{left} 项未填" if left else ""))


def first_fault(check: SheetCheck) -> Step:
    """A link to the first row of a sheet that is not right yet, with what is said of it."""
    span, flags = check.span, check.flags
    n = f"MATCH({int(Flag.OPEN)},{flags},0)"
    row = f"({n}+{span.first})"
    target = f"\"#'{span.part.sheet.name}'!{letters(span.columns[CHECK])}\"&{row}"
    words = f'"第"&{row}&"行　"&INDEX({span.area(CHECK)},{n})'
    formula = f'=IF({check.counted(Flag.OPEN)}=0,"",HYPERLINK({target},{words}))'
    rows = enumerate(check.rows.values(), span.first + 1)
    return Step(formula, next((f"第{n}行　{r.verdict.shown}" for n, r in rows if r.flag is Flag.OPEN), ""))
