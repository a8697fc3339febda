"""Lines of 晾晒排名: what each task force scores in a month or more, by one formula.

Score = 100 × Σ weight × (good ÷ of) ÷ Σ weight, over the parts in which there is something to score. So
nothing is gained by registering no issues: that part does not count, and its weight goes to the others. A
task force of which too little can be judged has no score; what is due and not reported counts as judged, and
is bad.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from math import floor

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.model.duties import Duty
from tenproj_xl.model.plan import TaskForce
from tenproj_xl.rollup.facts.duties import Basis, DutyLine, Score
from tenproj_xl.rollup.facts.input import RollupInput


@dataclass(frozen=True)
class ScorePart:
    """One part of a score: how many of how many items are good."""

    good: int
    of: int

    @property
    def rate(self) -> Fraction | None:
        """The share that is good, None where there is nothing to score."""
        if not self.of:
            return None
        return Fraction(self.good, self.of)


@dataclass(frozen=True, kw_only=True)
class LeagueLine:
    """One task force. `parts` stand in the order of `Duty`; without a score there is no rank.

    `evaluable` are the indicators and dated tasks that score, good or bad; `declared` the tasks that score
    by their unit's word alone.
    """

    task_force: TaskForce
    parts: tuple[ScorePart, ...]
    evaluable: int
    declared: int
    score: float | None = None
    rank: int | None = None


def league_lines(data: RollupInput, duties: Sequence[DutyLine]) -> tuple[LeagueLine, ...]:
    """Return a line for every task force involved, best first, those without a score last.

    Equal scores share a rank.
    """
    lines = []
    for task_force in data.plan.task_forces:
        if task_force.involved:
            lines.append(_line(task_force, scored_items(task_force, duties), data))
    scores = [line.score for line in lines if line.score is not None]
    lines = [replace(line, rank=_rank(line.score, scores)) for line in lines]
    return tuple(sorted(lines, key=lambda line: (line.rank is None, line.rank or 0)))


def scored_items(task_force: TaskForce, duties: Iterable[DutyLine]) -> list[DutyLine]:
    """Return the items of a task force that score, good or bad."""
    items = []
    for duty in duties:
        is_own = duty.task_force is not None and duty.task_force.code == task_force.code
        if is_own and duty.score in (Score.GOOD, Score.BAD):
            items.append(duty)
    return items


def _line(task_force: TaskForce, items: Sequence[DutyLine], data: RollupInput) -> LeagueLine:
    line = LeagueLine(
        task_force=task_force,
        parts=tuple(_part(kind, items) for kind in Duty),
        evaluable=sum(item.basis is Basis.MEASURED for item in items),
        declared=sum(item.basis is Basis.DECLARED and item.score is Score.GOOD for item in items),
    )
    if line.evaluable < data.settings.least_evaluable:
        return line
    return replace(line, score=score(line.parts, data.settings.weights))


def _part(kind: Duty, items: Iterable[DutyLine]) -> ScorePart:
    of_kind = [item.score for item in items if item.kind is kind]
    return ScorePart(of_kind.count(Score.GOOD), len(of_kind))


def rank_with(
    line: LeagueLine, part: ScorePart, lines: Sequence[LeagueLine], data: RollupInput
) -> int | None:
    """Return the rank of a line among all if its part of the indicators were another one."""
    parts = (part, *line.parts[1:])
    evaluable = line.evaluable - line.parts[0].of + part.of
    if evaluable < data.settings.least_evaluable:
        return None
    others = [other.score for other in lines if other is not line and other.score is not None]
    return _rank(score(parts, data.settings.weights), others)


def _rank(score: float | None, scores: Sequence[float]) -> int | None:
    if score is None:
        return None
    return 1 + sum(other > score for other in scores)


def score(parts: Sequence[ScorePart], weights: Sequence[float]) -> float | None:
    """Return the score from 0 to 100 with one decimal, None where there is nothing to score."""
    total, points = Fraction(0), Fraction(0)
    for weight, part in zip(weights, parts, strict=True):
        if part.rate is not None:
            total += Fraction(weight)
            points += Fraction(weight) * part.rate
    if not total:
        return None
    return floor(1000 * points / total + Fraction(1, 2)) / 10  # halves go up, as in spreadsheets
