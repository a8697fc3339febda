"""Watched folders as a source of returns: of other people's files ours are copied, nothing is touched."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import field, replace
from itertools import chain
from operator import attrgetter
from pathlib import Path

from tenproj_xl.app.results import FileResult
from tenproj_xl.app.sifting import Sieve, Sifted, strangers
from tenproj_xl.app.watch_memory import OfFolder, WatchMemory
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.limits import Limits
from tenproj_xl.reading.containers import CONTAINERS
from tenproj_xl.reading.content import Spool
from tenproj_xl.reading.folders import AWAY, SLOW, TooSlowError, in_time
from tenproj_xl.reading.inbox import NOT_OPEN, Collected, Received
from tenproj_xl.reading.sandbox import Reader
from tenproj_xl.reading.sniff import FileKind, kind_by_magic
from tenproj_xl.reading.watched import Copied, Sighted, Survey, copied, head_of, still_changing, survey

MOST_NEW = 2_000
"""As many files that are not known are read in one run, the newest first."""
_AT_ONCE = 32
"""As many files are read before they are sifted."""
_MAY_BE_A_FORM = CONTAINERS | {None, FileKind.BIFF}
"""What the first bytes of a file tell that may be a workbook, or hold one."""
_LONGEST = 180.0
"""Seconds that one folder takes at most."""
_MANY = "收件夹“{}”里的文件太多或太深，没有都看；请把存回表的那个文件夹单独填在“设置.xlsx”的“收件夹”表里。"
_MORE = "收件夹“{}”里还有{}个新文件没有看，下次运行接着看。"


@dataclass(frozen=True, kw_only=True)
class WatchedFolder:
    """One of them, as the office calls it; `without` are folders below it that are not looked into."""

    called: str
    path: Path | None
    channel: str
    without: frozenset[Path]


@dataclass
class _Taken:
    """What a listed file brought: its own path, and those of what of it was taken into the run."""

    seen: Sighted
    sha256: str
    parts: set[Path] = field(default_factory=set)


class WatchedFolders:
    """All of them, looked through once a run."""

    def __init__(
        self,
        folders: Sequence[WatchedFolder],
        *,
        sieve: Sieve,
        memory: WatchMemory,
        reader: Callable[[], Reader],
        limits: Limits,
    ) -> None:
        self._folders = folders
        self._sieve = sieve
        self._memory = memory
        self._reader = reader
        self._limits = limits
        self._collected: Collected | None = None
        self._perhaps: set[str] = set()
        self._copies: dict[Path, str] = {}
        self._taken: list[tuple[OfFolder, _Taken]] = []

    def collect(self, besides: Iterable[Received] = ()) -> Collected:
        """Return what is ours, each under its own name alone, and sentences about folders out of reach.

        `besides` are the files of the run that lie elsewhere: what is among them is not taken twice.
        """
        if self._collected is None:
            hashes = {file.sha256 for file in besides}
            own: list[Received] = []
            told: list[str] = []
            for file in chain(*(self._of(folder, told) for folder in self._folders)):
                if file.sha256 in hashes:
                    self._copies[file.path] = file.sha256
                else:
                    own.append(file)
                hashes.add(file.sha256)
            own.sort(key=lambda file: (file.received_at, file.sha256))
            self._collected = Collected(tuple(own), folders=tuple(told))
        return self._collected

    def strangers(self, results: Sequence[FileResult]) -> Iterator[FileResult]:
        """Yield the results that are not mentioned, though their files were taken for ours at first."""
        return strangers(results, self._perhaps, self._sieve)

    def remove(self, files: Iterable[Received], unmentioned: Iterable[Received] = ()) -> None:
        """Remember files as dealt with; they stay where they are.

        Args:
            files: All that the run took in, wherever it lay.
            unmentioned: What brings nothing.
        """
        done: set[Path] = set()
        hashes: set[str] = set()
        for file in files:
            done.add(file.path)
            hashes.add(file.sha256)
        for file in unmentioned:
            if str(file.path) not in self._perhaps:
                done.add(file.path)
        for path, sha256 in self._copies.items():
            if sha256 in hashes:
                done.add(path)
        for of_folder, taken in self._taken:
            if taken.parts <= done:
                self._remember(of_folder, taken.seen, taken.sha256)
        self._taken = []
        self._memory.keep(map(attrgetter("called"), self._folders))

    # --- one folder

    def _of(self, folder: WatchedFolder, told: list[str]) -> Iterator[Received]:
        path = folder.path
        if path is None:
            told.append(AWAY.format(folder.called))
            return
        try:
            found = in_time(lambda: _survey(path, folder.without))
            if found is None:
                told.append(AWAY.format(folder.called))
                return
            if found.is_cut:
                told.append(_MANY.format(folder.called))
            told += [NOT_OPEN.format(f"{folder.called}/{name}") for name in found.closed]
            yield from self._sifted(folder, found, told)
        except TooSlowError:
            told.append(SLOW.format(folder.called))
        except OSError:
            told.append(NOT_OPEN.format(folder.called))

    def _sifted(self, folder: WatchedFolder, found: Survey, told: list[str]) -> Iterator[Received]:
        of_folder = self._memory.of(folder.called)
        new: list[Sighted] = []
        still_there: set[str] = set()
        for seen in found.seen:
            listed = self._memory.listed(seen)
            still_there.add(listed)
            if listed not in of_folder.listed:
                new.append(seen)
        if still_there:
            of_folder.listed &= still_there
        changing = in_time(lambda: still_changing(new))
        new = [seen for seen in new if seen.path not in changing]
        new.sort(key=lambda seen: (-seen.changed, seen.name))
        if len(new) > MOST_NEW:
            told.append(_MORE.format(folder.called, len(new) - MOST_NEW))
        to_read = []
        until = time.monotonic() + _LONGEST
        for seen in new[:MOST_NEW]:
            _must_be_before(until)
            if self._may_matter(seen):
                to_read.append(seen)
            else:
                self._remember(of_folder, seen, "")
        if to_read:
            with self._reader() as reader:
                for start in range(0, len(to_read), _AT_ONCE):
                    _must_be_before(until)
                    yield from self._batch(to_read[start : start + _AT_ONCE], folder, of_folder, reader)

    def _may_matter(self, seen: Sighted) -> bool:
        """Return whether a file is to be read: by its size, and by its first bytes or its name."""
        if seen.size > self._limits.size:
            return False
        head = in_time(lambda: head_of(seen))
        return kind_by_magic(head) in _MAY_BE_A_FORM or self._sieve.may_be_beside(seen.path.name)

    def _batch(
        self, files: Sequence[Sighted], folder: WatchedFolder, of_folder: OfFolder, reader: Reader
    ) -> Iterator[Received]:
        """Read and sift some files; yield what of them is ours."""
        read: list[Copied] = in_time(lambda: list(copied(files, Spool(), self._limits.size)))
        unknown: dict[str, tuple[Sighted, Received]] = {}
        for one in read:
            received = one.received
            if received is None:
                continue
            is_known = self._memory.contents(received.sha256) in of_folder.contents
            is_known = is_known and not self._sieve.may_be_beside(received.name)
            if is_known or self._sieve.is_dealt_with(received.sha256):
                self._remember(of_folder, one.seen, received.sha256)
            else:
                own_name = str(len(unknown)) + "/" + received.name
                unknown[own_name] = one.seen, replace(received, name=own_name, channel=folder.channel)
        sifted = self._sieve.sift([received for _, received in unknown.values()], reader)
        yield from self._note(sifted, unknown, of_folder)

    def _note(
        self, sifted: Sifted, unknown: dict[str, tuple[Sighted, Received]], of_folder: OfFolder
    ) -> Iterator[Received]:
        """Remember what is not ours; yield what is, to be remembered once it is dealt with."""
        self._perhaps.update(str(file.path) for file in sifted.perhaps)
        parts = [*sifted.ours, *sifted.perhaps]
        for name, (seen, received) in unknown.items():
            own = {file.path for file in parts if file.path.is_relative_to(seen.path)}
            if name in sifted.again:
                continue
            if own:
                self._taken.append((of_folder, _Taken(seen, received.sha256, own)))
            else:
                self._remember(of_folder, seen, received.sha256)
            yield from (file for file in parts if file.path in own)

    def _remember(self, of_folder: OfFolder, seen: Sighted, sha256: str) -> None:
        if not seen.is_fresh:
            of_folder.listed.add(self._memory.listed(seen))
        if sha256:
            of_folder.contents.add(self._memory.contents(sha256))


def _survey(path: Path, without: frozenset[Path]) -> Survey | None:
    """Return the files of a folder, None where there is none."""
    if not path.is_dir():
        return None
    return survey(path, without)


def _must_be_before(until: float) -> None:
    """Raise TooSlowError where a moment has passed: the next run goes on."""
    if time.monotonic() > until:
        raise TooSlowError
