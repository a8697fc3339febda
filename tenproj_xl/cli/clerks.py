"""Simulated clerks, who fill issued forms in and send them back: for demonstration, benchmarks and tests.

Their answers are plausible, always the same for the same form, and marked 演示数据.
"""

import zlib
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Self

from tenproj_xl.app.generate import generate, recipients_of
from tenproj_xl.app.periods import with_issued
from tenproj_xl.app.plans import in_force
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.cli.open_form import Answers, OpenForm
from tenproj_xl.core.answers import InWords, Nature
from tenproj_xl.core.blocks import Block
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.period_rows import indicator_of_row
from tenproj_xl.core.periods import read_period
from tenproj_xl.core.states import State
from tenproj_xl.forms.content import build_form
from tenproj_xl.forms.form import Form, FormRow
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.model.evaluate_indicators import COUNTED, UNBOUNDED, Yardstick
from tenproj_xl.model.sections import Sections
from tenproj_xl.model.settings import Loaded

MARK = "演示数据"
COVER_ANSWERS: Mapping[str, str] = {
    "filler": MARK,
    "phone": "0571-00000000",
    "reviewer": MARK,
    "signer": MARK,
}


@dataclass(frozen=True)
class Office:
    """A workspace whose forms of a period were issued, and the content of these forms by task force."""

    workspace: Workspace
    loaded: Loaded
    forms: Mapping[str, Form]

    @classmethod
    def of(cls, workspace: Workspace, period: str) -> Self:
        """Build the content of the forms that were issued for a period."""
        loaded, forms = issued_forms(workspace, period)
        return cls(workspace, loaded, {form.recipient.code: form for form in forms})

    @property
    def period(self) -> str:
        """The period's code."""
        return next(iter(self.forms.values())).period.code

    @property
    def deadline(self) -> datetime:
        """When returns are due."""
        return next(iter(self.forms.values())).deadline

    def path(self, task_force: str) -> Path:
        """Return the path of a task force's form."""
        form = self.forms[task_force]
        return self.workspace.outbox / form.period.code / "填报表" / f"{form.stem}.xlsx"

    def send(self, form: OpenForm, name: str = "", *, hours: float = -3) -> Path:
        """Put a form into the inbox, some hours after the deadline; return its path there."""
        return form.save(self.workspace.inbox / (name or form.name), self.deadline + timedelta(hours=hours))


def issued_forms(
    workspace: Workspace, period_code: str, *, by_unit: bool = False
) -> tuple[Loaded, list[Form]]:
    """Return what was in force in a period, and the content of the forms that were issued for it."""
    workbooks = load(workspace)
    with look_into_ledger(workspace.ledger) as ledger:
        workbooks = with_issued(workbooks, ledger)
        period = workbooks.settings.period(period_code)
        plans = in_force(workbooks, ledger)
        known = plans.known(plans.history_of(ledger, period.first, period.last), period)
        secret = ledger.secret
    loaded = plans.at(period)
    plan, settings = loaded.plan, loaded.settings
    sections = Sections(plan, loaded.addresses, period.last)
    recipients = recipients_of(plan, known.before(period), sections, by_unit=by_unit)
    return loaded, [build_form(plan, settings, period, one, known, secret) for one in recipients]


def issue_forms(workspace: Workspace, period: str) -> Office:
    """Generate the forms of a period."""
    generate(workspace, period)
    return Office.of(workspace, period)


def filled(office: Office, task_force: str, answers: Answers) -> OpenForm:
    """Open the form of a task force and fill it in, cover included."""
    form = OpenForm(office.path(task_force))
    form.fill_in(answers)
    form.cover(unit=office.forms[task_force].recipient.printed, **COVER_ANSWERS)
    return form


# --- what they write


def answers(form: Form, week: int) -> Answers:
    """Return plausible answers to all that a form asks; `week` is 0 for the earlier one, 1 for the later."""
    found: dict[tuple[str, str], dict[str, object]] = {}
    for sheet, rows in (
        ("indicators", _indicator_answers(form, week)),
        ("tasks", _task_answers(form, week)),
        ("issues", _issue_answers(form, week)),
    ):
        for row, values in rows:
            found[sheet, row] = values
    return found


def yardstick_of(row: FormRow) -> Yardstick:
    """Return what the figure that a row asks for is measured by."""
    period = read_period(str(row.printed["data_period"]))
    return next(s for s in row.yardsticks if period and s.period.code == period.code)


def _chance(*parts: object) -> float:
    """Return a number from 0 to 1 that is always the same for the same parts."""
    return zlib.crc32("/".join(map(str, parts)).encode()) % 1000 / 999


_STILL_OPEN = 0.25
"""The share of the verified figures that nobody has yet."""


def _indicator_answers(form: Form, week: int) -> Iterator[tuple[str, dict[str, object]]]:
    for row in form.part("indicators").rows:
        is_final = row.block is Block.FINAL
        if not (row.asked or is_final):
            continue
        if is_final and (
            "value" in row.choices or _chance(indicator_of_row(row.code), "verified") <= _STILL_OPEN
        ):
            continue
        if "value" in row.choices:
            yield row.code, {"value": InWords.UNDERWAY.label, "nature": Nature.REPORTED.label, "remark": MARK}
            continue
        stick = yardstick_of(row)
        value = _plausible(row, stick, week)
        nature = Nature.VERIFIED if is_final else Nature.REPORTED
        answer: dict[str, object] = {"value": value, "nature": nature.label, "remark": MARK}
        forecast = _forecast(row, stick, value)
        if forecast is not None and not is_final:
            answer["forecast"] = forecast
        if stick.state(value, nature) in (State.BEHIND, State.MISSED):
            answer["lag_reason"] = f"前期手续办理慢于计划（{MARK}）"
            if not is_final:
                answer["next_steps"] = f"倒排工期、逐周调度（{MARK}）"
        yield row.code, answer


def _plausible(row: FormRow, stick: Yardstick, week: int) -> float:
    """Return a value around what is expected at its date, or by any target."""
    expected = stick.green
    if abs(expected) >= UNBOUNDED:
        targets = (s.target.value for s in row.yardsticks if s.target and s.target.value is not None)
        expected = next(targets, 1.0)
    share = 0.94 + 0.14 * _chance(indicator_of_row(row.code)) + 0.01 * week
    if stick.sign < 0:
        share = 2 - share
    value = 1.2
    if abs(expected) > 0.01:
        value = expected * share
    return _rounded(value, row, at_most_100=expected <= 100)


def _forecast(row: FormRow, stick: Yardstick, value: float) -> float | None:
    """Return about the target of the year, no less than there is by now; None for a year without a target."""
    target = stick.target
    if target is None or target.value is None or target.period.year != stick.period.year:
        return None
    forecast = target.value + stick.sign * abs(target.value) * (0.12 * _chance(row.code, "forecast") - 0.05)
    if stick.sign > 0:
        forecast = max(forecast, value)
    return _rounded(forecast, row, at_most_100=target.value <= 100)


def _rounded(value: float, row: FormRow, *, at_most_100: bool) -> float:
    """Round to a whole number where things are counted, else to two places; no more than 100 % if told."""
    unit = str(row.printed["unit"] or "")
    if unit == "%" and at_most_100:
        value = min(value, 100.0)
    if unit in COUNTED:
        return float(round(value))
    return round(value, 2)


def _task_answers(form: Form, week: int) -> Iterator[tuple[str, dict[str, object]]]:
    for row in form.part("tasks").rows:
        due = row.printed.get("milestone_due") or row.printed.get("due_on")
        answer: dict[str, object] = {
            "progress": f"按计划推进，本周完成阶段性工作（{MARK}）",
            "status": "序时推进",
        }
        if isinstance(due, date) and due < form.period.last:
            if _chance(row.code, "done") < 0.8:
                answer["status"] = answer["milestone_done"] = "已完成"
                answer["completed_on"] = due - timedelta(days=9)
            else:
                answer["status"] = "滞后"
                answer["problems"] = f"外部审批尚未完成（{MARK}）"
                answer["next_steps"] = f"专人跟办（{MARK}）"
        elif _chance(row.code, "behind") > 0.93 - 0.02 * week:
            answer["status"] = "滞后"
            answer["problems"] = f"资金拨付进度偏慢（{MARK}）"
            answer["next_steps"] = f"提请专题协调（{MARK}）"
        yield row.code, answer


_NEW_ISSUES = (
    (
        ("项目用地指标尚未落实，影响开工", "用地", 10),
        ("配套资金到位率偏低，影响施工进度", "资金", 45),
    ),
    (
        ("施工用电增容手续未办结，影响设备安装", "用能", 10),
        ("管线迁改方案未批复，影响场地移交", "审批", 45),
    ),
)
"""For each of the weeks description, category, and the days from the end of the later one to the deadline."""


def _issue_answers(form: Form, week: int) -> Iterator[tuple[str, dict[str, object]]]:
    for row in form.part("issues").rows:
        if row.code:
            yield row.code, {"status": "整改中", "progress": f"已召开协调会，形成会议纪要（{MARK}）"}
    task_force = form.recipient.code
    # One unit has issues in several forms, each of its own.
    mark = "".join([MARK, *(force.code for force in form.recipient.task_forces[:1])])
    count = int(2 * _chance(task_force, week) + 0.5)
    for n, (description, category, days) in enumerate(_NEW_ISSUES[week][:count], 1):
        issue: dict[str, object] = {
            "description": f"{description}（{mark}）",
            "category": category,
            "source": "自查",
            "raised_on": form.period.first,
            "unit": form.recipient.printed,
            "person": MARK,
            "measures": f"与主管部门对接，一周内提出方案（{MARK}）",
            "due_on": form.period.last + timedelta(days=days - 14 * (1 - week)),
            "status": "整改中",
            "progress": f"已发函对接（{MARK}）",
        }
        if n == 1 and _chance(task_force, "asks") > 0.4:
            issue["request"] = f"请协调落实新增建设用地指标（{MARK}）"
            issue["suggested_level"] = "总专班"
        yield f"+{n}", issue
