"""The demonstration: two periods of the whole loop on the shipped plan, with simulated returns.

Everything goes through the public commands' own code; only the clerks are simulated, who fill the generated
forms in and mail them back, some late, some wrong in typical ways. What they write is plausible, marked 演示数据,
and nobody's.
"""

import os
import shutil
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

from tenproj_xl.app.initialise import initialise
from tenproj_xl.app.merge import merge
from tenproj_xl.app.results import FileResult, Ingested
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.cli.clerks import COVER_ANSWERS, Office, answers, fill, issue_forms, send, stamped
from tenproj_xl.cli.returns_text import merged_lines
from tenproj_xl.core.errors import EnvironmentProblem, UsageProblem
from tenproj_xl.core.sheets import REPORTED
from tenproj_xl.forms.content import Form
from tenproj_xl.model.history import Status

EARLIER, PERIOD = "2026-W42", "2026-W48"
_EXPECTED = {
    "01": Status.ACCEPTED,
    "02": Status.ACCEPTED,
    "03": Status.TO_CORRECT,
    "04": Status.TO_CORRECT,
    "05": Status.ACCEPTED,
    "08": Status.REFUSED,
    "09": Status.REFUSED,
    "10": Status.TO_CORRECT,
}

Say = Callable[[str], None]


def run(workspace: Workspace, say: Say) -> dict[str, object]:
    """What the demonstration made: the roll-up's path and the status of every simulated return.

    Raises:
        UsageProblem: the folder is not empty.
        EnvironmentProblem: something did not go as scripted.
    """
    if workspace.root.exists() and any(workspace.root.iterdir()):
        raise UsageProblem(f"“{workspace.root.name}”不是空文件夹，请换一个，如 tenproj demo 演示。")
    say("一、建立工作区：工作计划取自拱政办发〔2023〕12号")
    initialise(workspace)
    say(f"二、十月的一期（{EARLIER}）：下发、填报、汇总")
    _week_without_faults(workspace)
    say(f"三、本期（{PERIOD}）：生成填报表，各专班填报，有迟报的、有填错的、有没报的")
    clerks = _send_week(workspace)
    merged = merge(workspace, PERIOD)
    for line in merged_lines(merged, workspace):
        say(line)
    _check_script(merged.ingested.files, clerks)
    say("")
    say("四、03专班在退回的工作簿上更正后重报，再汇总")
    _correct(workspace, merged.ingested)
    again = merge(workspace, PERIOD)
    for line in merged_lines(again, workspace):
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


def _check_script(files: tuple[FileResult, ...], clerks: Mapping[str, str]) -> None:
    became = {clerks[f.received.name]: f.status for f in files if f.received.name in clerks}
    kinder = {Status.WITH_WARNINGS: Status.ACCEPTED}
    wrong = {t: s for t, s in became.items() if kinder.get(s, s) is not _EXPECTED[t]}
    if wrong or set(became) != set(_EXPECTED):
        raise EnvironmentProblem(f"演示未按预定进行：{wrong or became}")


# --- the two weeks


def _week_without_faults(workspace: Workspace) -> None:
    office = issue_forms(workspace, EARLIER)
    for code, form in office.forms.items():
        if form.recipient.involved:
            send(office, code, answers(form, 0))
    merge(workspace, EARLIER)


def _send_week(workspace: Workspace) -> dict[str, str]:
    """Fill and send this week's forms; gives the task force behind each file name."""
    office = issue_forms(workspace, PERIOD)
    forms = {code: answers(form, 1) for code, form in office.forms.items()}
    sent = {
        "01": send(office, "01", forms["01"]),
        "02": send(office, "02", forms["02"], hours=20, name="02_“415X”集群_填报表(最终版)(1).xlsx"),
        "03": send(office, "03", {**forms["03"], **_wrong_cells(office.forms["03"])}),
        "04": send(office, "04", {**forms["04"], **_edited_target(office.forms["04"])}),
        "05": send(office, "05", {}, nil=True),
        "08": _truncated(send(office, "08", forms["08"])),
        "09": _earlier_form(office),
        "10": send(office, "10", forms["10"], without="问题销号进度表"),
    }
    return {path.name: code for code, path in sent.items()}


def _earlier_form(office: Office) -> Path:
    """A clerk fills in an earlier workbook again."""
    form = office.forms["09"]
    old = next((office.workspace.outbox / EARLIER / "填报表").glob("09_*.xlsx"))
    target = office.workspace.inbox / old.name
    shutil.copy(old, target)
    fill(target, {}, {**COVER_ANSWERS, "unit": form.recipient.printed, "nil_return": "是"})
    return stamped(target, office.deadline - timedelta(hours=2))


def _wrong_cells(form: Form) -> dict[tuple[str, str, str], object]:
    """Words where a number belongs, a choice that is not in the list, a unit that must be converted."""
    indicators = [r for r in form.part("indicators").rows if r.asked]
    tasks = form.part("tasks").rows
    return {
        ("indicators", indicators[0].token, "value"): "增长较快",
        ("indicators", indicators[0].token, "nature"): REPORTED,
        ("tasks", tasks[0].token, "status"): "基本完成",
    }


def _edited_target(form: Form) -> dict[tuple[str, str, str], object]:
    row = form.part("indicators").rows[0]
    return {("indicators", row.token, "target_2027"): "1800以上"}


def _truncated(path: Path) -> Path:
    seen = path.stat().st_mtime
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    os.utime(path, (seen, seen))
    return path


def _correct(workspace: Workspace, ingested: Ingested) -> None:
    """A clerk opens the correction workbook of task force 03, mends the two cells and sends it back as it is."""
    office = issue_forms(workspace, PERIOD)
    answer = next(f.answer for f in ingested.files if f.task_force == "03")
    if answer is None:
        raise EnvironmentProblem("演示未按预定进行：没有03专班的更正表")
    target = workspace.inbox / answer.name
    shutil.copy(answer, target)
    right, wrong = answers(office.forms["03"], 1), _wrong_cells(office.forms["03"])
    fill(target, {place: right.get(place) for place in wrong}, {})
    stamped(target, office.deadline + timedelta(hours=16))
