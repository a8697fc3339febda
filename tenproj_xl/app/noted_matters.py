"""Note what commands wrote letters about, for the letters that are laid out to be sent."""

from collections.abc import Iterable

from tenproj_xl.ledger.store import Ledger
from tenproj_xl.model.deliveries import NotedMatter


def record_matters(matters: Iterable[NotedMatter], ledger: Ledger) -> None:
    """Record, in the batch at hand, the matters that are new or say something else than before."""
    known: dict[str, dict[str, str]] = {}
    for matter in matters:
        if matter.period not in known:
            known[matter.period] = {one.key: one.version for one in ledger.matters(matter.period)}
        if known[matter.period].get(matter.key) != matter.version:
            ledger.record_matter(matter)
