"""Bullets of 目标进度图: each figure against its target, its pace and what its unit expects of the year.

All are shares of the target, so that unlike indicators stand on one scale. Left out is what has no such
share: what is better when lower, growth rates, words, and what nobody has reported yet.
"""

import math
from collections.abc import Sequence

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.shares import share_in_words
from tenproj_xl.core.states import State
from tenproj_xl.model.evaluate_indicators import Mode
from tenproj_xl.model.plan import TaskForce
from tenproj_xl.rollup.facts.indicators import IndicatorLine
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.outlook import forecast_of
from tenproj_xl.rollup.facts.supervision import behind_in_words

_STEP, _LEAST, _MOST = 20, 120, 200
"""Scales end with a whole step, in hundredths of the target; what is more is drawn up to the end."""
HALF_A_TICK = 0.5
_BEHIND = (State.SLOW, State.BEHIND, State.MISSED)


@dataclass(frozen=True, kw_only=True)
class Bullet:
    """A figure and its target in the indicator's unit; what is on pace and expected, None where nothing is.

    `gap` tells in words what is missing, "" where it is not behind.
    """

    line: IndicatorLine
    value: float
    goal: float
    expected: float | None
    forecast: float | None
    gap: str

    @property
    def label(self) -> str:
        """What stands beside its bar: `固定资产投资 62/86亿元`."""
        indicator, waits = self.line.indicator, "（未公布）" if self.line.unreleased else ""
        return f"{indicator.name} {self.value:.10g}/{self.goal:.10g}{indicator.unit}{waits}"

    @property
    def is_behind(self) -> bool:
        """Whether it lags or was missed."""
        return self.line.state in _BEHIND

    @property
    def done(self) -> float:
        """The figure in hundredths of the target."""
        return 100 * (self.value / self.goal)

    @property
    def pace(self) -> float | None:
        """The value on pace in hundredths of the target."""
        if self.expected is None:
            return None
        return 100 * (self.expected / self.goal)

    @property
    def foreseen(self) -> float:
        """What is expected of the year in hundredths of the target; 0 where nothing is."""
        return 100 * ((self.forecast or 0.0) / self.goal)

    @property
    def highest(self) -> float:
        """The largest of the three."""
        return max(self.done, self.foreseen, self.pace or 0.0)

    @property
    def in_words(self) -> str:
        """What the bar shows, for who cannot see it."""
        parts = [f"{self.label}，完成{share_in_words(self.done / 100)}"]
        if self.pace is not None:
            parts.append(f"序时{self.pace:.1f}%")
        if self.forecast is not None:
            parts.append(f"预计{share_in_words(self.foreseen / 100)}")
        return "，".join(parts)

    def parts(self, most: float) -> tuple[float, ...]:
        """Return the lengths of the parts of its bar, on a scale that ends with `most`.

        Those are before the tick of the pace the figure, what is expected beyond it, and the rest of the
        target, then the tick, then the same three behind it. Without a pace there are the first three.
        """
        done, foreseen = min(self.done, most), min(self.foreseen, most)
        if self.pace is None:
            more = max(0.0, foreseen - done)
            return done, more, max(0.0, 100 - done - more), 0.0, 0.0, 0.0, 0.0
        pace = min(self.pace, most - HALF_A_TICK)
        before, behind = max(0.0, pace - HALF_A_TICK), pace + HALF_A_TICK
        figure = min(done, before)
        more = max(0.0, min(foreseen, before) - figure)
        figure_behind = max(0.0, done - behind)
        more_behind = max(0.0, foreseen - max(done, behind))
        rest_behind = max(0.0, 100 - behind - figure_behind - more_behind)
        rest = max(0.0, before - figure - more)
        return figure, more, rest, 2 * HALF_A_TICK, figure_behind, more_behind, rest_behind


@dataclass(frozen=True)
class BulletSet:
    """The bullets of a task force, and how many of its indicators have none."""

    task_force: TaskForce
    bullets: tuple[Bullet, ...]
    left_out: int

    @property
    def title(self) -> str:
        """What they show, in a sentence."""
        behind = [bullet for bullet in self.bullets if bullet.is_behind]
        of_all = f"{self.task_force.code}专班{len(self.bullets)}项"
        if not behind and not any(bullet.line.counted for bullet in self.bullets):
            return f"{of_all}都暂不评价"
        if not behind:
            return f"{of_all}中没有落后的"
        worst = min(behind, key=lambda bullet: bullet.line.gap or 0.0)
        gap = f"，{worst.gap}" if worst.gap else ""
        if len(behind) == 1:
            return f"{of_all}中1项落后：{worst.line.indicator.name}{gap}"
        return f"{of_all}中{len(behind)}项落后，最多的是{worst.line.indicator.name}{gap}"


def bullet_sets(facts: Facts) -> tuple[BulletSet, ...]:
    """Return the bullets of each task force that has any, in the plan's order."""
    sets = []
    for task_force in facts.involved:
        lines = [line for line in facts.indicators if line.task_force.code == task_force.code]
        bullets = [bullet for line in lines if (bullet := bullet_of(line, facts)) is not None]
        if bullets:
            sets.append(BulletSet(task_force, tuple(bullets), len(lines) - len(bullets)))
    return tuple(sets)


def bullet_of(line: IndicatorLine, facts: Facts) -> Bullet | None:
    """Return the bullet of an indicator, None where it has no share of a target."""
    stick = line.yardstick
    if (
        stick is None
        or not stick.goal
        or stick.sign < 0
        or not isinstance(line.value, float)
        or line.value < 0
    ):
        return None
    expected = line.expected
    if stick.mode is Mode.JUDGE:
        expected = stick.goal
    gap = ""
    if line.state in _BEHIND and line.ahead is not None and line.ahead < 0:
        gap = behind_in_words(line)
    return Bullet(
        line=line,
        value=line.value,
        goal=stick.goal,
        expected=expected,
        forecast=forecast_of(line, facts.data.year),
        gap=gap,
    )


def scale_end(sets: Sequence[BulletSet]) -> int:
    """Return where the one scale of all bullets ends, in hundredths of the target."""
    highest = float(_LEAST)
    for bullets in sets:
        for bullet in bullets.bullets:
            highest = max(highest, bullet.highest)
    return min(_MOST, _STEP * math.ceil(highest / _STEP))


def cut_in_words(sets: Sequence[BulletSet]) -> str:
    """Return how many bars end with the scale, though their figure, pace or forecast is more; "" for none."""
    most = scale_end(sets)
    cut = sum(bullet.highest > most for bullets in sets for bullet in bullets.bullets)
    if not cut:
        return ""
    return f"超过{most}%的{cut}项只画到{most}%，长短不能比，以数值为准。"
