"""Lines of 趋势: page one's numbers over the last periods, and the last figures of every indicator."""

from collections.abc import Sequence
from dataclasses import dataclass

from tenproj_xl.core.periods import Period
from tenproj_xl.model.evaluate_indicators import yardstick
from tenproj_xl.model.history import Figure
from tenproj_xl.rollup.facts.indicators import IndicatorLine, gap_of
from tenproj_xl.rollup.facts.input import RollupInput

SHOWN = 8
EARLIER = SHOWN - 1
"""How many periods are shown, and how many of them come before this one."""


@dataclass(frozen=True)
class TrendNumber:
    """One number of page one: by its name, under what it is read."""

    name: str
    group: str
    text: str


RETURNS = "报送"
NUMBERS = (
    TrendNumber("counted", "主要指标", "应评指标"),
    TrendNumber("on_pace", "主要指标", "达序时（含达标）"),
    TrendNumber("slow", "主要指标", "略慢"),
    TrendNumber("behind", "主要指标", "滞后（含未达标）"),
    TrendNumber("pending", "主要指标", "待核定"),
    TrendNumber("missing", "主要指标", "未报"),
    TrendNumber("tasks_on_time", "重点任务", "序时（含完成）"),
    TrendNumber("tasks_soon", "重点任务", "临期"),
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
    """A number over the periods shown, oldest first; None for periods before the first that was published."""

    number: TrendNumber
    values: tuple[float | None, ...]


def shown_periods(data: RollupInput) -> tuple[Period | None, ...]:
    """The periods that were published, this one last; None on the left until there have been enough."""
    known = (*(p.period for p in data.earlier[-EARLIER:]), data.period)
    return (*[None] * (SHOWN - len(known)), *known)


def number_lines(data: RollupInput, numbers: dict[str, float]) -> tuple[NumberLine, ...]:
    """Every number of page one and of 督办清单, as each period's last roll-up told it."""
    told = [dict(p.numbers) for p in data.earlier[-EARLIER:]] + [numbers]
    for each in told:
        each["in_time"] = each["returned"] - each["late"]
    gap = [None] * (SHOWN - len(told))
    return tuple(NumberLine(n, (*gap, *(each[n.name] for each in told))) for n in NUMBERS)


@dataclass(frozen=True)
class TrendPoint:
    """One figure of an indicator and its gap to its pace; None in words."""

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
        return tuple(p.figure.value if p else None for p in self.points)

    @property
    def gaps(self) -> tuple[float | None, ...]:
        """The gaps alone."""
        return tuple(p.gap if p else None for p in self.points)


def series_lines(data: RollupInput, lines: Sequence[IndicatorLine]) -> tuple[SeriesLine, ...]:
    """The figures of every indicator, in the plan's order."""
    return tuple(_series(line, data) for line in lines)


def _series(line: IndicatorLine, data: RollupInput) -> SeriesLine:
    figures = data.known.figures(line.indicator.code)[-SHOWN:]
    points = [TrendPoint(f, _gap(line, f, data)) for f in figures]
    return SeriesLine(line, (*[None] * (SHOWN - len(points)), *points))


def _gap(line: IndicatorLine, figure: Figure, data: RollupInput) -> float | None:
    return gap_of(line.indicator, yardstick(line.indicator, figure.period, data.settings), figure.value)
