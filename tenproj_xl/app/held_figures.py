"""Which figures of returns wait for the office: they contradict what was given out, and its judgement."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property, partial

from tenproj_xl.app.plans import InForce
from tenproj_xl.core.period_rows import indicator_of_row
from tenproj_xl.core.periods import Period
from tenproj_xl.ledger.store import Ledger
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.evaluate_indicators import yardstick
from tenproj_xl.model.history import History, Reported, figure_in
from tenproj_xl.model.reviews import Review, ReviewVerdict, is_questioned


class HeldFigures:
    """Tells of a row whether its figure waits; `known` is what was accepted before it."""

    def __init__(self, known: History, plans: InForce, ledger: LedgerView) -> None:
        self._known, self._plans, self._ledger = known, plans, ledger
        self._by_period: dict[Period, History] = {}

    def of(self, row: Reported) -> Review | None:
        """Return the figure of a row if it does not count: it waits, or the office has refused it before."""
        one = self._waiting(row)
        if one and any(self._is_same(one, row.period, refused) for refused in self._refused):
            return replace(one, verdict=ReviewVerdict.REFUSED, why="同一个数此前已决定不采用")
        return one

    def _waiting(self, row: Reported) -> Review | None:
        if row.sheet != "indicators":
            return None
        figure = figure_in(row)
        indicator = self._plans.plan_at(row.period).indicator(row.code)
        if figure is None or indicator is None:
            return None
        figures = self._known_in(row.period).figures(indicator.code)
        standing = [f for f in figures if f.period.last == figure.period.last]
        if not standing or not is_questioned(standing[-1], figure) or not figure.replaces(standing[-1]):
            return None
        code_then = partial(self._plans.plans.code_then, indicator.code, row.period)
        told = self._ledger.told_state(code_then, standing[-1].period.code)
        if told is None:
            return None
        settings = self._plans.loaded.settings
        state = yardstick(indicator, figure.period, settings).state(figure.value, figure.nature)
        if state is told.state:
            return None
        return Review(
            sha256=row.sha256,
            code=row.code,
            period=row.period.code,
            data_period=figure.period.code,
            was=standing[-1].value,
            value=figure.value,
            told=told.state,
            state=state,
            paper=told.paper,
        )

    def _known_in(self, period: Period) -> History:
        """Return what is known in the words of the plan of a period: rows may have had other codes."""
        if period not in self._by_period:
            self._by_period[period] = self._plans.known(self._known, period)
        return self._by_period[period]

    @cached_property
    def _refused(self) -> Sequence[Review]:
        return [one for one in self._ledger.reviews() if one.verdict is ReviewVerdict.REFUSED]

    def _is_same(self, one: Review, period: Period, refused: Review) -> bool:
        """Return whether a figure is one that was refused, whatever code its row had then."""
        if (one.data_period, one.value) != (refused.data_period, refused.value):
            return False
        then = self._plans.loaded.settings.span(refused.period)
        code = self._plans.plans.code_then(indicator_of_row(refused.code), then, period)
        return code == indicator_of_row(one.code)


def hold_back(files: Iterable[str], known: History, plans: InForce, ledger: Ledger) -> None:
    """Record which figures of files wait, within the batch that recorded the files.

    Args:
        files: The hashes of the files.
        known: What was accepted before them.
        plans: The plan and the settings in force.
        ledger: The open ledger.
    """
    held = HeldFigures(known, plans, ledger)
    waiting = []
    for row in ledger.accepted_from(list(files)):
        if one := held.of(row):
            waiting.append(one)
    for one in sorted(waiting, key=lambda one: one.period):
        ledger.record_review(one)
