"""Wordings: what a text that a clerk wrote says, where it says one thing and no more.

The patterns stand in data/words/wordings.csv, each with texts that it is for and texts that it is not for. A
text that says more than one thing (`一期已完成，二期尚未启动`) is matched by none of them.
"""

import csv
import re
from collections.abc import Sequence
from enum import StrEnum
from functools import cache
from io import StringIO
from pathlib import Path

from tenproj_xl import data
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.texts import brief

HOME = Path(data.__file__).parent / "words" / "wordings.csv"


_SENTENCE = re.compile(r"[。；;\n]")


class Says(StrEnum):
    """What a text says."""

    NONE = "none"
    """There is nothing to report."""
    NIL = "nil"
    """Nothing is new in the whole form."""
    EMPTY = "empty"
    """Where to look, or that it is as before: nothing of its own."""
    UNPROVED = "unproved"
    """There is no evidence yet."""
    UNBEGUN = "unbegun"
    UNFINISHED = "unfinished"
    BEGUN = "begun"
    FINISHED = "finished"
    STUCK = "stuck"
    """The work has stopped, or is late."""
    HALTED = "halted"
    """The work stands still, or was given up."""
    UNSOLVED = "unsolved"
    SOLVED = "solved"
    UNDOES = "undoes"
    """The figure beside it is another one, or is wrong."""
    DENIES = "denies"
    """The figure that is asked about is wrong, or nobody knows yet whether it is right."""
    CONFIRMS = "confirms"
    """The figure that is asked about is right."""
    OF_MONTH = "of_month"
    """The figure is of a month, which it names."""
    ESTIMATE = "estimate"
    IN_UNIT = "in_unit"
    """The figure is in a unit, which it names at its end."""


@dataclass(frozen=True)
class Wording:
    """One pattern, and texts that it is for and not for."""

    says: Says
    pattern: str
    examples: Sequence[str]
    counterexamples: Sequence[str]


@cache
def wordings() -> tuple[Wording, ...]:
    """Return all wordings, in the order of the file."""
    rows = csv.DictReader(StringIO(HOME.read_text("utf-8")))
    return tuple(
        Wording(
            says=Says(row["says"]),
            pattern=row["pattern"],
            examples=row["examples"].split("|"),
            counterexamples=row["counterexamples"].split("|"),
        )
        for row in rows
    )


def sentences(text: str) -> list[str]:
    """Return the sentences of a text."""
    return _SENTENCE.split(text)


def says(text: str, *meanings: Says) -> bool:
    """Return whether a text says one of some things; a long text says none, as it says more."""
    short = brief(text).rstrip("。.;,!")
    if not short:
        return False
    return any(pattern.fullmatch(short) for pattern in _patterns(meanings))


@cache
def _patterns(meanings: tuple[Says, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(wording.pattern) for wording in wordings() if wording.says in meanings)
