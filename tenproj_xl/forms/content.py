"""The content of a form: which rows a task force or a unit gets for a period and what is printed in them.

Reads: plan, settings, history. Gives: a `Form`, which the writer draws and the ledger remembers.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from tenproj_xl.core.answers import InWords
from tenproj_xl.core.cells import Value
from tenproj_xl.core.codes import label_of
from tenproj_xl.core.columns import Column, Fill, Kind, Sheet
from tenproj_xl.core.files import file_name
from tenproj_xl.core.form_versions import form_version
from tenproj_xl.core.periods import Period, read_period
from tenproj_xl.core.policy import NOBODY, Subject
from tenproj_xl.core.sheets import (
    FILLED_BY,
    FORCE,
    ISSUES,
    TASKS,
    VERIFICATION,
    form_sheets,
    target_field,
)
from tenproj_xl.core.tokens import EXAMPLE, token
from tenproj_xl.forms.news import news_of
from tenproj_xl.model.evaluate_indicators import (
    Yardstick,
    asked_label,
    asked_period,
    candidate_periods,
    fractions_of,
    yardstick,
    year_target,
)
from tenproj_xl.model.evaluate_tasks import current_milestone
from tenproj_xl.model.history import MILESTONES, History, Reported
from tenproj_xl.model.issued import Issued
from tenproj_xl.model.issues import IssueHistory, issue_histories
from tenproj_xl.model.people import liaisons_for
from tenproj_xl.model.plan import Indicator, Measure, Plan, Programme, Task
from tenproj_xl.model.settings import Settings
from tenproj_xl.model.units import (
    Recipient,
    issue_unit,
    names_of,
    printed_unit,
    reporter,
    spellings,
    spoken_task_force,
)

OWN, NOT_ASKED = "本单位填报", "不必填报"
"""What a unit's form says of rows that it fills in, and of those that others do."""
_SHEETS = {sheet.code: sheet for sheet in form_sheets(())}
REGISTERED = frozenset(c.field for c in ISSUES.columns if c.fill is Fill.ONCE and not c.by_unit)
"""What is closed in the row of a registered issue."""
UNCHECKED = "待核"
"""What a formula shows where it cannot tell."""


@dataclass(frozen=True, kw_only=True)
class FormRow:
    """One keyed row of a form.

    Attributes:
        token: The row's key; "" in `code` is a blank row for a new issue.
        printed: What we put in, by field.
        task_force: The code of its task force, "" while a new issue's is not chosen.
        unit: The unit that reports the row.
        of_others: Whether that is another unit than the one whose form this is.
        asked: False for a row for which no new figure can exist.
        choices: Drop-downs of this row alone, by field.
        locked: Input columns that are closed in this row.
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
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    locked: frozenset[str] = frozenset()
    yardsticks: tuple[Yardstick, ...] = ()
    fractions: tuple[tuple[float, float], ...] = ()
    due_moved: date | None = None
    subject: Subject = NOBODY
    filled: Mapping[str, Value] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What a person calls the row: its name, the beginning of its description, or its code."""
        spoken = str(self.printed.get("name") or self.current("description") or self.code or "")
        if len(spoken) <= 24:
            return spoken
        return spoken[:23] + "…"

    def current(self, name: str) -> Value:
        """Return what stands in an input cell: what was filled in, else what was printed."""
        return self.filled.get(name, self.printed.get(name))

    def is_open(self, column: Column) -> bool:
        """Return whether the department may write into a column of this row."""
        return column.fill.is_input and column.field not in self.locked

    def content(self, column: Column) -> Value:
        """Return what stands in a cell without a formula: in a closed one what was printed."""
        if self.is_open(column):
            return self.current(column.field)
        return self.printed.get(column.field)


@dataclass(frozen=True)
class FormSheet:
    """One of the three standard sheets with its rows in order, those that others report last."""

    sheet: Sheet
    rows: tuple[FormRow, ...]

    @property
    def own(self) -> tuple[FormRow, ...]:
        """The rows that the recipient fills in."""
        return tuple(row for row in self.rows if not row.of_others)


def form_stem(recipient: Recipient, period: Period) -> str:
    """Return the name of a form's file, without its ending: `03_区科技局_2026年第48期填报表`."""
    whose = file_name(recipient.printed)
    if not recipient.by_unit:
        whose = f"{recipient.code}_{whose}"
    return f"{whose}_{period.name}填报表"


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


def build_form(
    plan: Plan, settings: Settings, period: Period, recipient: Recipient, known: History, secret: str
) -> Form:
    """Build the form of a recipient for a period, starting from what earlier periods brought."""
    words = plan.programme.words
    declared = form_sheets(plan.programme.years, words=words)
    known = known.before(period)

    def key(sheet: str, row: str) -> str:
        return token(secret, plan.programme.code, period.code, recipient.code, sheet, row)

    facts = _Facts(plan, settings, period, recipient, known, key)
    indicators, tasks, issues = declared
    sheets = (
        _part_of(indicators, _indicator_rows(facts), recipient),
        _part_of(tasks, _task_rows(facts), recipient),
        _part_of(issues, _issue_rows(facts), recipient),
    )
    return Form(
        programme=plan.programme,
        period=period,
        recipient=recipient,
        deadline=settings.calendar.deadline_of(period, names_of(recipient.code, plan)),
        version=form_version(declared),
        settings=settings,
        sheets=sheets,
        cover={"unit": recipient.printed},
        news=(*_taken_over(facts, sheets), *news_of(plan, known, period, recipient)),
        liaisons=liaisons_for(recipient, plan),
    )


@dataclass(frozen=True)
class _Facts:
    """What the rows of a form are made from; `key` gives the token of a sheet's row."""

    plan: Plan
    settings: Settings
    period: Period
    recipient: Recipient
    known: History
    key: Callable[[str, str], str]

    def has(self, row: Indicator | Task | Reported, unit: str) -> bool:
        """Return whether a row stands in the form: a unit's own, and all of a task force that it leads."""
        return self.recipient.has(row.task_force, unit)


def _part_of(sheet: Sheet, rows: Iterable[FormRow], recipient: Recipient) -> FormSheet:
    """Return a sheet of the form; in a unit's form, which has two more columns, its own rows come first."""
    if not recipient.by_unit:
        return FormSheet(sheet.of_task_force, tuple(rows))
    return FormSheet(sheet, tuple(sorted(rows, key=lambda row: row.of_others)))


def _assigned(row: FormRow, sheet: str, unit: str, task_force: str, facts: _Facts) -> FormRow:
    """Return a row with who reports it; a unit's form prints that, too."""
    subject = Subject(task_force, row.code, spellings(unit, facts.plan))
    row = replace(row, unit=unit, task_force=task_force, subject=subject)
    if not facts.recipient.by_unit:
        return row
    force = next((spoken_task_force(t) for t in facts.recipient.task_forces if t.code == task_force), None)
    if unit != facts.recipient.unit:
        return _of_others(row, sheet, force, facts)
    printed = {**row.printed, FORCE: force, FILLED_BY: None}
    if row.code:
        printed[FILLED_BY] = OWN
    if force:
        return replace(row, printed=printed, locked=row.locked | {FORCE})
    return replace(row, printed=printed)


def _of_others(row: FormRow, sheet: str, force: str | None, facts: _Facts) -> FormRow:
    """Return a row that another unit fills in: closed, with the last values of its inputs."""
    inputs = {}
    for column in _SHEETS[sheet].inputs:
        if column.field == FORCE:
            continue
        if sheet == ISSUES.code and column.field in row.printed:
            inputs[column.field] = row.printed[column.field]
        else:
            inputs[column.field] = _carried(facts.known, sheet, row.code, column)
    filled_by = f"由{printed_unit(row.unit, facts.plan)}填报"
    printed = {**row.printed, **inputs, FORCE: force, FILLED_BY: filled_by}
    if "asked" in printed:
        printed["asked"] = NOT_ASKED
    locked = frozenset({*inputs, FORCE})
    return replace(row, printed=printed, asked=False, of_others=True, locked=locked, choices={})


def _carried(known: History, sheet: str, code: str, column: Column) -> Value:
    """Return the last value of a cell, as a form shows it."""
    last = _last_value(known, sheet, code, column.field)
    if last and column.kind is Kind.PERIOD:
        period = read_period(str(last))
        if period:
            return period.dated_label
    return last


def _indicator_rows(facts: _Facts) -> Iterator[FormRow]:
    for i in facts.plan.indicators:
        unit = reporter(i, facts.plan)
        if facts.has(i, unit):
            row = _indicator_row(i, facts, facts.key("indicators", i.code))
            yield _assigned(row, "indicators", unit, i.task_force, facts)


def _task_rows(facts: _Facts) -> Iterator[FormRow]:
    for t in facts.plan.tasks:
        unit = reporter(t, facts.plan)
        is_closed = facts.known.has_just_finished(t)
        if not facts.has(t, unit) or (facts.known.is_finished(t) and not is_closed):
            continue
        row = _task_row(t, facts.plan, facts.known, facts.key(TASKS.code, t.code))
        if is_closed:
            row = _closed(row, facts.known)
        yield _assigned(row, TASKS.code, unit, t.task_force, facts)


def _closed(row: FormRow, known: History) -> FormRow:
    """Return the row of a task that was reported as done, with that report in it.

    It asks for nothing. Only what takes the report back is open.
    """
    printed = dict(row.printed)
    locked = set()
    for column in TASKS.inputs:
        if column.by_unit or column.field == VERIFICATION:
            continue
        printed[column.field] = _last_value(known, TASKS.code, row.code, column.field)
        if column.field not in _TAKES_BACK:
            locked.add(column.field)
    return replace(row, printed=printed, locked=frozenset(locked), asked=False)


_TAKES_BACK = ("status", "completed_on", "progress", "problems", "next_steps", "remark")
"""What a unit may change in the row of a task that it reported as done."""


def _indicator_row(indicator: Indicator, facts: _Facts, key: str) -> FormRow:
    plan, settings, period, known = facts.plan, facts.settings, facts.period, facts.known
    first_year = plan.programme.first_year
    figures = known.figures(indicator.code)
    known_until = settings.calendar.known_until(period)
    asked = asked_period(indicator, [(f.period, f.nature) for f in figures], known_until, first_year)
    candidates = candidate_periods(indicator, known_until, first_year)
    printed: dict[str, Value] = {
        "code": indicator.code,
        "name": indicator.name,
        "area": indicator.area,
        "basis": indicator.basis,
        "unit": indicator.unit,
        "last_value": None,
        "last_period": None,
        "asked": asked_label(asked, indicator, period),
        "data_period": None,
        "next_steps": _last_value(known, "indicators", indicator.code, "next_steps"),
        "reporting_unit": plan.printed(indicator.reporting_unit),
        "responsible_units": plan.printed(*indicator.responsible),
    }
    since = asked[0].last if asked else period.last
    spoken = indicator.spoken_targets(since.year, since)
    printed["target_now"] = year_target(indicator, since.year, period, spoken)
    for target in indicator.year_targets:
        printed[target_field(target.period.last.year)] = target.spoken
    if asked:
        printed["data_period"] = asked[0].dated_label
    judged = list(candidates)
    if figures and indicator.is_comparable(figures[-1].period, period):
        last = figures[-1]
        printed["last_value"] = _spoken(last.value)
        printed["last_period"] = last.period.dated_label
        if last.period not in candidates:
            judged.append(last.period)
    choices: dict[str, tuple[str, ...]] = {}
    if candidates:
        choices["data_period"] = tuple(p.dated_label for p in candidates)
    if indicator.measure is Measure.QUALITATIVE:
        choices["value"] = tuple(InWords)
    return FormRow(
        token=key,
        code=indicator.code,
        printed=printed,
        asked=asked is not None,
        choices=choices,
        yardsticks=tuple(yardstick(indicator, p, settings) for p in judged),
        fractions=fractions_of(indicator),
    )


def _spoken(value: Value) -> str:
    if isinstance(value, float):
        return f"{value:.12g}"
    return str(label_of(value) or "")


def _last_value(known: History, sheet: str, code: str, name: str) -> Value:
    """Return the last value of a row's field, None if nothing was reported yet."""
    latest = known.latest(sheet, code)
    if latest is None:
        return None
    return latest.values.get(name)


def _task_row(task: Task, plan: Plan, known: History, key: str) -> FormRow:
    printed: dict[str, Value] = {
        "code": task.code,
        "name": task.name,
        "annual_goal": task.annual_goal or None,
        "milestone": None,
        "milestone_due": None,
        "next_steps": _last_value(known, "tasks", task.code, "next_steps"),
        "invest_plan": task.invest_plan,
        "lead_unit": plan.printed(task.lead_unit),
        "responsible_units": plan.printed(*task.responsible),
        "person": _last_value(known, "tasks", task.code, "person") or task.person or None,
        "due_on": task.due_on,
        MILESTONES: ",".join(str(m.number) for m in task.milestones),
    }
    if milestone := current_milestone(task, known.milestones_done(task)):
        printed["milestone"] = milestone.name
        printed["milestone_due"] = milestone.due_on
    return FormRow(token=key, code=task.code, printed=printed)


def _issue_rows(facts: _Facts) -> Iterator[FormRow]:
    """Give the rows of open issues, then blank ones, in which a unit chooses among its task forces."""
    recipient = facts.recipient
    for force, issue, unit in _issues(facts):
        if not issue.signed_off:
            row = _issue_row(issue, facts.key(ISSUES.code, issue.code))
            yield _assigned(row, ISSUES.code, unit, force, facts)
    forces = {t.code: spoken_task_force(t) for t in recipient.task_forces}
    only = "".join(forces) if len(forces) == 1 else ""
    for n in range(1, ISSUES.spare_rows + 1):
        key = facts.key(ISSUES.code, f"新增{n:02d}")
        row = FormRow(token=key, code="", printed={})
        row = _assigned(row, ISSUES.code, recipient.unit, only, facts)
        if recipient.by_unit and not only:
            row = replace(row, choices={FORCE: tuple(forces.values())})
        yield row


def _issues(facts: _Facts) -> Iterator[tuple[str, IssueHistory, str]]:
    """Give the issues that stand in the form, with their task forces and the units that report on them."""
    for force in facts.recipient.task_forces:
        for issue in issue_histories(facts.known, force.code):
            unit = issue_unit(issue.row.values, force, facts.plan)
            if facts.has(issue.row, unit):
                yield force.code, issue, unit


def _issue_row(issue: IssueHistory, key: str) -> FormRow:
    printed: dict[str, Value] = {"code": issue.code}
    for column in ISSUES.columns:
        if column.fill in (Fill.EDITABLE, Fill.ONCE) and not column.by_unit:
            printed[column.field] = issue.reported(column.field)
    printed |= _decided(issue)
    moved = issue.due if issue.due != issue.original_due else None
    return FormRow(token=key, code=issue.code, printed=printed, locked=REGISTERED, due_moved=moved)


def _taken_over(facts: _Facts, sheets: Iterable[FormSheet]) -> Iterator[str]:
    """Give a sentence for each task force that ended lately and left rows to this form, which names them."""
    period, plan = facts.period, facts.plan
    since = period.first - (period.last - period.first) - timedelta(days=1)
    rows = [row for part in sheets for row in part.rows if row.code]
    for force in plan.ended:
        names = [f"{row.code}“{row.name}”" for row in rows if plan.former_force(row.code) == force]
        if names and force.ends and force.ends.last >= since:
            yield f"原{force.code}专班“{force.name}”并入，下列事项转由本表填报：{'、'.join(names)}。"


def _decided(issue: IssueHistory) -> dict[str, Value]:
    """Return what the office decided, if anything; a reopened issue keeps its day of sign-off."""
    decided: dict[str, Value] = {}
    if issue.original_due:
        decided["due_on"] = issue.original_due
    if issue.level:
        decided["approved_level"] = issue.level
    if issue.review:
        decided["review"] = issue.review
    if issue.last_sign_off:
        decided["signed_on"] = issue.last_sign_off.on
    return decided
