"""What the desk opens, saves and takes: the operator's files, whole, under names that every machine can hold."""

import time
from pathlib import Path

import pytest

from tenproj_xl.desk.files import safe_name
from tests.desk.visitor import ORIGIN, Visitor, file, text_of
from tests.helpers.filling import Office

OUTSIDE = [
    "..",
    "../other.xlsx",
    "outbox/../../other.xlsx",
    "/etc/passwd",
    "outbox/../打开密码.xlsx",
    "打开密码.xlsx",
    "ledger",
    "ledger/台账.sqlite3",
    "outbox/../ledger/台账.sqlite3",
    ".",
    "",
    ".tenproj-desk.json",
    "outbox/nothing.xlsx",
    "outbox/run.bat",
    "outbox/link.xlsx",
    "outbox/\x00.xlsx",
]


@pytest.mark.parametrize("path", OUTSIDE)
def test_nothing_but_the_operators_own_files_is_opened_or_saved(
    visitor: Visitor, week: Office, path: str
) -> None:
    root = week.workspace.root
    (root.parent / "other.xlsx").write_bytes(b"of somebody else")
    (root / "outbox" / "run.bat").write_text("@echo off")
    (root / "outbox" / "link.xlsx").symlink_to(root.parent / "other.xlsx")
    for answer in (
        visitor.send("/files/open", {"path": path}),
        visitor.ask("/files/save", query_string={"path": path}),
        visitor.ask("/files", query_string={"path": path}),
    ):
        assert answer.status_code == 409
        assert "不能从这里打开" in text_of(answer)
    assert visitor.opened == []


def test_a_form_is_opened_by_the_machine_or_saved_by_the_browser(visitor: Visitor, week: Office) -> None:
    [form] = (week.workspace.outbox / "2026-W48" / "填报表").glob("03_*.xlsx")
    path = week.workspace.relative(form)
    assert visitor.send("/files/open", {"path": path}).status_code == 200
    assert visitor.opened == [form]

    with visitor.ask("/files/save", query_string={"path": path}) as saved:
        assert saved.data == form.read_bytes()
        assert saved.headers["Content-Disposition"].startswith("attachment; ")


def test_a_letter_is_read_on_the_page_as_it_is_pasted_whatever_stands_in_it(
    visitor: Visitor, week: Office
) -> None:
    folder = week.workspace.outbox / "2026-W48" / "通知"
    folder.mkdir()
    (folder / "区科技局.txt").write_bytes("区科技局：\r\n填了“<b>约120</b>”，请更正。".encode("utf-8-sig"))
    page = visitor.ask("/files?path=outbox/2026-W48/通知/区科技局.txt").text
    assert "填了“&lt;b&gt;约120&lt;/b&gt;”，请更正。" in page
    assert "复制全文" in page


def test_a_workbook_that_is_named_leads_to_its_picture_and_a_folder_to_what_lies_in_it(
    visitor: Visitor,
) -> None:
    job = visitor.click("generate", "make", {"period": "2026-W49"})
    page = visitor.ask(f"/jobs/{job.number}").text
    assert 'href="/pictures/sheet?path=outbox/2026-W49/' in page


def test_a_folder_shows_what_lies_in_it(visitor: Visitor) -> None:
    page = visitor.see("/files?path=outbox/2026-W48")
    assert "填报示例.xlsx" in page
    assert "填报表（文件夹）" in page


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("03_区科技局(最终版)(1).xlsx", "03_区科技局(最终版)(1).xlsx"),
        ("C:\\我的文档\\03.xlsx", "03.xlsx"),
        ("../../工作计划.xlsx", "工作计划.xlsx"),
        ("a:b*c?.xlsx", "a_b_c_.xlsx"),
        ("CON.xlsx", "_CON.xlsx"),
        (".hidden.xlsx", "hidden.xlsx"),
        ("表\u202excod.xlsx", "表xcod.xlsx"),
        ("表.xlsx. . ", "表.xlsx_"),
        ("", "未命名"),
        ("..", "_"),
        ("无后缀", "无后缀"),
    ],
)
def test_a_name_is_made_one_that_every_machine_can_hold(sent: str, kept: str) -> None:
    assert safe_name(sent) == kept


def test_a_long_name_keeps_its_ending() -> None:
    name = safe_name(f"{'很长的名字' * 60}.xlsx")
    assert name.endswith(".xlsx")
    assert len(name.encode()) <= 255


def test_dropped_files_lie_beside_each_other_and_the_same_once(
    visitor: Visitor, week: Office, tmp_path: Path
) -> None:
    form = week.right("03").save(tmp_path / "填报表.xlsx")
    other = week.right("10").save(tmp_path / "10" / "填报表.xlsx")
    noise = tmp_path / "~$填报表.xlsx"
    noise.write_bytes(b"who has it open")
    said = visitor.drop(form, other, form, noise)
    assert said == (
        "已放进收件夹2个文件： 填报表.xlsx 填报表(1).xlsx 填报表.xlsx （收件夹里已有，没有再放） "
        "填报表.xlsx （程序留下的临时文件，没有放） 接收"
    ).replace("xlsx （", "xlsx（")
    inbox = week.workspace.inbox
    assert (inbox / "填报表.xlsx").read_bytes() == form.read_bytes()
    assert (inbox / "填报表(1).xlsx").read_bytes() == other.read_bytes()
    assert len(list(inbox.iterdir())) == 2


def test_a_dropped_file_keeps_its_time_which_says_when_it_came(
    visitor: Visitor, week: Office, tmp_path: Path
) -> None:
    form = week.right("03").save(tmp_path / "填报表.xlsx")
    visitor.drop(form)
    [kept] = week.workspace.inbox.iterdir()
    assert kept.stat().st_mtime == pytest.approx(form.stat().st_mtime, abs=0.01)


@pytest.mark.parametrize("told", ["", "-1", "soon", "9" * 40, "٣"])
def test_a_time_that_cannot_be_is_not_believed(visitor: Visitor, week: Office, told: str) -> None:
    visitor.send("/inbox", {"returns": [file("填报表.xlsx", b"x")], "modified": [told]})
    [kept] = week.workspace.inbox.iterdir()
    assert kept.stat().st_mtime <= time.time() + 1


def test_nothing_dropped_is_said_and_too_much_is_refused(visitor: Visitor) -> None:
    assert "没有选文件" in text_of(visitor.send("/inbox", {}))
    app = visitor.client.application
    app.config["MAX_CONTENT_LENGTH"] = 1000
    big = visitor.send("/inbox", {"returns": [file("大.zip", b"0" * 2000)]}, headers={"Origin": ORIGIN})
    assert big.status_code == 413
    assert "文件太大，没有收下" in text_of(big)
    part = visitor.send(
        "/inbox", {"returns": [file("大.zip", b"0" * 2000)]}, headers={"Origin": ORIGIN, "HX-Request": "true"}
    )
    assert text_of(part) == "文件太大，没有收下。请分几次拖，或请对方压缩图片后重发。"
