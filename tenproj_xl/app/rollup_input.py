"""What a roll-up is made from, out of the ledger: nothing later than its period, nothing from the clock."""

from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.core.files import sha256
from tenproj_xl.core.periods import Period
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.conflicts import conflicts
from tenproj_xl.model.history import Receipt
from tenproj_xl.model.settings import Loaded
from tenproj_xl.rollup.facts.input import RollupInput

_SHOWN_BEFORE = 60
"""More than a year of earlier roll-ups, so that a year can be compared with the one before."""


def gathered(loaded: Loaded, ledger: LedgerView, period: Period) -> RollupInput:
    """Return what the roll-up of a period is made from.

    Raises:
        UsageProblem: no forms went out in the period.
    """
    weeks = () if period.is_week else tuple(_weeks_in(period, loaded, ledger))
    spans = weeks or (period,)
    rows = ledger.accepted_rows()
    receipts: list[Receipt] = []
    recipients: dict[str, list[str]] = {}
    for week in spans:
        receipts += ledger.receipts(week.code)
        recipients[week.code] = ledger.recipients(week.code)
    rows_of_period = [row for row in rows if row.period.code in recipients]
    return RollupInput(
        plan=loaded.plan,
        settings=loaded.settings,
        period=period,
        known=ledger.history(rows).up_to(period),
        receipts=tuple(receipts),
        version_line=f"计划快照 {sha256(loaded.snapshots.plan.encode())[:8]}，台账序号 {ledger.sequence()}",
        earlier=ledger.published_before(spans[-1], _SHOWN_BEFORE),
        weeks=weeks,
        register=ledger.register().up_to(period),
        recipients=recipients,
        conflicts=tuple(conflicts(rows_of_period, ledger.conflict_decisions())),
    )


def _weeks_in(period: Period, loaded: Loaded, ledger: LedgerView) -> list[Period]:
    issued = map(loaded.settings.span, ledger.issued_periods())
    weeks = sorted(w for w in issued if period.first <= w.last <= period.last)
    if not weeks:
        raise UsageProblem(f"{period.label}还没有下发过填报表，没有可以汇总的内容。")
    return weeks
