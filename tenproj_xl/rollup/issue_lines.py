"""Lines of 问题销号: what each registered issue amounts to on the period's last day."""

from dataclasses import dataclass
from datetime import date

from tenproj_xl.evaluate import IssueState, issue_state
from tenproj_xl.history import Reported, Value
from tenproj_xl.plan import TaskForce
from tenproj_xl.rollup.given import Given
from tenproj_xl.sheets import LEVELS
from tenproj_xl.values import is_blank

SIGNED_OFF = "已销号"
UNDECIDED = "未定"


@dataclass(frozen=True)
class IssueLine:
    """One issue. `days_over` counts from the original deadline; `asks` is True while its ask waits for a decision."""

    row: Reported
    task_force: TaskForce
    state: str
    level: str
    raised_on: date | None
    due_on: date | None
    days_open: int | None
    days_left: int | None
    asks: bool
    carried: str

    @property
    def code(self) -> str:
        """The issue's code."""
        return self.row.code

    @property
    def is_open(self) -> bool:
        """True until it is signed off."""
        return self.state != SIGNED_OFF

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
        return f"沿用{self.carried}" if self.carried else "本期"

    def said(self, field: str) -> Value:
        """A field as returned."""
        return self.row.values.get(field)


def issue_lines(given: Given) -> tuple[IssueLine, ...]:
    """A line for every issue that is open or was signed off in this period, by task force and code."""
    lines = (_line(row, given) for row in given.known.issues())
    shown = (i for i in lines if i.is_open or _signed_now(i, given))
    return tuple(sorted(shown, key=lambda i: (i.task_force.code, i.code)))


def decisions(lines: tuple[IssueLine, ...]) -> list[IssueLine]:
    """The issues that ask for a decision: highest level first, then oldest."""
    return sorted((i for i in lines if i.asks), key=lambda i: (i.rank, i.raised_on or date.max, i.code))


def _signed_now(line: IssueLine, given: Given) -> bool:
    signed = line.said("signed_on")
    return isinstance(signed, date) and given.period.first <= signed <= given.period.last


def _line(row: Reported, given: Given) -> IssueLine:
    values = row.values
    signed = isinstance(values.get("signed_on"), date)
    state = SIGNED_OFF if signed else str(issue_state(values, given.day, given.settings))
    raised, due = _day(values.get("raised_on")), _day(values.get("due_on"))
    return IssueLine(
        row,
        given.task_force(row.task_force),
        state,
        str(values.get("approved_level") or values.get("suggested_level") or UNDECIDED),
        raised,
        due,
        (given.day - raised).days if raised else None,
        (due - given.day).days if due and state not in (SIGNED_OFF, IssueState.APPLIED) else None,
        asks=not is_blank(values.get("request")) and state not in (SIGNED_OFF, IssueState.APPLIED),
        carried=given.carried_from(row),
    )


def _day(value: Value) -> date | None:
    return value if isinstance(value, date) else None
