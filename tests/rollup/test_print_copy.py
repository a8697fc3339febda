"""The copy for the printer: contents that are right, nothing too small, what matters, and how much more there is."""

import re
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tenproj_xl.model.plan import Measure
from tenproj_xl.rollup.book import write_rollup
from tenproj_xl.rollup.drawing.on_paper import COLUMNS, ROOM, OnPaper
from tenproj_xl.rollup.facts.editions import EDITIONS, Audience, Edition
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.model import facts_of
from tenproj_xl.rollup.print_copy import TITLE, write_print_copy
from tenproj_xl.rollup.registry import sheets_of
from tests.helpers import libreoffice
from tests.helpers import rollup_example as ex
from tests.helpers.printed_size import smallest_letters
from tests.helpers.programs import need
from tests.helpers.rollup_reading import opened

WEEKS: Mapping[str, Callable[[], RollupInput]] = {
    "ordinary": ex.ordinary_week,
    "following": ex.following_week,
    "awful": ex.awful_week,
    "first": ex.first_week,
    "quarter": ex.reviewed_quarter,
    "year": ex.ended_year,
}
_MOST_PAGES = 30


HEADS = ("主要指标（", "重点任务（")


def print_copy(week: str, folder: Path) -> Path:
    path = folder / f"{week}.xlsx"
    write_print_copy(path, facts_of(WEEKS[week]()))
    return path


def sections(path: Path) -> Worksheet:
    return opened(path)[TITLE]


def texts(sheet: Worksheet) -> list[str]:
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]


def contents(path: Path) -> dict[str, int]:
    """What the contents list, with the page of each."""
    listed: dict[str, int] = {}
    for row in sections(path).iter_rows(min_row=2, values_only=True):
        cells = [str(value) for value in row if value is not None]
        if not any(re.fullmatch(r"第\d+页", cell) for cell in cells):
            break
        for text, page in zip(cells[::2], cells[1::2], strict=True):
            listed[text] = int(page.strip("第页"))
    return listed


@pytest.mark.libreoffice
@pytest.mark.parametrize("week", WEEKS)
def test_each_part_stands_on_the_page_that_the_contents_name_and_all_are_less_than_thirty(
    week: str, tmp_path: Path
) -> None:
    need("soffice", "pdftotext")
    path = print_copy(week, tmp_path)
    (pdf,) = libreoffice.save_all_as("pdf", [path], tmp_path / "printed")
    printed = subprocess.run(  # noqa: S603  # our own file
        ["pdftotext", "-layout", str(pdf), "-"],  # noqa: S607
        check=True,
        capture_output=True,
        encoding="utf-8",
    ).stdout
    pages = printed.split("\f")[:-1]
    listed = contents(path)
    assert len(pages) == max(listed.values()) < _MOST_PAGES
    for text, page in listed.items():
        title = text.partition("（")[0]
        assert page == 1 or title in re.sub(r"\s", "", pages[page - 1]), text


@pytest.mark.parametrize("week", WEEKS)
def test_no_text_is_smaller_than_eight_and_a_half_points_and_the_width_is_that_of_a4(
    week: str, tmp_path: Path
) -> None:
    sheet = sections(print_copy(week, tmp_path))
    assert (sheet.page_setup.paperSize, sheet.page_setup.scale or 100) == (9, 100)
    assert min(cell.font.sz for row in sheet.iter_rows() for cell in row if cell.value is not None) >= 8.5
    (width,) = {round(d.width * 7) for d in sheet.column_dimensions.values()}
    assert width * COLUMNS * 0.75 < (297 / 25.4 - 0.6) * 72


@pytest.mark.parametrize("week", WEEKS)
def test_no_page_is_higher_than_a4_across(week: str, tmp_path: Path) -> None:
    sheet = sections(print_copy(week, tmp_path))
    breaks = [b.id for b in sheet.row_breaks.brk]
    used = 0.0
    for row in range(1, sheet.max_row + 1):
        used += float(sheet.row_dimensions[row].height or 12.75)
        assert used <= ROOM + 0.1, row
        if row in breaks:
            used = 0.0


def test_every_column_to_be_printed_is_there_in_some_edition() -> None:
    missing: dict[str, set[str]] = {}
    for week in WEEKS.values():
        facts = facts_of(week())
        for spec in sheets_of(facts.data.release):
            if isinstance(spec.paper, OnPaper):
                names = {field.name for field in spec.table_of(facts).fields}
                missing[spec.code] = missing.get(spec.code, set(spec.paper.widths)) - names
    assert missing["returns"] == set()
    assert not any(missing.values())


def test_in_a_quarter_each_line_of_returns_says_of_which_week_it_is(tmp_path: Path) -> None:
    facts = facts_of(WEEKS["quarter"]())
    printed = texts(sections(print_copy("quarter", tmp_path)))
    (place,) = [n for n, text in enumerate(printed) if text == "期"]
    assert printed[place + 1 : place + 4] == ["专班", "工程", "牵头单位"]
    assert {line.period.paper_name for line in facts.returns} <= set(printed)


def test_a_target_that_was_missed_before_is_printed_with_the_reason_given_then(tmp_path: Path) -> None:
    goals = (ex.target("2026-Q3", "以上", 70.0), ex.target("2026", "以上", 100.0))
    rows = (
        ex.figure("Z01-01", 60.0, "2026年9月", "统计核定", period="2026-W42", lag_reason="汛期停工"),
        ex.figure("Z01-01", 90.0, "2026年10月"),
    )
    data = ex.rollup_input(*rows, indicators=(ex.indicator("Z01-01", Measure.ANNUAL, *goals),))
    write_print_copy(tmp_path / "x.xlsx", facts_of(data))
    told = texts(sections(tmp_path / "x.xlsx"))
    assert told.count("汛期停工") == 1  # in 督办清单
    assert told.count("2026年三季度：汛期停工") == 1  # in 主要指标, beside another figure


def test_tasks_that_page_one_does_not_count_are_told_apart(tmp_path: Path) -> None:
    tasks = facts_of(ex.following_week()).tasks
    aside = sum(not line.is_owed for line in tasks)
    assert aside
    said = texts(sections(print_copy("following", tmp_path)))
    assert any(text.startswith(f"重点任务（共{len(tasks)}项，含不涉及{aside}项，这里印") for text in said)


def test_an_indicator_that_is_on_pace_and_did_not_change_is_counted_and_not_printed(tmp_path: Path) -> None:
    sheet = sections(print_copy("following", tmp_path))
    said = texts(sheet)
    start, end = (max(n for n, text in enumerate(said) if text.startswith(head)) for head in HEADS)
    printed = {text for text in said[start:end] if re.fullmatch(r"Z\d\d-\d\d", text)}
    counted = [line for line in facts_of(ex.following_week()).indicators if line.counted]
    states = {line.state.label for line in counted if line.indicator.code not in printed}
    assert said[start] == f"主要指标（共10项，这里印{len(printed)}项，其余见电子版）"
    assert states == {"达序时", "达标", "待核定"}


def test_of_more_lines_than_its_pages_hold_the_most_urgent_are_printed_and_all_are_counted(
    tmp_path: Path,
) -> None:
    facts = facts_of(ex.awful_week())
    said = texts(sections(print_copy("awful", tmp_path)))
    (heading,) = {text for text in said if text.startswith("督办清单（共")}
    total, shown = map(int, re.findall(r"\d+", heading))
    assert total == len(facts.supervision) > shown
    codes = [line.code for line in facts.supervision]
    below = said[len(said) - said[::-1].index(heading) :]
    assert [text for text in below if text in codes][:shown] == codes[:shown]


def test_short_sheets_share_a_page(tmp_path: Path) -> None:
    pages = list(contents(print_copy("following", tmp_path)).values())
    assert len(set(pages)) < len(pages)


def test_a_sheet_without_lines_is_named_as_such_and_takes_no_page(tmp_path: Path) -> None:
    path = print_copy("first", tmp_path)
    (remark,) = (text for text in texts(sections(path)) if text.startswith("本期没有内容的："))
    assert "数据修订和更正" in remark
    assert not [text for text in contents(path) if text.startswith("数据修订和更正")]


def test_it_has_neither_formulas_nor_links_and_page_one_says_what_the_workbook_says(tmp_path: Path) -> None:
    path = print_copy("following", tmp_path)
    book = opened(path)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f" or cell.hyperlink]
    rollup = tmp_path / "rollup.xlsx"
    write_rollup(rollup, facts_of(ex.following_week()))
    whole = opened(rollup, values=True).worksheets[0]
    page = book.worksheets[0]
    area = whole.print_area.partition("!")[2]
    assert [[c.value for c in row] for row in page[area]] == [[c.value for c in row] for row in whole[area]]


def test_columns_that_do_not_take_the_whole_width_are_refused() -> None:
    with pytest.raises(ValueError, match="10 columns of 72"):
        OnPaper(widths={"code": 4, "name": 6})


# --- sheets printed by themselves


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.code)
def test_nothing_is_printed_smaller_than_eight_and_a_half_points_but_the_wall(
    edition: Edition, audience: Audience, tmp_path: Path
) -> None:
    facts = facts_of(ex.rollup_input_for(edition, audience))
    small = {}
    for name, write in (("book", write_rollup), ("copy", write_print_copy)):
        write(tmp_path / f"{name}.xlsx", facts)
        for sheet in opened(tmp_path / f"{name}.xlsx"):
            if sheet.title != "挂图作战" and smallest_letters(sheet) < 8.5:
                small[name, sheet.title] = smallest_letters(sheet)
        if audience is Audience.PUBLIC:
            break  # there is no copy of it
    assert small == {}
