"""Fuzz the whole check, under its limits, with randomly spoiled forms of every kind.

    python -m tests.fuzzing.fuzz --minutes 60 [--files N] [--seed N] [--save FOLDER]
    python -m tests.fuzzing.fuzz --replay FOLDER/7-123.xlsx

A breach is an exception, a hang, too much memory, a file without a verdict, or wrong cells read from a file whose own
checksums show the damage. Each such file is saved with a report beside it.
"""

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tenproj_xl.app.initialise import initialise
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.reading.book import Book
from tenproj_xl.reading.opening import open_file
from tests.fuzzing.mutations import Mutant, spoiled
from tests.fuzzing.seeds import seeds, seeds_of_libreoffice
from tests.fuzzing.trial import Court, File, Verdict
from tests.helpers.filling import Office, sent_out
from tests.helpers.programs import missing

PERIOD = "2026-W48"
_BATCH = 40


@dataclass(frozen=True)
class Case:
    """A mutant and the name of the form that it was made from."""

    number: int
    form: str
    mutant: Mutant

    @property
    def name(self) -> str:
        """The name of its file."""
        return f"{self.number}-{self.form}"


def case(forms: Mapping[str, bytes], seed: int, number: int) -> Case:
    """Return the mutant of a number; it depends only on the forms and the seed."""
    chance = random.Random(f"{seed}/{number}")  # noqa: S311  # repeatable, no secret
    form = chance.choice(sorted(forms))
    return Case(number, form, spoiled(forms[form], chance))


class Fuzzing:
    """The forms and what is read of them unspoiled, to compare mutants with."""

    def __init__(self, court: Court, forms: Mapping[str, bytes]) -> None:
        self._court = court
        self._forms = forms
        self._whole = {v.file.name: v.found for v in court.tried([File(n, d) for n, d in forms.items()])}

    def tried(self, seed: int, numbers: Sequence[int]) -> Iterator[tuple[Case, Verdict, tuple[str, ...]]]:
        """Yield the verdict and the breaches of the mutants of some numbers."""
        cases = [case(self._forms, seed, n) for n in numbers]
        verdicts = self._court.tried([File(c.name, c.mutant.data) for c in cases])
        for c, verdict in zip(cases, verdicts, strict=True):
            misread = self.is_misread(c, verdict)
            yield (
                c,
                verdict,
                (*verdict.breaches, *(["damage that shows was read as other cells"] if misread else [])),
            )

    def is_misread(self, c: Case, verdict: Verdict) -> bool:
        """Return whether wrong cells were read from a file whose checksums show the damage."""
        whole = self._whole[c.form]
        if not (c.mutant.is_shown and isinstance(verdict.found, Book) and isinstance(whole, Book)):
            return False
        return verdict.found.sheets != whole.sheets


def run(office: Office, seconds: float, most: int, seed: int, folder: Path) -> int:
    """Fuzz for some time, or until `most` files; save and print each breach, print a summary, return their number."""
    forms = seeds(office)
    forms |= {} if missing("soffice") else seeds_of_libreoffice(forms["form.xlsx"])
    count, breached, slowest, largest = 0, 0, 0.0, 0
    codes: Counter[str] = Counter()
    with Court(office) as court:
        fuzzing = Fuzzing(court, forms)
        began = time.monotonic()
        while count < most and time.monotonic() - began < seconds:
            for c, verdict, breaches in fuzzing.tried(seed, range(count, count + _BATCH)):
                codes.update(verdict.codes or ("no finding",))
                slowest, largest = max(slowest, verdict.seconds), max(largest, verdict.memory)
                if breaches:
                    breached += 1
                    _save(folder, seed, c, breaches)
            count += _BATCH
    print(f"seed {seed}: {count} files in {time.monotonic() - began:.0f} s, {breached} breaches; ", end="")
    print(f"slowest {slowest:.1f} s, most memory {largest >> 20} MB")
    print("\n".join(f"{n:8} {code}" for code, n in codes.most_common()))
    return breached


def _save(folder: Path, seed: int, c: Case, breaches: Sequence[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{seed}-{c.name}"
    path.write_bytes(c.mutant.data)
    said = f"{path.name}: {c.mutant.what}: {'; '.join(breaches)}"
    replay = f"python -m tests.fuzzing.fuzz --replay {path}"
    path.with_name(f"{path.name}.txt").write_text(f"{said}\n{replay}\n", encoding="utf-8")
    print(f"{said}\n    {replay}", flush=True)


def replay(office: Office, path: Path) -> int:
    """Try a saved file again and print what is found; return the number of breaches.

    Raises whatever the reading process raised."""
    with Court(office) as court:
        (verdict,) = court.tried([File(path.name, path.read_bytes())])
    print(f"{type(verdict.found).__name__}, {verdict.seconds:.2f} s, {verdict.memory >> 20} MB")
    print(*verdict.codes, *verdict.breaches, sep="\n")
    if verdict.breaches:
        open_file(verdict.file.data, office.loaded.settings.limits, office.loaded.passwords.known)
    return len(verdict.breaches)


def main() -> int:
    """Run the command; return 1 on a breach."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=2)
    parser.add_argument(
        "--files", type=int, default=sys.maxsize, help="stop after as many, whatever the time"
    )
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--save", type=Path, default=Path("fuzz-failures"), help="where breaches are saved")
    parser.add_argument("--replay", type=Path, help="try a saved file again")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        workspace = Workspace(Path(name).resolve())
        initialise(workspace)
        office = sent_out(workspace, PERIOD)
        if given.replay:
            return min(replay(office, given.replay), 1)
        return min(run(office, given.minutes * 60, given.files, given.seed, given.save), 1)


if __name__ == "__main__":
    sys.exit(main())
