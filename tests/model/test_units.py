"""Names of units as people write them, and the unit that an issue belongs to."""

from dataclasses import replace

import pytest

from tenproj_xl.model.history import History
from tenproj_xl.model.plan import Plan, Unit
from tenproj_xl.model.units import (
    hints_at_unit,
    issue_unit,
    of_whole_unit,
    of_whole_units,
    reporting_units,
    unit_in,
    unit_named,
    units_meant,
    why_unclear,
)
from tests.helpers import rollup_example as ex


def planned(*names: str) -> Plan:
    units = [
        Unit(name=name, current_name="", short=name[1:], starts=None, ends=None, successor="")
        for name in names
    ]
    plan = ex.plan()
    return replace(plan, units=(*plan.units, *units))


def of_district(plan: Plan, region: str) -> Plan:
    return replace(plan, programme=replace(plan.programme, region=region))


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


BRANCHES = of_district(planned("规划资源拱墅分局", "交通运输执法拱墅大队", "区住建局", "区科技局"), "拱墅区")


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("市规划资源拱墅分局", ("规划资源拱墅分局",)),
        ("杭州市规划资源拱墅分局", ("规划资源拱墅分局",)),
        ("市交通运输执法拱墅大队", ("交通运输执法拱墅大队",)),
        ("市规划资源拱墅分局、区住建局", ("规划资源拱墅分局", "区住建局")),
        ("杭州市拱墅区科技局", ("区科技局",)),
        ("市科技局会同区科技局", ("区科技局",)),
        ("市科技局", ()),
        ("省科技厅", ()),
    ],
)
def test_a_branch_of_the_city_in_the_district_is_ours_and_a_bureau_of_the_city_is_not(
    text: str, units: tuple[str, ...]
) -> None:
    assert units_meant(text, BRANCHES) == units
    assert hints_at_unit(text, BRANCHES) == bool(units)
    assert unit_in(text, BRANCHES) in (units or (None,))


@pytest.mark.parametrize("text", ["科技局", "区科技局办", "委宣传部", "发改经信"])
def test_most_of_a_name_hints_at_a_unit(text: str) -> None:
    assert hints_at_unit(text, BUREAUS)


def test_a_unit_owes_a_return_for_what_it_leads_and_for_its_open_rows_and_issues() -> None:
    plan = replace(
        planned("丙局", "丁局", "戊局"),
        tasks=(ex.task("R01-01", reporting_unit="丙局"), ex.task("R02-01", reporting_unit="丁局")),
    )
    known = History((ex.row("tasks", "R02-01", {"status": "已完成"}), ex.issue("Q02-001", unit="戊局")))
    owed = {name: of_whole_unit(name, plan, known).owes for name in ("甲局", "乙局", "丙局", "丁局", "戊局")}
    assert owed == {"甲局": ("01",), "乙局": ("02", "03"), "丙局": ("01",), "丁局": (), "戊局": ("02",)}
    assert [unit.code for unit in of_whole_units(plan, known)] == ["甲局", "乙局", "丙局", "戊局"]
    first, second, _ = plan.task_forces
    assert reporting_units(first, plan, known) == ("丙局",)
    assert reporting_units(second, plan, known) == ("戊局",), "who leads and reports nothing owes no rows"
