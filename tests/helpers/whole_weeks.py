"""Three weeks of the shipped plan, taken through the real commands: ordinary, awful, and the first of all.

They are there to look at (docs/make_pages.py renders every page of them) and to compute independently.
"""

import os
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from tenproj_xl.app.initialise import initialise
from tenproj_xl.app.merge import merge
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.forms.form import Form
from tests.helpers.answers import random_answers
from tests.helpers.filling import sent_out, typed

PERIOD = "2026-W48"
_BEFORE = ("2026-W38", "2026-W40", "2026-W42", "2026-W44", "2026-W45")
LONG = (
    "因地下管线交叉须多部门联合审查，施工方案三次修改仍未批复，征迁腾房剩余四户，工期顺延；"
    "已由分管领导牵头召开协调会三次，形成会议纪要，明确责任人和时间节点，逐周调度，倒排工期。"
)
HIGHLIGHTS = (
    "在全市率先推行“拿地即开工”，项目审批时限由九十天压缩到三十天，做法被市级简报刊发。",
    "建立“一企一专员”机制，走访企业一百二十家，当场解决问题四十三个。",
    "“路长制”与社区网格合一，城中村改造签约率达到百分之九十八。",
)
Answers = dict[tuple[str, str], dict[str, object]]


@dataclass(frozen=True)
class Week:
    """A week that was merged: the roll-up, and the return of each task force that sent one."""

    rollup: Path
    returned: Mapping[str, Path]


def ordinary(workspace: Workspace) -> Week:
    """Make five earlier periods, then one with a late return, a nil return and a missing one."""
    initialise(workspace)
    for period in _BEFORE:
        _return(workspace, period, _as_they_come)
        merge(workspace, period)
    return _return(workspace, PERIOD, _as_they_come, late="04", nil="09", silent=("10",), keep=True)


def awful(workspace: Workspace) -> Week:
    """Make two earlier periods with ten issues from each; then half send nothing, the others are far behind."""
    initialise(workspace)
    for period in _BEFORE[-4:-2]:
        _return(workspace, period, _many_issues)
        merge(workspace, period)
    return _return(
        workspace, PERIOD, _far_behind, late="01", silent=("02", "03", "05", "06", "07", "09"), keep=True
    )


def first(workspace: Workspace) -> Week:
    """Make the first period of all."""
    initialise(workspace)
    return _return(workspace, PERIOD, _as_they_come, keep=True)


WEEKS: Mapping[str, Callable[[Workspace], Week]] = {"ordinary": ordinary, "awful": awful, "first": first}


def _return(
    workspace: Workspace,
    period: str,
    say: Callable[[Form], Answers],
    *,
    late: str = "",
    nil: str = "",
    silent: tuple[str, ...] = (),
    keep: bool = False,
) -> Week:
    """Send the forms of a period out and, but for the silent ones, in again; with `keep` merge them, too."""
    office = sent_out(workspace, period)
    returned: dict[str, Path] = {}
    for n, (code, form) in enumerate(office.forms.items()):
        if code in silent or not form.recipient.involved:
            continue
        cover: dict[str, object] = {"nil_return": "是"} if code == nil else {"highlights": HIGHLIGHTS[n % 3]}
        data = typed(office.path(code), {} if code == nil else say(form), **cover)
        moment = office.deadline + timedelta(hours=20 if code == late else n - 12)
        for folder in (workspace.inbox, workspace.root / "returned" / period):
            returned[code] = _stamped(folder / office.path(code).name, data, moment.timestamp())
    return Week(merge(workspace, period).rollup if keep else workspace.root, returned)


def _stamped(path: Path, data: bytes, moment: float) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    os.utime(path, (moment, moment))
    return path


def _as_they_come(form: Form) -> Answers:
    rng = random.Random(f"{form.recipient.code}/{form.period.code}")  # noqa: S311  # the same every time
    answers: Answers = random_answers(form, rng)
    for n, answer in enumerate(answers.values()):
        if "lag_reason" in answer:
            answer["lag_reason"] = LONG[:43] if n % 2 else "受梅雨影响，主体施工停工二十六天"
    return answers


def _many_issues(form: Form) -> Answers:
    answers = _as_they_come(form)
    for n in range(1, 11):
        level = ("总专班", "提请省、市协调", "区政府常务会议", "总专班办公室")[n % 4]
        answers["issues", f"+{n}"] = {
            "description": f"{n}号地块{LONG}",
            "category": ("用地", "征迁", "资金")[n % 3],
            "source": "自查",
            "raised_on": form.period.first - timedelta(days=n),
            "unit": form.recipient.printed,
            "measures": LONG,
            "due_on": form.period.last + timedelta(days=3 * n),
            "status": "整改中",
            "progress": LONG,
            **({"request": f"请协调{n}号地块：{LONG}", "suggested_level": level} if n % 3 else {}),
        }
    return answers


def _far_behind(form: Form) -> Answers:
    answers = _as_they_come(form)
    text = (LONG * 7)[:500]
    for (sheet, _), answer in answers.items():
        if sheet == "indicators" and isinstance(answer.get("value"), float):
            value = float(str(answer["value"]))
            answer |= {"value": float(int(value * 0.6)), "lag_reason": text, "next_steps": text}
        elif sheet == "tasks":
            answer |= {"status": "滞后", "progress": text, "problems": text, "next_steps": text}
        elif sheet == "issues" and answer.get("progress"):
            answer |= {"progress": text}
    return answers
