"""The rows that lead units are asked to look at; apart, for commands that only look write no workbook."""

from collections.abc import Iterator
from itertools import chain

from tenproj_xl.app.plans import InForce
from tenproj_xl.core.periods import Period
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.lead_words import CheckedRow, rows_to_check
from tenproj_xl.model.units import is_unit

_FORCES_AT_ONCE = 20


def checked_rows(ledger: LedgerView, plans: InForce, period: Period) -> list[CheckedRow]:
    """Return the rows of a period that lead units are asked to look at, with what they said of them."""
    return list(chain(*checked_in_parts(ledger, plans, period)))


def checked_in_parts(ledger: LedgerView, plans: InForce, period: Period) -> Iterator[list[CheckedRow]]:
    """Yield them in their order, those of some task forces at a time."""
    if not any(map(is_unit, ledger.recipients(period.code))):
        return
    receipts, words = ledger.receipts(period.code), ledger.lead_words(period.code)
    forces = ledger.forces_reported(period.code)
    for first in range(0, len(forces), _FORCES_AT_ONCE):
        part = forces[first : first + _FORCES_AT_ONCE]
        same_rows = ledger.forces_about_rows_of(period.code, part)
        rows = ledger.accepted_rows(period.code, kept_out=True, forces=same_rows)
        found = rows_to_check(rows, receipts, words, plans.plan_at(period))
        yield [checked for checked in found if checked.row.task_force in part]
