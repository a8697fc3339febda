"""Files that were lawfully removed and come again: they are refused."""

from dataclasses import replace

from tenproj_xl.core.catalogue import Code
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.reading.arrivals import Arrivals, Opened
from tenproj_xl.reading.guard import Refusal


def without_removed(arrivals: Arrivals, ledger: LedgerView) -> Arrivals:
    """Return the files of a run, those that were removed before as refused."""
    removed = {removal.sha256: removal.why for removal in ledger.removals() if removal.sha256}
    if not removed:
        return arrivals

    def refused(one: Opened) -> Opened:
        why = removed.get(one.received.sha256)
        return one if why is None else replace(one, found=Refusal(Code.FILE_REMOVED, why))

    return replace(arrivals, opened=tuple(map(refused, arrivals.opened)))
