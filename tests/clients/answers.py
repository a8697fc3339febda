"""The form of task force 04, and the answers that every client of the matrix fills into it.

04 has nine indicators (one of them is answered without being asked for), three verified figures to come, eight
tasks, three issues from before, and ten blank rows for new ones.
"""

import itertools
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.initialise import initialise
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.cli.open_form import TABS, Answers
from tenproj_xl.core.columns import Kind, Sheet
from tenproj_xl.core.periods import read_period
from tenproj_xl.core.sheets import COVER
from tenproj_xl.forms.form import FormRow
from tests.helpers.answers import SIGNED
from tests.helpers.filling import Filling, Office, sent_out

EARLIER, PERIOD, TASK_FORCE = "2026-W42", "2026-W48", "04"
Row = tuple[str, str]
"""A row by its sheet and its code; `+1`, `+2`, … are the blank rows for new issues."""
Rows = Mapping[Row, Mapping[str, object]]
"""What is read of rows: the values of their input cells by field, blank ones left out."""

ISSUE: Mapping[str, object] = {
    "description": "地块“城北-12”征迁未完成",
    "category": "征迁",
    "source": "自查",
    "raised_on": date(2026, 10, 12),
    "request": "请协调加快征迁；剩余3户",
    "suggested_unit": "区住建局",
    "suggested_level": "总专班",
    "unit": "区发改经信局",
    "measures": "逐户签约",
    "due_on": date(2026, 12, 31),
    "status": "整改中",
}
BEFORE: Answers = {
    ("indicators", "Z04-01"): {"value": 1065.2, "nature": "部门统计"},
    ("indicators", "Z04-02"): {"value": 91.5, "nature": "部门统计"},
    ("indicators", "Z04-04"): {"value": 72.0, "nature": "部门统计"},
    ("indicators", "Z04-07"): {
        "value": 55.5,
        "nature": "部门统计",
        "lag_reason": "用地报批慢于计划",
        "next_steps": "倒排工期",
    },
    ("indicators", "Z04-05"): {"data_period": "2025年", "value": 21.0, "nature": "统计核定"},
    ("indicators", "Z04-08"): {"value": 510.25, "nature": "部门统计"},
    ("tasks", "R04-05"): {
        "status": "长期推进",
        "progress": "走访8次",
        "person": "周某",
        "next_steps": "每周调度",
    },
    ("issues", "+1"): ISSUE,
    ("issues", "+2"): {
        **ISSUE,
        "description": "用能指标缺口1.5万吨",
        "category": "用能",
        "related": "R04-05",
    },
    ("issues", "+3"): {
        **ISSUE,
        "description": "专项资金到位率偏低",
        "category": "资金",
        "source": "会议交办",
    },
}
"""What was reported six weeks before."""

ANSWERS: Answers = {
    ("indicators", "Z04-01"): {
        "value": 1612.35,
        "nature": "部门统计",
        "forecast": 2150.0,
        "city_rank": 3.0,
        "remark": "快报数（待核定），与省局口径一致",
    },
    ("indicators", "Z04-02"): {"value": "９１．８％", "nature": "预计"},
    ("indicators", "Z04-04"): {"value": "78 家", "nature": "统计核定", "forecast": 101.0, "remark": "007"},
    ("indicators", "Z04-03"): {"data_period": "2025年", "value": 5406.0, "nature": "统计核定"},
    ("indicators", "Z04-05"): {"data_period": "2025年", "value": 22.0, "nature": "统计核定"},
    ("indicators", "Z04-06"): {"data_period": "2025年", "value": 164.0, "nature": "统计核定"},
    ("indicators", "Z04-07"): {
        "value": 60.125,
        "nature": "部门统计",
        "lag_reason": "前期手续慢于计划：(1)用地报批 (2)能评",
        "next_steps": "倒排工期 <b>&\"'",
    },
    ("indicators", "Z04-08"): {"value": 534.567891, "nature": "部门统计", "remark": "1-2"},
    ("indicators", "Z04-09"): {"data_period": "2023年", "value": 4080.0, "nature": "统计核定"},
    ("tasks", "R04-01"): {
        "status": "序时推进",
        "progress": "完成3/4",
        "remark": "330105199001011234",
        "verification": "按统计口径核减",
    },
    ("tasks", "R04-02"): {
        "status": "已完成",
        "completed_on": date(2026, 11, 20),
        "progress": "1-2项均已办结",
    },
    ("tasks", "R04-03"): {
        "status": "滞后",
        "progress": "签约4家",
        "problems": "意见未统一；缺口３处",
        "next_steps": "专题会商",
    },
    ("tasks", "R04-04"): {
        "status": "序时推进",
        "progress": "按计划推进",
        "invest_done": 12.5,
        "site_progress": "封顶",
    },
    ("tasks", "R04-05"): {"status": "长期推进", "progress": "“地瓜经济”走访12次", "person": "㛃某"},
    ("tasks", "R04-06"): {"status": "申请调整", "progress": "方案待定", "problems": "政策9/30到期"},
    ("tasks", "R04-07"): {
        "milestone_done": "已完成",
        "completed_on": "2026年11月18日",
        "status": "序时推进",
        "progress": "已拨付0.10亿元",
    },
    ("tasks", "R04-08"): {"status": "序时推进", "progress": "+86项排摸完毕"},
    ("issues", "W04-2026-001"): {
        "status": "申请销号",
        "progress": "已签约",
        "evidence": "会议纪要〔2026〕5号",
        "applied_on": date(2026, 11, 24),
        "lead_opinion": "同意",
    },
    ("issues", "W04-2026-002"): {
        "status": "整改中",
        "progress": "正在编制调整方案",
        "extend_to": "2027.1.31",
        "extend_reason": "规划调整",
    },
    ("issues", "W04-2026-003"): {"status": "整改中", "progress": "到位率82.5%"},
    ("issues", "+1"): {
        **ISSUE,
        "description": "项目用地指标尚未落实",
        "category": "用地",
        "raised_on": date(2026, 11, 23),
        "related": "Z04-08、R04-04",
    },
}
SAID: Mapping[str, object] = {
    **SIGNED,
    "signed_on": date(2026, 11, 26),
    "highlights": "一是专班化推进；二是“周调度”",
}
"""What the clerk writes on 填报说明."""
MEANT: Mapping[tuple[str, str, str], object] = {
    ("indicators", "Z04-02", "value"): 91.8,
    ("indicators", "Z04-04", "value"): 78.0,
    ("tasks", "R04-07", "completed_on"): date(2026, 11, 18),
    ("issues", "W04-2026-002", "extend_to"): date(2027, 1, 31),
}
"""What is meant, where that is not what is written letter by letter."""

Cells = list[tuple[str, str, object]]
"""Sheet, address and value of cells."""


def sent_out_twice(folder: Path) -> Office:
    """Make a workspace in which 04 has reported once and has got its form for the current period."""
    workspace = Workspace(folder)
    initialise(workspace)
    earlier = sent_out(workspace, EARLIER)
    earlier.send(earlier.blank(TASK_FORCE).answer(BEFORE))
    ingest(workspace, EARLIER)
    return sent_out(workspace, PERIOD)


def cells(form: Filling, *sheets: str) -> Cells:
    """Return sheet, cell and value of every answer, or of those in some sheets."""
    found: Cells = [(COVER.name, form.cover_at(field), value) for field, value in SAID.items()]
    for (sheet, row), answer in ANSWERS.items():
        found += [(TABS[sheet], form.at(sheet, row, field), value) for field, value in answer.items()]
    return [cell for cell in found if not sheets or cell[0] in [TABS.get(s, s) for s in sheets]]


def keyed(value: object) -> str:
    """Return the text to type for a value, "" for None."""
    return f"{value:.15g}" if isinstance(value, float) else str(value or "")


def rows(office: Office) -> Iterator[tuple[Row, Sheet, FormRow]]:
    """Yield the rows of the form: the name used here, the sheet, and the printed values."""
    for part in office.forms[TASK_FORCE].sheets:
        blank = itertools.count(1)
        for row in part.rows:
            yield (part.sheet.code, row.code or f"+{next(blank)}"), part.sheet, row


def meant(office: Office) -> dict[Row, dict[str, object]]:
    """Return what must be read of every row: the values brought forward, overwritten by the answers."""
    return {name: _meant(name, sheet, row) for name, sheet, row in rows(office)}


def _meant(name: Row, sheet: Sheet, row: FormRow) -> dict[str, object]:
    found: dict[str, object] = {c.field: row.printed.get(c.field) for c in sheet.inputs}
    found |= ANSWERS.get(name, {})
    found |= {field: value for (*of, field), value in MEANT.items() if tuple(of) == name}
    for column in sheet.inputs:
        if column.kind is Kind.PERIOD and (period := read_period(str(found[column.field]))):
            found[column.field] = period.code
    return {field: value for field, value in found.items() if value is not None}
