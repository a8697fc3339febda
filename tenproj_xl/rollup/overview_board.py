"""Page one, upper left: the board of task forces, each number with its light, and the word for their return."""

from collections.abc import Mapping

from tenproj_xl.cells import address
from tenproj_xl.plan import TaskForce
from tenproj_xl.rollup import returns, style
from tenproj_xl.rollup.counts import Counter
from tenproj_xl.rollup.facts import Facts, Tally
from tenproj_xl.rollup.overview_layout import LEFT, span_width
from tenproj_xl.rollup.page import Page
from tenproj_xl.rollup.return_lines import ReturnLine

CODE, NAME, LEAD, NUMBERS, RETURNED = 1, 2, 3, 4, 17
COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("counted", "应评", ""), ("on_pace", "达序时", style.GREEN), ("slow", "略慢", style.YELLOW),
    ("behind", "滞后", style.RED), ("pending", "待核定", style.BLUE), ("missing", "未报", style.GREY),
    ("tasks_on_time", "序时", style.GREEN), ("tasks_soon", "临期", style.YELLOW), ("tasks_behind", "滞后", style.RED),
    ("tasks_overdue", "逾期", style.DEEP), ("tasks_missing", "未报", style.GREY),
    ("issues_open", "在办", ""), ("issues_overdue", "逾期", style.DEEP),
)  # fmt: skip
"""Name of the number, header, and the colour it has where it is not 0."""
_GROUPS = (("主要指标（项）", 4, 9), ("重点任务（项）", 10, 14), ("问题（件）", 15, 16))
_ROW_HEIGHT = 25.0


def first_row(top: int) -> int:
    """The board's first row of data."""
    return top + 3


def write_board(page: Page, facts: Facts, counter: Counter, top: int) -> int:
    """Write the board from a row on; gives the first row after it."""
    _write_header(page, top)
    row = first_row(top)
    for row, task_force in enumerate(facts.involved, row):  # noqa: B020  # the row after the last is what comes next
        _write_row(page, row, facts, counter, task_force)
        page.grow(row, max(_ROW_HEIGHT, style.text_height(task_force.name, span_width(NAME, NAME))))
    row = first_row(top) + len(facts.involved)
    _write_total(page, row, facts, counter)
    _colour(page, first_row(top), row)
    return _write_not_involved(page, row + 1, facts)


def _write_header(page: Page, top: int) -> None:
    page.merge(top, LEFT, style.SECTION)
    page.put(top, LEFT[0], "各专班进展", style.SECTION)
    page.grow(top, 22)
    for column, text in ((CODE, "专班"), (NAME, "工程"), (LEAD, "牵头单位"), (RETURNED, "本期报送")):
        page.merge(top + 1, (column, column), style.HEADER, rows=2)
        page.put(top + 1, column, text, style.HEADER)
    for text, first, last in _GROUPS:
        page.merge(top + 1, (first, last), style.HEADER)
        page.put(top + 1, first, text, style.HEADER)
    for n, (_, text, _) in enumerate(COLUMNS, NUMBERS):
        page.put(top + 2, n, text, style.HEADER)
    page.grow(top + 1, 18)
    page.grow(top + 2, 18)


def _write_row(page: Page, row: int, facts: Facts, counter: Counter, task_force: TaskForce) -> None:
    tally = facts.tally(task_force.code)
    page.put(row, CODE, task_force.code, {**style.BOX, "align": "center"})
    page.put(row, NAME, task_force.name, style.BOX)
    page.put(row, LEAD, facts.given.units(task_force.lead), {**style.BOX, "shrink": True, "text_wrap": False})
    _write_numbers(page, row, tally, counter, task_force.code)
    line = facts.returned_by(task_force.code)
    look = {**style.BOX, **style.of_word(line.state), "align": "center"}
    place = returns.table(facts).place_of(lambda r: r.task_force.code == task_force.code)
    page.link(row, RETURNED, place, look)
    page.put(row, RETURNED, returned_in_words(line, facts), look)


def returned_in_words(line: ReturnLine, facts: Facts) -> str:
    """The word for a return and when it came: `按时 11-27 16:20`."""
    when = facts.given.clock(line.first.received_at)[5:] if line.first else ""
    return f"{line.state} {when}".strip()


def _write_numbers(page: Page, row: int, tally: Tally, counter: Counter, task_force: str = "") -> None:
    cell = f"${address(row, CODE)}" if task_force else ""
    weight: Mapping[str, object] = {} if task_force else {"bold": True, "bg_color": style.PALE}
    look = {**style.BOX, "align": "center", "font_size": 11, **weight}
    for n, (name, _, _) in enumerate(COLUMNS, NUMBERS):
        page.link(row, n, counter.place(name, task_force), look)
        page.formula(row, n, counter.formula(name, cell), getattr(tally, name), look)


def _write_total(page: Page, row: int, facts: Facts, counter: Counter) -> None:
    look = {**style.BOX, "align": "center", "bold": True, "bg_color": style.PALE}
    page.merge(row, (CODE, LEAD), look)
    page.put(row, CODE, "全　区", look)
    _write_numbers(page, row, facts.headline, counter)
    headline = facts.headline
    parts = (("已报", "returned", headline.returned), ("，其中迟报", "late", headline.late))
    formula = "=" + "&".join(f'"{word}"&{counter.formula(name).removeprefix("=")}' for word, name, _ in parts)
    page.formula(row, RETURNED, formula, "".join(f"{word}{number}" for word, _, number in parts), look)
    page.grow(row, _ROW_HEIGHT)


def _colour(page: Page, first: int, last: int) -> None:
    """Colour the numbers that are not 0, and let those that are step back."""
    nought = page.styles(font_color="#A6A6A6", bold=False)
    for n, (_, _, colour) in enumerate(COLUMNS, NUMBERS):
        page.sheet.conditional_format(
            first, n, last, n, {"type": "cell", "criteria": "==", "value": 0, "format": nought}
        )
        if colour:
            rule = {"type": "cell", "criteria": ">", "value": 0, "format": page.book.add_format({"bg_color": colour})}
            page.sheet.conditional_format(first, n, last, n, rule)


def _write_not_involved(page: Page, row: int, facts: Facts) -> int:
    look = {"font_size": 9, "font_color": style.MUTED, "text_wrap": True}
    page.merge(row, LEFT, look)
    text = _not_involved_in_words(facts)
    page.put(row, LEFT[0], text, look)
    page.grow(row, style.text_height(text, span_width(*LEFT), 9))
    return row + 1


def _not_involved_in_words(facts: Facts) -> str:
    legend = "达序时含达标，滞后含未达标；序时含已完成。"
    if not facts.not_involved:
        return legend
    names = "；".join(f"{t.code} {t.name}" for t in facts.not_involved)
    codes = {t.code for t in facts.not_involved}
    extra = sum(i.is_open and i.task_force.code in codes for i in facts.issues)
    more = f"（另有在办问题{extra}件，已计入全区数）" if extra else ""
    return f"不涉及、不评价：{names}{more}。{legend}"
