"""The desk that runs for a folder already: a second start finds it by a file in the folder."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from platform import node
from urllib.error import URLError
from urllib.request import ProxyHandler, Request, build_opener

from filelock import FileLock, Timeout

from tenproj_xl.app.workspace import DESK_NOTE
from tenproj_xl.core.errors import EnvironmentProblem
from tenproj_xl.desk.access import AGAIN, Access

_SECONDS = 5


class RunningDesk:
    """Where the running desk of a folder is noted: its port and its key, readable for its owner alone."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / f"{DESK_NOTE}.json"
        self._lock = folder / f"{DESK_NOTE}.lock"

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Let one start look and note at a time.

        Raises:
            EnvironmentProblem: The folder cannot be written to.
        """
        try:
            with FileLock(self._lock, timeout=30):
                yield
        except Timeout as fault:
            raise EnvironmentProblem("办公桌正在打开，请稍等；一直不出来的，再打开一次。") from fault
        except OSError as fault:
            raise EnvironmentProblem(
                f"“{self._path.parent}”不能写入。请把工作区放到能写的地方，如“文档”，再从那里打开。"
            ) from fault

    def address(self) -> str | None:
        """Return a new address of the desk that runs, None where none does on this machine."""
        noted = self._noted()
        if noted.get("machine") != node():
            return None
        asked = Request(
            f"http://127.0.0.1:{noted.get('port')}{AGAIN}",
            method="POST",
            headers={"X-Desk-Key": str(noted.get("key"))},
        )
        try:
            with build_opener(ProxyHandler({})).open(asked, timeout=_SECONDS) as answer:
                return str(answer.read().decode())
        except (URLError, OSError, ValueError):
            return None

    def _noted(self) -> dict[str, object]:
        try:
            noted = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return noted if isinstance(noted, dict) else {}

    def note(self, access: Access) -> None:
        """Note a desk that listens now."""
        self._path.unlink(missing_ok=True)
        place = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(place, "w", encoding="utf-8") as file:  # noqa: PTH123  # a descriptor, closed to others
            json.dump({"machine": node(), "port": access.port, "key": access.key}, file)

    def forget(self) -> None:
        """Take the note away."""
        with suppress(OSError):
            self._path.unlink(missing_ok=True)
