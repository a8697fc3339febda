"""Everything the sheets show, computed once; nothing here knows how it will look.

Reads: a `RollupInput`. Gives: `Facts`: the lines of each sheet, the numbers of page one and those of each task force.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tenproj_xl.model.evaluate_indicators import State
from tenproj_xl.model.evaluate_tasks import IssueState, TaskState
from tenproj_xl.model.plan import TaskForce
from tenproj_xl.rollup.facts.asks import AskLine, ask_lines
from tenproj_xl.rollup.facts.duties import DutyLine, duty_lines
from tenproj_xl.rollup.facts.highlights import HighlightLine, highlight_lines
from tenproj_xl.rollup.facts.indicators import IndicatorLine, indicator_lines
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.issues import IssueLine, issue_lines
from tenproj_xl.rollup.facts.league import LeagueLine, league_lines
from tenproj_xl.rollup.facts.returns import LATE, ReturnLine, return_lines
from tenproj_xl.rollup.facts.supervision import SupervisionLine, supervision_lines
from tenproj_xl.rollup.facts.tasks import TaskLine, task_lines

INDICATOR_GROUPS: dict[str, tuple[str, ...]] = {
    "on_pace": (State.ON_PACE, State.MET),
    "slow": (State.SLOW,),
    "behind": (State.BEHIND, State.MISSED),
    "pending": (State.PENDING,),
    "missing": (State.MISSING,),
}
"""The states that page one counts together. They share out all indicators that are 应评."""
TASK_GROUPS: dict[str, tuple[str, ...]] = {
    "tasks_on_time": (TaskState.DONE, TaskState.ON_TIME),
    "tasks_soon": (TaskState.DUE_SOON,),
    "tasks_behind": (TaskState.BEHIND,),
    "tasks_overdue": (TaskState.OVERDUE,),
    "tasks_missing": (TaskState.MISSING,),
}
OPEN_STATES: tuple[str, ...] = tuple(s for s in IssueState if s is not IssueState.SIGNED_OFF)


@dataclass(frozen=True)
class Tally:
    """The numbers of some lines: indicators that are 应评 by state, tasks by state, open issues.

    `stale` counts 应评 indicators whose figure is older than due, `unverified` indicators with a passed target that is
    待核定.
    """

    counted: int
    on_pace: int
    slow: int
    behind: int
    pending: int
    missing: int
    stale: int
    unverified: int
    tasks_on_time: int
    tasks_soon: int
    tasks_behind: int
    tasks_overdue: int
    tasks_missing: int
    issues_open: int
    issues_soon: int
    issues_overdue: int
    issues_applied: int
    asks: int


@dataclass(frozen=True)
class Headline(Tally):
    """The whole district's numbers, with those of the returns: `returned` includes the late ones."""

    owed: int
    returned: int
    late: int
    not_returned: int


@dataclass(frozen=True)
class Facts:
    """All that the workbook says."""

    data: RollupInput
    indicators: tuple[IndicatorLine, ...]
    tasks: tuple[TaskLine, ...]
    issues: tuple[IssueLine, ...]
    supervision: tuple[SupervisionLine, ...]
    returns: tuple[ReturnLine, ...]
    asks: tuple[AskLine, ...]
    duties: tuple[DutyLine, ...]
    league: tuple[LeagueLine, ...]
    highlights: tuple[HighlightLine, ...]
    headline: Headline

    @property
    def involved(self) -> tuple[TaskForce, ...]:
        """The task forces that are ranked and owe returns, in the order of the league table."""
        return tuple(line.task_force for line in self.league)

    @property
    def not_involved(self) -> tuple[TaskForce, ...]:
        """The others."""
        return tuple(t for t in self.data.plan.task_forces if not t.involved)

    @property
    def compared_with(self) -> str:
        """What 本期变化 compares with: `2026年第42期汇总（台账序号812）`, "" in the first roll-up of all."""
        last = self.data.before
        if last is None:
            return ""
        return f"{last.period.name}汇总（台账序号{last.sequence}）"

    def tally(self, task_force: str) -> Tally:
        """One task force's numbers."""
        return Tally(
            **_numbers(
                [i for i in self.indicators if i.task_force.code == task_force],
                [t for t in self.tasks if t.task_force.code == task_force],
                [i for i in self.issues if i.task_force.code == task_force],
            )
        )

    def returned_by(self, task_force: str) -> list[ReturnLine]:
        """One task force's returns, of each week one, newest first."""
        return [r for r in self.returns if r.task_force.code == task_force]


def facts_of(data: RollupInput) -> Facts:
    """The facts of a period."""
    indicators, tasks, issues = indicator_lines(data), task_lines(data), issue_lines(data)
    returns = return_lines(data, indicators, tasks)
    owed = [r for r in returns if r.is_owed]
    headline = Headline(
        **_numbers(indicators, tasks, issues),
        owed=len(owed),
        returned=sum(r.is_in for r in owed),
        late=sum(r.state == LATE for r in owed),
        not_returned=sum(not r.is_in for r in owed),
    )
    supervision = supervision_lines(data, indicators, tasks, issues)
    duties = duty_lines(data, indicators, tasks, issues, returns)
    return Facts(
        data,
        indicators,
        tasks,
        issues,
        supervision,
        returns,
        ask_lines(data, issues),
        duties,
        league_lines(data, duties),
        highlight_lines(data, indicators, tasks),
        headline,
    )


def _numbers(
    indicators: Sequence[IndicatorLine], tasks: Sequence[TaskLine], issues: Sequence[IssueLine]
) -> dict[str, int]:
    counted = [i for i in indicators if i.counted]
    return {
        "counted": len(counted),
        **{name: sum(i.state in states for i in counted) for name, states in INDICATOR_GROUPS.items()},
        "stale": sum(i.stale for i in counted),
        "unverified": sum(i.pending > 0 for i in indicators),
        **{name: sum(t.state in states for t in tasks) for name, states in TASK_GROUPS.items()},
        "issues_open": sum(i.is_open for i in issues),
        "issues_soon": sum(i.state == IssueState.DUE_SOON for i in issues),
        "issues_overdue": sum(i.state == IssueState.OVERDUE for i in issues),
        "issues_applied": sum(i.state == IssueState.APPLIED for i in issues),
        "asks": sum(i.asks for i in issues),
    }
