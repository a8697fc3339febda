"""Lines of 晾晒排名: what each task force scores, by one formula.

Score = 100 × Σ weight × (good ÷ of) ÷ Σ weight, over the parts in which there is something to score. So nothing is
gained by registering no issues: that part does not count, and its weight goes to the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from tenproj_xl.model.plan import TaskForce
from tenproj_xl.rollup.facts.duties import Duty, DutyLine, Score
from tenproj_xl.rollup.facts.input import RollupInput


@dataclass(frozen=True)
class ScorePart:
    """One part of a score: how many of how many items are good."""

    good: int
    of: int

    @property
    def rate(self) -> Fraction | None:
        """The share that is good, None where there is nothing to score."""
        return Fraction(self.good, self.of) if self.of else None


@dataclass(frozen=True)
class LeagueLine:
    """One task force. `parts` stand in the order of `Duty`; without a score there is no rank."""

    task_force: TaskForce
    parts: tuple[ScorePart, ...]
    score: float | None
    rank: int | None


def league_lines(data: RollupInput, duties: Sequence[DutyLine]) -> tuple[LeagueLine, ...]:
    """A line for every task force that is involved: best first, equal ones share a rank, those without a score last."""
    parts = {t.code: _parts(t, duties) for t in data.plan.task_forces if t.involved}
    scores = {code: score(own, data.settings.weights) for code, own in parts.items()}
    known = [s for s in scores.values() if s is not None]
    lines = (
        LeagueLine(t, parts[t.code], s, None if s is None else 1 + sum(other > s for other in known))
        for t in data.plan.task_forces
        if t.involved
        for s in [scores[t.code]]
    )
    return tuple(sorted(lines, key=lambda line: line.rank or len(scores) + 1))


def _parts(task_force: TaskForce, duties: Sequence[DutyLine]) -> tuple[ScorePart, ...]:
    own = [d for d in duties if d.task_force is not None and d.task_force.code == task_force.code]
    scored = {kind: [d.score for d in own if d.kind == kind and d.score is not Score.NONE] for kind in Duty}
    return tuple(ScorePart(scores.count(Score.GOOD), len(scores)) for scores in scored.values())


def score(parts: Sequence[ScorePart], weights: Sequence[float]) -> float | None:
    """The score from 0 to 100 with one decimal, None where there is nothing to score."""
    weighed = [
        (Fraction(w), part.rate) for w, part in zip(weights, parts, strict=True) if part.rate is not None
    ]
    total = sum(weight for weight, _ in weighed)
    if not total:
        return None
    points = 100 * sum(weight * rate for weight, rate in weighed) / total
    return floor(points * 10 + Fraction(1, 2)) / 10  # halves go up, as in spreadsheets
