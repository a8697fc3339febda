"""What a run that was cut off left is cleared by the next, and nothing else is."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tenproj_xl.core import remains
from tenproj_xl.core.files import write_file
from tenproj_xl.core.remains import clear_all_remains, clear_remains, private_folder, temporary_name


def ended() -> int:
    """Return the number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def left_by(process: int, folder: Path, name: str = "台账.xlsx") -> Path:
    path = folder / temporary_name(name).replace(f"-{os.getpid()}.", f"-{process}.")
    path.write_bytes(b"half")
    return path


def test_a_file_that_a_process_left_unfinished_goes_when_somebody_writes_beside_it(tmp_path: Path) -> None:
    left = left_by(ended(), tmp_path)
    of_before = tmp_path / f".催报.txt.{ended()}.tmp"  # as versions before 0.4.0 called it
    of_before.write_bytes(b"half")
    write_file(tmp_path / "通知.txt", b"whole")
    assert [left.exists(), of_before.exists()] == [False, False]
    assert [path.name for path in tmp_path.iterdir()] == ["通知.txt"]


def test_what_a_process_that_runs_is_writing_stays(tmp_path: Path) -> None:
    mine, of_parent = left_by(os.getpid(), tmp_path), left_by(os.getppid(), tmp_path, "汇总.xlsx")
    clear_remains(tmp_path)
    assert [mine.exists(), of_parent.exists()] == [True, True]


def test_what_another_computer_left_on_a_shared_drive_stays_for_a_day(tmp_path: Path) -> None:
    fresh, old = (tmp_path / f".{name}.xlsx.0000-{ended()}.tmp" for name in "一二")
    for path in (fresh, old):
        path.write_bytes(b"half")
    for path, hours in ((fresh, 23), (old, 25)):
        moment = time.time() - hours * 3600
        os.utime(path, (moment, moment))
    clear_remains(tmp_path)
    assert [fresh.exists(), old.exists()] == [True, False]


@pytest.mark.parametrize(
    "name", [".tmp", "报表.tmp", ".报表.xlsx.tmp", ".a.12x.tmp", "tenproj-计划.xlsx", "tenproj-demo"]
)
def test_what_is_not_ours_stays(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"theirs")
    clear_all_remains(tmp_path)
    assert (tmp_path / name).exists()


def test_all_below_a_folder_is_cleared_at_once(tmp_path: Path) -> None:
    deep = tmp_path / "ab"
    deep.mkdir()
    left = left_by(ended(), deep)
    clear_all_remains(tmp_path)
    assert (left.exists(), deep.exists()) == (False, True)


def test_a_private_folder_goes_with_its_block_and_takes_along_those_that_were_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with private_folder() as kept:
        left = tmp_path / kept.name.replace(f"-{os.getpid()}-", f"-{ended()}-")
        left.mkdir()
        (left / "台账.sqlite3").write_bytes(b"a copy")
        with private_folder() as other:
            assert [left.exists(), kept.exists(), other.exists()] == [False, True, True]
    assert list(tmp_path.iterdir()) == []


def test_that_a_process_runs_is_known_of_every_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def not_ours(*_: int) -> None:
        raise PermissionError

    assert remains.is_running(os.getpid())
    assert not remains.is_running(ended())
    monkeypatch.setattr(os, "kill", not_ours)
    assert remains.is_running(1)
