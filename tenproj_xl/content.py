"""The content of a form: which rows a task force gets for a period and what is printed in them.

Reads: plan, settings, history. Gives: a `Form`, which the writer draws and the ledger remembers.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tenproj_xl.evaluate import (
    State,
    Yardstick,
    asked_period,
    candidate_periods,
    current_milestone,
    fractions_of,
    task_state,
    yardstick,
)
from tenproj_xl.history import History, Value
from tenproj_xl.identity import token
from tenproj_xl.lives import Life, lives
from tenproj_xl.periods import Period, read_period
from tenproj_xl.plan import Indicator, Measure, Plan, Programme, Task, TaskForce
from tenproj_xl.settings import Settings
from tenproj_xl.sheets import (
    ACHIEVED,
    ASKED,
    FAILED,
    ISSUES,
    NOT_YET,
    PAST,
    TASKS,
    UNDERWAY,
    Column,
    Fill,
    Sheet,
    form_sheets,
    form_version,
    target_field,
)
from tenproj_xl.storage import file_name

UNCHECKED = "待核"
"""What a formula shows where it cannot tell."""


@dataclass(frozen=True)
class FormRow:
    """One keyed row. `printed` is what we put in, `filled` what a sender had put into input cells (on a correction).

    `asked` is False for a row that no new figure can exist for; `choices` are drop-downs of this row alone; `locked`
    are input columns that are closed in this row; `fractions` from where to where a figure may be a fraction for per
    cent; `due_moved` is the deadline in force where that is not the original one.
    """

    token: str
    code: str
    printed: Mapping[str, Value]
    asked: bool = True
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    locked: frozenset[str] = frozenset()
    yardsticks: tuple[Yardstick, ...] = ()
    fractions: tuple[tuple[float, float], ...] = ()
    due_moved: date | None = None
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


@dataclass(frozen=True)
class FormSheet:
    """One of the three standard sheets with its rows in order."""

    sheet: Sheet
    rows: tuple[FormRow, ...]


@dataclass(frozen=True)
class Form:
    """Everything that one workbook says. Tasks and issues are judged on the period's last day.

    `news` are sentences about issues that were signed off since the last form and have left this one.
    """

    programme: Programme
    period: Period
    task_force: TaskForce
    lead: str
    deadline: datetime
    version: str
    settings: Settings
    sheets: tuple[FormSheet, ...]
    cover: Mapping[str, Value] = field(default_factory=dict)
    news: tuple[str, ...] = ()

    @property
    def id_line(self) -> str:
        """The visible line by which a person and the reader know the form."""
        return f"{self.programme.code} {self.period.code} {self.task_force.code} {self.version}"

    @property
    def stem(self) -> str:
        """The name of the form's file, without its ending."""
        number = int(self.period.code.partition("W")[2])
        return f"{self.task_force.code}_{file_name(self.lead)}_{self.period.code[:4]}年第{number}期填报表"

    def part(self, code: str) -> FormSheet:
        """The sheet of a code."""
        return next(s for s in self.sheets if s.sheet.code == code)


def build_form(
    plan: Plan, settings: Settings, period: Period, task_force: TaskForce, known: History, secret: str
) -> Form:
    """The form of a task force for a period, starting from what earlier periods brought."""
    sheets = form_sheets(plan.programme.years, folded_before=period.last.year)
    known = known.before(period)

    def key(sheet: Sheet, row: str) -> str:
        return token(secret, plan.programme.code, period.code, task_force.code, sheet.code, row)

    indicators = (
        _indicator_row(i, plan, settings, period, known, key(sheets[0], i.code))
        for i in plan.indicators_of(task_force.code)
    )
    open_tasks = (t for t in plan.tasks_of(task_force.code) if not known.is_finished(t))
    tasks = (_task_row(t, plan, known, key(TASKS, t.code)) for t in open_tasks)
    return Form(
        plan.programme,
        period,
        task_force,
        plan.printed(task_force.lead),
        settings.deadline(period),
        form_version(sheets),
        settings,
        (
            FormSheet(sheets[0], tuple(indicators)),
            FormSheet(TASKS, tuple(tasks)),
            FormSheet(ISSUES, tuple(_issue_rows(task_force, known, key))),
        ),
        {"unit": plan.printed(task_force.lead)},
        tuple(_signed_off_lately(task_force, known, period)),
    )


def _indicator_row(
    indicator: Indicator, plan: Plan, settings: Settings, period: Period, known: History, key: str
) -> FormRow:
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
    sticks = tuple(yardstick(indicator, p, settings) for p in candidates)
    doubtful = fractions_of(indicator)
    return FormRow(key, indicator.code, printed, asked is not None, choices, yardsticks=sticks, fractions=doubtful)


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


def _issue_rows(task_force: TaskForce, known: History, key: Callable[[Sheet, str], str]) -> Iterable[FormRow]:
    for issue in lives(known, task_force.code):
        if issue.signed_off:
            continue
        kept = (c.field for c in ISSUES.columns if c.fill in (Fill.EDITABLE, Fill.ONCE))
        printed: dict[str, Value] = {"code": issue.code, **{name: issue.said(name) for name in kept}}
        printed |= _decided(issue)
        moved = issue.due if issue.due != issue.original_due else None
        yield FormRow(key(ISSUES, issue.code), issue.code, printed, locked=frozenset({"due_on"}), due_moved=moved)
    for n in range(1, ISSUES.spare_rows + 1):
        yield FormRow(key(ISSUES, f"新增{n:02d}"), "", {})


def _signed_off_lately(task_force: TaskForce, known: History, period: Period) -> Iterable[str]:
    """A sentence for each issue signed off in this period or the one before, which the form has no row for."""
    since = period.first - (period.last - period.first) - timedelta(days=1)
    for issue in lives(known, task_force.code):
        if issue.signed_off and issue.signed_off.on >= since:
            said = str(issue.said("description") or "")
            yield f"问题{issue.code}“{said[:40]}”已销号：{issue.signed_off.spoken}。"


def _decided(issue: Life) -> dict[str, Value]:
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
    """What the formulas of a row show: the cached values of `share`, `pace` and `state`."""
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
