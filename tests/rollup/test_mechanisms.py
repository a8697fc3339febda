"""How the work is run (section 三 of the document) stands in 说明, where the plan declares it."""

from pathlib import Path

from tenproj_xl.core.periods import parse_period
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.plan_reader import doubts_of_plan, read_plan
from tenproj_xl.model.plan_schema import MECHANISMS, shipped_plan
from tenproj_xl.model.settings_reader import default_settings
from tenproj_xl.rollup.book import write_rollup
from tenproj_xl.rollup.facts.input import nothing_reported
from tenproj_xl.rollup.facts.model import facts_of
from tests.helpers.rollup_reading import opened
from tests.helpers.small_plan import small_plan, small_tables

CHAPTER = "、工作机制"


def notes_of(plan: Plan, path: Path) -> list[tuple[str, ...]]:
    """Return the lines of 说明 in a roll-up of a week in which nothing came."""
    write_rollup(path, facts_of(nothing_reported(plan, default_settings(), parse_period("2026-W48"))))
    page = opened(path)["说明"]
    return [tuple(str(cell) for cell in row[:3]) for row in page.iter_rows(values_only=True)]


def test_meetings_stand_in_the_notes_with_rhythm_task_and_chair(tmp_path: Path) -> None:
    plan, _ = read_plan(shipped_plan(), "")
    assert plan is not None
    lines = notes_of(plan, tmp_path / "x.xlsx")
    assert any(line[0].endswith(CHAPTER) for line in lines)
    meeting = next(line for line in lines if line[0] == "联络员例会")
    assert meeting[1] == "每两周"
    assert meeting[2].endswith("主持（牵头）：总专班办公室主任（或委托办公室常务副主任）。")
    assert next(line[1] for line in lines if line[0] == "年度工作推进会") == "每年年初"


def test_a_plan_without_the_sheet_as_before_is_read_without_a_finding(tmp_path: Path) -> None:
    tables = small_tables()
    assert MECHANISMS.name not in tables
    assert read_plan(tables, "")[1] == []
    assert not any(finding.sheet == MECHANISMS.name for finding in doubts_of_plan(tables, ""))
    assert not any(line[0].endswith(CHAPTER) for line in notes_of(small_plan(), tmp_path / "x.xlsx"))
