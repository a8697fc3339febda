"""What a correction workbook was printed with counts, although an older row of the same unit stands."""

from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.results import FileResult
from tenproj_xl.core.answers import TaskStatus
from tenproj_xl.core.catalogue import Code
from tenproj_xl.ledger.store import open_ledger
from tenproj_xl.model.history import Reported
from tenproj_xl.model.statuses import Status
from tests.conftest import EARLIER, PERIOD
from tests.helpers.filling import Filling, Office
from tests.helpers.settings_book import set_parameter

FIGURE, TASK = ("indicators", "Z03-04"), ("tasks", "R03-01")


def form(week: Office, **figure: object) -> Filling:
    """The form of task force 03 with 技术交易总额 and one task filled in."""
    filled = week.blank("03")
    filled.write("indicators", "Z03-04", **{"value": 75, "nature": "部门统计", **figure})
    filled.write(*TASK, status="序时推进", progress="成立2支基金")
    filled.cover(filler="张三", phone="0571-88880000")
    return filled


def sent(week: Office, filled: Filling, name: str, hours: float) -> FileResult:
    """Send a form some hours after the deadline, and take it in alone."""
    week.send(filled, name, hours=hours)
    return next(f for f in ingest(week.workspace, PERIOD).files if f.received.name.endswith(name))


def answer(result: FileResult) -> Filling:
    """The correction workbook that goes back."""
    assert result.answer
    return Filling(result.answer)


def row(week: Office, key: tuple[str, str]) -> Reported:
    with open_ledger(week.workspace.ledger, who="tests") as ledger:
        found = ledger.history().latest(*key)
    assert found
    return found


def said(result: FileResult, code: Code) -> str:
    return next((f.message for f in result.findings if f.code is code), "")


def letter(result: FileResult) -> str:
    assert result.letter
    return result.letter.read_text("utf-8-sig")


def test_the_new_figure_counts_where_only_the_red_cell_beside_it_is_corrected(week: Office) -> None:
    sent(week, form(week), "填报表.xlsx", -9)
    wrong = form(week, value=76.5, nature="快报数据？", remark="新台账")
    first = sent(week, wrong, "填报表(1).xlsx", -8)
    assert "“技术交易总额”这1行待贵单位更正发回后计入" in letter(first)
    correction = answer(first)
    assert correction.value(*FIGURE, "value") == 76.5
    correction.write(*FIGURE, nature="统计快报")
    result = sent(week, correction, "更正.xlsx", -7)
    counts = row(week, FIGURE)
    assert [counts.values[name] for name in ("value", "remark")] == [76.5, "新台账"]
    assert counts.source("value").file.endswith("更正.xlsx")
    assert "“技术交易总额”75→76.5" in said(result, Code.RETURN_CHANGED)
    assert not said(result, Code.PATCH_CROSSED), "nothing came since"


def test_a_task_is_as_the_refused_row_said_and_no_mixture_with_the_one_before(week: Office) -> None:
    sent(week, form(week), "填报表.xlsx", -9)
    behind = form(week)
    behind.write(*TASK, status="滞后", progress="资金没有拨付", problems="", next_steps="与区府办对接")
    correction = answer(sent(week, behind, "填报表(1).xlsx", -8))
    correction.write(*TASK, problems="资金未拨付")
    sent(week, correction, "更正.xlsx", -7)
    values = row(week, TASK).values
    assert [values[name] for name in ("status", "progress", "problems", "next_steps")] == [
        TaskStatus.BEHIND,
        "资金没有拨付",
        "资金未拨付",
        "与区府办对接",
    ]


def test_a_correction_that_has_to_be_corrected_again_loses_nothing(week: Office) -> None:
    wrong = form(week)
    wrong.write(*TASK, status="滞后", problems="", next_steps="催缴")
    correction = answer(sent(week, wrong, "填报表.xlsx", -9))
    correction.write(*TASK, problems="资金未到位")
    correction.write(*FIGURE, value=76.5, nature="快报数据？", remark="新台账")
    again = answer(sent(week, correction, "更正.xlsx", -8))
    again.write(*FIGURE, nature="统计快报")
    sent(week, again, "更正(2).xlsx", -7)
    counts = row(week, FIGURE)
    assert [counts.values[name] for name in ("value", "remark")] == [76.5, "新台账"]
    assert row(week, TASK).values["problems"] == "资金未到位"
    assert row(week, TASK).source("problems").file.endswith("更正.xlsx"), "it was counted before"


def test_where_files_are_accepted_whole_all_that_a_refused_one_changed_counts(week: Office) -> None:
    set_parameter(week.workspace, "收取方式", "整份收取")
    sent(week, form(week), "填报表.xlsx", -9)
    wrong = form(week, value=76.5)
    wrong.write(*TASK, status="滞后", progress="新进展", problems="", next_steps="催缴")
    correction = answer(sent(week, wrong, "填报表(1).xlsx", -8))
    correction.write(*TASK, problems="资金未拨付")
    sent(week, correction, "更正.xlsx", -7)
    assert row(week, FIGURE).values["value"] == 76.5
    assert row(week, TASK).values["progress"] == "新进展"


def test_a_row_that_the_refused_file_left_blank_stays_as_it_stands(week: Office) -> None:
    sent(week, form(week), "填报表.xlsx", -9)
    blank = week.blank("03")
    blank.write(*TASK, status="滞后", progress="新进展", problems="", next_steps="催缴")
    correction = answer(sent(week, blank, "填报表(1).xlsx", -8))
    correction.write(*TASK, problems="资金未拨付")
    sent(week, correction, "更正.xlsx", -7)
    assert row(week, FIGURE).values["value"] == 75
    assert row(week, TASK).values["progress"] == "新进展"


def test_of_two_files_of_one_run_the_correction_of_the_older_undoes_nothing_of_the_newer(
    week: Office,
) -> None:
    wrong = form(week, value=70, nature="快报数据？")
    wrong.write(*TASK, status="滞后", progress="旧进展", problems="", next_steps="催缴")
    week.send(wrong, "填报表.xlsx", hours=-9)
    week.send(form(week, value=76), "填报表(1).xlsx", hours=-8)
    older = next(f for f in ingest(week.workspace, PERIOD).files if f.received.name == "填报表.xlsx")
    correction = answer(older)
    correction.write(*TASK, problems="资金未拨付")
    sent(week, correction, "更正.xlsx", -7)
    assert row(week, FIGURE).values["value"] == 76
    assert row(week, TASK).values["progress"] == "成立2支基金"


def test_what_was_moved_from_the_form_of_another_week_counts_when_it_is_sent_back(later_week: Office) -> None:
    sent(later_week, later_week.right("03"), "填报表.xlsx", -9)
    old = Office.of(later_week.workspace, EARLIER).right("03")
    old.write(*FIGURE, value=333, data_period="2026年10月", nature="部门统计")
    old.write(*TASK, progress="第48周的进展")
    refused = sent(later_week, old, "老表.xlsx", -8)
    assert (refused.status, refused.period) == (Status.REFUSED, PERIOD)
    result = sent(later_week, answer(refused), "更正.xlsx", -7)
    assert row(later_week, FIGURE).values["value"] == 333
    assert row(later_week, TASK).values["progress"] == "第48周的进展"
    assert "→333" in said(result, Code.RETURN_CHANGED)


def test_the_answer_to_a_question_counts_although_its_row_had_to_be_corrected_once_more(
    later_week: Office,
) -> None:
    form = later_week.right("03")
    form.write(*FIGURE, value=20, data_period="2026年10月", nature="部门统计")
    form.write(*TASK, status="滞后", problems="", next_steps="催缴")
    correction = answer(sent(later_week, form, "填报表.xlsx", -9))
    correction.write(*TASK, problems="资金未到位")
    correction.write(*FIGURE, verification="属实，核减", nature="快报数据？")
    again = answer(sent(later_week, correction, "更正.xlsx", -8))
    again.write(*FIGURE, nature="统计快报")
    sent(later_week, again, "更正(2).xlsx", -7)
    assert row(later_week, FIGURE).values["verification"] == "属实，核减"


def test_whoever_confirms_a_figure_that_fell_is_told_at_once_what_else_it_takes(later_week: Office) -> None:
    fell, task = ("indicators", "Z01-02"), ("tasks", "R01-01")
    form = later_week.right("01")
    form.write(*fell, value=20)
    form.write(*task, status="滞后", problems="", next_steps="催缴")
    first = sent(later_week, form, "填报表.xlsx", -9)
    assert "如属核减，请在“核实说明”写明，并填写“滞后原因”、“下一步举措”。" in letter(first)
    assert row(later_week, fell).values["value"] == 20, "that is asked, and counts"
    correction = answer(first)
    correction.write(*task, problems="资金未到位")
    correction.write(*fell, verification="属实，核减")
    second = sent(later_week, correction, "更正.xlsx", -8)
    assert "这1行的改动待贵单位更正发回后计入" in letter(second), "the figure counts already"
    correction.write(*fell, lag_reason="推迟出让", next_steps="12月底前完成")
    assert sent(later_week, correction, "更正(1).xlsx", -7).status is Status.WITH_WARNINGS


# --- what was put right is not asked for again


def faulty(week: Office, **task: object) -> Filling:
    """The form with a figure and a task that have to be corrected."""
    filled = whole(week, value="约七百")
    filled.write("tasks", "R03-01", **{"status": "正常推进", **task})
    return filled


def whole(week: Office, **figure: object) -> Filling:
    """The form with everything that is asked."""
    filled = week.right("03")
    filled.write("indicators", "Z03-04", **{"value": 75, **figure})
    return filled


def put_right(first: FileResult) -> Filling:
    """The correction workbook of that form with both rows put right."""
    correction = answer(first)
    correction.write(*FIGURE, value=76)
    correction.write(*TASK, status="序时推进")
    return correction


def taken_in(week: Office) -> dict[str, FileResult]:
    return {f.received.name: f for f in ingest(week.workspace, PERIOD).files}


def test_the_original_saved_anew_after_its_correction_is_not_asked_about_again(week: Office) -> None:
    first = sent(week, faulty(week), "填报表.xlsx", -9)
    assert (first.status, len(first.findings)) == (Status.TO_CORRECT, 2)
    sent(week, put_right(first), "更正.xlsx", -7)
    result = sent(week, faulty(week), "原表.xlsx", -6)
    assert (result.status, result.findings, result.answer) == (Status.ACCEPTED, (), None)
    assert "更正后发回" not in letter(result)
    assert (row(week, FIGURE).values["value"], row(week, TASK).values["status"]) == (76, TaskStatus.ON_COURSE)


def test_the_original_forwarded_after_its_correction_is_the_same_again(week: Office) -> None:
    original = faulty(week).saved(week.deadline)
    (week.workspace.inbox / "填报表.xlsx").write_bytes(original)
    first = taken_in(week)["填报表.xlsx"]
    sent(week, put_right(first), "更正.xlsx", 1)
    (week.workspace.inbox / "转发.xlsx").write_bytes(original)
    result = taken_in(week)["转发.xlsx"]
    assert (result.status, result.findings, result.letter) == (Status.DUPLICATE, (), None)


def test_the_original_forwarded_after_its_rows_were_emptied_in_the_correction_is_the_same_again(
    week: Office,
) -> None:
    original = faulty(week).saved(week.deadline)
    (week.workspace.inbox / "填报表.xlsx").write_bytes(original)
    correction = answer(taken_in(week)["填报表.xlsx"])
    correction.write(*FIGURE, value=76)
    correction.write(*TASK, status=None, progress=None)
    sent(week, correction, "更正.xlsx", 1)
    (week.workspace.inbox / "转发.xlsx").write_bytes(original)
    result = taken_in(week)["转发.xlsx"]
    assert (result.status, result.findings, result.letter) == (Status.DUPLICATE, (), None)


def test_who_changes_a_row_with_an_error_after_its_correction_is_asked_again(week: Office) -> None:
    first = sent(week, faulty(week), "填报表.xlsx", -9)
    sent(week, put_right(first), "更正.xlsx", -8)
    result = sent(week, faulty(week, progress="成立3支基金"), "新表.xlsx", -7)
    assert (result.status, [f.code for f in result.findings]) == (
        Status.TO_CORRECT,
        [Code.NOT_NUMBER, Code.NOT_CHOICE],
    )
