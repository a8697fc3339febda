"""When a file was made, as several channels tell: by them two returns of one sender are put in order.

What a file is called, such as “填报表(3)” or “最终版”, is no evidence.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from enum import Enum

from tenproj_xl.core.dataclass import dataclass


class Order(Enum):
    """How one file stands to another."""

    OLDER = -1
    UNKNOWN = 0
    NEWER = 1


@dataclass(frozen=True, kw_only=True)
class Moments:
    """What the channels tell, best first; None where one tells nothing.

    Attributes:
        mailed: The date of the mail that it came with.
        saved: When the workbook was last saved, as it says of itself.
        zipped: Its date in the zip that it came in.
        filed: The time of the file as it lay in the inbox.
        is_ahead: Whether the file's time lay ahead of the clock, so that it tells something only beside
            another such time of the same run.
    """

    mailed: datetime | None = None
    saved: datetime | None = None
    zipped: datetime | None = None
    filed: datetime | None = None
    is_ahead: bool = False

    def by(self, now: datetime, received_at: datetime) -> "Moments":
        """Return the moments without those that cannot be right at a moment.

        Nothing was mailed, saved or zipped after now, nor saved after it came: such a clock runs fast.
        """
        return replace(
            self,
            mailed=_until(now, self.mailed),
            saved=_until(min(now, received_at), self.saved),
            zipped=_until(now, self.zipped),
            is_ahead=self.filed is not None and self.filed > now,
        )


NO_MOMENTS = Moments()


@dataclass(frozen=True)
class Succession:
    """How a file stands to another, and whether no channel ties or says otherwise."""

    order: Order
    is_sure: bool


def compared(one: Moments, other: Moments, *, in_one_run: bool) -> Succession:
    """Compare two files by the best channel that both have, and that tells them apart.

    Args:
        one: What is known of the one.
        other: What is known of the other, which was taken in before, or in the same run.
        in_one_run: Whether they were taken in together. Of two whose times tell nothing the one that was
            taken in later is the newer one.
    """
    signs = [_sign(a, b) for a, b in _pairs(one, other, in_one_run=in_one_run)]
    telling = [sign for sign in signs if sign]
    if telling:
        return Succession(Order(telling[0]), is_sure=len(set(telling)) == 1)
    if in_one_run or signs:
        return Succession(Order.UNKNOWN, is_sure=False)
    return Succession(Order.NEWER, is_sure=True)


def _pairs(one: Moments, other: Moments, *, in_one_run: bool) -> Iterator[tuple[datetime, datetime]]:
    """Yield what both tell, channel by channel; the time at which a mail was kept tells nothing of it."""
    if one.mailed and other.mailed:
        yield one.mailed, other.mailed
    if one.saved and other.saved:
        yield one.saved, other.saved
    if one.zipped and other.zipped:
        yield one.zipped, other.zipped
    is_told = in_one_run or not (one.is_ahead or other.is_ahead)
    is_alike = one.is_ahead == other.is_ahead and not (one.mailed and other.mailed)
    if one.filed and other.filed and is_told and is_alike:
        yield one.filed, other.filed


def _sign(one: datetime, other: datetime) -> int:
    return (one > other) - (one < other)


def _until(limit: datetime, moment: datetime | None) -> datetime | None:
    if moment is None or moment > limit:
        return None
    return moment


def moments_body(moments: Moments) -> dict[str, object]:
    """Return moments as the ledger keeps them, without those that are unknown."""
    body: dict[str, object] = {}
    for name, value in vars(moments).items():
        if isinstance(value, datetime):
            body[name] = value.astimezone(UTC).isoformat()
        elif value:
            body[name] = value
    return body


def moments_of(body: dict[str, object]) -> Moments:
    """Return the moments that the ledger keeps."""
    told = {name: datetime.fromisoformat(value) for name, value in body.items() if isinstance(value, str)}
    return Moments(**told, is_ahead=bool(body.get("is_ahead")))


def ranked_at_of(body: Mapping[str, str]) -> datetime | None:
    """Return what a file is ordered by, as the ledger keeps it; None where that is its time of receipt."""
    if "ranked_at" not in body:
        return None
    return datetime.fromisoformat(body["ranked_at"])


def rank_body(ranked_at: datetime | None) -> dict[str, str]:
    """Return what a file is ordered by, as the ledger keeps it; nothing where that is its time of receipt."""
    if ranked_at is None:
        return {}
    return {"ranked_at": ranked_at.astimezone(UTC).isoformat()}
