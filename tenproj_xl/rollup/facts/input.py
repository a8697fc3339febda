"""What a roll-up is made from, and how its rows name where they come from.

Reads: plan, settings, history, receipts. Gives: a `Given`, the only thing the lines of the sheets are computed from.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from tenproj_xl.core.periods import Period
from tenproj_xl.model.conflicts import Conflict
from tenproj_xl.model.history import History, Receipt, Reported
from tenproj_xl.model.plan import Indicator, Plan, TaskForce
from tenproj_xl.model.published import Published
from tenproj_xl.model.settings import Settings
from tenproj_xl.model.slips import NO_SLIPS, Register
from tenproj_xl.rollup.facts.editions import PLAIN, Release

DISPUTED = "【有分歧】"
"""Stands beside what others report otherwise, until somebody has decided."""


def freshness(carried: str, rows: Iterable[Reported | None]) -> str:
    """How fresh a word is: 本期, 沿用第47期; and whether senders disagree about it."""
    disputed = DISPUTED if any(row and row.disputed for row in rows) else ""
    return (f"沿用{carried}" if carried else "本期") + disputed


@dataclass(frozen=True)
class RollupInput:
    """Everything a roll-up knows. `known` holds what was accepted up to the period, `receipts` what came in for it.

    `earlier` is what the last merges of earlier weeks told their readers, oldest first. `weeks` are those that forms
    went out for within a longer period, oldest first. `register` has the supervision slips that went out until then.
    `recipients` are the codes of those to whom forms went out, by week; `conflicts` the cells on which senders disagree,
    settled ones included.
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
        """The day that tasks and issues are judged on: the period's last, of a running one that of its last week."""
        return min(self.period.last, self.week.last)

    @property
    def week(self) -> Period:
        """The last week of returns in the period."""
        return self.weeks[-1] if self.weeks else self.period

    @property
    def owed_weeks(self) -> tuple[Period, ...]:
        """All weeks of returns in the period."""
        return self.weeks or (self.period,)

    @property
    def before(self) -> Published | None:
        """The roll-up that this one is compared with: the last that was published of before the period."""
        return next((p for p in reversed(self.earlier) if p.period.last < self.period.first), None)

    def is_of_now(self, period: Period) -> bool:
        """True for a week of the period."""
        return self.period.first <= period.last <= self.period.last

    @property
    def title(self) -> str:
        """What the workbook is called."""
        return f"{self.plan.programme.title}{self.release.edition.title}"

    def may_show(self, indicator: Indicator) -> bool:
        """False where the plan keeps an indicator's figures from the readers of this release."""
        return indicator.is_published or not self.release.is_public

    def task_force(self, code: str) -> TaskForce:
        """The task force of a code; one that the plan no longer has is not involved."""
        found = next((t for t in self.plan.task_forces if t.code == code), None)
        return found or TaskForce(code, "现行方案中没有的专班", False, (), "", (), "", "")  # noqa: FBT003  # the plan's order

    def units(self, *names: str) -> str:
        """Units as people read them; a name that the plan no longer has stands as it is."""
        try:
            return self.plan.printed(*names)
        except KeyError:
            return "、".join(names)

    def clock(self, moment: datetime) -> str:
        """A moment in the office's own time."""
        local = moment.astimezone(self.settings.zone) if moment.tzinfo else moment
        return f"{local:%Y-%m-%d %H:%M}"

    def carried_from(self, row: Reported | None) -> str:
        """The earlier period that a row was returned in, "" for this one: `第47期`, `2025年第51期`."""
        if row is None or self.is_of_now(row.period):
            return ""
        return row.period.spoken if row.period.code[:4] == self.period.code[:4] else row.period.name

    def source(self, row: Reported | None, field: str = "") -> str:
        """Where a row's field was typed: file, sheet, cell and when it came."""
        if row is None:
            return ""
        source = row.source(field)
        where = " › ".join(part for part in (source.file, source.tab, source.cell) if part)
        note = f"，{source.note}" if source.note else ""
        return f"{where}（{self.clock(source.at)}{note}）{DISPUTED if field in row.disputed else ''}"
