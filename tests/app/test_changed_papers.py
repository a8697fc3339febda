"""Only papers about whose time something was recorded are made again to be compared, and no proposal is missed."""

import random
import shutil
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from tenproj_xl.app.changed_papers import papers_to_compare
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.periods import with_issued
from tenproj_xl.app.publications import proposals, publications
from tenproj_xl.app.publish import publish
from tenproj_xl.app.report import report
from tenproj_xl.app.status import status
from tenproj_xl.app.withdraw import withdraw
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.cli.main import main
from tenproj_xl.cli.papers_text import listed_papers_lines
from tenproj_xl.cli.returns_text import status_lines
from tenproj_xl.ledger.looking import look_into_ledger
from tests.helpers.filling import Office, sent_out
from tests.helpers.plan_book import plan_book
from tests.helpers.shared import made_once
from tests.helpers.small_weeks import figure, merged, send, small_workspace

CODE, OTHER, TASK = "Z01-01", "Z01-06", "R01-02"
EXPLAINED = {"lag_reason": "重新核对", "next_steps": "逐项核对"}
EDITIONS = (("month", "2026-10"), ("meeting", "2026-W47"), ("month", "2026-11"), ("year", "2026"))


def give_out(workspace: Workspace, edition: str, period: str) -> None:
    if written := report(workspace, edition, period, "张三").written:
        publish(workspace, written, "李四")


@pytest.fixture(scope="module")
def _given_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def make(folder: Path) -> None:
        workspace = small_workspace(folder)
        going_on: dict[str, object] = {"status": "序时推进", "progress": "对接中"}
        answers = {("indicators", CODE): figure(30, "部门统计"), ("tasks", TASK): going_on}
        merged(workspace, "2026-W47", answers)
        sent_out(workspace, "2026-W48")
        for edition, period in EDITIONS:
            give_out(workspace, edition, period)

    return made_once(tmp_path_factory, "papers-to-compare", make)


@pytest.fixture
def workspace(_given_out: Path, tmp_path: Path) -> Workspace:
    """Two months, a meeting and the year were given out; the forms of W48 are out."""
    return Workspace(Path(shutil.copytree(_given_out, tmp_path / "工作区")))


# --- what happens afterwards


def reported(workspace: Workspace, period: str, hours: float, **values: object) -> None:
    send(Office.of(workspace, period), {("indicators", CODE): {**values, **EXPLAINED}}, hours=hours)
    ingest(workspace, period)


def a_figure_comes_late(workspace: Workspace) -> None:
    reported(workspace, "2026-W47", 30, **figure(29, "部门统计"))


def a_figure_is_corrected_in_the_next_week(workspace: Workspace) -> None:
    reported(workspace, "2026-W48", -3, **figure(12, "部门统计"))


def november_is_reported_in_december(workspace: Workspace) -> None:
    sent_out(workspace, "2026-W52")
    reported(workspace, "2026-W52", -3, **figure(33, "部门统计", "2026年11月"))


def a_file_is_withdrawn(workspace: Workspace) -> None:
    withdraw(workspace, "2026-W47_-3.xlsx", "报错了单位")


def a_task_turns_out_to_have_been_done(workspace: Workspace) -> None:
    done: dict[str, object] = {"status": "已完成", "completed_on": "2026-10-30", "progress": "全部完工"}
    send(Office.of(workspace, "2026-W48"), {("tasks", TASK): done}, hours=-2)
    ingest(workspace, "2026-W48")


def an_issue_of_november_is_registered(workspace: Workspace) -> None:
    issue: dict[str, object] = {
        "description": "用地未批",
        "category": "用地",
        "source": "自查",
        "raised_on": date(2026, 11, 20),
        "unit": "区发改经信局",
        "measures": "对接",
        "due_on": date(2026, 11, 27),
        "status": "整改中",
        "progress": "已上报",
    }
    send(Office.of(workspace, "2026-W48"), {("issues", "+1"): issue}, hours=-1)
    ingest(workspace, "2026-W48")


def the_office_records_what_it_was_told(workspace: Workspace) -> None:
    told = ("amend", CODE, "最新数值", "31", "--period", "2026-10", "--basis", "电话告知", "--by", "赵六")
    assert CliRunner().invoke(main, ["-C", str(workspace.root), *told]).exit_code == 0


def a_target_is_lowered(workspace: Workspace) -> None:
    with plan_book(workspace) as plan:
        plan.set("年度计划", CODE, "2026", 目标值=20)


def a_target_of_now_is_dated(workspace: Workspace) -> None:
    with plan_book(workspace) as plan:
        plan.copy("年度计划", CODE, "2026", 目标值=90, 生效期="2026-10", 批准依据="会议纪要")


def forms_go_out_by_the_plan_as_it_is(workspace: Workspace) -> None:
    sent_out(workspace, "2026-W50")


def forms_go_out_in_spring(workspace: Workspace) -> None:
    """Until then all figures of the year were due."""
    sent_out(workspace, "2027-W14")


def weights_are_changed(workspace: Workspace) -> None:
    book = load_workbook(workspace.settings)
    cell = next(cell for page in book for row in page.iter_rows() for cell in row if cell.value == "报送权重")
    page = book[cell.parent.title]
    page.cell(cell.row, cell.column + 1).value = 60
    book.save(workspace.settings)


def november_is_corrected(workspace: Workspace) -> None:
    reported(workspace, "2026-W48", -4, **figure(31, "部门统计"))
    give_out(workspace, "month", "2026-11")


EVENTS: tuple[Callable[[Workspace], None], ...] = (
    a_figure_comes_late,
    a_figure_is_corrected_in_the_next_week,
    november_is_reported_in_december,
    a_file_is_withdrawn,
    a_task_turns_out_to_have_been_done,
    an_issue_of_november_is_registered,
    the_office_records_what_it_was_told,
    a_target_is_lowered,
    a_target_of_now_is_dated,
    forms_go_out_by_the_plan_as_it_is,
    forms_go_out_in_spring,
    weights_are_changed,
    november_is_corrected,
)


def compared(workspace: Workspace) -> set[str]:
    """The labels of the papers that are made again to be compared."""
    with look_into_ledger(workspace.ledger) as ledger:
        loaded = with_issued(load(workspace), ledger)
        return {paper.label for paper in papers_to_compare(ledger.publications(), loaded, ledger)}


def changed(workspace: Workspace) -> Mapping[str, str]:
    """The changes of each paper that was given out and not corrected, all of them made again."""
    return {p.publication.label: p.changes for p in publications(workspace).papers if p.changes is not None}


def check(workspace: Workspace) -> None:
    """Papers that differ are among those that are compared, and the same corrections are proposed."""
    states = publications(workspace).papers
    differing = {state.publication.label for state in states if state.changes}
    assert differing <= compared(workspace)
    with look_into_ledger(workspace.ledger) as ledger:
        proposed = proposals(with_issued(load(workspace), ledger), ledger, 2026)
    assert {state.proposal for state in proposed} == {state.proposal for state in states if state.proposal}


def test_where_nothing_was_recorded_since_no_paper_is_made_again(workspace: Workspace) -> None:
    assert compared(workspace) == set()
    assert set(changed(workspace).values()) == {""}


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_papers_that_differ_are_compared(workspace: Workspace, event: Callable[[Workspace], None]) -> None:
    event(workspace)
    check(workspace)


@pytest.mark.parametrize("seed", range(3))
def test_after_any_events_the_same_corrections_are_proposed_as_if_all_were_compared(
    workspace: Workspace, seed: int
) -> None:
    for event in random.Random(seed).sample(EVENTS, 6):  # noqa: S311  # any order
        event(workspace)
        check(workspace)


def test_a_paper_to_be_corrected_has_one_name_the_workbooks(workspace: Workspace) -> None:
    a_file_is_withdrawn(workspace)
    found = publications(workspace)
    listed = [line for line in listed_papers_lines(found) if line.startswith("建议更正：2026年10月")]
    named = [line for line in status_lines(status(workspace)) if line.startswith("建议更正：2026年10月")]
    assert listed == named
    assert "2026年10月的材料（月调度2026年第1期）印发后变动" in listed[0]


def test_of_a_paper_of_a_week_it_is_said_how_many_printed_figures_were_restated_later(
    workspace: Workspace,
) -> None:
    assert {(one.changes, one.restated) for one in publications(workspace, "2026-W47").papers} == {("", 0)}
    reported(workspace, "2026-W48", -3, **figure(31, "部门统计"))
    listed = publications(workspace, "2026-W47")
    said = next(listed_papers_lines(listed))
    assert said.endswith("印发后有1个数修订或更正，见以后各期的“数据修订和更正”")
    assert {(one.changes, one.restated, one.proposal) for one in listed.papers} == {("", 1, "")}


def test_a_newer_figure_for_another_data_period_restates_nothing(workspace: Workspace) -> None:
    november_is_reported_in_december(workspace)
    assert {one.restated for one in publications(workspace, "2026-W47").papers} == {0}


def test_a_meeting_is_not_made_again_for_what_came_in_a_later_week(workspace: Workspace) -> None:
    a_figure_is_corrected_in_the_next_week(workspace)
    labels = compared(workspace)
    assert "年总结2026年第1期" in labels
    assert "例会2026年第1期" not in labels
