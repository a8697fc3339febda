"""The rules of evaluation; expected values are calculated by hand beside each case."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenproj_xl.core.answers import InWords, Nature
from tenproj_xl.core.cells import Value
from tenproj_xl.core.periods import Frequency, Period, parse_period
from tenproj_xl.core.sheets import with_choices
from tenproj_xl.core.states import State, TaskState
from tenproj_xl.model.evaluate_indicators import (
    asked_period,
    candidate_periods,
    due_period,
    unverified_targets,
    yardstick,
)
from tenproj_xl.model.evaluate_tasks import Standing, issue_state, task_state, year_share
from tenproj_xl.model.plan import Curve, Direction, Indicator, Measure, Origin, Target
from tenproj_xl.model.settings_reader import default_settings
from tests.helpers import rollup_example as ex
from tests.helpers.rollup_example import target

SETTINGS = default_settings()
DAY = parse_period("2026-W48").last


def indicator(measure: Measure, *targets: Target, **more: object) -> Indicator:
    """Return an indicator whose monthly figures come twenty days after the month."""
    return ex.indicator("Z01-01", measure, *targets, **{"lag_days": 20, **more})


def state(what: Indicator, period: str, value: Value, nature: Nature = Nature.REPORTED) -> State:
    return yardstick(what, parse_period(period), SETTINGS).state(value, nature)


YEARLY = indicator(Measure.ANNUAL, target("2026", "以上", 36.5))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (30.4, State.ON_PACE),  # 304 of 365 days are over at the end of October: 30.4 of 36.5 should be done
        (30.3, State.SLOW),
        (28.6, State.SLOW),  # five points of 36.5 are 1.825: yellow down to 28.575
        (28.5, State.BEHIND),
        (36.6, State.ON_PACE),
        (0.0, State.BEHIND),  # a reported 0 is a figure
    ],
)
def test_a_years_flow_is_measured_by_the_days_gone_at_the_datas_own_date(
    value: float, expected: State
) -> None:
    assert state(YEARLY, "2026-10", value) is expected


def test_share_and_pace_of_a_years_flow_are_fractions_of_its_target() -> None:
    stick = yardstick(YEARLY, parse_period("2026-10"), SETTINGS)
    assert stick.share(18.25) == pytest.approx(0.5)
    assert stick.pace == pytest.approx(304 / 365)


def test_the_week_across_new_year_is_measured_by_the_target_of_the_year_of_its_number() -> None:
    both = indicator(
        Measure.ANNUAL,
        target("2026", "以上", 36.5),
        target("2027", "以上", 73.0),
        frequency=Frequency.WEEK,
        lag_days=0,
    )
    assert state(both, "2026-W52", 28.5) is State.BEHIND
    stick = yardstick(both, parse_period("2026-W53"), SETTINGS)  # it ends on 3 January 2027
    assert (stick.target, stick.goal) == (both.targets[0], 36.5)
    assert state(both, "2026-W53", 28.5) is State.PENDING
    assert state(both, "2026-W53", 28.5, Nature.VERIFIED) is State.MISSED
    assert state(both, "2027-W01", 3.0) is State.ON_PACE  # ten days of 365: 2.0
    last = replace(both, targets=both.targets[:1])
    assert state(last, "2026-W53", 36.5, Nature.VERIFIED) is State.MET
    assert state(last, "2027-W01", 3.0) is State.UNDECIDED


def test_the_verified_figure_of_the_week_across_new_year_decides_the_years_target() -> None:
    weekly = replace(YEARLY, frequency=Frequency.WEEK, lag_days=0)
    week = parse_period("2026-W53")
    assert unverified_targets(weekly, [], week.last, 2026) == []  # the row of the week asks for it
    known = [(week, Nature.REPORTED)]
    waiting = unverified_targets(weekly, known, parse_period("2027-W01").last, 2026)
    assert [one.period.code for one in waiting] == ["2026"]
    known = [(week, Nature.VERIFIED)]
    assert unverified_targets(weekly, known, parse_period("2027-W01").last, 2026) == []


def test_in_a_leap_year_the_end_of_february_is_day_60_of_366() -> None:
    leap = indicator(Measure.ANNUAL, target("2028", "以上", 366.0))
    stick = yardstick(leap, parse_period("2028-02"), SETTINGS)
    assert stick.green == pytest.approx(60.0)
    assert year_share(date(2028, 2, 29), 2028) == pytest.approx(60 / 366)


def test_a_flow_without_a_target_in_its_year_is_for_reference() -> None:
    only = indicator(Measure.ANNUAL_IN_YEAR, target("2025", "超过", 860.0), target("2027", "突破", 950.0))
    assert state(only, "2026-10", 500.0) is State.REFERENCE
    assert state(only, "2027-06", 500.0) is State.ON_PACE  # 181/365 of 950 are 471.1


def test_a_cumulative_path_runs_through_its_targets_without_a_jump() -> None:
    money = indicator(
        Measure.CUMULATIVE,
        target("2025", "以上", 110.0),
        target("2027", "以上", 200.0),
        starts=date(2023, 1, 1),
    )
    at = {
        p: yardstick(money, parse_period(p), SETTINGS).green
        for p in ("2023-12", "2025-11", "2026-01", "2026-12")
    }
    assert at["2023-12"] == pytest.approx(110 * 365 / 1096)  # 2023 to 2025 are 1,096 days
    assert at["2025-11"] == pytest.approx(110 * 1065 / 1096)
    assert at["2026-01"] == pytest.approx(110 + 90 * 31 / 730)
    assert at["2026-12"] == pytest.approx(155.0)  # half-way between 110 and 200


def test_a_stock_goes_from_its_last_target_to_the_next_by_a_tolerance_of_its_own() -> None:
    firms = indicator(Measure.STOCK, target("2025", "以上", 900.0), target("2027", "以上", 1000.0))
    stick = yardstick(firms, parse_period("2026-12"), SETTINGS)
    assert stick.green == pytest.approx(950.0)
    assert stick.share(940.0) == pytest.approx(0.94)
    assert stick.pace == pytest.approx(0.95)
    assert stick.state(930.0, Nature.REPORTED) is State.SLOW  # two points of 1,000 are 20
    assert stick.state(929.0, Nature.REPORTED) is State.BEHIND


def test_without_a_start_there_is_no_pace_only_a_judgement_at_the_date() -> None:
    beds = indicator(Measure.RATIO, target("2025", "达", 4.6))
    assert state(beds, "2025-06", 4.0) is State.REFERENCE
    assert state(beds, "2025-12", 4.6, Nature.VERIFIED) is State.MET


def test_at_the_targets_date_only_a_verified_value_is_judged() -> None:
    assert state(YEARLY, "2026-12", 40.0, Nature.REPORTED) is State.PENDING
    assert state(YEARLY, "2026-12", 36.5, Nature.VERIFIED) is State.MET
    assert state(YEARLY, "2026-12", 36.4, Nature.VERIFIED) is State.MISSED


def test_strict_wording_is_strict() -> None:
    strict = indicator(Measure.ANNUAL_IN_YEAR, target("2025", "超过", 860.0))
    assert state(strict, "2025", 860.0, Nature.VERIFIED) is State.MISSED
    assert state(strict, "2025", 860.1, Nature.VERIFIED) is State.MET


def test_faster_than_the_average_means_more_than_no_difference() -> None:
    faster = indicator(Measure.COMPARATIVE, target("2026", "快于", 0.0))
    assert [state(faster, "2026-10", v) for v in (0.1, 0.0, -0.9, -1.1)] == [
        State.ON_PACE,
        State.SLOW,
        State.SLOW,
        State.BEHIND,
    ]


def test_lower_is_better_is_mirrored_and_has_no_share() -> None:
    burden = indicator(
        Measure.RATIO,
        target("2027", "以内", 15.0),
        direction=Direction.LOWER,
        baseline=25.0,
        baseline_on=date(2025, 12, 31),
    )
    stick = yardstick(burden, parse_period("2026-12"), SETTINGS)
    assert stick.green == pytest.approx(20.0)
    assert stick.share(18.0) is None
    assert [stick.state(v, Nature.REPORTED) for v in (18.0, 20.2, 20.4)] == [
        State.ON_PACE,
        State.SLOW,
        State.BEHIND,
    ]
    assert state(burden, "2027", 15.0, Nature.VERIFIED) is State.MET
    assert state(burden, "2027", 15.1, Nature.VERIFIED) is State.MISSED


def test_about_is_two_sided_at_the_date() -> None:
    about = indicator(Measure.ANNUAL, target("2026", "左右", 20.0))
    assert [state(about, "2026", v, Nature.VERIFIED) for v in (18.9, 19.0, 21.0, 21.1)] == [
        State.MISSED,
        State.MET,
        State.MET,
        State.MISSED,
    ]


def test_about_is_two_sided_all_year() -> None:
    about = indicator(Measure.ANNUAL, target("2026", "左右", 36.5))
    # At the end of October 30.4 are due: five per cent of 36.5 either way are 1.825, as many again are yellow.
    values = (26.7, 26.8, 28.5, 28.6, 30.4, 32.2, 32.3, 34.0, 34.1)
    assert [state(about, "2026-10", v) for v in values] == [
        State.BEHIND,
        State.SLOW,
        State.SLOW,
        State.ON_PACE,
        State.ON_PACE,
        State.ON_PACE,
        State.SLOW,
        State.SLOW,
        State.BEHIND,
    ]


def test_a_ratio_to_be_kept_about_where_it_is_may_neither_rise_nor_fall() -> None:
    steady = indicator(
        Measure.RATIO, target("2027", "左右", 100.0), baseline=100.0, baseline_on=date(2022, 12, 31)
    )
    # Five per cent either way, then two points of 100 (略滞后界限 of ratios).
    assert [state(steady, "2026-09", v) for v in (92.9, 93.0, 95.0, 105.0, 107.0, 107.1)] == [
        State.BEHIND,
        State.SLOW,
        State.ON_PACE,
        State.ON_PACE,
        State.SLOW,
        State.BEHIND,
    ]


def test_about_five_projects_means_four_to_six() -> None:
    few = indicator(Measure.ANNUAL, target("2026", "左右", 5.0), unit="个")
    judged = [state(few, "2026", v, Nature.VERIFIED) for v in (3.0, 4.0, 6.0, 7.0)]
    assert judged == [State.MISSED, State.MET, State.MET, State.MISSED]


def test_a_level_below_its_last_target_is_behind() -> None:
    years = indicator(Measure.STOCK, target("2025", "超过", 85.63), target("2027", "超过", 85.65))
    assert state(years, "2026", 85.635) is State.SLOW
    assert state(years, "2026", 85.6) is State.BEHIND


def test_year_end_assessment_of_a_level_looks_at_the_path_on_the_last_day_of_a_year() -> None:
    money = indicator(
        Measure.CUMULATIVE,
        target("2025", "以上", 110.0),
        target("2027", "以上", 200.0),
        starts=date(2023, 1, 1),
        curve=Curve.YEAR_END,
    )
    assert state(money, "2026-09", 1.0) is State.REFERENCE
    assert yardstick(money, parse_period("2026"), SETTINGS).green == pytest.approx(155.0)


def test_a_target_worded_as_striving_is_never_missed() -> None:
    striving = indicator(Measure.ANNUAL, target("2026", "力争", 47.0))
    assert state(striving, "2026-10", 1.0) is State.SLOW
    assert state(striving, "2026", 1.0, Nature.VERIFIED) is State.REFERENCE
    assert state(striving, "2026", 47.0, Nature.VERIFIED) is State.MET


def test_a_derived_target_is_for_reference() -> None:
    derived = indicator(Measure.ANNUAL, target("2026", "以上", 47.0, Origin.DERIVED))
    assert state(derived, "2026-10", 1.0) is State.REFERENCE


def test_a_growth_rate_is_compared_as_it_is_also_below_nought() -> None:
    growth = indicator(Measure.GROWTH, target("2026", "以上", 15.0))
    assert [state(growth, "2026-10", v) for v in (15.0, 14.2, 13.9, -3.0)] == [
        State.ON_PACE,
        State.SLOW,
        State.BEHIND,
        State.BEHIND,
    ]


def test_year_end_assessment_has_no_pace_within_the_year() -> None:
    land = indicator(Measure.ANNUAL, target("2026", "以上", 200.0), curve=Curve.YEAR_END)
    assert state(land, "2026-10", 0.0) is State.REFERENCE


def test_a_planned_curve_follows_the_quarters_and_stairs_wait_for_their_end() -> None:
    parts = (
        target("2026-Q1", "以上", 10.0, Origin.APPROVED),
        target("2026-Q2", "以上", 50.0, Origin.APPROVED),
    )
    planned = indicator(Measure.ANNUAL, *parts, target("2026", "以上", 100.0), curve=Curve.PLANNED)
    stairs = replace(planned, curve=Curve.STEPS)
    assert yardstick(planned, parse_period("2026-Q1"), SETTINGS).green == pytest.approx(10.0)
    assert yardstick(planned, parse_period("2026-04"), SETTINGS).green == pytest.approx(10 + 40 * 30 / 91)
    assert yardstick(stairs, parse_period("2026-05"), SETTINGS).green == pytest.approx(10.0)


QUARTERS = (
    target("2026-Q1", "以上", 10.0, Origin.APPROVED),
    target("2026-Q2", "以上", 50.0, Origin.APPROVED),
    target("2026-11", "以上", 95.0, Origin.APPROVED),
)


@pytest.mark.parametrize("curve", list(Curve))
@pytest.mark.parametrize("code", ["2026-Q2", "2026-06", "2026-H1"])
def test_a_quarters_target_judges_the_figure_of_its_last_day_whatever_the_curve(
    curve: Curve, code: str
) -> None:
    flow = indicator(Measure.ANNUAL, *QUARTERS, target("2026", "以上", 100.0), curve=curve)
    assert state(flow, code, 50.0) is State.PENDING
    assert state(flow, code, 50.0, Nature.VERIFIED) is State.MET
    assert state(flow, code, 49.0, Nature.VERIFIED) is State.MISSED
    assert yardstick(flow, parse_period(code), SETTINGS).share(50.0) == pytest.approx(0.5)


def test_an_even_path_runs_through_the_targets_of_quarters_and_months() -> None:
    flow = indicator(Measure.ANNUAL, *QUARTERS, target("2026", "以上", 100.0))
    greens = [yardstick(flow, parse_period(f"2026-{m:02d}"), SETTINGS).green for m in (2, 4, 8)]
    # 59 of 90 days to 10; 10 and 30 of 91 days to 50; 50 and 62 of the 153 days to 95
    assert greens == pytest.approx([10 * 59 / 90, 10 + 40 * 30 / 91, 50 + 45 * 62 / 153])


def test_a_derived_quarter_is_no_point_of_the_path_and_judges_nothing() -> None:
    derived = target("2026-Q2", "以上", 90.0, Origin.DERIVED)
    flow = indicator(Measure.ANNUAL, derived, target("2026", "以上", 36.5))
    for code in ("2026-06", "2026-08"):
        period = parse_period(code)
        assert yardstick(flow, period, SETTINGS).green == yardstick(YEARLY, period, SETTINGS).green


def test_a_growth_is_measured_by_the_next_quarters_target_below_nought_too() -> None:
    growth = indicator(
        Measure.GROWTH,
        target("2026-Q1", "以上", -5.0, Origin.APPROVED),
        target("2026-Q2", "以上", -2.0, Origin.APPROVED),
        target("2026", "以上", 3.0),
    )
    assert state(growth, "2026-02", -5.5) is State.SLOW
    assert state(growth, "2026-Q1", -4.8, Nature.VERIFIED) is State.MET
    assert state(growth, "2026-Q2", -2.1, Nature.VERIFIED) is State.MISSED
    assert state(growth, "2026-Q3", 3.0) is State.ON_PACE


def test_targets_of_quarters_alone_are_enough() -> None:
    flow = indicator(Measure.COMPLETION, target("2026-Q1", "完成", 20.0), target("2026-Q4", "完成", 100.0))
    assert state(flow, "2026-02", 14.0) is State.ON_PACE
    assert state(flow, "2026-Q4", 100.0, Nature.VERIFIED) is State.MET
    assert state(flow, "2026", 99.0, Nature.VERIFIED) is State.MISSED


def test_words_are_judged_as_words() -> None:
    words = indicator(Measure.QUALITATIVE, target("2027", "保持", None, text="应保尽保"))
    answers = (InWords.ACHIEVED, InWords.UNDERWAY, InWords.FAILED)
    assert [state(words, "2026", v) for v in answers] == [State.MET, State.REFERENCE, State.REFERENCE]
    assert [state(words, "2027", v) for v in answers] == [State.PENDING] * 3
    assert [state(words, "2027", v, Nature.VERIFIED) for v in answers] == [
        State.MET,
        State.MISSED,
        State.MISSED,
    ]


@given(st.floats(0, 100), st.floats(0, 100))
def test_more_is_never_worse(one: float, other: float) -> None:
    order = [State.BEHIND, State.SLOW, State.ON_PACE]
    low, high = sorted((one, other))
    assert order.index(state(YEARLY, "2026-10", low)) <= order.index(state(YEARLY, "2026-10", high))


# --- what is asked


def test_a_row_is_asked_for_the_newest_figure_that_can_exist() -> None:
    due = due_period(YEARLY, DAY, 2023)
    assert due is not None
    assert due.code == "2026-10"


def test_nothing_is_asked_beyond_the_last_target() -> None:
    once = indicator(Measure.ANNUAL_IN_YEAR, target("2023", "完成", 1.0), frequency=Frequency.YEAR)
    due = due_period(once, DAY, 2023)
    assert due is not None
    assert due.code == "2023"
    assert due_period(once, date(2023, 6, 30), 2023) is None


def waiting(indicator: Indicator, *known: tuple[Period, Nature]) -> list[str]:
    return [target.period.code for target in unverified_targets(indicator, known, DAY, 2023)]


def test_the_row_of_an_indicator_asks_for_the_newest_figure_only() -> None:
    firms = indicator(Measure.STOCK, target("2025", "以上", 900.0), target("2027", "以上", 1000.0))
    october, final = parse_period("2026-10"), parse_period("2025")
    assert asked_period(firms, [(final, Nature.VERIFIED)], DAY, 2023) == october
    assert asked_period(firms, [(october, Nature.REPORTED)], DAY, 2023) is None


def test_a_passed_target_waits_for_its_verified_figure_whatever_else_is_known() -> None:
    firms = indicator(Measure.STOCK, target("2025", "以上", 900.0), target("2027", "以上", 1000.0))
    october, final = parse_period("2026-10"), parse_period("2025")
    assert waiting(firms) == ["2025"]
    assert waiting(firms, (october, Nature.REPORTED), (final, Nature.REPORTED)) == ["2025"]
    assert waiting(firms, (final, Nature.VERIFIED)) == []


def test_a_passed_quarter_waits_beside_the_passed_year() -> None:
    quarter = target("2026-Q3", "以上", 30.0, Origin.APPROVED)
    flow = indicator(Measure.ANNUAL, target("2025", "以上", 40.0), quarter, target("2026", "以上", 40.0))
    december, september = parse_period("2025-12"), parse_period("2026-09")
    assert waiting(flow) == ["2025", "2026-Q3"]
    assert waiting(flow, (december, Nature.VERIFIED)) == ["2026-Q3"]
    assert waiting(flow, (december, Nature.VERIFIED), (september, Nature.VERIFIED)) == []


def test_the_figure_that_the_row_of_an_indicator_asks_for_is_not_waited_for_besides() -> None:
    yearly = indicator(Measure.ANNUAL, target("2025", "以上", 40.0), target("2026", "以上", 40.0))
    yearly = replace(yearly, frequency=Frequency.YEAR)
    assert asked_period(yearly, [], DAY, 2023) == parse_period("2025")
    assert waiting(yearly) == []
    assert waiting(yearly, (parse_period("2025"), Nature.REPORTED)) == ["2025"]


def test_the_form_offers_the_newest_periods_and_the_ends_of_passed_targets() -> None:
    firms = indicator(Measure.STOCK, target("2025", "以上", 900.0), target("2027", "以上", 1000.0))
    offered = [p.code for p in candidate_periods(firms, DAY, 2023)]
    assert offered == ["2026-10", "2026-09", "2026-08", "2026-07", "2026-06", "2026-05", "2025"]


# --- tasks and issues

WEEK_END = date(2026, 11, 29)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({}, TaskState.MISSING),
        ({"status": "序时推进"}, TaskState.ON_TIME),
        ({"status": "已完成", "milestone_due": date(2026, 1, 1)}, TaskState.DONE),
        ({"status": "序时推进", "milestone_due": date(2026, 11, 28)}, TaskState.OVERDUE),
        ({"status": "序时推进", "milestone_due": date(2026, 11, 29)}, TaskState.DUE_SOON),
        ({"status": "序时推进", "milestone_due": date(2026, 12, 13)}, TaskState.DUE_SOON),
        ({"status": "序时推进", "milestone_due": date(2026, 12, 14)}, TaskState.ON_TIME),
        (
            {
                "status": "序时推进",
                "milestone_due": date(2026, 11, 1),
                "milestone_done": "已完成",
                "due_on": date(2026, 11, 1),
            },
            TaskState.OVERDUE,  # the last milestone is reached, and the task was to be done with it
        ),
        (
            {"status": "序时推进", "milestone_due": date(2026, 11, 1), "milestone_done": "已完成"},
            TaskState.ON_TIME,
        ),
        ({"status": "滞后", "milestone_due": date(2027, 12, 31)}, TaskState.BEHIND),
        ({"status": "序时推进", "due_on": date(2026, 10, 31)}, TaskState.OVERDUE),
        # 333 of 365 days are over: 91.2 %; 86.2 % would be the limit
        ({"status": "序时推进", "invest_plan": 10.0, "invest_done": 8.6}, TaskState.BEHIND),
        ({"status": "序时推进", "invest_plan": 10.0, "invest_done": 8.7}, TaskState.ON_TIME),
    ],
)
def test_a_task_is_judged_by_its_milestone_and_its_investment(
    row: dict[str, Value], expected: TaskState
) -> None:
    assert task_state(with_choices("tasks", row), WEEK_END, SETTINGS, year=2026) is expected


@pytest.mark.parametrize(
    ("issue", "expected"),
    [
        (Standing(days_left=-1), "逾期"),
        (Standing(days_left=14), "临近时限"),
        (Standing(days_left=15), "整改中"),
        (Standing(), "整改中"),
        (Standing(days_left=60, reopened=True), "重新挂账"),
        (Standing(days_left=3, reopened=True), "临近时限"),
        (Standing(days_left=3, with_superior=True), "待上级协调"),
        (Standing(days_left=-1, with_superior=True), "逾期"),
        (Standing(days_left=-9, applied=True), "申请销号"),
        (Standing(days_left=-9, signed_off=True), "已销号"),
    ],
)
def test_an_issue_is_judged_by_the_days_that_it_has_left(issue: Standing, expected: str) -> None:
    assert issue_state(issue, SETTINGS).label == expected
