"""Where returns come from: a `Source`; the inbox folder is one."""

import logging
import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.errors import EnvironmentProblem
from tenproj_xl.core.files import files_below, sha256_of_file
from tenproj_xl.core.limits import LIMITS
from tenproj_xl.core.moments import NO_MOMENTS, Moments
from tenproj_xl.reading.content import Content, look_at
from tenproj_xl.reading.members import clean_name

_NOISE = {"thumbs.db", "desktop.ini"}
_UNFINISHED = (
    *(".part", ".partial", ".crdownload", ".download", ".downloading", ".opdownload", ".tmp"),
    *(".!ut", ".td", ".xltd", ".aria2"),
)
"""What mail clients, browsers and other programs call a file that they have not finished."""
NOT_OPEN = "收件夹“{}”打不开，可能没有权限，这次没有看。"
_A_MOMENT = 0.2
_FRESH_SECONDS = 2
_JUST_NOW = timedelta(seconds=60)
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Received:
    """One file: `name` is its path below the inbox, `received_at` its modification time when first seen.

    A time ahead of the clock is not believed: such a file was received when it was looked at. `moments` are
    what tells when it was made, as it tells. `sha256` is "" for what is too large to be read at all.
    `channel` is what it came by, in the office's words, "" where nobody said. A file of a folder that is
    only watched `is_watched`: nothing there is touched. One that was taken out of a mail beforehand has the
    `sender` of the mail, and what it `said`.
    """

    name: str
    path: Path
    content: Content
    sha256: str
    received_at: datetime
    moments: Moments = NO_MOMENTS
    channel: str = ""
    is_watched: bool = False
    sender: str = ""
    said: str = ""

    @property
    def data(self) -> bytes:
        """All its bytes, which are read anew each time."""
        return self.content.read()


@dataclass(frozen=True)
class Collected:
    """What a source has: files, oldest first; names of other things; names of what is still on its way.

    `folders` are sentences about folders that could not be looked through.
    """

    files: tuple[Received, ...]
    passed_over: tuple[str, ...] = ()
    arriving: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()


class Source(Protocol):
    """Where returns come from."""

    def collect(self) -> Collected:
        """Return the files that are there now, and leave them where they are."""

    def remove(self, files: Iterable[Received]) -> None:
        """Take files away that are archived and recorded."""


@dataclass(frozen=True)
class InboxFolder:
    """A folder into which the operator saves what is mailed, with its subfolders.

    What is larger than `largest` bytes is looked at and not read. `channel` is what its files came by.
    """

    path: Path
    largest: int = LIMITS.size
    channel: str = ""

    def collect(self) -> Collected:
        """Return the files in the folder.

        Raises:
            EnvironmentProblem: there is no such folder, which must not be taken for an empty one.
            OSError: It cannot be listed. Of one below it that cannot, a sentence tells.
        """
        found = _files_in(self.path)
        files = receive(found.paths, self.path, largest=self.largest)
        if self.channel:
            files = [replace(file, channel=self.channel) for file in files]
        return Collected(tuple(files), found.passed_over, found.arriving, found.folders)

    def remove(self, files: Iterable[Received]) -> None:
        """Delete files from the folder."""
        for file in files:
            take_away(file)


def take_away(file: Received) -> None:
    """Delete a received file where it lies, unless another one lies there under its name by now.

    Whoever saves a file once more while a run is at work means the next run to take it.
    """
    try:
        if sha256_of_file(file.path) == file.sha256:
            file.path.unlink()
        else:
            _LOG.warning("收件夹里的“%s”在收取时被换成了另一份，没有动它，下次运行时收取。", file.name)
    except FileNotFoundError:
        return  # somebody took it away


@dataclass(frozen=True)
class _Found:
    paths: tuple[Path, ...]
    passed_over: tuple[str, ...]
    arriving: tuple[str, ...]
    folders: tuple[str, ...]


def _files_in(inbox: Path) -> _Found:
    if not inbox.is_dir():
        raise EnvironmentProblem(
            f"没有收件夹“{inbox.name}”。请在工作区里新建这个文件夹，把收到的回表放进去，再运行一次。"
        )
    closed: list[Path] = []

    def leave(fault: OSError) -> None:
        if Path(fault.filename) == inbox:
            raise fault
        closed.append(Path(fault.filename))

    everything = files_below(inbox, leave)
    noise = dict.fromkeys(p for p in everything if p.is_symlink() or is_noise(p.name))
    arriving = _arriving([p for p in everything if p not in noise])
    paths = tuple(p for p in everything if p not in noise and p not in arriving)
    passed_over = tuple(p.name for p in noise if p.name != ".gitkeep")
    return _Found(
        paths=paths,
        passed_over=passed_over,
        arriving=tuple(p.name for p in everything if p in arriving),
        folders=tuple(NOT_OPEN.format(p.relative_to(inbox.parent).as_posix()) for p in sorted(closed)),
    )


def _arriving(paths: Sequence[Path]) -> set[Path]:
    """Return the files still being written: by their name, by a change, or held by another program."""
    unfinished = {p for p in paths if is_unfinished(p.name) or not _opens(p)}
    fresh = {}
    for path in set(paths) - unfinished:
        state = _state(path)
        if state is None or time.time() - state.st_mtime < _FRESH_SECONDS:
            fresh[path] = state
    if fresh:
        time.sleep(_A_MOMENT)
    return unfinished | {path for path, before in fresh.items() if _has_changed(path, before)}


def _has_changed(path: Path, before: os.stat_result | None) -> bool:
    """Return whether a file is another one than it was, or gone."""
    now = _state(path)
    if now is None or before is None:
        return True
    return (now.st_size, now.st_mtime_ns) != (before.st_size, before.st_mtime_ns)


def _state(path: Path) -> os.stat_result | None:
    """Return size and times of a file, None for one that is gone."""
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _opens(path: Path) -> bool:
    try:
        with path.open("rb"):
            return True
    except (PermissionError, FileNotFoundError):  # as Windows answers while a program is copying; gone again
        return False


def may_be_arriving(received: Received, now: datetime) -> bool:
    """Return whether a file is so new that, where it cannot be read, its end may still be on the way."""
    filed = received.moments.filed or received.received_at
    return filed <= now and now - received.received_at < _JUST_NOW


def is_unfinished(name: str) -> bool:
    """Return whether a file is called as programs call what they have not finished."""
    return name.lower().endswith(_UNFINISHED)


def is_noise(name: str) -> bool:
    """Return whether a file of this name was left by a program and holds nothing of a person's."""
    return name.startswith(("~$", ".")) or name.lower() in _NOISE


def receive(
    paths: Iterable[Path], inbox: Path | None = None, *, largest: int = LIMITS.size
) -> list[Received]:
    """Look at files; return them oldest first, ties by hash: never in the order in which they happen to lie.

    Args:
        paths: The files.
        inbox: The folder below which they are named; without one they have their own name.
        largest: What is larger is not read; its hash is "".
    """
    found = []
    for path in paths:
        try:
            found.append(_received(path, inbox, largest))
        except FileNotFoundError:
            continue  # gone again since it was listed
    return sorted(found, key=lambda r: (r.received_at, r.sha256, r.name))


def shown_name(name: str) -> str:
    """Return a name as people know it: zips from Windows leave names in GBK on other systems."""
    try:
        name.encode()
    except UnicodeEncodeError:
        name = os.fsencode(name).decode("gb18030", "replace")
    return clean_name(name)


def present() -> datetime:
    """Return the moment that no file can have been received after."""
    return datetime.now(UTC)


def moment_of(seconds: float) -> datetime:
    """Return the time of a file, to the second."""
    return datetime.fromtimestamp(int(seconds), UTC)


def until_present(changed: datetime) -> datetime:
    """Return when a file was received by its time: not after now, so that no wrong clock makes it late."""
    return min(changed, present().replace(microsecond=0))


def _received(path: Path, inbox: Path | None, largest: int) -> Received:
    content = look_at(path, largest)
    changed = moment_of(path.stat().st_mtime)
    name = path.name
    if inbox is not None:
        name = path.relative_to(inbox).as_posix()
    return Received(
        name=shown_name(name),
        path=path,
        content=content,
        sha256=content.sha256,
        received_at=until_present(changed),
        moments=Moments(filed=changed),
    )
