"""Number formats: what a cell shows of its number."""

from xml.etree import ElementTree as ET

import pytest

from tenproj_xl.reading.number_formats import hides, is_per_cent, says_more, shown_number
from tenproj_xl.reading.ods_looks import OdsLooks, seen_in

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
        (98000, '[>=10000]0!.0,"万元";0"元"', "9.8万元"),
        (980, '[>=10000]0!.0,"万元";0"元"', "980元"),
        (98000, "[>=1000]#,##0.00,;0.00", "98.00"),
        (98000, '[>=10000]0!.0,"万元"', "9.8万元"),
        (-5, '[<0]-0.00"亿元";0.00"亿元"', "-5亿元"),
        (-5, '[Red][<0]-0.00"亿元";0.00"亿元"', "-5亿元"),
        (-20000, '[>=10000]0!.0,"万";[<=-10000]-0!.0,"万";0', "-2.0万"),
        (-5, '[>=10000]0!.0,"万";0"家"', "-5家"),
        (0, '[=1]"一"0;[<0]"负"0;0"家"', "0家"),
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


@pytest.mark.parametrize(
    "code",
    [
        'yyyy"年"m"月"',
        '[>1.2.3]0"万";0',
        '[>99999]0"万";[>88888]0"亿"',
        '[>99999]0"万"',
        '0"万";[>1]0',
        '0.0E+0"元"',
    ],
)
def test_what_is_not_understood_is_left_to_the_number(code: str) -> None:
    assert shown_number(45_987, code) == ""


def test_formats_that_hide_and_that_show_per_cent_are_known() -> None:
    assert hides(";;;")
    assert hides('"";"";') is False
    assert is_per_cent("0.00%")
    assert not is_per_cent('0.00"%"')


@pytest.mark.parametrize(
    ("value", "text", "shown"),
    [
        (98000, "98.00", "98.00"),
        (1419340, "1,419.34", "1,419.34"),
        (2974000000, "2,974", "2,974"),
        (20000, "2.0", "2.0"),
        (98.004, "98.00", ""),
        (98000, "98,000.00", ""),
        (0, "0.00", ""),
        (5, "0.02", ""),
    ],
)
def test_an_ods_shows_a_number_divided_by_thousands_or_as_it_is(value: float, text: str, shown: str) -> None:
    space = "urn:oasis:names:tc:opendocument:xmlns:"
    cell = ET.fromstring(  # written here
        f'<c xmlns:o="{space}office:1.0" xmlns:t="{space}text:1.0" o:value-type="float"><t:p>{text}</t:p></c>'
    )
    assert seen_in(cell, float(value), OdsLooks()).text == shown
