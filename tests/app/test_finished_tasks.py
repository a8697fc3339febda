"""A finished task: it stays on the next form, closed, for one period; it can be taken back, and the plan reopens it."""

from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tenproj_xl.app.check import check
from tenproj_xl.app.merge import merge
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.catalogue import Code
from tenproj_xl.excel.office_tables import write_workbook  # loads XlsxWriter
from tenproj_xl.model.plan_schema import MILESTONES, PLAN_SHEETS
from tenproj_xl.model.statuses import Status
from tests.helpers.filling import Office, sent_out
from tests.helpers.plan_book import plan_book
from tests.helpers.rollup_reading import one, table
from tests.helpers.shared import copied, made_once
from tests.helpers.small_plan import small_tables
from tests.helpers.small_weeks import merged, send, small_workspace

TASK = "R01-03"
DONE = {"status": "已完成", "completed_on": "2026-11-20", "progress": "40个小区全部完工"}


@pytest.fixture
def finished(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Workspace:
    """In W47 the unit reported a task as done."""
    made = made_once(
        tmp_path_factory,
        "finished-task",
        lambda root: merged(small_workspace(root), "2026-W47", {("tasks", TASK): DONE}),
    )
    return copied(made, tmp_path)


def tasks_on_form(office: Office) -> list[str]:
    return office.blank("01").codes("tasks")


def state(rollup: Path, code: str = TASK) -> object:
    return one(table(rollup, "重点任务"), code, "进度评价")


def test_it_stays_on_the_next_form_closed_and_then_leaves(finished: Workspace) -> None:
    office = sent_out(finished, "2026-W48")
    form = office.blank("01")
    page = load_workbook(office.path("01"), data_only=True)["重点任务进度表"]
    fields = ("status", "progress", "state", "check")
    shown = [page[form.at("tasks", TASK, field)].value for field in fields]
    assert shown == ["已完成", "40个小区全部完工", "已完成", "✓"]
    is_open = {
        field: not page[form.at("tasks", TASK, field)].protection.locked
        for field in ("status", "progress", "milestone_done", "invest_done")
    }
    assert is_open == {"status": True, "progress": True, "milestone_done": False, "invest_done": False}
    merged(finished, "2026-W48", {("tasks", "R01-01"): {"status": "序时推进", "progress": "封顶"}})
    assert TASK not in tasks_on_form(sent_out(finished, "2026-W49"))


def test_the_cover_says_why_it_stands_there_and_does_not_count_it(finished: Workspace) -> None:
    form = sent_out(finished, "2026-W48").blank("01")
    cover = [str(cell.value) for row in form.tab("填报说明").iter_rows() for cell in row if cell.value]
    (told,) = [text for text in cover if "上期已报完成" in text]
    assert "任务R01-03“推进老旧小区改造”上期已报完成，仅在本期再列一次，不必填写；如属误报" in told
    assert any("任务2项" in text for text in cover)


def test_left_as_it_is_it_counts_as_no_answer_and_is_not_missed(finished: Workspace) -> None:
    office = sent_out(finished, "2026-W48")
    answers = {("tasks", code): {"status": "序时推进", "progress": "推进"} for code in ("R01-01", "R01-02")}
    sent = send(office, answers)
    (result,) = check(finished, [finished.inbox / "2026-W48_-3.xlsx"]).files
    assert sent.value("tasks", TASK, "status") == "已完成"
    assert Code.TASK_SILENT not in [f.code for f in result.findings]
    assert result.judgement is not None
    assert TASK not in [entry.code for entry in result.judgement.accepted]


def test_the_unit_takes_it_back(finished: Workspace) -> None:
    office = sent_out(finished, "2026-W48")
    back = {"status": "序时推进", "completed_on": None, "progress": "还差2个小区"}
    send(office, {("tasks", TASK): back})
    made = merge(finished, "2026-W48")
    assert made.ingested.files[0].status is not Status.TO_CORRECT
    assert state(made.rollup) == "序时推进"
    changes = table(made.rollup, "本期变化")
    assert one(changes, TASK, "变化") == "重新挂账"
    assert TASK in tasks_on_form(sent_out(finished, "2026-W49"))


def test_taken_back_by_its_state_alone_it_has_no_day_of_completion(finished: Workspace) -> None:
    assert one(table(merge(finished, "2026-W47").rollup, "重点任务"), TASK, "完成日期") == date(2026, 11, 20)
    send(sent_out(finished, "2026-W48"), {("tasks", TASK): {"status": "序时推进", "progress": "还差2个小区"}})
    told = table(merge(finished, "2026-W48").rollup, "重点任务")
    assert one(told, TASK, "进度评价") == "序时推进"
    assert one(told, TASK, "完成日期") == ""


def test_taken_back_by_its_state_alone_it_is_reopened_though_the_answer_of_a_milestone_stands_there(
    tmp_path: Path,
) -> None:
    workspace = small_workspace(tmp_path)
    merged(workspace, "2026-W47", {("tasks", TASK): {**DONE, "milestone_done": "已完成"}})
    send(
        sent_out(workspace, "2026-W48"), {("tasks", TASK): {"status": "序时推进", "progress": "还差2个小区"}}
    )
    made = merge(workspace, "2026-W48")
    assert one(table(made.rollup, "重点任务"), TASK, "完成日期") == ""
    assert one(table(made.rollup, "本期变化"), TASK, "变化") == "重新挂账"


def test_a_milestone_that_the_plan_adds_reopens_it_on_the_form_and_in_the_rollup(finished: Workspace) -> None:
    tables = small_tables()
    added = [TASK, "1", "完成验收", "2026-12-15", "批准"]
    blank = [None] * (len(MILESTONES.columns) - len(added))
    tables[MILESTONES.name] = [*tables[MILESTONES.name], [*added, *blank]]
    write_workbook(finished.plan, PLAN_SHEETS, tables, {})
    office = sent_out(finished, "2026-W49")
    form = office.blank("01")
    assert (form.value("tasks", TASK, "milestone"), form.value("tasks", TASK, "status")) == ("完成验收", None)
    assert state(merge(finished, "2026-W49").rollup) == "未报"


HALFWAY = "R01-01"  # has two milestones, 完成主体结顶 and 竣工验收
TOO_EARLY = {**DONE, "milestone_done": "已完成", "progress": "主体结顶"}


@pytest.mark.provokes(Code.MILESTONES_OPEN)
def test_a_task_reported_as_done_with_its_first_milestone_is_asked_about(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path)
    office = sent_out(workspace, "2026-W47")
    send(office, {("tasks", HALFWAY): TOO_EARLY})
    (result,) = check(workspace, [workspace.inbox / "2026-W47_-3.xlsx"]).files
    (found,) = [f for f in result.findings if f.code is Code.MILESTONES_OPEN]
    assert "任务已完成，但还有1个节点没有完成（竣工验收），请核对" in found.message


def test_a_milestones_answer_stays_with_it_when_the_task_is_taken_back(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path)
    merged(workspace, "2026-W47", {("tasks", HALFWAY): TOO_EARLY})
    week = sent_out(workspace, "2026-W48")
    assert milestone_on_form(week) == ("完成主体结顶", "已完成", "已完成")
    send(week, {("tasks", HALFWAY): {"status": "序时推进", "progress": "准备竣工验收"}})
    made = merge(workspace, "2026-W48")
    assert state(made.rollup, HALFWAY) == "序时推进"
    assert one(table(made.rollup, "本期变化"), HALFWAY, "变化") == "有更新"
    assert milestone_on_form(sent_out(workspace, "2026-W49")) == ("竣工验收", None, None)


def set_apart_by_their_dates(workspace: Workspace) -> None:
    """Give both milestones of a task one name: they are due on 20 November and 20 December."""
    with plan_book(workspace) as plan:
        for number in (1, 2):
            plan.set("节点", HALFWAY, number, 节点="完成年度投资")


def test_of_two_milestones_of_one_name_each_is_asked_for_in_turn(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path)
    set_apart_by_their_dates(workspace)
    done = {"status": "序时推进", "progress": "投资到位", "milestone_done": "已完成"}
    made = merged(workspace, "2026-W47", {("tasks", HALFWAY): {**done, "completed_on": "2026-11-18"}})
    told = table(made.rollup, "重点任务")
    fields = ("当前节点", "节点时限", "完成日期")
    assert [one(told, HALFWAY, field) for field in fields] == ["完成年度投资", date(2026, 12, 20), ""]
    made = merged(workspace, "2026-W48", {("tasks", HALFWAY): {**done, "completed_on": "2026-11-25"}})
    assert made.form.value("tasks", HALFWAY, "milestone_due") == datetime(2026, 12, 20)
    told = table(made.rollup, "重点任务")
    assert (one(told, HALFWAY, "当前节点"), one(told, HALFWAY, "进度评价")) == ("", "序时推进")
    assert milestone_on_form(sent_out(workspace, "2026-W49")) == (None, None, None)


def test_of_two_milestones_of_one_name_one_that_is_done_stays_done_where_its_day_is_moved(
    tmp_path: Path,
) -> None:
    workspace = small_workspace(tmp_path)
    set_apart_by_their_dates(workspace)
    done = {"status": "序时推进", "progress": "投资到位", "milestone_done": "已完成"}
    merged(workspace, "2026-W47", {("tasks", HALFWAY): {**done, "completed_on": "2026-11-18"}})
    merged(workspace, "2026-W48", {("tasks", HALFWAY): {**done, "completed_on": "2026-11-25"}})
    with plan_book(workspace) as plan:
        plan.set("节点", HALFWAY, 2, 节点时限=date(2027, 1, 20))
    assert milestone_on_form(sent_out(workspace, "2026-W49")) == (None, None, None)


def test_done_with_the_first_of_two_milestones_of_one_name_a_task_is_asked_about(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path)
    set_apart_by_their_dates(workspace)
    send(sent_out(workspace, "2026-W47"), {("tasks", HALFWAY): TOO_EARLY})
    (result,) = check(workspace, [workspace.inbox / "2026-W47_-3.xlsx"]).files
    assert Code.MILESTONES_OPEN in [f.code for f in result.findings]


def milestone_on_form(office: Office) -> tuple[object, ...]:
    form = office.blank("01")
    return tuple(form.value("tasks", HALFWAY, field) for field in ("milestone", "milestone_done", "status"))


def test_a_milestone_that_is_not_done_after_all_is_open_again_though_the_form_named_none(
    tmp_path: Path,
) -> None:
    workspace, code, step = small_workspace(tmp_path), "R01-02", "签订合作协议"
    signed = {
        "status": "序时推进",
        "milestone_done": "已完成",
        "completed_on": date(2026, 11, 19),
        "progress": "协议已签",
    }
    told = merged(workspace, "2026-W47", {("tasks", code): signed})
    assert str(one(table(told.rollup, "亮点做法"), code, "事项")).endswith(step)
    office = sent_out(workspace, "2026-W48")
    assert office.blank("01").value("tasks", code, "milestone") is None
    back = {"status": "序时推进", "milestone_done": "未完成", "progress": "协议被退回"}
    send(office, {("tasks", code): back})
    rollup = merge(workspace, "2026-W48").rollup
    lines = table(rollup, "重点任务")
    shown = [one(lines, code, header) for header in ("当前节点", "节点时限", "节点完成情况", "进度评价")]
    assert shown == [step, date(2026, 12, 10), "未完成", "临近时限"]
    assert code not in table(rollup, "亮点做法")["编号"].tolist()
    office = sent_out(workspace, "2026-W49")
    assert office.blank("01").value("tasks", code, "milestone") == step
    send(office, {("tasks", code): signed})
    merge(workspace, "2026-W49")
    assert sent_out(workspace, "2026-W50").blank("01").value("tasks", code, "milestone") is None
