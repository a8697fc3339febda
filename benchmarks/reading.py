"""What each protection costs over a bare calamine read of the same returns, all in one run.

    python benchmarks/reading.py [--forms 1000] [--rounds 3] [--clock] [--by-script]

The returns are saved by LibreOffice, as departments save theirs by a spreadsheet program; with `--by-script`, or where
it is not installed, by openpyxl, which leaves every formula without its result: no ordinary return, and dearer to look
through.

Then the whole `check` of them, beside its bound: 1.5 × the bare read, plus the validation of all rows at once.
Counted is processor time, that of the reading processes included; `--clock` counts by the clock, where two processes
read at once, which means something only on a machine that does nothing else.
"""

import argparse
import io
import os
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from python_calamine import CalamineWorkbook

from tenproj_xl import guard, pipeline, validate
from tenproj_xl.clerks import answers, issue_forms, send
from tenproj_xl.convert import soffice, to_xlsx
from tenproj_xl.guard import LIMITS, Inspected, Refusal
from tenproj_xl.kinds import kind_of_zip, open_zip
from tenproj_xl.reader import Reader, read_book
from tenproj_xl.sheetxml import scan
from tenproj_xl.workspace import Workspace, initialise

PERIOD = "2026-W48"


def prepare(workspace: Workspace, count: int, *, by_script: bool) -> list[Path]:
    """So many returns, each in bytes of its own: ten forms filled in, told apart by a comment at the end of the zip."""
    initialise(workspace)
    office = issue_forms(workspace, PERIOD)
    for code, form in office.forms.items():
        send(office, code, answers(form, 0))
    filled = [path.read_bytes() for path in sorted(workspace.inbox.glob("*.xlsx"))]
    if not by_script:
        filled = [saved for data in filled if (saved := to_xlsx(data, ".xlsx", replace(LIMITS, seconds=60)))]
        if not filled:
            raise SystemExit("LibreOffice could not save the returns; try --by-script")
    folder = workspace.root / "returns"
    folder.mkdir()
    paths = [folder / f"{n:05d}.xlsx" for n in range(count)]
    for n, path in enumerate(paths):
        file = io.BytesIO(filled[n % len(filled)])
        with zipfile.ZipFile(file, "a") as archive:
            archive.comment = str(n).encode()
        path.write_bytes(file.getvalue())
    return paths


# --- one step after the other


def bare(data: bytes) -> None:
    """All cells by calamine, as anybody reads a workbook."""
    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        for n in range(len(book.sheet_names)):
            book.get_sheet_by_index(n).to_python(skip_empty_area=False)


def parts_of(data: bytes) -> dict[str, bytes]:
    """The parts that are read, inflated within limits, names, sizes and declarations checked."""
    archive = open_zip(data)
    if archive is None:
        raise RuntimeError("a return that is no zip")
    parts = guard._parts(archive, data, LIMITS, kind_of_zip(data, archive.infolist()))
    if isinstance(parts, Refusal):
        raise RuntimeError(parts.found)  # noqa: TRY004  # it tells what is wrong with the benchmark
    return parts


def scanned(data: bytes) -> dict[str, bytes]:
    """The same, each sheet looked through for extent, errors, formulas, merged cells."""
    parts = parts_of(data)
    for name in filter(guard._SHEET.fullmatch, parts):
        scan(parts[name])
    return parts


def inspected(data: bytes) -> bytes:
    """The same, packed anew, so that the reader sees just what was looked at."""
    found = guard.inspect(data)
    if not isinstance(found, Inspected):
        raise RuntimeError("a return that is not read")  # noqa: TRY004  # see above
    return found.data


STEPS: Sequence[tuple[str, Callable[[bytes], object], bool]] = (
    ("bare calamine", bare, False),
    ("zip checked, parts inflated within limits", parts_of, True),
    ("sheets scanned: extent, errors, formulas", scanned, True),
    ("packed anew from what was looked at", inspected, True),
    ("blanks, errors, formulas told apart", read_book, False),
)
"""Each includes those before it; `True` where calamine has yet to read."""


def spent() -> float:
    """The processor's seconds so far, with those of processes that have ended."""
    return sum(os.times()[:4])


Clock = Callable[[], float]


def least(rounds: int, work: Callable[[], object], clock: Clock) -> float:
    """The seconds for a work, the least of some rounds."""
    times = []
    for _ in range(rounds):
        began = clock()
        work()
        times.append(clock() - began)
    return min(times)


def in_processes(files: Sequence[bytes]) -> None:
    """All files through the reading processes."""
    with Reader() as reader:
        for _ in reader.open(files):
            pass


def protections(files: Sequence[bytes], rounds: int, clock: Clock) -> float:
    """Prints what each step costs; gives the time of the bare read."""
    basis = 0.0
    for name, step, is_before in STEPS:
        took = least(rounds, lambda step=step: [step(data) for data in files], clock)  # type: ignore[misc]
        basis = basis or took
        print(f"{(took + basis * is_before) / basis:6.2f} ×  {took / len(files) * 1000:6.2f} ms  {name}")
    took = least(rounds, lambda: in_processes(files), clock)
    print(f"{took / basis:6.2f} ×  {took / len(files) * 1000:6.2f} ms  in reading processes, their start included")
    return basis


# --- the whole check


def checked(workspace: Workspace, paths: Sequence[Path], rounds: int, clock: Clock) -> tuple[float, float]:
    """How long `check` takes, and how long the validation in it."""
    validations: list[float] = []
    judge = validate.judge

    def timed(*given: object) -> object:
        began = clock()
        found = judge(*given)  # type: ignore[arg-type]  # as they were given
        validations.append(clock() - began)
        return found

    validate.judge = timed  # type: ignore[assignment]
    try:
        whole = least(rounds, lambda: pipeline.check(workspace, paths, PERIOD), clock)
    finally:
        validate.judge = judge
    return whole, min(validations)


def main() -> None:
    """Print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--forms", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3, help="the fastest counts")
    parser.add_argument("--by-script", action="store_true", help="returns as openpyxl saves them")
    parser.add_argument("--clock", action="store_true", help="count by the clock")
    given = parser.parse_args()
    clock = time.perf_counter if given.clock else spent
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder).resolve())
        paths = prepare(workspace, given.forms, by_script=given.by_script or soffice() is None)
        basis = protections([path.read_bytes() for path in paths], given.rounds, clock)
        whole, validation = checked(workspace, paths, given.rounds, clock)
    bound = 1.5 * basis + validation
    print(
        f"check of {given.forms}: {whole:.2f} s, of which {validation:.2f} s validation; bound {bound:.2f} s; ", end=""
    )
    print(f"{whole / bound:.2f} × the bound, {(whole - validation) / basis:.2f} × the bare read without validation")


if __name__ == "__main__":
    main()
