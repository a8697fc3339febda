from datetime import date

import pytest

from tenproj_xl.core.periods import (
    Frequency,
    latest_published,
    parse_period,
    read_period,
    recent,
    week_of,
    widest_ending,
)

pytestmark = pytest.mark.clock


@pytest.mark.parametrize(
    ("code", "first", "last", "label"),
    [
        ("2026-W48", date(2026, 11, 23), date(2026, 11, 29), "第48期（11月23日—29日）"),
        ("2026-W49", date(2026, 11, 30), date(2026, 12, 6), "第49期（11月30日—12月6日）"),
        ("2026-W53", date(2026, 12, 28), date(2027, 1, 3), "第53期（12月28日—1月3日）"),
        ("2026-11", date(2026, 11, 1), date(2026, 11, 30), "2026年11月"),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29), "2028年2月"),
        ("2026-11-D1", date(2026, 11, 1), date(2026, 11, 10), "2026年11月上旬"),
        ("2026-02-D3", date(2026, 2, 21), date(2026, 2, 28), "2026年2月下旬"),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31), "2026年四季度"),
        ("2026-H1", date(2026, 1, 1), date(2026, 6, 30), "2026年上半年"),
        ("2026", date(2026, 1, 1), date(2026, 12, 31), "2026年"),
    ],
)
def test_a_code_has_its_first_and_last_day_and_a_spoken_label(
    code: str, first: date, last: date, label: str
) -> None:
    period = parse_period(code)
    assert (period.first, period.last, period.label) == (first, last, label)


def test_a_week_is_told_from_those_of_other_years_by_its_name() -> None:
    week, month = parse_period("2026-W08"), parse_period("2026-02")
    assert (week.name, week.full_name) == ("2026年第8期", "2026年第8期（2月16日—22日）")
    assert week.dated_label == "2026年第8周"
    assert month.name == month.full_name == month.dated_label == "2026年2月"


@pytest.mark.parametrize(
    "code",
    [
        "2025-W53",
        "2026-13",
        "2026-13-D1",
        "2026-11-D4",
        "2026-Q1-D1",
        "2026-Q5",
        "2026-W00",
        "26-W48",
        "9999-W52",
        "9999-12",
        "0001-W01",
        "下周",
        "",
    ],
)
def test_a_code_that_names_no_period_is_refused_in_words(code: str) -> None:
    with pytest.raises(ValueError, match=r"不是期号|不存在"):
        parse_period(code)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("2026年10月", "2026-10"),
        ("2026.10", "2026-10"),
        ("2026年1-10月", "2026-10"),
        ("2026年 三季度", "2026-Q3"),
        ("2026Q3", "2026-Q3"),
        ("2026年上半年", "2026-H1"),
        ("2026年", "2026"),
        ("2026年底", "2026"),
        ("2026年第48周", "2026-W48"),
        ("2026年11月中旬", "2026-11-D2"),
        ("2026年前三季度", "2026-Q3"),
        ("2026年1—3季度", "2026-Q3"),
        ("2026年度", "2026"),
        ("2026年十二月", "2026-12"),
        ("截至2026年9月底", "2026-09"),
        ("去年", None),
        ("九月", None),
    ],
)
def test_what_people_write_for_a_period_is_read(typed: str, code: str | None) -> None:
    period = read_period(typed)
    assert (period.code if period else None) == code


@pytest.mark.parametrize(
    ("frequency", "lag", "newest"),
    [
        (Frequency.WEEK, 0, "2026-W48"),
        (Frequency.MONTH, 20, "2026-10"),
        (Frequency.MONTH, 31, "2026-09"),
        (Frequency.MONTH_BUT_JANUARY, 20, "2026-10"),
        (Frequency.QUARTER, 25, "2026-Q3"),
        (Frequency.QUARTER, 61, "2026-Q2"),
        (Frequency.HALF, 30, "2026-H1"),
        (Frequency.YEAR, 300, "2025"),
        (Frequency.YEAR, 340, "2024"),
    ],
)
def test_a_figure_can_exist_once_its_period_and_its_lag_are_over(
    frequency: Frequency, lag: int, newest: str
) -> None:
    assert latest_published(parse_period("2026-W48").last, frequency, lag).code == newest


def test_a_figure_of_january_alone_is_never_published() -> None:
    merged = Frequency.MONTH_BUT_JANUARY
    assert latest_published(date(2026, 3, 1), merged, 20).code == "2025-12"
    assert latest_published(date(2026, 3, 20), merged, 20).code == "2026-02"
    assert [p.code for p in recent(parse_period("2026-03"), merged, 3)] == ["2026-03", "2026-02", "2025-12"]


def test_the_first_days_of_january_belong_to_the_week_they_lie_in() -> None:
    assert week_of(date(2027, 1, 3)).code == "2026-W53"
    assert week_of(date(2027, 1, 4)).code == "2027-W01"


def test_a_week_within_a_month_precedes_it_unless_it_ends_later() -> None:
    month = parse_period("2026-11")
    assert parse_period("2026-W48").precedes(month)
    assert month.precedes(parse_period("2026-W49"))
    assert not parse_period("2026-W49").precedes(month)


def test_of_periods_that_end_on_one_day_the_narrower_precedes() -> None:
    codes = ["2026-12-D3", "2026-12", "2026-Q4", "2026-H2", "2026"]
    assert [p.code for p in sorted(map(parse_period, reversed(codes)))] == codes
    assert not parse_period("2026-12").precedes(parse_period("2026-12"))


def test_recent_quarters_run_back_over_the_new_year() -> None:
    assert [p.code for p in recent(parse_period("2026-Q2"), Frequency.QUARTER, 3)] == [
        "2026-Q2",
        "2026-Q1",
        "2025-Q4",
    ]


@pytest.mark.parametrize(
    ("code", "year", "name"),
    [
        ("2026-W52", 2026, "第52周"),
        ("2026-W52", 2027, "2026年第52周"),
        ("2026-12", 2027, "2026年12月"),
    ],
)
def test_a_paper_names_a_period_of_another_year_with_its_year(code: str, year: int, name: str) -> None:
    assert parse_period(code).named_in(year) == name


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2025, 12, 31), "2025"),
        (date(2026, 6, 30), "2026-H1"),
        (date(2026, 9, 30), "2026-Q3"),
        (date(2026, 10, 31), "2026-10"),
        (date(2026, 11, 29), "2026-W48"),
    ],
)
def test_the_widest_period_that_ends_on_a_day(day: date, code: str) -> None:
    assert widest_ending(day).code == code
