"""The calendar of returns: which periods they are owed for, what days these have, when returns are due."""

from collections.abc import Collection, Mapping
from dataclasses import field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tenproj_xl.core import rhythms
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.core.periods import Frequency, Period, parse_period
from tenproj_xl.core.rhythms import Rhythm
from tenproj_xl.model.plan import Indicator


def days_between(deadline: datetime, moment: datetime) -> int:
    """Return by how many days a moment is after a deadline, counted in the deadline's zone; at least 1."""
    return max((moment.astimezone(deadline.tzinfo).date() - deadline.date()).days, 1)


@dataclass(frozen=True)
class CalendarLine:
    """A line of 报送日历: a period that is not owed, or is due at another time than usual."""

    period: Period
    owed: bool
    deadline: datetime | None


@dataclass(frozen=True)
class IssuedPeriod:
    """The days that a period had when its forms went out, and the deadline printed in the newest of them.

    A ledger of 0.3.0 and before did not keep the deadline: it is None, and reckoned by the settings of now.
    A figure had to come out until `asked_until` for the forms to ask for it; None where these asked for all
    that comes out in the period, as forms did before they looked at the deadline.
    """

    period: Period
    deadline: datetime | None
    asked_until: date | None


@dataclass(frozen=True)
class DaysOff:
    """放假调休: the days off that are no weekend, and the days of weekends that are worked."""

    off: frozenset[date]
    worked: frozenset[date]

    def has(self, day: date) -> bool:
        """Return whether a day is off; of a year that is not entered, New Year's Day and the weekends are."""
        if day in self.off or (day.month, day.day) == (1, 1):
            return True
        return day.weekday() >= 5 and day not in self.worked

    def knows(self, year: int) -> bool:
        """Return whether anything is entered of a year."""
        return any(day.year == year for day in self.off | self.worked)


_WEEKENDS = DaysOff(off=frozenset(), worked=frozenset())
CALLED_OFF = "停报，不要求报送"
"""What is told of a period that was called off where others have their deadline."""
_REMINDED_DAYS = 14
"""So long after the deadline units are reminded."""


@dataclass(frozen=True)
class ReturnExtension:
    """A line of 延期报送: for whom (names in canonical spelling) a period is due later, and on what basis."""

    names: frozenset[str]
    period: str
    until: datetime
    why: str


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """When returns are asked for and due.

    Attributes:
        rhythm: How often returns are asked for.
        anchor: A week with which a fortnight ends.
        weekday: The day of a period's last week on which returns are due, from 0 for Monday; for weeks and
            fortnights.
        days_after: How many days after the end of any longer or shorter period they are due; negative for
            days before it.
        hour: The time of the day.
        zone: The office's time zone.
        lines: 报送日历.
        days_off: 放假调休; None in an earlier workspace, which has no such sheet and moves no deadline.
        moved_after: Whether a deadline on a day off moves to the first working day after, instead of the last
            one before.
        extensions: 延期报送.
        issued: The periods that forms went out for, by code; they keep their days, whatever the rhythm is.
    """

    rhythm: Rhythm
    anchor: Period
    weekday: int
    days_after: int
    hour: time
    zone: ZoneInfo
    lines: tuple[CalendarLine, ...]
    days_off: DaysOff | None = None
    moved_after: bool = False
    extensions: tuple[ReturnExtension, ...] = ()
    issued: Mapping[str, IssuedPeriod] = field(default_factory=dict)

    def period(self, code: str) -> Period:
        """Return the period that returns are owed for, of a code.

        Raises:
            UsageProblem: There is no such period, or no return is owed for it.
        """
        try:
            period = parse_period(code)
        except ValueError as fault:
            raise UsageProblem(f"{fault}。") from fault
        line = self._line(period.code)
        is_owed = period.code in self.issued or self._is_in_rhythm(period)
        if line:
            is_owed = line.owed
        if is_owed:
            return self.span(period.code)
        if line is None and not (period.is_week and self.rhythm.is_weekly):
            expected = f"{self.rhythm.label}报送的期号应如 {self.rhythm.example}"
            raise UsageProblem(f"{period.full_name}不是报送期，{expected}。")
        raise UsageProblem(f"{period.label}不是报送期，请核对“设置.xlsx”的报送周期和报送日历。")

    def _is_in_rhythm(self, period: Period) -> bool:
        return rhythms.period_in(self.rhythm, period.last, self.anchor).code == period.code

    def _line(self, code: str) -> CalendarLine | None:
        for line in self.lines:
            if line.period.code == code:
                return line
        return None

    def is_called_off(self, code: str) -> bool:
        """Return whether 报送日历 says that no returns are owed for a period, its forms out or not."""
        line = self._line(code)
        return line is not None and not line.owed

    def span(self, code: str) -> Period:
        """Return a reporting period with its days: those it had when forms went out for it, if they did."""
        if code in self.issued:
            return self.issued[code].period
        period = parse_period(code)
        if period.is_week and self.rhythm is Rhythm.FORTNIGHT:
            return rhythms.fortnight(period)
        return period

    def deadline(self, period: Period) -> datetime:
        """Return the time by which returns of a period are due.

        That is what 报送日历 says, else what its forms say, else what the settings give.
        """
        line = self._line(period.code)
        if line and line.deadline:
            return line.deadline
        issued = self.issued.get(period.code)
        if issued and issued.deadline:
            return issued.deadline.astimezone(self.zone)
        return datetime.combine(self._worked(self._usual_day(period)), self.hour, self.zone)

    def _usual_day(self, period: Period) -> date:
        """Return the day on which returns of a period are due where it is worked."""
        if period.is_week:
            monday = period.last - timedelta(days=6)
            return monday + timedelta(days=self.weekday)
        return period.last + timedelta(days=self.days_after)

    def is_due_before_it_begins(self, period: Period) -> bool:
        """Return whether days off move a deadline before its period, and 报送日历 gives no other."""
        line = self._line(period.code)
        if line and line.deadline:
            return False
        return self.deadline(period).date() < period.first <= self._usual_day(period)

    def _worked(self, day: date) -> date:
        """Return a day, or the working day before or after it where it is off."""
        step = timedelta(days=-1)
        if self.moved_after:
            step = timedelta(days=1)
        while self.days_off and self.days_off.has(day):
            day += step
        return day

    def after_working_days(self, moment: datetime, days: int) -> datetime:
        """Return the end of office hours (截止时刻) so many working days after the day of a moment."""
        day = moment.astimezone(self.zone).date()
        off = self.days_off or _WEEKENDS
        while days:
            day += timedelta(days=1)
            days -= not off.has(day)
        return datetime.combine(day, self.hour, self.zone)

    def is_working_day(self, day: date) -> bool:
        """Return whether offices are open on a day."""
        return not (self.days_off or _WEEKENDS).has(day)

    def is_day_of_reminders(self, deadline: datetime, moment: datetime) -> bool:
        """Return whether those whose returns are out are reminded on the day of a moment.

        That is the working day before the deadline, the day of the deadline, and each working day of the two
        weeks after.
        """
        day, due = moment.astimezone(self.zone).date(), deadline.astimezone(self.zone).date()
        if not self.is_working_day(day):
            return day == due
        return self.is_time_for_reminders(deadline, moment) and (day - due).days <= _REMINDED_DAYS

    def is_time_for_reminders(self, deadline: datetime, moment: datetime) -> bool:
        """Return whether the working day before the deadline has come by a moment."""
        day, due = moment.astimezone(self.zone).date(), deadline.astimezone(self.zone).date()
        between = [day + timedelta(days=n) for n in range(1, (due - day).days)]
        return not any(self.is_working_day(one) for one in between)

    def extension(self, period: str, names: Collection[str]) -> ReturnExtension | None:
        """Return the longest extension of a period for somebody, given by all names in canonical spelling."""
        own = [e for e in self.extensions if e.period == period and not e.names.isdisjoint(names)]
        return max(own, key=lambda e: e.until, default=None)

    def deadline_of(self, period: Period, names: Collection[str]) -> datetime:
        """Return the time by which somebody's return is due, an extension counted; see `extension`."""
        deadline, extension = self.deadline(period), self.extension(period.code, names)
        if extension:
            return max(deadline, extension.until)
        return deadline

    def days_late(self, period: Period, moment: datetime, names: Collection[str]) -> int:
        """Return how many days after its deadline a moment is: 0 if in time or not owed, else at least 1."""
        deadline = self.deadline_of(period, names)
        if moment <= deadline or self.is_called_off(period.code):
            return 0
        return days_between(deadline, moment)

    def known_until(self, period: Period) -> date:
        """Return the day up to which a figure must have come out for a period's return to give it.

        That is the period's last, or the deadline where a month or longer is due after its end.
        """
        if period.is_week:
            return period.last
        return max(period.last, self.deadline(period).date())

    def asked_until(self, period: Period, indicator: Indicator) -> date:
        """Return the day up to which a figure must have come out for a period's form to ask for it.

        That is the deadline that the form has printed, for what comes out behind it nobody can give in time.
        A figure that is known when its time ends is asked for where the office has returns come in before:
        that of a week by its own form, that of a longer time where returns are due before its end.
        """
        known, issued = self.known_until(period), self.issued_now(period)
        if period.code in self.issued:
            issued = self.issued[period.code]
        is_known_by_then = not indicator.lag_days
        if period.is_week:
            is_known_by_then &= indicator.frequency is Frequency.WEEK
        if issued.asked_until is None or is_known_by_then:
            return known
        return min(known, issued.asked_until)

    def issued_now(self, period: Period) -> IssuedPeriod:
        """Return a period as forms that go out now have it."""
        deadline = self.deadline(period)
        return IssuedPeriod(period, deadline, deadline.date())

    def due(self, now: datetime) -> Period:
        """Return the period that is due at a moment: the first whose returns are owed and not overdue yet."""
        period = rhythms.period_in(self.rhythm, now.astimezone(self.zone).date(), self.anchor)
        earlier = rhythms.before(self.rhythm, period, self.anchor)
        while self.deadline(earlier) >= now:
            period, earlier = earlier, rhythms.before(self.rhythm, earlier, self.anchor)
        while not self._is_owed(period) or self.deadline(period) < now:
            period = rhythms.after(self.rhythm, period, self.anchor)
        return period

    def following(self, period: Period) -> Period:
        """Return the next period that returns are owed for."""
        following = rhythms.after(self.rhythm, period, self.anchor)
        while not self._is_owed(following):
            following = rhythms.after(self.rhythm, following, self.anchor)
        return following

    def _is_owed(self, period: Period) -> bool:
        line = self._line(period.code)
        return line is None or line.owed
