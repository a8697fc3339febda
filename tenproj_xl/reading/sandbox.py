"""Open files: each becomes a `Book`, the `Contents` of a zip or a mail, a `Document`, or a `Refusal`.

Files from outside are read in processes of their own: a hostile one may end its process, never the run.
"""

import os
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from queue import SimpleQueue
from types import TracebackType
from typing import TYPE_CHECKING, Self

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.limits import LIMITS, Limits
from tenproj_xl.reading.book import Book
from tenproj_xl.reading.budget import Budget, Spent
from tenproj_xl.reading.content import ChangedError, Content, Held, Spool
from tenproj_xl.reading.guard import Refusal, refuse
from tenproj_xl.reading.libreoffice import TooBusyError, to_xlsx
from tenproj_xl.reading.picture.model import Picture
from tenproj_xl.reading.wire import Convertible, Found
from tenproj_xl.reading.worker import Worker

if TYPE_CHECKING:
    from concurrent.futures import Executor

_FILES_WORTH_A_SECOND_PROCESS = 60  # about what one reads while the other is started
_PROCESSES = 2  # that read, at most
_CONVERSIONS = 2  # at a time, beside the files that are read
_AHEAD = 8  # parcels under way before the caller has taken the first, so that answers do not pile up
_ALSO_OF_CONVERTED = (Code.FILE_LIMITS, Code.FILE_UNREACHED, Code.FILE_LATER)
_OF_A_CONVERSION = Spent(seconds=1.0)
"""What one costs beside the reading of what comes of it, whatever the machine."""


@dataclass(frozen=True)
class Parcel:
    """Files that lie in one outermost file, or that file itself, and what may still be read of it."""

    files: Sequence[Content]
    budget: Budget


class Reader:
    """Opens untrusted files in one process, or two where there are many; `with Reader() as reader:`.

    The first process starts with the first file: a run that finds nothing new starts none. `passwords` are
    tried on encrypted workbooks.
    """

    def __init__(self, limits: Limits = LIMITS, passwords: Sequence[str] = ()) -> None:
        self.limits = limits
        self._passwords = passwords
        self._workers: list[Worker] = []
        self._idle: SimpleQueue[Worker] = SimpleQueue()
        self._pool: Executor | None = None
        self._spool = Spool()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, traceback: TracebackType | None
    ) -> None:
        # Threads end here, not with the generator of `open`: one that a caller gave up is collected at any
        # moment, also while another thread starts, which it would wait for without end.
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
        for worker in self._workers:
            worker.close()
        if self._pool is not None:
            self._pool.shutdown()

    def _start_worker(self) -> None:
        self._workers.append(Worker(self.limits, self._passwords))
        self._idle.put(self._workers[-1])

    def open(self, files: Sequence[bytes | Content]) -> Iterator[Found]:
        """For each file, in this order: the book, what is inside of it, or why it is not read."""
        contents = [Held(file) if isinstance(file, bytes) else file for file in files]
        parcels = [Parcel([content], Budget(self.limits)) for content in contents]
        for (found,) in self.open_parcels(parcels):
            yield found

    def draw(self, file: bytes, sheet: str) -> Picture | Refusal:
        """Return the picture of a sheet of a workbook, or of its first one; or why there is none."""
        if not self._workers:
            self._start_worker()
        worker = self._idle.get()
        try:
            return worker.draw(file, Budget(self.limits).next(), sheet)
        finally:
            self._idle.put(worker)

    def open_parcels(self, parcels: Sequence[Parcel]) -> Iterator[list[Found]]:
        """For each parcel, in this order, what its files are; these are read one after the other."""
        if parcels and not self._workers:
            self._start_worker()
        may_start = len(self._workers) < _PROCESSES <= (os.cpu_count() or 1)
        if may_start and sum(len(p.files) for p in parcels) > _FILES_WORTH_A_SECOND_PROCESS:
            self._start_worker()
        pool = self._threads()
        pending = deque(pool.submit(self._open_parcel, parcel) for parcel in parcels[:_AHEAD])
        for n in range(len(parcels)):
            answer = pending.popleft().result()
            if n + _AHEAD < len(parcels):
                pending.append(pool.submit(self._open_parcel, parcels[n + _AHEAD]))
            yield answer

    def _threads(self) -> "Executor":
        """Return the threads that wait for processes, as many as may read or convert at a time."""
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - 5 ms, only where files are read

        if self._pool is None:
            self._pool = ThreadPoolExecutor(_PROCESSES + _CONVERSIONS)
        return self._pool

    def _open_parcel(self, parcel: Parcel) -> list[Found]:
        return [self._open(content, parcel.budget) for content in parcel.files]

    def _open(self, content: Content, budget: Budget) -> Found:
        try:
            found = self._by_worker(content, budget)
        except ChangedError:
            return Refusal(Code.FILE_CHANGING)
        if isinstance(found, Convertible):
            return self._converted(found, budget)
        return found

    def _converted(self, found: Convertible, budget: Budget) -> Found:
        """Return what LibreOffice makes of a workbook."""
        if not budget.may_convert():
            return refuse(found.kind)
        budget.spend(_OF_A_CONVERSION)
        try:
            converted = to_xlsx(found.data, f".{found.kind}", self.limits)
        except TooBusyError:
            return Refusal(Code.FILE_LATER)
        if converted is None:
            return refuse(found.kind)
        again = self._by_worker(Held(converted), budget)
        if isinstance(again, Book):
            return replace(again, kind=found.kind, converted=True)
        if isinstance(again, Refusal) and again.code in _ALSO_OF_CONVERTED:
            return again
        return refuse(found.kind)

    def _by_worker(self, content: Content, budget: Budget) -> Found | Convertible:
        """Return what a file is, and take off what that cost."""
        worker = self._idle.get()
        try:
            found, spent = worker.open(content.read(), budget.next(), self._spool.keep)
        finally:
            self._idle.put(worker)
        budget.spend(spent)
        return found
