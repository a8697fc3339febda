"""Make the kept workspace of 0.2.1, with the program and the tests of that version; see README.md.

python tests/kept/make_workspace.py FOLDER
"""

import shutil
import sys
from datetime import date, timedelta
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.styles import Font, PatternFill

from tenproj_xl import pipeline, supervise
from tenproj_xl.resolving import ask, resolve
from tenproj_xl.rulings import draw_docket, sign_off, withdraw
from tenproj_xl.workspace import Workspace, initialise
from tests.by_unit import FINANCE, right
from tests.filling import Filling, Office, sent_out
from tests.test_resolve import decide as decide_conflict
from tests.test_signoff import CODE, ISSUE, Docket, saved
from tests.test_supervise import choose

FORCES = ("02", "03", "05")
EARLIER, PERIOD = "2026-W42", "2026-W48"
KEPT_ROWS = ("Z02-01", "Z02-02", "R02-01", "Z03-01", "Z03-02", "Z03-04", "R03-01", "R03-02", "R05-01")
FORCE_OF = {"专班": "编号", "主要指标": "专班编号", "重点任务": "专班编号"}
CODE_OF = {"主要指标": "指标编号", "年度计划": "指标编号", "重点任务": "任务编号", "节点": "任务编号"}


def reduce_plan(path: Path) -> None:
    """Leave three task forces and a few rows of each; the finance bureau reports an indicator of 03."""
    book = load_workbook(path)
    for page in book.worksheets:
        head = {str(cell.value): n for n, cell in enumerate(page[2], 1)}
        for row in range(page.max_row, 2, -1):
            force = str(page.cell(row, head[FORCE_OF[page.title]]).value) if page.title in FORCE_OF else "02"
            code = (
                str(page.cell(row, head[CODE_OF[page.title]]).value)
                if page.title in CODE_OF
                else KEPT_ROWS[0]
            )
            if force not in FORCES or code not in KEPT_ROWS:
                page.delete_rows(row)
            elif code == "Z03-02" and page.title == "主要指标":
                page.cell(row, head["数据报送单位"]).value = FINANCE
    book.save(path)


def set_own_settings(path: Path) -> None:
    """Set parameters, a rule and an exemption in the words of 0.2.1."""
    book = load_workbook(path)
    own = {"略慢界限": 6, "临期天数": 10, "收取方式": "逐行收取"}
    for name, value in book["参数"].iter_rows(3, max_col=2):
        if name.value in own:
            value.value = own[name.value]
    for cell, value in zip(book["规则"][3], ("累计数下降", "提示", None, "先提醒"), strict=False):
        cell.value = value
    for cell, value in zip(
        book["豁免"][3], ("应报未报", "02", date(2027, 12, 31), "数据未核定"), strict=False
    ):
        cell.value = value
    book.save(path)


def restyle(path: Path) -> None:
    """Give the template a look of the office's own: titles in green on light green, wider names."""
    book = load_workbook(path)
    for page in book.worksheets:
        page["B1"].font = Font(name="仿宋", size=20, bold=True, color="FF006633")
        page["B1"].fill = PatternFill("solid", fgColor="FFE2F0D9")
        page.column_dimensions["D"].width = 44
    book.save(path)


def earlier_week(workspace: Workspace) -> None:
    """A week with an error and its correction, a conflict and its decision, a withdrawal, an issue signed upon."""
    week = sent_out(workspace, EARLIER)
    pipeline.generate(workspace, EARLIER, by_unit=True)
    week.send(week.right("02"))
    form = week.right("03")
    form.write("tasks", "R03-01", status="基本完成")
    asked = {"request": "请协调用地指标", "suggested_unit": "市规划资源局", "suggested_level": "提请省市"}
    form.write("issues", "+1", **{**ISSUE, **asked, "raised_on": date(2026, 10, 12)})
    form.write("indicators", "Z03-02", value=2.3, nature="部门统计", data_period="2025年")
    week.send(form)
    unit_form = right(week, FINANCE)
    unit_form.write("indicators", "Z03-02", value=2.1, nature="部门统计", data_period="2025年")
    week.send(unit_form, "财政.xlsx", hours=-2)
    (answer,) = {file.answer for file in pipeline.ingest(workspace, EARLIER).files if file.answer}
    correct(week, answer, "R03-01", status="滞后", problems="资金未到位", next_steps="提请协调")
    pipeline.ingest(workspace, EARLIER)
    question = ask(workspace, EARLIER).written
    assert question
    resolve(workspace, decide_conflict(question, 以哪家为准="区财政局", 裁定人="赵六", 理由="已核对"))
    draft = week.right("02")
    draft.write("tasks", "R02-01", progress="草稿，请勿采用")
    week.send(draft, "误发.xlsx", hours=3)
    pipeline.ingest(workspace, EARLIER)
    withdraw(workspace, "误发.xlsx", "误发草稿")
    pipeline.merge(workspace, EARLIER)
    decide_issue(workspace)
    issue_slips(workspace)


def correct(week: Office, answer: Path, row: str, **values: object) -> None:
    """Mend a row in a correction workbook and send it back."""
    form = Filling(answer)
    form.write("tasks", row, **values)
    form.save(week.workspace.inbox / answer.name, week.deadline + timedelta(hours=2))


def decide_issue(workspace: Workspace) -> None:
    """Set the level of the issue in the sign-off workbook, and put it off."""
    docket = Docket(draw_docket(workspace).path)
    docket.decide(CODE, on=date(2026, 10, 19), level="提请省市", opinion="尽快落实")
    path = workspace.root / "审定.xlsx"
    docket.book.save(path)
    sign_off(workspace, saved(path, date(2026, 10, 20)))


def issue_slips(workspace: Workspace) -> None:
    """Issue a supervision slip, close it, and issue another on the same task, which stays open."""
    chosen = {"R03-01": {"是否督办": "是", "签发人": "王五"}}
    (slip,) = supervise.issue(workspace, choose(listed(workspace), chosen)).slips
    closed = {slip.label: {"是否办结": "是", "办结日期": date(2026, 11, 20), "办结情况": "资金已到位"}}
    supervise.issue(workspace, choose(listed(workspace), closed, "在办督办单", "督办单"))
    supervise.issue(workspace, choose(listed(workspace), chosen))


def listed(workspace: Workspace) -> Path:
    """Return the workbook in which slips are chosen and closed."""
    return supervise.list_items(workspace, EARLIER, force=True).written


def this_week(workspace: Workspace) -> None:
    """Forms of the next period are out; 02 has a correction workbook on its desk, 03 its form."""
    week = sent_out(workspace, PERIOD)
    pipeline.generate(workspace, PERIOD, by_unit=True)
    form = week.right("02")
    form.write("tasks", "R02-01", status="基本完成")
    week.send(form)
    pipeline.ingest(workspace, PERIOD)
    pipeline.report(workspace, "month", "2026-10")


def drop_what_nobody_returns(workspace: Workspace) -> None:
    """Leave in the outbox what the test has clerks return."""
    kept = (
        "2026-W42/填报表/05_*",
        "2026-W48/填报表/03_*",
        "2026-W48/填报表/区财政局_*",
        "2026-W48/退回更正/*",
    )
    wanted = {path for pattern in kept for path in workspace.outbox.glob(pattern)}
    for path in sorted(workspace.outbox.rglob("*"), reverse=True):
        if path.is_file() and path not in wanted:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def main(target: Path) -> None:
    """Make the workspace in a folder, and the zip of it beside this script."""
    shutil.rmtree(target, ignore_errors=True)
    workspace = Workspace(target)
    initialise(workspace)
    reduce_plan(workspace.plan)
    set_own_settings(workspace.settings)
    restyle(workspace.template)
    earlier_week(workspace)
    this_week(workspace)
    drop_what_nobody_returns(workspace)
    shutil.make_archive(str(Path(__file__).parent / "workspace-0.2.1"), "zip", target)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
