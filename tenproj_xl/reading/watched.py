"""Look through a folder in which other people's files lie: bounded, following no link, touching nothing.

What programs have not finished, what lies in a cloud and would have to be fetched first, and what is hidden
or the system's own, is left alone.
"""

import os
import stat
import time
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.files import sha256
from tenproj_xl.core.moments import Moments
from tenproj_xl.reading.content import HEAD, Spool
from tenproj_xl.reading.inbox import (
    Received,
    is_noise,
    is_unfinished,
    moment_of,
    shown_name,
    until_present,
)

MOST_FILES = 50_000
"""As many files of a folder are looked at."""
DEEPEST = 8
"""As far below a folder its files are looked at."""
_FRESH = 3 * 10**9
"""A file that was changed so shortly before may still be written, or be changed again without a trace."""
_SYSTEM_FOLDERS = {"$recycle.bin", "recycler", "system volume information", "lost+found", "__macosx"}
_SYSTEM_FOLDERS |= {"@eadir", "#recycle", "#snapshot"}
_HIDDEN = stat.FILE_ATTRIBUTE_HIDDEN | stat.FILE_ATTRIBUTE_SYSTEM
_IN_A_CLOUD = 0x1000 | 0x40000 | 0x400000
"""What Windows calls offline, to be recalled on opening, and on access to the data."""
_DATALESS = 0x40000000
"""What macOS calls a file of which only the name is here."""
_JUNCTION = 0xA0000003


@dataclass(frozen=True)
class Sighted:
    """A file as the folder lists it: `name` is its path below the folder, `changed` in nanoseconds."""

    path: Path
    name: str
    size: int
    changed: int

    @property
    def is_fresh(self) -> bool:
        """Whether it was changed so shortly before that it may be changed again without a trace."""
        return time.time_ns() - self.changed < _FRESH


@dataclass(frozen=True)
class Survey:
    """The files of a folder, and whether there were more, or deeper ones, than are looked at."""

    seen: tuple[Sighted, ...]
    is_cut: bool
    closed: tuple[str, ...] = ()
    """The folders below it that cannot be listed, as they are called from it."""


def survey(folder: Path, without: Collection[Path] = ()) -> Survey:
    """Return the files of a folder and its subfolders, but for some of these, the nearest first.

    Raises:
        OSError: The folder itself cannot be listed.
    """
    files: list[Sighted] = []
    is_cut = False
    closed: list[str] = []
    waiting = deque([(folder, 0)])
    while waiting:
        place, depth = waiting.popleft()
        try:
            entries = _entries(place)
        except OSError:
            if place == folder:
                raise
            closed.append(place.relative_to(folder).as_posix())
            continue
        for entry in entries:
            path = Path(entry.path)
            if _is_folder(entry):
                if path not in without and depth < DEEPEST:
                    waiting.append((path, depth + 1))
                is_cut = is_cut or depth >= DEEPEST
            elif seen := _file(entry, folder):
                files.append(seen)
            if len(files) >= MOST_FILES:
                return Survey(tuple(files), is_cut=True, closed=tuple(closed))
    return Survey(tuple(files), is_cut, tuple(closed))


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    """Return what a folder lists, but for links and what is hidden."""
    with os.scandir(folder) as listed:
        entries = [entry for entry in listed if not _is_left_alone(entry)]
    return sorted(entries, key=lambda entry: entry.name)


def _is_left_alone(entry: os.DirEntry[str]) -> bool:
    name = entry.name
    if is_noise(name) or name.lower() in _SYSTEM_FOLDERS:
        return True
    try:
        return entry.is_symlink() or is_out_of_bounds(entry.stat(follow_symlinks=False))
    except OSError:
        return True


def is_out_of_bounds(status: os.stat_result) -> bool:
    """Return whether the system says that something is hidden, leads elsewhere, or is not really here."""
    attributes = getattr(status, "st_file_attributes", 0)
    if getattr(status, "st_reparse_tag", 0) == _JUNCTION or attributes & (_HIDDEN | _IN_A_CLOUD):
        return True
    return bool(getattr(status, "st_flags", 0) & _DATALESS)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _file(entry: os.DirEntry[str], folder: Path) -> Sighted | None:
    """Return a file that may be looked at, None for any other thing."""
    if is_unfinished(entry.name):
        return None
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError:
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    path = Path(entry.path)
    return Sighted(path, path.relative_to(folder).as_posix(), status.st_size, status.st_mtime_ns)


@dataclass(frozen=True)
class Copied:
    """A file that was read once; `received` is None where it changed meanwhile, or is not to be read."""

    seen: Sighted
    received: Received | None


def copied(files: Sequence[Sighted], spool: Spool, largest: int) -> Iterator[Copied]:
    """Read files, each once and only now; what is larger than `largest` is not."""
    for seen in files:
        received = None
        if seen.size <= largest and (data := _bytes_of(seen)) is not None:
            changed = moment_of(seen.changed // 10**9)
            received = Received(
                name=shown_name(seen.path.name),
                path=seen.path,
                content=spool.keep(data),
                sha256=sha256(data),
                received_at=until_present(changed),
                moments=Moments(filed=changed),
                is_watched=True,
            )
        yield Copied(seen, received)


def head_of(seen: Sighted) -> bytes:
    """Return the first bytes of a file, none where another program does not let it be read."""
    try:
        with seen.path.open("rb") as file:
            return file.read(HEAD)
    except OSError:
        return b""


def _bytes_of(seen: Sighted) -> bytes | None:
    """Return the bytes of a file, None where it is not, or no longer, what it was when it was listed."""
    try:
        with seen.path.open("rb") as file:
            data = file.read(seen.size + 1)
            status = os.fstat(file.fileno())
    except OSError:
        return None
    unchanged = (status.st_size, status.st_mtime_ns) == (seen.size, seen.changed)
    return data if unchanged and len(data) == seen.size else None


def still_changing(files: Sequence[Sighted], pause: float = 0.2) -> frozenset[Path]:
    """Return those of the files that grow, or are changed, while they are watched for a moment."""
    fresh = [seen for seen in files if seen.is_fresh]
    if not fresh:
        return frozenset()
    time.sleep(pause)
    changing = set()
    for seen in fresh:
        try:
            status = seen.path.stat()
        except OSError:
            changing.add(seen.path)
            continue
        if (status.st_size, status.st_mtime_ns) != (seen.size, seen.changed):
            changing.add(seen.path)
    return frozenset(changing)
