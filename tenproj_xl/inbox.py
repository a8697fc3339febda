"""The inbox: which files lie there, in the order in which they count.

Reads: a folder and its subfolders. Gives: received files with their bytes, and what was passed over.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tenproj_xl.storage import sha256

_NOISE = {"thumbs.db", "desktop.ini", ".ds_store", ".gitkeep"}


@dataclass(frozen=True)
class Received:
    """One file: `name` is its path below the inbox, `received_at` its modification time when it was first seen."""

    name: str
    path: Path
    data: bytes
    sha256: str
    received_at: datetime


def files_in(inbox: Path) -> tuple[list[Path], list[str]]:
    """The files of a folder and its subfolders, and the names of those that are no returns, such as lock files."""
    found = sorted(p for p in inbox.rglob("*") if p.is_file() and not p.is_symlink())
    noise = [p for p in found if p.name.startswith(("~$", ".")) or p.name.lower() in _NOISE]
    passed_over = [p.name for p in noise if p.name != ".gitkeep"]
    return [p for p in found if p not in noise], passed_over


def receive(paths: Iterable[Path], inbox: Path | None = None) -> list[Received]:
    """Files with their bytes, oldest first, ties by hash: never in the order in which they happen to lie there."""
    return sorted(_read(paths, inbox), key=lambda r: (r.received_at, r.sha256))


def _read(paths: Iterable[Path], inbox: Path | None) -> Iterator[Received]:
    for path in paths:
        data = path.read_bytes()
        seen = datetime.fromtimestamp(int(path.stat().st_mtime), UTC)
        name = path.relative_to(inbox).as_posix() if inbox else path.name
        yield Received(name, path, data, sha256(data), seen)
