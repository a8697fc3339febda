"""What a run that was cut off leaves behind, temporary files and private folders, and when it may be cleared.

Each name tells the machine and the process that made it. It is cleared by a later run where that process runs
no more; what another machine left on a shared drive stays until it is a day old, for nobody here can ask.
"""

import os
import re
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from platform import node
from zlib import crc32

_MACHINE = f"{crc32(node().encode()) & 0xFFFF:04x}"
_OURS = re.compile(
    r"\.(?P<name>.+)\.(?:(?P<machine>[0-9a-f]{4})-)?(?P<process>\d{1,10})\.tmp"
    r"|\.?tenproj-(?P<of_machine>[0-9a-f]{4})-(?P<of_process>\d{1,10})-\w+"
)
"""A temporary file, those of versions before 0.4.0 without a machine; a private folder."""
_OLD = 24 * 3600.0
_STILL_ACTIVE, _QUERY = 259, 0x1000
"""What Windows says of a process that runs, and the right to ask."""
_swept: set[Path] = set()
"""The folders in which this process has looked for remains."""


def temporary_name(name: str) -> str:
    """Return the name that a file has while this process writes it."""
    return f".{name}.{_MACHINE}-{os.getpid()}.tmp"


@contextmanager
def private_folder(*, beside: Path | None = None) -> Iterator[Path]:
    """Give a private folder that goes with the block, hidden in a folder or else among temporary files."""
    import tempfile  # noqa: PLC0415 - who only looks at a ledger at rest waits for neither

    place, prefix = Path(tempfile.gettempdir()), "tenproj-"
    if beside is not None:
        place, prefix = beside, ".tenproj-"
    clear_remains(place)
    mark = f"{prefix}{_MACHINE}-{os.getpid()}-"
    with tempfile.TemporaryDirectory(prefix=mark, dir=place, ignore_cleanup_errors=True) as name:
        yield Path(name)


def clear_once(folder: Path) -> None:
    """Clear what runs that were cut off left in a folder, the first time that this process asks."""
    if folder not in _swept:
        _swept.add(folder)
        clear_remains(folder)


def clear_remains(folder: Path) -> None:
    """Clear what runs that were cut off left in a folder."""
    _clear(folder.iterdir())


def clear_all_remains(folder: Path) -> None:
    """Clear what runs that were cut off left in a folder and below it."""
    _clear(folder.rglob(".*"))


def _clear(paths: Iterable[Path]) -> None:
    import shutil  # noqa: PLC0415 - as tempfile

    with suppress(OSError):  # what cannot be cleared now is cleared later
        for path in [path for path in paths if _is_left_over(path)]:
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


def _is_left_over(path: Path) -> bool:
    match = _OURS.fullmatch(path.name)
    if match is None:
        return False
    machine = match["machine"] or match["of_machine"] or _MACHINE
    if machine != _MACHINE:
        return time.time() - path.stat().st_mtime > _OLD
    return not is_running(int(match["process"] or match["of_process"]))


def is_running(process: int) -> bool:
    """Return whether a process of this machine runs."""
    if sys.platform == "win32":
        return _runs_on_windows(process)
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):  # somebody else's
        return True
    return True


def _runs_on_windows(process: int) -> bool:
    import ctypes  # noqa: PLC0415  # needed there alone

    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined]  # of Windows
    handle = kernel.OpenProcess(_QUERY, False, process)  # noqa: FBT003  # as Windows has it
    if not handle:
        return False
    code = ctypes.c_ulong()
    kernel.GetExitCodeProcess(handle, ctypes.byref(code))
    kernel.CloseHandle(handle)
    return code.value == _STILL_ACTIVE
