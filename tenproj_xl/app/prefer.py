"""The command `prefer`: let a return count instead of others of its unit, whatever their order."""

from datetime import UTC, datetime, timedelta

from tenproj_xl.app.opened_ledger import opened_ledger
from tenproj_xl.app.periods import with_issued
from tenproj_xl.app.plans import in_force
from tenproj_xl.app.ranking import versions_before
from tenproj_xl.app.results import Preferred
from tenproj_xl.app.taken_files import file_called
from tenproj_xl.app.versions import ReportedRows, differences
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.ledger.view import AcceptedFile, LedgerView
from tenproj_xl.model.plan import Programme

_STEP = timedelta(seconds=1)


def prefer(workspace: Workspace, name: str, why: str = "") -> Preferred:
    """Let a return count as the newest of its unit for its period; rows that it leaves blank stay.

    One that is the newest anyway is confirmed, so that it is no longer in doubt.

    Args:
        workspace: The workspace.
        name: The file's name, or the beginning of its hash.
        why: The reason, which the ledger keeps.

    Raises:
        UsageProblem: Not exactly one file goes by the name, or it is no return that counts.
    """
    loaded = load(workspace)
    with opened_ledger(workspace, loaded, who="tenproj prefer") as ledger:
        loaded = with_issued(loaded, ledger)
        file = file_called(name, ledger, loaded.settings.zone)
        if file.withdrawn:
            raise UsageProblem(f"“{file.file}”已撤回。要以它为准，请先用 tenproj withdraw --undo 取消撤回。")
        if not file.period:
            raise UsageProblem(f"“{file.file}”不是回表，没有先后之分。")
        versions = []
        for version in versions_before(ledger.receipts(file.period)):
            if version.unit == file.party.unit:
                versions.append(version)
        is_newest = versions[-1].sha256 == file.sha256
        ranked_at = versions[-1].ranked_at if is_newest else versions[-1].ranked_at + _STEP
        programme = in_force(loaded, ledger).plan_at(loaded.settings.span(file.period)).programme
        changes = () if is_newest else _changes(file, ledger, programme)
        if file.sha256 not in ledger.preferred() or not is_newest:
            with ledger.batch("prefer", datetime.now(UTC), loaded.snapshots):
                ledger.record_preference(file.sha256, file.period, ranked_at, why.strip())
    return Preferred(file=file, changes=changes, already=is_newest)


def _changes(file: AcceptedFile, ledger: LedgerView, programme: Programme) -> tuple[str, ...]:
    """Return the cells in which a file differs from what counts without it."""
    rows = ledger.accepted_rows(file.period)
    standing = ReportedRows(row for row in rows if row.sha256 != file.sha256)
    told: list[str] = []
    for row in rows:
        if row.sha256 == file.sha256:
            before = standing.of_unit((row.period.code, row.sheet, row.code), row.unit)
            if before:
                told += differences(row, before, programme)
    return tuple(told)
