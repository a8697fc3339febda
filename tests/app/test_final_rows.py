"""The verified figure of a target that has passed has a row of its own: waited for, never owed."""

from pathlib import Path

import pytest

from tenproj_xl.app.generate import generate
from tenproj_xl.app.history import history
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.results import FileResult
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.catalogue import Code
from tenproj_xl.ledger.store import open_ledger
from tenproj_xl.model.history import Figure, History
from tenproj_xl.model.statuses import Status
from tests.helpers.answers import SIGNED
from tests.helpers.filling import Filling, Office, sent_out
from tests.helpers.rollup_reading import one, opened, table
from tests.helpers.shared import copied, made_once
from tests.helpers.small_weeks import figure, merged, send, small_workspace

ROW, FINAL = "Z01-01", "Z01-01/2025"
DECEMBER = {("indicators", ROW): figure(36.2, "部门统计", "2025年12月")}


@pytest.fixture
def reported(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Workspace:
    """36.2 were reported for December 2025 in 2026-W04; the yearbook has not said yet."""
    made = made_once(
        tmp_path_factory, "final-rows", lambda root: merged(small_workspace(root), "2026-W04", DECEMBER)
    )
    return copied(made, tmp_path)


def known(workspace: Workspace) -> History:
    with open_ledger(workspace.ledger, who="tests") as ledger:
        return ledger.history()


def counting(workspace: Workspace, year: str) -> Figure:
    return [f for f in known(workspace).figures(ROW) if f.period.code[:4] == year][-1]


def result_of(office: Office) -> FileResult:
    (result,) = ingest(office.workspace, office.period).files
    return result


def line_above(form: Filling, row: str) -> str:
    return str(form.tab("indicators").cell(form.row("indicators", row) - 1, 2).value)


def said_on_page_one(path: Path) -> object:
    """Return what stands beside the indicator in 单位自述的原因、下一步."""
    (line,) = [row for row in opened(path)["总览"].values if f"{ROW} 重大项目" in str(row[1])]
    return line[14]


def asks(form: Filling, row: str) -> bool:
    return str(form.value("indicators", row, "asked")).startswith(("应报", "20"))


# --- the form


def test_it_stands_under_the_table_with_its_own_target_and_what_was_reported_until_now(
    reported: Workspace,
) -> None:
    form = sent_out(reported, "2026-W06").blank("01")
    fields = ("asked", "target_now", "last_value", "last_period", "data_period", "nature", "value")
    assert [form.value("indicators", FINAL, name) for name in fields] == [
        "2025年全年数（统计核定，含年报）",
        "2025年：35以上",
        "36.2",
        "2025年12月",
        "2025年",
        "统计核定",
        None,
    ]
    assert line_above(form, FINAL).startswith("待核定（有数再填）")


def test_the_row_of_the_indicator_asks_for_the_current_figure_beside_it(reported: Workspace) -> None:
    form = sent_out(reported, "2026-W09").blank("01")
    assert form.value("indicators", ROW, "asked") == "应报：2026年1月"
    assert form.value("indicators", FINAL, "asked") == "2025年全年数（统计核定，含年报）"


def test_as_long_as_that_row_asks_for_december_there_is_no_second_row_for_the_year(tmp_path: Path) -> None:
    form = sent_out(small_workspace(tmp_path), "2026-W06").blank("01")
    assert form.value("indicators", ROW, "asked") == "应报：2025年12月"
    assert FINAL not in form.codes("indicators")


def test_rows_that_are_not_asked_stand_at_the_end_under_a_line_that_counts_them(reported: Workspace) -> None:
    form = sent_out(reported, "2026-W06").blank("01")
    assert form.value("indicators", ROW, "asked") == "未到发布期"
    codes = [code for code in form.codes("indicators") if not code.startswith("更正")]
    below = [code for code in codes if not asks(form, code)]
    assert form.codes("indicators")[-len(below) :] == below
    assert line_above(form, below[0]) == f"以下{len(below)}项本期不必填报"


def test_columns_and_their_order_are_the_same_in_january_and_in_november(reported: Workspace) -> None:
    january, november = (sent_out(reported, week).blank("01") for week in ("2026-W06", "2026-W48"))
    assert january.columns("indicators") == november.columns("indicators")


# --- what comes back


def test_it_judges_its_year_and_the_current_figure_is_counted_by_itself(reported: Workspace) -> None:
    week = merged(
        reported,
        "2026-W09",
        {
            ("indicators", ROW): figure(3.1, "部门统计", "2026年1月"),
            ("indicators", FINAL): {"value": 36.5},
        },
    )
    lines = table(week.rollup, "主要指标")
    assert str(one(lines, ROW, "到期目标判定")).startswith("2023年：待核定；2025年：达标")
    assert (one(lines, ROW, "最新数值"), one(lines, ROW, "数据所属期")) == (3.1, "2026年1月")
    assert FINAL not in lines["编号"].tolist()
    assert (counting(reported, "2025").value, counting(reported, "2025").is_verified) == (36.5, True)
    assert counting(reported, "2026").value == 3.1


def test_one_below_the_target_is_missed_and_needs_its_reason_only(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path)
    merged(workspace, "2026-W04", {("indicators", ROW): figure(33.0, "部门统计", "2025年12月")})
    office = sent_out(workspace, "2026-W09")
    send(office, {("indicators", FINAL): {"value": 33.5}})
    lacking = [f for f in result_of(office).findings if f.code is Code.REQUIRED]
    (message,) = (f.message for f in lacking)
    assert message == (
        f"第{office.blank('01').row('indicators', FINAL)}行“重大项目当年完成投资（2025年）”：进度评价为“未达标”，"
        "请填写“滞后原因”（为什么落后，如 2个地块推迟出让，500字以内）。"
    )


def test_measures_of_an_earlier_week_do_not_stand_beside_the_reason_of_one_that_was_missed(
    tmp_path: Path,
) -> None:
    workspace = small_workspace(tmp_path)
    december = figure(33.0, "部门统计", "2025年12月", next_steps="倒排工期")
    merged(workspace, "2026-W04", {("indicators", ROW): december})
    told = merged(workspace, "2026-W09", {("indicators", FINAL): {"value": 33.5, "lag_reason": "供地晚"}})
    lines = table(told.rollup, "主要指标")
    assert (one(lines, ROW, "滞后原因"), one(lines, ROW, "下一步举措")) == ("2025年：供地晚", "")
    assert said_on_page_one(told.rollup) == "供地晚"


def test_the_reason_of_a_figure_below_the_target_does_not_stand_beside_a_later_one_that_meets_it(
    tmp_path: Path,
) -> None:
    workspace = small_workspace(tmp_path)
    december = figure(33.0, "部门统计", "2025年12月", lag_reason="供地晚")
    before = merged(workspace, "2026-W04", {("indicators", ROW): december})
    assert one(table(before.rollup, "主要指标"), ROW, "滞后原因") == "供地晚"
    told = merged(workspace, "2026-W09", {("indicators", FINAL): {"value": 36.5}})
    shown = [one(table(told.rollup, "主要指标"), ROW, column) for column in ("到期目标判定", "滞后原因")]
    assert shown == ["2023年：待核定；2025年：达标", ""]


def test_a_target_that_was_missed_is_not_explained_by_what_was_said_of_a_later_figure(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path)
    merged(workspace, "2026-W04", {("indicators", ROW): figure(36.0, "部门统计", "2025年12月")})
    merged(workspace, "2026-W09", {("indicators", FINAL): {"value": 33.5, "lag_reason": "供地晚"}})
    january = figure(1.5, "部门统计", "2026年1月", lag_reason="春节停工")
    told = merged(workspace, "2026-W10", {("indicators", ROW): january})
    assert one(table(told.rollup, "主要指标"), ROW, "滞后原因") == "春节停工"
    assert one(table(told.rollup, "督办清单"), ROW, "单位自述的原因、进展") == "供地晚"
    assert said_on_page_one(told.rollup) == "供地晚"


def test_a_later_form_no_longer_waits_for_it(reported: Workspace) -> None:
    merged(reported, "2026-W09", {("indicators", FINAL): {"value": 36.5}})
    form = sent_out(reported, "2026-W10").blank("01")
    assert FINAL not in form.codes("indicators")


def test_a_blank_one_is_neither_a_finding_nor_an_answer(reported: Workspace) -> None:
    office = sent_out(reported, "2026-W09")
    send(office, {("indicators", ROW): figure(3.1, "部门统计", "2026年1月")})
    result = result_of(office)
    told = "".join(f.message for f in result.findings)
    assert FINAL not in told
    assert "（2025年）" not in told
    assert result.judgement
    assert [e.code for e in result.judgement.accepted] == [ROW]


def test_of_the_indicators_row_it_says_nothing(reported: Workspace) -> None:
    merged(reported, "2026-W09", {("indicators", FINAL): {"value": 36.5, "remark": "年报"}})
    latest = known(reported).latest("indicators", ROW)
    assert latest is not None
    assert (latest.period.code, latest.values["value"]) == ("2026-W04", 36.2)
    office = sent_out(reported, "2026-W10")
    send(office, {("indicators", "Z01-04"): figure(5, "部门统计", "2026年2月")})
    missing = [f.row for f in result_of(office).findings if f.code is Code.FIGURE_MISSING]
    assert ROW in missing


@pytest.mark.provokes(Code.PERIOD_LOCKED)
def test_another_period_typed_beside_the_figure_keeps_it_out(reported: Workspace) -> None:
    office = sent_out(reported, "2026-W09")
    send(office, {("indicators", FINAL): {"value": 3.1, "data_period": "2026年1月"}})
    result = result_of(office)
    number = office.blank("01").row("indicators", FINAL)
    (message,) = (f.message for f in result.findings if f.code is Code.PERIOD_LOCKED)
    assert message == (
        f"第{number}行“重大项目当年完成投资（2025年）”：这一行要的是2025年的统计核定数，“数据所属期”却改成了"
        "“2026年1月”，未接收；2026年1月的数请填在这个指标自己的行里，这一行没有核定数的请空着。"
    )
    assert not counting(reported, "2025").is_verified


def test_the_current_figure_typed_into_both_rows_is_asked_about(reported: Workspace) -> None:
    office = sent_out(reported, "2026-W09")
    current = figure(3.1, "部门统计", "2026年1月")
    send(office, {("indicators", ROW): current, ("indicators", FINAL): {"value": 3.1, "lag_reason": "慢"}})
    (asked,) = [f for f in result_of(office).findings if f.code is Code.VERIFIED_DOUBTED]
    assert "填的3.1亿元与本表这个指标的当期数一样，请核对；还没有核定数的请空着" in asked.message


def test_its_life_stands_among_that_of_its_indicator(reported: Workspace) -> None:
    merged(reported, "2026-W09", {("indicators", FINAL): {"value": 36.5}})
    values = [v for v in history(reported, ROW).values if v.is_main]
    assert [(v.about.code, v.value, v.standing.value) for v in values] == [
        ("2025-12", 36.2, "current"),
        ("2025", 36.5, "current"),
    ]


def test_a_unit_finds_it_in_its_own_form_and_its_lead_does_not_find_it_among_the_rows_of_others(
    tmp_path: Path,
) -> None:
    workspace = small_workspace(tmp_path)
    merged(workspace, "2026-W38", {("indicators", "Z01-03"): figure(31, "部门统计", "2026年二季度")})
    generate(workspace, "2026-W48", by_unit=True)
    own, lead = (
        Filling(next(workspace.outbox.glob(f"2026-W48/填报表/{name}*"))) for name in ("区科技", "区发改")
    )
    assert "Z01-03/2026-Q2" in own.codes("indicators")
    assert "Z01-03" in lead.codes("indicators")
    assert "Z01-03/2026-Q2" not in lead.codes("indicators")
    first_of_others = next(
        code for code in lead.codes("indicators") if lead.value("indicators", code, "asked") == "不必填报"
    )
    assert line_above(lead, first_of_others) == "以下10项由其他单位填报，供了解"


def test_a_correction_workbook_has_it_again(reported: Workspace) -> None:
    office = sent_out(reported, "2026-W09")
    send(office, {("indicators", FINAL): {"value": 36.5, "nature": "年报数"}})
    assert result_of(office).status is Status.TO_CORRECT
    (path,) = reported.outbox.glob("2026-W09/退回更正/*.xlsx")
    correction = Filling(path)
    assert correction.value("indicators", FINAL, "value") == 36.5
    correction.write("indicators", FINAL, nature="统计核定")
    correction.cover(**SIGNED)
    office.send(correction, "更正.xlsx", hours=-1)
    assert result_of(office).status is not Status.TO_CORRECT
    assert counting(reported, "2025").value == 36.5


def test_another_figure_of_the_year_in_the_indicators_own_row_is_told_in_both(reported: Workspace) -> None:
    office = sent_out(reported, "2026-W06")
    own, final = figure(37.2, "统计核定", "2025年"), {"value": 35.75, "nature": "统计核定"}
    send(office, {("indicators", ROW): own, ("indicators", FINAL): final})
    result = result_of(office)
    assert [f.code for f in result.findings if f.is_error] == [Code.CORRECTION_TWICE] * 2
    assert counting(reported, "2025").value == 36.2
