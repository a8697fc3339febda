"""A clock of the story, by which processes run, and which goes on while they do."""

import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

HOME = Path(__file__).parents[2]
ZONE = ZoneInfo("Asia/Shanghai")


def moment(text: str) -> datetime:
    """Return a moment of November 2026 in the office's zone: `23 09:00`."""
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=ZONE)


class Clock:
    """The office's clock: `set` moves it for processes that run already, too.

    It is so many seconds before or behind the machine's.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / "clock"
        self.set("16 09:00")

    def set(self, text: str) -> None:
        """Let it be a moment of November 2026: `23 09:00`."""
        self._set_to = moment(text)
        offset = round(self._set_to.timestamp() - datetime.now(ZONE).timestamp())
        self._file.write_text(f"{offset:+d}\n")

    def date(self, path: Path, number: int = 0) -> None:
        """Let a file have come before the clock was set; faketime leaves the times of files to the machine.

        Those that come together are told apart by their minutes.
        """
        then = self._set_to.timestamp() - 60 * (20 - number)
        os.utime(path, (then, then))

    @property
    def environment(self) -> Mapping[str, str]:
        """The environment of a process that goes by this clock."""
        return {
            **os.environ,
            "PYTHONPATH": f"{HOME / '.ci' / 'other_day'}{os.pathsep}{HOME}",
            "PYTHONUTF8": "1",
            "LD_PRELOAD": _library(),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }


@cache
def _library() -> str:
    """Return the library of faketime for programs with threads, wherever it is installed."""
    asked = [*["faketime", "-m", "now"], sys.executable, "-c", "import os; print(os.environ['LD_PRELOAD'])"]
    return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603
