"""A row with an error waits until its unit sends that row again, whatever else it sends meanwhile."""

from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest
from python_calamine import CalamineWorkbook

from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.merge import merge
from tenproj_xl.app.results import FileResult, Ingested
from tenproj_xl.app.status import status
from tenproj_xl.core.catalogue import Code
from tenproj_xl.ledger.return_state import ReturnState
from tenproj_xl.ledger.rows_waiting import topic_of
from tenproj_xl.ledger.store import open_ledger
from tenproj_xl.model.statuses import Status
from tests.conftest import PERIOD
from tests.helpers.answers import SIGNED
from tests.helpers.filling import Filling, Office
from tests.helpers.settings_book import set_parameter

TASK = ("tasks", "R03-01")
BEHIND: dict[str, object] = {
    "status": "滞后",
    "progress": "成立1支基金",
    "problems": None,
    "next_steps": None,
}
REASONS: dict[str, object] = {"problems": "出资未到位，影响设立", "next_steps": "12月底前完成出资"}


def with_error(week: Office, *sheets: str) -> Filling:
    """The form of task force 03, or half of it, with a task that is behind and no reason for it."""
    form = week.right("03")
    form.write("tasks", "R03-01", **BEHIND)
    return half(week, form, *sheets) if sheets else form


def half(week: Office, whole: Filling, *sheets: str) -> Filling:
    """The form with nothing but some sheets of another one."""
    form = week.blank("03")
    for sheet in sheets:
        form.bring(whole, sheet)
    form.cover(**SIGNED)
    return form


def nil(week: Office) -> Filling:
    form = week.blank("03")
    form.cover(**SIGNED, nil_return="是")
    return form


def without_task(week: Office) -> Filling:
    form = week.right("03")
    form.write(*TASK, status=None, progress=None, problems=None, next_steps=None)
    return form


def without_row(week: Office) -> Filling:
    form = week.right("03")
    form.delete_row(*TASK)
    return form


def indicators(week: Office) -> Filling:
    return half(week, week.right("03"), "indicators")


def run(week: Office) -> Ingested:
    return ingest(week.workspace, PERIOD)


def sent(week: Office, form: Filling, name: str, hours: float) -> FileResult:
    """Send a form some hours after the deadline, and take it in alone."""
    week.send(form, name, hours=hours)
    return next(f for f in run(week).files if f.received.name.endswith(name))


def state(week: Office) -> ReturnState:
    lines = status(week.workspace, PERIOD).lines
    return next(line.state for line in lines if line.task_force.code == "03")


def to_correct(week: Office) -> list[tuple[str, list[str]]]:
    """What still waits: file by file the cells."""
    waiting = status(week.workspace, PERIOD).to_correct
    return [(one.file, [f"{f.sheet}{f.cell}" for f in one.findings if f.is_error]) for one in waiting]


def silent(result: FileResult) -> list[str]:
    """What a file is told of tasks without progress."""
    return [f.message for f in result.findings if f.code is Code.TASK_SILENT]


def letter(result: FileResult) -> str:
    assert result.letter
    return result.letter.read_text("utf-8-sig").replace("\r\n", "\n")


# --- what does not settle it


def test_an_older_return_that_comes_later_waits_for_the_row_that_the_newer_one_does_not_have(
    week: Office,
) -> None:
    assert sent(week, without_task(week), "新.xlsx", -4).status is not Status.TO_CORRECT
    older = sent(week, with_error(week), "旧.xlsx", -5)
    assert (older.status, bool(older.answer)) == (Status.TO_CORRECT, True)
    assert "“打造‘科技创新少年队’”这1行待贵单位更正发回后计入。" in letter(older)
    assert state(week) is ReturnState.TO_CORRECT
    assert [file for file, _ in to_correct(week)] == ["旧.xlsx"]


@pytest.mark.parametrize("newer", [Office.right, lambda week, _: with_error(week)])
def test_an_older_return_that_comes_later_asks_for_no_row_that_the_newer_one_has(
    week: Office, newer: Callable[[Office, str], Filling]
) -> None:
    sent(week, newer(week, "03"), "新.xlsx", -4)
    before = [file for file, _ in to_correct(week)]
    form = with_error(week)
    form.write(*TASK, progress="筹备中")
    older = sent(week, form, "旧.xlsx", -5)
    assert (older.status, older.answer) == (Status.SUPERSEDED, None)
    assert [file for file, _ in to_correct(week)] == before


def test_the_letter_about_an_older_return_names_no_row_as_waiting_that_the_newer_one_has(
    week: Office,
) -> None:
    newer = week.right("03")
    newer.delete_row("indicators", "Z03-04")
    sent(week, newer, "新.xlsx", -4)
    form = with_error(week)
    form.write("indicators", "Z03-04", value="很多")
    older = sent(week, form, "旧.xlsx", -5)
    assert older.status is Status.TO_CORRECT
    assert "“技术交易总额”这1行待贵单位更正发回后计入。" in letter(older)


@pytest.mark.parametrize("later", [indicators, nil, without_task, without_row])
def test_a_row_with_an_error_waits_where_the_later_return_does_not_have_it(
    week: Office, later: Callable[[Office], Filling]
) -> None:
    first = sent(week, with_error(week, "tasks", "issues"), "任务.xlsx", -5)
    assert first.status is Status.TO_CORRECT
    assert first.answer
    cells = [f"{f.sheet}{f.cell}" for f in first.findings if f.is_error]
    second = sent(week, later(week), "后来的.xlsx", -4)
    assert second.status is not Status.TO_CORRECT
    assert to_correct(week) == [("任务.xlsx", cells)]
    assert state(week) is ReturnState.TO_CORRECT
    assert first.answer.is_file()
    said = letter(second)
    assert "（任务.xlsx）还有须更正的，“打造‘科技创新少年队’”这1行没有计入" in said
    assert f"附件：{first.answer.name}" in said
    assert [f.code for f in second.findings if f.code in (Code.TASK_SILENT, Code.ROW_MISSING)] == []


def test_a_sheet_of_which_no_row_could_be_used_is_not_called_a_row(week: Office) -> None:
    form = week.right("03")
    form.delete_column("tasks", "status")
    first = sent(week, form, "填报表.xlsx", -5)
    assert [(f.code, f.sheet) for f in first.findings] == [(Code.COLUMN_MISSING, "重点任务进度表")]
    said = letter(sent(week, indicators(week), "指标.xlsx", -4))
    assert "还有须更正的，“重点任务进度表”中退回的内容没有计入" in said


def test_the_roll_up_says_that_the_row_waits(week: Office) -> None:
    sent(week, with_error(week, "tasks", "issues"), "任务.xlsx", -5)
    sent(week, indicators(week), "指标.xlsx", -4)
    book = CalamineWorkbook.from_path(merge(week.workspace, PERIOD).rollup)
    checks, returns = (
        [list(map(str, row)) for row in book.get_sheet_by_name(name).to_python()]
        for name in ("核验清单", "报送情况")
    )
    errors = [row for row in checks if "任务.xlsx" in row and "错误" in row]
    assert errors
    assert all("该行未计入，待更正" in row for row in errors)
    [own] = [row for row in returns if row[0] == "03"]
    assert "打造“科技创新少年队”" in own


def test_both_halves_in_one_run_are_told_once(week: Office) -> None:
    week.send(with_error(week, "tasks", "issues"), "任务.xlsx", hours=-5)
    week.send(indicators(week), "指标.xlsx", hours=-4)
    done = {f.received.name: f for f in run(week).files}
    assert [done[name].status for name in ("任务.xlsx", "指标.xlsx")] == [Status.TO_CORRECT, Status.ACCEPTED]
    assert state(week) is ReturnState.TO_CORRECT
    assert "还有须更正的" not in letter(done["指标.xlsx"])
    assert letter(done["指标.xlsx"]).count("附件：") == 1


def test_a_nil_return_beside_rows_that_count_does_not_say_that_nothing_is_new(week: Office) -> None:
    sent(week, indicators(week), "指标.xlsx", -5)
    assert "已录入零报告，本期此前报来的内容照常计入。" in letter(sent(week, nil(week), "零报告.xlsx", -4))


def test_a_nil_return_alone_says_that_nothing_is_new(week: Office) -> None:
    assert "已录入零报告（本期无更新）。" in letter(sent(week, nil(week), "零报告.xlsx", -4))


EMPTY: dict[str, object] = {"status": None, "progress": None, "problems": None, "next_steps": None}


def with_tasks(week: Office, rows: Iterable[str], values: dict[str, object]) -> Filling:
    """The right form of task force 10, which has 27 tasks, with something else in some of them."""
    form = week.right("10")
    for row in rows:
        form.write("tasks", row, **values)
    return form


def test_of_many_rows_with_one_error_each_waits_where_the_later_return_does_not_have_it(week: Office) -> None:
    rows = week.blank("10").codes("tasks")
    first = sent(week, with_tasks(week, rows, {"status": "正常推进"}), "填报表.xlsx", -6)
    assert len([f for f in first.findings if f.code is Code.NOT_CHOICE]) == len(rows) == 27
    second = sent(week, with_tasks(week, rows[20:], EMPTY), "又一份.xlsx", -5)
    assert silent(second) == []
    assert "等7行没有计入" in letter(second)
    [(file, cells)] = to_correct(week)
    assert (file, cells[0], len(cells)) == ("填报表.xlsx", "重点任务进度表L25", 7)


def test_of_many_rows_with_an_error_again_none_waits_twice(week: Office) -> None:
    rows = week.blank("10").codes("tasks")
    sent(week, with_tasks(week, rows[7:], {"status": "正常推进"}), "填报表.xlsx", -6)
    second = sent(week, with_tasks(week, rows, {"status": "正常推进"}), "又一份.xlsx", -5)
    assert [file for file, _ in to_correct(week)] == ["又一份.xlsx"]
    assert "还有须更正的" not in letter(second)


# --- what settles it


def test_a_later_return_with_the_row_settles_it_and_so_it_stays(week: Office) -> None:
    wrong = with_error(week)
    wrong.become(wrong.data)
    first = sent(week, wrong, "填报表.xlsx", -6)
    sent(week, indicators(week), "指标.xlsx", -5)
    sent(week, week.right("03"), "改好的.xlsx", -4)
    assert (to_correct(week), state(week)) == ([], ReturnState.ACCEPTED)
    assert first.answer
    assert not first.answer.exists()
    week.send(wrong, "转发.xlsx", hours=-3)
    run(week)
    assert (to_correct(week), state(week)) == ([], ReturnState.ACCEPTED)


def test_a_later_return_with_another_error_in_the_row_waits_in_its_place(week: Office) -> None:
    sent(week, with_error(week), "填报表.xlsx", -6)
    again = sent(week, with_error(week, "tasks"), "又一份.xlsx", -5)
    assert [file for file, _ in to_correct(week)] == [again.received.name]


@pytest.mark.parametrize("answer", [REASONS, {"status": None, "progress": None}])
def test_a_correction_workbook_settles_it_with_the_row_put_right_or_emptied(
    week: Office, answer: dict[str, object]
) -> None:
    first = sent(week, with_error(week, "tasks", "issues"), "任务.xlsx", -6)
    assert first.answer
    correction = Filling(first.answer)
    sent(week, indicators(week), "指标.xlsx", -5)
    correction.write("tasks", "R03-01", **answer)
    sent(week, correction, "更正.xlsx", -4)
    assert to_correct(week) == []
    assert state(week) is not ReturnState.TO_CORRECT
    assert not first.answer.exists()


def test_a_row_that_was_emptied_to_settle_it_is_asked_for_in_a_later_form(week: Office) -> None:
    first = sent(week, with_error(week, "tasks"), "任务.xlsx", -6)
    assert first.answer
    waiting = sent(week, without_task(week), "未填.xlsx", -5)
    assert silent(waiting) == []
    correction = Filling(first.answer)
    correction.write("tasks", "R03-01", status=None, progress=None, problems=None, next_steps=None)
    sent(week, correction, "更正.xlsx", -4)
    assert to_correct(week) == []
    later = sent(week, without_task(week), "再发.xlsx", -3)
    (said,) = silent(later)
    assert "科技创新少年队" in said


def test_an_error_in_a_new_issue_is_settled_where_its_row_is_emptied_in_the_correction_workbook(
    week: Office,
) -> None:
    form = week.right("03")
    form.write("issues", "+1", description="弃土场未批，渣土外运受阻", category="审批")
    first = sent(week, form, "填报表.xlsx", -6)
    assert first.answer
    correction = Filling(first.answer)
    sent(week, indicators(week), "指标.xlsx", -5)
    assert [file for file, _ in to_correct(week)] == ["填报表.xlsx"]
    correction.write("issues", "+1", description=None, category=None)
    sent(week, correction, "更正.xlsx", -4)
    assert to_correct(week) == []


def test_findings_of_earlier_ledgers_go_by_the_name_of_the_row(week: Office) -> None:
    first = sent(week, with_error(week), "填报表.xlsx", -6)
    found = next(f for f in first.findings if f.is_error)
    assert topic_of(found) == ("row", "R03-01")
    assert topic_of(replace(found, row="")) == ("row", "打造“科技创新少年队”")
    with open_ledger(week.workspace.ledger, who="tests") as ledger:
        [receipt] = ledger.receipts(PERIOD)
    assert receipt.waiting == ()


# --- where files are accepted whole


def test_a_row_that_is_right_in_a_later_return_that_waits_whole_is_not_called_unfilled(week: Office) -> None:
    set_parameter(week.workspace, "收取方式", "整份收取")
    sent(week, with_error(week), "填报表.xlsx", -6)
    again = week.right("03")
    again.write("indicators", "Z03-04", value="约七百")
    second = sent(week, again, "又一份.xlsx", -5)
    assert Code.NOT_NUMBER in [f.code for f in second.findings]
    assert [file for file, _ in to_correct(week)] == ["又一份.xlsx"]
    assert "还有须更正的" not in letter(second)


def test_a_row_that_is_blank_in_a_later_return_that_waits_whole_waits_on(week: Office) -> None:
    set_parameter(week.workspace, "收取方式", "整份收取")
    sent(week, with_error(week), "填报表.xlsx", -6)
    again = without_task(week)
    again.write("indicators", "Z03-04", value="约七百")
    assert "“打造‘科技创新少年队’”这1行没有计入" in letter(sent(week, again, "又一份.xlsx", -5))
    assert [file for file, _ in to_correct(week)] == ["又一份.xlsx", "填报表.xlsx"]


def test_a_sheet_of_a_return_that_waits_whole_is_missed_in_a_later_one(week: Office) -> None:
    set_parameter(week.workspace, "收取方式", "整份收取")
    sent(week, with_error(week), "填报表.xlsx", -6)
    second = sent(week, only(week, "tasks", "issues"), "任务.xlsx", -5)
    assert [f.sheet for f in second.findings if f.code is Code.SHEET_MISSING] == ["主要指标进度表"]
    assert state(week) is ReturnState.TO_CORRECT


# --- what was sent before is not asked for


def only(week: Office, *sheets: str) -> Filling:
    """The right form with nothing but some of its sheets."""
    form = week.right("03")
    form.delete_sheet(*{"indicators", "tasks", "issues"}.difference(sheets))
    return form


def test_a_sheet_that_came_before_is_not_missed_in_a_later_return(week: Office) -> None:
    sent(week, week.right("03"), "填报表.xlsx", -6)
    again = only(week, "indicators")
    again.write("indicators", "Z03-04", value=80)
    second = sent(week, again, "只改指标.xlsx", -5)
    assert Code.SHEET_MISSING not in [f.code for f in second.findings]
    assert (to_correct(week), second.answer) == ([], None)


def test_a_sheet_that_never_came_is_missed_again(week: Office) -> None:
    for hours in (-6, -5):
        result = sent(week, only(week, "indicators"), f"指标{-hours}.xlsx", hours)
        assert [f.sheet for f in result.findings if f.code is Code.SHEET_MISSING] == [
            "重点任务进度表",
            "问题销号进度表",
        ]


def test_a_sheet_that_could_not_be_used_is_missed_in_a_later_return(week: Office) -> None:
    form = week.right("03")
    form.delete_column("tasks", "status")
    assert Code.COLUMN_MISSING in [f.code for f in sent(week, form, "填报表.xlsx", -6).findings]
    second = sent(week, only(week, "indicators", "issues"), "指标.xlsx", -5)
    assert [f.sheet for f in second.findings if f.code is Code.SHEET_MISSING] == ["重点任务进度表"]


def test_sheets_in_files_of_one_run_make_a_whole_form(week: Office) -> None:
    week.send(only(week, "indicators"), "指标.xlsx", hours=-6)
    week.send(only(week, "tasks", "issues"), "任务.xlsx", hours=-5)
    assert [f.status for f in run(week).files] == [Status.ACCEPTED, Status.ACCEPTED]


def test_a_row_that_stands_is_not_called_unreported_where_it_was_cut_out(week: Office) -> None:
    sent(week, week.right("03"), "填报表.xlsx", -6)
    second = sent(week, without_row(week), "第二次.xlsx", -5)
    assert Code.ROW_MISSING not in [f.code for f in second.findings]


def test_a_row_that_never_came_is_called_unreported(week: Office) -> None:
    [found] = [
        f for f in sent(week, without_row(week), "填报表.xlsx", -6).findings if f.code is Code.ROW_MISSING
    ]
    assert "没有找到“打造‘科技创新少年队’”这1行" in found.message
