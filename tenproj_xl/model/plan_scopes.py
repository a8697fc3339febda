"""What later versions of the plan date by themselves: targets by their 生效期, figures by a 口径调整.

A figure is judged by the version in force when it came, where that one, or one between, dates a 口径调整 back
to its data period. What came before, and what was told of it by then, stays as it was.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.periods import Period
from tenproj_xl.model.plan import Indicator, Target
from tenproj_xl.model.plan_targets import targets_in_force


@dataclass(frozen=True, kw_only=True)
class LaterRow:
    """The row of an indicator in a later version, in force from a period on; None for one still to come."""

    since: Period | None
    row: Indicator


def with_later(indicator: Indicator, later: Sequence[LaterRow], period: Period) -> Indicator:
    """Return an indicator of a period with what its rows in later versions, oldest first, date to it."""
    targets = (*indicator.targets, *_decided(indicator, later))
    rescoped: list[tuple[Period, Indicator]] = []
    for number, newer in enumerate(later, start=1):
        if newer.since is None:
            continue
        if rescoped or _is_dated_back(newer.row, indicator, period):
            decided = _decided(newer.row, later[number:])
            rescoped.append((newer.since, replace(newer.row, targets=(*newer.row.targets, *decided))))
    if rescoped or len(targets) > len(indicator.targets):
        return replace(indicator, targets=targets, rescoped=tuple(rescoped))
    return indicator


def _decided(indicator: Indicator, later: Iterable[LaterRow]) -> tuple[Target, ...]:
    """Return the targets that later rows in the same unit of measure date by themselves."""
    rows = [newer.row for newer in later if newer.row.unit == indicator.unit]
    return tuple(target for row in rows for target in row.targets if target.effective)


def _is_dated_back(newer: Indicator, indicator: Indicator, period: Period) -> bool:
    """Return whether a later row has a 口径调整 of its own that reaches back to a period."""
    starts = newer.series_starts
    return starts is not None and starts != indicator.series_starts and starts.first <= period.counted_on


def in_scope(indicator: Indicator, data_period: Period, returned: Period) -> Indicator:
    """Return an indicator in the scope that a figure of a data period was returned in."""
    for since, new in reversed(indicator.rescoped):
        starts = new.series_starts
        is_of_scope = starts is None or data_period.counted_on >= starts.first
        if since.last <= returned.last and is_of_scope:
            return replace(
                indicator,
                series_starts=starts,
                unit=new.unit,
                basis=new.basis,
                baseline=new.baseline,
                baseline_on=new.baseline_on,
                targets=targets_in_force(new.targets, returned),
            )
    return indicator
