"""Figures that are out by ten thousand or a hundred, and what their writers seem to have had in mind."""

import pytest

from tenproj_xl.core.scales import slip


@pytest.mark.parametrize(
    ("value", "other", "unit", "guess"),
    [
        (125000.0, 10.2, "亿元", "单位为万元"),
        (1.25e9, 10.2, "亿元", "单位为元"),
        (12.5, 102000.0, "万元", "单位为亿元"),
        (125000000.0, 10200.0, "万元", "单位为元"),
        (0.97, 9180.0, "家", "单位为万家"),
        (3.2, 31000.0, "元/平方米", "单位为万元/平方米"),
        (0.93, 91.0, "%", "把百分数填成了小数"),
        (9300.0, 91.0, "%", "多乘了100"),
    ],
)
def test_a_slip_is_called_by_its_name(value: float, other: float, unit: str, guess: str) -> None:
    found = slip(value, other, unit)
    assert found
    assert found.guess == guess


@pytest.mark.parametrize(
    ("value", "other", "unit"),
    [
        (12.5, 10.2, "亿元"),  # as it should be
        (125.0, 10.2, "亿元"),  # a digit too many
        (1250.0, 10.2, "亿元"),  # a decimal point lost: no unit is a hundred of another
        (0.0, 10.2, "亿元"),
        (12.5, 0.0, "亿元"),
        (-125000.0, 10.2, "亿元"),
        (93.0, 91.0, "%"),
        (9.1, 91.0, "%"),
        (125000.0, 10.2, ""),
    ],
)
def test_what_is_no_slip_of_units_is_called_none(value: float, other: float, unit: str) -> None:
    assert slip(value, other, unit) is None


def test_a_slip_tells_how_the_figure_should_be_written() -> None:
    found = slip(125000.0, 10.2, "亿元")
    assert found
    assert (found.factor, found.advice) == (1e4, "这里应按亿元填写")
