"""Decisions of the office about issues: what was decided, by whom and when. A return never holds a decision.

A decision rests on what the department had reported by then; a later report waits for a new decision.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from tenproj_xl.core.answers import DecisionLevel, IssueCategory
from tenproj_xl.core.cells import Value
from tenproj_xl.core.codes import LabelledCode, label_of
from tenproj_xl.core.periods import Period
from tenproj_xl.core.words import Words

_REGISTERED_AS = {"description": "描述", "category": "类别", "unit": "责任单位", "raised_on": "提出日期"}
"""What can be changed in a registered issue, as people call it."""


class Verdict(LabelledCode):
    """The decision on the state of an issue."""

    REGISTER = "register", "登记"
    """The office registered the issue itself."""
    SIGN_OFF = "sign_off", "同意销号"
    SEND_BACK = "send_back", "退回整改"
    REOPEN = "reopen", "重新挂账"


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
    """One decision about one issue on one day; a part that was not decided is "" or None.

    `upon` is the newest period in which the issue had been reported, `until` the new deadline; what the issue
    is registered as from then on stands in `description`, `category`, `unit` and `raised_on`. Decisions with
    the same `token` come from the same row of the same workbook: the later one corrects the earlier.
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
    unit: str = ""
    raised_on: date | None = None
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
            self.opinion,
        )


@dataclass(frozen=True)
class Withdrawal:
    """The office's withdrawal of a file: why, and when."""

    sha256: str
    why: str
    at: datetime
