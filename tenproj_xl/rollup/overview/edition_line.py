"""Page one, under the headline: the one thing that an edition is made for, counted by a formula over its own sheet."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tenproj_xl.core.sheets import LEVELS
from tenproj_xl.excel import style
from tenproj_xl.rollup.drawing.page import Page
from tenproj_xl.rollup.drawing.table import Table
from tenproj_xl.rollup.facts.editions import MONTH, QUARTER, YEAR, Edition
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.outlook import EXPECTED_MET, EXPECTED_MISSED, NOT_SAID
from tenproj_xl.rollup.overview.grid import WHOLE
from tenproj_xl.rollup.sheets import asks, judgements, outlook

_HEIGHT = 24.0
_Counted = tuple[str, str, Sequence[str], Callable[[Facts], Table[Any]]]
"""What it is about, the column, its words in order of importance, the sheet."""
_OWN: Mapping[Edition, _Counted] = {
    MONTH: ("专班不能解决、需上级决定：", "level", tuple(reversed(LEVELS[1:])), asks.table),
    QUARTER: ("各单位预计全年：", "verdict", (EXPECTED_MET, EXPECTED_MISSED, NOT_SAID), outlook.table),
    YEAR: ("年度目标：", "verdict", judgements.WORDS, judgements.table),
}


def own_line(facts: Facts) -> str:
    """What an edition is made for, counted: `年度目标：达成1项，未达成0项`; "" for one that has no such line."""
    edition = facts.data.release.edition
    if edition not in _OWN:
        return ""
    about, column, words, made = _OWN[edition]
    table = made(facts)
    get = next(f.get for f in table.fields if f.name == column)
    found = [get(line) for line in table.lines]
    return about + "，".join(f"{word}{found.count(word)}项" for word in words)


def write_own(page: Page, facts: Facts, row: int) -> None:
    """Write the line of an edition that has one."""
    edition = facts.data.release.edition
    if edition not in _OWN:
        return
    about, column, words, made = _OWN[edition]
    table = made(facts)
    cells = table.range(column)
    parts = [f'"{word}"&SUMPRODUCT(({cells}="{word}")*1)&"项"' for word in words]
    look = {**style.BOX, "font_name": style.HEAD, "font_size": 14, "font_color": style.INK, "align": "center"}
    page.merge(row, WHOLE, look)
    page.link(row, WHOLE[0], table.place(), look)
    page.formula(row, WHOLE[0], f'="{about}"&' + '&"，"&'.join(parts), own_line(facts), look)
    page.grow(row, _HEIGHT)
