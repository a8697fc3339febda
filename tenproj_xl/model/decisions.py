"""Decisions of the office about issues: what was decided, by whom and when. A return never holds a decision.

A decision rests on what the department had reported by then; a later report waits for a new decision.
"""

from dataclasses import dataclass
from datetime import date

from tenproj_xl.core.answers import DecisionLevel
from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.periods import Period


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


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One decision about one issue on one day; a part that was not decided is "" or None.

    `upon` is the newest period in which the issue had been reported, `until` the new deadline. Decisions with
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
        return "，".join(parts)

    @property
    def spoken(self) -> str:
        """The whole decision as text: `2026-11-30 退回整改（王主任）：佐证不全`."""
        decided = f"{self.on} {self.outcome}（{self.by}）"
        if self.opinion:
            return f"{decided}：{self.opinion}"
        return decided

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
            self.opinion,
        )
