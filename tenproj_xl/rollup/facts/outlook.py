"""Lines of 预计全年: the quarter's change of each indicator, and what its department expects of the year."""

from tenproj_xl.core.answers import Disclosure
from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.periods import read_period
from tenproj_xl.core.states import State
from tenproj_xl.model.evaluate_indicators import FLOWS, Yardstick, yardstick
from tenproj_xl.model.evaluate_tasks import year_share
from tenproj_xl.model.history import Figure
from tenproj_xl.model.plan import Curve, Target
from tenproj_xl.model.plausibility import SUMS, is_below, limits_of
from tenproj_xl.rollup.facts.indicators import IndicatorLine
from tenproj_xl.rollup.facts.input import RollupInput


class Expectation(LabelledCode):
    """Whether a department expects to meet the target of the year, unless that is judged already."""

    MET = "expected_met", "预计达成"
    MISSED = "expected_missed", "预计未达成"
    NONE = "no_forecast", "未填预计"
    JUDGED = "judged", "已评判"


@dataclass(frozen=True, kw_only=True)
class ForecastLine:
    """One indicator with a target for the year. `start` is the figure that the quarter began with.

    `forecast` is what the department expects of the year, `projected` what the year would bring at the pace
    so far (figure ÷ share of the year that had passed at its date): for reference, and only where a year's
    flow runs evenly. It `is_outdated` where the figure of the whole year is in, or a sum has passed it.
    """

    line: IndicatorLine
    target: Target
    start: Figure | None
    change: float | None
    forecast: float | None
    projected: float | None
    judgement: Expectation
    is_outdated: bool

    @property
    def gap(self) -> float | None:
        """The forecast less the target; None where either is unknown."""
        if self.forecast is None or self.target.value is None:
            return None
        return round(self.forecast - self.target.value, 6)


def forecast_lines(data: RollupInput, indicators: tuple[IndicatorLine, ...]) -> tuple[ForecastLine, ...]:
    """Return a line for every indicator that the year has a target for, in the plan's order."""
    lines = []
    for indicator in indicators:
        target = indicator.indicator.target_of_year(data.year)
        if not indicator.task_force.involved or target is None:
            continue
        is_told = indicator.rows or not data.is_only_released
        if not is_told and indicator.indicator.disclosure is Disclosure.AFTER_RELEASE:
            continue
        if target.judges and target.value is not None:
            lines.append(_line(indicator, target, data))
    return tuple(lines)


def _line(line: IndicatorLine, target: Target, data: RollupInput) -> ForecastLine:
    forecast = forecast_of(line, data.year)
    start = start_of(line, data)
    stick = yardstick(line.indicator, target.period, data.settings)
    return ForecastLine(
        line=line,
        target=target,
        start=start,
        change=change_since(line, start, data),
        forecast=forecast,
        projected=_projected(line, data),
        judgement=_judgement(forecast, stick, is_judged=_is_judged(line, target)),
        is_outdated=_is_outdated(forecast, line, target, data),
    )


def start_of(line: IndicatorLine, data: RollupInput) -> Figure | None:
    """Return the latest figure before the period; of the same year where each year begins at 0."""
    for figure in reversed(data.known.figures(line.indicator.code)):
        if figure.period.last >= data.period.first:
            continue
        if not line.indicator.is_comparable(figure.period, data.period):
            return None
        if line.indicator.measure not in FLOWS or figure.period.year == data.year:
            return figure
    return None


def change_since(line: IndicatorLine, start: Figure | None, data: RollupInput) -> float | None:
    """Return the change in the quarter, None where a figure is missing: only a year's flow begins at 0."""
    figure = line.figure
    if figure is None or figure.period.last < data.period.first or not isinstance(figure.value, float):
        return None
    begins_the_year = (data.period.first.month, data.period.first.day) == (1, 1)
    if start is None and line.indicator.measure in FLOWS and begins_the_year:
        return figure.value
    if start is None or not isinstance(start.value, float):
        return None
    return figure.value - start.value


def forecast_of(line: IndicatorLine, year: int) -> float | None:
    """Return what the last report about the year expects of it."""
    for row in line.rows:
        forecast = row.values.get("forecast")
        about = read_period(str(row.values.get("data_period") or "")) or row.period
        if isinstance(forecast, float) and about.year == year:
            return forecast
    return None


def _projected(line: IndicatorLine, data: RollupInput) -> float | None:
    figure = line.figure
    runs_evenly = line.indicator.measure in FLOWS and line.indicator.curve is Curve.EVEN
    if not runs_evenly or figure is None or not isinstance(figure.value, float):
        return None
    if figure.period.year != data.year:
        return None
    return round(figure.value / year_share(figure.period.counted_on, data.year), 6)


def _is_outdated(forecast: float | None, line: IndicatorLine, target: Target, data: RollupInput) -> bool:
    figure, indicator = line.figure, line.indicator
    if forecast is None or figure is None or not isinstance(figure.value, float):
        return False
    if figure.period.last >= target.period.last:
        return True
    is_of_year = indicator.measure not in FLOWS or figure.period.year == data.year
    is_sum = indicator.measure in SUMS and is_of_year
    return is_sum and is_below(forecast, figure.value, limits_of(indicator, data.plan))


def _is_judged(line: IndicatorLine, target: Target) -> bool:
    """Return whether a target was met or missed: then nobody is asked any more what to expect."""
    return any(one.target == target and one.state in (State.MET, State.MISSED) for one in line.passed)


def _judgement(forecast: float | None, stick: Yardstick, *, is_judged: bool) -> Expectation:
    if is_judged:
        return Expectation.JUDGED
    if forecast is None:
        return Expectation.NONE
    if stick.meets(forecast):
        return Expectation.MET
    return Expectation.MISSED
