"""The sheet 总览: the one page that leaders read, on one sheet of A4 across.

From top to bottom: title; 总体, 变化 and 请定 in a paragraph each; what superiors are asked for; what turned
and what lags; the core indicators; the board of task forces. Lists give way so that all of it keeps its size.
"""

from collections.abc import Iterator, Sequence

from tenproj_xl.core.cells import address
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.excel import style
from tenproj_xl.model.calendar import CALLED_OFF
from tenproj_xl.rollup.drawing.counts import Counter
from tenproj_xl.rollup.drawing.on_paper import WholePage
from tenproj_xl.rollup.drawing.page import Page
from tenproj_xl.rollup.drawing.sheet_spec import BookContents, SheetSpec, Tab
from tenproj_xl.rollup.facts.breakdown import due_years, passed_targets, reasons_in_words
from tenproj_xl.rollup.facts.changes import change_lines
from tenproj_xl.rollup.facts.editions import EDITIONS, MEETING
from tenproj_xl.rollup.facts.gaps import unanswered
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.summary import changes_in_words, decisions_in_words
from tenproj_xl.rollup.facts.turned import turned_lines
from tenproj_xl.rollup.overview.board import (
    COLUMNS,
    SELF_DECLARED,
    board_height,
    carried_in_words,
    total_row,
    write_board,
)
from tenproj_xl.rollup.overview.edition_line import edition_line, write_edition_line
from tenproj_xl.rollup.overview.grid import (
    LAST,
    LINE,
    MUTED,
    ROOM,
    TITLE,
    WHOLE,
    WIDTHS,
    height_of,
    span_width,
)
from tenproj_xl.rollup.overview.lists import SHARE, SUGGESTED, List, asks, core, turned, write_list
from tenproj_xl.rollup.overview.pointers import write_pointers
from tenproj_xl.rollup.overview.title import TITLE_HEIGHT, write_title
from tenproj_xl.rollup.sheets import gaps, returns

_A4 = 9
_SIZE, _LINE_OF_TEXT = 10.5, 15.0
_NUMBERS = "一二三四"
_MOST_CORE, _MOST, _LEAST = 8, 5, 3
"""How many core indicators, how many lines of another list at most, and how many of each at least."""
_NOT_ASKED = "没有应报的期"
_ON_ONE_PAGE = 12
"""With more task forces than this the board has a page of its own."""


@dataclass(frozen=True)
class _Text:
    """A paragraph: its text, and where it has live numbers the formula that gives it."""

    text: str
    formula: str = ""

    @property
    def height(self) -> float:
        """How high it is."""
        return style.line_count(self.text, span_width(*WHOLE), _SIZE) * _LINE_OF_TEXT + 2


def _write(page: Page, facts: Facts, contents: BookContents) -> None:
    """Write the page from top to bottom."""
    for n, width in enumerate(WIDTHS):
        page.sheet.set_column(n, n, width)
    news = _news(facts)
    lists = _fitting_lists(facts, contents, news)
    top = 2
    paragraphs = 1 + len(news) + bool(edition_line(facts))
    board = top + paragraphs + sum(2 + max(1, len(made.rows)) for made in lists)
    _write_head(page, facts)
    for text in (_overall(facts, contents, total_row(facts, board)), *news):
        _write_paragraph(page, top, text)
        top += 1
    if edition_line(facts):
        write_edition_line(page, facts, top)
        top += 1
    for made in lists:
        top = write_list(page, top, made)
    _write_bars(page, lists[-1], top)
    _write_foot(page, facts, write_board(page, facts, contents, top, _NUMBERS[len(lists)]))
    last = total_row(facts, board) + 1
    _set_up(page, facts, last, board)
    write_pointers(page, contents, last + 2)


def _fitting_lists(facts: Facts, contents: BookContents, news: Sequence[_Text]) -> Sequence[List]:
    """Return the lists, with as many lines as the paper holds."""
    other = TITLE_HEIGHT + _height_under(facts) + _foot_height(facts)
    other += sum(text.height for text in (_overall(facts, contents, 0), *news))
    other += LINE * bool(edition_line(facts))
    if _is_on_one_page(facts):
        other += board_height(facts)
    if _has_agenda(facts):
        return (core(facts, contents, _MOST_CORE, "一"),)
    lines = turned_lines(facts, change_lines(facts))
    for of_asks, of_turned, of_core in _room_given():
        lists = (
            asks(facts, contents, of_asks),
            turned(facts, contents, lines, of_turned),
            core(facts, contents, of_core),
        )
        if other + sum(made.height for made in lists) <= ROOM:
            break
    return lists


def _room_given() -> Iterator[tuple[int, int, int]]:
    """Yield how many asks, lines that turned and core indicators may be shown, fewer each time."""
    for of_core in range(_MOST_CORE, _MOST - 1, -1):
        yield _MOST, _MOST, of_core
    for of_turned in range(_MOST - 1, _LEAST - 1, -1):
        yield _MOST, of_turned, _MOST
    for of_core in range(_MOST - 1, _LEAST - 1, -1):
        yield _MOST, _LEAST, of_core
    for of_asks in range(_MOST - 1, _LEAST - 1, -1):
        yield of_asks, _LEAST, _LEAST
    for least in (_LEAST, _LEAST - 1):
        yield _LEAST, least, _LEAST - 1


def _has_agenda(facts: Facts) -> bool:
    """Return whether 议程 comes first, which tells what turned, what is asked for and to be decided."""
    return facts.data.release.edition is MEETING


def _is_on_one_page(facts: Facts) -> bool:
    return len(facts.involved) <= _ON_ONE_PAGE


def _set_up(page: Page, facts: Facts, last: int, board: int) -> None:
    page.print_setup(f"{facts.data.title}　{facts.data.period.paper_label}", one_page=True)
    page.sheet.set_paper(_A4)
    page.sheet.set_margins(left=0.3, right=0.3, top=0.3, bottom=0.5)
    if not _is_on_one_page(facts):
        page.sheet.fit_to_pages(1, 2)
        page.sheet.set_h_pagebreaks([board])
    page.sheet.print_area(0, 0, last, LAST)
    if not _has_agenda(facts):
        page.sheet.set_first_sheet()
        page.sheet.activate()


def _write_head(page: Page, facts: Facts) -> None:
    data = facts.data
    write_title(page, f"{data.title}　{data.period.paper_label}", data)
    page.merge(1, WHOLE, MUTED)
    page.write(1, 0, _under(data), MUTED)
    page.grow(1, _height_under(facts))


def _under(data: RollupInput) -> str:
    """Return the line under the title."""
    said = (_dates(data), data.version_line, data.plan.programme.whom_to_ask, "点数字看是哪几项")
    return "｜".join(said)


def _height_under(facts: Facts) -> float:
    return height_of(style.line_count(_under(facts.data), span_width(*WHOLE), 10)) + 1


def _dates(data: RollupInput) -> str:
    if not data.is_wide:
        if data.is_called_off:
            return CALLED_OFF
        return f"报送截止 {data.clock(data.settings.deadline(data.period))}"
    return f"{_periods(data)}，评价日 {data.day:%Y-%m-%d}，{data.data_until}"


def _periods(data: RollupInput) -> str:
    if not data.periods:
        return _NOT_ASKED
    first, last = data.periods[0].paper_name, data.last_period.paper_name
    if first == last:
        return first
    return f"{first}至{last}共{len(data.periods)}期"


# --- paragraphs


def _news(facts: Facts) -> Sequence[_Text]:
    """Return 变化 and 请定."""
    if _has_agenda(facts):
        return ()
    return (
        _Text(f"【变化】{changes_in_words(facts)}"),
        _Text(f"【请定】{decisions_in_words(facts)}"),
    )


def _overall(facts: Facts, contents: BookContents, totals: int) -> _Text:
    """Return 总体, a formula over the board's numbers, which can never say anything else than they do."""
    at = {name: address(totals, column) for name, (column, _) in COLUMNS.items()}
    made = _Live(facts, at, Counter(contents))
    made.say("【总体】").count(*_INDICATORS).say("项指标：可比序时").count(*_PACED).say("项，达序时").count(
        "on_track"
    )
    made.say("、略滞后").count("slow").say("、滞后").count("lagging").say("；到期").count(*_DUE)
    made.say(f"项{due_years(facts)}，达标").count("met").say("、未达标").count("missed").say(
        "、待核定"
    ).count("pending")
    made.say("；应报未报").count("missing").say(f"项{_why_silent(facts)}；暂不评价")
    made.count("unjudged").say(_why(facts)).say("。任务").count(*_TASKS).say("项，滞后").count(
        "tasks_behind"
    ).say("、逾期").count("tasks_overdue")
    made.say("、未报").count("tasks_missing").say(_why_silent(facts))
    made.say("；在办问题").count("issues_in_time", "issues_overdue")
    made.say("件，逾期").count("issues_overdue").say("件。")
    if facts.headline.missed_before or facts.headline.unverified:
        made.say(f"另有{passed_targets(facts)}未达标的").number("missed_before")
        made.say("项、待核定的").number("unverified")
        made.say("项，见“主要指标”的“到期目标判定”。")
    made.say(_unanswered(facts))
    if facts.headline.historic:
        made.say("历史未办结").number("historic").say("项，见“督办清单”。")
    return made.text


def _unanswered(facts: Facts) -> str:
    """Return how many figures did not come that were asked for, besides those that are 应报未报."""
    number = unanswered(facts)
    if not number or not facts.data.asked_for_returns:
        return ""
    sheet = gaps.TITLE if facts.data.is_wide else returns.TITLE
    return f"沿用旧数或暂不评价的指标中，有{number}项应报的数没有报来，见“{sheet}”。"


def _why_silent(facts: Facts) -> str:
    if facts.data.asked_for_returns:
        return ""
    return f"（{_NOT_ASKED}）"


_PACED, _DUE = ("on_track", "slow", "lagging"), ("met", "missed", "pending")
_INDICATORS = (*_PACED, *_DUE, "missing", "unjudged")
_TASKS = tuple(name for name in COLUMNS if name.startswith("tasks_"))


def _why(facts: Facts) -> str:
    reasons = reasons_in_words(facts)
    if not reasons:
        return "项"
    return f"项（{reasons}）"


class _Live:
    """A text and the formula that gives it, part by part."""

    def __init__(self, facts: Facts, at: dict[str, str], counter: Counter) -> None:
        self._facts, self._at, self._counter = facts, at, counter
        self._texts: list[str] = []
        self._formulas: list[str] = []

    def say(self, words: str) -> "_Live":
        """Add words."""
        quoted = words.replace('"', '""')
        self._texts.append(words)
        self._formulas.append(f'"{quoted}"')
        return self

    def count(self, *names: str) -> "_Live":
        """Add the sum of some of the board's numbers."""
        self._texts.append(str(sum(int(getattr(self._facts.headline, name)) for name in names)))
        self._formulas.append(f"({'+'.join(self._at[name] for name in names)})")
        return self

    def number(self, name: str) -> "_Live":
        """Add a number that the board does not have."""
        self._texts.append(str(getattr(self._facts.headline, name)))
        self._formulas.append(self._counter.formula(name).removeprefix("="))
        return self

    @property
    def text(self) -> _Text:
        """What was added."""
        return _Text("".join(self._texts), "=" + "&".join(self._formulas))


def _write_paragraph(page: Page, row: int, text: _Text) -> None:
    look = {"font_size": _SIZE, "font_color": style.INK, "text_wrap": True}
    page.merge(row, WHOLE, look)
    if text.formula:
        page.formula(row, 0, text.formula, text.text, look)
    else:
        page.write(row, 0, text.text, look)
    page.grow(row, text.height)


# --- under the lists


def _write_bars(page: Page, made: List, after: int) -> None:
    """Draw the share of the target that each core indicator has reached as a bar in its cell."""
    if not made.rows:
        return
    column = made.spans[SHARE][0]
    bar = {
        "type": "data_bar",
        "bar_color": "#9DC3E6",
        "bar_solid": True,
        "min_type": "num",
        "min_value": 0,
        "max_type": "num",
        "max_value": 1,
    }
    page.sheet.conditional_format(after - len(made.rows), column, after - 1, column, bar)


def _foot(facts: Facts) -> str:
    parts = [
        f"{SUGGESTED} 层级为单位建议，待核定；任务数后的{SELF_DECLARED}：其中有的没有节点、投资和本年时限，",
        "状态为单位自报。",
    ]
    carried = carried_in_words(facts)
    if carried:
        parts.append(f"灰色的数沿用以前报的（{carried}）。")
    aside = [task_force for task_force in facts.data.plan.task_forces if not task_force.involved]
    if aside:
        codes = {task_force.code for task_force in aside}
        extra = sum(line.is_open and line.task_force.code in codes for line in facts.issues)
        more = ""
        if extra:
            more = f"（在办问题{extra}件，已计入合计）"
        parts.append(f"{'、'.join(sorted(codes))}专班不涉及{more}。")
    return "".join(parts)


def _foot_height(facts: Facts) -> float:
    return height_of(style.line_count(_foot(facts), span_width(*WHOLE), 10))


def _write_foot(page: Page, facts: Facts, row: int) -> None:
    page.merge(row, WHOLE, MUTED)
    page.write(row, 0, _foot(facts), MUTED)
    page.grow(row, _foot_height(facts))


SPEC = SheetSpec(
    code="overview",
    title=TITLE,
    order=10,
    tab=Tab.SUMMARY,
    opens=EDITIONS,
    write=_write,
    paper=WholePage(lambda facts: 1 if _is_on_one_page(facts) else 2),
)
