"""A period is judged, shown and charged by the plan in force in it, whatever is edited later."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from tenproj_xl.app.frames import facts_for
from tenproj_xl.app.generate import generate
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.merge import merge
from tenproj_xl.app.periods import with_issued
from tenproj_xl.app.plans import in_force
from tenproj_xl.app.publish import publish
from tenproj_xl.app.report import report as report_of
from tenproj_xl.app.status import status
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.core.states import State
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.model.duties import Duty
from tenproj_xl.rollup.facts.change_items import Change
from tenproj_xl.rollup.facts.changes import change_lines
from tenproj_xl.rollup.facts.indicators import IndicatorLine, YearJudgement
from tenproj_xl.rollup.facts.judgements import judgement_lines
from tenproj_xl.rollup.facts.restatements import restatement_lines
from tenproj_xl.rollup.facts.tasks import TaskLine
from tenproj_xl.rollup.facts.trends import series_lines
from tests.helpers.by_unit import blank
from tests.helpers.filling import Filling, Office, sent_out
from tests.helpers.plan_book import plan_book, workspace_of
from tests.helpers.rollup_reading import table
from tests.helpers.shared import made_once
from tests.helpers.times import first_morning

W48, W49, W50 = "2026-W48", "2026-W49", "2026-W50"
Figures = Mapping[str, float]


@pytest.fixture
def workspace(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Return a workspace of the small plan: forms of W48 are out, that of 01 is back with 28 of 35 for October."""
    begun = made_once(tmp_path_factory, "plan-in-time", _begun)
    return Workspace(Path(shutil.copytree(begun, tmp_path / "workspace")))


def _begun(root: Path) -> None:
    office = sent_out(workspace_of(root), W48)
    report(office, {"Z01-01": 28.0, "Z01-05": 880.0})


def report(office: Office, figures: Figures, *, name: str = "01.xlsx", hours: float = -3) -> Filling:
    """Send the form of 01 with some figures of October, and take it in."""
    form = office.blank("01")
    for code, value in figures.items():
        form.write("indicators", code, data_period="2026年10月", value=value, nature="部门统计")
    form.write(
        "tasks",
        "R01-01",
        status="序时推进",
        progress="主体施工",
        milestone_done="已完成",
        completed_on="2026-11-20",
    )
    office.send(form, name, hours=hours)
    ingest(office.workspace)
    return form


def line(workspace: Workspace, code: str, period: str) -> IndicatorLine:
    """Return an indicator's line of a period's roll-up."""
    facts = facts_for(workspace, period)
    return next(one for one in facts.indicators if one.indicator.code == code)


def task_line(workspace: Workspace, code: str, period: str) -> TaskLine:
    return next(one for one in facts_for(workspace, period).tasks if one.task.code == code)


def target(workspace: Workspace, code: str, period: str) -> float | None:
    stick = line(workspace, code, period).yardstick
    return stick.target.value if stick and stick.target else None


# --- targets


def test_a_target_lowered_with_a_date_counts_from_that_week_and_not_before(workspace: Workspace) -> None:
    before = line(workspace, "Z01-01", W48)
    office = sent_out(workspace, W49)
    report(office, {"Z01-01": 28.0})
    with plan_book(workspace) as plan:
        plan.set("年度计划", "Z01-01", "2026", 目标值=30, 生效期=W49, 批准依据="区政府常务会议〔2026〕12号")
    # The forms of W49 went out with 35: the plan says itself from when on 30 holds.
    assert target(workspace, "Z01-01", W48) == 35
    assert line(workspace, "Z01-01", W48) == before
    assert target(workspace, "Z01-01", W49) == 30


def test_the_changes_of_a_week_name_a_lowered_target_and_who_decided_it(workspace: Workspace) -> None:
    merge(workspace, W48)
    with plan_book(workspace) as plan:
        plan.set("年度计划", "Z01-01", "2026", 目标值=30, 生效期=W49, 批准依据="区政府常务会议〔2026〕12号")
        plan.set("专班", "01", 召集人="赵六副区长")
    report(sent_out(workspace, W49), {"Z01-01": 28.0})
    facts = facts_for(workspace, W49)
    lines = change_lines(facts)
    changes = {(one.change, one.code): one for one in lines}
    lowered = changes[Change.ADJUSTED, "Z01-01"]
    assert (lowered.before, lowered.after) == ("目标：35以上", "目标：30以上")
    assert lowered.reason == "批准依据：区政府常务会议〔2026〕12号"
    assert changes[Change.PLAN, "01"].after == "召集人：赵六副区长"


def test_a_target_changed_without_a_date_counts_from_the_first_forms_that_are_made_with_it(
    workspace: Workspace,
) -> None:
    sent_out(workspace, W49)
    with plan_book(workspace) as plan:
        plan.set("年度计划", "Z01-01", "2026", 目标值=30)
    assert [target(workspace, "Z01-01", week) for week in (W48, W49)] == [35, 35]
    sent_out(workspace, W50)
    assert [target(workspace, "Z01-01", week) for week in (W48, W49, W50)] == [35, 35, 30]


def test_the_old_row_of_a_target_may_stay_beside_the_new_one(workspace: Workspace) -> None:
    with plan_book(workspace) as plan:
        plan.copy("年度计划", "Z01-01", "2026", 目标值=30, 生效期=W49)
    sent_out(workspace, W49)
    assert [target(workspace, "Z01-01", week) for week in (W48, W49)] == [35, 30]


def test_a_target_to_hold_later_leaves_the_one_of_before_until_then(workspace: Workspace) -> None:
    with plan_book(workspace) as plan:
        plan.set("年度计划", "Z01-01", "2026", 目标值=30, 生效期=W50)
    sent_out(workspace, W49)  # made with a plan that has no row for W49 any more
    sent_out(workspace, W50)
    assert [target(workspace, "Z01-01", week) for week in (W48, W49, W50)] == [35, 35, 30]


def test_a_late_return_is_judged_by_the_plan_of_its_own_week(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path)
    office = sent_out(workspace, W48)
    with plan_book(workspace) as plan:
        plan.set("年度计划", "Z01-01", "2026", 目标值=350)
    sent_out(workspace, W49)
    report(office, {"Z01-01": 34.0}, name="迟报.xlsx", hours=80)
    late = line(workspace, "Z01-01", W48)
    assert (late.value, late.state) == (34.0, State.ON_PACE)
    assert late.share == pytest.approx(34 / 35)


def test_forms_made_again_for_a_week_replace_the_plan_of_that_week(workspace: Workspace) -> None:
    with plan_book(workspace) as plan:
        plan.set("年度计划", "Z01-01", "2026", 目标值=30)
    generate(workspace, W48)
    assert target(workspace, "Z01-01", W48) == 30


def test_a_plan_that_was_changed_is_told_of_a_week_until_later_forms_go_out_with_it(
    workspace: Workspace,
) -> None:
    with plan_book(workspace) as plan:
        plan.set("年度计划", "Z01-01", "2026", 目标值=30)
    assert any("工作计划在下发第48期" in told for told in merge(workspace, W48).ingested.notices)
    sent_out(workspace, W49)
    assert not any("工作计划在下发" in told for told in merge(workspace, W48).ingested.notices)


def test_later_forms_of_the_plan_of_before_do_not_keep_it_unsaid_that_the_plan_was_changed(
    workspace: Workspace,
) -> None:
    sent_out(workspace, W49)
    with plan_book(workspace) as plan:
        plan.set("年度计划", "Z01-01", "2026", 目标值=30)
    assert any("工作计划在下发第48期" in told for told in merge(workspace, W48).ingested.notices)


def test_forms_made_again_for_a_week_that_was_given_out_keep_its_plan(workspace: Workspace) -> None:
    merged = merge(workspace, W48, "王区长")
    publish(workspace, [merged.rollup], "张三")
    with plan_book(workspace) as plan:
        plan.set("年度计划", "Z01-01", "2026", 目标值=30)
    assert generate(workspace, W48).plan_kept
    assert target(workspace, "Z01-01", W48) == 35
    assert not generate(workspace, W49).plan_kept
    assert target(workspace, "Z01-01", W49) == 30


# --- indicators and tasks


def test_a_week_owes_nothing_for_an_indicator_that_came_later(workspace: Workspace) -> None:
    with plan_book(workspace) as plan:
        plan.copy("主要指标", "Z01-15", 指标编号="Z01-17", 指标名称="新增停车位", 计量单位="个")
        plan.copy("年度计划", "Z01-15", "2026", 指标编号="Z01-17", 性质="原文")
    sent_out(workspace, W49)
    codes = [[one.indicator.code for one in facts_for(workspace, week).indicators] for week in (W48, W49)]
    assert "Z01-17" not in codes[0]
    assert line(workspace, "Z01-17", W49).state is State.MISSING


def test_an_inserted_indicator_with_former_codes_moves_no_history(workspace: Workspace) -> None:
    merge(workspace, W48)
    with plan_book(workspace) as plan:
        for number in range(15, 4, -1):
            code, moved = f"Z01-{number:02d}", f"Z01-{number + 1:02d}"
            if number == 15:
                plan.delete("主要指标", "Z01-16")
                plan.delete("年度计划", "Z01-16", "2027")
            plan.set("主要指标", code, 指标编号=moved, 原编号=code)
            for period in ("2025", "2026", "2026-Q1", "2026-Q2", "2027"):
                try:
                    plan.set("年度计划", code, period, 指标编号=moved)
                except KeyError:
                    continue
        plan.copy("主要指标", "Z01-01", 指标编号="Z01-05", 指标名称="新签约项目投资")
        plan.copy("年度计划", "Z01-01", "2026", 指标编号="Z01-05")
    sent_out(workspace, W49)
    was, now = line(workspace, "Z01-05", W48), line(workspace, "Z01-06", W49)
    assert (was.indicator.name, was.value) == ("固定资产投资", 880.0)
    assert (now.indicator.name, now.value) == ("固定资产投资", 880.0)
    facts = facts_for(workspace, W49)
    lines = change_lines(facts)
    assert {(one.change, one.code) for one in lines if one.code in ("Z01-05", "Z01-06")} == {
        (Change.NEW, "Z01-05"),
        (Change.PLAN, "Z01-06"),
    }
    assert line(workspace, "Z01-05", W49).value is None


def test_what_comes_after_a_renumbering_is_told_of_before_under_the_codes_of_then(
    workspace: Workspace,
) -> None:
    with plan_book(workspace) as plan:
        plan.set("主要指标", "Z01-01", 指标编号="Z01-17", 原编号="Z01-01")
        for year in ("2023", "2025", "2026"):
            plan.set("年度计划", "Z01-01", year, 指标编号="Z01-17")
    office = sent_out(workspace, "2027-W05")  # the figure of December is out by then
    form = office.blank("01")
    form.write("indicators", "Z01-17", data_period="2026年", value=36.0, nature="统计核定")
    office.send(form, "01.xlsx")
    ingest(workspace)
    judged = line(workspace, "Z01-01", "2026")
    assert (judged.value, judged.state) == (36.0, State.MET)
    with look_into_ledger(workspace.ledger) as ledger:
        plans = in_force(with_issued(load(workspace), ledger), ledger)
        settings = plans.loaded.settings
        then = plans.known(ledger.history(), settings.span(W48))
    assert [figure.value for figure in then.figures("Z01-01")] == [28.0, 36.0]


def test_a_row_that_was_deleted_by_mistake_has_its_history_again(workspace: Workspace) -> None:
    with plan_book(workspace) as plan:
        plan.set("主要指标", "Z01-01", 指标编号="Z01-99")
        plan.delete("主要指标", "Z01-99")
        targets = [("2023", 35), ("2025", 35), ("2026", 35)]
        for year, _ in targets:
            plan.delete("年度计划", "Z01-01", year)
    sent_out(workspace, W49)
    with plan_book(workspace) as plan:
        plan.copy(
            "主要指标",
            "Z01-02",
            指标编号="Z01-01",
            指标名称="重大项目当年完成投资",
            计量单位="亿元",
            更新频次="月",
        )
        plan.copy("年度计划", "Z01-02", "2026", 指标编号="Z01-01", 目标值=35)
    sent_out(workspace, W50)
    assert line(workspace, "Z01-01", W50).value == 28.0


def test_what_papers_told_of_a_figure_first_follows_its_row_to_its_new_code(workspace: Workspace) -> None:
    merge(workspace, W48)  # tells 880 of October under Z01-05
    with plan_book(workspace) as plan:
        plan.set("主要指标", "Z01-05", 指标编号="Z01-17", 原编号="Z01-05")
        for year in ("2025", "2026", "2027"):
            plan.set("年度计划", "Z01-05", year, 指标编号="Z01-17")
        plan.copy("主要指标", "Z01-01", 指标编号="Z01-05", 指标名称="新签约项目投资")
        plan.copy("年度计划", "Z01-01", "2026", 指标编号="Z01-05")
    report(sent_out(workspace, W49), {"Z01-05": 31.0}, name="W49.xlsx")
    merge(workspace, W49)
    report(sent_out(workspace, W50), {"Z01-05": 32.0, "Z01-17": 890.0}, name="W50.xlsx")
    lines = {one.indicator.code: one for one in restatement_lines(facts_for(workspace, W50).data)}
    told = {code: (one.first_value, one.first_paper) for code, one in lines.items()}
    assert told == {
        "Z01-05": (31.0, "2026年第49周汇总（未印发）"),
        "Z01-17": (880.0, "2026年第48周汇总（未印发）"),
    }


def test_what_stands_under_a_code_that_another_row_has_now_is_still_known(workspace: Workspace) -> None:
    with plan_book(workspace) as plan:
        plan.set("主要指标", "Z01-05", 指标编号="Z01-17", 原编号="Z01-05")
        for year in ("2025", "2026", "2027"):
            plan.set("年度计划", "Z01-05", year, 指标编号="Z01-17")
        plan.copy("主要指标", "Z01-01", 指标编号="Z01-05", 指标名称="新签约项目投资")
        plan.copy("年度计划", "Z01-01", "2026", 指标编号="Z01-05")
    for week, value in ((W49, 31.0), (W50, 32.0)):  # of October, as 880 was in W48
        report(sent_out(workspace, week), {"Z01-05": value}, name=f"{week}.xlsx")
    rows = {row.code: row for row in sent_out(workspace, "2026-W51").forms["01"].part("indicators").rows}
    assert (rows["Z01-17"].printed["last_value"], rows["Z01-05"].printed["last_value"]) == ("880", "32")


@pytest.mark.parametrize("renumbered", [False, True])
def test_a_code_that_means_something_else_stops_until_the_office_has_said_what_became_of_it(
    workspace: Workspace, *, renumbered: bool
) -> None:
    with plan_book(workspace) as plan:
        if renumbered:
            plan.set("主要指标", "Z01-02", 指标名称="新增规上企业")
            plan.set("主要指标", "Z01-03", 指标名称="工业用地出让")
        else:
            plan.set("主要指标", "Z01-05", 指标名称="新建充电桩", 计量单位="个")
    with pytest.raises(UsageProblem, match="plan check"):
        generate(workspace, W49)


def test_codes_of_a_week_whose_forms_are_out_stay(workspace: Workspace) -> None:
    with plan_book(workspace) as plan:
        plan.set("主要指标", "Z01-05", 指标编号="Z01-17", 原编号="Z01-05")
        for year in ("2025", "2026", "2027"):
            plan.set("年度计划", "Z01-05", year, 指标编号="Z01-17")
    with pytest.raises(UsageProblem, match="编号不能再改"):
        generate(workspace, W48)


def test_nothing_is_compared_across_a_dated_change_of_scope(workspace: Workspace) -> None:
    with plan_book(workspace) as plan:
        plan.set("主要指标", "Z01-01", 计量单位="万元", 口径调整期="2026-11")
        plan.set("年度计划", "Z01-01", "2026", 目标值=350000)
    office = sent_out(workspace, "2026-W52")  # the figure of November is out by then
    form = office.blank("01")
    assert form.value("indicators", "Z01-01", "last_value") is None
    form.write("indicators", "Z01-01", data_period="2026年11月", value=310000, nature="部门统计")
    office.send(form, "01.xlsx")
    (result,) = ingest(workspace).files
    assert [f for f in result.findings if f.cell == form.at("indicators", "Z01-01", "value")] == []
    now = line(workspace, "Z01-01", "2026-W52")
    assert (now.value, now.previous) == (310000, None)
    (series,) = [
        one
        for one in series_lines(facts_for(workspace, "2026-W52").data, [now])
        if one.line.indicator.code == "Z01-01"
    ]
    assert [value for value in series.values if value is not None] == [310000]


def test_a_figure_of_a_new_scope_is_judged_by_it_in_the_material_of_its_month(workspace: Workspace) -> None:
    """In W51 a 口径调整 is dated to November, of which the plan in force at its end knew nothing."""
    merge(workspace, W48)
    with plan_book(workspace) as plan:
        plan.set("主要指标", "Z01-01", 口径调整期="2026-11", 统计口径="自1月1日起累计（不含房地产）")
        plan.set("年度计划", "Z01-01", "2026", 目标值=20, 生效期="2026-W51", 批准依据="口径函")
    report_november(sent_out(workspace, "2026-W51"), "Z01-01")
    week = line(workspace, "Z01-01", "2026-W51")
    month = line(workspace, "Z01-01", "2026-11")
    assert (week.value, week.previous, week.state) == (18.5, None, State.ON_PACE)
    assert (month.value, month.previous, month.state) == (18.5, None, State.ON_PACE)
    assert target(workspace, "Z01-01", "2026-11") == 20
    before = line(workspace, "Z01-01", W48)
    assert (before.value, target(workspace, "Z01-01", W48)) == (28.0, 35.0)


def test_a_target_that_has_passed_is_judged_in_the_scope_of_its_figure(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path)
    with plan_book(workspace) as plan:
        plan.copy("年度计划", "Z01-01", "2026", 目标期="2026-11", 目标值=30)
    report(sent_out(workspace, W48), {"Z01-01": 28.0})
    with plan_book(workspace) as plan:
        plan.set("主要指标", "Z01-01", 口径调整期="2026-11", 统计口径="自1月1日起累计（不含房地产）")
        for period, value in (("2026", 20), ("2026-11", 15)):
            plan.set("年度计划", "Z01-01", period, 目标值=value, 生效期="2026-W51", 批准依据="口径函")
    office = sent_out(workspace, "2026-W51")
    form = office.blank("01")
    form.write("indicators", "Z01-01", data_period="2026年11月", value=18.5, nature="统计核定")
    office.send(form, "01.xlsx")
    merge(workspace, "2026-W51")
    facts = facts_for(workspace, "2026-11")
    november = line(workspace, "Z01-01", "2026-11")
    assert (november.state, november.missed_before) == (State.MET, False)
    assert november.passed_in_words.endswith("2026年11月：达标")
    (judged,) = (one for one in judgement_lines(facts) if one.line.indicator.code == "Z01-01")
    assert (judged.judgement, judged.target.value) == (YearJudgement.MET, 15)
    assert "Z01-01" not in {one.code for one in facts.supervision}


def test_a_figure_of_a_new_scope_is_judged_by_it_though_its_row_was_renumbered_twice(
    workspace: Workspace,
) -> None:
    merge(workspace, W48)
    with plan_book(workspace) as plan:
        plan.set("主要指标", "Z01-01", 指标编号="Z01-17", 原编号="Z01-01")
        for year in ("2023", "2025", "2026"):
            plan.set("年度计划", "Z01-01", year, 指标编号="Z01-17")
    sent_out(workspace, W50)
    with plan_book(workspace) as plan:
        plan.set("主要指标", "Z01-17", 指标编号="Z01-18", 原编号="Z01-17", 口径调整期="2026-11")
        for year in ("2023", "2025", "2026"):
            plan.set("年度计划", "Z01-17", year, 指标编号="Z01-18")
        plan.set("年度计划", "Z01-18", "2026", 目标值=20, 生效期="2026-W51", 批准依据="口径函")
    report_november(sent_out(workspace, "2026-W51"), "Z01-18")
    assert line(workspace, "Z01-18", "2026-W51").state is State.ON_PACE
    month = line(workspace, "Z01-01", "2026-11")
    assert (month.value, month.previous, month.state) == (18.5, None, State.ON_PACE)
    assert target(workspace, "Z01-01", "2026-11") == 20


@pytest.mark.parametrize("adjusts", [True, False], ids=["of another scope", "of the same scope"])
def test_a_figure_of_a_new_scope_is_judged_by_the_plan_in_force_when_it_came(
    workspace: Workspace, *, adjusts: bool
) -> None:
    """In W51 the scope is adjusted and 20 the target, in W52 25: the figure came on the form of W52."""
    merge(workspace, W48)
    with plan_book(workspace) as plan:
        plan.set("主要指标", "Z01-01", 口径调整期="2026-11", 统计口径="自1月1日起累计（不含房地产）")
        plan.set("年度计划", "Z01-01", "2026", 目标值=20, 生效期="2026-W51", 批准依据="口径函")
    sent_out(workspace, "2026-W51")
    with plan_book(workspace) as plan:
        if adjusts:
            plan.set("主要指标", "Z01-01", 口径调整期="2026-10", 统计口径="自1月1日起累计（不含交通）")
        plan.set("年度计划", "Z01-01", "2026", 目标值=25, 生效期="2026-W52", 批准依据="更正函")
    report_november(sent_out(workspace, "2026-W52"), "Z01-01", lag_reason="推迟出让", next_steps="加快出让")
    weeks, month = ["2026-W51", "2026-W52"], "2026-11"
    assert [target(workspace, "Z01-01", week) for week in weeks] == [20, 25]
    assert [line(workspace, "Z01-01", one).value for one in (weeks[1], month)] == [18.5, 18.5]
    assert target(workspace, "Z01-01", month) == 25
    assert line(workspace, "Z01-01", month).state is line(workspace, "Z01-01", weeks[1]).state


def report_november(office: Office, code: str, **cells: object) -> None:
    """Send the form of 01 with 18.5 for November, and merge."""
    form = office.blank("01")
    form.write("indicators", code, data_period="2026年11月", value=18.5, nature="部门统计", **cells)
    office.send(form, "01.xlsx")
    merge(office.workspace, office.period)


def test_a_milestone_that_was_reworded_after_it_was_done_stays_done(workspace: Workspace) -> None:
    with plan_book(workspace) as plan:
        plan.set("节点", "R01-01", 1, 节点="主体结构封顶")
    office = sent_out(workspace, W49)
    assert office.blank("01").value("tasks", "R01-01", "milestone") == "竣工验收"
    assert task_line(workspace, "R01-01", W49).milestone == "竣工验收"


# --- units and task forces


@pytest.mark.parametrize("everywhere", [False, True])
def test_a_renamed_unit_keeps_its_rows_and_its_forms_under_way(
    workspace: Workspace, *, everywhere: bool
) -> None:
    office = sent_out(workspace, W49)
    with plan_book(workspace) as plan:
        if everywhere:
            plan.replace_everywhere("区发改经信局", "区发展和改革局")
        else:
            plan.set("单位", "区发改经信局", 现用名="区发展和改革局")
    report(office, {"Z01-01": 29.0})  # on the form that still names it as it was
    assert line(workspace, "Z01-01", W49).value == 29.0
    later = sent_out(workspace, W50)
    assert later.forms["01"].recipient.printed == "区发展和改革局"
    assert Office.of(workspace, W48).forms["01"].recipient.printed == "区发改经信局"
    assert later.blank("01").value("tasks", "R01-01", "milestone") is None  # both are done, under either name


def test_a_unit_is_succeeded_from_its_last_day_on(workspace: Workspace) -> None:
    with plan_book(workspace) as plan:
        plan.add("单位", 文件用名="区发展和改革局")
        plan.set("单位", "区发改经信局", 终止日期="2026-12-06", 承继单位="区发展和改革局")
    weeks = [sent_out(workspace, week) for week in (W49, W50)]
    assert [week.forms["01"].recipient.printed for week in weeks] == ["区发改经信局", "区发展和改革局"]


def test_a_unit_that_had_ended_when_it_was_written_down_is_succeeded_in_its_week(
    workspace: Workspace,
) -> None:
    with plan_book(workspace) as plan:
        plan.add("单位", 文件用名="区发展和改革局")
        plan.set("单位", "区发改经信局", 终止日期="2026-11-25", 承继单位="区发展和改革局")
    assert Office.of(workspace, W48).forms["01"].recipient.printed == "区发展和改革局"


ISSUE: Mapping[str, object] = {
    "description": "用地指标不足",
    "category": "用地",
    "source": "自查",
    "raised_on": "2026-11-23",
    "unit": "区住建局",
    "measures": "补办手续",
    "due_on": "2026-11-27",
    "status": "整改中",
    "progress": "已上报",
}


@pytest.mark.parametrize(
    ("typed", "before", "after"),
    [
        ("区住建局", {"区住建局"}, {"区城建局"}),
        ("区科技局、区住建局（配合）", {"区科技和数据局", "区住建局"}, {"区科技和数据局", "区城建局"}),
        ("住建局", {"区住建局"}, {"区城建局"}),
        ("拱墅区住建局村镇科", {"区住建局"}, {"区城建局"}),
        ("区住建局会同区科技局", {"区住建局", "区科技和数据局"}, {"区城建局", "区科技和数据局"}),
        ("区科技局（牵头）和区住建局", {"区科技和数据局", "区住建局"}, {"区科技和数据局", "区城建局"}),
    ],
)
@pytest.mark.parametrize("everywhere", [True, False], ids=["replaced everywhere", "succeeded"])
def test_an_open_issue_goes_to_the_unit_that_is_there_now(
    tmp_path: Path, typed: str, before: set[str], after: set[str], *, everywhere: bool
) -> None:
    workspace = workspace_of(tmp_path)
    office = sent_out(workspace, W48)
    form = office.blank("01")
    form.write("issues", "+1", **{**ISSUE, "unit": typed})
    office.send(form, "01.xlsx")
    ingest(workspace)
    with plan_book(workspace) as plan:
        if everywhere:
            plan.replace_everywhere("区住建局", "区城建局")
        else:
            plan.add("单位", 文件用名="区城建局")
            plan.set("单位", "区住建局", 终止日期="2026-11-29", 承继单位="区城建局")
    generate(workspace, W49, by_unit=True, now=first_morning(W49))
    later = Office.of(workspace, W49)
    now = typed.replace("区住建局", "区城建局").replace("住建局", "区城建局")
    owing = "区科技局" if typed.startswith("区科技局") else "区城建局"
    assert blank(later, owing).value("issues", "W01-2026-001", "unit") == now
    assert issue_units(workspace, W48) == before
    assert issue_units(workspace, W49) == after


def issue_units(workspace: Workspace, period: str) -> set[str]:
    """Return the units that are charged with issues in 责任清单, which 督办清单 charges, too."""
    facts = facts_for(workspace, period)
    charged = {one.unit for one in facts.duties if one.kind is Duty.ISSUE}
    supervised = [one.unit for one in facts.supervision if one.kind is Duty.ISSUE]
    assert {unit for units in supervised for unit in units.split("、")} == charged
    return charged


def test_a_lead_changed_after_the_forms_went_out_leaves_the_old_form_welcome(workspace: Workspace) -> None:
    office = Office.of(workspace, W48)
    with plan_book(workspace) as plan:
        plan.set("专班", "01", 牵头单位="区住建局")
    form = office.blank("01")
    form.write("indicators", "Z01-01", data_period="2026年10月", value=29.0, nature="部门统计")
    form.cover(unit="区发改经信局")
    office.send(form, "再报.xlsx", hours=-1)
    (result,) = ingest(workspace).files
    assert result.status.is_return
    assert line(workspace, "Z01-01", W48).value == 29.0


def test_nobody_is_chased_for_a_task_force_before_it_was_founded(workspace: Workspace) -> None:
    with plan_book(workspace) as plan:
        plan.copy("专班", "01", 编号="03", 专班名称="新设专班", 牵头单位="区住建局")
    sent_out(workspace, W49)
    owing = [[item.recipient for item in status(workspace, week).owing] for week in (W48, W49)]
    assert ["03" in recipients for recipients in owing] == [False, True]


def test_a_task_force_that_ended_keeps_its_week_and_leaves_its_work_to_its_successor(
    tmp_path: Path,
) -> None:
    workspace = workspace_of(tmp_path)
    with plan_book(workspace) as plan:
        plan.set("专班", "02", 是否涉及="涉及")
    office = sent_out(workspace, W48)
    form = office.blank("02")
    form.write("tasks", "R02-01", status="序时推进", progress="正在配合")
    form.write(
        "issues",
        "+1",
        description="用地指标不足",
        category="用地",
        source="自查",
        raised_on="2026-11-23",
        unit="区住建局",
        due_on="2026-12-31",
        status="整改中",
    )
    office.send(form, "02.xlsx")
    ingest(workspace)
    with plan_book(workspace) as plan:
        plan.set("专班", "02", 撤并期=W49, 承继专班="01")
    later = sent_out(workspace, W49)
    assert "02" not in later.forms
    taken_over = later.blank("01")
    assert "W02-2026-001" in taken_over.rows("issues")
    assert "R02-01" in taken_over.rows("tasks")
    facts = facts_for(workspace, W49)
    assert [one.task_force.code for one in facts.issues] == ["01"]
    assert {one.task.code: one.task_force.code for one in facts.tasks}["R02-01"] == "01"
    news = "原02专班“跨乡镇土地综合整治工程”并入，下列事项转由本表填报：R02-01"
    assert any(sentence.startswith(news) for sentence in later.forms["01"].news)
    assert any("W02-2026-001" in sentence for sentence in later.forms["01"].news)
    # A late return for the week in which it was there is accepted, and stays its own.
    office.send(form, "02再报.xlsx", hours=80)
    form.write("tasks", "R02-01", status="滞后", progress="迟报", problems="无")
    office.send(form, "02再报.xlsx", hours=90)
    assert all(result.status.is_return for result in ingest(workspace).files)
    assert task_line(workspace, "R02-01", W48).task_force.code == "02"


def test_a_task_force_that_ended_is_listed_for_the_periods_in_which_it_stood(workspace: Workspace) -> None:
    """02 is 不涉及 in the small plan; here it is ranked, and returns nothing in its last week."""
    with plan_book(workspace) as plan:
        plan.set("专班", "02", 是否涉及="涉及")
    sent_out(workspace, W48)
    with plan_book(workspace) as plan:
        plan.set("专班", "02", 撤并期=W49, 承继专班="01")
    sent_out(workspace, W49)
    sent_out(workspace, W50)
    rollup = report_of(workspace, "quarter", "2026-Q4").written[0]
    lines = table(rollup, "报送情况", key="专班")
    listed = lines[["期", "专班", "报送"]].to_numpy().tolist()
    assert listed == [
        ["第50周", "01", "未报"],
        ["第49周", "01", "未报"],
        ["第48周", "01", "按时"],
        ["第48周", "02", "未报"],
    ]


def test_changes_name_the_successor_of_a_task_force_and_no_task_force_beside_a_unit(
    workspace: Workspace,
) -> None:
    merge(workspace, W48)
    with plan_book(workspace) as plan:
        plan.set("专班", "02", 撤并期=W49, 承继专班="01")
        plan.set("单位", "区发改经信局", 现用名="区发展和改革局")
    sent_out(workspace, W49)
    changes = table(merge(workspace, W49).rollup, "本期变化")
    told = changes[changes["变化"] == "计划调整"][["专班", "工程", "本期"]].to_numpy().tolist()
    heir = "撤出，由01专班（扩大有效投资“千项万亿”工程）承继"
    assert ["02", "跨乡镇土地综合整治工程", heir] in told
    assert [force for _, force, now in told if "区发展和改革局" in now] == [""]


def test_a_task_force_is_not_missed_in_the_periods_before_it_began(workspace: Workspace) -> None:
    with plan_book(workspace) as plan:
        plan.set("专班", "02", 生效期=W49)
    sent_out(workspace, W49)
    lines = table(report_of(workspace, "quarter", "2026-Q4").written[0], "报送情况", key="专班")
    assert lines[["期", "专班"]].to_numpy().tolist() == [["第49周", "01"], ["第49周", "02"], ["第48周", "01"]]


def test_the_versions_of_a_ledger_are_told_by_the_forms_that_went_out(workspace: Workspace) -> None:
    sent_out(workspace, W49)
    with look_into_ledger(workspace.ledger) as ledger:
        plans = in_force(load(workspace), ledger).plans
    assert [version.since.code for version in plans.versions] == [W48, W49]
