"""The command `signoff`: ask the office in a workbook what becomes of issues, and record what it decided."""

from datetime import UTC, datetime
from pathlib import Path

from tenproj_xl.app.decided_books import SIGNOFF, history_since, record_decided, supervised_in
from tenproj_xl.app.opened_ledger import opened_ledger
from tenproj_xl.app.periods import issued_period, with_issued
from tenproj_xl.app.plans import in_force
from tenproj_xl.app.results import Drawn, Signed
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.files import atomic_write
from tenproj_xl.core.periods import Period
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.settings import Loaded
from tenproj_xl.office.signoff import APPLICATIONS, LISTED_FOR, SignoffBook, build_signoff_book
from tenproj_xl.office.signoff_book import write_signoff_book


def draw_signoff(workspace: Workspace, period_code: str | None = None) -> Drawn:
    """Write the workbook in which the office decides; one that lies there already is never overwritten.

    Args:
        workspace: The workspace.
        period_code: The period whose last day issues are judged on, by default the newest that forms went
            out for.

    Raises:
        UsageProblem: no forms went out for the period, or at all.
    """
    loaded = load(workspace)
    with opened_ledger(workspace, loaded, who="tenproj signoff") as ledger:
        loaded = with_issued(loaded, ledger)
        period = issued_period(period_code, loaded, ledger)
        book = _book(period, loaded, ledger)
        with ledger.batch("signoff", datetime.now(UTC), loaded.snapshots):
            ledger.record_workbook_rows(book.issued)
    path = workspace.outbox / period.code / "销号审定" / f"{book.stem}.xlsx"
    kept = path.exists()
    if not kept:
        with atomic_write(path) as temporary:
            write_signoff_book(temporary, book)
    return Drawn(path, len(book.rows(APPLICATIONS)), kept)


def applications_waiting(period: Period, loaded: Loaded, ledger: LedgerView) -> int:
    """Return how many applications wait for the office on the last day of a period."""
    return len(_book(period, loaded, ledger).rows(APPLICATIONS))


def _book(period: Period, loaded: Loaded, ledger: LedgerView) -> SignoffBook:
    plans = in_force(loaded, ledger)
    known = plans.known(history_since(period.last - LISTED_FOR, loaded, ledger), period)
    supervised = supervised_in(period, loaded, ledger)
    return build_signoff_book(supervised, loaded.settings, known, ledger.secret, ledger.sequence())


def sign_off(workspace: Workspace, path: Path) -> Signed:
    """Record what the office decided in a workbook; reading it twice changes nothing."""
    return record_decided(workspace, path, SIGNOFF)
