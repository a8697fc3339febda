"""Rhythms: how often returns are asked for, and the periods that follow each other in one."""

from datetime import date, timedelta

from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.periods import Frequency, Period, parse_period, period_of, week_of

_WEEK = timedelta(days=7)


class Rhythm(LabelledCode):
    """How often returns are asked for (报送周期)."""

    WEEK = "week", "每周"
    FORTNIGHT = "fortnight", "每两周"
    TEN_DAYS = "ten_days", "每旬"
    MONTH = "month", "每月"
    QUARTER = "quarter", "每季度"
    HALF = "half", "每半年"
    YEAR = "year", "每年"

    @property
    def is_weekly(self) -> bool:
        """Whether its periods go by the codes of weeks, and are due on a day of the week."""
        return self in (Rhythm.WEEK, Rhythm.FORTNIGHT)

    @property
    def example(self) -> str:
        """The code of one of its periods."""
        return period_in(self, date(2026, 11, 25), parse_period("2026-W48")).code


_FREQUENCIES = {
    Rhythm.WEEK: Frequency.WEEK,
    Rhythm.MONTH: Frequency.MONTH,
    Rhythm.QUARTER: Frequency.QUARTER,
    Rhythm.HALF: Frequency.HALF,
    Rhythm.YEAR: Frequency.YEAR,
}


def fortnight(week: Period) -> Period:
    """Return the fortnight that ends with a week and goes by its code."""
    return Period(week.code, week.last - timedelta(days=13), week.last)


def period_in(rhythm: Rhythm, day: date, anchor: Period) -> Period:
    """Return the period of a rhythm that a day lies in.

    Args:
        rhythm: The rhythm.
        day: The day.
        anchor: A week with which a fortnight ends; other rhythms do not need it.
    """
    if rhythm is Rhythm.FORTNIGHT:
        week = week_of(day)
        if (week.first - anchor.first) // _WEEK % 2:
            week = week_of(day + _WEEK)
        return fortnight(week)
    if rhythm is Rhythm.TEN_DAYS:
        number = min((day.day - 1) // 10, 2) + 1
        return parse_period(f"{day.year}-{day.month:02d}-D{number}")
    return period_of(day, _FREQUENCIES[rhythm])


def before(rhythm: Rhythm, period: Period, anchor: Period) -> Period:
    """Return the period of a rhythm that ends before another one's first day; see `period_in`."""
    return period_in(rhythm, period.first - timedelta(days=1), anchor)


def after(rhythm: Rhythm, period: Period, anchor: Period) -> Period:
    """Return the period of a rhythm that follows another one's last day; see `period_in`."""
    return period_in(rhythm, period.last + timedelta(days=1), anchor)
