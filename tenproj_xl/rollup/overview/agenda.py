"""The sheet 议程: what the liaison meeting goes through, on one or two sheets of A4 across.

From top to bottom: what became of what meetings agreed on, what superiors are asked for, what turned for the
worse, what is to be decided. Page one follows without any of it.
"""

from collections.abc import Iterable, Mapping, Sequence

from tenproj_xl.core.cells import Value
from tenproj_xl.core.days import short_day
from tenproj_xl.excel import style
from tenproj_xl.rollup.drawing.on_paper import WholePage
from tenproj_xl.rollup.drawing.page import Page
from tenproj_xl.rollup.drawing.row_links import row_links
from tenproj_xl.rollup.drawing.sheet_spec import (
    BookContents,
    Chapter,
    Explanation,
    SheetSpec,
    Tab,
    explained,
)
from tenproj_xl.rollup.drawing.state_colours import state_style
from tenproj_xl.rollup.facts.agenda import ResolutionLine, decisions, resolution_lines, standing_in_words
from tenproj_xl.rollup.facts.changes import change_lines
from tenproj_xl.rollup.facts.editions import MEETING
from tenproj_xl.rollup.facts.issues import units_of_issue
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.summary import other_changes_in_words
from tenproj_xl.rollup.facts.turned import turned_lines
from tenproj_xl.rollup.overview.grid import (
    CENTER,
    LAST,
    LINE,
    MUTED,
    ROOM,
    SECTION_HEIGHT,
    WHOLE,
    WIDTHS,
    Row,
    Spans,
    fitting,
    span_width,
    write_nothing,
    write_section,
)
from tenproj_xl.rollup.overview.lists import NONE, List, asks, turned, write_list
from tenproj_xl.rollup.overview.title import TITLE_HEIGHT, write_title
from tenproj_xl.rollup.sheets import asks as asks_sheet
from tenproj_xl.rollup.sheets import indicators, issues, tasks

_TITLE = "议程"
_A4 = 9
_SCALE = 85
"""The scale at which `ROOM` is reckoned."""
_SIZE, _LINE_OF_TEXT = 10.5, 15.0
_HEAD = TITLE_HEIGHT + 15.0
_PAGES = 2
_MOST_LINES = 4
"""How many lines of text an item may have."""
_MOST, _LEAST = 10, 3
"""How many lines of asks and of what turned there are at most and at least, where there are so many."""
_ROOM_GIVEN = (
    *((_MOST, of_turned) for of_turned in range(_MOST, _LEAST - 1, -1)),
    *((of_asks, _LEAST) for of_asks in range(_MOST - 1, _LEAST - 1, -1)),
)
"""How many asks and lines that turned may be shown, fewer each time."""
_LED_TO = (asks_sheet.SPEC, indicators.SPEC, issues.SPEC, tasks.SPEC)
"""The sheets that its lines lead to."""
_SPANS: Spans = ((0, 0), (1, 2), (3, 6), (7, 9), (10, 12), (13, 19))
_HEADERS = ("落实", "议定事项", "会议", "责任单位", "完成时限", "单位最近一次反馈")


def _write(page: Page, facts: Facts, contents: BookContents) -> None:
    """Write the page from top to bottom."""
    for n, width in enumerate(WIDTHS):
        page.sheet.set_column(n, n, width)
    decided = decisions(facts)
    others = _other_changes(facts)
    lists = _fitting_lists(facts, contents)
    _write_head(page, facts)
    top, breaks = 2, _Breaks()
    for made in lists:
        breaks.add(top, made.height)
        top = write_list(page, top, made)
    if others:
        breaks.add(top, _height(others))
        _write_sentence(page, top, others)
        top += 1
    breaks.add(top, _height_of_texts(decided))
    write_section(page, top, "四、请会议决定")
    for number, sentence in enumerate(decided, 1):
        _write_sentence(page, top + number, f"{number}. {sentence}")
    if not decided:
        write_nothing(page, top + 1, "没有要请会议决定的事项。")
    _set_up(page, facts, top + max(1, len(decided)), breaks.rows)


class _Breaks:
    """Where pages end: a part that does not fit on the page begins the next one."""

    def __init__(self, parts: Iterable[float] = ()) -> None:
        self.rows: list[int] = []
        self._used = _HEAD
        for row, height in enumerate(parts):
            self.add(row, height)

    def add(self, row: int, height: float) -> None:
        """Add a part that begins in a row."""
        if self._used + height > ROOM:
            self.rows.append(row)
            self._used = 0.0
        self._used += height

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return 1 + len(self.rows)


def _pages(facts: Facts) -> int:
    """Return how many pages it takes."""
    lists = _fitting_lists(facts, BookContents(_LED_TO, facts))
    return _Breaks(_heights(facts, lists)).pages


def _heights(facts: Facts, lists: Sequence[List]) -> Sequence[float]:
    """Return how high each part is, from top to bottom."""
    others = _other_changes(facts)
    texts = [_height(others)] if others else []
    return [*(made.height for made in lists), *texts, _height_of_texts(decisions(facts))]


def _fitting_lists(facts: Facts, contents: BookContents) -> Sequence[List]:
    """Return the lists, with as many lines as the paper holds: what turned gives way first, then asks."""
    first = _fitting_resolutions(facts, contents)
    told = {line.issue.code for line in resolution_lines(facts)}
    lines = [line for line in turned_lines(facts, change_lines(facts)) if line.code not in told]
    for of_asks, of_turned in _ROOM_GIVEN:
        lists = (
            first,
            asks(facts, contents, of_asks, "二"),
            turned(facts, contents, lines, of_turned, "三"),
        )
        if _Breaks(_heights(facts, lists)).pages <= _PAGES:
            break
    return lists


def _fitting_resolutions(facts: Facts, contents: BookContents) -> List:
    """Return what meetings agreed on, as many lines as a page holds."""
    lines = resolution_lines(facts)
    made = _resolutions(facts, contents, lines, len(lines))
    shown = len(lines)
    while made.height > ROOM - _HEAD and shown > 1:
        shown -= 1
        made = _resolutions(facts, contents, lines, shown)
    return made


def _height_of_texts(sentences: Sequence[str]) -> float:
    return SECTION_HEIGHT + sum(map(_height, filter(None, sentences))) + LINE


def _other_changes(facts: Facts) -> str:
    others = other_changes_in_words(facts)
    if not others:
        return ""
    return f"另有{others}，见“本期变化”。"


# --- what became of what was agreed on


def _resolutions(facts: Facts, contents: BookContents, lines: Sequence[ResolutionLine], most: int) -> List:
    """Return what meetings agreed on and what became of it, at most so many of its lines."""
    title = "一、上次议定事项落实情况"
    if lines:
        title += f"（{standing_in_words(lines)}）"
    if len(lines) > most:
        title = title.removesuffix("）") + f"；另有{len(lines) - most}件见“问题销号”）"
    links = row_links(facts)
    rows = []
    for line in lines[:most]:
        link = links.get(line.issue.code)
        place = contents.place(link) if link else ""
        rows.append(Row(_resolution(facts, line), place, _MOST_LINES))
    nothing = "没有以前会议的议定事项。"
    return List(title, _SPANS, _HEADERS, rows, nothing)


def _resolution(facts: Facts, line: ResolutionLine) -> Sequence[tuple[Value, Mapping[str, object]]]:
    issue, item = line.issue, line.item
    words, look = line.last_words, dict(style.BOX)
    if not words:
        words, look = "（单位尚无反馈）", {**style.BOX, "font_color": style.MUTED}
    units, year = "、".join(units_of_issue(issue, facts.data)), facts.data.year
    return [
        (issue.state.label, {**CENTER, "bold": True, **state_style(issue.state)}),
        (_fitting(f"{issue.code} {issue.text('description')}", 1), style.BOX),
        (_fitting(f"{short_day(item.held_on, year)} {item.meeting}", 2), CENTER),
        (_fitting(f"{issue.task_force.code}专班 {units}", 3), CENTER),
        (_deadline(line, year), CENTER),
        (_fitting(words, 5), look),
    ]


def _fitting(text: str, column: int) -> str:
    return fitting(text, _SPANS[column], _MOST_LINES)


def _deadline(line: ResolutionLine, year: int) -> str:
    """Return the day of sign-off, else the deadline and the days past it: `12-20销号`, `2026-12-20 超9天`."""
    issue = line.issue
    if issue.signed_on:
        return f"{short_day(issue.signed_on, year)}销号"
    if issue.due_on is None:
        return NONE
    said = f"{issue.due_on:%Y-%m-%d}"
    if issue.days_over:
        said += f" 超{issue.days_over}天"
    return said


# --- head and sentences


def _write_head(page: Page, facts: Facts) -> None:
    data = facts.data
    write_title(page, f"{data.title}　{_TITLE}　{data.period.paper_label}", data)
    page.merge(1, WHOLE, MUTED)
    until = f"情况截至{data.day.month}月{data.day.day}日"
    said = (until, data.version_line, data.plan.programme.whom_to_ask, "点行首看明细；整体进展见“总览”")
    page.write(1, 0, "｜".join(said), MUTED)
    page.grow(1, 15)


def _write_sentence(page: Page, row: int, text: str) -> None:
    look = {"font_size": _SIZE, "font_color": style.INK, "text_wrap": True}
    page.merge(row, WHOLE, look)
    page.write(row, 0, text, look)
    page.grow(row, _height(text))


def _height(text: str) -> float:
    return style.line_count(text, span_width(*WHOLE), _SIZE) * _LINE_OF_TEXT + 2


def _set_up(page: Page, facts: Facts, last: int, breaks: Sequence[int]) -> None:
    page.print_setup(f"{facts.data.title}　{facts.data.period.paper_label}", one_page=False)
    page.sheet.set_print_scale(_SCALE)  # not fitted to pages, or breaks would be ignored
    page.sheet.set_paper(_A4)
    page.sheet.set_margins(left=0.3, right=0.3, top=0.3, bottom=0.5)
    if breaks:
        page.sheet.set_h_pagebreaks(list(breaks))
    page.sheet.print_area(0, 0, last, LAST)
    page.sheet.set_first_sheet()
    page.sheet.activate()


def _explanations(_: Facts) -> Sequence[Explanation]:
    return (
        explained(
            "议定事项",
            "会后由办公室录入，编为来源是会议交办的问题，按问题评价。",
            "最近一次会议的都列；以前会议的列未销号的，和最近一次会议之后销号的。",
            "反馈是单位填报的进展情况，以前报的注明是哪一周报的。",
        ),
    )


SPEC = SheetSpec(
    code="agenda",
    title=_TITLE,
    order=5,
    tab=Tab.SUMMARY,
    opens=(MEETING,),
    only_in=(MEETING,),
    write=_write,
    paper=WholePage(_pages),
    explanations=_explanations,
    chapter=Chapter.DECISIONS,
)
