"""What passes through a process that seldom looks into it: it stays folded until somebody does."""

import pickle
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, TypeVar, overload

_T = TypeVar("_T")


class Fold:
    """Sequences as they are pickled, unfolded together when somebody looks into one of them.

    They come from this program, and go to it.
    """

    def __init__(self, body: bytes) -> None:
        self._body = body

    @classmethod
    def of(cls, sequences: Sequence[Sequence[Any]]) -> "Fold":
        """Return some sequences folded."""
        return cls(pickle.dumps(tuple(sequences)))

    def __reduce__(self) -> tuple[type["Fold"], tuple[bytes]]:
        """Go on folded."""
        return Fold, (self._body,)

    @cached_property
    def sequences(self) -> tuple[Sequence[Any], ...]:
        """The sequences."""
        found: tuple[Sequence[Any], ...] = pickle.loads(self._body)  # noqa: S301  # by this program
        return found


class Folded(Sequence[_T]):
    """One of the sequences of a fold."""

    def __init__(self, fold: Fold, place: int) -> None:
        self._fold, self._place = fold, place

    def __reduce__(self) -> tuple[type["Folded[_T]"], tuple[Fold, int]]:
        """Go on folded."""
        return Folded, (self._fold, self._place)

    def _unfolded(self) -> Sequence[_T]:
        return self._fold.sequences[self._place]

    def __len__(self) -> int:
        return len(self._unfolded())

    def __iter__(self) -> Iterator[_T]:
        return iter(self._unfolded())

    @overload
    def __getitem__(self, place: int) -> _T: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[_T]: ...
    def __getitem__(self, place: int | slice) -> _T | Sequence[_T]:
        """Return one of the sequence, or some."""
        return self._unfolded()[place]
