"""A remark that names the figure beside it, in whatever unit, goes with it; another figure is asked about."""

from pathlib import Path

import pytest

from tenproj_xl.app.check import check
from tenproj_xl.core.catalogue import Code
from tests.helpers.filling import Office, sent_out
from tests.helpers.small_weeks import figure, small_workspace

INVESTED, COMPLETED = "Z01-01", "Z01-11"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return sent_out(small_workspace(tmp_path / "工作区"), "2026-W48")


def asked_about(office: Office, remarks: dict[str, str]) -> list[str]:
    """Return the indicators of which the remark is asked about, beside 29.74 亿元 and 84.96 %."""
    form = office.right("01")
    form.write("indicators", INVESTED, **figure(29.74, "部门统计"))
    form.write("indicators", COMPLETED, value="84.96%")
    for code, remark in remarks.items():
        form.write("indicators", code, remark=remark)
    path = form.save(office.workspace.root / "01.xlsx")
    [result] = check(office.workspace, [path], office.period).files
    return [found.row for found in result.findings if found.code is Code.REMARK_AGAINST]


@pytest.mark.parametrize(
    ("invested", "completed"),
    [
        ("更正为297400万元", "更正为0.8496"),
        ("以统计局公布的297400万元为准", "应为0.8496为准"),
        ("应为29.74亿", "更正为84.96%"),
        ("以市统计局反馈的29.740亿元为准", "改为84.96"),
    ],
)
def test_a_remark_that_names_the_figure_in_another_unit_is_not_asked_about(
    office: Office, invested: str, completed: str
) -> None:
    assert asked_about(office, {INVESTED: invested, COMPLETED: completed}) == []


@pytest.mark.parametrize(
    ("invested", "completed"), [("更正为297500万元", "更正为0.85"), ("应为29.74万元", "应为8.496%")]
)
def test_a_remark_that_names_another_figure_is_asked_about(
    office: Office, invested: str, completed: str
) -> None:
    assert asked_about(office, {INVESTED: invested, COMPLETED: completed}) == [INVESTED, COMPLETED]


@pytest.mark.parametrize(
    "remark", ["单位写错", "单位搬迁", "单位已更换经办人", "单位：见计量单位", "单位：亿元"]
)
def test_a_remark_about_a_unit_that_is_none_of_measure_is_not_held_against_the_figure(
    office: Office, remark: str
) -> None:
    assert asked_about(office, {INVESTED: remark}) == []


@pytest.mark.parametrize("remark", ["单位：万元", "计量单位为亩", "单位万元"])
def test_a_remark_that_names_another_unit_of_measure_is_asked_about(office: Office, remark: str) -> None:
    assert asked_about(office, {INVESTED: remark}) == [INVESTED]
