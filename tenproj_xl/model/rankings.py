"""上级排名: how superiors rank the district, by indicator or as a whole, as the office enters it."""

from dataclasses import dataclass

from tenproj_xl.core.periods import Period
from tenproj_xl.core.texts import canonical


@dataclass(frozen=True, kw_only=True)
class Ranking:
    """The district's place in something for a data period.

    `subject` is the code of an indicator, or the name of what is ranked as a whole. `rank` and `score` are
    None where the superior gave only the other; `of` is how many are ranked, 0 where that is the plan's.
    """

    subject: str
    period: Period
    rank: int | None
    of: int
    score: float | None
    basis: str


@dataclass(frozen=True)
class Rankings:
    """All lines."""

    lines: tuple[Ranking, ...] = ()

    def of(self, subject: str, period: Period) -> Ranking | None:
        """Return what is known of a subject for a data period, None where nothing is."""
        wanted = canonical(subject)
        for line in self.lines:
            if canonical(line.subject) == wanted and line.period == period:
                return line
        return None

    def before(self, ranking: Ranking) -> Ranking | None:
        """Return the newest line of the same subject for an earlier data period of the same length."""
        same = [
            line
            for line in self.lines
            if canonical(line.subject) == canonical(ranking.subject)
            and _kind(line.period) == _kind(ranking.period)
            and line.period.last < ranking.period.last
        ]
        return max(same, key=lambda line: line.period.last, default=None)


def _kind(period: Period) -> str:
    """Return what years, halves, quarters and months have in common with their like: `-Q`."""
    return period.code[4:].rstrip("0123456789")
