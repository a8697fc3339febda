"""Editions: what a roll-up is made for and who reads it; all are made from the same facts.

The week's roll-up, the fortnightly liaison meeting, the monthly dispatch, the quarterly review and the annual
summary are the same sheets over a longer or shorter period; each sheet says in which of them it stands.
Every edition is made twice: 领导版 with all of it, 晾晒版 with league table and progress for all to see.
"""

from dataclasses import dataclass
from enum import StrEnum


class Audience(StrEnum):
    """Who reads it."""

    LEADERS = "领导版"
    PUBLIC = "晾晒版"


@dataclass(frozen=True)
class Edition:
    """One edition; which sheets it has, and where, is declared with each sheet.

    A `pressing` one lists only what is behind, has changed or asks for something.
    """

    code: str
    title: str
    pressing: bool = False


WEEK = Edition("week", "进度汇总")
MEETING = Edition("meeting", "联络员例会材料", pressing=True)
MONTH = Edition("month", "调度材料")
QUARTER = Edition("quarter", "分析材料")
YEAR = Edition("year", "总结材料")
EDITIONS = (WEEK, MEETING, MONTH, QUARTER, YEAR)


@dataclass(frozen=True)
class Release:
    """One making of an edition: for whom, and by whom it was signed; without that it is a draft."""

    edition: Edition = WEEK
    audience: Audience = Audience.LEADERS
    signed_by: str = ""

    @property
    def is_public(self) -> bool:
        """Whether all may read it."""
        return self.audience is Audience.PUBLIC

    @property
    def stamp(self) -> str:
        """The words for it on the first page and in every footer."""
        if self.signed_by:
            return f"签发稿（签发人：{self.signed_by}）"
        return "送审稿"


PLAIN = Release()
"""The week's roll-up for leaders, not signed yet."""
