"""上级排名: what superiors say stands beside ours, counts before what units say, and is asked about."""

from pathlib import Path

import pytest

from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.merge import merge
from tenproj_xl.app.workspace import check_workbooks
from tenproj_xl.core.catalogue import Code
from tests.helpers.filling import Office
from tests.helpers.rollup_reading import opened, table
from tests.helpers.settings_book import add_line

SHEET, CODE = "上级排名", "Z03-04"


@pytest.fixture
def ranked(week: Office) -> Office:
    """Return an office that has entered the ranks of an indicator for two months, and of the whole."""
    add_line(week.workspace, SHEET, CODE, "2026-09", 6, 13, None, "市统计局10月通报")
    add_line(week.workspace, SHEET, CODE, "2026-10", 11, 13, None, "市统计局11月通报")
    add_line(week.workspace, SHEET, "全市综合排名", "2026-Q2", 5, 13, 86.1, "市晾晒通报第2期")
    add_line(week.workspace, SHEET, "全市综合排名", "2026-Q3", 4, 13, 87.2, "市晾晒通报第3期")
    return week


def returned(office: Office, **cells: object) -> list[str]:
    form = office.right("03")
    form.write("indicators", CODE, data_period="2026年10月", **cells)
    office.send(form)
    (result,) = ingest(office.workspace, office.period).files
    return [f.message for f in result.findings if f.code is Code.RANK_DIFFERS]


def rollup(office: Office) -> Path:
    return merge(office.workspace, office.period).rollup


@pytest.mark.provokes(Code.RANK_DIFFERS)
def test_a_unit_that_says_another_rank_is_asked_and_the_office_counts(ranked: Office) -> None:
    (asked,) = returned(ranked, city_rank=3)
    assert "填了“3”，2026年10月的通报为第11名，汇总按通报，请核对" in asked
    path = rollup(ranked)
    ours = table(path, "主要指标").set_index("编号").loc[CODE]
    assert ours["全市排名"] == 11
    line = table(path, SHEET, "排什么").iloc[1]
    assert (line["编号"], line["名次"], line["单位填的名次"]) == (CODE, 11, 3)


def test_a_unit_that_says_the_same_rank_or_none_is_not_asked(ranked: Office) -> None:
    assert returned(ranked, city_rank=11) == []
    assert table(rollup(ranked), SHEET, "排什么").iloc[1]["单位填的名次"] in (None, "")


def test_the_whole_stands_first_then_what_pulls_down_with_how_far_it_has_moved(ranked: Office) -> None:
    path = rollup(ranked)
    lines = table(path, SHEET, "排什么")
    assert lines["排什么"].tolist() == ["全市综合排名", "技术交易总额"]
    assert lines["变动"].tolist() == ["前移", "后退"]
    assert lines["前移（位）"].tolist() == [1, -5]
    assert lines["拖后"].tolist() == ["否", "是"]
    assert "拖后的指标：技术交易总额（第11名，共13家）。" in str(opened(path)[SHEET]["C2"].value)


def test_an_indicator_is_known_by_its_name_and_the_whole_whether_called_a_rank_or_not(week: Office) -> None:
    add_line(week.workspace, SHEET, "高价值发明专利拥有量", "2026-Q2", 4, 13, None, "市通报")
    add_line(week.workspace, SHEET, "Z03-05", "2026-Q3", 9, 13, None, "市科技局通报")
    add_line(week.workspace, SHEET, "综合", "2026-Q2", 3, 13, 88.1, "市晾晒")
    add_line(week.workspace, SHEET, "综合排名", "2026-Q3", 5, 13, 87.2, "市晾晒")
    lines = table(rollup(week), SHEET, "排什么")
    assert lines["排什么"].tolist() == ["综合排名", "高价值发明专利拥有量"]
    assert lines["编号"].tolist() == ["", "Z03-05"]
    assert lines["前移（位）"].tolist() == [-2, -5]
    assert lines["变动"].tolist() == ["后退", "后退"]


def test_a_rank_that_is_entered_by_name_counts_before_what_the_unit_says(week: Office) -> None:
    add_line(week.workspace, SHEET, "技术交易总额", "2026-10", 11, 13, None, "市统计局11月通报")
    (asked,) = returned(week, city_rank=3)
    assert "2026年10月的通报为第11名" in asked
    assert table(rollup(week), "主要指标").set_index("编号").loc[CODE]["全市排名"] == 11


@pytest.mark.parametrize(
    ("first", "second"),
    [("Z03-05", "高价值发明专利拥有量"), ("综合排名", "综合"), ("全市综合排名", "全市综合排名")],
)
def test_what_is_ranked_twice_for_a_period_is_told_by_whatever_names(
    week: Office, first: str, second: str
) -> None:
    add_line(week.workspace, SHEET, first, "2026-Q3", 9, 13, None, "市通报")
    add_line(week.workspace, SHEET, second, "2026-Q3", 3, 13, None, "市通报（更正）")
    add_line(week.workspace, SHEET, second, "2026-Q2", 3, 13, None, "市通报")
    _, findings = check_workbooks(week.workspace)
    (fault,) = (one for one in findings if one.code is Code.SETTING_TWICE)
    assert f"“{second}”2026年三季度的排名已在第3行登记，请只保留一行。" in fault.message


def test_an_indicator_that_is_not_in_the_plan_is_named_above_the_sheet(week: Office) -> None:
    add_line(week.workspace, SHEET, "Z03-99", "2026-10", 2, 13, None, "市通报")
    assert "Z03-99不在工作计划里，请核对编号。" in str(opened(rollup(week))[SHEET]["C2"].value)


def test_ranks_are_for_leaders_alone(ranked: Office) -> None:
    done = merge(ranked.workspace, ranked.period)
    (public,) = (path for path in done.beside if path.name.endswith("晾晒版.xlsx"))
    assert SHEET not in opened(public).sheetnames


def test_without_entries_the_sheet_says_where_to_enter_them(week: Office) -> None:
    assert "请在“设置.xlsx”的“上级排名”登记" in str(opened(rollup(week))[SHEET]["A4"].value)


def test_how_many_are_ranked_is_not_made_up_where_nobody_says(week: Office) -> None:
    add_line(week.workspace, SHEET, CODE, "2026-10", 11, None, None, "市统计局11月通报")
    line = table(rollup(week), SHEET, "排什么").iloc[0]
    assert (line["名次"], line["共几家"], line["拖后"]) == (11, "", "否")
