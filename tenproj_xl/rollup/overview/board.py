"""Page one, at the bottom: the board of task forces in the document's order; numbers lead to their rows."""

from collections.abc import Mapping, Sequence
from operator import attrgetter

from tenproj_xl.core.cells import address, letters
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.excel import style
from tenproj_xl.model.plan import TaskForce
from tenproj_xl.rollup.drawing.counts import Counter
from tenproj_xl.rollup.drawing.page import Page
from tenproj_xl.rollup.drawing.sheet_spec import BookContents
from tenproj_xl.rollup.drawing.state_colours import state_style
from tenproj_xl.rollup.facts.model import Facts, Tally
from tenproj_xl.rollup.facts.returns import ReturnLine, Timeliness
from tenproj_xl.rollup.overview.grid import (
    CENTER,
    FIRST_NUMBER,
    LINE,
    SECTION_HEIGHT,
    write_section,
)
from tenproj_xl.rollup.overview.lists import NONE, conveners
from tenproj_xl.rollup.sheets import league

_CODE, _NAME, _THIRD, _LEAD = range(FIRST_NUMBER)
SELF_DECLARED = "*"
"""Stands behind a number of tasks whose progress is their units' word alone."""


@dataclass(frozen=True)
class Number:
    """A column: the name of its number, its header, and the fill of those that are not 0."""

    name: str
    header: str
    fill: str = ""


GROUPS: Mapping[str, Sequence[Number]] = {
    "指标：可比序时": (
        Number("on_track", "达序时", style.GREEN),
        Number("slow", "略滞后", style.YELLOW),
        Number("lagging", "滞后", style.RED),
    ),
    "应报": (Number("missing", "未报", style.GREY),),
    "指标：到期": (
        Number("met", "达标", style.GREEN),
        Number("missed", "未达标", style.DEEP),
        Number("pending", "待核定", style.BLUE),
    ),
    "暂不": (Number("unjudged", "评价"),),
    "任务": (
        Number("tasks_on_time", "序时", style.GREEN),
        Number("tasks_soon", "临近", style.YELLOW),
        Number("tasks_behind", "滞后", style.RED),
        Number("tasks_overdue", "逾期", style.DEEP),
        Number("tasks_missing", "未报", style.GREY),
    ),
    "问题": (
        Number("issues_in_time", "办理中"),
        Number("issues_overdue", "逾期", style.DEEP),
    ),
}
"""The numbers of each kind; those of indicators add up to all of them."""
COLUMNS: Mapping[str, tuple[int, Number]] = {
    number.name: (n, number)
    for n, number in enumerate((number for group in GROUPS.values() for number in group), FIRST_NUMBER)
}
"""Where each number stands."""
_RETURNED = FIRST_NUMBER + len(COLUMNS)


def board_height(facts: Facts) -> float:
    """Return how high it is: a title, two rows of headers, a row for each task force and one for all."""
    return SECTION_HEIGHT + 2 * LINE + LINE * (len(facts.involved) + 1)


def first_row(top: int) -> int:
    """Return the board's first row of data."""
    return top + 3


def total_row(facts: Facts, top: int) -> int:
    """Return the row with the numbers of the whole district."""
    return first_row(top) + len(facts.involved)


def write_board(page: Page, facts: Facts, contents: BookContents, top: int, number: str = "四") -> int:
    """Write the board from a row on; return the first row after it."""
    counter = Counter(contents)
    write_section(page, top, f"{number}、各专班进展（按方案顺序；点数字看是哪几项）")
    _write_header(page, top + 1, _third_header(facts))
    for row, task_force in enumerate(facts.involved, first_row(top)):
        _write_row(page, row, facts, counter, task_force)
        if facts.league:
            _write_rank(page, row, facts, task_force, contents)
        _write_returned(page, row, facts, task_force, contents)
        page.grow(row, LINE)
    row = total_row(facts, top)
    _write_total(page, row, facts, counter)
    _colour(page, first_row(top), row)
    return row + 1


def _third_header(facts: Facts) -> str:
    """Return the header of the third column: ranks in a month and wider, else who convenes."""
    if facts.league:
        return "名次（得分）"
    return "召集人"


def _write_rank(page: Page, row: int, facts: Facts, task_force: TaskForce, contents: BookContents) -> None:
    """Write rank and score as a formula over the league table's."""
    n, line = next((n, line) for n, line in enumerate(facts.league) if line.task_force == task_force)
    if line.rank is None or line.score is None:
        page.write(row, _THIRD, league.UNRANKED, CENTER)
        return
    table = contents["league"]
    place = table.place(n)
    sheet, _, cell = place.partition("!")
    rank, score = (f"{sheet}!{letters(table.column(name))}{cell[1:]}" for name in ("rank", "score"))
    page.link(row, _THIRD, place, CENTER)
    page.formula(row, _THIRD, f'={rank}&"（"&{score}&"）"', f"{line.rank}（{line.score:g}）", CENTER)


def _write_header(page: Page, row: int, third: str) -> None:
    heads = {_CODE: "专班", _NAME: "工程", _THIRD: third, _LEAD: "牵头单位", _RETURNED: "本期报送"}
    for column, text in heads.items():
        page.merge(row, (column, column), style.HEADER, rows=2)
        page.write(row, column, text, style.HEADER)
    first = FIRST_NUMBER
    for header, numbers in GROUPS.items():
        page.merge(row, (first, first + len(numbers) - 1), style.HEADER)
        page.write(row, first, header, style.HEADER)
        first += len(numbers)
    for column, number in COLUMNS.values():
        page.write(row + 1, column, number.header, style.HEADER)
    page.grow(row, LINE)
    page.grow(row + 1, LINE)


def _write_row(page: Page, row: int, facts: Facts, counter: Counter, task_force: TaskForce) -> None:
    one_line = {**style.BOX, "text_wrap": False, "shrink": True}
    page.write(row, _CODE, task_force.code, CENTER)
    page.write(row, _NAME, task_force.name, one_line)
    page.write(row, _THIRD, conveners(task_force), {**one_line, "align": "center"})
    page.write(row, _LEAD, facts.data.units(task_force.lead), {**one_line, "align": "center"})
    look = dict(CENTER)
    if not _is_of_now(facts, task_force):
        look["font_color"] = style.MUTED
    tally, cell = facts.tally(task_force.code), f"${address(row, _CODE)}"
    for name, (column, _) in COLUMNS.items():
        number = look
        if name == "tasks_on_time" and _is_self_declared(facts, task_force):
            number = {**look, "num_format": f'0"{SELF_DECLARED}"'}
        _write_number(page, (row, column), counter, name, tally, number, (task_force.code, cell))


def _write_number(
    page: Page,
    place: tuple[int, int],
    counter: Counter,
    name: str,
    tally: Tally,
    look: Mapping[str, object],
    of: tuple[str, str] = ("", ""),
) -> None:
    code, cell = of
    row, column = place
    value: int = getattr(tally, name)
    where = counter.place(name, code)
    if where and value:
        page.link(row, column, where, look)
    page.formula(row, column, counter.formula(name, cell), value, look)


def _is_of_now(facts: Facts, task_force: TaskForce) -> bool:
    """Return whether a task force has returned anything in the period, or owed nothing."""
    returned = facts.returned_by(task_force.code)
    return not returned or any(line.current is not None for line in returned)


def _is_self_declared(facts: Facts, task_force: TaskForce) -> bool:
    lines = [line for line in facts.tasks if line.task_force.code == task_force.code]
    return any(not line.is_dated for line in lines)


def _write_returned(
    page: Page, row: int, facts: Facts, task_force: TaskForce, contents: BookContents
) -> None:
    """Write how the task force returned in the period."""
    returned = facts.returned_by(task_force.code)
    if not returned:  # no week of the period owed any
        page.write(row, _RETURNED, NONE, CENTER)
        return
    text = _over_periods(returned)
    if len(returned) == 1:
        text = _in_words(returned[0])
    look = {**CENTER, **state_style(returned[0].state), "text_wrap": False, "shrink": True}
    place = contents["returns"].place_of(lambda line: line.task_force.code == task_force.code)
    page.link(row, _RETURNED, place, look)
    page.write(row, _RETURNED, text, look)


def _in_words(line: ReturnLine) -> str:
    """Return how a return came: `按时，待更正1处`, `迟报2天`, `未报`."""
    parts = [line.state.label]
    if line.state is Timeliness.LATE:
        parts = [f"{line.state.label}{line.days_late}天"]
    if line.errors and line.is_in:
        parts.append(f"待更正{line.errors}处")
    return "，".join(parts)


def carried_in_words(facts: Facts) -> str:
    """Return when those last reported who have not returned: `08、09专班第42周`, "" for nobody."""
    carried: dict[str, list[str]] = {}
    for task_force in facts.involved:
        lines = [line for line in facts.tasks if line.task_force.code == task_force.code and line.status_row]
        newest = max(lines, key=attrgetter("status_row.order"), default=None)
        if newest and newest.carried and not _is_of_now(facts, task_force):
            carried.setdefault(newest.carried, []).append(task_force.code)
    return "，".join(f"{'、'.join(codes)}专班{since}" for since, codes in carried.items())


def _over_periods(lines: Sequence[ReturnLine]) -> str:
    """Return how often the returns came in time: `按时3/4次`."""
    in_time = sum(line.state is Timeliness.ON_TIME for line in lines)
    return f"{Timeliness.ON_TIME.label}{in_time}/{len(lines)}次"


def _write_total(page: Page, row: int, facts: Facts, counter: Counter) -> None:
    look = {**CENTER, "bold": True, "bg_color": style.PALE}
    page.merge(row, (_CODE, _LEAD), look)
    page.write(row, _CODE, "合　计", look)
    for name, (column, _) in COLUMNS.items():
        _write_number(page, (row, column), counter, name, facts.headline, look)
    headline = facts.headline
    parts = (("应报", "owed", headline.owed), ("，已报", "returned", headline.returned))
    formula = "=" + "&".join(f'"{word}"&{counter.formula(name).removeprefix("=")}' for word, name, _ in parts)
    value = "".join(f"{word}{number}" for word, _, number in parts)
    page.formula(row, _RETURNED, formula, value, look)
    page.grow(row, LINE)


def _colour(page: Page, first: int, last: int) -> None:
    """Colour numbers that are not 0, and let those that are step back."""
    nought = page.book.format({"font_color": "#A6A6A6", "bold": False})
    for column, number in COLUMNS.values():
        rule = {"type": "cell", "criteria": "==", "value": 0, "format": nought}
        page.sheet.conditional_format(first, column, last, column, rule)
        if number.fill:
            rule = {
                "type": "cell",
                "criteria": ">",
                "value": 0,
                "format": page.book.file.add_format({"bg_color": number.fill}),
            }
            page.sheet.conditional_format(first, column, last, column, rule)
