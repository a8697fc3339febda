"""Lines of 趋势: page one's numbers over the last periods, and the last figures of every indicator."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tenproj_xl.core.periods import Period
from tenproj_xl.model.evaluate_indicators import yardstick
from tenproj_xl.model.history import Figure
from tenproj_xl.rollup.facts.indicators import IndicatorLine, gap_of
from tenproj_xl.rollup.facts.input import RollupInput

_T = TypeVar("_T")
SHOWN = 8
"""The number of periods shown, this one included."""
EARLIER = SHOWN - 1


@dataclass(frozen=True)
class TrendNumber:
    """One number of page one: its name in the code, the group it stands in, and its name for people."""

    name: str
    group: str
    text: str


RETURNS = "报送"
NUMBERS = (
    TrendNumber("counted", "主要指标", "应评指标"),
    TrendNumber("on_pace", "主要指标", "达序时（含达标）"),
    TrendNumber("slow", "主要指标", "略滞后"),
    TrendNumber("behind", "主要指标", "滞后（含未达标）"),
    TrendNumber("pending", "主要指标", "待核定"),
    TrendNumber("missing", "主要指标", "未报"),
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
    """Return the periods that were published, this one last; None on the left while there are too few."""
    periods = [published.period for published in data.earlier[-EARLIER:]]
    return _filled_up([*periods, data.period])


def _filled_up(shown: Sequence[_T]) -> tuple[_T | None, ...]:
    return (*[None] * (SHOWN - len(shown)), *shown)


def number_lines(data: RollupInput, numbers: Mapping[str, float]) -> tuple[NumberLine, ...]:
    """Return every number of page one and of 督办清单 by period; `numbers` are those of this one."""
    by_period = [dict(published.numbers) for published in data.earlier[-EARLIER:]]
    by_period.append(dict(numbers))
    for published in by_period:
        if {"returned", "late"} <= published.keys():
            published["in_time"] = published["returned"] - published["late"]
    return tuple(_number_line(number, by_period) for number in NUMBERS)


def _number_line(number: TrendNumber, by_period: Sequence[Mapping[str, float]]) -> NumberLine:
    return NumberLine(number, _filled_up([numbers.get(number.name) for numbers in by_period]))


@dataclass(frozen=True)
class TrendPoint:
    """One figure of an indicator and its gap to its pace; the gap of a figure in words is None."""

    figure: Figure
    gap: float | None


@dataclass(frozen=True)
class SeriesLine:
    """An indicator's newest figures, oldest first, one for each data period."""

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
    points = []
    figures = data.known.figures(line.indicator.code)
    newest = figures[-1:]
    # No line runs across a change of scope.
    of_one_scope = [f for f in figures if line.indicator.is_comparable(f.period, newest[0].period)]
    for figure in of_one_scope[-SHOWN:]:
        stick = yardstick(line.indicator, figure.period, data.settings)
        points.append(TrendPoint(figure, gap_of(line.indicator, stick, figure.value)))
    return SeriesLine(line, _filled_up(points))
