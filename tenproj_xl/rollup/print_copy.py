"""The copy for the printer: page one, then contents and the printed parts of the sheets, sharing pages.

A program prints each sheet of a workbook on pages of its own, with all its columns and lines. Here what is
printed of each stands one below the other on A4 across, with page numbers that are known beforehand.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path

from tenproj_xl.core.cells import Value
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.excel import style
from tenproj_xl.excel.writer import AnyStyle, WorkbookWriter
from tenproj_xl.rollup.book import describe
from tenproj_xl.rollup.drawing.on_paper import (
    COLUMN_WIDTH,
    COLUMNS,
    ROOM,
    SIZE,
    OnPaper,
    PaperRow,
    PrintedSection,
    WholePage,
    section_of,
    width_of,
)
from tenproj_xl.rollup.drawing.page import Page
from tenproj_xl.rollup.drawing.sheet_spec import BookContents, SheetSpec
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.registry import SPECS, sheets_of

TITLE = "各表"
"""The title of the sheet with contents and sections."""
_A4 = 9
_WHOLE = (0, COLUMNS - 1)
_HALVES = ((0, 30), (31, 34)), ((37, 67), (68, 71))
"""Where an entry of the contents and its page stand, on the left and on the right."""
_TITLE_HEIGHT, _HEADING_HEIGHT, _ENTRY_HEIGHT = 24.0, 22.0, 15.0
_KEPT_TOGETHER = ROOM / 3
"""A section of less than this height is not parted."""
_HEADING: Mapping[str, object] = {**style.SECTION, "font_size": 11}
_ENTRY: Mapping[str, object] = {"font_size": 10, "bottom": 4, "bottom_color": style.LINE}
_ENTRY_PAGE: Mapping[str, object] = {**_ENTRY, "align": "right"}
_REMARK: Mapping[str, object] = {"font_size": SIZE, "font_color": style.MUTED, "text_wrap": True}


class _Printed(Page):
    """A sheet that is only printed: values in the place of formulas, and no links."""

    def formula(self, row: int, column: int, formula: str, value: Value, style: AnyStyle) -> None:
        """Write the value of a formula."""
        del formula
        self.write(row, column, value, style)

    def link(
        self, row: int, column: int, place: str, style: AnyStyle, text: str = "→", tip: str | None = None
    ) -> None:
        """Write the text of a link."""
        del place, tip
        self.write(row, column, text, style)

    def back(self, row: int) -> None:
        """Write nothing: paper leads nowhere."""


@dataclass(frozen=True)
class _Strip:
    """A heading or row on a page of the sections, the page counted from 0."""

    page: int
    heading: str
    row: PaperRow | None


@dataclass(frozen=True)
class _Entry:
    """A line of the contents: what stands on which page."""

    text: str
    page: int


def write_print_copy(target: Path | BytesIO, facts: Facts, specs: Iterable[SheetSpec] = SPECS) -> None:
    """Write what is printed of a release for leaders, an .xlsx file to print as a whole."""
    book = WorkbookWriter(target)
    describe(book, facts.data)
    contents = BookContents(sheets_of(facts.data.release, specs), facts)
    plan = _Plan(contents, facts)
    for spec in plan.before:
        _write_whole(book, spec, facts, contents)
    if plan.sections:
        _write_sections(_printed_page(book, TITLE, facts, contents), plan, facts)
    for spec in plan.after:
        _write_whole(book, spec, facts, contents)
    book.close()


class _Plan:
    """What is printed, and on which pages: whole sheets before, the sections, whole sheets behind."""

    def __init__(self, contents: BookContents, facts: Facts) -> None:
        self._facts = facts
        specs = contents.specs
        first = next((n for n, s in enumerate(specs) if isinstance(s.paper, OnPaper)), len(specs))
        whole = [(n, spec) for n, spec in enumerate(specs) if isinstance(spec.paper, WholePage)]
        self.before = [spec for n, spec in whole if n < first]
        self.after = [spec for n, spec in whole if n > first]
        made = [
            section_of(contents[spec.code], spec.paper, facts)
            for spec in specs
            if isinstance(spec.paper, OnPaper)
        ]
        self.sections = [section for section in made if section.rows]
        self.empty = [section.title for section in made if not section.total]
        self.aside = [section.title for section in made if section.total and not section.rows]
        self.on_screen = [spec.title for spec in specs if spec.paper is None]
        self.strips = tuple(_laid_out(self.sections, self._contents_height))

    @property
    def entries(self) -> Sequence[_Entry]:
        """The lines of the contents."""
        entries = []
        page = 1
        for spec in self.before:
            entries.append(_Entry(spec.title, page))
            page += self._pages(spec)
        for section in self.sections:
            first = next(s.page for s in self.strips if s.heading == section.heading)
            entries.append(_Entry(section.heading, page + first))
        page += self.strips[-1].page + 1 if self.strips else 0
        for spec in self.after:
            entries.append(_Entry(spec.title, page))
            page += self._pages(spec)
        return entries

    @property
    def remark(self) -> str:
        """Which sheets are not printed, and why."""
        said = []
        if self.empty:
            said.append(f"本期没有内容的：{'、'.join(self.empty)}。")
        if self.aside:
            said.append(f"没有需要关注的：{'、'.join(self.aside)}。")
        if self.on_screen:
            said.append(f"只在电子版里的：{'、'.join(self.on_screen)}。")
        return "".join(said)

    @property
    def remark_height(self) -> float:
        """How high the remark is."""
        return style.line_count(self.remark, width_of(_WHOLE), SIZE) * 12.8 + 4

    @property
    def _contents_height(self) -> float:
        count = len(self.before) + len(self.sections) + len(self.after)
        return _TITLE_HEIGHT + -(-count // 2) * _ENTRY_HEIGHT + self.remark_height

    def _pages(self, spec: SheetSpec) -> int:
        if not isinstance(spec.paper, WholePage):
            return 0
        return spec.paper.pages(self._facts)


def _laid_out(sections: Sequence[PrintedSection], used: float) -> Iterator[_Strip]:
    """Yield the sections from top to bottom; one that goes on has its heading and header again."""
    page = 0
    for section in sections:
        heads = _HEADING_HEIGHT + section.header.height
        together = section.rows[0].height
        if sum(row.height for row in section.rows) < _KEPT_TOGETHER:
            together = sum(row.height for row in section.rows)
        if used + heads + together > ROOM:
            page, used = page + 1, 0.0
        yield _Strip(page, section.heading, None)
        yield _Strip(page, "", section.header)
        used += heads
        for row in section.rows:
            if used + row.height > ROOM:
                page, used = page + 1, heads
                yield _Strip(page, f"{section.title}（续）", None)
                yield _Strip(page, "", section.header)
            yield _Strip(page, "", row)
            used += row.height


def _printed_page(book: WorkbookWriter, title: str, facts: Facts, contents: BookContents) -> _Printed:
    page = _Printed(book, title, facts.data.release, contents.specs[0].title)
    page.sheet.hide_gridlines(2)
    return page


def _write_whole(book: WorkbookWriter, spec: SheetSpec, facts: Facts, contents: BookContents) -> None:
    page = _printed_page(book, spec.title, facts, contents)
    if spec.write is not None:
        spec.write(page, facts, contents)


def _write_sections(page: _Printed, plan: _Plan, facts: Facts) -> None:
    for column in range(COLUMNS):
        page.width(column, COLUMN_WIDTH)
    row = _write_contents(page, plan)
    breaks = []
    before = 0
    for strip in plan.strips:
        if strip.page != before:
            breaks.append(row)
            before = strip.page
        if strip.row is None:
            page.write_across(row, _WHOLE, strip.heading, _HEADING)
            page.height(row, _HEADING_HEIGHT)
        else:
            for span, value, look in strip.row.cells:
                page.merge(row, span, look)
                page.write(row, span[0], value, look)
            page.height(row, strip.row.height)
        row += 1
    page.print_setup(f"{facts.data.title}　{facts.data.period.paper_label}", one_page=False)
    page.sheet.set_paper(_A4)
    page.sheet.set_margins(left=0.3, right=0.3, top=0.4, bottom=0.55)
    page.sheet.set_print_scale(100)
    page.sheet.set_h_pagebreaks(breaks)
    page.sheet.print_area(0, 0, row - 1, COLUMNS - 1)


def _write_contents(page: _Printed, plan: _Plan) -> int:
    """Write the contents, and return the row below them."""
    page.write_across(0, _WHOLE, "目　录", _HEADING)
    page.height(0, _TITLE_HEIGHT)
    entries = plan.entries
    half = -(-len(entries) // 2)
    for n, entry in enumerate(entries):
        row, (text, number) = 1 + n % half, _HALVES[n // half]
        page.write_across(row, text, entry.text, _ENTRY)
        page.write_across(row, number, f"第{entry.page}页", _ENTRY_PAGE)
        page.height(row, _ENTRY_HEIGHT)
    after = 1 + half
    page.write_across(after, _WHOLE, plan.remark, _REMARK)
    page.height(after, plan.remark_height)
    return after + 1
