"""One run records at a time: the next waits, is told for whom and since when, and is told of network drives."""

import logging
import re
import threading
import time
from pathlib import Path

import pytest

from tenproj_xl.core import drives
from tenproj_xl.core.errors import EnvironmentProblem
from tenproj_xl.ledger import turns
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.ledger.store import open_ledger
from tests.core.test_drives import mounts
from tests.core.test_remains import ended, left_by

_WHO = re.compile(r"\S+ 上的 tenproj merge（\d+月\d+日\d\d:\d\d开始）")


class Run:
    """A run that is at the ledger until it is told to end."""

    def __init__(self, folder: Path, who: str) -> None:
        self._begun, self._over = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._hold, args=(folder, who))
        self._thread.start()
        assert self._begun.wait(10)

    def _hold(self, folder: Path, who: str) -> None:
        with open_ledger(folder, who=who):
            self._begun.set()
            self._over.wait(30)

    def end(self) -> None:
        """Let it end."""
        self._over.set()
        self._thread.join()


def test_who_records_waits_for_the_run_before_and_is_told_whose_it_is(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    first = Run(tmp_path, "tenproj merge")
    threading.Timer(0.5, first.end).start()
    began = time.monotonic()
    with open_ledger(tmp_path, who="tenproj ingest"):
        waited = time.monotonic() - began
    assert waited >= 0.4
    (told,) = caplog.messages
    assert told.startswith("正在等 ")
    assert told.endswith(" 结束……")
    assert _WHO.search(told)


def test_who_has_waited_long_enough_is_told_for_whom_and_since_when(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "PATIENCE", 0.3)
    first = Run(tmp_path, "tenproj merge")
    with (
        pytest.raises(EnvironmentProblem, match="还没有结束，这一次没有运行。请等它结束后再运行。") as told,
        open_ledger(tmp_path, who="tenproj ingest"),
    ):
        pass
    assert _WHO.search(str(told.value))
    first.end()
    with open_ledger(tmp_path, who="tenproj ingest"):
        pass


def test_who_looks_waits_for_no_run(tmp_path: Path) -> None:
    first = Run(tmp_path, "tenproj merge")
    began = time.monotonic()
    with look_into_ledger(tmp_path) as ledger:
        assert ledger.receipts() == []
    assert time.monotonic() - began < 5
    first.end()


def test_a_run_that_was_cut_off_is_cleared_away_by_the_next(tmp_path: Path) -> None:
    folder, outbox = tmp_path / "ledger", tmp_path / "outbox" / "2026-W48"
    for made in (folder / "archive" / "ab", outbox):
        made.mkdir(parents=True)
    left = [left_by(ended(), folder / "archive" / "ab"), left_by(ended(), outbox)]
    with open_ledger(folder, who="tenproj merge"):
        pass
    assert [path.exists() for path in left] == [True, True]  # nothing says that a run was cut off
    (folder / turns.NOTE).write_text("A3 上的 tenproj merge（11月29日10:32开始）", encoding="utf-8")
    with open_ledger(folder, who="tenproj merge"):
        pass
    assert [path.exists() for path in (*left, folder / turns.NOTE)] == [False, False, False]


def test_on_a_network_drive_each_run_that_records_says_how_to_work_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    table = mounts(tmp_path, (tmp_path / "共享", "cifs"))
    told_by = drives.network_drive
    monkeypatch.setattr(turns, "network_drive", lambda folder: told_by(folder, table))
    with caplog.at_level(logging.WARNING), open_ledger(tmp_path / "共享" / "ledger", who="tenproj merge"):
        pass
    (told,) = caplog.messages
    assert "网络盘（cifs）" in told
    assert "同一时间只在一台电脑上运行" in told
    assert "tenproj backup 和 restore 在电脑之间交接" in told
    caplog.clear()
    with look_into_ledger(tmp_path / "共享" / "ledger"):
        pass
    with open_ledger(tmp_path / "本机" / "ledger", who="tenproj merge"):
        pass
    assert caplog.messages == []
