"""Identity numbers in texts: the check character and the date of birth decide, and neighbours do not count."""

import pytest

from tenproj_xl.core.identity_numbers import has_identity_number, without_identity_numbers


@pytest.mark.parametrize(
    "text",
    [
        "11010519491231002X",
        "联系人张三１１０１０５１９４９１２３１００２x。",
        "11010519491231002X,13800000000",
        "身份证110105 19491231 002X",
        "110105-19491231-002X",
        "序号1 1101 0519 4912 3100 2X",
        "3幢1202 110105 19491231 002X",
        "11-30 110105 19491231 002X",
        "工号1237 110105 19491231 002X",
    ],
)
def test_an_identity_number_is_found_however_it_is_typed(text: str) -> None:
    assert has_identity_number(text)
    assert "1949" not in without_identity_numbers(text).replace("１９４９", "1949")


def test_only_the_number_is_masked_and_not_the_digits_beside_it() -> None:
    text = "3幢1202 110105 19491231 002X、11-30 110105-19491231-002X已签"
    assert without_identity_numbers(text) == "3幢1202 ***、11-30 ***已签"


@pytest.mark.parametrize(
    "text",
    [
        "110105194912310022",  # another check character
        "110105194913310021",  # no month 13, though the check character is right
        "011010519491231002X",  # part of a longer number
        "110105 19491231 0022",
        "110105 19491231 002X1",
        "拱政办发〔2023〕12号，总投资123456789.12万元",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert not has_identity_number(text)
    assert without_identity_numbers(text) == text
