"""A sheet of the roll-up being written: the way back to the first sheet, the marking and the print set-up."""

from tenproj_xl.excel.style import LINK
from tenproj_xl.excel.writer import SheetWriter, WorkbookWriter
from tenproj_xl.rollup.facts.editions import Release

_A3_ACROSS = 1510.0
"""How many pixels of columns A3 across holds at full size."""
_LETTER, _SMALLEST = 9, 8.5
"""The size of the smallest letters of a sheet, and that below which nothing is printed, in points."""
INTERNAL = "内部资料　注意保管"
"""The marking of what is for leaders alone."""


class Page(SheetWriter):
    """A sheet of the roll-up; `home` is the sheet that the others lead back to."""

    def __init__(self, book: WorkbookWriter, name: str, release: Release, home: str) -> None:
        super().__init__(book, name)
        self._release = release
        self._home = home
        self._name = name

    @property
    def issue(self) -> str:
        """The number of the paper, on the first sheet; "" on the others, and where it has none."""
        if self._name != self._home:
            return ""
        return self._release.issue

    @property
    def marking(self) -> str:
        """How the paper is to be kept."""
        return "晾晒版" if self._release.is_public else INTERNAL

    def back(self, row: int) -> None:
        """Write the way back to the first sheet."""
        self.link(row, 0, f"'{self._home}'!A1", LINK, f"返回{self._home}")

    def print_as_wide_as_legible(self, width: float, fixed: int) -> None:
        """Print on several pages across where on one the letters would be too small.

        Args:
            width: How wide the printed columns are, in pixels.
            fixed: How many columns stand on each page.
        """
        if width * _SMALLEST > _A3_ACROSS * _LETTER:
            self.sheet.set_print_scale(95)
            self.sheet.repeat_columns(0, fixed - 1)

    def print_setup(self, title: str, *, one_page: bool, repeat: int | None = None) -> None:
        """Set up printing: A3 landscape, as wide as the paper, with page numbers and the marking."""
        sheet = self.sheet
        sheet.set_landscape()
        sheet.set_paper(8)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.fit_to_pages(1, 1 if one_page else 0)
        sheet.center_horizontally()
        if repeat is not None:
            sheet.repeat_rows(repeat)
        footer = '&L&"宋体,常规"&9{}&C&"宋体,常规"&9第 &P 页，共 &N 页&R&"宋体,常规"&9{}'
        right = "　".join(filter(None, (self._release.issue, self._release.stamp[:40], self.marking)))
        # An ampersand begins a command in a footer.
        left = title[:60]
        sheet.set_footer(footer.format(left.replace("&", "&&"), right.replace("&", "&&")))
