"""Folders that are emptied: the inbox, and others that the office has for returns, as on a shared drive.

Such a drive may be out, and one that has gone to sleep may not answer for minutes: both are told, and nobody
waits for long.
"""

import logging
from collections.abc import Callable, Iterable
from itertools import chain
from pathlib import Path
from threading import Thread
from typing import TypeVar

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.errors import EnvironmentProblem
from tenproj_xl.reading.inbox import NOT_OPEN, Collected, InboxFolder, Received, take_away

PATIENCE = 30.0
"""Seconds that a folder may take to answer."""
AWAY = "收件夹“{}”没有找到（U盘没有插上，或共享盘没有连上），这次没有看。"
SLOW = "收件夹“{}”反应太慢，这次没有看完，下次接着看。"
_LOG = logging.getLogger(__name__)
_Result = TypeVar("_Result")


class TooSlowError(Exception):
    """Something has not answered in time."""


def in_time(work: Callable[[], _Result], seconds: float | None = None) -> _Result:
    """Return what some work gives, which may hang in the system; it is given up and left behind then.

    Raises:
        TooSlowError: It was not done in time.
    """
    done: list[_Result] = []
    faults: list[Exception] = []

    def run() -> None:
        try:
            done.append(work())
        except Exception as fault:  # noqa: BLE001  # raised where it is waited for
            faults.append(fault)

    thread = Thread(target=run, daemon=True)
    thread.start()
    thread.join(PATIENCE if seconds is None else seconds)
    if faults:
        raise faults[0]
    if not done:
        raise TooSlowError
    return done[0]


@dataclass(frozen=True)
class EmptiedFolder:
    """A folder besides the inbox that is emptied, and as the office calls it."""

    called: str
    folder: InboxFolder | None
    """None where it cannot be on this computer."""

    def collect(self) -> Collected:
        """Return its files; a sentence where it cannot be looked through."""
        if self.folder is None:
            return Collected((), folders=(AWAY.format(self.called),))
        try:
            return in_time(self.folder.collect)
        except EnvironmentProblem:
            return Collected((), folders=(AWAY.format(self.called),))
        except TooSlowError:
            return Collected((), folders=(SLOW.format(self.called),))
        except OSError:
            return Collected((), folders=(NOT_OPEN.format(self.called),))

    def remove(self, files: Iterable[Received]) -> None:
        """Delete files from the folder; what cannot be deleted is told, and comes up once more."""
        for file in files:
            try:
                take_away(file)
            except OSError:
                _LOG.warning(
                    "收件夹“%s”里的“%s”已经收取，但是移不走，下次运行时再移。里面的文件不能移走的，"
                    "请把“设置.xlsx”里这个收件夹的“方式”改为“旁看”。",
                    *(self.called, file.name),
                )


@dataclass(frozen=True)
class EmptiedFolders:
    """The inbox, which has to be there, and the other folders that are emptied."""

    inbox: InboxFolder
    others: tuple[EmptiedFolder, ...] = ()

    @property
    def paths(self) -> tuple[Path, ...]:
        """Where they lie."""
        return (self.inbox.path, *(other.folder.path for other in self.others if other.folder))

    def collect(self) -> Collected:
        """Return the files of all folders, the inbox first.

        Raises:
            EnvironmentProblem: There is no inbox.
        """
        found = [self.inbox.collect(), *(other.collect() for other in self.others)]
        return Collected(
            files=tuple(chain(*(one.files for one in found))),
            passed_over=tuple(chain(*(one.passed_over for one in found))),
            arriving=tuple(chain(*(one.arriving for one in found))),
            folders=tuple(chain(*(one.folders for one in found))),
        )

    def remove(self, files: Iterable[Received]) -> None:
        """Delete files from their folders."""
        left = list(files)
        for other in self.others:
            if other.folder is None:
                continue
            own = [file for file in left if file.path.is_relative_to(other.folder.path)]
            other.remove(own)
            left = [file for file in left if file not in own]
        self.inbox.remove(left)
