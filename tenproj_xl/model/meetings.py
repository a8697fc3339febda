"""What meetings agreed on (议定事项): issues that the office registered with a meeting as their source."""

from collections.abc import Iterable
from datetime import date

from tenproj_xl.core.answers import IssueSource
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.texts import is_blank, text_of
from tenproj_xl.model.decisions import Verdict
from tenproj_xl.model.history import Reported
from tenproj_xl.model.issues import IssueHistory


@dataclass(frozen=True)
class MeetingItem:
    """One item: its issue, and the meeting that agreed on it."""

    issue: IssueHistory
    meeting: str
    held_on: date

    @property
    def last_words(self) -> str:
        """What the unit said of it last, "" where it has said nothing yet."""
        for row in reversed(self.issue.rows):
            words = row.values.get("progress")
            if not is_blank(words):
                return text_of(words)
        return ""

    @property
    def last_report(self) -> Reported:
        """The report that has its last words, else its last report."""
        for row in reversed(self.issue.rows):
            if not is_blank(row.values.get("progress")):
                return row
        return self.issue.row


def meeting_item(issue: IssueHistory) -> MeetingItem | None:
    """Return an issue as an item of a meeting, None if no meeting agreed on it."""
    if issue.reported("source") != IssueSource.MEETING:
        return None
    for decision in issue.decisions:
        if decision.verdict is Verdict.REGISTER:
            return MeetingItem(issue, decision.by, decision.on)
    return None


def meeting_items(issues: Iterable[IssueHistory]) -> list[MeetingItem]:
    """Return what meetings agreed on, the latest meeting first.

    Those that were signed off before the latest meeting was held are left out: it has heard of them.
    """
    items = [item for item in map(meeting_item, issues) if item]
    latest = max((item.held_on for item in items), default=date.min)
    shown = []
    for item in items:
        signed_off = item.issue.signed_off
        if signed_off is None or signed_off.on >= latest:
            shown.append(item)
    shown.sort(key=lambda item: (item.issue.row.task_force, item.issue.code))
    return sorted(shown, key=lambda item: item.held_on, reverse=True)
