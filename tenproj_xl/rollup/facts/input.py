"""What a roll-up is made from, and how its rows name where they come from.

Reads: plan, settings, history, receipts. Gives: a `RollupInput`; nothing else goes into the lines of the
sheets.
"""

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from datetime import date, datetime, timedelta
from functools import cached_property

from tenproj_xl.core.answers import Disclosure
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.files import sha256
from tenproj_xl.core.periods import Period
from tenproj_xl.model.calendar import Calendar
from tenproj_xl.model.conflicts import Conflict
from tenproj_xl.model.deliveries import LiaisonLetter
from tenproj_xl.model.evaluate_indicators import due_period
from tenproj_xl.model.forms_sent import FormsSent
from tenproj_xl.model.history import Figure, History, Reported
from tenproj_xl.model.lead_words import CheckedRow
from tenproj_xl.model.lives import RecordedValue
from tenproj_xl.model.objections import NO_REVIEW, ScoreReview
from tenproj_xl.model.plan import Indicator, Plan, TaskForce
from tenproj_xl.model.plan_changes import PlanDifference
from tenproj_xl.model.publications import Publication
from tenproj_xl.model.published import FirstTold, Published
from tenproj_xl.model.questions import Question, QuestionState
from tenproj_xl.model.receipts import Receipt
from tenproj_xl.model.reviews import NamedReview
from tenproj_xl.model.settings import Settings
from tenproj_xl.model.slips import NO_SLIPS, Register
from tenproj_xl.model.units import is_unit, printed_unit, section_of, spoken_code, unit_named, unit_of
from tenproj_xl.rollup.facts.editions import PLAIN, Release
from tenproj_xl.rollup.facts.given_out import NOTHING_SINCE, SinceGivenOut
from tenproj_xl.rollup.facts.reported import DISPUTED


@dataclass(frozen=True, kw_only=True)
class RollupInput:
    """All that a roll-up is computed from.

    `plan_snapshot` says which plan is in force in the period. `known` holds what was accepted up to the
    period, in a wide edition what is known of its span, whenever it came (`History.about`); `receipts` are
    the files that came in for it. `earlier` are the last roll-ups of earlier periods as they were published,
    oldest first; `by_month` has the newest of each month of the programme. `periods` are those of returns
    within a longer period, oldest first, `plans` those in force in them, by code; `newest` is the
    newest of all that forms went out for, where that is not the last of `periods`. `register` has the
    supervision slips that went out until then. `plan_before` is the plan of the roll-up that this one is
    compared with, where it is another, `plan_changes` are what differs from it. `recipients`
    are those to whom forms went out, by period; `conflicts` the cells on which senders
    disagree, decided ones too. `corrects` is the paper that was given out and is corrected by this one,
    `given_out` what that was made from, where it is known.
    `reports` are all accepted rows since the roll-up that this one is compared with, each sender's own.
    `first_told` has who first told the figures that were replaced, by code and data period. `lives` are the
    figures of this and the last year as they were recorded. `adopted` has what the office said of figures
    that had waited for it, by file, code and period of the report. `questions` were asked about what stands
    here; `asked_later` are the files of later periods that brought some of it. `ahead` are hashes of files
    that came with a time ahead of the clock: 0.3.0 and before took it for that of their receipt, but did not
    rank them by it.
    One that `is_only_released` has no figure that waits for its publication, see `rollup.facts.embargo`.
    `letters` are those to liaisons that did not reach an address.
    `score_review` is what was sent to units and said by them of the scores of a month or more. `since` is
    what became of the grounds of the papers of the period that were given out. `to_review` are the figures
    that wait for the office's decision.
    """

    plan: Plan
    settings: Settings
    period: Period
    known: History
    receipts: tuple[Receipt, ...]
    version_line: str
    plan_snapshot: str = ""
    plan_changes: tuple[PlanDifference, ...] = ()
    plan_before: Plan | None = None
    earlier: tuple[Published, ...] = ()
    by_month: tuple[Published, ...] = ()
    periods: tuple[Period, ...] = ()
    plans: Mapping[str, Plan] = field(default_factory=dict)
    newest: Period | None = None
    release: Release = PLAIN
    register: Register = NO_SLIPS
    recipients: Mapping[str, FormsSent] = field(default_factory=dict)
    conflicts: tuple[Conflict, ...] = ()
    corrects: Publication | None = None
    given_out: "RollupInput | None" = None
    reports: tuple[Reported, ...] = ()
    first_told: Mapping[tuple[str, str], FirstTold] = field(default_factory=dict)
    lives: tuple[RecordedValue, ...] = ()
    adopted: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()
    asked_later: tuple[Receipt, ...] = ()
    ahead: frozenset[str] = frozenset()
    checked: tuple[CheckedRow, ...] = ()
    letters: tuple[LiaisonLetter, ...] = ()
    is_only_released: bool = False
    score_review: ScoreReview = NO_REVIEW
    since: SinceGivenOut = NOTHING_SINCE
    to_review: tuple[NamedReview, ...] = ()

    @property
    def day(self) -> date:
        """The day that tasks and issues are judged on: the last of the period, or that reached so far."""
        return min(self.period.last, self.reached)

    @cached_property
    def slips_day(self) -> date:
        """The day on which supervision slips are overdue or not: that of the newest return, in the period.

        A period is judged on its last day, but that may be still to come: no slip is called overdue that may
        be answered in time yet.
        """
        known = (self.newest or self.period).first
        if self._newest_received is not None:
            known = max(known, date.fromisoformat(self.clock(self._newest_received)[:10]))
        return min(self.day, known)

    @property
    def year(self) -> int:
        """The year that it is about; of the week across New Year that which it is counted in."""
        return self.period.year

    @property
    def reached(self) -> date:
        """The last day of the newest period that forms went out for."""
        return self._newest.last

    @property
    def _newest(self) -> Period:
        return self.newest or self.last_period

    @property
    def data_until(self) -> str:
        """Until when data were taken in, in words: when the newest return came that is used here."""
        newest = self._newest_received
        if newest is None:
            return "还没有报来的资料"
        return f"资料截至 {self.clock(newest)[:10]}"

    @property
    def _newest_received(self) -> datetime | None:
        found: list[Reported | Receipt] = [*self.known.rows, *self.receipts]
        return max(map(self._received, found), default=None)

    def _received(self, one: Reported | Receipt) -> datetime:
        if one.sha256 in self.ahead and one.ranked_at is not None:
            return min(one.received_at, one.ranked_at)
        return one.received_at

    @cached_property
    def kept(self) -> dict[str, object]:
        """What was worked out of it once, by a name of its own, for what several sheets ask for."""
        return {}

    @cached_property
    def checked_by_return(self) -> Mapping[tuple[str, str], tuple[CheckedRow, ...]]:
        """The rows that leads check, by task force and period."""
        found: dict[tuple[str, str], list[CheckedRow]] = {}
        for checked in self.checked:
            found.setdefault((checked.row.task_force, checked.row.period.code), []).append(checked)
        return {key: tuple(rows) for key, rows in found.items()}

    @cached_property
    def receipts_by_return(self) -> Mapping[tuple[str, str], tuple[Receipt, ...]]:
        """The files that came, by task force and period, the oldest first; some stand with several."""
        found: dict[tuple[str, str], list[Receipt]] = {}
        for receipt in sorted(self.receipts, key=lambda receipt: receipt.order):
            for task_force in set(receipt.party.task_forces):
                found.setdefault((task_force, receipt.period), []).append(receipt)
        return {key: tuple(receipts) for key, receipts in found.items()}

    @cached_property
    def made_on(self) -> date:
        """The date of the paper: what is published later than this is not published for its readers.

        That is the deadline of the (last) period of returns; of a wide edition also the day on which its
        newest return came, and the last before the newest period that forms went out for. The clock never
        enters, and a paper that is made again later tells no more than it did.
        """
        days = [self.day]
        if self.periods or not self.is_wide:
            days = [self.settings.deadline(self.last_period).date()]
        if self.is_wide and self._newest_received is not None:
            days.append(date.fromisoformat(self.clock(self._newest_received)[:10]))
        if self.is_wide and self.newest is not None:
            days.append(self.newest.first - timedelta(days=1))
        return max(days)

    @property
    def is_called_off(self) -> bool:
        """Whether the (last) period of returns was called off: then no return is due."""
        return self.settings.calendar.is_called_off(self.last_period.code)

    @property
    def told_on(self) -> date:
        """The day after which things are still to come: that of the paper, or the last that it tells of."""
        return max(self.day, self.made_on)

    def is_released(self, indicator: Indicator, period: Period) -> bool:
        """Return whether a figure waits for no publication, or was published by the date of the paper."""
        return self.settings.releases.is_open(indicator, period, self.made_on, self.plan)

    @property
    def is_wide(self) -> bool:
        """Whether it is about the figures of a month, quarter or year."""
        return self.release.edition.is_wide

    @property
    def last_period(self) -> Period:
        """The last period of returns in the period; the period itself where none was owed."""
        if self.periods:
            return self.periods[-1]
        return self.period

    @property
    def _first_period(self) -> Period:
        """The first period of returns in the period, called off or not; the period itself without any."""
        return next(iter(self.periods), self.period)

    @property
    def owed_periods(self) -> tuple[Period, ...]:
        """All periods of returns in the period; of a wide one not those that were called off."""
        if self.is_wide:
            calendar = self.settings.calendar
            return tuple(one for one in self.periods if not calendar.is_called_off(one.code))
        return self.periods or (self.period,)

    @property
    def asked_for_returns(self) -> bool:
        """Whether forms went out in the period: where none did, nobody was silent and nobody is scored."""
        return bool(self.owed_periods)

    def plan_in(self, period: Period) -> Plan:
        """Return the plan that was in force in a period of returns."""
        return self.plans.get(period.code, self.plan)

    @property
    def before(self) -> Published | None:
        """The roll-up that this one is compared with: the last one published of a time before the period."""
        for published in reversed(self.earlier):
            if published.period.precedes(self._first_period):
                return published
        return None

    def is_of_now(self, period: Period) -> bool:
        """Return whether what was returned in a period of returns is of this one, and not of an earlier one.

        A wide edition has later returns, too: what they tell of its span.
        """
        if self.is_wide:
            return self.period.first <= period.counted_on
        return period.code == self.period.code

    @property
    def known_before(self) -> History:
        """What was accepted before the period: what its forms started from."""
        return self.known.before(self._first_period)

    @property
    def title(self) -> str:
        """The title of the workbook."""
        return f"{self.plan.programme.title}{self.release.edition.title}"

    def may_show(self, indicator: Indicator) -> bool:
        """Return whether the readers of this release may see an indicator's figures."""
        return indicator.disclosure is not Disclosure.CLOSED or not self.release.is_public

    def task_force(self, code: str) -> TaskForce:
        """Return the task force of a code; one that has ended, or the plan no longer has, is not involved."""
        for task_force in self.plan.task_forces:
            if task_force.code == code:
                return task_force
        for task_force in self.plan.ended:
            if task_force.code == code:
                return replace(task_force, involved=False)
        return TaskForce(
            code=code,
            name="现行方案中没有的专班",
            involved=False,
            conveners=(),
            lead="",
            responsible=(),
            responsible_note="",
            aim="",
        )

    def doubt(self, row: Reported | None, data_period: str = "") -> str:
        """Return what stands beside a value that is asked about, "" where nothing is, or it was answered.

        A figure is asked about with its data period, anything else with the file that brought it.
        """
        if row is None:
            return ""
        for question in self.questions:
            is_about = question.data_period == data_period and question.row == row.code
            if is_about and (data_period or question.sha256 == row.sha256):
                state = question.state_in(self.last_period)
                if state in (QuestionState.ASKED, QuestionState.SILENT):
                    return f"【{state.label}】"
        return ""

    def units(self, *names: str) -> str:
        """Return units as people read them; a name that the plan no longer has stands as it is."""
        try:
            return self.plan.printed(*names)
        except KeyError:
            return "、".join(map(self._unit, names))

    def _unit(self, name: str) -> str:
        unit = unit_named(name, self.plan) or unit_named(unit_of(name), self.plan)
        if unit is None:
            return spoken_code(name) if is_unit(name) else name
        return printed_unit(unit, self.plan) + section_of(name)

    def clock(self, moment: datetime) -> str:
        """Return a moment in the office's time zone, in words; one without a time zone is taken as local."""
        if moment.tzinfo:
            moment = moment.astimezone(self.settings.zone)
        return f"{moment:%Y-%m-%d %H:%M}"

    def asked_on(self, indicator: Indicator) -> date:
        """Return the day whose published figures the period asks for.

        A period of returns asks for those that its forms asked for; a wide edition for those *of* its span,
        as far as forms could ask for them by now.
        """
        calendar = self.settings.calendar
        if not self.is_wide:
            return calendar.asked_until(self.period, indicator)
        return last_asked_on(indicator, self.period, self._newest, calendar)

    def due(self, indicator: Indicator) -> Period | None:
        """Return the data period whose figure is due, None before the plan's first.

        For those who read only what is published that is the newest published one.
        """
        first_year = self.plan.programme.first_year
        due = due_period(indicator, self.asked_on(indicator), first_year)
        while self.is_only_released and due is not None and not self.is_released(indicator, due):
            last_day_before = due.last + timedelta(days=indicator.lag_days - 1)
            due = due_period(indicator, last_day_before, first_year)
        return due

    def carried_from(self, row: Reported | None) -> str:
        """Return the earlier period that a row was returned in, "" for this one: `第47周`, `2025年第51周`."""
        if row is None or self.is_of_now(row.period):
            return ""
        if row.period.code[:4] == self.period.code[:4]:
            return row.period.paper_name
        return row.period.dated_label

    def source_of(self, figure: Figure | None) -> str:
        """Return where a figure's value was typed; "" without a figure."""
        if figure is None:
            return ""
        return self.source(figure.row, "value")

    def source(self, row: Reported | None, field: str = "") -> str:
        """Return where a row's field was typed: file, sheet, cell and when it came; "" without a row."""
        if row is None:
            return ""
        source = row.source(field)
        where = " › ".join(filter(None, (source.file, source.tab, source.cell)))
        when = self.clock(source.at)
        if source.note:
            when = f"{when}，{source.note}"
        text = f"{where}（{when}）"
        if field in row.disputed:
            text += DISPUTED
        return text

    def sources(self, row: Reported | None, field: str, others: Iterable[Reported] = ()) -> str:
        """Return where a row's field was typed, and the other returns behind the line that shows it.

        Args:
            row: The report that the field is of.
            field: The field.
            others: The reports that the line's other fields may be of.
        """
        said = self.source(row, field)
        if row is None:
            return said
        main = row.source(field)
        seen = {(main.file, main.at)}
        behind = [*row.elsewhere.values(), *(other.source("") for other in (row, *others))]
        for source in behind:
            if source.file and (source.file, source.at) not in seen:
                seen.add((source.file, source.at))
                where = " › ".join(filter(None, (source.file, source.tab)))
                said += f"；其他栏另见{where}（{self.clock(source.at)}）"
        return said


def last_asked_on(indicator: Indicator, span: Period, newest: Period, calendar: Calendar) -> date:
    """Return the last day whose published figures of a span were asked for, where forms go until a period."""
    return min(calendar.asked_until(newest, indicator), span.last + timedelta(days=indicator.lag_days))


def identity_line(data: RollupInput, series: str) -> str:
    """Return what a file of a release says of itself to the program: `tenproj league month 2026-11 a1b2c3d4`.

    The last part is that of `made_from`.
    """
    return f"tenproj {series} {data.release.edition.code} {data.period.code} {made_from(data)}"


def made_from(data: RollupInput) -> str:
    """Return eight digits that tell from which plan and which entries of the ledger a paper was made."""
    return sha256(data.version_line.encode())[:8]


def nothing_reported(plan: Plan, settings: Settings, period: Period) -> RollupInput:
    """Return what a roll-up is made from before anything came: it has all columns and no figures."""
    return RollupInput(
        plan=plan, settings=settings, period=period, known=History(()), receipts=(), version_line=""
    )
