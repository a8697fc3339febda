"""The command `withdraw`: take a received file out again, or back in."""

from datetime import UTC, datetime, tzinfo

from tenproj_xl.app.results import Withdrawn
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.core.findings import Finding, Place, finding
from tenproj_xl.ledger.store import open_ledger
from tenproj_xl.ledger.view import AcceptedFile, LedgerView
from tenproj_xl.model.history import Withdrawal

_SHORTEST_PREFIX = 6


_LISTED = 10


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
    with open_ledger(workspace.ledger, who="tenproj withdraw") as ledger:
        file = _called(name, ledger, loaded.settings.zone)
        already = bool(file.withdrawn) is not undo
        if not already:
            withdrawal = Withdrawal(file.sha256, why.strip(), datetime.now(UTC))
            with ledger.batch("withdraw", datetime.now(UTC), loaded.snapshots):
                ledger.record_withdrawal(withdrawal, undone=undo)
        named, decided = ledger.rows_named_in(file.sha256), ledger.decided_in(file.sha256)
        standing = sum(ledger.is_reported(sheet, code) for sheet, code in named)
    return Withdrawn(
        file=file,
        rows=len(named),
        standing=standing,
        decided=decided,
        already=already,
        undone=undo,
        zone=loaded.settings.zone,
    )


def _called(name: str, ledger: LedgerView, zone: tzinfo) -> AcceptedFile:
    """Return the one file of a name, or of the beginning of a hash."""
    wanted, files = name.strip().casefold(), ledger.accepted_files()
    found = [f for f in files if wanted in (f.file.casefold(), f.file.casefold().rpartition("/")[2])]
    if not found and len(wanted) >= _SHORTEST_PREFIX:
        found = [f for f in files if f.sha256.startswith(wanted)]
    if len(found) == 1:
        return found[0]
    listed = "\n".join(_line(f, zone) for f in (found or files)[-_LISTED:])
    if found:
        raise UsageProblem(
            f"叫“{name}”的文件有{len(found)}份，请改写校验码的前几位，指明是哪一份：\n{listed}"
        )
    known = f"接收过的有：\n{listed}" if files else "还没有接收过文件。"
    raise UsageProblem(f"没有接收过叫“{name}”的文件，请核对文件名或校验码。{known}")


def _line(file: AcceptedFile, zone: tzinfo) -> str:
    state = "，已撤回" if file.withdrawn else ""
    return f"  {file.sha256[:12]}  {file.received_at.astimezone(zone):%Y-%m-%d %H:%M}  {file.file}{state}"


def withdrawn_finding(name: str, withdrawal: Withdrawal, zone: tzinfo) -> Finding:
    """Return the finding in a withdrawn file: on which day and why it was withdrawn."""
    day = f"{withdrawal.at.astimezone(zone):%Y年%m月%d日}"
    return finding(Code.FILE_WITHDRAWN, Place(name), withdrawal.why, expected=day)
