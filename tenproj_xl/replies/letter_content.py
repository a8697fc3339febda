"""What letters are about, as plain objects: files that came, forms that are out, decisions, slips, scores.

One `UnitLetter` has all that a unit is told in a run; `replies.letters` writes its text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date, datetime
from typing import Self

from tenproj_xl.core.catalogue import Code, Severity
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.findings import Point
from tenproj_xl.model.decisions import Decision
from tenproj_xl.model.slips import Slip
from tenproj_xl.model.statuses import Status


@dataclass(frozen=True, kw_only=True)
class AnsweredFile:
    """A file that came, as far as its sender is told of it.

    Attributes:
        file: Its name.
        form: What it is, such as `03专班第48期（11月23日—29日）填报表`; "" where nobody can tell.
        sender: Unit and person, as the cover names them.
        status: What became of it.
        points: The findings in it or, where a workbook to be corrected is attached, in that one.
        attachment: The name of the workbook to be corrected, "" where there is none.
        moved_from: The period whose form was filled in instead of the one that is due, "" where it was the
            right one.
        received_at: When it came.
        waiting: The names of the rows that count only when they are corrected.
        waiting_changes: Those of the rows that count as they were reported before until then.
        said: What a lead unit says of how many rows: `同意5行，退回1行`.
        unknown_address: The address that it came from, where the office keeps others of the unit; else "".
        is_nil: Whether it is a nil return.
        counts_besides: Whether rows of the period count that its sender has reported in another file.
        rows: How many rows were recorded and count, by sheet title: `{"主要指标": 7, "问题": 2}`.
        rows_to_check: How many were recorded and count once their lead unit has agreed.
    """

    file: str
    form: str
    sender: str
    status: Status
    points: Sequence[Point]
    attachment: str
    moved_from: str
    received_at: datetime
    waiting: Sequence[str] = ()
    waiting_changes: Sequence[str] = ()
    said: str = ""
    unknown_address: str = ""
    rows: Mapping[str, int] = field(default_factory=dict)
    rows_to_check: Mapping[str, int] = field(default_factory=dict)
    is_nil: bool = False
    counts_besides: bool = False

    @property
    def is_scan_alone(self) -> bool:
        """Whether it is a scan whose form has not come."""
        return any(point.kind == Code.SCAN_ALONE.rule.title for point in self.points)

    @property
    def must_come_again(self) -> bool:
        """Whether the sender has to correct it, or to send something else."""
        if self.status is Status.SCORE_CHECK:
            return False  # an objection has days of its own, and what is said of it says what to do
        return bool(self.attachment) or any(point.severity is Severity.ERROR for point in self.points)


@dataclass(frozen=True, kw_only=True)
class WaitingFile:
    """An earlier file of which rows still wait: what it is, the rows, and the workbook to be corrected.

    `sheets` are those of which rows wait that nobody can name. `attachment` is "" where the workbook does not
    lie in the outbox any more.
    """

    file: str
    form: str
    rows: Sequence[str]
    sheets: Sequence[str]
    attachment: str


@dataclass(frozen=True, kw_only=True)
class OutstandingForm:
    """A form that is still out, the name of the file to fill in, and whether one was refused."""

    form: str
    file: str
    was_refused: bool


@dataclass(frozen=True)
class ReturnedRow:
    """A row that a lead unit has returned: its sheet, its name, why, and its code."""

    sheet: str
    name: str
    why: str
    code: str = ""


@dataclass(frozen=True)
class ReturnedRows:
    """The rows of a unit that a lead unit has returned in a task force."""

    lead: str
    task_force: str
    rows: Sequence[ReturnedRow]


@dataclass(frozen=True, kw_only=True)
class RowsToCheck:
    """What a lead unit is to look at: the workbook, how many rows are in it, how many without a word yet."""

    task_force: str
    file: str
    rows: int
    waiting: int
    counts_first: bool


@dataclass(frozen=True, kw_only=True)
class ScoreToCheck:
    """What a lead unit is told of its score: the workbook, how many deductions are in it, and until when."""

    task_force: str
    period: str
    file: str
    score: float
    deductions: int
    until: str


@dataclass(frozen=True, kw_only=True)
class SlipToAnswer:
    """A supervision slip that a unit has to answer: number, stage, item, and until when.

    `code` is that of the item, which is named by it where no figures may stand in letters.
    """

    label: str
    stage: str
    name: str
    reply_by: date
    code: str = ""

    @classmethod
    def of(cls, slip: Slip) -> Self:
        """Return what a unit is told of a slip."""
        return cls(
            label=slip.label,
            stage=slip.issued_as.label,
            name=slip.name,
            reply_by=slip.reply_by,
            code=slip.code,
        )


@dataclass(frozen=True, kw_only=True)
class FormsOut:
    """The forms of a period that go out to a unit: what they are, their files, and what is new in them.

    `forms` are as in `OutstandingForm.form`; `example` is the file of 填报示例, "" where none goes along. All
    `is_late` go out when their returns are due already.
    """

    forms: Sequence[str]
    files: Sequence[str]
    deadline: datetime
    example: str = ""
    news: Sequence[str] = ()
    is_late: bool = False


@dataclass(frozen=True, kw_only=True)
class SlipsOut:
    """Supervision slips that are issued to a unit, and the files that go along."""

    slips: Sequence[SlipToAnswer]
    files: Sequence[str]


@dataclass(frozen=True)
class MissingUnit:
    """A unit whose form is still out after the deadline, with how many rows it has to report, by sheet.

    `contact` is how to reach its 联络员, "" where nobody is named.
    """

    unit: str
    rows: Mapping[str, int]
    contact: str = ""


@dataclass(frozen=True)
class MissingUnits:
    """What a lead unit is told: whose rows in its task force, by its code, have not come."""

    task_force: str
    units: Sequence[MissingUnit]


@dataclass(frozen=True)
class DecidedIssue:
    """A decision on an issue, and what it is described as."""

    decision: Decision
    description: str


@dataclass(frozen=True, kw_only=True)
class UnitLetter:
    """What one unit is told in one run: everything that concerns it, so that no second letter is needed.

    Attributes:
        unit: Whom it is for, as printed.
        files: Files that came.
        waiting: Earlier files of which rows still wait for a correction.
        outstanding: Forms that are still out.
        deadline: When the forms of the period are due, None where it was called off.
        office: The office that signs.
        phone: How to reach it, "" where that is not known.
        period: What the period is called: `2026年第48期（11月23日—29日）`.
        channel: By what forms are sent back: `邮件附件`.
        day: The day on which it is read, in the office's time zone, which tells reminders before the deadline
            from those after it; None where nothing depends on the day.
        liaisons: Its 联络员 with section and telephone: `张三（科技科，0571-88880000）`.
        forms_out: Forms that go out with it, those that are late apart from the others.
        returned: Rows that lead units have returned.
        to_check: What it has to look at as a lead unit.
        missing: Whose rows it has to ask for as a lead unit.
        scores: Its scores.
        slips_out: Slips that go out with it.
        slips: Slips that it should have answered.
        answered_slips: The numbers of those that it has answered in a return.
        decisions: Decisions on its issues.
    """

    unit: str
    files: Sequence[AnsweredFile] = ()
    waiting: Sequence[WaitingFile] = ()
    outstanding: Sequence[OutstandingForm] = ()
    deadline: datetime | None
    office: str
    phone: str = ""
    period: str = ""
    channel: str = ""
    day: date | None = None
    liaisons: str = ""
    forms_out: Sequence[FormsOut] = ()
    returned: Sequence[ReturnedRows] = ()
    to_check: Sequence[RowsToCheck] = ()
    missing: Sequence[MissingUnits] = ()
    scores: Sequence[ScoreToCheck] = ()
    slips_out: SlipsOut | None = None
    slips: Sequence[SlipToAnswer] = ()
    answered_slips: Sequence[str] = ()
    decisions: Sequence[DecidedIssue] = ()


@dataclass(frozen=True, kw_only=True)
class GroupNotice:
    """What the work group is told of a period: who has returned and who has not, of those that owe one."""

    period: str
    deadline: datetime
    returned: Sequence[str]
    missing: Sequence[str]
    channel: str
    office: str
    phone: str = ""
