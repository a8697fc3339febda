"""The command `resolve`: ask the office in a workbook to decide conflicts, and record what it decided."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from tenproj_xl.app.opened_ledger import opened_ledger
from tenproj_xl.app.outputs import Outputs
from tenproj_xl.app.periods import issued_period, with_issued
from tenproj_xl.app.results import Asked, Resolved
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.conflicts import Conflict, finding_of
from tenproj_xl.office.conflict_book import (
    decided,
    decisions_in,
    periods_in,
    read_conflict_book,
    write_conflict_book,
)


def ask(workspace: Workspace, period_code: str | None = None) -> Asked:
    """Write a workbook to decide the open conflicts in."""
    loaded = load(workspace)
    with opened_ledger(workspace, loaded, who="tenproj resolve") as ledger:
        loaded = with_issued(loaded, ledger)
        period = issued_period(period_code, loaded, ledger)
        waiting = [d for d in ledger.conflicts(period.code) if d.is_open]
        said = tuple(finding_of(d, loaded.plan) for d in waiting)
        if not waiting:
            return Asked(period, said, None)
        path = workspace.outbox / period.code / "分歧裁定" / f"分歧裁定_{period.name}.xlsx"
        outputs = Outputs(workspace, loaded, ledger)
        with outputs.write(path) as temporary:
            write_conflict_book(temporary, waiting, period, loaded.plan, loaded.settings.zone)
        outputs.record_alone("resolve")
    return Asked(period, said, path)


def resolve(workspace: Workspace, path: Path) -> Resolved:
    """Record what the office decided in a workbook; a row at fault decides nothing.

    Raises:
        UsageProblem: it is another workbook.
    """
    loaded, now = load(workspace), datetime.now(UTC)
    records = read_conflict_book(path)
    with opened_ledger(workspace, loaded, who="tenproj resolve") as ledger:
        periods = sorted(periods_in(records))
        known = _conflicts(periods, ledger)
        ruled = decisions_in(records, known, loaded.plan, now)
        if ruled.decisions:
            with ledger.batch("resolve", now, loaded.snapshots):
                for decision in ruled.decisions:
                    ledger.record_conflict_decision(decision)
        still_open = [conflict for conflict in _conflicts(periods, ledger) if conflict.is_open]
    said = tuple(decided(s, loaded.plan) for s in ruled.decisions)
    return Resolved(
        decisions=ruled.decisions,
        said=said,
        unchanged=ruled.unchanged,
        findings=ruled.findings,
        still_open=len(still_open),
        periods=tuple(periods),
    )


def _conflicts(periods: Iterable[str], ledger: LedgerView) -> list[Conflict]:
    """Return the conflicts of some periods."""
    conflicts: list[Conflict] = []
    for period in periods:
        conflicts += ledger.conflicts(period)
    return conflicts
