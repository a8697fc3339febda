"""Lines of 提请协调: what superiors are asked for and have not settled, by whom and since when."""

from collections.abc import Sequence
from datetime import date
from itertools import takewhile

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.days import short_day
from tenproj_xl.core.states import IssueState
from tenproj_xl.core.texts import canonical, text_of
from tenproj_xl.model.history import Reported
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.issues import IssueLine
from tenproj_xl.validation.issue_texts import is_other_issue


@dataclass(frozen=True)
class AskLine:
    """One ask. `since` is the day the issue was raised, or that of the return which added the ask later.

    An ask for something else is another one, the same in other words is not. `is_new` is True where no
    earlier period had it; `number` is the issue's place (from 0) among the lines of its sheet.
    """

    issue: IssueLine
    since: date | None
    is_new: bool
    number: int

    def waiting(self, day: date) -> int | None:
        """Return how many days it has waited on a day."""
        if self.since is None:
            return None
        return (day - self.since).days

    @property
    def is_level_suggested(self) -> bool:
        """Whether its level is the unit's suggestion, which nobody has approved yet."""
        return self.issue.level is not None and self.issue.history.level is None


_PRESSING = (IssueState.OVERDUE, IssueState.DUE_SOON)


def most_urgent(group: Sequence[AskLine]) -> AskLine:
    """Return the ask whose deadline presses most: one that has passed, one that is near, else the first."""
    return min(group, key=_urgency)


def _urgency(line: AskLine) -> tuple[int, date]:
    state = line.issue.state
    rank = len(_PRESSING)
    if state in _PRESSING:
        rank = _PRESSING.index(state)
    return rank, line.issue.due_on or date.max


def deadline_told(group: Sequence[AskLine], year: int) -> str:
    """Return the deadline that presses most of asks of one wording, "" where none has one.

    It is told as a paper of a year tells it: `12-23 逾期等`; where that is another year the state stands on
    the next line, `2025-12-23`, `逾期等`, as the cell is no wider.
    """
    issue = most_urgent(group).issue
    if issue.due_on is None:
        return ""
    said = short_day(issue.due_on, year)
    if issue.state in _PRESSING:
        space = " " if issue.due_on.year == year else "\n"
        said += f"{space}{issue.state.label}"
    if len({line.issue.due_on for line in group}) > 1:
        said += "等"
    return said


def same_wording(lines: Sequence[AskLine]) -> list[list[AskLine]]:
    """Return asks in groups of one wording and level, in the order of their first ones."""
    groups: dict[tuple[str, str], list[AskLine]] = {}
    for line in lines:
        wording = canonical(str(line.issue.reported("request")))
        groups.setdefault((wording, line.issue.shown_level), []).append(line)
    return list(groups.values())


def ask_lines(data: RollupInput, issues: Sequence[IssueLine]) -> tuple[AskLine, ...]:
    """Return the asks that wait: highest level first, then those that have waited longest."""
    lines = [_line(issue, number, data) for number, issue in enumerate(issues) if issue.asks]
    lines.sort(key=lambda ask: (ask.issue.rank, ask.since or date.max, ask.issue.code))
    return tuple(lines)


def _line(issue: IssueLine, number: int, data: RollupInput) -> AskLine:
    history = issue.history
    rows, current = history.rows, text_of(history.reported("request"))

    def asks_for_the_same(row: Reported) -> bool:
        return history.asks_by(row) and not is_other_issue(text_of(row.values.get("request")), current)

    asking = list(takewhile(asks_for_the_same, reversed(rows)))
    first_asking = asking[-1]
    since = issue.raised_on
    if len(asking) < len(rows):  # the issue stood without the ask before, or with another one
        since = first_asking.received_at.astimezone(data.settings.zone).date()
    return AskLine(issue, since, data.is_of_now(first_asking.period), number)
