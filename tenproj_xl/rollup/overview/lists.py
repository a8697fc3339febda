"""Page one's lists: what needs a decision, what lags most, who has not returned. Each line leads to its row.

And what such lists are made of: sections, lines of merged cells.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from tenproj_xl.excel import style
from tenproj_xl.model.duties import Duty
from tenproj_xl.model.slips import Level
from tenproj_xl.rollup.drawing.page import Page
from tenproj_xl.rollup.drawing.sheet_spec import BookContents
from tenproj_xl.rollup.drawing.state_colours import state_style
from tenproj_xl.rollup.facts.asks import AskLine
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.returns import ReturnLine, Timeliness
from tenproj_xl.rollup.facts.supervision import SupervisionLine
from tenproj_xl.rollup.overview.board import returned_in_words
from tenproj_xl.rollup.overview.grid import LEFT, RIGHT, span_width

_MOST = 8
_WORST, _ALONE = 6, 10
"""How many of what lags most are listed, and how many where there are no movers to be listed above them."""
_ASK, _REASON = 42, 70
Spans = Sequence[tuple[int, int]]
_DECISION_SPANS: Spans = ((24, 24), (25, 25), (26, 26), (27, 27), (28, 28))
_LAGGARD_SPANS: Spans = ((1, 2), (3, 4), (5, 7), (8, 9), (10, 12), (13, 22))
_RETURN_SPANS: Spans = ((24, 24), (25, 26), (27, 27), (28, 28))
Cells = Sequence[tuple[str, Mapping[str, object]]]
CENTER: Mapping[str, object] = {**style.BOX, "align": "center"}
LINKED: Mapping[str, object] = {**CENTER, "font_color": style.LINK["font_color"], "underline": 1}
SMALL: Mapping[str, object] = {**style.BOX, "font_size": 9}


def write_decisions(page: Page, facts: Facts, contents: BookContents, top: int) -> int:
    """Write what needs a decision, highest level and oldest first; return the first row after it."""
    wanted = facts.asks
    section(page, top, RIGHT, "请领导决定：提请协调事项")
    note = "按层级从高到低、提请时间从早到晚"
    if len(wanted) > _MOST:
        note += f"，共{len(wanted)}项，列前{_MOST}项"
    page.merge(top + 1, RIGHT, style.NOTE)
    page.write(top + 1, RIGHT[0], note, style.NOTE)
    heads = ("序", "层级", "提请协调事项", "提请专班", "提请日期")
    header(page, top + 2, _DECISION_SPANS, heads)
    table = contents["asks"]
    for n, line in enumerate(wanted[:_MOST]):
        cells(page, top + 3 + n, _DECISION_SPANS, _decision(facts, n + 1, line), table.place(n))
    if not wanted:
        nothing(page, top + 3, RIGHT, "没有提请协调的事项。")
    return top + 3 + max(1, len(wanted[:_MOST]))


def _decision(facts: Facts, number: int, line: AskLine) -> Cells:
    data, issue = facts.data, line.issue
    return [
        (str(number), LINKED),
        (issue.shown_level, {**CENTER, "bold": True, "font_size": 9}),
        (style.shortened(str(issue.reported("request")), _ASK), SMALL),
        (fitting(f"{issue.task_force.code} {data.units(issue.task_force.lead)}", _DECISION_SPANS[3]), SMALL),
        (_since(line, data.day), {**CENTER, "font_size": 9}),
    ]


def _since(line: AskLine, day: date) -> str:
    """Return since when it waits: `09-14（76天）`, `11-23（新提）`, with the year where it is another."""
    if line.since is None:
        return "新提" if line.is_new else ""
    spoken = f"{line.since:%Y-%m-%d}"
    if line.since.year == day.year:
        spoken = f"{line.since:%m-%d}"
    if line.is_new:
        return f"{spoken}（新提）"
    return f"{spoken}（{line.waiting(day)}天）"


def write_laggards(page: Page, facts: Facts, contents: BookContents, top: int) -> int:
    """Write what lags most: overdue and behind, worst first; return the first row after it."""
    behind = [s for s in facts.supervision if s.level is not Level.BLUE]
    most = _ALONE
    if facts.data.before:
        most = _WORST
    chosen = worst(behind, most)
    title = "落后最多的事项"
    if len(behind) > len(chosen):
        title += f"（共{len(behind)}项，列前{len(chosen)}项；指标按差距占目标的百分比）"
    section(page, top, LEFT, title)
    heads = ("专班", "事项", "责任单位", "评价", "差多少", "单位自述的原因、进展")
    header(page, top + 1, _LAGGARD_SPANS, heads)
    table = contents["supervision"]
    for row, line in enumerate(chosen, top + 2):
        cells(page, row, _LAGGARD_SPANS, _laggard(line), table.place(facts.supervision.index(line)))
    if not chosen:
        nothing(page, top + 2, LEFT, "没有滞后或逾期的事项。")
    return top + 2 + max(1, len(chosen))


def worst(behind: Sequence[SupervisionLine], most: int) -> list[SupervisionLine]:
    """Return at most so many items, half of them indicators by gap, half tasks and issues by days."""
    figures = sorted((s for s in behind if s.kind is Duty.INDICATOR), key=lambda s: (s.gap or 0, s.code))
    others = [s for s in behind if s.kind is not Duty.INDICATOR]
    of_figures = min(len(figures), max(most // 2, most - len(others)))
    return [*figures[:of_figures], *others[: most - of_figures]]


def _laggard(line: SupervisionLine) -> Cells:
    reason, reason_look = style.shortened(line.reason, _REASON), SMALL
    if not line.reason:
        reason, reason_look = "（未说明）", {**SMALL, "font_color": style.MUTED}
    return [
        (line.task_force.code, LINKED),
        (fitting(f"{line.code}　{line.name}", _LAGGARD_SPANS[1]), SMALL),
        (fitting(line.unit, _LAGGARD_SPANS[2]), SMALL),
        (line.state, {**CENTER, **state_style(line.state)}),
        (line.measured, {**CENTER, "font_size": 9}),
        (reason, reason_look),
    ]


_RETURN_RANK: Mapping[Timeliness, int] = {
    Timeliness.NOT_RETURNED: 0,
    Timeliness.NOT_ACCEPTED: 1,
    Timeliness.PARTIAL: 2,
    Timeliness.LATE: 3,
    Timeliness.EXTENDED: 4,
    Timeliness.ON_TIME: 5,
}


def write_returns(page: Page, facts: Facts, contents: BookContents, top: int) -> int:
    """Write who has not returned, or late, or must correct something; return the first row after it."""
    wanting = [r for r in facts.returns if r.is_owed and (r.state is not Timeliness.ON_TIME or r.errors)]
    wanting.sort(key=lambda r: (_RETURN_RANK[r.state], r.task_force.code))
    title = "未报、迟报和待更正"
    if len(wanting) > _MOST and len(facts.data.owed_periods) > 1:
        title += f"（共{len(wanting)}份，列前{_MOST}份）"
    elif len(wanting) > _MOST:
        title += f"（共{len(wanting)}个专班，列前{_MOST}个）"
    section(page, top, RIGHT, title)
    header(page, top + 1, _RETURN_SPANS, ("专班", "工程", "牵头单位", "报送"))
    table = contents["returns"]
    for row, line in enumerate(wanting[:_MOST], top + 2):
        cells(page, row, _RETURN_SPANS, _return(facts, line), table.place(facts.returns.index(line)))
    if not wanting:
        nothing(page, top + 2, RIGHT, "应报专班全部按时报送，没有待更正的错误。")
    return top + 2 + max(1, len(wanting[:_MOST]))


def _return(facts: Facts, line: ReturnLine) -> Cells:
    parts: list[str] = []
    if len(facts.data.owed_periods) > 1:
        parts.append(line.period.paper_name)
    if line.state is Timeliness.LATE:
        parts.append(returned_in_words(line, facts))
    else:
        parts.append(line.state.label)
    if line.errors:
        parts.append(f"待更正{line.errors}处")
    return [
        (line.task_force.code, LINKED),
        (line.task_force.name, SMALL),
        (facts.data.units(line.task_force.lead), SMALL),
        ("，".join(parts), {**CENTER, **state_style(line.state), "font_size": 9}),
    ]


def section(page: Page, row: int, span: tuple[int, int], title: str) -> None:
    """Write the title of a part of the page."""
    page.merge(row, span, style.SECTION)
    page.write(row, span[0], title, style.SECTION)
    page.grow(row, 20)


def fitting(text: str, span: tuple[int, int]) -> str:
    """Return as much of a small text as fits on one line of merged cells; the row behind it has it all."""
    return style.fitted(text, span_width(*span), 9)


def nothing(page: Page, row: int, span: tuple[int, int], text: str) -> None:
    """Say that a list is empty."""
    look = {**style.BOX, "font_color": style.MUTED}
    page.merge(row, span, look)
    page.write(row, span[0], text, look)


def header(page: Page, row: int, spans: Spans, texts: Sequence[str]) -> None:
    """Write the headers of a list."""
    cells(page, row, spans, [(text, style.HEADER) for text in texts])


def cells(page: Page, row: int, spans: Spans, cells: Cells, place: str = "") -> None:
    """Write a line of merged cells, the first of which leads to a place; grow the row to its text."""
    height = 19.5
    for n, (span, (text, look)) in enumerate(zip(spans, cells, strict=True)):
        page.merge(row, span, look)
        if n == 0 and place:
            page.link(row, span[0], place, look)
        page.write(row, span[0], text, look)
        size = look.get("font_size")
        if not isinstance(size, int):
            size = 10
        height = max(height, style.text_height(text, span_width(*span), size))
    page.grow(row, height)
