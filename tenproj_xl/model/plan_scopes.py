"""An indicator of which a later version of the plan dates a 口径调整 back: figures that came since are of it.

The row of that version stands in `rescoped`; it is in force from `rescoped_since` on. What came before, and
what was told of it by then, stays as it was.
"""

from dataclasses import replace

from tenproj_xl.core.periods import Period
from tenproj_xl.model.plan import Indicator


def in_scope(indicator: Indicator, data_period: Period, returned: Period) -> Indicator:
    """Return an indicator in the scope that a figure of a data period was returned in."""
    new, since = indicator.rescoped, indicator.rescoped_since
    if new is None or new.series_starts is None or since is None:
        return indicator
    if returned.last < since.last or data_period.last < new.series_starts.first:
        return indicator
    return replace(
        indicator,
        series_starts=new.series_starts,
        unit=new.unit,
        basis=new.basis,
        baseline=new.baseline,
        baseline_on=new.baseline_on,
        targets=new.targets,
    )
