"""The roll-up workbook as a whole: its sheets in order, and the same bytes for the same input.

Reads: `Facts`. Gives: an .xlsx file.
"""

from collections.abc import Callable
from datetime import UTC, datetime, time
from pathlib import Path

from tenproj_xl.excel.writer import WorkbookWriter
from tenproj_xl.rollup.drawing.page import Page
from tenproj_xl.rollup.facts.editions import Release
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.overview import page_one
from tenproj_xl.rollup.sheets import (
    asks,
    changes,
    checks,
    coming,
    duties,
    highlights,
    indicators,
    issues,
    judgements,
    league,
    notes,
    outlook,
    returns,
    supervision,
    tasks,
    timeline,
    trends,
)

Write = Callable[[Page, Facts], None]
SHEETS: tuple[tuple[str, Write, str], ...] = (
    (page_one.NAME, page_one.write, "#1F3864"),
    (league.NAME, league.write, "#1F3864"),
    (judgements.NAME, judgements.write, "#1F3864"),
    (outlook.NAME, outlook.write, "#1F3864"),
    (coming.NAME, coming.write, "#1F3864"),
    (indicators.NAME, indicators.write, "#2E75B6"),
    (tasks.NAME, tasks.write, "#2E75B6"),
    (issues.NAME, issues.write, "#2E75B6"),
    (supervision.NAME, supervision.write, "#C55A11"),
    (asks.NAME, asks.write, "#C55A11"),
    (duties.NAME, duties.write, "#C55A11"),
    (timeline.NAME, timeline.write, "#548235"),
    (trends.NAME, trends.write, "#548235"),
    (changes.NAME, changes.write, "#548235"),
    (returns.NAME, returns.write, "#7F7F7F"),
    (highlights.NAME, highlights.write, "#7F7F7F"),
    (checks.NAME, checks.write, "#7F7F7F"),
    (notes.NAME, notes.write, "#7F7F7F"),
)
"""All sheets in order: name, writer, colour of the tab."""
_ONLY_IN_SOME = (judgements.NAME, outlook.NAME, coming.NAME)
_PUBLIC = (
    league.NAME,
    judgements.NAME,
    outlook.NAME,
    coming.NAME,
    indicators.NAME,
    tasks.NAME,
    timeline.NAME,
    highlights.NAME,
    notes.NAME,
)


def write_rollup(path: Path, facts: Facts) -> None:
    """Write the roll-up of a period, as its release is to be."""
    data = facts.data
    book = WorkbookWriter(path)
    _describe(book, data)
    sheets = sheets_of(data.release)
    home = sheets[0][0]
    pages = [_page(book, name, colour, data.release, home) for name, _, colour in sheets]
    for page, (_, write, _) in zip(pages, sheets, strict=True):
        write(page, facts)
    book.close()


def sheets_of(release: Release) -> tuple[tuple[str, Write, str], ...]:
    """The sheets of an edition in order."""
    edition = release.edition
    left_out = {*_ONLY_IN_SOME, *edition.without} - set(edition.opens_with)
    chosen = sorted((s for s in SHEETS if s[0] not in left_out), key=lambda s: _place(s[0], release))
    if release.is_public:
        chosen = [s for s in chosen if s[0] in _PUBLIC]
    return tuple(chosen)


def _place(name: str, release: Release) -> int:
    """Page one, what the edition opens with, then all others in their order; for all to read the league table first."""
    order = (league.NAME,) if release.is_public else (page_one.NAME, *release.edition.opens_with)
    return order.index(name) if name in order else len(order)


def _page(book: WorkbookWriter, name: str, colour: str, release: Release, home: str) -> Page:
    page = Page(book, name, release, home)
    page.sheet.set_tab_color(colour)
    page.sheet.hide_gridlines(2)
    return page


def _describe(book: WorkbookWriter, data: RollupInput) -> None:
    book.file.set_properties(
        {
            "title": f"{data.title}　{data.period.full_name}",
            "subject": data.plan.programme.title,
            "author": data.plan.programme.office,
            "company": data.plan.programme.region,
            "category": "晾晒版" if data.release.is_public else "内部资料",
            "status": data.release.stamp,
            "comments": data.version_line,
            "created": datetime.combine(
                data.day, time(), UTC
            ),  # the period's, so that the clock never enters
        }
    )
    book.file.set_calc_mode("auto")
    book.file.set_size(1920, 1040)
