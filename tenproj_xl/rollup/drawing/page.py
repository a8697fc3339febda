"""One sheet being written: every write is checked, and nothing from outside can come alive in it."""

from collections.abc import Mapping
from datetime import date

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from tenproj_xl.rollup.drawing.style import LINK, Styles
from tenproj_xl.rollup.facts.editions import Release

Cell = float | date | str | None
"""What a cell may hold: whole numbers and truths come as floats and words."""
OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
}
"""How XlsxWriter begins a workbook in which text is only ever text."""
_LONGEST = 32_767
_CUT = "…（文字过长，已截断）"


def harmless(text: str) -> str:
    """A text as a cell can hold it: no control characters, not longer than a cell, cut with a mark."""
    clean = "".join(
        c for c in text if c in "\n\t" or (c >= " " and c not in "\x7f\ufffe\uffff" and not _is_half(c))
    )
    if len(clean.encode("utf-16-le")) // 2 <= _LONGEST:
        return clean
    room = 2 * (_LONGEST - len(_CUT))
    return clean.encode("utf-16-le")[:room].decode("utf-16-le", "ignore") + _CUT


def _is_half(c: str) -> bool:
    return "\ud800" <= c <= "\udfff"


def _done(code: object) -> None:
    # XlsxWriter answers a cell that it drops with a negative number and goes on.
    if isinstance(code, int) and code < 0:
        raise ValueError(f"a cell could not be written: XlsxWriter answered {code}")


class Page:
    """A worksheet. Rows and columns count from 0; `look` is a mapping of format properties.

    `home` is the sheet that the others lead back to.
    """

    def __init__(self, sheet: Worksheet, styles: Styles, book: Workbook, release: Release, home: str) -> None:
        self.sheet = sheet
        self._release = release
        self._home = home
        self.styles = styles
        self.book = book
        self._heights: dict[int, float] = {}

    def put(self, row: int, column: int, value: Cell, look: Mapping[str, object]) -> None:
        """Write a value as what it is; text is only ever text."""
        style = self.styles(**look)
        if value is None or value == "":
            _done(self.sheet.write_blank(row, column, None, style))
        elif isinstance(value, str):
            self._text(row, column, harmless(value), look)
        elif isinstance(value, date):
            _done(
                self.sheet.write_datetime(
                    row, column, value, self.styles(**{"num_format": "yyyy-mm-dd", **look})
                )
            )
        else:
            _done(self.sheet.write_number(row, column, value, style))

    def _text(self, row: int, column: int, text: str, look: Mapping[str, object]) -> None:
        style = self.styles(**look)
        if text.startswith("<r>") and text.endswith("</r>"):
            # XlsxWriter takes such a string for XML of its own making; in two pieces it is escaped like any other.
            _done(self.sheet.write_rich_string(row, column, text[:3], style, text[3:], style))
        else:
            _done(self.sheet.write_string(row, column, text, style))

    def formula(self, row: int, column: int, formula: str, value: Cell, look: Mapping[str, object]) -> None:
        """Write a formula of ours with the value it has."""
        value = int(value) if isinstance(value, float) and value.is_integer() else value
        _done(self.sheet.write_formula(row, column, formula, self.styles(**look), value))

    def link(self, row: int, column: int, place: str, look: Mapping[str, object], text: str = "") -> None:
        """Make a cell lead to a place of this workbook; with no text, what is put there next is what it shows."""
        _done(self.sheet.write_url(row, column, f"internal:{place}", self.styles(**look), text or "→"))

    @property
    def marking(self) -> str:
        """How the paper is to be kept."""
        return "晾晒版" if self._release.is_public else "内部资料　注意保管"

    def back(self, row: int) -> None:
        """Write the way back to the first sheet."""
        self.link(row, 0, f"'{self._home}'!A1", LINK, f"返回{self._home}")

    def merge(self, row: int, columns: tuple[int, int], look: Mapping[str, object], rows: int = 1) -> None:
        """Merge cells; what is put into the first one shows."""
        first, last = columns
        if first == last and rows == 1:
            _done(self.sheet.write_blank(row, first, None, self.styles(**look)))
        else:
            _done(self.sheet.merge_range(row, first, row + rows - 1, last, "", self.styles(**look)))

    def print_setup(self, title: str, *, one_page: bool, repeat: int | None = None) -> None:
        """A3 landscape, as wide as the paper, with page numbers and the marking."""
        sheet = self.sheet
        sheet.set_landscape()
        sheet.set_paper(8)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.fit_to_pages(1, 1 if one_page else 0)
        sheet.center_horizontally()
        if repeat is not None:
            sheet.repeat_rows(repeat)
        footer = '&L&"宋体,常规"&9{}&C&"宋体,常规"&9第 &P 页，共 &N 页&R&"宋体,常规"&9{}'
        right = f"{self._release.stamp[:40]}　{self.marking}"
        # An ampersand begins a command in a footer.
        _done(sheet.set_footer(footer.format(*(text.replace("&", "&&") for text in (title[:60], right)))))

    def grow(self, row: int, height: float) -> None:
        """Make a row at least so high; the halves of a page share their rows."""
        self._heights[row] = max(height, self._heights.get(row, 0))
        self.sheet.set_row(row, self._heights[row])
