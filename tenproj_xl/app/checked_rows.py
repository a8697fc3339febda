"""The rows that lead units are asked to look at; apart, for commands that only look write no workbook."""

from tenproj_xl.app.plans import InForce
from tenproj_xl.core.periods import Period
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.lead_words import CheckedRow, rows_to_check
from tenproj_xl.model.units import is_unit


def checked_rows(ledger: LedgerView, plans: InForce, period: Period) -> list[CheckedRow]:
    """Return the rows of a period that lead units are asked to look at, with what they said of them."""
    if not any(map(is_unit, ledger.recipients(period.code))):
        return []
    return rows_to_check(
        ledger.accepted_rows(period.code, kept_out=True),
        ledger.receipts(period.code),
        ledger.lead_words(period.code),
        plans.at(period).plan,
    )
