"""Another district's plan: other units, other years, 4 or 25 task forces, and not a line of code touched."""

from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from tenproj_xl.app.generate import generate
from tenproj_xl.app.initialise import initialise
from tenproj_xl.app.merge import merge
from tenproj_xl.app.workspace import Workspace, check_workbooks
from tenproj_xl.model.plan_schema import PLAN_SHEETS
from tests.helpers.rollup_reading import one, opened, table
from tests.helpers.times import first_morning

PERIOD = "2031-W10"


def rows_of(task_forces: int) -> dict[str, list[list[object]]]:
    """The tables of a plan from 2030 to 2034 with one indicator and one task for each task force."""
    codes = [f"{n:02d}" for n in range(1, task_forces + 1)]
    return {
        "方案": [
            ["方案代码", "XH"],
            ["地区", "西湖县"],
            ["方案名称", "“强县工程”"],
            ["起始年", 2030],
            ["终止年", 2034],
            ["办公室", "县攻坚办"],
        ],
        "专班": [[c, f"第{c}专班", "涉及", "某县长", f"县{c}局", "", "", ""] for c in codes],
        "单位": [[f"县{c}局", "", "", "", "", "", ""] for c in codes],
        "主要指标": [
            [f"Z{c}-01", c, f"指标{c}", "", "万吨", "", "逐年", "越高越好", f"县{c}局", "", "月", 5, "匀速"]
            for c in codes
        ],
        "年度计划": [
            [f"Z{c}-01", y, "以上", 10 * int(c), "", "原文", "", "", ""] for c in codes for y in (2031, 2034)
        ],
        "重点任务": [[f"R{c}-01", c, f"任务{c}", "", f"县{c}局", "", f"县{c}局"] for c in codes],
        "节点": [],
        "工作机制": [],
        "人员": [],
    }


def lay_down(root: Path, task_forces: int) -> Workspace:
    workspace = Workspace(root)
    initialise(workspace)
    book = Workbook()
    for sheet in PLAN_SHEETS:
        page = book.create_sheet(sheet.name)
        page.append([c.header for c in sheet.columns])
        for row in rows_of(task_forces)[sheet.name]:
            page.append([cell if cell != "" else None for cell in row])
    del book["Sheet"]
    book.save(workspace.plan)
    return workspace


@pytest.mark.parametrize("task_forces", [4, 25])
def test_the_whole_loop_works_on_another_districts_plan(tmp_path: Path, task_forces: int) -> None:
    workspace = lay_down(tmp_path, task_forces)
    _, findings = check_workbooks(workspace)
    assert findings == []

    sent = generate(workspace, PERIOD, now=first_morning(PERIOD)).written
    assert len(sent) == task_forces

    form = load_workbook(sent[-1])
    page = form["主要指标进度表"]
    fields = {c.value: c.coordinate.rstrip("3") for c in page[3]}
    assert [f for f in fields if str(f).startswith("target_2")] == [f"target_{y}" for y in range(2030, 2035)]
    page[f"{fields['value']}5"] = 99.5
    page[f"{fields['nature']}5"] = "部门统计"
    form.save(workspace.inbox / "回表.xlsx")

    merged = merge(workspace, PERIOD)
    code = f"Z{task_forces:02d}-01"
    assert [f.task_force for f in merged.ingested.files] == [f"{task_forces:02d}"]
    assert one(table(merged.rollup, "主要指标"), code, "最新数值") == 99.5
    assert "西湖县" in merged.rollup.name
    cells = [cell.value for page in opened(merged.rollup) for row in page.iter_rows() for cell in row]
    assert not [text for text in map(str, cells) if "全区" in text.replace("　", "")]


def test_nothing_about_this_district_is_in_the_code() -> None:
    import tenproj_xl  # noqa: PLC0415

    home = Path(tenproj_xl.__file__).parent
    for path in home.rglob("*.py"):
        if path.name != "demo.py":
            assert "拱墅" not in path.read_text(encoding="utf-8"), path.name
