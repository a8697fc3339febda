"""Under page one, off the paper: where more is told."""

from tenproj_xl.excel import style
from tenproj_xl.rollup.drawing.page import Page
from tenproj_xl.rollup.drawing.sheet_spec import BookContents
from tenproj_xl.rollup.overview.grid import LINE, Spans, write_section

_SPANS: Spans = ((0, 1), (2, 7), (8, 14), (15, 19))


def write_pointers(page: Page, contents: BookContents, top: int) -> None:
    """Write a link to each sheet that has a pointer, some side by side, from a row on."""
    pointed = [spec for spec in contents.specs if spec.pointer]
    write_section(page, top, "更多（点文字打开）；打印请用同一文件夹里的“打印版”")
    for n, spec in enumerate(pointed):
        row, span = top + 1 + n // len(_SPANS), _SPANS[n % len(_SPANS)]
        page.merge(row, span, style.LINK)
        page.link(row, span[0], f"'{spec.title}'!A1", style.LINK, spec.pointer)
        page.grow(row, LINE)
