"""Recognition: rows are known by their tokens and columns by their codes or headers, whatever people do to a form.

Every form here is filled in rightly first; then it is read exactly as if nothing had been done to it, or the reason why
not is named.
"""

from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell import MergedCell
from openpyxl.workbook.defined_name import DefinedName

from tenproj_xl.app.check import check
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.initialise import initialise
from tenproj_xl.app.results import FileResult
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.cli.open_form import TABS
from tenproj_xl.core.answers import Nature
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import ErrorValue
from tenproj_xl.core.sheets import COVER, MACHINE_SHEET, TASKS
from tenproj_xl.core.tables import data_rows, locate
from tenproj_xl.model.statuses import Status
from tenproj_xl.recognition.claims import Claim, Owner, Sender, vote
from tenproj_xl.recognition.row_status import SheetStatus
from tests.conftest import EARLIER, PERIOD
from tests.core.test_catalogue import ISSUE
from tests.helpers.answers import SIGNED
from tests.helpers.filling import Filling, Office, sent_out

INDICATORS = TABS["indicators"]
Read = dict[tuple[str, str], dict[str, object]]


def judge(week: Office, form: Filling, folder: Path, name: str = "") -> FileResult:
    path = form.save(folder / "sent" / (name or form.name))
    return check(week.workspace, [path], week.period).files[0]


def read(result: FileResult) -> Read:
    """What was read of the accepted rows, by sheet and code."""
    assert result.judgement
    accepted = result.judgement.accepted
    return {
        (e.row.sheet.code, e.code): {f: v for f, v in e.inputs.items() if v is not None} for e in accepted
    }


def said(result: FileResult) -> list[tuple[Code, str, str]]:
    return [(f.code, f.sheet, f.cell) for f in result.findings]


def with_issues(week: Office, *descriptions: str) -> Office:
    """The week after one in which 03 brought up some issues."""
    form = week.right("03")
    for n, description in enumerate(descriptions, 1):
        form.write("issues", f"+{n}", **{**ISSUE, "description": description})
    week.send(form)
    ingest(week.workspace)
    return sent_out(week.workspace, "2026-W50")


def messages(result: FileResult) -> list[str]:
    return [f.message for f in result.findings]


# --- what makes no difference


def rows_were_sorted(form: Filling) -> None:
    form.reorder("tasks", reversed(form.codes("tasks")))
    form.reorder("indicators", ["Z03-05", "Z03-01", "Z03-04", "Z03-02", "Z03-06", "Z03-03"])


def columns_were_moved(form: Filling) -> None:
    form.move_column("indicators", "remark", before="code")
    form.move_column("indicators", "value", before="name")
    form.move_column("tasks", "status", before="remark")


def rows_were_inserted_above_the_header(form: Filling) -> None:
    form.insert_rows("indicators", 1, 3)
    form.put(INDICATORS, "B1", "区科技局关于报送第48期进度的函")


def blank_rows_were_inserted_among_the_rows(form: Filling) -> None:
    form.insert_rows("tasks", form.row("tasks", "R03-03"), 2)


def headers_were_renamed_a_little(form: Filling) -> None:
    form.rename_header("indicators", "value", "最新数值（亿元）")
    form.rename_header("tasks", "progress", "本期进展情况", codes_too=True)
    form.rename_header("tasks", "remark", "备  注", codes_too=True)


def the_row_of_field_codes_was_deleted(form: Filling) -> None:
    for sheet in TABS:
        form._grid(sheet).delete_rows(form.head(sheet))


def sheets_were_renamed(form: Filling) -> None:
    form.rename_sheet("indicators", "指标")
    form.rename_sheet("tasks", "Sheet2")


def sheets_were_put_in_another_order(form: Filling) -> None:
    form.book.move_sheet("问题销号进度表", -3)


def the_machines_sheet_was_deleted(form: Filling) -> None:
    form.delete_sheet(MACHINE_SHEET)


def the_keys_at_the_left_edge_were_deleted(form: Filling) -> None:
    for sheet in TABS:
        form.delete_column(sheet, "key")


def the_keys_among_the_inputs_were_deleted(form: Filling) -> None:
    for sheet in TABS:
        form.delete_column(sheet, "key2")


def keys_were_typed_in_small_letters_with_blanks(form: Filling) -> None:
    cell = form.at("tasks", "R03-01", "key")
    form.put(TASKS.name, cell, f" {str(form.tab('tasks')[cell].value).lower()} ")


def a_sheet_of_ones_own_was_added(form: Filling) -> None:
    own = form.book.create_sheet("测算底稿", 0)
    own.append(["指标名称", "最新数值", "备注"])
    own.append(["技术交易总额", 99, "测算"])


def a_few_rows_were_copied_to_a_sheet_of_notes(form: Filling) -> None:
    notes = form.book.create_sheet("底稿")
    for row in form.tab("tasks").iter_rows(min_row=6, max_row=7, values_only=True):
        notes.append([*row[:-2], "待核实"])


def a_sheet_was_copied_and_left_as_it_was(form: Filling) -> None:
    form.copy_sheet("indicators", "主要指标进度表 (2)")


def blank_rows_for_issues_were_deleted(form: Filling) -> None:
    form._grid("issues").delete_rows(form.row("issues", "+2"), 9)


CHANGES = [
    rows_were_sorted,
    columns_were_moved,
    rows_were_inserted_above_the_header,
    blank_rows_were_inserted_among_the_rows,
    headers_were_renamed_a_little,
    the_row_of_field_codes_was_deleted,
    sheets_were_renamed,
    sheets_were_put_in_another_order,
    the_machines_sheet_was_deleted,
    the_keys_at_the_left_edge_were_deleted,
    the_keys_among_the_inputs_were_deleted,
    keys_were_typed_in_small_letters_with_blanks,
    a_sheet_of_ones_own_was_added,
    a_few_rows_were_copied_to_a_sheet_of_notes,
    a_sheet_was_copied_and_left_as_it_was,
    blank_rows_for_issues_were_deleted,
]
OF_ONES_OWN: dict[Callable[[Filling], None], str] = {
    a_sheet_of_ones_own_was_added: "测算底稿",
    a_few_rows_were_copied_to_a_sheet_of_notes: "底稿",
}
"""Sheets with figures that are not counted, which is asked about."""


@pytest.fixture(scope="module")
def changed(later: Office, tmp_path_factory: pytest.TempPathFactory) -> dict[str, FileResult]:
    """What was read of each changed form, all in one run, and of one that was not changed."""
    folder = tmp_path_factory.mktemp("changed")
    later.right("03").save(folder / "plain")
    for change in CHANGES:
        form = later.right("03")
        change(form)
        form.save(folder / change.__name__)
    return {f.received.name: f for f in check(later.workspace, list(folder.iterdir()), PERIOD).files}


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_form_reads_the_same_though(
    change: Callable[[Filling], None], changed: dict[str, FileResult]
) -> None:
    plain, result = read(changed["plain"]), changed[change.__name__]
    if own := OF_ONES_OWN.get(change):
        assert said(result) == [(Code.OUTSIDE_CELLS, own, "")]
    else:
        assert (said(result), result.status) == ([], Status.ACCEPTED)
    assert read(result) == plain
    assert plain["indicators", "Z03-05"] == {
        "data_period": "2026-Q3",
        "value": 5978.0,
        "nature": Nature.REPORTED,
    }


@pytest.mark.parametrize(
    "name", ["区科技局(最终版)(1).xlsx", "03.XLSX", "新建 Microsoft Excel 工作表.xlsx", "无后缀"]
)
def test_the_name_of_the_file_does_not_matter(name: str, later: Office, tmp_path: Path) -> None:
    result = judge(later, later.right("03"), tmp_path, name)
    assert (result.task_force, result.period, result.status) == ("03", PERIOD, Status.ACCEPTED)


def test_addresses_are_those_of_the_file_that_was_sent(later: Office, tmp_path: Path) -> None:
    form = later.right("03")
    rows_were_sorted(form)
    columns_were_moved(form)
    rows_were_inserted_above_the_header(form)
    form.put(INDICATORS, "E10", "增长较快")  # the third row is now the tenth, the value the fifth column
    result = judge(later, form, tmp_path)
    assert said(result) == [(Code.NOT_NUMBER, INDICATORS, "E10")]
    assert result.findings[0].message.startswith("第10行“技术交易总额”：填了“增长较快”")


# --- what is named


def test_a_column_the_office_fills_may_be_gone_with_a_word_of_it(later: Office, tmp_path: Path) -> None:
    form = later.right("03")
    form.delete_column("indicators", "basis")
    result = judge(later, form, tmp_path)
    assert said(result) == [(Code.COLUMN_MISSING, INDICATORS, "")]
    assert result.findings[0].message == "缺少“统计口径”列，其余内容已照常读取，以后请勿删除列。"
    assert result.status is Status.WITH_WARNINGS
    assert ("indicators", "Z03-04") in read(result)


def test_of_a_sheet_that_is_not_taken_in_nothing_is_said_to_have_been_read(
    later: Office, tmp_path: Path
) -> None:
    form = later.right("03")
    form.delete_column("tasks", "remark", "due_on")
    result = judge(later, form, tmp_path)
    assert [f.message for f in result.findings] == [
        "缺少“备注”列，这张表未接收，请把数据填入完整的填报表后重新发送。"
    ]


def test_a_header_beyond_recognition_counts_as_missing(later: Office, tmp_path: Path) -> None:
    form = later.right("03")
    form.rename_header("tasks", "progress", "干得怎么样", codes_too=True)
    result = judge(later, form, tmp_path)
    assert said(result) == [(Code.COLUMN_MISSING, TASKS.name, "")]
    assert "“本期进展”" in result.findings[0].message


def test_a_header_that_may_be_the_missing_one_is_named_with_its_cell(later: Office, tmp_path: Path) -> None:
    form = later.right("03")
    form.rename_header("indicators", "value", "最新数值（亿元）", codes_too=True)
    form.rename_header("indicators", "lag_reason", "为什么", codes_too=True)
    (said,) = messages(judge(later, form, tmp_path))
    assert said.startswith("缺少“最新数值”、“滞后原因”列，这张表未接收，请把数据填入完整的填报表后重新发送")
    assert said.endswith("；K4“最新数值（亿元）”如就是“最新数值”，把表头改回即可。")


@pytest.mark.provokes(Code.KEYS_LOST)
def test_where_both_keys_are_gone_rows_are_known_by_their_codes(later: Office, tmp_path: Path) -> None:
    form = later.right("03")
    form.delete_column("tasks", "key", "key2")
    result = judge(later, form, tmp_path)
    assert said(result) == [(Code.KEYS_LOST, TASKS.name, "")]
    assert result.judgement is not None
    codes = [e.code for e in result.judgement.accepted if e.row.sheet.code == "tasks"]
    assert codes == [r.code for r in later.forms["03"].part("tasks").rows]


def test_a_form_without_any_key_or_machine_sheet_under_another_name_is_still_known(
    later: Office, tmp_path: Path
) -> None:
    form = later.right("03")
    for sheet in ("indicators", "tasks", "issues"):
        form.delete_column(sheet, "key", "key2")
    form.delete_sheet("系统信息")
    form.name = "最终版.xlsx"
    result = judge(later, form, tmp_path)
    assert {f.code for f in result.findings} == {Code.KEYS_LOST}
    assert (result.task_force, result.period) == ("03", "2026-W48")


@pytest.mark.parametrize("left", ["name", "line"])
def test_one_channel_alone_tells_whose_a_form_without_keys_is(
    later: Office, tmp_path: Path, left: str
) -> None:
    form = later.right("03")
    line = [str(cell.value) for cell in form.tab("tasks")[2] if cell.value][-1]
    form.forget_whose_it_is()
    form.name = "最终版.xlsx"
    if left == "name":
        form.book.defined_names["本表"] = DefinedName("本表", attr_text=f'"{line}"')
    else:
        form.tab("tasks")["B2"] = line
    result = judge(later, form, tmp_path)
    assert {f.code for f in result.findings} == {Code.KEYS_LOST}
    assert (result.task_force, result.period) == ("03", PERIOD)


def test_a_form_that_comes_from_another_units_folder_is_asked_about(later_week: Office) -> None:
    later_week.send(later_week.right("03"), "区科技局/03.xlsx")
    later_week.send(later_week.right("02"), "区科技局/02.xlsx")
    other, own = sorted(ingest(later_week.workspace, PERIOD).files, key=lambda f: f.received.name)
    assert said(own) == []
    (asked,) = messages(other)
    assert asked == (
        "所在文件夹是区科技局的，表内其他各处是2026年第48期（11月23日—29日）02专班的，"
        "已按2026年第48期（11月23日—29日）02专班接收，请核对。"
    )


def test_who_sent_a_form_decides_between_channels_that_disagree() -> None:
    line, about = Owner(PERIOD, "03"), Owner(PERIOD, "02")
    said = [Claim("标识行", "GS10", line, "b52abf41"), Claim("文档属性", "GS10", about, "b52abf41")]
    assert vote(said, "GS10") == line  # the more reliable one
    assert vote(said, "GS10", Sender("发件人", "区民政局", frozenset({"02", "10"}))) == about
    assert vote(said, "GS10", Sender("发件人", "区住建局", frozenset({"05"}))) == line


def test_a_form_that_another_unit_mailed_is_asked_about(later: Office, tmp_path: Path) -> None:
    def mailed(sender: str) -> list[str]:
        mail = EmailMessage()
        mail["From"], mail["Date"] = sender, "Fri, 27 Nov 2026 09:30:00 +0800"
        form = later.right("02")
        mail.add_attachment(form.data, "application", "octet-stream", filename=form.name)
        path = tmp_path / "上报.eml"
        path.write_bytes(mail.as_bytes())
        return messages(check(later.workspace, [path], PERIOD).files[0])

    (asked,) = mailed("区科技局 李四 <kjj@gongshu.example>")
    assert asked.startswith("发件人是区科技局的，表内其他各处是2026年第48期（11月23日—29日）02专班的")
    assert mailed("李四 <lisi@gongshu.example>") == []
    assert mailed("区发改经信局 <zb@gongshu.example>") == []  # the office itself, which passes on what it got


def pasted_rows(form: Filling, sheet: str, first: str, last: str) -> Filling:
    """Only the rows, copied from a column to another and pasted into a new workbook."""
    tab, left, right = form.tab(sheet), form.column(sheet, first), form.column(sheet, last)
    rows = tab.iter_rows(form.head(sheet) + 2, tab.max_row, left, right, values_only=True)
    form.book = Workbook()
    for row in rows:
        form.book.worksheets[0].append(row)
    return form


@pytest.mark.provokes(Code.HEADER_LOST)
def test_rows_pasted_without_their_header_are_known_by_what_is_printed_in_them(
    later: Office, tmp_path: Path
) -> None:
    form = later.right("03")
    form.write("tasks", "R03-01", remark="快报数", verification="数据来自月报")
    plain = read(judge(later, form, tmp_path))
    result = judge(later, pasted_rows(form, "tasks", "code", "due_on"), tmp_path)
    assert said(result) == [
        (Code.SHEET_MISSING, INDICATORS, ""),
        (Code.SHEET_MISSING, TABS["issues"], ""),
        (Code.HEADER_LOST, "Sheet", ""),
        (Code.SHEET_MISSING, COVER.name, ""),
    ]
    assert result.findings[2].message == "这些行没有带表头，已按锁定的内容认出各列，请核对。"
    assert read(result) == {row: values for row, values in plain.items() if row[0] == "tasks"}
    assert len(read(result)) == 4


def test_rows_pasted_without_their_header_as_far_as_somewhere_are_not_taken_in(
    later: Office, tmp_path: Path
) -> None:
    form = later.right("03")
    form.write("tasks", "R03-01", site_progress="主体施工")
    form = pasted_rows(form, "tasks", "name", "site_progress")
    result = judge(later, form, tmp_path)
    assert (
        "缺少“责任人”、“备注”、“核实说明”列，这张表未接收，请把数据填入完整的填报表后重新发送。"
        in messages(result)
    )
    assert read(result) == {}


def test_rows_pasted_without_anything_that_tells_their_columns_are_asked_for_again(
    later: Office, tmp_path: Path
) -> None:
    form = pasted_rows(later.right("03"), "tasks", "milestone_done", "key2")
    result = judge(later, form, tmp_path)
    assert "这些行没有带表头，认不出各列，未接收；请连同表头一起复制，或发送整个填报表。" in messages(result)
    assert (Code.SHEET_MISSING, TASKS.name, "") not in said(result)


def test_a_sheet_whose_columns_nobody_can_tell_is_asked_for_again_beside_right_ones(
    later: Office, tmp_path: Path
) -> None:
    form = later.right("03")
    aside = form.book.create_sheet("转置")
    for row in form.tab("tasks").iter_rows():
        for cell in row:
            aside.cell(cell.column or 1, cell.row or 1).value = cell.value
    form.delete_sheet("tasks")
    result = judge(later, form, tmp_path)
    assert said(result) == [(Code.HEADER_LOST, "转置", "")]
    assert result.status is Status.TO_CORRECT


@pytest.mark.provokes(Code.CHANNELS_DISAGREE)
def test_a_file_named_like_another_form_is_read_by_its_keys_and_asked_about(
    later: Office, tmp_path: Path
) -> None:
    form = later.right("03")
    form.name = "08_区文广旅体局_2026年第48期填报表.xlsx"
    result = judge(later, form, tmp_path)
    week_48 = "2026年第48期（11月23日—29日）"
    message = f"文件名是{week_48}08专班的，表内其他各处是{week_48}03专班的，已按{week_48}03专班接收，请核对。"
    assert [f.message for f in result.findings] == [message]
    assert result.task_force == "03"


def test_figures_pasted_one_row_too_low_are_taken_for_nobodys(later: Office, tmp_path: Path) -> None:
    form = later.right("03")
    form.shift_down("indicators", ["data_period", "value", "nature"])
    result = judge(later, form, tmp_path)
    assert said(result) == [(Code.ROWS_SHIFTED, INDICATORS, "B5")]
    assert "第5、6、7、8、9行等8行" in result.findings[0].message
    assert not [row for row in read(result) if row[0] == "indicators"]


def test_answers_pasted_two_rows_too_low_are_known_too(later: Office, tmp_path: Path) -> None:
    form = later.right("03")
    for _ in range(2):
        form.shift_down("tasks", ["status", "progress"])
    assert said(judge(later, form, tmp_path)) == [(Code.ROWS_SHIFTED, TASKS.name, "B5")]


def test_words_on_old_issues_pasted_one_row_too_low_are_known_by_the_first_blank_row(
    later_week: Office, tmp_path: Path
) -> None:
    week = with_issues(later_week, "用地指标未落实", "用能指标有缺口", "专项资金未到位")
    form = week.right("03")
    form.shift_down("issues", ["status", "progress"])
    result = judge(week, form, tmp_path)
    assert said(result) == [(Code.ROWS_SHIFTED, TABS["issues"], "B5")]
    assert "第5、6、7、8行" in result.findings[0].message


def paste(form: Filling, sheet: str, row: str, field: str, block: list[list[object]]) -> None:
    """Paste a block with its upper left cell somewhere on an unprotected sheet; hidden columns are hit as well."""
    top, left = form.row(sheet, row), form.column(sheet, field)
    for r, values in enumerate(block):
        for c, value in enumerate(values):
            form.tab(sheet).cell(top + r, left + c).value = value  # type: ignore[assignment]  # any value


def test_a_block_pasted_across_the_hidden_key_shifts_nothing_and_is_seen(
    later: Office, tmp_path: Path
) -> None:
    form = later.right("03")
    seen: list[object] = ["未完成", None, 2.5, 1.25]  # as far as 进度评价, from a table without our key
    paste(form, "tasks", "R03-01", "milestone_done", [seen, [*seen[:2], None, 1.5]])
    result = judge(later, form, tmp_path)
    assert said(result) == [(Code.KEYS_DISAGREE, TASKS.name, "B5")]
    assert "第5、6行" in result.findings[0].message
    assert [row for row in read(result) if row[0] == "tasks"] == [("tasks", "R03-03"), ("tasks", "R03-04")]


def test_a_block_pasted_across_the_hidden_key_into_the_locked_cell_behind_it_is_nobodys(
    later: Office, tmp_path: Path
) -> None:
    form = later.right("03")
    paste(form, "tasks", "R03-01", "milestone_done", [["未完成", None, None, 1.25]])
    assert said(judge(later, form, tmp_path)) == [(Code.KEYS_DISAGREE, TASKS.name, "B5")]


def test_names_and_words_of_another_task_forces_rows_pasted_over_ones_own_are_nobodys(
    week: Office, tmp_path: Path
) -> None:
    form, other = week.right("09"), week.right("10")
    for mine, theirs in (("R09-01", "R10-01"), ("R09-02", "R10-02")):
        name = other.value("tasks", theirs, "name")
        form.write("tasks", mine, name=name, status="序时推进", progress="新增托位20个")
    result = judge(week, form, tmp_path)
    assert said(result) == [(Code.KEYS_DISAGREE, TASKS.name, "B5")]
    assert "第5、6行" in result.findings[0].message
    rows = {code for sheet, code in read(result) if sheet == "tasks"}
    assert rows.isdisjoint({"R09-01", "R09-02"})
    assert "R09-03" in rows


def test_a_name_in_other_words_is_still_ones_own_row(week: Office, tmp_path: Path) -> None:
    form = week.right("09")
    form.write("tasks", "R09-01", name=f"{form.value('tasks', 'R09-01', 'name')}（重点）")
    result = judge(week, form, tmp_path)
    assert [f.code for f in result.findings] == [Code.OFFICE_EDITED]
    assert ("tasks", "R09-01") in read(result)


def test_a_key_among_the_inputs_that_was_wiped_out_with_them_costs_nothing(
    later: Office, tmp_path: Path
) -> None:
    form = later.right("03")
    form.write("tasks", "R03-01", key2=None)
    assert said(judge(later, form, tmp_path)) == []


# --- what is known of it all the same


def verdict(result: FileResult, sheet: str) -> SheetStatus:
    assert result.judgement
    return next(v for v in result.judgement.source.statuses if v.sheet.code == sheet)


def test_what_reads_the_same_has_its_verdict_all_the_same(later: Office, tmp_path: Path) -> None:
    form = later.right("03")
    form.reorder("tasks", ["R03-02", "R03-03", "R03-04", "R03-01"])
    form.move_column("tasks", "remark", before="status")
    form.rename_header("tasks", "progress", "本期进展情况", codes_too=True)
    form._grid("tasks").insert_cols(form.column("tasks", "name"))
    result = judge(later, form, tmp_path)
    found = verdict(result, "tasks")
    assert said(result) == []
    assert {v.code: v.state for v in found.rows} == {
        "R03-02": "ok",
        "R03-03": "ok",
        "R03-04": "ok",
        "R03-01": "moved",
    }
    assert [
        (v.state, v.column and v.column.header, v.header, v.cell) for v in found.columns if v.state != "ok"
    ] == [
        ("inserted", None, "", "D4"),
        ("moved", "备注", "备注", "M4"),
        ("renamed", "本期进展", "本期进展情况", "O4"),
    ]


def test_a_template_in_another_order_makes_no_column_a_moved_one(week: Office, tmp_path: Path) -> None:
    template = load_workbook(week.workspace.template)
    tab = template[TASKS.name]
    head = next(row for row in tab.iter_rows() if row[0].value == "字段代码")
    one, other = ([c.value for c in head].index(name) + 1 for name in ("lead_unit", "responsible_units"))
    for n in range(tab.min_row, tab.max_row + 1):
        left, right = tab.cell(n, one), tab.cell(n, other)
        if not {type(left), type(right)} & {MergedCell}:
            left.value, right.value = right.value, left.value
    template.save(week.workspace.template)
    again = sent_out(week.workspace, "2026-W49")
    form = again.right("03")
    assert form.column("tasks", "lead_unit") > form.column("tasks", "responsible_units")
    assert {v.state for v in verdict(judge(again, form, tmp_path), "tasks").columns} == {"ok"}


def test_a_locked_cell_that_was_typed_over_is_named_with_what_stood_there(
    later: Office, tmp_path: Path
) -> None:
    form = later.right("03")
    name = form.value("indicators", "Z03-05", "name")
    cell = form.write("indicators", "Z03-05", name="全社会研发投入")
    found = verdict(judge(later, form, tmp_path), "indicators")
    edits = [(v.code, e.column.header, e.cell, e.printed, e.found) for v in found.rows for e in v.edits]
    assert edits == [("Z03-05", "指标名称", cell, name, "全社会研发投入")]


def test_a_first_row_left_blank_is_no_block_pasted_too_low(later: Office, tmp_path: Path) -> None:
    form = later.right("03")
    form.write("tasks", "R03-01", status=None, progress=None)
    row = form.append("tasks", name="新增任务", status="序时推进", progress="已启动")
    said_of = said(judge(later, form, tmp_path))
    assert said_of == [(Code.ROW_UNKNOWN, TASKS.name, f"B{row}"), (Code.TASK_SILENT, TASKS.name, "")]


def test_an_answer_below_the_table_alone_is_no_block_pasted_too_low(later: Office, tmp_path: Path) -> None:
    form = later.right("03")
    row = form.append("tasks", status="序时推进", progress="已启动")
    assert said(judge(later, form, tmp_path)) == [(Code.ROW_UNKNOWN, TASKS.name, f"B{row}")]


@pytest.mark.parametrize(
    "note",
    [
        "注：技术交易总额为快报数",
        "注1：快报数",
        "说明:以上为快报数",
        "备注：快报数",
        "合 计",
        "小计",
        "总计：",
        "全区合计（6项）",
    ],
)
def test_a_total_or_a_note_below_the_table_is_only_mentioned(
    note: str, later: Office, tmp_path: Path
) -> None:
    form = later.right("03")
    row = form.append("indicators", code=note, value=5978.0)
    result = judge(later, form, tmp_path)
    assert said(result) == [(Code.ROW_NOTE, INDICATORS, f"B{row}")]
    assert result.status is Status.WITH_WARNINGS


@pytest.mark.parametrize("hidden_codes_too", [True, False])
def test_a_header_copied_below_the_table_hides_no_row(
    *, hidden_codes_too: bool, later: Office, tmp_path: Path
) -> None:
    whole = read(judge(later, later.right("03"), tmp_path))
    form = later.right("03")
    tab, head = form.tab("indicators"), form.head("indicators")
    last = tab.max_row
    for n in range(0 if hidden_codes_too else 1, 2):
        tab.append([cell.value for cell in tab[head + n]])
    result = judge(later, form, tmp_path)
    first = form.tab("indicators").cell(last + 1, form.column("indicators", "code")).coordinate
    assert said(result)[0] == (Code.ROW_NOTE, INDICATORS, first)
    assert {code for code, _, _ in said(result)} == {Code.ROW_NOTE}
    assert read(result) == whole


def test_last_weeks_table_pasted_below_this_weeks_header_and_all_hides_no_row(
    later: Office, tmp_path: Path
) -> None:
    whole = read(judge(later, later.right("03"), tmp_path))
    form = later.right("03")
    old = Filling(next((later.workspace.outbox / EARLIER / "填报表").glob("03_*.xlsx")))
    for cells in old.tab("tasks").iter_rows(min_row=old.head("tasks"), values_only=True):
        form.tab("tasks").append(cells)
    result = judge(later, form, tmp_path)
    assert {code for code, _, _ in said(result)} == {Code.ROW_NOTE, Code.ROW_FOREIGN}
    assert read(result) == whole


@pytest.mark.parametrize("description", ["说明书未批复", "合计缺口3亿元", "小计量器具停产"])
def test_an_issue_that_only_begins_like_a_total_is_an_issue(
    description: str, later: Office, tmp_path: Path
) -> None:
    form = later.right("03")
    row = form.append("issues", **{**ISSUE, "description": description})
    assert said(judge(later, form, tmp_path)) == [(Code.ROW_NEW, TABS["issues"], f"B{row}")]


def test_a_cover_of_another_task_force_is_asked_about(later: Office, tmp_path: Path) -> None:
    form = later.right("03")
    form.bring(later.right("04"), "填报说明")
    result = judge(later, form, tmp_path)
    (message,) = [f.message for f in result.findings if f.code is Code.CHANNELS_DISAGREE]
    week_48 = "2026年第48期（11月23日—29日）"
    assert message.startswith(f"“填报说明”是{week_48}04专班的，表内其他各处是{week_48}03专班的")
    assert result.status is Status.WITH_WARNINGS


def test_a_second_sheet_of_another_week_is_only_mentioned(later: Office, tmp_path: Path) -> None:
    form = later.right("03")
    folder = later.workspace.outbox / EARLIER / "填报表"
    form.bring(Filling(next(folder.glob("03_*.xlsx"))), "tasks", "上期任务")
    result = judge(later, form, tmp_path)
    assert said(result) == [(Code.SHEET_FOREIGN, "上期任务", "")]
    assert result.status is Status.WITH_WARNINGS
    assert ("tasks", "R03-01") in read(result)


def test_two_task_forces_in_one_book_are_told_apart_sheet_by_sheet(later: Office, tmp_path: Path) -> None:
    form = later.right("03")
    form.bring(later.right("08"), "issues", "08问题")
    form.bring(later.right("08"), "tasks", "08任务")
    result = judge(later, form, tmp_path)
    week_48 = "2026年第48期（11月23日—29日）"
    assert said(result) == [(Code.SHEET_FOREIGN, "08任务", ""), (Code.SHEET_FOREIGN, "08问题", "")]
    assert [f.is_error for f in result.findings] == [True, False]  # nothing is written on the sheet of issues
    assert result.findings[0].message == (
        f"这张工作表是{week_48}08专班的，不是{week_48}03专班的，未接收；如系放错，请换回下发的那一张。"
    )
    assert result.task_force == "03"
    assert ("tasks", "R03-01") in read(result)


def test_rows_under_the_header_of_another_sheet_are_told_by_the_sheets_and_not_by_one_name_twice(
    later: Office, tmp_path: Path
) -> None:
    form = later.right("03")
    indicators = form.tab("indicators")
    first = form.head("indicators") + 1
    for row in indicators.iter_rows(min_row=first):
        for cell in row:
            cell.value = None
    rows = form.tab("tasks").iter_rows(min_row=form.head("tasks") + 1, values_only=True)
    for n, cells in enumerate(rows, first):
        for column, value in enumerate(cells, 1):
            if value is not None:
                indicators.cell(n, column).value = value
    result = judge(later, form, tmp_path)
    (found,) = [f for f in result.findings if f.code is Code.SHEET_FOREIGN]
    form_03 = "2026年第48期（11月23日—29日）03专班"
    assert found.message == (
        f"这张工作表是{form_03}“{TASKS.name}”的，不是{form_03}“{TABS['indicators']}”的，未接收；"
        "如系放错，请换回下发的那一张。"
    )


def test_of_a_form_of_a_programme_of_the_same_name_the_codes_are_told(later: Office, tmp_path: Path) -> None:
    other = Workspace(tmp_path / "other")
    initialise(other)
    plan = load_workbook(other.plan)
    for row in plan["方案"].iter_rows():
        if row[0].value == "方案代码":
            row[1].value = "GS99"
    plan.save(other.plan)
    result = judge(later, sent_out(other, PERIOD).right("03"), tmp_path)
    (found,) = result.findings
    title = "拱墅区“十项重大工程”"
    assert found.code is Code.OTHER_PROGRAMME
    assert found.message == f"这是{title}（GS99）的填报表，不属于{title}（GS10），请核对后发送。"


def test_a_book_put_together_from_two_forms_is_that_of_most_sheets(later: Office, tmp_path: Path) -> None:
    form = later.right("03")
    form.bring(later.right("08"), "tasks")
    result = judge(later, form, tmp_path)
    assert [(code, sheet) for code, sheet, _ in said(result)] == [(Code.SHEET_FOREIGN, TASKS.name)]
    assert (result.task_force, result.status) == ("03", Status.TO_CORRECT)
    assert {row[0] for row in read(result)} == {"indicators"}


def test_sheets_moved_into_a_book_of_ones_own_are_read_there(later: Office, tmp_path: Path) -> None:
    form, own = later.right("03"), later.blank("03")
    plain = read(judge(later, form, tmp_path))
    own.book = Workbook()
    own.book.worksheets[0].title = "各单位汇总"
    for sheet in TABS:
        own.bring(form, sheet, f"3号专班{sheet}")
    result = judge(later, own, tmp_path, "全区汇总.xlsx")
    assert said(result) == [(Code.SHEET_MISSING, COVER.name, "")]
    assert (result.task_force, result.period, read(result)) == ("03", PERIOD, plain)


def test_last_weeks_sheet_under_the_right_name_does_not_hide_this_weeks(
    later: Office, tmp_path: Path
) -> None:
    form = later.right("03")
    form.rename_sheet("tasks", "重点任务（本期）")
    folder = later.workspace.outbox / EARLIER / "填报表"
    form.bring(Filling(next(folder.glob("03_*.xlsx"))), "tasks", TASKS.name)
    result = judge(later, form, tmp_path)
    assert said(result) == [(Code.SHEET_FOREIGN, TASKS.name, "")]
    assert ("tasks", "R03-01") in read(result)


@pytest.mark.parametrize("pasted", [["indicators"], ["tasks"], ["issues"], ["tasks", "issues"]])
def test_last_weeks_sheet_pasted_into_this_weeks_book_leaves_the_book_this_weeks(
    pasted: list[str], later: Office, tmp_path: Path
) -> None:
    form = later.right("03")
    folder = later.workspace.outbox / EARLIER / "填报表"
    for sheet in pasted:
        form.bring(Filling(next(folder.glob("03_*.xlsx"))), sheet)
    result = judge(later, form, tmp_path)
    assert result.period == PERIOD
    assert [(code, tab) for code, tab, _ in said(result)] == [
        (Code.SHEET_FOREIGN, TABS[sheet]) for sheet in pasted
    ]
    assert not {sheet for sheet, _ in read(result)} & set(pasted)
    kept = {"indicators", "tasks"} - set(pasted)
    assert kept <= {sheet for sheet, _ in read(result)}


def test_the_cover_may_be_gone_with_a_word_of_it(later: Office, tmp_path: Path) -> None:
    form = later.right("03")
    form.delete_sheet(COVER.name)
    result = judge(later, form, tmp_path)
    assert said(result) == [(Code.SHEET_MISSING, COVER.name, "")]
    assert result.status is Status.WITH_WARNINGS


def test_all_faults_of_a_return_are_named_at_once(later: Office, tmp_path: Path) -> None:
    form = later.right("03")
    form.delete_sheet("issues")
    form.write("tasks", "R03-02", status="基本完成")
    form.write("indicators", "Z03-04", value="很多", nature="估计")
    form.cover(phone=None)
    assert said(judge(later, form, tmp_path)) == [
        (Code.NOT_NUMBER, INDICATORS, "K7"),
        (Code.NOT_CHOICE, INDICATORS, "L7"),
        (Code.NOT_CHOICE, TASKS.name, "L6"),
        (Code.SHEET_MISSING, TABS["issues"], ""),
        (Code.COVER_BLANK, COVER.name, "C19"),
    ]


# --- whose it is


def test_a_task_force_that_owes_nothing_may_send_its_form_back_blank(later: Office, tmp_path: Path) -> None:
    form = later.blank("06")
    form.cover(**SIGNED)
    result = judge(later, form, tmp_path)
    assert (result.status, said(result)) == (Status.ACCEPTED, [])


def test_a_unit_may_go_by_its_short_or_its_present_name(later: Office, tmp_path: Path) -> None:
    form = later.right("08")
    form.cover(unit="  区文广旅体局 ")
    assert judge(later, form, tmp_path).status is Status.ACCEPTED


def test_a_unit_that_nobody_knows_is_let_through(later: Office, tmp_path: Path) -> None:
    form = later.right("08")
    form.cover(unit="区文广旅体局文化科")
    assert judge(later, form, tmp_path).status is Status.ACCEPTED


# --- tables inside sheets


def test_the_header_is_found_by_its_names_and_the_rows_are_those_below() -> None:
    rows = (
        (None, "某区重点任务", None, None),
        ("序号", "任务编号", "重点任务", "本期进展"),
        (1, "R03-01", "一", ErrorValue("#N/A")),
        (None, None, None, None),
        (2, "R03-02", "二", None),
    )
    sheet = TASKS.__class__(
        TASKS.code, TASKS.name, tuple(TASKS.column(f) for f in ("code", "name", "progress"))
    )
    layout = locate(rows, sheet)
    assert layout is not None
    assert (layout.first, layout.positions) == (2, {"code": 1, "name": 2, "progress": 3})
    assert [(r.index, r.address("progress")) for r in data_rows(rows, layout)] == [(2, "D3"), (4, "D5")]


def test_a_sheet_without_a_header_is_no_table() -> None:
    assert locate(((None,), ("通讯录", "电话")), TASKS) is None
    assert locate((), TASKS) is None
