"""Page one, in the middle of the left half: what moved most, up and down, with the department's reason.

What is judged otherwise than in the last roll-up of an earlier period moves by that: worse or reopened is
down, better or closed is up (see 本期变化). Else moved = gap to the pace now - gap then, in hundredths of the
target.
"""

from collections.abc import Sequence

from tenproj_xl.excel import style
from tenproj_xl.rollup.drawing.page import Page
from tenproj_xl.rollup.drawing.sheet_spec import BookContents
from tenproj_xl.rollup.drawing.table import Table
from tenproj_xl.rollup.facts.changes import Change, ChangeLine
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.overview.grid import LEFT
from tenproj_xl.rollup.overview.lists import (
    CENTER,
    LINKED,
    SMALL,
    Cells,
    Spans,
    cells,
    fitting,
    header,
    nothing,
    section,
)
from tenproj_xl.rollup.sheets import changes

_MOST = 3
"""As many up and as many down."""
_SPANS: Spans = ((1, 2), (3, 4), (5, 13), (14, 15), (16, 22))
_REASON = 60
_UP, _DOWN = (Change.BETTER, Change.CLOSED), (Change.WORSE, Change.REOPENED)


def write_movers(page: Page, facts: Facts, contents: BookContents, top: int) -> int:
    """Write the movers; return the first row after them, `top` itself where there is nothing to compare."""
    if facts.data.before is None:
        return top
    table: Table[ChangeLine] = contents["changes"]
    up, down = movers(table.lines)
    others = len(table.lines) - len(up) - len(down)
    more = ""
    if others:
        more = f"；其他变化{others}项见“{changes.TITLE}”"
    section(page, top, LEFT, f"变动最大的事项（指标按差距占目标的百分比；与{facts.compared_with}比较{more}）")
    heads = ("专班", "事项", "上期 → 本期", "变动", "单位自述的原因、进展")
    header(page, top + 1, _SPANS, heads)
    lines = list(table.lines)
    chosen = [*((line, "▲", style.GREEN) for line in up), *((line, "▼", style.RED) for line in down)]
    for row, (line, arrow, fill) in enumerate(chosen, top + 2):
        cells(page, row, _SPANS, _mover(line, arrow, fill), table.place(lines.index(line)))
    if not chosen:
        nothing(page, top + 2, LEFT, "没有升降。")
    last = top + 2 + max(1, len(chosen))
    page.grow(last, 5)
    return last + 1


def movers(lines: Sequence[ChangeLine]) -> tuple[list[ChangeLine], list[ChangeLine]]:
    """Return those that went up most and those that went down most, at most three of each.

    What is judged otherwise moves by the verdict, whatever its figure did, and stands before what is not.
    """
    up = [c for c in lines if c.change in _UP or (c.change not in _DOWN and _step(c) > 0)]
    down = [c for c in lines if c.change in _DOWN or (c.change not in _UP and _step(c) < 0)]
    return _most(up), _most(down)


def _step(line: ChangeLine) -> float:
    """Return how far it moved, to one decimal."""
    return round(line.step or 0.0, 1)


def _most(lines: Sequence[ChangeLine]) -> list[ChangeLine]:
    return sorted(lines, key=lambda c: (c.change not in (*_UP, *_DOWN), -abs(c.step or 0)))[:_MOST]


def _mover(line: ChangeLine, arrow: str, fill: str) -> Cells:
    moved = f"{abs(_step(line)):.1f}%"
    if line.change in (*_UP, *_DOWN):
        moved = line.change.label
    reason = style.shortened(line.reason, _REASON)
    if not reason and fill == style.RED:
        reason = "（未说明）"
    return [
        (line.task_force, LINKED),
        (fitting(f"{line.code}　{line.name}", _SPANS[1]), SMALL),
        (f"{line.before} → {line.after}", SMALL),
        (f"{arrow}{moved}", {**CENTER, "bg_color": fill, "font_size": 9}),
        (reason, SMALL),
    ]
