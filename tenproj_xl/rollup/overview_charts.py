"""Page one, at the bottom: two native charts, each saying one thing, and what the words and colours mean."""

from dataclasses import dataclass

from tenproj_xl.rollup import checks, indicators, notes, style, supervision
from tenproj_xl.rollup.counts import Counter
from tenproj_xl.rollup.facts import Facts
from tenproj_xl.rollup.overview_board import CODE, COLUMNS, NAME, NUMBERS, first_row
from tenproj_xl.rollup.overview_layout import LEFT, RIGHT
from tenproj_xl.rollup.page import Page
from tenproj_xl.rollup.table import OVERVIEW

_LEAST_ROWS, _ROW_HEIGHT = 14, 20.0
_WIDTH = 550
_NAMED = 2
_WITH_NAMES = 12
"""With more task forces than this the bars bear codes."""


@dataclass(frozen=True)
class _Bars:
    """A chart: the numbers of the board it stacks, and those its title is about."""

    names: tuple[str, ...]
    about: tuple[str, ...]
    kind: str
    what: str


_INDICATORS = _Bars(("on_pace", "slow", "behind", "pending", "missing"), ("behind",), "指标", "滞后")
_TASKS = _Bars(
    ("tasks_on_time", "tasks_soon", "tasks_behind", "tasks_overdue", "tasks_missing"),
    ("tasks_behind", "tasks_overdue"),
    "任务",
    "滞后和逾期",
)


_LINKS = (
    (supervision.NAME, "全部督办事项见“督办清单”"),
    (checks.NAME, "来件中的问题见“核验清单”"),
    (notes.NAME, "规则和算法见“说明”"),
)


def write_charts(page: Page, facts: Facts, counter: Counter, tops: tuple[int, int]) -> int:
    """Write the charts from the first row on, over the board that begins at the second; gives the last row."""
    top, board = tops
    rows = _rows(facts)
    for row in range(top, top + rows):
        page.grow(row, _ROW_HEIGHT)
    _insert(page, facts, (top, 2), board, _INDICATORS)
    _insert(page, facts, (top, 8 + _WIDTH), board, _TASKS)
    _write_legend(page, facts, counter, top)
    return top + rows - 1


def _rows(facts: Facts) -> int:
    return max(_LEAST_ROWS, len(facts.involved) + 4)


def _says(facts: Facts, bars: _Bars) -> str:
    """A chart's title: how many, and where most of them are; how many nobody reported where those are more."""
    numbers = {t: sum(int(getattr(facts.tally(t.code), n)) for n in bars.about) for t in facts.involved}
    total = sum(numbers.values())
    missing = int(getattr(facts.headline, bars.names[-1]))
    if missing > total:
        return f"{bars.kind}未报{missing}项；{bars.what}{total}项"
    if not total:
        return f"没有{bars.kind}{bars.what}"
    most = max(numbers.values())
    where = [t.code for t, number in numbers.items() if number == most]
    if len(where) > _NAMED:
        return f"{bars.kind}{bars.what}{total}项，分布在{sum(n > 0 for n in numbers.values())}个专班"
    each = "各" if len(where) > 1 else ""
    return f"{bars.kind}{bars.what}{total}项，最多的是{'、'.join(where)}专班（{each}{most}项）"


def _insert(page: Page, facts: Facts, place: tuple[int, int], board: int, bars: _Bars) -> None:
    """Insert a chart at a row and so many pixels from the left edge of the page's left half."""
    chart = page.book.add_chart({"type": "bar", "subtype": "stacked"})
    first = first_row(board)
    last = first + max(1, len(facts.involved)) - 1
    label = NAME if len(facts.involved) <= _WITH_NAMES else CODE
    font = {"name": style.BODY, "size": 9}
    for n, (name, header, colour) in enumerate(COLUMNS, NUMBERS):
        if name in bars.names:
            chart.add_series({
                "name": header,
                "categories": [OVERVIEW, first, label, last, label],
                "values": [OVERVIEW, first, n, last, n],
                "fill": {"color": style.STRONG[colour]},
                "gap": 45,
                "data_labels": {"value": True, "num_format": "0;;;", "font": font},
            })  # fmt: skip
    title = _says(facts, bars)
    title_font = {"name": style.HEAD, "size": 12, "bold": False, "color": style.INK}
    chart.set_title({"name": title, "name_font": title_font})
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
    chart.set_y_axis({"reverse": True, "num_font": font, "line": {"color": style.LINE}, "major_tick_mark": "none"})
    chart.set_legend({"position": "bottom", "font": font})
    chart.set_chartarea({"border": {"color": style.LINE}})
    chart.set_size({"width": _WIDTH, "height": int(_rows(facts) * _ROW_HEIGHT / 0.75) - 6})
    row, offset = place
    options = {"x_offset": offset, "y_offset": 3, "object_position": 1, "description": title}
    page.sheet.insert_chart(row, LEFT[0], chart, options)


def _write_legend(page: Page, facts: Facts, counter: Counter, top: int) -> None:
    settings = facts.given.settings
    page.merge(top, RIGHT, style.SECTION)
    page.put(top, RIGHT[0], "怎么看", style.SECTION)
    slow = f"{settings.slow * 100:g}"
    lines = (
        ("达序时", "按数据所属期算，不低于序时应完成值；目标日期已核定合格的为达标"),
        ("略慢", f"落后序时{slow}个百分点以内（存量、比率{settings.slow_level * 100:g}，增速{settings.slow_rate:g}）"),
        ("滞后", "落后更多；目标日期核定不合格的为未达标"),
        ("待核定", "目标日期已到，还没有统计核定数"),
        ("未报", "应报而没有报，不等于零"),
        ("临期", f"{settings.soon_days}天内到时限"),
        ("逾期", "过了时限没有完成或没有申请销号"),
    )
    look = {**style.BOX, "font_size": 9}
    for row, (word, meaning) in enumerate(lines, top + 1):
        page.merge(row, (RIGHT[0], RIGHT[0] + 1), {**look, **style.of_word(word), "align": "center"})
        page.put(row, RIGHT[0], word, {**look, **style.of_word(word), "align": "center"})
        page.merge(row, (RIGHT[0] + 2, RIGHT[1]), look)
        page.put(row, RIGHT[0] + 2, meaning, look)
    _write_links(page, facts, counter, top + len(lines) + 1)


def _write_links(page: Page, facts: Facts, counter: Counter, row: int) -> None:
    unverified = facts.headline.unverified
    words = ("另有到期目标未核定的指标", "项，见“主要指标”的“到期目标判定”")
    page.merge(row, RIGHT, style.LINK)
    page.link(row, RIGHT[0], f"'{indicators.NAME}'!A1", style.LINK)
    formula = f'="{words[0]}"&{counter.unverified.removeprefix("=")}&"{words[1]}"'
    page.formula(row, RIGHT[0], formula, f"{words[0]}{unverified}{words[1]}", style.LINK)
    for name, text in _LINKS:
        row += 1
        page.merge(row, RIGHT, style.LINK)
        page.link(row, RIGHT[0], f"'{name}'!A1", style.LINK, text)
