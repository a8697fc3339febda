"""Commands that run as processes, one at a time: their words as they come, their progress, their end."""

import json
import os
import shlex
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from tenproj_xl.core.errors import UsageProblem

PROGRESS_VARIABLE = "TENPROJ_PROGRESS"
"""With `lines` in it a command says on stderr how far it is, in lines that begin with `PROGRESS_MARK`."""
PROGRESS_MARK = "\x1e"
_KEPT = 50
_NO_WINDOW = 0x08000000
"""Windows: no console opens for the process."""
_ENDINGS = {
    0: "已完成。",
    1: "已完成，有需要您处理的，见下面的说明。",
    2: "没有运行：选的或填的内容不对，见下面的说明。",
    3: "没有做完：文件夹、文件或这台电脑有问题，见下面的说明。处理后再点一次，不会重复计入。",
    4: "程序出错，没有做完，此前入账的内容不受影响。见下面的说明。",
}
_CUT_OFF = "中途停了，没有做完。再点一次就接着做，不会重复计入。"


class Busy(UsageProblem):
    """A command runs already."""


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a command is: `done` of `total` things, and the seconds left as far as it can be told."""

    what: str
    done: int
    total: int
    left: float | None = None

    @classmethod
    def of_line(cls, line: str) -> "Progress | None":
        """Return what a line of progress says, None where it says nothing."""
        try:
            said = json.loads(line.removeprefix(PROGRESS_MARK))
            left = said.get("left")
            seconds = None if left is None else float(left)
            done, total = int(said["done"]), int(said["total"])
            return cls(what=str(said["what"]), done=done, total=total, left=seconds)
        except (ValueError, KeyError, TypeError, AttributeError):
            return None

    @property
    def spoken(self) -> str:
        """What people read: `读取回表：第3个，共10个，约还要20秒`."""
        said = f"{self.what}：{self.done}／{self.total}"
        if self.left is None:
            return said
        if self.left < 90:
            return f"{said}，约还要{max(1, round(self.left))}秒"
        return f"{said}，约还要{round(self.left / 60)}分钟"


@dataclass(kw_only=True)
class Job:
    """A command that runs or ran. `step` is the code of the step whose button it was."""

    number: int
    step: str
    title: str
    arguments: tuple[str, ...]
    started: datetime
    ended: datetime | None = None
    status: int | None = None
    progress: Progress | None = None
    lines: list[str] = field(default_factory=list)
    before: Mapping[Path, tuple[int, int]] = field(default_factory=dict, repr=False)
    products: tuple[Path, ...] = ()

    @property
    def is_running(self) -> bool:
        """Whether it runs still."""
        return self.ended is None

    @property
    def command(self) -> str:
        """The command as it would be typed."""
        return " ".join(["tenproj", *map(shlex.quote, self.arguments)])

    @property
    def ending(self) -> str:
        """How it ended, in words."""
        if self.status is None:
            return ""
        return _ENDINGS.get(self.status, _CUT_OFF)

    @property
    def text(self) -> str:
        """All its words so far."""
        return "\n".join(self.lines)


class Jobs:
    """The commands of a desk."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jobs: list[Job] = []
        self._count = 0
        self._process: subprocess.Popen[str] | None = None

    @property
    def running(self) -> Job | None:
        """The command that runs, None where none does."""
        last = self._jobs[-1] if self._jobs else None
        return last if last and last.is_running else None

    @property
    def past(self) -> list[Job]:
        """All commands that are remembered, newest first."""
        return self._jobs[::-1]

    def job(self, number: int) -> Job | None:
        """Return a command by its number, None where it is not remembered."""
        return next((job for job in self._jobs if job.number == number), None)

    def start(self, root: Path, arguments: Sequence[str], *, step: str, title: str) -> Job:
        """Start a command in a workspace.

        Raises:
            Busy: Another one runs.
        """
        with self._lock:
            running = self.running
            if running:
                raise Busy(f"“{running.title}”正在运行，请等它做完再点。")
            self._count += 1
            job = Job(
                number=self._count,
                step=step,
                title=title,
                arguments=tuple(arguments),
                started=datetime.now(UTC),
                before=_written(root),
            )
            self._process = _process(root, arguments)
            self._jobs = [*self._jobs, job][-_KEPT:]
        threading.Thread(target=self._follow, args=(job, self._process, root), daemon=True).start()
        return job

    def wait(self, job: Job, seconds: float = 600) -> None:
        """Wait for the end of a command."""
        if self._process:
            self._process.wait(seconds)
        ended = threading.Event()
        while job.is_running and not ended.wait(0.01):
            pass

    @staticmethod
    def _follow(job: Job, process: "subprocess.Popen[str]", root: Path) -> None:
        for line in process.stdout or ():
            said = line.rstrip("\r\n")
            if said.startswith(PROGRESS_MARK):
                job.progress = Progress.of_line(said) or job.progress
            else:
                job.lines.append(said)
        job.status = process.wait()
        after = _written(root)
        job.products = tuple(sorted(path for path, mark in after.items() if job.before.get(path) != mark))
        job.ended = datetime.now(UTC)


def _process(root: Path, arguments: Sequence[str]) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tenproj_xl.cli.main", "-C", str(root), *arguments]
    environment = {**os.environ, "PYTHONUTF8": "1", PROGRESS_VARIABLE: "lines"}
    environment["PYTHONSAFEPATH"] = "1"  # what lies in the folder is never taken for a module
    return subprocess.Popen(  # noqa: S603
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        env=environment,
        creationflags=_NO_WINDOW if os.name == "nt" else 0,
    )


def _written(root: Path) -> dict[Path, tuple[int, int]]:
    """Return what lies in outbox, with what tells whether a file was written since."""
    found = {}
    for folder in ("outbox", "备份"):
        for path in (root / folder).rglob("*"):
            if path.is_file() and not path.name.startswith(("~$", ".")):
                status = path.stat()
                found[path] = (status.st_mtime_ns, status.st_size)
    return found
