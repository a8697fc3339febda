"""One-byte changes in ledger, archive and papers: each is found by `verify`, or shown to be without effect.

Without effect is what leaves all answers as they were: the data of the roll-up, the state of returns, what is
known of each row, the papers that were given out, and the secret that row tokens are made of.
"""

import os
import random
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.faults.runs import Run, plain
from tests.faults.state import TEMPORARY, state_of
from tests.faults.workspaces import PLACE, Case

_LEDGER = f"{PLACE}/ledger/台账.sqlite3"
_LOOKS: Sequence[tuple[str, ...]] = (
    ("status", "--json"),
    ("history", "Z01-01", "--json"),
    ("history", "Z01-03", "--json"),
    ("history", "W01-2026-001", "--json"),
    ("publications", "--json"),
    ("export", "--to", "导出"),
    ("publications", "--out", "取出"),
)
"""What is asked of a workspace; exports and papers lie beside it then."""
_BROKEN = 4
"""The exit code of a fault of the program."""


@dataclass(frozen=True, order=True)
class Flip:
    """A byte of a file in a case's folder, and what it becomes: it is changed by an exclusive or."""

    file: str
    place: int
    bits: int

    def __str__(self) -> str:
        return f"{self.file}|{self.place}|{self.bits}"

    @classmethod
    def parse(cls, text: str) -> "Flip":
        """Read a flip as it is printed."""
        file, place, bits = text.split("|")
        return cls(file, int(place), int(bits))


@dataclass(frozen=True)
class Answers:
    """What a workspace answers."""

    said: tuple[tuple[int, str], ...]
    files: tuple[tuple[str, str], ...]
    secret: str


def flips_of(case: Case, count: int, seed: int) -> list[Flip]:
    """Draw bytes: half of the ledger, a quarter of the archive, a quarter of the papers in the outbox."""
    chance = random.Random(seed)  # noqa: S311  # repeatable, no secret
    place = case.root / PLACE
    kinds = [
        [case.root / _LEDGER] * 2,
        sorted(path for path in (place / "ledger" / "archive").rglob("*") if path.is_file()),
        sorted(path for path in (place / "outbox").rglob("汇总/*") if path.is_file()),
    ]
    flips = []
    for number in range(count):
        path = chance.choice(kinds[max(0, number % 4 - 1)])
        at = chance.randrange(path.stat().st_size)
        flips.append(Flip(path.relative_to(case.root).as_posix(), at, 1 << chance.randrange(8)))
    return flips


def answers_of(root: Path) -> Answers:
    """Ask a workspace all that is asked."""
    said = []
    for look in _LOOKS:
        run = plain(("-C", PLACE, *look), root)
        said.append((run.code, run.said))
    secret = ""
    with closing(sqlite3.connect(f"file:{root / _LEDGER}?mode=ro", uri=True)) as ledger:
        secret = str(ledger.execute("SELECT key, value FROM facts ORDER BY key").fetchall())
    beside = {n: f for n, f in state_of(root).files.items() if not n.startswith((PLACE, TEMPORARY))}
    return Answers(tuple(said), tuple(beside.items()), secret)


def verdict(flip: Flip, case: Case, untouched: Run, asked: Answers, work: Path) -> str:
    """Change a byte; return `found`, `without effect`, or what is wrong.

    Args:
        flip: The byte.
        case: The folder.
        untouched: What `verify` says without the change.
        asked: What the workspace answers without it.
        work: Where to copy the folder to.
    """
    root = work / "flipped"
    shutil.copytree(case.root, root)
    path = root / flip.file
    moment = path.stat()
    data = bytearray(path.read_bytes())
    data[flip.place] ^= flip.bits
    path.write_bytes(data)
    os.utime(path, ns=(moment.st_atime_ns, moment.st_mtime_ns))
    try:
        proof = plain(("-C", PLACE, "verify"), root)
        if proof.code < 0 or proof.code >= _BROKEN or "Traceback" in proof.said:
            return f"verify ends with {proof.code}: {proof.said.strip()[-300:]}"
        if (proof.code, proof.said) != (untouched.code, untouched.said):
            return "found"
        shutil.rmtree(root / TEMPORARY, ignore_errors=True)
        if not flip.file.startswith(_LEDGER):
            return f"verify finds nothing: {proof.said.strip()[-300:]}"
        if answers_of(root) == asked:
            return "without effect"
        return "verify finds nothing, and answers are other ones"
    finally:
        shutil.rmtree(root)
