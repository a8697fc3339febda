"""Pages of the month and the quarter: asks by what they are about, projects with investment, the quarter's figures."""

import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tenproj_xl.core.answers import IssueCategory
from tenproj_xl.core.periods import Frequency, parse_period
from tenproj_xl.model.decisions import Verdict
from tenproj_xl.model.duties import Duty
from tenproj_xl.model.plan import Measure
from tenproj_xl.rollup.book import write_rollup
from tenproj_xl.rollup.brief_text import sections
from tenproj_xl.rollup.facts.editions import MONTH, QUARTER, YEAR, Audience, Edition, Release
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.model import facts_of
from tenproj_xl.rollup.facts.projects import project_lines, source_of_project
from tenproj_xl.rollup.facts.publishing import published
from tenproj_xl.rollup.facts.quarter_figures import months_of, quarter_lines
from tenproj_xl.rollup.facts.supply import supply_lines
from tenproj_xl.rollup.overview.edition_line import edition_line
from tests.helpers import rollup_example as ex
from tests.helpers.rollup_reading import opened, table

FUNDS, LAND, OTHER = IssueCategory.FUNDS, IssueCategory.LAND, IssueCategory.OTHER


def as_month(data: RollupInput) -> RollupInput:
    return replace(data, period=parse_period("2026-11"), periods=ex.WEEKS, release=Release(MONTH))


def as_quarter(data: RollupInput) -> RollupInput:
    return replace(data, period=parse_period("2026-Q4"), periods=ex.WEEKS, release=Release(QUARTER))


PAST = ex.indicator("Z01-09", Measure.ANNUAL_IN_YEAR, ex.target("2023", "以上", 22.54))
"""A flow that was judged in 2023, and in no later year."""
MISSED = ex.figure("Z01-09", 21.86, "2023年12月", "统计核定", period="2026-W40")


def after_a_week(period: str, edition: Edition) -> RollupInput:
    """A wide edition about a missed target of 2023 and a figure on pace, made after the roll-up of week 44."""
    rows = (MISSED, ex.figure("Z01-01", 85.0, "2026年10月", period="2026-W44"))
    data = ex.rollup_input(*rows, indicators=(PAST, ex.ANNUAL))
    week = published(facts_of(replace(data, period=parse_period("2026-W44"))), 1)
    return replace(
        data, period=parse_period(period), periods=ex.WEEKS, release=Release(edition), earlier=(week,)
    )


@pytest.mark.parametrize(("period", "edition"), [("2026-11", MONTH), ("2026-Q4", QUARTER), ("2026", YEAR)])
def test_an_indicator_whose_targets_are_all_of_earlier_years_is_past_and_not_unpublished(
    tmp_path: Path, period: str, edition: Edition
) -> None:
    path = tmp_path / "x.xlsx"
    write_rollup(path, facts_of(after_a_week(period, edition)))
    (line,) = [row for _, row in table(path, "主要指标").iterrows() if row["编号"] == "Z01-09"]
    assert (line["进度评价"], line["应评"], line["到期目标判定"]) == ("目标期已过", "否", "2023年：未达标")
    (overall,) = [
        str(row[0]) for row in opened(path, values=True)["总览"].values if "【总体】" in str(row[0])
    ]
    assert "暂不评价1项（目标期已过1）" in overall
    assert "另有往期目标未达标的1项" in overall


def test_a_week_judges_it_by_its_last_target() -> None:
    week = replace(after_a_week("2026-11", MONTH), period=ex.WEEK, periods=(), release=Release())
    (line, _) = facts_of(week).indicators
    assert (line.state.label, line.counted) == ("未达标", True)


def test_what_is_only_to_be_published_in_the_year_is_still_unpublished() -> None:
    december = ex.figure("Z01-01", 85.0, "2025年12月", period="2026-W02")
    january = replace(
        ex.rollup_input(december, indicators=(ex.ANNUAL,)),
        period=parse_period("2026-01"),
        periods=(parse_period("2026-W02"),),
        release=Release(MONTH),
    )
    (line,) = facts_of(january).indicators
    assert line.state.label == "未到发布期"


def test_what_lags_is_compared_with_a_week_by_the_indicators_that_both_judge(tmp_path: Path) -> None:
    """The week counted the missed target of 2023: without it nothing lagged, then as now."""
    facts = facts_of(after_a_week("2026-11", MONTH))
    (before,) = facts.data.earlier
    assert (before.numbers["behind"], facts.headline.behind) == (1, 0)
    assert "滞后和未达标的较第44周持平。" in "".join(sections(facts)[0].lead)
    path = tmp_path / "x.xlsx"
    write_rollup(path, facts)
    trends = [list(row) for row in opened(path, values=True)["趋势"].values]
    (lagging,) = [row for row in trends if row[2] == "滞后（含未达标）"]
    (on_time,) = [row for row in trends if row[2] == "序时（含完成）"]
    assert (1 in lagging, lagging[10:12], on_time[10:12]) == (True, [0, None], [0, 0])
    assert "指标数不与周比" in str(trends[1][2])
    with zipfile.ZipFile(path) as archive:
        charts = "".join(archive.read(n).decode() for n in archive.namelist() if "/charts/chart" in n)
    assert "滞后的指标0项<" in charts


def asking_month() -> RollupInput:
    """Land is asked for by two task forces in one wording, and by a third; funds were settled; one has no category."""
    rows = (
        ex.issue("W01-2026-001", category=LAND, request="请落实用地指标", suggested_level="总专班"),
        ex.issue("W02-2026-001", category=LAND, request="请落实用地指标", suggested_level="总专班"),
        ex.issue("W02-2026-002", category=LAND, request="请批复", due_on=date(2026, 11, 9)),
        ex.issue("W01-2026-002", category=FUNDS),
        ex.issue("W01-2026-003"),
    )
    signed = ex.decision("W01-2026-002", date(2026, 11, 26), verdict=Verdict.SIGN_OFF)
    return as_month(ex.rollup_input(*rows, decisions=(signed,)))


def test_issues_are_added_up_by_what_they_are_about() -> None:
    lines = {line.category: line for line in supply_lines(facts_of(asking_month()))}
    assert list(lines) == list(IssueCategory)
    land, funds = lines[LAND], lines[FUNDS]
    assert (land.open, land.overdue, land.signed_off, len(land.asks)) == (3, 1, 0, 3)
    assert (funds.open, funds.signed_off, funds.asked) == (0, 1, "")
    assert lines[OTHER].open == 1
    assert sum(line.open for line in lines.values()) == 4


def test_one_wording_of_several_task_forces_is_told_once() -> None:
    (land,) = [line for line in supply_lines(facts_of(asking_month())) if line.category is LAND]
    assert land.task_forces == "01、02"
    assert land.asked.count("请落实用地指标") == 1
    assert "（01、02专班，" in land.asked
    assert "请批复（02专班，未定）" in land.asked


def invested_month() -> RollupInput:
    """An indicator of investment and another one, two projects of which one has no plan, and a task."""
    money = ex.indicator("Z01-01", Measure.ANNUAL, ex.target("2026", "以上", 100.0))
    indicators = (
        replace(money, name="重大项目完成投资", unit="亿元"),
        replace(money, code="Z01-02", name="税收"),
    )
    tasks = (
        replace(ex.task("R01-01"), invest_plan=10.0),
        ex.task("R01-02"),
        ex.task("R02-01"),
    )
    rows = (
        ex.figure("Z01-01", 60.0, "2026年10月"),
        ex.row("tasks", "R01-01", {"status": "序时推进", "invest_done": 8.0, "site_progress": "主体结顶"}),
        ex.row("tasks", "R02-01", {"status": "序时推进", "invest_done": 1.5}),
        ex.row("tasks", "R01-02", {"status": "序时推进"}),
    )
    return as_month(ex.rollup_input(*rows, indicators=indicators, tasks=tasks))


def test_projects_stand_with_plan_investment_and_pace_behind_the_indicators_of_investment() -> None:
    lines = project_lines(facts_of(invested_month()))
    assert [(line.code, line.kind) for line in lines] == [
        ("Z01-01", Duty.INDICATOR),
        ("R01-01", Duty.TASK),
        ("R02-01", Duty.TASK),
    ]
    figure, project, unplanned = lines
    assert (figure.planned, figure.planned_for, figure.done, figure.share) == (100.0, "2026年", 60.0, 0.6)
    assert (project.planned, project.done, project.share, project.site_progress) == (
        10.0,
        8.0,
        0.8,
        "主体结顶",
    )
    assert project.ahead == pytest.approx(
        8 - 10 * 333 / 365, abs=0.01
    )  # to 29 November, when the last week ends
    assert (unplanned.planned, unplanned.done, unplanned.share, unplanned.ahead) == (None, 1.5, None, None)


def test_a_project_keeps_the_investment_of_an_earlier_month_and_says_from_when_it_is() -> None:
    month = invested_month()
    october = ex.row("tasks", "R01-01", {"status": "序时推进", "invest_done": 8.0}, "2026-W43")
    november = ex.row("tasks", "R01-01", {"status": "序时推进"})
    known = replace(month.known, rows=(october, november))
    facts = facts_of(replace(month, known=known))
    (project,) = [line for line in project_lines(facts) if line.code == "R01-01"]
    assert (project.done, project.as_of) == (8.0, "本期（投资沿用第43周）")
    assert source_of_project(facts, project) == facts.data.source(october, "invest_done")


def test_without_projects_the_sheet_says_where_they_come_from(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    without = replace(invested_month(), plan=ex.plan((), (ex.task("R01-02"),)))
    write_rollup(path, facts_of(without))
    said = "\n".join(str(value) for row in opened(path)["项目投资"].values for value in row if value)
    assert "在“工作计划.xlsx”重点任务填“年度计划投资”，或单位填报“累计完成投资”的任务即列入" in said


def figured_quarter() -> RollupInput:
    rows = (
        ex.figure("Z01-01", 40.0, "2025年11月", period="2025-W48"),
        ex.figure("Z01-01", 60.0, "2026年9月", period="2026-W40"),
        ex.figure("Z01-01", 70.0, "2026年10月", period="2026-W47"),
        ex.figure("Z01-01", 82.5, "2026年11月"),
        ex.figure("Z02-03", 12.0, "2026年8月", period="2026-W40"),
    )
    return as_quarter(ex.rollup_input(*rows, indicators=ex.INDICATORS, tasks=ex.TASKS))


def test_the_quarters_figures_stand_by_month_beside_the_quarter_and_the_year_before() -> None:
    (line,) = quarter_lines(facts_of(figured_quarter()))  # Z02-03 has no figure of the quarter
    assert [figure and figure.value for figure in line.months] == [70.0, 82.5, None]
    assert line.before is not None
    assert line.year_ago is not None
    assert (line.before.value, line.change) == (60.0, 22.5)
    assert (line.year_ago.value, line.change_in_a_year) == (40.0, 42.5)


def test_a_figure_of_a_year_ago_is_none_of_the_quarter_before() -> None:
    stock = ex.indicator("Z01-01", Measure.STOCK, ex.target("2027", "以上", 300.0))
    rows = (
        ex.figure("Z01-01", 171.04, "2025年", period="2026-W05"),
        ex.figure("Z01-01", 200.2, "2026年10月", period="2026-W47"),
    )
    (line,) = quarter_lines(facts_of(as_quarter(ex.rollup_input(*rows, indicators=(stock,)))))
    assert (line.before, line.change) == (None, None)


def test_of_a_year_that_is_judged_page_one_blames_nobody_for_not_expecting_it() -> None:
    flow = ex.indicator("Z01-09", Measure.ANNUAL, ex.target("2026", "以上", 60.0))
    rows = (
        ex.figure("Z01-09", 55.0, "2026年12月", "统计核定", period="2027-W03"),
        ex.figure("Z01-02", 12.0, "2026年12月", "统计快报", period="2027-W03"),
    )
    weeks = tuple(map(parse_period, ("2026-W52", "2026-W53", "2027-W01", "2027-W02", "2027-W03")))
    data = ex.rollup_input(*rows, indicators=(flow, *ex.INDICATORS[1:2]))
    quarter = parse_period("2026-Q4")
    data = replace(data, period=quarter, periods=weeks, release=Release(QUARTER), newest=weeks[-1])
    told = "各单位预计全年：预计达成0项，预计未达成0项，未填预计1项，已评判1项"
    assert edition_line(facts_of(data)) == told


def test_a_quarter_has_its_three_months() -> None:
    assert [month.code for month in months_of(parse_period("2026-Q4"))] == ["2026-10", "2026-11", "2026-12"]


def test_the_sheet_of_figures_names_its_months(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    write_rollup(path, facts_of(figured_quarter()))
    frame = table(path, "本季数据")
    assert frame[["编号", "上季最新", "10月", "11月", "12月", "比上季"]].to_numpy().tolist() == [
        ["Z01-01", 60.0, 70.0, 82.5, "", 22.5]
    ]


@pytest.mark.parametrize(
    ("data", "titles"), [(asking_month, ("要素保障", "项目投资")), (figured_quarter, ("本季数据",))]
)
def test_these_pages_are_for_leaders_alone(
    data: Callable[[], RollupInput], titles: tuple[str, ...], tmp_path: Path
) -> None:
    made = data()
    path = tmp_path / "x.xlsx"
    write_rollup(path, facts_of(made))
    assert set(titles) < set(opened(path).sheetnames)
    for_all = replace(made, release=Release(made.release.edition, Audience.PUBLIC))
    write_rollup(path, facts_of(for_all))
    assert not set(titles) & set(opened(path).sheetnames)


# --- what did not come


def page_one_and_gaps(data: RollupInput, path: Path) -> tuple[str, int]:
    """The first paragraph of page one, and how many figures 缺数清单 has as 未报."""
    write_rollup(path, facts_of(data))
    (text,) = (row[0].value for row in opened(path, values=True)["总览"] if "【总体】" in str(row[0].value))
    return str(text), int((table(path, "缺数清单", "编号")["缺什么"] == "未报").sum())


def test_page_one_has_as_many_figures_that_did_not_come_as_the_sheet_that_it_names(tmp_path: Path) -> None:
    flow = ex.indicator("Z01-01", Measure.ANNUAL, ex.target("2026", "以上", 60.0))
    silent = replace(flow, code="Z01-02")
    figures = [ex.figure(code, 45.0, "2026年9月", period="2026-W42") for code in ("Z01-01", "Z01-02")]
    october = ex.figure("Z01-01", 50.0, "2026年10月")
    data = as_month(ex.rollup_input(*figures, october, indicators=(flow, silent)))
    told = "沿用旧数或暂不评价的指标中，有1项应报的数没有报来，见“缺数清单”。"
    text, listed = page_one_and_gaps(replace(data, period=parse_period("2026-10")), tmp_path / "10.xlsx")
    assert (told in text, listed) == (True, 1)
    # The figures of November are not out yet.
    text, listed = page_one_and_gaps(data, tmp_path / "11.xlsx")
    assert ("应报的数没有报来" in text, listed) == (False, 0)


@pytest.mark.parametrize(("span", "made"), [("2026-03", MONTH), ("2026-Q1", QUARTER)])
def test_the_flow_of_the_year_before_that_came_is_not_told_as_missing(
    tmp_path: Path, span: str, made: Edition
) -> None:
    targets = (ex.target("2025", "以上", 90.0), ex.target("2026", "以上", 100.0))
    flow = ex.indicator("Z01-01", Measure.ANNUAL, *targets, frequency=Frequency.YEAR, lag_days=60)
    verified = ex.figure("Z01-01", 95.0, "2025年", "统计核定", period="2026-W12")
    data = replace(
        ex.rollup_input(verified, indicators=(flow,)),
        period=parse_period(span),
        periods=tuple(parse_period(f"2026-W{week}") for week in range(10, 14)),
        release=Release(made),
    )
    facts = facts_of(data)
    assert [line.figures_in for line in facts.returns if line.figures_asked] == [1, 1, 1, 1]
    text, listed = page_one_and_gaps(data, tmp_path / "x.xlsx")
    assert ("应报的数没有报来" in text, listed) == (False, 0)


def test_a_figure_whose_target_is_not_set_yet_is_not_told_as_missing(tmp_path: Path) -> None:
    undecided = ex.indicator("Z01-01", Measure.ANNUAL, ex.target("2025", "以上", 90.0))
    for n, made in enumerate((lambda data: data, as_month)):
        path = tmp_path / f"{n}.xlsx"
        facts = facts_of(made(ex.rollup_input(indicators=(undecided,))))
        assert {line.figures_asked for line in facts.returns} == {0}
        write_rollup(path, facts)
        text = "".join(str(row[0].value) for row in opened(path, values=True)["总览"])
        assert "本年目标未下达1" in text
        assert "应报的数没有报来" not in text
