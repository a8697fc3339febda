"""Everything the sheets show, computed once; nothing here knows how it will look.

Reads: a `RollupInput`. Gives: `Facts`: the lines of each sheet, the numbers of page one and those of each
task force.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.states import IssueState, State, TaskState
from tenproj_xl.model.plan import TaskForce
from tenproj_xl.rollup.facts.asks import AskLine, ask_lines
from tenproj_xl.rollup.facts.deductions import with_objections
from tenproj_xl.rollup.facts.duties import DutyLine, duty_lines
from tenproj_xl.rollup.facts.embargo import only_released
from tenproj_xl.rollup.facts.exits import ExitLine, exit_lines
from tenproj_xl.rollup.facts.highlights import HighlightLine, highlight_lines
from tenproj_xl.rollup.facts.indicators import IndicatorLine, indicator_lines
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.issues import IssueLine, issue_lines
from tenproj_xl.rollup.facts.league import LeagueLine, league_lines
from tenproj_xl.rollup.facts.returns import ReturnLine, Timeliness, return_lines
from tenproj_xl.rollup.facts.supervision import SupervisionLine, supervision_lines, with_unsettled
from tenproj_xl.rollup.facts.tasks import TaskLine, task_lines

_Worked = TypeVar("_Worked")
INDICATOR_GROUPS: dict[str, tuple[str, ...]] = {
    "on_pace": (State.ON_PACE, State.MET),
    "slow": (State.SLOW,),
    "behind": (State.BEHIND, State.MISSED),
    "pending": (State.PENDING,),
    "missing": (State.MISSING,),
}
"""The states that papers add up; every 应评 indicator is in one group."""
INDICATOR_PARTS: dict[str, tuple[str, ...]] = {
    "on_track": (State.ON_PACE,),
    "lagging": (State.BEHIND,),
    "met": (State.MET,),
    "missed": (State.MISSED,),
}
"""What page one tells apart of them: by the way done so far, and at the target's date."""
TASK_GROUPS: dict[str, tuple[str, ...]] = {
    "tasks_on_time": (TaskState.DONE, TaskState.ON_TIME),
    "tasks_soon": (TaskState.DUE_SOON,),
    "tasks_behind": (TaskState.BEHIND,),
    "tasks_overdue": (TaskState.OVERDUE,),
    "tasks_missing": (TaskState.MISSING,),
}
OPEN_STATES: tuple[str, ...] = tuple(s for s in IssueState if s is not IssueState.SIGNED_OFF)
IN_TIME_STATES: tuple[str, ...] = tuple(s for s in OPEN_STATES if s is not IssueState.OVERDUE)


@dataclass(frozen=True, kw_only=True)
class Tally:
    """The numbers of some lines: indicators that are 应评 by state, tasks by state, open issues.

    `on_pace` includes those met, `behind` those missed; `on_track` and `lagging` do not. With `unjudged`,
    those that are not 应评, they add up to all indicators. `stale` counts 应评 indicators whose figure is
    older than due, `unverified` indicators with a passed target that is 待核定, `missed_before` those with
    one that was missed and is not settled, while their newest figure is judged otherwise.
    """

    indicators: int
    counted: int
    on_track: int
    lagging: int
    met: int
    missed: int
    unjudged: int
    missed_before: int
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
    issues_in_time: int
    issues_soon: int
    issues_overdue: int
    issues_applied: int
    asks: int

    @property
    def tasks(self) -> int:
        """All tasks that are judged."""
        return sum(int(getattr(self, name)) for name in TASK_GROUPS)


@dataclass(frozen=True, kw_only=True)
class Headline(Tally):
    """The whole district's numbers, with those of the returns: `returned` includes the late ones.

    `historic` are the items of 督办清单 that are long past their deadline.
    """

    owed: int
    returned: int
    late: int
    not_returned: int
    historic: int


@dataclass(frozen=True, kw_only=True, eq=False)  # known by itself: what is worked out of it is kept
class Facts:
    """All that the workbook shows; only a month or more in which forms went out has a league."""

    data: RollupInput
    indicators: tuple[IndicatorLine, ...]
    tasks: tuple[TaskLine, ...]
    issues: tuple[IssueLine, ...]
    supervision: tuple[SupervisionLine, ...]
    exits: tuple[ExitLine, ...]
    returns: tuple[ReturnLine, ...]
    asks: tuple[AskLine, ...]
    duties: tuple[DutyLine, ...]
    league: tuple[LeagueLine, ...]
    highlights: tuple[HighlightLine, ...]
    """Without those that are doubted, and milestones that were late or of tasks that lag."""
    doubted: tuple[HighlightLine, ...]
    """Results that are no praise, since words and state do not agree or a question is open."""
    lagging: tuple[HighlightLine, ...]
    """Milestones that were reached late, or of tasks that lag."""
    headline: Headline

    @property
    def involved(self) -> tuple[TaskForce, ...]:
        """The task forces that owe returns, in the order of the plan."""
        return tuple(t for t in self.data.plan.task_forces if t.involved)

    @property
    def not_involved(self) -> tuple[TaskForce, ...]:
        """The others."""
        return tuple(t for t in self.data.plan.task_forces if not t.involved)

    @property
    def compared_with(self) -> str:
        """What 本期变化 compares with: `2026年第42周汇总`, "" in the first roll-up of all."""
        last = self.data.before
        if last is None:
            return ""
        return f"{last.period.dated_label}汇总"

    def tally(self, task_force: str) -> Tally:
        """Return one task force's numbers."""
        if task_force not in self._tallies:
            self._tallies[task_force] = Tally(
                **_numbers(
                    [i for i in self.indicators if i.task_force.code == task_force],
                    [t for t in self.tasks if t.task_force.code == task_force],
                    [i for i in self.issues if i.task_force.code == task_force],
                )
            )
        return self._tallies[task_force]

    @cached_property
    def _tallies(self) -> dict[str, Tally]:
        """The numbers of the task forces that were asked for."""
        return {}

    def once(self, work: Callable[["Facts"], _Worked]) -> _Worked:
        """Return what a function works out of the facts, worked out once: several sheets ask for it."""
        if work not in self._worked_out:
            self._worked_out[work] = work(self)
        worked: _Worked = self._worked_out[work]
        return worked

    @cached_property
    def _worked_out(self) -> dict[Callable[["Facts"], Any], Any]:
        return {}

    def returned_by(self, task_force: str) -> list[ReturnLine]:
        """Return one task force's returns, of each week one, newest first."""
        return [r for r in self.returns if r.task_force.code == task_force]


def facts_of(data: RollupInput) -> Facts:
    """Return the facts of a period."""
    indicators, tasks, issues = indicator_lines(data), task_lines(data), issue_lines(data)
    returns = return_lines(data, indicators, tasks)
    read_by_all, released = only_released(data), indicators
    if read_by_all is not data:
        released = indicator_lines(read_by_all)
    supervision = supervision_lines(data, indicators, tasks, issues)
    indicators = with_unsettled(indicators, supervision)
    duties = duty_lines(data, indicators, tasks, issues, returns, released)
    league: tuple[LeagueLine, ...] = ()
    if data.is_wide and data.asked_for_returns:
        duties = with_objections(duties, data.score_review)
        league = league_lines(data, duties)
    praise = highlight_lines(data, indicators, tasks)
    return Facts(
        data=data,
        indicators=indicators,
        tasks=tasks,
        issues=issues,
        supervision=supervision,
        exits=exit_lines(data),
        returns=returns,
        asks=ask_lines(data, issues),
        duties=duties,
        league=league,
        highlights=tuple(line for line in praise if line.is_praise),
        doubted=tuple(line for line in praise if line.is_doubted),
        lagging=tuple(line for line in praise if line.is_lagging and not line.is_doubted),
        headline=_headline(indicators, tasks, issues, returns, supervision),
    )


def _headline(
    indicators: Sequence[IndicatorLine],
    tasks: Sequence[TaskLine],
    issues: Sequence[IssueLine],
    returns: Sequence[ReturnLine],
    supervision: Sequence[SupervisionLine],
) -> Headline:
    owed = [line for line in returns if line.is_owed]
    returned = [line for line in owed if line.is_in]
    return Headline(
        **_numbers(indicators, tasks, issues),
        owed=len(owed),
        returned=len(returned),
        late=sum(line.state is Timeliness.LATE for line in returned),
        not_returned=len(owed) - len(returned),
        historic=sum(line.historic for line in supervision),
    )


def _numbers(
    indicators: Sequence[IndicatorLine], tasks: Sequence[TaskLine], issues: Sequence[IssueLine]
) -> dict[str, int]:
    """Return the fields of a `Tally`."""
    counted = [line for line in indicators if line.counted]
    issue_states = Counter(line.state for line in issues)
    return {
        **_by_group(Counter(line.state for line in counted), {**INDICATOR_GROUPS, **INDICATOR_PARTS}),
        **_by_group(Counter(line.state for line in tasks), TASK_GROUPS),
        "indicators": len(indicators),
        "counted": len(counted),
        "unjudged": len(indicators) - len(counted),
        "missed_before": sum(line.missed_before for line in indicators),
        "stale": sum(line.stale for line in counted),
        "unverified": sum(line.unverified_before for line in indicators),
        "issues_open": sum(line.is_open for line in issues),
        "issues_in_time": sum(line.state in IN_TIME_STATES for line in issues),
        "issues_soon": issue_states[IssueState.DUE_SOON],
        "issues_overdue": issue_states[IssueState.OVERDUE],
        "issues_applied": issue_states[IssueState.APPLIED],
        "asks": sum(line.asks for line in issues),
    }


def _by_group(counts: Mapping[str, int], groups: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Add up the counts of the states in each group."""
    return {name: sum(counts.get(state, 0) for state in states) for name, states in groups.items()}
