"""Tell how far long work has come, to whoever listens: the terminal, or the program that runs a command.

What does the work says so by `counted` or `working`, and neither knows nor asks whether anybody listens.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict
from typing import Protocol, TypeVar

from tenproj_xl.core.dataclass import dataclass

_Item = TypeVar("_Item")
Step = Callable[[int], None]
"""Takes how many more are done."""
VARIABLE = "TENPROJ_PROGRESS"
"""With `json` in this variable of the environment a command tells of progress in lines for a program."""
MARK = "#progress "
"""Begins a line that a program reads, not a person."""


@dataclass(frozen=True, kw_only=True)
class Work:
    """Some things to do one after the other: `what` is done to them, and the word they are counted by."""

    what: str
    total: int
    unit: str = "份"


class Listener(Protocol):
    """Is told of works, which may lie within each other: the end is that of the one begun last."""

    def begin(self, work: Work) -> None:
        """Hear that a work begins."""

    def advance(self, done: int) -> None:
        """Hear how many things are done of the work at hand."""

    def end(self) -> None:
        """Hear that no more is done of the work at hand."""


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a work has come: a line of it is what a program reads that runs a command.

    `seconds_left` is None while nobody can say.
    """

    what: str
    unit: str
    done: int
    total: int
    seconds_left: float | None = None

    @property
    def text(self) -> str:
        """What a person is told, such as 打开回表：3/12份，还要约1分钟."""
        told = f"{self.what}：{self.done}/{self.total}{self.unit}"
        if self.seconds_left is not None and self.done < self.total:
            told += f"，还要约{duration(self.seconds_left)}"
        return told

    @property
    def line(self) -> str:
        """The line for a program, in ASCII."""
        return MARK + json.dumps(asdict(self))


def progress_in(line: str) -> Progress | None:
    """Return what a line tells of progress, None for any other line."""
    if not line.startswith(MARK):
        return None
    try:
        return Progress(**json.loads(line.removeprefix(MARK)))
    except (ValueError, TypeError):  # words that happen to begin like one
        return None


def duration(seconds: float) -> str:
    """Return a time that something takes, roughly."""
    if seconds < 60:
        return f"{max(1, round(seconds))}秒"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes}分钟"
    return f"{minutes // 60}小时{minutes % 60}分钟"


_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


@contextmanager
def heard_by(listener: Listener | None) -> Iterator[None]:
    """Let a listener hear of all works meanwhile; None lets nobody hear."""
    before = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(before)


@contextmanager
def working(what: str, total: int, unit: str = "份") -> Iterator[Step]:
    """Tell of a work meanwhile; give what is called as things of it are done."""
    listener = _listener.get()
    if listener is None or not total:
        yield lambda _: None
        return
    done = 0

    def step(more: int) -> None:
        nonlocal done
        done += more
        listener.advance(done)

    listener.begin(Work(what=what, total=total, unit=unit))
    try:
        yield step
    finally:
        listener.end()


def counted(items: Collection[_Item], what: str, unit: str = "份") -> Iterator[_Item]:
    """Yield some items, and tell how many of them the caller is done with."""
    yield from counted_to(len(items), items, what, unit)


def counted_to(total: int, items: Iterable[_Item], what: str, unit: str = "份") -> Iterator[_Item]:
    """Do as `counted` with items of which only the caller knows how many there are."""
    with working(what, total, unit) as step:
        for item in items:
            yield item
            step(1)


def counted_at_most(most: int, items: Iterable[_Item], what: str, unit: str = "份") -> Iterator[_Item]:
    """Do as `counted` with items of which nobody knows yet how many fewer there are."""
    left = most
    with working(what, most, unit) as step:
        for item in items:
            yield item
            step(1)
            left -= 1
        if left:
            step(left)
