"""Which figures that a paper of one week printed have others in their place since.

Such a paper is made of the returns until its week, and tells the same however often it is made again. A
figure in it may have been restated by a later return all the same: 数据修订和更正 of that week lists it.
"""

from functools import cached_property

from tenproj_xl.app.plans import InForce
from tenproj_xl.app.releases import ALL_EDITIONS, audience_of
from tenproj_xl.core.cells import Value
from tenproj_xl.core.periods import Period, read_period
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.history import History
from tenproj_xl.model.publications import Publication
from tenproj_xl.rollup.facts.editions import Audience
from tenproj_xl.rollup.facts.publishing import read_by_all

_SHEET = "indicators"


class RestatedFigures:
    """Compares what papers printed with the figures that count after the newest returns."""

    def __init__(self, plans: InForce, ledger: LedgerView) -> None:
        self._plans, self._ledger = plans, ledger

    def in_paper(self, paper: Publication) -> frozenset[str]:
        """Return the codes of the indicators whose printed figure another one has replaced since.

        There are none of a paper that is about all that came in about its time, however late.
        """
        if ALL_EDITIONS[paper.edition].is_wide or self._newest is None:
            return frozenset()
        is_public = audience_of(paper.series) is Audience.PUBLIC
        restated = set()
        for code, row in paper.told.rows.get(_SHEET, {}).items():
            told = read_by_all(row) if is_public else row
            if self._is_replaced(code, paper.period, told.get("data_period"), told.get("value")):
                restated.add(code)
        return frozenset(restated)

    def _is_replaced(self, code: str, then: Period, data_period: Value, value: Value) -> bool:
        about = read_period(str(data_period or ""))
        code_now = self._newest and self._plans.plans.code_then(code, then, self._newest)
        if about is None or value is None or not code_now:
            return False
        figures = self._known.figures(code_now)
        standing = [figure for figure in figures if figure.period.counted_on == about.counted_on]
        return bool(standing) and standing[-1].value != value

    @cached_property
    def _newest(self) -> Period | None:
        """The newest period of which forms went out."""
        issued = [one.period for one in self._plans.loaded.settings.calendar.issued.values()]
        return max(issued, key=lambda period: period.last, default=None)

    @cached_property
    def _known(self) -> History:
        if self._newest is None:
            return History((), ())
        first, last = self._newest.first, self._newest.last
        known = self._plans.history_of(self._ledger, first, last, sheets=(_SHEET,))
        return self._plans.known(known, self._newest)
