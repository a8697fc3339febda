"""Sparklines: an indicator's last figures and gaps in one cell, drawn over the cells of 趋势.

They are columns and not lines, of which LibreOffice prints the points alone.
"""

from collections.abc import Iterable, Mapping

from tenproj_xl.excel import style
from tenproj_xl.rollup.drawing.page import Page
from tenproj_xl.rollup.drawing.trend_layout import gaps_of, values_of

_VALUES: Mapping[str, object] = {
    "type": "column",
    "series_color": style.STRONG[style.BLUE],
    "last_point": True,
    "last_color": style.INK,
}
_GAPS: Mapping[str, object] = {
    "type": "column",
    "negative_points": True,
    "axis": True,
    "series_color": style.STRONG[style.GREEN],
    "negative_color": style.STRONG[style.DEEP],
}


def value_sparkline(page: Page, place: tuple[int, int], row: int, values: Iterable[object]) -> None:
    """Draw the values of a line of 趋势 into a cell, from 0 up where none is below; nothing without any."""
    numbers = [v for v in values if isinstance(v, float)]
    if numbers:
        options = {"range": values_of(row), **_VALUES}
        if min(numbers) >= 0:
            options["min"] = 0
        page.sheet.add_sparkline(*place, options)


def gap_sparkline(page: Page, place: tuple[int, int], row: int, gaps: Iterable[float | None]) -> None:
    """Draw the gaps of an indicator into a cell, upwards where it is ahead; nothing without numbers."""
    if any(gap is not None for gap in gaps):
        page.sheet.add_sparkline(*place, {"range": gaps_of(row), **_GAPS})
