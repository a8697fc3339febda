"""Which figures of a paper are not ours: those that somebody changed or added, wherever they stand."""

import pytest

from tenproj_xl.core.catalogue import Code
from tenproj_xl.model.publications import PaperKind, Series
from tenproj_xl.office.given_papers import (
    GivenPaper,
    PaperName,
    figures_not_ours,
    name_of,
    of_text,
    of_workbook,
)
from tenproj_xl.reading.book import Book, SheetCells
from tenproj_xl.reading.docx_text import TextDocument, TextLine
from tenproj_xl.reading.sniff import FileKind


def text(*paragraphs: str) -> GivenPaper:
    lines = [TextLine(f"第{n}段", (paragraph,)) for n, paragraph in enumerate(paragraphs, 1)]
    return of_text(TextDocument("", tuple(lines)))


def workbook(*rows: tuple[object, ...]) -> GivenPaper:
    return of_workbook(Book(kind=FileKind.XLSX, sheets=(SheetCells("主要指标", hidden=False, rows=rows),)))


def found(given: GivenPaper, ours: GivenPaper) -> list[tuple[str, str]]:
    return [(f.value, f.cell or f.sheet) for f in figures_not_ours("稿", given, ours)]


OURS = text("应评指标40项，达序时35项。", "提请协调3项。")


@pytest.mark.parametrize(
    ("given", "new"),
    [
        (text("应评指标40项，达序时36项。", "提请协调3项。"), [("36", "正文 第1段")]),
        (text("应评指标40项，达序时35项，滞后5项。", "提请协调3项。"), [("5", "正文 第1段")]),
        (
            text("应评指标40项，达序时35项。", "全区投资1,234.5亿元。", "提请协调3项。"),
            [("1234.5", "正文 第2段")],
        ),
        (text("提请协调3项。", "应评指标40项，达序时35项。"), []),
        (text("应评指标４０项，达序时35项。", "提请协调3项。"), []),
        (
            text("应评指标40项，达序时35项。", "见2026年11月5日第13期，Z03-04，9:30，W48。", "提请协调3项。"),
            [],
        ),
        (text("应评指标40项，达序时35项。", "其中滞后3项，共40项。", "提请协调3项。"), []),
    ],
    ids=[
        "changed",
        "added to a sentence",
        "a new paragraph",
        "moved",
        "full width",
        "dates and codes",
        "ours elsewhere",
    ],
)
def test_figures_of_a_text_that_are_not_ours(given: GivenPaper, new: list[tuple[str, str]]) -> None:
    assert found(given, OURS) == new


ROWS: tuple[tuple[object, ...], ...] = (
    ("编号", "名称", "数值", "目标"),
    ("Z01-01", "规上工业增加值", 72.5, 80.0),
    ("Z01-02", "数字经济增加值", 33.0, 40.0),
)


def test_a_cell_that_was_changed_is_told_with_what_we_had_there() -> None:
    given = workbook(ROWS[0], ("Z01-01", "规上工业增加值", 80.0, 80.0), ROWS[2])
    (finding,) = figures_not_ours("稿", given, workbook(*ROWS))
    assert (finding.code, finding.sheet, finding.cell, finding.value) == (
        Code.PAPER_FIGURE_NOT_OURS,
        "主要指标",
        "C2",
        "80",
    )
    assert "程序生成的这一处是“72.5、80”" in finding.message


def test_a_row_that_was_put_in_between_moves_no_other_figure() -> None:
    given = workbook(ROWS[0], ("另：区属国企", "利润", 5.25, None), *ROWS[1:])
    assert found(given, workbook(*ROWS)) == [("5.25", "C2")]


def test_a_column_that_was_put_in_brings_its_own_figures_alone() -> None:
    given = workbook(*((row[0], n, *row[1:]) for n, row in enumerate(ROWS, 11)))
    assert found(given, workbook(*ROWS)) == [("11", "B1"), ("12", "B2"), ("13", "B3")]


@pytest.mark.parametrize(
    ("paper", "name"),
    [
        (text("拱墅区十项重大工程工作简报", "2026年第48周"), (Series.BRIEF, "week", "2026-W48")),
        (text("工作简报", "第3期　2026年11月"), (Series.BRIEF, "month", "2026-11")),
        (
            text("工作简报", "第3期", "某办\t2026年11月27日", "2026年第48周工作进展情况"),
            (Series.BRIEF, "week", "2026-W48"),
        ),
        (workbook(("十项重大工程调度材料　2026年11月", "内部资料")), (Series.MONTH, "month", "2026-11")),
        (workbook(("晾晒排名　2026年四季度", "晾晒版")), (Series.LEAGUE, "quarter", "2026-Q4")),
        (
            workbook(("联络员例会材料　2026年第48周（11月23日—29日）",)),
            (Series.MEETING, "meeting", "2026-W48"),
        ),
    ],
)
def test_a_paper_without_its_property_is_known_by_its_title(
    paper: GivenPaper, name: tuple[Series, str, str]
) -> None:
    series, edition, period = name
    titles = [("meeting", "联络员例会材料"), ("month", "调度材料")]
    assert name_of(paper, titles) == PaperName(series=series, edition=edition, period=period)


def test_what_a_paper_says_of_other_workbooks_is_no_title() -> None:
    paper = workbook(("十项重大工程　2026年第48周",), ("",), ("【请定】督办单逾期未反馈1件",))
    assert name_of(paper, []) == PaperName(series=Series.WEEK, edition="week", period="2026-W48")


def test_the_property_of_a_paper_tells_more_than_its_title() -> None:
    paper = GivenPaper(kind=PaperKind.WORKBOOK, subject="tenproj league month 2026-11 a1b2c3d4")
    assert name_of(paper, []) == PaperName(
        series=Series.LEAGUE, edition="month", period="2026-11", made_from="a1b2c3d4"
    )
