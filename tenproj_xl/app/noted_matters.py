"""Note what commands wrote letters about, for the letters that are laid out to be sent."""

from collections.abc import Collection, Iterable

from tenproj_xl.ledger.store import Ledger
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.deliveries import NotedMatter


def new_matters(matters: Collection[NotedMatter], ledger: LedgerView) -> list[NotedMatter]:
    """Return the matters that are new or say something else than before."""
    units: dict[str, set[str]] = {}
    for matter in matters:
        units.setdefault(matter.period, set()).add(matter.unit)
    known: dict[tuple[str, str, str], str] = {}
    for period, own in units.items():
        known |= {(one.period, one.unit, one.key): one.version for one in ledger.matters(period, own)}
    return [one for one in matters if known.get((one.period, one.unit, one.key)) != one.version]


def record_matters(matters: Iterable[NotedMatter], ledger: Ledger) -> None:
    """Record matters in the batch at hand."""
    for matter in matters:
        ledger.record_matter(matter)
