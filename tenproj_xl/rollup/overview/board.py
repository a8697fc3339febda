"""Page one, upper left: the board of task forces in the order of the plan, ranked where there is a league."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tenproj_xl.core.cells import Value, address, letters
from tenproj_xl.excel import style
from tenproj_xl.model.plan import TaskForce
from tenproj_xl.rollup.drawing.counts import Counter
from tenproj_xl.rollup.drawing.page import Page
from tenproj_xl.rollup.drawing.sheet_spec import BookContents
from tenproj_xl.rollup.drawing.state_colours import state_style
from tenproj_xl.rollup.drawing.table import RowLink
from tenproj_xl.rollup.facts.league import LeagueLine
from tenproj_xl.rollup.facts.model import Facts, Tally
from tenproj_xl.rollup.facts.returns import ReturnLine, Timeliness
from tenproj_xl.rollup.overview.grid import LEFT, span_width
from tenproj_xl.rollup.sheets import league

RANK, CODE, NAME, LEAD, SCORE, RETURNED = 1, 2, 3, 4, 5, 22
NO_LIGHT = "—"


@dataclass(frozen=True)
class Number:
    """A column: the name of its number, its header, and the fill of those that are not 0."""

    name: str
    header: str
    fill: str = ""


@dataclass(frozen=True)
class Group:
    """Numbers of one kind behind their light: the word of the first number in `lights` that is not 0."""

    header: str
    first: int
    numbers: tuple[Number, ...]
    lights: tuple[tuple[str, str, str], ...]

    @property
    def last(self) -> int:
        """The last column."""
        return self.first + len(self.numbers)


GROUPS = (
    Group(
        "主要指标（项）",
        6,
        (
            Number("counted", "应评"),
            Number("on_pace", "达序时", style.GREEN),
            Number("slow", "略滞后", style.YELLOW),
            Number("behind", "滞后", style.RED),
            Number("pending", "待核定", style.BLUE),
            Number("missing", "未报", style.GREY),
        ),
        (
            ("behind", "滞后", style.RED),
            ("missing", "未报", style.GREY),
            ("slow", "略滞后", style.YELLOW),
            ("on_pace", "达序时", style.GREEN),
            ("pending", "待核定", style.BLUE),
        ),
    ),
    Group(
        "重点任务（项）",
        13,
        (
            Number("tasks_on_time", "序时", style.GREEN),
            Number("tasks_soon", "临近时限", style.YELLOW),
            Number("tasks_behind", "滞后", style.RED),
            Number("tasks_overdue", "逾期", style.DEEP),
            Number("tasks_missing", "未报", style.GREY),
        ),
        (
            ("tasks_overdue", "逾期", style.DEEP),
            ("tasks_behind", "滞后", style.RED),
            ("tasks_missing", "未报", style.GREY),
            ("tasks_soon", "临近时限", style.YELLOW),
            ("tasks_on_time", "序时", style.GREEN),
        ),
    ),
    Group(
        "问题（件）",
        19,
        (
            Number("issues_open", "在办"),
            Number("issues_overdue", "逾期", style.DEEP),
        ),
        (
            ("issues_overdue", "逾期", style.DEEP),
            ("issues_open", "在办", ""),
        ),
    ),
)
COLUMNS: Mapping[str, tuple[int, Number]] = {
    number.name: (n, number) for group in GROUPS for n, number in enumerate(group.numbers, group.first + 1)
}
"""Where each number stands."""
_ROW_HEIGHT = 21.0
_CENTER: Mapping[str, object] = {**style.BOX, "align": "center"}


def first_row(top: int) -> int:
    """Return the board's first row of data."""
    return top + 3


def write_board(page: Page, facts: Facts, contents: BookContents, top: int) -> int:
    """Write the board from a row on; return the first row after it."""
    counter = Counter(contents)
    _write_header(page, facts, top)
    ranked = {line.task_force.code: (n, line) for n, line in enumerate(facts.league)}
    for row, task_force in enumerate(facts.involved, first_row(top)):
        _write_row(page, row, facts, counter, task_force)
        if facts.league:
            n, line = ranked[task_force.code]
            _write_rank(page, row, line, contents.place(RowLink(league.SPEC.code, n)))
        _write_returned(page, row, facts, task_force, contents)
        page.grow(row, max(_ROW_HEIGHT, style.text_height(task_force.name, span_width(NAME, NAME))))
    row = first_row(top) + len(facts.involved)
    _write_total(page, row, facts, counter)
    _colour(page, first_row(top), row)
    return _write_not_involved(page, row + 1, facts)


def _write_header(page: Page, facts: Facts, top: int) -> None:
    page.merge(top, LEFT, style.SECTION)
    heading = "各专班进展"
    if facts.league:
        heading += f"（得分的算法见“{league.TITLE}”）"
    page.write(top, LEFT[0], heading, style.SECTION)
    page.grow(top, 20)
    for span, text in _heads(facts):
        page.merge(top + 1, span, style.HEADER, rows=2)
        page.write(top + 1, span[0], text, style.HEADER)
    for group in GROUPS:
        page.merge(top + 1, (group.first, group.last), style.HEADER)
        page.write(top + 1, group.first, group.header, style.HEADER)
        page.write(top + 2, group.first, "灯", style.HEADER)
    for n, number in COLUMNS.values():
        page.write(top + 2, n, number.header, {**style.HEADER, "font_size": 9})
    page.grow(top + 1, 17)
    page.grow(top + 2, 17)


def _heads(facts: Facts) -> Iterable[tuple[tuple[int, int], str]]:
    """Yield columns and headers; without a league code and lead have the room of rank and score."""
    lead = (LEAD, SCORE)
    if facts.league:
        lead = (LEAD, LEAD)
        yield (RANK, RANK), "名次"
        yield (SCORE, SCORE), "得分"
    yield (code_column(facts), CODE), "专班"
    yield (NAME, NAME), "工程"
    yield lead, "牵头单位"
    yield (RETURNED, RETURNED), "本期报送"


def code_column(facts: Facts) -> int:
    """Return the column that has the codes of the task forces."""
    if facts.league:
        return CODE
    return RANK


def _write_row(page: Page, row: int, facts: Facts, counter: Counter, task_force: TaskForce) -> None:
    code = code_column(facts)
    if not facts.league:
        page.merge(row, (RANK, CODE), _CENTER)
        page.merge(row, (LEAD, SCORE), style.BOX)
    page.write(row, code, task_force.code, _CENTER)
    page.write(row, NAME, task_force.name, style.BOX)
    lead = {**style.BOX, "shrink": True, "text_wrap": False}
    page.write(row, LEAD, facts.data.units(task_force.lead), lead)
    of = f"${address(row, code)}"
    _write_numbers(page, row, facts.tally(task_force.code), counter, (task_force.code, of))


def _write_returned(
    page: Page, row: int, facts: Facts, task_force: TaskForce, contents: BookContents
) -> None:
    """Write how the task force returned in the period."""
    code = task_force.code
    returned = facts.returned_by(code)
    if not returned:  # no week of the period owed any
        page.write(row, RETURNED, NO_LIGHT, _CENTER)
        return
    text = _over_weeks(returned)
    if len(returned) == 1:
        text = returned_in_words(returned[0], facts)
    look = {**style.BOX, **state_style(returned[0].state), "align": "center"}
    page.link(row, RETURNED, contents["returns"].place_of(lambda r: r.task_force.code == code), look)
    page.write(row, RETURNED, text, look)


def _write_rank(page: Page, row: int, line: LeagueLine, place: str) -> None:
    """Write rank and score as formulas over the league table's."""
    look = {**style.BOX, "align": "center"}
    sheet, _, cell = place.partition("!")
    number = cell[1:]
    rank: Value = line.rank
    if line.rank is None:
        rank = league.UNRANKED
    page.link(row, RANK, place, look)
    page.formula(row, RANK, f"={sheet}!A{number}", rank, look)
    look = {**look, "font_name": style.HEAD, "font_size": 11, "num_format": "0.0"}
    score: Value = line.score
    if line.score is None:
        score = NO_LIGHT
    page.link(row, SCORE, place, look)
    page.formula(row, SCORE, f"={sheet}!{league.SCORE}{number}", score, look)


def returned_in_words(line: ReturnLine, facts: Facts) -> str:
    """Return the state of a return and when it came: `按时 11-27 16:20`, `迟报2天 11-29 09:00`."""
    if line.first is None:
        return line.state.label
    state = line.state.label
    if line.state is Timeliness.LATE:
        state += f"{line.days_late}天"
    return f"{state} {facts.data.clock(line.first.received_at)[5:]}"


def _over_weeks(lines: Sequence[ReturnLine]) -> str:
    """Return how often the returns came in time: `按时3/4次`."""
    in_time = sum(line.state is Timeliness.ON_TIME for line in lines)
    return f"{Timeliness.ON_TIME.label}{in_time}/{len(lines)}次"


def _write_numbers(
    page: Page, row: int, tally: Tally, counter: Counter, of: tuple[str, str] = ("", "")
) -> None:
    """Write the numbers and lights of a task force, by its code and where that stands, or of all."""
    code, cell = of
    look = {**_CENTER}
    if not code:
        look = {**_CENTER, "bold": True, "bg_color": style.PALE}
    for name, (n, _) in COLUMNS.items():
        page.link(row, n, counter.place(name, code), {**look, "font_size": 11})
        page.formula(row, n, counter.formula(name, cell), getattr(tally, name), {**look, "font_size": 11})
    for group in GROUPS:
        page.formula(row, group.first, _light_formula(group, row), light_of(group, tally), look)


def _light_formula(group: Group, row: int) -> str:
    formula = f'"{NO_LIGHT}"'
    for name, word, _ in reversed(group.lights):
        formula = f'IF({letters(COLUMNS[name][0])}{row + 1}>0,"{word}",{formula})'
    return f"={formula}"


def light_of(group: Group, tally: Tally) -> str:
    """Return the word of a group's light: that of the worst there is."""
    return next((word for name, word, _ in group.lights if getattr(tally, name)), NO_LIGHT)


def _write_total(page: Page, row: int, facts: Facts, counter: Counter) -> None:
    look = {**style.BOX, "align": "center", "bold": True, "bg_color": style.PALE}
    page.merge(row, (RANK, SCORE), look)
    page.write(row, RANK, "全　区", look)
    _write_numbers(page, row, facts.headline, counter)
    headline = facts.headline
    parts = (("已报", "returned", headline.returned), ("，其中迟报", "late", headline.late))
    formula = "=" + "&".join(f'"{word}"&{counter.formula(name).removeprefix("=")}' for word, name, _ in parts)
    page.formula(row, RETURNED, formula, "".join(f"{word}{number}" for word, _, number in parts), look)
    page.grow(row, _ROW_HEIGHT)


def _colour(page: Page, first: int, last: int) -> None:
    """Colour lights and numbers that are not 0, and let those that are step back."""
    nought = page.book.format({"font_color": "#A6A6A6", "bold": False})
    for n, number in COLUMNS.values():
        rule = {"type": "cell", "criteria": "==", "value": 0, "format": nought}
        page.sheet.conditional_format(first, n, last, n, rule)
        if number.fill:
            _rule(page, (first, last, n), ">", 0, number.fill)
    for group in GROUPS:
        for _, word, fill in group.lights:
            if fill:
                _rule(page, (first, last, group.first), "==", f'"{word}"', fill)


def _rule(page: Page, place: Sequence[int], criteria: str, value: object, fill: str) -> None:
    first, last, column = place
    rule = {
        "type": "cell",
        "criteria": criteria,
        "value": value,
        "format": page.book.file.add_format({"bg_color": fill}),
    }
    page.sheet.conditional_format(first, column, last, column, rule)


def _write_not_involved(page: Page, row: int, facts: Facts) -> int:
    look = {"font_size": 9, "font_color": style.MUTED, "text_wrap": True}
    page.merge(row, LEFT, look)
    text = _not_involved(facts)
    page.write(row, LEFT[0], text, look)
    page.grow(row, style.text_height(text, span_width(*LEFT), 9))
    return row + 1


def _not_involved(facts: Facts) -> str:
    legend = "灯取该类中最差的一项；达序时含达标，滞后含未达标，序时含已完成。"
    if not facts.not_involved:
        return legend
    names = "；".join(f"{t.code} {t.name}" for t in facts.not_involved)
    codes = {t.code for t in facts.not_involved}
    extra = sum(i.is_open and i.task_force.code in codes for i in facts.issues)
    more = ""
    if extra:
        more = f"（另有在办问题{extra}件，已计入全区数）"
    return f"不涉及、不评价：{names}{more}。{legend}"
