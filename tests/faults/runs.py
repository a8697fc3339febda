"""A command in a process of its own, which strace counts, kills or lets fail at one of its calls.

The process is forked from one that has everything imported, so that a run takes as long as the command's work. Only
its main thread is traced, which makes every call that concerns the workspace; readers and their threads are not.
"""

import ctypes
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tenproj_xl.cli.main import main
from tests.faults.state import TEMPORARY

KILL = "KILL"
CALLS = (
    *("write", "pwrite64", "writev", "fsync", "fdatasync", "rename", "renameat", "renameat2", "unlink"),
    *("unlinkat", "openat", "ftruncate", "truncate", "fallocate", "mkdir", "rmdir", "sendfile"),
    *("copy_file_range", "link", "linkat", "symlink", "utimensat", "chmod", "fchmod"),
)
_PASSES_BY = {"台账.lock"}
_LINE = re.compile(r"(?P<call>\w+)\((?P<rest>.*)")
_PR_SET_PTRACER = 0x59616D61
_SECONDS = 120


class NotPermittedError(Exception):
    """The machine does not let strace look at processes."""


@dataclass(frozen=True)
class Call:
    """A call: its name, which one of that name it is, and the file that it concerns."""

    name: str
    number: int
    path: str


@dataclass(frozen=True)
class Run:
    """What became of a run: exit code (negative: the signal), what it said, and the calls that strace saw."""

    code: int
    said: str
    log: str


def calls_in(log: str, root: Path) -> list[Call]:
    """Return the calls of a log that write something below a folder."""
    seen: dict[str, int] = {}
    found = []
    for line in log.splitlines():
        match = _LINE.match(line)
        if match is None:
            continue
        name, rest = match["call"], match["rest"]
        seen[name] = seen.get(name, 0) + 1
        path = _path_in(rest, root)
        if not path or Path(path).name in _PASSES_BY or (name == "openat" and "O_CREAT" not in rest):
            continue
        found.append(Call(name, seen[name], path))
    return found


def _path_in(rest: str, root: Path) -> str:
    """Return the first path below a folder that a call names, from there on, "" if there is none."""
    text = rest.encode().decode("unicode_escape").encode("latin-1").decode("utf-8", "replace")
    match = re.search(re.escape(str(root)) + r"""/([^">]*)["> ]""", text)
    return re.sub(r"\.\w*-?\d+\.tmp", ".~.tmp", match[1]) if match else ""


def traced(
    command: Sequence[str], root: Path, *, inject: Mapping[str, str] | None = None, when: int = 0
) -> Run:
    """Run a command in a folder under strace.

    Args:
        command: What follows `tenproj`.
        root: The folder.
        inject: The name of a call, and what befalls it, as strace has it; None to count all.
        when: The number of the call that it befalls.

    Raises:
        NotPermittedError: strace is not there, or may not look.
    """
    log = root.with_name(f"{root.name}.strace")
    options = ["-e", f"trace={','.join(CALLS)}"]
    if inject:
        ((name, what),) = inject.items()
        options = ["-e", f"trace={name}", "-e", f"inject={name}:{what}:when={when}"]
    pid, go, said = _forked(command, root)
    tracer = _attached(pid, [*options, "-y", "-s", "0", "-o", str(log)])
    os.write(go, b"!")
    os.close(go)
    code = _ended(pid)
    tracer.communicate(timeout=_SECONDS)
    text = log.read_text("utf-8", "replace")
    log.unlink()
    return Run(code, _read(said), text)


def plain(command: Sequence[str], root: Path) -> Run:
    """Run a command in a folder, undisturbed."""
    pid, go, said = _forked(command, root)
    os.write(go, b"!")
    os.close(go)
    return Run(_ended(pid), _read(said), "")


def _attached(pid: int, options: Sequence[str]) -> "subprocess.Popen[str]":
    program = shutil.which("strace")
    if program is None:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        raise NotPermittedError("strace is not installed")
    tracer = subprocess.Popen(  # noqa: S603  # our own command line
        [program, *options, "-p", str(pid)], stderr=subprocess.PIPE, text=True
    )
    assert tracer.stderr is not None
    line = tracer.stderr.readline()
    if "attached" not in line:
        tracer.communicate(timeout=_SECONDS)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        raise NotPermittedError(line.strip() or "strace said nothing")
    return tracer


def _forked(command: Sequence[str], root: Path) -> tuple[int, int, Path]:
    """Start a command that waits for a byte; return its process, where to send that, and what it will say."""
    said = root.with_name(f"{root.name}.said")
    temporary = root / TEMPORARY
    temporary.mkdir(exist_ok=True)
    waits, go = os.pipe()
    pid = os.fork()
    if pid:
        os.close(waits)
        return pid, go, said
    code = 70
    try:
        os.close(go)
        _settle_down(said, root)
        os.read(waits, 1)
        code = _called(command)
    finally:
        os._exit(code)


def _settle_down(said: Path, root: Path) -> None:
    output = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115  # the process ends with it
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115  # the process ends with it
    os.environ["TMPDIR"] = str(root / TEMPORARY)
    os.chdir(root)
    ctypes.CDLL(None).prctl(_PR_SET_PTRACER, ctypes.c_ulong(-1), 0, 0, 0)  # where only a parent may look


def _called(command: Sequence[str]) -> int:
    tempfile.tempdir = os.environ["TMPDIR"]  # what tries it out is no work of ours
    try:
        main.main([*command], prog_name="tenproj")
    except SystemExit as ended:
        code = ended.code
    else:
        code = 0
    sys.stdout.flush()
    sys.stderr.flush()
    return code if isinstance(code, int) else 1


def _ended(pid: int) -> int:
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end:
        found, status = os.waitpid(pid, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.005)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return -signal.SIGALRM


def _read(said: Path) -> str:
    text = said.read_text("utf-8", "replace")
    said.unlink()
    return text
