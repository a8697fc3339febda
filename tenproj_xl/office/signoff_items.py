"""The sheet 督办事项销号 of the sign-off workbook: 督办清单 and the other open issues, to be decided about.

Reads: what a roll-up is made from, with all decisions. Gives: the items, those that left by a decision last;
the writer draws a row for each, and the reader compares the rows with them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property

from tenproj_xl.core.cells import Value
from tenproj_xl.core.columns import Column, Fill, Kind, Sheet
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.sheets import KEY, KEY2
from tenproj_xl.core.states import TaskState
from tenproj_xl.core.texts import text_of
from tenproj_xl.model.decisions import OF_ITEMS, Decision
from tenproj_xl.model.duties import Duty
from tenproj_xl.model.rulings import ruling_on
from tenproj_xl.rollup.facts.indicators import indicator_lines
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.issues import IssueLine, issue_lines
from tenproj_xl.rollup.facts.supervision import (
    SupervisionLine,
    all_items,
    issues_not_listed,
    supervision_lines,
)
from tenproj_xl.rollup.facts.tasks import task_lines


def _shown(field: str, header: str, width: float, kind: Kind = Kind.LONG_TEXT) -> Column:
    return Column(field, header, Fill.CARRIED, kind, width=width)


def _asked(field: str, header: str, width: float, kind: Kind, advice: str = "") -> Column:
    return Column(field, header, Fill.DEPARTMENT, kind, width=width, advice=advice)


LEFT = "已退出"
"""How an item is called that has left by a decision."""
NOT_LISTED, _OPEN = "未列入", "open"
"""What an issue has for a level that is not on the list, in words and in what a decision rests on."""
ITEMS = Sheet(
    "supervised",
    "督办事项销号",
    (
        Column(KEY, "行标识", Fill.MACHINE, Kind.TOKEN, width=4),
        _shown("code", "编号", 14, Kind.TEXT),
        _shown("kind", "对象", 9, Kind.TEXT),
        _shown("name", "事项", 30),
        _shown("task_force", "专班", 15),
        _shown("unit", "责任单位", 14),
        _shown("level", "级别", 9, Kind.TEXT),
        _shown("state", "现状", 9, Kind.TEXT),
        _shown("deadline", "时限", 12, Kind.DATE),
        _shown("days", "超期天数", 9, Kind.TEXT),
        _shown("measured", "差多少", 22),
        _shown("past", "此前决定", 30),
        Column(KEY2, "行标识（二）", Fill.MACHINE, Kind.TOKEN, width=4),
        replace(_asked("verdict", "处理", 10, Kind.CHOICE), choices=OF_ITEMS),
        _asked("into", "并入事项", 15, Kind.TEXT, "填写并到哪个指标、任务或问题的编号；只有并入时填"),
        _asked("until", "新时限", 12, Kind.DATE, "填写年月日，如 2026-12-31；只有调整时填"),
        _asked("opinion", "依据", 30, Kind.LONG_TEXT, "填写依据的会议纪要、批示或文件"),
        _asked("by", "决定人", 10, Kind.TEXT, "填写决定人姓名或会议名称"),
        _asked("decided_on", "决定日期", 12, Kind.DATE),
    ),
)


@dataclass(frozen=True, kw_only=True)
class SupervisedItem:
    """One item as it stands, or as it would without the decision by which it has left.

    An issue that is not on the list is here for those that prove to be registered twice, or by mistake.
    """

    line: SupervisionLine
    has_left: bool
    decisions: tuple[Decision, ...]
    is_listed: bool = True

    @property
    def key(self) -> tuple[str, date | None]:
        """Its code, and the date that decisions about it are about; an issue has only the code."""
        if self.line.kind is Duty.ISSUE:
            return self.line.code, None
        return self.line.code, self.line.item

    @property
    def stamp(self) -> str:
        """What a decision rests on: how urgent it is, its deadline, and the last decision about it."""
        last = max((decision.seq for decision in self.decisions), default=0)
        urgency = self.line.level.value if self.is_listed else _OPEN
        return f"{urgency}/{self.line.deadline}/{last}"

    @property
    def level(self) -> str:
        """How urgent it is, in words."""
        return self.line.level.label if self.is_listed else NOT_LISTED

    @property
    def printed(self) -> Mapping[str, Value]:
        """What stands in its row."""
        line = self.line
        state = line.state.label
        if self.has_left:
            state = LEFT
        return {
            "code": line.code,
            "kind": line.kind.label,
            "name": line.name,
            "task_force": f"{line.task_force.code} {line.task_force.name}",
            "unit": line.unit,
            "level": self.level,
            "state": state,
            "deadline": line.deadline,
            "days": _days(line.days),
            "measured": line.told,
            "past": "\n".join(decision.spoken for decision in self.decisions) or None,
        }

    @property
    def remembered(self) -> Mapping[str, Value]:
        """What the ledger remembers of its row, besides its stamp."""
        line = self.line
        known: dict[str, Value] = {"deadline": line.deadline}
        if line.kind is Duty.ISSUE:
            return known
        return known | {"kind": line.kind.value, "item": line.item, "urgency": line.level.value}


def _days(days: int | None) -> str | None:
    if days is None:
        return None
    return str(days)


@dataclass(frozen=True)
class Supervised:
    """What can be decided about, and what something can be merged into."""

    data: RollupInput

    @cached_property
    def items(self) -> tuple[SupervisedItem, ...]:
        """The items that stand, most urgent first, other open issues, then what has left by a decision."""
        standing = {item.key: item for item in (self._item(line, has_left=False) for line in self._standing)}
        left = [item for item in self._without_decisions() if item.key not in standing and item.decisions]
        open_issues = issues_not_listed(self.data, self._issues)
        others = [self._item(line, has_left=False, is_listed=False) for line in open_issues]
        return (*standing.values(), *others, *left)

    @cached_property
    def _standing(self) -> tuple[SupervisionLine, ...]:
        data = self.data
        return supervision_lines(data, indicator_lines(data), task_lines(data), self._issues)

    @cached_property
    def _issues(self) -> tuple[IssueLine, ...]:
        return issue_lines(self.data)

    def _without_decisions(self) -> Iterator[SupervisedItem]:
        """Yield the items that there would be had nothing been decided about any."""
        known = self.data.known
        undecided = replace(known, decisions=tuple(d for d in known.decisions if d.kind is None))
        data = replace(self.data, known=undecided)
        for line in all_items(data, indicator_lines(data), task_lines(data), issue_lines(data)):
            if line.kind is not Duty.ISSUE:
                yield self._item(line, has_left=ruling_on(known, line.code, line.item) is not None)

    def _item(self, line: SupervisionLine, *, has_left: bool, is_listed: bool = True) -> SupervisedItem:
        decisions = self.data.known.decisions_on(line.code)
        if line.kind is not Duty.ISSUE:
            decisions = tuple(d for d in decisions if d.kind is not None and d.item == line.item)
        return SupervisedItem(line=line, has_left=has_left, decisions=decisions, is_listed=is_listed)

    @cached_property
    def listed(self) -> frozenset[str]:
        """The codes of what stands in 督办清单."""
        return frozenset(line.code for line in self._standing)

    def request(self, code: str) -> str:
        """Return what superiors are asked for in an issue and have not settled, "" if nothing."""
        issue = next((line for line in self._issues if line.code == code), None)
        if issue is None or not issue.asks:
            return ""
        return text_of(issue.reported("request"))

    @cached_property
    def followed(self) -> frozenset[str]:
        """The codes of the indicators, tasks and issues that are still followed: none that have left."""
        codes = {line.indicator.code for line in indicator_lines(self.data) if line.task_force.involved}
        codes |= {line.task.code for line in task_lines(self.data) if line.state not in _NOT_FOLLOWED}
        codes |= {line.code for line in self._issues if line.is_open}
        standing = {line.code for line in self._standing}
        left = {item.line.code for item in self.items if item.has_left}
        return frozenset(codes - (left - standing))


_NOT_FOLLOWED = (TaskState.DONE, TaskState.NOT_INVOLVED)
