"""What each task force loses in the league: every item that is bad, its points, and the rule.

Points are those of the formula in `rollup.facts.league`: score and points together are 100. An item whose
deduction was objected to with success is good.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.states import IssueState, State, TaskState
from tenproj_xl.model.duties import Duty
from tenproj_xl.model.objections import ItemKey, Objection, ObjectionState, ScoreReview
from tenproj_xl.model.plan import TaskForce
from tenproj_xl.rollup.facts.duties import DutyLine, Score
from tenproj_xl.rollup.facts.league import LeagueLine, scored_items


@dataclass(frozen=True, kw_only=True)
class Deduction:
    """An item that costs points, or did before an objection was accepted; `points` are what it costs."""

    duty: DutyLine
    points: float
    rule: str
    objection: Objection | None = None

    @property
    def item(self) -> ItemKey:
        """What it is known by."""
        return item_of(self.duty)

    @property
    def is_withdrawn(self) -> bool:
        """Whether an objection was accepted: it costs nothing any more."""
        return self.objection is not None and self.objection.state is ObjectionState.ACCEPTED


def item_of(duty: DutyLine) -> ItemKey:
    """Return what an item is known by: it is another one where it is judged otherwise."""
    kind = duty.kind.value if duty.kind else ""
    return kind, duty.period or duty.code, state_of(duty).value


def state_of(duty: DutyLine) -> LabelledCode:
    """Return the state that an item scores by: that of a figure which is published."""
    return duty.scored_as or duty.state


def with_objections(duties: Sequence[DutyLine], review: ScoreReview) -> tuple[DutyLine, ...]:
    """Return items with what was said of their deductions; what was objected to with success is good."""
    if not review.objections:
        return tuple(duties)
    lines = []
    for duty in duties:
        objection = None
        if duty.task_force is not None and duty.score is Score.BAD:
            objection = review.objection(duty.task_force.code, item_of(duty))
        lines.append(_with_objection(duty, objection))
    return tuple(lines)


def _with_objection(duty: DutyLine, objection: Objection | None) -> DutyLine:
    if objection is None:
        return duty
    if objection.state is ObjectionState.ACCEPTED:
        return replace(duty, objection=objection, score=Score.GOOD)
    return replace(duty, objection=objection)


def deductions(
    line: LeagueLine, duties: Sequence[DutyLine], weights: Sequence[float]
) -> tuple[Deduction, ...]:
    """Return what a task force loses, and what it would but for an objection; part by part, worst first."""
    total = sum(Fraction(w) for w, part in zip(weights, line.parts, strict=True) if part.of)
    found = []
    for duty in _deducted(line.task_force, duties):
        n = list(Duty).index(duty.kind or Duty.INDICATOR)
        points = 100 * Fraction(weights[n]) / (total * line.parts[n].of) if total else Fraction(0)
        found.append(Deduction(duty=duty, points=float(points), rule=_rule(duty), objection=duty.objection))
    return tuple(sorted(found, key=_place))


def _deducted(task_force: TaskForce, duties: Sequence[DutyLine]) -> Iterator[DutyLine]:
    for duty in scored_items(task_force, duties):
        if duty.score is Score.BAD or duty.objection is not None:
            yield duty


def _place(deduction: Deduction) -> tuple[int, str, str]:
    duty = deduction.duty
    return list(Duty).index(duty.kind or Duty.INDICATOR), duty.code, duty.period


def _rule(duty: DutyLine) -> str:
    """Return why an item costs points."""
    match duty.kind:
        case Duty.INDICATOR:
            return _rule_of_indicator(duty)
        case Duty.TASK:
            return _rule_of_task(duty)
        case Duty.ISSUE if duty.state is IssueState.OVERDUE:
            return "过了时限没有申请销号的不得分"
        case Duty.ISSUE:
            return "过了时限才申请销号的不得分"
    return "迟报、未报、未接收的不得分"


def _rule_of_indicator(duty: DutyLine) -> str:
    if state_of(duty) is State.MISSING:
        return "应报未报的不得分"
    if state_of(duty) in (State.ON_PACE, State.MET):
        return "数据过旧、没有报应报的数，不得分"
    return "达序时、达标的才得分"


def _rule_of_task(duty: DutyLine) -> str:
    if duty.state in (TaskState.ON_TIME, TaskState.DUE_SOON):
        return "这一时段没有报送，或自报的任务没有填报，不得分"
    if duty.state is TaskState.MISSING:
        return "从未报过进展的不得分"
    return "滞后、逾期的不得分"
