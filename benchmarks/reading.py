"""Measure what each protection costs over a bare calamine read, and what the whole `check` costs.

    python -m benchmarks.reading [--forms 1000] [--rounds 3] [--by-script]

The bound for `check` is 1.5 × the bare read plus the validation of all rows at once. Everything is measured
in one run, by the clock and in processor time (reading processes included); the clock means something only on
an idle machine.

The returns are saved by LibreOffice, as departments save theirs. With `--by-script`, or where LibreOffice is
not installed, openpyxl saves them and leaves every formula without its result, which makes them dearer to
inspect.
"""

import argparse
import io
import os
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

from python_calamine import CalamineWorkbook

from tenproj_xl.app import judges
from tenproj_xl.app.check import check
from tenproj_xl.app.initialise import initialise
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.cli.clerks import answers, filled, issue_forms
from tenproj_xl.core.limits import LIMITS
from tenproj_xl.reading.guard import SHEET_PART, Parts, Refusal, parts_of_workbook
from tenproj_xl.reading.libreoffice import soffice, to_xlsx
from tenproj_xl.reading.opening import read_book
from tenproj_xl.reading.sandbox import Reader
from tenproj_xl.reading.xlsx import scan, scan_workbook
from tenproj_xl.validation.judge import JudgedReturn, judge

PERIOD = "2026-W48"


def prepare(workspace: Workspace, count: int, *, by_script: bool) -> list[Path]:
    """Make `count` returns of ten filled-in forms; a comment at the end of the zip makes each file unique."""
    initialise(workspace)
    office = issue_forms(workspace, PERIOD)
    for code, form in office.forms.items():
        office.send(filled(office, code, answers(form, 0)))
    returns = [path.read_bytes() for path in sorted(workspace.inbox.glob("*.xlsx"))]
    if not by_script:
        returns = [
            saved for data in returns if (saved := to_xlsx(data, ".xlsx", replace(LIMITS, seconds=60)))
        ]
        if not returns:
            raise SystemExit("LibreOffice could not save the returns; try --by-script")
    folder = workspace.root / "returns"
    folder.mkdir()
    paths = [folder / f"{n:05d}.xlsx" for n in range(count)]
    for n, path in enumerate(paths):
        file = io.BytesIO(returns[n % len(returns)])
        with zipfile.ZipFile(file, "a") as archive:
            archive.comment = str(n).encode()
        path.write_bytes(file.getvalue())
    return paths


# --- one step after the other


def bare(data: bytes) -> None:
    """Read all cells with calamine alone."""
    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        for n in range(len(book.sheet_names)):
            book.get_sheet_by_index(n).to_python(skip_empty_area=False)


def parts_of(data: bytes) -> Parts:
    """Return the parts that are read, inflated within limits, with names, sizes and declarations checked."""
    parts = parts_of_workbook(data, LIMITS)
    if isinstance(parts, Refusal):
        raise RuntimeError(parts.found)  # noqa: TRY004  # it tells what is wrong with the benchmark
    return parts


def scanned(data: bytes) -> Parts:
    """Return the parts, each sheet scanned for extent, errors, formulas and merged cells."""
    parts = parts_of(data)
    for name, part in parts.inflated.items():
        if SHEET_PART.fullmatch(name):
            scan(part)
    return parts


def inspected(data: bytes) -> bytes:
    """Return the workbook packed anew from the inspected parts."""
    found = scan_workbook(parts_of(data), LIMITS)
    if isinstance(found, Refusal):
        raise RuntimeError(found.found)  # noqa: TRY004  # see above
    return found.data


STEPS: Sequence[tuple[str, Callable[[bytes], object], bool]] = (
    ("bare calamine", bare, False),
    ("zip checked, parts inflated within limits", parts_of, True),
    ("sheets scanned: extent, errors, formulas", scanned, True),
    ("packed anew from what was looked at", inspected, True),
    ("blanks, errors, formulas told apart", read_book, False),
)
"""Each includes those before it; `True` where calamine has yet to read."""


class Cost(NamedTuple):
    """Seconds by the clock and of the processor, child processes that have ended included."""

    clock: float
    processor: float

    def over(self, other: "Cost") -> "Cost":
        """Return the ratio to another cost, by the clock and by processor time."""
        return Cost(self.clock / other.clock, self.processor / other.processor)


def now() -> Cost:
    """Return the seconds used so far."""
    return Cost(time.perf_counter(), sum(os.times()[:4]))


def cost(work: Callable[[], object]) -> Cost:
    """Return the cost of calling a function."""
    before = now()
    work()
    after = now()
    return Cost(after.clock - before.clock, after.processor - before.processor)


def least(costs: Iterable[Cost]) -> Cost:
    """Return the least of some rounds: the one that other processes disturbed least."""
    clocks, processors = zip(*costs, strict=True)
    return Cost(min(clocks), min(processors))


def in_processes(files: Sequence[bytes]) -> None:
    """Read all files through the reading processes."""
    with Reader() as reader:
        for _ in reader.open(files):
            pass


def protections(files: Sequence[bytes], rounds: int) -> Cost:
    """Print what each step costs; return the cost of the bare read."""
    print("  by clock  processor   over the bare read")
    basis: Cost | None = None
    for name, step, is_before in STEPS:
        took = least(cost(lambda step=step: [step(data) for data in files]) for _ in range(rounds))  # type: ignore[misc]
        basis = basis or took
        tell(name, took, basis, and_read=is_before)
    if basis is None:
        raise RuntimeError("nothing was measured")
    took = least(cost(lambda: in_processes(files)) for _ in range(rounds))
    tell("in reading processes, their start included", took, basis)
    return basis


def tell(name: str, took: Cost, basis: Cost, *, and_read: bool = False) -> None:
    """Print one line of the table; `and_read` adds the cost of the bare read."""
    clock, processor = took.over(basis)
    print(f"{clock + and_read:7.2f} ×  {processor + and_read:7.2f} ×   {name}")


# --- the whole check


def checked(workspace: Workspace, paths: Sequence[Path], rounds: int) -> tuple[Cost, Cost]:
    """Return the cost of `check` and of the validation within it."""
    validations: list[Cost] = []

    def measured(*given: Any, **named: Any) -> list[JudgedReturn]:
        found: list[JudgedReturn] = []
        validations.append(cost(lambda: found.extend(judge(*given, **named))))
        return found

    with patch.object(judges, "judge", measured):
        whole = least(cost(lambda: check(workspace, paths, PERIOD)) for _ in range(rounds))
    return whole, least(validations)


def main() -> None:
    """Print the ratios."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--forms", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3, help="the fastest counts")
    parser.add_argument("--by-script", action="store_true", help="returns as openpyxl saves them")
    given = parser.parse_args()
    by_script = given.by_script or soffice() is None
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder).resolve())
        paths = prepare(workspace, given.forms, by_script=by_script)
        print(f"{given.forms} returns saved by {'openpyxl' if by_script else 'LibreOffice'}")
        basis = protections([path.read_bytes() for path in paths], given.rounds)
        whole, validation = checked(workspace, paths, given.rounds)
    for unit, whole_check, judged, bare_read in zip(Cost._fields, whole, validation, basis, strict=True):
        bound = 1.5 * bare_read + judged
        print(
            f"check, {unit}: {whole_check:.2f} s, {judged:.2f} s of it validation, "
            f"{bare_read:.2f} s a bare read; ",
            end="",
        )
        print(
            f"{whole_check / bound:.2f} of the bound, "
            f"{(whole_check - judged) / bare_read:.2f} × the bare read plus the validation"
        )


if __name__ == "__main__":
    main()
