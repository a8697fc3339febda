"""Which windows of the desk are open: each says so every two seconds, and when it is closed.

Nothing is taken for closed that only sleeps: browsers let a window in the background speak once a minute, and
a machine that was suspended is given time anew.
"""

import threading
import time
from collections.abc import Callable

_SILENCE = 150.0
"""A window that has not spoken for so long is closed."""
_PRINTING = 1800.0
_GRACE = 6.0
"""Between two pages of one window nothing is open."""
_FIRST = 600.0
"""The browser may take its time, or a person has to type the address."""
_SLEPT = 20.0


class Windows:
    """The open windows, by what each calls itself.

    What a window said before it was closed may arrive after that; what is shown again has a new name.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._spoken: dict[str, float] = {}
        self._closed: set[str] = set()
        self._last = self._looked = clock()
        self._was_open = False

    def speaks(self, window: str, *, prints: bool = False) -> None:
        """Note that a window is open; one whose dialog for printing is open cannot speak meanwhile."""
        with self._lock:
            self._last = self._clock()
            self._was_open = True
            if window not in self._closed:
                self._spoken[window] = self._last + _PRINTING * prints

    def asks(self) -> None:
        """Note that somebody asked for something."""
        with self._lock:
            self._last = self._clock()

    def closes(self, window: str) -> None:
        """Note that a window was closed, or goes on to another page."""
        with self._lock:
            self._spoken.pop(window, None)
            self._closed.add(window)
            self._last = self._clock()

    def are_closed(self) -> bool:
        """Return whether nobody has the desk open any more; asked every second or so."""
        with self._lock:
            now = self._clock()
            if now - self._looked > _SLEPT:
                self._last = now
                self._spoken = dict.fromkeys(self._spoken, now)
            self._looked = now
            self._spoken = {name: at for name, at in self._spoken.items() if now - at < _SILENCE}
            patience = _GRACE if self._was_open else _FIRST
            return not self._spoken and now - self._last > patience
