"""What is typed and what it means: read as tables, left what stands in the cell, right what it is taken for."""

import string
import unicodedata
from datetime import date, datetime, time, timedelta
from time import process_time

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from tenproj_xl.core.catalogue import Code, Severity
from tenproj_xl.core.cells import ErrorValue, NoValue
from tenproj_xl.core.columns import Column, Fill, Kind
from tenproj_xl.core.parse import (
    BLANK,
    Meaning,
    canonical,
    is_blank,
    read_cell,
    read_choice,
    read_date,
    read_number,
    read_period_cell,
    read_text,
    text_of,
)
from tenproj_xl.core.periods import Frequency, Period, parse_period, period_of
from tenproj_xl.core.sheets import ISSUES, TASK_STATES, TASKS, indicator_sheet

UNIT, YEAR, ROUGHLY = Code.UNIT_GUESSED, Code.YEAR_GUESSED, Code.READ_ROUGHLY
FULL_WIDTH = {ord(c): ord(c) + 0xFEE0 for c in string.printable if "!" <= c <= "~"}


# --- numbers


@pytest.mark.parametrize(
    ("typed", "unit", "number"),
    [
        (72.5, "亿元", 72.5),
        (900, "家", 900),
        (0, "", 0),
        (-3.5, "%", -3.5),
        ("72.5", "", 72.5),
        ("７２．５", "", 72.5),
        (" 72.5　", "", 72.5),
        ("72.5\u200b", "", 72.5),
        ("+3.5", "", 3.5),
        (".5", "", 0.5),
        ("35。", "", 35),
        ("1,234.5", "", 1234.5),
        ("1,234,567", "", 1234567),
        ("1，234", "", 1234),
        ("１，２３４．５", "", 1234.5),
        ("-35", "", -35),
        ("－35", "", -35),
        ("−35", "", -35),
        ("–35", "", -35),
        ("—35", "", -35),
        ("- 35", "", -35),
        ("-0", "", 0),
        ("900家", "家", 900),
        ("72.5 亿元", "亿元", 72.5),
        ("72.5\n亿元", "亿元", 72.5),
        ("72.5亿", "亿元", 72.5),
        ("３５亿元", "亿元", 35),
        ("35万元/亩", "万元/亩", 35),
        ("35万", "万元/亩", 35),
        ("120㎡", "平方米", 120),
        ("120平方米", "㎡", 120),
        ("12km", "公里", 12),
        ("12千米", "公里", 12),
        ("3万", "万千瓦", 3),
        ("5个百分点", "百分点", 5),
        ("93%", "%", 93),
        ("93％", "%", 93),
        ("93.5 %", "％", 93.5),
        ("93", "%", 93),
        (0.93, "%", 0.93),
        ("0.93", "%", 0.93),
        ("第3名", "", 3),
        ("第3", "名", 3),
        ("3位", "", 3),
    ],
)
def test_a_number_is_read_silently(typed: object, unit: str, number: float) -> None:
    assert read_number(typed, unit) == Meaning(number)


@pytest.mark.parametrize(
    ("typed", "unit", "number", "code", "detail"),
    [
        ("35亿元", "万元", 350000, UNIT, "350000万元"),
        ("350000万元", "亿元", 35, UNIT, "35亿元"),
        ("72000万", "亿元", 7.2, UNIT, "7.2亿元"),
        ("35亿", "万元", 350000, UNIT, "350000万元"),
        ("3万", "家", 30000, UNIT, "30000家"),
        ("3万套", "套", 30000, UNIT, "30000套"),
        ("1.2万", "人次", 12000, UNIT, "12000人次"),
        ("3万", "", 30000, UNIT, "30000"),
        ("2千", "人", 2000, UNIT, "2000人"),
        ("3万", "千瓦", 30000, UNIT, "30000千瓦"),
        ("1.5兆瓦", "万千瓦", 0.15, UNIT, "0.15万千瓦"),
        ("3万度", "万千瓦时", 3, None, ""),
        ("1.2公顷", "平方米", 12000, UNIT, "12000平方米"),
        ("30亩", "公顷", 2, UNIT, "2公顷"),
        ("500米", "公里", 0.5, UNIT, "0.5公里"),
        ("35万元/亩", "元/亩", 350000, UNIT, "350000元/亩"),
        ("约35", "", 35, ROUGHLY, "35"),
        ("约 35", "家", 35, ROUGHLY, "35家"),
        ("近35亿元", "亿元", 35, ROUGHLY, "35亿元"),
        ("35左右", "家", 35, ROUGHLY, "35家"),
        ("35家左右", "家", 35, ROUGHLY, "35家"),
        ("35余家", "家", 35, ROUGHLY, "35家"),
        ("35余", "", 35, ROUGHLY, "35"),
        ("35亿余元", "亿元", 35, ROUGHLY, "35亿元"),
        ("100多万元", "万元", 100, ROUGHLY, "100万元"),
        ("约35亿元", "万元", 350000, ROUGHLY, "350000万元"),
        ("约93%", "%", 93, ROUGHLY, "93%"),
        ("1 234.5", "", 1234.5, ROUGHLY, "1234.5"),
        ("1　234", "家", 1234, ROUGHLY, "1234家"),
        ("7 2.5", "", 72.5, ROUGHLY, "72.5"),
    ],
)
def test_a_number_is_guessed_and_says_so(
    typed: str, unit: str, number: float, code: Code, detail: str
) -> None:
    assert read_number(typed, unit) == Meaning(number, code, detail)


@pytest.mark.parametrize(
    ("typed", "unit"),
    [
        ("1,23", ""),
        ("1,2345", ""),
        ("12,3456", ""),
        (",234", ""),
        ("1,234,56", ""),
        ("0,234", ""),
        ("1.2.3", ""),
        ("1.234,5", ""),
        ("35 40", ""),
        ("35\n40", ""),
        ("12, 345", ""),
        ("1. 25", ""),
        ("3 5 40", ""),
        ("30-40", ""),
        ("30—40", ""),
        ("30~40", ""),
        ("30至40", ""),
        ("35以上", ""),
        ("35家以上", "家"),
        ("超35", ""),
        (">35", ""),
        ("≥35", ""),
        ("（35）", ""),
        ("(35)", ""),
        ("--35", ""),
        ("3/4", ""),
        ("35亿元", "家"),
        ("35亿元", "亿美元"),
        ("35亿元", "%"),
        ("35家", ""),
        ("35人", "人次"),
        ("35亿元", ""),
        ("3万", "%"),
        ("93%", "家"),
        ("93%", ""),
        ("93‰", "%"),
        ("93百分点", "%"),
        ("三十五", ""),
        ("1e5", ""),
        ("1E+05", ""),
        ("1e999", ""),
        ("inf", ""),
        ("nan", ""),
        ("0x1F", ""),
        ("1_000", ""),
        ("35²", ""),
        ("35½", ""),
        ("①", ""),
        ("٣٥", ""),
        ("9" * 400, ""),
        ("=1+1", ""),
        ("1亿2千万", ""),
        ("已完成35家", "家"),
        ("2026-11-05", ""),
        ("11月5日", ""),
        (float("inf"), ""),
        (float("nan"), ""),
        (10**400, ""),
        (True, ""),
        (False, ""),
        (date(2026, 11, 5), ""),
        (datetime(2026, 11, 5, 8), ""),  # cells have no time zone
        (time(8, 30), ""),
        (timedelta(hours=30), ""),
    ],
)
def test_no_number_is_made_of_anything_else(typed: object, unit: str) -> None:
    assert read_number(typed, unit) == Meaning(None, Code.NOT_NUMBER)


# --- dates

FIFTH = date(2026, 11, 5)


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


# --- periods


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
        ("上半年", "2026-H1", YEAR, "2026年上半年"),
        ("全年", "2026", YEAR, "2026年"),
        ("26年10月", "2026-10", YEAR, "2026年10月"),
        ("第48期", "2026-W48", YEAR, "2026年第48期（11月23日—29日）"),
        (date(2026, 10, 15), "2026-10", ROUGHLY, "2026年10月"),
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


# --- choices and texts


@pytest.mark.parametrize(
    ("typed", "choice"),
    [
        ("已完成", "已完成"),
        (" 已完成　", "已完成"),
        ("已 完成", "已完成"),
        ("已完成。", "已完成"),
        ("“已完成”", "已完成"),
        ("已\u200b完成", "已完成"),
        ("滞后；", "滞后"),
    ],
)
def test_a_choice_is_spelled_as_declared(typed: str, choice: str) -> None:
    assert read_choice(typed, TASK_STATES) == Meaning(choice)


@pytest.mark.parametrize("typed", ["完成", "基本已完成", "已完成/滞后", "是", 1, True, FIFTH, "done"])
def test_no_choice_is_made_of_anything_else(typed: object) -> None:
    assert read_choice(typed, TASK_STATES) == Meaning(None, Code.NOT_CHOICE)


def test_a_placeholder_that_is_a_choice_is_chosen() -> None:
    assert read_choice("无", ("有", "无")) == Meaning("无")
    assert read_choice("Ａ", ("A", "B")) == Meaning("A")


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("无", "无"),
        ("暂无", "暂无"),
        ("  已开工\r\n二期待批  ", "已开工\n二期待批"),
        ("a\u2028b", "a\nb"),
        ("已\u202e开\u0000工\ufeff", "已开工"),
        ("\ud800已开工\uffff", "已开工"),
        ("e\u0301", "é"),
        ("全角，ＡＢＣ（１）", "全角，ＡＢＣ（１）"),
        ("\U00031350", "\U00031350"),  # younger than Python 3.11, and in use in names
        (True, "TRUE"),
        ("=1+1", "=1+1"),
    ],
)
def test_a_text_is_what_people_read(typed: object, text: str) -> None:
    assert text_of(typed) == text
    assert read_text(typed) == Meaning(text)


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (72.0, "72"),
        (72.5, "72.5"),
        (0.1 + 0.2, "0.3"),
        (1e-7, "0.0000001"),
        (13800000000.0, "13800000000"),
        (-0.0, "0"),
        (time(8, 30), "08:30:00"),
    ],
)
def test_what_is_no_text_is_spelled_as_people_read_it(found: object, text: str) -> None:
    assert text_of(found) == text


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (FIFTH, "2026-11-05"),
        (datetime(2026, 11, 5), "2026-11-05"),
        (datetime(2026, 11, 5, 8, 30), "2026-11-05 08:30:00"),
        (time(8, 30), "08:30:00"),
        (timedelta(hours=30), "30:00:00"),
        (330105199001011234.0, "330105199001011000"),
        (7.0, "7"),  # of 007
        (1.1, "1.1"),  # of 1.10
        (0.35, "0.35"),  # of 35%
        (57188258825, "57188258825"),  # of 057188258825, in an .xls
    ],
)
def test_a_text_that_a_spreadsheet_made_something_else_of_is_a_guess(found: object, text: str) -> None:
    meaning = read_text(found)
    assert (meaning.value, meaning.code) == (text, Code.TEXT_ALTERED)


def test_a_text_may_be_as_long_as_the_limit() -> None:
    assert read_text("长" * 500, 500) == Meaning("长" * 500)
    assert read_text("长" * 501, 500) == Meaning(None, Code.TOO_LONG, "501")


# --- blanks and broken cells

EMPTY = [None, "", " ", "　", "\n\t", "\u200b", "\xa0"]
DASHES = ["—", "-", "——", "－", "–", "/", "／", "\\", "…", "-- ", "。"]
WORDS = [
    "无",
    " 无 ",
    "暂无",
    "没有",
    "暂缺",
    "未填",
    "未报",
    "待定",
    "未发布",
    "待公布",
    "不涉及",
    "N/A",
    "n/a",
    "null",
]


@pytest.mark.parametrize("typed", [*EMPTY, *DASHES, *WORDS])
def test_where_no_text_is_asked_a_placeholder_is_a_blank(typed: object) -> None:
    assert is_blank(typed)
    assert read_number(typed, "家") == read_date(typed, 2026) == read_period_cell(typed, 2026) == BLANK
    assert read_choice(typed, TASK_STATES) == BLANK


@pytest.mark.parametrize("typed", [*EMPTY, *DASHES])
def test_a_text_of_dashes_is_a_blank(typed: object) -> None:
    assert read_text(typed) == BLANK


@pytest.mark.parametrize("typed", WORDS)
def test_a_text_that_says_none_is_a_text(typed: str) -> None:
    assert read_text(typed) == Meaning(typed.strip())


@pytest.mark.parametrize("typed", ["同上", " 同上。", "同左", "同上一行", "〃"])
def test_a_text_that_points_elsewhere_is_kept_and_asked_about(typed: str) -> None:
    assert read_text(typed) == Meaning(typed.strip(), Code.SAME_AS_ABOVE)


@pytest.mark.parametrize("typed", ["同上级部门协调", "同前期一致推进", "“十四五”"])
def test_a_text_that_only_begins_so_is_a_text(typed: str) -> None:
    assert read_text(typed) == Meaning(typed)


@pytest.mark.parametrize("typed", [0, 0.0, "0", False, "x", FIFTH, ErrorValue("#N/A"), NoValue("A1")])
def test_what_says_anything_is_not_blank(typed: object) -> None:
    assert not is_blank(typed)


def test_a_formula_without_its_result_asks_for_it_in_a_cell_of_any_kind() -> None:
    unsolved = Meaning(None, Code.RESULT_MISSING, "=SUM(A1:A3)")
    for kind in Kind:
        column = Column("x", "某列", Fill.DEPARTMENT, kind)
        assert read_cell(NoValue("SUM(A1:A3)"), column, year=2026) == unsolved


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (ErrorValue("#DIV/0!"), "#DIV/0!"),
        ("#N/A", "#N/A"),
        ("#REF!", "#REF!"),
        ("########", "########"),
        ("Err:502", "Err:502"),
    ],
)
def test_an_error_is_one_in_a_cell_of_any_kind(typed: object, shown: str) -> None:
    broken = Meaning(None, Code.ERROR_VALUE, shown)
    for kind in Kind:
        assert read_cell(typed, Column("x", "某列", Fill.DEPARTMENT, kind), year=2026) == broken


# --- by column


@pytest.mark.parametrize(
    ("column", "typed", "meaning"),
    [
        (TASKS.column("invest_done"), "3.5亿元", Meaning(3.5)),
        (TASKS.column("invest_done"), "35000万元", Meaning(3.5, UNIT, "3.5亿元")),
        (TASKS.column("completed_on"), "11月5日", Meaning(FIFTH, YEAR, "2026-11-05")),
        (TASKS.column("status"), "滞后。", Meaning("滞后")),
        (TASKS.column("problems"), "无", Meaning("无")),
        (TASKS.column("person"), "007", Meaning("007")),
        (ISSUES.column("raised_on"), "2026.11.5", Meaning(FIFTH)),
        (indicator_sheet([2026]).column("data_period"), "三季度", Meaning("2026-Q3", YEAR, "2026年三季度")),
        (indicator_sheet([2026]).column("city_rank"), "第3名", Meaning(3.0)),
        (indicator_sheet([2026]).column("share"), 0.935, Meaning(0.935)),
        (indicator_sheet([2026]).column("share"), "93.5%", Meaning(0.935)),
        (indicator_sheet([2026]).column("share"), "", BLANK),
        (indicator_sheet([2026]).column("key"), "ABC1-K", Meaning("ABC1-K")),
    ],
)
def test_a_cell_is_read_by_its_column(column: Column, typed: object, meaning: Meaning) -> None:
    assert read_cell(typed, column, year=2026) == meaning


def test_the_unit_of_a_row_comes_first() -> None:
    value = indicator_sheet([2026]).column("value")
    assert read_cell("35亿元", value, unit="万元", year=2026) == Meaning(350000, UNIT, "350000万元")
    assert read_cell("35万元", TASKS.column("invest_done"), unit="万元", year=2026) == Meaning(35)


# --- one spelling


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (0.85, 0.8500000000000001),
        (0.85, "0.850000000000000000022"),
        (72, 72.0),
        (72.0, "72"),
        (72, "72.00"),
        (1234.5, "1,234.50"),
        ("007", 7),
        (0.0, "-0"),
        (1 / 3, 0.333333333333),
        (FIFTH, datetime(2026, 11, 5)),
        (FIFTH, "2026-11-05"),
        (FIFTH, "2026/11/5"),
        (FIFTH, "2026年11月5日"),
        (FIFTH, "2026-11-05 00:00:00"),
        ("区经信局（牵头）", "区经信局 (牵头)"),
        ("ＡＢ１", "AB1"),
        ("一\r\n二", "一二"),
        (None, ""),
        ("", "　"),
        (True, "TRUE"),
        (ErrorValue("#N/A"), "#N/A"),
    ],
)
def test_one_spelling_for_what_is_the_same(one: object, other: object) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (0.85, 0.86),
        (123456789012345, 123456789012346),
        ("330105199001011234", "330105199001011235"),
        ("900家", "900"),
        ("93%", 0.93),
        (0, ""),
        ("2026-11", "2026-10"),
        ("2026-02-30", "2026-03-02"),
    ],
)
def test_another_spelling_for_what_is_not(one: object, other: object) -> None:
    assert canonical(one) != canonical(other)


# --- properties

CELLS = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**20), 10**20), st.floats(), st.dates(), st.text()
)
NUMBERS = st.decimals(-(10**9), 10**9, places=3, allow_nan=False).map(float)
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
PERIODS = st.builds(period_of, DAYS, st.sampled_from([f for f in Frequency if f is not Frequency.WEEK]))
WEEKS = st.builds(period_of, st.dates(date(2000, 1, 3), date(2099, 12, 31)), st.just(Frequency.WEEK))


@given(NUMBERS)
@example(-0.0)
@example(1234567.5)
def test_a_number_written_in_any_way_is_read_back(number: float) -> None:
    plain, grouped = text_of(number), f"{number:,.3f}"
    spellings = [
        plain,
        grouped,
        f"{number:.3f}",
        f" {plain}　",
        plain.translate(FULL_WIDTH),
        grouped.translate(FULL_WIDTH),
        grouped.replace(",", "，"),
        plain.replace("-", "−"),
        plain.replace("-", "- "),
        f"{plain}亿元",
        f"{grouped} 亿元",
        f"{plain}亿",
        f"\u202a{plain}\u202c",
    ]
    for spelling in (number, *spellings):
        assert read_number(spelling, "亿元") == Meaning(number)
    assert read_number(f"{plain}%", "%") == Meaning(number)
    for spelling in (f"约{plain}", f"{plain}左右", f"{plain}余亿元", f"近{grouped}亿元"):
        assert read_number(spelling, "亿元") == Meaning(number, ROUGHLY, f"{plain}亿元")


@given(NUMBERS.filter(lambda n: abs(n) < 1e8))
def test_a_number_in_a_wider_unit_is_the_same_amount(number: float) -> None:
    there = read_number(f"{text_of(number)}亿元", "万元")
    back = read_number(there.detail, "亿元")
    assert there.code is back.code is UNIT
    assert back.value == number


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


def _digit_of_a_figure(c: str) -> bool:
    return c in "0123456789０１２３４５６７８９"


@given(st.text())
@example("inf")
@example("①②")
@example("²")
@example("٣")
@example("三十五")
def test_without_a_digit_nothing_is_a_number_or_a_date(text: str) -> None:
    assume(not any(map(_digit_of_a_figure, text)))
    assert read_number(text, "家").value is None
    assert read_date(text, 2026).value is None


@given(st.text(string.ascii_letters + string.digits + "+-.,_ ", min_size=1))
@example("1e5")
@example("0x10")
@example("1_0")
def test_with_a_letter_nothing_is_a_number(text: str) -> None:
    assume(any(c.isalpha() or c == "_" for c in text))
    assert read_number(text).value is None


@given(CELLS, st.sampled_from(Kind), st.sampled_from(["", "家", "亿元", "%", "万元/亩"]))
@example("35 40", Kind.NUMBER, "")
@example("9" * 5000, Kind.NUMBER, "")
@example("9" * 5000, Kind.PERIOD, "")
@example("1" * 5000 + "-1-1", Kind.DATE, "")
def test_any_cell_has_a_meaning_of_its_kind(cell: object, kind: Kind, unit: str) -> None:
    column = Column("x", "某列", Fill.DEPARTMENT, kind, choices=TASK_STATES)
    meaning = read_cell(cell, column, unit=unit, year=2026)
    kinds = {Kind.NUMBER: float, Kind.SHARE: float, Kind.DATE: date}
    assert meaning.value is None or type(meaning.value) is kinds.get(kind, str)
    if meaning.code is not None:
        is_error = meaning.code.rule.severity is Severity.ERROR
        assert is_error is (meaning.value is None)
        assert is_error or meaning.detail
    if kind is Kind.PERIOD and isinstance(meaning.value, str):
        assert parse_period(meaning.value).code == meaning.value


@pytest.mark.parametrize("piece", [" ", "1 ", "1,", "1.", "第1期(", "—", "亿", "#", "1年", "\u200b"])
def test_no_composed_text_takes_long(piece: str) -> None:
    cell = ("1" + piece * 32000)[:32000] + "1"
    start = process_time()
    for kind in Kind:
        read_cell(
            cell, Column("x", "某列", Fill.DEPARTMENT, kind, choices=TASK_STATES), unit="亿元", year=2026
        )
    assert process_time() - start < 2


@given(CELLS)
@example("a\u00b4b")
@example("1,234.50")
@example("1234567890123456.5")
@example("2026年11月5日")
@example(1e300)
@example("\ufdfa")
def test_a_spelling_is_its_own(cell: object) -> None:
    once = canonical(cell)
    assert canonical(once) == once
    assert not any(c.isspace() for c in once)


@given(CELLS)
def test_what_was_typed_is_seen_whole(cell: object) -> None:
    text = text_of(cell)
    assert text_of(text) == text == text.strip()
    assert all(c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs") for c in text)
    text.encode()
