"""Supervision slips: listed, chosen, issued once, numbered in a row, closed, and shown in the roll-up."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from tenproj_xl.app import supervise
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.merge import merge
from tenproj_xl.cli.main import main
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.core.periods import parse_period
from tenproj_xl.core.texts import text_of
from tenproj_xl.ledger.store import open_ledger
from tenproj_xl.model.duties import Duty
from tenproj_xl.model.slips import Level, Register, Slip
from tenproj_xl.office.slip_pages import write_slips  # loads XlsxWriter
from tests.helpers import oldxls, rollup_reading
from tests.helpers.filling import Office, sent_out
from tests.helpers.libreoffice import to_pngs
from tests.helpers.plan_book import plan_book
from tests.helpers.programs import need

REPLY = date(2026, 12, 6)


def listed(office: Office) -> Path:
    return supervise.list_items(office.workspace, office.period, force=True).written


def choose(
    path: Path, marks: Mapping[str, Mapping[str, object]], sheet: str = "督办事项选择", key: str = "编号"
) -> Path:
    """Fill in the workbook as the operator does: by the code of the row and the header of the column."""
    book = load_workbook(path)
    page = book[sheet]
    assert isinstance(page, Worksheet)
    head = {str(cell.value): n for n, cell in enumerate(page[2], 1)}
    rows = {str(page.cell(n, head[key]).value): n for n in range(3, page.max_row + 1)}
    for code, values in marks.items():
        for header, value in values.items():
            page.cell(rows[code], head[header]).value = value  # type: ignore[assignment]  # whatever a person types
    book.save(path)
    return path


def register(office: Office) -> Register:
    with open_ledger(office.workspace.ledger, who="tests") as ledger:
        return ledger.register()


def test_the_list_to_choose_from_is_the_supervision_list(behind: Office) -> None:
    done = supervise.list_items(behind.workspace, behind.period)
    rows = rollup_reading.table(done.written, "督办事项选择")
    rollup = rollup_reading.table(merge(behind.workspace, behind.period).rollup, "督办清单")
    assert rows["编号"].tolist() == rollup["编号"].tolist()
    assert done.items == len(rows) > 1
    lag = rows[rows["编号"] == "R03-01"].iloc[0]
    assert (lag["级别"], lag["单位自述的原因、进展"], lag["反馈时限"]) == ("黄催办", "资金未到位", REPLY)
    assert (lag["是否督办"], lag["在办督办单"]) == ("", "")


def test_a_list_that_was_filled_in_is_not_overwritten(behind: Office) -> None:
    path = choose(listed(behind), {"R03-01": {"是否督办": "是", "签发人": "王五"}})
    before = path.read_bytes()
    with pytest.raises(UsageProblem, match="选择表已经有了，未作改动"):
        supervise.list_items(behind.workspace, behind.period)
    assert path.read_bytes() == before


def test_another_workbook_is_no_list(behind: Office) -> None:
    with pytest.raises(
        UsageProblem, match=r"“设置\.xlsx”不是督办事项选择表，请填写 tenproj supervise 生成的那一份。"
    ):
        supervise.issue(behind.workspace, behind.workspace.settings)


def test_a_list_in_the_inbox_is_not_taken_in_and_stays_there(behind: Office) -> None:
    path = listed(behind).rename(behind.workspace.inbox / "选好了.xlsx")
    (result,) = ingest(behind.workspace).files
    assert [f.message for f in result.findings] == [
        "这是督办事项选择表，不作为回表收取，仍留在收件夹；请移到别处，再运行 tenproj supervise 文件名 录入。"
    ]
    assert (result.needs_a_person, result.letter, path.exists()) == (True, None, True)


def test_a_list_that_was_saved_as_xls_counts_as_well(behind: Office, tmp_path: Path) -> None:
    path = choose(listed(behind), {"R03-01": {"是否督办": "是", "签发人": "王五"}})
    sheets = {
        page.title: [
            oldxls.text(cell.row - 1, cell.column - 1, text_of(cell.value))
            for line in page.iter_rows()
            for cell in line
            if cell.value is not None
        ]
        for page in load_workbook(path).worksheets
    }
    saved = tmp_path / "选好了.xls"
    saved.write_bytes(oldxls.xls(list(sheets.values()), list(sheets)))
    issued = supervise.issue(behind.workspace, saved)
    assert [(s.code, s.reply_by, s.signer) for s in issued.slips] == [("R03-01", REPLY, "王五")]


@pytest.mark.clock
def test_a_slip_is_made_for_each_chosen_item(behind: Office) -> None:
    marks = {code: {"是否督办": "是", "签发人": "王五"} for code in ("R03-01", "R03-02")}
    issued = supervise.issue(behind.workspace, choose(listed(behind), marks))
    year = issued.slips[0].issued_on.year
    assert [(s.label, s.code, s.reply_by, s.signer) for s in issued.slips] == [
        (f"〔{year}〕1号", "R03-01", REPLY, "王五"),
        (f"〔{year}〕2号", "R03-02", REPLY, "王五"),
    ]
    assert issued.written
    assert issued.written.name == f"督办单_{year}年1—2号.xlsx"
    book = load_workbook(issued.written)
    assert book.sheetnames == [f"〔{year}〕1号", f"〔{year}〕2号", "督办台账"]
    page = book[f"〔{year}〕1号"]
    said = {str(page.cell(n, 1).value).replace("\n", ""): page.cell(n, 2).value for n in range(1, 20)}
    assert str(said["督办事项"]).startswith("R03-01　")
    assert said["目前情况"] == "截至2026年11月29日，滞后。\n单位自述：资金未到位"
    assert str(said["督办依据"]).startswith("《")
    assert said["反馈时限"] == "2026年12月6日"
    assert {"承办单位反　　馈", "办结情况"} <= set(said)
    assert (page.page_setup.paperSize, page.page_setup.orientation) == (9, "portrait")
    ledger = rollup_reading.table(issued.written, "督办台账", key="督办单")
    assert ledger[["督办单", "状态"]].to_numpy().tolist() == [
        [f"〔{year}〕1号", "在办"],
        [f"〔{year}〕2号", "在办"],
    ]


def test_the_roll_up_shows_the_slip_and_since_when(behind: Office) -> None:
    path = choose(listed(behind), {"R03-01": {"是否督办": "是", "签发人": "王五"}})
    (slip,) = supervise.issue(behind.workspace, path).slips
    rows = rollup_reading.table(merge(behind.workspace, behind.period).rollup, "督办清单")
    row = rows[rows["编号"] == "R03-01"].iloc[0]
    assert (row["督办单"], row["签发日期"], row["反馈时限"]) == (slip.label, slip.issued_on, REPLY)
    assert rollup_reading.one(rows, "R03-02", "督办单") == ""


def test_the_same_selection_once_more_changes_nothing(behind: Office) -> None:
    path = choose(listed(behind), {"R03-01": {"是否督办": "再发", "签发人": "王五"}})
    first = supervise.issue(behind.workspace, path)
    assert first.written
    before = first.written.read_bytes()
    again = supervise.issue(behind.workspace, path)
    assert again.slips == first.slips == register(behind).slips
    assert first.written.read_bytes() == before


@pytest.mark.clock
def test_an_item_with_an_open_slip_is_issued_again_only_where_that_is_chosen(behind: Office) -> None:
    yes = {"是否督办": "是", "签发人": "王五"}
    (first,) = supervise.issue(behind.workspace, choose(listed(behind), {"R03-01": yes})).slips
    path = listed(behind)
    assert (
        rollup_reading.one(rollup_reading.table(path, "督办事项选择"), "R03-01", "在办督办单") == first.label
    )
    second = supervise.issue(behind.workspace, choose(path, {"R03-01": yes, "R03-02": yes}))
    assert [s.code for s in second.kept] == ["R03-01"]
    assert [(s.code, s.number) for s in second.slips] == [("R03-02", 2)]
    third = supervise.issue(behind.workspace, choose(listed(behind), {"R03-01": {**yes, "是否督办": "再发"}}))
    assert [(s.code, s.number) for s in third.slips] == [("R03-01", 3)]


def test_a_slip_stays_with_its_task_when_that_is_numbered_anew(behind: Office) -> None:
    path = choose(listed(behind), {"R03-01": {"是否督办": "是", "签发人": "王五"}})
    (slip,) = supervise.issue(behind.workspace, path).slips
    with plan_book(behind.workspace) as plan:
        plan.set("重点任务", "R03-01", 任务编号="R03-91", 原编号="R03-01")
        plan.set("重点任务", "R03-02", 任务编号="R03-01", 原编号="R03-02")
    sent_out(behind.workspace, "2026-W49")
    path = supervise.list_items(behind.workspace, "2026-W49").written
    items = rollup_reading.table(path, "督办事项选择")
    slips = {code: rollup_reading.one(items, code, "在办督办单") for code in ("R03-91", "R03-01")}
    assert slips == {"R03-91": slip.label, "R03-01": ""}
    assert list(rollup_reading.table(path, "在办督办单")["编号"]) == ["R03-91"]


def test_where_all_that_was_chosen_has_an_open_slip_already_the_register_alone_is_written(
    behind: Office,
) -> None:
    yes = {"是否督办": "是", "签发人": "王五"}
    (slip,) = supervise.issue(behind.workspace, choose(listed(behind), {"R03-01": yes})).slips
    again = supervise.issue(behind.workspace, choose(listed(behind), {"R03-01": yes}))
    assert (again.slips, again.kept, register(behind).slips) == ((), (slip,), (slip,))
    assert again.written
    assert load_workbook(again.written).sheetnames == ["督办台账"]


@pytest.mark.clock
def test_a_slip_that_is_closed_is_closed_in_the_register_and_gone_from_the_roll_up(behind: Office) -> None:
    yes = {"是否督办": "是", "签发人": "王五"}
    (slip,) = supervise.issue(behind.workspace, choose(listed(behind), {"R03-01": yes})).slips
    path = listed(behind)
    assert rollup_reading.table(path, "在办督办单", key="督办单")["现状"].tolist() == ["滞后"]
    closing = {slip.label: {"是否办结": "是", "办结日期": date(2026, 12, 5), "办结情况": "资金已到位"}}
    done = supervise.issue(behind.workspace, choose(path, closing, "在办督办单", "督办单"))
    assert ([s.label for s in done.closed], done.slips) == ([slip.label], ())
    assert done.written
    row = rollup_reading.table(done.written, "督办台账", key="督办单").iloc[0]
    # The same file once more is no fault and closes nothing twice.
    assert supervise.issue(behind.workspace, path).closed == ()
    assert (row["状态"], row["办结日期"], row["办结情况"]) == ("已办结", date(2026, 12, 5), "资金已到位")
    rows = rollup_reading.table(merge(behind.workspace, behind.period).rollup, "督办清单")
    assert rollup_reading.one(rows, "R03-01", "督办单") == ""


@pytest.mark.parametrize(
    ("marks", "cell", "message"),
    [
        ({"签发人": None}, "D", "请填写“签发人”（姓名）。"),
        ({"反馈时限": None}, "C", "请填写“反馈时限”（年月日，如 2026-11-25）。"),
        ({"反馈时限": "尽快"}, "C", "填了“尽快”，这里请填写年月日，如 2026-11-25。"),
        ({"反馈时限": date(2025, 12, 6)}, "C", "填了“2025-12-06”，应晚于2026-11-29，请核对。"),
        ({"编号": "R03-99"}, "B", "“R03-99”不在“督办清单”表中，请核对名称或先行登记。"),
    ],
)
def test_nothing_goes_out_while_something_is_wrong(
    behind: Office, marks: Mapping[str, object], cell: str, message: str
) -> None:
    path = choose(listed(behind), {"R03-01": {"是否督办": "是", "签发人": "王五", **marks}})
    issued = supervise.issue(behind.workspace, path)
    assert [(f.cell[:1], f.message.partition("：")[2]) for f in issued.findings] == [(cell, message)]
    assert (issued.written, register(behind).slips) == (None, ())


def test_a_day_without_its_year_is_read_and_told_as_a_guess(behind: Office) -> None:
    marks = {"R03-01": {"是否督办": "是", "签发人": "王五", "反馈时限": "12月6日"}}
    issued = supervise.issue(behind.workspace, choose(listed(behind), marks))
    (slip,), (found,) = issued.slips, issued.findings
    assert (slip.reply_by.month, slip.reply_by.day) == (12, 6)
    assert (found.code, found.cell[:1]) == (Code.YEAR_GUESSED, "C")
    assert f"填了“12月6日”，年份不全，已记为{slip.reply_by}，请核对。" in found.message


@pytest.mark.provokes(Code.ITEM_GONE)
def test_an_item_that_has_left_the_list_since_is_told_and_the_other_slips_go_out(behind: Office) -> None:
    yes = {"是否督办": "是", "签发人": "王五"}
    path = listed(behind)
    (other, *_) = (c for c in rollup_reading.table(path, "督办事项选择")["编号"] if c != "R03-01")
    path = choose(path, {"R03-01": yes, str(other): {**yes, "编号": "R05-01"}})
    issued = supervise.issue(behind.workspace, path)
    assert [slip.code for slip in issued.slips] == ["R03-01"]
    assert [found.code for found in issued.findings] == [Code.ITEM_GONE]
    assert "“R05-01”已不在督办清单上" in issued.findings[0].message


def copied(path: Path, sheet: str) -> Path:
    """The workbook with the first row of a sheet once more at its end."""
    book = load_workbook(path)
    page = book[sheet]
    page.append([cell.value for cell in page[3]])
    book.save(path)
    return path


def test_a_row_that_was_copied_neither_issues_nor_closes_anything_twice(behind: Office) -> None:
    path = listed(behind)
    first = str(rollup_reading.table(path, "督办事项选择")["编号"][0])
    yes = {first: {"是否督办": "是", "签发人": "王五"}}
    path = copied(choose(path, yes), "督办事项选择")
    (found,) = supervise.issue(behind.workspace, path).findings
    assert found.message.partition("：")[2] == "与第3行是同一项，两行都未接收，请只保留一行。"
    assert register(behind).slips == ()
    (slip,) = supervise.issue(behind.workspace, choose(listed(behind), yes)).slips
    closing = {slip.label: {"是否办结": "是", "办结日期": date(2026, 12, 5), "办结情况": "资金已到位"}}
    path = copied(choose(listed(behind), closing, "在办督办单", "督办单"), "在办督办单")
    assert [f.value for f in supervise.issue(behind.workspace, path).findings] == [slip.label]
    assert register(behind).open == (slip,)


def test_a_selection_in_which_nothing_is_chosen_is_named(behind: Office) -> None:
    with pytest.raises(UsageProblem, match="没有选定事项"):
        supervise.issue(behind.workspace, listed(behind))


@pytest.mark.clock
def test_a_later_slip_is_not_in_an_earlier_periods_roll_up() -> None:
    made = Slip(
        year=2026,
        number=1,
        level=Level.RED,
        kind=Duty.TASK,
        code="R03-01",
        name="",
        task_force="",
        unit="",
        situation="",
        basis="",
        reply_by=REPLY,
        signer="",
        issued_on=REPLY,
        period="2026-W48",
        chosen_in="",
    )
    assert Register((made,)).up_to(parse_period("2026-W42")).slips == ()
    assert Register((made,)).up_to(parse_period("2026-W48")).slips == (made,)


def test_the_command_lists_then_issues(behind: Office) -> None:
    root = str(behind.workspace.root)
    result = CliRunner().invoke(main, ["-C", root, "supervise", "--json"])
    assert result.exit_code == 0
    (where,) = json.loads(result.stdout)["written"]
    path = choose(behind.workspace.root / where, {"R03-01": {"是否督办": "是", "签发人": "王五"}})
    result = CliRunner().invoke(main, ["-C", root, "supervise", str(path), "--json"])
    assert result.exit_code == 0
    assert [s["code"] for s in json.loads(result.stdout)["slips"]] == ["R03-01"]
    assert "反馈时限2026-12-06" in result.stderr


def test_nothing_typed_comes_alive_on_a_slip(behind: Office, tmp_path: Path) -> None:
    text = '=HYPERLINK("http://x.cn")'
    slip = Slip(
        year=2026,
        number=1,
        level=Level.RED,
        kind=Duty.ISSUE,
        code="W03-2026-001",
        name=text,
        task_force=text,
        unit=text,
        situation=text,
        basis=text,
        reply_by=REPLY,
        signer=text,
        issued_on=REPLY,
        period="2026-W48",
        chosen_in="",
    )
    path = tmp_path / "x.xlsx"
    write_slips(path, [slip], Register((slip,)), behind.loaded.plan.programme)
    page = load_workbook(path)["〔2026〕1号"]
    typed = [cell for row in page for cell in row if text in str(cell.value)]
    assert len(typed) == 6
    assert {cell.data_type for cell in typed} == {"s"}


@pytest.mark.libreoffice
def test_each_slip_is_one_page(behind: Office, tmp_path: Path) -> None:
    need("soffice", "pdftoppm")
    marks = {code: {"是否督办": "是", "签发人": "王五"} for code in ("R03-01", "R03-02")}
    written = supervise.issue(behind.workspace, choose(listed(behind), marks)).written
    assert written
    assert len(to_pngs(written, tmp_path)) == 4  # two slips, and the register on two pages across
