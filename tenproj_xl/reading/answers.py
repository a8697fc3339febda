"""What a reading process says of a file: what it cost, and what it is, which is looked into when needed."""

import struct
from collections.abc import Sequence
from typing import BinaryIO, Self

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.reading.budget import Spent
from tenproj_xl.reading.content import Content
from tenproj_xl.reading.guard import Refusal
from tenproj_xl.reading.wire import (
    Convertible,
    Found,
    Keep,
    WireError,
    decoded,
    encoded,
    packed,
    receive_bytes,
    send,
    unpacked,
)

_HEAD = struct.Struct("<?Qd")
_MANY = 1e15


@dataclass(frozen=True, kw_only=True)
class FileAnswer:
    """What is said of a file: `told` is JSON, `files` are those that lie in it, or what is to be converted.

    Whoever says it may have been taken over: `found` is what says whether it can be meant.
    """

    told: bytes
    files: Sequence[Content] = ()
    work: int = 0
    seconds: float = 0.0
    is_convertible: bool = False

    @classmethod
    def of(cls, refusal: Refusal, *, work: int = 0, seconds: float = 0.0) -> Self:
        """Return what is said of a file that is not read."""
        return cls(told=packed(encoded(refusal)[0]), work=work, seconds=seconds)

    @property
    def spent(self) -> Spent:
        """What the file cost."""
        if self.is_convertible:
            return Spent(work=self.work, seconds=self.seconds)
        size = sum(file.size for file in self.files)
        return Spent(work=self.work, seconds=self.seconds, unpacked=size, members=len(self.files))

    def found(self) -> Found | Convertible:
        """Return what the file is.

        Raises:
            WireError: Nothing that can be meant was said.
        """
        found = decoded(unpacked(self.told), self.files)
        if isinstance(found, Convertible) is not self.is_convertible:
            raise WireError("a file that is to be converted, and is not")
        return found


def spoken(found: Found | Convertible, *, work: int, seconds: float) -> tuple[bytes, list[bytes]]:
    """Return what a file is and what that cost as it is said, and the files that go behind it."""
    told, files = encoded(found)
    return _HEAD.pack(isinstance(found, Convertible), work, seconds) + packed(told), files


def pass_on(stream: BinaryIO, answer: FileAnswer) -> None:
    """Write what was said."""
    head = _HEAD.pack(answer.is_convertible, answer.work, answer.seconds)
    send(stream, head + answer.told, [file.read() for file in answer.files])


def hear(stream: BinaryIO, most: int, files: int, keep: Keep) -> FileAnswer:
    """Return what is said next.

    Args:
        stream: Where it is said.
        most: The bytes that it may have.
        files: The bytes that the files that lie in the file may have together.
        keep: Takes in each of those.

    Raises:
        EOFError: The other side has ended.
        WireError: It is longer, or nothing that can be meant.
    """
    body, kept = receive_bytes(stream, most + _HEAD.size, files, keep)
    if len(body) < _HEAD.size:
        raise WireError("no answer")
    is_convertible, work, seconds = _HEAD.unpack_from(body)
    if not (work < _MANY and 0 <= seconds < _MANY):
        raise WireError("no cost")
    return FileAnswer(
        told=body[_HEAD.size :], files=kept, work=work, seconds=seconds, is_convertible=is_convertible
    )
