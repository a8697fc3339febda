"""What is measured: each prepares its workspaces, runs both sides in turn, and yields its results."""

import os
import pickle
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path

from benchmarks.peers import CALAMINE, OPENPYXL, XLSXWRITER, datamaps, office_script
from benchmarks.processes import Run, average, fastest, measured, python, tenproj
from benchmarks.results import Result
from benchmarks.returns import copied, returns_of_a_province, weeks_of_ten
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
    """How much is measured, and how often: the fastest of the rounds counts.

    Of fewer `forms` than a hundred two processes hardly work at once.
    """

    weeks: int = 100
    forms: Sequence[int] = (100, 1000)
    known: int = 1000
    recipients: int = 1000
    issues: int = 5000
    issues_in_rollup: int = 5000
    history: int = 260
    province: int = 100
    rounds: int = _ROUNDS


SMALL = Size(known=100)
"""What a smoke run measures in two or three minutes."""
LARGE = Size(forms=(100, 1000, 10_000, 100_000), issues_in_rollup=25_000, province=1000, rounds=1)
"""What takes hours: as many returns, rows of a roll-up and years of a province as are promised."""


def starting(scratch: Path, size: Size) -> Iterator[Result]:
    """Measure the start of the program, and a look at a week."""
    folder = scratch / "start"
    weeks_of_ten(folder, 1)
    tenproj(folder, "merge")
    rounds = range(3 * size.rounds)  # they are short
    clicks, helps, looks = [], [], []
    for _ in rounds:
        clicks.append(python("import click"))
        helps.append(tenproj(folder, "--help"))
        looks.append(tenproj(folder, "status"))
    click, help_, status = map(fastest, (clicks, helps, looks))
    yield compared("help", "`tenproj --help`", "`import click`", help_, click, aim=1.3)
    yield compared("status", "`tenproj status` (aim: 0.2 s)", "`import click`", status, click)


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
    yield compared("ten", "`merge` of ten returns", "the office's script", merge, script, aim=1)


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
    yield compared("many", what, "the office's script", merge, script, aim=0.1)
    yield compared("many-calamine", what, "calamine, cells only", merge, calamine)
    yield compared("many-openpyxl", what, "openpyxl, cells only", merge, openpyxl)
    yield compared("many-datamaps", what, "datamaps 1.1.9", merge, gathered_by_datamaps)


def returns_by_number(scratch: Path, size: Size) -> Iterator[Result]:
    """Measure the time for each return of the units of a province, from few to many.

    What takes minutes is told by averages, and some are taken in before and behind ten times as many: a
    machine that has neighbours is up to twice as fast in one minute as in another.
    """
    folders = {count: scratch / f"by-number-{count}" for count in size.forms}
    for fewer, more in pairwise(size.forms):
        for count in (fewer, more):
            if not folders[count].exists():
                returns_of_a_province(folders[count], count)
        runs, few_runs = [], [_taken_in(folders[fewer])]
        for _ in range(size.rounds):
            runs.append(_taken_in(folders[more]))
            few_runs.append(_taken_in(folders[fewer]))
        shutil.rmtree(folders[fewer])
        many, few = average(runs), average(few_runs)
        yield Result(
            code=f"by-number-{more}",
            what=f"`ingest` of {more} returns of a province, for each",
            against=f"of {fewer}",
            ours=many.seconds / more * _MILLISECONDS,
            other=few.seconds / fewer * _MILLISECONDS,
            processor=(many.processor / more) / (few.processor / fewer),
            unit="ms",
            aim=1.2,
            note=memory(many),
        )


def _taken_in(folder: Path) -> Run:
    """Return what it takes to take in the returns of a copy of a workspace."""
    copy = copied(folder, f"{folder.name}-taken-in")
    os.sync()  # or what the program waits for is the copy
    run = tenproj(copy, "ingest", is_watched=True)
    shutil.rmtree(copy)
    return run


def known_files(scratch: Path, size: Size) -> Iterator[Result]:
    """Measure what files cost that a watched folder has had before."""
    folder, watched, away = scratch / "known", scratch / "watched", scratch / "away"
    returns_of_a_province(folder, size.known)
    workspace = Workspace(folder)
    shutil.copytree(workspace.inbox, watched)
    add_line(workspace, "收件夹", "../watched", "旁看", "微信")
    tenproj(folder, "ingest")
    tenproj(folder, "ingest")
    with_them, without = [], []
    for _ in range(size.rounds):
        with_them.append(tenproj(folder, "ingest"))
        watched.rename(away)
        watched.mkdir()
        without.append(tenproj(folder, "ingest"))
        watched.rmdir()
        away.rename(watched)
    ours, other = fastest(with_them), fastest(without)
    each = (ours.seconds - other.seconds) / size.known * _MILLISECONDS
    what = f"`ingest` where nothing is new, {size.known} known files"
    yield compared("known", what, "none", ours, other, note=f"{each:.2f} ms for each (aim: 0.1)")


def roll_up(scratch: Path, size: Size) -> Iterator[Result]:
    """Measure the writing of the roll-up of a week against a bare loop that writes the same cells."""
    folder = scratch / "roll-up"
    period = weeks_of_ten(folder, 1)
    tenproj(folder, "merge")
    yield roll_up_of(Workspace(folder), period, "roll-up", "a week", size.rounds)


def roll_up_of(workspace: Workspace, period: str, code: str, whose: str, rounds: int) -> Result:
    """Compare the writing of the roll-up of a period with a bare loop that writes the same cells."""
    loaded, scratch = load(workspace), workspace.root.parent
    with look_into_ledger(workspace.ledger) as ledger:
        facts = facts_of(gathered(loaded, ledger, loaded.settings.period(period), WEEK))
    target, bare = scratch / "roll-up.xlsx", scratch / "bare.xlsx"
    write_rollup(target, facts)
    cells, empty = scratch / "cells.pickle", scratch / "empty.pickle"
    sheets = written_cells(target)
    cells.write_bytes(pickle.dumps(sheets))
    empty.write_bytes(pickle.dumps([]))
    ours, whole, start = [], [], []
    for _ in range(rounds):
        ours.append(measured(partial(write_rollup, target, facts)))
        whole.append(python(XLSXWRITER, str(cells), str(bare)))
        start.append(python(XLSXWRITER, str(empty), str(bare)))
    count = sum(len(found) for *_, found in sheets)
    lines = sum(len({row for row, *_ in found}) for *_, found in sheets)
    return compared(
        code,
        f"writing the roll-up of {whose}, {count} cells in {lines} rows",
        "a bare XlsxWriter loop, the same cells, looks and heights",
        fastest(ours),
        fastest(whole).without(fastest(start)),
        aim=1.3,
    )


MEASURES: Mapping[str, Callable[[Path, Size], Iterator[Result]]] = {
    "start": starting,
    "ten": ten_returns,
    "roll-up": roll_up,
    "by-number": returns_by_number,
    "known": known_files,
    "many": many_returns,
}


def compared(
    code: str, what: str, against: str, ours: Run, other: Run, *, aim: float | None = None, note: str = ""
) -> Result:
    """Return the result of two runs."""
    return Result(
        code=code,
        what=what,
        against=against,
        ours=ours.seconds,
        other=other.seconds,
        processor=ours.processor / other.processor,
        aim=aim,
        note=note or memory(ours),
    )


def memory(of: Run) -> str:
    """Return what memory a run took, "" where nobody looked."""
    if not of.largest:
        return ""
    return f"largest process {of.largest // MEGABYTE} MB, all {of.together // MEGABYTE} MB"
