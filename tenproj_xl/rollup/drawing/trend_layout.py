"""The grid of 趋势, which charts, the numbers of the periods and the figures of the indicators share."""

from tenproj_xl.core.cells import letters
from tenproj_xl.rollup.facts.trends import NUMBERS, SHOWN

TITLE = "趋势"
WORDS = 4
"""How many columns of words stand before the first sparkline."""
VALUES = WORDS + 1
STEP = VALUES + SHOWN
GAPS = STEP + 1
STATE = GAPS + SHOWN
WIDTHS = (5, 8, 20, 7, 12, *([14.5] * SHOWN), 12, *([8.5] * SHOWN), 11)
CHARTS, CHART_ROWS = 3, 13
"""Where the first of two rows of charts begins, and how high each is."""
PERIODS = CHARTS + 2 * CHART_ROWS + 2
"""The header of the numbers."""
FIRST_NUMBER = PERIODS + 1
HEADER = FIRST_NUMBER + len(NUMBERS) + 2
"""The header of the indicators."""
FIRST_SERIES = HEADER + 1


def values_of(row: int) -> str:
    """Return the cells of a line's values, as sparklines name them."""
    return _cells(row, VALUES)


def gaps_of(row: int) -> str:
    """Return the cells of an indicator's gaps."""
    return _cells(row, GAPS)


def _cells(row: int, first: int) -> str:
    return f"'{TITLE}'!{letters(first)}{row + 1}:{letters(first + SHOWN - 1)}{row + 1}"
