"""What is measured: each prepares its workspaces, runs both sides in turn, and yields its results."""

import pickle
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from benchmarks import history
from benchmarks.peers import CALAMINE, OPENPYXL, XLSXWRITER, datamaps, office_script
from benchmarks.processes import Run, fastest, python, tenproj
from benchmarks.results import Result
from benchmarks.returns import copied, many_of_one_week, weeks_of_ten
from benchmarks.written_cells import written_cells
from tenproj_xl.app.rollup_input import gathered
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.rollup.book import write_rollup
from tenproj_xl.rollup.facts.editions import WEEK
from tenproj_xl.rollup.facts.model import facts_of
from tests.helpers.settings_book import add_line

MEGABYTE = 1 << 20
_MILLISECONDS = 1000
_ROUNDS = 3


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much is measured, and how often: the fastest of the rounds counts."""

    weeks: int = 100
    forms: Sequence[int] = (10, 100, 1000)
    known: int = 1000
    history: int = 100
    rounds: int = _ROUNDS


SMALL = Size(weeks=5, forms=(10, 50), known=100, history=10)
"""What a smoke run measures in two or three minutes."""


def starting(scratch: Path, size: Size) -> Iterator[Result]:
    """Measure the start of the program, and a look at a week."""
    folder = scratch / "start"
    weeks_of_ten(folder, 1)
    tenproj(folder, "merge")
    rounds = range(3 * size.rounds)  # they are short
    click = fastest(python("import click") for _ in rounds)
    help_ = fastest(tenproj(folder, "--help") for _ in rounds)
    status = fastest(tenproj(folder, "status") for _ in rounds)
    yield _compared("help", "`tenproj --help`", "`import click`", help_, click, aim=1.3)
    yield _compared("status", "`tenproj status` (aim: 0.2 s)", "`import click`", status, click)


def ten_returns(scratch: Path, size: Size) -> Iterator[Result]:
    """Measure the week of an office: ten returns merged, all outputs and the quick look included."""
    folder = scratch / "ten"
    weeks_of_ten(folder, 1)
    inbox = Workspace(folder).inbox
    scripts, merges = [], []
    for number in range(size.rounds):
        copy = copied(folder, f"ten-{number}")
        scripts.append(office_script(inbox, scratch / "script.xlsx"))
        merges.append(tenproj(copy, "merge"))
    script, merge = fastest(scripts), fastest(merges)
    yield _compared("ten", "`merge` of ten returns", "the office's script", merge, script, aim=1)


def many_returns(scratch: Path, size: Size) -> Iterator[Result]:
    """Measure weeks of ten returns, merged at once, against all others that gather as much."""
    folder = scratch / "many"
    last = weeks_of_ten(folder, size.weeks)
    inbox = Workspace(folder).inbox
    count = len(list(inbox.glob("*.xlsx")))
    script = office_script(inbox, scratch / "script.xlsx", is_watched=True)
    calamine = python(CALAMINE, str(inbox), is_watched=True)
    openpyxl = python(OPENPYXL, str(inbox), is_watched=True)
    gathered_by_datamaps = datamaps(inbox, scratch)
    merge = tenproj(folder, "merge", "--period", last, is_watched=True)
    what = f"`merge` of {count} returns, {size.weeks} weeks of ten"
    yield _compared("many", what, "the office's script", merge, script, aim=0.1)
    yield _compared("many-calamine", what, "calamine, cells only", merge, calamine)
    yield _compared("many-openpyxl", what, "openpyxl, cells only", merge, openpyxl)
    yield _compared("many-datamaps", what, "datamaps 1.1.9", merge, gathered_by_datamaps)


def returns_by_number(scratch: Path, size: Size) -> Iterator[Result]:
    """Measure the time for each return of one week, from few to many."""
    took: dict[int, Run] = {}
    for count in size.forms:
        folder = scratch / f"by-number-{count}"
        many_of_one_week(folder, count)
        took[count] = tenproj(folder, "ingest", is_watched=True)
        shutil.rmtree(folder)
    fewer, most = sorted(took)[-2:]
    yield Result(
        code="by-number",
        what=f"`ingest` of {most} returns of one week, for each",
        against=f"of {fewer}",
        ours=took[most].seconds / most * _MILLISECONDS,
        other=took[fewer].seconds / fewer * _MILLISECONDS,
        unit="ms",
        aim=1.2,
        note=_memory(took[most]),
    )


def known_files(scratch: Path, size: Size) -> Iterator[Result]:
    """Measure what files cost that a watched folder has had before."""
    folder, watched = scratch / "known", scratch / "watched"
    many_of_one_week(folder, size.known)
    workspace = Workspace(folder)
    shutil.copytree(workspace.inbox, watched)
    add_line(workspace, "收件夹", "../watched", "旁看", "微信")
    tenproj(folder, "ingest")
    tenproj(folder, "ingest")
    with_them = fastest(tenproj(folder, "ingest") for _ in range(size.rounds))
    shutil.rmtree(watched)
    watched.mkdir()
    without = fastest(tenproj(folder, "ingest") for _ in range(size.rounds))
    each = (with_them.seconds - without.seconds) / size.known * _MILLISECONDS
    yield Result(
        code="known",
        what=f"`ingest` where nothing is new, {size.known} known files",
        against="none",
        ours=with_them.seconds,
        other=without.seconds,
        note=f"{each:.2f} ms for each (aim: 0.1)",
    )


def years_behind(_: Path, size: Size) -> Iterator[Result]:
    """Measure the commands of a week with and without weeks behind it."""
    for command, (few, many) in history.compared(size.history).items():
        yield Result(
            code=f"history-{command}",
            what=f"`{command}` with {size.history} weeks behind it, of the processor",
            against="with one",
            ours=many,
            other=few,
            aim=1.2,
        )


def roll_up(scratch: Path, size: Size) -> Iterator[Result]:
    """Measure the writing of the roll-up against a bare loop that writes the same cells."""
    folder = scratch / "roll-up"
    period = weeks_of_ten(folder, 1)
    tenproj(folder, "merge")
    workspace = Workspace(folder)
    loaded = load(workspace)
    with look_into_ledger(workspace.ledger) as ledger:
        facts = facts_of(gathered(loaded, ledger, loaded.settings.period(period), WEEK))
    target = scratch / "roll-up.xlsx"
    ours = _seconds(lambda: write_rollup(target, facts), size.rounds)
    cells = scratch / "cells.pickle"
    sheets = written_cells(target)
    cells.write_bytes(pickle.dumps(sheets))
    empty = scratch / "empty.pickle"
    empty.write_bytes(pickle.dumps([]))
    bare = scratch / "bare.xlsx"
    whole = fastest(python(XLSXWRITER, str(cells), str(bare)) for _ in range(size.rounds))
    start = fastest(python(XLSXWRITER, str(empty), str(bare)) for _ in range(size.rounds))
    count = sum(len(found) for *_, found in sheets)
    yield Result(
        code="roll-up",
        what=f"writing the roll-up of a week, {count} cells",
        against="a bare XlsxWriter loop, the same cells, looks and heights",
        ours=ours,
        other=whole.seconds - start.seconds,
        aim=1.3,
    )


MEASURES: Mapping[str, Callable[[Path, Size], Iterator[Result]]] = {
    "start": starting,
    "ten": ten_returns,
    "roll-up": roll_up,
    "by-number": returns_by_number,
    "known": known_files,
    "history": years_behind,
    "many": many_returns,
}


def _compared(
    code: str, what: str, against: str, ours: Run, other: Run, *, aim: float | None = None
) -> Result:
    return Result(
        code=code,
        what=what,
        against=against,
        ours=ours.seconds,
        other=other.seconds,
        aim=aim,
        note=_memory(ours),
    )


def _memory(of: Run) -> str:
    if not of.largest:
        return ""
    return f"largest process {of.largest // MEGABYTE} MB, all {of.together // MEGABYTE} MB"


def _seconds(act: Callable[[], object], rounds: int) -> float:
    took = []
    for _ in range(rounds):
        began = perf_counter()
        act()
        took.append(perf_counter() - began)
    return min(took)
