"""Files that were lawfully removed: what is told where somebody asks for one, and where one comes again."""

from dataclasses import replace
from datetime import tzinfo

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


def removed_then(name: str, ledger: LedgerView, zone: tzinfo) -> str:
    """Return when and on what basis the file of a name, or of a hash, was removed; "" where it was not."""
    wanted = name.strip().casefold()
    for removal in ledger.removals():
        own_name = removal.name.casefold().rpartition("/")[2]
        is_hash = len(wanted) >= _SHORTEST_PREFIX and removal.sha256.startswith(wanted)
        if removal.sha256 and (wanted in (removal.name.casefold(), own_name) or is_hash):
            at = removal.at.astimezone(zone)
            return f"“{removal.name}”已在{at:%Y年%m月%d日}按规定清除，依据：{removal.why}。"
    return ""


_SHORTEST_PREFIX = 6
