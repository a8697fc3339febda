"""The command `status`: who has returned what for a period, and whose form is still out."""

from tenproj_xl.app.matrix import matrix_of
from tenproj_xl.app.periods import issued_period
from tenproj_xl.app.results import Matrix
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.sheets import TASKS
from tenproj_xl.ledger.looking import look_into_ledger


def status(workspace: Workspace, period_code: str | None = None) -> Matrix:
    """Return the return matrix of a period, by default of the newest that forms went out for.

    Raises:
        UsageProblem: no forms were sent out yet.
    """
    loaded = load(workspace)
    with look_into_ledger(workspace.ledger) as ledger:
        period = issued_period(period_code, loaded, ledger)
        receipts, sent = ledger.receipts(period.code), ledger.recipients(period.code)
        known = ledger.history_of(period.first, period.last, sheets=[TASKS.code])  # who reports what is open
        return matrix_of(period, receipts, sent, known, loaded)
