"""Read the look of the forms from a template with openpyxl, which nothing else of the look needs."""

import warnings
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

from tenproj_xl.core.columns import Sheet
from tenproj_xl.core.errors import EnvironmentProblem
from tenproj_xl.core.sheets import COVER
from tenproj_xl.excel.colours import Colours
from tenproj_xl.excel.look import (
    DATA_PARTS,
    LOOKED_SHEETS,
    SHEET_NAMES,
    Look,
    Part,
    SheetLook,
    needed_fields,
    parts_of,
    template_columns,
)
from tenproj_xl.excel.missing_columns import missing_columns
from tenproj_xl.excel.style import Printing, Style


def read_look(path: Path) -> Look:
    """Read the look that a template describes.

    Raises:
        EnvironmentProblem: there is no such workbook, or a sheet, row or column that the forms need is not in
        it.
        OSError: the system does not let it be opened or read.
    """
    return _look_of(_content(path), path.name)


@lru_cache(maxsize=4)
def _look_of(content: bytes, name: str) -> Look:
    """Return the look that a template of some bytes describes, read once for all commands of a process."""
    book = _opened(content, name)
    missing = [sheet for sheet in SHEET_NAMES.values() if sheet not in book.sheetnames]
    if missing:
        raise EnvironmentProblem(
            f"模板“{name}”缺少工作表“{missing[0]}”，请运行 tenproj template check 查看。"
        )
    colours = Colours(book)
    return Look({code: _read_sheet(book[sheet], code, name, colours) for code, sheet in SHEET_NAMES.items()})


def load_template(path: Path) -> Workbook:
    """Read a template with openpyxl.

    Raises:
        EnvironmentProblem: there is no such file, or it is no workbook.
        OSError: the system does not let it be opened or read.
    """
    return _opened(_content(path), path.name)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as fault:
        raise EnvironmentProblem(
            f"没有找到模板“{path.name}”，请运行 tenproj template build 生成。"
        ) from fault


def _opened(content: bytes, name: str) -> Workbook:
    try:
        with warnings.catch_warnings(action="ignore"):  # what openpyxl drops, the check of the template names
            return load_workbook(BytesIO(content))
    except MemoryError:
        raise
    except Exception as fault:  # openpyxl raises nine unrelated kinds on a broken file
        remedy = "请从备份恢复，或运行 tenproj template build --force 恢复初始模板"
        raise EnvironmentProblem(f"模板“{name}”不是 .xlsx 工作簿，或已损坏。{remedy}。") from fault


def rows_by_part(page: Any) -> dict[Part, int]:
    """Return the rows of a template's sheet, counted from 1, by their names in column A."""
    parts = {str(part): part for part in Part}
    rows: dict[Part, int] = {}
    for row in range(1, page.max_row + 1):
        name = str(page.cell(row, 1).value or "").strip()
        if name in parts:
            rows.setdefault(parts[name], row)
    return rows


def columns_by_field(page: Any, codes_row: int) -> list[tuple[str, int]]:
    """Return the field codes of a template's sheet with their columns, counted from 1."""
    columns = []
    for column in range(2, page.max_column + 1):
        field = str(page.cell(codes_row, column).value or "").strip()
        if field:
            columns.append((field, column))
    return columns


def _read_sheet(page: Any, code: str, name: str, colours: Colours) -> SheetLook:
    rows = rows_by_part(page)
    needed = needed_fields(code)
    columns = {}
    if Part.CODES in rows:
        columns = {field: n for field, n in columns_by_field(page, rows[Part.CODES]) if field in needed}
    missing = [str(part) for part in parts_of(code) if part not in rows]
    if code == COVER.code or not columns:
        missing += [field for field in needed if field not in columns]
    if missing:
        where = f"模板“{name}”的“{page.title}”"
        raise EnvironmentProblem(f"{where}缺少“{missing[0]}”，请运行 tenproj template check 查看。")
    widths = _widths(page)
    default = page.sheet_format.defaultRowHeight or 15.0
    first = min(columns.values())
    title = page.cell(rows[Part.TITLE], first)
    look = SheetLook(
        columns=tuple(sorted(columns, key=columns.__getitem__)),
        widths={field: widths(n) for field, n in columns.items()},
        styles={
            (part, field): _style(page.cell(row, n), colours)
            for part, row in rows.items()
            for field, n in columns.items()
        },
        heights={part: page.row_dimensions[row].height or default for part, row in rows.items()},
        title=str(title.value or ""),
        frozen=_frozen(page, columns),
        zoom=page.sheet_view.zoomScale or 100,
        gridlines=page.sheet_view.showGridLines is not False,
        tab=colours.rgb(page.sheet_properties.tabColor),
        printing=_printing(page),
    )
    if code == COVER.code:
        return look
    return _completed(look, LOOKED_SHEETS[code])


def _completed(look: SheetLook, sheet: Sheet) -> SheetLook:
    """Return the look with the columns that were declared after the template was made."""
    columns, widths, styles = list(look.columns), dict(look.widths), dict(look.styles)
    for missing in missing_columns(template_columns(sheet), look.columns):
        field = missing.column.field
        place = columns.index(missing.after) + 1 if missing.after else 0
        columns.insert(place, field)
        widths[field] = missing.column.width
        for part in DATA_PARTS:
            styles[part, field] = look.styles[part, missing.like]
    return replace(look, columns=tuple(columns), widths=widths, styles=styles)


def _widths(page: Any) -> Callable[[int], float]:
    """Return a function from a column, counted from 1, to its width in XlsxWriter's characters."""
    known = {}
    for letter, dimension in page.column_dimensions.items():
        first = dimension.min or column_index_from_string(letter)
        known.update(dict.fromkeys(range(first, (dimension.max or first) + 1), dimension.width))
    default = page.sheet_format.defaultColWidth or 9.14
    # The file's widths hold 5 pixels of padding; a character has 7.
    return lambda n: round(max(0.5, known.get(n, default) - 5 / 7), 2)


def _frozen(page: Any, columns: Mapping[str, int]) -> str:
    if not page.freeze_panes:
        return ""
    letter, _ = coordinate_from_string(page.freeze_panes)
    first_moving = column_index_from_string(letter)
    kept = [(n, field) for field, n in columns.items() if n < first_moving]
    if not kept:
        return ""
    return max(kept)[1]


def _printing(page: Any) -> Printing:
    setup, margins, fit = page.page_setup, page.page_margins, page.sheet_properties.pageSetUpPr
    wide = tall = scale = 0
    if fit and fit.fitToPage:
        wide, tall = _pages(setup.fitToWidth), _pages(setup.fitToHeight)
    else:
        scale = int(setup.scale or 100)
    sides = (margins.left, margins.right, margins.top, margins.bottom, margins.header, margins.footer)
    return Printing(
        paper=int(setup.paperSize or 9),
        landscape=setup.orientation == "landscape",
        margins=tuple(float(m) for m in sides),
        wide=wide,
        tall=tall,
        scale=scale,
        centred=bool(page.print_options.horizontalCentered),
        header=_running(page.oddHeader),
        footer=_running(page.oddFooter),
    )


def _pages(count: int | None) -> int:
    # Left out of the file it means 1; 0 means as many as needed.
    return 1 if count is None else int(count)


def _running(item: Any) -> str:
    sides = (("&L", item.left), ("&C", item.center), ("&R", item.right))
    text = "".join(f"{mark}{part}" for mark, part in sides if part and part.text)
    return text.replace("&G", "")  # a picture, which does not carry over


# --- styles of cells

_LINES = {
    None: 0,
    "none": 0,
    "thin": 1,
    "medium": 2,
    "dashed": 3,
    "dotted": 4,
    "thick": 5,
    "double": 6,
    "hair": 7,
    "mediumDashed": 8,
    "dashDot": 9,
    "mediumDashDot": 10,
    "dashDotDot": 11,
    "mediumDashDotDot": 12,
    "slantDashDot": 13,
}
_PATTERNS = {
    None: 0,
    "none": 0,
    "solid": 1,
    "mediumGray": 2,
    "darkGray": 3,
    "lightGray": 4,
    "darkHorizontal": 5,
    "darkVertical": 6,
    "darkDown": 7,
    "darkUp": 8,
    "darkGrid": 9,
    "darkTrellis": 10,
    "lightHorizontal": 11,
    "lightVertical": 12,
    "lightDown": 13,
    "lightUp": 14,
    "lightGrid": 15,
    "lightTrellis": 16,
    "gray125": 17,
    "gray0625": 18,
}
_UNDERLINES = {None: 0, "none": 0, "single": 1, "double": 2, "singleAccounting": 33, "doubleAccounting": 34}
_ACROSS = {None: "", "general": "", "centerContinuous": "center"}
_DOWN = {None: "bottom", "center": "vcenter", "justify": "vjustify", "distributed": "vdistributed"}


def _style(cell: Any, colours: Colours) -> Style:
    font, place = cell.font, cell.alignment
    pattern, ground, hatch = _fill(cell.fill, colours)
    border = cell.border
    return Style(
        font=font.name or "宋体",
        size=float(font.sz or 11),
        bold=bool(font.b),
        italic=bool(font.i),
        underline=_UNDERLINES.get(font.u, 0),
        strike=bool(font.strike),
        colour=colours.rgb(font.color),
        pattern=pattern,
        fill=ground,
        hatch=hatch,
        borders=tuple(
            _border(side, colours) for side in (border.left, border.right, border.top, border.bottom)
        ),
        horizontal=_ACROSS.get(place.horizontal, place.horizontal or ""),
        vertical=_DOWN.get(place.vertical, place.vertical or ""),
        indent=int(place.indent or 0),
        wrap=bool(place.wrap_text),
        shrink=bool(place.shrink_to_fit),
        rotation=_rotation(int(place.textRotation or 0)),
        number_format=cell.number_format,
    )


def _fill(fill: Any, colours: Colours) -> tuple[int, str, str]:
    """Return a fill's pattern as XlsxWriter numbers it, the colour of the ground and that of the hatching."""
    pattern = _PATTERNS.get(getattr(fill, "patternType", None), 1)
    if pattern == 0:
        return pattern, "", ""
    if pattern == 1:  # a solid ground has the colour of its "foreground", other patterns have both
        return pattern, colours.rgb(getattr(fill, "fgColor", None)), ""
    return pattern, colours.rgb(getattr(fill, "bgColor", None)), colours.rgb(fill.fgColor)


def _border(side: Any, colours: Colours) -> tuple[int, str]:
    """Return the line of one side as XlsxWriter numbers it, and its colour."""
    if not side or not side.style:
        return 0, ""
    return _LINES.get(side.style, 1), colours.rgb(side.color)


def _rotation(degrees: int) -> int:
    """Return degrees as XlsxWriter takes them.

    The file counts downward ones from 90 up; 255 is upright letters.
    """
    if degrees == 255:
        return 270
    if degrees > 90:
        return 90 - degrees
    return degrees
