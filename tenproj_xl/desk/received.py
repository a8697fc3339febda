"""What was received, and which units there are, to choose from by name."""

from collections.abc import Iterator
from datetime import tzinfo
from enum import Enum
from itertools import islice

from tenproj_xl.app.periods import with_issued
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.desk.choices import Offer
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.receipts import Receipt
from tenproj_xl.model.settings import Settings
from tenproj_xl.model.statuses import Status

_MOST = 60
_PREFIX = 12
"""As many characters of a hash as name a file."""


class ReceivedKind(Enum):
    """Which received files can be chosen, newest first."""

    AWAITING = "awaiting"
    """Those that wait for the office's word on who sent them."""
    COUNTED = "counted"
    """Those that count, and those that wait."""
    RETURNS = "returns"
    """Returns that count, those of units that sent several first."""
    WITHDRAWN = "withdrawn"
    ALL = "all"


def received_offers(workspace: Workspace, which: ReceivedKind) -> list[Offer]:
    """Return the received files of a kind, each by the beginning of its hash.

    Raises:
        EnvironmentProblem: A workbook of the office or the ledger cannot be used.
    """
    loaded = load(workspace)
    with look_into_ledger(workspace.ledger) as ledger:
        settings = with_issued(loaded, ledger).settings
        return list(islice(_offers(ledger, settings, which), _MOST))


def _offers(ledger: LedgerView, settings: Settings, which: ReceivedKind) -> Iterator[Offer]:
    if which is ReceivedKind.ALL:
        seen = set()
        for sha256, name, at in reversed(ledger.received_files()):
            if sha256 not in seen:
                seen.add(sha256)
                yield Offer(sha256[:_PREFIX], f"{name}　{at.astimezone(settings.zone):%Y-%m-%d %H:%M}收到")
        return
    states = {receipt.sha256: receipt for receipt in ledger.receipts()}
    chosen = [receipt for receipt in states.values() if is_of(receipt, which)]
    chosen.sort(key=lambda receipt: receipt.order, reverse=True)
    if which is ReceivedKind.RETURNS:
        counts: dict[tuple[str, str], int] = {}
        for receipt in chosen:
            owner = receipt.period, receipt.party.unit
            counts[owner] = counts.get(owner, 0) + 1
        chosen.sort(key=lambda receipt: counts[receipt.period, receipt.party.unit] == 1)
    for receipt in chosen:
        yield Offer(receipt.sha256[:_PREFIX], _told(receipt, settings, settings.zone))


def is_of(receipt: Receipt, which: ReceivedKind) -> bool:
    """Return whether a received file is of a kind."""
    if which is ReceivedKind.WITHDRAWN:
        return receipt.withdrawn is not None
    if receipt.withdrawn is not None:
        return False
    if which is ReceivedKind.AWAITING:
        return receipt.status is Status.AWAITING
    is_other = receipt.status in (Status.AWAITING, Status.SLIP_REPLY)
    return receipt.status.is_return or (which is ReceivedKind.COUNTED and is_other)


def _told(receipt: Receipt, settings: Settings, zone: tzinfo) -> str:
    """Return how people tell a file: its name, unit and period, when it came, and what became of it."""
    period = settings.span(receipt.period).spoken if receipt.period else ""
    came = f"{receipt.received_at.astimezone(zone):%Y-%m-%d %H:%M}收到"
    state = receipt.status.label
    if receipt.withdrawn is not None:
        state = f"已撤回：{receipt.withdrawn.why}"
    return "　".join(filter(None, (receipt.file, receipt.party.unit, period, came, state)))


def units(workspace: Workspace) -> list[Offer]:
    """Return the units of the plan by the names that it has them under."""
    return [Offer(unit.name, unit.printed) for unit in load(workspace).plan.units]
