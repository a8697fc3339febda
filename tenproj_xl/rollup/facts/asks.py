"""Lines of 提请协调: what superiors are asked for and have not settled, by whom and since when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.issues import IssueLine


@dataclass(frozen=True)
class AskLine:
    """One ask. `since` is the day the issue was raised, or that of the return which added the ask to it later.

    `is_new` is True where no earlier period had it; `number` is the issue's place among the lines of its sheet.
    """

    issue: IssueLine
    since: date | None
    is_new: bool
    number: int

    def waiting(self, day: date) -> int | None:
        """How many days it has waited on a day."""
        return (day - self.since).days if self.since else None


def ask_lines(data: RollupInput, issues: Sequence[IssueLine]) -> tuple[AskLine, ...]:
    """The asks that wait: highest level first, then those that have waited longest."""
    lines = (_line(issue, number, data) for number, issue in enumerate(issues) if issue.asks)
    return tuple(sorted(lines, key=lambda a: (a.issue.rank, a.since or date.max, a.issue.code)))


def _line(issue: IssueLine, number: int, data: RollupInput) -> AskLine:
    asking = list(takewhile(issue.history.asks_by, reversed(issue.history.rows)))
    began, from_the_start = asking[-1], len(asking) == len(issue.history.rows)
    since = issue.raised_on if from_the_start else began.received_at.astimezone(data.settings.zone).date()
    return AskLine(issue, since, data.is_of_now(began.period), number)
