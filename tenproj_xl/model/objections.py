"""What a unit is told of its score before the league is published, and what it objects to.

A 得分核对稿 lists the deductions of one task force in a month or more. A unit objects to one of them, with a
reason, until a time that the workbook names; the office accepts or refuses. What is accepted is deducted no
more.
"""

from collections.abc import Collection
from datetime import datetime

from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.dataclass import dataclass

ItemKey = tuple[str, str, str]
"""The kind of an item, its code, and the code of the state that it is judged by."""
OTHER = "other"
"""The kind of what is no deduction: what a unit has to say beside them."""


class ObjectionState(LabelledCode):
    """What became of an objection."""

    RAISED = "raised", "有异议"
    TAKEN_BACK = "taken_back", "无异议"
    ACCEPTED = "accepted", "采纳"
    REFUSED = "refused", "不采纳"


@dataclass(frozen=True, kw_only=True)
class Objection:
    """An objection of the lead unit of a task force to one deduction, as it stands.

    `period` is that of the league, `name` what the item is called, `reason` what the unit says, `who` decided
    on it and `why`. It `is_over` once its item was deducted no more: one deducted later has another cause.
    """

    period: str
    task_force: str
    item: ItemKey
    name: str
    unit: str
    reason: str
    said_at: datetime
    state: ObjectionState = ObjectionState.RAISED
    who: str = ""
    why: str = ""
    is_over: bool = False

    @property
    def key(self) -> tuple[str, ItemKey]:
        """The task force and the item that it is about."""
        return self.task_force, self.item

    @property
    def is_open(self) -> bool:
        """Whether the office has still to decide."""
        return self.state is ObjectionState.RAISED

    @property
    def in_words(self) -> str:
        """What is told of it: `采纳：系统故障，报送时间以收件记录为准`."""
        if self.is_open:
            return f"待决定：{self.reason}"
        if self.state is ObjectionState.TAKEN_BACK:
            return ""
        return f"{self.state.label}：{self.why}"


@dataclass(frozen=True, kw_only=True)
class ScoreSheet:
    """A 得分核对稿: the items deducted, fewer than it was sent with where some were lifted since.

    A unit can object `until` then.
    """

    period: str
    task_force: str
    items: tuple[ItemKey, ...]
    until: datetime

    def has_lifted(self, objection: Objection) -> bool:
        """Return whether what an objection before it is about is deducted no more."""
        is_own = self.task_force == objection.task_force and objection.item[0] != OTHER
        return is_own and objection.item not in self.items


@dataclass(frozen=True, kw_only=True)
class ScoreReview:
    """All that was sent and said of the scores of a month or more: the newest sheet of each task force."""

    sheets: tuple[ScoreSheet, ...] = ()
    objections: tuple[Objection, ...] = ()

    @property
    def until(self) -> datetime | None:
        """The last time for objections, None where no unit was asked."""
        return max((sheet.until for sheet in self.sheets), default=None)

    def sheet(self, task_force: str) -> ScoreSheet | None:
        """Return the newest sheet of a task force."""
        return next((sheet for sheet in self.sheets if sheet.task_force == task_force), None)

    def objection(self, task_force: str, item: ItemKey) -> Objection | None:
        """Return what was said of an item, and is not over."""
        live = (one for one in self.objections if not one.is_over)
        return next((one for one in live if one.key == (task_force, item)), None)

    @property
    def open_ones(self) -> tuple[Objection, ...]:
        """The objections to be decided: to what was deducted in the newest sheet, or to something else."""
        found = []
        for one in self.objections:
            sheet = self.sheet(one.task_force)
            is_asked = sheet is not None and (one.item in sheet.items or one.item[0] == OTHER)
            if one.is_open and is_asked and not one.is_over:
                found.append(one)
        return tuple(found)

    def is_settled(self, now: datetime, task_forces: Collection[str]) -> bool:
        """Return whether all were asked, the time is over, and each objection is decided."""
        asked = {sheet.task_force for sheet in self.sheets}
        is_over = self.until is None or self.until < now
        return asked >= set(task_forces) and is_over and not self.open_ones


NO_REVIEW = ScoreReview()
