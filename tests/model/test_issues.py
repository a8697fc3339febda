"""The history of an issue, calculated by hand: what waits for whom, which deadline holds, when the clock is paused.

The issue was raised on 1 November 2026 and is due on 1 December; weeks end on Sundays: W48 on 29 November, W49 on
6 December, W50 on the 13th, W51 on the 20th.
"""

from datetime import date
from typing import Any

import pytest

from tenproj_xl.core.answers import DecisionLevel
from tenproj_xl.core.cells import Value
from tenproj_xl.core.periods import parse_period
from tenproj_xl.model.decisions import Coordination, Decision, Extension, Verdict
from tenproj_xl.model.history import Reported, history
from tenproj_xl.model.issues import IssueHistory, issue_history
from tenproj_xl.model.settings_reader import default_settings
from tests.helpers.rollup_example import row

pytestmark = pytest.mark.clock

CODE = "W01-2026-001"
DUE = date(2026, 12, 1)


def december(day: int) -> date:
    return date(2026, 12, day)


def reported(period: str, **values: Value) -> Reported:
    known: dict[str, Value] = {
        "raised_on": date(2026, 11, 1),
        "due_on": DUE,
        "status": "整改中",
        "request": None,
    }
    return row("issues", CODE, known | values, period)


def decided(on: date, period: str, **what: Any) -> Decision:
    if "level" in what:
        what["level"] = DecisionLevel.stored(what["level"])
    return Decision(
        issue=CODE, on=on, by="王主任", upon=parse_period(period), token=f"{on}", seq=on.toordinal(), **what
    )


def history_of(*records: Reported | Decision) -> IssueHistory:
    rows = [record for record in records if isinstance(record, Reported)]
    decisions = [record for record in records if isinstance(record, Decision)]
    issue = issue_history(history(rows, decisions), CODE)
    assert issue is not None
    return issue


def state(issue: IssueHistory, day: date) -> str:
    return issue.state(day, default_settings()).label


REGISTERED = reported("2026-W48")
APPLIED = reported("2026-W49", status="申请销号", applied_on=december(3))
SENT_BACK = decided(december(5), "2026-W49", verdict=Verdict.SEND_BACK, opinion="材料不全")


def test_an_application_waits_for_its_verdict_and_is_not_overdue_meanwhile() -> None:
    issue = history_of(REGISTERED, APPLIED)
    assert issue.application is APPLIED
    assert state(issue, december(20)) == "申请销号"


def test_an_application_that_was_sent_back_does_not_wait_again_by_a_correction_of_the_same_return() -> None:
    assert history_of(REGISTERED, APPLIED, SENT_BACK).application is None


def test_an_application_made_anew_waits_again_even_in_the_same_period() -> None:
    anew = reported("2026-W49", status="申请销号", applied_on=december(6))
    assert history_of(REGISTERED, anew, SENT_BACK).application is anew
    later = reported("2026-W50", status="申请销号", applied_on=december(10))
    assert history_of(REGISTERED, APPLIED, SENT_BACK, later).application is later


def test_an_application_is_taken_back_by_saying_that_work_goes_on() -> None:
    assert history_of(REGISTERED, APPLIED, reported("2026-W50")).application is None
    silent = reported("2026-W50", status=None)
    assert history_of(REGISTERED, APPLIED, silent).application is APPLIED


def test_the_days_of_waiting_for_a_verdict_do_not_count_against_the_department() -> None:
    issue = history_of(REGISTERED, APPLIED, SENT_BACK)
    assert issue.paused_days(december(13)) == 2  # from the 3rd to the 5th
    assert issue.days_left(december(13)) == -12 + 2
    assert state(issue, december(13)) == "逾期"


def test_a_month_that_is_asked_for_later_does_not_shorten_a_wait_that_ended_in_one_of_its_weeks() -> None:
    weeks = [REGISTERED, APPLIED, reported("2026-W50")]
    by_the_week = history_of(*weeks).paused_days(december(31))
    assert by_the_week == 4  # from the 3rd to Monday the 7th
    assert history_of(*weeks, reported("2026-12")).paused_days(december(31)) == by_the_week


def test_an_application_dated_back_stops_the_clock_from_its_own_week_at_the_earliest() -> None:
    early = reported("2026-W49", status="申请销号", applied_on=date(2026, 11, 2))
    assert history_of(REGISTERED, early).paused_days(december(6)) == 6  # from Monday the 30th


ASKS: dict[str, Value] = {"request": "请批复用地", "suggested_level": "总专班"}
RAISED = decided(date(2026, 11, 27), "2026-W48", level="总专班")


def test_a_proposed_level_waits_until_it_was_decided_upon_as_it_stands() -> None:
    assert history_of(reported("2026-W48", **ASKS)).proposed_level is DecisionLevel.HEAD
    lower = decided(date(2026, 11, 27), "2026-W48", level="总专班办公室")
    issue = history_of(reported("2026-W48", **ASKS), lower, reported("2026-W49", **ASKS))
    assert (issue.proposed_level, issue.level) == (None, DecisionLevel.OFFICE)
    higher = reported("2026-W49", **{**ASKS, "suggested_level": "提请省、市协调"})
    assert history_of(reported("2026-W48", **ASKS), lower, higher).proposed_level is DecisionLevel.SUPERIOR


def test_the_clock_stands_still_from_the_approved_level_to_the_superiors_answer() -> None:
    asked = history_of(reported("2026-W48", **ASKS), RAISED)
    assert (asked.with_superior, state(asked, december(20))) == (True, "待上级协调")
    assert asked.days_left(december(20)) == 4  # as on the 27th
    settled = decided(december(7), "2026-W48", coordination=Coordination.SETTLED)
    answered = history_of(reported("2026-W48", **ASKS), RAISED, settled, reported("2026-W50", **ASKS))
    assert (answered.asks, answered.paused_days(december(20)), answered.days_left(december(20))) == (
        False,
        10,
        -9,
    )
    again = reported("2026-W51", **{**ASKS, "request": "请再协调资金"})
    assert history_of(reported("2026-W48", **ASKS), RAISED, settled, again).asks


def test_an_application_that_is_sent_back_leaves_the_ask_with_the_superior_who_has_not_answered() -> None:
    applied = reported("2026-W49", **ASKS, status="申请销号", applied_on=december(3))
    issue = history_of(reported("2026-W48", **ASKS), RAISED, applied, SENT_BACK, reported("2026-W50", **ASKS))
    assert (issue.with_superior, state(issue, december(20))) == (True, "待上级协调")
    assert issue.days_left(december(20)) == 4  # as on 27 November, when the level was approved


def test_an_ask_that_the_department_drops_stops_no_clock_any_more() -> None:
    issue = history_of(reported("2026-W48", **ASKS), RAISED, reported("2026-W49"))
    assert (issue.asks, issue.paused_days(december(20))) == (False, 3)  # until the Monday of that week


def test_an_issue_that_was_overdue_before_a_superior_took_it_up_stays_overdue() -> None:
    late = reported("2026-W48", **ASKS, due_on=date(2026, 11, 20))
    issue = history_of(late, RAISED)
    assert (state(issue, december(20)), issue.days_left(december(20))) == ("逾期", -7)


def test_a_level_within_the_task_force_stops_nothing() -> None:
    issue = history_of(
        reported("2026-W48", **ASKS), decided(date(2026, 11, 27), "2026-W48", level="专班内部")
    )
    assert (issue.with_superior, issue.paused_days(december(20))) == (False, 0)


def test_an_extension_sets_the_deadline_anew_and_what_stood_still_before_is_in_it() -> None:
    granted = decided(december(9), "2026-W49", extension=Extension.GRANTED, until=december(31))
    issue = history_of(REGISTERED, APPLIED, SENT_BACK, granted)
    assert (issue.original_due, issue.due, issue.extensions) == (DUE, december(31), 1)
    assert (issue.paused_days(december(13)), issue.days_left(december(13))) == (0, 18)


@pytest.mark.parametrize(
    "answer", [{"extension": "不同意延期"}, {"extension": "同意延期", "until": december(20)}]
)
def test_a_request_for_time_waits_over_the_weeks_until_it_is_answered(answer: dict[str, Any]) -> None:
    asked = reported("2026-W48", extend_to=december(31), extend_reason="排期")
    assert history_of(asked, reported("2026-W49")).extension_request is asked
    assert (
        history_of(asked, reported("2026-W49"), decided(december(5), "2026-W49", **answer)).extension_request
        is None
    )


def test_a_reopened_issue_has_its_new_deadline_and_was_not_open_while_it_was_closed() -> None:
    closed = decided(december(5), "2026-W49", verdict=Verdict.SIGN_OFF)
    issue = history_of(REGISTERED, APPLIED, closed)
    assert (state(issue, december(20)), issue.days_open(december(20))) == ("已销号", 34)
    opened = decided(
        december(12), "2026-W49", verdict=Verdict.REOPEN, until=date(2027, 1, 31), opinion="复查未完工"
    )
    issue = history_of(REGISTERED, APPLIED, closed, opened)
    assert (state(issue, december(20)), issue.application, issue.times_reopened) == ("重新挂账", None, 1)
    assert issue.days_open(december(20)) == 49 - 7
    assert (issue.days_left(december(20)), issue.original_due) == (42, DUE)


def test_what_the_form_says_of_it() -> None:
    assert history_of(REGISTERED).review == ""
    assert history_of(REGISTERED, APPLIED).review == "第49期申请销号待审定"
    assert history_of(REGISTERED, APPLIED, SENT_BACK).review == "2026-12-05 退回整改（王主任）：材料不全"
    granted = decided(december(9), "2026-W49", extension=Extension.GRANTED, until=december(31))
    assert history_of(REGISTERED, granted).review == (
        "2026-12-09 同意延期至2026-12-31（王主任）；现行时限2026-12-31（原定2026-12-01，延期1次）"
    )
