"""The command `resolve`: what only a person can decide between senders is asked in a workbook, and remembered."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tenproj_xl.disputes import Dispute, Settlement, finding_of
from tenproj_xl.findings import Finding
from tenproj_xl.ledger import open_ledger
from tenproj_xl.periods import Period
from tenproj_xl.pipeline import issued_period
from tenproj_xl.settlebook import decided, periods_in, read_settlebook, rulings, write_settlebook
from tenproj_xl.storage import whole_file
from tenproj_xl.workspace import Workspace, load


@dataclass(frozen=True)
class Asked:
    """The open disputes of a period, and the workbook to decide them in; None where there are none."""

    period: Period
    disputes: tuple[Finding, ...]
    written: Path | None


@dataclass(frozen=True)
class Resolved:
    """What a workbook decided, in objects and in words, how many stood already, what is wrong, what is still open."""

    settlements: tuple[Settlement, ...]
    said: tuple[str, ...]
    unchanged: int
    findings: tuple[Finding, ...]
    still_open: int
    periods: tuple[str, ...]


def ask(workspace: Workspace, period_code: str | None = None) -> Asked:
    """The disputes that wait for a decision, with a workbook to decide them in."""
    loaded = load(workspace)
    with open_ledger(workspace.ledger, who="tenproj resolve") as ledger:
        period = issued_period(period_code, loaded, ledger)
        waiting = [d for d in ledger.disputes(period.code) if d.is_open]
    said = tuple(finding_of(d, loaded.plan) for d in waiting)
    if not waiting:
        return Asked(period, said, None)
    path = workspace.outbox / period.code / "分歧裁定" / f"分歧裁定_{period.name}.xlsx"
    with whole_file(path) as temporary:
        write_settlebook(temporary, waiting, period, loaded.plan, loaded.settings.zone)
    return Asked(period, said, path)


def resolve(workspace: Workspace, path: Path) -> Resolved:
    """What the office decided in a workbook, remembered for its period; a row at fault decides nothing.

    Raises:
        UsageProblem: it is another workbook.
    """
    loaded, now = load(workspace), datetime.now(UTC)
    records = read_settlebook(path)
    with open_ledger(workspace.ledger, who="tenproj resolve") as ledger:
        periods = sorted(periods_in(records))
        known: list[Dispute] = [d for period in periods for d in ledger.disputes(period)]
        ruled = rulings(records, known, loaded.plan, now)
        if ruled.settlements:
            with ledger.batch("resolve", now, loaded.snapshots):
                for settlement in ruled.settlements:
                    ledger.record_settlement(settlement)
        still_open = sum(d.is_open for period in periods for d in ledger.disputes(period))
    said = tuple(decided(s, loaded.plan) for s in ruled.settlements)
    return Resolved(ruled.settlements, said, ruled.unchanged, ruled.findings, still_open, tuple(periods))
