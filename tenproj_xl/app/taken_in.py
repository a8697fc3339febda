"""What a run that takes in files has done, portion by portion, and what people are told at its end."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from tenproj_xl.app.kept_apart import KeptResults
from tenproj_xl.app.open_matters import notices, undecided
from tenproj_xl.app.plans import InForce
from tenproj_xl.app.questions import settled_questions
from tenproj_xl.app.results import FileResult, Ingested, IngestInterrupted
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.findings import Finding
from tenproj_xl.core.periods import Period
from tenproj_xl.core.sheets import CHANGE_REQUEST
from tenproj_xl.core.texts import text_of
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.questions import key_of
from tenproj_xl.reading.inbox import Collected, Received

_LISTED = 3
"""As many issues as are named in one sentence."""


@dataclass(frozen=True)
class Answered:
    """What was written for the senders of some files; `received` are the files where it was owed."""

    files: tuple[FileResult, ...] = ()
    reminders: tuple[Path, ...] = ()
    of_leads: tuple[Path, ...] = ()
    of_slips: tuple[Path, ...] = ()
    received: tuple[Received, ...] = ()


class RunSoFar:
    """What a run has done so far; of one in portions only what its end needs is in memory.

    `late` is what was answered first, `collected` what the sources had, `portions` how many are recorded.
    """

    def __init__(self, late: Answered, collected: Collected, ledger: LedgerView, *, is_parted: bool) -> None:
        self.late = late
        self._ledger = ledger
        self.collected = collected
        self.is_parted = is_parted
        self.portions = 0
        self._taken = 0
        self._files: list[FileResult] | KeptResults = KeptResults() if is_parted else []
        self._cut: list[str] = []
        self._stayed: set[Path] = set()
        self._periods: set[str] = set()
        self._of_leads: dict[Path, None] = {}
        self._of_slips: dict[Path, None] = {}
        self._reminders: dict[Path, None] = {}
        self._asked: list[str] = []
        self._doubted: set[str] = set()
        self._has_open_files = False
        self._add(late)

    def add(
        self, answered: Answered, taken: Sequence[Received], stayed: Iterable[Path], cut: Iterable[str]
    ) -> None:
        """Add a portion: what was answered, taken out of the inbox, left there, or was cut short."""
        self._taken += len(taken)
        self._stayed.update(stayed)
        self._cut += cut
        self._add(answered)

    def _add(self, answered: Answered) -> None:
        self._files.extend(answered.files)
        self._periods |= {file.period for file in answered.files if file.period}
        self._of_leads.update(dict.fromkeys(answered.of_leads))
        self._of_slips.update(dict.fromkeys(answered.of_slips))
        self._reminders.update(dict.fromkeys(answered.reminders))
        self._asked += _changes_asked_for(answered.files)
        self._doubted |= {f.row for file in answered.files for f in file.findings if key_of(f)}
        self._has_open_files |= any(file.needs_a_person for file in answered.files)

    def not_told(self, files: Iterable[Received]) -> list[Received]:
        """Return the files but for those that stay where they lie, of which the run has told."""
        return [file for file in files if file.path not in self._stayed]

    def interrupted(self, total: int) -> IngestInterrupted:
        """Return what people are told of a run over so many files that was interrupted.

        What is open, whoever took it in, is left to the run that goes on.
        """
        told = ""
        if self._taken:
            told = (
                f"已中断。已收取{self._taken}份，其余{total - self._taken}份仍在收件夹；"
                "重新运行同一条命令，即从这里接着收，不会重复计入。"
            )
        return IngestInterrupted(told, self._so_far())

    def ingested(self, plans: InForce, expected: Period) -> Ingested:
        """Return what was done, and what is open at the end."""
        ledger, plan, done = self._ledger, plans.loaded.plan, self._so_far()
        conflicts: list[Finding] = []
        for code in sorted(self._periods | {expected.code}):
            conflicts += undecided(ledger.conflicts(code), plan)
            if self.is_parted:
                ledger.forget_read()
        told = notices(ledger, plans, expected)
        return replace(
            done,
            passed_over=self.collected.passed_over,
            left=(*self.collected.arriving, *self._cut),
            folders=self.collected.folders,
            notices=(*told, *done.notices),
            conflicts=tuple(conflicts),
        )

    def _so_far(self) -> Ingested:
        return Ingested(
            files=tuple(self._files) if isinstance(self._files, list) else self._files,
            has_open_files=self._has_open_files,
            lead_checks=tuple(self._of_leads),
            of_slips=tuple(self._of_slips),
            reminders=tuple(self._reminders),
            notices=_told_of_changes(self._asked),
            settled=settled_questions(self._doubted, self._ledger),
        )


def _changes_asked_for(files: Sequence[FileResult]) -> Iterator[str]:
    """Yield what units ask to change in what an issue is registered as."""
    for file in files:
        for e in file.judgement.accepted if file.judgement else ():
            text = text_of(e.value(CHANGE_REQUEST)) if CHANGE_REQUEST in e.inputs and e.code else ""
            if text:
                yield f"{e.code}“{e.row.name}”：{text}"


def _told_of_changes(asked: Sequence[str]) -> tuple[str, ...]:
    """Return a sentence for the operator where units ask to change what an issue is registered as."""
    if not asked:
        return ()
    listed = "；".join(asked[:_LISTED])
    return (
        f"有{len(asked)}个问题申请变更登记的内容，审定之前仍按登记的：{listed}。请运行 tenproj signoff。",
    )
