"""Texts: how what stands in a cell is spelled, and which spellings are the same."""

import unicodedata
from datetime import date, datetime, time

import pytest
from hypothesis import example, given

from tenproj_xl.core.cells import ErrorValue, NoValue
from tenproj_xl.core.texts import SHORT, canonical, is_blank, is_error, is_mark, text_of
from tests.helpers.values import CELLS

FIFTH = date(2026, 11, 5)


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


@pytest.mark.parametrize("typed", [0, 0.0, "0", False, "x", FIFTH, ErrorValue("#N/A"), NoValue("A1")])
def test_what_says_anything_is_not_blank(typed: object) -> None:
    assert not is_blank(typed)


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


@pytest.mark.parametrize("blanks", [0, SHORT])
def test_a_long_text_says_what_a_short_one_says(blanks: int) -> None:
    around = " " * blanks
    assert is_blank(f"{around}未发布")
    assert is_error(f"{around}#N/A")
    assert is_mark(f"{around}——")
    assert not is_blank(f"{around}已开工")
