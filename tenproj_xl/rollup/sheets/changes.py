"""The sheet 本期变化: what differs from the last roll-up of an earlier period."""

from collections.abc import Iterable

from tenproj_xl.excel import style
from tenproj_xl.rollup.drawing.page import Page
from tenproj_xl.rollup.drawing.table import CellLook, Field, Table, source_field, write_table
from tenproj_xl.rollup.facts.changes import Change, ChangeLine, change_lines
from tenproj_xl.rollup.facts.editions import CHANGES
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.sheets.places import link_codes

NAME = CHANGES
_COUNTS, _COUNTS_AT = 1, 2
_NAME, _REASON = 66, 120
"""How much of a text stands here; the whole of it stands on the sheet of its kind."""
_F = Field[ChangeLine]


def table(facts: Facts) -> Table[ChangeLine]:
    """The sheet's columns and lines."""
    return Table(
        NAME,
        f"{NAME}（与{facts.compared_with}比较）" if facts.data.before else NAME,
        "首次汇总，没有可比的上一期；自下一期起列出变化。",
        tuple(_fields(facts)),
        change_lines(facts.data, facts.indicators, facts.tasks, facts.issues),
        fixed=4,
        empty="与上一期比较没有变化。" if facts.data.before else "",
    )


def write(page: Page, facts: Facts) -> None:
    """Write the sheet."""
    made = table(facts)
    write_table(page, made, facts.data.period.full_name)
    link_codes(page, made, facts)
    if facts.data.before:
        _write_counts(page, made)


def _write_counts(page: Page, made: Table[ChangeLine]) -> None:
    """Write how many changes of each kind there are: a formula over the rows below."""
    changes = [c for c in Change if any(line.change is c for line in made.lines)] or [Change.NEW]
    column = made.range("change")
    parts = [f'"{c}"&SUMPRODUCT(({column}="{c}")*1)&"项"' for c in changes]
    words = [f"{c}{sum(line.change is c for line in made.lines)}项" for c in changes]
    look = {"font_name": style.HEAD, "font_size": 11, "font_color": style.INK}
    page.formula(_COUNTS, _COUNTS_AT, "=" + '&"　"&'.join(parts), "　".join(words), look)


def _fields(facts: Facts) -> Iterable[_F]:
    data = facts.data
    yield _F("change", "变化", 10, lambda c: c.change.value, CellLook.STATE)
    yield _F("kind", "对象", 10, lambda c: c.kind, CellLook.WORD)
    yield _F("code", "编号", 14, lambda c: c.code, CellLook.WORD)
    yield _F("name", "事项", 44, lambda c: style.shortened(c.name, _NAME))
    yield _F("task_force", "专班", 6, lambda c: c.task_force, CellLook.WORD)
    yield _F("task_force_name", "工程", 24, lambda c: data.task_force(c.task_force).name)
    yield _F("before", "上期", 32, lambda c: c.before)
    yield _F("after", "本期", 32, lambda c: c.after)
    yield _F("step", "差距变动\n（百分点）", 10, lambda c: c.step, CellLook.POINTS)
    yield _F(
        "reason", "单位自述的原因、进展", 52, lambda c: style.shortened(c.reason, _REASON), CellLook.LONG
    )
    yield source_field(lambda c: c.source)
