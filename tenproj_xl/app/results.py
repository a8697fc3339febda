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
from tenproj_xl.ledger.store import Taken
from tenproj_xl.model.conflicts import ConflictDecision
from tenproj_xl.model.decisions import Decision
from tenproj_xl.model.history import Party, Receipt, Status
from tenproj_xl.model.plan import TaskForce
from tenproj_xl.model.slips import Slip
from tenproj_xl.model.units import UnitReturns, is_unit
from tenproj_xl.reading.inbox import Received, may_be_arriving

if TYPE_CHECKING:
    from tenproj_xl.validation.judge import JudgedReturn  # loads pandas and pandera


@dataclass(frozen=True)
class FileResult:
    """What became of one file; `answer` is the workbook that its sender is to correct, `notice` what they are told."""

    received: Received
    party: Party
    period: str
    sender: str
    status: Status
    findings: tuple[Finding, ...]
    late: bool = False
    answer: Path | None = None
    notice: Path | None = None
    judgement: "JudgedReturn | None" = field(default=None, repr=False)

    @property
    def task_force(self) -> str:
        """The code of the one task force that it is about, "" where it is about several, or nobody can tell."""
        return self.party.task_force

    @property
    def may_be_arriving(self) -> bool:
        """True where the file is cut short and so new that its end may still be on the way."""
        cut = any(f.code in (Code.FILE_EMPTY, Code.FILE_TRUNCATED) for f in self.findings)
        return cut and may_be_arriving(self.received, datetime.now(UTC))

    @property
    def is_the_offices(self) -> bool:
        """True for a workbook that the office decides in: it stays where it lies until it is named to its command."""
        return any(f.code is Code.OFFICE_BOOK for f in self.findings)

    @property
    def needs_a_person(self) -> bool:
        """True where somebody has to correct or decide something."""
        return self.status in (Status.TO_CORRECT, Status.REFUSED)


@dataclass(frozen=True)
class MatrixLine:
    """One task force's line of the return matrix; `receipt` is the return that counts now.

    Of several units' it is the newest that is to be corrected, else the newest. `units` are those that got a form of
    their own.
    """

    task_force: TaskForce
    lead: str
    receipt: Receipt | None
    returns: int
    late: bool
    units: UnitReturns

    @property
    def is_missing(self) -> bool:
        """True where a return is owed and nothing came."""
        return self.receipt is None and self.task_force.involved

    @property
    def state(self) -> str:
        """What people read."""
        if self.receipt is None:
            return "未报" if self.task_force.involved else "不要求报送"
        label = "部分未报" if self.units.is_partial else self.receipt.status.label
        return label + ("（迟报）" if self.late else "")


@dataclass(frozen=True)
class Owing:
    """Whose form is still out: a task force's, with its lead, or a unit's own."""

    recipient: str
    unit: str

    @property
    def spoken(self) -> str:
        """What people read: `04区发改经信局`, `区投促局`."""
        return self.unit if is_unit(self.recipient) else f"{self.recipient}{self.unit}"


@dataclass(frozen=True)
class Matrix:
    """Who has returned what for a period, whose form is still out, and the files that could not be taken in."""

    period: Period
    deadline: datetime
    lines: tuple[MatrixLine, ...]
    owing: tuple[Owing, ...]
    refused: tuple[Receipt, ...]
    withdrawn: tuple[Receipt, ...] = ()


@dataclass(frozen=True)
class Ingested:
    """What a run over files did; `left` are names of files still on their way, which the next run takes in.

    `conflicts` are the open ones of the periods that the run was about.
    """

    files: tuple[FileResult, ...]
    passed_over: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    written: tuple[Path, ...] = ()
    notices: tuple[str, ...] = ()
    conflicts: tuple[Finding, ...] = ()

    @property
    def needs_a_person(self) -> bool:
        """True where somebody has to correct or decide something."""
        return bool(self.conflicts) or any(f.needs_a_person for f in self.files)


@dataclass(frozen=True)
class Merged:
    """What a merge did: what came in, and where the roll-up lies, with what is made beside it."""

    ingested: Ingested
    rollup: Path
    beside: tuple[Path, ...]
    matrix: Matrix
    reminders: tuple[Path, ...]


@dataclass(frozen=True)
class Withdrawn:
    """What a withdrawal did: of the file's `rows`, for `standing` an earlier word counts now; how much it `decided`.

    `already` is True where nothing changed, because the file was withdrawn (or counted) before; `undone` where the
    file counts again.
    """

    file: Taken
    rows: int
    standing: int
    decided: int
    already: bool
    undone: bool
    zone: tzinfo


@dataclass(frozen=True)
class Drawn:
    """A sign-off workbook: where it lies, how many issues wait; `kept` where one that may be filled in lay there."""

    path: Path
    waiting: int
    kept: bool


@dataclass(frozen=True)
class Signed:
    """What a filled-in sign-off workbook did; `repeated` counts rows that were recorded before as they stand."""

    file: str
    sha256: str
    decisions: tuple[Decision, ...]
    repeated: int
    findings: tuple[Finding, ...]
    notices: tuple[str, ...] = ()

    @property
    def needs_a_person(self) -> bool:
        """True where something was not recorded."""
        return has_errors(self.findings)


@dataclass(frozen=True)
class Asked:
    """The open conflicts of a period, and the workbook to decide them in; None where there are none."""

    period: Period
    conflicts: tuple[Finding, ...]
    written: Path | None


@dataclass(frozen=True)
class Resolved:
    """What a workbook decided, in objects and in words, how many stood already, what is wrong, what is still open."""

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
    """What a selection brought: the slips, those that were there already, those that were closed; or what is wrong."""

    written: Path | None
    slips: tuple[Slip, ...]
    kept: tuple[Slip, ...]
    closed: tuple[Slip, ...]
    findings: tuple[Finding, ...]
