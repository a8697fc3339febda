"""Number formats: what a cell shows of its number."""

import pytest

from tenproj_xl.reading.number_formats import hides, is_per_cent, says_more, shown_number

ACCOUNTS = '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ '


@pytest.mark.parametrize(
    ("number", "code", "shown"),
    [
        (297400, '0"万元"', "297400万元"),
        (764.59, '0.0"亿元"', "764.59亿元"),  # rounded on the screen, not in what is meant
        (2974000000, '0!.00,,"亿元"', "29.74亿元"),
        (2974000000, '0\\.00,,"亿元"', "29.74亿元"),
        (297400, "0!.0,万", "29.7万"),
        (123456, '#,##0,"千"', "123千"),
        (29, "0家", "29家"),
        (-3, '0"家";-0"家"', "-3家"),
        (5, '"约"0.0', "约5"),
    ],
)
def test_a_format_that_says_more_shows_what_is_seen(number: float, code: str, shown: str) -> None:
    assert says_more(code)
    assert shown_number(number, code) == shown


@pytest.mark.parametrize(
    "code", ["", "General", "0.00", "#,##0", "@", ACCOUNTS, "0.00_);[Red](0.00)", "[$¥-804]0.00"]
)
def test_a_plain_format_says_no_more_than_the_number(code: str) -> None:
    assert not says_more(code)
    assert not hides(code)


@pytest.mark.parametrize("code", ['yyyy"年"m"月"', '[>100]0"万元";0"元"', '0.0E+0"元"'])
def test_what_is_not_understood_is_left_to_the_number(code: str) -> None:
    assert shown_number(45_987, code) == ""


def test_formats_that_hide_and_that_show_per_cent_are_known() -> None:
    assert hides(";;;")
    assert hides('"";"";') is False
    assert is_per_cent("0.00%")
    assert not is_per_cent('0.00"%"')
