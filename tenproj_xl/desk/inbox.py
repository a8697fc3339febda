"""Returns that are dropped on the page: they go into the inbox as they are, and nothing here reads them."""

import threading
from datetime import UTC, datetime
from pathlib import Path

from werkzeug.datastructures import FileStorage

from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.access import make_folder
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.desk.files import safe_name, same_file, saved
from tenproj_xl.reading.inbox import is_noise, shown_name

_comparing = threading.Lock()
"""Of two files with the same bytes that come at the same time one stays: each would give way to the other."""


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A file that was dropped: what it is called in the inbox, and whether it lay there already.

    What programs leave behind (`~$…`, thumbs.db) `is_noise` and is not put there.
    """

    name: str
    is_known: bool = False
    is_noise: bool = False


def take(workspace: Workspace, sent: FileStorage, modified: str = "") -> Taken:
    """Put a file into the inbox, beside what lies there under its name; the same bytes lie there once.

    Args:
        workspace: The workspace.
        sent: The file.
        modified: When it was last changed, in milliseconds, as the browser says; else it is as of now.
    """
    name = safe_name(sent.filename or "")
    if is_noise((sent.filename or "").replace("\\", "/").rpartition("/")[2]):
        return Taken(name=name, is_noise=True)
    make_folder(workspace.inbox)
    with _comparing:
        path = saved(sent, workspace.inbox, name, _seconds(modified))
        earlier = same_file(path, _lying(workspace))
        if earlier is not None:
            path.unlink(missing_ok=True)
            return Taken(name=_told(earlier, workspace), is_known=True)
    return Taken(name=path.name)


def _seconds(modified: str) -> float | None:
    """Return a time of a file in seconds, None where none was told or it lies ahead."""
    if not modified.isascii() or not modified.isdigit():
        return None
    seconds = int(modified[:15]) / 1000
    return min(seconds, datetime.now(UTC).timestamp())


def lying(workspace: Workspace) -> list[str]:
    """Return the names of what lies in the inbox, below it, too, as people know them."""
    return [_told(path, workspace) for path in _lying(workspace)]


def _told(path: Path, workspace: Workspace) -> str:
    return shown_name(path.relative_to(workspace.inbox).as_posix())


def _lying(workspace: Workspace) -> list[Path]:
    if not workspace.inbox.is_dir():
        return []
    return sorted(path for path in workspace.inbox.rglob("*") if path.is_file() and not is_noise(path.name))
