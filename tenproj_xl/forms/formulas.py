"""The formulas of a form and the hidden sheets they look up in.

Reads: a `Form`. Gives: formula texts and the lines of the hidden sheets. The formulas compare with the
numbers of the same yardsticks as the roll-up, so that form and roll-up cannot disagree.

Only functions that Excel 2010, WPS and LibreOffice have, at most seven deep and 1,024 characters long, so
that a form saved as .xls still computes.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property

from tenproj_xl.core.answers import Due, InWords, MilestoneStatus, Nature, TaskStatus, YesNo
from tenproj_xl.core.cells import Value, address, letters
from tenproj_xl.core.codes import label_of
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.sheets import CORRECTION, LOOKUP_SHEET, MACHINE_SHEET
from tenproj_xl.core.states import State, TaskState
from tenproj_xl.core.tokens import MAGIC
from tenproj_xl.forms.form import UNCHECKED, Form, FormRow, FormSheet
from tenproj_xl.model.evaluate_indicators import Mode, Yardstick
from tenproj_xl.model.evaluate_tasks import year_share

Ref = Callable[[str], str]
"""A function from a field to the reference of its cell, or of a column of cells."""

NONE = "—"
"""Stands where a yardstick has no number: an empty cell would be looked up as 0."""
STICK_COLUMNS = (
    "key",
    "words",
    "mode",
    "goal",
    "pace",
    "sign",
    "green",
    "yellow",
    "most_green",
    "most_yellow",
    "low",
    "high",
    "inclusive",
    "missed",
)
_MODES = (Mode.PACE, Mode.JUDGE, Mode.REFERENCE, Mode.WORDS, Mode.WORDS_DUE, Mode.UNDECIDED)
_LONGEST_LIST = 255


@dataclass(frozen=True)
class Machine:
    """The lines of the hidden sheets.

    `facts` say what the form is, `sticks` are what its formulas compare with, `lists` are long drop-down
    lists.
    """

    facts: tuple[tuple[str, Value], ...]
    sticks: tuple[tuple[Value, ...], ...]
    lists: tuple[tuple[str, ...], ...]

    @property
    def list_column(self) -> int:
        """The first column of the long lists, counted from 0."""
        return len(STICK_COLUMNS) + 1

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {name: n for n, (name, _) in enumerate(self.facts)}

    def fact(self, name: str) -> str:
        """Return the reference to a fact."""
        return f"'{MACHINE_SHEET}'!$B${self._rows[name] + 1}"

    @property
    def table(self) -> str:
        """The reference to the yardsticks."""
        return self._sticks(len(STICK_COLUMNS) - 1)

    @property
    def keys(self) -> str:
        """The reference to the keys of the yardsticks."""
        return self._sticks(0)

    def _sticks(self, last: int) -> str:
        return f"'{LOOKUP_SHEET}'!$A$2:${letters(last)}${1 + max(1, len(self.sticks))}"

    def area(self, choices: Sequence[str]) -> str:
        """Return the reference to where a list stands.

        Raises:
            ValueError: It stands nowhere.
        """
        column = letters(self.list_column + self.lists.index(tuple(choices)))
        return f"'{LOOKUP_SHEET}'!${column}$1:${column}${len(choices)}"

    def source(self, choices: Sequence[str]) -> list[str] | str:
        """Return the source of a drop-down: its labels, or the reference to where too long a list stands."""
        if tuple(choices) not in self.lists:
            return list(choices)
        return f"={self.area(choices)}"


def machine(form: Form) -> Machine:
    """Return the lines of the hidden sheets of a form."""
    facts: tuple[tuple[str, Value], ...] = (
        (MAGIC, "本表由系统使用，请勿改动"),
        ("programme", form.programme.code),
        ("title", form.programme.title),
        ("period", form.period.code),
        ("recipient", form.whose),
        ("version", form.version),
        ("deadline", form.deadline.isoformat()),
        ("day", form.period.last),
        ("soon_days", float(form.settings.soon_days)),
        ("invest_limit", year_share(form.period.last, form.period.year) - form.settings.slow),
        ("nil", float(form.cover.get("nil_return") == YesNo.YES)),
    )
    if form.correction:
        facts = (*facts, (CORRECTION, form.correction))
    sticks = tuple(_stick_lines(form.part("indicators").rows))
    return Machine(facts, sticks, tuple(_long_lists(form)))


def _stick_lines(rows: Iterable[FormRow]) -> Iterable[tuple[Value, ...]]:
    for row in rows:
        for stick in row.yardsticks:
            for spoken in dict.fromkeys((stick.period.dated_label, stick.period.code)):
                yield (f"{row.code}|{spoken}", *_numbers(stick, in_words="value" in row.choices))


def _numbers(stick: Yardstick, *, in_words: bool) -> tuple[Value, ...]:
    """Return a yardstick's line.

    Where lower is better its lights are mirrored, so that the formula always asks for more.
    """
    return (
        float(in_words),
        float(_MODES.index(stick.mode) + 1),
        stick.goal or NONE,
        NONE if stick.pace is None else stick.pace,
        float(stick.sign),
        stick.sign * stick.green,
        stick.sign * stick.yellow,
        stick.most_green,
        stick.most_yellow,
        stick.low,
        stick.high,
        float(not stick.strict),
        stick.missed.label,
    )


def _long_lists(form: Form) -> Iterable[tuple[str, ...]]:
    """Give the drop-down lists that are too long for a rule, or whose words contain its separator.

    Also those that conditions look up: what a row for corrections may be about.
    """
    looked_up: list[tuple[str, ...]] = []
    for row in form.rows:
        looked_up += (row.choices[name] for name in sorted(row.opened))
        if row.figures:
            looked_up.append(row.figures)
    found = dict.fromkeys(looked_up)
    yield from found
    lists: list[tuple[str, ...]] = []
    for part in form.sheets:
        lists += (column.choice_labels for column in part.sheet.columns)
    for row in form.rows:
        lists += (tuple(map(label_of, choices)) for choices in row.choices.values())
    for choices in dict.fromkeys(lists):
        is_long = len(",".join(choices)) > _LONGEST_LIST or any("," in c for c in choices)
        if is_long and choices not in found:
            yield choices


# --- formulas of one row; `ref` gives the cell of a field in it


def indicator_formulas(
    known: Machine, ref: Ref, seen: str = "", *, is_final: bool = False
) -> Mapping[str, str]:
    """Return the formulas of an indicator's row: 完成率, 序时进度, 进度评价.

    Args:
        known: The hidden sheets.
        ref: Gives the references to the row's cells.
        seen: The reference to the figure as it is seen, where the cell holds another one.
        is_final: Whether the row is for a verified figure, which is waited for.
    """
    value, nature = ref("value"), ref("nature")
    figure = seen or value

    def stick(column: str) -> str:
        key = f'{ref("code")}&"|"&{ref("data_period")}'
        return f"VLOOKUP({key},{known.table},{STICK_COLUMNS.index(column) + 1},0)"

    # Words in a row of numbers, or numbers in a row of words, cannot be judged.
    mismatch = f"ISNUMBER({figure})=({stick('words')}=1)"
    by_pace = (
        f'IF(({stick("sign")}*{figure}>={stick("green")})*({figure}<={stick("most_green")}),"{State.ON_PACE.label}",'
        f'IF(({stick("sign")}*{figure}>={stick("yellow")})*({figure}<={stick("most_yellow")}),"{State.SLOW.label}",'
        f'"{State.BEHIND.label}"))'
    )
    above = f"({figure}>{stick('low')})+({figure}={stick('low')})*{stick('inclusive')}"
    by_target = (
        f'IF({nature}<>"{Nature.VERIFIED.label}","{State.PENDING.label}",'
        f'IF(({above})*({figure}<={stick("high")}),"{State.MET.label}",{stick("missed")}))'
    )
    in_words = f'IF({value}="{InWords.ACHIEVED.label}","{State.MET.label}","{State.REFERENCE.label}")'
    words_judged = f'IF({value}="{InWords.ACHIEVED.label}","{State.MET.label}",{stick("missed")})'
    words_due = f'IF({nature}<>"{Nature.VERIFIED.label}","{State.PENDING.label}",{words_judged})'
    asked = f'LEFT({ref("asked")},{len(Due.ASKED.label)})="{Due.ASKED.label}"'
    past = f'IF({ref("asked")}="{Due.PAST.label}","{State.PAST.label}","{State.NOT_YET.label}")'
    undecided = f'IF({ref("asked")}="{Due.UNDECIDED.label}","{State.UNDECIDED.label}",{past})'
    unreported = f'IF({asked},"{State.MISSING.label}",{undecided})'
    if is_final:
        unreported = f'"{State.PENDING.label}"'
    if seen:  # a row of per cent is never answered in words
        in_words = words_due = '""'
    by_words = f'"{State.REFERENCE.label}",{in_words},{words_due},"{State.UNDECIDED.label}"'
    judged = f"CHOOSE({stick('mode')},{by_pace},{by_target},{by_words})"
    return {
        "share": f'=IF({value}="","",IFERROR(IF(ISNUMBER({figure}),{figure}/{stick("goal")},""),""))',
        "pace": f'=IF({value}="","",IFERROR(IF({mismatch},"",1*{stick("pace")}),""))',
        "state": f'=IF({value}="",{unreported},IFERROR(IF({mismatch},"{UNCHECKED}",{judged}),"{UNCHECKED}"))',
    }


def task_formulas(known: Machine, ref: Ref) -> Mapping[str, str]:
    """Return the formula of a task's row: 进度评价 on the last day of the period."""
    status, reported = ref("status"), ref("milestone_done")
    milestone_due, due_on, day = ref("milestone_due"), ref("due_on"), known.fact("day")
    waits = f'({milestone_due}<>"")*({reported}<>"{MilestoneStatus.DONE.label}")'
    due = f'IF({waits},{milestone_due},IF({due_on}<>"",{due_on},9E+9))'
    planned, done = ref("invest_plan"), ref("invest_done")
    lags = f'IFERROR(({done}<>"")*({planned}>0)*({done}/{planned}<{known.fact("invest_limit")}),FALSE)'
    return {
        "state": (
            f'=IF({status}="","{TaskState.MISSING.label}",IF({status}="{TaskStatus.DONE.label}","{TaskState.DONE.label}",'
            f'IF({due}<{day},"{TaskState.OVERDUE.label}",IF(OR({status}="{TaskStatus.BEHIND.label}",{lags}),"{TaskState.BEHIND.label}",'
            f'IF({due}-{day}<={known.fact("soon_days")},"{TaskState.DUE_SOON.label}","{TaskState.ON_TIME.label}")))))'
        )
    }


@dataclass(frozen=True)
class Span:
    """Where the rows of a sheet stand in the workbook: what formulas on other sheets refer to."""

    part: FormSheet
    first: int
    columns: Mapping[str, int]

    def area(self, field: str) -> str:
        """Return the reference to the cells of a field in the rows that the recipient fills in."""
        letter, last = letters(self.columns[field]), self.first + max(1, self.part.last_own_line + 1)
        return f"'{self.part.sheet.name}'!${letter}${self.first + 1}:${letter}${last}"

    def row(self, token: str) -> int:
        """Return where the row of a token stands, counted from 0."""
        return self.first + self.part.lines[token]

    def cell(self, row: int) -> Ref:
        """Return references within the sheet to the cells of a row, counted from 0, with fixed columns."""
        return lambda field: f"${address(row, self.columns[field])}"

    def distant_cell(self, row: int) -> Ref:
        """Return the references from another sheet to the cells of a row, counted from 0."""
        return lambda field: f"'{self.part.sheet.name}'!${address(row, self.columns[field])}"
