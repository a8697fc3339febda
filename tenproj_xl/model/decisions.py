"""Decisions of the office about issues, and about what stands in 督办清单: what, by whom and when.

A return never holds a decision. A decision rests on what the department had reported by then; a later report
waits for a new decision. An indicator or task leaves 督办清单 by a decision about one date of it: what is
missed at another date is another item.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from tenproj_xl.core.answers import DecisionLevel, IssueCategory, IssueSource
from tenproj_xl.core.cells import Value
from tenproj_xl.core.codes import LabelledCode, label_of
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.periods import Period
from tenproj_xl.core.words import Words
from tenproj_xl.model.duties import Duty
from tenproj_xl.model.slips import Level

_REGISTERED_AS = {
    "description": "描述",
    "category": "类别",
    "source": "来源",
    "unit": "责任单位",
    "raised_on": "提出日期",
}
"""What can be changed in a registered issue, as people call it."""


class Verdict(LabelledCode):
    """The decision on the state of an issue, or on an item of 督办清单."""

    REGISTER = "register", "登记"
    """The office registered the issue itself."""
    SIGN_OFF = "sign_off", "同意销号"
    SEND_BACK = "send_back", "退回整改"
    REOPEN = "reopen", "重新挂账"
    SETTLE = "settle", "办结"
    """The office found an item done, whatever its unit has reported."""
    MERGE = "merge", "并入"
    ADJUST = "adjust", "调整"
    """An item has a new deadline from now on."""
    WRITE_OFF = "write_off", "核销"
    RESUME = "resume", "恢复督办"
    """The decision by which an item had left is taken back."""

    @property
    def closes_issue(self) -> bool:
        """Whether an issue is closed by it until it is reopened."""
        return self in (Verdict.SIGN_OFF, Verdict.MERGE, Verdict.WRITE_OFF)


LEAVING = (Verdict.SETTLE, Verdict.MERGE, Verdict.ADJUST, Verdict.WRITE_OFF)
"""The decisions by which an item leaves 督办清单, the one with a new deadline until that has passed."""
OF_ITEMS = (*LEAVING, Verdict.RESUME)


class Extension(LabelledCode):
    """The answer to a request for more time."""

    GRANTED = "granted", "同意延期"
    REFUSED = "refused", "不同意延期"


class Coordination(LabelledCode):
    """The outcome of a request to a higher level."""

    SETTLED = "settled", "已协调"
    DECLINED = "declined", "不予协调"


class ChangeReply(LabelledCode):
    """The answer to a request to change what an issue is registered as."""

    AGREED = "agreed", "同意变更"
    REFUSED = "refused", "不同意变更"


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One decision about one issue or item on one day; a part that was not decided is "" or None.

    `upon` is the newest period in which the issue had been reported, `until` the new deadline; what the issue
    is registered as from then on stands in `description`, `category`, `source`, `unit` and `raised_on`.
    Decisions with the same `token` come from the same row of the same workbook: the later one corrects the
    earlier.

    One about an indicator or task in 督办清单 has its `kind`, its code in `issue`, the date in `item` that it
    had to be done by, and how urgent it was; `into` is the code of what an item or issue was merged into.
    """

    issue: str
    on: date
    by: str
    upon: Period
    verdict: Verdict | None = None
    level: DecisionLevel | None = None
    coordination: Coordination | None = None
    extension: Extension | None = None
    until: date | None = None
    change: ChangeReply | None = None
    description: str = ""
    category: IssueCategory | None = None
    source: IssueSource | None = None
    unit: str = ""
    raised_on: date | None = None
    kind: Duty | None = None
    item: date | None = None
    urgency: Level | None = None
    into: str = ""
    opinion: str = ""
    token: str = ""
    file: str = ""
    sha256: str = ""
    seq: int = 0

    @property
    def outcome(self) -> str:
        """What was decided, as text: `退回整改，同意延期至2027-01-31`."""
        parts = []
        if self.verdict is Verdict.REOPEN and self.until:
            parts.append(f"{self.verdict.label}（整改时限{self.until}）")
        elif self.verdict and self.verdict in OF_ITEMS:
            parts.append(self._spoken_of_item(self.verdict))
        elif self.verdict:
            parts.append(self.verdict.label)
        if self.level:
            parts.append(f"核定层级为{self.level.label}")
        if self.coordination:
            parts.append(self.coordination.label)
        if self.extension and self.until:
            parts.append(f"{self.extension.label}至{self.until}")
        elif self.extension:
            parts.append(self.extension.label)
        if self.change:
            parts.append(self.change.label + self._spoken_changes)
        return "，".join(parts)

    def _spoken_of_item(self, verdict: Verdict) -> str:
        """Return what was decided about an item, with its date: `核销（原定时限2025-12-31）`."""
        said = f"{verdict.label}{self.into}"
        if verdict is Verdict.ADJUST:
            said = f"时限调整为{self.until}"
        if self.item is None:
            return said
        return f"{said}（原定时限{self.item}）"

    @property
    def changes(self) -> Mapping[str, Value]:
        """What the issue is registered as from then on, by field."""
        if self.change is not ChangeReply.AGREED:
            return {}
        new: dict[str, Value] = {name: getattr(self, name) for name in _REGISTERED_AS}
        return {name: value for name, value in new.items() if value}

    def applied_to(self, values: Mapping[str, Value], period: Period) -> Mapping[str, Value]:
        """Return the values that an issue's report of a period has with what the office agreed to change."""
        if period < self.upon:
            return values
        return {**values, **self.changes}

    @property
    def _spoken_changes(self) -> str:
        spoken = [f"{_REGISTERED_AS[name]}改为{label_of(value)}" for name, value in self.changes.items()]
        return f"（{'、'.join(spoken)}）" if spoken else ""

    @property
    def spoken(self) -> str:
        """The whole decision as text: `2026-11-30 退回整改（王主任）：佐证不全`."""
        decided = f"{self.on} {self.outcome}（{self.by}）"
        if self.opinion and self.verdict in OF_ITEMS:
            return f"{decided}，依据：{self.opinion}"
        if self.opinion:
            return f"{decided}：{self.opinion}"
        return decided

    def in_words(self, words: Words) -> "Decision":
        """Return the decision in the words of a plan."""
        if self.level is None:
            return self
        return replace(self, level=words.level(self.level))

    @property
    def content(self) -> tuple[object, ...]:
        """What was decided, without where and when it was recorded: equal for two records of one decision."""
        return (
            self.issue,
            self.on,
            self.by,
            self.verdict,
            self.level,
            self.coordination,
            self.extension,
            self.until,
            self.change,
            *self.changes.values(),
            self.item,
            self.into,
            self.opinion,
        )


@dataclass(frozen=True)
class Withdrawal:
    """The office's withdrawal of a file: why, and when."""

    sha256: str
    why: str
    at: datetime
