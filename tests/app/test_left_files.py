"""Size and head are looked at first: what can be no return is told and stays where it lies, unread and unarchived."""

import io
import os
import resource
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tenproj_xl.app.check import check
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.judge_files import judge_files
from tenproj_xl.app.plans import in_force
from tenproj_xl.app.results import FileResult
from tenproj_xl.app.workspace import load
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.errors import EnvironmentProblem
from tenproj_xl.core.files import archive_blocks, archived, sha256
from tenproj_xl.core.limits import LIMITS
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.model.statuses import Status
from tenproj_xl.reading import worker
from tenproj_xl.reading.content import Spool, look_at
from tenproj_xl.reading.inbox import receive
from tests.conftest import PERIOD
from tests.helpers.filling import Office

VIDEO = b"\0\0\0\x20ftypisom" + bytes(200)


def put(week: Office, name: str, data: bytes, size: int = 0) -> Path:
    """Put a file into the inbox; one that is larger than its data has a hole behind them, which takes no room."""
    path = week.workspace.inbox / name
    path.write_bytes(data)
    if size:
        os.truncate(path, size)
    at = week.deadline.timestamp() - 3600
    os.utime(path, (at, at))
    return path


def archive_of(week: Office) -> list[str]:
    return sorted(path.name for path in week.workspace.archive.glob("??/*"))


def told(results: Sequence[FileResult]) -> dict[str, tuple[Status, list[Code]]]:
    return {r.received.name: (r.status, [f.code for f in r.findings]) for r in results}


@pytest.mark.provokes(Code.FILE_OVERSIZE)
def test_a_file_larger_than_any_form_stays_and_is_told_each_time_without_a_receipt(week: Office) -> None:
    before = archive_of(week)
    big = put(week, "全年资料.zip", b"PK\x03\x04", 3 << 30)
    for _ in range(2):
        (result,) = ingest(week.workspace, PERIOD).files
        assert (result.status, [f.code for f in result.findings]) == (Status.REFUSED, [Code.FILE_OVERSIZE])
        assert result.findings[0].message.startswith("文件有3072MB，超过64MB，不会是填报表")
        assert (result.letter, result.received.sha256) == (None, "")
        assert big.exists()
    assert archive_of(week) == before
    with look_into_ledger(week.workspace.ledger) as ledger:
        assert not ledger.receipts(PERIOD)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(VIDEO, marks=pytest.mark.provokes(Code.FILE_FOREIGN)),
        b"RIFF\0\0\0\0AVI LIST",
        b"MZ\x90\0\x03",
        b"\x7fELF\x02",
    ],
)
def test_what_begins_as_a_film_or_a_program_is_neither_read_nor_kept(week: Office, data: bytes) -> None:
    path = put(week, "现场.mp4", data)
    (result,) = ingest(week.workspace, PERIOD).files
    assert [f.code for f in result.findings] == [Code.FILE_FOREIGN]
    assert path.exists()
    assert sha256(data) not in archive_of(week)


def test_forms_beside_such_files_are_taken_in_as_ever(week: Office) -> None:
    form = week.right("03").data
    taken = put(week, "03.xlsx", form)
    put(week, "会议录像.mp4", VIDEO, 200 << 20)
    put(week, "旧电脑备份.iso", b"\0", 100 << 20)
    results = told(ingest(week.workspace, PERIOD).files)
    assert results == {
        "03.xlsx": (Status.ACCEPTED, []),
        "会议录像.mp4": (Status.REFUSED, [Code.FILE_OVERSIZE]),
        "旧电脑备份.iso": (Status.REFUSED, [Code.FILE_OVERSIZE]),
    }
    assert not taken.exists()
    assert archived(week.workspace.archive, sha256(form)).read_bytes() == form


def test_the_size_that_counts_is_the_one_in_the_settings(week: Office) -> None:
    path = put(week, "大.xlsx", b"PK\x03\x04", 65 << 20)
    (result,) = check(week.workspace, [path], PERIOD).files
    assert [f.code for f in result.findings] == [Code.FILE_OVERSIZE]
    (smaller,) = receive([path], largest=66 << 20)
    assert smaller.sha256


@pytest.mark.provokes(Code.FILE_CHANGING)
def test_a_file_that_changes_while_it_is_read_is_left_for_the_next_run(week: Office) -> None:
    path = put(week, "03.xlsx", week.right("03").data)
    received = receive([path], week.workspace.inbox)
    path.write_bytes(week.right("08").data)
    loaded = week.loaded
    with look_into_ledger(week.workspace.ledger) as ledger:
        period = loaded.settings.period(PERIOD)
        (result,) = judge_files(received, in_force(loaded, ledger), ledger, period).files
    assert ([f.code for f in result.findings], result.stays) == ([Code.FILE_CHANGING], True)


def test_nothing_is_archived_under_the_hash_of_other_bytes(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="正在变化"):
        archive_blocks(tmp_path, sha256("甲".encode()), iter(["乙".encode()]))
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_what_is_taken_out_of_files_is_read_back_as_it_was_whatever_its_size() -> None:
    spool = Spool(in_memory=10)
    texts = [bytes([n]) * 7 for n in range(5)]
    kept = [spool.keep(text) for text in texts]
    assert [content.read() for content in reversed(kept)] == texts[::-1]
    assert [(b"".join(content.blocks()), content.size, content.head) for content in kept] == [
        (text, 7, text) for text in texts
    ]


def test_a_file_is_hashed_without_holding_it(tmp_path: Path) -> None:
    path = tmp_path / "大.bin"
    path.write_bytes(b"PK\x03\x04")
    os.truncate(path, 50 << 20)
    assert look_at(path, 64 << 20).sha256 == sha256(path.read_bytes())
    assert look_at(path, 1 << 20).sha256 == ""


_TAKES = """
import resource, sys
from pathlib import Path
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.workspace import Workspace
done = ingest(Workspace(Path(sys.argv[1])), sys.argv[2])
print(len(done.files), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def peak(week: Office, *sizes: int) -> Iterator[int]:
    for n, size in enumerate(sizes):
        put(week, f"扫描{n}.pdf", b"%PDF-1.7\n%" + str(n).encode(), size)
    command = [sys.executable, "-c", _TAKES, str(week.workspace.root), PERIOD]
    said = subprocess.run(command, capture_output=True, check=True, text=True).stdout.split()  # noqa: S603  # ours
    assert int(said[0]) == len(sizes)
    yield int(said[1]) << 10


@pytest.mark.skipif(not hasattr(resource, "RUSAGE_SELF"), reason="no peaks are told here")
def test_the_inbox_may_hold_more_than_memory_does(week: Office) -> None:
    (few,) = peak(week, 1 << 10)
    (many,) = peak(week, *[40 << 20] * 12)
    assert many - few < 200 << 20, "twelve files of 40 MB are not in memory at once"


_KILLED = "sys.path[:] = sys.argv[1:]; import os; from tenproj_xl.reading import worker"
_KILLED = f"import sys; {_KILLED}; worker.open_file = lambda *_: os.kill(os.getpid(), 9); worker.serve()"
"""A reading process that the system ends while it reads, as it does where memory is short."""


@pytest.mark.provokes(Code.FILE_LATER)
@pytest.mark.skipif(sys.platform == "win32", reason="nothing is killed by signals there")
def test_what_a_busy_machine_does_not_read_stays_and_is_taken_in_by_the_next_run(
    week: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(week, "03.xlsx", week.right("03").data)
    load(week.workspace)  # the plan was read while the machine had time
    with monkeypatch.context() as patch:
        patch.setattr(worker, "_SERVE", _KILLED)
        (result,) = ingest(week.workspace, PERIOD).files
    assert ([f.code for f in result.findings], result.letter) == ([Code.FILE_LATER], None)
    assert path.exists()
    with look_into_ledger(week.workspace.ledger) as ledger:
        assert not ledger.receipts(PERIOD)
    (again,) = ingest(week.workspace, PERIOD).files
    assert (again.status, path.exists()) == (Status.ACCEPTED, False)


@pytest.mark.provokes(Code.FILE_LONG_TEXT)
def test_a_text_as_long_as_a_book_is_no_form(week: Office) -> None:
    put(week, "日志.txt", "运行正常\n".encode() * (2 << 20))
    (result,) = ingest(week.workspace, PERIOD).files
    assert [f.code for f in result.findings] == [Code.FILE_LONG_TEXT]
    assert result.findings[0].message.startswith("这是26MB的纯文本，不会是填报表")


def test_a_long_text_that_bears_a_mark_is_held_all_the_same(week: Office) -> None:
    put(week, "日志.txt", "机密★1年\n".encode() + "运行正常\n".encode() * (2 << 20))
    (result,) = ingest(week.workspace, PERIOD).files
    assert result.status is Status.HELD


@pytest.mark.provokes(Code.FILE_UNREACHED)
def test_a_form_in_a_zip_of_hundreds_of_files_is_answered_by_name(week: Office) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("03.xlsx", week.right("03").data)
        for n in range(LIMITS.members):
            archive.writestr(f"照片{n}.jpg", b"\xff\xd8\xff" + str(n).encode())
        archive.writestr("08.xlsx", week.right("08").data)
    put(week, "回表.zip", file.getvalue())
    results = {r.received.name: r for r in ingest(week.workspace, PERIOD).files}
    assert results["回表.zip/03.xlsx"].status is Status.ACCEPTED
    assert [f.code for f in results["回表.zip/08.xlsx"].findings] == [Code.FILE_UNREACHED]
