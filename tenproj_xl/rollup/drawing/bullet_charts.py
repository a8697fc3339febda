"""Bullet charts: one stacked bar for each figure, with its pace as a tick, in hundredths of the target.

What is done is solid, what is expected hatched, the rest of the target light: that survives a print in black
and white. There is no second axis, whose gaps LibreOffice passes over and two of which crash WPS.
"""

from tenproj_xl.core.cells import address
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.excel import style
from tenproj_xl.rollup.drawing.page import Page

PARTS = ("实际", "预计", "目标其余", "序时", "实际（超序时）", "预计（超序时）", "目标其余（序时后）")
"""The parts of a bar, from left to right."""
_SOLID, _HATCH, _LIGHT, _TICK = "#1F4E79", "#8EA9C1", "#E3E3E3", "#000000"
_GRID = "#D9D9D9"
_TITLE_SIZE, _SIZE = 10, 9
_GAP, _THICK, _ABOVE, _BELOW = 45, 22, 66, 8
"""The least gap in percent of a bar, how thick a bar is, and the room above and below the bars, in pixels."""
_NAMES = 0.4
"""The share of the width that the names have."""
_POINTS_A_PIXEL = 0.75


@dataclass(frozen=True, kw_only=True)
class BulletPlace:
    """Where the numbers of a chart stand, and where it is drawn.

    Its lines are the rows from `first` to `last`; `names` is the column of their labels, `parts` that of the
    first part. It is drawn over the cells from `row` and `column` on, `points` high and `width` pixels wide.
    """

    sheet: str
    first: int
    last: int
    names: int
    parts: int
    row: int
    column: int
    points: float
    width: int


def part_formulas(row: int, shares: tuple[int, int, int], parts: int, most: int) -> tuple[str, ...]:
    """Return the formulas of the parts of a bar, on a scale that ends with `most`.

    `shares` are the columns of figure, pace and forecast in hundredths of the target; a blank pace is none.
    """
    done, pace, foreseen = (address(row, column) for column in shares)
    one, two, _, _, five, six, _ = (address(row, parts + n) for n in range(len(PARTS)))
    figure, expected = f"MIN({done},{most})", f"MIN({foreseen},{most})"
    tick = f"MIN({pace},{most - 0.5})"
    before = f"MAX(0,{tick}-0.5)"
    none = f'{pace}=""'
    return (
        f"=IF({none},{figure},MIN({figure},{before}))",
        f"=IF({none},MAX(0,{expected}-{figure}),MAX(0,MIN({expected},{before})-{one}))",
        f"=IF({none},MAX(0,100-{one}-{two}),MAX(0,{before}-{one}-{two}))",
        f"=IF({none},0,1)",
        f"=IF({none},0,MAX(0,{figure}-{tick}-0.5))",
        f"=IF({none},0,MAX(0,{expected}-MAX({figure},{tick}+0.5)))",
        f"=IF({none},0,MAX(0,100-{tick}-0.5-{five}-{six}))",
    )


def write_bullets(page: Page, place: BulletPlace, title: str, description: str, most: int) -> None:
    """Draw the bullets of some lines under a title, on a scale from 0 to `most`."""
    chart = page.book.file.add_chart({"type": "bar", "subtype": "stacked"})
    height = int(place.points / _POINTS_A_PIXEL) - 4
    room = (height - _ABOVE - _BELOW) / (place.last - place.first + 1)
    gap = round(min(500.0, max(_GAP, 100 * (room / _THICK - 1))))  # in percent of a bar
    for n, name in enumerate(PARTS):
        column = place.parts + n
        chart.add_series(
            {
                "name": name,
                "categories": [place.sheet, place.first, place.names, place.last, place.names],
                "values": [place.sheet, place.first, column, place.last, column],
                "gap": gap,
                "overlap": 100,
                "border": {"none": True},
                **_fill(n),
            }
        )
    font = {"name": style.BODY, "size": _SIZE}
    title_font = {"name": style.HEAD, "size": _TITLE_SIZE, "bold": False, "color": style.INK}
    chart.set_title({"name": title, "name_font": title_font, "overlay": False})
    names = {"reverse": True, "interval_unit": 1, "num_font": font}
    chart.set_y_axis({**names, "line": {"color": style.LINE}, "major_tick_mark": "none"})
    chart.set_x_axis(
        {
            "num_font": font,
            "num_format": '0"%"',
            "min": 0,
            "max": most,
            "major_unit": 20,
            "line": {"none": True},
            "major_gridlines": {"visible": True, "line": {"color": _GRID, "width": 0.5}},
        }
    )
    chart.set_legend({"none": True})
    chart.set_chartarea({"border": {"color": style.LINE}})
    # The same place in all charts, however long their names are: so that their lengths compare.
    inner = {"x": _NAMES, "width": 0.97 - _NAMES, "y": _ABOVE / height}
    chart.set_plotarea({"layout": {**inner, "height": 1 - (_ABOVE + _BELOW) / height}})
    chart.set_size({"width": place.width, "height": height})
    options = {"x_offset": 2, "y_offset": 2, "object_position": 2, "description": description}
    page.sheet.insert_chart(place.row, place.column, chart, options)


def _fill(part: int) -> dict[str, object]:
    """Return how a part is filled."""
    match part:
        case 0 | 4:
            return {"fill": {"color": _SOLID}}
        case 1 | 5:
            return {"pattern": {"pattern": "wide_upward_diagonal", "fg_color": _HATCH, "bg_color": "#FFFFFF"}}
        case 3:
            return {"fill": {"color": _TICK}}
        case _:
            return {"fill": {"color": _LIGHT}}


def write_key(page: Page, row: int, column: int) -> None:
    """Write what the parts mean into eight cells: fill and word in turn."""
    note = {**style.NOTE, "font_color": style.INK}
    hatched: dict[str, object] = {"pattern": 14, "fg_color": _HATCH, "bg_color": "#FFFFFF"}
    keys: tuple[tuple[dict[str, object], str], ...] = (
        ({"bg_color": _SOLID}, "实际"),
        (hatched, "预计全年"),
        ({"bg_color": _TICK}, "序时应到"),
        ({"bg_color": _LIGHT}, "目标其余"),
    )
    for n, (fill, word) in enumerate(keys):
        page.write(row, column + 2 * n, None, fill)
        page.write(row, column + 2 * n + 1, word, note)
