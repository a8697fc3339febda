"""Lines of 趋势: page one's numbers over the last periods, and the last figures of every indicator."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TypeVar

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.periods import Period, period_of, recent
from tenproj_xl.model.evaluate_indicators import yardstick
from tenproj_xl.model.history import Figure
from tenproj_xl.rollup.facts.ahead import gap_of
from tenproj_xl.rollup.facts.indicators import IndicatorLine
from tenproj_xl.rollup.facts.input import RollupInput

_T = TypeVar("_T")
SHOWN = 6
"""The number of periods shown, this one included."""
EARLIER = SHOWN - 1


@dataclass(frozen=True)
class TrendNumber:
    """One number of page one: its name in the code, the group it stands in, and its name for people."""

    name: str
    group: str
    text: str


INDICATORS, RETURNS = "主要指标", "报送"
NUMBERS = (
    TrendNumber("counted", INDICATORS, "应评指标"),
    TrendNumber("on_pace", INDICATORS, "达序时（含达标）"),
    TrendNumber("slow", INDICATORS, "略滞后"),
    TrendNumber("behind", INDICATORS, "滞后（含未达标）"),
    TrendNumber("pending", INDICATORS, "待核定"),
    TrendNumber("missing", INDICATORS, "未报"),
    TrendNumber("tasks_on_time", "重点任务", "序时（含完成）"),
    TrendNumber("tasks_soon", "重点任务", "临近时限"),
    TrendNumber("tasks_behind", "重点任务", "滞后"),
    TrendNumber("tasks_overdue", "重点任务", "逾期"),
    TrendNumber("tasks_missing", "重点任务", "未报"),
    TrendNumber("issues_open", "问题", "在办"),
    TrendNumber("issues_overdue", "问题", "逾期"),
    TrendNumber("asks", "问题", "提请协调"),
    TrendNumber("owed", RETURNS, "应报"),
    TrendNumber("in_time", RETURNS, "按时"),
    TrendNumber("late", RETURNS, "迟报"),
    TrendNumber("not_returned", RETURNS, "未报"),
    TrendNumber("red", "督办", "红督办"),
    TrendNumber("yellow", "督办", "黄催办"),
    TrendNumber("blue", "督办", "蓝提醒"),
)


@dataclass(frozen=True)
class NumberLine:
    """A number over the periods shown, oldest first; None where it was not published."""

    number: TrendNumber
    values: tuple[float | None, ...]


def shown_periods(data: RollupInput) -> tuple[Period | None, ...]:
    """Return the last periods of returns, this one last; None on the left while there are too few.

    Those that nobody published since the first one are among them, so that what is missing is a gap. The
    last published one always is.
    """
    published = [told.period for told in data.earlier]
    periods = sorted([*published, *_unpublished(data)])[-EARLIER:]
    if published and published[-1] not in periods:
        periods[0] = published[-1]
    return _filled_up([*periods, data.period])


def _unpublished(data: RollupInput) -> Iterator[Period]:
    """Yield the periods of returns after the first published one and before this one that have no roll-up."""
    if not data.earlier:
        return
    published = [told.period for told in data.earlier]
    period = data.settings.calendar.following(published[0])
    while period.last < data.last_period.first:
        # Where returns were asked for in another rhythm, the current periods overlap the former ones.
        if not any(other.first <= period.last and period.first <= other.last for other in published):
            yield period
        period = data.settings.calendar.following(period)


def place_before(data: RollupInput) -> int | None:
    """Return the place among the periods shown of the last published one before this, None without one."""
    if not data.earlier:
        return None
    return shown_periods(data).index(data.earlier[-1].period)


def is_published(data: RollupInput, period: Period) -> bool:
    """Return whether a period shown has a roll-up."""
    return period == data.period or any(told.period == period for told in data.earlier)


def _filled_up(shown: Sequence[_T]) -> tuple[_T | None, ...]:
    return (*[None] * (SHOWN - len(shown)), *shown)


def number_lines(data: RollupInput, numbers: Mapping[str, float]) -> tuple[NumberLine, ...]:
    """Return every number of page one and of 督办清单 by period; `numbers` are those of this one."""
    by_period = {told.period: dict(told.numbers) for told in data.earlier}
    by_period[data.period] = dict(numbers)
    for published in by_period.values():
        if {"returned", "late"} <= published.keys():
            published["in_time"] = published["returned"] - published["late"]
    shown: list[Mapping[str, float]] = []
    for period in shown_periods(data):
        shown.append({} if period is None else by_period.get(period, {}))
    return tuple(
        NumberLine(number, tuple(numbers.get(number.name) for numbers in shown)) for number in NUMBERS
    )


@dataclass(frozen=True)
class TrendPoint:
    """One figure of an indicator and its gap to its pace; the gap of a figure in words is None."""

    figure: Figure
    gap: float | None


@dataclass(frozen=True)
class SeriesLine:
    """An indicator's figures in its last data periods, oldest first; None where there is none."""

    line: IndicatorLine
    points: tuple[TrendPoint | None, ...]

    @property
    def values(self) -> tuple[float | str | None, ...]:
        """The figures alone."""
        values: list[float | str | None] = []
        for point in self.points:
            if point is None:
                values.append(None)
            else:
                values.append(point.figure.value)
        return tuple(values)

    @property
    def gaps(self) -> tuple[float | None, ...]:
        """The gaps alone."""
        gaps: list[float | None] = []
        for point in self.points:
            if point is None:
                gaps.append(None)
            else:
                gaps.append(point.gap)
        return tuple(gaps)


def series_lines(data: RollupInput, lines: Sequence[IndicatorLine]) -> tuple[SeriesLine, ...]:
    """Return the figures of every indicator, in the plan's order."""
    return tuple(_series(line, data) for line in lines)


def _series(line: IndicatorLine, data: RollupInput) -> SeriesLine:
    points: list[TrendPoint | None] = []
    figures = data.known.figures(line.indicator.code)
    newest = figures[-1:]
    # No line runs across a change of scope.
    of_one_scope = [f for f in figures if line.indicator.is_comparable(f.period, newest[0].period)]
    for before, period in pairwise(_data_periods(line, newest)):
        # A year ends with its December: of what ended within a period the last one is its figure.
        within = [figure for figure in of_one_scope if before.last < figure.period.last <= period.last]
        points.append(_point(line, within[-1], data) if within else None)
    return SeriesLine(line, _filled_up(points))


def _data_periods(line: IndicatorLine, newest: Sequence[Figure]) -> list[Period]:
    """Return the last data periods of an indicator, and the one before them, oldest first.

    They end with that of the newest figure, or with a later one whose figure is due.
    """
    ends = [figure.period.last for figure in newest]
    if line.due is not None:
        ends.append(line.due.last)
    if not ends:
        return []
    frequency = line.indicator.frequency
    return recent(period_of(max(ends), frequency), frequency, SHOWN + 1)[::-1]


def _point(line: IndicatorLine, figure: Figure, data: RollupInput) -> TrendPoint:
    stick = yardstick(line.indicator, figure.period, data.settings)
    return TrendPoint(figure, gap_of(line.indicator, stick, figure.value))
