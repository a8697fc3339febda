"""上级排名: which indicator a line is about, however the office writes it."""

import pytest

from tenproj_xl.core.periods import parse_period
from tenproj_xl.model.plan import Measure
from tenproj_xl.model.rankings import Ranking, subject_of
from tests.helpers import rollup_example as ex

TARGET = ex.target("2026", "以上", 100.0)
PLAN = ex.plan(
    indicators=(
        ex.indicator("Z01-01", Measure.ANNUAL, TARGET, name="技术交易总额"),
        ex.indicator("Z01-02", Measure.ANNUAL, TARGET, name="亩均税收（万元/亩）"),
        ex.indicator("Z01-03", Measure.ANNUAL, TARGET, name="用电量（上半年）"),
        ex.indicator("Z01-04", Measure.ANNUAL, TARGET, name="用电量（全年）"),
    )
)


def subject(said: str) -> str:
    line = Ranking(subject=said, period=parse_period("2026-10"), rank=3, of=13, score=None, basis="")
    return subject_of(line, PLAN)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("z01-01", "Z01-01"),
        ("Ｚ01-01 技术交易总额", "Z01-01"),
        ("技术交易总额全市排名", "Z01-01"),
        ("技术交易总额 排位", "Z01-01"),
        ("技术交易总额（亿元）", "Z01-01"),
        ("技术交易总额（亿元）在全省的位次", "Z01-01"),
        ("亩均税收", "Z01-02"),
        ("亩均税收(万元/亩)排名", "Z01-02"),
        ("Z01-02亩均税收", "Z01-02"),
        ("用电量(全年)", "Z01-04"),
    ],
)
def test_an_indicator_is_known_in_any_case_without_its_brackets_and_called_a_rank(
    said: str, code: str
) -> None:
    assert subject(said) == code


def test_what_two_indicators_are_called_is_neither() -> None:
    assert subject("用电量") == "用电量"


def test_a_whole_keeps_what_stands_in_its_brackets() -> None:
    assert subject("综合考评（平原组）排名") == subject("综合考评（平原组）")
    assert subject("综合考评（平原组）") != subject("综合考评（山区组）")
