"""Figures that wait for the office, in words."""

import pytest

from tenproj_xl.core.cells import Value
from tenproj_xl.core.states import State
from tenproj_xl.model.reviews import NamedReview, Review


@pytest.mark.parametrize(
    ("was", "now", "unit", "told"),
    [
        (121.0, 119.0, "亿元", "121→119亿元"),
        (98.5, 97.0, "个百分点", "98.5→97个百分点"),
        ("achieved", "failed", "—", "已实现→未实现"),
    ],
)
def test_a_change_is_told_with_its_unit_and_words_as_they_were_chosen(
    was: Value, now: Value, unit: str, told: str
) -> None:
    review = Review(
        sha256="",
        code="Z01-01",
        period="2026-W48",
        data_period="2026",
        was=was,
        value=now,
        told=State.MET,
        state=State.MISSED,
        paper="",
    )
    assert NamedReview(review=review, code="Z01-01", name="", unit=unit).change == told
