"""Lines of 晾晒排名: what each task force scores, by one formula.

Score = 100 × Σ weight × (good ÷ of) ÷ Σ weight, over the parts in which there is something to score. So
nothing is gained by registering no issues: that part does not count, and its weight goes to the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import floor

from tenproj_xl.model.duties import Duty
from tenproj_xl.model.plan import TaskForce
from tenproj_xl.rollup.facts.duties import DutyLine, Score
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


@dataclass(frozen=True)
class LeagueLine:
    """One task force. `parts` stand in the order of `Duty`; without a score there is no rank."""

    task_force: TaskForce
    parts: tuple[ScorePart, ...]
    score: float | None
    rank: int | None


def league_lines(data: RollupInput, duties: Sequence[DutyLine]) -> tuple[LeagueLine, ...]:
    """Return a line for every task force involved, best first, those without a score last.

    Equal scores share a rank.
    """
    lines = []
    for task_force in data.plan.task_forces:
        if task_force.involved:
            parts = _parts(task_force, duties)
            lines.append(LeagueLine(task_force, parts, score(parts, data.settings.weights), None))
    scores = [line.score for line in lines if line.score is not None]
    lines = [replace(line, rank=_rank(line.score, scores)) for line in lines]
    lines.sort(key=lambda line: line.rank or len(lines) + 1)
    return tuple(lines)


def rank_with(
    line: LeagueLine, part: ScorePart, lines: Sequence[LeagueLine], weights: Sequence[float]
) -> int | None:
    """Return the rank of a line among all if its part of the indicators were another one."""
    parts = (part, *line.parts[1:])
    others = [other.score for other in lines if other is not line and other.score is not None]
    return _rank(score(parts, weights), others)


def _rank(score: float | None, scores: Sequence[float]) -> int | None:
    if score is None:
        return None
    return 1 + sum(other > score for other in scores)


def _parts(task_force: TaskForce, duties: Sequence[DutyLine]) -> tuple[ScorePart, ...]:
    scores: dict[Duty | None, list[Score]] = {kind: [] for kind in Duty}
    for duty in duties:
        if duty.task_force is None or duty.task_force.code != task_force.code:
            continue
        if duty.score in (Score.GOOD, Score.BAD):
            scores[duty.kind].append(duty.score)
    return tuple(ScorePart(of_kind.count(Score.GOOD), len(of_kind)) for of_kind in scores.values())


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
