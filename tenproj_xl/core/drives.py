"""Whether a folder lies on a drive of another computer, where locks on files cannot be trusted."""

import os
import re
import sys
from pathlib import Path

_NETWORK = frozenset(
    {
        *("nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "9p", "vboxsf", "vmhgfs", "prl_fs"),
        *("ceph", "glusterfs", "lustre", "gpfs", "davfs", "fuse.sshfs", "fuse.davfs", "fuse.rclone"),
        *("fuse.vmhgfs-fuse", "fuse.gvfsd-fuse", "fuse.s3fs", "fuse.glusterfs", "fuse.ceph", "fuse.smbnetfs"),
    }
)
"""File systems of Linux that another computer serves, even if it is the host of a virtual machine."""
MOUNTS = Path("/proc/self/mountinfo")
_REMOTE = 4
"""What Windows calls a drive of another computer."""


def network_drive(folder: Path, mounts: Path = MOUNTS) -> str:
    """Return what kind of network drive a folder lies on, "" for a disk of this computer.

    Args:
        folder: The folder.
        mounts: The table of what is mounted where, as Linux gives it.
    """
    place = folder.resolve()
    if sys.platform == "win32":
        return _kind_on_windows(place)
    try:
        table = mounts.read_text("utf-8", "surrogateescape")
    except OSError:  # not Linux
        return ""
    kind = _kind_of(place, table)
    return kind if kind in _NETWORK else ""


def _kind_of(place: Path, table: str) -> str:
    """Return the file system of the innermost mount that a path lies below; of several there the last."""
    found, depth = "", -1
    for line in table.splitlines():
        fields, _, source = line.partition(" - ")
        point = Path(_unescaped(fields.split(" ")[4]))
        if len(point.parts) >= depth and place.is_relative_to(point):
            found, depth = source.split(" ")[0], len(point.parts)
    return found


def _unescaped(text: str) -> str:
    r"""Return a path as it is, `\040` being a blank."""
    raw = re.sub(rb"\\([0-7]{3})", lambda m: bytes([int(m[1], 8)]), os.fsencode(text))
    return os.fsdecode(raw)


def _kind_on_windows(place: Path) -> str:
    import ctypes  # noqa: PLC0415  # needed there alone

    if place.drive.startswith("\\\\"):
        return "共享文件夹"
    kind = ctypes.windll.kernel32.GetDriveTypeW(place.anchor)  # type: ignore[attr-defined]  # of Windows
    return "映射的网络驱动器" if kind == _REMOTE else ""
