"""Watched folders: of a chat's downloads, a shared drive or a stick only forms of ours are copied."""

import io
import json
import os
import sqlite3
import time
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook as Book
from openpyxl import load_workbook

from tenproj_xl.app import watching
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.letters import ReplyWriter
from tenproj_xl.app.merge import merge
from tenproj_xl.app.watch_memory import WATCHED
from tenproj_xl.cli.main import main
from tenproj_xl.core.files import archived, sha256
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.model.receipts import Receipt
from tenproj_xl.model.statuses import Status
from tenproj_xl.reading import folders
from tenproj_xl.reading.content import Spool
from tenproj_xl.reading.watched import Copied, Sighted, copied, is_out_of_bounds
from tests.app.test_classified import word
from tests.app.test_intake import mail, zipped
from tests.app.test_lead_checks import book_of, report, say
from tests.app.test_left_files import archive_of
from tests.app.test_owed_answers import PowerCutError, cut
from tests.conftest import EARLIER, PERIOD
from tests.helpers.by_unit import FINANCE, right
from tests.helpers.filling import Filling, Office
from tests.helpers.rollup_reading import one, table
from tests.helpers.settings_book import add_line

PRIVATE = "绝密相亲对象"
"""Stands in the name, or in the words, of each private file: it must be found nowhere in the workspace."""
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
STEM = "03_区科技局_2026年第48期填报表"


def watch(office: Office, folder: str = "聊天文件", channel: str = "微信", taking: str = "旁看") -> Path:
    """Have a folder beside the workspace watched, and return it."""
    place = office.workspace.root.parent / folder
    place.mkdir(exist_ok=True)
    add_line(office.workspace, "收件夹", f"../{folder}", taking, channel)
    return place


def put(office: Office, path: Path, data: bytes, hours: float = -1) -> Path:
    """Put a file somewhere, as old as one that came before the deadline."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    at = (office.deadline + timedelta(hours=hours)).timestamp()
    os.utime(path, (at, at))
    return path


def run(office: Office, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(office.workspace.root), *arguments], catch_exceptions=False)


def state_of(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Return names, bytes and times of all in a folder."""
    return {
        path.relative_to(folder).as_posix(): (
            path.read_bytes() if path.is_file() else b"",
            path.stat().st_mtime_ns,
        )
        for path in sorted(folder.rglob("*"))
    }


def receipts(office: Office) -> list[Receipt]:
    with look_into_ledger(office.workspace.ledger) as ledger:
        return ledger.receipts()


def workbook(text: str) -> bytes:
    book = Book()
    assert book.active
    book.active["A1"] = text
    book.active["B7"] = 3600
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def private_files() -> Mapping[str, bytes]:
    """Return what lies in people's download folders."""
    return {
        f"{PRIVATE}.xlsx": workbook(PRIVATE),
        f"{PRIVATE}工资表.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        f"{PRIVATE}.docx": word(f"{PRIVATE}，明天见。"),
        f"{PRIVATE}.txt": f"{PRIVATE}\n".encode(),
        f"{PRIVATE}.csv": f"{PRIVATE},1\n".encode(),
        f"{PRIVATE}.jpg": b"\xff\xd8\xff\xe0" + PRIVATE.encode(),
        f"{PRIVATE}.pdf": PDF + PRIVATE.encode(),
        f"{PRIVATE}.mp4": b"\0\0\0\x20ftypisom" + PRIVATE.encode(),
        f"{PRIVATE}.zip": zipped([(f"{PRIVATE}/工资.xlsx", workbook(PRIVATE)), ("x.txt", PRIVATE.encode())]),
        f"{PRIVATE}.eml": mail((f"{PRIVATE}.xlsx", workbook(PRIVATE)), text=PRIVATE),
        f"{PRIVATE}只有话.eml": mail(text=f"{PRIVATE}，30亿元，属实。"),
        f"{PRIVATE}.rar": b"Rar!\x1a\x07\0" + PRIVATE.encode(),
        f"{PRIVATE}（密）.docx": word(f"机密★1年\n{PRIVATE}"),
        f"{PRIVATE}/合影.png": b"\x89PNG\r\n\x1a\n" + PRIVATE.encode(),
        f"{PRIVATE}/{PRIVATE}空.xlsx": b"",
        f"{PRIVATE}/截断.xlsx": workbook(PRIVATE)[:900],
        f"区科技局{PRIVATE}通知.pdf": PDF + PRIVATE.encode() * 2,
        f"2026-03区科技局{PRIVATE}照片.jpg": b"\xff\xd8\xff\xe1" + PRIVATE.encode(),
        f"~${PRIVATE}.xlsx": PRIVATE.encode(),
        f".{PRIVATE}": PRIVATE.encode(),
        f"{PRIVATE}.xlsx.crdownload": b"PK\x03\x04",
    }


def traces(office: Office, *places: Path) -> Iterator[str]:
    """Yield where the private word stands in the workspace: in names, bytes, and parts of zips."""
    wanted = [PRIVATE.encode(), PRIVATE.encode("utf-16-le"), PRIVATE.encode("gb18030")]
    for place in (office.workspace.root, *places):
        for path in place.rglob("*"):
            if PRIVATE in str(path):
                yield str(path)
            if not path.is_file():
                continue
            pieces = [path.read_bytes()]
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as packed:
                    pieces += [packed.read(name) for name in packed.namelist()]
            if any(word in piece for piece in pieces for word in wanted):
                yield str(path)


def test_a_form_in_a_watched_folder_is_copied_and_nothing_else_leaves_a_trace(
    week: Office, tmp_path: Path
) -> None:
    chat = watch(week)
    for name, data in private_files().items():
        put(week, chat / name, data)
    form = week.right("03").data
    put(week, chat / "2026-11" / "填报表(3).xlsx", form)
    before = state_of(chat)
    done = run(week, "ingest")
    assert done.exit_code == 0, done.output
    assert "填报表(3).xlsx  已接收  微信" in done.output
    assert state_of(chat) == before
    assert archived(week.workspace.archive, sha256(form)).read_bytes() == form
    assert [(r.file, r.status, r.channel) for r in receipts(week)] == [
        ("填报表(3).xlsx", Status.ACCEPTED, "微信")
    ]
    backup = run(week, "backup", str(tmp_path / "备份" / "备份.zip"))
    assert backup.exit_code == 0, backup.output
    with zipfile.ZipFile(tmp_path / "备份" / "备份.zip") as packed:
        assert f"ledger/{WATCHED}" not in packed.namelist()
    again = run(week, "ingest", "--json")
    merged = run(week, "merge")
    assert (merged.exit_code, run(week, "verify").exit_code) == (0, 0)
    said = done.output + again.output + merged.output + backup.output
    assert PRIVATE not in said
    assert list(traces(week, tmp_path / "备份")) == []
    assert state_of(chat) == before


def test_what_was_looked_at_once_is_not_read_again_and_a_form_that_changes_is_taken_again(
    week: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = watch(week)
    for name, data in private_files().items():
        put(week, chat / name, data)
    put(week, chat / "填报表.xlsx", week.right("03").data, hours=-3)
    read: list[str] = []

    def noted(files: Sequence[Sighted], spool: Spool, largest: int) -> Iterator[Copied]:
        read.extend(seen.name for seen in files)
        yield from copied(files, spool, largest)

    monkeypatch.setattr(watching, "copied", noted)
    assert run(week, "ingest").exit_code == 0
    assert "填报表.xlsx" in read
    read.clear()
    assert "没有待处理的文件" in run(week, "ingest").output
    assert read == []
    corrected = week.right("03")
    corrected.fill_in({("indicators", "Z03-04"): {"remark": "已核对"}})
    corrected.save(chat / "填报表.xlsx", week.deadline - timedelta(hours=2))
    done = run(week, "ingest")
    assert ("填报表.xlsx  已接收" in done.output, read) == (True, ["填报表.xlsx"])
    assert [receipt.file for receipt in receipts(week)] == ["填报表.xlsx", "填报表.xlsx"]


def test_the_memory_holds_no_names_and_no_hashes_and_may_be_deleted(week: Office) -> None:
    chat = watch(week)
    for name, data in private_files().items():
        put(week, chat / name, data)
    put(week, chat / "填报表.xlsx", week.right("03").data)
    run(week, "ingest")
    memory = week.workspace.ledger / WATCHED
    kept = memory.read_text()
    for name, data in private_files().items():
        assert name not in kept
        assert sha256(data) not in kept
        assert sha256(data)[:24] not in kept
    memory.unlink()
    again = run(week, "ingest")
    assert (again.exit_code, "没有待处理的文件" in again.output) == (0, True)
    assert memory.read_text() == kept
    assert len(receipts(week)) == 1
    memory.write_text('{"state": 3, "folders": []')
    assert run(week, "ingest").exit_code == 0


def test_forms_inside_zips_and_mails_are_taken_alone_and_a_mail_is_their_channel(week: Office) -> None:
    chat = watch(week)
    packed = [("a/03.xlsx", week.right("03").data), (f"{PRIVATE}.docx", word(PRIVATE)), ("签字页.pdf", PDF)]
    zip_file = put(week, chat / f"{PRIVATE}.zip", zipped(packed))
    mailed = put(
        week, chat / f"{PRIVATE}.eml", mail(("08.xlsx", week.right("08").data), (f"{PRIVATE}.pdf", PDF))
    )
    done = run(week, "ingest")
    assert done.exit_code == 0, done.output
    assert {(r.file, r.channel) for r in receipts(week)} == {("03.xlsx", "微信"), ("08.xlsx", "邮件")}
    assert zip_file.exists()
    assert mailed.exists()
    assert list(traces(week)) == []
    assert "没有待处理的文件" in run(week, "ingest").output


def test_what_the_office_sent_out_itself_lies_in_its_chats_and_is_passed_over(week: Office) -> None:
    chat = watch(week)
    wrong = week.right("03")
    wrong.fill_in({("indicators", "Z03-04"): {"value": "很多"}})
    wrong.save(week.workspace.inbox / "03.xlsx")
    assert run(week, "ingest").exit_code == 1
    for n, path in enumerate(sorted(week.workspace.outbox.rglob("*.xlsx"))):
        put(week, chat / f"{n}_{path.name}", path.read_bytes())
    blank = week.blank("08")
    blank.save(chat / "08（打开又存了一下）.xlsx")
    (example,) = week.workspace.outbox.rglob("填报示例*.xlsx")
    load_workbook(example).save(chat / "示例（打开又存了一下）.xlsx")
    before = receipts(week), archive_of(week)
    done = run(week, "ingest", "--json")
    assert json.loads(done.stdout)["files"] == []
    assert (receipts(week), archive_of(week)) == before
    assert "没有待处理的文件" in run(week, "ingest").output


def test_a_correction_workbook_comes_back_by_a_chat(week: Office) -> None:
    chat = watch(week)
    wrong = week.right("03")
    wrong.fill_in({("indicators", "Z03-04"): {"value": "很多"}})
    wrong.save(chat / "03.xlsx")
    assert run(week, "ingest").exit_code == 1
    (correction,) = (week.workspace.outbox / PERIOD / "退回更正").glob("*.xlsx")
    form = Filling(correction)
    form.fill_in({("indicators", "Z03-04"): {"value": 75.5}})
    form.save(chat / "微信图片(1).xlsx", week.deadline - timedelta(hours=1))
    done = run(week, "ingest")
    assert "微信图片(1).xlsx  已接收" in done.output, done.output
    line = next(
        x for x in json.loads(run(week, "status", "--json").stdout)["returns"] if x["task_force"] == "03"
    )
    assert (line["state"], line["channel"], line["returns"]) == ("accepted", "微信", 2)


def test_a_damaged_file_is_told_where_it_is_named_as_a_form_and_else_it_is_not(week: Office) -> None:
    chat = watch(week)
    form = week.right("03").data
    put(week, chat / f"{STEM}(1).xlsx", form[: len(form) // 2])
    put(week, chat / "图书目录.xlsx", form[: len(form) // 3])
    done = run(week, "ingest")
    assert done.exit_code == 1
    assert f"{STEM}(1).xlsx  未接收（退回）" in done.output
    assert "图书目录" not in done.output
    assert [(r.file, r.status) for r in receipts(week)] == [(f"{STEM}(1).xlsx", Status.REFUSED)]
    assert run(week, "ingest").exit_code == 0


def test_a_form_with_a_mark_is_told_by_name_and_a_private_file_with_one_is_not(week: Office) -> None:
    chat = watch(week)
    form = week.right("03")
    form.tab("主要指标进度表")["A1"].value = "机密★1年"
    form.save(chat / f"{STEM}.xlsx")
    put(week, chat / "别的.docx", word("秘密★"))
    done = run(week, "ingest")
    assert (done.exit_code, STEM in done.output, "别的" in done.output) == (1, True, False)
    assert receipts(week) == []
    assert run(week, "ingest").exit_code == 0


def test_companions_are_copied_by_their_names_once_their_form_is_there(week: Office) -> None:
    chat = watch(week)
    scan = put(week, chat / "03区科技局盖章.pdf", PDF)
    put(week, chat / f"签字页{PRIVATE}.pdf", PDF + b"%1")
    put(week, chat / "区科技局来文.docx", word("请查收。"))
    assert "没有待处理的文件" in run(week, "ingest").output
    week.right("03").save(chat / "填报表.xlsx")
    done = run(week, "ingest")
    assert "03区科技局盖章.pdf  附带材料，已存档  微信" in done.output, done.output
    assert scan.exists()
    assert {r.file for r in receipts(week)} == {"填报表.xlsx", "03区科技局盖章.pdf"}
    assert "没有待处理的文件" in run(week, "ingest").output


def test_a_scan_that_is_named_as_the_form_asks_for_the_form(week: Office) -> None:
    chat = watch(week)
    put(week, chat / f"{STEM}.pdf", PDF)
    done = run(week, "ingest")
    assert "1家只发来盖章扫描件" in done.output
    assert "没有待处理的文件" in run(week, "ingest").output


def test_a_folder_that_is_out_of_reach_is_told_in_a_line_and_the_run_goes_on(week: Office) -> None:
    stick = watch(week, "U盘", "U盘")
    own = watch(week, "共享", "共享盘", "取走")
    add_line(week.workspace, "收件夹", r"E:\回表", "旁看", None)
    stick.rmdir()
    own.rmdir()
    week.right("03").save(week.workspace.inbox / "03.xlsx")
    done = run(week, "ingest")
    assert (done.exit_code, "03.xlsx  已接收" in done.output) == (0, True)
    for name in ("../U盘", "../共享", r"E:\回表"):
        assert f"收件夹“{name}”没有找到（U盘没有插上，或共享盘没有连上），这次没有看。" in done.output
    assert len(json.loads(run(week, "ingest", "--json").stdout)["folders"]) == 3


def test_a_share_that_does_not_answer_is_left_for_the_next_run(
    week: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    share = watch(week, "共享", "共享盘")
    week.right("03").save(share / "03.xlsx")
    with monkeypatch.context() as patch:
        patch.setattr(watching, "survey", lambda *_: time.sleep(5))
        patch.setattr(folders, "PATIENCE", 0.05)
        done = run(week, "ingest")
    assert (done.exit_code, "收件夹“../共享”反应太慢" in done.output) == (0, True)
    assert "03.xlsx  已接收  共享盘" in run(week, "ingest").output


def test_links_hidden_and_system_folders_are_not_followed(week: Office) -> None:
    chat = watch(week)
    elsewhere = week.workspace.root.parent / "别处"
    elsewhere.mkdir()
    week.right("03").save(elsewhere / "03.xlsx")
    (chat / "链接").symlink_to(elsewhere, target_is_directory=True)
    (chat / "03.xlsx").symlink_to(elsewhere / "03.xlsx")
    for name in (".缓存", "$RECYCLE.BIN", "System Volume Information"):
        put(week, chat / name / "08.xlsx", week.right("08").data)
    put(week, chat.joinpath(*"一二三四五六七八九") / "01.xlsx", week.right("01").data)
    done = run(week, "ingest")
    assert "没有待处理的文件" in done.output
    assert "收件夹“../聊天文件”里的文件太多或太深，没有都看" in done.output


def test_a_watched_folder_around_the_workspace_leaves_the_workspace_out(week: Office) -> None:
    add_line(week.workspace, "收件夹", "..", "旁看", "桌面")
    put(week, week.workspace.root / "草稿" / "08.xlsx", week.right("08").data)
    week.right("03").save(week.workspace.root.parent / "03.xlsx")
    run(week, "ingest")
    assert [r.file for r in receipts(week)] == ["03.xlsx"]


def test_many_new_files_are_looked_at_the_newest_first_over_several_runs(
    week: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = watch(week)
    for n in range(5):
        put(week, chat / f"{n}.txt", str(n).encode(), hours=-n - 2)
    put(week, chat / "填报表.xlsx", week.right("03").data, hours=-1)
    put(week, chat / "旧.xlsx", week.right("08").data, hours=-9)
    monkeypatch.setattr(watching, "MOST_NEW", 4)
    first = run(week, "ingest")
    assert "里还有3个新文件没有看，下次运行接着看" in first.output
    assert "填报表.xlsx  已接收" in first.output
    assert "旧.xlsx  已接收" in run(week, "ingest").output
    assert "没有看" not in run(week, "ingest").output


def test_a_form_that_is_still_being_written_is_left_for_the_next_run(week: Office) -> None:
    chat = watch(week)
    form = week.right("03").data
    put(week, chat / f"{STEM}.xlsx.crdownload", form)
    put(week, chat / "~$填报表.xlsx", form)
    half = chat / f"{STEM}.xlsx"
    half.write_bytes(form[:4000])
    os.utime(half, (time.time(), time.time()))  # by the clock of the process, whatever the disk's shows
    done = run(week, "ingest")
    assert (done.exit_code, "没有待处理的文件" in done.output) == (0, True), done.output
    half.write_bytes(form)
    assert f"{STEM}.xlsx  已接收" in run(week, "ingest").output


@pytest.mark.parametrize("attributes", [0x1000, 0x400000, 0x2, 0x4])
def test_what_is_hidden_or_lies_in_a_cloud_is_not_opened(attributes: int) -> None:
    status = SimpleNamespace(st_file_attributes=attributes)
    assert is_out_of_bounds(status)  # type: ignore[arg-type]  # as Windows gives it
    assert is_out_of_bounds(SimpleNamespace(st_flags=0x40000000))  # type: ignore[arg-type]  # as macOS does
    assert is_out_of_bounds(SimpleNamespace(st_reparse_tag=0xA0000003))  # type: ignore[arg-type]  # a junction
    assert not is_out_of_bounds(Path(__file__).stat())


@pytest.mark.parametrize("newer_first", [True, False])
def test_numbers_in_names_are_no_evidence_of_order(week: Office, *, newer_first: bool) -> None:
    chat = watch(week)
    older, newer = week.right("03"), week.right("03")
    older.fill_in({("indicators", "Z03-04"): {"value": 75.1}})
    newer.fill_in({("indicators", "Z03-04"): {"value": 75.9}})
    names = ["填报表 - 副本(1).xlsx", "填报表(3).xlsx"]
    if newer_first:
        names.reverse()
    older.save(chat / names[0], week.deadline - timedelta(hours=9))
    newer.save(chat / names[1], week.deadline - timedelta(hours=5))
    run(week, "ingest")
    current = next(
        x for x in json.loads(run(week, "status", "--json").stdout)["returns"] if x["task_force"] == "03"
    )
    assert (current["file"], current["returns"]) == (names[1], 2)


def test_the_same_form_in_two_folders_counts_once_and_the_inbox_goes_before(week: Office) -> None:
    one, other = watch(week, "微信", "微信"), watch(week, "浙政钉", "浙政钉")
    form = week.right("03").data
    put(week, one / "填报表.xlsx", form)
    put(week, one / "填报表(1).xlsx", form)
    put(week, other / "填报表.xlsx", form)
    saved_by_hand = week.right("08").data
    put(week, other / "08.xlsx", saved_by_hand)
    put(week, week.workspace.inbox / "08局.xlsx", saved_by_hand)
    run(week, "ingest")
    assert sorted((r.task_force, r.channel) for r in receipts(week)) == [("03", "微信"), ("08", "")]
    assert "没有待处理的文件" in run(week, "ingest").output


def test_a_folder_for_returns_alone_is_emptied_and_its_channel_noted(week: Office) -> None:
    share = watch(week, "回表", "共享盘", "取走")
    add_line(week.workspace, "收件夹", "inbox", "取走", "OA")
    (share / "区科技局").mkdir()
    week.right("03").save(share / "区科技局" / "03.xlsx")
    week.right("08").save(week.workspace.inbox / "08.xlsx")
    done = merge(week.workspace, PERIOD)
    assert not [path for path in share.rglob("*") if path.is_file()]
    lines = table(done.rollup, "报送情况", "专班")
    assert [one(lines, code, "渠道", "专班") for code in ("03", "08", "01")] == ["共享盘", "OA", ""]


def test_a_receipt_of_before_has_no_channel(week: Office) -> None:
    week.right("03").save(week.workspace.inbox / "03.xlsx")
    run(week, "ingest")
    with closing(sqlite3.connect(week.workspace.ledger / "台账.sqlite3")) as db:
        (body,) = db.execute("SELECT body FROM receipts").fetchone()
    assert "channel" not in json.loads(body)
    assert [receipt.channel for receipt in receipts(week)] == [""]


def test_forms_of_long_ago_lie_in_a_chat_without_a_word_and_one_used_again_is_told(
    later_week: Office,
) -> None:
    chat = watch(later_week)
    earlier = Office.of(later_week.workspace, EARLIER)
    old = earlier.right("03")
    old.fill_in({("indicators", "Z03-04"): {"remark": "另一份"}})
    put(earlier, chat / "上一期.xlsx", old.data)
    assert "没有待处理的文件" in run(later_week, "ingest").output
    old.cover(phone="0571-00000000")
    old.save(chat / "又填了一遍.xlsx", later_week.deadline - timedelta(hours=2))
    done = run(later_week, "ingest")
    assert (done.exit_code, "又填了一遍.xlsx" in done.output) == (1, True)


@pytest.mark.parametrize("is_out", [False, True])
def test_a_run_that_was_cut_off_is_finished_by_the_next_even_if_the_stick_is_out_by_then(
    week: Office, monkeypatch: pytest.MonkeyPatch, *, is_out: bool
) -> None:
    stick = watch(week, "U盘", "U盘")
    wrong = week.right("03")
    wrong.fill_in({("indicators", "Z03-04"): {"value": "很多"}})
    wrong.save(stick / "03.xlsx")
    with monkeypatch.context() as patch:
        patch.setattr(ReplyWriter, "write", cut)
        with pytest.raises(PowerCutError):
            ingest(week.workspace)
    if is_out:
        stick.rename(stick.with_name("拔下的U盘"))
    done = ingest(week.workspace)
    assert [(f.received.name, f.received.channel, f.status) for f in done.files] == [
        ("03.xlsx", "U盘", Status.TO_CORRECT)
    ]
    assert [path.parent.name for path in done.written] == ["退回更正", "通知"]
    assert archived(week.workspace.archive, receipts(week)[0].sha256).exists()
    if is_out:
        stick.with_name("拔下的U盘").rename(stick)
    assert ingest(week.workspace).files == ()


def test_what_a_lead_says_of_rows_comes_back_by_a_chat_and_its_blank_workbook_says_nothing(
    out: Office,
) -> None:
    chat = watch(out, channel="浙政钉")
    report(out, FINANCE)
    say(book_of(out), {}, chat / "打开又存了一下.xlsx")
    done = run(out, "ingest")
    assert "没有待处理的文件" in done.output, done.output
    say(book_of(out), {"Z03-02": ("同意", "")}, chat / "1732584.xlsx")
    done = run(out, "ingest")
    assert "1732584.xlsx  牵头核对意见，已录入  浙政钉" in done.output
    assert [r.channel for r in receipts(out) if r.status is Status.LEAD_CHECK] == ["浙政钉"]
    assert "没有待处理的文件" in run(out, "ingest").output


def test_a_workbook_of_the_office_in_a_chat_is_told_once_and_not_taken_in(week: Office) -> None:
    chat = watch(week)
    week.right("03").save(week.workspace.inbox / "03.xlsx")
    run(week, "merge")
    run(week, "supervise")
    (items,) = (week.workspace.outbox / PERIOD / "督办").glob("*.xlsx")
    book = load_workbook(items)
    book.save(chat / "领导批回.xlsx")
    before = receipts(week)
    done = run(week, "ingest")
    assert "领导批回.xlsx" in done.output
    assert "tenproj supervise" in done.output
    assert receipts(week) == before
    assert "领导批回" not in run(week, "ingest").output


def test_the_channel_is_told_by_status_and_history(week: Office) -> None:
    chat = watch(week)
    week.right("03").save(chat / "填报表.xlsx")
    run(week, "ingest")
    (line,) = [line for line in run(week, "status").output.splitlines() if line.startswith("03")]
    assert line.endswith("微信")
    (receipt,) = receipts(week)
    assert "微信" in run(week, "history", receipt.sha256[:12]).output
    told = json.loads(run(week, "history", receipt.sha256[:12], "--json").stdout)
    assert told["files"][0]["channel"] == "微信"


def test_the_name_of_a_unit_alone_makes_nothing_a_companion(out: Office) -> None:
    chat = watch(out)
    letter = put(out, chat / "区财政局来文.docx", word("请查收。"))
    scan = put(out, chat / "区财政局_2026年第48期填报表（盖章）.pdf", PDF)
    out.send(right(out, FINANCE))
    run(out, "ingest")
    assert letter.exists()
    assert scan.name in {receipt.file for receipt in receipts(out)}
    assert letter.name not in {receipt.file for receipt in receipts(out)}


def test_what_cannot_be_taken_out_of_a_folder_is_told_and_counts_once(
    week: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    share = watch(week, "只读的共享", "共享盘", "取走")
    path = week.right("03").save(share / "03.xlsx")
    unlink = Path.unlink

    def refused(file: Path, *, missing_ok: bool = False) -> None:
        if file.parent == share:
            raise PermissionError(13, "denied", str(file))
        unlink(file, missing_ok=missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refused)
        done = ingest(week.workspace)
    assert [f.status for f in done.files] == [Status.ACCEPTED]
    assert "请把“设置.xlsx”里这个收件夹的“方式”改为“旁看”" in caplog.text
    assert path.exists()
    assert [f.status for f in ingest(week.workspace).files] == [Status.DUPLICATE]
    assert (path.exists(), len(receipts(week))) == (False, 1)
