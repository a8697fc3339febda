"""What may still be read of an outermost file, counted over all that lies in it."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any, Self

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.limits import Limits

CELL, TAG, PARSED_TAG, TAG_OF_ODS = 100, 50, 150, 400
"""What a cell with content costs, and a tag that is looked through or parsed, in bytes.

Measured: a byte takes about ten nanoseconds to be looked through.
"""


class SpentError(Exception):
    """Nothing is left to read a file with."""


@dataclass(frozen=True, kw_only=True)
class Allowance:
    """What one file may cost: work, processor seconds, and bytes and number of the files that lie in it."""

    work: int
    seconds: float
    unpacked: int
    members: int

    @classmethod
    def of(cls, limits: Limits) -> Self:
        """Return what a file may cost that lies in no other."""
        return cls(work=limits.work, seconds=limits.seconds, unpacked=limits.unpacked, members=limits.members)


@dataclass(frozen=True, kw_only=True)
class Spent:
    """What a file cost."""

    work: int = 0
    seconds: float = 0.0
    unpacked: int = 0
    members: int = 0


class Budget:
    """What is left for an outermost file and all within, which are read one after the other.

    The file itself may use all of it; each of those within at most half of what is left, so that there is
    always something for the next.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._whole = Allowance.of(limits)
        self._left = replace(self._whole, seconds=3 * limits.seconds)
        self._conversions = limits.conversions
        self._is_begun = False

    @property
    def is_begun(self) -> bool:
        """Whether the outermost file has been read."""
        return self._is_begun

    def next(self) -> Allowance:
        """Return what the next file may cost."""
        left = self._left
        if not self._is_begun:
            self._is_begun = True
            return self._whole
        seconds = min(self._limits.seconds, left.seconds / 2)
        return replace(left, work=left.work // 2, seconds=seconds)

    def spend(self, spent: Spent) -> None:
        """Take off what a file cost."""
        left = self._left
        self._left = Allowance(
            work=max(0, left.work - spent.work),
            seconds=max(0.0, left.seconds - spent.seconds),
            unpacked=max(0, left.unpacked - spent.unpacked),
            members=max(0, left.members - spent.members),
        )

    def told(self) -> dict[str, object]:
        """Return it as JSON can hold it, to go on with elsewhere."""
        return {"left": asdict(self._left), "is_begun": self._is_begun}

    @classmethod
    def of_told(cls, told: Mapping[str, Any], limits: Limits) -> Self:
        """Return what was told elsewhere."""
        budget = cls(limits)
        budget._left, budget._is_begun = Allowance(**told["left"]), told["is_begun"]
        return budget

    def go_on_from(self, other: Self) -> None:
        """Take over what another one of the same file has left."""
        self._left, self._is_begun, self._conversions = other._left, other._is_begun, other._conversions

    def may_convert(self) -> bool:
        """Take off a conversion; return whether there was one left."""
        self._conversions -= 1
        return self._conversions >= 0


class Meter:
    """Counts the work that a file costs while it is read."""

    def __init__(self, allowance: Allowance) -> None:
        self._allowance = allowance
        self.work = 0

    @property
    def left(self) -> int:
        """The work that may still be done."""
        return max(0, self._allowance.work - self.work)

    def add(self, work: int) -> None:
        """Count work that is about to be done.

        Raises:
            SpentError: It would be too much.
        """
        self.work += work
        if self.work > self._allowance.work:
            raise SpentError
