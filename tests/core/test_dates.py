"""Dates and periods: left what stands in the cell, right what it is taken for."""

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.dates import read_date, read_period_cell
from tenproj_xl.core.meaning import Meaning
from tenproj_xl.core.periods import Frequency, Period, period_of
from tests.helpers.values import FULL_WIDTH

YEAR, ROUGHLY = Code.YEAR_GUESSED, Code.READ_ROUGHLY
FIFTH = date(2026, 11, 5)
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
PERIODS = st.builds(period_of, DAYS, st.sampled_from([f for f in Frequency if f is not Frequency.WEEK]))
WEEKS = st.builds(period_of, st.dates(date(2000, 1, 3), date(2099, 12, 31)), st.just(Frequency.WEEK))


@pytest.mark.parametrize(
    "typed", ["2026年1-10", "2026.1-10", "2026年1至10", "2026/1—10", "２０２６年１－１０"]
)
def test_months_from_january_on_are_read_without_the_word_as_a_guess(typed: str) -> None:
    assert read_period_cell(typed, 2026) == Meaning("2026-10", Code.READ_ROUGHLY, "2026年10月")


@pytest.mark.parametrize("typed", ["2026-1-10", "2026.1.10"])
def test_a_date_in_january_is_no_span_of_months(typed: str) -> None:
    assert read_period_cell(typed, 2026).value == "2026-01"


@pytest.mark.parametrize(
    "typed",
    [
        FIFTH,
        datetime(2026, 11, 5),
        datetime(2026, 11, 5, 17, 30),
        46331,
        46331.0,
        46331.75,
        20261105,
        20261105.0,
        "20261105",
        "2026-11-05",
        "2026-11-5",
        "2026/11/5",
        "2026.11.5",
        "2026. 11. 5",
        "2026．11．5",
        "２０２６－１１－０５",
        "2026—11—05",
        "2026年11月5日",
        "2026年11月05日",
        "2026 年 11 月 5 日",
        "2026年11月5号",
        "2026年11月5",
        "2026-11-05 00:00:00",
        "2026-11-05T08:30",
        "2026年11月5日 8:30",
    ],
)
def test_a_whole_date_is_read_silently(typed: object) -> None:
    assert read_date(typed, 2030) == Meaning(FIFTH)


@pytest.mark.parametrize(
    "typed", ["11月5日", "11月 5日", "１１月５日", "11.5", "11/5", "11-5", "26.11.5", "26年11月5日"]
)
def test_a_date_without_its_year_is_guessed(typed: str) -> None:
    assert read_date(typed, 2026) == Meaning(FIFTH, YEAR, "2026-11-05")


def test_a_date_before_which_something_is_due_is_taken_for_the_date() -> None:
    assert read_date("2026年11月5日前", 2026) == Meaning(FIFTH, ROUGHLY, "2026-11-05")


@pytest.mark.parametrize(
    "typed",
    [
        "2026-02-30",
        "2月30日",
        "2月29日",
        "2026年13月1日",
        "11.50",
        "0月0日",
        "1999-12-31",
        "2101-01-01",
        "99.11.5",
        "05/11/26",
        "11/5/2026",
        "2026年11月",
        "2026-11",
        "2026",
        "11月",
        "5-11日",
        "5日",
        "11月5日至8日",
        "11月底",
        "长期",
        "尽快",
        "46331",
        "202611",
        "2026115",
        11.5,
        2026,
        20260230,
        36525,
        73051,
        -1,
        float("nan"),
        float("inf"),
        True,
        time(8, 30),
        date(1999, 12, 31),
        datetime(1900, 1, 1),
        date(2101, 1, 1),
    ],
)
def test_no_date_is_made_of_anything_else(typed: object) -> None:
    assert read_date(typed, 2026) == Meaning(None, Code.NOT_DATE)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("2026年三季度", "2026-Q3"),
        ("2026年第3季度", "2026-Q3"),
        ("2026-Q3", "2026-Q3"),
        ("２０２６年３季度", "2026-Q3"),
        ("2026 年 三季度", "2026-Q3"),
        ("2026年10月", "2026-10"),
        ("2026.10", "2026-10"),
        ("2026.1", "2026-01"),
        ("2026/9", "2026-09"),
        ("202610", "2026-10"),
        (202610, "2026-10"),
        ("2026年1—10月", "2026-10"),
        ("2026年1-10月", "2026-10"),
        ("2026.1-10月", "2026-10"),
        ("２０２６年１～１０月", "2026-10"),
        ("2026年1月至10月", "2026-10"),
        ("2026年前10个月", "2026-10"),
        ("2026年前三季度", "2026-Q3"),
        ("2026年一至三季度", "2026-Q3"),
        ("2026年第一季度至第三季度", "2026-Q3"),
        ("2026年三季度末", "2026-Q3"),
        ("2026年Q1-Q3", "2026-Q3"),
        ("2026年度", "2026"),
        ("2026年全年", "2026"),
        ("2026年九月", "2026-09"),
        ("二〇二六年九月", "2026-09"),
        ("2026年第四十八周", "2026-W48"),
        ("截至2026年9月底", "2026-09"),
        ("截止2026年9月", "2026-09"),
        ("2026年截至9月底", "2026-09"),
        ("截至2026年三季度末", "2026-Q3"),
        ("截至2026年9月30日", "2026-09"),
        ("2026年上半年", "2026-H1"),
        ("2026年", "2026"),
        ("2026", "2026"),
        (2026, "2026"),
        (2026.0, "2026"),
        (2026.11, "2026-11"),
        (2026.2, "2026-02"),
        ("2026-W48", "2026-W48"),
        ("2026年第48期", "2026-W48"),
        (date(2026, 10, 1), "2026-10"),
        (datetime(2026, 10, 1), "2026-10"),
        (date(2026, 10, 31), "2026-10"),
        ("2026-10-01", "2026-10"),
        ("2026年10月31日", "2026-10"),
        (46296, "2026-10"),
    ],
)
def test_a_period_is_read_silently(typed: object, code: str) -> None:
    assert read_period_cell(typed, 2030) == Meaning(code)


@pytest.mark.parametrize(
    ("typed", "code", "guessed", "detail"),
    [
        ("三季度", "2026-Q3", YEAR, "2026年三季度"),
        ("第三季度", "2026-Q3", YEAR, "2026年三季度"),
        ("Q3", "2026-Q3", YEAR, "2026年三季度"),
        ("10月", "2026-10", YEAR, "2026年10月"),
        ("1-10月", "2026-10", YEAR, "2026年10月"),
        ("1—9月", "2026-09", YEAR, "2026年9月"),
        ("一至九月", "2026-09", YEAR, "2026年9月"),
        ("1－9月份", "2026-09", YEAR, "2026年9月"),
        ("前九个月", "2026-09", YEAR, "2026年9月"),
        ("九月", "2026-09", YEAR, "2026年9月"),
        ("十一月份", "2026-11", YEAR, "2026年11月"),
        ("截至9月", "2026-09", YEAR, "2026年9月"),
        ("截至９月底", "2026-09", YEAR, "2026年9月"),
        ("截至9月30日", "2026-09", YEAR, "2026年9月"),
        ("截至26年9月底", "2026-09", YEAR, "2026年9月"),
        ("前三季度", "2026-Q3", YEAR, "2026年三季度"),
        ("1-3季度", "2026-Q3", YEAR, "2026年三季度"),
        ("一至三季度", "2026-Q3", YEAR, "2026年三季度"),
        ("截至三季度末", "2026-Q3", YEAR, "2026年三季度"),
        ("上半年", "2026-H1", YEAR, "2026年上半年"),
        ("全年", "2026", YEAR, "2026年"),
        ("全年度", "2026", YEAR, "2026年"),
        ("26年10月", "2026-10", YEAR, "2026年10月"),
        ("第48期", "2026-W48", YEAR, "2026年第48期（11月23日—29日）"),
        (date(2026, 10, 15), "2026-10", ROUGHLY, "2026年10月"),
        ("截至2026年10月15日", "2026-10", ROUGHLY, "2026年10月"),
        ("2026-10-15", "2026-10", ROUGHLY, "2026年10月"),
    ],
)
def test_a_period_is_guessed_and_says_so(typed: object, code: str, guessed: Code, detail: str) -> None:
    assert read_period_cell(typed, 2026) == Meaning(code, guessed, detail)


@pytest.mark.parametrize(
    "typed",
    [
        2026.1,
        2026.13,
        2026.5001,
        1999,
        9999,
        "0001",
        "2026年五季度",
        "2026年13月",
        "2026-W60",
        "9999年第52周",
        "9999-W52",
        "10",
        "3",
        10,
        72.5,
        "10月5日",
        "13月",
        "70年10月",
        "٢٠٢٦",
        "近期",
        "上月",
        "截至目前",
        "截至10月5日",
        "2-9月",  # a span that does not begin the year has no period of its own
        "二、三季度",
        "2-3季度",
        "一二月",
        "前十三个月",
        "十一季度",
        "2026度",
        True,
        time(8, 30),
        float("nan"),
        date(1999, 10, 1),
    ],
)
def test_no_period_is_made_of_anything_else(typed: object) -> None:
    assert read_period_cell(typed, 2026) == Meaning(None, Code.NOT_PERIOD)


def test_without_a_year_to_complete_it_a_period_without_one_is_none() -> None:
    assert read_period_cell("三季度") == Meaning(None, Code.NOT_PERIOD)


@given(DAYS)
def test_a_date_written_in_any_way_is_read_back(day: date) -> None:
    y, m, d = day.year, day.month, day.day
    spellings = [
        day,
        datetime(y, m, d, 8),
        (day - date(1899, 12, 30)).days,
        int(f"{day:%Y%m%d}"),
        f"{day:%Y%m%d}",
        f"{day:%Y-%m-%d}",
        f"{day:%Y/%m/%d}",
        f"{y}.{m}.{d}",
        f"{y}/{m}/{d}",
        f"{y}年{m}月{d}日",
        f"{y} 年 {m} 月 {d} 日",
        f"{y}年{m}月{d}日".translate(FULL_WIDTH),
        f"{y}-{m}-{d}".translate(FULL_WIDTH),
        f"{day} 08:30:00",
    ]
    for spelling in spellings:
        assert read_date(spelling, 2026) == Meaning(day)
    for spelling in (f"{m}月{d}日", f"{m}.{d}", f"{m}/{d}", f"{y % 100:02d}.{m}.{d}"):
        assert read_date(spelling, y) == Meaning(day, YEAR, day.isoformat())


@given(PERIODS)
def test_a_period_is_read_back_from_its_code_and_its_label(period: Period) -> None:
    for spelling in (period.code, period.label, period.label.translate(FULL_WIDTH), f" {period.code} "):
        assert read_period_cell(spelling) == Meaning(period.code)
    _, _, label = period.label.partition("年")
    if label:
        assert read_period_cell(label, period.first.year) == Meaning(period.code, YEAR, period.label)


@given(WEEKS)
def test_a_week_is_read_back_from_its_code_and_with_its_year_from_its_label(week: Period) -> None:
    year = int(week.code[:4])
    assert read_period_cell(week.code) == Meaning(week.code)
    assert read_period_cell(week.label, year) == Meaning(week.code, YEAR, f"{year}年{week.label}")
