"""Classification marks: whether a text bears one as it is set on a classified paper.

The patterns stand in data/words/classification_marks.csv, each with texts that it is for and texts that it is
not for. A mark is set apart (`秘密★1年`, `密级：机密`, `（机密）`); the word in a sentence is a word like any
other.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from functools import cache
from io import StringIO
from pathlib import Path

from tenproj_xl import data
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.texts import text_of

HOME = Path(data.__file__).parent / "words" / "classification_marks.csv"
_IN_EVERY_MARK = "密"
_BETWEEN_PIECES = re.compile(r"[\s_\-—–+.,;()\[\]【】〔〕《》「」]+")
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,5}$")
_LONGEST_NAME = 1000


class MarkPlace(StrEnum):
    """Where a pattern is looked for."""

    WITHIN = "within"
    """Anywhere in a line."""
    LINE = "line"
    """A line that is nothing else."""
    PIECE = "piece"
    """A piece of a name: what stands between separators."""


@dataclass(frozen=True)
class MarkPattern:
    """One pattern, and texts that it is for and not for."""

    place: MarkPlace
    pattern: re.Pattern[str]
    examples: Sequence[str]
    counterexamples: Sequence[str]


@cache
def marks() -> tuple[MarkPattern, ...]:
    """Return all patterns, in the order of the file."""
    rows = csv.DictReader(StringIO(HOME.read_text("utf-8")))
    return tuple(
        MarkPattern(
            place=MarkPlace(row["place"]),
            pattern=re.compile(row["pattern"]),
            examples=row["examples"].split("|"),
            counterexamples=row["counterexamples"].split("|"),
        )
        for row in rows
    )


def bears_mark(text: str) -> bool:
    """Return whether a text bears a classification mark."""
    return any(_is_marked_line(line) for part in _suspicious(text) for line in _plain(part).splitlines())


def _suspicious(text: str) -> Iterator[str]:
    """Yield the lines that may bear a mark, one by one: of a text as long as a book there are few."""
    at = text.find(_IN_EVERY_MARK)
    while at >= 0:
        end = text.find("\n", at)
        if end < 0:
            end = len(text)
        yield text[text.rfind("\n", 0, at) + 1 : end]
        at = text.find(_IN_EVERY_MARK, end)


def name_bears_mark(name: str) -> bool:
    """Return whether a name (of a file with its folders, of a sheet, a title) bears a classification mark."""
    if _IN_EVERY_MARK not in name:
        return False
    shown = _plain(name[-_LONGEST_NAME:])
    if any(map(_is_marked_line, shown.splitlines())):
        return True
    for part in re.split(r"[/\\]", shown):
        pieces = _BETWEEN_PIECES.split(_ENDING.sub("", part))
        if any(_is_marked(piece, MarkPlace.PIECE) for piece in pieces):
            return True
    return False


def any_bears_mark(texts: Iterable[str]) -> bool:
    """Return whether one of some texts bears a classification mark."""
    suspicious = [text for text in texts if _IN_EVERY_MARK in text]  # kept cheap: cells are many
    return any(map(bears_mark, suspicious))


def _plain(text: str) -> str:
    """Return a text in half-width characters, one blank for many; lines stay lines."""
    lines = unicodedata.normalize("NFKC", text_of(text)).splitlines()
    return "\n".join(" ".join(line.split()) for line in lines)


def _is_marked_line(line: str) -> bool:
    if _IN_EVERY_MARK not in line:
        return False
    return _is_marked(line, MarkPlace.WITHIN) or _is_marked(line, MarkPlace.LINE)


def _is_marked(text: str, place: MarkPlace) -> bool:
    for mark in marks():
        if mark.place is not place:
            continue
        found = mark.pattern.search(text) if place is MarkPlace.WITHIN else mark.pattern.fullmatch(text)
        if found:
            return True
    return False
