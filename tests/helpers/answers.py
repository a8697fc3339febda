"""What clerks write into forms, where nothing of it is wrong: on course everywhere, or at random."""

import random
from datetime import date, timedelta
from math import ceil, floor

from tenproj_xl.cli.clerks import yardstick_of
from tenproj_xl.core.answers import InWords, Nature
from tenproj_xl.core.blocks import Block
from tenproj_xl.core.states import State
from tenproj_xl.forms.form import Form, FormRow
from tenproj_xl.model.evaluate_indicators import COUNTED, UNBOUNDED, Mode, Yardstick
from tenproj_xl.model.milestones import MILESTONES

SIGNED = {"filler": "张三", "phone": "0571-12345678", "reviewer": "李四", "signer": "王五"}
"""Who filled a form in, as its cover asks."""


def right_answers(form: Form) -> dict[tuple[str, str], dict[str, object]]:
    """Return answers on course: each figure due a little above its pace, each task under way, no new issue."""
    found: dict[tuple[str, str], dict[str, object]] = {}
    for row in form.part("indicators").own:
        if row.asked or row.block is Block.FINAL:
            better = 0.05 if row.block is Block.FINAL else 0.02
            value = on_pace(row, yardstick_of(row), better=better)
            found["indicators", row.code] = {"value": value, "nature": nature_asked(row).label}
    for row in form.part("tasks").own:
        found["tasks", row.code] = {"status": "序时推进", "progress": "按计划推进", **_reached(row, form)}
    for row in form.part("issues").own:
        if row.code:
            found["issues", row.code] = {"status": "整改中", "progress": "正在协调"}
    return found


def _reached(row: FormRow, form: Form) -> dict[str, object]:
    """Return the answer to days that are past: what was due was reached then.

    A task with several milestones is late after its own day: those that follow may be open.
    """
    milestone_due, due = row.printed.get("milestone_due"), row.printed.get("due_on")
    reached: dict[str, object] = {}
    if _is_past(milestone_due, form):
        reached |= {"milestone_done": "已完成", "completed_on": milestone_due}
    is_open = milestone_due is not None and not reached
    if not _is_past(due, form) or is_open:
        return reached
    if "," in str(row.printed.get(MILESTONES)):
        day = f"{form.period.last:%m月%d日}"
        late = {"status": "滞后", "progress": f"至{day}准备验收", "problems": f"至{day}未排期"}
        return reached | late | {"next_steps": f"{day}后组织验收"}
    return reached | {"status": "已完成", "completed_on": due}


def _is_past(due: object, form: Form) -> bool:
    return isinstance(due, date) and due < form.period.last


def nature_asked(row: FormRow) -> Nature:
    """Return what kind of figure a row asks for."""
    return Nature.VERIFIED if row.block is Block.FINAL else Nature.REPORTED


def on_pace(row: FormRow, stick: Yardstick, *, better: float) -> float | str:
    """Return a figure better than its pace by a share of it (worse where negative), rounded as its unit is."""
    if "value" in row.choices:
        return InWords.ACHIEVED.label if nature_asked(row) is Nature.VERIFIED else InWords.UNDERWAY.label
    goal = stick.target.value if stick.target and stick.target.value is not None else 10.0
    expected = stick.green if stick.mode is Mode.PACE and abs(stick.green) < UNBOUNDED else goal
    value = expected + stick.sign * better * (abs(expected) or 10.0)
    up = (better >= 0) == (stick.sign > 0)
    scale = 1 if row.printed["unit"] in COUNTED else 100
    value = float((ceil if up else floor)(round(value * scale, 6))) / scale
    return min(value, 100.0) if row.printed["unit"] == "%" else value


def random_answers(form: Form, rng: random.Random) -> dict[tuple[str, str], dict[str, object]]:
    """Return right answers at random: most on course, some behind and explained, issues old and new."""
    found: dict[tuple[str, str], dict[str, object]] = {}
    for row in form.part("indicators").rows:
        if row.asked or (row.block is Block.FINAL and rng.random() < 0.7):
            found["indicators", row.code] = _random_figure(row, yardstick_of(row), rng)
    for row in form.part("tasks").rows:
        found["tasks", row.code] = _random_task(row, form, rng)
    for row in form.part("issues").rows:
        if row.code:
            found["issues", row.code] = _random_issue_answer(row, form, rng)
    for n in range(1, rng.randrange(4)):
        found["issues", f"+{n}"] = _random_issue(form, rng)
    return found


def _random_figure(row: FormRow, stick: Yardstick, rng: random.Random) -> dict[str, object]:
    value = on_pace(row, stick, better=rng.choice((0.15, 0.05, 0.0, -0.03, -0.2)))
    last = row.printed.get("last_value")
    if isinstance(value, float) and last:
        value = max(value, float(str(last)))  # what adds up does not fall
    nature = nature_asked(row)
    if nature is not Nature.VERIFIED:
        nature = rng.choice((Nature.REPORTED, Nature.VERIFIED, Nature.EXPECTED))
    answer: dict[str, object] = {"value": value, "nature": nature.label}
    state = stick.state(value, nature)
    if state in (State.BEHIND, State.MISSED):
        answer["lag_reason"] = "前期手续慢于计划"
        if row.block is not Block.FINAL:
            answer["next_steps"] = "倒排工期、逐周调度"
    if rng.random() < 0.3 and isinstance(value, float) and row.block is not Block.FINAL:
        answer |= {"forecast": round(value * 1.2, 2), "city_rank": float(rng.randint(1, 13))}
    if rng.random() < 0.2:
        answer["remark"] = "数据来自月报"
    return answer


def _random_task(row: FormRow, form: Form, rng: random.Random) -> dict[str, object]:
    status = rng.choice(("未启动", "序时推进", "序时推进", "滞后", "已完成", "长期推进", "申请调整"))
    if status not in ("滞后", "申请调整") and _is_past(row.printed.get("due_on"), form):
        status = "已完成"
    answer: dict[str, object] = {"status": status, "progress": "按计划推进"}
    if status in ("滞后", "申请调整"):
        answer |= {"problems": "资金拨付偏慢", "next_steps": "提请专题协调"}
    if status == "已完成" or (row.printed.get("milestone") and rng.random() < 0.5):
        done = form.period.last - timedelta(days=rng.randrange(60))
        answer |= {"milestone_done": "已完成", "completed_on": rng.choice((done, f"{done:%Y.%m.%d}"))}
    elif status not in ("滞后", "申请调整"):
        answer |= _reached(row, form)
    if rng.random() < 0.2:
        answer |= {
            "invest_done": round(rng.uniform(0, 5), 2),
            "site_progress": "主体结构施工",
            "person": "赵六",
        }
    return answer


def _random_issue_answer(row: FormRow, form: Form, rng: random.Random) -> dict[str, object]:
    due = row.printed.get("due_on")
    if rng.random() < 0.3:
        said: dict[str, object] = {"status": "申请销号", "progress": "已解决", "evidence": "会议纪要2份"}
        return said | {"applied_on": form.period.first, "lead_opinion": "同意"}
    said = {"status": "整改中", "progress": "已召开协调会"}
    if isinstance(due, date) and rng.random() < 0.3:
        said |= {"extend_to": due + timedelta(days=30), "extend_reason": "规划调整"}
    return said


def _random_issue(form: Form, rng: random.Random) -> dict[str, object]:
    issue: dict[str, object] = {
        "description": f"项目用地指标尚未落实（{rng.randrange(10**6)}）",
        "category": rng.choice(("用地", "用能", "资金", "审批", "征迁", "其他")),
        "source": rng.choice(("自查", "督查核查", "会议交办", "领导批示")),
        "raised_on": form.period.first,
        "unit": form.recipient.printed,
        "due_on": form.period.last + timedelta(days=rng.randrange(1, 90)),
        "measures": "与主管部门对接",
        "status": "整改中",
    }
    if rng.random() < 0.5:
        rows = [r for code in ("indicators", "tasks") for r in form.part(code).rows]
        related = rng.choice([r.code for r in rows if r.block is not Block.CORRECTIONS])
        issue |= {"request": "请协调落实指标", "suggested_level": "总专班", "related": related}
    return issue
