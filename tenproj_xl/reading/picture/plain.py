"""The picture of a sheet whose format does not tell how it looks: its contents in a plain grid."""

from datetime import datetime

from tenproj_xl.core.cells import ErrorValue, NoValue
from tenproj_xl.reading.book import Book, SheetCells
from tenproj_xl.reading.picture.model import CELLS, COLUMNS, ROWS, Appearance, Edge, PictureCell, SheetPicture
from tenproj_xl.reading.picture.numbers import general

_LINE = Edge(line="thin", colour="#d0d0d0")
_LOOK = Appearance(
    font="宋体", wrap=True, vertical="center", top=_LINE, right=_LINE, bottom=_LINE, left=_LINE
)
_HEIGHT = 24.0
_NARROW, _WIDE = 60.0, 280.0
_LETTER = 14.0


def plain_picture(book: Book, name: str) -> SheetPicture:
    """Return the picture of a sheet by its contents alone."""
    sheet = next((own for own in book.sheets if own.name == name), SheetCells("", hidden=False, rows=()))
    wide = max(map(len, sheet.rows[:ROWS]), default=0)
    columns = min(wide, COLUMNS)
    rows = sheet.rows[: min(ROWS, CELLS // max(columns, 1))]
    cells, widths = [], [_NARROW] * columns
    for r, row in enumerate(rows):
        for c, value in enumerate(row[:columns]):
            text = sheet.shown.get((r, c)) or _text(value)
            if not text:
                continue
            numeric = isinstance(value, int | float) and not isinstance(value, bool)
            cells.append(PictureCell(row=r, column=c, text=text, look=0, numeric=numeric))
            longest = max(map(len, text.split("\n")))
            widths[c] = max(widths[c], min(_WIDE, _LETTER * longest))
    merged = [(top, bottom, left, right) for (top, left), (bottom, right) in sheet.merged]
    return SheetPicture(
        name=name,
        widths=widths,
        heights=[_HEIGHT] * len(rows),
        cells=cells,
        looks=[_LOOK],
        merged=tuple(merged),
        cut=len(sheet.rows) > len(rows) or wide > columns,
        plain=True,
    )


def _text(value: object) -> str:
    text = str(value)
    match value:
        case None | NoValue():
            text = ""
        case ErrorValue():
            text = value.text
        case bool():
            text = text.upper()
        case int() | float():
            text = general(value)
        case datetime():
            text = f"{value:%Y-%m-%d %H:%M}".removesuffix(" 00:00")
    return text
