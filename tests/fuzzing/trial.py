"""Try files: read each under the limits of `tenproj check`, then run the whole check over all.

No file may raise, hang, exceed the memory limit, end the reading process by a fault of ours, or get no finding. What
happened nevertheless is in `breaches`.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, Self

from tenproj_xl.app.judge_files import judge_files
from tenproj_xl.app.plans import in_force
from tenproj_xl.app.results import FileResult
from tenproj_xl.core.files import sha256
from tenproj_xl.ledger.store import open_ledger
from tenproj_xl.model.statuses import Status
from tenproj_xl.reading.content import Held
from tenproj_xl.reading.guard import UNFORESEEN, Refusal
from tenproj_xl.reading.inbox import Received
from tenproj_xl.reading.sandbox import Reader
from tenproj_xl.reading.wire import Found
from tests.helpers.filling import Office

SECONDS, MEMORY = 10.0, 600 << 20
_SLACK = 0.5  # allowance for starting a process on a busy machine


class File(NamedTuple):
    """A file to try."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Verdict:
    """The outcome of one file: `codes` of the findings on it and its contents, `memory` of the reading process."""

    file: File
    found: Found
    seconds: float
    memory: int
    codes: tuple[str, ...] = ()
    statuses: tuple[Status, ...] = ()
    breaches: tuple[str, ...] = ()

    @property
    def is_return(self) -> bool:
        """Whether it, or something in it, was taken for a return."""
        return any(s.is_return for s in self.statuses)


class Court:
    """Try files in a workspace whose forms are out: `with Court(office) as court:`."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._reader = Reader(office.loaded.settings.limits, office.loaded.passwords.known)

    def __enter__(self) -> Self:
        self._reader.__enter__()
        list(self._reader.open([b"ready?"]))
        return self

    def __exit__(self, *_: object) -> None:
        self._reader.__exit__(None, None, None)

    def tried(self, files: Sequence[File]) -> list[Verdict]:
        """Return the verdict on each file, in the given order."""
        return self._judged([self._read(f) for f in files])

    def _read(self, file: File) -> Verdict:
        process = self._reader._children._all[0]._process.pid
        _forget_peak(process)
        began = time.monotonic()
        (found,) = self._reader.open([file.data])
        seconds = time.monotonic() - began
        memory = _peak(process) if self._reader._children._all[0]._process.pid == process else 0
        return _with(Verdict(file, found, seconds, memory), _breaches_of_reading(found, seconds, memory))

    def _judged(self, verdicts: Sequence[Verdict]) -> list[Verdict]:
        """Return the verdicts with the findings of the check; find the file that makes it raise or take too long."""
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
            Received(
                name=_tag(n) + f.name,
                path=Path(f.name),
                content=Held(f.data),
                sha256=sha256(f.data),
                received_at=now,
            )
            for n, f in enumerate(files)
        ]
        with open_ledger(self._office.workspace.ledger, who="tests") as ledger:
            period = loaded.settings.period(self._office.period)
            return judge_files(received, in_force(loaded, ledger), ledger, period, apart=True).files


def _tag(n: int) -> str:
    return f"{n:06d}."


def _with(verdict: Verdict, breaches: Iterable[str]) -> Verdict:
    return replace(verdict, breaches=(*verdict.breaches, *breaches))


def _breaches_of_reading(found: Found, seconds: float, memory: int) -> Iterator[str]:
    if seconds > SECONDS + _SLACK:
        yield f"reading took {seconds:.1f} s"
    if memory > MEMORY:
        yield f"reading took {memory >> 20} MB"
    if isinstance(found, Refusal) and found.found == UNFORESEEN:
        yield "the reading process raised"


def _answered(verdict: Verdict, n: int, results: Sequence[FileResult]) -> Verdict:
    """Return the verdict with the findings on the file and on everything in it."""
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
    """Return the peak memory of a process in bytes since the last reset, 0 where the system does not tell."""
    status = Path(f"/proc/{process}/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM:")), 0)
