"""Numbers: left what stands in the cell, right what it is taken for."""

import string
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.meaning import Meaning
from tenproj_xl.core.numbers import read_number
from tenproj_xl.core.texts import text_of
from tests.helpers.values import FULL_WIDTH

UNIT, ROUGHLY = Code.UNIT_GUESSED, Code.READ_ROUGHLY
NUMBERS = st.decimals(-(10**9), 10**9, places=3, allow_nan=False).map(float)


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
        ("第一", "", 1),
        ("全市第十二名", "", 12),
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


@given(st.text(string.ascii_letters + string.digits + "+-.,_ ", min_size=1))
@example("1e5")
@example("0x10")
@example("1_0")
def test_with_a_letter_nothing_is_a_number(text: str) -> None:
    assume(any(c.isalpha() or c == "_" for c in text))
    assert read_number(text).value is None
