"""Spoils as data: what a clerk did, what a careful human understands, and what was made of it.

A family is one file of `collection/`; its mechanisms have up to ten spoils each. `README.md` beside them says how a
spoil is written down. What became of each, at first and today, stands in `outcomes.csv`.
"""

import csv
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from io import StringIO
from pathlib import Path
from typing import Any

HOME = Path(__file__).parent
COLLECTION, OUTCOMES = HOME / "collection", HOME / "outcomes.csv"


class Outcome(StrEnum):
    """What became of a spoil."""

    RIGHT = "right"
    MISLEADING = "misleading"
    """Its cause or remedy is told wrongly, or a row that should count is kept out."""
    SILENTLY_WRONG = "silently wrong"
    """Something else was taken than a human understands, and nobody is told."""


Cells = Mapping[str, Mapping[str, object]]
"""Values by field, for each row, named as `tasks R01-01`."""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One file as it was sent.

    Attributes:
        name: Its name.
        force: The task force whose form it is.
        form: How it was filled in before it was spoiled: `right`, or `blank`.
        typed: What was typed into its rows, instead or besides.
        cover: What was typed into its cover.
        steps: What else was done to it, one call of `Clerk` each.
        run: The run of `ingest` in which it is taken in.
        hours: When it came in, from the deadline on.
        pack: The name of the zip or mail that holds it, with the others of that name.
        text: What it holds where it is no workbook.
    """

    name: str
    force: str = "01"
    form: str = "right"
    typed: Cells = field(default_factory=dict)
    cover: Mapping[str, object] = field(default_factory=dict)
    steps: tuple[tuple[Any, ...], ...] = ()
    run: int = 1
    hours: float = -3
    pack: str = ""
    text: str = ""

    @property
    def is_form(self) -> bool:
        """Whether it is a workbook of ours."""
        return not self.text


@dataclass(frozen=True, kw_only=True)
class Spoil:
    """One spoiled return, or several files that belong together.

    Attributes:
        family: The file of its family.
        mechanism: The name of its mechanism.
        name: What tells it from the others of its mechanism.
        did: What the clerk did.
        understood: What a careful human understands.
        week: The week of its form.
        files: What was sent.
        taken: Values that are accepted; rows that are not named are accepted as they were filled in.
        not_taken: Rows of which nothing is accepted; `all` for all of them.
        asked: Places of which one is to be asked about, each `tasks R01-01 status`, or several with `|` between.
        may: Places that may be asked about besides.
        told: Patterns; each is to be found in what sender or operator read.
        unsaid: Patterns that may not be found there.
        counted: Names of files that may not be refused.
    """

    family: str
    mechanism: str
    name: str
    did: str
    understood: str
    week: str
    files: tuple[Sent, ...]
    taken: Cells
    not_taken: tuple[str, ...]
    asked: tuple[str, ...]
    may: tuple[str, ...]
    told: tuple[str, ...]
    unsaid: tuple[str, ...]
    counted: tuple[str, ...]

    @property
    def key(self) -> str:
        """Its name among all."""
        return f"{self.family}/{self.mechanism}/{self.name}"

    @property
    def is_one_form(self) -> bool:
        """Whether it is a single form, which can be judged beside others."""
        return len(self.files) == 1 and self.files[0].is_form and not self.files[0].pack


def collection() -> list[Spoil]:
    """Return all spoils, in the order of their files."""
    return [spoil for path in sorted(COLLECTION.glob("*.toml")) for spoil in _family(path)]


def _family(path: Path) -> Iterator[Spoil]:
    for mechanism in tomllib.loads(path.read_text("utf-8"))["mechanism"]:
        shared = {name: value for name, value in mechanism.items() if name not in ("spoils", "name")}
        for n, spoil in enumerate(mechanism["spoils"], 1):
            yield _spoil(path.stem, mechanism["name"], f"{n}", {**shared, **spoil})


_OF_A_FILE = ("force", "form", "typed", "cover", "steps", "hours", "pack")


def _spoil(family: str, mechanism: str, number: str, told: Mapping[str, Any]) -> Spoil:
    files = told.get("files")
    if files is None:
        files = [{"name": f"{mechanism}{number}.xlsx", **{k: told[k] for k in _OF_A_FILE if k in told}}]
    return Spoil(
        family=family,
        mechanism=mechanism,
        name=number,
        did=told["did"],
        understood=told["understood"],
        week=told.get("week", "november"),
        files=tuple(_sent(file) for file in files),
        taken=told.get("taken", {}),
        not_taken=tuple(told.get("not_taken", ())),
        asked=tuple(told.get("asked", ())),
        may=tuple(told.get("may", ())),
        told=tuple(told.get("told", ())),
        unsaid=tuple(told.get("unsaid", ())),
        counted=tuple(told.get("counted", ())),
    )


def _sent(file: Mapping[str, Any]) -> Sent:
    steps = tuple(tuple(step) for step in file.get("steps", ()))
    return Sent(**{**file, "steps": steps})


# --- what became of them


@dataclass(frozen=True)
class Kept:
    """What became of a spoil when it was written down, and today."""

    first: Outcome
    today: Outcome


def kept() -> dict[str, Kept]:
    """Return the kept outcomes by the key of the spoil."""
    if not OUTCOMES.exists():
        return {}
    rows = csv.DictReader(StringIO(OUTCOMES.read_text("utf-8")))
    return {row["spoil"]: Kept(Outcome(row["first"]), Outcome(row["today"])) for row in rows}


def keep(outcomes: Mapping[str, Outcome]) -> None:
    """Keep today's outcomes; the first one of a spoil stays for good."""
    before = kept()
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("spoil", "first", "today"))
    for key, today in outcomes.items():
        first = today
        if key in before:
            first = before[key].first
        writer.writerow((key, first, today))
    OUTCOMES.write_text(text.getvalue(), "utf-8")
