"""Declaration of the tables of 工作计划.xlsx, and the plan that ships with the package."""

import csv
import re
from collections.abc import Sequence
from io import StringIO

from tenproj_xl.core.answers import Disclosure, YesNo
from tenproj_xl.core.cells import Rows
from tenproj_xl.core.columns import Column, Fill, Kind, Sheet
from tenproj_xl.core.periods import Frequency
from tenproj_xl.model.plan import (
    WORDINGS,
    Curve,
    Direction,
    Involvement,
    Measure,
    Origin,
)
from tenproj_xl.model.plan_items import PROGRAMME_ITEMS
from tenproj_xl.model.plan_people import Role

_TEXT, _LONG, _NUM, _DATE, _CHOICE = Kind.TEXT, Kind.LONG_TEXT, Kind.NUMBER, Kind.DATE, Kind.CHOICE


def _column(field: str, header: str, kind: Kind = _TEXT, width: float = 12, **more: object) -> Column:
    return Column(field, header, Fill.OFFICE, kind, width=width, **more)  # type: ignore[arg-type]


def _choice(
    field: str, header: str, choices: Sequence[str], width: float = 10, *, may_lack: bool = False
) -> Column:
    return Column(field, header, Fill.OFFICE, _CHOICE, width=width, choices=tuple(choices), may_lack=may_lack)


_FORMER = _column(
    "former_code",
    "原编号",
    Kind.CODE,
    10,
    may_lack=True,
    advice="编号改了的填改之前的编号；编号没改、名称等改了而仍是同一项的，填现在的编号",
)
_EFFECTIVE = _column(
    "effective", "生效期", Kind.PERIOD, 11, may_lack=True, advice="填写从哪一期起生效，如 2026-W49、2026-12"
)
_SECTION = _column("section", "承办科室", width=16, may_lack=True)
_QUOTATION = _column("quotation", "原文", _LONG, 50)
PENDING = "pending"
_PENDING = _column(PENDING, "待核事项", _LONG, 26)
PROGRAMME = Sheet(
    "programme", "方案", (_column("item", "项目", width=16), _column("content", "内容", _LONG, 70))
)
TASK_FORCES = Sheet(
    "task_forces",
    "专班",
    (
        _column("code", "编号", Kind.CODE, 7),
        _column("name", "专班名称", _LONG, 36),
        _choice("involved", "是否涉及", tuple(Involvement), 9),
        _column("conveners", "召集人", _LONG, 20),
        _column("lead", "牵头单位", width=16),
        _column("responsible", "责任单位", _LONG, 50),
        _column("responsible_note", "责任单位附注", _LONG, 20),
        _column("aim", "目标任务", _LONG, 60),
        _EFFECTIVE,
        _column(
            "ends",
            "撤并期",
            Kind.PERIOD,
            11,
            may_lack=True,
            advice="填写从哪一期起撤销或并入别的专班，如 2026-W49",
        ),
        _column("successor", "承继专班", Kind.CODE, 9, may_lack=True, advice="填写并入的专班的编号，如 04"),
        _SECTION,
    ),
)
UNITS = Sheet(
    "units",
    "单位",
    (
        _column("name", "文件用名", width=30),
        _column("current_name", "现用名", width=30),
        _column("short", "简称", width=14),
        _column("starts", "起始日期", _DATE),
        _column("ends", "终止日期", _DATE),
        _column("successor", "承继单位", width=24),
        _column("note", "备注", _LONG, 30),
    ),
)
INDICATORS = Sheet(
    "indicators",
    "主要指标",
    (
        _column("code", "指标编号", Kind.CODE, 10),
        _column("task_force", "专班编号", Kind.CODE, 9),
        _column("name", "指标名称", _LONG, 32),
        _column("area", "所属领域", width=14),
        _column("unit", "计量单位", width=9),
        _column("basis", "统计口径", _LONG, 20),
        _choice("measure", "类型", list(Measure), 11),
        _choice("direction", "方向", tuple(Direction)),
        _column("reporting_unit", "数据报送单位", width=16),
        _column("responsible", "责任单位", _LONG, 24),
        _choice("frequency", "更新频次", list(Frequency), 9),
        _column("lag_days", "发布时滞", _NUM, 9, low=0, high=720, advice="填写天数，如 20"),
        _choice("curve", "进度曲线", list(Curve)),
        _column("starts", "起算日期", _DATE),
        _column("baseline", "基期值", _NUM),
        _column("baseline_on", "基期日期", _DATE),
        _choice("published", "公开", tuple(Disclosure), 8),
        _PENDING,
        _QUOTATION,
        _FORMER,
        _EFFECTIVE,
        _column(
            "series_starts",
            "口径调整期",
            Kind.PERIOD,
            11,
            may_lack=True,
            advice="口径或计量单位调整过的，填写新口径的数从哪一期起，如 2026-11",
        ),
        _column("low", "下限", _NUM, 8, may_lack=True),
        _column("high", "上限", _NUM, 8, may_lack=True),
        _column(
            "places",
            "小数位",
            _NUM,
            8,
            may_lack=True,
            low=0,
            high=6,
            advice="填写小数位数，如 2；只能是整数的填 0",
        ),
        _choice("core", "核心", tuple(YesNo), 8, may_lack=True),
        _SECTION,
    ),
)
TARGETS = Sheet(
    "targets",
    "年度计划",
    (
        _column("indicator", "指标编号", Kind.CODE, 10),
        _column("period", "目标期", Kind.PERIOD, 10, advice="填写年、季或月，如 2026、2026-Q2、2026-11"),
        _choice("wording", "用语", list(WORDINGS)),
        _column("value", "目标值", _NUM),
        _column("text", "目标文字", _LONG, 30),
        _choice("origin", "性质", list(Origin), 8),
        _column("basis", "批准依据", width=22),
        _PENDING,
        _QUOTATION,
        _EFFECTIVE,
    ),
)
TASKS = Sheet(
    "tasks",
    "重点任务",
    (
        _column("code", "任务编号", Kind.CODE, 10),
        _column("task_force", "专班编号", Kind.CODE, 9),
        _column("name", "重点任务", _LONG, 44),
        _column("annual_goal", "年度目标", _LONG, 30),
        _column("lead_unit", "牵头单位", width=16),
        _column("responsible", "责任单位", _LONG, 30),
        _column("reporting_unit", "数据报送单位", width=16),
        _column("person", "责任人"),
        _column("invest_plan", "年度计划投资", _NUM, 12, low=0, advice="填写亿元数，如 12.5"),
        _column("due_on", "完成时限", _DATE),
        _PENDING,
        _QUOTATION,
        _FORMER,
        _EFFECTIVE,
        _SECTION,
    ),
)
OF_ONE_YEAR = ("annual_goal", "invest_plan")
"""What the plan says of a task for the year at hand alone."""
MILESTONES = Sheet(
    "milestones",
    "节点",
    (
        _column("task", "任务编号", Kind.CODE, 10),
        _column("number", "序号", _NUM, 7, low=1),
        _column("name", "节点", _LONG, 40),
        _column("due_on", "节点时限", _DATE),
        _choice("origin", "性质", list(Origin), 8),
        _QUOTATION,
    ),
)
MECHANISMS = Sheet(
    "mechanisms",
    "工作机制",
    (
        _column("name", "机制", width=16),
        _column("rhythm", "频次", width=18),
        _column("content", "内容", _LONG, 50),
        _column("chair", "主持（牵头）", _LONG, 24),
        _QUOTATION,
    ),
    may_lack=True,
)
PEOPLE = Sheet(
    "people",
    "人员",
    (
        _column("task_force", "专班编号", Kind.CODE, 9),
        _choice("role", "职务", tuple(Role)),
        _column("name", "姓名", width=16),
        _column("unit", "单位", width=24),
        _column("section", "承办科室", width=16),
        _column("phone", "联系电话", width=16),
        _column("starts", "起始日期", _DATE),
        _column("ends", "终止日期", _DATE),
    ),
    may_lack=True,
)
PLAN_SHEETS = (PROGRAMME, TASK_FORCES, UNITS, INDICATORS, TARGETS, TASKS, MILESTONES, MECHANISMS, PEOPLE)
REQUIRED = {
    "programme": ("item",),
    "task_forces": ("code", "name", "involved", "lead"),
    "units": ("name",),
    "indicators": ("code", "task_force", "name", "unit", "measure", "reporting_unit", "frequency", "curve"),
    "targets": ("indicator", "period", "wording", "origin"),
    "tasks": ("code", "task_force", "name", "lead_unit", "reporting_unit"),
    "milestones": ("task", "number", "name", "due_on", "origin"),
    "mechanisms": ("name", "content"),
    "people": ("role", "name"),
}
CODES = {
    "task_forces": (re.compile(r"\d{2}"), "03"),
    "indicators": (re.compile(r"Z\d{2}-\d{2,3}"), "Z03-05"),
    "tasks": (re.compile(r"R\d{2}-\d{2,3}"), "R03-02"),
}


def empty_plan() -> dict[str, Rows]:
    """Return the tables of a plan that is still to be filled in: headers, and the items of 方案."""
    tables: dict[str, Rows] = {sheet.name: [[c.header for c in sheet.columns]] for sheet in PLAN_SHEETS}
    header, width = tables[PROGRAMME.name][0], len(PROGRAMME.columns)
    items = [[item, *[None] * (width - 1)] for item in PROGRAMME_ITEMS.values()]
    tables[PROGRAMME.name] = [header, *items]
    return tables


def shipped_plan() -> dict[str, Rows]:
    """Return the tables of the plan that ships with the package, in the shape that `load_rows` returns."""
    from importlib import resources  # noqa: PLC0415  # slow to load, and a new workspace alone asks for it

    home = resources.files("tenproj_xl.data") / "plan"
    tables: dict[str, Rows] = {}
    for sheet in PLAN_SHEETS:
        text = (home / f"{sheet.code}.csv").read_text("utf-8")
        lines = csv.reader(StringIO(text))
        tables[sheet.name] = [[cell or None for cell in line] for line in lines]
    return tables
