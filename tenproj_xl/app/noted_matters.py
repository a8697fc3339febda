"""Note what commands wrote letters about, for the letters that are laid out to be sent."""

from collections.abc import Iterable

from tenproj_xl.ledger.store import Ledger
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.deliveries import NotedMatter


def new_matters(matters: Iterable[NotedMatter], ledger: LedgerView) -> list[NotedMatter]:
    """Return the matters that are new or say something else than before."""
    known: dict[tuple[str, str], str] = {}
    new = []
    for matter in matters:
        if (matter.period, "") not in known:
            known[matter.period, ""] = ""
            known |= {(one.period, one.key): one.version for one in ledger.matters(matter.period)}
        if known.get((matter.period, matter.key)) != matter.version:
            new.append(matter)
    return new


def record_matters(matters: Iterable[NotedMatter], ledger: Ledger) -> None:
    """Record, in the batch at hand, the matters that are new or say something else than before."""
    for matter in new_matters(matters, ledger):
        ledger.record_matter(matter)
