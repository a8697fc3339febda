"""The life of an issue: what its department said, what the office decided, and what it amounts to on a day.

Reads: the history. Gives: a `Life` for every issue. The department's clock stands still while somebody else decides.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from tenproj_xl.core.cells import Value
from tenproj_xl.core.parse import canonical, is_blank
from tenproj_xl.core.sheets import APPLIED, LEVELS
from tenproj_xl.model.decisions import Decision, Extension, Verdict
from tenproj_xl.model.evaluate_tasks import Standing, issue_state
from tenproj_xl.model.history import History, Reported
from tenproj_xl.model.settings import Settings
from tenproj_xl.model.states import IssueState

_VERDICTS = (Verdict.SIGN_OFF, Verdict.SEND_BACK, Verdict.REOPEN)


@dataclass(frozen=True)
class IssueHistory:
    """One issue: the last word of each period and the decisions, both oldest first."""

    rows: tuple[Reported, ...]
    decisions: tuple[Decision, ...]

    @property
    def row(self) -> Reported:
        """The department's last word."""
        return self.rows[-1]

    @property
    def code(self) -> str:
        """The issue's code."""
        return self.row.code

    def said(self, field: str) -> Value:
        """A field as last returned."""
        return self.row.values.get(field)

    def _said_at(self, decision: Decision, field: str) -> Value:
        """A field as it was when a decision was taken."""
        known = [r for r in self.rows if r.period <= decision.upon] or [self.rows[0]]
        return known[-1].values.get(field)

    # --- sign-off

    @cached_property
    def signed_off(self) -> Decision | None:
        """The decision by which the issue is signed off, None while it is open."""
        last = self._last(lambda d: d.verdict in (Verdict.SIGN_OFF, Verdict.REOPEN))
        return last if last and last.verdict == Verdict.SIGN_OFF else None

    @property
    def last_sign_off(self) -> Decision | None:
        """The last sign-off, also of an issue that was reopened since."""
        return self._last(lambda d: d.verdict == Verdict.SIGN_OFF)

    @property
    def times_reopened(self) -> int:
        """How often it was opened again."""
        return sum(d.verdict == Verdict.REOPEN for d in self.decisions)

    @property
    def times_sent_back(self) -> int:
        """How often an application was sent back."""
        return sum(d.verdict == Verdict.SEND_BACK for d in self.decisions)

    @cached_property
    def application(self) -> Reported | None:
        """The word by which the department applied for sign-off, while no verdict has answered it."""
        spoken = [r for r in self.rows if r.values.get("status")]
        last = spoken[-1] if spoken else None
        waits = last is not None and last.values["status"] == APPLIED and self._answer(last) is None
        return last if waits else None

    def _answer(self, application: Reported) -> Decision | None:
        """The verdict on an application: one taken upon it, unless it was made anew since."""
        on = application.values.get("applied_on")
        return next(
            (
                d
                for d in self.decisions
                if d.verdict in _VERDICTS
                and d.upon >= application.period
                and not (isinstance(on, date) and on > d.on)
            ),
            None,
        )

    # --- deadlines

    @property
    def original_due(self) -> date | None:
        """The deadline it was registered with."""
        return _day(self.rows[0].values.get("due_on"))

    @property
    def due(self) -> date | None:
        """The deadline in force: the original, the last extension that was granted, or that of the reopening."""
        moved = self._moved
        return moved.until if moved else self.original_due

    @property
    def _moved(self) -> Decision | None:
        return self._last(lambda d: d.until is not None)

    @property
    def extensions(self) -> int:
        """How often more time was granted."""
        return sum(d.extension == Extension.GRANTED for d in self.decisions)

    @property
    def extension_request(self) -> Reported | None:
        """The last word that asked for more time, while nobody has answered it."""
        last = next((r for r in reversed(self.rows) if r.values.get("extend_to")), None)
        if last is None:
            return None
        closing = (Verdict.SIGN_OFF, Verdict.REOPEN)
        answered = any(
            (d.extension or d.verdict in closing) and d.upon >= last.period for d in self.decisions
        )
        return None if answered else last

    # --- what is asked of others

    @property
    def level(self) -> str:
        """The level that was approved, "" while none is."""
        last = self._last(lambda d: bool(d.level))
        return last.level if last else ""

    @property
    def proposed_level(self) -> str:
        """The level that the department proposes, "" once it was decided upon as it stands."""
        proposed = self.said("suggested_level")
        last = self._last(lambda d: bool(d.level))
        if is_blank(proposed) or (
            last and canonical(self._said_at(last, "suggested_level")) == canonical(proposed)
        ):
            return ""
        return str(proposed)

    @property
    def asks(self) -> bool:
        """True while its ask waits: not answered as it stands, and the issue neither applied for nor signed off."""
        return not self.signed_off and not self.application and self.asks_by(self.row)

    def asks_by(self, row: Reported) -> bool:
        """True where a word asks for something else than what was answered last, and after it."""
        asked, answered = row.values.get("request"), self._last(lambda d: bool(d.coordination))
        if is_blank(asked) or answered is None:
            return not is_blank(asked)
        return row.period > answered.upon and canonical(self._said_at(answered, "request")) != canonical(
            asked
        )

    @property
    def with_superior(self) -> bool:
        """True while an ask is with a level above the task force that has not answered it."""
        return self.asks and self.level not in ("", LEVELS[0])

    # --- days

    def paused_days(self, day: date) -> int:
        """The days until `day` on which somebody else had to decide, since the deadline in force was set."""
        since = self._moved.on.toordinal() if self._moved else 0
        days: set[int] = set()
        for first, end in (*self._with_superiors(), *self._waiting_applications()):
            days.update(range(max(first.toordinal(), since), min(end or day, day).toordinal()))
        return len(days)

    def _with_superiors(self) -> Iterator[tuple[date, date | None]]:
        """From when to when its ask was with a higher level; a level that is only proposed stops no clock."""
        for n, d in enumerate(self.decisions):
            if not d.level or d.level == LEVELS[0] or d.coordination or is_blank(self._said_at(d, "request")):
                continue
            answers = (x.on for x in self.decisions[n + 1 :] if x.coordination or x.verdict or x.level)
            dropped = (
                r.period.first for r in self.rows if r.period > d.upon and is_blank(r.values.get("request"))
            )
            yield d.on, min((*answers, *dropped), default=None)

    def _waiting_applications(self) -> Iterator[tuple[date, date | None]]:
        """From when to when an application waited for its verdict, never from before the period it came in."""
        for n, row in enumerate(self.rows):
            if row.values.get("status") != APPLIED:
                continue
            on = _day(row.values.get("applied_on")) or row.period.last
            answer = self._answer(row)
            later = (r.period.first for r in self.rows[n + 1 :] if r.values.get("status"))
            end = min((*([answer.on] if answer else []), *later), default=None)
            yield min(max(on, row.period.first), row.period.last), end

    def days_left(self, day: date) -> int | None:
        """The days until its deadline, those on which the clock stood still added; None where there is no deadline."""
        return (self.due - day).days + self.paused_days(day) if self.due else None

    def days_open(self, day: date) -> int | None:
        """The days since it was raised on which it was open."""
        raised = _day(self.said("raised_on"))
        if raised is None:
            return None
        end = min(self.signed_off.on, day) if self.signed_off else day
        return (end - raised).days - self._days_closed()

    def _days_closed(self) -> int:
        closed, total = None, 0
        for d in self.decisions:
            if d.verdict == Verdict.SIGN_OFF:
                closed = closed or d.on
            elif d.verdict == Verdict.REOPEN and closed:
                total, closed = total + (d.on - closed).days, None
        return total

    def state(self, day: date, settings: Settings) -> IssueState:
        """What it amounts to on a day."""
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

    # --- in words

    @property
    def review(self) -> str:
        """What the next form says of it: the last decision, what still waits, and the deadline if it was moved."""
        last = self._last(lambda d: d.verdict != Verdict.REGISTER)
        waits = [
            f"{self.application.period.spoken}申请销号待审定" if self.application else "",
            f"申请延期至{request.values['extend_to']}待审定" if (request := self.extension_request) else "",
        ]
        moved = (
            f"现行时限{self.due}（原定{self.original_due}，延期{self.extensions}次）" if self._moved else ""
        )
        parts = (last.spoken if last else "", *waits, moved)
        return "；".join(p.rstrip("。") for p in parts if p)

    def _last(self, wanted: Callable[[Decision], bool]) -> Decision | None:
        return next((d for d in reversed(self.decisions) if wanted(d)), None)


def issue_histories(known: History, task_force: str | None = None) -> list[IssueHistory]:
    """The lives of all registered issues (of one task force), by code."""
    codes = (row.code for row in known.issues(task_force))
    return [IssueHistory(tuple(known.of("issues", code)), known.decisions_on(code)) for code in codes]


def issue_history(known: History, code: str) -> IssueHistory | None:
    """The life of one issue, None if nothing is known of it."""
    rows = known.of("issues", code)
    return IssueHistory(tuple(rows), known.decisions_on(code)) if rows else None


def _day(value: Value) -> date | None:
    return value if isinstance(value, date) else None
