"""What is to be told of the files of a run, put together in one pass: those of many lie on disk."""

from __future__ import annotations

from collections import Counter
from dataclasses import field
from operator import itemgetter
from typing import TYPE_CHECKING

from tenproj_xl.app.matrix_results import VERSION_DOUBTS
from tenproj_xl.cli.terminal import fitting
from tenproj_xl.core.catalogue import Code, Severity
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.model.questions import key_of
from tenproj_xl.model.statuses import Status
from tenproj_xl.model.units import is_unit

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime
    from pathlib import Path

    from tenproj_xl.app.results import FileResult, Ingested
    from tenproj_xl.core.findings import Finding
    from tenproj_xl.model.questions import Key

_MANY = 60
"""More files than a person reads the lines of."""
WENT_WELL = (Status.ACCEPTED, Status.WITH_WARNINGS, Status.DUPLICATE, Status.COMPANION)
_UNSURE = (*VERSION_DOUBTS, Code.PATCH_CROSSED)
"""What is found in a second return of which somebody has to say what counts."""
VERSIONS = (Code.RETURN_CHANGED, *_UNSURE)
"""What is said below a second return: which cells differ."""


@dataclass(frozen=True, kw_only=True)
class FilesTold:
    """What is told of files. Of very many, those that went well are counted, and not kept.

    Attributes:
        count: How many there are.
        listed: Those that get a line of their own, by name.
        well: How many others there are of each outcome.
        open: Those about which somebody may have to do something, but for calling and merging, by name.
        asked: Whom to ask about what in those that need not come again, a line for each form.
        asked_units: How many units they are.
        hashes: The hashes of those of which something was found, or that were not simply accepted.
        belated: The periods of returns that came after their period was merged.
        answers: The workbooks that senders are to correct.
        letters: What is written to senders, each once: one may be about several files.
    """

    count: int = 0
    listed: Sequence[FileResult] = ()
    well: Counter[Status] = field(default_factory=Counter)
    open: Sequence[FileResult] = ()
    asked: Sequence[str] = ()
    asked_units: int = 0
    hashes: frozenset[str] = frozenset()
    belated: frozenset[str] = frozenset()
    answers: Sequence[Path] = ()
    letters: Sequence[Path] = ()


def told_of(done: Ingested) -> FilesTold:
    """Go through the files of a run once, and return what is told of them."""
    told = _Told(len(done.files), done.settled)
    for file in done.files:
        told.add(file)
    return told.all()


_Form = tuple[str, str, str, bool]
"""A form and who sends it: its period, its recipient, the unit, and whether the file is a return of it."""


class _Asked:
    """Whom to ask about what, of several returns of the same form each question once."""

    def __init__(self, settled: Collection[Key]) -> None:
        self._settled = settled
        self._questions: dict[_Form, dict[Key, Finding]] = {}
        self._asked: dict[_Form, FileResult] = {}
        self._last: dict[_Form, tuple[datetime, str]] = {}
        self._of_last: dict[_Form, list[Finding]] = {}

    def add(self, file: FileResult) -> None:
        """Add a file. What asks about no row is asked of the last return alone."""
        party = file.party
        sender = party.unit or file.sender or file.received.name
        form = file.period, party.recipient, sender, file.status.is_return
        questions = [] if file.must_come_again or file.status is Status.SUPERSEDED else _questions(file)
        rank = file.ranked_at or file.received.received_at, file.received.sha256
        if form not in self._last or self._last[form] <= rank:
            self._last[form] = rank
            self._of_last[form] = [found for found in questions if key_of(found) is None]
        for found in questions:
            key = key_of(found)
            if key is not None and key not in self._settled:
                self._questions.setdefault(form, {}).setdefault(key, found)
        if questions:
            self._asked[form] = file

    def units(self) -> int:
        """Return how many units there are to ask."""
        return len({sender for _, _, sender, _ in self._forms()})

    def lines(self) -> list[str]:
        """Return a line for each form, by the names of the files."""
        lines = []
        for form, questions in self._forms().items():
            file = self._asked[form]
            lines.append((file.received.name, _asked(file, questions)))
        return [line for _, line in sorted(lines, key=itemgetter(0))]

    def _forms(self) -> dict[_Form, list[Finding]]:
        """Return the forms with questions that are open."""
        found = {}
        for form in self._asked:
            if questions := [*self._of_last[form], *self._questions.get(form, {}).values()]:
                found[form] = questions
        return found


class _Told:
    """What is told of the files so far."""

    def __init__(self, count: int, settled: Collection[Key]) -> None:
        self._count = count
        self._listed: list[FileResult] = []
        self._well = Counter[Status]()
        self._open: list[FileResult] = []
        self._asked = _Asked(settled)
        self._hashes: set[str] = set()
        self._belated: set[str] = set()
        self._answers: dict[Path, None] = {}
        self._letters: dict[Path, None] = {}

    def add(self, file: FileResult) -> None:
        """Add a file."""
        if self._count <= _MANY or _is_worth_a_line(file):
            self._listed.append(file)
        else:
            self._well[file.status] += 1
        if file.answer:
            self._answers[file.answer] = None
        if file.letter:
            self._letters[file.letter] = None
        self._asked.add(file)
        if not file.findings and file.status is Status.ACCEPTED:
            return
        self._hashes.add(file.received.sha256)
        if _is_open(file):
            self._open.append(file)
        if file.status.is_return and any(found.code is Code.LATE_PERIOD for found in file.findings):
            self._belated.add(file.period)

    def all(self) -> FilesTold:
        """Return what is told of all."""
        return FilesTold(
            count=self._count,
            listed=by_name(self._listed),
            well=self._well,
            open=by_name(self._open),
            asked=self._asked.lines(),
            asked_units=self._asked.units(),
            hashes=frozenset(self._hashes),
            belated=frozenset(self._belated),
            answers=list(self._answers),
            letters=list(self._letters),
        )


def by_name(files: Iterable[FileResult]) -> list[FileResult]:
    """Return files in the order of their names."""
    return sorted(files, key=lambda file: file.received.name)


def sender_of(file: FileResult) -> str:
    """Return whose file it is, as the operator calls them."""
    if not file.sender:
        return file.received.name
    if is_unit(file.party.recipient):
        return file.sender
    return f"{file.task_force} {file.sender}".strip()


def _is_worth_a_line(file: FileResult) -> bool:
    """Return whether somebody has to do something about a file."""
    return file.status not in WENT_WELL or any(told.code in _UNSURE for told in file.findings)


def _is_open(file: FileResult) -> bool:
    is_accepted = file.status in WENT_WELL and not (file.stays or file.is_scan_alone)
    return not is_accepted or any(found.code in _OPEN for found in file.findings)


_OPEN = (*VERSION_DOUBTS, Code.SENDER_UNKNOWN)
"""What somebody has to do something about though the file was accepted."""


def _questions(file: FileResult) -> list[Finding]:
    """Return what is to be asked about a file, but for which of two versions counts."""
    questions = []
    for found in file.findings:
        if found.severity is Severity.QUESTION and found.code not in VERSION_DOUBTS:
            questions.append(found)
    return questions


def _asked(file: FileResult, questions: Sequence[Finding]) -> str:
    """Return whom to ask about what: `03 区科技局：技术交易总额 数值突变等2处`."""
    first = questions[0]
    more = f"等{len(questions)}处" if len(questions) > 1 else ""
    return fitting(f"{sender_of(file)}：{first.name or first.sheet} {first.code.rule.title}{more}")
