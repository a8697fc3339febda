"""Make the workbooks that the pictures of the documents show, by the real commands.

    python -m docs.picture_scenes FOLDER

docs/make_pictures.py runs this at a fixed time, because papers show when something was recorded. Each product
lies in the folder under the name by which a picture asks for it.
"""

import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import chain
from pathlib import Path

from openpyxl import load_workbook

from tenproj_xl.app import review, supervise
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.initialise import initialise
from tenproj_xl.app.meeting import draw_meeting, take_in_meeting
from tenproj_xl.app.report import report
from tenproj_xl.app.signoff import draw_signoff
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.cli import demo
from tenproj_xl.cli.clerks import Office, answers, filled, issue_forms
from tenproj_xl.cli.open_form import OpenForm
from tenproj_xl.ledger.paper_view import PaperView
from tests.helpers.plan_book import plan_book

TASK_FORCE = "03"
_WEEK_AFTER = "2026-W49"
_CONTACT = "0571-00000000"
_HASH = "1a2b3c4d5e6f"
_ON_TASKS: tuple[Mapping[str, object], ...] = (
    {"status": "序时推进", "progress": "11月20日召开选拔赛，12所学校组队（演示数据）"},
    {
        "status": "滞后",
        "progress": "已收集项目9项，推荐3项（演示数据）",
        "problems": "省级申报通知推迟，材料未定稿（演示数据）",
        "next_steps": "12月10日前完成初审（演示数据）",
    },
)
"""What stands in the first tasks."""
_SOLVED = {
    "status": "申请销号",
    "progress": "用地批复已下达（演示数据）",
    "measures": "专人跟办（演示数据）",
    "evidence": "用地批复文件（演示数据）",
    "applied_on": date(2026, 11, 26),
    "lead_opinion": "同意",
}
"""What stands in the row of an issue that is solved."""


def main(folder: Path) -> None:
    """Make all products in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, path in chain(of_the_office(folder / "demo"), of_a_clerk(folder / "clerk")):
        shutil.copy(path, folder / f"{name}{path.suffix}")


# --- what the office has after the demonstration


def of_the_office(root: Path) -> Iterator[tuple[str, Path]]:
    """Make what the office has after the demonstration; return each product with its name."""
    workspace = Workspace(root)
    demo.run(workspace, print)
    papers = workspace.outbox / demo.PERIOD / "汇总"
    yield "rollup", next(papers.glob("*汇总表.xlsx"))
    yield "print-copy", next(papers.glob("*打印版.xlsx"))
    yield "public", next(papers.glob("*晾晒版.xlsx"))
    yield "brief", next(papers.glob("*简报.docx"))
    year = report(workspace, "year", None).written
    yield "year", year[0]
    yield "report", next(path for path in year if path.name.endswith("报告.docx"))
    yield "signoff", draw_signoff(workspace, demo.PERIOD).path
    listed = supervise.list_items(workspace, demo.PERIOD).written
    _choose(listed, "是否督办", "签发人")
    yield "choice", listed
    slips = supervise.issue(workspace, listed).written
    if slips is None:
        raise RuntimeError("no slip was issued")
    yield "slips", slips
    yield from _of_a_meeting(workspace)


_MEETING = "第12次联络员例会", date(2026, 11, 27)
_AGREED: tuple[tuple[str, str, str, date, Mapping[str, object]], ...] = (
    (
        "03",
        "区科技局",
        "落实北部软件园扩建地块用地指标（演示数据）",
        date(2026, 12, 4),
        {
            "status": "申请销号",
            "progress": "用地批复12月3日下达（演示数据）",
            "evidence": "用地批复文件（演示数据）",
            "applied_on": date(2026, 12, 4),
            "lead_opinion": "同意",
        },
    ),
    (
        "01",
        "区发改经信局",
        "明确两个未开工项目的审批责任人，倒排到周（演示数据）",
        date(2026, 12, 2),
        {"status": "整改中", "progress": "一个已明确，另一个待区住建局会签（演示数据）"},
    ),
    ("10", "区政府办", "牵头提出公共数据开放清单（演示数据）", date(2026, 12, 25), {}),
)
"""What the meeting agreed on: task force, unit, what, by when, and what the unit says of it a week later."""


def _of_a_meeting(workspace: Workspace) -> Iterator[tuple[str, Path]]:
    """Record what a meeting agreed on, let the units report on it, and make the next meeting's paper."""
    agreed = draw_meeting(workspace, demo.PERIOD).path
    book = load_workbook(agreed)
    page = book.worksheets[0]
    columns = {cell.value: n for n, cell in enumerate(page[4], 1)}
    forces = [str(name) for (name,) in book["填写说明"].iter_rows(1, 40, 2, 2, values_only=True)]
    for row, (force, unit, what, due_on, _) in enumerate(_AGREED, 5):
        name = next(name for name in forces if name.startswith(f"{force} "))
        meeting, held_on = _MEETING
        cells: dict[str, str | date] = {
            "会议名称": meeting,
            "会议日期": held_on,
            "议定事项": what,
            "专班": name,
            "责任单位": unit,
            "完成时限": due_on,
        }
        for header, value in cells.items():
            page.cell(row, columns[header]).value = value
    book.save(agreed)
    yield "agreed", agreed
    recorded = take_in_meeting(workspace, agreed).registered
    office = issue_forms(workspace, _WEEK_AFTER)
    codes = {what: code for code, what in recorded.items()}
    for force, _, what, _, said in _AGREED:
        if said:
            office.send(filled(office, force, {("issues", codes[what]): said}))
    ingest(workspace, _WEEK_AFTER)
    yield "meeting", report(workspace, "meeting", _WEEK_AFTER).written[0]


def _choose(book: Path, chosen: str, signer: str) -> None:
    """Put the first two items of a selection under supervision, as the operator does."""
    open_book = load_workbook(book)
    page = open_book.worksheets[0]
    head = next(row for row in page.iter_rows() if chosen in {cell.value for cell in row})
    columns = {cell.value: cell.column or 0 for cell in head}
    above = head[0].row or 0
    for row in (above + 1, above + 2):
        page.cell(row, columns[chosen]).value = "是"
        page.cell(row, columns[signer]).value = "演示数据"
    open_book.save(book)


# --- what a clerk has: forms, blank and filled in, and what comes back of them


def of_a_clerk(root: Path) -> Iterator[tuple[str, Path]]:
    """Make what a clerk has; return each product with its name, before the next one replaces it."""
    workspace = Workspace(root)
    initialise(workspace)
    with plan_book(workspace) as plan:
        plan.set("方案", "联系方式", 内容=_CONTACT)
    _earlier_period(workspace)
    office = issue_forms(workspace, demo.PERIOD)
    right = _right_answers(office)
    yield "ready", _saved(_filled(office, right), root / "ready.xlsx", office)
    yield "form", _saved(_filled(office, _with_one_blank(office, right)), root / "form.xlsx", office)
    yield "faulty", _saved(_faulty(office, right), root / "faulty.xlsx", office)
    yield "correction", _correction(office, right)
    yield "questions", _questions(office, right)


def _earlier_period(workspace: Workspace) -> None:
    office = issue_forms(workspace, demo.EARLIER)
    office.send(filled(office, TASK_FORCE, answers(office.forms[TASK_FORCE], 0)))
    ingest(workspace, demo.EARLIER)


Written = dict[tuple[str, str], Mapping[str, object]]


def _right_answers(office: Office) -> Written:
    """Return what the clerk of this period writes: an issue that is solved, and a new one."""
    form = office.forms[TASK_FORCE]
    found: Written = dict(answers(form, 1))
    found.pop(("issues", "+2"), None)
    found["issues", "+1"] = {**found["issues", "+1"], "measures": "专人跟办（演示数据）"}
    known = next(row.code for row in form.part("issues").rows if row.code)
    found["issues", known] = _SOLVED
    for row, told in zip(form.part("tasks").rows, _ON_TASKS, strict=False):
        found["tasks", row.code] = told
    return found


def _asked(office: Office) -> list[str]:
    return [row.code for row in office.forms[TASK_FORCE].part("indicators").rows if row.asked]


def _with_one_blank(office: Office, right: Written) -> Written:
    """Leave one figure that is asked for blank."""
    blank = "indicators", _asked(office)[-2]
    return {row: values for row, values in right.items() if row != blank}


def _filled(office: Office, written: Written) -> OpenForm:
    form = filled(office, TASK_FORCE, written)
    form.cover(signed_on=date(2026, 11, 26), nil_return="否")
    return form


def _saved(form: OpenForm, path: Path, office: Office) -> Path:
    return form.save(path, office.deadline)


def _faulty(office: Office, right: Written) -> OpenForm:
    """Forget the nature of one figure, and write a text for another one."""
    form = _filled(office, right)
    first, second = _asked(office)[:2]
    form.write("indicators", first, nature=None)
    form.write("indicators", second, value="增长较快")
    return form


def _correction(office: Office, right: Written) -> Path:
    """Send a return with a text for a figure, a state that is not in the list and a doubtful figure."""
    form = _filled(office, right)
    asked = _asked(office)
    form.write("indicators", asked[0], value="增长较快")
    form.write("indicators", asked[-1], value=_ten_times(right, asked[-1]))
    form.write("tasks", office.forms[TASK_FORCE].part("tasks").rows[0].code, status="基本完成")
    office.send(form)
    (result,) = ingest(office.workspace, office.period).files
    if result.answer is None:
        raise RuntimeError("the return was not sent back")
    return result.answer


def _questions(office: Office, right: Written) -> Path:
    """Send a return whose figures are all doubtful; return what the office may answer in."""
    form = _filled(office, right)
    for code in _asked(office):
        form.write("indicators", code, value=_ten_times(right, code))
    office.send(form, hours=-1)
    ingest(office.workspace, office.period)
    written = review.ask(office.workspace).written
    if written is None:
        raise RuntimeError("nothing is in question")
    return written


def _ten_times(right: Written, code: str) -> float:
    return 10 * float(str(right["indicators", code]["value"]))


def _show_one_hash() -> None:
    """Let all papers show one hash: the ledger's own differ each time, for they are salted by chance."""
    head_of = PaperView.paper_head
    setattr(PaperView, "paper_head", lambda view: replace(head_of(view), code=_HASH))  # noqa: B010  # for pictures alone


if __name__ == "__main__":
    _show_one_hash()
    main(Path(sys.argv[1]))
