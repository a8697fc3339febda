"""Lines of 预计全年: how far each indicator came in the quarter, and what the department expects of the year."""

from dataclasses import dataclass

from tenproj_xl.model.evaluate_indicators import FLOWS, Yardstick, yardstick
from tenproj_xl.model.evaluate_tasks import year_share
from tenproj_xl.model.history import Figure
from tenproj_xl.model.plan import Curve, Target
from tenproj_xl.rollup.facts.indicators import IndicatorLine
from tenproj_xl.rollup.facts.input import RollupInput

EXPECTED_MET, EXPECTED_MISSED, NOT_SAID = "预计达成", "预计未达成", "未填预计"


@dataclass(frozen=True)
class ForecastLine:
    """One indicator with a target for the year. `start` is the figure that the quarter began with.

    `forecast` is what the department expects of the year, `projected` what the year would bring at the pace so far
    (figure ÷ share of the year that had passed at its date): for reference, and only where a year's flow runs evenly.
    """

    line: IndicatorLine
    target: Target
    start: Figure | None
    forecast: float | None
    projected: float | None
    judgement: str

    @property
    def change(self) -> float | None:
        """How far the quarter brought it; a year's flow begins at 0 in January."""
        now = self.line.figure.value if self.line.figure else None
        if not isinstance(now, float):
            return None
        if self.start is None:
            return now if self.line.indicator.measure in FLOWS else None
        return now - self.start.value if isinstance(self.start.value, float) else None

    @property
    def gap(self) -> float | None:
        """The forecast less the target; None where nothing is expected."""
        goal = self.target.value
        return None if self.forecast is None or goal is None else round(self.forecast - goal, 6)


def forecast_lines(data: RollupInput, indicators: tuple[IndicatorLine, ...]) -> tuple[ForecastLine, ...]:
    """A line for every indicator that the year has a target for, in the plan's order."""
    found = (_line(i, data) for i in indicators if i.task_force.involved)
    return tuple(line for line in found if line)


def _line(line: IndicatorLine, data: RollupInput) -> ForecastLine | None:
    target = line.indicator.target_of_year(data.day.year)
    if target is None or not target.judges or target.value is None:
        return None
    said = line.reported("forecast")
    forecast = said if isinstance(said, float) else None
    stick = yardstick(line.indicator, target.period, data.settings)
    return ForecastLine(
        line, target, _start(line, data), forecast, _projected(line, data), _verdict(forecast, stick)
    )


def _start(line: IndicatorLine, data: RollupInput) -> Figure | None:
    """The newest figure of before the period; of the same year where the year counts from 0."""
    earlier = [f for f in data.known.figures(line.indicator.code) if f.period.last < data.period.first]
    if line.indicator.measure in FLOWS:
        earlier = [f for f in earlier if f.period.last.year == data.day.year]
    return earlier[-1] if earlier else None


def _projected(line: IndicatorLine, data: RollupInput) -> float | None:
    figure = line.figure
    runs_evenly = line.indicator.measure in FLOWS and line.indicator.curve is Curve.EVEN
    if not runs_evenly or figure is None or not isinstance(figure.value, float):
        return None
    if figure.period.last.year != data.day.year:
        return None
    return round(figure.value / year_share(figure.period.last), 6)


def _verdict(forecast: float | None, stick: Yardstick) -> str:
    if forecast is None:
        return NOT_SAID
    return EXPECTED_MET if stick.meets(forecast) else EXPECTED_MISSED
