"""The facts of the roll-up: states, gaps and numbers of its lines, against what was worked out by hand."""

from dataclasses import replace
from datetime import date

import pytest

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import Value
from tenproj_xl.core.codes import label_of
from tenproj_xl.core.findings import Place, finding
from tenproj_xl.core.periods import parse_period
from tenproj_xl.model.decisions import Verdict
from tenproj_xl.model.duties import Duty
from tenproj_xl.model.history import Reported
from tenproj_xl.model.plan import Measure
from tenproj_xl.model.statuses import Status
from tenproj_xl.rollup.facts.indicators import IndicatorLine
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.model import Facts, facts_of
from tenproj_xl.rollup.facts.supervision import behind_in_words
from tests.helpers import rollup_example as ex


def line(data: RollupInput, code: str) -> IndicatorLine:
    return next(i for i in facts_of(data).indicators if i.indicator.code == code)


# --- indicators


def test_an_annual_flow_is_measured_at_the_end_of_its_data_period() -> None:
    # 31 October is day 304 of 365: 83.288 of 100 should be done; 85 is 1.712 points ahead.
    found = line(ex.week_of(ex.figure("Z01-01", 85.0, "2026年10月")), "Z01-01")
    assert (found.state.label, found.counted, found.stale, found.carried) == ("达序时", True, False, "")
    assert found.share == pytest.approx(0.85)
    assert found.pace == pytest.approx(304 / 365)
    assert found.gap == pytest.approx(100 * (0.85 - 304 / 365), abs=1e-6)


@pytest.mark.parametrize(
    ("value", "state"),
    [(83.29, "达序时"), (83.28, "略滞后"), (78.3, "略滞后"), (78.2, "滞后"), (0.0, "滞后")],
)
def test_five_points_part_slow_from_behind_and_a_zero_is_a_figure(value: float, state: str) -> None:
    # 83.288 should be done, yellow down to 78.288.
    assert line(ex.week_of(ex.figure("Z01-01", value, "2026年10月")), "Z01-01").state.label == state


def test_what_was_not_reported_is_not_zero() -> None:
    found = line(ex.week_of(), "Z01-01")
    assert (found.state.label, found.counted, found.figure, found.share, found.gap) == (
        "未报",
        True,
        None,
        None,
        None,
    )
    assert found.freshness == "应报2026年10月"


@pytest.mark.parametrize(
    ("value", "state", "gap"),
    # Down from 20 to 10 over 365 days: 30 September is day 273, so 20 - 10 * 273 / 365 = 12.5205 is allowed; the
    # limit for ratios is 2 points of the target 10, so up to 12.7205 is yellow.
    [(12.5, "达序时", 0.205), (12.6, "略滞后", -0.795), (12.8, "滞后", -2.795), (9.0, "达序时", 35.205)],
)
def test_where_lower_is_better_less_is_ahead(value: float, state: str, gap: float) -> None:
    found = line(ex.week_of(ex.figure("Z01-02", value, "2026年三季度")), "Z01-02")
    assert (found.state.label, found.share) == (state, None)
    assert found.gap == pytest.approx(gap, abs=1e-3)


@pytest.mark.parametrize(
    ("value", "state"), [(52.5, "达标"), (47.5, "达标"), (53.0, "未达标"), (47.0, "未达标")]
)
def test_about_is_two_sided(value: float, state: str) -> None:
    # 50左右: five per cent either way, 47.5 to 52.5.
    assert (
        line(ex.week_of(ex.figure("Z01-03", value, "2025年12月", "统计核定")), "Z01-03").state.label == state
    )


@pytest.mark.parametrize(("value", "gap"), [(52.5, 0.0), (47.5, 0.0), (60.0, -20.0), (40.0, -20.0)])
def test_a_gap_to_about_is_the_distance_beyond_its_limits(value: float, gap: float) -> None:
    assert line(ex.week_of(ex.figure("Z01-03", value, "2025年12月", "统计核定")), "Z01-03").gap == gap


@pytest.mark.parametrize(("goal", "value", "told"), [(4.6, 4.0, "差0.6个"), (46.0, 40.0, "差6个")])
def test_what_is_missing_of_a_target_with_decimals_has_them(goal: float, value: float, told: str) -> None:
    beds = ex.indicator("Z01-09", Measure.RATIO, ex.target("2025", "达", goal), unit="个")
    rows = (ex.figure("Z01-09", value, "2025年", "统计核定"),)
    (item,) = facts_of(ex.rollup_input(*rows, indicators=(beds,))).supervision
    assert item.told == told


@pytest.mark.parametrize(
    ("goal", "value", "ahead", "state", "told"),
    [
        (100.0, 83.29, 0.002, "达序时", ""),  # 83.287671 should be done
        (100.0, 83.28, -0.01, "略滞后", "差0.01亿元"),
        (98.0, 81.62, -0.002, "略滞后", "差0.002亿元"),  # 81.621918 should be done
        (172.5, 143.67, -0.001, "略滞后", "差0.001亿元"),  # 143.671233: by 0.0012
        (86.0, 71.6274, 0.00001, "达序时", ""),  # 71.627397: five decimals where the figure has four
        (86.0, 71.6273, -0.0001, "略滞后", "差0.0001亿元"),
        (84.0, 69.96, -0.002, "略滞后", "差0.002亿元"),  # 69.961644: by 0.0016
    ],
)
def test_a_difference_has_no_more_decimals_than_its_figures_but_one(
    goal: float, value: float, ahead: float, state: str, told: str
) -> None:
    annual = ex.indicator("Z01-09", Measure.ANNUAL, ex.target("2026", "以上", goal))
    (found,) = facts_of(
        ex.rollup_input(ex.figure("Z01-09", value, "2026年10月"), indicators=(annual,))
    ).indicators
    assert (found.ahead, found.state.label, behind_in_words(found)) == (ahead, state, told)


@pytest.mark.parametrize(("value", "verdict"), [(860.0, "未达标"), (860.1, "达标")])
def test_more_than_is_strict(value: float, verdict: str) -> None:
    found = line(ex.week_of(ex.figure("Z01-04", value, "2025年", "统计核定")), "Z01-04")
    assert found.passed_in_words == f"2025年：{verdict}"
    # A flow of 2025 says nothing of October 2026: unreported, the old value is only shown as the last one.
    assert (found.state.label, found.figure) == ("未报", None)
    assert found.previous is not None
    assert found.previous.value == value
    assert not found.counted  # 2026 has no target, so there would be no light either


def test_a_passed_target_waits_for_a_verified_figure_of_exactly_its_date() -> None:
    reported = ex.figure("Z02-01", 910.0, "2025年")
    assert line(ex.week_of(), "Z02-01").passed_in_words == "2025年：待核定"
    found = line(ex.week_of(reported), "Z02-01")
    assert (found.state.label, found.passed_in_words, found.pending) == ("待核定", "2025年：待核定", 1)
    verified = ex.figure("Z02-01", 899.0, "2025年", "统计核定")
    assert line(ex.week_of(verified), "Z02-01").passed_in_words == "2025年：未达标"
    other_date = ex.figure("Z02-01", 950.0, "2024年", "统计核定")
    assert line(ex.week_of(other_date), "Z02-01").passed_in_words == "2025年：待核定"


@pytest.mark.parametrize("preliminary", ["2025年12月", "2025年四季度", "2025年下半年"])
def test_the_verified_figure_of_a_year_follows_the_one_of_its_last_months(preliminary: str) -> None:
    reported = ex.figure("Z02-01", 905.0, preliminary, period="2026-W40")
    verified = ex.figure("Z02-01", 899.0, "2025年", "统计核定")
    assert line(ex.week_of(reported, verified), "Z02-01").state.label == "未达标"


def test_years_of_one_verdict_are_named_together() -> None:
    yearly = ex.indicator(
        "Z01-09", Measure.ANNUAL, *(ex.target(str(y), "以上", 10.0) for y in (2023, 2024, 2025, 2026))
    )
    facts = facts_of(
        ex.rollup_input(ex.figure("Z01-09", 11.0, "2024年12月", "统计核定"), indicators=(yearly,))
    )
    assert facts.indicators[0].passed_in_words == "2023、2025年：待核定；2024年：达标"


def test_what_was_only_striven_for_is_never_missed() -> None:
    hoped = ex.indicator("Z01-09", Measure.ANNUAL_IN_YEAR, ex.target("2025", "力争", 47.0))
    rows = (ex.figure("Z01-09", 46.0, "2025年", "统计核定"),)
    facts = facts_of(ex.rollup_input(*rows, indicators=(hoped,)))
    assert (facts.indicators[0].state.label, facts.indicators[0].passed_in_words) == (
        "暂不评价",
        "2025年：力争未达到",
    )
    assert (facts.headline.counted, facts.headline.unverified, facts.supervision) == (0, 0, ())


def test_a_figure_of_an_earlier_return_is_stamped_with_its_period() -> None:
    found = line(ex.week_of(ex.figure("Z02-01", 910.0, "2025年", period="2026-W44")), "Z02-01")
    assert (found.carried, found.stale, found.freshness) == ("第44周", False, "沿用第44周")
    last_year = line(ex.week_of(ex.figure("Z02-01", 910.0, "2025年", period="2025-W51")), "Z02-01")
    assert last_year.carried == "2025年第51周"


def test_a_figure_older_than_due_is_judged_at_its_own_date_and_says_that_it_is_old() -> None:
    # From 110 at the end of 2025 to 200 at the end of 2027 in 730 days: 31 August 2026 is day 243, 139.96 expected.
    found = line(ex.week_of(ex.figure("Z02-02", 139.0, "2026年8月", period="2026-W40")), "Z02-02")
    assert (found.state.label, found.stale, found.answered) == ("略滞后", True, False)
    assert found.freshness == "数据过旧：应报2026年10月（沿用第40周）"
    assert found.gap == pytest.approx((139 - (110 + 90 * 243 / 730)) / 2, abs=1e-6)


def test_growth_may_be_negative_and_its_gap_is_in_points_of_the_value() -> None:
    found = line(ex.week_of(ex.figure("Z02-03", -2.5, "2026年10月")), "Z02-03")
    assert (found.state.label, found.gap, found.share) == ("滞后", -17.5, None)


def test_derived_targets_words_underway_and_task_forces_not_involved_are_not_counted() -> None:
    rows = (ex.figure("Z02-04", 1.0, "2026年10月"), ex.figure("Z02-05", "推进中", "2026年10月"))
    facts = facts_of(ex.week_of(*rows, ex.figure("Z03-01", 1.0, "2026年10月")))
    states = {i.indicator.code: (i.state.label, i.counted) for i in facts.indicators}
    assert states["Z02-04"] == states["Z02-05"] == ("暂不评价", False)
    assert states["Z03-01"] == ("不涉及", False)
    assert line(ex.week_of(), "Z03-01").state.label == "不涉及"


def test_a_word_of_an_earlier_return_stands_while_the_later_one_says_nothing() -> None:
    old = ex.figure("Z01-02", 12.8, "2026年三季度", period="2026-W47", lag_reason="汛期停工")
    new = ex.row("indicators", "Z01-02", {"next_steps": "抢工"})
    found = line(ex.week_of(old, new), "Z01-02")
    assert (found.reported("lag_reason"), found.reported("next_steps"), found.carried) == (
        "汛期停工",
        "抢工",
        "第47周",
    )


def test_a_measure_in_words_that_is_met_counts_as_on_pace() -> None:
    found = line(ex.week_of(ex.figure("Z02-05", "已实现", "2026年10月")), "Z02-05")
    assert found.indicator.measure is Measure.QUALITATIVE
    assert (found.state.label, found.counted) == ("达标", True)


# --- tasks, issues, returns; and the supervision list over all of them


def test_tasks_are_judged_on_the_last_day() -> None:
    facts = facts_of(ex.ordinary_week())
    found = {t.task.code: (t.state.label, t.days_left) for t in facts.tasks}
    assert found == {
        "R01-01": ("逾期", -9),  # the milestone of 20 November was not done
        "R01-02": ("临近时限", 11),  # 10 December is within 14 days
        "R02-01": ("滞后", None),  # 80 % invested; 29 November is day 333 of 365, 91.2 % less 5 points
        "R02-02": ("未报", -152),  # never a word, and 30 June has passed
        "R03-01": ("不涉及", -152),
    }


def test_an_older_word_on_a_task_is_judged_by_the_milestone_that_is_current_since() -> None:
    done: dict[str, Value] = {
        "milestone": "开工",
        "milestone_due": date(2026, 11, 20),
        "status": "序时推进",
        "milestone_done": "已完成",
    }
    facts = facts_of(ex.week_of(ex.row("tasks", "R01-01", done, "2026-W47")))
    found = facts.tasks[0]
    # 竣工 on 5 December is six days away.
    assert (found.milestone, found.state.label, found.days_left, found.carried) == (
        "竣工",
        "临近时限",
        6,
        "第47周",
    )


def test_a_milestone_reported_as_done_gives_way_to_the_next_one_in_the_same_week() -> None:
    steps = (("立项", date(2026, 6, 30)), ("开工", date(2026, 11, 25)), ("通车", date(2027, 6, 30)))
    task = ex.task("R01-09", *steps, due_on=date(2027, 6, 30))
    done: dict[str, Value] = {
        "milestone": "立项",
        "milestone_due": date(2026, 6, 30),
        "milestone_done": "已完成",
        "completed_on": date(2026, 11, 12),
        "status": "序时推进",
    }
    facts = facts_of(ex.rollup_input(ex.row("tasks", "R01-09", done), tasks=(task,)))
    (found,) = facts.tasks
    assert (found.milestone, found.due_on, found.state.label, found.days_left) == (
        "开工",
        date(2026, 11, 25),
        "逾期",
        -4,
    )
    assert (found.updated, found.reported("milestone_done"), found.reported("completed_on")) == (
        True,
        None,
        None,
    )
    assert [supervised.code for supervised in facts.supervision] == ["R01-09"]


def test_after_the_last_milestone_the_date_of_the_task_counts() -> None:
    task = ex.task("R01-09", ("通车", date(2026, 11, 20)), due_on=date(2026, 12, 31))
    done: dict[str, Value] = {
        "milestone": "通车",
        "milestone_due": date(2026, 11, 20),
        "milestone_done": "已完成",
        "status": "序时推进",
    }
    (found,) = facts_of(ex.rollup_input(ex.row("tasks", "R01-09", done), tasks=(task,))).tasks
    assert (found.milestone, found.due_on, found.state.label) == ("", date(2026, 12, 31), "序时推进")


def test_issues_have_an_age_a_level_and_a_state() -> None:
    facts = facts_of(ex.ordinary_week())
    found = {
        i.code: (i.state.label, i.days_open, i.days_over, i.asks, i.shown_level.label) for i in facts.issues
    }
    assert found == {
        "W01-2026-001": ("逾期", 28, 10, True, "总专班"),
        "W01-2026-002": ("临近时限", 28, None, False, "未定"),  # 13 December is exactly 14 days away
        "W02-2026-001": ("申请销号", 28, None, False, "未定"),  # asks no longer
        "W02-2026-002": ("整改中", 28, None, False, "未定"),  # “无” is no ask
        "W03-2026-001": (
            "待上级协调",
            28,
            None,
            True,
            "提请省、市协调",
        ),  # the approved level, not the suggested one
    }
    assert [a.issue.code for a in facts.asks] == ["W03-2026-001", "W01-2026-001"]


@pytest.mark.parametrize(
    ("request_now", "since", "is_new"),
    [
        ("请区财政局落实配套资金3000万元", date(2026, 11, 23), True),
        ("请批复项目用地指标，年底前需落实", date(2026, 11, 1), False),
    ],
)
def test_an_ask_for_something_else_waits_from_the_return_that_brought_it(
    request_now: str, since: date, *, is_new: bool
) -> None:
    rows = (
        ex.issue("W01-2026-001", "2026-W47", request="请批复项目用地指标"),
        ex.issue("W01-2026-001", request=request_now),
    )
    (ask,) = facts_of(ex.week_of(*rows)).asks
    assert (ask.since, ask.is_new) == (since, is_new)


def test_the_supervision_list_is_hardest_first() -> None:
    found = [(s.level.label, s.code, s.measured) for s in facts_of(ex.ordinary_week()).supervision]
    assert found == [
        ("红督办", "W01-2026-001", "超期10天"),
        ("红督办", "R01-01", "超期9天"),
        ("黄催办", "Z02-02", "差39.96亿元"),  # 100 instead of 139.96
        ("黄催办", "Z01-02", "差0.28亿元"),
        ("黄催办", "R02-01", "投资差1.12亿元"),
        ("蓝提醒", "R01-02", "还有11天"),
        ("蓝提醒", "W01-2026-002", "还有14天"),
        # long past, but nobody has settled it: saying nothing does not stop the clock
        ("红督办", "R02-02", "超期152天"),
        ("红督办", "Z01-04", "2025年目标未达标"),
    ]
    historic = [s.code for s in facts_of(ex.ordinary_week()).supervision if s.historic]
    assert historic == ["R02-02", "Z01-04"]


def test_what_lagged_at_the_end_of_a_year_stays_until_its_final_figure_is_in() -> None:
    flow = ex.indicator(
        "Z01-09", Measure.ANNUAL, ex.target("2026", "以上", 100.0), ex.target("2027", "以上", 100.0)
    )
    lagging = ex.figure("Z01-09", 70.0, "2026年11月", period="2026-W53")
    fine = ex.figure("Z01-09", 30.0, "2027年1月", period="2027-W08")

    def supervised(*rows: Reported, week: str = "2027-W08") -> list[tuple[str, str]]:
        data = replace(ex.rollup_input(*rows, indicators=(flow,)), period=parse_period(week))
        return [(label_of(s.state), s.measured) for s in facts_of(data).supervision]

    assert supervised(lagging, week="2026-W53") == [("滞后", "差21.51亿元")]
    waiting = [("待核定", "2026年目标待核定，最后报的数滞后")]
    assert supervised(lagging) == supervised(lagging, fine) == waiting
    final = ex.figure("Z01-09", 99.0, "2026年", "统计核定", period="2027-W07")
    assert supervised(lagging, final, fine) == [("未达标", "2026年目标未达标，差1亿元")]
    reached = ex.figure("Z01-09", 101.0, "2026年", "统计核定", period="2027-W07")
    assert supervised(lagging, reached, fine) == []


@pytest.mark.parametrize(
    ("last", "told"),
    [
        (90.0, ("2026年三季度、2026年目标待核定，最后报的数滞后", "手续慢", "2027-01-11")),
        (98.0, ("2026年三季度目标待核定，最后报的数滞后", "并网延迟", "2026-10-12")),
        (100.0, ("2026年三季度目标待核定，最后报的数滞后", "并网延迟", "2026-10-12")),
    ],
)
def test_only_a_figure_that_was_behind_and_not_slow_keeps_its_unverified_target_on_the_list(
    last: float, told: tuple[str, str, str]
) -> None:
    flow = ex.indicator(
        "Z01-09", Measure.ANNUAL, ex.target("2026-Q3", "以上", 60.0), ex.target("2026", "以上", 100.0)
    )
    september = ex.figure("Z01-09", 50.0, "2026年9月", period="2026-W42", lag_reason="并网延迟")
    year = ex.figure("Z01-09", last, "2026年12月", period="2027-W02", lag_reason="手续慢")
    data = ex.rollup_input(september, year, indicators=(flow,))
    (item,) = facts_of(replace(data, period=parse_period("2027-W03"))).supervision
    measured, reason, day = told
    assert (item.measured, item.reason) == (measured, reason)
    assert item.source.endswith(f"主要指标进度表 › K8（{day} 09:00）")


def test_returns_are_late_by_the_first_one_and_corrections_are_counted() -> None:
    fault = finding(
        Code.NOT_NUMBER, Place("01填报表.xlsx", "主要指标进度表", "K8"), "很多", advice="只填数字"
    )
    receipts = (
        ex.receipt("01", Status.TO_CORRECT, 26, (fault,)),
        ex.receipt("01", Status.ACCEPTED, 29, late=True),
        ex.receipt("01", Status.DUPLICATE, 29),
        ex.receipt("02", Status.REFUSED, 25, (fault,)),
    )
    data = ex.rollup_input(indicators=ex.INDICATORS, tasks=ex.TASKS, receipts=receipts)
    facts = facts_of(data)
    first, second, third = facts.returns
    assert (first.state.label, first.corrections, first.files, first.errors) == ("按时", 1, 3, 0)
    assert first.current is receipts[1]
    assert (second.state.label, second.errors, second.is_in) == ("未接收（退回）", 1, False)
    assert (third.state.label, third.is_owed) == ("不涉及", False)
    assert (facts.headline.owed, facts.headline.returned, facts.headline.late) == (2, 1, 0)
    assert facts.headline.not_returned == 1
    # Before this week nothing was known: of task force 02 five figures and two tasks are asked, none came.
    assert (second.figures_asked, second.figures_in, second.tasks_asked, second.tasks_in) == (5, 0, 2, 0)


def test_the_headline_of_the_ordinary_week() -> None:
    # 达序时 Z01-01, 达标 Z01-03; 滞后 Z01-02 and Z02-02; 待核定 Z02-01; 未报 with a light to lose: Z02-03. Not counted:
    # Z01-04 (no target in 2026), Z02-04 (derived), Z02-05 (in words, not due before the year's end), Z03-01 (aside).
    head = facts_of(ex.ordinary_week()).headline
    assert (head.counted, head.on_pace, head.slow, head.behind, head.pending, head.missing) == (
        6,
        2,
        0,
        2,
        1,
        1,
    )
    # Z02-02 of August; it has passed 2025 unverified, as Z02-01, which is 待核定 for that and counted as such.
    assert (head.stale, head.unverified) == (1, 1)
    assert (head.tasks_on_time, head.tasks_soon, head.tasks_behind) == (0, 1, 1)
    assert (head.tasks_overdue, head.tasks_missing) == (1, 1)
    assert (head.issues_open, head.issues_soon, head.issues_overdue, head.issues_applied, head.asks) == (
        5,
        1,
        1,
        1,
        2,
    )
    assert (head.owed, head.returned, head.late, head.not_returned) == (2, 2, 1, 0)


def test_what_several_sheets_ask_for_is_worked_out_once_for_the_same_facts() -> None:
    facts = facts_of(ex.week_of(ex.figure("Z01-01", 85.0, "2026年10月")))
    asked: list[Facts] = []

    def codes(of: Facts) -> list[str]:
        asked.append(of)
        return [line.indicator.code for line in of.indicators]

    assert facts.once(codes) == facts.once(codes)
    assert asked == [facts]
    assert replace(facts).once(codes) == facts.once(codes)
    assert len(asked) == 2, "other facts are worked out anew"


def test_what_was_said_of_an_earlier_milestone_is_not_said_of_the_next() -> None:
    steps = (("开工", date(2026, 11, 20)), ("竣工", date(2027, 6, 30)))
    done: dict[str, Value] = {
        "milestone": "开工",
        "milestone_done": "已完成",
        "completed_on": date(2026, 11, 18),
    }
    row = ex.row("tasks", "R01-09", {"status": "序时推进", **done}, "2026-W47")
    (line,) = facts_of(ex.rollup_input(row, tasks=(ex.task("R01-09", *steps),))).tasks
    assert (line.milestone, line.reported("milestone_done"), line.reported("completed_on")) == (
        "竣工",
        None,
        None,
    )
    assert label_of(line.reported("status")) == "序时推进"


def test_what_was_invested_last_year_is_no_part_of_this_years_plan() -> None:
    task = ex.task("R01-09", invest_plan=10.0)
    row = ex.row("tasks", "R01-09", {"status": "序时推进", "invest_done": 9.5}, "2026-W53")
    shares = {}
    for code in ("2026-W53", "2027-W01"):
        data = replace(ex.rollup_input(row, tasks=(task,)), period=parse_period(code))
        shares[code] = facts_of(data).tasks[0].invest_share
    assert shares == {"2026-W53": 0.95, "2027-W01": None}


def test_an_investment_that_is_left_blank_leaves_the_last_one_of_the_year_standing() -> None:
    # 1.15 of 3 is 38 %, and 91 % of the year have passed.
    task = ex.task("R01-03", invest_plan=3.0)
    told = ex.row("tasks", "R01-03", {"status": "序时推进", "invest_done": 1.15}, "2026-W46")
    blank = ex.row("tasks", "R01-03", {"status": "序时推进", "progress": "继续施工"})
    facts = facts_of(ex.rollup_input(told, blank, tasks=(task,)))
    (found,) = facts.tasks
    assert (found.state.label, found.reported("invest_done"), found.updated) == ("滞后", 1.15, True)
    assert found.freshness == "本期（投资沿用第46周）"
    assert found.origin("invest_done") == told.source("invest_done")
    assert [(line.code, line.measured) for line in facts.supervision] == [("R01-03", "投资差1.59亿元")]


def test_a_task_with_a_new_date_leaves_what_the_investment_lacks_on_the_list() -> None:
    due = date(2026, 11, 20)
    task = ex.task("R01-03", due_on=due, invest_plan=3.0)
    told = ex.row("tasks", "R01-03", {"status": "序时推进", "invest_done": 1.15})
    shown = {}
    for until in (due, date(2027, 3, 1), date(2026, 11, 25)):
        moved = ex.decision(
            "R01-03", date(2026, 11, 22), verdict=Verdict.ADJUST, until=until, item=due, kind=Duty.TASK
        )
        (item,) = facts_of(ex.rollup_input(told, tasks=(task,), decisions=(moved,))).supervision
        shown[until] = (item.level.label, item.state.label, item.told)
    assert shown == {
        due: ("红督办", "逾期", "超期9天，投资差1.59亿元"),
        date(2027, 3, 1): ("黄催办", "滞后", "还有92天，投资差1.59亿元"),
        date(2026, 11, 25): ("红督办", "逾期", "超期4天，投资差1.59亿元"),
    }


def test_the_days_on_which_an_issue_was_paused_make_it_no_matter_of_the_past() -> None:
    # 101 days past its deadline by the calendar, 19 of which it waited for the office.
    due = date(2026, 8, 20)
    said = [
        ex.issue("W01-2026-001", "2026-W30", due_on=due),
        ex.issue("W01-2026-001", "2026-W32", due_on=due, status="申请销号", applied_on=date(2026, 8, 3)),
        ex.issue("W01-2026-001", due_on=due),
    ]
    sent_back = ex.decision("W01-2026-001", date(2026, 8, 22), "2026-W32", verdict=Verdict.SEND_BACK)
    told = {}
    for decisions in ((), (sent_back,)):
        rows = said if decisions else said[::2]
        (item,) = facts_of(ex.rollup_input(*rows, decisions=decisions)).supervision
        told[item.told] = item.historic
    assert told == {"超期101天": True, "超期82天": False}


def test_the_week_across_new_year_is_judged_by_the_year_that_it_is_counted_in() -> None:
    task = ex.task("R01-09", invest_plan=8.0)
    states = {}
    for code, invested in (("2026-W52", 6.0), ("2026-W53", 6.4), ("2027-W01", 0.0)):
        row = ex.row("tasks", "R01-09", {"status": "序时推进", "invest_done": invested}, code)
        data = replace(ex.rollup_input(row, tasks=(task,)), period=parse_period(code))
        states[code] = facts_of(data).tasks[0].state.label
    assert states == {"2026-W52": "滞后", "2026-W53": "滞后", "2027-W01": "序时推进"}
