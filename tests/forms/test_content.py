"""What the next form starts from: last values, the next milestone, what is unfinished, what is open."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from tenproj_xl.core.answers import Nature
from tenproj_xl.core.blocks import Block
from tenproj_xl.core.cells import Value
from tenproj_xl.core.periods import parse_period
from tenproj_xl.core.sheets import with_choices
from tenproj_xl.core.tokens import is_token, token
from tenproj_xl.forms.content import build_form
from tenproj_xl.forms.form import Form, FormRow
from tenproj_xl.model.history import History, Reported, history
from tenproj_xl.model.settings_reader import default_settings
from tenproj_xl.model.units import of_task_force
from tests.helpers.small_plan import PERIOD, SECRET, small_form, small_plan


def said(
    sheet: str, code: str, period: str = "2026-W47", task_force: str = "01", **values: Value
) -> Reported:
    at = datetime(2026, 11, 20, 8, tzinfo=UTC)
    return Reported(
        sheet=sheet,
        code=code,
        task_force=task_force,
        period=parse_period(period),
        values=with_choices(sheet, values),
        typed={},
        cells={},
        file="回表.xlsx",
        sha256="0" * 64,
        tab="",
        received_at=at,
        seq=1,
    )


def row(form: Form, sheet: str, code: str) -> FormRow:
    return next(r for r in form.part(sheet).rows if r.code == code)


def codes(form: Form, sheet: str) -> list[str]:
    return [r.code for r in form.part(sheet).rows if r.code]


def test_the_first_form_asks_for_the_newest_figure_that_can_exist() -> None:
    printed = row(small_form(), "indicators", "Z01-01").printed
    assert (printed["asked"], printed["data_period"]) == ("应报：2026年10月", "2026年10月")
    assert (printed["last_value"], printed["target_now"], printed["target_2025"]) == (
        None,
        "35以上",
        "35以上",
    )


def test_a_figure_that_was_reported_is_brought_forward_and_not_asked_again() -> None:
    october = said("indicators", "Z01-01", value=30.5, data_period="2026-10", nature="部门统计")
    final = said("indicators", "Z01-01", "2026-W46", value=36.0, data_period="2025", nature="统计核定")
    found = row(small_form(known=history([october, final])), "indicators", "Z01-01")
    assert (found.printed["last_value"], found.printed["last_period"]) == ("30.5", "2026年10月")
    assert (found.printed["asked"], found.asked) == ("未到发布期", False)


def test_a_passed_target_without_a_verified_figure_has_a_row_of_its_own() -> None:
    known = history([said("indicators", "Z01-01", value=36.5, data_period="2025-12", nature="部门统计")])
    form = small_form(known=known)
    assert row(form, "indicators", "Z01-01").printed["asked"] == "应报：2026年10月"
    final = row(form, "indicators", "Z01-01/2025")
    assert (final.block, final.asked) == (Block.FINAL, False)
    assert {name: final.printed[name] for name in ("asked", "target_now", "data_period", "nature")} == {
        "asked": "2025年全年数（统计核定，含年报）",
        "target_now": "2025年：35以上",
        "data_period": "2025年",
        "nature": Nature.VERIFIED,
    }
    assert (final.printed["last_value"], final.printed["last_period"]) == ("36.5", "2025年12月")
    assert {"data_period", "forecast", "next_steps"} == final.locked


def test_once_its_verified_figure_came_in_the_row_is_gone() -> None:
    final = said("indicators", "Z01-01/2025", "2026-W46", value=36.0, data_period="2025", nature="统计核定")
    form = small_form(known=history([final]))
    assert "Z01-01/2025" not in codes(form, "indicators")
    asked = row(form, "indicators", "Z01-01").printed
    assert (asked["asked"], asked["last_value"]) == ("应报：2026年10月", "36")


def test_what_is_not_asked_stands_below_under_a_line_that_counts_it() -> None:
    known = history([said("indicators", "Z01-01", value=30.5, data_period="2026-10", nature="部门统计")])
    part = small_form(known=known).part("indicators")
    assert codes(small_form(known=known), "indicators")[-1] == "Z01-01"
    assert list(part.headings.values())[-1] == "以下1项本期不必填报"
    assert part.lines[part.rows[-1].token] == part.last_line == max(part.headings) + 1


def test_an_older_figure_is_brought_forward_and_the_newer_one_is_asked() -> None:
    known = history([said("indicators", "Z01-01", value=27.0, data_period="2026-09", nature="部门统计")])
    found = row(small_form(known=known), "indicators", "Z01-01").printed
    assert (found["last_period"], found["asked"]) == ("2026年9月", "应报：2026年10月")


def test_a_milestone_that_was_reported_as_done_makes_way_for_the_next() -> None:
    before = row(small_form(), "tasks", "R01-01").printed
    assert (before["milestone"], before["milestone_due"]) == ("完成主体结顶", date(2026, 11, 20))
    known = history(
        [said("tasks", "R01-01", milestone="完成主体结顶", milestone_done="已完成", status="序时推进")]
    )
    after = row(small_form(known=known), "tasks", "R01-01").printed
    assert (after["milestone"], after["milestone_due"]) == ("竣工验收", date(2026, 12, 20))


def test_a_milestone_that_was_taken_back_is_asked_for_again() -> None:
    step = {"milestone": "完成主体结顶", "status": "序时推进"}
    known = history(
        [
            said("tasks", "R01-01", "2026-W46", **step, milestone_done="已完成"),
            said("tasks", "R01-01", "2026-W47", **step, milestone_done="未完成"),
        ]
    )
    assert row(small_form(known=known), "tasks", "R01-01").printed["milestone"] == "完成主体结顶"


def test_a_finished_task_leaves_the_form_after_a_period_and_an_unfinished_one_stays() -> None:
    done = said("tasks", "R01-01", "2026-W46", status="已完成")
    known = history([done, said("tasks", "R01-02", status="滞后")])
    assert codes(small_form(known=known), "tasks") == ["R01-02", "R01-03"]


def test_an_open_issue_has_its_own_row_with_what_was_said_and_its_deadline_locked() -> None:
    issue = said(
        "issues", "W01-2026-001", description="用地未落实", unit="区住建局", due_on=date(2026, 12, 1)
    )
    form = small_form(known=history([issue]))
    found = row(form, "issues", "W01-2026-001")
    assert found.printed["description"] == "用地未落实"
    assert found.printed["due_on"] == date(2026, 12, 1)
    assert found.locked == {"description", "category", "source", "raised_on", "unit", "due_on"}
    assert len(form.part("issues").rows) == 11  # and ten blank ones


def test_what_is_brought_forward_comes_from_earlier_periods_only() -> None:
    same_week = said("indicators", "Z01-01", PERIOD, value=30.5, data_period="2026-10")
    assert row(small_form(known=history([same_week])), "indicators", "Z01-01").printed["last_value"] is None


def test_the_last_word_of_a_period_counts_even_where_it_is_a_blank() -> None:
    first = said("tasks", "R01-01", person="王五", status="序时推进")
    later = said("tasks", "R01-01", status="序时推进", person=None)
    known = History((first, Reported(**{**vars(later), "received_at": datetime(2026, 11, 21, tzinfo=UTC)})))
    assert known.latest("tasks", "R01-01") is not None
    assert len(known.of("tasks", "R01-01")) == 1
    assert known.of("tasks", "R01-01")[0].values["person"] is None


def test_a_task_force_that_is_not_concerned_gets_its_form_too() -> None:
    form = small_form("02")
    assert codes(form, "indicators") == []
    assert codes(form, "tasks") == ["R02-01"]


def test_the_forms_print_a_renamed_units_current_name() -> None:
    assert row(small_form(), "indicators", "Z01-07").printed["reporting_unit"] == "区科技和数据局"


def test_making_a_form_again_changes_no_token_and_no_two_rows_share_one() -> None:
    once, again = small_form(), small_form()
    tokens = [r.token for part in once.sheets for r in part.rows]
    assert tokens == [r.token for part in again.sheets for r in part.rows]
    assert len(set(tokens)) == len(tokens)
    plan, settings = small_plan(), default_settings()
    recipient = of_task_force(plan.task_force("01"), plan)
    next_week = build_form(plan, settings, settings.period("2026-W49"), recipient, history(), SECRET)
    assert not set(tokens) & {r.token for part in next_week.sheets for r in part.rows}


@given(st.text(max_size=8), st.integers(0, 99))
def test_dragging_a_token_down_never_makes_a_neighbours(row_name: str, step: int) -> None:
    made = token(SECRET, "P", PERIOD, "01", "tasks", row_name)
    assert is_token(made)
    assert made[-1].isalpha()
    assert not is_token(f"{made[:-1]}{step}")
