"""Lines of 上级排名: how superiors rank the district, how that has moved, and what pulls it down."""

from tenproj_xl.core.cells import Value
from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.model.plan import MOST_RANKED
from tenproj_xl.model.rankings import Ranking, subject_of
from tenproj_xl.rollup.facts.indicators import IndicatorLine
from tenproj_xl.rollup.facts.model import Facts


class Movement(LabelledCode):
    """How a rank, or else a score, has moved since the data period before."""

    FIRST = "first", "首次"
    UP = "up", "前移"
    SAME = "same", "持平"
    DOWN = "down", "后退"


@dataclass(frozen=True, kw_only=True)
class RankingLine:
    """What a superior said of an indicator or of the whole, beside what was said before.

    `line` is the indicator's, None for the whole; `of` is how many are ranked, None where nobody says. One
    that `pulls_down` is in the last third, or has fallen back.
    """

    ranking: Ranking
    before: Ranking | None
    line: IndicatorLine | None
    of: int | None
    movement: Movement
    pulls_down: bool

    @property
    def name(self) -> str:
        """What is ranked."""
        if self.line is None:
            return self.ranking.subject
        return self.line.indicator.name

    @property
    def steps(self) -> int | None:
        """How many places it has gained, negative where lost; None without two ranks."""
        if self.before is None or self.before.rank is None or self.ranking.rank is None:
            return None
        return self.before.rank - self.ranking.rank

    @property
    def said_by_unit(self) -> Value:
        """The rank that the unit has reported for the data period where it is another one, else None."""
        if self.line is None or self.line.figure is None or self.line.figure.period != self.ranking.period:
            return None
        reported = self.line.reported("city_rank")
        if reported in (None, "") or reported == self.ranking.rank:
            return None
        return reported


def ranking_lines(facts: Facts) -> tuple[RankingLine, ...]:
    """Return the newest line of each subject by the day of the paper: the whole, then what pulls down."""
    rankings, plan = facts.data.settings.rankings, facts.data.plan
    indicators = {line.indicator.code: line for line in facts.indicators}
    newest: dict[str, Ranking] = {}
    for ranking in sorted(rankings.lines, key=lambda one: one.period, reverse=True):
        if ranking.period.last <= facts.data.day:
            newest.setdefault(subject_of(ranking, plan), ranking)
    lines = []
    for subject, ranking in newest.items():
        before = rankings.before(ranking, plan)
        of = ranking.of or _of_plan(facts)
        movement = _movement(ranking, before)
        is_last = of is not None and ranking.rank is not None and 3 * ranking.rank > 2 * of
        lines.append(
            RankingLine(
                ranking=ranking,
                before=before,
                line=indicators.get(subject),
                of=of,
                movement=movement,
                pulls_down=is_last or movement is Movement.DOWN,
            )
        )
    return tuple(sorted(lines, key=_place))


def _of_plan(facts: Facts) -> int | None:
    """Return how many the plan says are ranked, None where it does not say."""
    ranked = facts.data.plan.programme.ranked
    if ranked == MOST_RANKED:
        return None
    return ranked


def _movement(now: Ranking, before: Ranking | None) -> Movement:
    if before is None:
        return Movement.FIRST
    if now.rank is not None and before.rank is not None:
        gained = float(before.rank - now.rank)
    elif now.score is not None and before.score is not None:
        gained = now.score - before.score
    else:
        return Movement.FIRST
    if gained > 0:
        return Movement.UP
    if gained < 0:
        return Movement.DOWN
    return Movement.SAME


def _place(line: RankingLine) -> tuple[bool, bool, float, str]:
    share = (line.ranking.rank or 0) / (line.of or MOST_RANKED)
    return line.line is not None, not line.pulls_down, -share, line.ranking.subject
