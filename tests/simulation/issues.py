"""Issues of a simulated district: what departments wrote of them, what the office ruled, and what follows from both.

The states are worked out here from the rules of the manual, by nothing of the product but the days of periods.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from tenproj_xl.core.periods import Period

SOON = 14
"""Days before its deadline on which an issue is 临近时限."""
APPLIED, OPEN = "申请销号", "整改中"
SIGN_OFF, SEND_BACK, REOPEN = "同意销号", "退回整改", "重新挂账"
GRANTED, REFUSED = "同意延期", "不同意延期"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a return says of an issue; `order` is the time of its file."""

    code: str
    period: Period
    order: float = 0
    sha256: str = ""
    status: str = OPEN
    applied_on: date | None = None
    extend_to: date | None = None
    due_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """What the office decided of an issue, when, and up to which period it had been reported then."""

    code: str
    on: date
    upon: Period
    verdict: str = ""
    extension: str = ""
    until: date | None = None


@dataclass(frozen=True, kw_only=True)
class Course:
    """An issue as it stood: its last answer of each period, and the rulings, both in the order of time."""

    answers: tuple[Answer, ...]
    rulings: tuple[Ruling, ...]

    @property
    def closed_on(self) -> date | None:
        """The day on which it was signed off, None while it is open."""
        last = [ruling for ruling in self.rulings if ruling.verdict in (SIGN_OFF, REOPEN)][-1:]
        return next((ruling.on for ruling in last if ruling.verdict == SIGN_OFF), None)

    @property
    def moved(self) -> Ruling | None:
        """The last ruling that set a deadline."""
        return next((ruling for ruling in reversed(self.rulings) if ruling.until), None)

    @property
    def due(self) -> date | None:
        """The deadline in force."""
        return self.moved.until if self.moved else self.answers[0].due_on

    def verdict_on(self, application: Answer) -> Ruling | None:
        """Return the ruling that answers an application."""
        for ruling in self.rulings:
            is_later = application.applied_on is not None and application.applied_on > ruling.on
            if ruling.verdict and not ruling.upon < application.period and not is_later:
                return ruling
        return None

    @property
    def applies(self) -> bool:
        """Whether an application waits."""
        newest = self.answers[-1]
        return newest.status == APPLIED and self.verdict_on(newest) is None

    @property
    def asks_for_time(self) -> bool:
        """Whether the last request for more time waits."""
        asking = [answer for answer in self.answers if answer.extend_to]
        if not asking:
            return False
        answering = [r for r in self.rulings if r.extension or r.verdict in (SIGN_OFF, REOPEN)]
        return all(ruling.upon < asking[-1].period for ruling in answering)

    def stopped(self, day: date) -> int:
        """Return the days before one on which an application waited, since the deadline in force was set."""
        since = self.moved.on if self.moved else date.min
        days: set[int] = set()
        for number, answer in enumerate(self.answers):
            if answer.status != APPLIED:
                continue
            applied_on = answer.applied_on or answer.period.last
            begins = max(since, min(max(applied_on, answer.period.first), answer.period.last))
            ends = [day, *(later.period.first for later in self.answers[number + 1 :][:1])]
            verdict = self.verdict_on(answer)
            if verdict:
                ends.append(verdict.on)
            days.update(range(begins.toordinal(), min(ends).toordinal()))
        return len(days)

    def state(self, day: date) -> str:
        """Return the state on a day, by its code."""
        if self.closed_on:
            return "signed_off"
        if self.applies:
            return "applied"
        assert self.due is not None
        left = (self.due - day).days + self.stopped(day)
        if left < 0:
            return "overdue"
        if left <= SOON:
            return "due_soon"
        return "reopened" if any(ruling.verdict == REOPEN for ruling in self.rulings) else "open"


@dataclass(kw_only=True)
class Docket:
    """All that was written of issues and ruled about them."""

    answers: list[Answer] = field(default_factory=list)
    rulings: list[Ruling] = field(default_factory=list)
    numbers: dict[tuple[str, int], int] = field(default_factory=dict)

    def register(self, force: str, answer: Answer) -> Answer:
        """Give an issue the next code of its task force and year, and keep what was written of it."""
        year = answer.period.year
        number = self.numbers.get((force, year), 0) + 1
        self.numbers[force, year] = number
        registered = replace(answer, code=f"W{force}-{year}-{number:03d}")
        self.answers.append(registered)
        return registered

    def withdraw(self, sha256: str) -> list[Answer]:
        """Forget what a file said; return it."""
        gone = [answer for answer in self.answers if answer.sha256 == sha256]
        self.answers = [answer for answer in self.answers if answer.sha256 != sha256]
        return gone

    def course(self, code: str, period: Period | None = None) -> Course | None:
        """Return an issue as it stood at the end of a period, by default as it stands."""
        last: dict[Period, Answer] = {}
        for answer in sorted(self.answers, key=lambda answer: (answer.period.last, answer.order)):
            if answer.code == code and (period is None or not period < answer.period):
                last[answer.period] = answer
        if not last:
            return None
        rulings = [ruling for ruling in self.rulings if ruling.code == code]
        if period is not None:
            rulings = [ruling for ruling in rulings if ruling.on <= period.last]
        return Course(answers=tuple(last.values()), rulings=tuple(sorted(rulings, key=lambda r: r.on)))

    def courses(self, period: Period | None = None) -> Mapping[str, Course]:
        """Return all issues as they stood at the end of a period, by code."""
        codes = sorted({answer.code for answer in self.answers})
        found = {code: self.course(code, period) for code in codes}
        return {code: course for code, course in found.items() if course}

    def states(self, period: Period) -> dict[str, tuple[str, date | None]]:
        """Return state and deadline of each issue that was open, or was signed off in a period."""
        states = {}
        for code, course in self.courses(period).items():
            closed_on = course.closed_on
            if closed_on is None or period.first <= closed_on <= period.last:
                states[code] = (course.state(period.last), course.due)
        return states

    def waiting(self) -> list[str]:
        """Return the codes of the issues that wait for the office."""
        courses = self.courses().items()
        return [code for code, c in courses if not c.closed_on and (c.applies or c.asks_for_time)]

    def closed_since(self, day: date) -> list[str]:
        """Return the codes of the issues that were signed off after a day."""
        return [code for code, c in self.courses().items() if c.closed_on and c.closed_on > day]


def counts(states: Iterable[str]) -> dict[str, int]:
    """Return the numbers of page one that are about issues, by name."""
    found = list(states)
    return {
        "issues_open": sum(state != "signed_off" for state in found),
        "issues_soon": found.count("due_soon"),
        "issues_overdue": found.count("overdue"),
        "issues_applied": found.count("applied"),
    }


def later(day: date | None, days: int) -> date:
    """Return a day some days after another."""
    assert day is not None
    return day + timedelta(days=days)
