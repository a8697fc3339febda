"""Portions of a run: so many files at a time that memory stays bounded, however many there are."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from tenproj_xl.app.recogniser import Recogniser
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.progress import Step, Work, heard_by
from tenproj_xl.reading.inbox import Received

FILES_AT_ONCE = 50
"""As many outermost files as are read, judged, recorded and answered together."""
BYTES_AT_ONCE = 64 << 20
"""A portion ends with the file that makes it as large as that."""


@dataclass(frozen=True, kw_only=True)
class PlaceInRun:
    """The place of a portion in its run.

    Attributes:
        recogniser: What opens and recognises the files of all portions.
        begun: The last batch before the run, where earlier portions are recorded; None for the first.
        ahead: The files of the next portion, which are opened, and perhaps recognised, meanwhile.
        behind: Those of the portion after, which are opened where there is time.
        meanwhile: Does what is to be done while the files are judged beside this process.
    """

    recogniser: Recogniser
    begun: int | None
    ahead: Sequence[Received]
    behind: Sequence[Received]
    meanwhile: Callable[[], None]


def portions(files: Iterable[Received]) -> list[Sequence[Received]]:
    """Return files in portions, in their order; no file at all is one portion, too."""
    parted: list[list[Received]] = [[]]
    size = 0
    for file in files:
        if len(parted[-1]) >= FILES_AT_ONCE or size >= BYTES_AT_ONCE:
            parted.append([])
            size = 0
        parted[-1].append(file)
        size += file.content.size
    return list(parted)


class Halves:
    """Tells how far a run has come: a file is half done when it is opened, and done when it is recorded."""

    def __init__(self, step: Step, total: int) -> None:
        self._step = step
        self._total = total
        self._told = self._opened = self._recorded = self._of_work = 0

    @contextmanager
    def opening(self) -> Iterator[None]:
        """Hear meanwhile of files that are opened, some perhaps anew."""
        with heard_by(self):
            yield

    def begin(self, _: Work) -> None:
        """Hear that files are to be opened."""
        self._of_work = 0

    def advance(self, done: int) -> None:
        """Hear how many of them are opened."""
        self._opened = min(self._opened + done - self._of_work, self._total)
        self._of_work = done
        self._tell()

    def end(self) -> None:
        """Hear that all of them are opened."""

    def recorded(self, files: int) -> None:
        """Tell that more files are recorded, some perhaps unopened."""
        self._recorded += files
        self._opened = max(self._opened, self._recorded)
        self._tell()

    def _tell(self) -> None:
        done = (self._opened + self._recorded) // 2
        if done > self._told:
            self._step(done - self._told)
            self._told = done
