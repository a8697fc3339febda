"""The weeks whose forms are spoiled: a plan of two task forces, made by the real commands."""

import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.cells import Rows
from tenproj_xl.model.plan_schema import INDICATORS, TARGETS, TASK_FORCES, TASKS
from tests.helpers.answers import right_answers
from tests.helpers.filling import Office, sent_out
from tests.helpers.plan_book import workspace_of
from tests.helpers.shared import made_once
from tests.helpers.small_plan import small_tables

PERIODS: Mapping[str, str] = {"november": "2026-W48", "first": "2026-W48", "january": "2027-W02"}
"""The periods of the weeks: in November with half a year behind it, of a new programme, and in January."""
EARLIER = ("2026-W12", "2026-W20", "2026-W29", "2026-W38", "2026-W43")
ISSUES: tuple[Mapping[str, object], ...] = (
    {
        "description": "3户未签约，影响进场",
        "category": "征迁",
        "source": "自查",
        "raised_on": date(2026, 9, 14),
        "unit": "区住建局",
        "due_on": date(2026, 12, 31),
        "measures": "上门做工作",
        "status": "整改中",
        "progress": "已签约1户",
    },
    {
        "description": "省级专项资金尚未到位",
        "category": "资金",
        "source": "督查核查",
        "raised_on": date(2026, 9, 15),
        "unit": "区发改经信局",
        "due_on": date(2027, 1, 20),
        "measures": "与省级主管部门对接",
        "status": "整改中",
        "progress": "已报送申请材料",
    },
)
"""What task force 01 registered in September, and has open."""
STILL_WAITED_FOR = "Z01-03/2026-Q2"
"""The row of task force 01 that November still has for a verified figure."""
_MORE_ROWS = {
    INDICATORS.name: (
        "Z02-01 02 整治面积 土地 亩 自1月1日起累计 逐年 越高越好 区住建局 - 月 20 匀速",
        "Z02-02 02 复垦完成率 土地 % 当年完成率 当年完成率 越高越好 区住建局 - 月 20 匀速",
        "Z02-03 02 新增耕地 土地 亩 自1月1日起累计 逐年 越高越好 区住建局 - 季 20 匀速",
    ),
    TARGETS.name: (
        "Z02-01 2026 以上 300 - 原文",
        "Z02-02 2026 完成 100 - 原文",
        "Z02-03 2026 以上 120 - 原文",
    ),
    TASKS.name: ("R02-02 02 编制整治方案 完成编制 区住建局 - 区住建局 - - 2027-06-30",),
}


def tables() -> Mapping[str, Rows]:
    """Return the tables of the small plan, whose second task force takes part as the first one does."""
    made: dict[str, Rows] = {**small_tables()}
    forces = made[TASK_FORCES.name]
    made[TASK_FORCES.name] = [["涉及" if cell == "不涉及" else cell for cell in row] for row in forces]
    for sheet, lines in _MORE_ROWS.items():
        width = len(made[sheet][0])
        rows = [[None if cell == "-" else cell for cell in line.split()] for line in lines]
        made[sheet] = [*made[sheet], *(row + [None] * (width - len(row)) for row in rows)]
    return made


def make(name: str, root: Path) -> None:
    """Make the workspace of a week, with its forms out and nothing returned for it."""
    workspace = workspace_of(root, tables())
    if name != "first":
        for period in EARLIER:
            _returned(workspace, period)
    sent_out(workspace, PERIODS[name])


def make_all(root: Path) -> None:
    """Make the workspaces of all weeks; January's goes on from November's, for which nothing came back."""
    make("first", root / "first")
    make("november", root / "november")
    shutil.copytree(root / "november", root / "january")
    sent_out(Workspace(root / "january"), PERIODS["january"])


def made(factory: pytest.TempPathFactory) -> Path:
    """Return the folder with the workspaces of all weeks, which tests only read."""
    return made_once(factory, "spoiled-weeks", make_all)


def _returned(workspace: Workspace, period: str) -> None:
    office = sent_out(workspace, period)
    for code in office.forms:
        form = office.right(code)
        if code == "01" and period == "2026-W38":
            for n, issue in enumerate(ISSUES, 1):
                form.write("issues", f"+{n}", **issue)
        if code == "01" and STILL_WAITED_FOR in form.codes("indicators"):
            form.write("indicators", STILL_WAITED_FOR, value=None)
        office.send(form)
    ingest(workspace, period)
    shutil.rmtree(workspace.outbox / period)


def opened(name: str, root: Path) -> Office:
    """Return the office of a week that was made."""
    return Office.of(Workspace(root), PERIODS[name])


def right(office: Office, task_force: str) -> dict[tuple[str, str], dict[str, object]]:
    """Return what is written into the form of a task force where nothing is spoiled."""
    return right_answers(office.forms[task_force])
