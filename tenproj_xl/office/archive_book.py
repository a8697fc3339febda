"""The catalogue of what an office hands to its archive for a year (目录.xlsx), and copies of plans.

Reads: items. Gives: .xlsx files; the same items give the same bytes. Kinds and periods of retention follow
DA/T 22 (归档文件整理规则) and the usual table of a government office, which the office's own table overrules.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from tenproj_xl.core.cells import Rows
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.texts import text_of
from tenproj_xl.excel import style
from tenproj_xl.excel.writer import WorkbookWriter
from tenproj_xl.model.publications import Series
from tenproj_xl.rollup.drawing.page import Page
from tenproj_xl.rollup.drawing.table import CellLook, Field, Table, write_table
from tenproj_xl.rollup.facts.editions import PLAIN

CATALOGUE, LEFT_OUT = "归档文件目录", "未归档"
_FOOTER = '&C&"宋体,常规"&9第 &P 页，共 &N 页&R&"宋体,常规"&9内部资料　注意保管'
_WIDEST, _NARROWEST = 40, 8


class Retention(StrEnum):
    """How long a paper is kept (保管期限)."""

    FOR_EVER = "永久"
    THIRTY_YEARS = "30年"
    TEN_YEARS = "10年"


@dataclass(frozen=True)
class ArchiveKind:
    """A kind of papers: the folder that they lie in, and how long they are kept."""

    folder: str
    retention: Retention


_PAPERS = "2_印发材料"
PLANS = ArchiveKind("1_工作计划", Retention.FOR_EVER)
RETURNS = ArchiveKind("3_报送原件", Retention.TEN_YEARS)
DECISIONS = ArchiveKind("4_办公室审定", Retention.THIRTY_YEARS)
SLIPS = ArchiveKind("5_督办单", Retention.THIRTY_YEARS)
_OF_SERIES = {
    Series.YEAR: Retention.FOR_EVER,
    Series.REPORT: Retention.FOR_EVER,
    Series.WEEK: Retention.TEN_YEARS,
    Series.BRIEF: Retention.TEN_YEARS,
}


def kind_of(series: Series) -> ArchiveKind:
    """Return the kind of the papers of a series; what a year is judged by is kept for ever."""
    return ArchiveKind(_PAPERS, _OF_SERIES.get(series, Retention.THIRTY_YEARS))


@dataclass(frozen=True, kw_only=True)
class ArchiveItem:
    """A file in the catalogue. Files of one paper are one item (件): they have its `paper` in common.

    `pages` is None where nobody can tell; `document_no` is "" where there is none.
    """

    kind: ArchiveKind
    paper: str
    author: str
    document_no: str
    title: str
    day: date
    pages: int | None
    folder: str
    file: str
    sha256: str
    remark: str = ""


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """What is not handed over: what it is, from whom, of which day, and why."""

    what: str
    author: str
    day: date
    why: str


@dataclass(frozen=True)
class NumberedItem:
    """An item with its number: they are counted from 1 within each period of retention."""

    number: int
    item: ArchiveItem


def numbered(items: Iterable[ArchiveItem]) -> list[NumberedItem]:
    """Return the items in the order of the catalogue, longest retention first, with their numbers."""
    order = list(Retention)
    ordered = sorted(items, key=lambda one: (order.index(one.kind.retention), one.kind.folder, one.day))
    numbers: dict[Retention, dict[str, int]] = {}
    found = []
    for item in ordered:
        own = numbers.setdefault(item.kind.retention, {})
        found.append(NumberedItem(own.setdefault(item.paper, len(own) + 1), item))
    return found


def write_catalogue(
    path: Path, title: str, items: Sequence[NumberedItem], left_out: Sequence[LeftOut], made_at: datetime
) -> None:
    """Write the catalogue, and what is left out on a sheet of its own where there is something."""
    book = WorkbookWriter(path)
    book.file.set_properties({"title": f"{title}{CATALOGUE}", "created": made_at.replace(tzinfo=None)})
    pages = [Page(book, CATALOGUE, PLAIN, CATALOGUE)]
    write_table(pages[0], _catalogue(title, items), "")
    if left_out:
        pages.append(Page(book, LEFT_OUT, PLAIN, CATALOGUE))
        write_table(pages[1], _left_out(title, left_out), "")
    for page in pages:
        page.sheet.set_footer(_FOOTER)  # it is no draft
    book.close()


def _catalogue(title: str, items: Sequence[NumberedItem]) -> Table[NumberedItem]:
    return Table(
        sheet=CATALOGUE,
        heading=f"{title}　{CATALOGUE}",
        note="件号在同一保管期限内从1编起，一件的各个文件同号；日期为8位数字；保管期限是通常的划分，"
        "以本单位的归档范围和保管期限表为准，可在这里改。页数空着的，没有登记PDF、本机也算不出，请补填。",
        fields=tuple(_fields()),
        lines=items,
        fixed=2,
        empty="这一年没有要归档的文件。",
    )


def _fields() -> Iterator[Field[NumberedItem]]:
    yield Field("retention", "保管期限", "保管多久。", 10, lambda n: n.item.kind.retention, CellLook.WORD)
    yield Field("number", "件号", "件号。", 7, lambda n: n.number, CellLook.COUNT)
    yield Field("author", "责任者", "谁形成的。", 18, lambda n: n.item.author)
    yield Field("document", "文号", "文号、期数。", 20, lambda n: n.item.document_no)
    yield Field("title", "题名", "题名。", 44, lambda n: n.item.title)
    yield Field("day", "日期", "形成日期。", 11, lambda n: f"{n.item.day:%Y%m%d}", CellLook.WORD)
    yield Field("pages", "页数", "页数。", 7, lambda n: n.item.pages, CellLook.COUNT)
    yield Field("folder", "所在文件夹", "在哪个文件夹。", 30, lambda n: n.item.folder)
    yield Field("file", "文件名", "文件名。", 40, lambda n: n.item.file)
    yield Field("remark", "备注", "备注。", 20, lambda n: n.item.remark)
    yield Field("sha256", "校验码（SHA-256）", "校验码。", 34, _sum, CellLook.SMALL, printed=False)


def _sum(numbered_item: NumberedItem) -> str:
    return numbered_item.item.sha256


def _left_out(title: str, left_out: Sequence[LeftOut]) -> Table[LeftOut]:
    fields = (
        Field[LeftOut]("what", "文件", "是什么。", 44, lambda one: one.what),
        Field[LeftOut]("author", "报送单位", "谁的。", 20, lambda one: one.author),
        Field[LeftOut]("day", "日期", "哪天的。", 11, lambda one: f"{one.day:%Y%m%d}", CellLook.WORD),
        Field[LeftOut]("why", "为什么没有归档", "原因。", 44, lambda one: one.why),
    )
    return Table(
        sheet=LEFT_OUT,
        heading=f"{title}　{LEFT_OUT}",
        note="下列文件列出备查，没有随本文件夹移交。",
        fields=fields,
        lines=left_out,
        fixed=1,
        empty="没有。",
    )


def write_plan_copy(path: Path, tables: dict[str, Rows], made_at: datetime) -> None:
    """Write the tables of a plan as they were, row by row and column by column, as texts."""
    book = WorkbookWriter(path)
    book.file.set_properties({"created": made_at.replace(tzinfo=None)})
    for name, rows in tables.items():
        page = book.sheet(name)
        widths: dict[int, int] = {}
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                text = text_of(cell)
                page.write(number, column, text or None, style.HEADER if number == 1 else style.BOX)
                if number:
                    widths[column] = max(widths.get(column, _NARROWEST), style.text_width(text) + 2)
        for column, width in widths.items():
            page.width(column, min(_WIDEST, width))
        page.sheet.freeze_panes(2, 1)
    book.close()
