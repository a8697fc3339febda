"""Settings of a workspace: thresholds, limits, the calendar of returns and the policy, read from 设置.xlsx."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import Rows, is_empty
from tenproj_xl.core.columns import Column, Fill, Kind, Sheet
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.core.findings import Finding, Place, finding, has_errors
from tenproj_xl.core.limits import Limits
from tenproj_xl.core.parse import canonical, read_cell
from tenproj_xl.core.periods import Period, parse_period
from tenproj_xl.core.policy import EVERYBODY, LEVELS, Exemption, Policy
from tenproj_xl.core.sheets import NO, YES
from tenproj_xl.model.issued import Snapshots
from tenproj_xl.model.plan import Plan
from tenproj_xl.reading.office_book import Record, read_records


class Parameter(NamedTuple):
    """One line of 参数: its default, what it must be, and why it is there."""

    field: str
    name: str
    default: str
    unit: str
    kind: Kind
    why: str
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    former: str = ""
    """The name in workbooks of 0.2.1, which is read as well."""


_WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
BY_ROW, WHOLE = "逐行收取", "整份收取"
_CYCLES = {"每周": 1, "每两周": 2}
PARAMETERS = (
    Parameter("cycle", "报送周期", "每周", "", Kind.CHOICE, "每周或每两周报送一次", tuple(_CYCLES)),
    Parameter("anchor", "首个报送期", "2026-W02", "", Kind.PERIOD, "每两周报送时，从这一期起隔周报送"),
    Parameter("weekday", "截止日", "周五", "", Kind.CHOICE, "每期在这一天截止", _WEEKDAYS),
    Parameter("hour", "截止时刻", "17:00", "", Kind.TEXT, "24小时制，如 17:00"),
    Parameter("zone", "时区", "Asia/Shanghai", "", Kind.TEXT, "截止时间按此时区计算"),
    Parameter(
        "slow",
        "略滞后界限",
        "5",
        "百分点",
        Kind.NUMBER,
        "落后序时进度在此以内为略滞后，超出为滞后",
        (),
        0,
        100,
        "略慢界限",
    ),
    Parameter(
        "slow_level",
        "存量比率略滞后界限",
        "2",
        "百分点",
        Kind.NUMBER,
        "期末存量和比率类指标的略滞后界限",
        (),
        0,
        100,
        "存量比率略慢界限",
    ),
    Parameter(
        "slow_rate",
        "增速略滞后界限",
        "1",
        "百分点",
        Kind.NUMBER,
        "增速和比较类指标低于目标的略滞后界限",
        (),
        0,
        100,
        "增速略慢界限",
    ),
    Parameter(
        "about", "左右界限", "5", "%", Kind.NUMBER, "目标为“左右”时，上下相差在此以内为达标", (), 0, 50
    ),
    Parameter(
        "soon_days",
        "临近时限天数",
        "14",
        "天",
        Kind.NUMBER,
        "距时限在此以内为临近时限",
        (),
        0,
        90,
        "临期天数",
    ),
    Parameter(
        "reply_days", "督办反馈天数", "7", "天", Kind.NUMBER, "督办单反馈时限默认在本期末之后几天", (), 1, 90
    ),
    Parameter(
        "of_indicators", "指标权重", "40", "", Kind.NUMBER, "晾晒排名中达到序时的指标所占的权重", (), 0, 100
    ),
    Parameter(
        "of_tasks", "任务权重", "30", "", Kind.NUMBER, "晾晒排名中按时推进的任务所占的权重", (), 0, 100
    ),
    Parameter(
        "of_issues", "问题权重", "15", "", Kind.NUMBER, "晾晒排名中按时解决的问题所占的权重", (), 0, 100
    ),
    Parameter("of_returns", "报送权重", "15", "", Kind.NUMBER, "晾晒排名中按时报送所占的权重", (), 0, 100),
    Parameter(
        "size_mb", "文件大小上限", "64", "MB", Kind.NUMBER, "大于此的不读取；正常填报表不到0.1MB", (), 1, 1024
    ),
    Parameter(
        "inflated_mb",
        "解压大小上限",
        "256",
        "MB",
        Kind.NUMBER,
        "解压后大于此的来件不读取，以防压缩炸弹",
        (),
        16,
        4096,
    ),
    Parameter(
        "cells", "单元格数上限", "2000000", "个", Kind.NUMBER, "从A1到最远一格大于此的不读取", (), 1e4, 1e7
    ),
    Parameter("seconds", "读取时间上限", "10", "秒", Kind.NUMBER, "一个文件读取超过此时间即放弃", (), 1, 600),
    Parameter(
        "memory_mb",
        "读取内存上限",
        "1024",
        "MB",
        Kind.NUMBER,
        "读取文件的进程最多用这么多内存",
        (),
        256,
        16384,
    ),
    Parameter(
        "taking",
        "收取方式",
        BY_ROW,
        "",
        Kind.CHOICE,
        "逐行：没有错误的行先计入；整份：有一处错误，整份等更正",
        (BY_ROW, WHOLE),
    ),
    Parameter("jump", "数值突变倍数", "10", "倍", Kind.NUMBER, "与上次相差达到此倍数时提请核对", (), 2, 1000),
)

PARAMETER_SHEET = Sheet(
    "parameters",
    "参数",
    (
        Column("name", "参数", Fill.OFFICE, width=18),
        Column("value", "取值", Fill.OFFICE, width=18),
        Column("unit", "单位", Fill.OFFICE, width=9),
        Column("why", "说明", Fill.OFFICE, Kind.LONG_TEXT, width=60),
    ),
)
CALENDAR_SHEET = Sheet(
    "calendar",
    "报送日历",
    (
        Column("period", "期", Fill.OFFICE, Kind.PERIOD, width=12, advice="填写期号，如 2026-W48"),
        Column("owed", "是否报送", Fill.OFFICE, Kind.CHOICE, width=10, choices=(YES, NO)),
        Column("deadline", "截止日期", Fill.OFFICE, Kind.DATE, width=13),
        Column("why", "说明", Fill.OFFICE, Kind.LONG_TEXT, width=50),
    ),
)
PASSWORD_SHEET = Sheet(
    "passwords",
    "打开密码",
    (
        Column("password", "密码", Fill.OFFICE, width=24),
        Column("why", "说明", Fill.OFFICE, Kind.LONG_TEXT, width=50),
    ),
)
RULE_SHEET = Sheet(
    "rules",
    "规则",
    (
        Column("rule", "规则", Fill.OFFICE, width=22, advice="填写 tenproj rules 列出的名称或代码"),
        Column("severity", "级别", Fill.OFFICE, Kind.CHOICE, width=10, choices=tuple(LEVELS)),
        Column("trial", "试行至", Fill.OFFICE, Kind.DATE, width=13),
        Column("why", "说明", Fill.OFFICE, Kind.LONG_TEXT, width=50),
    ),
)
EXEMPTION_SHEET = Sheet(
    "exemptions",
    "豁免",
    (
        Column("rule", "规则", Fill.OFFICE, width=22, advice="填写 tenproj rules 列出的名称或代码"),
        Column(
            "whose",
            "对象",
            Fill.OFFICE,
            width=22,
            advice="填写单位、专班编号或行的编号，如 Z03-05；都适用的填“全部”",
        ),
        Column("until", "截止日期", Fill.OFFICE, Kind.DATE, width=13),
        Column("why", "原因", Fill.OFFICE, Kind.LONG_TEXT, width=50),
    ),
)
SETTING_SHEETS = (PARAMETER_SHEET, CALENDAR_SHEET, RULE_SHEET, EXEMPTION_SHEET, PASSWORD_SHEET)

EXAMPLES: Mapping[str, Sequence[Sequence[str | None]]] = {
    CALENDAR_SHEET.code: (("2026-W40", NO, None, "国庆长假"), ("2026-W41", YES, "2026-10-12", "国庆后顺延")),
    RULE_SHEET.code: (
        ("累计数下降", "错误", None, "核减须先报告"),
        ("日期先后", None, "2026-12-31", "试行到年底"),
    ),
    EXEMPTION_SHEET.code: (("应报未报", "03", "2026-12-31", "月报改为年报"),),
}
"""Lines as they may be written into the sheets that begin empty."""


def examples_told(sheet: Sheet) -> list[str]:
    """How each example of a sheet is filled in: `期填“2026-W40”，是否报送填“否”`."""
    lines = (
        [(c, cell) for c, cell in zip(sheet.columns, row, strict=True) if cell]
        for row in EXAMPLES.get(sheet.code, ())
    )
    return ["例：" + "，".join(f"{c.header}填“{cell}”" for c, cell in line) for line in lines]


def default_rows() -> dict[str, Rows]:
    """The tables of a fresh 设置.xlsx, under their headers."""
    tables: dict[str, Rows] = {sheet.name: [[c.header for c in sheet.columns]] for sheet in SETTING_SHEETS}
    parameters = [[p.name, p.default, p.unit, p.why] for p in PARAMETERS]
    return {**tables, PARAMETER_SHEET.name: [*tables[PARAMETER_SHEET.name], *parameters]}


@dataclass(frozen=True)
class CalendarLine:
    """A period that departs from the rule: not owed, or due on another day."""

    period: Period
    owed: bool
    deadline: datetime | None


class Weights(NamedTuple):
    """What the parts of the league table weigh; they need not add up to 100."""

    indicators: float
    tasks: float
    issues: float
    returns: float


@dataclass(frozen=True)
class Settings:
    """All settings; shares are fractions (0.05 for five percentage points), `slow_rate` is in points of the value."""

    cycle_weeks: int
    anchor: Period
    weekday: int
    hour: time
    zone: ZoneInfo
    slow: float
    slow_level: float
    slow_rate: float
    about: float
    soon_days: int
    reply_days: int
    weights: Weights
    jump: float
    limits: Limits
    passwords: tuple[str, ...]
    calendar: tuple[CalendarLine, ...]
    whole_files: bool
    policy: Policy

    def period(self, code: str) -> Period:
        """The reporting period of a code, as long as the cycle is.

        Raises:
            UsageProblem: no such week, or one that no return is due for.
        """
        try:
            week = parse_period(code)
        except ValueError as fault:
            raise UsageProblem(f"{fault}。") from fault
        if not week.is_week:
            raise UsageProblem(f"“{code}”不是报送期，应如 2026-W48。")
        line = next((c for c in self.calendar if c.period == week), None)
        regular = (week.first - self.anchor.first).days // 7 % self.cycle_weeks == 0
        if not (line.owed if line else regular):
            raise UsageProblem(f"{week.label}不是报送期，请核对“设置.xlsx”的报送周期和报送日历。")
        return self.span(week.code)

    def span(self, code: str) -> Period:
        """The reporting period of a week's code that forms went out for, whatever the calendar says by now."""
        week = parse_period(code)
        return Period(week.code, week.last - timedelta(days=7 * self.cycle_weeks - 1), week.last)

    def deadline(self, period: Period) -> datetime:
        """When returns of a period are due."""
        line = next((c for c in self.calendar if c.period.code == period.code), None)
        if line and line.deadline:
            return line.deadline
        monday = period.last - timedelta(days=6)
        return datetime.combine(monday + timedelta(days=self.weekday), self.hour, self.zone)

    def days_late(self, period: Period, received_at: datetime) -> int:
        """By how many days a return missed the deadline of its period: 0 if it did not, at least 1 if it did."""
        deadline = self.deadline(period)
        if received_at <= deadline:
            return 0
        return max((received_at.astimezone(self.zone).date() - deadline.astimezone(self.zone).date()).days, 1)


def read_settings(sheets: Mapping[str, Rows], file: str) -> tuple[Settings | None, list[Finding]]:
    """The settings of a workbook's cells, None where an error stands in their way; and what is wrong, by cell."""
    required = {
        "parameters": ("name", "value"),
        "calendar": ("period", "owed"),
        "rules": ("rule",),
        "exemptions": ("rule", "whose", "until", "why"),
    }
    records, findings = read_records(sheets, SETTING_SHEETS, file, required)
    if records is None:
        return None, findings
    values, faults = _parameters(records["parameters"], file)
    findings += [*faults, *_calendar_faults(records["calendar"])]
    findings += [*_rule_faults(records["rules"]), *_rule_faults(records["exemptions"])]
    if has_errors(findings):
        return None, findings
    passwords = tuple(r.text("password") for r in records["passwords"] if r.text("password"))
    policy = _policy(records["rules"], records["exemptions"])
    return _build(values, records["calendar"], passwords, policy), findings


def _parameters(records: Sequence[Record], file: str) -> tuple[dict[str, str | float], list[Finding]]:
    declared = {p.name: p for p in PARAMETERS}
    renamed = {p.former: p.name for p in PARAMETERS if p.former}
    values: dict[str, str | float] = {}
    findings = []
    for record in records:
        name = record.text("name")
        parameter = declared.pop(renamed.get(name, name), None)
        if parameter is None:
            findings.append(finding(Code.SETTING_UNKNOWN, record.place("name"), name))
            continue
        column = Column("value", parameter.name, Fill.OFFICE, parameter.kind, choices=parameter.choices)
        if record.cells["value"] is None:
            continue  # said already
        meaning = read_cell(record.table_row.cells["value"], column, year=2000)
        place = record.place("value")
        if meaning.code or meaning.value is None or not _fits(meaning.value, parameter):
            expected, advice = parameter.name, _wanted(parameter)
            findings.append(
                finding(Code.SETTING_VALUE, place, record.text("value"), expected=expected, advice=advice)
            )
        else:
            values[parameter.field] = (
                meaning.value if isinstance(meaning.value, float) else str(meaning.value)
            )
    place = Place(file, PARAMETER_SHEET.name)
    lost = (
        finding(Code.SETTING_MISSING, place, expected=p.name, default=p.default) for p in declared.values()
    )
    return values, [*findings, *lost]


def _fits(value: object, parameter: Parameter) -> bool:
    if parameter.low is not None and parameter.high is not None:
        return isinstance(value, float) and parameter.low <= value <= parameter.high
    try:
        if parameter.field == "hour":
            time.fromisoformat(str(value))
        elif parameter.field == "zone":
            ZoneInfo(str(value))
        elif parameter.kind is Kind.PERIOD:
            return parse_period(str(value)).is_week
    except (ValueError, KeyError, OSError):  # OSError: a folder of the time zones
        return False
    return True


def _wanted(parameter: Parameter) -> str:
    if parameter.low is not None and parameter.high is not None:
        return f"{parameter.low:g}到{parameter.high:g}之间的数"
    return "、".join(parameter.choices) or f"如 {parameter.default} 的写法"


def _calendar_faults(records: Sequence[Record]) -> Iterator[Finding]:
    """A period that is no week or stands twice, a deadline that is not near its week."""
    seen: dict[str, int] = {}
    for record in records:
        code, deadline = record.text("period"), record.day("deadline")
        if not code:
            continue
        period = parse_period(code)
        if not period.is_week:
            place, advice = record.place("period"), "如 2026-W48 的期号"
            yield finding(Code.SETTING_VALUE, place, code, expected="期", advice=advice)
        elif seen.setdefault(code, record.row) != record.row:
            yield finding(Code.SETTING_TWICE, record.place("period"), code, expected=seen[code])
        elif deadline and not -7 <= (deadline - period.first).days <= 21:
            place, advice = record.place("deadline"), f"{period.label}前后的日期"
            yield finding(Code.SETTING_VALUE, place, deadline, expected="截止日期", advice=advice)


# --- the policy

_RULES = {name: code for code in Code if code.is_of_senders for name in (code.rule.code, code.rule.title)}


def _rule_faults(records: Sequence[Record]) -> Iterator[Finding]:
    """A rule that there is not or that is fixed, one that stands twice, a line that changes nothing."""
    seen: dict[tuple[Code, str], int] = {}
    for record in (r for r in records if r.text("rule")):
        place, name = record.place("rule"), record.text("rule")
        code = _RULES.get(name)
        if code is None:
            yield finding(
                Code.SETTING_VALUE, place, name, expected="规则", advice="tenproj rules 列出的名称或代码"
            )
        elif code.rule.is_fixed:
            yield finding(Code.SETTING_FIXED, place, name)
        elif seen.setdefault((code, record.text("whose")), record.row) != record.row:
            first = seen[code, record.text("whose")]
            yield finding(Code.SETTING_TWICE, place, f"“{name}”", expected=first)
        elif record.sheet is RULE_SHEET and all(
            is_empty(record.table_row.cells[f]) for f in ("severity", "trial")
        ):
            header, advice = RULE_SHEET.column("severity").header, "错误、提示、疑问，或填写试行至哪一天"
            yield finding(Code.PLAN_REQUIRED, record.place("severity"), expected=header, advice=advice)


def _policy(rules: Sequence[Record], exemptions: Sequence[Record]) -> Policy:
    def code(record: Record) -> Code:
        return _RULES[record.text("rule")]

    return Policy(
        {code(r): LEVELS[r.text("severity")] for r in rules if r.text("severity")},
        {code(r): day for r in rules if (day := r.day("trial"))},
        tuple(
            Exemption(code(r), r.text("whose"), day, r.text("why"))
            for r in exemptions
            if (day := r.day("until"))
        ),
    )


def unknown_subjects(sheets: Mapping[str, Rows], file: str, names: Collection[str]) -> list[Finding]:
    """What is wrong with whom exemptions are for: nobody of these names, which a plan has, and not everybody."""
    known = {EVERYBODY, *names}
    records, _ = read_records(sheets, (EXEMPTION_SHEET,), file, {})
    return [
        finding(
            Code.SETTING_VALUE,
            r.place("whose"),
            r.text("whose"),
            expected="对象",
            advice="工作计划中的单位、专班编号或行的编号，或“全部”",
        )
        for r in (records or {}).get(EXEMPTION_SHEET.code, ())
        if r.text("whose") and canonical(r.text("whose")) not in known
    ]


def _build(
    values: Mapping[str, str | float], calendar: Sequence[Record], passwords: tuple[str, ...], policy: Policy
) -> Settings:
    def number(field: str) -> float:
        return float(values[field])

    zone, hour = ZoneInfo(str(values["zone"])), time.fromisoformat(str(values["hour"]))
    lines = [
        CalendarLine(
            parse_period(r.text("period")),
            r.text("owed") == YES,
            datetime.combine(day, hour, zone) if (day := r.day("deadline")) else None,
        )
        for r in calendar
    ]
    return Settings(
        cycle_weeks=_CYCLES[str(values["cycle"])],
        anchor=parse_period(str(values["anchor"])),
        weekday=_WEEKDAYS.index(str(values["weekday"])),
        hour=hour,
        zone=zone,
        slow=number("slow") / 100,
        slow_level=number("slow_level") / 100,
        slow_rate=number("slow_rate"),
        about=number("about") / 100,
        soon_days=int(number("soon_days")),
        reply_days=int(number("reply_days")),
        weights=Weights(
            number("of_indicators"), number("of_tasks"), number("of_issues"), number("of_returns")
        ),
        jump=number("jump"),
        limits=Limits(
            size=int(number("size_mb")) << 20,
            inflated=int(number("inflated_mb")) << 20,
            cells=int(number("cells")),
            seconds=number("seconds"),
            memory=int(number("memory_mb")) << 20,
        ),
        passwords=passwords,
        calendar=tuple(lines),
        whole_files=values["taking"] == WHOLE,
        policy=policy,
    )


def default_settings() -> Settings:
    """The settings of a fresh workspace."""
    settings, findings = read_settings(default_rows(), "设置.xlsx")
    if settings is None:
        raise ValueError(f"the default settings are at fault: {findings}")
    return settings


@dataclass(frozen=True)
class Loaded:
    """A workspace's plan and settings, and the snapshots to keep of them."""

    plan: Plan
    settings: Settings
    snapshots: Snapshots
