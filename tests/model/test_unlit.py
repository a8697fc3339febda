"""Which indicators get no light in a year, and why: what the office reads before the year begins."""

import pytest

from tenproj_xl.model.settings_reader import default_settings
from tenproj_xl.model.unlit import NoLight, unlit_indicators
from tests.helpers.small_plan import small_plan


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        # Z01-04 is judged at the end of the year, Z01-13 in words; Z01-08 has no baseline; the target of Z01-15 is derived.
        (2026, {"Z01-04": "不按序时", "Z01-08": "无基期", "Z01-13": "不按序时", "Z01-15": "无本年目标"}),
        # Flows without a target of 2027; Z01-05 has one, and levels go on towards theirs.
        (
            2027,
            {
                **dict.fromkeys(("Z01-01", "Z01-02", "Z01-03", "Z01-04", "Z01-11", "Z01-14"), "无本年目标"),
                "Z01-08": "无基期",
                "Z01-13": "不按序时",
                "Z01-15": "无本年目标",
            },
        ),
    ],
)
def test_each_indicator_without_a_light_has_its_reason(year: int, expected: dict[str, str]) -> None:
    found = unlit_indicators(small_plan(), year, default_settings())
    assert {line.indicator.code: line.reason.label for line in found} == dict(sorted(expected.items()))


def test_every_reason_says_what_to_do() -> None:
    assert all(reason.remedy for reason in NoLight)
