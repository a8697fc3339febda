"""Whole processes, measured: seconds by the clock, memory of the largest and of all together."""

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean
from time import perf_counter, process_time

import psutil

_SAMPLE = 0.02
"""Seconds between two looks at the memory of a process and of those that it starts."""
_TO_CORRECT = 1
"""The exit code of ours that says that a sender has something to correct."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """What a process took: seconds by the clock, bytes of memory of the largest and of all at once.

    `processor` are the seconds of the processor, those of the processes that it started included.
    """

    seconds: float
    processor: float = 0.0
    largest: int = 0
    together: int = 0

    def without(self, other: "Run") -> "Run":
        """Return it less the time of another one, such as of its start alone."""
        return replace(self, seconds=self.seconds - other.seconds, processor=self.processor - other.processor)


def run(*command: str, is_watched: bool = False, may_say: int = 0) -> Run:
    """Run a command to its end.

    Args:
        command: The program and its arguments.
        is_watched: Whether its memory is looked at, which takes a little of a core's time.
        may_say: The exit code that is no fault, beside 0.

    Raises:
        RuntimeError: It failed.
    """
    began, used = perf_counter(), os.times()
    with subprocess.Popen(  # noqa: S603  # ours
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=_environment()
    ) as process:
        watch = _Watch(process.pid)
        if is_watched:
            watch.start()
        _, said = process.communicate()
        seconds = perf_counter() - began
        watch.end()
    if process.returncode not in (0, may_say):
        raise RuntimeError(f"{' '.join(command)}: {said}")
    now = os.times()
    processor = now.children_user + now.children_system - used.children_user - used.children_system
    return Run(seconds=seconds, processor=processor, largest=watch.largest, together=watch.together)


def measured(act: Callable[[], object]) -> Run:
    """Do something in this process, and return what it took."""
    began, used = perf_counter(), process_time()
    act()
    return Run(seconds=perf_counter() - began, processor=process_time() - used)


def _environment() -> dict[str, str]:
    """Return the environment of an installed program, which has its modules compiled."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def warm_up() -> None:
    """Have all modules compiled that the commands load, and read from the disk."""
    with tempfile.TemporaryDirectory() as folder:
        tenproj(Path(folder), "demo")


def tenproj(folder: Path, *words: str, is_watched: bool = False) -> Run:
    """Run a command of ours in a workspace."""
    command = [sys.executable, "-m", "tenproj_xl.cli.main", "-C", str(folder), *words]
    return run(*command, is_watched=is_watched, may_say=_TO_CORRECT)


def python(script: str, *words: str, is_watched: bool = False) -> Run:
    """Run a script with the same interpreter."""
    return run(sys.executable, "-c", script, *words, is_watched=is_watched)


def fastest(runs: Iterable[Run]) -> Run:
    """Return the run that other programs disturbed least, by the clock and in the processor."""
    every = list(runs)
    first = min(every, key=lambda one: one.seconds)
    return replace(first, processor=min(one.processor for one in every))


def average(runs: Iterable[Run]) -> Run:
    """Return the mean time of some runs, by the clock and of the processor, and the most memory of any."""
    every = list(runs)
    return Run(
        seconds=fmean(one.seconds for one in every),
        processor=fmean(one.processor for one in every),
        largest=max(one.largest for one in every),
        together=max(one.together for one in every),
    )


class _Watch(threading.Thread):
    """Looks at a process and its children from time to time."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.largest = self.together = 0
        self._root = psutil.Process(pid)
        self._is_over = threading.Event()

    def run(self) -> None:
        while not self._is_over.wait(_SAMPLE):
            sizes = list(_sizes(self._root))
            self.largest = max([self.largest, *sizes])
            self.together = max(self.together, sum(sizes))

    def end(self) -> None:
        """Look no longer."""
        self._is_over.set()
        if self.is_alive():
            self.join()


def _sizes(root: psutil.Process) -> Sequence[int]:
    try:
        every = [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []
    sizes = []
    for process in every:
        try:
            sizes.append(process.memory_info().rss)
        except psutil.NoSuchProcess:
            continue
    return sizes
