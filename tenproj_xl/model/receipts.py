"""What became of received files: their senders, and the status of each."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from tenproj_xl.core.cells import Value
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.findings import Finding, has_errors
from tenproj_xl.core.moments import NO_MOMENTS, Moments
from tenproj_xl.model.decisions import Withdrawal
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.statuses import Status
from tenproj_xl.model.units import Recipient, members, unit_named


class Party(NamedTuple):
    """The sender of a return: the recipient of its form, its task forces, and the unit that filled it.

    `recipient` is the code of a task force, a unit or a 科室 of one; `unit` is "" if the plan has no unit of
    that name.
    """

    recipient: str = ""
    task_forces: tuple[str, ...] = ()
    unit: str = ""

    @property
    def task_force(self) -> str:
        """The code of the one task force that it is about, "" if there are several or it is unknown."""
        if len(self.task_forces) == 1:
            return self.task_forces[0]
        return ""


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """One received file and its status. `party` and `period` are blank if they are unknown.

    `status` is that on receipt, until the file is withdrawn, or the file that superseded it is, or the office
    prefers it. `ranked_at` is what it is ordered by, where that is not `received_at`; `moments` are what
    tells when it was made, `channel` is what it came by, "" where nobody said. `answers` are the codes of the
    rows that stand in a form by unit as its own, `emptied` sheet and code of those that were emptied in a
    correction workbook, `kept_out` of those that are filled in and wait because their return waits whole.
    `stranger` is the unit on its cover, in the form of a task force in which that has no part, where the file
    did not come from the unit that answers for the form.
    `waiting` are the errors of a return that is not in force any more in rows on which its unit has reported
    nothing since.
    """

    file: str
    sha256: str
    party: Party
    period: str
    sender: str
    status: Status
    received_at: datetime
    late: bool
    nil: bool
    cover: Mapping[str, Value]
    findings: tuple[Finding, ...]
    seq: int
    withdrawn: Withdrawal | None = None
    ranked_at: datetime | None = None
    moments: Moments = NO_MOMENTS
    channel: str = ""
    answers: tuple[str, ...] = ()
    emptied: tuple[tuple[str, str], ...] = ()
    kept_out: tuple[tuple[str, str], ...] = ()
    stranger: str = ""
    waiting: tuple[Finding, ...] = ()

    @property
    def order(self) -> tuple[datetime, str]:
        """The sort key of receipts, the latest last."""
        return self.ranked_at or self.received_at, self.sha256

    @property
    def is_settled(self) -> bool:
        """Whether the file need not be processed again.

        A refused file may be tried again. A file to correct is answered again, because a run that was
        interrupted may not have written its answer.
        """
        if self.status.is_word:
            return not has_errors(self.findings)
        is_in = self.status.is_return and self.status is not Status.TO_CORRECT
        return is_in or self.status is Status.COMPANION

    @property
    def task_force(self) -> str:
        """The code of the one task force that it is about, "" if there are several or it is unknown."""
        return self.party.task_force


def speaker(cover: Mapping[str, Value], recipient: Recipient, plan: Plan) -> str:
    """Return the code of the unit that a return speaks for.

    In a task force's form this is the unit named on the cover, if it is one of the task force's; otherwise
    the recipient's own.
    """
    if recipient.by_unit:
        return recipient.unit
    unit = unit_named(cover.get("unit"), plan)
    [task_force] = recipient.task_forces
    if unit in members(task_force, plan):
        return unit
    return recipient.unit


def stranger(cover: Mapping[str, Value], recipient: Recipient, plan: Plan) -> str:
    """Return the code of a unit of the plan that is named on a form's cover and has no part in it, or ""."""
    unit = unit_named(cover.get("unit"), plan)
    if unit is None or unit == speaker(cover, recipient, plan):
        return ""
    return unit
