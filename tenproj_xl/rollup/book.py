"""The roll-up workbook: the sheets of its release in order; the same input gives the same bytes."""

from collections.abc import Iterable
from datetime import UTC, datetime, time
from io import BytesIO
from pathlib import Path

from tenproj_xl.excel.writer import WorkbookWriter
from tenproj_xl.model.publications import Series
from tenproj_xl.rollup.drawing.page import Page
from tenproj_xl.rollup.drawing.sheet_spec import BookContents, SheetSpec
from tenproj_xl.rollup.drawing.table import write_table
from tenproj_xl.rollup.facts.input import RollupInput, identity_line
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.public import for_all
from tenproj_xl.rollup.registry import SPECS, sheets_of


def write_rollup(target: Path | BytesIO, facts: Facts, specs: Iterable[SheetSpec] = SPECS) -> None:
    """Write the roll-up of a period for its release, an .xlsx file, from the sheets that are declared."""
    data = facts.data
    if data.release.is_public:
        facts = for_all(facts)
    book = WorkbookWriter(target)
    describe(book, data)
    contents = BookContents(sheets_of(data.release, specs), facts)
    home = contents.specs[0].title
    pages: list[Page] = []
    for spec in contents.specs:  # all of them before any is written: formulas and links name each other's
        page = Page(book, spec.title, data.release, home)
        page.sheet.set_tab_color(spec.tab.value)
        page.sheet.hide_gridlines(2)
        pages.append(page)
    for page, spec in zip(pages, contents.specs, strict=True):
        _write(page, spec, facts, contents)
    book.close()


def _write(page: Page, spec: SheetSpec, facts: Facts, contents: BookContents) -> None:
    if spec.write is not None:
        spec.write(page, facts, contents)
    else:
        write_table(page, contents[spec.code], facts.data.period.paper_label, contents.place)


def _series(data: RollupInput) -> str:
    if data.release.is_public:
        return Series.LEAGUE.value
    return data.release.edition.code


def describe(book: WorkbookWriter, data: RollupInput) -> None:
    """Give a workbook the properties by which `publish` knows which paper it is."""
    category = "内部资料"
    if data.release.is_public:
        category = "晾晒版"
    book.file.set_properties(
        {
            "title": f"{data.title}　{data.period.paper_label}",
            "subject": identity_line(data, _series(data)),
            "author": data.plan.programme.signature,
            "company": data.plan.programme.region,
            "category": category,
            "status": data.release.stamp,
            "comments": data.version_line,
            "created": datetime.combine(data.day, time(), UTC),  # the period's: the clock never enters
        }
    )
    book.file.set_calc_mode("auto")
    book.file.set_size(1920, 1040)
