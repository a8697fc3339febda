"""Where the row of each indicator, task and issue stands, so that other sheets can lead there."""

from collections.abc import Mapping

from tenproj_xl.excel import style
from tenproj_xl.rollup.drawing.page import Page
from tenproj_xl.rollup.drawing.table import FIRST, Line, Table
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.sheets import indicators, issues, tasks

_LINK: Mapping[str, object] = {**style.BOX, "align": "center", "font_color": style.LINK["font_color"]}


def places(facts: Facts) -> Mapping[str, str]:
    """The places of all rows by code, as links name them."""
    of_indicators, of_tasks, of_issues = indicators.table(facts), tasks.table(facts), issues.table(facts)
    return {
        **{line.indicator.code: of_indicators.place(n) for n, line in enumerate(of_indicators.lines)},
        **{line.task.code: of_tasks.place(n) for n, line in enumerate(of_tasks.lines)},
        **{line.code: of_issues.place(n) for n, line in enumerate(of_issues.lines)},
    }


def link_codes(page: Page, table: Table[Line], facts: Facts) -> None:
    """Make each code of a written table lead to the row it is about, where there is one."""
    known, column = places(facts), table.column("code")
    for row, line in enumerate(table.lines, FIRST):
        code = str(table.fields[column].get(line))
        if code in known:
            page.link(row, column, known[code], _LINK)
            page.write(row, column, code, _LINK)
