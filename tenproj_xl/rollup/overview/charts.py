"""Page one, at the bottom: native charts, each saying one thing, with that thing as its title."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tenproj_xl.excel import style
from tenproj_xl.rollup.drawing.page import Page
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.overview.board import COLUMNS, NAME, SCORE, code_column, first_row
from tenproj_xl.rollup.overview.grid import TITLE, WHOLE

_LEAST_ROWS, _ROW_HEIGHT = 14, 20.0
_WIDTH, _GAP = 1790, 10
_NAMED = 2
_FONT = {"name": style.BODY, "size": 9}
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


def write_charts(page: Page, facts: Facts, tops: tuple[int, int]) -> int:
    """Write charts from the first of two rows on, over the board at the second; return the last row."""
    top, board = tops
    rows = _rows(facts)
    for row in range(top, top + rows):
        page.grow(row, _ROW_HEIGHT)
    charts = [_bars(page, facts, board, _INDICATORS), _bars(page, facts, board, _TASKS)]
    if facts.league:
        charts.insert(0, _scores(page, facts, board))
    width = (_WIDTH + _GAP) // len(charts) - _GAP
    for n, (chart, title) in enumerate(charts):
        _finish(chart, title, facts, width)
        options = {
            "x_offset": 2 + n * (width + _GAP),
            "y_offset": 3,
            "object_position": 1,
            "description": title,
        }
        page.sheet.insert_chart(top, WHOLE[0], chart, options)
    return top + rows - 1


def _rows(facts: Facts) -> int:
    return max(_LEAST_ROWS, len(facts.involved) + 4)


def _bars_title(facts: Facts, bars: _Bars) -> str:
    """Return a chart's title: how many, and where most are; how many are unreported where those are more."""
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
    each = ""
    if len(where) > 1:
        each = "各"
    return f"{bars.kind}{bars.what}{total}项，最多的是{'、'.join(where)}专班（{each}{most}项）"


def _bars(page: Page, facts: Facts, board: int, bars: _Bars) -> tuple[Any, str]:
    chart = page.book.file.add_chart({"type": "bar", "subtype": "stacked"})
    for name in bars.names:
        column, number = COLUMNS[name]
        chart.add_series(
            {
                "name": number.header,
                **_ranges(facts, board, column),
                "fill": {"color": style.STRONG[number.fill]},
                "gap": 45,
                "data_labels": {"value": True, "num_format": "0;;;", "font": _FONT},
            }
        )
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
    chart.set_legend({"position": "bottom", "font": _FONT})
    return chart, _bars_title(facts, bars)


def _scores(page: Page, facts: Facts, board: int) -> tuple[Any, str]:
    chart = page.book.file.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": "得分",
            **_ranges(facts, board, SCORE),
            "fill": {"color": "#5B84B8"},
            "gap": 45,
            "data_labels": {"value": True, "num_format": "0.0", "font": _FONT},
        }
    )
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0, "max": 110})
    chart.set_legend({"none": True})
    return chart, score_title(facts)


def score_title(facts: Facts) -> str:
    """Return the title over the scores: who is first and who is last, with their points."""
    scored = [line for line in facts.league if line.score is not None]
    if not scored:
        return "没有可计分的专班"
    if not facts.headline.returned:
        return "本期还没有专班报送，晾晒得分都是0分"
    best, worst = scored[0].score, scored[-1].score
    if best == worst:
        return f"晾晒得分都是{best:.1f}分"
    first = _named([line.task_force.code for line in scored if line.score == best])
    last = _named([line.task_force.code for line in scored if line.score == worst])
    return f"晾晒得分最高的是{first}（{best:.1f}分），最低的是{last}（{worst:.1f}分）"


def _named(codes: Sequence[str]) -> str:
    if len(codes) > _NAMED:
        return f"{codes[0]}等{len(codes)}个专班"
    return f"{'、'.join(codes)}专班"


def _ranges(facts: Facts, board: int, column: int) -> dict[str, object]:
    first = first_row(board)
    last = first + max(1, len(facts.involved)) - 1
    label = NAME
    if len(facts.involved) > _WITH_NAMES:
        label = code_column(facts)
    return {
        "categories": [TITLE, first, label, last, label],
        "values": [TITLE, first, column, last, column],
    }


def _finish(chart: Any, title: str, facts: Facts, width: int) -> None:
    chart.set_title(
        {"name": title, "name_font": {"name": style.HEAD, "size": 12, "bold": False, "color": style.INK}}
    )
    chart.set_y_axis(
        {"reverse": True, "num_font": _FONT, "line": {"color": style.LINE}, "major_tick_mark": "none"}
    )
    chart.set_chartarea({"border": {"color": style.LINE}})
    chart.set_size({"width": width, "height": int(_rows(facts) * _ROW_HEIGHT / 0.75) - 6})
