"""What the liaison meeting goes through: what became of what was agreed on, and what it has to decide."""

from collections.abc import Iterator, Sequence
from datetime import date

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.periods import Period
from tenproj_xl.core.states import IssueState
from tenproj_xl.model.issues import issue_histories
from tenproj_xl.model.meetings import MeetingItem, meeting_items
from tenproj_xl.rollup.facts.issues import IssueLine, issue_line
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.summary import expected_in_words, owing_in_words, reviews_in_words

_NAMED = 3


@dataclass(frozen=True)
class ResolutionLine:
    """An item that a meeting agreed on, and its issue, as of a period."""

    item: MeetingItem
    issue: IssueLine
    period: Period

    @property
    def last_words(self) -> str:
        """What its unit said of it last, with the period where that was an earlier one; "" for nothing."""
        words, told_in = self.item.last_words, self.item.last_report.period
        if words and told_in.precedes(self.period):
            return f"{words}（{told_in.paper_name}报）"
        return words


def resolution_lines(facts: Facts) -> tuple[ResolutionLine, ...]:
    """Return what meetings agreed on, the last one's first, then what is open of earlier ones."""
    data = facts.data
    lines = []
    for item in meeting_items(issue_histories(data.known)):
        lines.append(ResolutionLine(item, issue_line(item.issue, data), data.period))
    return tuple(lines)


def standing_in_words(lines: Sequence[ResolutionLine]) -> str:
    """Return how many items there are and how they stand: `4件：已销号1件，逾期1件，整改中2件`."""
    counted = []
    for state in _BY_URGENCY:
        number = sum(line.issue.state is state for line in lines)
        if number:
            counted.append(f"{state.label}{number}件")
    return f"{len(lines)}件：{'，'.join(counted)}"


_BY_URGENCY = (
    IssueState.OVERDUE,
    IssueState.REOPENED,
    IssueState.DUE_SOON,
    IssueState.OPEN,
    IssueState.WAITING,
    IssueState.APPLIED,
    IssueState.SIGNED_OFF,
)


def decisions(facts: Facts) -> tuple[str, ...]:
    """Return what the meeting has to decide, a sentence each, the most pressing first."""
    return tuple(filter(None, _decisions(facts)))


def _decisions(facts: Facts) -> Iterator[str]:
    yield _overdue(facts)
    yield _asked(facts)
    yield _applied(facts)
    yield _extensions(facts)
    if waiting := reviews_in_words(facts):
        yield f"{waiting}，请定是否采用。"
    if expected := expected_in_words(facts):
        yield f"{expected}，请定补救措施。"
    if owing := owing_in_words(facts):
        yield f"本期{owing}，请督促。"


def _overdue(facts: Facts) -> str:
    late = [line.issue for line in resolution_lines(facts) if line.issue.state is IssueState.OVERDUE]
    if not late:
        return ""
    return f"议定事项逾期{len(late)}件（{_codes(late)}），请责任单位说明原因，定新的时限或督办。"


def _asked(facts: Facts) -> str:
    if not facts.asks:
        return ""
    said = f"提请协调{len(facts.asks)}件（见第二项），请逐件定协调单位和时限"
    undecided = sum(ask.issue.history.level is None for ask in facts.asks)
    if undecided:
        said += f"；其中{undecided}件层级待核定"
    return f"{said}。"


def _applied(facts: Facts) -> str:
    waiting = [line for line in facts.issues if line.state is IssueState.APPLIED]
    if not waiting:
        return ""
    return f"申请销号{len(waiting)}件（{_codes(waiting)}），请审定。"


def _extensions(facts: Facts) -> str:
    asking = [line for line in facts.issues if line.is_open and line.history.extension_request]
    if not asking:
        return ""
    named = "、".join(map(_extension, asking[:_NAMED]))
    more = ""
    if len(asking) > _NAMED:
        more = f"等{len(asking)}件"
    return f"申请延期{len(asking)}件（{named}{more}），请定。"


def _extension(line: IssueLine) -> str:
    request = line.history.extension_request
    if request is None:
        return line.code
    until = request.values["extend_to"]
    if isinstance(until, date):
        until = f"{until.year}年{until.month}月{until.day}日"
    return f"{line.code}至{until}"


def _codes(lines: Sequence[IssueLine]) -> str:
    named = "、".join(line.code for line in lines[:_NAMED])
    if len(lines) > _NAMED:
        named += f"等{len(lines)}件"
    return named
