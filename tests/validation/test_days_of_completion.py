"""Days of completion: which are in doubt, though the day itself is one."""

from datetime import date
from pathlib import Path

from tenproj_xl.app.check import check
from tenproj_xl.core.catalogue import Code
from tests.conftest import PERIOD
from tests.helpers.filling import Office

REACHED = {"status": "已完成", "milestone_done": "已完成", "progress": "已建成投用"}


def codes(week: Office, task: str, day: date, tmp_path: Path) -> list[Code]:
    """What is found in the form of a task's force once the task was done on a day."""
    form = week.right(task[1:3])
    form.write("tasks", task, **(REACHED | {"completed_on": day}))
    (result,) = check(week.workspace, [form.save(tmp_path / form.name)], PERIOD).files
    return [found.code for found in result.findings]


def test_a_day_of_about_a_year_ago_may_be_last_years_by_habit(week: Office, tmp_path: Path) -> None:
    assert codes(week, "R03-02", date(2025, 11, 20), tmp_path) == [Code.DATE_FAR]


def test_a_day_close_to_that_on_which_the_milestone_was_due_is_in_no_doubt(
    week: Office, tmp_path: Path
) -> None:
    due = week.right("09").value("tasks", "R09-06", "milestone_due")
    assert f"{due:%Y-%m-%d}" == "2025-12-31"
    assert codes(week, "R09-06", date(2025, 12, 30), tmp_path) == []
