"""A folder on a drive of another computer is told by the table of what is mounted where."""

from pathlib import Path

import pytest

from tenproj_xl.core.drives import network_drive

_LINE = "{number} 1 0:{number} / {point} rw,relatime shared:{number} - {kind} {source} rw"


def mounts(folder: Path, *mounted: tuple[Path, str]) -> Path:
    """Write a table in which a disk of this computer is at the root, and others below."""
    lines = [_LINE.format(number=20, point="/", kind="ext4", source="/dev/sda1")]
    for number, (point, kind) in enumerate(mounted, 21):
        named = str(point).replace(" ", "\\040")
        lines.append(_LINE.format(number=number, point=named, kind=kind, source="//server/share"))
    table = folder / "mountinfo"
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return table


@pytest.mark.parametrize(
    "kind", ["nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "9p", "vboxsf", "davfs", "ceph", "fuse.rclone"]
)
def test_a_drive_of_another_computer_is_named_by_its_kind(kind: str, tmp_path: Path) -> None:
    shared = tmp_path / "共享 盘"
    table = mounts(tmp_path, (shared, kind))
    assert network_drive(shared / "十项" / "ledger", table) == kind


@pytest.mark.parametrize("kind", ["ext4", "xfs", "btrfs", "tmpfs", "overlay", "vfat", "fuse.gocryptfs"])
def test_a_disk_of_this_computer_is_none(kind: str, tmp_path: Path) -> None:
    table = mounts(tmp_path, (tmp_path / "盘", kind))
    assert network_drive(tmp_path / "盘" / "ledger", table) == ""


def test_the_innermost_mount_counts_and_of_several_at_one_place_the_last(tmp_path: Path) -> None:
    share, disk = tmp_path / "a", tmp_path / "a" / "b"
    table = mounts(tmp_path, (disk, "ext4"), (share, "cifs"))
    assert (network_drive(disk, table), network_drive(share, table)) == ("", "cifs")
    over = mounts(tmp_path, (share, "cifs"), (share, "ext4"))
    assert network_drive(share, over) == ""
    assert network_drive(tmp_path / "ab", mounts(tmp_path, (share, "cifs"))) == ""


def test_where_there_is_no_such_table_nothing_is_said(tmp_path: Path) -> None:
    assert network_drive(tmp_path, tmp_path / "none") == ""
