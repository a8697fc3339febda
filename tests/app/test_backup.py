"""A backup is one file, proved by restoring it, from which the same roll-up is made again."""

import io
import json
import os
import shutil
import sqlite3
import zipfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tenproj_xl.app import backup as work
from tenproj_xl.app.merge import merge
from tenproj_xl.app.status import status
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.cli.main import main
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.core.files import sha256_of_file
from tenproj_xl.ledger.store import open_ledger
from tests.helpers.filling import Office


def tenproj(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(root), *arguments])


def contents(root: Path) -> dict[str, str]:
    """The hashes of all files but for those that a run leaves about."""
    passing = ("台账.lock", "上次备份.json", "核验.json")
    files = [p for p in root.rglob("*") if p.is_file() and p.name not in passing]
    return {p.relative_to(root).as_posix(): sha256_of_file(p) for p in files}


def test_what_is_restored_elsewhere_is_the_workspace_and_makes_the_same_roll_up(
    merged: Office, tmp_path: Path
) -> None:
    file, other = tmp_path / "备份.zip", tmp_path / "新电脑"
    (merged.workspace.root / ".tenproj-desk.json").write_text("the desk that runs, and its key")
    done = tenproj(merged.workspace.root, "backup", str(file))
    assert (done.exit_code, "试恢复相符" in done.stderr) == (0, True)
    restored = tenproj(other, "restore", str(file))
    assert (restored.exit_code, "已恢复" in restored.stderr) == (0, True)
    ours, theirs = contents(merged.workspace.root), contents(other)
    ledger = "ledger/台账.sqlite3"
    left_out = {"打开密码.xlsx", ".tenproj-desk.json", "ledger/已读工作簿.json"}
    assert ours.keys() - theirs.keys() == left_out
    assert {name for name in theirs if ours[name] != theirs[name]} <= {
        ledger
    }  # another file, the same entries
    assert tenproj(other, "verify").exit_code == 0
    before = merged.workspace.outbox
    again = merge(Workspace(other), merged.period)
    same = before / again.rollup.relative_to(other / "outbox")
    assert sha256_of_file(again.rollup) == sha256_of_file(same)


def test_a_backup_is_made_while_another_command_holds_the_ledger(merged: Office, tmp_path: Path) -> None:
    with open_ledger(merged.workspace.ledger, who="tenproj merge"):
        assert tenproj(merged.workspace.root, "backup", str(tmp_path / "备份.zip")).exit_code == 0


def test_what_programs_leave_about_is_not_taken_in(merged: Office, tmp_path: Path) -> None:
    root = merged.workspace.root
    (root / "~$设置.xlsx").write_bytes(b"open")
    tenproj(root, "backup", str(tmp_path / "备份.zip"))
    names = zipfile.ZipFile(tmp_path / "备份.zip").namelist()
    assert not [name for name in names if "~$" in name or name.endswith((".lock", ".tmp", "核验.json"))]
    assert "设置.xlsx" in names


def spoiled_in_place(data: bytes, spoil: str) -> bytes:
    """A backup of the same size that is damaged where it says what it holds, or has the marks of a password."""
    spoiled = bytearray(data)
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        at, begin = file.getinfo("备份内容.json").header_offset, file.start_dir
    if spoil == "its packed list":
        inside = at + 30 + len("备份内容.json".encode())
        spoiled[inside : inside + 40] = bytes(byte ^ 255 for byte in data[inside : inside + 40])
    elif spoil == "a password":
        for place in (at + 6, begin + 8):
            spoiled[place] |= 1
    elif spoil == "another way of packing":
        for place in (at + 8, begin + 10):
            spoiled[place] = zipfile.ZIP_BZIP2
    return bytes(spoiled)


@pytest.mark.parametrize("spoil", ["its packed list", "a password", "another way of packing"])
def test_a_damaged_or_encrypted_backup_is_told_as_one_and_a_good_one_goes_into_the_same_folder(
    spoil: str, merged: Office, tmp_path: Path
) -> None:
    good, bad, other = tmp_path / "备份.zip", tmp_path / "坏.zip", tmp_path / "新电脑"
    tenproj(merged.workspace.root, "backup", str(good))
    bad.write_bytes(spoiled_in_place(good.read_bytes(), spoil))
    other.mkdir()
    refused = tenproj(other, "restore", str(bad))
    said = "“坏.zip”不是 tenproj backup 写的文件，或者不完整，没有恢复。请换一份备份。"
    assert (refused.exit_code, said in refused.stderr) == (3, True), refused.stderr
    assert list(other.iterdir()) == []
    assert tenproj(other, "restore", str(good)).exit_code == 0


def test_a_backup_goes_into_a_folder_in_which_a_report_of_a_fault_lies(
    merged: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, other = tmp_path / "备份.zip", tmp_path / "新电脑"
    tenproj(merged.workspace.root, "backup", str(file))
    other.mkdir()
    with monkeypatch.context() as patched:
        patched.setattr(work, "_extract", None)  # a fault of the program
        assert tenproj(other, "restore", str(file)).exit_code == 4
    assert [path.name[:4] for path in other.iterdir()] == ["故障报告"]
    assert tenproj(other, "restore", str(file)).exit_code == 0


@pytest.mark.parametrize("spoil", ["a byte", "cut", "another file", "a name that leads out"])
def test_a_file_that_is_no_whole_backup_is_refused_and_nothing_is_left_behind(
    spoil: str, merged: Office, tmp_path: Path
) -> None:
    file, other = tmp_path / "备份.zip", tmp_path / "新电脑"
    tenproj(merged.workspace.root, "backup", str(file))
    data = file.read_bytes()
    if spoil == "a byte":
        at = len(data) // 3
        file.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
    elif spoil == "cut":
        file.write_bytes(data[: len(data) // 2])
    elif spoil == "another file":
        shutil.copy(merged.workspace.plan, file)
    else:
        with zipfile.ZipFile(file) as old:
            said = json.loads(old.read("备份内容.json"))
        said["files"]["../外面.xlsx"] = said["files"]["设置.xlsx"]
        with zipfile.ZipFile(file, "w") as new:
            new.writestr("备份内容.json", json.dumps(said))
            new.writestr("../外面.xlsx", "x")
    refused = tenproj(other, "restore", str(file))
    assert refused.exit_code == 3
    assert "没有恢复" in refused.stderr
    assert list(other.iterdir()) == []
    assert not (tmp_path / "外面.xlsx").exists()


def test_nothing_is_restored_over_a_workspace(merged: Office, tmp_path: Path) -> None:
    file = tmp_path / "备份.zip"
    tenproj(merged.workspace.root, "backup", str(file))
    refused = tenproj(merged.workspace.root, "restore", str(file))
    assert (refused.exit_code, "没有恢复，以免盖掉" in refused.stderr) == (2, True)


def test_a_backup_within_the_workspace_is_refused(merged: Office) -> None:
    refused = tenproj(merged.workspace.root, "backup", str(merged.workspace.root / "备份.zip"))
    assert (refused.exit_code, "工作区以外" in refused.stderr) == (2, True)


def test_what_is_no_file_is_never_replaced_by_a_backup(merged: Office, tmp_path: Path) -> None:
    for place in (tmp_path, Path(os.devnull)):
        with pytest.raises(UsageProblem, match="不是文件。请写备份文件的名称"):
            work.backup(merged.workspace, place)
    assert Path(os.devnull).is_char_device()


def test_a_backup_that_cannot_be_noted_is_made_all_the_same(
    merged: Office, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file, noted = tmp_path / "备份.zip", merged.workspace.ledger / "上次备份.json"
    noted.unlink(missing_ok=True)
    noted.mkdir()  # stands for a disk that is full or cannot be written to
    done = tenproj(merged.workspace.root, "backup", str(file))
    noted.rmdir()
    assert (done.exit_code, "没能记下“上次备份”" in caplog.text) == (0, True), done.stderr
    other = tmp_path / "新电脑"
    other.mkdir()
    assert tenproj(other, "restore", str(file)).exit_code == 0


def test_what_a_link_leads_to_is_not_backed_up(merged: Office, tmp_path: Path) -> None:
    outside, link = tmp_path / "别处.txt", merged.workspace.outbox / "链接.txt"
    outside.write_text("不是工作区里的")
    link.symlink_to(outside)
    file = tmp_path / "备份.zip"
    assert tenproj(merged.workspace.root, "backup", str(file)).exit_code == 0
    link.unlink()
    with zipfile.ZipFile(file) as packed:
        assert not [name for name in packed.namelist() if name.endswith("链接.txt")]


def test_a_ledger_with_a_breach_does_not_replace_a_good_backup(merged: Office, tmp_path: Path) -> None:
    file = tmp_path / "备份.zip"
    tenproj(merged.workspace.root, "backup", str(file))
    good = file.read_bytes()
    with closing(sqlite3.connect(merged.workspace.ledger / "台账.sqlite3")) as ledger, ledger:
        ledger.execute("UPDATE receipts SET body = replace(body, '0', '1')")
    refused = tenproj(merged.workspace.root, "backup", str(file))
    assert (refused.exit_code, "没有备份，以免盖掉好的一份" in refused.stderr) == (3, True)
    assert file.read_bytes() == good


def test_status_reminds_of_a_backup_when_the_last_is_old(merged: Office, tmp_path: Path) -> None:
    now = datetime.now(UTC)

    def reminders(days: int) -> list[str]:
        notices = status(merged.workspace, now=now + timedelta(days=days)).notices
        return [notice for notice in notices if "tenproj backup" in notice]

    assert reminders(1) == []
    assert reminders(20)[0].startswith("还没有备份过")
    tenproj(merged.workspace.root, "backup", str(tmp_path / "备份.zip"))
    assert reminders(10) == []
    assert reminders(20)[0].startswith("上次备份是")


def test_a_file_that_changes_while_it_is_packed_stops_the_backup_and_says_what_to_do(
    merged: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = zipfile.ZipFile.write

    def meanwhile(file: zipfile.ZipFile, path: Path, name: str) -> None:
        if name == "设置.xlsx":
            path.write_bytes(b"saved anew")
        packed(file, path, name)

    monkeypatch.setattr(zipfile.ZipFile, "write", meanwhile)
    stopped = tenproj(merged.workspace.root, "backup", str(tmp_path / "备份.zip"))
    assert stopped.exit_code == 3
    assert (
        "“设置.xlsx”与备份时不同，没有备份成。可能有文件正被改动，请关闭打开的表格，再运行一次。"
        in stopped.stderr
    )
    assert not (tmp_path / "备份.zip").exists()


def test_a_merge_while_a_backup_is_made_leaves_nothing_amiss_in_it(
    merged: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = work._write

    def after_a_merge(*arguments: Any) -> int:
        merged.send(merged.right("04"))
        merge(merged.workspace, merged.period)
        merge(merged.workspace, merged.period)
        return write(*arguments)

    monkeypatch.setattr(work, "_write", after_a_merge)
    assert tenproj(merged.workspace.root, "backup", str(tmp_path / "备份.zip")).exit_code == 0
    tenproj(tmp_path / "新电脑", "restore", str(tmp_path / "备份.zip"))
    again = merge(Workspace(tmp_path / "新电脑"), merged.period)
    assert again.discrepancies == ()
