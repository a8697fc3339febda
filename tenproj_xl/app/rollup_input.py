"""What a roll-up is made from, out of the ledger: nothing later than its period, nothing from the clock."""

from collections.abc import Iterable, Iterator

from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.core.files import sha256
from tenproj_xl.core.periods import Period
from tenproj_xl.core.sheets import ISSUES
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.conflicts import conflicts
from tenproj_xl.model.history import Receipt, Reported
from tenproj_xl.model.published import Published
from tenproj_xl.model.settings import Loaded
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.issues import SIGNED_OFF
from tenproj_xl.rollup.facts.trends import EARLIER


def gathered(loaded: Loaded, ledger: LedgerView, period: Period) -> RollupInput:
    """Return what the roll-up of a period is made from.

    Raises:
        UsageProblem: no forms went out in the period.
    """
    weeks = () if period.is_week else tuple(_weeks_in(period, loaded, ledger))
    spans = weeks or (period,)
    rows: list[Reported] = []
    receipts: list[Receipt] = []
    recipients: dict[str, list[str]] = {}
    for week in spans:
        rows += ledger.accepted_rows(week.code)
        receipts += ledger.receipts(week.code)
        recipients[week.code] = ledger.recipients(week.code)
    shown = ledger.published_before(spans[-1].last, EARLIER)
    compared = ledger.published_before(period.first, 1)
    earlier = shown
    if compared and compared[0].period not in [published.period for published in shown]:
        earlier = compared + shown
    first = min(period.first, spans[0].first)
    known = ledger.history_of(first, period.last, issues=set(_open_issues(compared)))
    return RollupInput(
        plan=loaded.plan,
        settings=loaded.settings,
        period=period,
        known=known.up_to(period),
        receipts=tuple(receipts),
        version_line=f"计划快照 {sha256(loaded.snapshots.plan.encode())[:8]}，台账序号 {ledger.sequence()}",
        earlier=earlier,
        weeks=weeks,
        register=ledger.register().up_to(period),
        recipients=recipients,
        conflicts=tuple(conflicts(rows, ledger.conflict_decisions())),
    )


def _open_issues(publications: Iterable[Published]) -> Iterator[str]:
    """Yield the codes of the issues that were published as open, whatever was decided since."""
    for published in publications:
        for code, row in published.rows.get(ISSUES.code, {}).items():
            if row.get("state") != SIGNED_OFF:
                yield code


def _weeks_in(period: Period, loaded: Loaded, ledger: LedgerView) -> list[Period]:
    issued = map(loaded.settings.span, ledger.issued_periods())
    weeks = sorted(w for w in issued if period.first <= w.last <= period.last)
    if not weeks:
        raise UsageProblem(f"{period.label}还没有下发过填报表，没有可以汇总的内容。")
    return weeks
