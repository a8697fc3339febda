"""上级排名: how superiors rank the district, by indicator or as a whole, as the office enters it."""

import re
from collections import Counter

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.periods import Period
from tenproj_xl.core.texts import canonical
from tenproj_xl.model.indicator_names import names_of, without_brackets
from tenproj_xl.model.plan import Plan

_RANK_WORD = re.compile(r"(?<=.)(?:在?全[市省国区县]的?)?(?:排名|名次|位次|排位)$")


@dataclass(frozen=True, kw_only=True)
class Ranking:
    """The district's place in something for a data period.

    `subject` is the code or the name of an indicator, or the name of what is ranked as a whole. `rank` and
    `score` are None where the superior gave only the other; `of` is how many are ranked, 0 where that is the
    plan's.
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

    def of(self, code: str, period: Period, plan: Plan) -> Ranking | None:
        """Return what is known of an indicator for a data period, None where nothing is."""
        for line in self.lines:
            if line.period == period and subject_of(line, plan) == code:
                return line
        return None

    def before(self, ranking: Ranking, plan: Plan) -> Ranking | None:
        """Return the newest line of the same subject for an earlier data period of the same length."""
        subject = subject_of(ranking, plan)
        same = [
            line
            for line in self.lines
            if subject_of(line, plan) == subject
            and _kind(line.period) == _kind(ranking.period)
            and line.period.last < ranking.period.last
        ]
        return max(same, key=lambda line: line.period.last, default=None)


def subject_of(ranking: Ranking, plan: Plan) -> str:
    """Return the code of the indicator that a line is about, else one spelling of the whole that it names."""
    codes = plan.kept.get(_Codes)
    if not isinstance(codes, _Codes):
        codes = plan.kept[_Codes] = _Codes(plan)
    spelling = _spelled(ranking.subject)
    shorter = _RANK_WORD.sub("", spelling)
    shortest = _RANK_WORD.sub("", without_brackets(spelling))
    for one in (spelling, shorter, shortest):
        if code := codes.by_spelling.get(one):
            return code
    return shorter


class _Codes:
    """The codes of indicators by the spellings of what may stand for them: the code, the name, or both."""

    def __init__(self, plan: Plan) -> None:
        names: Counter[str] = Counter()
        shorter_ones: Counter[str] = Counter()
        for indicator in plan.indicators:
            _, name, *shorter = map(_spelled, names_of(indicator))
            names[name] += 1
            shorter_ones.update(shorter)
        self.by_spelling: dict[str, str] = {}
        for indicator in plan.indicators:
            code, name, *shorter = map(_spelled, names_of(indicator))
            spellings = [code, *(code + one for one in (name, *shorter))]
            if names[name] == 1:
                spellings.append(name)
            spellings += [one for one in shorter if shorter_ones[one] == 1 and one not in names]
            self.by_spelling.update(dict.fromkeys(spellings, indicator.code))


def _spelled(text: str) -> str:
    return canonical(text).upper()


def _kind(period: Period) -> str:
    """Return what years, halves, quarters and months have in common with their like: `-Q`."""
    return period.code[4:].rstrip("0123456789")
