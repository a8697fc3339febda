"""Page one, at the bottom: two native charts, each saying one thing, and how to read the page."""

from collections.abc import Sequence

from tenproj_xl.rollup import style
from tenproj_xl.rollup.facts import Facts
from tenproj_xl.rollup.overview_board import COLUMNS, NAME, NUMBERS, first_row
from tenproj_xl.rollup.overview_layout import LEFT, RIGHT
from tenproj_xl.rollup.page import Page
from tenproj_xl.rollup.table import OVERVIEW

_ROWS, _ROW_HEIGHT = 14, 20.0
_COLOURS = {
    style.GREEN: "#8FBF73",
    style.YELLOW: "#FFD34D",
    style.RED: "#D9713C",
    style.GREY: "#BFBFBF",
    style.BLUE: "#9DC3E6",
}


def write_charts(page: Page, facts: Facts, top: int, board: int) -> int:
    """Insert the charts from a row on, over the numbers of the board; gives the last row they reach."""
    for row in range(top, top + _ROWS):
        page.grow(row, _ROW_HEIGHT)
    indicator_names = ("on_pace", "slow", "behind", "pending", "missing")
    task_names = ("tasks_on_time", "tasks_soon", "tasks_behind", "tasks_overdue", "tasks_missing")
    _insert(page, facts, (top, LEFT[0]), board, _says(facts, ("behind",), "指标滞后"), indicator_names, 630)
    _insert(
        page,
        facts,
        (top, RIGHT[0]),
        board,
        _says(facts, ("tasks_overdue", "tasks_behind"), "任务滞后和逾期"),
        task_names,
        585,
    )
    return top + _ROWS - 1


def _says(facts: Facts, names: Sequence[str], what: str) -> str:
    """A chart's title: how many, and where most of them are."""
    numbers = {t: sum(int(getattr(facts.tally(t.code), n)) for n in names) for t in facts.involved}
    total = sum(numbers.values())
    if not total:
        return f"没有{what}的"
    most = max(numbers, key=lambda t: numbers[t])
    return f"{what}{total}项，最多的是{most.code}专班（{numbers[most]}项）"


def _insert(
    page: Page, facts: Facts, place: tuple[int, int], board: int, title: str, names: Sequence[str], width: int
) -> None:
    chart = page.book.add_chart({"type": "bar", "subtype": "stacked"})
    first = first_row(board)
    last = first + max(1, len(facts.involved)) - 1
    for n, (name, header, colour) in enumerate(COLUMNS, NUMBERS):
        if name in names:
            chart.add_series({
                "name": header,
                "categories": [OVERVIEW, first, NAME, last, NAME],
                "values": [OVERVIEW, first, n, last, n],
                "fill": {"color": _COLOURS[colour]},
                "gap": 45,
                "data_labels": {"value": True, "num_format": "0;;;", "font": {"name": style.BODY, "size": 9}},
            })  # fmt: skip
    font = {"name": style.BODY, "size": 9}
    chart.set_title(
        {
            "name": title,
            "name_font": {"name": style.HEAD, "size": 12, "bold": False, "color": style.INK},
            "overlay": False,
        }
    )
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
    chart.set_y_axis({"reverse": True, "num_font": font, "line": {"color": style.LINE}, "major_tick_mark": "none"})
    chart.set_legend({"position": "bottom", "font": font})
    chart.set_chartarea({"border": {"color": style.LINE}})
    chart.set_size({"width": width, "height": int(_ROWS * _ROW_HEIGHT / 0.75) - 6})
    page.sheet.insert_chart(
        place[0], place[1], chart, {"x_offset": 2, "y_offset": 3, "object_position": 1, "description": title}
    )
