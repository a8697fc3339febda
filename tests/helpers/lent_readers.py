"""Reading processes that go from one test to the next: to start one takes longer than what most tests read.

They are those of the product, started as it starts them, with the same limits and passwords. Tests about the
processes themselves start their own.
"""

import sys
from collections.abc import Sequence

from tenproj_xl.core.limits import Limits
from tenproj_xl.reading import worker as reading
from tenproj_xl.reading.answers import FileAnswer
from tenproj_xl.reading.budget import Allowance
from tenproj_xl.reading.guard import Refusal
from tenproj_xl.reading.picture.model import Picture
from tenproj_xl.reading.wire import Keep
from tenproj_xl.reading.worker import Worker

_MOST = 4
"""As many are kept: tests have other limits and passwords now and then."""


class LentReaders:
    """Gives reading processes in place of `Worker`, and has them back when they are closed."""

    def __init__(self) -> None:
        self._idle: list[LentWorker] = []

    def __call__(self, limits: Limits, passwords: Sequence[str]) -> Worker:
        """Return one that is idle, or another."""
        wanted = _started_for(limits, passwords)
        for worker in self._idle:
            if worker.started_for == wanted and worker.lives:
                self._idle.remove(worker)
                return worker
        return LentWorker(limits, passwords, self)

    def take_back(self, worker: "LentWorker") -> None:
        """Keep one for later, and end the one that has been idle longest where there are too many."""
        self._idle.append(worker)
        while len(self._idle) > _MOST:
            self._idle.pop(0).end()

    def end(self) -> None:
        """End all that are idle."""
        while self._idle:
            self._idle.pop().end()


def _started_for(limits: Limits, passwords: Sequence[str]) -> tuple[object, ...]:
    """Return what one is started with; a test may have it do something else."""
    return limits, tuple(passwords), tuple(sys.path), reading._SERVE


class LentWorker(Worker):
    """A reading process that is given back when it is closed, unless it is still at work then."""

    def __init__(self, limits: Limits, passwords: Sequence[str], lender: LentReaders) -> None:
        super().__init__(limits, passwords)
        self.started_for = _started_for(limits, passwords)
        self._lender = lender
        self._is_at_work = False

    @property
    def lives(self) -> bool:
        """Whether its process runs."""
        return self._process.poll() is None

    def answers(
        self, files: Sequence[bytes], allowances: Sequence[Allowance], keep: Keep
    ) -> list[FileAnswer]:
        """Return what some files are, as `Worker.answers` does."""
        self._is_at_work = True
        answers = super().answers(files, allowances, keep)
        self._is_at_work = False
        return answers

    def draw(self, data: bytes, allowance: Allowance, sheet: str) -> Picture | Refusal:
        """Return the picture of a sheet, as `Worker.draw` does."""
        self._is_at_work = True
        drawn = super().draw(data, allowance, sheet)
        self._is_at_work = False
        return drawn

    def close(self) -> None:
        """Give it back."""
        if self._is_at_work:
            self.end()
        else:
            self._lender.take_back(self)

    def end(self) -> None:
        """End the process for good."""
        super().close()
