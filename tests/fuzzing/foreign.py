"""Check folders of spreadsheets that are no returns, exactly as returns are checked.

    python -m tests.fuzzing.foreign FOLDER... [--spoil N] [--seed N] [--save FOLDER]

Each must end in a finding within 10 s and 1 GiB, none may be taken for a return, nothing may raise. `--spoil N` tries N
broken variants of each file, too. Prints the findings by code, the slowest and the largest file; exits 1 on a breach.
"""

import argparse
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from tenproj_xl.app.initialise import initialise
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.model.statuses import Status
from tests.fuzzing.mutations import spoiled
from tests.fuzzing.trial import Court, File, Verdict
from tests.helpers.filling import Office, sent_out

PERIOD = "2026-W48"
_BATCH = 100
_SHOWN = 5


@dataclass
class Table:
    """The findings so far."""

    codes: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    slowest: list[tuple[float, str]] = field(default_factory=list)
    largest: list[tuple[int, str]] = field(default_factory=list)
    breaches: list[tuple[File, str]] = field(default_factory=list)
    count: int = 0

    def add(self, verdict: Verdict) -> None:
        """Add a verdict."""
        name = verdict.file.name
        self.count += 1
        self.kinds[type(verdict.found).__name__] += 1
        self.codes.update(verdict.codes)
        self.slowest = sorted([*self.slowest, (verdict.seconds, name)], reverse=True)[:_SHOWN]
        self.largest = sorted([*self.largest, (verdict.memory, name)], reverse=True)[:_SHOWN]
        self.breaches += [(verdict.file, b) for b in breaches(verdict)]

    def __str__(self) -> str:
        lines = [f"{self.count} files: " + ", ".join(f"{n} {kind}" for kind, n in self.kinds.most_common())]
        lines += [f"{n:8} {code}" for code, n in self.codes.most_common()]
        lines += [f"slowest {seconds:6.2f} s   {name}" for seconds, name in self.slowest]
        lines += [f"largest {size >> 20:6} MB  {name}" for size, name in self.largest]
        lines += [f"BREACH {what}: {file.name}" for file, what in self.breaches]
        return "\n".join([*lines, f"{len(self.breaches)} breaches"])


def breaches(verdict: Verdict) -> Iterator[str]:
    """Yield what is wrong with the verdict on a file that is no return."""
    yield from verdict.breaches
    if verdict.is_return:
        yield "it was taken for a return"
    elif not verdict.codes and Status.DUPLICATE not in verdict.statuses:
        yield "nothing was found"


def files(folders: Iterable[Path], spoil: int, seed: int) -> Iterator[File]:
    """Yield every file in some folders, each followed by its spoiled variants."""
    for path in (
        p for folder in folders for p in sorted(folder.rglob("*")) if p.is_file() and not p.is_symlink()
    ):
        data = path.read_bytes()
        yield File(str(path), data)
        for n in range(spoil):
            chance = random.Random(f"{seed}/{path.name}/{n}")  # noqa: S311  # repeatable, no secret
            yield File(f"{path}#{n}", spoiled(data, chance).data)


def run(office: Office, found: Iterator[File]) -> Table:
    """Check files and return the table of what was found."""
    table = Table()
    with Court(office) as court:
        while batch := list(islice(found, _BATCH)):
            for verdict in court.tried(batch):
                table.add(verdict)
    return table


def save(folder: Path, breached: Sequence[tuple[File, str]]) -> None:
    """Save the files with a breach, for `python -m tests.fuzzing.fuzz --replay`."""
    folder.mkdir(parents=True, exist_ok=True)
    for n, (file, what) in enumerate(breached):
        (folder / f"{n}-{Path(file.name).name}").write_bytes(file.data)
        (folder / f"{n}-{Path(file.name).name}.txt").write_text(f"{file.name}: {what}\n", encoding="utf-8")


def main() -> int:
    """Run the command; return 1 on a breach."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--spoil", type=int, default=0, help="broken variants of each file")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--save", type=Path, help="where files with a breach are kept")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        workspace = Workspace(Path(name).resolve())
        initialise(workspace)
        table = run(sent_out(workspace, PERIOD), files(given.folders, given.spoil, given.seed))
    print(table)
    if given.save:
        save(given.save, table.breaches)
    return min(len(table.breaches), 1)


if __name__ == "__main__":
    sys.exit(main())
