"""The history of an issue: the department's reports, the office's decisions, and the state on a day.

Reads the history; gives an `IssueHistory` for every issue. The department's clock is paused while others
decide.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cached_property

from tenproj_xl.core.answers import DecisionLevel, IssueSource, IssueStatus
from tenproj_xl.core.cells import Value
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.sheets import CHANGE_REQUEST
from tenproj_xl.core.states import IssueState
from tenproj_xl.core.texts import canonical, is_blank, text_of
from tenproj_xl.core.wordings import Says, says
from tenproj_xl.model.decisions import Decision, Extension, Verdict
from tenproj_xl.model.evaluate_tasks import Standing, issue_state
from tenproj_xl.model.history import History, Reported
from tenproj_xl.model.settings import Settings

_CLOSING = (Verdict.SIGN_OFF, Verdict.MERGE, Verdict.WRITE_OFF, Verdict.REOPEN)
"""The verdicts that close an issue, and the one that opens it again."""
_VERDICTS = (*_CLOSING, Verdict.SEND_BACK)


@dataclass(frozen=True)
class IssueHistory:
    """One issue: the last report of each period and the decisions, both oldest first."""

    rows: tuple[Reported, ...]
    decisions: tuple[Decision, ...]

    @property
    def row(self) -> Reported:
        """The department's last report."""
        return self.rows[-1]

    @property
    def code(self) -> str:
        """The issue's code."""
        return self.row.code

    def reported(self, field: str) -> Value:
        """Return the value of a field as last reported."""
        return self.row.values.get(field)

    def _reported_at(self, decision: Decision, field: str) -> Value:
        """Return the value of a field that a decision was based on."""
        known = self.rows[0]
        for row in self.rows:
            if row.period <= decision.upon:
                known = row
        return known.values.get(field)

    # --- sign-off

    @property
    def is_taken_off(self) -> bool:
        """Whether it was closed without being solved: merged into another, or written off."""
        return self.signed_off is not None and self.signed_off.verdict is not Verdict.SIGN_OFF

    @cached_property
    def signed_off(self) -> Decision | None:
        """The decision by which the issue is signed off, merged or written off, None while it is open."""
        last = self._last(lambda d: d.verdict in _CLOSING)
        if last and last.verdict != Verdict.REOPEN:
            return last
        return None

    @property
    def last_sign_off(self) -> Decision | None:
        """The last sign-off, even if the issue was reopened since."""
        return self._last(lambda d: d.verdict is not None and d.verdict.closes_issue)

    @property
    def times_reopened(self) -> int:
        """How often the issue was reopened."""
        return sum(d.verdict == Verdict.REOPEN for d in self.decisions)

    @property
    def times_sent_back(self) -> int:
        """How often an application was sent back."""
        return sum(d.verdict == Verdict.SEND_BACK for d in self.decisions)

    @cached_property
    def application(self) -> Reported | None:
        """The report by which the department applied for sign-off, None once a verdict has answered it."""
        for row in reversed(self.rows):
            if row.values.get("status"):
                waits = row.values["status"] == IssueStatus.APPLIED and self._answer(row) is None
                return row if waits else None
        return None

    def _answer(self, application: Reported) -> Decision | None:
        """Return the first verdict based on an application, None if it was made anew afterwards."""
        applied_on = application.values.get("applied_on")
        for decision in self.decisions:
            if decision.verdict not in _VERDICTS or decision.upon < application.period:
                continue
            applied_later = isinstance(applied_on, date) and applied_on > decision.on
            if not applied_later:
                return decision
        return None

    # --- deadlines

    @property
    def original_due(self) -> date | None:
        """The deadline at registration."""
        return _day(self.rows[0].values.get("due_on"))

    @property
    def due(self) -> date | None:
        """The deadline in force: the original one, or that of the last extension or reopening."""
        if self._moved:
            return self._moved.until
        return self.original_due

    @property
    def _moved(self) -> Decision | None:
        """The last decision that set a new deadline."""
        return self._last(lambda d: d.until is not None)

    @property
    def extensions(self) -> int:
        """How often more time was granted."""
        return sum(d.extension == Extension.GRANTED for d in self.decisions)

    @property
    def extension_request(self) -> Reported | None:
        """The last report that asked for more time, None once it was answered."""
        for row in reversed(self.rows):
            if row.values.get("extend_to"):
                return None if self._is_extension_answered(row) else row
        return None

    def _is_extension_answered(self, request: Reported) -> bool:
        for decision in self.decisions:
            is_answer = decision.extension or decision.verdict in _CLOSING
            if is_answer and decision.upon >= request.period:
                return True
        return False

    # --- what the issue is registered as

    @property
    def change_request(self) -> Reported | None:
        """The last report that asked to change what is registered, None once it was answered."""
        for row in reversed(self.rows):
            asked = text_of(row.values.get(CHANGE_REQUEST))
            if not is_blank(asked) and not says(asked, Says.NONE):
                return None if self._is_change_answered(row) else row
        return None

    def _is_change_answered(self, request: Reported) -> bool:
        for decision in self.decisions:
            is_answer = decision.change or decision.verdict in _CLOSING
            if is_answer and decision.upon >= request.period:
                return True
        return False

    # --- level and request for coordination

    @property
    def level(self) -> DecisionLevel | None:
        """The approved level, None while none is approved."""
        approval = self._last_approval
        if approval is None:
            return None
        return approval.level

    @property
    def _last_approval(self) -> Decision | None:
        """The last decision that approved a level."""
        return self._last(lambda d: bool(d.level))

    @property
    def proposed_level(self) -> Value:
        """The level that the department proposes, None once a decision was based on the same proposal."""
        proposed = self.reported("suggested_level")
        approval = self._last_approval
        if approval and self._reported_at(approval, "suggested_level") == proposed:
            return None
        return proposed

    @property
    def asks(self) -> bool:
        """Whether a request waits for an answer, and the issue is neither applied for nor signed off."""
        return not self.signed_off and not self.application and self.asks_by(self.row)

    def asks_by(self, row: Reported) -> bool:
        """Return whether a report has a request that is newer than the last answered one, and differs."""
        request = row.values.get("request")
        if is_blank(request):
            return False
        answer = self._last(lambda d: bool(d.coordination))
        if answer is None:
            return True
        answered = self._reported_at(answer, "request")
        return row.period > answer.upon and canonical(answered) != canonical(request)

    @property
    def with_superior(self) -> bool:
        """Whether a request waits for an answer from a level above the task force."""
        return self.asks and self.level not in (None, DecisionLevel.TASK_FORCE)

    # --- days

    def paused_days(self, day: date) -> int:
        """Return the days before `day` on which others had to decide, since the deadline in force was set."""
        since = self._moved.on.toordinal() if self._moved else 0
        paused: set[int] = set()
        for first, end in (*self._with_superiors(), *self._waiting_applications()):
            start = max(first.toordinal(), since)
            stop = min(end or day, day).toordinal()
            paused.update(range(start, stop))
        return len(paused)

    def _with_superiors(self) -> Iterator[tuple[date, date | None]]:
        """Yield first day and end (excluded, None if open) of each time a request was with a higher level.

        A level that is only proposed does not pause the clock. An application that is sent back is no answer.
        """
        for n, decision in enumerate(self.decisions):
            if not decision.level or decision.level == DecisionLevel.TASK_FORCE or decision.coordination:
                continue
            if is_blank(self._reported_at(decision, "request")):
                continue
            later_rows = [row for row in self.rows if row.period > decision.upon]
            without = [row.period.first for row in later_rows if is_blank(row.values.get("request"))]
            dropped = without[:1]  # a month that is asked for later may have begun before the next week
            answered = []
            for later in self.decisions[n + 1 :]:
                if later.coordination or later.level or later.verdict in _CLOSING:
                    answered.append(later.on)
            yield decision.on, min(dropped + answered, default=None)

    def _waiting_applications(self) -> Iterator[tuple[date, date | None]]:
        """Yield first day and end (excluded, None if open) of each application's wait for its verdict.

        It starts within the period of the report, whatever date the application has.
        """
        for n, row in enumerate(self.rows):
            if row.values.get("status") != IssueStatus.APPLIED:
                continue
            applied_on = _day(row.values.get("applied_on")) or row.period.last
            start = min(max(applied_on, row.period.first), row.period.last)
            followed = [later.period.first for later in self.rows[n + 1 :] if later.values.get("status")]
            ends = followed[:1]  # as above
            answer = self._answer(row)
            if answer:
                ends.append(answer.on)
            yield start, min(ends, default=None)

    def days_left(self, day: date) -> int | None:
        """Return the days from `day` to the deadline plus the paused days, None if there is no deadline."""
        if self.due is None:
            return None
        return (self.due - day).days + self.paused_days(day)

    def days_open(self, day: date) -> int | None:
        """Return the days since the issue was raised, those on which it was signed off left out."""
        raised = _day(self.reported("raised_on"))
        if raised is None:
            return None
        end = day
        if self.signed_off:
            end = min(self.signed_off.on, day)
        return (end - raised).days - self._days_closed()

    def _days_closed(self) -> int:
        """Return the days between each sign-off and the reopening that followed it."""
        closed_on, total = None, 0
        for decision in self.decisions:
            if decision.verdict is not None and decision.verdict.closes_issue:
                closed_on = closed_on or decision.on
            elif decision.verdict == Verdict.REOPEN and closed_on:
                total += (decision.on - closed_on).days
                closed_on = None
        return total

    def state(self, day: date, settings: Settings) -> IssueState:
        """Return the state of the issue on a day."""
        return issue_state(
            Standing(
                signed_off=self.signed_off is not None,
                applied=self.application is not None,
                with_superior=self.with_superior,
                reopened=self.times_reopened > 0,
                days_left=self.days_left(day),
            ),
            settings,
        )

    # --- text

    @property
    def review(self) -> str:
        """The text for the next form: its meeting, the last decision, what waits for one, a new deadline."""
        parts = [self._agreed]
        last = self._last(lambda d: d.verdict != Verdict.REGISTER)
        if last:
            parts.append(last.spoken)
        if self.application:
            parts.append(f"{self.application.period.spoken}申请销号待审定")
        if self.extension_request:
            parts.append(f"申请延期至{self.extension_request.values['extend_to']}待审定")
        if self.change_request:
            parts.append("申请变更待审定")
        if self._moved:
            parts.append(f"现行时限{self.due}（原定{self.original_due}，延期{self.extensions}次）")
        return "；".join(part.rstrip("。") for part in parts if part)

    @property
    def _agreed(self) -> str:
        """The meeting that agreed on the issue: `2026-11-20 第12次联络员例会议定`; "" for any other issue."""
        agreed = self._last(lambda d: d.verdict == Verdict.REGISTER)
        if agreed is None or self.reported("source") != IssueSource.MEETING:
            return ""
        return f"{agreed.on} {agreed.by}议定"

    def _last(self, wanted: Callable[[Decision], bool]) -> Decision | None:
        for decision in reversed(self.decisions):
            if wanted(decision):
                return decision
        return None


def issue_histories(known: History, task_force: str | None = None) -> list[IssueHistory]:
    """Return the histories of all registered issues (of one task force, if given), by code."""
    histories = []
    for row in known.issues(task_force):
        rows = tuple(known.of("issues", row.code))
        histories.append(IssueHistory(rows, known.decisions_on(row.code)))
    return histories


def issue_history(known: History, code: str) -> IssueHistory | None:
    """Return the history of one issue, None if it was never reported."""
    rows = tuple(known.of("issues", code))
    if not rows:
        return None
    return IssueHistory(rows, known.decisions_on(code))


def closed_before(day: date, decisions: Iterable[Decision]) -> set[str]:
    """Return the codes of the issues that were signed off before a day, with nothing decided since."""
    by_code: dict[str, list[Decision]] = {}
    for decision in sorted(decisions, key=lambda d: (d.on, d.seq)):
        by_code.setdefault(decision.issue, []).append(decision)
    closed = set()
    for code, own in by_code.items():
        closing = [d.verdict for d in own if d.verdict in _CLOSING]
        if own[-1].on < day and closing and closing[-1] is not Verdict.REOPEN:
            closed.add(code)
    return closed


def _day(value: Value) -> date | None:
    if isinstance(value, date):
        return value
    return None
