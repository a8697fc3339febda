"""Which papers that were given out may differ from what the ledger says now.

A paper told what ledger, plan and settings said when it was made. It can differ since only where something
was recorded about its time, or where plan or settings are other ones now; the others need not be made again
to be compared.
"""

from collections.abc import Iterable
from datetime import date

from tenproj_xl.app.plans import in_force, in_force_then
from tenproj_xl.app.releases import ALL_EDITIONS
from tenproj_xl.core.files import sha256
from tenproj_xl.core.periods import Period
from tenproj_xl.ledger.view import Batch, LedgerView
from tenproj_xl.model.evaluate_indicators import due_period
from tenproj_xl.model.publications import Publication
from tenproj_xl.model.settings import Loaded
from tenproj_xl.rollup.facts.input import last_asked_on


def papers_to_compare(papers: Iterable[Publication], loaded: Loaded, ledger: LedgerView) -> list[Publication]:
    """Return the papers that may differ from what they told; the others certainly do not."""
    desk = _Comparison(loaded, ledger)
    return [paper for paper in papers if desk.may_differ(paper)]


class _Comparison:
    """Ledger, plan and settings as they are, against what they were when papers were made."""

    def __init__(self, loaded: Loaded, ledger: LedgerView) -> None:
        self._loaded = loaded
        self._ledger = ledger
        self._entries = ledger.later_entries()
        self._plans = in_force(loaded, ledger).plans
        self._digest_of_plan = sha256(loaded.snapshots.plan.encode())
        self._digest_of_settings = sha256(loaded.snapshots.settings.encode())

    def may_differ(self, paper: Publication) -> bool:
        """Return whether a paper may differ from what it told."""
        number = self._ledger.told_in(paper)
        if number is None:
            return True
        made = self._ledger.batch_numbered(number)
        span = self._loaded.settings.span(paper.period.code)
        if made.settings != self._digest_of_settings or self._entries.are_of_returns(span, number):
            return True
        if self._entries.are_decisions_by(span.last, number):
            return True
        is_wide = ALL_EDITIONS[paper.edition].is_wide
        if self._has_other_plan(span, made, is_wide=is_wide):
            return True
        return is_wide and self._is_told_later(span, number)

    def _has_other_plan(self, span: Period, made: Batch, *, is_wide: bool) -> bool:
        """Return whether the plan of a span is another one, or its rows are worded differently now."""
        then = in_force_then(self._loaded, self._ledger, made)
        until = span.last
        if is_wide:
            until = max(until, self._reached(made.number))
        is_in_turn = then.turns(until) == self._plans.turns(until)
        if not is_in_turn or then.version_at(span) != self._plans.version_at(span):
            return True
        is_as_then = then.versions == self._plans.versions and made.plan == self._digest_of_plan
        return not is_as_then and then.at(span) != self._plans.at(span)

    def _is_told_later(self, span: Period, number: int) -> bool:
        """Return whether later returns tell of a span, or forms have asked for its last figures since."""
        if self._entries.are_of_later_returns_about(span, number):
            return True
        then, now = self._entries.newest_sent(number), self._entries.newest_sent()
        if then is None or now is None:
            return then != now
        if then.last < span.last and then.last != now.last:
            return True
        return self._asked(span, then) != self._asked(span, now)

    def _reached(self, until: int) -> date:
        newest = self._entries.newest_sent(until)
        return newest.last if newest else date.min

    def _asked(self, span: Period, newest: Period) -> list[Period | None]:
        """Return the data period of each indicator whose figure forms could ask for until a period."""
        plan, calendar = self._plans.at(span), self._loaded.settings.calendar
        first_year = plan.programme.first_year
        due = []
        for indicator in plan.indicators:
            asked_on = last_asked_on(indicator, span, newest, calendar)
            due.append(due_period(indicator, asked_on, first_year))
        return due
