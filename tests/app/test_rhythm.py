"""Returns in another rhythm: from weeks to fortnights to months, and which period is meant by default."""

from datetime import date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from tenproj_xl.app.generate import generate
from tenproj_xl.app.merge import merge
from tenproj_xl.app.status import status
from tenproj_xl.cli.main import main
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.model.issues import issue_history
from tests.helpers.filling import Filling, Office, sent_out
from tests.helpers.rollup_reading import table
from tests.helpers.settings_book import set_parameter

ISSUE = {
    "description": "地块征迁未完成",
    "category": "征迁",
    "source": "自查",
    "raised_on": date(2026, 11, 20),
    "unit": "区科技局",
    "measures": "逐户走访",
    "due_on": date(2027, 3, 31),
    "status": "整改中",
    "progress": "已签约十户",
}


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


def returned_with_an_issue(office: Office) -> Path:
    """Send the third task force's form, right and with one new issue, and merge."""
    form = office.right("03").answer({("issues", "+1"): ISSUE})
    office.send(form)
    return merge(office.workspace, office.period).rollup


def values(office: Office) -> dict[str, object]:
    """Return what the third task force's form shows as last values of the indicators that have one."""
    rows = office.forms["03"].part("indicators").rows
    return {row.code: row.printed["last_value"] for row in rows if row.printed["last_value"]}


def issues(office: Office) -> list[str]:
    return [row.code for row in office.forms["03"].part("issues").rows if row.code]


def test_from_weeks_to_fortnights_to_months_no_period_is_stretched_and_nothing_falls_out(
    week: Office,
) -> None:
    workspace = week.workspace
    rollup = returned_with_an_issue(week)
    before = rollup.read_bytes()

    set_parameter(workspace, "报送周期", "每两周")
    set_parameter(workspace, "截止日", "周三")
    fortnight = sent_out(workspace, "2026-W50")
    assert issues(fortnight) == ["W03-2026-001"]
    assert len(values(fortnight)) > 3
    matrix = status(workspace, "2026-W48")
    assert (matrix.period.first, matrix.period.last) == (date(2026, 11, 23), date(2026, 11, 29))
    assert matrix.deadline == at("2026-11-27T17:00")

    set_parameter(workspace, "报送周期", "每月")
    month = sent_out(workspace, "2026-12")
    assert issues(month) == issues(fortnight)
    assert values(month) == values(fortnight)
    matrix = status(workspace, "2026-W50")
    assert (matrix.period.first, matrix.period.last) == (date(2026, 11, 30), date(2026, 12, 13))
    assert matrix.deadline == at("2026-12-09T17:00")
    assert merge(workspace, "2026-W48").rollup.read_bytes() == before


def test_the_weeks_within_the_first_month_stand_in_its_form_and_count_once(week: Office) -> None:
    returned_with_an_issue(week)
    set_parameter(week.workspace, "报送周期", "每月")
    month = sent_out(week.workspace, "2026-11")
    assert issues(month) == ["W03-2026-001"]
    assert len(values(month)) > 3

    month.send(month.right("03"))
    merged = merge(week.workspace)
    assert merged.rollup.name.endswith("2026年11月汇总表.xlsx")
    codes = list(table(merged.rollup, "主要指标")["编号"])
    assert len(codes) == len(set(codes))
    assert list(table(merged.rollup, "问题销号", key="问题编号")["问题编号"]) == ["W03-2026-001"]
    assert [line.label for line in merged.matrix.lines if line.task_force.code == "03"] == ["已接收"]


def test_a_late_week_is_still_taken_in_for_its_week_when_a_month_is_due(week: Office) -> None:
    form = week.right("03")
    set_parameter(week.workspace, "报送周期", "每月")
    sent_out(week.workspace, "2026-11")
    week.send(form, hours=100)
    (file,) = merge(week.workspace).ingested.files
    assert (file.period, file.days_late) == ("2026-W48", 4)


def test_a_form_of_any_rhythm_is_known_by_its_line_alone(week: Office) -> None:
    set_parameter(week.workspace, "报送周期", "每旬")
    office = sent_out(week.workspace, "2026-12-D1")
    form: Filling = office.right("03")
    form.delete_column("indicators", "key", "key2")
    form.delete_column("tasks", "key", "key2")
    form.delete_column("issues", "key", "key2")
    office.send(form)
    (file,) = merge(week.workspace).ingested.files
    assert (file.period, file.task_force) == ("2026-12-D1", "03")


def test_forms_are_made_for_the_period_that_is_due_and_never_twice_by_chance(week: Office) -> None:
    now = at("2026-11-30T09:00")
    assert generate(week.workspace, now=now).period.code == "2026-W49"
    with pytest.raises(UsageProblem, match=r"第49期.*已经下发。.*--period 2026-W49；.*--period 2026-W50"):
        generate(week.workspace, now=now)
    set_parameter(week.workspace, "报送周期", "每季度")
    assert generate(week.workspace, now=now).period.code == "2026-Q4"


def test_forms_of_a_year_that_is_mistyped_are_not_made(week: Office) -> None:
    told = r"^2027年第48期（11月29日—12月5日）离现在还有半年以上，请核对期号；填报表最早提前半年生成。$"
    with pytest.raises(UsageProblem, match=told):
        generate(week.workspace, "2027-W48", now=at("2026-11-30T09:00"))
    assert generate(week.workspace, "2027-W22", now=at("2026-11-30T09:00")).period.code == "2027-W22"


def test_forms_of_long_before_those_that_went_out_are_not_made(week: Office) -> None:
    told = r"^2025年第48期（.*）比已经下发的第48期（.*）早半年以上，请核对期号；以前漏报的数，在现在的填报表里补报。$"
    for code, named in (("2025-W48", told), ("2026-W04", "^2026年第4期.*早半年以上，请核对期号")):
        with pytest.raises(UsageProblem, match=named):
            generate(week.workspace, code, now=at("2026-11-30T09:00"))
    assert generate(week.workspace, "2026-W23", now=at("2026-11-30T09:00")).period.code == "2026-W23"


def test_the_newest_period_is_the_one_that_ends_last_whatever_its_code_is(week: Office) -> None:
    for cycle, code in (("每月", "2026-11"), ("每季度", "2026-Q4"), ("每半年", "2026-H2"), ("每年", "2026")):
        set_parameter(week.workspace, "报送周期", cycle)
        generate(week.workspace, code)
        with look_into_ledger(week.workspace.ledger) as ledger:
            assert ledger.newest_period() == code


@pytest.mark.parametrize("option", [("--month", "2026年11月调度"), ("--quarter", "2026年四季度分析")])
def test_an_edition_is_by_default_of_the_span_in_which_the_newest_period_ends(
    week: Office, option: tuple[str, str]
) -> None:
    result = CliRunner().invoke(
        main, ["-C", str(week.workspace.root), "report", option[0], "--final", "李四"]
    )
    assert result.exit_code == 0, result.stderr
    assert f"_{option[1]}材料_签发稿.xlsx" in result.stderr


def test_an_application_in_the_first_week_of_a_fortnight_stops_the_clock_from_its_day(week: Office) -> None:
    workspace = week.workspace
    returned_with_an_issue(week)
    set_parameter(workspace, "报送周期", "每两周")
    fortnight = sent_out(workspace, "2026-W50")
    applied = {
        "status": "申请销号",
        "applied_on": date(2026, 12, 2),
        "evidence": "协议",
        "lead_opinion": "同意",
    }
    fortnight.send(fortnight.right("03").answer({("issues", "W03-2026-001"): applied}))
    merge(workspace, "2026-W50")
    with look_into_ledger(workspace.ledger) as ledger:
        issue = issue_history(ledger.history(), "W03-2026-001")
    assert issue is not None
    assert issue.paused_days(date(2026, 12, 13)) == 11
