"""What the returns of a portion are checked against: the plan, what came before, what others have said."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from tenproj_xl.app.known_files import KnownFiles
from tenproj_xl.app.plans import InForce
from tenproj_xl.app.versions import ReportedRows
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.period_rows import indicator_of_row
from tenproj_xl.core.periods import Period
from tenproj_xl.core.sheets import ISSUES
from tenproj_xl.ledger.rows_waiting import rows_to_correct
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.concerned_rows import ConcernedRows, concerned_rows
from tenproj_xl.model.history import History, Reported, history
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.settings import Settings
from tenproj_xl.recognition.identify import Return
from tenproj_xl.validation.context import Context


@dataclass(frozen=True, kw_only=True)
class Concerned:
    """What some returns are about.

    Attributes:
        forms: Their periods and recipients.
        rows: Sheets and codes of the rows that stand in them.
        expected: The expected period, of which a form may be made anew for each of their senders.
    """

    forms: Collection[tuple[str, str]]
    rows: Collection[tuple[str, str]]
    expected: Period | None

    @property
    def periods(self) -> frozenset[str]:
        """The codes of the periods."""
        return frozenset(period for period, _ in self.forms)

    @property
    def issues(self) -> frozenset[str]:
        """The codes of the issues that stand in them."""
        return frozenset(code for sheet, code in self.rows if sheet == ISSUES.code)

    def all_rows(self, plans: InForce) -> ConcernedRows:
        """Return the rows that they, or forms made anew for their senders, may have."""
        recipients = {recipient for _, recipient in self.forms}
        in_time = plans.plans
        rows = concerned_rows(recipients, map(in_time.at, self.spans(plans)), in_time.heirs, in_time.renamed)
        own = {indicator_of_row(code) for sheet, code in self.rows if sheet != ISSUES.code}
        return replace(rows, codes=rows.codes | own, issues=self.issues)

    def spans(self, plans: InForce) -> list[Period]:
        """Return the periods, the expected one among them, with their days."""
        periods = list(map(plans.loaded.settings.span, sorted(self.periods)))
        if self.expected:
            periods.append(self.expected)
        return periods


@dataclass(frozen=True, kw_only=True)
class Grounds:
    """What returns are checked against.

    Of the rows that they are about `known` tells what came before, `reported` are those accepted before the
    run, `standing` those in force. `to_correct` are sheet and code of the rows with errors that still wait,
    by the period and recipient of their form.
    """

    plans: InForce
    known: History
    reported: Sequence[Reported]
    standing: ReportedRows
    to_correct: Mapping[tuple[str, str], frozenset[tuple[str, str]]]

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
            answered_elsewhere=self.told_of(source),
        )

    @property
    def settings(self) -> Settings:
        """The settings, which are the same for all periods."""
        return self.plans.loaded.settings

    def plan_of(self, source: Return) -> Plan:
        """Return the plan that is in force in the period of a return."""
        return self.plans.plan_at(self.settings.span(source.period))

    def known_before(self, period: Period) -> History:
        """Return what was accepted for earlier periods, in the words of the plan of a period."""
        if period not in self._known_before:
            self._known_before[period] = self.plans.known(self.known.before(period), period)
        return self._known_before[period]

    def told_of(self, source: Return) -> frozenset[tuple[str, str]]:
        """Return sheet and code of the rows that a form need not have: they are in, or to be corrected."""
        told = self.standing.reported(source.period)
        waiting = self.to_correct.get((source.period, source.recipient))
        if waiting:
            told |= waiting
        return told

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
    """Return what returns are checked against, which is read of their rows alone.

    Args:
        concerned: What they are about.
        plans: Plan and settings of each period.
        ledger: What is known.
        before: The files that came before, those of earlier portions of the run among them.
    """
    periods = concerned.spans(plans)
    if not periods:
        return Grounds(plans=plans, known=history(), reported=(), standing=ReportedRows(()), to_correct={})
    first = min(period.first for period in periods)
    last = max(period.last for period in periods)
    rows = concerned.all_rows(plans)
    known = plans.history_of(ledger, first, last, issues=concerned.issues, about=rows)
    standing = ledger.accepted_about(concerned.periods, rows.codes, concerned.issues)
    of_run = before.of_run({row.sha256 for row in standing})
    return Grounds(
        plans=plans,
        known=known,
        reported=[row for row in standing if (row.sha256, row.period.code) not in of_run],
        standing=ReportedRows(standing),
        to_correct={form: rows_to_correct(own) for form, own in before.by_form(concerned.forms).items()},
    )
