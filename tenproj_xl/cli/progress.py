"""How people and programs see long work: a bar on a terminal, now and then a line elsewhere.

With TENPROJ_PROGRESS=json in the environment, lines of `core.progress.Progress` for the program that runs
the command, as the desk does.
"""

import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

import click

from tenproj_xl.core.progress import VARIABLE, Progress, Work, duration, heard_by

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

    Clock = Callable[[], float]

_BAR_AFTER = 0.5
"""What is done sooner needs no bar, in seconds."""
_FIRST_LINE, _NEXT_LINE = 20.0, 30.0
"""When a work is first told of in a line, and then again, in seconds."""
_APART = 0.1
"""How long nothing is told after something was, in seconds."""
_WIDTH = 24


class ProgressTold:
    """Hears of works and tells of them; of one within another nothing is told.

    `a_second` is how many things are done a second, None where nobody can say yet.
    """

    def __init__(self, clock: "Clock" = monotonic) -> None:
        self.clock = clock
        self._work: Work | None = None
        self._within = 0
        self._began = 0.0
        self._told = 0.0
        self._first: tuple[float, int] | None = None
        self.a_second: float | None = None

    def begin(self, work: Work) -> None:
        """Hear that a work begins."""
        self._within += 1
        if self._within == 1:
            self._work = work
            self._began = self._told = self.clock()
            self._first = self.a_second = None
            self.tell(self._progress(work, 0), 0.0)

    def advance(self, done: int) -> None:
        """Hear how many things are done of the work at hand."""
        if self._within > 1 or self._work is None:
            return
        now = self.clock()
        self.a_second = self._pace_at(now, done)
        if now >= self._told + _APART or done == self._work.total:
            self._told = now
            self.tell(self._progress(self._work, done), now - self._began)

    def end(self) -> None:
        """Hear that no more is done of the work at hand."""
        self._within -= 1
        if not self._within:
            self._work = None
            self.close()

    def _pace_at(self, now: float, done: int) -> float | None:
        """Return how many things are done a second since the first ones were, None where nobody can say.

        Before these there was loading.
        """
        if self._first is None:
            self._first = (now, done) if done else None
            return None
        first, before = self._first
        if done == before or now <= first:
            return self.a_second
        return (done - before) / (now - first)

    def _progress(self, work: Work, done: int) -> Progress:
        left = (work.total - done) / self.a_second if self.a_second else None
        return Progress(what=work.what, unit=work.unit, done=done, total=work.total, seconds_left=left)

    def tell(self, progress: Progress, seconds: float, /) -> None:
        """Tell how far a work has come in some seconds."""

    def close(self) -> None:
        """Tell that a work is done or given up."""

    def make_room(self) -> None:
        """Leave the line to what is to be said in between."""


class Bars(ProgressTold):
    """A bar on a terminal, with what is done, the rate and the time left."""

    def __init__(self, clock: "Clock" = monotonic) -> None:
        super().__init__(clock)
        self._bar: ProgressBar[int] | None = None
        self._pace_told = ""

    def tell(self, progress: Progress, seconds: float, /) -> None:
        """Draw the bar, once the work has taken a while."""
        if self._bar is None:
            if seconds < _BAR_AFTER or progress.done >= progress.total:
                return
            self._pace_told = _pace(progress, self.a_second)
            self._bar = self._begun(progress)
        self._pace_told = _pace(progress, self.a_second)
        self._bar.update(progress.done - self._bar.pos)

    def _begun(self, progress: Progress) -> "ProgressBar[int]":
        return click.progressbar(
            length=progress.total,
            label=progress.what,
            show_eta=False,  # reckoned from the bar's own beginning, which is later than that of the work
            show_percent=False,
            show_pos=True,
            width=_WIDTH,
            file=sys.stderr,
            item_show_func=lambda _: self._pace_told,
        ).__enter__()

    def close(self) -> None:
        """Leave the bar as it stands."""
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
        self._bar = None

    def make_room(self) -> None:
        """Begin a new line where a bar stands in this one."""
        if self._bar is not None:
            click.echo(err=True)


def _pace(progress: Progress, a_second: float | None) -> str:
    """Return how fast a work goes and what is left, such as `每秒12份，还要约3秒`."""
    if a_second is None:
        return ""
    told = f"每{progress.unit}{1 / a_second:.1f}秒" if a_second < 1 else f"每秒{a_second:.0f}{progress.unit}"
    if progress.seconds_left and progress.done < progress.total:
        told += f"，还要约{duration(progress.seconds_left)}"
    return told


class Lines(ProgressTold):
    """A line now and then, where stderr is no terminal."""

    def __init__(self, clock: "Clock" = monotonic) -> None:
        super().__init__(clock)
        self._next = _FIRST_LINE

    def tell(self, progress: Progress, seconds: float, /) -> None:
        """Print a line where it is time for one."""
        if seconds >= self._next:
            click.echo(progress.text, err=True)
            self._next = seconds + _NEXT_LINE

    def close(self) -> None:
        """Begin to count anew."""
        self._next = _FIRST_LINE


class ProgramLines(ProgressTold):
    """Lines for the program that runs the command."""

    def tell(self, progress: Progress, _: float, /) -> None:
        """Print a line."""
        click.echo(progress.line, err=True)


def progress_told() -> ProgressTold:
    """Return what tells of progress here."""
    if os.environ.get(VARIABLE) == "json":
        return ProgramLines()
    if sys.stderr.isatty():
        return Bars()
    return Lines()


class _Telling(logging.Handler):
    """Tells the operator what the package logs for people."""

    def __init__(self, progress: ProgressTold) -> None:
        super().__init__()
        self._progress = progress

    def emit(self, record: logging.LogRecord) -> None:
        """Print a message to standard error."""
        self._progress.make_room()
        click.echo(f"提示：{record.getMessage()}", err=True)


@contextmanager
def told_of() -> Iterator[None]:
    """Tell the operator meanwhile of progress, and of what the package logs for people."""
    progress = progress_told()
    log, telling = logging.getLogger("tenproj_xl"), _Telling(progress)
    log.addHandler(telling)
    try:
        with heard_by(progress):
            yield
    finally:
        log.removeHandler(telling)
