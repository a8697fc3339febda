"""The command `meeting`: lay out the workbook of what meetings agree on, and record what was filled in."""

from datetime import UTC, date, datetime
from pathlib import Path

from tenproj_xl.app.decided_books import MEETING, history_since, record_decided
from tenproj_xl.app.opened_ledger import opened_ledger
from tenproj_xl.app.periods import issued_period, with_issued
from tenproj_xl.app.plans import in_force
from tenproj_xl.app.results import Drawn, Signed
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.files import atomic_write
from tenproj_xl.office.meeting_book import NAME, STANDING, build_meeting_book
from tenproj_xl.office.meeting_pages import write_meeting_book

_WHO = "tenproj meeting"


def draw_meeting(workspace: Workspace, period_code: str | None = None) -> Drawn:
    """Write the workbook with blank rows for what a meeting agrees on, and what became of earlier items.

    One that lies there already is never overwritten.

    Args:
        workspace: The workspace.
        period_code: The period whose last day items are judged on, by default the newest that forms went
            out for.

    Raises:
        UsageProblem: no forms went out for the period, or at all.
    """
    loaded = load(workspace)
    with opened_ledger(workspace, loaded, who=_WHO) as ledger:
        loaded = with_issued(loaded, ledger)
        period = issued_period(period_code, loaded, ledger)
        plans = in_force(loaded, ledger)
        known = plans.known(history_since(date(period.year, 1, 1), loaded, ledger), period)
        plan = plans.plan_at(period)
        book = build_meeting_book(plan, loaded.settings, period, known, ledger.secret, ledger.sequence())
        with ledger.batch("meeting", datetime.now(UTC), loaded.snapshots):
            ledger.record_workbook_rows(book.issued)
    path = workspace.outbox / period.code / NAME / f"{book.stem}.xlsx"
    kept = path.exists()
    if not kept:
        with atomic_write(path) as temporary:
            write_meeting_book(temporary, book)
    return Drawn(path, len(book.rows(STANDING)), kept)


def take_in_meeting(workspace: Workspace, path: Path) -> Signed:
    """Record what a meeting agreed on from a workbook; reading it twice makes no second item."""
    return record_decided(workspace, path, MEETING)
