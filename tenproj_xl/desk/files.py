"""The files that the desk opens, saves and takes: from within the workspace's own folders alone."""

import os
import threading
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from werkzeug.datastructures import FileStorage

from tenproj_xl.app.editions import WALL
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.access import make_folder
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.core.files import atomic_write, file_name, is_told, sha256_of_file
from tenproj_xl.desk.controls import FileChoice
from tenproj_xl.reading.members import clean_name

_FOLDERS = ("outbox", "inbox", "备份", "workbook_templates", "交回")
_BOOKS = ("工作计划.xlsx", "设置.xlsx", "通讯录.xlsx", "上报格式.xlsx")
_SHOWN = (".xlsx", ".xlsm", ".xls", ".docx", ".pdf", ".txt", ".csv", ".html", ".eml", ".png", ".json", ".zip")
"""What opens as a document: nothing that would run."""
_PAGE, _ROLLUPS = ".html", "汇总"
"""A page is opened only where this program writes one, beside a roll-up: a stranger's scripts would run. What
units sent lies below outbox, too, once a year is archived."""
_LONGEST_TEXT = 200_000
"""Bytes of a text that a page shows."""
_GIVEN = "交回"
_LONGEST = 150
"""Bytes of a name, which file systems limit to 255."""
_PORTS = {f"{port}{n}" for port in ("com", "lpt") for n in "123456789¹²³"}
_DEVICES = {"con", "prn", "aux", "nul", "conin$", "conout$", *_PORTS}
_saving = threading.Lock()
"""Two files of one name that come at the same time are saved one after the other."""


def is_shown(workspace: Workspace, relative: str) -> bool:
    """Return whether a path below the workspace may be opened or saved by the operator."""
    root = workspace.root.resolve()
    if not is_told(Path(relative)):
        return False
    path = (root / relative.replace("\x00", "?")).resolve()
    if not path.is_relative_to(root) or not exists(path):
        return False
    parts = path.relative_to(root).parts
    if any(part.startswith(".") for part in parts):
        return False
    if len(parts) == 1 and path.is_file():
        return parts[0] in _BOOKS
    is_ours = bool(parts) and parts[0] in _FOLDERS
    if path.suffix.lower() == _PAGE and not path.is_dir():
        return is_ours and path.name.endswith(WALL) and path.parent.name == _ROLLUPS
    return is_ours and (path.is_dir() or path.suffix.lower() in _SHOWN)


def exists(path: Path) -> bool:
    """Return whether something lies under a path; nothing does under one that no disk can hold."""
    try:
        return path.exists()
    except OSError:  # a name that is too long for the disk
        return False


def whole_path(workspace: Workspace, relative: str) -> Path:
    """Return the path of what may be opened or saved.

    Raises:
        UsageProblem: It is not there, or none of the operator's.
    """
    if not is_shown(workspace, relative):
        raise UsageProblem("这个文件已经不在了，或不能从这里打开。请回到上一页刷新后再点。")
    return (workspace.root / relative).resolve()


def text_of_letter(path: Path) -> str:
    """Return the words of a letter or notice, a .txt file, as they are pasted; "" of any other file."""
    if path.suffix.lower() != ".txt" or path.stat().st_size > _LONGEST_TEXT:
        return ""
    return path.read_text("utf-8-sig", errors="replace")


def shown_in(workspace: Workspace, folder: Path) -> list[tuple[str, str, bool]]:
    """Return the path and name of what lies in a folder to be opened, and whether it is a folder itself."""
    found = []
    for path in sorted(folder.iterdir(), key=lambda one: (one.is_file(), one.name)):
        relative = workspace.relative(path)
        if is_shown(workspace, relative):
            found.append((relative, path.name, path.is_dir()))
    return found


def safe_name(name: str) -> str:
    """Return the name of a file as it can be saved on every machine, whatever a sender called it."""
    base = clean_name(name.replace("\\", "/").rpartition("/")[2]) or "未命名"
    stem, dot, suffix = file_name(base).lstrip(".~$").rpartition(".")
    if not stem:
        stem, dot, suffix = suffix, "", ""
    if stem.partition(".")[0].strip().lower() in _DEVICES:
        stem = f"_{stem}"
    while len(f"{stem}{dot}{suffix}".encode()) > _LONGEST and len(stem) > 1:
        stem = stem[:-1]
    return f"{stem or '未命名'}{dot}{suffix[:20].rstrip()}"


def free_path(folder: Path, name: str) -> Path:
    """Return a path in a folder that nothing lies under yet, numbered as browsers do."""
    path, number = folder / name, 1
    while path.exists():
        path = folder / f"{Path(name).stem}({number}){Path(name).suffix}"
        number += 1
    return path


def kept_upload(root: Path, sent: FileStorage, control: FileChoice) -> Path:
    """Save a file that is handed to a command, below 交回 by its day; where the same lies there, that one.

    Raises:
        UsageProblem: It has none of the endings that the command takes.
    """
    name = safe_name(sent.filename or "")
    if Path(name).suffix.lower() not in control.suffixes:
        wanted = "、".join(control.suffixes)
        raise UsageProblem(f"“{name}”不是这里要的文件，请选“{control.label}”（{wanted}）。")
    folder = root / _GIVEN / f"{datetime.now(UTC).astimezone():%Y-%m-%d}"
    make_folder(folder)
    path = saved(sent, folder, name)
    earlier = same_file(path, sorted(folder.iterdir()))
    if earlier is not None:
        path.unlink()
        return earlier
    return path


def saved(sent: FileStorage, folder: Path, name: str, modified: float | None = None) -> Path:
    """Save what a browser sends, whole or not at all, under a free name, as changed when `modified` says."""
    with _saving:
        path = free_path(folder, name)
        with atomic_write(path) as temporary:
            sent.save(temporary)
            if modified is not None:
                os.utime(temporary, (modified, modified))
    return path


def same_file(path: Path, others: Iterable[Path]) -> Path | None:
    """Return the first of other files that has the same bytes; those that cannot be read have others."""
    with suppress(OSError):  # taken in already
        size, own = path.stat().st_size, sha256_of_file(path)
        for other in others:
            if other != path and _has_bytes(other, size, own):
                return other
    return None


def _has_bytes(path: Path, size: int, digest: str) -> bool:
    try:
        return path.is_file() and path.stat().st_size == size and sha256_of_file(path) == digest
    except OSError:  # taken in meanwhile, or held open
        return False
