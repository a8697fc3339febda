"""Files that are still on their way into a folder, and waiting for them."""

import time
from collections.abc import Callable, Container, Sequence
from itertools import chain
from pathlib import Path

from tenproj_xl.app.judge_files import Judged
from tenproj_xl.reading.inbox import Collected

Sleep = Callable[[float], None]
"""Waits for some seconds."""
_A_MINUTE, _STEP = 60.0, 5.0
"""How long files on their way are waited for, and how often they are looked at, in seconds."""
_NOT_OLD = 3 * _A_MINUTE
"""What has not changed for longer is a download that was given up, in seconds."""


def names_on_their_way(collected: Collected, judged: Judged) -> tuple[str, ...]:
    """Return the names of files that a source saw growing, and of those that proved to be cut short."""
    return (*collected.arriving, *names_cut(collected, judged))


def names_cut(collected: Collected, judged: Judged) -> list[str]:
    """Return the names of files that were cut short, and whose end may still come."""
    cut = {file.received.path for file in judged.files if file.may_be_arriving}
    return [file.name for file in collected.files if file.path in cut]


def wait_for_some(folders: Sequence[Path], collected: Collected, judged: Judged, sleep: Sleep) -> None:
    """Wait until a file on its way that is not old has changed, or a minute has passed."""
    wanted = {Path(name).name for name in names_on_their_way(collected, judged)}
    before = _sizes(folders, wanted)
    waited = 0.0
    while before and waited < _A_MINUTE and _sizes(folders, wanted) == before:
        sleep(_STEP)
        waited += _STEP


def _sizes(folders: Sequence[Path], wanted: Container[str]) -> list[int]:
    """Return the sizes of the files of some names in the folders that came within the last minutes."""
    sizes = []
    for path in chain(*(folder.rglob("*") for folder in folders)):
        if path.name in wanted and time.time() - path.stat().st_mtime < _NOT_OLD:
            sizes.append(path.stat().st_size)
    return sorted(sizes)
