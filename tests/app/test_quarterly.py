"""A programme that reports by quarter: another plan, from the first forms to the judgement of its year."""

from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from tenproj_xl.app.generate import generate
from tenproj_xl.app.initialise import initialise
from tenproj_xl.app.merge import merge
from tenproj_xl.app.report import report
from tenproj_xl.app.workspace import Workspace, check_workbooks
from tenproj_xl.model.plan_schema import PLAN_SHEETS
from tests.helpers.filling import Office
from tests.helpers.rollup_reading import one, table
from tests.helpers.settings_book import set_parameter

GROWTH, DONE, FIRMS = "Z01-01", "Z01-02", "Z02-01"
PLAN: dict[str, list[list[object]]] = {
    "方案": [
        ["方案代码", "JD"],
        ["地区", "西湖县"],
        ["方案名称", "“稳增长行动”"],
        ["起始年", 2026],
        ["终止年", 2027],
        ["办公室", "县行动办"],
    ],
    "专班": [
        ["01", "投资攻坚", "涉及", "某县长", "县发改局"],
        ["02", "企业培育", "涉及", "某县长", "县经信局"],
    ],
    "单位": [["县发改局"], ["县经信局"]],
    "主要指标": [
        [GROWTH, "01", "工业投资增速", "", "%", "同比", "增速", "越高越好", "县发改局", "", "季", 15, "匀速"],
        [
            DONE,
            "01",
            "年度项目投资完成率",
            "",
            "%",
            "",
            "当年完成率",
            "越高越好",
            "县发改局",
            "",
            "季",
            15,
            "匀速",
        ],
        [FIRMS, "02", "新增规上企业", "", "家", "", "逐年", "越高越好", "县经信局", "", "季", 15, "年末考核"],
    ],
    "年度计划": [
        [GROWTH, "2026-Q3", "以上", -5, "", "批准"],
        [GROWTH, "2026", "以上", -2, "", "批准"],
        [GROWTH, "2027", "以上", 3, "", "批准"],
        [DONE, "2026-Q3", "完成", 70, "", "批准"],
        [DONE, "2026", "完成", 100, "", "批准"],
        [FIRMS, "2026-Q3", "以上", 60, "", "批准"],
        [FIRMS, "2026-Q4", "以上", 80, "", "批准"],
    ],
    "重点任务": [["R01-01", "01", "项目集中开工", "", "县发改局", "", "县发改局"]],
    "节点": [],
}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace(tmp_path)
    initialise(made)
    book = Workbook()
    for sheet in PLAN_SHEETS:
        page = book.create_sheet(sheet.name)
        page.append([c.header for c in sheet.columns])
        for row in PLAN.get(sheet.name, []):
            page.append([cell if cell != "" else None for cell in row])
    del book["Sheet"]
    book.save(made.plan)
    set_parameter(made, "报送周期", "每季度")
    set_parameter(made, "期末后天数", 20)
    return made


def office_of(workspace: Workspace, now: str) -> Office:
    """Generate the forms of the quarter that is due at a moment."""
    done = generate(workspace, now=datetime.fromisoformat(f"{now}+08:00"))
    return Office.of(workspace, done.period.code)


def answered(office: Office, nature: str, **values: float) -> Path:
    """Send both forms with verified or other figures, and merge."""
    sent = {GROWTH: values["growth"], DONE: values["done"], FIRMS: values["firms"]}
    for task_force in ("01", "02"):
        form = office.blank(task_force)
        rows = {code: value for code, value in sent.items() if code[1:3] == task_force}
        answers: dict[tuple[str, str], dict[str, object]] = {
            ("indicators", code): {
                "value": value,
                "nature": nature,
                "lag_reason": "需求不足",
                "next_steps": "调度",
            }
            for code, value in rows.items()
        }
        if task_force == "01":
            answers["tasks", "R01-01"] = {"status": "序时推进", "progress": "按计划推进"}
        office.send(form.answer(answers))
    merged = merge(office.workspace)
    assert [str(file.status) for file in merged.ingested.files] != ["refused", "refused"]
    assert not merged.ingested.needs_a_person, [
        f.message for file in merged.ingested.files for f in file.findings
    ]
    return merged.rollup


def test_a_programme_by_quarter_goes_from_its_plan_to_the_judgement_of_its_year(workspace: Workspace) -> None:
    _, findings = check_workbooks(workspace)
    assert findings == []

    third = office_of(workspace, "2026-10-09T09:00")
    assert third.period == "2026-Q3"
    printed = {row.code: row.printed for row in third.forms["01"].part("indicators").rows}
    assert printed[GROWTH]["asked"] == "应报：2026年三季度"
    assert printed[GROWTH]["target_now"] == "以上-2；三季度以上-5" or "三季度" in str(
        printed[GROWTH]["target_now"]
    )
    assert "第" not in third.path("01").name
    rollup = answered(third, "统计核定", growth=-5.6, done=70.0, firms=61.0)
    assert "2026年三季度" in rollup.name
    lines = table(rollup, "主要指标")
    assert [one(lines, code, "进度评价") for code in (GROWTH, DONE, FIRMS)] == ["未达标", "达标", "达标"]
    assert one(lines, GROWTH, "最新数值") == -5.6
    assert one(lines, GROWTH, "到期目标判定") == "2026年三季度：未达标"

    fourth = office_of(workspace, "2027-01-05T09:00")
    assert fourth.period == "2026-Q4"
    printed = {row.code: row.printed for row in fourth.forms["01"].part("indicators").rows}
    assert printed[GROWTH]["last_value"] == "-5.6"
    assert printed[DONE]["target_now"] == "完成100"
    lines = table(answered(fourth, "统计核定", growth=-1.5, done=100.0, firms=79.0), "主要指标")
    assert [one(lines, code, "进度评价") for code in (GROWTH, DONE, FIRMS)] == ["达标", "达标", "未达标"]

    year = report(workspace, "year", "2026").written[0]
    judged = table(year, "主要指标")
    assert one(judged, GROWTH, "到期目标判定") == "2026年三季度：未达标；2026年：达标"
    assert one(judged, DONE, "到期目标判定") == "2026年、2026年三季度：达标"
