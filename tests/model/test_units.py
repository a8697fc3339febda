"""Names of units as people write them, and the unit that an issue belongs to."""

from dataclasses import replace

import pytest

from tenproj_xl.model.plan import Plan, Unit
from tenproj_xl.model.units import issue_unit, unit_in, unit_named, why_unclear
from tests.helpers import rollup_example as ex


def planned(*names: str) -> Plan:
    units = [
        Unit(name=name, current_name="", short=name[1:], starts=None, ends=None, successor="")
        for name in names
    ]
    plan = ex.plan()
    return replace(plan, units=(*plan.units, *units))


BUREAUS = planned("区发改经信局", "区科技局", "区委宣传部（区新闻办、区文明办）")


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("区科技局", "区科技局"),
        ("科技局", "区科技局"),
        (" 区 科技局（牵头）", "区科技局"),
        ("区发改经信局(区委社建委)", "区发改经信局"),
        ("区委宣传部", "区委宣传部"),
        ("区委宣传部（区新闻办、区文明办）", "区委宣传部"),
        ("区天文局", None),
        ("（牵头）", None),
        (None, None),
    ],
)
def test_a_unit_goes_by_its_names_with_or_without_what_stands_in_brackets(
    text: str | None, unit: str | None
) -> None:
    assert unit_named(text, BUREAUS) == unit


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("区科技局/区发改经信局", "区科技局"),
        ("区天文局；区科技局", "区科技局"),
        ("区委宣传部（区新闻办、区文明办）、区科技局", "区委宣传部"),
        ("区科技局 （牵头）\n区发改经信局", "区科技局"),
        ("发改经信、区科技局", "区发改经信局"),
        ("区科技局和区发改经信局", "区科技局"),
        ("区科技局信息中心", "区科技局"),
        ("区委", "甲局"),
        ("区天文局", "甲局"),
        (None, "甲局"),
    ],
)
def test_an_issue_belongs_to_the_first_unit_of_its_list_that_the_plan_has(
    text: str | None, unit: str
) -> None:
    assert issue_unit({"unit": text}, BUREAUS.task_force("01"), BUREAUS) == unit


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("区科技局", ""),
        ("科技局（牵头）、区科技局", ""),
        ("区科技局/区发改经信局", "不止一个单位"),
        ("区科技局和区发改经信局", "不止一个单位"),
        ("发改经信、区科技局", "不止一个单位"),
        ("区天文局；区科技局", "不是工作计划里的单位"),
        ("相关部门", "不是工作计划里的单位"),
    ],
)
def test_it_is_asked_which_one_unit_answers_for_an_issue(text: str, why: str) -> None:
    assert why_unclear(text, BUREAUS) == why


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("收件/区科技局/第10期", "区科技局"),
        ("区科技局转区发改经信局", "区发改经信局"),
        ("科技局张三 <zhang@example.org>", "区科技局"),
        ("张三", None),
        ("", None),
    ],
)
def test_a_text_names_the_unit_with_the_longest_name_in_it(text: str, unit: str | None) -> None:
    assert unit_in(text, BUREAUS) == unit
