"""The content of a form: which rows a task force or a unit gets for a period and what is printed in them.

Reads: plan, settings, history. Gives: a `Form`, which the writer draws and the ledger remembers.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from tenproj_xl.core.cells import Value
from tenproj_xl.core.columns import Column, Fill, Kind, Sheet
from tenproj_xl.core.files import file_name
from tenproj_xl.core.periods import Period, read_period
from tenproj_xl.core.policy import NOBODY, Subject
from tenproj_xl.core.sheets import (
    ACHIEVED,
    ASKED,
    FAILED,
    FILLED_BY,
    FORCE,
    ISSUES,
    NOT_YET,
    PAST,
    TASKS,
    UNDERWAY,
    form_sheets,
    form_version,
    target_field,
)
from tenproj_xl.core.tokens import token
from tenproj_xl.model.evaluate_indicators import (
    State,
    Yardstick,
    asked_period,
    candidate_periods,
    fractions_of,
    yardstick,
)
from tenproj_xl.model.evaluate_tasks import current_milestone, task_state
from tenproj_xl.model.history import History, Reported
from tenproj_xl.model.issued import Issued
from tenproj_xl.model.issues import IssueHistory, issue_histories
from tenproj_xl.model.plan import Indicator, Measure, Plan, Programme, Task
from tenproj_xl.model.settings import Settings
from tenproj_xl.model.units import Recipient, issue_unit, printed_unit, reporter, spellings, spoken_task_force

OWN, NOT_ASKED = "本单位填报", "不必填报"
"""What a unit's form says of rows that it fills in, and of those that others do."""
_SHEETS = {sheet.code: sheet for sheet in form_sheets(())}
UNCHECKED = "待核"
"""What a formula shows where it cannot tell."""


@dataclass(frozen=True)
class FormRow:
    """One keyed row. `printed` is what we put in, `filled` what a sender had put into input cells (on a correction).

    `unit` reports the row, of `task_force` ("" while a new issue's is not chosen); `of_others` is True in a
    unit's form where that is another one. `asked` is False for a row that no new figure can exist for;
    `choices` are drop-downs of this row alone; `locked` are input columns that are closed in this row;
    `fractions` from where to where a figure may be a fraction for per cent; `due_moved` is the deadline in
    force where that is not the original one; `subject` is whom findings in the row are about.
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
        return spoken if len(spoken) <= 24 else spoken[:23] + "…"

    def current(self, name: str) -> Value:
        """What stands in an input cell: what was filled in, else what was printed."""
        return self.filled[name] if name in self.filled else self.printed.get(name)

    def is_open(self, column: Column) -> bool:
        """True where the department may write in this row."""
        return column.fill.is_input and column.field not in self.locked

    def content(self, column: Column) -> Value:
        """What stands in a cell that is no formula's: in one that is closed, what was printed."""
        return self.current(column.field) if self.is_open(column) else self.printed.get(column.field)


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


@dataclass(frozen=True)
class Form:
    """Everything that one workbook says. Tasks and issues are judged on the period's last day.

    `news` are sentences about issues that were signed off since the last form and have left this one.
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

    @property
    def id_line(self) -> str:
        """The visible line by which a person and the reader know the form."""
        return f"{self.programme.code} {self.period.code} {self.recipient.code} {self.version}"

    @property
    def stem(self) -> str:
        """The name of the form's file, without its ending."""
        return form_stem(self.recipient, self.period)

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
        """The sheet of a code."""
        return next(s for s in self.sheets if s.sheet.code == code)


def build_form(
    plan: Plan, settings: Settings, period: Period, recipient: Recipient, known: History, secret: str
) -> Form:
    """The form of a recipient for a period, starting from what earlier periods brought."""
    declared = form_sheets(plan.programme.years, folded_before=period.last.year)
    known = known.before(period)

    def key(sheet: str, row: str) -> str:
        return token(secret, plan.programme.code, period.code, recipient.code, sheet, row)

    facts = _Facts(plan, settings, period, recipient, known, key)
    rows = (_indicator_rows(facts), _task_rows(facts), _issue_rows(facts))
    parts = (_part_of(sheet, tuple(some), recipient) for sheet, some in zip(declared, rows, strict=True))
    return Form(
        plan.programme,
        period,
        recipient,
        settings.deadline(period),
        form_version(declared),
        settings,
        tuple(parts),
        {"unit": recipient.printed},
        tuple(_signed_off_lately(facts)),
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
        """True for a row that stands in the form: a unit's own, and all of a task force that it leads."""
        own = self.recipient.by_unit and unit == self.recipient.unit
        return own or row.task_force in self.recipient.leads


def _part_of(sheet: Sheet, rows: tuple[FormRow, ...], recipient: Recipient) -> FormSheet:
    """A sheet of the form; in a unit's form its own rows first, each with its task force and who fills it in."""
    if not recipient.by_unit:
        return FormSheet(sheet.of_task_force, rows)
    return FormSheet(sheet, (*(r for r in rows if not r.of_others), *(r for r in rows if r.of_others)))


def _assigned(row: FormRow, sheet: str, unit: str, task_force: str, facts: _Facts) -> FormRow:
    """A row with who reports it; in a unit's form it says so, and one of others is closed, with its last word."""
    subject = Subject(task_force, row.code, spellings(unit, facts.plan))
    row = replace(row, unit=unit, task_force=task_force, subject=subject)
    if not facts.recipient.by_unit:
        return row
    force = next((spoken_task_force(t) for t in facts.recipient.task_forces if t.code == task_force), None)
    if unit == facts.recipient.unit:
        printed = {**row.printed, FORCE: force, FILLED_BY: OWN if row.code else None}
        return replace(row, printed=printed, locked=row.locked | ({FORCE} if force else set()))
    others = f"由{printed_unit(unit, facts.plan)}填报"
    inputs = [c for c in _SHEETS[sheet].inputs if c.field != FORCE]
    said = {c.field: _carried(facts.known, sheet, row.code, c) for c in inputs}
    last = said | ({f: v for f, v in row.printed.items() if f in said} if sheet == ISSUES.code else {})
    printed = {**row.printed, **last, FORCE: force, FILLED_BY: others}
    if "asked" in printed:
        printed["asked"] = NOT_ASKED
    return replace(
        row, printed=printed, asked=False, of_others=True, locked=frozenset({*last, FORCE}), choices={}
    )


def _carried(known: History, sheet: str, code: str, column: Column) -> Value:
    """The last word in a cell, as a form shows it."""
    last = _last_word(known, sheet, code, column.field)
    period = read_period(str(last)) if last and column.kind is Kind.PERIOD else None
    return period.dated_label if period else last


def _indicator_rows(facts: _Facts) -> Iterator[FormRow]:
    for i in facts.plan.indicators:
        unit = reporter(i, facts.plan)
        if facts.has(i, unit):
            row = _indicator_row(i, facts, facts.key("indicators", i.code))
            yield _assigned(row, "indicators", unit, i.task_force, facts)


def _task_rows(facts: _Facts) -> Iterator[FormRow]:
    for t in facts.plan.tasks:
        unit = reporter(t, facts.plan)
        if facts.has(t, unit) and not facts.known.is_finished(t):
            row = _task_row(t, facts.plan, facts.known, facts.key(TASKS.code, t.code))
            yield _assigned(row, TASKS.code, unit, t.task_force, facts)


def _indicator_row(indicator: Indicator, facts: _Facts, key: str) -> FormRow:
    plan, settings, period, known = facts.plan, facts.settings, facts.period, facts.known
    first_year = plan.programme.first_year
    figures = known.figures(indicator.code)
    last = next(reversed(figures), None)
    asked = asked_period(indicator, [(f.period, f.nature) for f in figures], period.last, first_year)
    candidates = candidate_periods(indicator, period.last, first_year)
    this_year = indicator.target_of_year(period.last.year)
    printed: dict[str, Value] = {
        "code": indicator.code,
        "name": indicator.name,
        "area": indicator.area,
        "basis": indicator.basis,
        "unit": indicator.unit,
        "target_now": this_year.spoken if this_year else "—",
        **{target_field(t.period.last.year): t.spoken for t in indicator.year_targets},
        "last_value": _spoken(last.value) if last else None,
        "last_period": last.period.dated_label if last else None,
        "asked": _asked_in_words(asked, indicator, period),
        "data_period": asked[0].dated_label if asked else None,
        "next_steps": _last_word(known, "indicators", indicator.code, "next_steps"),
        "reporting_unit": plan.printed(indicator.reporting_unit),
        "responsible_units": plan.printed(*indicator.responsible),
    }
    choices = {"data_period": tuple(p.dated_label for p in candidates)} if candidates else {}
    if indicator.measure is Measure.QUALITATIVE:
        choices["value"] = (ACHIEVED, UNDERWAY, FAILED)
    shown = [*candidates, *([last.period] if last and last.period not in candidates else [])]
    sticks = tuple(yardstick(indicator, p, settings) for p in shown)
    return FormRow(
        key,
        indicator.code,
        printed,
        asked=asked is not None,
        choices=choices,
        yardsticks=sticks,
        fractions=fractions_of(indicator),
    )


def _asked_in_words(asked: tuple[Period, bool] | None, indicator: Indicator, period: Period) -> str:
    if asked is not None:
        return f"{ASKED}：{asked[0].dated_label}{'核定' if asked[1] else ''}"
    return PAST if max(t.period.last for t in indicator.targets) <= period.last else NOT_YET


def _spoken(value: Value) -> str:
    return f"{value:.12g}" if isinstance(value, float) else str(value or "")


def _last_word(known: History, sheet: str, code: str, name: str) -> Value:
    latest = known.latest(sheet, code)
    return latest.values.get(name) if latest else None


def _task_row(task: Task, plan: Plan, known: History, key: str) -> FormRow:
    milestone = current_milestone(task, known.milestones_done(task))
    printed: dict[str, Value] = {
        "code": task.code,
        "name": task.name,
        "annual_goal": task.annual_goal or None,
        "milestone": milestone.name if milestone else None,
        "milestone_due": milestone.due_on if milestone else None,
        "next_steps": _last_word(known, "tasks", task.code, "next_steps"),
        "invest_plan": task.invest_plan,
        "lead_unit": plan.printed(task.lead_unit),
        "responsible_units": plan.printed(*task.responsible),
        "person": _last_word(known, "tasks", task.code, "person") or task.person or None,
        "due_on": task.due_on,
    }
    return FormRow(key, task.code, printed)


def _issue_rows(facts: _Facts) -> Iterator[FormRow]:
    """The open issues, then blank rows for new ones; in which a unit of several task forces chooses one of them."""
    recipient = facts.recipient
    for force, issue, unit in _issues(facts):
        if not issue.signed_off:
            row = _issue_row(issue, facts.key(ISSUES.code, issue.code))
            yield _assigned(row, ISSUES.code, unit, force, facts)
    forces = {t.code: spoken_task_force(t) for t in recipient.task_forces}
    only = next(iter(forces)) if len(forces) == 1 else ""
    for n in range(1, ISSUES.spare_rows + 1):
        row = FormRow(facts.key(ISSUES.code, f"新增{n:02d}"), "", {})
        row = _assigned(row, ISSUES.code, recipient.unit, only, facts)
        yield row if only or not recipient.by_unit else replace(row, choices={FORCE: tuple(forces.values())})


def _issues(facts: _Facts) -> Iterator[tuple[str, IssueHistory, str]]:
    """The issues that stand in the form, with their task forces and the units that report on them."""
    for force in facts.recipient.task_forces:
        for issue in issue_histories(facts.known, force.code):
            unit = issue_unit(issue.row.values, force, facts.plan)
            if facts.has(issue.row, unit):
                yield force.code, issue, unit


def _issue_row(issue: IssueHistory, key: str) -> FormRow:
    kept = (c.field for c in ISSUES.columns if c.fill in (Fill.EDITABLE, Fill.ONCE) and not c.by_unit)
    printed: dict[str, Value] = {"code": issue.code, **{name: issue.said(name) for name in kept}}
    printed |= _decided(issue)
    moved = issue.due if issue.due != issue.original_due else None
    return FormRow(key, issue.code, printed, locked=frozenset({"due_on"}), due_moved=moved)


def _signed_off_lately(facts: _Facts) -> Iterator[str]:
    """A sentence for each issue signed off in this period or the one before, which the form has no row for."""
    period = facts.period
    since = period.first - (period.last - period.first) - timedelta(days=1)
    for _, issue, _ in _issues(facts):
        if issue.signed_off and issue.signed_off.on >= since:
            said = str(issue.said("description") or "")
            yield f"问题{issue.code}“{said[:40]}”已销号：{issue.signed_off.spoken}。"


def _decided(issue: IssueHistory) -> dict[str, Value]:
    """What the office decided, as far as anything was; a day of sign-off only where the issue was reopened since."""
    closed = issue.last_sign_off
    found: dict[str, Value] = {
        "due_on": issue.original_due,
        "approved_level": issue.level or None,
        "review": issue.review or None,
        "signed_on": closed.on if closed else None,
    }
    return {name: value for name, value in found.items() if value is not None}


def computed(form: Form, sheet: Sheet, row: FormRow) -> dict[str, Value]:
    """What the formulas of a row show: the cached values of `share`, `pace` and `state`.

    A row of others that has no last word shows nothing: it is not for the reader of this form to fill it in.
    """
    if row.of_others and row.current("value" if sheet.code == "indicators" else "status") is None:
        return {}
    if sheet.code == "indicators":
        return _computed_indicator(row)
    if sheet.code == "tasks":
        fields = ("status", "milestone_due", "due_on", "milestone_done", "invest_plan", "invest_done")
        state = task_state({f: row.current(f) for f in fields}, form.period.last, form.settings)
        return {"state": str(state)}
    return {}


def _computed_indicator(row: FormRow) -> dict[str, Value]:
    value = row.current("value")
    if value is None:
        return {"share": None, "pace": None, "state": str(State.MISSING if row.asked else State.NOT_YET)}
    period = read_period(str(row.current("data_period") or ""))
    stick = next((s for s in row.yardsticks if period and s.period.code == period.code), None)
    in_words = "value" in row.choices
    if stick is None or isinstance(value, str) != in_words or isinstance(value, date):
        return {"share": None, "pace": None, "state": UNCHECKED}
    state = stick.state(value, str(row.current("nature") or ""))
    return {"share": stick.share(value), "pace": stick.pace, "state": str(state)}
