"""A sheet of the roll-up is declared in one file, and everything that has to know of it takes it from fnmatch import fnmatchcase
from there."""

import pkgutil
from fnmatch import fnmatchcase
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import pytest

from tenproj_xl.rollup import sheets
from tenproj_xl.rollup.book import write_rollup
from tenproj_xl.rollup.drawing.sheet_spec import SheetSpec
from tenproj_xl.rollup.facts.editions import EDITIONS, MEETING, QUARTER, WEEK, Audience, Edition, Release
from tenproj_xl.rollup.facts.model import facts_of
from tenproj_xl.rollup.registry import SPECS, sheets_of
from tests.helpers import rollup_example as ex
from tests.helpers.rollup_reading import opened, table
from tests.rollup import one_more_sheet

MODULES = sorted(module.name for module in pkgutil.iter_modules(sheets.__path__))
TABLES = [spec for spec in SPECS if spec.table is not None]
WITH_ONE_MORE = (*SPECS, one_more_sheet.SPEC)


def titles(release: Release) -> list[str]:
    return [spec.title for spec in sheets_of(release, WITH_ONE_MORE)]


# --- one sheet more


def test_a_sheet_that_is_declared_stands_at_its_place_in_the_workbook(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    write_rollup(path, facts_of(ex.ordinary_week()), WITH_ONE_MORE)
    names = opened(path).sheetnames
    assert names[names.index("问题销号") + 1] == "投资进度"
    invested = table(path, "投资进度")
    assert invested[["编号", "重点任务", "评价"]].to_numpy().tolist() == [
        ["R01-01", "任务R01-01", "逾期"],
        ["R02-01", "任务R02-01", "滞后"],
    ]


def test_a_sheet_that_is_declared_is_in_the_legend_and_in_the_notes(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    write_rollup(path, facts_of(ex.ordinary_week()), WITH_ONE_MORE)
    book = opened(path, values=True)
    on_page_one = {cell.value: cell.hyperlink for row in book["总览"].iter_rows() for cell in row}
    link = on_page_one["各任务的投资见“投资进度”"]
    assert link is not None
    assert link.location == "'投资进度'!A1"
    topics = [row[0] for row in book["说明"].iter_rows(values_only=True)]
    assert topics[topics.index("投资进度") - 1] == "七、其他各表"


def test_a_code_on_a_sheet_that_is_declared_leads_to_its_row(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    write_rollup(path, facts_of(ex.ordinary_week()), WITH_ONE_MORE)
    link = opened(path)["投资进度"]["A5"].hyperlink
    assert link is not None
    assert link.location == "'重点任务'!A6"  # R02-01 is the third task


def test_a_sheet_stands_in_the_editions_and_for_the_readers_that_it_names() -> None:
    assert "投资进度" in titles(Release(WEEK))
    assert titles(Release(QUARTER))[1] == "本季数据"  # declared before it; both open the quarter
    assert "投资进度" in titles(Release(QUARTER))[:6]
    assert "投资进度" not in titles(Release(MEETING))
    assert "投资进度" not in titles(Release(WEEK, Audience.PUBLIC))


# --- the sheets that there are


@pytest.mark.parametrize("name", MODULES)
def test_every_module_of_the_sheets_declares_one_sheet_of_its_name(name: str) -> None:
    declared = [
        value
        for value in vars(import_module(f"{sheets.__name__}.{name}")).values()
        if isinstance(value, SheetSpec)
    ]
    assert [spec.code for spec in declared] == [name]
    assert declared[0] in SPECS


def test_codes_titles_and_places_of_sheets_are_their_own() -> None:
    assert len(SPECS) == len(MODULES) + 2  # with the agenda and page one
    for values in ([s.code for s in SPECS], [s.title for s in SPECS], [s.order for s in SPECS]):
        assert len(set(values)) == len(SPECS)
    assert all(before.order < after.order for before, after in pairwise(SPECS))
    assert all(spec.code.isascii() and spec.code.isidentifier() for spec in SPECS)


@pytest.mark.parametrize("spec", TABLES, ids=lambda s: s.code)
def test_every_table_gives_its_columns_and_its_lines(spec: SheetSpec) -> None:
    facts = facts_of(ex.ordinary_week())
    names = [field.name for field in spec.fields(facts)]
    assert len(set(names)) == len(names) > 0
    assert spec.table_of(facts).sheet == spec.title
    for line in spec.lines(facts):
        for field in spec.fields(facts):
            field.get(line)


@pytest.mark.parametrize("spec", TABLES, ids=lambda s: s.code)
def test_all_may_read_the_columns_that_are_listed_and_no_other(spec: SheetSpec) -> None:
    facts = facts_of(ex.rollup_input_for(WEEK, Audience.PUBLIC))
    assert spec.table is not None
    shown, all_of_them = spec.fields(facts), spec.table(facts).fields
    names = {field.name for field in shown}
    assert names.isdisjoint({"source", "remark", "problems", "person", "phone"})
    for listed in spec.public:
        assert any(fnmatchcase(field.name, listed) for field in all_of_them), f"no column {listed}"
    assert bool(names) is bool(spec.public)


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda e: e.code)
def test_page_one_comes_first_for_leaders_and_for_all_the_league_or_in_a_week_the_progress(
    edition: Edition,
) -> None:
    first = "league"
    if edition in (WEEK, MEETING):
        first = "progress"
    opening = "agenda" if edition is MEETING else "overview"
    assert sheets_of(Release(edition))[0].code == opening
    assert sheets_of(Release(edition, Audience.PUBLIC))[0].code == first
    assert "progress" not in {spec.code for spec in sheets_of(Release(edition))}
