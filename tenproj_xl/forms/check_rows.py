"""The check of one row of a form: what is missing, what is wrong, what is to be looked at.

A row passes only where no error can be found on receipt; what is missing or wrong is named only where one
will be; and 待核 stands where no formula can tell. A rule that the office takes more or less seriously than
the catalogue is taken so here too.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from tenproj_xl.core.answers import YesNo
from tenproj_xl.core.blocks import Block
from tenproj_xl.core.catalogue import Code, Severity
from tenproj_xl.core.columns import PERIOD_END, TEXT_LIMIT, Column, Fill, Kind, NotAfter
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.days import serial
from tenproj_xl.core.sheets import CHECK
from tenproj_xl.core.texts import ERROR_STARTS, ERROR_TEXTS
from tenproj_xl.forms.check_cells import ERROR_LIST, RowCells, text_in_cell
from tenproj_xl.forms.check_conditions import (
    BROKEN,
    DOUBTFUL,
    LACKING,
    PASSED,
    STEPS,
    UNREPORTED,
    UNSURE,
    CheckText,
    Condition,
    Fault,
    Flag,
    Step,
    any_of,
    flag_of,
    one_of,
)

_MAX_STEP = 1000
"""Old formats hold formulas of 1,024 characters; longer lists of conditions go on in another cell."""
_LIKE_DATES = serial(date(2020, 1, 1)), serial(date(2038, 1, 1))


@dataclass(frozen=True)
class RowCheck:
    """The check of one row: its verdict, and the `steps` on the hidden sheet, the flag first.

    `figure` is the reference to the row's figure as it is seen, "" where that is what its cell holds.
    """

    verdict: Step
    steps: tuple[Step, ...]
    figure: str

    @property
    def flag(self) -> Flag:
        """The row's flag now."""
        return flag_of(str(self.verdict.shown))


def check_row(cells: RowCells) -> RowCheck:
    """Return the check of a row; its steps are taken from `cells`."""
    unsure = _texts(cells, _unsure(cells))
    lacking_faults = list(_lacking(cells, unsure))
    other_faults = [*_wrong(cells), *_doubtful(cells)]
    doubts = _texts(cells, _mild(cells, lacking_faults, other_faults))
    lacking = _texts(cells, _errors(cells, lacking_faults))
    wrong = _texts(cells, _errors(cells, other_faults))
    rest = _rest(cells)
    listed = (lacking.after(LACKING), wrong, unsure.after(UNSURE))
    joined = "&".join(part.ref for part in listed)
    doubts_listed = doubts.after(DOUBTFUL)
    formula = (
        f'=IFERROR(IF({lacking.ref}&{wrong.ref}&{unsure.ref}<>"",MID({joined},2,999),'
        f'IF({doubts.ref}<>"",MID({doubts_listed.ref},2,999),{rest.ref})),"{BROKEN}")'
    )
    shown = "".join(part.shown for part in listed) or doubts_listed.shown
    verdict = Step(formula, shown[1:] or rest.shown)
    return RowCheck(verdict, (_flag(cells, str(verdict.shown)), *cells.steps), cells.figure)


def _flag(cells: RowCells, verdict: str) -> Step:
    x = cells.ref(CHECK)
    doubtful = f'IF(LEFT({x},{len(DOUBTFUL)})="{DOUBTFUL}",{int(Flag.DONE)},{int(Flag.OPEN)})'
    done = f'IF({x}="{PASSED}",{int(Flag.DONE)},{doubtful})'
    formula = f'=IF({x}="",{int(Flag.NOTHING)},IF({x}="{UNREPORTED}",{int(Flag.UNREPORTED)},{done}))'
    return Step(formula, float(flag_of(verdict)))


def _texts(cells: RowCells, faults: Iterable[Fault]) -> CheckText:
    """Return the texts of the conditions that hold, one after the other, in as many steps as they need."""
    chunks: list[list[Fault]] = []
    length = _MAX_STEP
    for fault in faults:
        size = len(fault.condition.formula.replace(STEPS, "")) + len(fault.text) + len('IF(,"","")&')
        if length + size > _MAX_STEP:
            chunks.append([])
            length = 0
        chunks[-1].append(fault)
        length += size
    refs, all_shown = [], ""
    for chunk in chunks:
        formula, shown = [], ""
        for fault in chunk:
            formula.append(f'IF({fault.condition.formula},"{fault.text}","")')
            if fault.condition.holds:
                shown += fault.text
        refs.append(cells.step("&".join(formula), shown))
        all_shown += shown
    if not refs:
        return CheckText('""', "")
    if len(refs) == 1:
        return CheckText(refs[0], all_shown)
    return CheckText(f"({'&'.join(refs)})", all_shown)


# --- how serious a fault is


def _errors(cells: RowCells, faults: Iterable[Fault]) -> Iterator[Fault]:
    """Give the faults that will be errors on receipt."""
    for fault in faults:
        if _severity(cells, fault) is Severity.ERROR:
            yield fault


def _mild(cells: RowCells, lacking: Iterable[Fault], others: Iterable[Fault]) -> Iterator[Fault]:
    """Give the faults that are only to be looked at; what is exempt is not mentioned."""
    mild = (Severity.WARNING, Severity.QUESTION)
    for fault in lacking:
        if _severity(cells, fault) in mild:
            yield Fault(fault.condition, f"；缺{fault.text[1:]}", fault.code)
    for fault in others:
        if _severity(cells, fault) in mild:
            yield fault


def _severity(cells: RowCells, fault: Fault) -> Severity:
    if fault.code is None:
        return Severity.QUESTION
    form = cells.form
    return form.settings.policy.severity(fault.code, cells.row.subject, form.period.last)


# --- the faults


def _unsure(cells: RowCells) -> Iterator[Fault]:
    texts = []
    for name, column in cells.open.items():
        if column.kind in (Kind.TEXT, Kind.LONG_TEXT):
            texts.append(name)
        if not cells.is_text(column):
            yield Fault(cells.unsure(name), f"、{column.header}")
    x, shown = cells.joined(texts)
    formulas = [f'SUMPRODUCT(--ISNUMBER(FIND("·"&{cells.list_area(ERROR_LIST)}&"·",{x})))']
    holds = any(f"·{error}·" in shown for error in ERROR_TEXTS)
    for start in ERROR_STARTS:
        formulas.append(f'ISNUMBER(FIND("·{start}",{x}))')
        holds = holds or f"·{start}" in shown
    yield Fault(Condition(one_of(formulas), holds), "、像公式出错的文字")
    if cells.is_new_issue:
        said = cells.sheet.column(cells.sheet.registers[0]).header
        yield Fault(cells.may_say_none(), f"、{said}")


def _lacking(cells: RowCells, unsure: CheckText) -> Iterator[Fault]:
    """Give the faults of inputs that are required by what stands in others."""
    certain = Condition(f'({unsure.ref}="")', not unsure.shown)
    needs: dict[str, tuple[Code, list[Condition]]] = {}
    for rule in cells.sheet.requires:
        if rule.among:
            required = any_of([cells.equals(rule.given, word) for word in rule.among])
            if rule.given not in cells.open:  # a computed cell depends on the inputs
                required = certain & required
        else:
            required = cells.filled(rule.given)
        needs.setdefault(rule.field, (Code.REQUIRED, []))[1].append(required)
    for dated in cells.sheet.dated:
        needs[dated.period] = Code.PERIOD_MISSING, [cells.filled(dated.figure)]
    if cells.is_new_issue:
        begun = certain & ~cells.all_blank(list(cells.open)) & ~cells.says_none()
        for name in cells.sheet.registers:
            needs[name] = Code.ISSUE_INCOMPLETE, [begun]
    if cells.is_correction:
        begun = ~cells.all_blank(list(cells.open))
        for name in (*cells.row.opened, "data_period", "value"):
            needs[name] = Code.CORRECTION_INCOMPLETE, [begun]
    for name, column in cells.open.items():
        if name in needs:
            code, conditions = needs[name]
            yield Fault(cells.blank(name) & any_of(conditions), f"、{column.header}", code)


def _wrong(cells: RowCells) -> Iterator[Fault]:
    for name, column in cells.open.items():
        if column.bounds:
            text = f"；{column.header}应{column.bounds}"
            yield Fault(_out_of_bounds(cells, column), text, Code.OUT_OF_BOUNDS)
        elif cells.is_text(column):
            is_long = len(text_in_cell(cells.values[name])) > TEXT_LIMIT
            too_long = Condition(f"(LEN({cells.ref(name)})>{TEXT_LIMIT})", is_long)
            yield Fault(too_long, f"；{column.header}超过{TEXT_LIMIT}字", Code.TOO_LONG)
    for rule in cells.sheet.in_order:
        yield _out_of_order(cells, rule)
    if cells.row.due_moved:
        yield _before_deadline(cells, cells.row.due_moved)
    if cells.is_correction:
        yield Fault(cells.is_repeated(), "；与另一行更正的是同一个数", Code.CORRECTION_TWICE)
    for dated in cells.sheet.dated:
        early = cells.filled(dated.figure) & cells.in_future(dated.period)
        if cells.is_correction:
            early &= ~cells.blank("name")
        yield Fault(early, f"；{cells.sheet.column(dated.period).header}尚未结束", Code.PERIOD_FUTURE)


def _out_of_bounds(cells: RowCells, column: Column) -> Condition:
    x, value = cells.ref(column.field), cells.values[column.field]
    formulas = []
    if column.low is not None:
        formulas.append(f"({x}<{column.low:g})")
    if column.high is not None:
        formulas.append(f"({x}>{column.high:g})")
    outside = Condition(one_of(formulas), isinstance(value, float) and not column.allows(value))
    return cells.sure(column.field) & outside


def _out_of_order(cells: RowCells, rule: NotAfter) -> Fault:
    earlier = cells.sheet.column(rule.earlier).header
    dates, first = cells.sure(rule.earlier), cells.ref(rule.earlier)
    if rule.later == PERIOD_END:
        second, later = cells.known.fact("day"), "本期"
    else:
        dates &= cells.sure(rule.later)
        second, later = cells.ref(rule.later), cells.sheet.column(rule.field).header
    is_broken = rule.broken({**cells.values, PERIOD_END: cells.form.period.last})
    broken = Condition(f"IF({dates.formula},INT({first})>INT({second}),0)", is_broken)
    return Fault(broken, f"；{earlier}晚于{later}", Code.DATES_ORDER)


def _before_deadline(cells: RowCells, due: date) -> Fault:
    """Return the fault of a second extension that begins before the first ends."""
    value = cells.values["extend_to"]
    is_early = isinstance(value, date) and value < due
    early = Condition(f"({cells.ref('extend_to')}<{serial(due)})", is_early)
    text = f"；{cells.sheet.column('extend_to').header}早于现行时限"
    return Fault(cells.sure("extend_to") & early, text, Code.DATES_ORDER)


def _doubtful(cells: RowCells) -> Iterator[Fault]:
    for rule in cells.sheet.at_odds:
        both = cells.equals(rule.field, rule.word) & cells.equals(rule.other, rule.with_word)
        yield Fault(both, f"；{rule.says}", Code.DONE_HALFWAY)
    first, last = _LIKE_DATES
    for name, column in cells.open.items():
        if column.kind is Kind.NUMBER and not cells.choices(column):
            x, value = cells.ref(name), cells.values[name]
            is_like = isinstance(value, float) and first <= value < last
            like_date = Condition(f"(ISNUMBER({x})*({x}>={first})*({x}<{last}))", is_like)
            yield Fault(like_date, f"；{column.header}像是日期")


def _rest(cells: RowCells) -> CheckText:
    """Return the text for a row without faults: passed, unreported, or nothing for a row left blank."""
    answers = []
    for name, column in cells.open.items():
        is_preset = cells.row.block is Block.FINAL and cells.row.printed.get(name) is not None
        if (column.fill is Fill.DEPARTMENT or not cells.row.code) and not is_preset:
            answers.append(name)
    silent = cells.all_blank(answers)
    if cells.is_new_issue:
        silent |= cells.says_none()
    formula, shown = f'IF({silent.formula},"","{PASSED}")', PASSED
    if silent.holds:
        shown = ""
    if cells.sheet.awaits and cells.row.asked and cells.form.recipient.involved:
        waiting = silent
        if set(cells.sheet.awaits) != set(answers):
            waiting = cells.all_blank(cells.sheet.awaits)
        no_nil_return = Condition(
            f"({cells.known.fact('nil')}=0)", cells.form.cover.get("nil_return") != YesNo.YES
        )
        owed = waiting & no_nil_return
        formula = f'IF({owed.formula},"{UNREPORTED}",{formula})'
        if owed.holds:
            shown = UNREPORTED
    return CheckText(cells.step(formula, shown), shown)
