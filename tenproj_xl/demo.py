"""The demonstration: two periods of the whole loop on the shipped plan, with simulated returns.

Everything goes through the public commands' own code; only the clerks are simulated, who fill the generated forms in
and mail them back, some late, some wrong in typical ways. What they write is plausible, marked 演示数据, and nobody's.
"""

import os
import shutil
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from tenproj_xl import pipeline
from tenproj_xl.content import Form, FormRow, build_form
from tenproj_xl.errors import EnvironmentProblem, UsageProblem
from tenproj_xl.evaluate import UNBOUNDED, Mode, State, Yardstick
from tenproj_xl.history import Status
from tenproj_xl.ledger import open_ledger
from tenproj_xl.periods import read_period
from tenproj_xl.screens import ingested_lines, matrix_lines
from tenproj_xl.sheets import COVER, KEY, REPORTED, UNDERWAY, VERIFIED
from tenproj_xl.workspace import Workspace, initialise, load

EARLIER, PERIOD = "2026-W42", "2026-W48"
_MARK = "演示数据"
_COUNTED = ("家", "个", "件", "名", "人次", "套", "座", "人", "张", "处")
_EXPECTED = {
    "01": Status.ACCEPTED, "02": Status.ACCEPTED, "03": Status.TO_CORRECT, "04": Status.TO_CORRECT,
    "05": Status.ACCEPTED, "08": Status.REFUSED, "09": Status.REFUSED, "10": Status.TO_CORRECT,
}  # fmt: skip

Say = Callable[[str], None]
Answers = Mapping[tuple[str, str, str], object]
"""What a clerk writes: by sheet code, row token and field."""


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
    merged = pipeline.merge(workspace, PERIOD)
    for line in ingested_lines(merged.ingested, workspace):
        say(line)
    _check_script(merged.ingested.files, clerks)
    say("")
    say("四、03专班在退回的工作簿上更正后重报，再汇总")
    _correct(workspace, merged.ingested)
    again = pipeline.merge(workspace, PERIOD)
    for line in (*ingested_lines(again.ingested, workspace), "", *matrix_lines(pipeline.status(workspace, PERIOD))):
        say(line)
    say(f"汇总表：{workspace.root.name}/{workspace.relative(again.rollup)}")
    files = (*merged.ingested.files, *again.ingested.files)
    statuses = [{"file": f.received.name, "task_force": f.task_force or None, "status": str(f.status)} for f in files]
    return {
        "written": [workspace.relative(again.rollup)],
        "rollup": workspace.relative(again.rollup),
        "files": statuses,
    }


def _check_script(files: tuple[pipeline.FileResult, ...], clerks: Mapping[str, str]) -> None:
    became = {clerks[f.received.name]: f.status for f in files if f.received.name in clerks}
    kinder = {Status.WITH_WARNINGS: Status.ACCEPTED}
    wrong = {t: s for t, s in became.items() if kinder.get(s, s) is not _EXPECTED[t]}
    if wrong or set(became) != set(_EXPECTED):
        raise EnvironmentProblem(f"演示未按预定进行：{wrong or became}")


# --- the two weeks


@dataclass(frozen=True)
class _Office:
    """What the simulated clerks know: the forms as they were sent out, and where they lie."""

    workspace: Workspace
    forms: Mapping[str, Form]
    deadline: datetime

    def path(self, task_force: str) -> Path:
        form = self.forms[task_force]
        return self.workspace.outbox / form.period.code / "填报表" / f"{form.stem}.xlsx"


def _office(workspace: Workspace, period: str) -> _Office:
    pipeline.generate(workspace, period)
    loaded = load(workspace)
    week = loaded.settings.period(period)
    with open_ledger(workspace.ledger, who="tenproj demo") as ledger:
        known, secret = ledger.history(), ledger.secret
    plan = loaded.plan
    forms = {t.code: build_form(plan, loaded.settings, week, t, known, secret) for t in plan.task_forces}
    return _Office(workspace, forms, loaded.settings.deadline(week))


def _week_without_faults(workspace: Workspace) -> None:
    office = _office(workspace, EARLIER)
    for code, form in office.forms.items():
        if form.task_force.involved:
            _send(office, code, _answers(form, 0))
    pipeline.merge(workspace, EARLIER)


def _send_week(workspace: Workspace) -> dict[str, str]:
    """Fill and send this week's forms; gives the task force behind each file name."""
    office = _office(workspace, PERIOD)
    forms = {code: _answers(form, 1) for code, form in office.forms.items()}
    sent = {
        "01": _send(office, "01", forms["01"]),
        "02": _send(office, "02", forms["02"], hours=20, name="02_“415X”集群_填报表(最终版)(1).xlsx"),
        "03": _send(office, "03", {**forms["03"], **_wrong_cells(office.forms["03"])}),
        "04": _send(office, "04", {**forms["04"], **_edited_target(office.forms["04"])}),
        "05": _send(office, "05", {}, nil=True),
        "08": _truncated(_send(office, "08", forms["08"])),
        "09": _earlier_form(office),
        "10": _send(office, "10", forms["10"], without="问题销号进度表"),
    }
    return {path.name: code for code, path in sent.items()}


def _earlier_form(office: _Office) -> Path:
    """A clerk fills in an earlier workbook again."""
    form = office.forms["09"]
    old = next((office.workspace.outbox / EARLIER / "填报表").glob("09_*.xlsx"))
    target = office.workspace.inbox / old.name
    shutil.copy(old, target)
    _fill(target, {}, {**COVER_ANSWERS, "unit": form.lead, "nil_return": "是"})
    return _stamped(target, office.deadline - timedelta(hours=2))


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


def _correct(workspace: Workspace, ingested: pipeline.Ingested) -> None:
    """A clerk opens the correction workbook of task force 03, mends the two cells and sends it back as it is."""
    office = _office_again(workspace)
    answer = next(f.answer for f in ingested.files if f.task_force == "03")
    if answer is None:
        raise EnvironmentProblem("演示未按预定进行：没有03专班的更正表")
    target = workspace.inbox / answer.name
    shutil.copy(answer, target)
    right, wrong = _answers(office.forms["03"], 1), _wrong_cells(office.forms["03"])
    _fill(target, {place: right.get(place) for place in wrong}, {})
    _stamped(target, office.deadline + timedelta(hours=16))


def _office_again(workspace: Workspace) -> _Office:
    return _office(workspace, PERIOD)


# --- the simulated clerks

COVER_ANSWERS: Mapping[str, str] = {"filler": _MARK, "phone": "0571-00000000", "reviewer": _MARK, "signer": _MARK}


def _send(
    office: _Office,
    code: str,
    answers: Answers,
    *,
    hours: float = -3,
    name: str = "",
    nil: bool = False,
    without: str = "",
) -> Path:
    """Save the form of a task force into the inbox, filled in, `hours` after the deadline."""
    form, path = office.forms[code], office.path(code)
    target = office.workspace.inbox / (name or path.name)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(path, target)
    cover = {"unit": form.lead, **COVER_ANSWERS} | ({"nil_return": "是"} if nil else {})
    _fill(target, answers, cover, without)
    return _stamped(target, office.deadline + timedelta(hours=hours))


def _stamped(path: Path, moment: datetime) -> Path:
    os.utime(path, (moment.timestamp(), moment.timestamp()))
    return path


def _fill(path: Path, answers: Answers, cover: Mapping[str, str], without: str = "") -> None:
    """Write answers into a form as any program would that knows its field codes and row tokens."""
    book = load_workbook(path)
    for page in book.worksheets:
        fields = _field_row(page)
        if page.title == COVER.name:
            for row in range(1, page.max_row + 1):
                field = str(page.cell(row, 1).value)
                if field in cover:
                    page.cell(row, 3, cover[field])
        elif KEY in fields.values():
            _fill_page(page, fields, answers)
    if without:
        del book[without]
    book.save(path)


def _field_row(page: Any) -> dict[int, str]:
    """Columns and field codes of the hidden row that has them."""
    for row in page.iter_rows(max_row=10, values_only=True):
        if KEY in row:
            return {n: str(text) for n, text in enumerate(row, 1) if text}
    return {}


def _fill_page(page: Any, fields: Mapping[int, str], answers: Answers) -> None:
    by_row: dict[str, dict[str, object]] = {}
    for (_, token, field), value in answers.items():
        by_row.setdefault(token, {})[field] = value
    column = {field: n for n, field in fields.items()}
    for row in range(1, page.max_row + 1):
        for field, value in by_row.get(str(page.cell(row, column[KEY]).value), {}).items():
            if field in column:
                page.cell(row, column[field]).value = value


# --- what they write


def _answers(form: Form, week: int) -> dict[tuple[str, str, str], object]:
    """Plausible answers to everything that a form asks."""
    found: dict[tuple[str, str, str], object] = {}
    for code, rows in (
        ("indicators", _indicator_answers(form, week)),
        ("tasks", _task_answers(form, week)),
        ("issues", _issue_answers(form, week)),
    ):
        found |= {(code, token, field): value for token, answer in rows for field, value in answer.items()}
    return found


def _chance(*parts: object) -> float:
    """A number from 0 to 1 that is always the same for the same parts."""
    return zlib.crc32("/".join(map(str, parts)).encode()) % 1000 / 999


def _indicator_answers(form: Form, week: int) -> Iterator[tuple[str, dict[str, object]]]:
    for row in form.part("indicators").rows:
        if not row.asked:
            continue
        if "value" in row.choices:
            yield row.token, {"value": UNDERWAY, "nature": REPORTED, "remark": _MARK}
            continue
        period = read_period(str(row.printed["data_period"]))
        stick = next(s for s in row.yardsticks if period and s.period.code == period.code)
        value = _plausible(row, stick, week)
        nature = VERIFIED if stick.mode is Mode.JUDGE and _chance(row.code, "verified") > 0.25 else REPORTED
        answer: dict[str, object] = {"value": value, "nature": nature, "remark": _MARK}
        if stick.state(value, nature) in (State.BEHIND, State.MISSED):
            answer |= {"lag_reason": f"前期手续办理慢于计划（{_MARK}）", "next_steps": f"倒排工期、逐周调度（{_MARK}）"}
        yield row.token, answer


def _plausible(row: FormRow, stick: Yardstick, week: int) -> float:
    """A value around what is expected (at its date, or by any target), whole where things are counted."""
    targets = [s.target.value for s in row.yardsticks if s.target and s.target.value is not None]
    expected = stick.green if abs(stick.green) < UNBOUNDED else next(iter(targets), 1.0)
    spread = 0.94 + 0.14 * _chance(row.code) + 0.01 * week
    value = expected * (2 - spread if stick.sign < 0 else spread) if abs(expected) > 0.01 else 1.2
    unit = str(row.printed["unit"] or "")
    value = min(value, 100.0) if unit == "%" and expected <= 100 else value
    return float(round(value)) if unit in _COUNTED else round(value, 2)


def _task_answers(form: Form, week: int) -> Iterator[tuple[str, dict[str, object]]]:
    for row in form.part("tasks").rows:
        due = row.printed.get("milestone_due") or row.printed.get("due_on")
        answer: dict[str, object] = {"progress": f"按计划推进，本周完成阶段性工作（{_MARK}）", "status": "序时推进"}
        if isinstance(due, date) and due < form.period.last:
            if _chance(row.code, "done") < 0.8:
                answer |= {"status": "已完成", "milestone_done": "已完成", "completed_on": due - timedelta(days=9)}
            else:
                answer |= {
                    "status": "滞后",
                    "problems": f"外部审批尚未完成（{_MARK}）",
                    "next_steps": f"专人跟办（{_MARK}）",
                }
        elif _chance(row.code, "behind") > 0.93 - 0.02 * week:
            answer |= {
                "status": "滞后",
                "problems": f"资金拨付进度偏慢（{_MARK}）",
                "next_steps": f"提请专题协调（{_MARK}）",
            }
        yield row.token, answer


def _issue_answers(form: Form, week: int) -> Iterator[tuple[str, dict[str, object]]]:
    rows = form.part("issues").rows
    for row in (r for r in rows if r.code):
        yield row.token, {"status": "整改中", "progress": f"已召开协调会，形成会议纪要（{_MARK}）"}
    blank = [r for r in rows if not r.code]
    for n in range(int(2 * _chance(form.task_force.code, week) + 0.5)):
        asks = n == 0 and _chance(form.task_force.code, "asks") > 0.4
        yield (
            blank[n].token,
            {
                "description": ("项目用地指标尚未落实，影响开工", "配套资金到位率偏低，影响施工进度")[n]
                + f"（{_MARK}）",
                "category": ("用地", "资金")[n],
                "source": "自查",
                "raised_on": form.period.first,
                "unit": form.lead,
                "person": _MARK,
                "measures": f"与主管部门对接，一周内提出方案（{_MARK}）",
                "due_on": form.period.last + timedelta(days=(10, 45)[n] - 14 * (1 - week)),
                "status": "整改中",
                "progress": f"已发函对接（{_MARK}）",
                **({"request": f"请协调落实新增建设用地指标（{_MARK}）", "suggested_level": "总专班"} if asks else {}),
            },
        )
