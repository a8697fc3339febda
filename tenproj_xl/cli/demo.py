"""The demonstration: two periods of the whole loop on the shipped plan, with simulated returns.

Everything goes through the public commands' own code. Only the clerks are simulated, who fill the generated
forms in and send them back, some late, some wrong in typical ways.
"""

import csv
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from importlib import resources
from io import StringIO
from pathlib import Path

from openpyxl import load_workbook

from tenproj_xl.app.initialise import initialise, write_addresses
from tenproj_xl.app.merge import merge
from tenproj_xl.app.results import FileResult, Ingested
from tenproj_xl.app.send import send
from tenproj_xl.app.sent_marks import LIST, letters_folder
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.cli.clerks import COVER_ANSWERS, Office, answers, filled, issue_forms
from tenproj_xl.cli.open_form import Answers, OpenForm
from tenproj_xl.cli.returns_text import merged_lines
from tenproj_xl.cli.send_text import laid_lines
from tenproj_xl.core.answers import Nature
from tenproj_xl.core.errors import EnvironmentProblem, UsageProblem
from tenproj_xl.core.files import atomic_write
from tenproj_xl.core.progress import counted
from tenproj_xl.forms.form import Form
from tenproj_xl.model.address_reader import ADDRESS_SHEET
from tenproj_xl.model.folders import Taking
from tenproj_xl.model.plan_items import PROGRAMME_ITEMS
from tenproj_xl.model.plan_schema import PROGRAMME
from tenproj_xl.model.settings_schema import FOLDER_SHEET
from tenproj_xl.model.statuses import Status
from tenproj_xl.office.send_list import SEND_LIST

EARLIER, PERIOD = "2026-W42", "2026-W48"
_FIRST_LETTER = 3
"""The row of the first letter in 待发清单.xlsx, below its note and headers."""
_CHAT = "浙政钉文件"
"""The folder of the workspace that stands for the one in which a chat keeps what it gets."""
_EXPECTED = {
    "01": Status.ACCEPTED,
    "02": Status.ACCEPTED,
    "03": Status.TO_CORRECT,
    "04": Status.ACCEPTED,
    "05": Status.ACCEPTED,
    "08": Status.REFUSED,
    "09": Status.REFUSED,
    "10": Status.TO_CORRECT,
}

Say = Callable[[str], None]


def run(workspace: Workspace, say: Say) -> dict[str, object]:
    """Run the demonstration; return the roll-up's path and the status of every simulated return.

    Raises:
        UsageProblem: the folder is not empty.
        EnvironmentProblem: something did not go as scripted.
    """
    if workspace.root.exists() and any(workspace.root.iterdir()):
        raise UsageProblem(f"“{workspace.root.name}”不是空文件夹，请换一个，如 tenproj demo 演示。")
    say("一、建立工作区：工作计划取自拱政办发〔2023〕12号")
    initialise(workspace)
    _write_addresses(workspace)
    _write_contact(workspace)
    _watch_a_chat(workspace)
    say(f"二、十月的一期（{EARLIER}）：下发、填报、汇总")
    _week_without_faults(workspace)
    say(f"三、本期（{PERIOD}）：生成填报表，一位联络员一封信摆进待发，发出一封打一个√")
    office = issue_forms(workspace, PERIOD)
    for line in laid_lines(send(workspace, PERIOD), workspace):
        say(line)
    _tick_all(workspace)
    say("")
    say("四、各专班填报，有迟报的、有填错的、有没报的；收表、汇总")
    clerks = _send_week(office)
    merged = merge(workspace, PERIOD)
    for line in merged_lines(merged, workspace):
        say(line)
    _check_script(merged.ingested.files, clerks)
    say("")
    say("五、03专班在退回的工作簿上更正后重报，再汇总")
    _correct(workspace, merged.ingested)
    again = merge(workspace, PERIOD)
    for line in merged_lines(again, workspace):
        say(line)
    say("")
    say("六、更正、催报和收到的回执，各人一封，摆进待发")
    for line in laid_lines(send(workspace, PERIOD), workspace):
        say(line)
    files = (*merged.ingested.files, *again.ingested.files)
    statuses = [
        {"file": f.received.name, "task_force": f.task_force or None, "status": str(f.status)} for f in files
    ]
    return {
        "written": [workspace.relative(again.rollup)],
        "rollup": workspace.relative(again.rollup),
        "files": statuses,
    }


def _write_addresses(workspace: Workspace) -> None:
    """Fill in the address book, with posts instead of persons."""
    text = (resources.files("tenproj_xl.data") / "demo" / "addresses.csv").read_text("utf-8")
    rows = [[cell or None for cell in line] for line in csv.reader(StringIO(text))]
    with atomic_write(workspace.addresses) as path:
        write_addresses(path, {ADDRESS_SHEET.name: rows})


def _write_contact(workspace: Workspace) -> None:
    """Fill in whom to call."""
    book = load_workbook(workspace.plan)
    for item, content, *_ in book[PROGRAMME.name].iter_rows():
        if item.value == PROGRAMME_ITEMS["contact"]:
            content.value = "办公室值班 0571-55550000"
    book.save(workspace.plan)


def _check_script(files: Sequence[FileResult], clerks: Mapping[str, str]) -> None:
    became = {clerks[f.received.name]: f.status for f in files if f.received.name in clerks}
    kinder = {Status.WITH_WARNINGS: Status.ACCEPTED}
    wrong = {t: s for t, s in became.items() if kinder.get(s, s) is not _EXPECTED[t]}
    if wrong or set(became) != set(_EXPECTED):
        raise EnvironmentProblem(f"演示未按预定进行：{wrong or became}")


# --- the two weeks


def _week_without_faults(workspace: Workspace) -> None:
    office = issue_forms(workspace, EARLIER)
    for code, form in counted(office.forms.items(), "各专班填表"):
        if form.recipient.involved:
            office.send(filled(office, code, answers(form, 0)))
    merge(workspace, EARLIER)


def _tick_all(workspace: Workspace) -> None:
    """Mark all letters in 待发清单.xlsx as sent, as the operator does one by one."""
    path = letters_folder(workspace, PERIOD) / LIST
    book = load_workbook(path)
    page = book[SEND_LIST.name]
    mark = [column.field for column in SEND_LIST.columns].index("sent") + 1
    for row in range(_FIRST_LETTER, page.max_row + 1):
        page.cell(row, mark).value = "√"
    book.save(path)


def _send_week(office: Office) -> dict[str, str]:
    """Fill and send this week's forms; return the task force behind each file name."""
    clerks = counted(office.forms.items(), "各专班填表")
    forms = {code: filled(office, code, answers(form, 1)) for code, form in clerks}
    forms["03"].fill_in(_wrong_cells(office.forms["03"]))
    forms["04"].fill_in({("indicators", "Z04-01"): {"target_2027": "1800以上"}})
    forms["05"] = filled(office, "05", {})
    forms["05"].cover(nil_return="是")
    del forms["10"].book["问题销号进度表"]
    sent = {
        "01": office.send(forms["01"]),
        "02": _left_in_the_chat(office, forms["02"]),
        "03": office.send(forms["03"]),
        "04": office.send(forms["04"]),
        "05": office.send(forms["05"]),
        "08": _truncated(office.send(forms["08"])),
        "09": _earlier_form(office),
        "10": office.send(forms["10"]),
    }
    return {path.name: code for code, path in sent.items()}


def _watch_a_chat(workspace: Workspace) -> None:
    """Name the folder in which a chat keeps what it gets, where other things lie, too."""
    folder = workspace.root / _CHAT
    folder.mkdir()
    (folder / "合影.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    book = load_workbook(workspace.settings)
    sheet = book[FOLDER_SHEET.name]
    below = sheet.max_row + 1
    for column, text in enumerate((_CHAT, Taking.WATCHED.label, "浙政钉", "演示"), 1):
        sheet.cell(below, column).value = text
    book.save(workspace.settings)


def _left_in_the_chat(office: Office, form: OpenForm) -> Path:
    """Let a form come by the chat, a day late and under a name of the clerk's."""
    path = office.workspace.root / _CHAT / "02_“415X”集群_填报表(最终版)(1).xlsx"
    return form.save(path, office.deadline + timedelta(hours=20))


def _earlier_form(office: Office) -> Path:
    """Send an earlier workbook, filled in again."""
    folder = office.workspace.outbox / EARLIER / "填报表"
    form = OpenForm(next(folder.glob("09_*.xlsx")))
    form.cover(unit=office.forms["09"].recipient.printed, nil_return="是", **COVER_ANSWERS)
    return office.send(form, hours=-2)


def _wrong_cells(form: Form) -> Answers:
    """Return words where a number belongs, and a state that is not in the list."""
    asked = next(row for row in form.part("indicators").rows if row.asked)
    task = form.part("tasks").rows[0]
    return {
        ("indicators", asked.code): {"value": "增长较快", "nature": Nature.REPORTED.label},
        ("tasks", task.code): {"status": "基本完成"},
    }


def _truncated(path: Path) -> Path:
    """Cut a file in half; it keeps its time."""
    arrived = path.stat().st_mtime
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    os.utime(path, (arrived, arrived))
    return path


def _correct(workspace: Workspace, ingested: Ingested) -> None:
    """Mend the two cells in the correction workbook of task force 03, and send it back as it is."""
    office = issue_forms(workspace, PERIOD)
    correction = next(f.answer for f in ingested.files if f.task_force == "03")
    if correction is None:
        raise EnvironmentProblem("演示未按预定进行：没有03专班的更正表")
    right, wrong = answers(office.forms["03"], 1), _wrong_cells(office.forms["03"])
    form = OpenForm(correction)
    for row, values in wrong.items():
        form.fill_in({row: {field: right.get(row, {}).get(field) for field in values}})
    office.send(form, hours=16)
