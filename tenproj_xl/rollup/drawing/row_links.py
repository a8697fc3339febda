"""Where the row of each indicator, task and issue stands, so that other sheets can lead there by its code."""

from collections.abc import Mapping
from functools import lru_cache

from tenproj_xl.rollup.drawing.table import RowLink
from tenproj_xl.rollup.facts.lives import life_lines
from tenproj_xl.rollup.facts.model import Facts


@lru_cache(maxsize=2)  # every sheet asks for them
def row_links(facts: Facts) -> Mapping[str, RowLink]:
    """Return the rows of all indicators, tasks and issues by their codes."""
    codes = {
        "indicators": [line.indicator.code for line in facts.indicators],
        "tasks": [line.task.code for line in facts.tasks],
        "issues": [line.code for line in facts.issues],
    }
    return {code: RowLink(sheet, n) for sheet, rows in codes.items() for n, code in enumerate(rows)}


def life_links(facts: Facts) -> Mapping[str, RowLink]:
    """Return the first row in 数据沿革 of each indicator that has one, by its code."""
    links: dict[str, RowLink] = {}
    for n, line in enumerate(life_lines(facts.data)):
        links.setdefault(line.indicator.code, RowLink("lives", n))
    return links
