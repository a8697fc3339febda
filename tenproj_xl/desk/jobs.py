"""Commands that run as processes, one at a time: their words as they come, their progress, their end."""

import os
import re
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import field
from datetime import UTC, datetime
from itertools import takewhile
from pathlib import Path

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.core.files import is_told
from tenproj_xl.core.progress import VARIABLE, Progress, progress_in

_KEPT = 50
_MOST_LINES = 2000
"""Of a command that says more, the middle is left out: the page shows all lines anew every second."""
_LONGEST_LINE = 4000
_QUOTED = re.compile(r"[\s\"'$&;|<>()*?]|^$")
_NO_WINDOW = 0x08000000
"""Windows: no console opens for the process."""
_ENDINGS = {
    0: "已完成。",
    1: "已完成，有需要您处理的，见下面的说明。",
    2: "没有运行：选的或填的内容不对，见下面的说明。",
    3: "没有做完：文件夹、文件或这台电脑有问题，见下面的说明。处理后再点一次，不会重复计入。",
    4: "程序出错，没有做完，此前入账的内容不受影响。见下面的说明。",
}
_STOPPED = "已停下，没有做完。再点一次就接着做，不会重复计入。"
_CUT_OFF = "中途停了，没有做完。再点一次就接着做，不会重复计入。"


class Busy(UsageProblem):
    """A command runs already."""


@dataclass(kw_only=True)
class Job:
    """A command that runs or ran. `step` is the code of the step whose button it was."""

    number: int
    step: str
    title: str
    root: Path
    arguments: tuple[str, ...]
    started: datetime
    ended: datetime | None = None
    status: int | None = None
    is_stopped: bool = False
    progress: Progress | None = None
    lines: list[str] = field(default_factory=list)
    left_out: int = 0
    before: Mapping[Path, tuple[int, int]] = field(default_factory=dict, repr=False)
    products: tuple[Path, ...] = ()

    @property
    def is_running(self) -> bool:
        """Whether it runs still."""
        return self.ended is None

    @property
    def command(self) -> str:
        """The command as it would be typed."""
        return as_typed(self.arguments, self.root)

    @property
    def ending(self) -> str:
        """How it ended, in words."""
        if self.status is None:
            return ""
        if self.is_stopped and self.status:
            return _STOPPED
        return _ENDINGS.get(self.status, _CUT_OFF)

    @property
    def text(self) -> str:
        """All its words so far."""
        return "\n".join(self.lines)

    @property
    def shown_lines(self) -> list[str]:
        """Its lines so far; where some were left out of the middle, a line tells that."""
        if not self.left_out:
            return self.lines[:]
        half = _MOST_LINES // 2
        return [*self.lines[:half], f"……（中间{self.left_out}行没有显示）……", *self.lines[half:]]

    def hear(self, line: str) -> None:
        """Take in a line that it says."""
        progress = progress_in(line)
        if progress:
            self.progress = progress
            return
        self.lines.append(line[:_LONGEST_LINE])
        if len(self.lines) > _MOST_LINES:
            del self.lines[_MOST_LINES // 2]
            self.left_out += 1


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

    def start(self, root: Path, arguments: Sequence[str], *, step: str, title: str, told: str = "") -> Job:
        """Start a command in a workspace; it reads from its input what it is `told`, which is not kept.

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
                root=root,
                arguments=tuple(arguments),
                started=datetime.now(UTC),
                before=_written(root),
            )
            self._process = _process(root, arguments)
            _tell(self._process, told)
            self._jobs = [*self._jobs, job][-_KEPT:]
        threading.Thread(target=self._follow, args=(job, self._process), daemon=True).start()
        return job

    def stop(self, job: Job) -> None:
        """Interrupt a command that runs, as Ctrl-C does; it leaves all as its next run can go on with.

        One that was interrupted before and runs still is ended.
        """
        if self._process and job is self.running:
            if job.is_stopped or os.name == "nt":
                self._process.kill()
            else:
                self._process.send_signal(signal.SIGINT)
            job.is_stopped = True

    def wait(self, job: Job, seconds: float = 600) -> None:
        """Wait for the end of a command."""
        if self._process:
            self._process.wait(seconds)
        ended = threading.Event()
        while job.is_running and not ended.wait(0.01):
            pass

    @staticmethod
    def _follow(job: Job, process: "subprocess.Popen[str]") -> None:
        try:
            with process:
                for line in process.stdout or ():
                    job.hear(line.rstrip("\r\n"))
            if job.is_stopped:  # an interpreter that was only starting tells where it was
                job.lines = list(takewhile(lambda line: not line.startswith("Traceback"), job.lines))
            after = _written(job.root)
            job.products = tuple(sorted(path for path, mark in after.items() if job.before.get(path) != mark))
        finally:  # whatever happens, it runs no more: else no other could, and the desk would never end
            job.status = process.returncode
            job.ended = datetime.now(UTC)


def as_typed(arguments: Sequence[str], root: Path) -> str:
    """Return a command as a person in the workspace would type it."""
    words = ["tenproj"]
    for argument in arguments:
        option, given, value = argument.partition("=")
        if argument == "--":
            continue
        if option.startswith("--") and given and not value.startswith("-"):
            words += [option, _quoted(value)]
        else:
            words.append(_quoted(argument.removeprefix(f"{root}{os.sep}")))
    return " ".join(words)


def _quoted(word: str) -> str:
    return f'"{word}"' if _QUOTED.search(word) else word


def said_now(root: Path, arguments: Sequence[str]) -> list[str]:
    """Return the lines that a command which only looks says, also beside one that runs."""
    process = _process(root, arguments)
    said, _ = process.communicate()
    return [line for line in said.splitlines() if progress_in(line) is None]


def _tell(process: "subprocess.Popen[str]", told: str) -> None:
    """Give a process its whole input."""
    if process.stdin:
        with suppress(OSError), process.stdin:  # one that has ended reads no more
            process.stdin.write(told)


def _process(root: Path, arguments: Sequence[str]) -> "subprocess.Popen[str]":
    # -P: what lies in the current folder is never taken for a module.
    command = [sys.executable, "-P", "-m", "tenproj_xl.cli.main", "-C", str(root.resolve()), *arguments]
    environment = {**os.environ, "PYTHONUTF8": "1", VARIABLE: "json"}
    return subprocess.Popen(  # noqa: S603
        command,
        cwd=root if root.is_dir() else None,  # where a command writes that was told a folder
        stdin=subprocess.PIPE,
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
        for place, _, names in os.walk(root / folder):
            for name in names:
                path = Path(place, name)
                with suppress(OSError):  # taken away meanwhile, or closed to us
                    status = path.stat()
                    if stat.S_ISREG(status.st_mode) and is_told(path) and not name.startswith(("~$", ".")):
                        found[path] = (status.st_mtime_ns, status.st_size)
    return found
