"""Who may read and write what is kept: the owner alone, or a group that shares it; not on Windows.

A file that is written into a folder that is closed to others is closed to them, too: `like_its_folder`.
"""

import os
import stat
from contextlib import suppress
from pathlib import Path

from tenproj_xl.core.errors import EnvironmentProblem

_OTHERS = 0o007
_OWN_FOLDER, _SHARED_FOLDER = 0o700, 0o2770
"""With the set-group-id bit what is made in a folder belongs to its group."""
_FILE = 0o666


def restrict(path: Path, group: str = "") -> None:
    """Close a file, or a folder with all in it, to all but its owner and a group.

    What somebody else owns is left as it is: only that person can close it.

    Args:
        path: Where it is; nothing happens where it is not.
        group: The name of the group, "" for none.

    Raises:
        EnvironmentProblem: The machine has no such group, or the user is none of it.
    """
    if os.name != "posix" or not path.exists():
        return
    number = _number_of(group)
    if _is_restricted(path, number) or not _is_ours(path):
        return
    with suppress(PermissionError):  # a file system without rights, such as that of a USB stick
        for folder, folders, files in os.walk(path, topdown=False):
            for name in (*folders, *files):
                _close(Path(folder) / name, number)
        _close(path, number)  # last, for it tells that all is done


def make_folder(folder: Path) -> None:
    """Make a folder and those above it that are missing, closed to whom the one above them is closed."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    mode = stat.S_IMODE(folder.parent.stat().st_mode)
    if os.name == "posix" and not mode & _OTHERS:
        folder.chmod(mode)


def like_its_folder(file: Path) -> None:
    """Close a file to others where its folder is closed to them, and open it to whom that is open."""
    mode = stat.S_IMODE(file.parent.stat().st_mode)
    if os.name == "posix" and not mode & _OTHERS:
        file.chmod(mode_within(file.parent))


def mode_within(folder: Path) -> int:
    """Return the mode of a file that is as open as the folder that it lies in."""
    return stat.S_IMODE(folder.stat().st_mode) & _FILE


def _number_of(group: str) -> int | None:
    if not group:
        return None
    import grp  # noqa: PLC0415  # Windows has none

    try:
        return grp.getgrnam(group).gr_gid
    except KeyError as fault:
        raise EnvironmentProblem(
            f"“设置.xlsx”的“共用组”填了“{group}”，这台电脑没有这个用户组。请改成已有的用户组；一个人用的填“无”。"
        ) from fault


def _is_restricted(path: Path, group: int | None) -> bool:
    status = path.stat()
    of_group = group is None or status.st_gid == group
    return of_group and stat.S_IMODE(status.st_mode) == _mode(path, group)


def _is_ours(path: Path) -> bool:
    return os.name == "posix" and os.geteuid() in (0, path.stat().st_uid)


def _mode(path: Path, group: int | None) -> int:
    folder = _OWN_FOLDER if group is None else _SHARED_FOLDER
    if path.is_dir():
        return folder
    return folder & _FILE


def _close(path: Path, group: int | None) -> None:
    if path.is_symlink() or not _is_ours(path):
        return
    path.chmod(_mode(path, group))
    if group is not None and os.name == "posix":
        try:
            os.chown(path, -1, group)
        except PermissionError as fault:
            raise EnvironmentProblem(
                "您不在“设置.xlsx”的“共用组”里，不能把台账交给它共用。请联系管理员加入，或改成您所在的用户组。"
            ) from fault
        path.chmod(_mode(path, group))  # another group takes the bit away that sets it
