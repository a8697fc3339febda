"""Figures that hardly can be: by the row's own history, by the return beside it, and by the limits of the plan."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tenproj_xl.app.check import check
from tenproj_xl.app.ingest import ingest
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.findings import Finding
from tenproj_xl.core.periods import Period, parse_period
from tenproj_xl.model.plan import Indicator, Plan
from tenproj_xl.model.plausibility import FigureLimits, NewFigure, is_below, limits_of
from tests.helpers import rollup_example as ex
from tests.helpers.filling import Office, sent_out
from tests.helpers.plan_book import plan_book, workspace_of
from tests.helpers.small_plan import small_plan
from tests.helpers.small_weeks import figure, merged, send, small_workspace
from tests.spoils import weeks

PLAN = small_plan()
INVESTED, ENTERPRISES, BURDEN, SPENDING, GROWN = "Z01-01", "Z01-07", "Z01-09", "Z01-10", "Z01-03"
FIXED = "Z01-05"
UNSET = FigureLimits(low=None, high=None, places=None)
MONTHS = tuple(f"2026-{n:02}" for n in range(1, 13))


def indicator(code: str) -> Indicator:
    found = PLAN.indicator(code)
    assert found
    return found


def is_off(code: str, before: Sequence[float], value: float, periods: Sequence[str] = MONTHS) -> bool:
    """Return whether a figure of the period after those of `before` is off."""
    known: list[tuple[Period, float]] = [
        (parse_period(period), figure) for period, figure in zip(periods, before, strict=False)
    ]
    new = NewFigure(
        indicator=indicator(code),
        period=parse_period(periods[len(before)]),
        value=value,
        others=known,
        limits=UNSET,
    )
    return new.is_off()


# --- by the row's own history


def test_a_sum_that_rose_much_faster_than_in_any_month_is_off() -> None:
    before = (3.0, 6.1, 8.9, 12.2, 15.0, 18.1, 21.0, 24.2)
    assert is_off(INVESTED, before, 72.4)
    assert not is_off(INVESTED, before, 27.3)


def test_a_sum_that_rises_by_leaps_may_leap_again() -> None:
    assert not is_off(INVESTED, (0.0, 4.0, 4.0, 9.5, 9.5, 12.0, 12.0, 12.5), 17.0)


def test_a_sum_begins_anew_in_january_and_is_held_against_the_months_before() -> None:
    year = (*(f"2025-{n:02}" for n in range(1, 13)), "2026-01")
    before = [3.0 * n for n in range(1, 13)]
    assert not is_off(INVESTED, before, 3.2, year)
    assert is_off(INVESTED, before, 30.2, year)


def test_a_share_with_its_digits_swapped_is_off() -> None:
    before = (15.3, 15.2, 15.4, 15.3, 15.5, 15.2, 15.3, 15.4)
    assert is_off(BURDEN, before, 51.3)
    assert not is_off(BURDEN, before, 15.8)


def test_a_level_that_has_moved_for_good_is_off_but_once() -> None:
    assert not is_off(BURDEN, (15.3, 15.2, 15.4, 15.3, 15.5, 15.2, 15.3, 18.0), 18.1)


def test_growth_rates_swing() -> None:
    before = (5.1, 5.3, 4.9, 5.2, 5.0, 5.1, 5.2, 5.0)
    assert not is_off(SPENDING, before, 7.4)
    assert is_off(SPENDING, before, 51.0)


def test_two_figures_are_no_history() -> None:
    assert not is_off(ENTERPRISES, (940, 950), 1400)
    assert is_off(ENTERPRISES, (940, 950, 955), 1400)


def test_a_few_enterprises_more_are_no_leap() -> None:
    assert not is_off(GROWN, (1, 1, 1), 4)


def test_a_difference_below_what_the_decimals_can_tell_is_none() -> None:
    assert not is_below(74.99, 75.0, UNSET)
    assert is_below(74.0, 75.0, UNSET)
    assert is_below(970, 971, UNSET)


# --- by the limits of the plan


def test_what_is_counted_is_whole_and_the_largest_figure_of_a_unit_sets_the_usual_limit() -> None:
    assert limits_of(indicator(ENTERPRISES), PLAN) == FigureLimits(low=None, high=10_000, places=0)
    assert limits_of(indicator(INVESTED), PLAN) == FigureLimits(low=None, high=9_500, places=None)


def test_the_limits_by_an_equal_plan_are_found_without_comparing_the_plans(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The second process is handed a plan that equals its own, and asks for each of thousands of figures.
    limits, equal = limits_of(indicator(INVESTED), PLAN), small_plan()
    monkeypatch.setattr(Plan, "__eq__", unwanted)
    assert limits_of(indicator(INVESTED), equal) == limits


def unwanted(*_: object) -> bool:
    pytest.fail("two plans are compared")


def test_what_has_targets_with_decimals_is_not_counted_in_whole_numbers() -> None:
    places = replace(
        indicator(ENTERPRISES), targets=(ex.target("2027", "达", 5.0), ex.target("2025", "达", 4.6))
    )
    assert limits_of(places, PLAN).places is None


def test_differences_in_points_have_a_usual_limit_though_their_target_is_nought() -> None:
    assert limits_of(indicator("Z01-12"), PLAN).high == 100


def test_a_difference_in_points_beyond_it_is_asked_about_after_one_of_nought(tmp_path: Path) -> None:
    workspace, row = small_workspace(tmp_path / "工作区"), ("indicators", "Z01-12")
    merged(workspace, "2026-W43", {row: figure(0, "部门统计", "2026年9月")})
    office = sent_out(workspace, "2026-W48")
    send(office, {row: figure(1234.5, "部门统计", "2026年10月")})
    (result,) = ingest(workspace, "2026-W48").files
    (found,) = (f for f in result.findings if f.code is Code.BEYOND_LIMITS)
    assert "本次1234.5百分点，超出上限100百分点" in found.message


def first_return(folder: Path, cells: Mapping[str, object], **typed: object) -> list[Finding]:
    """Return what is found in a first return of 个人负担率, whose row of the plan has some cells."""
    workspace = workspace_of(folder / "工作区")
    with plan_book(workspace) as plan:
        plan.set("主要指标", BURDEN, **cells)
    office = sent_out(workspace, weeks.PERIODS["first"])
    return judged(office, folder, {BURDEN: typed})


def judged(office: Office, folder: Path, typed: Mapping[str, Mapping[str, object]]) -> list[Finding]:
    form = office.right("01")
    for code, values in typed.items():
        form.write("indicators", code, **values)
    path = form.save(folder / "01.xlsx")
    return list(check(office.workspace, [path], office.period).files[0].findings)


@pytest.mark.provokes(Code.BEYOND_LIMITS)
def test_a_figure_beyond_the_limits_of_the_plan_is_asked_about(tmp_path: Path) -> None:
    (found,) = first_return(tmp_path, {"下限": 10, "上限": 20}, value=9.5)
    assert found.code is Code.BEYOND_LIMITS
    assert found.message == "第13行“个人负担率”：本次9.5%，超出下限10%，请核对数值和单位。"


def test_decimals_that_the_plan_rules_out_are_asked_about(tmp_path: Path) -> None:
    (found,) = (f for f in first_return(tmp_path, {"小数位": 0}, value=15.5) if f.row == BURDEN)
    assert found.code is Code.NOT_WHOLE


# --- before anybody is asked why it is behind


def told_of(code: str, findings: Sequence[Finding]) -> list[str]:
    return [f.message for f in findings if f.row == code]


def test_a_first_figure_of_next_to_nothing_is_asked_about_and_not_why_it_is_behind(tmp_path: Path) -> None:
    office = sent_out(small_workspace(tmp_path / "工作区"), "2026-W48")
    unit_typed_wrong = {"value": 0.0764, "data_period": "2026年10月"}
    found = judged(office, tmp_path, {FIXED: unit_typed_wrong})
    assert told_of(FIXED, found) == [
        "第9行“固定资产投资”：本次0.0764亿元，目标为900亿元，相差约11780倍，请核对数值和单位。"
    ]


def test_a_first_figure_that_is_only_behind_is_asked_why(tmp_path: Path) -> None:
    office = sent_out(small_workspace(tmp_path / "工作区"), "2026-W48")
    found = judged(office, tmp_path, {FIXED: {"value": 300, "data_period": "2026年10月"}})
    assert [f.code for f in found if f.row == FIXED] == [Code.REQUIRED, Code.REQUIRED]


def test_a_figure_of_an_older_period_is_told_as_that_and_not_asked_why_it_is_behind(tmp_path: Path) -> None:
    office = sent_out(small_workspace(tmp_path / "工作区"), "2026-W48")
    october_under_june = {"value": 300, "data_period": "2026年6月"}
    found = judged(office, tmp_path, {FIXED: october_under_june})
    assert told_of(FIXED, found) == [
        "第9行“固定资产投资”：报的是2026年6月的数，本期应已有2026年10月的数，请补报。"
    ]


@pytest.mark.parametrize(
    "reported", [figure(400, "部门统计", "2026年8月"), figure(430, "部门统计", "2026年9月")]
)
def test_who_goes_on_reporting_older_figures_is_asked_why_they_are_behind(
    tmp_path: Path, reported: dict[str, object]
) -> None:
    workspace = small_workspace(tmp_path / "工作区")
    explained = {"lag_reason": "地块推迟出让", "next_steps": "12月底前完成出让"}
    send(
        sent_out(workspace, "2026-W40"),
        {("indicators", FIXED): figure(400, "部门统计", "2026年8月", **explained)},
    )
    ingest(workspace, "2026-W40")
    without_reason = {**reported, "lag_reason": None, "next_steps": None}
    found = judged(sent_out(workspace, "2026-W48"), tmp_path, {FIXED: without_reason})
    assert [f.code for f in found if f.row == FIXED] == [Code.REQUIRED, Code.REQUIRED, Code.PERIOD_STALE]


def test_an_older_figure_that_is_confirmed_is_asked_why_it_is_behind(tmp_path: Path) -> None:
    office = sent_out(small_workspace(tmp_path / "工作区"), "2026-W48")
    confirmed = {"value": 300, "data_period": "2026年6月", "verification": "属实，10月的数还没有"}
    found = judged(office, tmp_path, {FIXED: confirmed})
    assert [f.code for f in found if f.row == FIXED] == [Code.REQUIRED, Code.REQUIRED, Code.PERIOD_STALE]


# --- beside the rest of the return


@pytest.fixture
def november(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Office:
    """Return the office of a task force that has reported for half a year."""
    shutil.copytree(weeks.made(tmp_path_factory) / "november", tmp_path / "november")
    return weeks.opened("november", tmp_path / "november")


@pytest.mark.provokes(Code.FIGURES_SWAPPED)
def test_two_figures_that_each_fit_the_others_row_are_asked_about_as_swapped(
    november: Office, tmp_path: Path
) -> None:
    typed = {"Z01-05": {"value": 150.43}, "Z01-06": {"value": 764.59}}
    found = judged(november, tmp_path, typed)
    assert [f.code for f in found] == [Code.FIGURES_SWAPPED, Code.FIGURES_SWAPPED]
    assert found[0].message == (
        "第8行“固定资产投资”：本次150.43亿元，上次686.62亿元，"
        "与Z01-06“重大项目累计完成投资”的数疑似互换了，请核对这两行。"
    )


@pytest.mark.provokes(Code.VALUE_OFF)
def test_a_figure_with_its_digits_swapped_is_asked_about(november: Office, tmp_path: Path) -> None:
    (found,) = judged(november, tmp_path, {"Z01-06": {"value": 510.43}})
    assert found.code is Code.VALUE_OFF
    assert found.message == (
        "第9行“重大项目累计完成投资”：本次510.43亿元，上次146.54亿元（2026年9月），"
        "变化远大于以往各期，请核对数值和数据所属期。"
    )
