"""The desk that runs for a folder already: a second start finds it by a file in the folder."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from platform import node

from filelock import FileLock, Timeout

from tenproj_xl.app.workspace import DESK_NOTE
from tenproj_xl.core.errors import EnvironmentProblem
from tenproj_xl.desk.access import AGAIN, Access

_SECONDS, _LONGEST = 5, 1000
"""How long an answer is waited for, and how many bytes of it are read."""
_PATIENCE = 30.0
"""How long a start waits for another one, in seconds."""


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
            with FileLock(self._lock, timeout=_PATIENCE):
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
        port, key = noted.get("port"), noted.get("key")
        if noted.get("machine") != node() or not isinstance(port, int) or not isinstance(key, str):
            return None
        address, _, proof = _answer(port, key).partition("\n")
        if not proof or proof != noted.get("proof"):  # something other listens there now
            return None
        return address

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
            noted = {"port": access.port, "key": access.key, "proof": access.proof}
            json.dump({"machine": node(), **noted}, file)

    def forget(self, access: Access) -> None:
        """Take the note of a desk away; that of another, as on a shared drive, stays."""
        with suppress(OSError):
            if self._noted().get("key") == access.key:
                self._path.unlink(missing_ok=True)


def _answer(port: int, key: str) -> str:
    """Return what the desk at a port of this machine answers to its key, "" where none answers."""
    connection = HTTPConnection("127.0.0.1", port, timeout=_SECONDS)
    try:
        connection.request("POST", AGAIN, headers={"X-Desk-Key": key})
        answer = connection.getresponse()
        return answer.read(_LONGEST).decode() if answer.status == HTTPStatus.OK else ""
    except (HTTPException, OSError, ValueError, OverflowError):
        return ""
    finally:
        connection.close()
