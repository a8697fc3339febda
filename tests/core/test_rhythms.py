from datetime import date

import pytest

from tenproj_xl.core.periods import parse_period
from tenproj_xl.core.rhythms import Rhythm, after, before, period_in

ANCHOR = parse_period("2026-W02")


@pytest.mark.parametrize(
    ("rhythm", "earlier", "at_hand", "later"),
    [
        (Rhythm.WEEK, "2026-W47", "2026-W48", "2026-W49"),
        (Rhythm.FORTNIGHT, "2026-W46", "2026-W48", "2026-W50"),
        (Rhythm.TEN_DAYS, "2026-11-D2", "2026-11-D3", "2026-12-D1"),
        (Rhythm.MONTH, "2026-10", "2026-11", "2026-12"),
        (Rhythm.QUARTER, "2026-Q3", "2026-Q4", "2027-Q1"),
        (Rhythm.HALF, "2026-H1", "2026-H2", "2027-H1"),
        (Rhythm.YEAR, "2025", "2026", "2027"),
    ],
)
def test_the_periods_of_a_rhythm_follow_each_other_without_a_gap(
    rhythm: Rhythm, earlier: str, at_hand: str, later: str
) -> None:
    period = period_in(rhythm, date(2026, 11, 25), ANCHOR)
    previous, following = before(rhythm, period, ANCHOR), after(rhythm, period, ANCHOR)
    assert [previous.code, period.code, following.code] == [earlier, at_hand, later]
    assert rhythm.example == at_hand
    assert (period.first - previous.last).days == (following.first - period.last).days == 1


def test_the_last_ten_days_of_a_month_have_what_is_left_of_it() -> None:
    days = [(p.first.day, p.last.day) for p in map(parse_period, ("2028-02-D1", "2028-02-D2", "2028-02-D3"))]
    assert days == [(1, 10), (11, 20), (21, 29)]


def test_a_fortnight_goes_on_over_a_year_of_53_weeks() -> None:
    fortnight = period_in(Rhythm.FORTNIGHT, date(2026, 12, 27), ANCHOR)
    following = after(Rhythm.FORTNIGHT, fortnight, ANCHOR)
    assert (fortnight.code, following.code) == ("2026-W52", "2027-W01")
    assert following.first == date(2026, 12, 28)
