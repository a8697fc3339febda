"""Open and recognise the files of a run, portion by portion, those of the next one ahead."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace

from tenproj_xl.app.judges import JudgesHere, Recognised
from tenproj_xl.app.removed_again import without_removed
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.reading.arrivals import Opened, look_ahead, open_all
from tenproj_xl.reading.book import Book
from tenproj_xl.reading.inbox import Received
from tenproj_xl.reading.sandbox import Reader
from tenproj_xl.reading.sniff import FileKind

Unseen = Callable[[Sequence[Received]], Sequence[Received]]
"""Returns the files whose bytes were not taken in by an earlier run, times perhaps corrected."""
_TOGETHER = 25
"""As many files are recognised at a time: their answers come while later ones are on their way."""
_READ_AHEAD = 100
"""As many files of the portion after are read ahead: about as many as while one is recorded."""
_ELSEWHERE = Book(kind=FileKind.XLSX, sheets=())
"""Stands for what was read of a file, while it is recognised elsewhere."""


@dataclass(frozen=True, kw_only=True)
class Arrived:
    """What came in a portion, as `Arrivals`, and what it turned out to be."""

    files: Sequence[Recognised]
    duplicates: Sequence[Received]
    copies: Sequence[Opened]
    held: Sequence[Received]


class _Asked:
    """What was asked and answered about which files are new."""

    def __init__(self, unseen: Unseen) -> None:
        self._unseen = unseen
        self._answers: list[tuple[Sequence[Received], Sequence[Received]]] = []

    def __call__(self, files: Sequence[Received]) -> Sequence[Received]:
        new = self._unseen(files)
        self._answers.append((files, new))
        return new

    def holds(self, unseen: Unseen) -> bool:
        """Return whether the answers would be the same now."""
        return all(unseen(files) == new for files, new in self._answers)


class _Begun:
    """Files that are opened, and are being recognised from when that is wanted."""

    def __init__(
        self, received: Sequence[Received], reader: Reader, ledger: LedgerView, unseen: Unseen
    ) -> None:
        self.received = tuple(received)
        self.asked = _Asked(unseen)
        self._arrivals = without_removed(open_all(received, reader, self.asked), ledger)
        self._chunks: list[_Chunk] = []

    def recognise(self, judges: JudgesHere) -> None:
        """Have the files recognised, and let go of what was read of them where that is done elsewhere."""
        opened = self._arrivals.opened
        self._arrivals = replace(self._arrivals, opened=())
        for first in range(0, len(opened), _TOGETHER):
            some = opened[first : first + _TOGETHER]
            recognised = judges.recognise(some)
            if judges.are_beside:
                some = tuple(replace(one, found=_ELSEWHERE) for one in some)
            self._chunks.append((some, recognised))

    def arrived(self) -> Arrived:
        """Return what they are."""
        arrivals = self._arrivals
        files = [one for opened, recognised in self._chunks for one in _together(opened, recognised.result())]
        return Arrived(
            files=files, duplicates=arrivals.duplicates, copies=arrivals.copies, held=arrivals.held
        )


class Recogniser:
    """Opens and recognises the files of one portion after the other.

    Where returns are judged beside this process, files of the next portion are recognised while those of the
    one at hand are recorded and answered. `opening` hears of files that are opened.
    """

    def __init__(self, reader: Reader, judges: JudgesHere) -> None:
        self._reader = reader
        self.judges = judges
        self.opening: Callable[[], AbstractContextManager[None]] = nullcontext
        self._begun: _Begun | None = None

    def arrived(self, received: Sequence[Received], ahead: Sequence[Received], unseen: Unseen) -> Arrived:
        """Return what came in a portion, opened anew where it was not foreseen, or is known since.

        Args:
            received: The files.
            ahead: Those of the next portion, the first of which are read when all of these are.
            unseen: Tells which of them are new.
        """
        begun, self._begun = self._begun, None
        is_foreseen = begun is not None and begun.received == tuple(received) and begun.asked.holds(unseen)
        if begun is None or not is_foreseen:
            begun = self._opened(received, ahead, unseen)
        return begun.arrived()

    def begin_next(self, received: Sequence[Received], ahead: Sequence[Received], unseen: Unseen) -> None:
        """Begin with what comes next, while the files at hand are judged beside this process.

        That are the files of the next portion. The first of those `ahead` are read while those at hand are
        recorded.
        """
        if received and self.judges.are_beside:
            self._begun = self._opened(received, ahead, unseen)

    def _opened(self, received: Sequence[Received], ahead: Sequence[Received], unseen: Unseen) -> _Begun:
        look_ahead(unseen(ahead[:_READ_AHEAD]), self._reader)
        with self.opening():
            begun = _Begun(received, self._reader, self.judges.ledger, unseen)
        begun.recognise(self.judges)
        return begun


_Chunk = tuple[Sequence[Opened], "Future[list[Recognised]]"]


def _together(opened: Sequence[Opened], recognised: Sequence[Recognised]) -> Iterator[Recognised]:
    """Yield what files are, each with its own bytes."""
    for one, found in zip(opened, recognised, strict=True):
        yield replace(found, opened=replace(found.opened, received=one.received))
