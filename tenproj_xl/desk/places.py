"""Folders outside the workspace that a backup can be written into: those of other disks and sticks first."""

import os
import string
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from tenproj_xl.app.workspace import Workspace
from tenproj_xl.desk.choices import Offer

_MOUNTS = ("/media/*/*", "/run/media/*/*", "/mnt/*", "/data")
_BESIDE = "备份"


def places(workspace: Workspace) -> list[Offer]:
    """Return the folders that can be written to, those on other disks first."""
    root = workspace.root.resolve()
    found = [Offer(str(folder), f"{folder}（另一个磁盘或U盘）") for folder in _disks(root)]
    beside = root.parent / _BESIDE
    if os.access(root.parent, os.W_OK) and not beside.is_relative_to(root):
        found.append(Offer(str(beside), f"{beside}（同一个磁盘，磁盘坏了就没有了）"))
    return found


def _disks(root: Path) -> Iterator[Path]:
    """Yield the top folders of other disks that can be written to."""
    disk = root.stat().st_dev
    for folder in _mounted():
        try:
            is_other = folder.is_dir() and folder.stat().st_dev != disk
        except OSError:  # a drive without a disk in it
            continue
        if is_other and os.access(folder, os.W_OK):
            yield folder


def _mounted() -> Iterator[Path]:
    if os.name == "nt":
        for letter in string.ascii_uppercase[2:]:
            yield Path(f"{letter}:/")
        return
    for pattern in _MOUNTS:
        yield from sorted(Path("/").glob(pattern.lstrip("/")))


def backup_name(workspace_name: str, now: datetime) -> str:
    """Return the name of a backup that is made now; two never have the same."""
    return f"{workspace_name}_备份_{now:%Y-%m-%d_%H%M%S}.zip"
