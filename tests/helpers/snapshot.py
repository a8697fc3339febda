"""Everything in a folder, to see whether anything was changed."""

from pathlib import Path

from tenproj_xl.core.files import sha256

Entry = tuple[int, int, str]


def snapshot(folder: Path) -> dict[str, Entry]:
    """Return mode, time of change in ns and hash of every file and folder, by path; hash "" of a folder.

    A folder's time tells also of files that were made in it and taken away again.
    """
    found = {".": _entry(folder)}
    for path in folder.rglob("*"):
        found[path.relative_to(folder).as_posix()] = _entry(path)
    return found


def _entry(path: Path) -> Entry:
    status = path.stat()
    digest = sha256(path.read_bytes()) if path.is_file() else ""
    return status.st_mode, status.st_mtime_ns, digest
