"""Lines of 责任清单: all that each unit owes across task forces, and what of it scores in the league table."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from tenproj_xl.model.evaluate_indicators import State
from tenproj_xl.model.evaluate_tasks import IssueState, TaskState
from tenproj_xl.model.plan import NOT_INVOLVED, TaskForce
from tenproj_xl.rollup.facts.indicators import IndicatorLine
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.issues import SIGNED_OFF, IssueLine
from tenproj_xl.rollup.facts.returns import LATE, NOT_RETURNED, NOT_TAKEN, ON_TIME, PARTIAL, ReturnLine
from tenproj_xl.rollup.facts.supervision import behind_in_words, days_in_words
from tenproj_xl.rollup.facts.tasks import TaskLine


class Duty(StrEnum):
    """What is owed; the order is that of the league table's parts."""

    INDICATOR = "主要指标"
    TASK = "重点任务"
    ISSUE = "问题"
    RETURN = "报送"


class Score(StrEnum):
    """What an item does in the league table."""

    GOOD = "得分"
    BAD = "不得分"
    NONE = "不计"


UNIT_TOTAL = "合计"
_WORST: Sequence[str] = (
    TaskState.OVERDUE,
    State.MISSED,
    State.BEHIND,
    NOT_RETURNED,
    NOT_TAKEN,
    PARTIAL,
    LATE,
    TaskState.DUE_SOON,
    State.SLOW,
    State.PENDING,
    IssueState.REOPENED,
    IssueState.OPEN,
    IssueState.WAITING,
    IssueState.APPLIED,
    TaskState.ON_TIME,
    State.ON_PACE,
    State.MET,
    ON_TIME,
    TaskState.DONE,
    SIGNED_OFF,
    State.NOT_YET,
    State.REFERENCE,
    NOT_INVOLVED,
)
"""All words for states, worst first."""
_BAD = _WORST[: _WORST.index(State.PENDING)]
_REDS = _WORST[: _WORST.index(LATE)]


@dataclass(frozen=True)
class DutyLine:
    """One item that a unit owes, or (`kind` 合计) all of them in one line with the worst of their states.

    `number` is the item's place among the lines of its own sheet; `how_far` behind it is, in days or points.
    """

    unit: str
    kind: str
    code: str
    name: str
    task_force: TaskForce | None
    state: str
    deadline: date | None
    measured: str
    score: Score | None
    source: str
    number: int
    how_far: float

    @property
    def is_total(self) -> bool:
        """True for the line that sums a unit up."""
        return self.kind == UNIT_TOTAL


def duty_lines(
    data: RollupInput,
    indicators: Sequence[IndicatorLine],
    tasks: Sequence[TaskLine],
    issues: Sequence[IssueLine],
    returns: Sequence[ReturnLine],
) -> tuple[DutyLine, ...]:
    """All items by unit, the unit with most items in red first; within a unit the worst first, under its total."""
    items = (
        *_of_indicators(data, indicators),
        *_of_tasks(data, tasks, {r.task_force.code for r in returns if r.is_in}),
        *_of_issues(data, issues),
        *_of_returns(data, returns),
    )
    by_unit: dict[str, list[DutyLine]] = {}
    for item in items:
        by_unit.setdefault(item.unit, []).append(item)
    kinds = [str(kind) for kind in Duty]
    found: list[DutyLine] = []
    for own in sorted(by_unit.values(), key=_reds, reverse=True):
        worst_first = sorted(own, key=lambda d: (_place(d.state), kinds.index(d.kind), -d.how_far, d.code))
        found += [_total(worst_first), *worst_first]
    return tuple(found)


def _reds(items: Sequence[DutyLine]) -> tuple[int, int]:
    return sum(d.state in _REDS for d in items), len(items)


def _place(state: str) -> int:
    return _WORST.index(state if state in _WORST else IssueState.OPEN)


def _total(items: Sequence[DutyLine]) -> DutyLine:
    unit = items[0].unit
    words = (_in_words(kind, [d.state for d in items if d.kind == kind]) for kind in Duty)
    return DutyLine(
        unit, UNIT_TOTAL, "", "　".join(filter(None, words)), None, items[0].state, None, "", None, "", 0, 0
    )


def _in_words(kind: Duty, states: Sequence[str]) -> str:
    """How many, and how many of them in a bad state: `指标9项（滞后2、未报1）`."""
    if not states:
        return ""
    counted = Counter(s for s in states if s in _BAD)
    bad = "、".join(f"{word}{counted[word]}" for word in _BAD if counted[word])
    unit = "件" if kind is Duty.ISSUE else "次" if kind is Duty.RETURN else "项"
    return f"{kind[-2:]}{len(states)}{unit}" + (f"（{bad}）" if bad else "")


def _of_indicators(data: RollupInput, lines: Iterable[IndicatorLine]) -> Iterator[DutyLine]:
    for number, line in enumerate(lines):
        if not line.task_force.involved:
            continue
        target = line.yardstick.target if line.yardstick else None
        figure = line.figure or line.previous
        yield DutyLine(
            data.units(line.indicator.reporting_unit),
            Duty.INDICATOR,
            line.indicator.code,
            line.indicator.name,
            line.task_force,
            line.state,
            target.period.last if target else None,
            behind_in_words(line.gap) or ("数据过旧" if line.stale else ""),
            _score_of_indicator(line),
            data.source(figure.row, "value") if figure else "",
            number,
            -(line.gap or 0),
        )


def _score_of_indicator(line: IndicatorLine) -> Score:
    """Scores what is 应评 and judged: on pace by the figure that is due; an older one or none does not score."""
    if not line.counted or line.state == State.PENDING:
        return Score.NONE
    return Score.GOOD if line.state in (State.ON_PACE, State.MET) and not line.stale else Score.BAD


def _of_tasks(data: RollupInput, lines: Iterable[TaskLine], returned: AbstractSet[str]) -> Iterator[DutyLine]:
    for number, line in enumerate(lines):
        if not line.is_owed:
            continue
        yield DutyLine(
            data.units(line.task.lead_unit),
            Duty.TASK,
            line.task.code,
            line.task.name,
            line.task_force,
            line.state,
            line.due_on or line.task.due_on,
            days_in_words(line.days_left) if line.state != TaskState.ON_TIME else "",
            _score_of_task(line, line.task_force.code in returned),
            data.source(line.rows[-1], "status") if line.rows else "",
            number,
            -(line.days_left or 0),
        )


def _score_of_task(line: TaskLine, returned: bool) -> Score:  # noqa: FBT001  # a fact, not a switch
    """Scores every task; what was said in earlier periods does not, where nobody stands by it in this one."""
    stands = line.state == TaskState.DONE or (
        returned and line.state in (TaskState.ON_TIME, TaskState.DUE_SOON)
    )
    return Score.GOOD if stands else Score.BAD


def _of_issues(data: RollupInput, lines: Iterable[IssueLine]) -> Iterator[DutyLine]:
    """One line for each unit that an issue names; only the first of them scores."""
    for number, line in enumerate(lines):
        score = _score_of_issue(line) if line.task_force.involved else Score.NONE
        duty = DutyLine(
            "",
            Duty.ISSUE,
            line.code,
            str(line.reported("description") or ""),
            line.task_force,
            line.state,
            line.due_on,
            days_in_words(line.days_left) if line.state in (IssueState.OVERDUE, IssueState.DUE_SOON) else "",
            score,
            data.source(line.row, "description"),
            number,
            -(line.days_left or 0),
        )
        named = _units_in(str(line.reported("unit") or "")) or [line.task_force.lead]
        for n, unit in enumerate(dict.fromkeys(map(data.units, named))):
            yield replace(duty, unit=unit, score=score if n == 0 else Score.NONE)


def _units_in(text: str) -> list[str]:
    return [part for part in re.split(r"[、，,；;/\s]+", text) if part]


def _score_of_issue(line: IssueLine) -> Score:
    """Scores what was solved or should have been: good where the sign-off was applied for in time."""
    if line.state == IssueState.OVERDUE:
        return Score.BAD
    if line.state not in (SIGNED_OFF, IssueState.APPLIED) or line.due_on is None:
        return Score.NONE
    said = line.reported("applied_on") or line.signed_on
    left = line.history.days_left(said if isinstance(said, date) else line.row.period.last)
    return Score.GOOD if left is not None and left >= 0 else Score.BAD


def _of_returns(data: RollupInput, lines: Iterable[ReturnLine]) -> Iterator[DutyLine]:
    for number, line in enumerate(lines):
        if not line.is_owed:
            continue
        current = line.current
        yield DutyLine(
            data.units(line.task_force.lead),
            Duty.RETURN,
            Duty.RETURN,
            f"{line.period.label}填报表",
            line.task_force,
            line.state,
            data.settings.deadline(line.period).date(),
            f"待更正{line.errors}处" if line.errors else "",
            Score.GOOD if line.state == ON_TIME else Score.BAD,
            f"{current.file}（{data.clock(current.received_at)}）" if current else "",
            number,
            0,
        )
