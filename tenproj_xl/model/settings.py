"""Settings of a workspace, read from 设置.xlsx: thresholds, limits, calendar of returns, policy."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.limits import Limits
from tenproj_xl.core.periods import Period
from tenproj_xl.core.policy import Policy
from tenproj_xl.model.address_book import NO_ADDRESSES, AddressBook
from tenproj_xl.model.calendar import Calendar, IssuedPeriod
from tenproj_xl.model.data_releases import DataReleases
from tenproj_xl.model.folders import FolderLine
from tenproj_xl.model.issued import Snapshots
from tenproj_xl.model.letter_texts import DEFAULT_TEXTS, LetterTexts
from tenproj_xl.model.mail_settings import MailSettings
from tenproj_xl.model.passwords import NO_PASSWORDS, Passwords
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.rankings import Rankings


class Weights(NamedTuple):
    """Weights of the parts of the league table (晾晒); they need not add up to 100."""

    indicators: float
    tasks: float
    issues: float
    returns: float


class BriefReaders(NamedTuple):
    """Whom a brief is for, as its end says: 报, 送 and 发."""

    report: str
    send: str
    issue: str


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings.

    A task force of which fewer than `least_evaluable` items can be judged is not ranked;
    units can object to a score for `objection_days` working days.
    `shared_group` is the group of users that shares the ledger, "" for none.
    `channel` is by what forms are sent back, in words: 邮件附件. `letter_figures` where figures may stand in
    letters. `lead_first` where what units report in
    forms of their own counts only once their lead unit has agreed. `slow`, `slow_level` and `about` are
    fractions (0.05 for five percentage points), `slow_rate` is in points of the value. `folders` are those
    that returns are taken from besides the inbox, and the inbox itself where it is among the lines.
    """

    calendar: Calendar
    channel: str
    slow: float
    slow_level: float
    slow_rate: float
    about: float
    soon_days: int
    reply_days: int
    historic_days: int
    weights: Weights
    least_evaluable: int
    objection_days: int
    jump: float
    questions: int
    letter_figures: bool
    limits: Limits
    whole_files: bool
    lead_first: bool
    shared_group: str
    policy: Policy
    releases: DataReleases
    rankings: Rankings
    folders: tuple[FolderLine, ...]
    brief_readers: BriefReaders
    mail: MailSettings

    @property
    def zone(self) -> ZoneInfo:
        """The office's time zone."""
        return self.calendar.zone

    def period(self, code: str) -> Period:
        """Return the reporting period of a code; raise UsageProblem where there is none."""
        return self.calendar.period(code)

    def span(self, code: str) -> Period:
        """Return a reporting period with its days, whether returns are still owed for it or not."""
        return self.calendar.span(code)

    def deadline(self, period: Period) -> datetime:
        """Return the time by which returns of a period are due."""
        return self.calendar.deadline(period)


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """The plan and settings of a workspace, their snapshots for the ledger, and what it keeps beside it.

    That are the passwords that it knows, its address book, whose 联络员 are among the people of the plan, and
    the texts of its letters. `stored_plan` is the plan as it is read from its snapshot, None where it was not
    read yet.
    """

    plan: Plan
    settings: Settings
    snapshots: Snapshots
    passwords: Passwords = NO_PASSWORDS
    addresses: AddressBook = NO_ADDRESSES
    letters: LetterTexts = DEFAULT_TEXTS
    stored_plan: Plan | None = None

    def with_issued(self, periods: Mapping[str, IssuedPeriod]) -> "Loaded":
        """Return the same, with the days of the periods that forms went out for, as the ledger keeps them."""
        calendar = replace(self.settings.calendar, issued=periods)
        return replace(self, settings=replace(self.settings, calendar=calendar))

    def issuing(self, period: Period) -> "Loaded":
        """Return the same for the time in which the forms of a period are made, or made anew."""
        calendar = self.settings.calendar
        return self.with_issued({**calendar.issued, period.code: calendar.issued_now(period)})
