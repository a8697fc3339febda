"""What a cell shows of a number, by its format."""

import pytest

from tenproj_xl.core.shares import HUNDREDTHS_FORMAT, SHARE_FORMAT
from tenproj_xl.reading.picture.numbers import general, shown, shown_text


@pytest.mark.parametrize(
    ("number", "code", "seen"),
    [
        (72.5, "General", "72.5"),
        (0.1 + 0.2, "General", "0.3"),
        (1e15, "General", "1E+15"),
        (0.914, "0.0%", "91.4%"),
        (3, '0"*"', "3*"),
        (1.2, SHARE_FORMAT, "120.0%"),
        (1, SHARE_FORMAT, "100.0%"),
        (0.99975, SHARE_FORMAT, "99.9%"),
        (0.9994, SHARE_FORMAT, "99.9%"),
        (-0.05, SHARE_FORMAT, "-5.0%"),
        (99.975, HUNDREDTHS_FORMAT, "99.9"),
        (100, HUNDREDTHS_FORMAT, "100.0"),
        (7, "[<5]0;[=7]0.0;0.00", "7.0"),
        (6, "[<5]0;0.00", "6.00"),
        (0.5, f"{SHARE_FORMAT};@", "50.0%"),
        (-5, '[<0]"-"0;0', "-5"),
        (-5, r"[Red][<0]\-0;0", "-5"),
        (-5, "[<0]0;0", "-5"),
        (-12, "[<-100]0;[Red]-0;0", "-12"),
        (-1.25, "+0.0;-0.0;0.0", "-1.3"),
        (0, '+0;-0;"—"', "—"),
        (0, "0;;;", ""),
        (12.3, 'General"｜26年9月"', "12.3｜26年9月"),
        (1234567.891, "#,##0.00", "1,234,567.89"),
        (-0.04, "0.0", "0.0"),
        (12.5, "0.##", "12.5"),
        (12, "0.##", "12"),
        (3, "000", "003"),
        (1234567, '0.0,"千"', "1234.6千"),
        (5, "[Red]0", "5"),
        (46355, "yyyy-mm-dd", "2026-11-29"),
        (46355, 'm"月"d"日"', "11月29日"),
        (46355.4375, "yyyy/m/d h:mm", "2026/11/29 10:30"),
        (0.75, "h:mm AM/PM", "6:00 下午"),
        (-3, "yyyy-mm-dd", "########"),
    ],
)
def test_a_number_is_seen_as_its_format_says(number: float, code: str, seen: str) -> None:
    assert shown(number, code) == seen


def test_a_text_is_seen_as_the_fourth_section_says() -> None:
    assert shown_text("无", "0;-0;0;@") == "无"
    assert shown_text("无", '0;-0;0;"["@"]"') == "[无]"
    assert shown_text("无", "0.0") == "无"


def test_a_number_of_no_format_has_at_most_eleven_digits() -> None:
    assert general(99_999_999_999) == "99999999999"
    assert general(1 / 3) == "0.3333333333"


def test_a_date_of_a_workbook_from_1904_is_four_years_later() -> None:
    assert shown(0, "yyyy-mm-dd", epoch_1904=True) == "1904-01-01"
