"""Lines of 责任清单: all that each unit owes across task forces, and how it scores in the league table."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date

from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.states import IssueState, State, TaskState
from tenproj_xl.model.duties import Duty
from tenproj_xl.model.objections import Objection
from tenproj_xl.model.plan import TaskForce
from tenproj_xl.rollup.facts.indicators import IndicatorLine
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.issues import SIGNED_OFF, IssueLine, units_of_issue
from tenproj_xl.rollup.facts.returns import ReturnLine, Timeliness
from tenproj_xl.rollup.facts.supervision import behind_in_words, days_in_words, task_in_words
from tenproj_xl.rollup.facts.tasks import TaskLine


class Score(LabelledCode):
    """What an item does in the league table."""

    GOOD = "good", "得分"
    BAD = "bad", "不得分"
    NONE = "none", "不计"


class Basis(LabelledCode):
    """What an indicator or a task is judged by."""

    MEASURED = "measured", "可评价"
    """A figure, or for a task milestones, investment or a deadline."""
    DECLARED = "declared", "自报"
    """What the unit says of a task, and nothing else."""


_WORST: Sequence[LabelledCode] = (
    TaskState.OVERDUE,
    State.MISSED,
    State.BEHIND,
    State.MISSING,
    Timeliness.NOT_RETURNED,
    Timeliness.NOT_ACCEPTED,
    Timeliness.PARTIAL,
    Timeliness.LATE,
    TaskState.DUE_SOON,
    State.SLOW,
    State.PENDING,
    Timeliness.EXTENDED,
    IssueState.REOPENED,
    IssueState.OPEN,
    IssueState.WAITING,
    IssueState.APPLIED,
    TaskState.ON_TIME,
    State.ON_PACE,
    State.MET,
    Timeliness.ON_TIME,
    TaskState.DONE,
    SIGNED_OFF,
    State.NOT_YET,
    State.PAST,
    State.UNDECIDED,
    State.REFERENCE,
    State.NOT_INVOLVED,
    Timeliness.NOT_INVOLVED,
)
"""All states of items, worst first."""
MEASURE_WORDS: Mapping[Duty, str] = {
    Duty.INDICATOR: "项",
    Duty.TASK: "项",
    Duty.ISSUE: "件",
    Duty.RETURN: "次",
}
_KINDS: Sequence[Duty | None] = tuple(Duty)
_BAD = _WORST[: _WORST.index(State.PENDING)]
_REDS = _WORST[: _WORST.index(Timeliness.LATE)]


@dataclass(frozen=True, kw_only=True)
class DutyLine:
    """One item that a unit owes, or without a `kind` all of them in one line with their worst state.

    `number` is the item's place (from 0) among the lines of its own sheet; `how_far` behind it is, in days or
    points. `basis` is that of an indicator or a task, `period` the code of that of a return; `objection` is
    what was said of its deduction in the league, `scored_as` the state that scores where its own is not
    published yet.
    """

    unit: str
    kind: Duty | None
    name: str
    state: LabelledCode
    code: str = ""
    task_force: TaskForce | None = None
    deadline: date | None = None
    measured: str = ""
    score: Score | None = None
    basis: Basis | None = None
    period: str = ""
    objection: Objection | None = None
    scored_as: LabelledCode | None = None
    source: str = ""
    number: int = 0
    how_far: float = 0

    @property
    def code_or_name(self) -> str:
        """The code of its row, of a return what it is called."""
        return self.name if self.period else self.code

    @property
    def is_total(self) -> bool:
        """Whether it is the line that sums a unit up."""
        return self.kind is None


def duty_lines(
    data: RollupInput,
    indicators: Sequence[IndicatorLine],
    tasks: Sequence[TaskLine],
    issues: Sequence[IssueLine],
    returns: Sequence[ReturnLine],
    released: Sequence[IndicatorLine],
) -> tuple[DutyLine, ...]:
    """Return all items by unit, that with most in red first; within a unit its total, then the worst.

    Indicators score as all may read them, `released`: what is not published yet moves nobody in a table that
    is for all. Nothing scores in a time in which nothing was asked.
    """
    returned = {line.task_force.code for line in returns if line.is_in}
    items = (
        *_of_indicators(data, indicators, released),
        *_of_tasks(data, tasks, returned),
        *_of_issues(data, issues),
        *_of_returns(data, returns),
    )
    if not data.asked_for_returns:
        items = tuple(replace(item, score=Score.NONE) for item in items)
    by_unit: dict[str, list[DutyLine]] = {}
    for item in items:
        by_unit.setdefault(item.unit, []).append(item)
    lines: list[DutyLine] = []
    for own in sorted(by_unit.values(), key=_reds, reverse=True):
        own.sort(key=_worst_first)
        lines += [_total(own), *own]
    return tuple(lines)


def _reds(items: Sequence[DutyLine]) -> tuple[int, int]:
    return sum(item.state in _REDS for item in items), len(items)


def _worst_first(item: DutyLine) -> tuple[int, int, float, str]:
    state = item.state
    if state not in _WORST:
        state = IssueState.OPEN
    return _WORST.index(state), _KINDS.index(item.kind), -item.how_far, item.code


def _total(items: Sequence[DutyLine]) -> DutyLine:
    """Return the line over a unit's items, which stand worst first."""
    counts = []
    for kind in Duty:
        states = [item.state for item in items if item.kind is kind]
        if states:
            counts.append(_counted(kind, states))
    worst = items[0]
    return DutyLine(unit=worst.unit, kind=None, name="　".join(counts), state=worst.state)


def _counted(kind: Duty, states: Sequence[LabelledCode]) -> str:
    """Return how many there are, and how many of them in a bad state: `指标9项（滞后2、未报1）`."""
    counts = Counter(states)
    bad = "、".join(f"{state.label}{counts[state]}" for state in _BAD if counts[state])
    total = f"{kind.label[-2:]}{len(states)}{MEASURE_WORDS[kind]}"
    if bad:
        total += f"（{bad}）"
    return total


def _of_indicators(
    data: RollupInput, lines: Sequence[IndicatorLine], released: Sequence[IndicatorLine]
) -> Iterator[DutyLine]:
    for number, (line, scored) in enumerate(zip(lines, released, strict=True)):
        if not line.task_force.involved:
            continue
        deadline, source = None, ""
        if line.yardstick and line.yardstick.target:
            deadline = line.yardstick.target.period.last
        if figure := line.figure or line.previous:
            source = data.source(figure.row, "value")
        measured = behind_in_words(line)
        if line.stale and not measured:
            measured = "数据过旧"
        yield DutyLine(
            unit=data.units(line.indicator.reporting_unit),
            kind=Duty.INDICATOR,
            code=line.indicator.code,
            name=line.indicator.name,
            task_force=line.task_force,
            state=line.state,
            deadline=deadline,
            measured=measured,
            score=score_of_indicator(scored),
            scored_as=scored.state if line.unreleased else None,
            basis=Basis.MEASURED,
            source=source,
            number=number,
            how_far=-(line.gap or 0),
        )


def score_of_indicator(line: IndicatorLine) -> Score:
    """Score what is 应评 and judged: good only on pace, by the figure that is due and not by an older one."""
    if not line.counted or line.state == State.PENDING:
        return Score.NONE
    return _score(line.state in (State.ON_PACE, State.MET) and not line.stale)


def _score(is_good: bool) -> Score:  # noqa: FBT001  # a fact, not a switch
    if is_good:
        return Score.GOOD
    return Score.BAD


def _of_tasks(data: RollupInput, lines: Iterable[TaskLine], returned: AbstractSet[str]) -> Iterator[DutyLine]:
    for number, line in enumerate(lines):
        if not line.is_owed:
            continue
        measured = ""
        if line.state != TaskState.ON_TIME:
            measured = task_in_words(line)
        yield DutyLine(
            unit=data.units(line.task.lead_unit),
            kind=Duty.TASK,
            code=line.task.code,
            name=line.task.name,
            task_force=line.task_force,
            state=line.state,
            deadline=line.due_on or line.task.due_on,
            measured=measured,
            score=_score_of_task(line, returned),
            basis=_basis(line),
            source=data.source(line.status_row, "status"),
            number=number,
            how_far=-(line.days_left or 0),
        )


def _score_of_task(line: TaskLine, returned: AbstractSet[str]) -> Score:
    """Score a task: where its task force has returned no form in the period, it is bad unless done.

    A nil return keeps up what dates can refute; what only the unit says has to be said in the period.
    """
    if line.state == TaskState.DONE:
        return Score.GOOD
    is_on_time = line.state in (TaskState.ON_TIME, TaskState.DUE_SOON)
    is_said = line.task_force.code in returned and (line.updated or line.is_dated)
    return _score(is_on_time and is_said)


def _basis(line: TaskLine) -> Basis:
    if line.is_dated:
        return Basis.MEASURED
    return Basis.DECLARED


def _of_issues(data: RollupInput, lines: Iterable[IssueLine]) -> Iterator[DutyLine]:
    """Yield one line for each unit that an issue names; only the first of them scores."""
    for number, line in enumerate(lines):
        measured, score = "", Score.NONE
        if line.state in (IssueState.OVERDUE, IssueState.DUE_SOON):
            measured = days_in_words(line.days_left)
        if line.task_force.involved:
            score = _score_of_issue(line)
        for unit in units_of_issue(line, data):
            yield DutyLine(
                unit=unit,
                kind=Duty.ISSUE,
                code=line.code,
                name=line.text("description"),
                task_force=line.task_force,
                state=line.state,
                deadline=line.due_on,
                measured=measured,
                score=score,
                source=data.source(line.row, "description"),
                number=number,
                how_far=-(line.days_left or 0),
            )
            score = Score.NONE


def _score_of_issue(line: IssueLine) -> Score:
    """Score what was solved or should have been: good where the sign-off was applied for in time.

    What was merged into another or written off was not solved.
    """
    if line.history.is_taken_off:
        return Score.NONE
    if line.state == IssueState.OVERDUE:
        return Score.BAD
    if line.state not in (SIGNED_OFF, IssueState.APPLIED) or line.due_on is None:
        return Score.NONE
    solved_on = line.reported("applied_on") or line.signed_on
    if not isinstance(solved_on, date):
        solved_on = line.row.period.last
    days_left = line.history.days_left(solved_on)
    return _score(days_left is not None and days_left >= 0)


def _of_returns(data: RollupInput, lines: Iterable[ReturnLine]) -> Iterator[DutyLine]:
    for number, line in enumerate(lines):
        if not line.is_owed:
            continue
        measured, source = "", ""
        score = _score(line.state is Timeliness.ON_TIME)
        if line.state is Timeliness.EXTENDED:
            score = Score.NONE
        if line.errors:
            measured = f"待更正{line.errors}处"
        if line.current:
            source = f"{line.current.file}（{data.clock(line.current.received_at)}）"
        yield DutyLine(
            unit=data.units(line.task_force.lead),
            kind=Duty.RETURN,
            code=Duty.RETURN.label,
            name=f"{line.period.paper_name}填报表",
            period=line.period.code,
            task_force=line.task_force,
            state=line.state,
            deadline=line.deadline.date(),
            measured=measured,
            score=score,
            source=source,
            number=number,
        )
