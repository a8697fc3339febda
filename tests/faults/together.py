"""Two operators record and one looks, in a loop and in processes of their own, while returns come in."""

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from tenproj_xl.app.workspace import Workspace
from tests.faults.state import state_of
from tests.faults.workspaces import PERIOD, PLACE, Case
from tests.helpers.filling import Office

TOGETHER = "generate"
"""The case that they begin with."""
_CALLED = (sys.executable, "-c", "from tenproj_xl.cli.main import main; main()", "-C", PLACE)
_RECORD = (("ingest",), ("merge",))
_LOOK = (("status", "--json"), ("history", "Z01-01"))
_CODE = "Z01-15"
_HOURS = -8
_LONGEST = 300


class Operator:
    """Somebody who runs commands in turn, until told to stop."""

    def __init__(self, root: Path, commands: Sequence[tuple[str, ...]]) -> None:
        self._root = root
        self._commands = commands
        self._stop = threading.Event()
        self.ended: list[tuple[tuple[str, ...], int, str]] = []
        """Each run: the command, its exit code, what it said."""
        self._thread = threading.Thread(target=self._work)
        self._thread.start()

    def _work(self) -> None:
        while not self._stop.is_set():
            for command in self._commands:
                self.ended.append((command, *called(self._root, *command)))

    def stop(self) -> None:
        """Let the run at hand end, and no other begin."""
        self._stop.set()
        self._thread.join()


def called(root: Path, *command: str) -> tuple[int, str]:
    """Run a command in a folder; return its exit code and all that it said."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(  # noqa: S603  # our own commands
        [*_CALLED, *command],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=_LONGEST,
        check=False,
        env=environment,
    )
    return done.returncode, done.stdout + done.stderr


def together(case: Case, work: Path, count: int) -> Iterator[str]:
    """Let returns come in while three are at work; yield what is wrong afterwards.

    Args:
        case: A workspace before the forms of a week go out.
        work: Where to copy it to.
        count: How many returns come.
    """
    root = work / "together"
    shutil.copytree(case.root, root)
    code, said = called(root, *case.arguments)
    if code:
        yield said
        return
    returns = _returns(Office.of(Workspace(root / PLACE), PERIOD), work, count)
    operators = [Operator(root, commands) for commands in (_RECORD, _RECORD[::-1], _LOOK)]
    for number, path in enumerate(returns):
        path.replace(root / PLACE / "inbox" / path.name)
        while len(operators[0].ended) <= number // 2:
            threading.Event().wait(0.1)
    for operator in operators:
        operator.stop()
    code, said = called(root, "merge")
    yield from _of_runs(
        [run for operator in operators for run in operator.ended] + [(("merge",), code, said)]
    )
    yield from of_ledger(root, {path.name for path in returns}, _CODE)
    code, said = called(root, "verify")
    if code:
        yield f"verify: {said.strip()[-300:]}"
    yield from (f"remains: {name}" for name in state_of(root).remains)


def _returns(office: Office, folder: Path, count: int) -> list[Path]:
    """Fill in returns of one task force, each with another figure and an hour later than the one before."""
    made = []
    for number in range(count):
        form = office.blank("01")
        form.fill_in({("indicators", _CODE): {"value": float(number + 1), "nature": "部门统计"}})
        form.cover(filler="张三", phone="0571-12345678")
        sent = office.send(form, f"{number:03d}.xlsx", hours=_HOURS + number / 60)
        made.append(sent.rename(folder / sent.name))
    return made


def _of_runs(runs: Sequence[tuple[tuple[str, ...], int, str]]) -> Iterator[str]:
    for command, code, said in runs:
        if code not in (0, 1) or "Traceback" in said or "已损坏" in said:
            yield f"{' '.join(command)} ends with {code}: {said.strip()[-300:]}"


def of_ledger(root: Path, names: set[str], code: str) -> Iterator[str]:
    """Yield what is lost or doubled: each return has one receipt, one row, and its original."""
    with closing(sqlite3.connect(root / PLACE / "ledger" / "台账.sqlite3")) as ledger:
        receipts = Counter(
            name for (name,) in ledger.execute("SELECT json_extract(body, '$.file') FROM receipts")
        )
        rows = Counter(name for (name,) in ledger.execute("SELECT file FROM rows WHERE code = ?", (code,)))
    for kind, found in (("receipts", receipts), ("rows", rows)):
        ours = {name: n for name, n in found.items() if name in names}
        yield from (f"{kind}: {name} stands {n} times" for name, n in ours.items() if n > 1)
        yield from (f"{kind}: {name} is lost" for name in sorted(names - ours.keys()))
    left = [path.name for path in (root / PLACE / "inbox").glob("*.xlsx")]
    yield from (f"inbox: {name} is left" for name in left)
