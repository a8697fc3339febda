"""What a change of a row is: its kind, what stood before and what stands now, and where it was said."""

from collections.abc import Container, Iterable, Mapping

from tenproj_xl.core.codes import LabelledCode, label_of
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.model.duties import Duty
from tenproj_xl.model.plan_identity import PlanTable
from tenproj_xl.model.plan_versions import GONE
from tenproj_xl.model.published import Row
from tenproj_xl.rollup.facts.indicators import Judgement

NOTHING = "（无）"
TARGET = "目标："
"""What is told of a target that was changed begins with it."""


class Change(LabelledCode):
    """What has happened to a row; the order is that of the list."""

    WORSE = "worse", "新增滞后"
    REOPENED = "reopened", "重新挂账"
    NEW = "new", "新增"
    SOON = "due_soon", "临近时限"
    ADJUSTED = "adjusted", "调整"
    PLAN = "plan", "计划调整"
    REVISED = "revised", "数据修订", "数据修正"
    CLOSED = "closed", "办结"
    LEFT = "left", "退出督办"
    BETTER = "better", "转好"
    MOVED = "moved", "有更新"
    GONE = "gone", "撤出"


@dataclass(frozen=True, kw_only=True)
class ChangeLine:
    """One change.

    `step` is how many percentage points an indicator gained on its pace (negative: lost). `missed` is the
    target that was, where the newest figure is judged by another.
    """

    change: Change
    kind: Duty | PlanTable
    code: str
    name: str
    task_force: str
    before: str
    after: str
    step: float | None
    reason: str
    source: str
    missed: Judgement | None = None


@dataclass(frozen=True)
class ChangeItem:
    """A row that may have changed: its published form, the unit's reason and where that was typed."""

    kind: Duty
    code: str
    row: Row
    reason: str
    source: str

    def changed(self, change: Change, before: str, after: str, step: float | None = None) -> ChangeLine:
        """Return the line that tells a change of the row."""
        return ChangeLine(
            change=change,
            kind=self.kind,
            code=self.code,
            name=str(self.row.get("name") or self.code),
            task_force=str(self.row.get("task_force") or ""),
            before=before,
            after=after,
            step=step,
            reason=self.reason,
            source=self.source,
        )


def direction(old_rank: int, new_rank: int) -> Change:
    """Return whether a row got worse or better; a higher rank is a worse state."""
    if new_rank > old_rank:
        return Change.WORSE
    return Change.BETTER


def gone(kind: Duty, before: Mapping[str, Row], now: Container[str]) -> Iterable[ChangeLine]:
    """Yield the rows that the plan has no more."""
    for code, old in before.items():
        if code not in now:
            item = ChangeItem(kind, code.partition(GONE)[0], old, "方案中已没有这一项", "")
            yield item.changed(Change.GONE, state_in_words(old), NOTHING)


def comparable(old: Row, new: Row) -> Row:
    """Return what was published of a row, to be compared with what is now.

    A field, state or level that only one of two versions has tells of no change.
    """
    told = {}
    for name, value in old.items():
        is_foreign = isinstance(value, LabelledCode) and not value.is_known
        if name in new and not is_foreign:
            told[name] = value
    return {**new, **told}


def state_in_words(row: Row) -> str:
    """Return the state of a row as people read it."""
    return str(label_of(row.get("state")) or NOTHING)
