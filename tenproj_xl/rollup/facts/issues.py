"""Lines of 问题销号: what each registered issue amounts to on the period's last day."""

from collections.abc import Mapping
from datetime import date

from tenproj_xl.core.answers import DecisionLevel
from tenproj_xl.core.cells import Value
from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.states import IssueState
from tenproj_xl.core.texts import text_of
from tenproj_xl.model.cell_sources import CellSource
from tenproj_xl.model.history import Reported
from tenproj_xl.model.issues import IssueHistory, issue_histories
from tenproj_xl.model.plan import TaskForce
from tenproj_xl.model.units import names_listed, printed_unit, unit_named, units_meant
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.reported import ReportedLine, freshness, origin

SIGNED_OFF = IssueState.SIGNED_OFF


class NoLevel(LabelledCode):
    """Stands for the level of an issue for which none is approved or proposed."""

    UNDECIDED = "undecided", "未定"


@dataclass(frozen=True, kw_only=True)
class IssueLine(ReportedLine):
    """One issue. `days_left` are those to the deadline in force, without those on which its clock stood."""

    history: IssueHistory
    task_force: TaskForce
    state: IssueState
    level: DecisionLevel | None
    raised_on: date | None
    days_open: int | None
    days_left: int | None
    paused_days: int
    carried: str

    @property
    def code(self) -> str:
        """The issue's code."""
        return self.row.code

    @property
    def row(self) -> Reported:
        """The department's last row on it."""
        return self.history.row

    @property
    def due_on(self) -> date | None:
        """The deadline in force."""
        return self.history.due

    @property
    def signed_on(self) -> date | None:
        """The day on which it was signed off."""
        if self.history.signed_off is None:
            return None
        return self.history.signed_off.on

    @property
    def asks(self) -> bool:
        """Whether its ask waits for a decision."""
        return self.history.asks

    @property
    def is_open(self) -> bool:
        """Whether it is not signed off yet."""
        return self.state != IssueState.SIGNED_OFF

    @property
    def days_over(self) -> int | None:
        """Days past its deadline, None while it is not."""
        if self.state != IssueState.OVERDUE or self.days_left is None:
            return None
        return -self.days_left

    @property
    def rank(self) -> int:
        """The level's place: 1 for the highest; without a level that this version has, beyond them all."""
        levels = list(DecisionLevel)
        if self.level not in levels:
            return len(levels) + 1
        return len(levels) - levels.index(self.level)

    @property
    def shown_level(self) -> LabelledCode:
        """The level as sheets and papers show it."""
        return self.level or NoLevel.UNDECIDED

    @property
    def freshness(self) -> str:
        """How fresh the last row is."""
        return freshness(self.carried, [self.row])

    def reported(self, field: str) -> Value:
        """Return a field as last returned."""
        return self.history.reported(field)

    def origin(self, field: str) -> CellSource | None:
        """Return where a field was typed; the original deadline, at registration."""
        if field == "due_on":
            return origin(self.history.rows[:1], field)
        return origin([self.row], field)


def issue_lines(data: RollupInput) -> tuple[IssueLine, ...]:
    """Return a line for every issue that is open or was signed off in this period, by task force and code."""
    lines = []
    for history in issue_histories(data.known):
        line = issue_line(history, data)
        if line.is_open or _signed_now(line, data):
            lines.append(line)
    lines.sort(key=lambda line: (line.task_force.code, line.code))
    return tuple(lines)


def units_of_issue(line: IssueLine, data: RollupInput) -> list[str]:
    """Return the units of an issue as people read them; the first reports on it, see `issue_unit`."""
    return units_in_charge(line.row.values, line.task_force, data)


def units_shown(line: IssueLine, data: RollupInput) -> str:
    """Return the units of an issue by their names in the plan, as typed where it lists anything else."""
    typed = text_of(line.reported("unit"))
    codes = [unit_named(name, data.plan) for name in names_listed(typed, data.plan)]
    if None in codes:
        return typed
    return "、".join(printed_unit(code, data.plan) for code in dict.fromkeys(codes) if code)


def units_in_charge(values: Mapping[str, Value], task_force: TaskForce, data: RollupInput) -> list[str]:
    """Return the units of the plan that an issue with some values names, else the task force's lead unit."""
    codes = units_meant(text_of(values.get("unit")), data.plan)
    if codes or not task_force.lead:  # the plan may have the task force no more
        return [printed_unit(code, data.plan) for code in codes]
    return [data.units(task_force.lead)]


def _signed_now(line: IssueLine, data: RollupInput) -> bool:
    return line.signed_on is not None and data.period.first <= line.signed_on <= data.period.last


def _level(history: IssueHistory) -> DecisionLevel | None:
    """Return the approved level, else the one that the department proposes."""
    return history.level or DecisionLevel.of(history.reported("suggested_level"))


def issue_line(history: IssueHistory, data: RollupInput) -> IssueLine:
    """Return the line of an issue, open or not."""
    state = history.state(data.day, data.settings)
    raised_on = history.reported("raised_on")
    if not isinstance(raised_on, date):
        raised_on = None
    days_left = None
    if state not in (IssueState.SIGNED_OFF, IssueState.APPLIED):
        days_left = history.days_left(data.day)
    return IssueLine(
        history=history,
        task_force=data.task_force(history.row.task_force),
        state=state,
        level=_level(history),
        raised_on=raised_on,
        days_open=history.days_open(data.day),
        days_left=days_left,
        paused_days=history.paused_days(data.day),
        carried=data.carried_from(history.row),
    )
