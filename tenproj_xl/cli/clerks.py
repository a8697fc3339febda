"""Simulated clerks, for the demonstration and the benchmark: they fill generated forms in and mail them back.

What they write is plausible, always the same for the same form, marked 演示数据, and nobody's.
"""

import os
import shutil
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from tenproj_xl.app.generate import generate
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.periods import read_period
from tenproj_xl.core.sheets import COVER, KEY, REPORTED, UNDERWAY, VERIFIED
from tenproj_xl.forms.content import Form, FormRow, build_form
from tenproj_xl.ledger.store import open_ledger
from tenproj_xl.model.evaluate_indicators import COUNTED, UNBOUNDED, Mode, State, Yardstick
from tenproj_xl.model.units import of_task_force

MARK = "演示数据"
Answers = Mapping[tuple[str, str, str], object]
"""What a clerk writes: by sheet code, row token and field."""


@dataclass(frozen=True)
class Office:
    """What the simulated clerks know: the forms as they were sent out, and where they lie."""

    workspace: Workspace
    forms: Mapping[str, Form]
    deadline: datetime

    def path(self, task_force: str) -> Path:
        """Where a task force's form lies."""
        form = self.forms[task_force]
        return self.workspace.outbox / form.period.code / "填报表" / f"{form.stem}.xlsx"


def issue_forms(workspace: Workspace, period: str) -> Office:
    """Generate a period's forms; gives what is in them."""
    generate(workspace, period)
    loaded = load(workspace)
    week = loaded.settings.period(period)
    with open_ledger(workspace.ledger, who="tenproj demo") as ledger:
        known, secret = ledger.history(), ledger.secret
    plan = loaded.plan
    recipients = (of_task_force(t, plan) for t in plan.task_forces)
    forms = {r.code: build_form(plan, loaded.settings, week, r, known, secret) for r in recipients}
    return Office(workspace, forms, loaded.settings.deadline(week))


COVER_ANSWERS: Mapping[str, str] = {
    "filler": MARK,
    "phone": "0571-00000000",
    "reviewer": MARK,
    "signer": MARK,
}


def send(
    office: Office,
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
    cover = {"unit": form.recipient.printed, **COVER_ANSWERS} | ({"nil_return": "是"} if nil else {})
    fill(target, answers, cover, without)
    return stamped(target, office.deadline + timedelta(hours=hours))


def stamped(path: Path, moment: datetime) -> Path:
    """The path, its file as if it had come in at some time."""
    os.utime(path, (moment.timestamp(), moment.timestamp()))
    return path


def fill(path: Path, answers: Answers, cover: Mapping[str, str], without: str = "") -> None:
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


def answers(form: Form, week: int) -> dict[tuple[str, str, str], object]:
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
            yield row.token, {"value": UNDERWAY, "nature": REPORTED, "remark": MARK}
            continue
        period = read_period(str(row.printed["data_period"]))
        stick = next(s for s in row.yardsticks if period and s.period.code == period.code)
        value = _plausible(row, stick, week)
        nature = VERIFIED if stick.mode is Mode.JUDGE and _chance(row.code, "verified") > 0.25 else REPORTED
        answer: dict[str, object] = {"value": value, "nature": nature, "remark": MARK}
        if (expected := _expected(row, stick, value)) is not None:
            answer["forecast"] = expected
        if stick.state(value, nature) in (State.BEHIND, State.MISSED):
            answer |= {
                "lag_reason": f"前期手续办理慢于计划（{MARK}）",
                "next_steps": f"倒排工期、逐周调度（{MARK}）",
            }
        yield row.token, answer


def _plausible(row: FormRow, stick: Yardstick, week: int) -> float:
    """A value around what is expected (at its date, or by any target), whole where things are counted."""
    targets = [s.target.value for s in row.yardsticks if s.target and s.target.value is not None]
    expected = stick.green if abs(stick.green) < UNBOUNDED else next(iter(targets), 1.0)
    spread = 0.94 + 0.14 * _chance(row.code) + 0.01 * week
    value = expected * (2 - spread if stick.sign < 0 else spread) if abs(expected) > 0.01 else 1.2
    unit = str(row.printed["unit"] or "")
    value = min(value, 100.0) if unit == "%" and expected <= 100 else value
    return _as_counted(value, unit)


def _expected(row: FormRow, stick: Yardstick, value: float) -> float | None:
    """What the year is expected to bring: about its target and no less than there is; None where it has none."""
    target = stick.target
    if target is None or target.value is None or target.period.last.year != stick.period.last.year:
        return None
    around = target.value + stick.sign * abs(target.value) * (0.12 * _chance(row.code, "forecast") - 0.05)
    around = around if stick.sign < 0 else max(around, value)
    unit = str(row.printed["unit"] or "")
    return _as_counted(min(around, 100.0) if unit == "%" and target.value <= 100 else around, unit)


def _as_counted(value: float, unit: str) -> float:
    return float(round(value)) if unit in COUNTED else round(value, 2)


def _task_answers(form: Form, week: int) -> Iterator[tuple[str, dict[str, object]]]:
    for row in form.part("tasks").rows:
        due = row.printed.get("milestone_due") or row.printed.get("due_on")
        answer: dict[str, object] = {
            "progress": f"按计划推进，本周完成阶段性工作（{MARK}）",
            "status": "序时推进",
        }
        if isinstance(due, date) and due < form.period.last:
            if _chance(row.code, "done") < 0.8:
                answer |= {
                    "status": "已完成",
                    "milestone_done": "已完成",
                    "completed_on": due - timedelta(days=9),
                }
            else:
                answer |= {
                    "status": "滞后",
                    "problems": f"外部审批尚未完成（{MARK}）",
                    "next_steps": f"专人跟办（{MARK}）",
                }
        elif _chance(row.code, "behind") > 0.93 - 0.02 * week:
            answer |= {
                "status": "滞后",
                "problems": f"资金拨付进度偏慢（{MARK}）",
                "next_steps": f"提请专题协调（{MARK}）",
            }
        yield row.token, answer


def _issue_answers(form: Form, week: int) -> Iterator[tuple[str, dict[str, object]]]:
    rows = form.part("issues").rows
    for row in (r for r in rows if r.code):
        yield row.token, {"status": "整改中", "progress": f"已召开协调会，形成会议纪要（{MARK}）"}
    blank = [r for r in rows if not r.code]
    for n in range(int(2 * _chance(form.recipient.code, week) + 0.5)):
        asks = n == 0 and _chance(form.recipient.code, "asks") > 0.4
        yield (
            blank[n].token,
            {
                "description": ("项目用地指标尚未落实，影响开工", "配套资金到位率偏低，影响施工进度")[n]
                + f"（{MARK}）",
                "category": ("用地", "资金")[n],
                "source": "自查",
                "raised_on": form.period.first,
                "unit": form.recipient.printed,
                "person": MARK,
                "measures": f"与主管部门对接，一周内提出方案（{MARK}）",
                "due_on": form.period.last + timedelta(days=(10, 45)[n] - 14 * (1 - week)),
                "status": "整改中",
                "progress": f"已发函对接（{MARK}）",
                **(
                    {"request": f"请协调落实新增建设用地指标（{MARK}）", "suggested_level": "总专班"}
                    if asks
                    else {}
                ),
            },
        )
