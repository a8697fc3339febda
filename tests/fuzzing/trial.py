"""Files on trial: each is read under the limits as `tenproj check` reads it, then all go through the whole check.

Nothing that arrives may raise, hang, take more memory than is allowed, end the reading process by a fault of ours, or
go without an answer. What a file did wrong is its `breaches`.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, Self

from tenproj_xl.app.judge_files import judge_files
from tenproj_xl.app.results import FileResult
from tenproj_xl.core.files import sha256
from tenproj_xl.ledger.store import open_ledger
from tenproj_xl.model.history import Status
from tenproj_xl.reading.book import Book
from tenproj_xl.reading.containers import Contents
from tenproj_xl.reading.guard import Refusal
from tenproj_xl.reading.inbox import Received
from tenproj_xl.reading.sandbox import Reader
from tests.helpers.filling import Office

SECONDS, MEMORY = 10.0, 1 << 30
_SLACK = 0.5  # what starting a process anew and a busy machine add to the limit
_FAULT_OF_OURS = "reading process ended with 1"


class File(NamedTuple):
    """A file on trial."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Verdict:
    """What became of one file: `codes` of all findings on it and on what was in it, `memory` of the reading process."""

    file: File
    found: Book | Contents | Refusal
    seconds: float
    memory: int
    codes: tuple[str, ...] = ()
    statuses: tuple[Status, ...] = ()
    breaches: tuple[str, ...] = ()

    @property
    def is_return(self) -> bool:
        """True where it was taken for a return, or something in it was."""
        return any(s.is_return for s in self.statuses)


class Court:
    """Tries files in a workspace whose forms were sent out; `with Court(office) as court:`."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._reader = Reader(office.loaded.settings.limits, office.loaded.settings.passwords)

    def __enter__(self) -> Self:
        self._reader.__enter__()
        list(self._reader.open([b"ready?"]))
        return self

    def __exit__(self, *_: object) -> None:
        self._reader.__exit__(None, None, None)

    def tried(self, files: Sequence[File]) -> list[Verdict]:
        """The verdict on each file, in their order."""
        return self._judged([self._read(f) for f in files])

    def _read(self, file: File) -> Verdict:
        process = self._reader._workers[0]._process.pid
        _forget_peak(process)
        began = time.monotonic()
        (found,) = self._reader.open([file.data])
        seconds = time.monotonic() - began
        memory = _peak(process) if self._reader._workers[0]._process.pid == process else 0
        return _with(Verdict(file, found, seconds, memory), _breaches_of_reading(found, seconds, memory))

    def _judged(self, verdicts: Sequence[Verdict]) -> list[Verdict]:
        """The verdicts with what the check says; where it raises or takes too long, whoever does it is found."""
        began = time.monotonic()
        try:
            results = self._check([v.file for v in verdicts])
        except Exception as fault:  # noqa: BLE001  # whatever it is, it is a breach
            if len(verdicts) == 1:
                return [_with(verdicts[0], [f"the check raised {type(fault).__name__}: {fault}"])]
            return self._halves(verdicts)
        reading = sum(v.seconds for v in verdicts)
        if time.monotonic() - began > reading + SECONDS:
            if len(verdicts) > 1:
                return self._halves(verdicts)
            verdicts = [_with(verdicts[0], [f"the check took {time.monotonic() - began:.1f} s"])]
        return [_answered(v, n, results) for n, v in enumerate(verdicts)]

    def _halves(self, verdicts: Sequence[Verdict]) -> list[Verdict]:
        half = len(verdicts) // 2
        return [*self._judged(verdicts[:half]), *self._judged(verdicts[half:])]

    def _check(self, files: Sequence[File]) -> Sequence[FileResult]:
        now, loaded = datetime.now(UTC), self._office.loaded
        received = [
            Received(_tag(n) + f.name, Path(f.name), f.data, sha256(f.data), now) for n, f in enumerate(files)
        ]
        with open_ledger(self._office.workspace.ledger, who="tests") as ledger:
            return judge_files(received, loaded, ledger, loaded.settings.period(self._office.period)).files


def _tag(n: int) -> str:
    return f"{n:06d}."


def _with(verdict: Verdict, breaches: Iterable[str]) -> Verdict:
    return replace(verdict, breaches=(*verdict.breaches, *breaches))


def _breaches_of_reading(found: Book | Contents | Refusal, seconds: float, memory: int) -> Iterator[str]:
    if seconds > SECONDS + _SLACK:
        yield f"reading took {seconds:.1f} s"
    if memory > MEMORY:
        yield f"reading took {memory >> 20} MB"
    if isinstance(found, Refusal) and found.found == _FAULT_OF_OURS:
        yield "the reading process raised"


def _answered(verdict: Verdict, n: int, results: Sequence[FileResult]) -> Verdict:
    """The verdict with the results of the file itself and of all that lay in it."""
    own = [r for r in results if r.received.name.startswith(_tag(n))]
    codes = tuple(dict.fromkeys(f.code.rule.code for r in own for f in r.findings))
    silent = any(not r.findings for r in own if r.status is Status.REFUSED)
    if not own or silent:
        verdict = _with(verdict, ["it got no answer"])
    return replace(verdict, codes=codes, statuses=tuple(r.status for r in own))


# --- memory, where the system tells


def _forget_peak(process: int) -> None:
    switch = Path(f"/proc/{process}/clear_refs")
    if switch.exists():
        switch.write_text("5")


def _peak(process: int) -> int:
    """The most memory that a process had since its peak was forgotten, in bytes; 0 where nobody can tell."""
    status = Path(f"/proc/{process}/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM:")), 0)
