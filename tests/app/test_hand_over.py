"""交接清单.docx says where things lie and what is open, has room to sign, and never a password."""

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from docx import Document
from openpyxl import load_workbook

from tenproj_xl.cli.main import main
from tenproj_xl.core.files import sha256_of_file
from tenproj_xl.model.chain_heads import head_in
from tests.conftest import PERIOD
from tests.helpers.filling import Office
from tests.helpers.settings_book import add_line
from tests.office.test_signoff import ISSUE
from tests.office.test_supervise import choose, listed


def tenproj(office: Office, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(office.workspace.root), *arguments])


def said(office: Office) -> Any:
    return json.loads(tenproj(office, "handover", "--json").stdout)


def document(office: Office) -> Path:
    (path,) = office.workspace.outbox.glob("交接清单_????-??-??.docx")
    return path


def tables(office: Office) -> list[list[list[str]]]:
    return [
        [[cell.text for cell in row.cells] for row in table.rows]
        for table in Document(str(document(office))).tables
    ]


def text(office: Office) -> str:
    draft = Document(str(document(office)))
    cells = [cell for table in tables(office) for row in table for cell in row]
    return "\n".join([*(paragraph.text for paragraph in draft.paragraphs), *cells])


def test_it_says_where_everything_lies_and_which_versions_are_in_force(week: Office, tmp_path: Path) -> None:
    week.send(week.right("03"))
    tenproj(week, "merge", "--period", PERIOD)
    backup = tmp_path / "U盘" / "备份.zip"
    backup.parent.mkdir()
    tenproj(week, "backup", str(backup))
    add_line(week.workspace, "收件夹", "../聊天文件", "旁看", "浙政钉")
    assert tenproj(week, "handover").exit_code == 0
    places = {row[0]: row[1:] for row in tables(week)[0]}
    assert places["工作区"][0] == str(week.workspace.root)
    assert places["台账"][0] == "ledger/台账.sqlite3"
    assert places["另外的收件夹"] == ["../聊天文件", "旁看，浙政钉"]
    assert places["上次备份"][0] == str(backup)
    assert "打不开" not in places["上次备份"][1]
    standing = {row[0]: row[1] for row in tables(week)[1]}
    assert standing["最近下发的一期"].startswith("2026年第48期（11月23日—29日），截止 2026年11月27日")
    assert "校验码" in standing["台账末笔"]
    assert "请再备份一次" not in standing["上次备份"]
    backup.unlink()
    week.send(week.right("02"))
    tenproj(week, "merge", "--period", PERIOD)
    tenproj(week, "handover")
    assert "现在打不开这个位置" in {row[0]: row[2] for row in tables(week)[0]}["上次备份"]
    assert "移交前请再备份一次" in {row[0]: row[1] for row in tables(week)[1]}["上次备份"]


def test_what_is_open_is_what_status_would_have_done(week: Office) -> None:
    late = week.right("05")
    late.delete_sheet("重点任务进度表")
    week.send(late)
    tenproj(week, "ingest")
    week.send(week.right("02"))  # lies in the inbox
    found = said(week)["open_matters"]
    assert found[0] == "收件夹里有1个文件没有接收，请运行 tenproj merge。"
    assert found[1].startswith("第48期还没有报的7家：01区发改经信局、")
    assert found[2].startswith("已退回更正、还没有发回的1份：05_区住建局_2026年第48期填报表.xlsx。")
    for matter in found:
        assert matter in text(week)


def test_applications_and_slips_that_wait_are_open_matters(later_week: Office) -> None:
    form = later_week.right("03")
    form.write("tasks", "R03-01", status="滞后", problems="资金未到位", next_steps="提请协调")
    later_week.send(form)
    tenproj(later_week, "merge", "--period", PERIOD)
    path = choose(listed(later_week), {"R03-01": {"是否督办": "是", "签发人": "王五"}})
    tenproj(later_week, "supervise", str(path))
    found = said(later_week)["open_matters"]
    assert [matter for matter in found if matter.startswith("没有反馈的督办单1份：〔")]
    numbers = tables(later_week)[2]
    assert (numbers[1][0], "号" in numbers[1][2]) == ("督办单", True)


def test_an_ask_that_waits_for_the_office_is_counted(week: Office) -> None:
    form = week.right("03")
    form.append("issues", **{**ISSUE, "request": "请协调用地指标", "suggested_level": "总专班"})
    week.send(form)
    tenproj(week, "merge", "--period", PERIOD)
    assert [matter for matter in said(week)["open_matters"] if matter.startswith("1件申请等待审定")]


def test_last_numbers_of_series_are_told_with_the_day(week: Office) -> None:
    tenproj(week, "merge", "--period", PERIOD)
    (rollup,) = (week.workspace.outbox / PERIOD / "汇总").glob("*周汇总表.xlsx")
    tenproj(week, "publish", str(rollup), "--by", "张三")
    tenproj(week, "handover")
    assert tables(week)[2][1][:3] == ["汇总", "2026年", "第1期"]


def test_units_that_told_a_password_are_named_and_no_password_is(week: Office) -> None:
    book = load_workbook(week.workspace.passwords)
    page = book.worksheets[0]
    heads = {cell.value: n for n, cell in enumerate(page[2], 1)}
    page.cell(3, heads["单位"]).value = "区住建局"
    page.cell(3, heads["密码"]).value = "Zj-2026-secret"
    book.save(week.workspace.passwords)
    assert tenproj(week, "handover").exit_code == 0
    keepers = tables(week)[-2]
    assert ["单位报送文件的打开密码", "区住建局", "", ""] in keepers
    assert "secret" not in text(week)
    assert "打开密码.xlsx" in text(week)


def test_there_is_room_for_the_three_to_sign_and_the_head_for_verify(week: Office) -> None:
    tenproj(week, "handover")
    assert [row[0] for row in tables(week)[-1]] == ["", "移交人", "接收人", "监交人"]
    assert all("年" in row[3] for row in tables(week)[-1][1:])
    assert head_in(Document(str(document(week))).core_properties.comments) is not None
    assert tenproj(week, "verify").exit_code == 0


def test_before_any_form_went_out_it_says_so(tmp_path: Path) -> None:
    root = str(tmp_path / "新")
    CliRunner().invoke(main, ["-C", root, "init"])
    done = CliRunner().invoke(main, ["-C", root, "handover", "--json"])
    assert done.exit_code == 0
    assert json.loads(done.stdout)["open_matters"] == []


def test_one_that_was_filled_in_is_kept_beside(week: Office) -> None:
    tenproj(week, "handover")
    filled = Document(str(document(week)))
    filled.tables[-1].rows[1].cells[2].text = "王五"
    filled.save(str(document(week)))
    before = sha256_of_file(document(week))
    tenproj(week, "handover")
    kept = list(week.workspace.outbox.glob("交接清单_*手改备份*.docx"))
    assert [sha256_of_file(path) for path in kept] == [before]
