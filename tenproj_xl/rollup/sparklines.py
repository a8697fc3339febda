"""Sparklines: an indicator's last figures and gaps in one cell, drawn over the cells of 趋势."""

from collections.abc import Mapping

from tenproj_xl.rollup import style
from tenproj_xl.rollup.page import Page
from tenproj_xl.rollup.trend_layout import gaps_of, values_of

_LINE: Mapping[str, object] = {"type": "line", "markers": True, "series_color": style.INK}
_COLUMNS: Mapping[str, object] = {
    "type": "column", "negative_points": True, "axis": True, "series_color": style.STRONG[style.GREEN],
    "negative_color": style.STRONG[style.DEEP],
}  # fmt: skip


def line_sparkline(page: Page, place: tuple[int, int], row: int) -> None:
    """Draw the values of a line of 趋势 into a cell."""
    page.sheet.add_sparkline(*place, {"range": values_of(row), **_LINE})


def gap_sparkline(page: Page, place: tuple[int, int], row: int) -> None:
    """Draw the gaps of an indicator into a cell: upwards where it is ahead."""
    page.sheet.add_sparkline(*place, {"range": gaps_of(row), **_COLUMNS})
