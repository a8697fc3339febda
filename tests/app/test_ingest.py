"""Taking in: what a run over the inbox leaves in ledger, archive and inbox, and what a later run makes of it."""

import itertools
import os
import shutil
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tenproj_xl.app import letters
from tenproj_xl.app.generate import generate
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.merge import merge
from tenproj_xl.app.results import FileResult
from tenproj_xl.app.status import status
from tenproj_xl.cli.files_told import told_of
from tenproj_xl.cli.open_form import TABS
from tenproj_xl.cli.returns_text import ToDo, merged_lines, status_lines, to_do_lines
from tenproj_xl.core.answers import TaskStatus
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.columns import Sheet
from tenproj_xl.core.errors import EnvironmentProblem, UsageProblem
from tenproj_xl.core.files import archived, sha256
from tenproj_xl.core.form_versions import form_version, known_versions
from tenproj_xl.core.sheets import form_sheets
from tenproj_xl.excel import look_reader
from tenproj_xl.forms import content
from tenproj_xl.ledger import turns
from tenproj_xl.ledger.store import Ledger, open_ledger
from tenproj_xl.model.history import History, Reported
from tenproj_xl.model.receipts import Receipt
from tenproj_xl.model.statuses import Status
from tests.conftest import PERIOD
from tests.helpers.answers import SIGNED
from tests.helpers.filling import Filling, Office, sent_out
from tests.helpers.rollup_reading import table
from tests.helpers.small_weeks import small_workspace

ISSUE: dict[str, object] = {
    "description": "项目用地指标尚未落实",
    "category": "用地",
    "source": "自查",
    "raised_on": date(2026, 11, 23),
    "unit": "区科技局",
    "due_on": date(2026, 12, 31),
    "status": "整改中",
}


def ingested(week: Office) -> dict[str, FileResult]:
    return {f.received.name: f for f in ingest(week.workspace, PERIOD).files}


def known(week: Office) -> History:
    with open_ledger(week.workspace.ledger, who="tests") as ledger:
        return ledger.history()


def receipts(week: Office) -> list[Receipt]:
    with open_ledger(week.workspace.ledger, who="tests") as ledger:
        return ledger.receipts(PERIOD)


def last_word(week: Office, sheet: str, code: str) -> Reported:
    row = known(week).latest(sheet, code)
    assert row is not None
    return row


def value(week: Office, code: str, field: str = "value") -> object:
    return last_word(week, "indicators", code).values[field]


def figure(week: Office, number: object, **more: object) -> Filling:
    """The form of task force 03 with nothing but 技术交易总额 filled in."""
    form = week.blank("03")
    form.write("indicators", "Z03-04", value=number, nature="部门统计", **more)
    form.cover(**SIGNED)
    return form


# --- what is recorded


def test_an_accepted_row_is_kept_as_typed_as_understood_and_with_its_cell(week: Office) -> None:
    path = week.send(figure(week, " １２．５亿元", remark="快报数"), "科技局/03.xlsx")
    data = path.read_bytes()
    result = ingested(week)["科技局/03.xlsx"]
    row = last_word(week, "indicators", "Z03-04")
    assert (result.status, result.task_force, result.sender) == (Status.WITH_WARNINGS, "03", "区科技局 张三")
    assert (row.values["value"], row.typed["value"], row.cells["value"]) == (12.5, "１２．５亿元", "K8")
    assert (row.values["data_period"], row.typed["data_period"]) == ("2026-10", "2026年10月")
    assert (row.values["name"], row.values["unit"], row.values["target_2027"]) == (
        "技术交易总额",
        "亿元",
        "达90",
    )
    assert (row.file, row.sha256, row.tab) == ("科技局/03.xlsx", sha256(data), "主要指标进度表")
    assert row.received_at == week.deadline - timedelta(hours=3)


def test_what_a_unit_answers_to_a_question_stands_beside_it_in_the_roll_up(later_week: Office) -> None:
    form = later_week.right("03")
    form.write("indicators", "Z03-04", value=9.8, verification="核减系统计口径调整")
    form.write("tasks", "R03-01", status="已完成", completed_on=date(2026, 12, 20), verification="已提前验收")
    later_week.send(form)
    checks = table(merge(later_week.workspace, PERIOD).rollup, "核验清单", "问题类型")
    assert checks[["级别", "问题类型", "单位说明"]].to_numpy().tolist() == [
        ["错误", "日期先后", "已提前验收"],
        ["疑问", "累计数下降", "核减系统计口径调整"],
    ]


def test_a_form_that_went_out_before_it_had_a_column_is_accepted_without_a_word(
    week: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    declared = form_sheets(week.loaded.plan.programme.years)
    (former,) = known_versions(declared) - {form_version(declared)}
    with monkeypatch.context() as before:
        before.setattr(content, "form_sheets", without_verification)
        before.setattr(content, "form_version", lambda _: former)
        old = sent_out(week.workspace, PERIOD)
    form = old.right("03")
    assert all("verification" not in form.columns(sheet) for sheet in TABS)
    old.send(form)
    (result,) = ingested(old).values()
    assert (result.status, result.findings) == (Status.ACCEPTED, ())
    assert last_word(old, "indicators", "Z03-04").values["verification"] is None


def test_a_column_that_the_form_had_is_missing_when_it_comes_back_without(week: Office) -> None:
    form = week.right("03")
    form.delete_column("tasks", "verification")
    week.send(form)
    (result,) = ingested(week).values()
    assert [f.code for f in result.findings] == [Code.COLUMN_MISSING]


def without_verification(*years: Any, **folded: Any) -> tuple[Sheet, ...]:
    """Return the sheets as 0.2.1 declared them, without 核实说明."""
    sheets = []
    for sheet in form_sheets(*years, **folded):
        columns = tuple(column for column in sheet.columns if column.field != "verification")
        awaits = tuple(field for field in sheet.awaits if field != "verification")
        sheets.append(replace(sheet, columns=columns, awaits=awaits))
    return tuple(sheets)


def test_a_result_is_spelled_out_in_a_few_words_that_any_report_can_hold(week: Office) -> None:
    week.send(figure(week, 12.5), "报表.xlsx")
    result = ingested(week)["报表.xlsx"]
    assert result.judgement is not None
    spelled = [repr(result), *map(repr, result.judgement.entries)]
    assert max(map(len, spelled)) < 20_000


def test_rows_without_an_answer_are_not_recorded(week: Office) -> None:
    week.send(figure(week, 12.5))
    ingested(week)
    assert [row.code for row in known(week).rows] == ["Z03-04"]


@pytest.mark.clock
def test_a_return_after_the_deadline_counts_and_is_marked_late(week: Office) -> None:
    week.send(figure(week, 12.5), hours=1)
    assert ingested(week)["03_区科技局_2026年第48期填报表.xlsx"].late
    assert [r.late for r in receipts(week)] == [True]
    assert value(week, "Z03-04") == 12.5


@pytest.mark.parametrize("yes", ["是", "√"])
def test_a_nil_return_is_a_return_without_rows(yes: str, week: Office) -> None:
    form = week.blank("03")
    form.cover(**SIGNED, nil_return=yes)
    week.send(form)
    ingested(week)
    (receipt,) = receipts(week)
    assert (receipt.status, receipt.nil) == (Status.WITH_WARNINGS, True)
    assert [f.code for f in receipt.findings] == [Code.NIL_UNREPORTED]
    assert known(week).rows == ()


def test_a_task_force_that_owes_nothing_may_report_all_the_same(week: Office) -> None:
    form = week.blank("07")
    form.write("tasks", "R07-01", status="长期推进", progress="配合完成图斑核查")
    form.write("issues", "+1", **ISSUE)
    form.cover(**SIGNED)
    week.send(form)
    assert {f.status for f in ingested(week).values()} == {Status.ACCEPTED}
    assert {row.code for row in known(week).rows} == {"R07-01", "W07-2026-001"}


# --- a second return


def test_a_later_return_replaces_row_by_row(week: Office) -> None:
    first = figure(week, 12.5)
    first.write("indicators", "Z03-05", value=5978, nature="部门统计")
    week.send(first, "1.xlsx", hours=-5)
    week.send(figure(week, 12.8), "2.xlsx", hours=-4)
    ingested(week)
    assert (value(week, "Z03-04"), value(week, "Z03-05")) == (12.8, 5978.0)


def test_a_cell_left_blank_in_a_later_return_replaces(week: Office) -> None:
    week.send(figure(week, 12.5, remark="快报数"), "1.xlsx", hours=-5)
    week.send(figure(week, 12.5), "2.xlsx", hours=-4)
    ingested(week)
    assert value(week, "Z03-04", "remark") is None


def test_a_row_left_wholly_blank_in_a_later_return_does_not(week: Office) -> None:
    week.send(figure(week, 12.5), "1.xlsx", hours=-5)
    second = week.blank("03")
    second.write("tasks", "R03-01", status="序时推进", progress="已成立3支")
    second.write("indicators", "Z03-04", data_period=None)
    week.send(second, "2.xlsx", hours=-4)
    ingested(week)
    assert value(week, "Z03-04") == 12.5


def test_a_data_period_alone_is_no_answer(week: Office) -> None:
    week.send(figure(week, 12.5), "1.xlsx", hours=-5)
    second = week.blank("03")
    second.write("indicators", "Z03-04", data_period="2026年9月")
    second.write("indicators", "Z03-05", value=5978, nature="部门统计")
    week.send(second, "2.xlsx", hours=-4)
    ingested(week)
    assert (value(week, "Z03-04"), value(week, "Z03-05")) == (12.5, 5978.0)


def test_a_wrong_correction_leaves_the_earlier_row_standing(week: Office) -> None:
    week.send(figure(week, 12.5), "1.xlsx", hours=-5)
    ingested(week)
    second = figure(week, "十二点八")
    second.write("indicators", "Z03-05", value=5978, nature="部门统计")
    week.send(second, "2.xlsx", hours=-4)
    assert ingested(week)["2.xlsx"].status is Status.TO_CORRECT
    assert (value(week, "Z03-04"), value(week, "Z03-05")) == (12.5, 5978.0)


def test_the_same_bytes_again_change_nothing(week: Office) -> None:
    path = week.send(figure(week, 12.5), "1.xlsx")
    data = path.read_bytes()
    ingested(week)
    before = known(week), [r.sha256 for r in receipts(week) if r.status.is_return]
    path.with_name("1(最终版).xlsx").write_bytes(data)
    result = ingested(week)["1(最终版).xlsx"]
    assert (result.status, result.findings) == (Status.DUPLICATE, ())
    assert (known(week), [r.sha256 for r in receipts(week) if r.status.is_return]) == before
    assert list(week.workspace.inbox.iterdir()) == []


@pytest.mark.clock
def test_an_older_file_that_arrives_later_is_superseded(week: Office) -> None:
    week.send(figure(week, 12.8), "new.xlsx", hours=-1)
    ingested(week)
    week.send(figure(week, 12.5), "old.xlsx", hours=-9)
    assert ingested(week)["old.xlsx"].status is Status.SUPERSEDED
    assert value(week, "Z03-04") == 12.8


def three_returns(week: Office) -> list[tuple[Filling, float]]:
    """Three returns of one task force that overlap, and the hours at which they came in."""
    first, second, third = figure(week, 12.1, remark="快报数"), figure(week, 12.2), week.blank("03")
    first.write("tasks", "R03-01", status="序时推进", progress="一")
    second.write("tasks", "R03-02", status="序时推进", progress="二")
    second.write("issues", "+1", **ISSUE)
    third.write("tasks", "R03-01", status="长期推进", progress="三")
    third.write("issues", "+1", **ISSUE, progress="三")
    return [(first, -9), (second, -8), (third, -7)]


def told(week: Office) -> dict[tuple[str, str], tuple[dict[str, object], str]]:
    """The last word on every row, and the bytes that brought it."""
    rows = known(week)
    latest = {(r.sheet, r.code): rows.latest(r.sheet, r.code) for r in rows.rows}
    return {key: (dict(row.values), row.sha256) for key, row in latest.items() if row}


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=str)
def test_the_order_in_which_files_turn_up_does_not_matter(order: tuple[int, ...], week: Office) -> None:
    sent = three_returns(week)
    for n in order:
        week.send(sent[n][0], f"{n}.xlsx", hours=sent[n][1])
        ingested(week)
    found = told(week)
    assert {key: row["progress"] for key, (row, _) in found.items() if "progress" in row} == {
        ("tasks", "R03-01"): "三",
        ("tasks", "R03-02"): "二",
        ("issues", "W03-2026-001"): "三",
    }
    assert found["indicators", "Z03-04"][0]["value"] == 12.2
    assert found["indicators", "Z03-04"][0]["remark"] is None


@pytest.mark.parametrize("names", [("a", "b", "c"), ("c", "b", "a"), ("x/b", "a", "x/a")], ids=str)
def test_nor_do_the_names_of_files_taken_in_together(names: tuple[str, ...], week: Office) -> None:
    for name, (form, hours) in zip(names, three_returns(week), strict=True):
        week.send(form, f"{name}.xlsx", hours=hours)
    ingested(week)
    assert value(week, "Z03-04") == 12.2
    assert last_word(week, "tasks", "R03-01").values["progress"] == "三"


# --- issues


def issue_codes(week: Office) -> list[str]:
    return [row.code for row in known(week).issues("03")]


def test_a_new_issue_gets_a_code_and_keeps_it_when_it_is_sent_again(week: Office) -> None:
    form = week.blank("03")
    form.write("issues", "+1", **ISSUE)
    form.write("issues", "+2", **{**ISSUE, "description": "配套资金到位率偏低", "category": "资金"})
    week.send(form, "1.xlsx", hours=-5)
    ingested(week)
    assert issue_codes(week) == ["W03-2026-001", "W03-2026-002"]
    form.write("issues", "+2", progress="已发函")
    form.swap("issues", "+1", "+2")
    week.send(form, "2.xlsx", hours=-4)
    ingested(week)
    assert issue_codes(week) == ["W03-2026-001", "W03-2026-002"]
    assert last_word(week, "issues", "W03-2026-002").values["description"] == "配套资金到位率偏低"
    assert last_word(week, "issues", "W03-2026-002").values["progress"] == "已发函"


def test_an_issue_added_without_a_key_is_not_registered_twice_either(week: Office) -> None:
    form = week.blank("03")
    row = form.append("issues", **ISSUE)
    week.send(form, "1.xlsx", hours=-5)
    ingested(week)
    form.put("issues", f"O{row}", "已发函")
    week.send(form, "2.xlsx", hours=-4)
    ingested(week)
    assert issue_codes(week) == ["W03-2026-001"]
    assert last_word(week, "issues", "W03-2026-001").values["progress"] == "已发函"


def test_codes_are_counted_by_task_force(week: Office) -> None:
    for task_force in ("03", "08"):
        form = week.blank(task_force)
        form.write("issues", "+3", **ISSUE)
        week.send(form)
    ingested(week)
    assert {row.code for row in known(week).issues()} == {"W03-2026-001", "W08-2026-001"}


def test_an_issue_at_fault_gets_no_code(week: Office) -> None:
    form = week.blank("03")
    form.write("issues", "+1", **{**ISSUE, "category": "土地"})
    form.write("issues", "+2", **ISSUE)
    week.send(form)
    ingested(week)
    assert issue_codes(week) == ["W03-2026-001"]


# --- files


def put(week: Office, name: str, data: bytes, seconds_ago: float = 3600) -> Path:
    """Put a file into the inbox, as if it had come some time ago."""
    path = week.workspace.inbox / name
    path.write_bytes(data)
    at = time.time() - seconds_ago
    os.utime(path, (at, at))
    return path


@pytest.mark.clock
def test_a_file_cut_short_that_came_just_now_waits_for_the_next_run(week: Office) -> None:
    whole = week.send(figure(week, 12.5), "03.xlsx")
    data = whole.read_bytes()
    whole.unlink()
    arriving = put(week, "03.xlsx", data[: len(data) // 2], seconds_ago=5)
    put(week, "03.xlsx.crdownload", data[:100])
    result = ingest(week.workspace, PERIOD)
    assert result.files == ()
    assert sorted(result.left) == ["03.xlsx", "03.xlsx.crdownload"]
    assert arriving.exists()
    put(week, "03.xlsx", data)
    assert [f.status.is_return for f in ingest(week.workspace, PERIOD).files] == [True]


def cut_short(week: Office) -> bytes:
    """Put the first half of a return into the inbox, just now; return the whole."""
    whole = week.send(figure(week, 12.5), "03.xlsx")
    data = whole.read_bytes()
    put(week, "03.xlsx", data[: len(data) // 2], seconds_ago=5)
    put(week, "02.xlsx.crdownload", data[:100])
    return data


@pytest.mark.clock
def test_merge_waits_for_a_file_that_is_still_on_its_way(week: Office) -> None:
    data, waited = cut_short(week), []

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 3:
            put(week, "03.xlsx", data)

    merged = merge(week.workspace, PERIOD, sleep=sleep)
    assert [f.status.is_return for f in merged.ingested.files] == [True]
    assert sum(waited) == 15


@pytest.mark.clock
def test_merge_waits_no_longer_than_a_minute_goes_on_and_names_the_file(week: Office) -> None:
    cut_short(week)
    week.send(week.right("02"), "02.xlsx")
    waited: list[float] = []
    merged = merge(week.workspace, PERIOD, sleep=waited.append)
    assert [f.received.name for f in merged.ingested.files] == ["02.xlsx"]
    assert merged.rollup.exists()
    assert merged.needs_a_person
    assert sum(waited) == 60
    said = "\n".join(merged_lines(merged, week.workspace))
    assert "文件可能仍在传输，请1分钟后再收：02.xlsx.crdownload、03.xlsx" in said


def test_what_an_earlier_run_sent_back_stays_among_what_is_to_be_done(week: Office) -> None:
    week.send(figure(week, "很多"), "03.xlsx")
    ingest(week.workspace, PERIOD)
    task = "1份此前已退回更正，尚未发回，请催一催"
    fault = "03 区科技局 张三：1处错误（主要指标进度表K8）"

    def to_do(lines: Iterable[str]) -> list[str]:
        said = [line.strip() for line in lines]
        return said[said.index("现在要做的：") + 1 :]

    def merged_to_do() -> Iterator[str]:
        merged = merge(week.workspace, PERIOD)
        told = told_of(merged.ingested)
        return to_do_lines(ToDo.of(merged.ingested, told), merged.matrix)

    again = to_do(merged_to_do())
    assert again[:2] == [f"1. {task}", fault]
    assert to_do(status_lines(status(week.workspace, PERIOD))) == again
    week.send(figure(week, 12.5), "03_更正.xlsx", hours=-1)
    assert task not in "".join(merged_to_do())
    assert task not in "".join(status_lines(status(week.workspace, PERIOD)))


def test_a_name_in_gbk_is_read_like_any_other(week: Office) -> None:
    sent = week.send(figure(week, 12.5), "03.xlsx")
    sent.rename(os.fsdecode(os.fsencode(sent.parent) + "/科技局填报.xlsx".encode("gbk")))
    (result,) = ingest(week.workspace, PERIOD).files
    assert result.received.name == "科技局填报.xlsx"
    assert result.status.is_return


@pytest.mark.provokes(Code.TASK_FORCE_GONE)
def test_a_return_of_a_task_force_that_left_the_plan_stops_nobody(week: Office) -> None:
    week.send(figure(week, 12.5), "03.xlsx")
    form = week.blank("06")
    form.write("tasks", "R06-01", status="长期推进", progress="配合开展")
    week.send(form, "06.xlsx")
    delete_from_plan(week, {"专班": 1, "重点任务": 2}, "06")
    generate(week.workspace, PERIOD)
    results = ingested(week)
    assert results["03.xlsx"].status.is_return
    assert [f.code for f in results["06.xlsx"].findings] == [Code.TASK_FORCE_GONE]
    assert "06专班已不在工作计划中" in results["06.xlsx"].findings[0].message


def delete_from_plan(week: Office, columns: Mapping[str, int], value: str) -> None:
    """Delete the rows of plan sheets that hold a value in a column."""
    book = load_workbook(week.workspace.plan)
    for sheet, column in columns.items():
        page = book[sheet]
        for row in range(page.max_row, 2, -1):
            if str(page.cell(row, column).value) == value:
                page.delete_rows(row)
    book.save(week.workspace.plan)


@pytest.mark.provokes(Code.NOT_PLANNED)
def test_a_task_that_left_the_plan_is_kept_but_said_to_be_out_of_it(week: Office) -> None:
    form = week.right("03")
    delete_from_plan(week, {"重点任务": 1, "节点": 1}, "R03-02")
    generate(week.workspace, PERIOD)
    week.send(form, "03.xlsx")
    (found,) = ingested(week)["03.xlsx"].findings
    assert (found.code, found.cell) == (Code.NOT_PLANNED, form.at("tasks", "R03-02", "code"))
    assert last_word(week, "tasks", "R03-02").values["status"] is TaskStatus.ON_COURSE


def test_rows_that_a_newer_form_no_longer_has_are_not_missed(week: Office) -> None:
    delete_from_plan(week, {"主要指标": 1, "年度计划": 1}, "Z03-06")
    again = sent_out(week.workspace, PERIOD)
    again.send(again.right("03"), "03.xlsx")
    assert ingested(week)["03.xlsx"].findings == ()


def test_a_run_cut_off_before_its_letters_writes_them_the_next_time(
    week: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    week.send(figure(week, "很多"), "03.xlsx")

    def cut(*_: object) -> None:
        raise PowerCutError

    with monkeypatch.context() as patch:
        patch.setattr(letters.ReplyWriter, "write", cut)
        with pytest.raises(PowerCutError):
            ingested(week)
    result = ingested(week)["03.xlsx"]
    assert result.status is Status.TO_CORRECT
    assert result.answer is not None
    assert result.answer.exists()
    with open_ledger(week.workspace.ledger, who="test") as ledger:
        assert len(ledger.receipts(PERIOD)) == 1


def test_a_merge_reads_the_template_once_and_never_the_rows_of_all_periods(
    week: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    week.send(figure(week, "很多"), "03.xlsx", hours=-4)
    week.send(figure(week, "不少"), "03（更正）.xlsx")
    looks, all_rows = (
        counted(monkeypatch, look_reader, "read_look"),
        counted(monkeypatch, Ledger, "accepted_rows"),
    )
    done = merge(week.workspace, PERIOD)
    assert len({f.answer for f in done.ingested.files if f.answer}) == 2
    assert len(looks) == 1
    assert () not in all_rows


def counted(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str) -> list[tuple[object, ...]]:
    """What a function of a module (or a method) is called with from now on."""
    calls: list[tuple[object, ...]] = []
    function = getattr(owner, name)

    def noted(*given: object) -> object:
        calls.append(given[1:] if isinstance(owner, type) else given)
        return function(*given)

    monkeypatch.setattr(owner, name, noted)
    return calls


def test_an_older_file_with_nothing_but_a_known_new_issue_is_superseded(week: Office) -> None:
    form = week.blank("03")
    form.write("issues", "+1", **{**ISSUE, "progress": "新"})
    week.send(form, "new.xlsx", hours=-1)
    ingested(week)
    form.write("issues", "+1", progress="旧")
    week.send(form, "old.xlsx", hours=-9)
    assert ingested(week)["old.xlsx"].status is Status.SUPERSEDED


def test_issues_sent_again_in_another_order_stay_what_they_are(week: Office) -> None:
    one, other = (
        {**ISSUE, "description": "东新地块征迁未完成"},
        {**ISSUE, "description": "专项资金尚未拨付到位"},
    )
    form = week.blank("03")
    form.write("issues", "+1", **one)
    form.write("issues", "+2", **other)
    week.send(form, "1.xlsx", hours=-5)
    ingested(week)
    form = week.blank("03")
    form.write("issues", "+1", **{**other, "progress": "已发函"})
    week.send(form, "2.xlsx", hours=-4)
    ingested(week)
    said = {code: last_word(week, "issues", code).values for code in issue_codes(week)}
    assert {code: v["description"] for code, v in said.items()} == {
        "W03-2026-001": "东新地块征迁未完成",
        "W03-2026-002": "专项资金尚未拨付到位",
    }
    assert said["W03-2026-002"]["progress"] == "已发函"


def test_an_old_form_used_again_is_refused_by_default_too(later_week: Office) -> None:
    before = Office.of(later_week.workspace, "2026-W42")
    later_week.send(before.right("03"), "旧表.xlsx")
    (result,) = ingest(later_week.workspace).files
    assert (result.status, [f.code for f in result.findings]) == (Status.REFUSED, [Code.OTHER_PERIOD])


def test_an_old_form_under_the_name_of_this_weeks_is_refused_and_not_called_received(
    later_week: Office,
) -> None:
    before = Office.of(later_week.workspace, "2026-W42")
    later_week.send(before.right("03"), "03_区科技局_2026年第43期填报表.xlsx")
    (result,) = ingest(later_week.workspace).files
    assert (result.status, [f.code for f in result.findings]) == (Status.REFUSED, [Code.OTHER_PERIOD])
    assert result.letter
    assert "接收，请核对" not in result.letter.read_text("utf-8-sig")


def test_a_blank_form_of_an_earlier_period_is_not_called_received_late(week: Office) -> None:
    week.send(week.blank("03"), "补报.xlsx")
    sent_out(week.workspace, "2026-W49")
    (result,) = ingest(week.workspace, "2026-W49").files
    assert (result.status, [f.code for f in result.findings]) == (Status.REFUSED, [Code.RETURN_BLANK])


def test_a_form_of_a_later_period_than_the_one_merged_simply_counts_for_its_own(later_week: Office) -> None:
    later_week.send(later_week.right("03"), "本期.xlsx")
    (result,) = ingest(later_week.workspace, "2026-W42").files
    assert (result.status.is_return, result.period) == (True, PERIOD)


def test_a_row_is_read_by_the_printing_that_stands_in_it_not_by_the_newest(week: Office) -> None:
    first = week.blank("03")
    edit_plan(week, "重点任务", "R03-01", 4, "年度目标已修改")
    sent_out(week.workspace, PERIOD)
    edit_plan(week, "重点任务", "R03-01", 4, None)
    again = sent_out(week.workspace, PERIOD)
    first.write("tasks", "R03-01", status="序时推进", progress="按计划推进")
    again.send(first, "03.xlsx")
    ingested(week)
    assert last_word(week, "tasks", "R03-01").values["annual_goal"] is None


def edit_plan(week: Office, sheet: str, code: str, column: int, value: object) -> None:
    book = load_workbook(week.workspace.plan)
    page = book[sheet]
    row = next(r for r in range(1, page.max_row + 1) if page.cell(r, 1).value == code)
    page.cell(row, column).value = value  # type: ignore[assignment]  # any value
    book.save(week.workspace.plan)


def test_the_operator_is_told_when_the_plan_changed_after_the_forms_went_out(week: Office) -> None:
    assert ingest(week.workspace).notices == ()
    edit_plan(week, "重点任务", "R03-01", 4, "年度目标已修改")
    (notice,) = ingest(week.workspace).notices
    assert "重新生成填报表" in notice


def test_a_lost_ledger_is_not_blamed_on_the_clerks(week: Office) -> None:
    week.send(figure(week, 12.5), "03.xlsx")
    shutil.rmtree(week.workspace.ledger)
    with pytest.raises(UsageProblem, match="请运行 tenproj rebuild 从存档重建，或从备份恢复"):
        ingest(week.workspace)
    assert (week.workspace.inbox / "03.xlsx").exists()


def test_every_file_is_kept_untouched_and_leaves_the_inbox(week: Office) -> None:
    good = week.send(figure(week, 12.5), "科技局/03.xlsx").read_bytes()
    bad = b"PK\x03\x04 but no workbook"
    put(week, "通知.xlsx", bad)
    (week.workspace.inbox / "~$03.xlsx").write_bytes(b"lock")
    result = ingest(week.workspace, PERIOD)
    assert [f.status for f in result.files if f.received.name == "通知.xlsx"] == [Status.REFUSED]
    for data in (good, bad):
        assert archived(week.workspace.archive, sha256(data)).read_bytes() == data
    assert result.passed_over == ("~$03.xlsx",)
    left = [p.name for p in week.workspace.inbox.rglob("*") if p.is_file()]
    assert left == ["~$03.xlsx"]


def test_one_bad_file_never_stops_the_others(week: Office) -> None:
    for code, form in week.forms.items():
        if form.recipient.involved:
            week.send(week.right(code), f"{code}.xlsx")
    broken = {
        "空.xlsx": b"",
        "坏.xlsx": b"PK\x03\x04",
        "文.docx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    }
    for name, data in broken.items():
        put(week, name, data)
    half = (week.workspace.inbox / "03.xlsx").read_bytes()
    put(week, "半.xlsx", half[: len(half) // 2])
    results = ingested(week)
    refused = {name for name, f in results.items() if f.status is Status.REFUSED}
    assert refused == {*broken, "半.xlsx"}
    assert all(f.status is Status.ACCEPTED for name, f in results.items() if name not in refused)
    assert len({row.task_force for row in known(week).rows}) == 7


def test_a_week_at_the_end_of_the_calendar_stops_nobody(week: Office) -> None:
    form = week.right("03")
    cell = form.write("indicators", "Z03-04", data_period="9999年第52周")
    week.send(form, "03.xlsx")
    week.send(week.right("08"), "08.xlsx")
    results = ingested(week)
    (told,) = [f for f in results["03.xlsx"].findings if f.code is Code.NOT_PERIOD]
    assert (told.sheet, told.cell, told.value) == ("主要指标进度表", cell, "9999年第52周")
    assert results["08.xlsx"].status is Status.ACCEPTED


@pytest.mark.parametrize(
    ("period", "typed", "signed_on"),
    [
        ("2026-W53", "1月3日", "2027-01-03"),  # it ends on that day
        ("2026-W52", "1月4日", "2027-01-04"),  # late, after the end of the week
        ("2027-W02", "12月30日", "2026-12-30"),
    ],
)
def test_around_new_year_a_day_of_signing_without_a_year_is_the_one_near_the_period(
    tmp_path: Path, period: str, typed: str, signed_on: str
) -> None:
    office = sent_out(small_workspace(tmp_path / "w"), period)
    form = office.blank("01")
    form.fill_in({("tasks", "R01-01"): {"status": "序时推进", "progress": "施工"}})
    form.cover(**{**SIGNED, "signed_on": typed})
    office.send(form, "01.xlsx")
    (result,) = ingest(office.workspace, period).files
    told = [f for f in result.findings if f.value == typed]
    assert [f.code for f in told] == [Code.YEAR_GUESSED]
    assert f"已记为{signed_on}" in told[0].message


def test_a_refused_file_may_be_tried_again(week: Office) -> None:
    form = week.blank("03")
    form.cover(**SIGNED)
    data = week.send(form, "blank.xlsx").read_bytes()
    assert ingested(week)["blank.xlsx"].status is Status.REFUSED
    (week.workspace.inbox / "blank.xlsx").write_bytes(data)
    assert ingested(week)["blank.xlsx"].status is Status.REFUSED


# --- what may go wrong with a run


class PowerCutError(Exception):
    """Stands for whatever ends a run in the middle."""


def test_a_run_cut_off_before_its_commit_loses_and_doubles_nothing(
    week: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = figure(week, 12.5)
    form.write("issues", "+1", **ISSUE)
    data = week.send(form, "03.xlsx").read_bytes()
    rows = itertools.count()
    record = Ledger.record_row

    def cut_off(ledger: Ledger, row: Reported) -> None:
        if next(rows) == 1:
            raise PowerCutError
        record(ledger, row)

    monkeypatch.setattr(Ledger, "record_row", cut_off)
    with pytest.raises(PowerCutError):
        ingested(week)
    monkeypatch.undo()
    assert (week.workspace.inbox / "03.xlsx").read_bytes() == data
    assert archived(week.workspace.archive, sha256(data)).exists()
    assert (known(week).rows, receipts(week)) == ((), [])
    assert ingested(week)["03.xlsx"].status is Status.WITH_WARNINGS
    assert [row.code for row in known(week).rows] == ["Z03-04", "W03-2026-001"]
    assert len(receipts(week)) == 1


def test_a_run_cut_off_after_its_commit_doubles_nothing(
    week: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    week.send(figure(week, 12.5), "03.xlsx")
    unlink = Path.unlink

    def cut_off(path: Path, *, missing_ok: bool = False) -> None:
        if path.name == "03.xlsx":
            raise PowerCutError
        unlink(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", cut_off)
    with pytest.raises(PowerCutError):
        ingested(week)
    monkeypatch.undo()
    assert ingested(week) == {}  # it was recorded and answered
    assert [row.code for row in known(week).rows] == ["Z03-04"]
    assert list(week.workspace.inbox.iterdir()) == []


def test_a_second_run_at_the_same_time_waits_and_is_told_what_is_running(
    week: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "PATIENCE", 0.2)
    week.send(figure(week, 12.5))
    with (
        open_ledger(week.workspace.ledger, who="tenproj merge --period 2026-W48"),
        pytest.raises(
            EnvironmentProblem,
            match=r"上的 tenproj merge --period 2026-W48（.*开始） 还没有结束，这一次没有运行。",
        ),
    ):
        ingested(week)
    assert len(ingested(week)) == 1


def test_an_empty_inbox_is_no_fault(week: Office) -> None:
    assert ingested(week) == {}
    assert known(week).rows == ()


def test_nothing_in_the_ledger_is_ever_changed_or_deleted(week: Office) -> None:
    for number, hours in ((12.5, -5), (12.8, -4)):
        week.send(figure(week, number), f"{number}.xlsx", hours=hours)
        ingested(week)
    with sqlite3.connect(week.workspace.ledger / "台账.sqlite3") as database:
        kept = database.execute(
            "SELECT code, json_extract(payload, '$.values.value') FROM rows ORDER BY seq"
        ).fetchall()
    database.close()
    assert kept == [("Z03-04", 12.5), ("Z03-04", 12.8)]
