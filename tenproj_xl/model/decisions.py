"""Decisions: what the office decided about issues, who decided it and when. A return can never hold one.

A decision stands on what the department had said by then; a later word of the department waits for a new one.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tenproj_xl.core.periods import Period


class Verdict(StrEnum):
    """What becomes of the issue."""

    REGISTER = "登记"
    """The office registered the issue itself."""
    SIGN_OFF = "同意销号"
    SEND_BACK = "退回整改"
    REOPEN = "重新挂账"


class Extension(StrEnum):
    """The answer to a request for more time."""

    GRANTED = "同意延期"
    REFUSED = "不同意延期"


class Coordination(StrEnum):
    """How the ask to a higher level ended."""

    SETTLED = "已协调"
    DECLINED = "不予协调"


@dataclass(frozen=True)
class Decision:
    """What was decided about one issue on one day; what was not decided is "" or None.

    `upon` is the newest period that the issue had been spoken of in, `until` the new deadline. Two decisions with one
    `token` stand in the same row of the same workbook: the later one corrects the earlier.
    """

    issue: str
    on: date
    by: str
    upon: Period
    verdict: str = ""
    level: str = ""
    coordination: str = ""
    extension: str = ""
    until: date | None = None
    opinion: str = ""
    token: str = ""
    file: str = ""
    sha256: str = ""
    seq: int = 0

    @property
    def outcome(self) -> str:
        """What was decided, in words: `退回整改，同意延期至2027-01-31`."""
        until = f"至{self.until}" if self.until and self.extension else ""
        new_deadline = f"（整改时限{self.until}）" if self.until and self.verdict == Verdict.REOPEN else ""
        parts = (
            self.verdict + new_deadline if self.verdict else "",
            f"核定层级为{self.level}" if self.level else "",
            self.coordination,
            self.extension + until if self.extension else "",
        )
        return "，".join(p for p in parts if p)

    @property
    def spoken(self) -> str:
        """The whole decision as one reads it: `2026-11-30 退回整改（王主任）：佐证不全`."""
        opinion = f"：{self.opinion}" if self.opinion else ""
        return f"{self.on} {self.outcome}（{self.by}）{opinion}"

    @property
    def same(self) -> tuple[object, ...]:
        """What two records of the same decision share."""
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
