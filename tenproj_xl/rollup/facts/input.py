"""What a roll-up is made from, and how its rows name where they come from.

Reads: plan, settings, history, receipts. Gives: a `RollupInput`; nothing else goes into the lines of the
sheets.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from tenproj_xl.core.periods import Period
from tenproj_xl.model.conflicts import Conflict
from tenproj_xl.model.history import Figure, History, Receipt, Reported
from tenproj_xl.model.plan import Indicator, Plan, TaskForce
from tenproj_xl.model.published import Published
from tenproj_xl.model.settings import Settings
from tenproj_xl.model.slips import NO_SLIPS, Register
from tenproj_xl.model.units import printed_unit, unit_named
from tenproj_xl.rollup.facts.editions import PLAIN, Release
from tenproj_xl.rollup.facts.reported import DISPUTED


@dataclass(frozen=True, kw_only=True)
class RollupInput:
    """All that a roll-up is computed from.

    `known` holds what was accepted up to the period, `receipts` the files that came in for it. `earlier` are
    the last roll-ups of earlier weeks as they were published, oldest first. `weeks` are those that forms went
    out for within a longer period, oldest first. `register` has the supervision slips that went out until
    then. `recipients` are the codes of those to whom forms went out, by week; `conflicts` the cells on which
    senders disagree, decided ones too.
    """

    plan: Plan
    settings: Settings
    period: Period
    known: History
    receipts: tuple[Receipt, ...]
    version_line: str
    earlier: tuple[Published, ...] = ()
    weeks: tuple[Period, ...] = ()
    release: Release = PLAIN
    register: Register = NO_SLIPS
    recipients: Mapping[str, Sequence[str]] = field(default_factory=dict)
    conflicts: tuple[Conflict, ...] = ()

    @property
    def day(self) -> date:
        """The day that tasks and issues are judged on: the last of the period, or of its last week so far."""
        return min(self.period.last, self.week.last)

    @property
    def week(self) -> Period:
        """The last week of returns in the period."""
        return self.owed_weeks[-1]

    @property
    def owed_weeks(self) -> tuple[Period, ...]:
        """All weeks of returns in the period."""
        return self.weeks or (self.period,)

    @property
    def before(self) -> Published | None:
        """The roll-up that this one is compared with: the last one published of a time before the period."""
        for published in reversed(self.earlier):
            if published.period.last < self.period.first:
                return published
        return None

    def is_of_now(self, period: Period) -> bool:
        """Return whether a week belongs to the period."""
        return self.period.first <= period.last <= self.period.last

    @property
    def title(self) -> str:
        """The title of the workbook."""
        return f"{self.plan.programme.title}{self.release.edition.title}"

    def may_show(self, indicator: Indicator) -> bool:
        """Return whether the readers of this release may see an indicator's figures."""
        return indicator.is_published or not self.release.is_public

    def task_force(self, code: str) -> TaskForce:
        """Return the task force of a code; one that the plan no longer has is not involved."""
        for task_force in self.plan.task_forces:
            if task_force.code == code:
                return task_force
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

    def units(self, *names: str) -> str:
        """Return units as people read them; a name that the plan no longer has stands as it is."""
        try:
            return self.plan.printed(*names)
        except KeyError:
            return "、".join(map(self._unit, names))

    def _unit(self, name: str) -> str:
        code = unit_named(name, self.plan)
        if code is None:
            return name
        return printed_unit(code, self.plan)

    def clock(self, moment: datetime) -> str:
        """Return a moment in the office's time zone, in words; one without a time zone is taken as local."""
        if moment.tzinfo:
            moment = moment.astimezone(self.settings.zone)
        return f"{moment:%Y-%m-%d %H:%M}"

    def carried_from(self, row: Reported | None) -> str:
        """Return the earlier period that a row was returned in, "" for this one: `第47周`, `2025年第51周`."""
        if row is None or self.is_of_now(row.period):
            return ""
        if row.period.code[:4] == self.period.code[:4]:
            return row.period.paper_week
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


def nothing_reported(plan: Plan, settings: Settings, period: Period) -> RollupInput:
    """Return what a roll-up is made from before anything came: it has all columns and no figures."""
    return RollupInput(
        plan=plan, settings=settings, period=period, known=History(()), receipts=(), version_line=""
    )
