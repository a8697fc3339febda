"""Lines of 要素保障: the issues by what they are about, with what is asked for them."""

from collections.abc import Sequence

from tenproj_xl.core.answers import IssueCategory
from tenproj_xl.core.codes import LabelledCode, label_of
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.states import IssueState
from tenproj_xl.rollup.facts.asks import AskLine, same_wording
from tenproj_xl.rollup.facts.issues import IssueLine
from tenproj_xl.rollup.facts.model import Facts

_NAMED = 3


@dataclass(frozen=True, kw_only=True)
class SupplyLine:
    """The issues about one thing: land, energy, funds, …; `asks` are those that wait for an answer."""

    category: IssueCategory
    issues: Sequence[IssueLine]
    asks: Sequence[AskLine]
    longest_wait: int | None

    @property
    def open(self) -> int:
        """How many are not signed off."""
        return sum(line.is_open for line in self.issues)

    @property
    def overdue(self) -> int:
        """How many are past their deadline."""
        return sum(line.state is IssueState.OVERDUE for line in self.issues)

    @property
    def signed_off(self) -> int:
        """How many were signed off in the period, those not counted that were merged or written off."""
        return sum(not line.is_open and not line.history.is_taken_off for line in self.issues)

    @property
    def task_forces(self) -> str:
        """The task forces with open ones: `01、03`."""
        return "、".join(sorted({line.task_force.code for line in self.issues if line.is_open}))

    @property
    def level(self) -> LabelledCode | None:
        """The highest level that is asked: asks stand in that order."""
        if not self.asks:
            return None
        return self.asks[0].issue.shown_level

    @property
    def asked(self) -> str:
        """What is asked for first, each wording once, with task forces and level; how much else there is."""
        groups = same_wording(self.asks)
        named = "；".join(map(_asked, groups[:_NAMED]))
        left = sum(map(len, groups[_NAMED:]))
        if left:
            named += f"；另有{left}件"
        return named


def _asked(group: Sequence[AskLine]) -> str:
    first = group[0].issue
    forces = "、".join(sorted({ask.issue.task_force.code for ask in group}))
    return f"{first.text('request')}（{forces}专班，{label_of(first.shown_level)}）"


def supply_lines(facts: Facts) -> tuple[SupplyLine, ...]:
    """Return a line for each thing that issues are about, also where there is no issue about it."""
    lines = []
    for category in IssueCategory:
        asks = [ask for ask in facts.asks if _category(ask.issue) is category]
        waits = [ask.waiting(facts.data.day) for ask in asks]
        lines.append(
            SupplyLine(
                category=category,
                issues=[line for line in facts.issues if _category(line) is category],
                asks=asks,
                longest_wait=max((days for days in waits if days is not None), default=None),
            )
        )
    return tuple(lines)


def _category(line: IssueLine) -> IssueCategory:
    return IssueCategory.of(line.reported("category")) or IssueCategory.OTHER
