"""The command `withdraw`: take a received file out again, or back in."""

from datetime import UTC, datetime, tzinfo

from tenproj_xl.app.opened_ledger import opened_ledger
from tenproj_xl.app.results import Withdrawn
from tenproj_xl.app.taken_files import file_called
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.core.findings import Finding, Place, finding
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.conflicts import Cell, ConflictDecision
from tenproj_xl.model.decisions import Withdrawal
from tenproj_xl.office.conflict_book import decided


def withdraw(workspace: Workspace, name: str, why: str, *, undo: bool = False) -> Withdrawn:
    """Take a file out again, or back in: what it said does not count, the earlier word on each row does.

    Args:
        workspace: The workspace.
        name: The file's name, or the beginning of its hash.
        why: The reason, which the ledger keeps.
        undo: Take an earlier withdrawal back.

    Raises:
        UsageProblem: no reason was given, or not exactly one file goes by the name.
    """
    if not why.strip():
        raise UsageProblem("请用 --why 写明撤回的原因。")
    loaded = load(workspace)
    with opened_ledger(workspace, loaded, who="tenproj withdraw") as ledger:
        file = file_called(name, ledger, loaded.settings.zone)
        already = bool(file.withdrawn) is not undo
        before = _decisions_in_force(file.period, ledger)
        if not already:
            clock = datetime.now(UTC)
            withdrawal = Withdrawal(file.sha256, why.strip(), ledger.moment(clock))
            with ledger.batch("withdraw", clock, loaded.snapshots):
                ledger.record_withdrawal(withdrawal, undone=undo)
        after = _decisions_in_force(file.period, ledger)
        named = ledger.rows_named_in(file.sha256)
        by_the_office = ledger.decided_in(file.sha256)
        standing = sum(ledger.is_reported(sheet, code) for sheet, code in named)
    return Withdrawn(
        file=file,
        rows=len(named),
        standing=standing,
        decided=by_the_office,
        lapsed=tuple(decided(before[cell], loaded.plan) for cell in before if cell not in after),
        restored=tuple(decided(after[cell], loaded.plan) for cell in after if cell not in before),
        already=already,
        undone=undo,
        zone=loaded.settings.zone,
    )


def _decisions_in_force(period: str, ledger: LedgerView) -> dict[Cell, ConflictDecision]:
    """Return the decisions that hold on cells of a period on which units disagree."""
    return {c.cell: c.decision for c in ledger.conflicts(period) if c.decision}


def withdrawn_finding(name: str, withdrawal: Withdrawal, zone: tzinfo) -> Finding:
    """Return the finding in a withdrawn file: on which day and why it was withdrawn."""
    day = f"{withdrawal.at.astimezone(zone):%Y年%m月%d日}"
    return finding(Code.FILE_WITHDRAWN, Place(name), withdrawal.why, expected=day)
