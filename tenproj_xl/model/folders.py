r"""收件夹: the folders that returns are taken from besides the inbox, as the office enters them.

Where a folder lies is told by its text alone: nobody waits for a shared drive to read the settings. A path of
Windows (`E:\回表`, `\\服务器\共享`) means nothing on another system, where it counts as out of reach.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path, PureWindowsPath

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.findings import Finding, Place, finding

_QUOTES = "\"'“”‘’"
"""What Windows puts around a path that it copies, and people type."""
_INBOX = "inbox"
_PATIENCE = 10.0
"""Seconds that a drive may take to say if it is there."""
_OF_THE_PROGRAM = {"outbox": "发件夹", "ledger": "台账", "备份": "备份", "workbook_templates": "模板"}
"""Folders of the workspace that the program writes into."""
_OTHER_FOLDER = "请改填别的文件夹，或删去这一行"


class Taking(LabelledCode):
    """What becomes of the files in a folder of 收件夹 once they are taken in."""

    EMPTIED = "emptied", "取走"
    """They leave the folder, which is there for returns alone."""
    WATCHED = "watched", "旁看"
    """Only forms of ours are copied; nothing in the folder is touched."""


@dataclass(frozen=True, kw_only=True)
class FolderLine:
    """One line: the folder as it was typed, what becomes of its files, and which channel they came by.

    `place` is where the folder stands in the settings.
    """

    text: str
    taking: Taking
    channel: str
    place: Place

    @property
    def is_watched(self) -> bool:
        """Whether nothing in the folder is touched."""
        return self.taking is Taking.WATCHED

    def path(self, root: Path) -> Path | None:
        """Return where the folder of a workspace at `root` lies, None for a path of another system."""
        text = self.text.strip().strip(_QUOTES).strip()
        if os.name == "nt":
            text = os.path.expandvars(text)
        elif PureWindowsPath(text).drive:
            return None
        else:
            text = text.replace("\\", "/")
        with suppress(RuntimeError):  # nobody's home
            return _whole(root / Path(text).expanduser())
        return None

    def is_inbox(self, root: Path) -> bool:
        """Whether it is the inbox of the workspace, whose channel it then tells."""
        path = self.path(root)
        return path is not None and _key(path) == _key(root / _INBOX)


def folder_faults(lines: Sequence[FolderLine], root: Path) -> Iterator[Finding]:
    """Yield a finding for each folder that returns must not be taken from in this way.

    Args:
        lines: The lines of 收件夹.
        root: The folder of the workspace.
    """
    before: list[tuple[FolderLine, Path]] = []
    for line in lines:
        path = line.path(root)
        if path is None:
            continue
        if unfit := _unfit(line, path, root):
            why, advice = unfit
            yield finding(Code.SETTING_FOLDER, line.place, line.text, expected=why, advice=advice)
        else:
            yield from _with_others(line, path, before)
        before.append((line, path))


def folders_away(lines: Sequence[FolderLine], root: Path) -> Iterator[Finding]:
    """Yield a finding for each folder that is not there now; a shared drive may take its time to answer."""
    for line in lines:
        path = line.path(root)
        advice = "U盘没有插上、共享盘没有连上的，接上以后自然会收，写错了的请改正这一格"
        if path is None:
            advice = "这是Windows的位置，在这台电脑上用不了，请改填这台电脑上的位置，或删去这一行"
        if path is None or not _is_there(path):
            yield finding(Code.SETTING_FOLDER_AWAY, line.place, line.text, advice=advice)


def _unfit(line: FolderLine, path: Path, root: Path) -> tuple[str, str] | None:
    """Return why a folder is unfit by itself, and what to do; None for one that is fit."""
    own = _whole(root)
    if _key(path) == _key(own):
        return "就是工作区本身", _OTHER_FOLDER
    for name, called in _OF_THE_PROGRAM.items():
        if _is_within(path, own / name):
            return f"在工作区的{called}（{name}）里，那里的文件是程序写的", _OTHER_FOLDER
    if _is_within(path, own / _INBOX):
        return _unfit_inbox(line, is_itself=line.is_inbox(root))
    return None if line.is_watched else _not_to_empty(path, own)


def _unfit_inbox(line: FolderLine, *, is_itself: bool) -> tuple[str, str] | None:
    if not is_itself:
        return "在工作区的收件夹（inbox）里面，本来就会收取", "请删去这一行"
    if line.is_watched:
        return "是工作区的收件夹，收完总是移走", "请把“方式”改为“取走”"
    return None


def _not_to_empty(path: Path, own: Path) -> tuple[str, str] | None:
    """Return why files must not be taken out of a folder, and what to do; None where they may be."""
    if _is_within(own, path):
        return "里面有工作区，不能取走", "请另建一个专放回表的文件夹"
    homes = []
    with suppress(RuntimeError):  # nobody's home
        homes.append(_key(Path.home()))
    if path.parent == path or _key(path) in homes:
        advice = "请把“方式”改为“旁看”，或另建一个专放回表的文件夹"
        return "里面有许多别的文件，会被当作回表移走", advice
    return None


def _with_others(
    line: FolderLine, path: Path, before: Sequence[tuple[FolderLine, Path]]
) -> Iterator[Finding]:
    """Yield a finding where a folder stands twice, or one lies in another."""
    for other, place in before:
        row = other.place.row
        if _key(path) == _key(place):
            yield finding(Code.SETTING_TWICE, line.place, f"“{line.text}”", expected=row)
            return
        for inner, outer in ((path, place), (place, path)):
            if _is_within(inner, outer):
                where = "里面" if inner == path else "外面"
                why = f"在第{row}行“{other.text}”的{where}，同一个文件会收两次"
                advice = "请只保留一行"
                yield finding(Code.SETTING_FOLDER, line.place, line.text, expected=why, advice=advice)
                return


def _is_within(path: Path, folder: Path) -> bool:
    return Path(_key(path)).is_relative_to(_key(folder))


def _key(path: Path) -> str:
    """Return a path in the one spelling by which two of the same folder are equal."""
    return os.path.normcase(_whole(path))


def _whole(path: Path) -> Path:
    """Return a path from the root on, by its text alone: links are not followed, no drive is asked."""
    return Path(os.path.normpath(Path.cwd() / path))


def _is_there(path: Path) -> bool:
    from tenproj_xl.reading.folders import TooSlowError, in_time  # noqa: PLC0415  # few have further folders

    try:
        return in_time(path.is_dir, _PATIENCE)
    except (OSError, TooSlowError):
        return False
