"""Which indicators cannot get a light in a year, and why.

Reads: plan and settings, no figure. Gives: the reason, by the yardsticks of the figures that come out in the
year.
"""

from datetime import date, timedelta

from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.periods import Period, period_of, recent
from tenproj_xl.model.evaluate_indicators import FLOWS, Mode, Yardstick, yardstick
from tenproj_xl.model.plan import Curve, Indicator, Measure, Plan
from tenproj_xl.model.settings import Settings

_MOST_PERIODS = 54
"""No rhythm has more periods in a year."""
_LIT = (Mode.PACE, Mode.JUDGE, Mode.WORDS_DUE)


class NoLight(LabelledCode):
    """Why an indicator gets no light in a year."""

    NO_TARGET = "no_target", "无本年目标"
    NO_BASELINE = "no_baseline", "无基期"
    NO_STEPS = "no_steps", "无分期目标"
    NOT_PACED = "not_paced", "不按序时"
    NOT_YET = "not_yet", "本年数次年发布"

    @property
    def remedy(self) -> str:
        """What the office fills in, or that there is nothing to be done."""
        return _REMEDIES[self]


_REMEDIES = {
    NoLight.NO_TARGET: "下达后补入“年度计划”",
    NoLight.NO_BASELINE: "请在“主要指标”补基期值和基期日期，期间累计的补起算日期",
    NoLight.NO_STEPS: "进度曲线为按计划、阶梯的，请在“年度计划”补季度或月度目标",
    NoLight.NOT_PACED: "年末考核的年底判定，定性的到目标日期判定，不必补",
    NoLight.NOT_YET: "到次年判定，不必补",
}


@dataclass(frozen=True)
class Unlit:
    """An indicator that gets no light in a year."""

    indicator: Indicator
    reason: NoLight


def unlit_indicators(plan: Plan, year: int, settings: Settings) -> tuple[Unlit, ...]:
    """Return the indicators that get no light from any figure of a year which comes out in that year."""
    found = []
    for indicator in plan.indicators:
        reason = _reason(indicator, year, settings)
        if reason is not None:
            found.append(Unlit(indicator, reason))
    return tuple(found)


def _reason(indicator: Indicator, year: int, settings: Settings) -> NoLight | None:
    periods = _periods(indicator, year)
    sticks = [yardstick(indicator, period, settings) for period in periods]
    if not any(_has_target(stick) for stick in sticks):
        return NoLight.NO_TARGET
    new_year = date(year, 12, 31) - timedelta(days=indicator.lag_days)
    out = [stick for period, stick in zip(periods, sticks, strict=True) if period.last <= new_year]
    if any(stick.mode in _LIT for stick in out):
        return None
    if indicator.measure is Measure.QUALITATIVE or indicator.curve is Curve.YEAR_END:
        return NoLight.NOT_PACED
    if not out:
        return NoLight.NOT_YET
    if indicator.measure in FLOWS:
        return NoLight.NO_STEPS
    return NoLight.NO_BASELINE


def _has_target(stick: Yardstick) -> bool:
    return stick.target is not None and stick.target.judges


def _periods(indicator: Indicator, year: int) -> list[Period]:
    """Return the data periods of an indicator that end in a year, oldest first."""
    last = period_of(date(year, 12, 31), indicator.frequency)
    found = recent(last, indicator.frequency, _MOST_PERIODS)
    return sorted(period for period in found if period.year == year)
