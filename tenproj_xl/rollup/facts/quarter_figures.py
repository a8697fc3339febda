"""Lines of 本季数据: the figures of the quarter's data periods, beside what was before and a year ago."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.periods import Frequency, Period, period_of
from tenproj_xl.model.history import Figure
from tenproj_xl.rollup.facts.indicators import IndicatorLine
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.outlook import change_since, start_of


@dataclass(frozen=True, kw_only=True)
class QuarterLine:
    """An indicator with figures of the quarter.

    `months` are those that end in its three months, None where there is none. `before` is the newest of the
    quarter before, `change` what has come since, `year_ago` that of a year before the newest.
    """

    line: IndicatorLine
    months: tuple[Figure | None, ...]
    before: Figure | None
    change: float | None
    year_ago: Figure | None

    @property
    def change_in_a_year(self) -> float | None:
        """The newest figure less that of a year ago, in the indicator's own unit."""
        newest, year_ago = self.line.value, self.year_ago
        if not isinstance(newest, float) or year_ago is None or not isinstance(year_ago.value, float):
            return None
        return round(newest - year_ago.value, 6)


def months_of(period: Period) -> tuple[Period, ...]:
    """Return the months of a quarter."""
    first = period_of(period.first, Frequency.MONTH)
    months = [first]
    while months[-1].last < period.last:
        months.append(period_of(months[-1].last + timedelta(days=1), Frequency.MONTH))
    return tuple(months)


def quarter_lines(facts: Facts) -> tuple[QuarterLine, ...]:
    """Return a line for each indicator with a figure of the quarter, in the plan's order."""
    return tuple(_lines(facts))


def _lines(facts: Facts) -> Iterator[QuarterLine]:
    data = facts.data
    months = months_of(data.period)
    for line in facts.indicators:
        figure = line.figure
        if not line.task_force.involved or figure is None or figure.period.last < data.period.first:
            continue
        figures = data.known.figures(line.indicator.code)
        before = _of_quarter_before(line, data)
        yield QuarterLine(
            line=line,
            months=tuple(_ending_in(month, figures) for month in months),
            before=before,
            change=change_since(line, before, data),
            year_ago=_year_ago(line, figure, figures, data),
        )


def _of_quarter_before(line: IndicatorLine, data: RollupInput) -> Figure | None:
    """Return the figure that the quarter began with, unless it is older than the quarter before."""
    start = start_of(line, data)
    quarter_before = period_of(data.period.first - timedelta(days=1), Frequency.QUARTER)
    if start is None or start.period.last < quarter_before.first:
        return None
    return start


def _ending_in(month: Period, figures: Sequence[Figure]) -> Figure | None:
    """Return the figure of a data period that ends in a month."""
    for figure in reversed(figures):
        if month.first <= figure.period.last <= month.last:
            return figure
    return None


def _year_ago(
    line: IndicatorLine, newest: Figure, figures: Sequence[Figure], data: RollupInput
) -> Figure | None:
    """Return the figure of the same data period a year ago, unless it was counted in another way."""
    for figure in reversed(figures):
        then, now = figure.period.last, newest.period.last
        if (then.year, then.month) != (now.year - 1, now.month):
            continue
        if line.indicator.is_comparable(figure.period, data.period):
            return figure
    return None
