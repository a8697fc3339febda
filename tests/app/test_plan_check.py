"""`plan check` says what changed since the forms went out, and asks where history would be mixed."""

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from tenproj_xl.app.frames import facts_for
from tenproj_xl.app.generate import generate
from tenproj_xl.app.history import history
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.merge import merge
from tenproj_xl.app.plan_check import check_plan
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.cli.main import main
from tenproj_xl.core.catalogue import Code
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.office.life_words import plan_of
from tests.app.test_plan_in_time import line, report, target
from tests.helpers.filling import Office, sent_out
from tests.helpers.plan_book import PlanBook, plan_book, workspace_of
from tests.helpers.shared import made_once
from tests.helpers.small_weeks import send

W48, W49, W50 = "2026-W48", "2026-W49", "2026-W50"


@pytest.fixture
def workspace(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Return a workspace of the small plan whose forms of W48 are out."""
    begun = made_once(tmp_path_factory, "plan-check", lambda root: generate(workspace_of(root), W48))
    return Workspace(Path(shutil.copytree(begun, tmp_path / "workspace")))


def run(workspace: Workspace, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["-C", str(workspace.root), *arguments])
    return result.exit_code, result.output


def found(workspace: Workspace) -> list[tuple[Code, str, str]]:
    return [(f.code, f.sheet, f.cell) for f in check_plan(workspace).findings if f.is_error]


def test_what_changed_since_the_forms_went_out_is_told_in_words(workspace: Workspace) -> None:
    with plan_book(workspace) as plan:
        plan.set("年度计划", "Z01-01", "2026", 目标值=30, 生效期=W49, 批准依据="常务会议〔2026〕12号")
        plan.set("主要指标", "Z01-03", 指标名称="新增规模以上企业")
        plan.set("专班", "01", 召集人="赵六副区长")
        plan.copy("重点任务", "R01-03", 任务编号="R01-04", 重点任务="建设停车场")
        plan.delete("重点任务", "R02-01")
    code, said = run(workspace, "plan", "check")
    assert code == 0, said
    assert "与第48期（11月23日—29日）下发时的计划相比，改动5处" in said
    assert (
        "[目标调整] Z01-01“重大项目当年完成投资”2026年目标：35亿元以上 → 30亿元以上（依据：常务会议〔2026〕12号），"
        "自2026年第49期起"
    ) in said
    assert "[新增] 重点任务：新增R01-04“建设停车场”" in said
    assert "[改名] Z01-03“新增规模以上企业”名称：新增规上企业 → 新增规模以上企业" in said
    document = CliRunner().invoke(main, ["-C", str(workspace.root), "plan", "check", "--json"]).stdout
    assert [change["change"] for change in json.loads(document)["changes"]] == [
        "added",
        "withdrawn",
        "renamed",
        "target",
        "changed",
    ]
    assert "召集人：张三副区长 → 赵六副区长" in said


def test_a_plan_that_did_not_change_tells_nothing(workspace: Workspace) -> None:
    _, said = run(workspace, "plan", "check")
    assert "相比" not in said


def a_code_got_another_content(plan: PlanBook) -> str:
    plan.set("主要指标", "Z01-05", 指标名称="新建充电桩", 计量单位="个")
    return "“Z01-05”原来是“固定资产投资（亿元）”，现在是“新建充电桩（个）”"


def names_moved_to_other_codes(plan: PlanBook) -> str:
    plan.set("主要指标", "Z01-02", 指标名称="新增规上企业", 计量单位="家")
    plan.set("主要指标", "Z01-03", 指标名称="新上市企业")
    return "“新增规上企业（家）”原来的编号是Z01-03，现在编为Z01-02。请在这一行的“原编号”填Z01-03。"


def a_unit_of_measure_changed(plan: PlanBook) -> str:
    plan.set("主要指标", "Z01-05", 计量单位="万元")
    return "“Z01-05”的计量单位由“亿元”改为“万元”"


def a_task_force_was_deleted(plan: PlanBook) -> str:
    plan.copy("专班", "01", 编号="03", 专班名称="合并后的专班")
    for row in range(1, 17):
        plan.set("主要指标", f"Z01-{row:02d}", 专班编号="03")
    for row in range(1, 4):
        plan.set("重点任务", f"R01-{row:02d}", 专班编号="03")
    plan.delete("专班", "01")
    return "专班01“扩大有效投资“千项万亿”工程”已从表中删去。请恢复这一行"


@pytest.mark.parametrize(
    ("spoil", "code", "sheet"),
    [
        (a_code_got_another_content, Code.PLAN_CODE_REUSED, "主要指标"),
        (names_moved_to_other_codes, Code.PLAN_CODES_SHIFTED, "主要指标"),
        (a_unit_of_measure_changed, Code.PLAN_UNIT_CHANGED, "主要指标"),
        (a_task_force_was_deleted, Code.PLAN_TASK_FORCE_DELETED, "专班"),
    ],
)
def test_history_is_mixed_by_nobody_but_the_office(
    workspace: Workspace, spoil: Callable[[PlanBook], str], code: Code, sheet: str
) -> None:
    with plan_book(workspace) as plan:
        sentence = spoil(plan)
    errors = [f for f in check_plan(workspace).findings if f.is_error]
    assert (code, sheet) in [(f.code, f.sheet) for f in errors]
    assert sentence in "".join(f.message for f in errors)
    exit_code, said = run(workspace, "generate", "--period", W49)
    assert exit_code == 2
    assert "plan check" in said


def test_the_office_says_that_a_renamed_indicator_is_the_same(workspace: Workspace) -> None:
    with plan_book(workspace) as plan:
        plan.set(
            "主要指标", "Z01-05", 指标名称="固投总额", 计量单位="万元", 原编号="Z01-05", 口径调整期="2026-12"
        )
    assert found(workspace) == []


@pytest.mark.parametrize(
    ("successor", "said"), [("01", "R02-01转由01专班填报"), (None, "R02-01没有承接的专班，请填“承继专班”")]
)
def test_what_a_task_force_that_ends_leaves_open_is_told(
    workspace: Workspace, successor: str | None, said: str
) -> None:
    with plan_book(workspace) as plan:
        plan.set("专班", "02", 撤并期=W49, 承继专班=successor)
    (warned,) = [f for f in check_plan(workspace).findings if f.code is Code.PLAN_TASK_FORCE_ENDS]
    assert said in warned.message


# --- plan correct


def test_a_typing_error_is_put_right_for_the_weeks_whose_forms_are_out(workspace: Workspace) -> None:
    report(sent_out(workspace, W49), {"Z01-01": 28.0})
    with plan_book(workspace) as plan:
        plan.set("年度计划", "Z01-01", "2026", 目标值=350)
    sent_out(workspace, W50)
    with plan_book(workspace) as plan:
        plan.set("年度计划", "Z01-01", "2026", 目标值=34)
    code, said = run(workspace, "plan", "correct", "--reason", "34误填为350")  # by default from the newest on
    assert code == 0, said
    assert "年度计划 Z01-01 2026 目标值：350 → 34" in said
    assert [target(workspace, "Z01-01", week) for week in (W49, W50)] == [35, 34]
    assert check_plan(workspace).changes == ()
    assert line(workspace, "Z01-01", W49).value == 28.0


def test_a_life_names_the_plan_of_then_and_that_it_was_put_right_since(workspace: Workspace) -> None:
    report(sent_out(workspace, W49), {"Z01-01": 28.0})
    with plan_book(workspace) as plan:
        plan.set("年度计划", "Z01-01", "2026", 目标值=33)
    report(sent_out(workspace, W50), {"Z01-01": 29.0})
    with look_into_ledger(workspace.ledger) as ledger:
        wrong = ledger.plan_of_forms(W50)
    with plan_book(workspace) as plan:
        plan.set("年度计划", "Z01-01", "2026", 目标值=34)
    run(workspace, "plan", "correct", "--reason", "34误填为33")
    report(Office.of(workspace, W50), {"Z01-01": 30.0}, name="又一份.xlsx", hours=-1)
    before, reported, again = (v for v in history(workspace, "Z01-01").values if v.is_main)
    assert before.plan == before.plan_now
    assert plan_of(before).endswith("（2026年第49期起）")
    assert reported.plan is not None
    assert again.plan is not None
    assert reported.plan.sha256 == wrong != again.plan.sha256
    assert reported.plan_now == again.plan == again.plan_now
    corrected = again.plan.sha256[:8]
    assert (
        plan_of(reported) == f"{reported.plan.sha256[:8]}（2026年第50期起，后更正为{corrected}：34误填为33）"
    )
    assert plan_of(again) == f"{corrected}（2026年第50期起）"


@pytest.mark.parametrize(
    ("deleted", "said"), [((), "没有要更正的"), (("R01-03",), "重点任务 R01-03等1行是新增或删去的")]
)
def test_only_cells_of_rows_that_are_there_are_corrected(
    workspace: Workspace, deleted: tuple[str, ...], said: str
) -> None:
    with plan_book(workspace) as plan:
        for task in deleted:
            plan.delete("重点任务", task)
    code, output = run(workspace, "plan", "correct", "--from", W48, "--reason", "笔误")
    assert code == 2
    assert said in output


# --- plan new-year


def test_a_new_year_carries_over_what_goes_on_and_lists_the_targets_to_be_decided(
    workspace: Workspace,
) -> None:
    report(sent_out(workspace, "2026-W53"), {})
    code, said = run(workspace, "plan", "new-year", "2027")
    assert code == 0, said
    assert "未完成任务4项、未结问题0件" in said
    undecided = said.partition("2027年目标未下达的")[2]
    assert "Z01-01" in undecided  # annual, with targets up to 2026
    assert "Z01-07" not in undecided  # to be reached in 2027
    with plan_book(workspace) as plan:
        row = plan.row("重点任务", "R01-01")
        assert not any(plan.book["重点任务"].cell(row, column).value for column in (4, 9))
    assert len(list((workspace.root / "备份").iterdir())) == 1
    assert line(workspace, "Z01-01", "2026-W53").indicator.target_of_year(2026)
    later = sent_out(workspace, "2027-W01")
    assert later.blank("01").value("tasks", "R01-01", "annual_goal") is None
    assert later.blank("01").value("indicators", "Z01-07", "target_2027") == "1000以上"


def test_what_is_finished_has_no_goal_of_the_year_before_either(workspace: Workspace) -> None:
    done = {"status": "已完成", "completed_on": date(2026, 12, 29), "progress": "全部完成"}
    office = sent_out(workspace, "2026-W53")
    send(office, {("tasks", "R01-01"): done})
    ingest(workspace, office.period)
    code, said = run(workspace, "plan", "new-year", "2027")
    assert code == 0, said
    assert "未完成任务3项" in said
    asked = said.partition("请填2027年的：")[2].partition("\n")[0]
    assert "R01-01" not in asked
    with plan_book(workspace) as plan:
        row = plan.row("重点任务", "R01-01")
        assert not any(plan.book["重点任务"].cell(row, column).value for column in (4, 9))


@pytest.mark.parametrize("goes_out_first", [False, True])
def test_what_was_written_for_the_new_year_stays_when_the_plan_is_made_ready_once_more(
    workspace: Workspace, *, goes_out_first: bool
) -> None:
    report(sent_out(workspace, "2026-W53"), {})
    run(workspace, "plan", "new-year", "2027")
    with plan_book(workspace) as plan:
        plan.book["重点任务"].cell(plan.row("重点任务", "R01-01"), 4).value = "全线贯通"
    if goes_out_first:
        sent_out(workspace, "2027-W01")
    code, said = run(workspace, "plan", "new-year", "2027")
    assert (code, "已清空" in said) == (0, False)
    with plan_book(workspace) as plan:
        assert plan.book["重点任务"].cell(plan.row("重点任务", "R01-01"), 4).value == "全线贯通"


def goals(workspace: Workspace, week: str, code: str = "R01-01") -> tuple[str, float | None]:
    task = next(one.task for one in facts_for(workspace, week).tasks if one.task.code == code)
    return task.annual_goal, task.invest_plan


@pytest.mark.parametrize("goes_out_first", [False, True])
def test_forms_of_the_old_year_made_again_keep_its_goals_once_the_plan_is_ready_for_the_new(
    workspace: Workspace, *, goes_out_first: bool
) -> None:
    """The week across New Year is made again because its deadline was moved, say."""
    report(sent_out(workspace, "2026-W53"), {})
    before = goals(workspace, "2026-W53")
    assert all(before)
    run(workspace, "plan", "new-year", "2027")
    assert not any("工作计划在下发" in told for told in merge(workspace, "2026-W53").ingested.notices)
    with plan_book(workspace) as plan:
        plan.set("重点任务", "R01-01", 年度目标="全线贯通", 年度计划投资=7)
    if goes_out_first:
        sent_out(workspace, "2027-W01")
    code, said = run(workspace, "generate", "--period", "2026-W53")
    assert (code, "工作计划已结转到下一年，仍按这一期当时的工作计划生成" in said) == (0, True), said
    assert goals(workspace, "2026-W53") == before
    office = sent_out(workspace, "2026-W53")
    assert office.blank("01").value("tasks", "R01-01", "annual_goal") == before[0]
    sent_out(workspace, "2027-W01")
    assert goals(workspace, "2027-W01") == ("全线贯通", 7)
    assert goals(workspace, "2026-W53") == before


def test_a_correction_leaves_the_goals_of_the_old_year_once_the_plan_is_ready_for_the_new(
    workspace: Workspace,
) -> None:
    report(sent_out(workspace, "2026-W53"), {})
    before = goals(workspace, "2026-W53")
    run(workspace, "plan", "new-year", "2027")
    code, said = run(workspace, "plan", "correct", "--reason", "笔误")
    assert (code, "没有要更正的" in said) == (2, True), said
    with plan_book(workspace) as plan:
        plan.set("重点任务", "R01-01", 年度目标="全线贯通")
        plan.set("年度计划", "Z01-01", "2026", 目标值=34)
    code, said = run(workspace, "plan", "correct", "--reason", "34误填为35")
    assert (code, "已更正1处" in said) == (0, True), said
    put_right = line(workspace, "Z01-01", "2026-W53").indicator.target_of_year(2026)
    assert put_right is not None
    assert put_right.value == 34
    assert goals(workspace, "2026-W53") == before


def test_by_default_it_is_the_year_after_the_newest_forms(workspace: Workspace) -> None:
    report(sent_out(workspace, "2026-W53"), {})
    code, said = run(workspace, "plan", "new-year")
    assert code == 0, said
    assert "2027年目标未下达的" in said


def test_by_default_it_is_the_year_that_has_just_begun(workspace: Workspace) -> None:
    report(sent_out(workspace, "2026-W53"), {})
    sent_out(workspace, "2027-W01")
    code, said = run(workspace, "plan", "new-year")
    assert code == 0, said
    assert "2027年目标未下达的" in said


def test_the_week_across_new_year_is_one_of_the_old_year_that_is_to_go_out_first(
    workspace: Workspace,
) -> None:
    report(sent_out(workspace, "2026-W52"), {})
    code, output = run(workspace, "plan", "new-year", "2027")
    assert code == 2
    assert "2026年第53期还没有下发。请在2026年最后一期的填报表下发之后" in output


def test_a_year_that_has_begun_long_ago_is_none_to_prepare_for(workspace: Workspace) -> None:
    report(sent_out(workspace, "2026-W47"), {})
    sent_out(workspace, "2026-W48")
    before = workspace.plan.read_bytes()
    for year in ("2025", "2026"):
        code, output = run(workspace, "plan", "new-year", year)
        assert code == 2
        assert f"{year}年早已开始，没有改动工作计划" in output
    assert workspace.plan.read_bytes() == before


@pytest.mark.parametrize(("year", "said"), [("2027", "2026年第49期还没有下发"), ("2028", "方案到2027年为止")])
def test_a_new_year_begins_when_the_old_one_is_asked_for(workspace: Workspace, year: str, said: str) -> None:
    code, output = run(workspace, "plan", "new-year", year)
    assert code == 2
    assert said in output
