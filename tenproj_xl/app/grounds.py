"""What the returns of a portion are checked against: the plan, what came before, what others have said."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from tenproj_xl.app.known_files import KnownFiles
from tenproj_xl.app.plans import InForce
from tenproj_xl.app.versions import ReportedRows
from tenproj_xl.core.periods import Period
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.history import History, Reported, history
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.settings import Settings
from tenproj_xl.recognition.identify import Return
from tenproj_xl.validation.context import Context


@dataclass(frozen=True, kw_only=True)
class Concerned:
    """What some returns are about: their periods, the issues whose rows they have, the expected period."""

    periods: Collection[str]
    issues: Collection[str]
    expected: Period | None


@dataclass(frozen=True, kw_only=True)
class Grounds:
    """What returns are checked against.

    `known` tells what came before, `reported` are the rows accepted before the run, `standing` the rows in
    force.
    """

    plans: InForce
    known: History
    reported: Sequence[Reported]
    standing: ReportedRows

    def context_of(self, source: Return) -> Context:
        """Return what a return is checked against: the plan is that in force in its period."""
        period = self.settings.span(source.period)
        plan, earlier = self.plan_of(source), self.known_before(period)
        return Context(
            plan=plan,
            settings=self.settings,
            period=period,
            known=earlier,
            recipient=self.plans.recipient(source.recipient, period, earlier),
            reported=self._reported_by_period.get(period.code, ()),
            answered_elsewhere=self.standing.reported(period.code),
        )

    @property
    def settings(self) -> Settings:
        """The settings, which are the same for all periods."""
        return self.plans.loaded.settings

    def plan_of(self, source: Return) -> Plan:
        """Return the plan that is in force in the period of a return."""
        return self.plans.at(self.settings.span(source.period)).plan

    def known_before(self, period: Period) -> History:
        """Return what was accepted for earlier periods, in the words of the plan of a period."""
        if period not in self._known_before:
            self._known_before[period] = self.plans.known(self.known.before(period), period)
        return self._known_before[period]

    @cached_property
    def _known_before(self) -> dict[Period, History]:
        return {}

    @cached_property
    def _reported_by_period(self) -> Mapping[str, Sequence[Reported]]:
        by_period: dict[str, list[Reported]] = {}
        for row in self.reported:
            by_period.setdefault(row.period.code, []).append(row)
        return by_period


def grounds_of(concerned: Concerned, plans: InForce, ledger: LedgerView, before: KnownFiles) -> Grounds:
    """Return what returns are checked against.

    Args:
        concerned: What they are about.
        plans: Plan and settings of each period.
        ledger: What is known.
        before: The files that came before, those of earlier portions of the run among them.
    """
    periods = list(map(plans.loaded.settings.span, sorted(concerned.periods)))
    if concerned.expected:
        periods.append(concerned.expected)
    if not periods:
        return Grounds(plans=plans, known=history(), reported=(), standing=ReportedRows(()))
    first = min(period.first for period in periods)
    last = max(period.last for period in periods)
    known = plans.history_of(ledger, first, last, issues=concerned.issues)
    standing = [row for code in concerned.periods for row in ledger.accepted_rows(code)]
    return Grounds(
        plans=plans,
        known=known,
        reported=[row for row in standing if row.sha256 not in before.of_run(row.period.code)],
        standing=ReportedRows(standing),
    )
