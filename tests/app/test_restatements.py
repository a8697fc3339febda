"""A figure that takes the place of another one for its data period is never silent: kind, papers, who, when and why."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.merge import merge
from tenproj_xl.app.report import report
from tenproj_xl.app.withdraw import withdraw
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.excel.office_tables import write_workbook
from tenproj_xl.model.plan_schema import INDICATORS, PLAN_SHEETS, TARGETS, TASK_FORCES, TASKS
from tests.helpers.filling import Office, sent_out
from tests.helpers.rollup_reading import one, table
from tests.helpers.settings_book import set_parameter
from tests.helpers.shared import made_once
from tests.helpers.small_plan import small_tables
from tests.helpers.small_weeks import figure, merged, send, small_workspace

CODE, STOCK, RATE = "Z01-01", "Z01-07", "Z01-12"
SHEET = "数据修订和更正"
PLACES = ("原晾晒名次", "现晾晒名次", "改变评价或名次")
EXPLAINED = {"lag_reason": "重新核对", "next_steps": "逐项核对"}


@pytest.fixture(scope="module")
def _reported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def make(folder: Path) -> None:
        workspace = small_workspace(folder)
        answers = {
            ("indicators", CODE): figure(30, "部门统计"),
            ("indicators", RATE): figure(1.5, "部门统计"),
        }
        merged(workspace, "2026-W47", answers)
        sent_out(workspace, "2026-W48")

    return made_once(tmp_path_factory, "restated", make)


@pytest.fixture
def office(_reported: Path, tmp_path: Path) -> Office:
    """W47 told 30亿元 for October; the forms of W48 are out."""
    folder = tmp_path / "工作区"
    shutil.copytree(_reported, folder)
    return Office.of(Workspace(folder), "2026-W48")


def restated(office: Office, period: str = "2026-W48") -> tuple[pd.DataFrame, Path]:
    rollup = merge(office.workspace, period).rollup
    return table(rollup, SHEET), rollup


def listed(lines: pd.DataFrame) -> list[list[object]]:
    columns = ["编号", "数据所属期", "类别", "原数", "现数", "差额", "差额单位", "改变评价或名次"]
    return lines[columns].to_numpy().tolist()


def test_a_figure_whose_nature_rises_is_a_statistical_revision(office: Office) -> None:
    send(office, {("indicators", CODE): figure(31.5, "统计快报")})
    lines, _ = restated(office)
    assert listed(lines) == [[CODE, "2026年10月", "统计修订", 30.0, 31.5, 1.5, "亿元", "否"]]


def test_one_of_no_higher_nature_was_a_mistake_told_with_paper_sender_and_reason(office: Office) -> None:
    answer = figure(12, "部门统计", verification="多算了两个项目", **EXPLAINED)
    send(office, {("indicators", CODE): answer})
    lines, rollup = restated(office)
    assert listed(lines) == [[CODE, "2026年10月", "填报有误", 30.0, 12.0, -18.0, "亿元", "是"]]
    headers = ("首次公布", "公布在", "原评价", "现评价", "谁改的", "何时", "为何")
    assert [one(lines, CODE, header) for header in headers] == [
        30.0,
        "2026年第47周汇总（未印发）",
        "达序时",
        "滞后",
        "区发改经信局",
        "2026-11-27 14:00",
        "多算了两个项目",
    ]
    changes = table(rollup, "本期变化")
    told = changes[changes["变化"] == "数据修订"][["编号", "上期", "本期", "单位自述的原因、进展"]]
    before, after = "30（2026年10月，达序时）", "12（2026年10月，滞后）"
    assert told.to_numpy().tolist() == [[CODE, before, after, "填报有误：多算了两个项目"]]


def test_a_figure_of_a_year_replaces_that_of_its_december_whose_paper_is_told(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path / "工作区")
    merged(workspace, "2026-W47", {("indicators", STOCK): figure(910, "统计快报", "2025年12月")})
    office = sent_out(workspace, "2026-W48")
    send(office, {("indicators", STOCK): figure(920, "统计核定", "2025年")})
    lines, _ = restated(office)
    told = [one(lines, STOCK, header) for header in ("数据所属期", "首次公布", "公布在", "原数", "现数")]
    assert told == ["2025年", 910.0, "2026年第47周汇总（未印发）", 910.0, 920.0]


def test_another_way_of_counting_is_found_by_what_the_unit_says(office: Office) -> None:
    send(office, {("indicators", RATE): figure(1.2, "部门统计", remark="统计口径有调整")})
    lines, _ = restated(office)
    assert listed(lines) == [[RATE, "2026年10月", "口径调整", 1.5, 1.2, -0.3, "百分点", "否"]]


def test_a_way_of_counting_that_did_not_change_is_no_reason(office: Office) -> None:
    send(office, {("indicators", RATE): figure(1.2, "部门统计", remark="口径未调整，系计算错误")})
    lines, _ = restated(office)
    assert one(lines, RATE, "类别") == "填报有误"


def test_an_older_figure_that_comes_first_now_is_listed_as_late(office: Office) -> None:
    send(office, {("indicators", CODE): figure(27, "部门统计", "2026年9月")})
    lines, _ = restated(office)
    assert listed(lines) == [[CODE, "2026年9月", "补报", "", 27.0, "", "", "否"]]


def test_a_late_return_for_a_week_that_was_told_already_is_not_silent_in_the_next(office: Office) -> None:
    send(Office.of(office.workspace, "2026-W47"), {("indicators", CODE): figure(29, "部门统计")}, hours=30)
    ingest(office.workspace, "2026-W47")
    lines, _ = restated(office)
    assert listed(lines) == [[CODE, "2026年10月", "填报有误", 30.0, 29.0, -1.0, "亿元", "是"]]


def test_a_figure_that_was_told_and_whose_file_was_withdrawn_is_listed(office: Office) -> None:
    withdraw(office.workspace, "2026-W47_-3.xlsx", "报错了单位")
    lines, _ = restated(office)
    assert [one(lines, CODE, header) for header in ("原数", "现数", "为何")] == [
        30.0,
        "",
        "报来这个数的文件已撤回",
    ]


def test_a_correction_filed_under_an_older_week_than_the_last_roll_up_keeps_its_reason(
    office: Office,
) -> None:
    merge(office.workspace, "2026-W48")
    sent_out(office.workspace, "2026-W49")
    answer = figure(29, "部门统计", remark="复核后剔除一个项目")
    send(Office.of(office.workspace, "2026-W47"), {("indicators", CODE): answer}, hours=300)
    ingest(office.workspace, "2026-W47")
    lines, _ = restated(office, "2026-W49")
    assert listed(lines) == [[CODE, "2026年10月", "填报有误", 30.0, 29.0, -1.0, "亿元", "是"]]
    told = [one(lines, CODE, header) for header in ("原性质", "谁改的", "为何")]
    assert told == ["部门统计", "区发改经信局", "复核后剔除一个项目"]


def test_a_correction_within_the_week_is_listed_though_nobody_was_told_of_it(office: Office) -> None:
    november = figure(33, "部门统计", "2026年10月")
    send(office, {("indicators", CODE): november}, hours=-5)
    send(office, {("indicators", CODE): {**november, "value": 33.3}}, hours=-2)
    lines, _ = restated(office)
    assert [row[3:5] for row in listed(lines)] == [[30.0, 33.0], [33.0, 33.3]]


@pytest.mark.parametrize(
    ("edition", "period"), [("month", "2026-11"), ("quarter", "2026-Q4"), ("year", "2026")]
)
def test_a_wider_paper_lists_what_changed_within_it_once_and_not_backwards(
    office: Office, edition: str, period: str
) -> None:
    send(office, {("indicators", CODE): figure(31.5, "统计快报")})
    merge(office.workspace, "2026-W48")
    lines = table(report(office.workspace, edition, period).written[0], SHEET)
    assert listed(lines) == [[CODE, "2026年10月", "统计修订", 30.0, 31.5, 1.5, "亿元", "否"]]


def test_nothing_is_listed_where_the_same_figure_comes_again(office: Office) -> None:
    send(office, {("indicators", CODE): figure(30, "统计快报")})
    lines, _ = restated(office)
    assert lines["编号"].tolist() == ["本期没有数据修订和更正。"]


BEHIND: dict[str, object] = {
    "status": "滞后",
    "progress": "手续未齐",
    "problems": "未批",
    "next_steps": "催办",
}


def league_of_two(root: Path) -> Workspace:
    """Make a workspace in which task force 01 has one indicator, and 02 is ranked with it."""
    workspace = small_workspace(root)
    tables = small_tables()
    for sheet in (INDICATORS.name, TARGETS.name):
        head, *rows = tables[sheet]
        tables[sheet] = [head, *(row for row in rows if row[0] == CODE)]
    tasks = [list(row) for row in tables[TASKS.name]]
    next(row for row in tasks if row[0] == "R02-01")[9] = "2026-12-31"
    tables[TASKS.name] = tasks
    ranked = [["涉及" if cell == "不涉及" else cell for cell in row] for row in tables[TASK_FORCES.name]]
    tables[TASK_FORCES.name] = ranked
    write_workbook(workspace.plan, PLAN_SHEETS, tables, {})
    set_parameter(workspace, "参加排名最少事项", "1")
    return workspace


def month_of(workspace: Workspace) -> Path:
    return report(workspace, "month", "2026-11").written[0]


def return_of_both(workspace: Workspace, period: str, value: float, nature: str) -> Path:
    office = sent_out(workspace, period)
    send(office, {("indicators", CODE): figure(value, nature, **EXPLAINED)})
    office.send(office.blank("02").answer({("tasks", "R02-01"): BEHIND}))
    return merge(workspace, period).rollup


def test_where_the_place_of_the_task_force_in_the_league_changes_both_places_are_told(tmp_path: Path) -> None:
    workspace = league_of_two(tmp_path / "工作区")
    return_of_both(workspace, "2026-W47", 30, "部门统计")
    before = table(month_of(workspace), "晾晒排名", key="名次")
    return_of_both(workspace, "2026-W48", 12, "部门统计")
    after = table(month_of(workspace), "晾晒排名", key="名次")
    places = [one(ranked, "01", "名次", key="专班") for ranked in (before, after)]
    lines = table(month_of(workspace), SHEET)
    lines = lines[lines["现数"] == 12]
    assert places == [1, 2]
    assert [one(lines, CODE, header) for header in PLACES] == [1, 2, "是"]


def test_where_it_stays_the_places_are_blank(tmp_path: Path) -> None:
    workspace = league_of_two(tmp_path / "工作区")
    return_of_both(workspace, "2026-W47", 30, "部门统计")
    return_of_both(workspace, "2026-W48", 31, "部门统计")
    lines = table(month_of(workspace), SHEET)
    lines = lines[lines["现数"] == 31]
    assert [one(lines, CODE, header) for header in PLACES] == ["", "", "否"]


def test_a_week_has_no_places(office: Office) -> None:
    send(office, {("indicators", CODE): figure(31, "部门统计")})
    lines, _ = restated(office)
    assert not set(PLACES[:2]) & set(lines.columns)
