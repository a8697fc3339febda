"""What is typed into plan and settings is taken as it is meant, and the same from the snapshot in the ledger."""

import json
from collections.abc import Callable
from datetime import time
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from tenproj_xl.app.workspace import Workspace, check_workbooks
from tenproj_xl.excel.office_tables import write_workbook
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.plan_reader import read_plan
from tenproj_xl.model.plan_schema import PLAN_SHEETS
from tenproj_xl.model.settings import Settings
from tenproj_xl.model.settings_reader import read_settings
from tenproj_xl.model.settings_schema import SETTING_SHEETS, default_rows
from tests.helpers.small_plan import small_tables


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Plan and settings alone: the small plan and the defaults."""
    made = Workspace(tmp_path)
    write_workbook(made.plan, PLAN_SHEETS, small_tables(), {})
    write_workbook(made.settings, SETTING_SHEETS, default_rows(), {})
    return made


def edit(path: Path, change: Callable[[Workbook], None]) -> None:
    book = load_workbook(path)
    change(book)
    book.save(path)


def cell(sheet: Worksheet, row_begins: tuple[str, ...], header: str) -> Cell:
    """Return the cell under a header in the row that begins with some texts."""
    (headers,) = sheet.iter_rows(min_row=2, max_row=2)
    column = next(h.column for h in headers if h.value == header)
    for line in sheet.iter_rows(min_row=3):
        if tuple(str(c.value) for c in line[: len(row_begins)]) == row_begins:
            found = line[column - 1]
            assert isinstance(found, Cell)
            return found
    raise AssertionError(row_begins)


def show_as_per_cent(cell: Cell, value: float) -> None:
    cell.value = value
    cell.number_format = "0.0%"


def read(workspace: Workspace) -> tuple[Plan, Settings]:
    """Read both workbooks, and see that the snapshots of the ledger say the same."""
    loaded, findings = check_workbooks(workspace)
    assert findings == []
    assert loaded is not None
    assert read_plan(json.loads(loaded.snapshots.plan), "")[0] == loaded.plan
    assert read_settings(json.loads(loaded.snapshots.settings), "")[0] == loaded.settings
    return loaded.plan, loaded.settings


def test_targets_and_baselines_of_per_cent_may_be_shown_as_per_cent(workspace: Workspace) -> None:
    def change(book: Workbook) -> None:
        show_as_per_cent(cell(book["年度计划"], ("Z01-09", "2025"), "目标值"), 0.16)
        cell(book["年度计划"], ("Z01-10", "2025"), "目标值").value = "7%"
        cell(book["年度计划"], ("Z01-10", "2027"), "目标值").value = "８.５％"
        show_as_per_cent(cell(book["主要指标"], ("Z01-09",), "基期值"), 0.07)

    edit(workspace.plan, change)
    plan, _ = read(workspace)
    burden, growth = plan.indicator("Z01-09"), plan.indicator("Z01-10")
    assert burden is not None
    assert growth is not None
    assert (burden.baseline, [t.value for t in burden.targets]) == (7.0, [16.0, 15.0])
    assert [t.value for t in growth.targets] == [7.0, 8.5]


def test_per_cent_of_another_unit_is_refused_as_it_is_shown(workspace: Workspace) -> None:
    edit(
        workspace.plan,
        lambda book: show_as_per_cent(cell(book["年度计划"], ("Z01-01", "2026"), "目标值"), 0.35),
    )
    loaded, (fault,) = check_workbooks(workspace)
    assert loaded is None
    assert (fault.sheet, fault.value) == ("年度计划", "35%")


def test_01_stays_01_and_1_is_01(workspace: Workspace) -> None:
    def change(book: Workbook) -> None:
        cell(book["专班"], ("01",), "编号").value = 1
        cell(book["专班"], ("02",), "编号").value = "２"
        cell(book["主要指标"], ("Z01-01",), "专班编号").value = 1
        cell(book["主要指标"], ("Z01-02",), "专班编号").value = "01"
        cell(book["主要指标"], ("Z01-03",), "指标编号").value = "z01－03"
        cell(book["重点任务"], ("R02-01",), "专班编号").value = 2

    edit(workspace.plan, change)
    plan, _ = read(workspace)
    assert [t.code for t in plan.task_forces] == ["01", "02"]
    assert len(plan.indicators_of("01")) == 16
    assert [t.code for t in plan.tasks_of("02")] == ["R02-01"]


def test_times_and_shares_in_the_settings_are_what_they_show(workspace: Workspace) -> None:
    def change(book: Workbook) -> None:
        sheet = book["参数"]
        cell(sheet, ("截止时刻",), "取值").value = time(17, 30)
        show_as_per_cent(cell(sheet, ("左右界限",), "取值"), 0.07)
        show_as_per_cent(cell(sheet, ("略滞后界限",), "取值"), 0.06)
        show_as_per_cent(cell(sheet, ("指标权重",), "取值"), 0.5)

    edit(workspace.settings, change)
    _, settings = read(workspace)
    assert settings.calendar.hour == time(17, 30)
    assert (settings.about, settings.slow, settings.weights.indicators) == (0.07, 0.06, 50.0)


def test_days_in_per_cent_are_refused(workspace: Workspace) -> None:
    edit(
        workspace.settings,
        lambda book: show_as_per_cent(cell(book["参数"], ("临近时限天数",), "取值"), 0.14),
    )
    loaded, (fault,) = check_workbooks(workspace)
    assert loaded is None
    assert "“临近时限天数”填了“14%”" in fault.message
