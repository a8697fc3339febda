"""Numbers in Chinese, written and read back."""

from decimal import Decimal

import pytest

from tenproj_xl.core.numerals import numeral, read_numeral


def test_every_number_below_ten_thousand_is_read_as_it_is_written() -> None:
    assert all(read_numeral(numeral(number)) == number for number in range(1, 10_000))


@pytest.mark.parametrize(
    ("text", "number"), [("两百", "200"), ("九十二点四八", "92.48"), ("零点五", "0.5"), ("一百〇五", "105")]
)
def test_figures_in_words_are_read(text: str, number: str) -> None:
    assert read_numeral(text) == Decimal(number)


@pytest.mark.parametrize("text", ["", "百", "十四五", "二〇二六", "七八十", "一百五", "一体", "3"])
def test_other_words_are_no_numbers(text: str) -> None:
    assert read_numeral(text) is None
