"""Rank the returns of a run: which of several of one unit is the newer one.

A file is compared with those of its unit by what `core.moments` tells of each. Its rank, a moment, is kept
with what it brings: everything that asks for the last word on a row goes by it.
"""

from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cmp_to_key

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.moments import Moments, Order, Succession, compared
from tenproj_xl.core.texts import text_of
from tenproj_xl.model.history import history
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.receipts import Receipt
from tenproj_xl.model.recipients import Parting, recipient_of
from tenproj_xl.model.sections import Sections
from tenproj_xl.reading.inbox import Received
from tenproj_xl.recognition.identify import Return
from tenproj_xl.validation.judge import party_of

_STEP = timedelta(seconds=1)


@dataclass(frozen=True, kw_only=True)
class Version:
    """A return among those of its unit for a period.

    `number` is its place among the files of the portion at hand, from 0; those recorded before have -1.
    `is_known` are those whose bytes came before; `in_run` are those of the run, of whatever portion.
    """

    period: str
    unit: str
    file: str
    sha256: str
    moments: Moments
    ranked_at: datetime
    number: int = -1
    is_known: bool = False
    in_run: bool = False

    @property
    def owner(self) -> tuple[str, str]:
        """Whose return it is, and for which period."""
        return self.period, self.unit

    @property
    def order(self) -> tuple[datetime, str]:
        """The sort key of versions, the latest last."""
        return self.ranked_at, self.sha256

    @property
    def told_at(self) -> datetime:
        """The moment by which people know it, as the best channel tells."""
        moments = self.moments
        return moments.mailed or moments.saved or moments.zipped or self.ranked_at

    def against(self, other: "Version") -> Succession:
        """Compare it with one of the same run, or of an earlier one."""
        return compared(self.moments, other.moments, in_one_run=other.in_run)


def version_of(received: Received, source: Return, plan: Plan, number: int, now: datetime) -> Version:
    """Return a return of the run as a version that is not ranked yet."""
    cover = {name: text_of(cell) or None for name, cell in source.cover.items()}
    recipient = recipient_of(source.recipient, plan, history(), Parting(Sections(plan)))
    party = party_of(recipient, cover, (), plan)
    return Version(
        period=source.period,
        unit=party.unit,
        file=received.name,
        sha256=received.sha256,
        moments=received.moments.by(now, received.received_at),
        ranked_at=min(received.received_at, now),
        number=number,
        in_run=True,
    )


def versions_before(receipts: Iterable[Receipt], of_run: Container[tuple[str, str]] = ()) -> list[Version]:
    """Return the returns that were recorded before, as versions, oldest first.

    `of_run` are hashes and periods of those that earlier portions of the run brought.
    """
    versions = []
    for receipt in receipts:
        if receipt.status.is_return:
            moments = receipt.moments
            if moments.filed is None:
                moments = replace(moments, filed=receipt.received_at)
            version = Version(
                period=receipt.period,
                unit=receipt.party.unit,
                file=receipt.file,
                sha256=receipt.sha256,
                moments=moments,
                ranked_at=receipt.order[0],
                in_run=(receipt.sha256, receipt.period) in of_run,
            )
            versions.append(version)
    return sorted(versions, key=lambda version: version.order)


def ranked(fresh: Sequence[Version], before: Iterable[Version]) -> list[Version]:
    """Return the versions of a run with their ranks, in their order.

    Args:
        fresh: Those of the run.
        before: Those of earlier runs.
    """
    groups: dict[tuple[str, str], list[Version]] = {version.owner: [] for version in fresh}
    for version in before:
        if version.owner in groups:
            groups[version.owner].append(version)
    done: dict[int, Version] = {}
    for version in sorted(fresh, key=cmp_to_key(_by_moments)):
        placed = _placed(version, groups[version.owner])
        groups[version.owner].append(placed)
        groups[version.owner].sort(key=lambda one: one.order)
        done[version.number] = placed
    return [done[version.number] for version in fresh]


def _by_moments(one: Version, other: Version) -> int:
    """Order files of one run, the older one first; where nothing tells them apart, by their hashes."""
    order = one.against(other).order
    if order is Order.UNKNOWN:
        return 1 if one.sha256 > other.sha256 else -1
    return int(order.value)


def _placed(version: Version, others: Sequence[Version]) -> Version:
    """Return a version with the rank that puts it above all of the others that it is newer than."""
    above = None
    for other in reversed(others):
        order = version.against(other).order
        if order is not Order.OLDER:
            return replace(version, ranked_at=_between(other.ranked_at, version.ranked_at, above))
        above = other.ranked_at
    if above is not None and version.ranked_at >= above:
        return replace(version, ranked_at=above - _STEP)
    return version


def _between(below: datetime, own: datetime, above: datetime | None) -> datetime:
    if own > below and (above is None or own < above):
        return own
    if above is None:
        return below + _STEP
    return below + (above - below) / 2
