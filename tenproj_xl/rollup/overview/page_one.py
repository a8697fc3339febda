"""The sheet 总览: the one page that leaders read.

Bands from top to bottom: title, sentence, tiles; the board of task forces beside what needs a decision;
what moved and what lags most beside who has not returned and the legend; charts.
"""

from dataclasses import dataclass
from typing import NamedTuple

from tenproj_xl.core.cells import address
from tenproj_xl.excel import style
from tenproj_xl.rollup.drawing.counts import Counter
from tenproj_xl.rollup.drawing.page import Page
from tenproj_xl.rollup.drawing.sheet_spec import BookContents, SheetSpec, Tab
from tenproj_xl.rollup.facts.editions import EDITIONS
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.overview.board import write_board
from tenproj_xl.rollup.overview.charts import write_charts
from tenproj_xl.rollup.overview.edition_line import write_edition_line
from tenproj_xl.rollup.overview.grid import LEFT, RIGHT, TITLE, WHOLE, WIDTHS
from tenproj_xl.rollup.overview.legend import write_legend
from tenproj_xl.rollup.overview.lists import write_decisions, write_laggards, write_returns
from tenproj_xl.rollup.overview.movers import write_movers

_TITLE, _UNDER, _SENTENCE, _TILES = 0, 1, 2, 4


@dataclass(frozen=True)
class _Tile:
    """One or two numbers with a caption, coloured where the first is not 0; `joint` follows each."""

    names: tuple[str, ...]
    caption: str
    span: tuple[int, int]
    colour: str
    joint: tuple[str, str] = ("", "")


_OF_INDICATORS = (
    _Tile(("counted",), "应评指标", (1, 2), style.PALE),
    _Tile(("on_pace",), "达序时（含达标）", (3, 3), style.GREEN),
    _Tile(("slow",), "略滞后", (4, 5), style.YELLOW),
    _Tile(("behind",), "滞后（含未达标）", (6, 8), style.RED),
    _Tile(("pending",), "待核定", (9, 10), style.BLUE),
    _Tile(("missing",), "未报", (11, 12), style.GREY),
)
_OTHERS = (
    _Tile(("tasks_overdue",), "任务逾期", (13, 15), style.DEEP),
    _Tile(("issues_overdue",), "问题逾期", (16, 18), style.DEEP),
    _Tile(("returned", "owed"), "专班已报/应报", (19, 22), style.PALE, (" / ", "")),
    _Tile(("asks",), "提请协调", (24, 25), style.PALE),
    _Tile(("stale",), "应评指标中数据过旧", (26, 26), style.YELLOW),
    _Tile(("issues_open", "issues_soon"), "问题在办（其中临近时限）", (27, 28), style.PALE, ("（", "）")),
)


_SAID = (
    ("应评指标", "counted", "，"),
    ("达序时", "on_pace", "，"),
    ("略滞后", "slow", "，"),
    ("滞后", "behind", "，"),
    ("待核定", "pending", "，"),
    ("未报", "missing", "；"),
    ("提请协调", "asks", "。"),
)
"""What the headline says: word, number, what follows."""
_FOLLOWED = ("behind", "asks")
"""The numbers of which it says what turned."""


def _write(page: Page, facts: Facts, contents: BookContents) -> None:
    """Write the page from top to bottom."""
    for n, width in enumerate(WIDTHS):
        page.sheet.set_column(n, n, width)
    counter = Counter(contents)
    _write_head(page, facts)
    cells = _write_tiles(page, facts, counter)
    _write_sentence(page, facts, cells)
    write_edition_line(page, facts, _SENTENCE + 1)
    top = _TILES + 3
    left = write_board(page, facts, contents, top)
    right = write_decisions(page, facts, contents, top)
    middle = max(left, right) + 1
    page.grow(middle - 1, 5)
    after_movers = write_movers(page, facts, contents, middle)
    below = write_laggards(page, facts, contents, after_movers)
    after_returns = write_returns(page, facts, contents, middle)
    beside = write_legend(page, facts, contents, after_returns + 1)
    bottom = max(below, beside) + 1
    page.grow(bottom - 1, 6)
    last = write_charts(page, facts, (bottom, top))
    page.print_setup(f"{facts.data.title}　{facts.data.period.paper_label}", one_page=True)
    page.sheet.print_area(0, 0, last, WHOLE[1])
    page.sheet.set_first_sheet()
    page.sheet.activate()


def _write_head(page: Page, facts: Facts) -> None:
    data = facts.data
    title = {**style.TITLE, "font_size": 20}
    page.merge(_TITLE, LEFT, title)
    page.write(_TITLE, LEFT[0], f"{data.title}　{data.period.paper_label}", title)
    marking = {"font_name": style.HEAD, "font_size": 12, "font_color": "#C00000", "align": "right"}
    page.merge(_TITLE, RIGHT, marking)
    shown = filter(None, (data.release.issue, data.release.stamp, page.marking))
    page.write(_TITLE, RIGHT[0], "　".join(shown), marking)
    page.grow(_TITLE, 25)
    page.merge(_UNDER, WHOLE, style.NOTE)
    page.write(_UNDER, WHOLE[0], f"{_dates(data)}　｜　{data.version_line}　｜　点数字看明细", style.NOTE)
    page.grow(_UNDER, 14)


def _dates(data: RollupInput) -> str:
    if not data.is_wide:
        return f"报送截止 {data.clock(data.settings.deadline(data.period))}"
    return f"{_periods(data)}，评价日 {data.day:%Y-%m-%d}，{data.data_until}"


def _periods(data: RollupInput) -> str:
    if not data.periods:
        return "没有应报的期"
    first, last = data.periods[0].paper_name, data.last_period.paper_name
    if first == last:
        return first
    return f"{first}至{last}共{len(data.periods)}期"


def _write_tiles(page: Page, facts: Facts, counter: Counter) -> dict[str, str]:
    """Write the tiles; return the addresses of their numbers by name."""
    for tile in (*_OF_INDICATORS, *_OTHERS):
        _write_tile(page, facts, counter, tile)
    for row, height in ((_TILES - 1, 4), (_TILES, 25), (_TILES + 1, 15), (_TILES + 2, 4)):
        page.grow(row, height)
    return {tile.names[0]: address(_TILES, tile.span[0]) for tile in (*_OF_INDICATORS, *_OTHERS)}


def _write_tile(page: Page, facts: Facts, counter: Counter, tile: _Tile) -> None:
    numbers: list[int] = [getattr(facts.headline, name) for name in tile.names]
    fill = style.PALE
    if numbers[0]:
        fill = tile.colour
    frame = {"bg_color": fill, "align": "center", "left": 1, "right": 1, "border_color": style.LINE}
    look = {**frame, "font_name": style.HEAD, "font_size": 18, "font_color": style.INK, "top": 1}
    below = {**frame, "bottom": 1, "shrink": True}
    column = tile.span[0]
    page.merge(_TILES, tile.span, look)
    page.merge(_TILES + 1, tile.span, below)
    caption = tile.caption
    if "returned" in tile.names and facts.data.is_wide:
        caption += "（各期合计）"
    page.write(_TILES + 1, column, caption, below)
    page.link(_TILES, column, counter.place(tile.names[0]), look)
    if len(numbers) == 1:
        page.formula(_TILES, column, counter.formula(tile.names[0]), numbers[0], look)
    else:
        formulas = [counter.formula(name).removeprefix("=") for name in tile.names]
        formula = "=" + "&".join(f'{f}&"{joint}"' for f, joint in zip(formulas, tile.joint, strict=True))
        value = "".join(f"{n}{joint}" for n, joint in zip(numbers, tile.joint, strict=True))
        page.formula(_TILES, column, formula, value, look)


def _write_sentence(page: Page, facts: Facts, cells: dict[str, str]) -> None:
    """Write the headline: a formula over the tiles, so that it can never say anything else than they do."""
    formulas, values = [], []
    for word, name, end in _SAID:
        number = getattr(facts.headline, name)
        formulas.append(f'"{word}"&{cells[name]}&"项"')
        values.append(f"{word}{number}项")
        turned = _since(facts, name, cells[name])
        if turned:
            formulas.append(turned.formula)
            values.append(turned.value)
        formulas.append(f'"{end}"')
        values.append(end)
    formula, value = "=" + "&".join(formulas), "".join(values)
    look = {
        "font_name": style.HEAD,
        "font_size": 20,
        "font_color": style.INK,
        "bg_color": style.PALE,
        "align": "center",
        "border": 1,
        "border_color": style.LINE,
    }
    page.merge(_SENTENCE, WHOLE, look)
    page.formula(_SENTENCE, WHOLE[0], formula, value, look)
    page.grow(_SENTENCE, 30)


class _Turned(NamedTuple):
    """How a number has changed, as a formula and as the formula's value."""

    formula: str
    value: str


def _since(facts: Facts, name: str, cell: str) -> _Turned | None:
    """Return how a number that leaders follow has changed since the last roll-up of an earlier period.

    None for the other numbers, and where there is nothing to compare with.
    """
    last = facts.data.before
    if last is None or name not in _FOLLOWED or name not in last.numbers:
        return None
    before, now = int(last.numbers[name]), int(getattr(facts.headline, name))
    since = f"（较{last.period.paper_name}"
    more, less, same, end = f"{since}增加", f"{since}减少", f"{since}持平）", "项）"
    formula = (
        f'IF({cell}>{before},"{more}"&({cell}-{before})&"{end}",'
        f'IF({cell}<{before},"{less}"&({before}-{cell})&"{end}","{same}"))'
    )
    if now == before:
        return _Turned(formula, same)
    if now > before:
        return _Turned(formula, f"{more}{now - before}{end}")
    return _Turned(formula, f"{less}{before - now}{end}")


SPEC = SheetSpec(
    code="overview",
    title=TITLE,
    order=10,
    tab=Tab.SUMMARY,
    opens=EDITIONS,
    write=_write,
)
