"""The first weeks of a year: one year in each line, and targets that are not decided yet."""

import re
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.merge import merge
from tenproj_xl.app.report import report
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.forms.computed import computed
from tests.helpers.filling import Office, sent_out
from tests.helpers.rollup_reading import one, table
from tests.helpers.year_ends import UNIT, lay_down, send

FLOW, UNDECIDED = "Z01-02", "Z01-01"
INVESTED = "累计完成投资（亿元）"
DECEMBER: dict[str, object] = {"value": 104.0, "nature": "统计核定"}


@pytest.fixture(scope="module")
def january(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The last week of January is out, and December's figures of two indicators are in."""
    workspace = lay_down(tmp_path_factory.mktemp("january") / "w", 2026, undecided=(UNDECIDED,))
    office = sent_out(workspace, "2027-W04")
    send(office, {("indicators", code): DECEMBER for code in (FLOW, UNDECIDED)})
    return office


@pytest.fixture(scope="module")
def march(january: Office) -> Office:
    """The forms of the first week of March, which ask for January."""
    return sent_out(january.workspace, "2027-W09")


@pytest.fixture(scope="module")
def rollups(march: Office) -> dict[str, Path]:
    """The roll-ups of both weeks."""
    return {week: merge(march.workspace, week).rollup for week in ("2027-W04", "2027-W09")}


def printed(office: Office, code: str, field: str) -> object:
    row = next(row for row in office.forms["01"].part("indicators").rows if row.code == code)
    return row.printed[field]


def test_in_january_the_form_asks_for_december_beside_decembers_target(
    january: Office, march: Office
) -> None:
    assert [printed(january, FLOW, field) for field in ("asked", "target_now")] == [
        "应报：2026年12月",
        "2026年：超过100",
    ]
    assert [printed(march, FLOW, field) for field in ("asked", "target_now")] == [
        "应报：2027年1月",
        "超过110",
    ]


def test_in_the_week_across_new_year_form_and_papers_go_by_the_year_of_its_number(tmp_path: Path) -> None:
    """W53 ends on 3 January 2027; one indicator is reported weekly, another not asked for then."""
    workspace = lay_down(tmp_path / "w", 2026)
    plan = load_workbook(workspace.plan)
    headers = [cell.value for cell in plan["主要指标"][1]]
    for row in plan["主要指标"].iter_rows(min_row=2):
        if row[0].value == FLOW:
            row[headers.index("更新频次")].value = "周"
            row[headers.index("发布时滞")].value = 0
    plan.save(workspace.plan)
    figure = {"value": 60.0, "nature": "部门统计", "lag_reason": "手续慢", "next_steps": "倒排工期"}
    send(sent_out(workspace, "2026-W52"), {("indicators", code): figure for code in (FLOW, UNDECIDED)})
    week = sent_out(workspace, "2026-W53")
    assert [printed(week, FLOW, field) for field in ("asked", "target_now")] == [
        "应报：2026年第53周",
        "超过100",
    ]
    assert [printed(week, UNDECIDED, field) for field in ("asked", "target_now")] == ["未到发布期", "100以上"]
    send(week, {("indicators", FLOW): figure})
    merged = merge(workspace, "2026-W53").rollup
    for book in (merged, report(workspace, "year", "2026").written[0]):
        lines = table(book, "主要指标")
        header = next(name for name in lines.columns if name.startswith("本年目标"))
        shown = [one(lines, FLOW, column) for column in (header, "数据所属期", "完成率", "进度评价")]
        assert shown == ["超过100", "2026年第53周", pytest.approx(0.6), "待核定"], book
    send(sent_out(workspace, "2027-W04"), {("indicators", f"{FLOW}/2026"): {"value": 101.0}})
    book = report(workspace, "year", "2026").written[0]
    lines, revised = table(book, "主要指标"), table(book, "数据修订和更正")
    shown = [one(lines, FLOW, column) for column in ("最新数值", "数据所属期", "进度评价")]
    assert shown == [101.0, "2026年", "达标"]
    assert [one(revised, FLOW, column) for column in ("类别", "原数", "现数")] == ["统计修订", 60.0, 101.0]


def test_in_january_the_line_shows_figure_target_and_judgement_of_one_year(rollups: dict[str, Path]) -> None:
    lines = table(rollups["2027-W04"], "主要指标")
    header = next(name for name in lines.columns if name.startswith("本年目标"))
    shown = [one(lines, FLOW, column) for column in (header, "最新数值", "数据所属期", "完成率", "进度评价")]
    assert shown == ["2026年：超过100", 104.0, "2026年12月", pytest.approx(1.04), "达标"]


def test_a_row_whose_target_is_not_decided_asks_for_nothing_and_says_so(
    january: Office, march: Office
) -> None:
    assert printed(january, UNDECIDED, "asked") == "应报：2026年12月"  # of the year that has a target
    assert [printed(march, UNDECIDED, field) for field in ("asked", "target_now")] == ["本年目标未下达"] * 2
    form = march.forms["01"]
    part = form.part("indicators")
    row = next(row for row in part.rows if row.code == UNDECIDED)
    assert (row.asked, computed(form, part.sheet, row)["state"]) == (False, "本年目标未下达")


def test_it_has_no_light_is_not_counted_and_not_missing(rollups: dict[str, Path]) -> None:
    lines = table(rollups["2027-W09"], "主要指标")
    assert [one(lines, UNDECIDED, column) for column in ("进度评价", "应评", "最新数值")] == [
        "本年目标未下达",
        "否",
        "",
    ]
    assert one(lines, FLOW, "进度评价") == "未报"


def test_page_one_counts_every_indicator_once(rollups: dict[str, Path]) -> None:
    lines = table(rollups["2027-W09"], "主要指标")
    cells = CalamineWorkbook.from_path(rollups["2027-W09"]).get_sheet_by_name("总览").to_python()
    (said,) = [str(cell) for row in cells for cell in row if str(cell).startswith("【总体】")]
    left_out = lines.loc[lines["应评"] == "否", "进度评价"].value_counts()
    assert said.startswith(f"【总体】{len(lines)}项指标：")
    assert f"暂不评价{left_out.sum()}项" in said
    assert f"本年目标未下达{left_out['本年目标未下达']}" in said
    parts = re.findall(r"(?:可比序时|到期|应报未报|暂不评价)(\d+)项", said)
    assert sum(map(int, parts)) == len(lines)


# --- the week across New Year


def lines_of(workspace: Workspace, edition: str, period: str, sheet: str = "主要指标") -> pd.DataFrame:
    return table(report(workspace, edition, period).written[0], sheet)


def test_a_target_that_holds_from_the_week_across_new_year_holds_in_the_papers_of_its_year(
    tmp_path: Path,
) -> None:
    workspace = lay_down(tmp_path / "w", 2026)
    sent_out(workspace, "2026-W52")
    plan = load_workbook(workspace.plan)
    for code, year, _, goal, *_ in plan["年度计划"].iter_rows(min_row=2):
        if (code.value, str(year.value)) == (FLOW, "2026"):
            goal.value = 95
    plan.save(workspace.plan)
    sent_out(workspace, "2026-W53")
    send(sent_out(workspace, "2027-W04"), {("indicators", FLOW): {**DECEMBER, "value": 97.0}})
    ingest(workspace, "2027-W04")
    for edition, period in (("month", "2026-12"), ("quarter", "2026-Q4"), ("year", "2026")):
        lines = lines_of(workspace, edition, period)
        header = next(str(name) for name in lines.columns if str(name).startswith("本年目标"))
        assert one(lines, FLOW, header) == "超过95", period


def test_what_was_invested_counts_in_its_year_and_what_was_taken_back_is_finished_in_none(
    tmp_path: Path,
) -> None:
    """W53 tells of a milestone of 2 January beside the year's investment, and of a task that was not finished."""
    workspace = lay_down(tmp_path / "w", 2026)
    with_two_tasks(workspace)
    goes_on: dict[str, object] = {"status": "序时推进", "progress": "施工"}
    done = {"milestone_done": "已完成", "completed_on": date(2027, 1, 2)}
    finished = {
        "status": "已完成",
        "progress": "通车",
        "completed_on": date(2026, 12, 31),
        "invest_done": 5.0,
    }
    send(
        sent_out(workspace, "2026-W52"),
        {("tasks", "R01-01"): {**goes_on, "invest_done": 8.0}, ("tasks", "R01-02"): goes_on},
    )
    week = sent_out(workspace, "2026-W53")
    send(week, {("tasks", "R01-01"): {**goes_on, **done, "invest_done": 9.5}, ("tasks", "R01-02"): finished})
    ingest(workspace, "2026-W53")
    lines = lines_of(workspace, "year", "2026", "重点任务")
    assert one(lines, "R01-01", INVESTED) == 9.5
    assert one(lines, "R01-02", "进度评价") == "已完成"
    again: dict[str, object] = {
        "status": "滞后",
        "progress": "返工",
        "problems": "质量不合格",
        "next_steps": "3月前整改",
    }
    send(sent_out(workspace, "2027-W01"), {("tasks", "R01-02"): again})
    ingest(workspace, "2027-W01")
    lines = lines_of(workspace, "year", "2026", "重点任务")
    assert one(lines, "R01-02", "进度评价") != "已完成"
    assert one(lines, "R01-02", INVESTED) == 5.0


def with_two_tasks(workspace: Workspace) -> None:
    """Have the plan tell of two tasks, one of them with a milestone of December."""
    plan = load_workbook(workspace.plan)
    tasks, milestones = plan["重点任务"], plan["节点"]
    common = {"专班编号": "01", "牵头单位": UNIT, "数据报送单位": UNIT}
    bridge = {"任务编号": "R01-01", "重点任务": "桥", "年度计划投资": 10, "完成时限": date(2027, 6, 30)}
    road = {"任务编号": "R01-02", "重点任务": "路", "年度计划投资": 5, "完成时限": date(2026, 12, 31)}
    node = {
        "任务编号": "R01-01",
        "序号": 1,
        "节点": "主体完工",
        "节点时限": date(2026, 12, 28),
        "性质": "批准",
    }
    for page, rows in ((tasks, (bridge | common, road | common)), (milestones, (node,))):
        headers = [cell.value for cell in page[1]]
        page.delete_rows(2, page.max_row)
        for row in rows:
            page.append([row.get(str(header)) for header in headers])
    plan.save(workspace.plan)
