"""Lines of 主要指标: what each indicator amounts to, at the date of its own newest figure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tenproj_xl.core.cells import Value
from tenproj_xl.core.periods import Period
from tenproj_xl.core.sheets import VERIFIED
from tenproj_xl.model.evaluate_indicators import (
    FLOWS,
    LIGHTS,
    RATES,
    UNBOUNDED,
    Mode,
    State,
    Yardstick,
    due_period,
    yardstick,
)
from tenproj_xl.model.history import Figure, Reported
from tenproj_xl.model.plan import NOT_INVOLVED, Indicator, Target, TaskForce
from tenproj_xl.rollup.facts.input import RollupInput, freshness

YEAR_MET, YEAR_MISSED, STRIVEN = "达成", "未达成", "力争未达到"
"""What a year's target is called in the end; the last one was only striven for."""


@dataclass(frozen=True)
class Judgement:
    """A target whose date has passed: 待核定 until a verified figure of exactly that date is in.

    One that was only striven for (力争) is met or a matter of reference, never missed.
    """

    target: Target
    state: State

    @property
    def verdict(self) -> str:
        """What people read."""
        return STRIVEN if self.state is State.REFERENCE else self.state.value


@dataclass(frozen=True)
class IndicatorLine:
    """One indicator. `figure` is what `state` was found from, `previous` the one before it (or one that is too old).

    `counted` is 应评: there is a light, or there would be one had the due figure come. `gap` is in percentage points of
    the target (of the value for growth rates), negative where behind. `carried` names the period of an older return.
    """

    indicator: Indicator
    task_force: TaskForce
    state: str
    counted: bool
    due: Period | None
    asked: bool
    figure: Figure | None
    previous: Figure | None
    yardstick: Yardstick | None
    gap: float | None
    stale: bool
    carried: str
    passed: tuple[Judgement, ...]
    rows: tuple[Reported, ...]

    @property
    def share(self) -> float | None:
        """完成率 as a fraction."""
        return self.yardstick.share(self.figure.value) if self.yardstick and self.figure else None

    @property
    def pace(self) -> float | None:
        """序时进度 as a fraction, at the figure's own date."""
        return self.yardstick.pace if self.yardstick else None

    @property
    def expected(self) -> float | None:
        """序时应完成值: what should be there at the figure's own date."""
        if (
            self.yardstick is None
            or self.yardstick.mode is not Mode.PACE
            or self.yardstick.green <= -UNBOUNDED
        ):
            return None
        return round(self.yardstick.green, 2)

    @property
    def answered(self) -> bool:
        """True where the figure that is due is in."""
        return self.figure is not None and not self.stale

    @property
    def pending(self) -> int:
        """How many passed targets nobody has verified."""
        return sum(j.state is State.PENDING for j in self.passed)

    @property
    def passed_in_words(self) -> str:
        """Targets that have passed, by verdict: `2023年：达标；2024、2025年：待核定`."""
        years: dict[str, list[str]] = {}
        for judgement in self.passed:
            years.setdefault(judgement.verdict, []).append(judgement.target.period.code)
        return "；".join(f"{'、'.join(each)}年：{verdict}" for verdict, each in years.items())

    @property
    def freshness(self) -> str:
        """How fresh the figure is: 本期, 沿用第47期, or too old with what is due."""
        if self.figure is None:
            return f"应报{self.due.label}" if self.state == State.MISSING and self.due else ""
        carried = freshness(self.carried, self.rows)
        return f"数据过旧：应报{self.due.label}（{carried}）" if self.stale and self.due else carried

    def reported(self, field: str) -> Value:
        """A field's newest word: the last return's, or that of the return that brought the figure."""
        return next((v for row in self.rows if (v := row.values.get(field)) not in (None, "")), None)


def indicator_lines(data: RollupInput) -> tuple[IndicatorLine, ...]:
    """A line for every indicator, in the plan's order."""
    return tuple(_line(i, data) for i in data.plan.indicators)


def _line(indicator: Indicator, data: RollupInput) -> IndicatorLine:
    involved = data.task_force(indicator.task_force).involved
    due = due_period(indicator, data.day, data.plan.programme.first_year)
    figures = data.known.figures(indicator.code)
    figure, previous = _current(indicator, figures, due)
    stick = yardstick(indicator, figure.period, data.settings) if figure else None
    state = _state(figure, stick, due) if involved else NOT_INVOLVED
    latest = data.known.latest("indicators", indicator.code)
    earlier = data.known.before(data.period).figures(indicator.code)
    return IndicatorLine(
        indicator,
        data.task_force(indicator.task_force),
        state,
        counted=involved and _is_counted(state, indicator, due, data),
        due=due,
        asked=due is not None and (not earlier or earlier[-1].period.last < due.last),
        figure=figure,
        previous=previous,
        yardstick=stick,
        gap=gap_of(indicator, stick, figure.value) if stick and figure else None,
        stale=figure is not None and due is not None and figure.period.last < due.last,
        carried=data.carried_from(figure.row) if figure else "",
        passed=tuple(_judged(indicator, figures, data)) if involved else (),
        rows=tuple(r for r in (latest, figure.row if figure else None) if r),
    )


def _current(
    indicator: Indicator, figures: Sequence[Figure], due: Period | None
) -> tuple[Figure | None, Figure | None]:
    """The figure to judge and the one before; a year's flow says nothing of a later year."""
    if not figures:
        return None, None
    newest = figures[-1]
    if indicator.measure in FLOWS and due is not None and newest.period.last.year < due.last.year:
        return None, newest
    return newest, figures[-2] if len(figures) > 1 else None


def _state(figure: Figure | None, stick: Yardstick | None, due: Period | None) -> State:
    if figure is None or stick is None:
        return State.NOT_YET if due is None else State.MISSING
    return stick.state(figure.value, figure.nature)


def _is_counted(state: str, indicator: Indicator, due: Period | None, data: RollupInput) -> bool:
    if state != State.MISSING or due is None:
        return state in LIGHTS or state == State.PENDING
    wanted = yardstick(indicator, due, data.settings)
    if wanted.mode is Mode.WORDS:
        return wanted.target is not None and due.last >= wanted.target.period.last
    return wanted.mode is not Mode.REFERENCE


def gap_of(indicator: Indicator, stick: Yardstick, value: float | str) -> float | None:
    """Percentage points ahead of (or, negative, behind) what should be there; None where nothing says what should."""
    goal = stick.target.value if stick.target else None
    if not isinstance(value, float) or goal is None or stick.green <= -UNBOUNDED:
        return None
    ahead = stick.sign * (value - stick.green)
    if indicator.measure in RATES:
        return round(ahead, 6)
    return round(100 * ahead / abs(goal), 6) if goal else None


def _judged(indicator: Indicator, figures: Sequence[Figure], data: RollupInput) -> Iterable[Judgement]:
    for target in indicator.year_targets:
        if not target.judges or target.period.last > data.day:
            continue
        verified = [f for f in figures if f.period.last == target.period.last and f.nature == VERIFIED]
        yield Judgement(target, _verdict(indicator, target, verified, data))


def _verdict(indicator: Indicator, target: Target, verified: Sequence[Figure], data: RollupInput) -> State:
    if not verified:
        return State.PENDING
    newest = max(verified, key=lambda f: f.row.order)
    state = yardstick(indicator, newest.period, data.settings).state(newest.value, newest.nature)
    decided = state in (State.MET, State.MISSED) or (state is State.REFERENCE and target.strives)
    return state if decided else State.PENDING
