"""Settings of a workspace, read from 设置.xlsx: thresholds, limits, calendar of returns, policy."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tenproj_xl.core.answers import YesNo
from tenproj_xl.core.catalogue import Code, Severity
from tenproj_xl.core.cells import Rows, is_empty
from tenproj_xl.core.columns import Column, Fill, Kind
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.core.findings import Finding, Place, finding, has_errors
from tenproj_xl.core.limits import Limits
from tenproj_xl.core.lists import split_units
from tenproj_xl.core.parse import read_cell
from tenproj_xl.core.periods import Period, parse_period
from tenproj_xl.core.policy import EVERYBODY, LEVELS, Exemption, Policy
from tenproj_xl.core.texts import canonical
from tenproj_xl.model.issued import Snapshots
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.settings_schema import (
    CYCLES,
    EXEMPTION_SHEET,
    PARAMETER_SHEET,
    PARAMETERS,
    RULE_SHEET,
    SETTING_SHEETS,
    WEEKDAYS,
    WHOLE,
    Parameter,
    default_rows,
)
from tenproj_xl.reading.office_book import Record, read_records

_MEBIBYTE = 1 << 20


@dataclass(frozen=True)
class CalendarLine:
    """A line of 报送日历: a period that is not owed, or is due at another time than usual."""

    period: Period
    owed: bool
    deadline: datetime | None


class Weights(NamedTuple):
    """Weights of the parts of the league table (晾晒); they need not add up to 100."""

    indicators: float
    tasks: float
    issues: float
    returns: float


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings.

    `slow`, `slow_level` and `about` are fractions (0.05 for five percentage points), `slow_rate` is in points
    of the value, `weekday` counts from 0 for Monday.
    """

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
        """Return the reporting period of a week's code, as long as the cycle is.

        Raises:
            UsageProblem: There is no such week, or no return is due for it.
        """
        try:
            week = parse_period(code)
        except ValueError as fault:
            raise UsageProblem(f"{fault}。") from fault
        if not week.is_week:
            raise UsageProblem(f"“{code}”不是报送期，应如 2026-W48。")
        weeks_since_anchor = (week.first - self.anchor.first).days // 7
        is_owed = weeks_since_anchor % self.cycle_weeks == 0
        line = self._calendar_line(week)
        if line:
            is_owed = line.owed
        if not is_owed:
            raise UsageProblem(f"{week.label}不是报送期，请核对“设置.xlsx”的报送周期和报送日历。")
        return self.span(week.code)

    def _calendar_line(self, period: Period) -> CalendarLine | None:
        for line in self.calendar:
            if line.period.code == period.code:
                return line
        return None

    def span(self, code: str) -> Period:
        """Return the reporting period of a week that forms were issued for, whatever the calendar says."""
        week = parse_period(code)
        return Period(week.code, week.last - timedelta(days=7 * self.cycle_weeks - 1), week.last)

    def deadline(self, period: Period) -> datetime:
        """Return the time by which returns of a period are due."""
        line = self._calendar_line(period)
        if line and line.deadline:
            return line.deadline
        monday = period.last - timedelta(days=6)
        return datetime.combine(monday + timedelta(days=self.weekday), self.hour, self.zone)

    def days_late(self, period: Period, received_at: datetime) -> int:
        """Return how many days after its deadline a return came: 0 if in time, else at least 1."""
        deadline = self.deadline(period)
        if received_at <= deadline:
            return 0
        due_on = deadline.astimezone(self.zone).date()
        return max((received_at.astimezone(self.zone).date() - due_on).days, 1)


@dataclass(frozen=True)
class Loaded:
    """The plan and settings of a workspace, and their snapshots for the ledger."""

    plan: Plan
    settings: Settings
    snapshots: Snapshots


def read_settings(sheets: Mapping[str, Rows], file: str) -> tuple[Settings | None, list[Finding]]:
    """Return the settings of a workbook's cells, or None where they have errors; and all findings."""
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


def default_settings() -> Settings:
    """Return the settings of a fresh workspace."""
    settings, findings = read_settings(default_rows(), "设置.xlsx")
    if settings is None:
        raise ValueError(f"the default settings are at fault: {findings}")
    return settings


# --- parameters


def _parameters(records: Sequence[Record], file: str) -> tuple[dict[str, str | float], list[Finding]]:
    """Return the values of 参数 by field, and findings about unknown, unfit and missing ones."""
    by_name = _parameters_by_name()
    values: dict[str, str | float] = {}
    findings = []
    missing = list(PARAMETERS)
    for record in records:
        name = record.text("name")
        parameter = by_name.get(name)
        if parameter not in missing:  # unknown, or on a second line
            findings.append(finding(Code.SETTING_UNKNOWN, record.place("name"), name))
            continue
        missing.remove(parameter)
        if record.cells["value"] is None:
            continue  # reported as an empty cell
        value = _value(record, parameter)
        if value is None:
            typed, place = record.text("value"), record.place("value")
            expected, advice = parameter.name, _advice(parameter)
            findings.append(finding(Code.SETTING_VALUE, place, typed, expected=expected, advice=advice))
        else:
            values[parameter.field] = value
    for parameter in missing:
        place = Place(file, PARAMETER_SHEET.name)
        expected, default = parameter.name, parameter.default
        findings.append(finding(Code.SETTING_MISSING, place, expected=expected, default=default))
    return values, findings


def _parameters_by_name() -> dict[str, Parameter]:
    """Return the parameters by their present and former names."""
    by_name = {}
    for parameter in PARAMETERS:
        by_name[parameter.name] = parameter
        if parameter.former:
            by_name[parameter.former] = parameter
    return by_name


def _value(record: Record, parameter: Parameter) -> str | float | None:
    """Read the value of a line of 参数, None where it does not fit."""
    column = Column("value", parameter.name, Fill.OFFICE, parameter.kind, choices=parameter.choices)
    meaning = read_cell(record.table_row.cells["value"], column, year=2000)
    if meaning.code or meaning.value is None or not _fits(meaning.value, parameter):
        return None
    if isinstance(meaning.value, float):
        return meaning.value
    return str(meaning.value)


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
    except (ValueError, KeyError, OSError):  # OSError: the name is a folder of time zones, such as Asia
        return False
    return True


def _advice(parameter: Parameter) -> str:
    """Say which values a parameter may have."""
    if parameter.low is not None and parameter.high is not None:
        return f"{parameter.low:g}到{parameter.high:g}之间的数"
    return "、".join(parameter.choices) or f"如 {parameter.default} 的写法"


# --- the calendar


def _calendar_faults(records: Sequence[Record]) -> Iterator[Finding]:
    """Report a period that is not a week or stands twice, and a deadline far from its week."""
    first_rows: dict[str, int] = {}
    for record in records:
        code, deadline = record.text("period"), record.day("deadline")
        if not code:
            continue
        period = parse_period(code)
        if not period.is_week:
            place, advice = record.place("period"), "如 2026-W48 的期号"
            yield finding(Code.SETTING_VALUE, place, code, expected="期", advice=advice)
        elif first_rows.setdefault(code, record.row) != record.row:
            yield finding(Code.SETTING_TWICE, record.place("period"), code, expected=first_rows[code])
        elif deadline and not -7 <= (deadline - period.first).days <= 21:
            place, advice = record.place("deadline"), f"{period.label}前后的日期"
            yield finding(Code.SETTING_VALUE, place, deadline, expected="截止日期", advice=advice)


def _calendar(records: Sequence[Record], hour: time, zone: ZoneInfo) -> tuple[CalendarLine, ...]:
    lines = []
    for record in records:
        day, deadline = record.day("deadline"), None
        if day:
            deadline = datetime.combine(day, hour, zone)
        period = parse_period(record.text("period"))
        lines.append(CalendarLine(period, record.text("owed") == YesNo.YES, deadline))
    return tuple(lines)


# --- the policy


def _rules_by_name() -> dict[str, Code]:
    """Return the codes that the office may set, by the code and the title of their rules."""
    by_name = {}
    for code in Code:
        if code.is_of_senders:
            by_name[code.rule.code] = code
            by_name[code.rule.title] = code
    return by_name


_RULES = _rules_by_name()


def _rule_faults(records: Sequence[Record]) -> Iterator[Finding]:
    """Report a rule that is unknown or fixed, one that stands twice, and a line that changes nothing."""
    first_rows: dict[tuple[Code, str], int] = {}
    for record in records:
        name, place = record.text("rule"), record.place("rule")
        if not name:
            continue
        code = _RULES.get(name)
        if code is None:
            advice = "tenproj rules 列出的名称或代码"
            yield finding(Code.SETTING_VALUE, place, name, expected="规则", advice=advice)
            continue
        subjects = split_units(record.text("whose")) or ("",)
        first = min(first_rows.setdefault((code, subject), record.row) for subject in subjects)
        if code.rule.is_fixed:
            yield finding(Code.SETTING_FIXED, place, name)
        elif first != record.row:
            yield finding(Code.SETTING_TWICE, place, f"“{name}”", expected=first)
        elif record.sheet is RULE_SHEET and _changes_nothing(record):
            place, header = record.place("severity"), RULE_SHEET.column("severity").header
            advice = "错误、提示、疑问，或填写试行至哪一天"
            yield finding(Code.PLAN_REQUIRED, place, expected=header, advice=advice)


def _changes_nothing(record: Record) -> bool:
    cells = record.table_row.cells
    return is_empty(cells["severity"]) and is_empty(cells["trial"])


def _policy(rules: Sequence[Record], exemptions: Sequence[Record]) -> Policy:
    levels: dict[Code, Severity] = {}
    trials: dict[Code, date] = {}
    for record in rules:
        code = _RULES[record.text("rule")]
        severity, trial = record.text("severity"), record.day("trial")
        if severity:
            levels[code] = LEVELS[severity]
        if trial:
            trials[code] = trial
    granted = []
    for record in exemptions:
        code, until = _RULES[record.text("rule")], record.day("until")
        if until:
            granted.append(Exemption(code, record.text("whose"), until, record.text("why")))
    return Policy(levels, trials, tuple(granted))


def unknown_subjects(sheets: Mapping[str, Rows], file: str, names: Collection[str]) -> list[Finding]:
    """Report exemptions whose subject is neither everybody nor among the names of a plan."""
    known = {EVERYBODY, *names}
    records, _ = read_records(sheets, (EXEMPTION_SHEET,), file, {})
    if records is None:
        return []
    findings = []
    for record in records[EXEMPTION_SHEET.code]:
        whose, place = record.text("whose"), record.place("whose")
        if canonical(whose) in known:
            continue
        for subject in split_units(whose):
            if canonical(subject) not in known:
                advice = "工作计划中的单位、专班编号或行的编号，或“全部”"
                findings.append(finding(Code.SETTING_VALUE, place, subject, expected="对象", advice=advice))
    return findings


# --- all together


def _build(
    values: Mapping[str, str | float], calendar: Sequence[Record], passwords: tuple[str, ...], policy: Policy
) -> Settings:
    def number(field: str) -> float:
        return float(values[field])

    zone, hour = ZoneInfo(str(values["zone"])), time.fromisoformat(str(values["hour"]))
    return Settings(
        cycle_weeks=CYCLES[str(values["cycle"])],
        anchor=parse_period(str(values["anchor"])),
        weekday=WEEKDAYS.index(str(values["weekday"])),
        hour=hour,
        zone=zone,
        slow=number("slow") / 100,
        slow_level=number("slow_level") / 100,
        slow_rate=number("slow_rate"),
        about=number("about") / 100,
        soon_days=int(number("soon_days")),
        reply_days=int(number("reply_days")),
        weights=Weights(
            indicators=number("of_indicators"),
            tasks=number("of_tasks"),
            issues=number("of_issues"),
            returns=number("of_returns"),
        ),
        jump=number("jump"),
        limits=Limits(
            size=int(number("size_mb")) * _MEBIBYTE,
            inflated=int(number("inflated_mb")) * _MEBIBYTE,
            cells=int(number("cells")),
            seconds=number("seconds"),
            memory=int(number("memory_mb")) * _MEBIBYTE,
        ),
        passwords=passwords,
        calendar=_calendar(calendar, hour, zone),
        whole_files=values["taking"] == WHOLE,
        policy=policy,
    )
