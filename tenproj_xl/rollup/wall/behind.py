"""Pages of the wall about what is behind, and about what superiors are asked for."""

from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element

from tenproj_xl.core.codes import label_of
from tenproj_xl.core.states import IssueState
from tenproj_xl.rollup.facts.asks import AskLine, deadline_told, most_urgent, same_wording
from tenproj_xl.rollup.facts.changes import change_lines
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.turned import TurnedLine, turned_lines
from tenproj_xl.rollup.wall.markup import sized, tag
from tenproj_xl.rollup.wall.parts import WallPage, chip, pages_of, title_of_part

_ROWS, _PAGES = 7, 3
"""How many lines stand on a page, and on how many pages."""


def behind_pages(facts: Facts) -> Iterator[WallPage]:
    """Yield the pages with what turned for the worse, then with what lags most."""
    lines = turned_lines(facts, change_lines(facts))
    heads = ("评价", "事项", "专班", "责任单位", "差距", "单位自述的原因、下一步")
    columns = ("c-word", "c-item", "c-code", "c-unit", "c-gap", "")
    shown = lines[: _ROWS * _PAGES]
    note = ""
    if len(lines) > len(shown):
        note = f"共{len(lines)}项，其余见汇总表“本期变化”“督办清单”。"
    parts = list(pages_of(shown, _ROWS))
    for number, some in enumerate(parts, 1):
        table = _table(heads, columns, [_behind(line) for line in some])
        title = title_of_part(f"新增滞后和主要差距　{len(lines)}项", number, len(parts))
        yield WallPage(part="落后", title=title, body=(table,), note=note)


def ask_pages(facts: Facts) -> Iterator[WallPage]:
    """Yield the pages with what superiors are asked for, the same wording once."""
    heads = ("层级", "提请协调事项", "专班", "提请单位", "已等", "问题时限")
    columns = ("c-level", "c-ask", "c-codes", "", "c-waits", "c-due")
    parts = list(pages_of(same_wording(facts.asks), _ROWS))
    for number, some in enumerate(parts, 1):
        table = _table(heads, columns, [_asked(facts, group) for group in some])
        title = title_of_part(f"提请协调　{len(facts.asks)}件", number, len(parts))
        yield WallPage(part="提请", title=title, body=(table,))


def _table(heads: Sequence[str], columns: Sequence[str], rows: Sequence[Element]) -> Element:
    head = tag("tr", "", *(tag("th", "", text, scope="col") for text in heads))
    return tag(
        "table",
        "behind",
        tag("colgroup", "", *(tag("col", name) for name in columns)),
        tag("thead", "", head),
        tag("tbody", "", *rows),
    )


def _behind(line: TurnedLine) -> Element:
    item = f"{line.code}　{line.name}"
    cells = (
        tag("td", "middle", chip(line.word, line.state)),
        _text(item, 34),
        tag("td", "middle", line.task_force.code),
        _text(line.unit, 12, "who"),
        _text(line.gap, 20),
        _text(line.told_reason, 24),
    )
    return tag("tr", "", *cells)


def _asked(facts: Facts, group: Sequence[AskLine]) -> Element:
    first, urgent = group[0].issue, most_urgent(group).issue
    level = str(label_of(first.shown_level))
    codes = "、".join(sorted({line.issue.task_force.code for line in group}))
    units = list(dict.fromkeys(facts.data.units(line.issue.task_force.lead) for line in group))
    days = [line.waiting(facts.data.day) for line in group]
    waits = max((day for day in days if day is not None), default=None)
    due: Element | str = "—"
    if urgent.due_on is not None:
        due = f"{urgent.due_on:%Y-%m-%d}"
    if urgent.state in (IssueState.OVERDUE, IssueState.DUE_SOON):
        due = chip(deadline_told(group, facts.data.year), urgent.state)
    cells = (
        _text(level, 7, "who"),
        _text(str(first.reported("request")), 40),
        tag("td", "middle", codes),
        _text("、".join(units), 16),
        tag("td", "middle", "—" if waits is None else f"{waits}天"),
        tag("td", "middle", due),
    )
    return tag("tr", "", *cells)


def _text(text: str, room: int, classes: str = "") -> Element:
    """Return a cell with a text, smaller beyond a number of characters, cut beyond three times as many."""
    most = 2 * room
    shown = text
    if len(text) > most:
        shown = text[: most - 1] + "…"
    return tag("td", f"{classes} {sized(text, room)}", tag("div", "clamp", shown))
