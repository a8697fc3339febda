"""Files that are whole or not there: atomic writing, and the archive of received files by hash."""

import hashlib
import logging
import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from io import BytesIO
from pathlib import Path

from tenproj_xl.core.access import like_its_folder, make_folder
from tenproj_xl.core.errors import EnvironmentProblem, UnwrittenFile
from tenproj_xl.core.remains import clear_once, temporary_name
from tenproj_xl.core.system_faults import system_fault

_LOG = logging.getLogger(__name__)


def file_name(text: str) -> str:
    """Return a text as part of a file's name, on Windows too, without what has a meaning in paths."""
    kept = text.rstrip(". ")
    end = "_" if kept != text else ""
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]+', "_", kept) + end


def is_told(path: Path) -> bool:
    """Return whether a path can be told: names that other systems gave to files need not be texts."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def sha256(data: bytes) -> str:
    """Return the hash of a file's bytes, in hex."""
    return hashlib.sha256(data).hexdigest()


def sha256_of_file(path: Path) -> str:
    """Return the hash of a file, in hex, without holding it in memory."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def files_below(folder: Path, on_fault: Callable[[OSError], None] | None = None) -> list[Path]:
    """Return the files in a folder and below it, sorted, and links of any kind; none where it is not there.

    Args:
        folder: The folder.
        on_fault: Called for each folder that cannot be listed; without it the first one is raised.
            `Path.rglob` says nothing of them, as if they were empty.
    """

    def told(fault: OSError) -> None:
        if isinstance(fault, FileNotFoundError):
            return  # gone since its name was read
        if on_fault is None:
            raise fault
        on_fault(fault)

    found = []
    for place, folders, names in os.walk(folder, onerror=told):
        paths = [Path(place) / name for name in (*folders, *names)]
        found += [path for path in paths if path.is_symlink() or path.is_file()]
    return sorted(found)


@contextmanager
def atomic_write(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path` to write to; fsync and rename it to `path` at the end.

    Raises:
        UnwrittenFile: the file is held open by another program, as by Excel, or the folder is not to be
            written to.
    """
    make_folder(path.parent)
    clear_once(path.parent)
    temporary = path.with_name(temporary_name(path.name))
    try:
        yield temporary
        with temporary.open("rb+") as written:
            os.fsync(written.fileno())
        like_its_folder(temporary)
        temporary.replace(path)
    except BaseException as fault:  # whatever it is, it is a breach
        with suppress(OSError):  # what went wrong first is what is told; the next run clears what is left
            temporary.unlink(missing_ok=True)
        if not isinstance(fault, Exception):
            raise
        said = next((part for part in fault.args if isinstance(part, OSError)), fault)  # XlsxWriter wraps it
        own = (None, str(temporary), str(path))
        if not (isinstance(said, PermissionError) and said.filename in own):
            if isinstance(said, OSError) and said.filename == str(temporary):
                said.filename = str(path)  # nobody knows the other one
            raise said  # noqa: B904  # what is raised is what the system said
        raise UnwrittenFile(
            f"“{path.name}”写不进去，可能正被打开，或没有写入权限；请关闭后重新运行，仍不行的请检查文件夹的权限。"
        ) from fault
    _sync_folder(path.parent)


@contextmanager
def folders_synced_once() -> Iterator[None]:
    """Make the names of files durable at the end, folder by folder, instead of file by file.

    Each file is as durable as ever before it gets its name: none is ever there without its contents.
    """
    waiting: set[Path] = set()
    before = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(before)
        for folder in sorted(waiting):
            _sync_folder(folder)


_waiting: ContextVar[set[Path] | None] = ContextVar("waiting", default=None)


def _sync_folder(folder: Path) -> None:
    waiting = _waiting.get()
    if waiting is not None:
        waiting.add(folder)
        return
    if os.name == "nt":  # folders cannot be opened there, and renames are durable without
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def move_durably(path: Path, target: Path) -> None:
    """Rename a file within a file system, so that its name is what it was or what it is to be."""
    path.replace(target)
    _sync_folder(target.parent)


def must_be_closed(path: Path) -> None:
    """Raise EnvironmentProblem where a program has a workbook open, as the file that it lays beside it tells.

    Windows refuses to replace what is open. Other systems do not, and what the program saves later undoes it.
    """
    for beside in (f"~${path.name}", f".~{path.name}", f".~lock.{path.name}#"):
        if path.with_name(beside).exists():
            raise EnvironmentProblem(
                f"“{path.name}”正开着，没有改动它。请保存、关闭后再运行；"
                f"确实没有开着的，请删去旁边的“{beside}”（可能是隐藏文件）。"
            )


def write_file(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    with atomic_write(path) as temporary:
        temporary.write_bytes(data)


def write_note(path: Path, data: bytes) -> None:
    """Write what only helps a later run, as what was verified last; that it fails undoes nothing."""
    try:
        write_file(path, data)
    except EnvironmentProblem as fault:
        _LOG.warning("没能记下“%s”：%s其余的都已做好。", path.stem, fault)
    except OSError as fault:
        _LOG.warning("没能记下“%s”：%s其余的都已做好。", path.stem, system_fault(fault))


def bytes_written(write: Callable[[BytesIO], object]) -> bytes:
    """Return what a function writes into a file, which lies in memory."""
    file = BytesIO()
    write(file)
    return file.getvalue()


def all_bytes_written(writing: Iterable[Callable[[BytesIO], object]]) -> list[bytes]:
    """Return the same for several functions."""
    return [bytes_written(write) for write in writing]


def archive(folder: Path, data: bytes) -> str:
    """Keep bytes untouched and return the hash under which they are kept."""
    digest = sha256(data)
    path = archived(folder, digest)
    if not path.exists():
        write_file(path, data)
    return digest


def archive_blocks(folder: Path, digest: str, blocks: Iterable[bytes]) -> None:
    """Keep bytes untouched under their hash, as they come; nothing is held in memory.

    Raises:
        EnvironmentProblem: they are no longer those of the hash.
    """
    path = archived(folder, digest)
    if path.exists():
        return
    found = hashlib.sha256()
    with atomic_write(path) as temporary:
        with temporary.open("wb") as file:
            for block in blocks:
                found.update(block)
                file.write(block)
        if found.hexdigest() != digest:
            raise EnvironmentProblem(
                "收件夹里有文件正在变化，可能还在传输，这次没有收取；请等传完再运行一次。"
            )


def archived(folder: Path, digest: str) -> Path:
    """Where the bytes of a hash are kept."""
    return folder / digest[:2] / digest


def files_of_archive(folder: Path) -> list[Path]:
    """Return all files that lie where `archived` keeps them.

    Raises:
        OSError: A folder of the archive cannot be listed.
    """
    return [
        path for path in files_below(folder) if path.parent.parent == folder and len(path.parent.name) == 2
    ]
