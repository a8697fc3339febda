"""Whose turn it is to record: one run at a time; the next one waits a while, and is told for whom.

A note beside the ledger says who is at it. Where it is still there and nobody is, that run was cut off, and
what it left is cleared.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from platform import node

from filelock import FileLock, Timeout

from tenproj_xl.core.access import mode_within
from tenproj_xl.core.drives import network_drive
from tenproj_xl.core.errors import EnvironmentProblem
from tenproj_xl.core.remains import clear_all_remains

LOCK, NOTE = "台账.lock", "运行中.txt"
PATIENCE = 60.0
"""Seconds that a run waits for the one before."""
_STEP = 0.1
_MADE_BY_US = ("outbox", "备份")
"""Folders beside that of the ledger in which all files are made by commands."""
_LOG = logging.getLogger(__name__)


@contextmanager
def own_turn(folder: Path, who: str) -> Iterator[None]:
    """Wait until no other run records in the ledger of a folder, and keep others from it meanwhile.

    Args:
        folder: Where the ledger lies.
        who: The command, as others are told.

    Raises:
        EnvironmentProblem: Another run is at it for longer than anybody waits.
    """
    note = folder / NOTE
    lock = FileLock(folder / LOCK, mode=mode_within(folder))
    _wait(lock, note)
    try:
        was_cut_off = note.exists()
        note.unlink(missing_ok=True)  # it may be of another user
        note.write_text(_at_work(who), encoding="utf-8")
        if was_cut_off:
            for made in (folder, *(folder.parent / name for name in _MADE_BY_US)):
                clear_all_remains(made)
        _warn_of_network(folder)
        yield
    finally:
        with suppress(OSError):  # the next run takes the note for that of one that was cut off
            note.unlink(missing_ok=True)
        lock.release()


def _wait(lock: FileLock, note: Path) -> None:
    try:
        lock.acquire(timeout=0)
    except Timeout:
        _LOG.warning("正在等 %s 结束……", _running(note))
    else:
        return
    try:
        lock.acquire(timeout=PATIENCE, poll_interval=_STEP)
    except Timeout as fault:
        raise EnvironmentProblem(
            f"等了{PATIENCE:.0f}秒，{_running(note)} 还没有结束，这一次没有运行。请等它结束后再运行。"
        ) from fault


def _at_work(who: str) -> str:
    """Return who is at it and since when: `A3-PC 上的 tenproj merge（11月29日10:32开始）`."""
    now = datetime.now().astimezone()
    return f"{node() or '本机'} 上的 {who}（{now.month}月{now.day}日{now:%H:%M}开始）"


def _running(note: Path) -> str:
    try:
        return note.read_text(encoding="utf-8") or "另一个命令"
    except OSError:  # it has just ended, or not yet said
        return "另一个命令"


def _warn_of_network(folder: Path) -> None:
    kind = network_drive(folder)
    if kind:
        _LOG.warning(
            "工作区在网络盘（%s）上，网络盘的占用标记不一定可靠，两台电脑同时运行可能损坏台账。"
            "请约定同一时间只在一台电脑上运行，并常用 tenproj backup 备份；"
            "或者把工作区放在一台电脑的本机磁盘上，用 tenproj backup 和 restore 在电脑之间交接。",
            kind,
        )
