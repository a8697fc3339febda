"""What the commands give back: result objects, which the command line turns into sentences or JSON.

They load nothing heavy, so that a screen can be drawn of them without pandas or a writer of workbooks.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.findings import Finding, has_errors
from tenproj_xl.core.periods import Period
from tenproj_xl.ledger.return_state import ReturnState, TaskForceReturn
from tenproj_xl.ledger.view import AcceptedFile
from tenproj_xl.model.conflicts import ConflictDecision
from tenproj_xl.model.decisions import Decision
from tenproj_xl.model.history import Party, Receipt, Status
from tenproj_xl.model.slips import Slip
from tenproj_xl.model.units import is_unit
from tenproj_xl.reading.inbox import Received, may_be_arriving

if TYPE_CHECKING:
    from tenproj_xl.validation.judge import JudgedReturn  # loads pandas and pandera


@dataclass(frozen=True, kw_only=True)
class FileResult:
    """What became of one file; `answer` is the workbook to be corrected, `letter` what its sender is told.

    `period` is the code of the period that the file answers for, "" where nobody can tell; it is the one
    that is due where an old form was used again.
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
    def needs_a_person(self) -> bool:
        """Whether somebody has to correct or decide something."""
        return self.status in (Status.TO_CORRECT, Status.REFUSED)


@dataclass(frozen=True)
class Owing:
    """A form that is still out: a task force's, with its lead, or a unit's own; missing or refused."""

    recipient: str
    unit: str
    state: ReturnState

    @property
    def spoken(self) -> str:
        """The words that people read: `04区发改经信局`, `区投促局`."""
        if is_unit(self.recipient):
            return self.unit
        return f"{self.recipient}{self.unit}"


@dataclass(frozen=True)
class Matrix:
    """Who has returned what for a period, whose form is still out, and which files were refused."""

    period: Period
    deadline: datetime
    lines: tuple[TaskForceReturn, ...]
    owing: tuple[Owing, ...]
    refused: tuple[Receipt, ...]
    withdrawn: tuple[Receipt, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Ingested:
    """What a run over files did.

    `left` are names of files still on their way, which the next run takes in; `reminders` are letters to
    units of which nothing came in the run; `conflicts` are the open ones of the periods that the run was
    about.
    """

    files: tuple[FileResult, ...]
    passed_over: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    written: tuple[Path, ...] = ()
    reminders: tuple[Path, ...] = ()
    notices: tuple[str, ...] = ()
    conflicts: tuple[Finding, ...] = ()

    @property
    def needs_a_person(self) -> bool:
        """Whether somebody has to correct or decide something."""
        return bool(self.conflicts) or any(f.needs_a_person for f in self.files)


@dataclass(frozen=True)
class Merged:
    """What a merge did: what came in, and where the roll-up lies, with what is made beside it."""

    ingested: Ingested
    rollup: Path
    beside: tuple[Path, ...]
    matrix: Matrix


@dataclass(frozen=True, kw_only=True)
class Withdrawn:
    """What a withdrawal did.

    Of the file's `rows`, `standing` is the number of those that an earlier return still reports; `decided`
    is the number of its decisions.

    `already` is True where nothing changed, because the file was withdrawn (or counted) before; `undone`
    where the file counts again.
    """

    file: AcceptedFile
    rows: int
    standing: int
    decided: int
    already: bool
    undone: bool
    zone: tzinfo


@dataclass(frozen=True)
class Drawn:
    """A sign-off workbook and how many issues wait; `kept` where it lay there and may be filled in."""

    path: Path
    waiting: int
    kept: bool


@dataclass(frozen=True)
class Signed:
    """What a filled-in sign-off workbook did; `repeated` is the number of rows recorded before."""

    file: str
    sha256: str
    decisions: tuple[Decision, ...]
    repeated: int
    findings: tuple[Finding, ...]
    notices: tuple[str, ...] = ()

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


@dataclass(frozen=True)
class Listed:
    """The workbook to choose in, how many items it lists and how many slips are open."""

    written: Path
    items: int
    open: int


@dataclass(frozen=True)
class IssuedSlips:
    """What a selection brought: new slips, those kept, those closed; or the findings in it."""

    written: Path | None
    slips: tuple[Slip, ...]
    kept: tuple[Slip, ...]
    closed: tuple[Slip, ...]
    findings: tuple[Finding, ...]


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
