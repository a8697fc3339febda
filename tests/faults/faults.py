"""Kill every command that writes at each of its calls, let each call fail, and run the command once more.

    python -m tests.faults.faults                                  # every point: hours
    python -m tests.faults.faults --points 200 --seed 11 --minutes 10
    python -m tests.faults.faults --command merge --point 'merge|pwrite64|17|KILL'
    python -m tests.faults.faults --flips 200 --seed 11            # one-byte changes, see tests/faults/flips.py
    python -m tests.faults.faults --together 8                     # two who record and one who looks, in a loop
    python -m tests.faults.faults --flip '工作区/ledger/台账.sqlite3|12345|4'

A point is a command, a call, which one of that name it is, and what befalls it: the process is killed before it, or
it fails for a full disk, an error of the disk, a disk that can only be read. After each point one plain re-run of the
command gives what an undisturbed run gives: the same files, letters and entries, and nothing that is left over;
`verify` finds nothing. A call that fails is told by cause and remedy, with exit code 3.
"""

import argparse
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import dataclass
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from pkgutil import walk_packages
from unittest.mock import patch

import tenproj_xl
from tests.faults.flips import Answers, Flip, answers_of, flips_of, verdict
from tests.faults.runs import KILL, Call, NotPermittedError, Run, calls_in, plain, traced
from tests.faults.state import State, state_of
from tests.faults.together import TOGETHER, together
from tests.faults.workspaces import PLACE, Case, Prepared
from tests.helpers.mail_servers import WORD, dovecot, why_no_dovecot

_MEMORY = Path("/dev/shm")  # noqa: S108  # where Linux has it: every commit and file waits for a disk
_DONE, _NEEDS_A_PERSON, _USAGE, _ENVIRONMENT = range(4)
_WORKERS = 2
_MAKES = frozenset(
    {"write", "pwrite64", "writev", "ftruncate", "openat", "mkdir", "fsync", "fdatasync", "sendfile"}
)
"""Calls that a full disk lets fail."""
_CHANGES = frozenset({"openat", "mkdir", "rename", "renameat", "renameat2", "unlink", "unlinkat"})
"""Calls that a disk which can only be read lets fail."""
_CAUSES: Mapping[str, Sequence[str]] = {
    "ENOSPC": ("磁盘已满", "已满"),
    "EIO": ("读写出错",),
    "EROFS": ("只能读",),
    "EACCES": ("权限",),
}
"""What is said of a fault, one of these."""
_OF_SQLITE = ("读写磁盘时出错", "打不开")
"""What is said of the ledger where SQLite does not tell why; the remedy names permission, space and drive."""
_REMEDIES = ("请检查", "请腾出", "请开放", "请关闭", "请换", "后重试", "再运行一次")
FLIPPED = "ingest objections"
"""The case whose bytes are changed: it has papers that were given out, scores and objections on their way."""
_NEW = ("generate first", "amend words")
"""Cases in which the ledger is made, with a secret of its own, or what is recorded has the second in it."""


@dataclass(frozen=True, order=True)
class Point:
    """A call of a command, and what befalls it."""

    case: str
    call: str
    number: int
    fault: str

    def __str__(self) -> str:
        return f"{self.case}|{self.call}|{self.number}|{self.fault}"

    @property
    def injection(self) -> str:
        """What strace does."""
        return "signal=KILL" if self.fault == KILL else f"error={self.fault}"

    @classmethod
    def parse(cls, text: str) -> "Point":
        """Read a point as it is printed."""
        case, call, number, fault = text.split("|")
        return cls(case, call, int(number), fault)


@dataclass(frozen=True)
class Outcome:
    """What became of a point; `missed` where the call was not met."""

    point: Point
    path: str
    failures: tuple[str, ...]
    missed: bool = False


@dataclass(frozen=True)
class Undisturbed:
    """A command as nothing befalls it: its exit code, the state after it, and its calls."""

    code: int
    state: State
    calls: tuple[Call, ...]


def load_everything() -> None:
    """Import the whole package, so that a forked process has it."""
    for module in walk_packages(tenproj_xl.__path__, "tenproj_xl."):
        import_module(module.name)


def undisturbed(case: Case, work: Path) -> Undisturbed:
    """Run a command as it is, twice: nothing of what is compared may differ by chance."""
    runs, states = [], []
    for number in range(2):
        root = _copy(case, work, f"undisturbed{number}")
        run = traced(case.command_line, root) if number else plain(case.command_line, root)
        if run.code not in (_DONE, _NEEDS_A_PERSON):
            raise AssertionError(f"{case.name} ends with {run.code}: {run.said}")
        runs.append(run)
        states.append(state_of(root, is_new=case.name in _NEW))
        calls = calls_in(run.log, root)
        shutil.rmtree(root)
    by_chance = [*states[0].differences(states[1])]
    if by_chance:
        raise AssertionError(f"{case.name}: undisturbed runs differ: {by_chance[:5]}")
    return Undisturbed(runs[0].code, states[0], tuple(calls))


def points_of(case: Case, calls: Iterable[Call]) -> Iterator[tuple[Point, str]]:
    """Yield all points of a command, each with its file."""
    for call in calls:
        faults = [KILL, "EIO"]
        if call.name in _MAKES:
            faults.append("ENOSPC")
        if call.name in _CHANGES:
            faults += ["EROFS", "EACCES"]
        for fault in faults:
            yield Point(case.name, call.name, call.number, fault), call.path


def tried(point: Point, path: str, case: Case, normal: Undisturbed, work: Path) -> Outcome:
    """Let a fault befall a command, run it once more, and compare with the undisturbed run."""
    root = _copy(case, work, "point")
    try:
        run = traced(case.command_line, root, inject={point.call: point.injection}, when=point.number)
        if not _fired(point, run):
            return Outcome(point, path, (), missed=True)
        failures = [*_of_the_fault(point, run, normal)]
        again = plain(case.command_line, root)
        if again.code not in (_DONE, _NEEDS_A_PERSON, _USAGE):
            failures.append(f"the re-run ends with {again.code}: {again.said.strip()[-300:]}")
        after = state_of(root, is_new=case.name in _NEW)
        failures += normal.state.differences(after)
        if (root / PLACE / "ledger" / "台账.sqlite3").exists():
            proof = plain(("-C", PLACE, "verify"), root)
            if proof.code:
                failures.append(f"verify: {proof.said.strip()[:300]}")
        return Outcome(point, path, tuple(failures))
    finally:
        shutil.rmtree(root)


def _copy(case: Case, work: Path, name: str) -> Path:
    root = work / name
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(case.root, root)
    return root


def _fired(point: Point, run: Run) -> bool:
    if point.fault == KILL:
        return run.code == -9
    return "(INJECTED)" in run.log


def _of_the_fault(point: Point, run: Run, normal: Undisturbed) -> Iterator[str]:
    """Yield what is wrong with what a command says of a call that failed."""
    if point.fault == KILL:
        return
    if "Traceback" in run.said or "已损坏" in run.said:
        yield f"it says: {run.said.strip()[-300:]}"
    if run.code == normal.code:
        return  # it went on without
    if run.code != _ENVIRONMENT:
        yield f"it ends with {run.code}: {run.said.strip()[-300:]}"
    elif not any(cause in run.said for cause in (*_CAUSES[point.fault], *_OF_SQLITE)):
        yield f"the cause is not named: {run.said.strip()[-300:]}"
    elif not any(remedy in run.said for remedy in _REMEDIES):
        yield f"no remedy: {run.said.strip()[-300:]}"


# --- many points


def drawn(points: Sequence[tuple[Point, str]], count: int, seed: int) -> list[tuple[Point, str]]:
    """Draw points over all commands, kinds of calls and faults alike."""
    chance = random.Random(seed)  # noqa: S311  # repeatable, no secret
    kinds: dict[tuple[str, str, str], list[tuple[Point, str]]] = {}
    for point, path in points:
        kinds.setdefault((point.case, point.call, point.fault), []).append((point, path))
    for of_kind in kinds.values():
        chance.shuffle(of_kind)
    order = list(kinds)
    chance.shuffle(order)
    found: list[tuple[Point, str]] = []
    while len(found) < min(count, len(points)):
        found += [kinds[kind].pop() for kind in order if kinds[kind]]
    return found[:count]


def _count(case: Case) -> Undisturbed:
    """Count a command's calls, in a worker."""
    with tempfile.TemporaryDirectory(prefix="tenproj-fault-", dir=_place()) as folder:
        return undisturbed(case, Path(folder))


def _try(point: Point, path: str, case: Case, normal: Undisturbed) -> Outcome:
    """Try a point, in a worker."""
    with tempfile.TemporaryDirectory(prefix="tenproj-fault-", dir=_place()) as folder:
        return tried(point, path, case, normal, Path(folder))


def _flip(flip: Flip, case: Case, untouched: Run, asked: Answers) -> str:
    """Change a byte, in a worker."""
    with tempfile.TemporaryDirectory(prefix="tenproj-fault-", dir=_place()) as folder:
        return verdict(flip, case, untouched, asked, Path(folder))


def _place() -> Path | None:
    return _MEMORY if _MEMORY.is_dir() else None


class Suite:
    """The prepared workspaces, and workers that try points."""

    def __init__(self, folder: Path, only: Sequence[str]) -> None:
        self._servers = ExitStack()
        self._servers.enter_context(patch.dict(os.environ, TENPROJ_SECRET_MAIL=WORD))
        server = None if why_no_dovecot() else self._servers.enter_context(dovecot())
        cases = Prepared(folder, server).made().cases
        self.cases = {name: case for name, case in cases.items() if not only or name in only}
        self._pool = ProcessPoolExecutor(_WORKERS, get_context("spawn"), initializer=load_everything)
        self.normal: dict[str, Undisturbed] = {}
        self.unfit: list[str] = []
        """Why commands cannot be tried: undisturbed they fail, or differ by chance."""

    def count(self) -> list[tuple[Point, str]]:
        """Run all commands undisturbed; return all points."""
        tasks = {case.name: self._pool.submit(_count, case) for case in self.cases.values()}
        for name, task in tasks.items():
            try:
                self.normal[name] = task.result()
            except AssertionError as fault:
                self.unfit.append(str(fault))
        return [p for name, normal in self.normal.items() for p in points_of(self.cases[name], normal.calls)]

    def outcomes(self, points: Iterable[tuple[Point, str]], until: float) -> Iterator[Outcome]:
        """Yield what becomes of points, until a moment."""
        queue = iter(points)
        running: dict[Future[Outcome], Point] = {}
        while True:
            while len(running) < 2 * _WORKERS and time.monotonic() < until:
                found = next(queue, None)
                if found is None:
                    break
                point, path = found
                task = self._pool.submit(_try, point, path, self.cases[point.case], self.normal[point.case])
                running[task] = point
            if not running:
                return
            done = next(as_completed(running))
            point = running.pop(done)
            try:
                yield done.result()
            except Exception as fault:  # noqa: BLE001  # whatever it is, the point did not hold
                yield Outcome(point, "", (f"{type(fault).__name__}: {fault}",))

    def flips(self, chosen: Sequence[Flip], until: float) -> Iterator[tuple[Flip, str]]:
        """Yield the verdicts on one-byte changes, until a moment."""
        case = self.cases[FLIPPED]
        with tempfile.TemporaryDirectory(prefix="tenproj-fault-", dir=_place()) as folder:
            root = _copy(case, Path(folder), "asked")
            untouched = plain(("-C", PLACE, "verify"), root)
            if untouched.code:
                raise AssertionError(f"verify of the untouched workspace: {untouched.said}")
            asked = answers_of(root)
        tasks = ((flip, self._pool.submit(_flip, flip, case, untouched, asked)) for flip in chosen)
        for flip, task in [*tasks]:
            if time.monotonic() > until:
                task.cancel()
            else:
                yield flip, task.result()

    def end(self) -> None:
        """Let the workers end, and the server of mail."""
        self._pool.shutdown(cancel_futures=True)
        self._servers.close()


def _summary(counts: Mapping[str, Undisturbed]) -> Iterator[str]:
    for name, normal in counts.items():
        kinds = Counter(call.name for call in normal.calls)
        listed = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
        yield f"{name:20} {len(normal.calls):5} calls: {listed}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--points", type=int, help="draw as many; by default all are tried")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--minutes", type=float, default=24 * 60)
    parser.add_argument("--command", action="append", default=[], help="only this command, as it is printed")
    parser.add_argument("--point", action="append", default=[], help="only this point, as it is printed")
    parser.add_argument(
        "--flips", type=int, default=0, help="change as many single bytes instead, or besides"
    )
    parser.add_argument("--flip", action="append", default=[], help="only this change, as it is printed")
    parser.add_argument(
        "--together", type=int, default=0, help="let so many returns come in while three work"
    )
    parser.add_argument("--quiet", action="store_true", help="print failures and the summary alone")
    return parser.parse_args()


def _chosen(points: Sequence[tuple[Point, str]], given: argparse.Namespace) -> list[tuple[Point, str]]:
    """Return the points that are to be tried."""
    if given.point:
        paths = dict(points)
        return [(point, paths.get(point, "")) for point in map(Point.parse, given.point)]
    return drawn(points, given.points or len(points), given.seed)


def _tell(outcome: Outcome, *, quiet: bool) -> None:
    if outcome.failures or not quiet:
        print(f"{_verdict(outcome)} --point '{outcome.point}'  {outcome.path}", flush=True)
    for failure in outcome.failures[:8]:
        print(f"      {failure}", flush=True)


def run(suite: Suite, given: argparse.Namespace, until: float) -> bool:
    """Try points, and return whether all held."""
    try:
        points = suite.count()
    except NotPermittedError as fault:
        print(f"strace may not look at processes here ({fault}): nothing was tried.")
        return False
    print("\n".join([*_summary(suite.normal), *suite.unfit]))
    chosen = _chosen(points, given)
    print(f"{len(chosen)} points of {len(points)}, seed {given.seed}", flush=True)
    count = missed = failed = 0
    for outcome in suite.outcomes(chosen, until):
        count += 1
        missed += outcome.missed
        failed += bool(outcome.failures)
        _tell(outcome, quiet=given.quiet)
    print(f"{count} points, {missed} not met, {failed} failed")
    is_cut_short = bool(given.points) and count < len(chosen)
    if is_cut_short:
        print(f"only {count} of {len(chosen)} points within {given.minutes} minutes")
    return not (failed or suite.unfit or is_cut_short or missed > count // 20)


def run_flips(suite: Suite, given: argparse.Namespace, until: float) -> bool:
    """Change bytes, and return whether each was found or is without effect."""
    chosen = [Flip.parse(text) for text in given.flip] or flips_of(
        suite.cases[FLIPPED], given.flips, given.seed
    )
    print(f"{len(chosen)} one-byte changes, seed {given.seed}", flush=True)
    became: Counter[str] = Counter()
    for flip, said in suite.flips(chosen, until):
        is_held = said in ("found", "without effect")
        became[said if is_held else "failed"] += 1
        if not (is_held and given.quiet):
            print(f"{said} --flip '{flip}'", flush=True)
    print(f"{became.total()} changes: {', '.join(f'{count} {said}' for said, count in became.items())}")
    return not became["failed"] and became.total() == len(chosen)


def run_together(suite: Suite, count: int) -> bool:
    """Let two operators record and one look while returns come in; return whether nothing was wrong."""
    with tempfile.TemporaryDirectory(prefix="tenproj-fault-", dir=_place()) as folder:
        wrong = [*together(suite.cases[TOGETHER], Path(folder), count)]
    print(f"{count} returns while two recorded and one looked: {len(wrong)} faults", *wrong, sep="\n      ")
    return not wrong


def main() -> int:
    """Run the suite, and return the exit code."""
    given = _arguments()
    began = time.monotonic()
    flips = given.flips or given.flip
    is_only_other = bool(flips or given.together) and not (given.points or given.point)
    only = given.command or sorted({Point.parse(text).case for text in given.point})
    if only and flips:
        only.append(FLIPPED)
    if only and given.together:
        only.append(TOGETHER)
    with tempfile.TemporaryDirectory(prefix="tenproj-faults-", dir=_place()) as folder:
        suite = Suite(Path(folder), only)
        try:
            until = began + given.minutes * 60
            held = not flips or run_flips(suite, given, until)
            held = (not given.together or run_together(suite, given.together)) and held
            if not is_only_other:
                held = run(suite, given, until) and held
        finally:
            suite.end()
    print(f"{(time.monotonic() - began) / 60:.1f} minutes")
    return 0 if held else 1


def _verdict(outcome: Outcome) -> str:
    if outcome.missed:
        return "not met"
    return "FAILED " if outcome.failures else "held   "


if __name__ == "__main__":
    sys.exit(main())
