"""From when on what the plan dates by itself (生效期) holds, and which of several targets does."""

from collections.abc import Iterable
from datetime import date

from tenproj_xl.core.periods import Period
from tenproj_xl.model.plan import Target


def has_begun(since: Period | None, period: Period) -> bool:
    """Return whether what holds from a period on holds in another one; None has always held.

    A week counts where it ends, the one across New Year in its own year; a month or year begins on its first
    day, within whatever week that is.
    """
    if since is None:
        return True
    if since.is_week:
        return since.counted_on <= period.counted_on
    return since.first <= period.last


def holds(target: Target, period: Period) -> bool:
    """Return whether a target holds in a period, unless a later one takes its place."""
    return has_begun(target.effective, period)


def targets_in_force(targets: Iterable[Target], period: Period) -> tuple[Target, ...]:
    """Return for each period with targets the one in force, in order of date: that which began last.

    Of several that began together the last one counts.
    """
    chosen: dict[Period, Target] = {}
    for target in targets:
        known = chosen.get(target.period)
        if holds(target, period) and (known is None or started(target) >= started(known)):
            chosen[target.period] = target
    return tuple(chosen[one] for one in sorted(chosen))


def started(target: Target) -> date:
    """Return the day from which a target holds; one without 生效期 holds from the first."""
    if target.effective is None:
        return date.min
    return target.effective.first
