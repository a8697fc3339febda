"""Files that something was accepted from, by the names that people give them."""

from datetime import tzinfo

from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.ledger.view import AcceptedFile, LedgerView
from tenproj_xl.model.receipts import Receipt
from tenproj_xl.model.statuses import Status

_SHORTEST_PREFIX = 6
_LISTED = 10


def file_called(name: str, ledger: LedgerView, zone: tzinfo) -> AcceptedFile:
    """Return the one file of a name, or of the beginning of a hash.

    Raises:
        UsageProblem: Not exactly one file goes by the name.
    """
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
    opinions = [receipt for receipt in ledger.receipts() if receipt.status is Status.LEAD_CHECK]
    if any(_goes_by(receipt, wanted) for receipt in opinions):
        raise UsageProblem(
            f"“{name}”是专班核对稿，不是回表，这个命令不适用。要改意见的，请牵头单位改选后再发来，以新的意见为准。"
        )
    known = f"接收过的有：\n{listed}" if files else "还没有接收过文件。"
    raise UsageProblem(f"没有接收过叫“{name}”的文件，请核对文件名或校验码。{known}")


def _goes_by(receipt: Receipt, name: str) -> bool:
    """Return whether a file goes by a name: its own, with folder or without, or a beginning of its hash."""
    file = receipt.file.casefold()
    is_hash = len(name) >= _SHORTEST_PREFIX and receipt.sha256.startswith(name)
    return is_hash or name in (file, file.rpartition("/")[2])


def _line(file: AcceptedFile, zone: tzinfo) -> str:
    state = "，已撤回" if file.withdrawn else ""
    return f"  {file.sha256[:12]}  {file.received_at.astimezone(zone):%Y-%m-%d %H:%M}  {file.file}{state}"
