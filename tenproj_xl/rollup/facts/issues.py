"""Lines of 问题销号: what each registered issue amounts to on the period's last day."""

from dataclasses import dataclass
from datetime import date

from tenproj_xl.core.cells import Value
from tenproj_xl.core.sheets import LEVELS
from tenproj_xl.model.evaluate_tasks import IssueState
from tenproj_xl.model.history import Reported
from tenproj_xl.model.issues import IssueHistory, issue_histories
from tenproj_xl.model.plan import TaskForce
from tenproj_xl.rollup.facts.input import RollupInput, freshness

SIGNED_OFF = IssueState.SIGNED_OFF
UNDECIDED = "未定"


@dataclass(frozen=True)
class IssueLine:
    """One issue. `days_left` counts to the deadline in force, without the days on which its clock stood still."""

    history: IssueHistory
    task_force: TaskForce
    state: str
    level: str
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
        """The department's last word."""
        return self.history.row

    @property
    def due_on(self) -> date | None:
        """The deadline in force."""
        return self.history.due

    @property
    def signed_on(self) -> date | None:
        """The day on which it was signed off."""
        return self.history.signed_off.on if self.history.signed_off else None

    @property
    def asks(self) -> bool:
        """True while its ask waits for a decision."""
        return self.history.asks

    @property
    def is_open(self) -> bool:
        """True until it is signed off."""
        return self.state != IssueState.SIGNED_OFF

    @property
    def days_over(self) -> int | None:
        """Days past its deadline, None while it is not."""
        return -self.days_left if self.state == IssueState.OVERDUE and self.days_left is not None else None

    @property
    def rank(self) -> int:
        """The level's place, highest first."""
        return len(LEVELS) - LEVELS.index(self.level) if self.level in LEVELS else len(LEVELS) + 1

    @property
    def freshness(self) -> str:
        """How fresh the last word is."""
        return freshness(self.carried, [self.row])

    def reported(self, field: str) -> Value:
        """A field as returned."""
        return self.history.said(field)


def issue_lines(data: RollupInput) -> tuple[IssueLine, ...]:
    """A line for every issue that is open or was signed off in this period, by task force and code."""
    lines = (_line(life, data) for life in issue_histories(data.known))
    shown = (i for i in lines if i.is_open or _signed_now(i, data))
    return tuple(sorted(shown, key=lambda i: (i.task_force.code, i.code)))


def _signed_now(line: IssueLine, data: RollupInput) -> bool:
    signed = line.history.signed_off
    return signed is not None and data.period.first <= signed.on <= data.period.last


def _line(life: IssueHistory, data: RollupInput) -> IssueLine:
    state, raised = life.state(data.day, data.settings), life.said("raised_on")
    runs = state not in (IssueState.SIGNED_OFF, IssueState.APPLIED)
    return IssueLine(
        life,
        data.task_force(life.row.task_force),
        state,
        life.level or str(life.said("suggested_level") or UNDECIDED),
        raised if isinstance(raised, date) else None,
        life.days_open(data.day),
        life.days_left(data.day) if runs else None,
        life.paused_days(data.day),
        carried=data.carried_from(life.row),
    )
