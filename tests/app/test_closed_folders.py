"""A folder that the system does not let be listed is told: what lies in it is never taken for nothing."""

import errno
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tenproj_xl.cli.main import main
from tenproj_xl.ledger.looking import look_into_ledger
from tests.app.test_watched import watch
from tests.conftest import PERIOD
from tests.helpers.closed import close
from tests.helpers.filling import Office


def tenproj(office: Office, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(office.workspace.root), *arguments])


def received(office: Office) -> set[str]:
    with look_into_ledger(office.workspace.ledger) as ledger:
        return {name.rpartition("/")[2] for _, name, _ in ledger.received_files()}


def test_a_folder_in_the_inbox_that_cannot_be_listed_is_told_and_the_other_returns_go_on(
    week: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = week.workspace.inbox / "周五收的"
    closed.mkdir()
    week.send(week.right("03"))
    week.right("04").save(closed / "04.xlsx")
    with monkeypatch.context() as system:
        close(closed, system)
        said = tenproj(week, "ingest")
    assert "收件夹“inbox/周五收的”打不开，可能没有权限，这次没有看。" in said.output
    assert {name[:2] for name in received(week)} == {"03"}
    assert "打不开" not in tenproj(week, "ingest").output
    assert {name[:2] for name in received(week)} == {"03", "04"}


@pytest.mark.parametrize(
    ("number", "says"),
    [(errno.EROFS, "读写失败：这里只能读，不能写。"), (errno.EACCES, "写不进去，可能正被打开")],
)
def test_where_no_letter_can_be_written_the_real_file_is_named_and_what_came_is_said_to_count(
    week: Office, monkeypatch: pytest.MonkeyPatch, number: int, says: str
) -> None:
    week.send(week.right("03"))
    write_bytes = Path.write_bytes

    def refuse(path: Path, data: bytes) -> int:
        if path.is_relative_to(week.workspace.outbox):
            raise OSError(number, os.strerror(number), str(path))
        return write_bytes(path, data)

    with monkeypatch.context() as system:
        system.setattr(Path, "write_bytes", refuse)
        said = tenproj(week, "ingest")
    assert (said.exit_code, "区科技局.txt”" + says in said.stderr, ".tmp" in said.stderr) == (3, True, False)
    assert "这次收到的已经入账" in said.stderr
    assert {name[:2] for name in received(week)} == {"03"}
    assert tenproj(week, "ingest").exit_code == 0
    assert list(week.workspace.inbox.iterdir()) == []
    assert (week.workspace.outbox / PERIOD / "通知" / "区科技局.txt").exists()


def test_an_inbox_that_cannot_be_listed_is_not_taken_for_an_empty_one(
    week: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    week.send(week.right("03"))
    with monkeypatch.context() as system:
        close(week.workspace.inbox, system)
        said = tenproj(week, "ingest")
    assert (said.exit_code, "没有权限" in said.stderr) == (3, True)
    assert "没有待处理的文件" not in said.output


@pytest.mark.parametrize(("taking", "channel"), [("旁看", "微信"), ("取走", "共享盘")])
def test_a_folder_within_another_inbox_that_cannot_be_listed_is_told(
    week: Office, monkeypatch: pytest.MonkeyPatch, taking: str, channel: str
) -> None:
    share = watch(week, "科室共享", channel, taking)
    closed = share / "乙科"
    closed.mkdir()
    week.right("03").save(share / "03_区科技局_2026年第48期填报表.xlsx")
    week.right("04").save(closed / "04_区经信局_2026年第48期填报表.xlsx")
    with monkeypatch.context() as system:
        close(closed, system)
        said = tenproj(week, "ingest")
    assert "科室共享/乙科”打不开，可能没有权限，这次没有看。" in said.output
    assert {name[:2] for name in received(week)} == {"03"}


@pytest.mark.parametrize("folder", ["outbox", "inbox", "ledger/archive"])
def test_a_backup_that_would_lack_files_is_not_made(
    merged: Office, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    target = merged.workspace.root.parent / "备份.zip"
    with monkeypatch.context() as system:
        close(merged.workspace.root / folder, system)
        said = tenproj(merged, "backup", str(target))
    assert (said.exit_code, "没有权限" in said.stderr, target.exists()) == (3, True, False)


def test_papers_in_a_folder_that_cannot_be_listed_are_not_taken_for_none(
    merged: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as system:
        close(merged.workspace.outbox / PERIOD, system)
        said = tenproj(merged, "verify")
    assert (said.exit_code, "没有权限" in said.stderr) == (3, True)


def test_an_archive_of_a_year_that_cannot_be_looked_through_is_not_replaced(
    merged: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert tenproj(merged, "archive", "--year", "2026").exit_code == 0
    kept = next(path for path in sorted((merged.workspace.outbox / "归档_2026").iterdir()) if path.is_dir())
    corrected = kept / "手改.txt"
    corrected.write_text("改过", "utf-8")
    with monkeypatch.context() as system:
        close(kept, system)
        said = tenproj(merged, "archive", "--year", "2026")
    assert (said.exit_code, "检查权限" in said.stderr, corrected.exists()) == (3, True, True)
