"""The sheet 总览: the one page that leaders read.

Bands from top to bottom: title, the sentence, tiles; the board of task forces beside what needs a decision; what lags
most beside who has not returned; charts beside how to read them.
"""

from tenproj_xl.cells import address
from tenproj_xl.rollup import counts, style
from tenproj_xl.rollup.facts import Facts
from tenproj_xl.rollup.overview_board import write_board
from tenproj_xl.rollup.overview_charts import write_charts
from tenproj_xl.rollup.overview_layout import LEFT, RIGHT, WHOLE, WIDTHS
from tenproj_xl.rollup.overview_lists import write_decisions, write_laggards, write_returns
from tenproj_xl.rollup.page import Page
from tenproj_xl.rollup.table import OVERVIEW as NAME

__all__ = ["NAME", "write"]

_TITLE, _UNDER, _SENTENCE, _TILES = 0, 1, 2, 4

_TILE_SPANS: tuple[tuple[str, str, tuple[int, int], str], ...] = (
    ("counted", "应评指标", (1, 2), style.PALE),
    ("on_pace", "达序时（含达标）", (3, 4), style.GREEN),
    ("slow", "略慢", (5, 6), style.YELLOW),
    ("behind", "滞后（含未达标）", (7, 8), style.RED),
    ("pending", "待核定", (9, 10), style.BLUE),
    ("missing", "未报", (11, 12), style.GREY),
    ("tasks_overdue", "任务逾期", (13, 14), style.RED),
    ("issues_overdue", "问题逾期", (15, 16), style.RED),
    ("asks", "提请协调", (19, 20), style.PALE),
    ("stale", "应评指标中数据过旧", (21, 21), style.PALE),
)
_RETURNED = (17, 17)
_ISSUES = (22, 23)


def write(page: Page, facts: Facts) -> None:
    """Write the sheet."""
    for n, width in enumerate(WIDTHS):
        page.sheet.set_column(n, n, width)
    counter = counts.Counter(facts)
    _write_head(page, facts)
    cells = _write_tiles(page, facts, counter)
    _write_sentence(page, facts, cells)
    top = _TILES + 3
    left = write_board(page, facts, counter, top)
    right = write_decisions(page, facts, top)
    middle = max(left, right) + 1
    page.sheet.set_row(middle - 1, 8)
    bottom = max(write_laggards(page, facts, middle), write_returns(page, facts, middle)) + 1
    page.sheet.set_row(bottom - 1, 8)
    last = write_charts(page, facts, bottom, board=top)
    page.print_setup(f"{facts.given.title}　{facts.given.dated}", one_page=True)
    page.sheet.print_area(0, 0, last, WHOLE[1])
    page.sheet.set_first_sheet()
    page.sheet.activate()


def _write_head(page: Page, facts: Facts) -> None:
    given = facts.given
    title = {**style.TITLE, "font_size": 20}
    page.merge(_TITLE, LEFT, title)
    page.put(_TITLE, LEFT[0], f"{given.title}　{given.dated}", title)
    marking = {"font_name": style.HEAD, "font_size": 12, "font_color": "#C00000", "align": "right"}
    page.merge(_TITLE, RIGHT, marking)
    page.put(_TITLE, RIGHT[0], "内部资料　注意保管", marking)
    page.sheet.set_row(_TITLE, 32)
    page.merge(_UNDER, WHOLE, style.NOTE)
    deadline = given.clock(given.settings.deadline(given.period))
    page.put(_UNDER, WHOLE[0], f"报送截止 {deadline}　｜　{given.version_line}　｜　点数字看明细", style.NOTE)
    page.sheet.set_row(_UNDER, 16)


def _write_tiles(page: Page, facts: Facts, counter: counts.Counter) -> dict[str, str]:
    """Write the tiles; gives the addresses of the numbers by name."""
    cells = {}
    for name, caption, span, colour in _TILE_SPANS:
        number: int = getattr(facts.headline, name)
        fill = colour if number or name == "counted" else style.PALE
        _write_tile(page, span, caption, fill)
        look = _number_look(fill)
        page.link(_TILES, span[0], counter.place(name), look)
        page.formula(_TILES, span[0], counter.formula(name), number, look)
        cells[name] = address(_TILES, span[0])
    for span, caption, first, second in (
        (_RETURNED, "专班已报／应报", "returned", "owed"),
        (_ISSUES, "问题在办（其中临期）", "issues_open", "issues_soon"),
    ):
        _write_pair(page, facts, counter, span, caption, (first, second))
    page.sheet.set_row(_TILES - 1, 6)
    page.sheet.set_row(_TILES, 30)
    page.sheet.set_row(_TILES + 1, 17)
    page.sheet.set_row(_TILES + 2, 6)
    return cells


def _number_look(fill: str) -> dict[str, object]:
    return {
        "font_name": style.HEAD, "font_size": 20, "font_color": style.INK, "bg_color": fill, "align": "center",
        "top": 1, "left": 1, "right": 1, "border_color": style.LINE,
    }  # fmt: skip


def _write_tile(page: Page, span: tuple[int, int], caption: str, fill: str) -> None:
    look = {
        "font_size": 10, "bg_color": fill, "align": "center", "bottom": 1, "left": 1, "right": 1,
        "border_color": style.LINE, "shrink": True,
    }  # fmt: skip
    page.merge(_TILES, span, _number_look(fill))
    page.merge(_TILES + 1, span, look)
    page.put(_TILES + 1, span[0], caption, look)


def _write_pair(
    page: Page, facts: Facts, counter: counts.Counter, span: tuple[int, int], caption: str, names: tuple[str, str]
) -> None:
    first, second = (int(getattr(facts.headline, name)) for name in names)
    a, b = (counter.formula(name).removeprefix("=") for name in names)
    opening, closing = ("／", "") if names[1] == "owed" else ("（", "）")
    fill = style.YELLOW if names[1] == "owed" and first < second else style.PALE
    _write_tile(page, span, caption, fill)
    look = _number_look(fill)
    page.link(_TILES, span[0], counter.place(names[0]), look)
    ending = f'&"{closing}"' if closing else ""
    page.formula(_TILES, span[0], f'={a}&"{opening}"&{b}{ending}', f"{first}{opening}{second}{closing}", look)


def _write_sentence(page: Page, facts: Facts, cells: dict[str, str]) -> None:
    """Write the headline: a formula over the tiles, so that it can never say anything else than they do."""
    parts = (
        ("应评指标", "counted", "项："), ("达序时", "on_pace", "项，"), ("略慢", "slow", "项，"),
        ("滞后", "behind", "项，"), ("待核定", "pending", "项，"), ("未报", "missing", "项；"),
        ("提请协调", "asks", "项。"),
    )  # fmt: skip
    formula = "=" + "&".join(f'"{word}"&{cells[name]}&"{end}"' for word, name, end in parts)
    value = "".join(f"{word}{getattr(facts.headline, name)}{end}" for word, name, end in parts)
    look = {
        "font_name": style.HEAD, "font_size": 20, "font_color": style.INK, "bg_color": style.PALE, "align": "center",
        "border": 1, "border_color": style.LINE,
    }  # fmt: skip
    page.merge(_SENTENCE, WHOLE, look)
    page.formula(_SENTENCE, WHOLE[0], formula, value, look)
    page.sheet.set_row(_SENTENCE, 38)
