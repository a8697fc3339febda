"""Sparklines: an indicator's last figures and gaps in one cell, drawn over the cells of 趋势.

They are columns and not lines, of which LibreOffice prints the points alone; what is missing is a gap. The
scale of figures begins below the lowest, so that they do not all look alike; that of gaps is from 0.
"""

from collections.abc import Iterable, Mapping, Sequence

from tenproj_xl.excel import style
from tenproj_xl.rollup.drawing.page import Page
from tenproj_xl.rollup.drawing.trend_layout import gaps_of, values_of

_VALUES: Mapping[str, object] = {
    "type": "column",
    "series_color": style.STRONG[style.BLUE],
    "last_point": True,
    "last_color": style.INK,
    "empty_cells": "gaps",
}
_FEWEST = 2
"""A single figure has no course."""
_GAPS: Mapping[str, object] = {
    "type": "column",
    "negative_points": True,
    "axis": True,
    "empty_cells": "gaps",
    "series_color": style.STRONG[style.GREEN],
    "negative_color": style.STRONG[style.DEEP],
}


def value_sparkline(page: Page, place: tuple[int, int], row: int, values: Iterable[object]) -> None:
    """Draw the values of a line of 趋势 into a cell; nothing with less than two."""
    numbers = [value for value in values if isinstance(value, float)]
    if len(numbers) >= _FEWEST:
        lowest, highest = scale_of(numbers)
        options = {"range": values_of(row), **_VALUES, "min": lowest, "max": highest}
        page.sheet.add_sparkline(*place, options)


def scale_of(values: Sequence[float]) -> tuple[float, float]:
    """Return the ends of the scale of some values: it begins half their spread below the lowest.

    Of values that are nowhere below 0 it does not begin below 0; those that are all alike are half as high.
    """
    lowest, highest = min(values), max(values)
    if lowest == highest:
        return min(0.0, 2 * lowest), max(0.0, 2 * lowest) or 1.0
    begins = lowest - (highest - lowest) / 2
    if lowest >= 0:
        begins = max(begins, 0.0)
    return begins, highest


def gap_sparkline(page: Page, place: tuple[int, int], row: int, gaps: Iterable[float | None]) -> None:
    """Draw the gaps of an indicator into a cell, upwards where it is ahead; nothing with less than two."""
    numbers = [gap for gap in gaps if gap is not None]
    if len(numbers) >= _FEWEST:
        scale = {"min": min(0.0, *numbers), "max": max(0.0, *numbers)}
        page.sheet.add_sparkline(*place, {"range": gaps_of(row), **_GAPS, **scale})
