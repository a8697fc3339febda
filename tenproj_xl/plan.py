"""The programme plan: declared like the forms, checked like the returns, read into frozen objects.

Reads: the cells of 工作计划.xlsx (or the shipped tables). Gives: a `Plan`, or findings with sheet and cell.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from tenproj_xl.cells import Rows
from tenproj_xl.findings import Code, Finding, Place, finding, has_errors
from tenproj_xl.office import Record, read_records
from tenproj_xl.periods import Frequency, Period, parse_period
from tenproj_xl.sheets import Column, Fill, Kind, Sheet


class Measure(StrEnum):
    """How an indicator is counted (类型)."""

    ANNUAL = "逐年"
    ANNUAL_IN_YEAR = "目标年当年"
    CUMULATIVE = "期间累计"
    STOCK = "期末存量"
    RATIO = "比率"
    GROWTH = "增速"
    COMPLETION = "当年完成率"
    COMPARATIVE = "比较"
    QUALITATIVE = "定性"


class Curve(StrEnum):
    """How the way to a target is spread over time (进度曲线)."""

    EVEN = "匀速"
    PLANNED = "按计划"
    STEPS = "阶梯"
    YEAR_END = "年末考核"


class Origin(StrEnum):
    """Where a target comes from; a derived one is for reference and judges nobody."""

    SOURCE = "原文"
    APPROVED = "批准"
    DERIVED = "推算"


class Sense(StrEnum):
    """What a target's wording asks of a value."""

    AT_LEAST = "≥"
    MORE_THAN = ">"
    AT_MOST = "≤"
    ABOUT = "≈"


_WORDING = {
    "以上": Sense.AT_LEAST, "至少": Sense.AT_LEAST, "达": Sense.AT_LEAST, "完成": Sense.AT_LEAST,
    "提高到": Sense.AT_LEAST, "力争": Sense.AT_LEAST, "保持": Sense.AT_LEAST, "覆盖全体": Sense.AT_LEAST,
    "超过": Sense.MORE_THAN, "突破": Sense.MORE_THAN, "快于": Sense.MORE_THAN, "提高": Sense.MORE_THAN,
    "以内": Sense.AT_MOST, "左右": Sense.ABOUT, "稳定": Sense.ABOUT,
}  # fmt: skip
_AFTER_THE_NUMBER = ("以上", "以内", "左右")
HIGHER, LOWER, NEITHER = "越高越好", "越低越好", "适中"
INVOLVED, NOT_INVOLVED = "涉及", "不涉及"


@dataclass(frozen=True)
class Programme:
    """What the plan as a whole is about."""

    code: str
    region: str
    name: str
    document: str
    document_no: str
    first_year: int
    last_year: int
    convener: str
    office: str
    contact: str

    @property
    def title(self) -> str:
        """The name with its district."""
        return self.region + self.name

    @property
    def years(self) -> range:
        """The plan's years."""
        return range(self.first_year, self.last_year + 1)


@dataclass(frozen=True)
class Unit:
    """A department; `name` as in the document, `current_name` what forms print where reforms renamed it."""

    name: str
    current_name: str
    short: str
    starts: date | None
    ends: date | None
    successor: str

    @property
    def printed(self) -> str:
        """The name that forms print."""
        return self.current_name or self.name


@dataclass(frozen=True)
class TaskForce:
    """One 工程专班; a form is made for one that is not involved, but its return is not owed and never ranked."""

    code: str
    name: str
    involved: bool
    conveners: tuple[str, ...]
    lead: str
    responsible: tuple[str, ...]
    responsible_note: str
    aim: str


@dataclass(frozen=True)
class Target:
    """What is to be reached by the end of a period; `value` is None for a target in words."""

    period: Period
    wording: str
    value: float | None
    text: str
    origin: Origin
    basis: str
    pending: str
    quotation: str

    @property
    def sense(self) -> Sense:
        """The comparison that the wording asks for."""
        return _WORDING[self.wording]

    @property
    def judges(self) -> bool:
        """False for a derived target."""
        return self.origin is not Origin.DERIVED

    @property
    def strives(self) -> bool:
        """True for 力争: hoped for, never red."""
        return self.wording == "力争"

    @property
    def spoken(self) -> str:
        """The target as people write it, without its unit: `35以上`, `超过860`, `力争47`; in words where it has some."""
        if self.text or self.value is None:
            return self.text
        number = f"{self.value:g}" if abs(self.value) < 1e6 else f"{self.value:.0f}"
        return number + self.wording if self.wording in _AFTER_THE_NUMBER else self.wording + number


@dataclass(frozen=True)
class Indicator:
    """One 主要指标 with its targets by date; `lag_days` is 发布时滞, `baseline` the value on `baseline_on`."""

    code: str
    task_force: str
    name: str
    area: str
    unit: str
    basis: str
    measure: Measure
    direction: str
    reporting_unit: str
    responsible: tuple[str, ...]
    frequency: Frequency
    lag_days: int
    curve: Curve
    starts: date | None
    baseline: float | None
    baseline_on: date | None
    pending: str
    quotation: str
    targets: tuple[Target, ...]

    @property
    def year_targets(self) -> tuple[Target, ...]:
        """The targets that are set for a whole year, by date."""
        return tuple(t for t in self.targets if "-" not in t.period.code)

    def target_of_year(self, year: int) -> Target | None:
        """The target set for a year, if any."""
        return next((t for t in self.year_targets if t.period.last.year == year), None)


@dataclass(frozen=True)
class Milestone:
    """A dated step of a task (节点)."""

    number: int
    name: str
    due_on: date
    origin: Origin


@dataclass(frozen=True)
class Task:
    """One 重点任务 with its milestones by number; `invest_plan` is the year's in 亿元."""

    code: str
    task_force: str
    name: str
    annual_goal: str
    lead_unit: str
    responsible: tuple[str, ...]
    reporting_unit: str
    person: str
    invest_plan: float | None
    due_on: date | None
    pending: str
    quotation: str
    milestones: tuple[Milestone, ...]


@dataclass(frozen=True)
class Plan:
    """The whole plan."""

    programme: Programme
    task_forces: tuple[TaskForce, ...]
    units: tuple[Unit, ...]
    indicators: tuple[Indicator, ...]
    tasks: tuple[Task, ...]

    @cached_property
    def _units(self) -> dict[str, Unit]:
        return {_plain(u.name): u for u in self.units} | {u.name: u for u in self.units}

    def unit(self, name: str) -> Unit:
        """The unit of a name as the plan writes it, with or without its bracketed second name."""
        return self._units.get(name) or self._units[_plain(name)]

    def printed(self, *names: str) -> str:
        """Units as forms print them, joined."""
        return "、".join(self.unit(n).printed for n in names)

    def task_force(self, code: str) -> TaskForce:
        """The task force of a code; KeyError if there is none."""
        return next((t for t in self.task_forces if t.code == code), None) or _no(code)

    def indicators_of(self, task_force: str) -> tuple[Indicator, ...]:
        """A task force's indicators in the plan's order."""
        return tuple(i for i in self.indicators if i.task_force == task_force)

    def tasks_of(self, task_force: str) -> tuple[Task, ...]:
        """A task force's tasks in the plan's order."""
        return tuple(t for t in self.tasks if t.task_force == task_force)


def _no(code: str) -> TaskForce:
    raise KeyError(code)


def _plain(name: str) -> str:
    return re.sub(r"[（(][^（()）]*[）)]$", "", name)


def _split(text: str) -> tuple[str, ...]:
    return tuple(part for part in re.split(r"[、,，;；\s]+", text) if part)


# --- the declared tables of the plan workbook

_TEXT, _LONG, _NUM, _DATE, _CHOICE = Kind.TEXT, Kind.LONG_TEXT, Kind.NUMBER, Kind.DATE, Kind.CHOICE


def _column(field: str, header: str, kind: Kind = _TEXT, width: float = 12, **more: object) -> Column:
    return Column(field, header, Fill.OFFICE, kind, width, **more)  # type: ignore[arg-type]


def _choice(field: str, header: str, choices: Sequence[str], width: float = 10) -> Column:
    return Column(field, header, Fill.OFFICE, _CHOICE, width, tuple(choices))


_QUOTATION = _column("quotation", "原文", _LONG, 50)
_PENDING = _column("pending", "待核事项", _LONG, 26)
PROGRAMME = Sheet("programme", "方案", (_column("item", "项目", width=16), _column("content", "内容", _LONG, 70)))
TASK_FORCES = Sheet(
    "task_forces",
    "专班",
    (
        _column("code", "编号", width=7),
        _column("name", "专班名称", _LONG, 36),
        _choice("involved", "是否涉及", (INVOLVED, NOT_INVOLVED), 9),
        _column("conveners", "召集人", _LONG, 20),
        _column("lead", "牵头单位", width=16),
        _column("responsible", "责任单位", _LONG, 50),
        _column("responsible_note", "责任单位附注", _LONG, 20),
        _column("aim", "目标任务", _LONG, 60),
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
        _column("code", "指标编号", width=10),
        _column("task_force", "专班编号", width=9),
        _column("name", "指标名称", _LONG, 32),
        _column("area", "所属领域", width=14),
        _column("unit", "计量单位", width=9),
        _column("basis", "统计口径", _LONG, 20),
        _choice("measure", "类型", list(Measure), 11),
        _choice("direction", "方向", (HIGHER, LOWER, NEITHER)),
        _column("reporting_unit", "数据报送单位", width=16),
        _column("responsible", "责任单位", _LONG, 24),
        _choice("frequency", "更新频次", list(Frequency), 9),
        _column("lag_days", "发布时滞", _NUM, 9, low=0, high=720, advice="填写天数，如 20"),
        _choice("curve", "进度曲线", list(Curve)),
        _column("starts", "起算日期", _DATE),
        _column("baseline", "基期值", _NUM),
        _column("baseline_on", "基期日期", _DATE),
        _PENDING,
        _QUOTATION,
    ),
)
TARGETS = Sheet(
    "targets",
    "年度计划",
    (
        _column("indicator", "指标编号", width=10),
        _column("period", "目标期", Kind.PERIOD, 10, advice="填写年、季或月，如 2026、2026-Q2、2026-11"),
        _choice("wording", "用语", list(_WORDING)),
        _column("value", "目标值", _NUM),
        _column("text", "目标文字", _LONG, 30),
        _choice("origin", "性质", list(Origin), 8),
        _column("basis", "批准依据", width=22),
        _PENDING,
        _QUOTATION,
    ),
)
TASKS = Sheet(
    "tasks",
    "重点任务",
    (
        _column("code", "任务编号", width=10),
        _column("task_force", "专班编号", width=9),
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
    ),
)
MILESTONES = Sheet(
    "milestones",
    "节点",
    (
        _column("task", "任务编号", width=10),
        _column("number", "序号", _NUM, 7, low=1),
        _column("name", "节点", _LONG, 40),
        _column("due_on", "节点时限", _DATE),
        _choice("origin", "性质", list(Origin), 8),
        _QUOTATION,
    ),
)
PLAN_SHEETS = (PROGRAMME, TASK_FORCES, UNITS, INDICATORS, TARGETS, TASKS, MILESTONES)
_REQUIRED = {
    "programme": ("item",),
    "task_forces": ("code", "name", "involved", "lead"),
    "units": ("name",),
    "indicators": ("code", "task_force", "name", "unit", "measure", "reporting_unit", "frequency", "curve"),
    "targets": ("indicator", "period", "wording", "origin"),
    "tasks": ("code", "task_force", "name", "lead_unit", "reporting_unit"),
    "milestones": ("task", "number", "name", "due_on", "origin"),
}
_PROGRAMME_ITEMS = {
    "code": "方案代码", "region": "地区", "name": "方案名称", "document": "文件名称", "document_no": "文号",
    "first_year": "起始年", "last_year": "终止年", "convener": "总召集人", "office": "办公室", "contact": "联系方式",
}  # fmt: skip
_CODES = {
    "task_forces": (re.compile(r"\d{2}"), "03"),
    "indicators": (re.compile(r"Z\d{2}-\d{2,3}"), "Z03-05"),
    "tasks": (re.compile(r"R\d{2}-\d{2,3}"), "R03-02"),
}


def read_plan(sheets: Mapping[str, Rows], file: str) -> tuple[Plan | None, list[Finding]]:
    """The plan of a workbook's cells, None where an error stands in its way; and what is wrong, by sheet and cell."""
    records, findings = read_records(sheets, PLAN_SHEETS, file, _REQUIRED)
    if records is None:
        return None, findings
    findings += [f for check in _CHECKS for f in check(records)]
    if has_errors(findings):
        return None, findings
    return _build(records), findings


# --- checks: each yields findings over the records of all sheets

Records = Mapping[str, Sequence[Record]]


def _well_formed_codes(records: Records) -> Iterator[Finding]:
    for sheet, (pattern, example) in _CODES.items():
        for record in records[sheet]:
            if not pattern.fullmatch(record.text("code")):
                yield finding(Code.PLAN_BAD_CODE, record.place("code"), record.text("code"), expected=example)


def _unique_codes(records: Records) -> Iterator[Finding]:
    keys: dict[str, Callable[[Record], str]] = {
        "programme": lambda r: r.text("item"),
        "task_forces": lambda r: r.text("code"),
        "units": lambda r: r.text("name"),
        "indicators": lambda r: r.text("code"),
        "tasks": lambda r: r.text("code"),
        "targets": lambda r: f"{r.text('indicator')} {r.text('period')}",
        "milestones": lambda r: f"{r.text('task')} 节点{r.number('number'):g}",
    }
    for sheet, key in keys.items():
        seen: dict[str, int] = {}
        for record in records[sheet]:
            first = seen.setdefault(key(record), record.row)
            if first != record.row:
                field = next(iter(record.cells))
                yield finding(Code.PLAN_DUPLICATE, record.place(field), key(record), expected=first)


def _known_references(records: Records) -> Iterator[Finding]:
    names = {n for r in records["units"] for n in (r.text("name"), _plain(r.text("name")))}
    codes = {s: {r.text("code") for r in records[s]} for s in ("task_forces", "indicators", "tasks")}

    def unknown(sheet: str, field: str, known: set[str], table: str, *, many: bool = False) -> Iterator[Finding]:
        for record in records[sheet]:
            text = record.text(field)
            for name in _split(text) if many else (text,):
                if name and name not in known and _plain(name) not in known:
                    yield finding(Code.PLAN_UNKNOWN, record.place(field), name, expected=table)

    yield from unknown("task_forces", "lead", names, UNITS.name)
    yield from unknown("task_forces", "responsible", names, UNITS.name, many=True)
    yield from unknown("units", "successor", names, UNITS.name)
    for sheet in ("indicators", "tasks"):
        yield from unknown(sheet, "task_force", codes["task_forces"], TASK_FORCES.name)
        yield from unknown(sheet, "reporting_unit", names, UNITS.name)
        yield from unknown(sheet, "responsible", names, UNITS.name, many=True)
    yield from unknown("tasks", "lead_unit", names, UNITS.name)
    yield from unknown("targets", "indicator", codes["indicators"], INDICATORS.name)
    yield from unknown("milestones", "task", codes["tasks"], TASKS.name)


def _programme_complete(records: Records) -> Iterator[Finding]:
    given = {r.text("item"): r for r in records["programme"]}
    for field in ("code", "region", "name", "first_year", "last_year"):
        item = _PROGRAMME_ITEMS[field]
        record = given.get(item)
        if record is None or not record.text("content"):
            place = record.place("content") if record else Place(records["programme"][0].file, PROGRAMME.name)
            yield finding(Code.PLAN_REQUIRED, place, expected=item, advice="见初始工作簿")
        elif field.endswith("_year") and not re.fullmatch(r"20\d\d", record.text("content")):
            yield finding(Code.NOT_NUMBER, record.place("content"), record.text("content"), advice="填写四位年份")


def _targets_fit(records: Records) -> Iterator[Finding]:
    by_indicator: dict[str, list[Record]] = {}
    for record in records["targets"]:
        by_indicator.setdefault(record.text("indicator"), []).append(record)
    for indicator in records["indicators"]:
        targets = by_indicator.get(indicator.text("code"), [])
        if not targets:
            place = indicator.place("code")
            yield finding(Code.PLAN_TARGET_MISSING, place, indicator.text("code"))
        yield from _targets_of_kind(indicator, targets)
        yield from _targets_forward(indicator, targets)


def _targets_of_kind(indicator: Record, targets: Sequence[Record]) -> Iterator[Finding]:
    in_words = indicator.text("measure") == Measure.QUALITATIVE
    field, header = ("text", "目标文字") if in_words else ("value", "目标值")
    for record in targets:
        if record.cells[field] is None:
            expected = f"类型为“{indicator.text('measure')}”的指标请填写“{header}”"
            yield finding(Code.PLAN_TARGET_KIND, record.place(field), indicator.text("code"), expected=expected)


_GROWING = (Measure.CUMULATIVE, Measure.STOCK, Measure.RATIO)


def _targets_forward(indicator: Record, targets: Sequence[Record]) -> Iterator[Finding]:
    if indicator.text("measure") not in _GROWING or indicator.text("direction") == NEITHER:
        return
    sign = -1 if indicator.text("direction") == LOWER else 1
    valued = [t for t in targets if t.cells["value"] is not None]
    ordered = sorted(valued, key=lambda t: parse_period(t.text("period")))
    for earlier, later in zip(ordered, ordered[1:], strict=False):
        if sign * later.number("value") < sign * earlier.number("value"):
            expected = f"{earlier.text('period')}年目标{earlier.number('value'):g}"
            place, target = later.place("value"), f"{later.number('value'):g}"
            yield finding(Code.PLAN_TARGET_BACKWARD, place, indicator.text("code"), target=target, expected=expected)


def _milestones_in_order(records: Records) -> Iterator[Finding]:
    by_task: dict[str, list[Record]] = {}
    for record in records["milestones"]:
        by_task.setdefault(record.text("task"), []).append(record)
    for milestones in by_task.values():
        ordered = sorted(milestones, key=lambda m: m.number("number"))
        for earlier, later in zip(ordered, ordered[1:], strict=False):
            if (later.day("due_on") or date.max) < (earlier.day("due_on") or date.min):
                place = later.place("due_on")
                yield finding(Code.PLAN_DATE_ORDER, place, later.text("name"), expected=earlier.text("name"))


_CHECKS = (
    _programme_complete,
    _well_formed_codes,
    _unique_codes,
    _known_references,
    _targets_fit,
    _milestones_in_order,
)


# --- from checked records to objects


def _build(records: Records) -> Plan:
    targets: dict[str, list[Target]] = {}
    for r in records["targets"]:
        targets.setdefault(r.text("indicator"), []).append(_target(r))
    milestones: dict[str, list[Milestone]] = {}
    for r in records["milestones"]:
        milestones.setdefault(r.text("task"), []).append(_milestone(r))
    return Plan(
        _programme(records["programme"]),
        tuple(_task_force(r) for r in records["task_forces"]),
        tuple(_unit(r) for r in records["units"]),
        tuple(_indicator(r, targets[r.text("code")]) for r in records["indicators"]),
        tuple(_task(r, milestones.get(r.text("code"), [])) for r in records["tasks"]),
    )


def _programme(records: Sequence[Record]) -> Programme:
    given = {r.text("item"): r.text("content") for r in records}
    facts = {field: given.get(item, "") for field, item in _PROGRAMME_ITEMS.items()}
    years = {f: int(facts.pop(f)) for f in ("first_year", "last_year")}
    return Programme(**facts, **years)  # type: ignore[arg-type]  # str and int are told apart by field above


def _task_force(r: Record) -> TaskForce:
    return TaskForce(
        r.text("code"), r.text("name"), r.text("involved") == INVOLVED, _split(r.text("conveners")), r.text("lead"),
        _split(r.text("responsible")), r.text("responsible_note"), r.text("aim"),
    )  # fmt: skip


def _unit(r: Record) -> Unit:
    return Unit(
        r.text("name"), r.text("current_name"), r.text("short"), r.day("starts"), r.day("ends"), r.text("successor")
    )


def _target(r: Record) -> Target:
    return Target(
        parse_period(r.text("period")), r.text("wording"), r.optional("value"), r.text("text"),
        Origin(r.text("origin")), r.text("basis"), r.text("pending"), r.text("quotation"),
    )  # fmt: skip


def _indicator(r: Record, targets: Sequence[Target]) -> Indicator:
    return Indicator(
        r.text("code"), r.text("task_force"), r.text("name"), r.text("area"), r.text("unit"), r.text("basis"),
        Measure(r.text("measure")), r.text("direction") or HIGHER, r.text("reporting_unit"),
        _split(r.text("responsible")), Frequency(r.text("frequency")), int(r.optional("lag_days") or 0),
        Curve(r.text("curve")), r.day("starts"), r.optional("baseline"), r.day("baseline_on"), r.text("pending"),
        r.text("quotation"), tuple(sorted(targets, key=lambda t: t.period)),
    )  # fmt: skip


def _milestone(r: Record) -> Milestone:
    due = r.day("due_on")
    if due is None:
        raise ValueError(f"milestone without a date passed the checks: {r}")
    return Milestone(int(r.number("number")), r.text("name"), due, Origin(r.text("origin")))


def _task(r: Record, milestones: Sequence[Milestone]) -> Task:
    return Task(
        r.text("code"), r.text("task_force"), r.text("name"), r.text("annual_goal"), r.text("lead_unit"),
        _split(r.text("responsible")), r.text("reporting_unit"), r.text("person"), r.optional("invest_plan"),
        r.day("due_on"), r.text("pending"), r.text("quotation"),
        tuple(sorted(milestones, key=lambda m: m.number)),
    )  # fmt: skip
