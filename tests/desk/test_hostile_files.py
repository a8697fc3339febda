"""Files that come at a bad time, under a bad name, or into a bad place."""

import errno
import os
import threading
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from werkzeug.datastructures import FileStorage

from tenproj_xl.desk import files, inbox
from tenproj_xl.desk.files import safe_name
from tests.desk.visitor import ORIGIN, Visitor, file, text_of
from tests.helpers.filling import Office

HTMX = {"Origin": ORIGIN, "HX-Request": "true"}


def test_files_of_one_name_that_come_at_the_same_time_all_lie_there(
    visitor: Visitor, week: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = FileStorage.save

    def slowly(sent: FileStorage, path: Path) -> None:
        time.sleep(0.1)
        save(sent, path)

    monkeypatch.setattr(FileStorage, "save", slowly)
    contents = [bytes([n]) * 300_000 for n in range(8)]
    drop_at_once(visitor, contents)
    assert sorted(path.read_bytes() for path in week.workspace.inbox.iterdir()) == contents


def test_of_the_same_file_that_comes_twice_at_the_same_time_one_stays(
    visitor: Visitor, week: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    compare = files.same_file

    def slowly(path: Path, others: Iterable[Path]) -> Path | None:
        time.sleep(0.05)
        found = compare(path, others)
        time.sleep(0.05)
        return found

    monkeypatch.setattr(inbox, "same_file", slowly)
    drop_at_once(visitor, [b"x" * 1000] * 2)
    assert [path.read_bytes() for path in week.workspace.inbox.iterdir()] == [b"x" * 1000]


def drop_at_once(visitor: Visitor, contents: Sequence[bytes]) -> None:
    """Drop files of one name from several windows at the same time."""

    def drop(data: bytes) -> None:
        client = visitor.client.application.test_client()
        client.set_cookie(visitor.access.cookie, visitor.access.session, domain="127.0.0.1")
        client.post("/inbox", base_url=ORIGIN, data={"returns": file("填报表.xlsx", data)}, headers=HTMX)

    threads = [threading.Thread(target=drop, args=(data,)) for data in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_full_disk_is_told_and_leaves_nothing(
    visitor: Visitor, week: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: FileStorage, path: Path) -> None:
        path.write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileStorage, "save", full)
    said = text_of(visitor.send("/inbox", {"returns": file("填报表.xlsx", b"x")}, headers=HTMX))
    assert said == "读写失败：磁盘已满。请检查文件夹、磁盘空间和权限后重试。"
    assert list(week.workspace.inbox.iterdir()) == []
    assert list(week.workspace.root.glob("故障报告*")) == []


@pytest.mark.skipif(os.name != "posix", reason="names of files are texts on Windows")
def test_a_file_whose_name_is_no_text_stands_there_as_people_know_it(visitor: Visitor, week: Office) -> None:
    week.workspace.inbox.mkdir(exist_ok=True)
    Path(os.fsdecode(os.fsencode(week.workspace.inbox) + b"/\xb1\xed.xlsx")).write_bytes(b"x")
    assert "表.xlsx" in visitor.see("/steps/ingest")
    assert "另存" not in visitor.see("/files?path=inbox").replace("另存“", "")
    assert "收件夹里已有" in text_of(visitor.send("/inbox", {"returns": file("b.xlsx", b"x")}, headers=HTMX))


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ("COM¹.xlsx", "_COM¹.xlsx"),
        ("conout$.xlsx", "_conout$.xlsx"),
        ("a.bbbbbbbbbbbbbbbbbbb c", "a.bbbbbbbbbbbbbbbbbbb"),
        ("\u202exslx.exe", "xslx.exe"),
        ('"><script>\n.xlsx', "_script_.xlsx"),
    ],
)
def test_a_name_that_is_none_on_some_machine_is_made_one(name: str, saved: str) -> None:
    assert safe_name(name) == saved


@pytest.mark.parametrize("path", [f"outbox/{'长' * 300}.xlsx", "outbox/\udcb1.xlsx", "outbox/" * 2000])
def test_a_path_that_cannot_be_is_not_there(visitor: Visitor, path: str) -> None:
    answer = visitor.ask("/files", query_string={"path": path.encode("utf-8", "surrogateescape")})
    assert answer.status_code == 409
    assert "已经不在了" in text_of(answer)


def test_a_page_that_a_stranger_sent_is_not_opened(visitor: Visitor, week: Office) -> None:
    for folder in ("inbox", "交回", "outbox/归档_2026/3_报送原件/2026-W48"):
        place = week.workspace.root / folder
        place.mkdir(parents=True, exist_ok=True)
        (place / "第48周_挂图作战.html").write_text("<script>alert(1)</script>", encoding="utf-8")
        path = f"{folder}/第48周_挂图作战.html"
        assert visitor.send("/files/open", {"path": path}).status_code == 409
        assert visitor.ask("/wall/show", query_string={"path": path}).status_code == 409
    assert visitor.opened == []


def test_a_folder_that_cannot_be_read_is_told_on_a_page_and_within_one(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(_: Path) -> bool:
        raise PermissionError(errno.EACCES, "Permission denied", "工作区")

    monkeypatch.setattr(Path, "exists", closed)
    page = visitor.ask("/")
    assert page.status_code == 409
    assert "“工作区”读写失败：没有权限，或正被别的程序打开" in text_of(page)


def test_a_fault_within_a_page_is_told_in_its_place(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("tenproj_xl.desk.home_pages.said_now", broken)
    part = visitor.ask("/to-do", headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert text_of(part).startswith("程序出错，没有做完")
    assert "<html" not in part.text


def test_a_text_that_no_process_takes_is_given_to_the_command_without_that(visitor: Visitor) -> None:
    job = visitor.click("generate", "make", {"period": "2026\x00-W48"})
    assert job.arguments[-1].endswith("2026-W48")


def test_what_is_dropped_where_the_workspace_has_gone_is_not_taken(visitor: Visitor, week: Office) -> None:
    root = week.workspace.root
    root.rename(root.with_name("别处"))
    said = text_of(visitor.send("/inbox", {"returns": file("填报表.xlsx", b"x")}, headers=HTMX))
    assert said == f"“{root}”现在不在，没有收下。请接上磁盘或找回文件夹，再拖一次。"
    assert not root.exists()


def test_an_address_that_only_a_button_opens_says_so(visitor: Visitor) -> None:
    for path in ("/steps/merge/make", "/files/open", "/inbox", "/jobs/1/stop"):
        answer = visitor.ask(path)
        assert answer.status_code == 405
        assert "这个地址要从页面上的按钮打开，请回到首页。" in text_of(answer)
