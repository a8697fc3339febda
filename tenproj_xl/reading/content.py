"""The bytes of a received file, wherever they lie: nothing is held in memory before it is needed."""

import hashlib
import tempfile
import weakref
from collections.abc import Iterator
from dataclasses import field
from pathlib import Path
from threading import Lock
from typing import BinaryIO, Protocol

from tenproj_xl.core.dataclass import dataclass

HEAD = 4096
"""Bytes at the beginning of a file that tell its kind."""
_BLOCK = 1 << 20


class ChangedError(Exception):
    """A file has changed since it was first looked at, or is gone."""


class Content(Protocol):
    """Bytes that are there to be read."""

    @property
    def size(self) -> int:
        """How many they are."""

    @property
    def head(self) -> bytes:
        """The first of them."""

    def read(self) -> bytes:
        """Return all of them."""

    def blocks(self) -> Iterator[bytes]:
        """Yield all of them, a few at a time."""


@dataclass(frozen=True)
class Held:
    """Bytes in memory."""

    data: bytes = field(repr=False)

    @property
    def size(self) -> int:
        """How many they are."""
        return len(self.data)

    @property
    def head(self) -> bytes:
        """The first of them."""
        return self.data[:HEAD]

    def read(self) -> bytes:
        """Return all of them."""
        return self.data

    def blocks(self) -> Iterator[bytes]:
        """Yield all of them at once, since they are in memory anyway."""
        yield self.data


@dataclass(frozen=True, slots=True)
class OnDisk:
    """A file of which the size is known, and the hash where it is to be read at all."""

    path: Path
    size: int
    sha256: str = ""

    @property
    def head(self) -> bytes:
        """The first of its bytes, none where it is gone: read when asked, for thousands wait to be read."""
        try:
            with self.path.open("rb") as file:
                return file.read(HEAD)
        except OSError:
            return b""

    def read(self) -> bytes:
        """Return the bytes that were hashed.

        Raises:
            ChangedError: They have changed since, or are gone.
        """
        try:
            with self.path.open("rb") as file:
                data = file.read(self.size + 1)
        except OSError as fault:
            raise ChangedError(self.path.name) from fault
        if hashlib.sha256(data).hexdigest() != self.sha256:
            raise ChangedError(self.path.name)
        return data

    def blocks(self) -> Iterator[bytes]:
        """Yield what there is now; who keeps it has to compare the hash."""
        with self.path.open("rb") as file:
            while block := file.read(_BLOCK):
                yield block


def look_at(path: Path, largest: int) -> OnDisk:
    """Look at a file on disk; what is larger than `largest` has no hash, since nobody reads it."""
    size = path.stat().st_size
    digest = hashlib.sha256()
    read = 0
    with path.open("rb") as file:
        while read <= largest and (block := file.read(_BLOCK)):
            digest.update(block)
            read += len(block)
    if size > largest or read > largest:
        return OnDisk(path, max(size, read))
    return OnDisk(path, read, digest.hexdigest())


@dataclass(frozen=True)
class _Slice:
    """Bytes in the file of a `Spool`."""

    spool: "Spool"
    start: int
    size: int

    @property
    def head(self) -> bytes:
        """The first of them."""
        return self.spool.read(self.start, min(self.size, HEAD))

    def read(self) -> bytes:
        """Return all of them."""
        return self.spool.read(self.start, self.size)

    def blocks(self) -> Iterator[bytes]:
        """Yield all of them, a few at a time."""
        for start in range(0, self.size, _BLOCK):
            yield self.spool.read(self.start + start, min(_BLOCK, self.size - start))


class Spool:
    """Keeps what was taken out of other files: a little of it in memory, the rest in one nameless file.

    Threads may share it. The file is gone with the last content that lies in it.
    """

    def __init__(self, in_memory: int = 16 << 20) -> None:
        self._left = in_memory
        self._end = 0
        self._lock = Lock()
        self._file: BinaryIO | None = None

    def keep(self, data: bytes) -> Content:
        """Return bytes as what can be read later."""
        with self._lock:
            if len(data) <= self._left:
                self._left -= len(data)
                return Held(data)
            if self._file is None:
                self._file = tempfile.TemporaryFile()  # noqa: SIM115  # it lives as long as what lies in it
                weakref.finalize(self, self._file.close)
            start = self._end
            self._file.seek(start)
            self._file.write(data)
            self._end += len(data)
        return _Slice(self, start, len(data))

    def read(self, start: int, size: int) -> bytes:
        """Return bytes that were written."""
        with self._lock:
            if self._file is None:
                return b""
            self._file.seek(start)
            return self._file.read(size)
