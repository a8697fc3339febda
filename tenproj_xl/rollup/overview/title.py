"""The line at the top of page one and of 议程: what it is, and how its paper is marked."""

from tenproj_xl.excel import style
from tenproj_xl.rollup.drawing.page import Page
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.overview.grid import LAST

TITLE_HEIGHT = 24.0
_MARKED = 14
"""The first column of the marking."""
_TITLE = {**style.TITLE, "font_size": 16}
_MARKING = {
    "font_name": style.HEAD,
    "font_size": 11,
    "font_color": "#C00000",
    "align": "right",
    "shrink": True,  # of a paper given out it is longer than its cells
}


def write_title(page: Page, title: str, data: RollupInput) -> None:
    """Write a title, and behind it the paper's number, what it is made for and how it is to be kept."""
    page.merge(0, (0, _MARKED - 1), _TITLE)
    page.write(0, 0, title, _TITLE)
    page.merge(0, (_MARKED, LAST), _MARKING)
    shown = filter(None, (data.release.issue, data.release.stamp, page.marking))
    page.write(0, _MARKED, "　".join(shown), _MARKING)
    page.grow(0, TITLE_HEIGHT)
