"""Editions: what a roll-up is made for and who reads it; all are made from the same facts.

The week's roll-up, the fortnightly liaison meeting, the monthly dispatch, the quarterly review and the annual
summary are the same sheets over a longer or shorter period; each sheet says in which of them it stands.
Every edition is made twice: 领导版 with all of it, 晾晒版 with league table and progress for all to see.
"""

from enum import StrEnum

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.model.publications import number_label


class Audience(StrEnum):
    """Who reads it."""

    LEADERS = "领导版"
    PUBLIC = "晾晒版"


@dataclass(frozen=True)
class Edition:
    """One edition; which sheets it has, and where, is declared with each sheet.

    A `pressing` one lists only what is behind, has changed or asks for something. A wide one is about the
    figures of a month, quarter or year, whenever they were sent; the others are about a period of returns.
    """

    code: str
    title: str
    pressing: bool = False
    is_wide: bool = False


WEEK = Edition("week", "进度汇总")
MEETING = Edition("meeting", "联络员例会材料", pressing=True)
MONTH = Edition("month", "调度材料", is_wide=True)
QUARTER = Edition("quarter", "分析材料", is_wide=True)
YEAR = Edition("year", "总结材料", is_wide=True)
EDITIONS = (WEEK, MEETING, MONTH, QUARTER, YEAR)


@dataclass(frozen=True)
class Release:
    """One making of an edition: for whom, and by whom it was signed; without that it is a draft.

    `number` is the paper's in its series, 0 where it has none; `correction` is n for its n-th correction. A
    week that `is_given_out` is not corrected but in the next issue: what is made of it again is no paper.
    """

    edition: Edition = WEEK
    audience: Audience = Audience.LEADERS
    signed_by: str = ""
    number: int = 0
    correction: int = 0
    is_given_out: bool = False

    @property
    def is_public(self) -> bool:
        """Whether all may read it."""
        return self.audience is Audience.PUBLIC

    @property
    def stamp(self) -> str:
        """The words for it on the first page and in every footer."""
        if self.is_given_out:
            return "印发后重新汇总，不再印发"
        if self.signed_by:
            return f"签发稿（签发人：{self.signed_by}）"
        return "送审稿"

    @property
    def issue(self) -> str:
        """The number as the paper shows it: `第13期（拟）` until it is signed; "" where it has none."""
        if not self.number:
            return ""
        label = number_label(self.number, self.correction)
        if self.signed_by or self.is_given_out:
            return label
        return f"{label}（拟）"


PLAIN = Release()
"""The week's roll-up for leaders, not signed yet."""
