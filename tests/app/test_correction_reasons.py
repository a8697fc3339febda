"""更正内容 gives the true reason: who reported, recorded, withdrew, decided or put right what since the paper."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.signoff import draw_signoff, sign_off
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.cli.main import main
from tests.app.test_lead_checks import RETURNED, WHY, report, send_words
from tests.app.test_review import decide
from tests.helpers.answers import SIGNED
from tests.helpers.by_unit import FINANCE
from tests.helpers.filling import Office, sent_out
from tests.helpers.plan_book import plan_book
from tests.helpers.rollup_reading import table
from tests.helpers.settled import settled_report
from tests.helpers.shared import made_once
from tests.helpers.small_weeks import figure, send, small_workspace
from tests.office.test_resolve import disagreed, settled
from tests.office.test_signoff import ISSUE, SignoffFile, saved

PERIOD, MONTH = "2026-W48", "2026-11"
CODE, TASK, BUILDING, ISSUE_CODE = "Z01-01", "R01-03", "R01-01", "W01-2026-001"
FRIDAY = date(2026, 11, 27)


def tenproj(office: Office, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(office.workspace.root), *arguments])


def give_out(office: Office, kind: str = "") -> None:
    """Register the papers of the month as given out, those of a kind by their names."""
    papers = (office.workspace.outbox / MONTH / "汇总").iterdir()
    named = [str(path) for path in papers if kind in path.name]
    done = tenproj(office, "publish", *named, "--by", "李四")
    assert done.exit_code == 0, done.output


@pytest.fixture(scope="module")
def _given_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def make(folder: Path) -> None:
        workspace = small_workspace(folder)
        office = sent_out(workspace, PERIOD)
        form = office.blank("01")
        answers: dict[tuple[str, str], dict[str, object]] = {
            ("indicators", CODE): figure(30, "部门统计"),
            ("tasks", TASK): {"status": "序时推进", "invest_done": 2.9, "progress": "在建"},
            ("tasks", BUILDING): {"status": "序时推进", "milestone_done": "未完成", "progress": "在建"},
        }
        form.fill_in(answers)
        asked = {"related": TASK, "request": "请批复用地", "suggested_level": "总专班办公室"}
        form.write("issues", "+1", **{**ISSUE, **asked})
        form.cover(**SIGNED)
        office.send(form, "first.xlsx", hours=-8)
        ingest(workspace, PERIOD)
        settled_report(workspace, "month", MONTH, "张三")
        give_out(office)

    return made_once(tmp_path_factory, "reasons", make)


@pytest.fixture
def office(_given_out: Path, tmp_path: Path) -> Office:
    """The month's papers were given out after one return of W48."""
    folder = tmp_path / "工作区"
    shutil.copytree(_given_out, folder)
    return Office.of(Workspace(folder), PERIOD)


def corrections(office: Office, *, public: bool = False) -> dict[str, str]:
    """The reasons in 更正内容 by code, by item where there is none, of the paper for leaders or for all."""
    ingest(office.workspace, PERIOD)
    made = settled_report(office.workspace, "month", MONTH, "王五")
    books = [path for path in made.written if path.suffix == ".xlsx" and "打印版" not in path.name]
    (book,) = [path for path in books if ("晾晒" in path.name) is public]
    lines = table(book, "更正内容", key="改变了")
    lines = lines[lines["原因"] != "文字有更新"]
    return {str(row["编号"] or row["事项"]): str(row["原因"]) for row in lines.to_dict("records")}


def test_another_status_of_a_task_is_told_with_the_unit_that_sent_it(office: Office) -> None:
    why = {"progress": "停工", "problems": "资金未到", "next_steps": "催拨"}
    send(office, {("tasks", TASK): {"status": "滞后", "invest_done": 2.9, **why}}, hours=-3)
    assert corrections(office)[TASK] == "区发改经信局2026-11-27报来：当前状态（序时推进→滞后）"


def test_words_that_were_written_anew_are_told_to_leaders_where_no_number_changed(office: Office) -> None:
    told = {"status": "序时推进", "invest_done": 2.9, "progress": "已经结顶"}
    send(office, {("tasks", TASK): told}, hours=-3)
    ingest(office.workspace, PERIOD)
    made = settled_report(office.workspace, "month", MONTH, "王五")
    book = next(path for path in made.written if path.suffix == ".xlsx")
    lines = table(book, "更正内容", key="改变了")
    (line,) = lines[lines["事项"].str.endswith("：本期进展")].to_dict("records")
    assert (line["编号"], line["原为"], line["现为"]) == (TASK, "在建", "已经结顶")


def test_a_cell_that_a_later_return_left_blank_is_told_as_its_doing(office: Office) -> None:
    why = {"progress": "停工", "problems": "资金未到", "next_steps": "催拨"}
    send(office, {("tasks", TASK): {"status": "滞后", **why}}, hours=-3)
    told = "当前状态（序时推进→滞后）、累计完成投资（2.9→空）"
    assert corrections(office)[TASK] == f"区发改经信局2026-11-27报来：{told}"


def test_another_investment_is_told_as_what_makes_a_task_lag(office: Office) -> None:
    send(office, {("tasks", TASK): {"status": "序时推进", "invest_done": 0.5, "progress": "在建"}}, hours=-3)
    assert corrections(office)[TASK] == "区发改经信局2026-11-27报来：累计完成投资（2.9→0.5）"


def test_a_milestone_that_is_done_is_told_as_what_moves_a_task_on(office: Office) -> None:
    done = {
        "status": "序时推进",
        "milestone_done": "已完成",
        "completed_on": "2026-11-19",
        "progress": "已结顶",
    }
    send(office, {("tasks", BUILDING): done}, hours=-3)
    assert corrections(office)[BUILDING] == "区发改经信局2026-11-27报来：节点完成情况（未完成→已完成）"


def test_a_later_figure_is_told_with_its_unit_and_for_all_without_it(office: Office) -> None:
    send(office, {("indicators", CODE): figure(31, "统计快报")}, hours=-3)
    told = "最新数值、数据性质（部门统计→统计快报）"
    assert corrections(office)[CODE] == f"区发改经信局2026-11-27报来：{told}"
    assert corrections(office, public=True)[CODE] == "报送单位2026-11-27报来：最新数值、数据性质"


def test_what_the_office_recorded_is_told_as_its_own_and_for_all_without_the_basis(office: Office) -> None:
    tenproj(office, "amend", TASK, "当前状态", "滞后", "--basis", "王某来电", "--by", "赵六")
    told = "由总专班办公室代录（依据：王某来电）：当前状态（序时推进→滞后）"
    assert corrections(office)[TASK] == told
    assert corrections(office, public=True)[TASK] == "由办公室代录：当前状态"


def test_what_the_office_took_back_is_told_with_what_counts_instead(office: Office) -> None:
    told = tenproj(office, "amend", TASK, "当前状态", "滞后", "--basis", "来电", "--by", "赵六", "--json")
    (recorded,) = json.loads(told.stdout)["amendments"]
    assert corrections(office)[TASK].startswith("由总专班办公室代录")
    give_out(office, "更正稿第1次")
    assert tenproj(office, "withdraw", recorded["file"], "--why", "听错了").exit_code == 0
    assert corrections(office)[TASK] == (
        "办公室此前代录的不再采用，改按区发改经信局2026-11-27报来：当前状态（滞后→序时推进）"
    )


def test_a_file_that_was_withdrawn_is_told_as_the_reason(office: Office) -> None:
    (file,) = {r["file"] for r in _status(office)["returns"] if r["file"]}
    assert tenproj(office, "withdraw", str(file), "--why", "错发").exit_code == 0
    reasons = corrections(office)
    told = "原来报的文件已撤回（错发）"
    assert all(reasons[code].startswith(told) for code in (CODE, TASK, ISSUE_CODE)), reasons
    assert corrections(office, public=True)[TASK].startswith("原来报的文件已撤回：")


def _status(office: Office) -> dict[str, list[dict[str, object]]]:
    found: dict[str, list[dict[str, object]]] = json.loads(tenproj(office, "status", "--json").stdout)
    return found


def test_a_decision_about_an_issue_is_told_as_what_has_closed_it_or_moved_its_deadline(
    office: Office,
) -> None:
    drawn = SignoffFile(draw_signoff(office.workspace).path)
    drawn.decide(ISSUE_CODE, level="总专班", opinion="列入议题", on=FRIDAY)
    path = office.workspace.root / "审定.xlsx"
    drawn.book.save(path)
    assert sign_off(office.workspace, saved(path, date(2027, 1, 29))).findings == ()
    assert corrections(office)[ISSUE_CODE] == "2026-11-27 核定层级为总专班（王主任）：列入议题"
    made = settled_report(office.workspace, "month", MONTH, "王五")
    assert not any("晾晒" in path.name for path in made.written)


def test_a_figure_that_the_office_adopted_is_told_with_why(office: Office) -> None:
    send(office, {("indicators", CODE): figure(12, "部门统计", lag_reason="核对", next_steps="核对")})
    ingest(office.workspace, PERIOD)
    assert decide(office, "采用").exit_code == 0
    assert corrections(office)[CODE] == "总专班办公室核实后采用（已与统计局核对）：最新数值"


def test_a_ruling_between_units_is_told_with_who_gave_it_and_why(out: Office) -> None:
    disagreed(out)
    settled_report(out.workspace, "month", MONTH, "张三")
    give_out(out)
    assert settled(out).findings == ()
    assert corrections(out)["Z03-02"] == "经赵六裁定（已与统计局核对）：最新数值"
    assert corrections(out, public=True)["Z03-02"] == "经办公室裁定：最新数值"


def test_a_plan_that_was_put_right_is_told_with_its_column_and_why(office: Office) -> None:
    with plan_book(office.workspace) as plan:
        plan.set("年度计划", CODE, "2026", 目标值=45)
    assert tenproj(office, "plan", "correct", "--reason", "笔误").exit_code == 0
    told = "工作计划更正（笔误）：2026年目标（35亿元以上→45亿元以上）"
    assert corrections(office)[CODE] == told
    assert corrections(office, public=True)[CODE] == "工作计划更正：2026年目标"


def test_a_row_that_its_lead_has_returned_is_told_with_why(out: Office) -> None:
    report(out, FINANCE)
    settled_report(out.workspace, "month", MONTH, "张三")
    give_out(out)
    send_words(out, {"Z03-02": (RETURNED, WHY)})
    assert corrections(out)["Z03-02"].startswith(f"牵头单位退回了原来报的（{WHY}）：最新数值")
    assert corrections(out, public=True)["Z03-02"].startswith("牵头单位退回了原来报的：最新数值")
