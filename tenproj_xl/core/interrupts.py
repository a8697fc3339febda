"""Ctrl-C, and the request of the system to end: obeyed at once, or as soon as what is begun is done."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupted(KeyboardInterrupt):
    """Work was interrupted; the text tells people what was done, and how it goes on."""


@contextmanager
def interruptible() -> Iterator[None]:
    """Meanwhile take the request to end as an interruption, so that what is begun is cleared away."""

    def interrupt(_: int, __: FrameType | None) -> None:
        raise KeyboardInterrupt

    with _handled_by(interrupt):
        yield


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Let an interruption wait until the end of this; a second one does not wait."""
    came: list[int] = []

    def wait(number: int, _: FrameType | None) -> None:
        if came:
            raise KeyboardInterrupt
        came.append(number)

    with _handled_by(wait):
        yield
    if came:
        raise KeyboardInterrupt


@contextmanager
def _handled_by(handler: "signal._HANDLER") -> Iterator[None]:
    """Handle the signals meanwhile, where that can be: in the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = [(number, signal.signal(number, handler)) for number in _SIGNALS]
    try:
        yield
    finally:
        for number, earlier in before:
            signal.signal(number, earlier if earlier is not None else signal.SIG_DFL)
