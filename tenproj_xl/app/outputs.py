"""Files for people: written whole, remembered by their hash, never over what somebody has edited."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.files import archive, atomic_write, sha256
from tenproj_xl.ledger.store import Ledger
from tenproj_xl.model.publications import MadeFile
from tenproj_xl.model.settings import Loaded

_LOG = logging.getLogger(__name__)


class Outputs:
    """The files that one command writes. A file that is not as it was written is kept beside, and told of."""

    def __init__(self, workspace: Workspace, loaded: Loaded, ledger: Ledger) -> None:
        self._workspace = workspace
        self._loaded = loaded
        self._ledger = ledger
        self._made: dict[Path, MadeFile] = {}

    @contextmanager
    def write(self, path: Path) -> Iterator[Path]:
        """Give a temporary path to write to; what lies at `path` gives way to it, edited files by a new name.

        Raises:
            EnvironmentProblem: The file is held open by another program, or cannot be written.
        """
        with atomic_write(path) as temporary:
            yield temporary
            self._made[path] = self._giving_way(path, temporary)

    @contextmanager
    def write_for_good(self, path: Path, command: str) -> Iterator[Path]:
        """Give a temporary path as `write` does, and record the file before it lies at `path`.

        For what the command does not write a second time: cut off in between, it writes it again.
        """
        with atomic_write(path) as temporary:
            yield temporary
            self._made[path] = self._giving_way(path, temporary)
            self.record_alone(command)

    def _giving_way(self, path: Path, temporary: Path) -> MadeFile:
        """Let what lies at a path give way; return what is remembered of the file that comes there."""
        digest = sha256(temporary.read_bytes())
        made = MadeFile(self._workspace.relative(path), digest)
        if path.exists():
            self._keep_edited(path, made)
        return made

    def write_archived(self, path: Path, write: Callable[[Path], None]) -> MadeFile:
        """Write a file, and keep its bytes in the archive, too; return what is remembered of it."""
        with self.write(path) as temporary:
            write(temporary)
        archive(self._workspace.archive, path.read_bytes())
        return self._made[path]

    @property
    def hashes(self) -> dict[Path, str]:
        """The hashes of the files as they were written."""
        return {path: file.sha256 for path, file in self._made.items()}

    @property
    def has_new(self) -> bool:
        """Whether anything was written that was not written there before."""
        return any(not self._ledger.was_made(file.path, file.sha256) for file in self._made.values())

    def record(self) -> None:
        """Record in the batch at hand what was written, as far as it was not written there before."""
        for file in self._made.values():
            if not self._ledger.was_made(file.path, file.sha256):
                self._ledger.record_made_file(file)

    def record_alone(self, command: str) -> None:
        """Record what was written in a batch of its own."""
        with self._ledger.batch(command, datetime.now(UTC), self._loaded.snapshots):
            self.record()

    def _keep_edited(self, path: Path, made: MadeFile) -> None:
        digest = sha256(path.read_bytes())
        if digest == made.sha256 or self._ledger.was_made(made.path, digest):
            return
        copy = _free_name(path)
        path.rename(copy)
        _LOG.warning(
            "“%s”与程序上次写的不同，可能手工改过，没有覆盖：原来的一份已改名为“%s”，在同一文件夹里。",
            path.name,
            copy.name,
        )


def _free_name(path: Path) -> Path:
    """Return a name beside a file that says on which day it was last edited."""
    edited_on = datetime.fromtimestamp(path.stat().st_mtime).astimezone().date()
    name = f"{path.stem}_手改备份_{edited_on:%Y-%m-%d}"
    for number in count(1):
        ordinal = ""
        if number > 1:
            ordinal = f"-{number}"
        copy = path.with_name(f"{name}{ordinal}{path.suffix}")
        if not copy.exists():
            break
    return copy
