"""What the commands give back: result objects, which the command line turns into sentences or JSON.

They load nothing heavy, so that a screen can be drawn of them without pandas or a writer of workbooks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from tenproj_xl.app.matrix_results import VERSION_DOUBTS, Matrix
from tenproj_xl.app.proof_results import Discrepancy
from tenproj_xl.app.thread_results import Threaded
from tenproj_xl.core.catalogue import Code, Severity
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.findings import Finding, has_errors
from tenproj_xl.core.interrupts import Interrupted
from tenproj_xl.core.mail_kinds import MailKind
from tenproj_xl.core.periods import Period
from tenproj_xl.ledger.view import AcceptedFile
from tenproj_xl.model.conflicts import ConflictDecision
from tenproj_xl.model.decisions import Decision
from tenproj_xl.model.history import Reported
from tenproj_xl.model.lead_words import LeadWord
from tenproj_xl.model.objections import Objection
from tenproj_xl.model.questions import Key
from tenproj_xl.model.receipts import Party, Receipt
from tenproj_xl.model.slips import Slip, SlipReply
from tenproj_xl.model.statuses import Status
from tenproj_xl.reading.inbox import Received, may_be_arriving

if TYPE_CHECKING:
    from tenproj_xl.office.amendment_book import Amendment  # loads a writer of workbooks
    from tenproj_xl.validation.judge import JudgedReturn  # loads pandas and pandera

_LEFT = (Code.FILE_OVERSIZE, Code.FILE_FOREIGN, Code.FILE_CHANGING, Code.FILE_LATER, Code.FILE_REMOVED)


@dataclass(frozen=True, kw_only=True)
class FileResult:
    """What became of one file; `answer` is the workbook to be corrected, `letter` what its sender is told.

    `period` is the code of the period that the file answers for, "" where nobody can tell; it is the one
    that is due where an old form was used again. `ranked_at` is its rank among the returns of its unit, None
    where that is when it was received; `rival` is the hash of the return to prefer, where it is doubtful if
    it should not count after all. `lead_words` is what a lead unit says anew in a 专班核对稿, `objections`
    are those that it raises anew in a 得分核对稿. `thread` is the letter that its mail answers, `written_by`
    who wrote that mail. `rows` are those that a return reports, as they are recorded, but for codes that new
    issues are yet to get. `settled` are the tabs and numbers of rows that it does not bring, and for which
    nobody waits. `stranger` is as in `Receipt`, `checked` the task force whose 专班核对稿
    it is, by its code.
    """

    received: Received
    party: Party
    period: str
    sender: str
    status: Status
    findings: tuple[Finding, ...]
    days_late: int = 0
    answer: Path | None = None
    letter: Path | None = None
    ranked_at: datetime | None = None
    rival: str = ""
    lead_words: tuple[LeadWord, ...] = ()
    objections: tuple[Objection, ...] = ()
    slip_replies: tuple[SlipReply, ...] = ()
    thread: Threaded | None = None
    written_by: MailKind = MailKind.PERSON
    rows: tuple[Reported, ...] = field(default=(), repr=False)
    settled: frozenset[tuple[str, int]] = frozenset()
    stranger: str = ""
    checked: str = ""
    judgement: "JudgedReturn | None" = field(default=None, repr=False)

    @property
    def task_force(self) -> str:
        """The code of the one task force that it is about, "" where there are several or none."""
        return self.party.task_force

    @property
    def late(self) -> bool:
        """Whether it missed the deadline of its period."""
        return self.days_late > 0

    @property
    def may_be_arriving(self) -> bool:
        """Whether the file is cut short and so new that its end may still be on the way."""
        cut = any(f.code in (Code.FILE_EMPTY, Code.FILE_TRUNCATED) for f in self.findings)
        return cut and may_be_arriving(self.received, datetime.now(UTC))

    @property
    def is_the_offices(self) -> bool:
        """Whether the office decides in it: then it stays where it lies until it is named to its command."""
        return any(f.code is Code.OFFICE_BOOK for f in self.findings)

    @property
    def is_left(self) -> bool:
        """Whether it is nothing to take in, now or ever: it stays where it lies, and is told each time."""
        return any(f.code in _LEFT for f in self.findings)

    @property
    def was_removed(self) -> bool:
        """Whether it was lawfully removed before; nothing that it lies in is archived either."""
        return any(f.code is Code.FILE_REMOVED for f in self.findings)

    @property
    def is_held(self) -> bool:
        """Whether it bears a classification mark."""
        return self.status is Status.HELD

    @property
    def is_scan_alone(self) -> bool:
        """Whether it is a scan of a form that has not come, and which the office knows."""
        return self.status is Status.COMPANION and bool(self.findings)

    @property
    def words(self) -> str:
        """What a mail says that has no file, "" for any other file."""
        return next((f.value for f in self.findings if f.code is Code.MAIL_WORDS), "")

    @property
    def became(self) -> str:
        """What became of it, in a word or two: its status, but for a mail without a file."""
        if not self.words:
            return self.status.label
        if self.written_by.may_be_answered:
            return "没有附件，只有话"
        return self.written_by.label

    @property
    def stays(self) -> bool:
        """Whether it stays in the inbox, and nothing of it is archived or recorded."""
        return self.is_the_offices or self.is_held or self.is_left

    @property
    def must_come_again(self) -> bool:
        """Whether its sender has to correct it, or to send something else."""
        return self.status.must_come_again

    @property
    def is_doubtful_version(self) -> bool:
        """Whether a person has to say if it or another return of its unit counts."""
        return any(f.code in VERSION_DOUBTS for f in self.findings)

    @property
    def needs_a_person(self) -> bool:
        """Whether somebody has to correct or decide something."""
        is_open = self.is_held or self.is_doubtful_version or self.is_unclear_word
        return self.must_come_again or is_open or self.status is Status.AWAITING

    @property
    def is_unclear_word(self) -> bool:
        """Whether a lead unit has to fill in something again in a 专班核对稿 or a 得分核对稿."""
        return self.status.is_word and has_errors(self.findings)

    @property
    def is_late_word(self) -> bool:
        """Whether it is unclear only because it came too late: filling it in again does not help."""
        errors = {f.code for f in self.findings if f.severity is Severity.ERROR}
        return errors == {Code.OBJECTION_LATE}


@dataclass(frozen=True)
class Generated:
    """The forms of a period that were written, and what is to be said of its calendar.

    `example` is 填报示例, which is sent along with the forms; `owed` is how many of these have to come back.
    `plan_kept` where a paper of the period was given out, or the workbook is that of a later year, and the
    plan was changed since: they are made by the plan of that time.
    """

    period: Period
    written: tuple[Path, ...]
    example: Path
    owed: int
    plan_kept: bool = False
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Ingested:
    """What a run over files did.

    `left` are names of files still on their way, which the next run takes in; `reminders` are letters to
    units of which nothing came in the run; `lead_checks` are workbooks for lead units to look at, and letters
    about what these say; `of_slips` are letters about supervision slips alone; `conflicts` are the open ones
    of the periods that the run was about; `settled` are the questions about its files that a later file or
    its own words answer. `folders` says which of the folders in the settings could not be
    looked through. `files` of a run in portions lie on disk and come without their `judgement`; whether one
    of them needs a person was seen before, `has_open_files`.
    """

    files: Sequence[FileResult]
    has_open_files: bool
    passed_over: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    reminders: tuple[Path, ...] = ()
    lead_checks: tuple[Path, ...] = ()
    of_slips: tuple[Path, ...] = ()
    notices: tuple[str, ...] = ()
    conflicts: tuple[Finding, ...] = ()
    settled: frozenset[Key] = frozenset()

    @property
    def written(self) -> tuple[Path, ...]:
        """All that was written but the reminders, each once."""
        own = (path for file in self.files for path in (file.answer, file.letter) if path)
        return tuple(dict.fromkeys([*own, *self.lead_checks, *self.of_slips]))

    @property
    def needs_a_person(self) -> bool:
        """Whether somebody has to correct or decide something."""
        return bool(self.conflicts) or self.has_open_files


class IngestInterrupted(Interrupted):
    """A run over files was interrupted; the text says how it goes on, `done` what it did."""

    def __init__(self, told: str, done: Ingested) -> None:
        super().__init__(told)
        self.done = done


@dataclass(frozen=True)
class Merged:
    """What a merge did: what came in, and where the roll-up lies, with what is made beside it.

    `discrepancies` are what was wrong with the entries of the ledger before; `again` are the roll-ups of
    earlier periods that were made again.
    """

    ingested: Ingested
    rollup: Path
    beside: tuple[Path, ...]
    matrix: Matrix
    discrepancies: tuple[Discrepancy, ...] = ()
    again: tuple["Merged", ...] = ()

    @property
    def needs_a_person(self) -> bool:
        """Whether somebody has to correct or decide something, or to take in what is still on its way."""
        is_open = self.ingested.needs_a_person or bool(self.ingested.left) or bool(self.discrepancies)
        return is_open or any(merged.discrepancies for merged in self.again)


@dataclass(frozen=True, kw_only=True)
class Remade:
    """Papers made again as of a moment, the leaders' workbook first.

    `recorded_at` is when the last entry that counts was recorded.
    """

    period: Period
    as_of: datetime
    recorded_at: datetime
    written: tuple[Path, ...]


@dataclass(frozen=True, kw_only=True)
class HandedOut:
    """An archived file and where it lies now; `was_there` where the same bytes lay there already."""

    name: str
    sha256: str
    path: Path
    was_there: bool


@dataclass(frozen=True, kw_only=True)
class ChangedRulings:
    """What became of the decisions on cells about which units disagree, in words.

    `lapsed` hold no longer, for nobody disagrees now; `disputed` hold no longer though units still do;
    `restored` hold again. `replaced` are those in whose place another one holds again, each with that.
    """

    lapsed: tuple[str, ...]
    disputed: tuple[str, ...]
    restored: tuple[str, ...]
    replaced: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Withdrawn:
    """What a withdrawal did.

    Of the file's `rows`, `standing` is the number of those that an earlier return still reports; `decided`
    is the number of its decisions, `slips` are those that it answers. `to_correct` are the returns of its
    sender that are to be corrected now and whose correction workbooks have left the outbox.

    `already` is True where nothing changed, because the file was withdrawn (or counted) before; `undone`
    where the file counts again.
    """

    file: AcceptedFile
    rows: int
    standing: int
    decided: int
    slips: tuple[str, ...]
    rulings: ChangedRulings
    to_correct: tuple[Receipt, ...]
    already: bool
    undone: bool
    zone: tzinfo


@dataclass(frozen=True, kw_only=True)
class Preferred:
    """A return that counts before others of its unit: the cells that this changes, in words.

    `already` is True where nothing changed, because it counted before.
    """

    file: AcceptedFile
    changes: tuple[str, ...]
    already: bool


@dataclass(frozen=True)
class Drawn:
    """A sign-off workbook and how many issues wait; `kept` where it lay there and may be filled in."""

    path: Path
    waiting: int
    kept: bool


@dataclass(frozen=True, kw_only=True)
class Signed:
    """What a filled-in workbook did; `repeated` is the number of rows recorded before.

    `registered` are the descriptions of the issues that were registered by it, by code.
    """

    file: str
    sha256: str
    decisions: tuple[Decision, ...]
    repeated: int
    findings: tuple[Finding, ...]
    notices: tuple[str, ...] = ()
    registered: Mapping[str, str] = field(default_factory=dict)

    @property
    def needs_a_person(self) -> bool:
        """Whether something was not recorded."""
        return has_errors(self.findings)


@dataclass(frozen=True)
class Asked:
    """The open conflicts of a period, and the workbook to decide them in; None where there are none."""

    period: Period
    conflicts: tuple[Finding, ...]
    written: Path | None


@dataclass(frozen=True)
class Resolved:
    """What a workbook decided, in objects and in words, and what is still open.

    `unchanged` is the number of decisions that were recorded before.
    """

    decisions: tuple[ConflictDecision, ...]
    said: tuple[str, ...]
    unchanged: int
    findings: tuple[Finding, ...]
    still_open: int
    periods: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Amended:
    """What was recorded in place of units, in objects and in words, and what could not be.

    It counts from `period` on; `unchanged` is the number of lines that say what stood there already.
    """

    period: Period
    amendments: "tuple[Amendment, ...]"
    said: tuple[str, ...]
    unchanged: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, kw_only=True)
class Reviewed:
    """The figures that wait, or what was decided about them; `written` is the workbook to decide in."""

    said: tuple[str, ...]
    findings: tuple[Finding, ...]
    still_open: int
    written: Path | None


_JUDGED_BY = 5
"""How many answers it takes to call a rule noisy."""
_NOISY = 0.2


@dataclass(frozen=True, kw_only=True)
class RuleStats:
    """How often a rule asked, how often the value was corrected then, and how often confirmed."""

    code: Code
    fired: int
    corrected: int
    confirmed: int

    @property
    def unanswered(self) -> int:
        """How many of its questions nobody has answered."""
        return self.fired - self.corrected - self.confirmed

    @property
    def is_noisy(self) -> bool:
        """Whether hardly anything that it asks about is wrong."""
        answered = self.corrected + self.confirmed
        return answered >= _JUDGED_BY and self.corrected < _NOISY * answered


@dataclass(frozen=True)
class Listed:
    """The workbook to choose in, how many items it lists and how many slips are open."""

    written: Path
    items: int
    open: int


@dataclass(frozen=True)
class IssuedSlips:
    """What a selection brought: new slips, those kept, those closed; or the findings in it.

    `to_fill_in` are the workbooks that units answer them in.
    """

    written: Path | None
    slips: tuple[Slip, ...]
    kept: tuple[Slip, ...]
    closed: tuple[Slip, ...]
    findings: tuple[Finding, ...]
    to_fill_in: tuple[Path, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Exported:
    """The data of a period as files.

    Where 上报格式.xlsx has errors among the `findings`, nothing was `written` into the folder.
    `has_own_formats` is False in a workspace without that workbook: lists are then made as in a fresh one.
    """

    period: Period
    folder: Path
    written: tuple[Path, ...] = ()
    findings: tuple[Finding, ...] = ()
    has_own_formats: bool = True
