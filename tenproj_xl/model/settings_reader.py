"""Read the cells of 设置.xlsx into `Settings`, or into findings."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from tenproj_xl.core.answers import YesNo
from tenproj_xl.core.catalogue import Code, Severity
from tenproj_xl.core.cells import Rows, is_empty
from tenproj_xl.core.columns import Kind
from tenproj_xl.core.findings import Finding, Place, finding, has_errors
from tenproj_xl.core.limits import Limits
from tenproj_xl.core.lists import split_units
from tenproj_xl.core.policy import EVERYBODY, LEVELS, Exemption, Policy
from tenproj_xl.core.texts import canonical
from tenproj_xl.model.calendar import Calendar
from tenproj_xl.model.calendar_reader import calendar_faults, read_calendar
from tenproj_xl.model.data_releases import DataReleases
from tenproj_xl.model.folders import FolderLine, Taking
from tenproj_xl.model.mail_reader import read_mail_settings
from tenproj_xl.model.mail_schema import MAIL_SHEET
from tenproj_xl.model.mail_settings import NO_MAIL
from tenproj_xl.model.parameters import Parameter, advice_on, parameter_value, time_of_day
from tenproj_xl.model.ranking_reader import ranking_faults, read_rankings
from tenproj_xl.model.rankings import Rankings
from tenproj_xl.model.release_reader import read_releases, release_faults
from tenproj_xl.model.settings import BriefReaders, Settings, Weights
from tenproj_xl.model.settings_schema import (
    DAYS_OFF_SHEET,
    EXEMPTION_SHEET,
    EXTENSION_SHEET,
    FOLDER_SHEET,
    LEAD_FIRST,
    NOBODY,
    PARAMETER_SHEET,
    PARAMETERS,
    RANKING_SHEET,
    RELEASE_SHEET,
    RULE_SHEET,
    SETTING_SHEETS,
    WHOLE,
    default_rows,
)
from tenproj_xl.reading.records import Record, read_records

_MEBIBYTE = 1 << 20


def read_settings(sheets: Mapping[str, Rows], file: str) -> tuple[Settings | None, list[Finding]]:
    """Return the settings of a workbook's cells, or None where they have errors; and all findings."""
    required = {
        "parameters": ("name", "value"),
        "folders": ("folder", "taking"),
        "calendar": ("period", "owed"),
        "days_off": ("date", "kind"),
        "extensions": ("whose", "period", "until", "why"),
        "releases": ("whose", "period", "on"),
        "rankings": ("whose", "period", "why"),
        "rules": ("rule",),
        "exemptions": ("rule", "whose", "until", "why"),
    }
    records, findings = read_records(sheets, SETTING_SHEETS, file, required)
    if records is None:
        return None, findings
    values, faults = _parameters(records["parameters"], file)
    findings += [*faults, *calendar_faults(values, records)]
    findings += release_faults(records[RELEASE_SHEET.code])
    findings += ranking_faults(records[RANKING_SHEET.code])
    findings += [*_rule_faults(records["rules"]), *_rule_faults(records["exemptions"])]
    mail, faults = read_mail_settings(records[MAIL_SHEET.code], file)
    findings += faults
    if has_errors(findings):
        return None, findings
    policy = _policy(records["rules"], records["exemptions"])
    has_days_off = DAYS_OFF_SHEET.name in sheets
    calendar = read_calendar(values, records, time_of_day(str(values["hour"])), has_days_off=has_days_off)
    releases = read_releases(records[RELEASE_SHEET.code])
    rankings = read_rankings(records[RANKING_SHEET.code])
    settings = _build(values, calendar, releases, rankings, policy)
    return replace(settings, mail=mail, folders=_folders(records[FOLDER_SHEET.code])), findings


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
        value = parameter_value(record, parameter)
        if value is None:
            typed, place = record.text("value"), record.place("value")
            expected, advice = parameter.name, advice_on(parameter)
            findings.append(finding(Code.SETTING_VALUE, place, typed, expected=expected, advice=advice))
        else:
            values[parameter.field] = value
    for parameter in missing:
        if parameter.may_lack:
            values[parameter.field] = _default(parameter)
            continue
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


def _default(parameter: Parameter) -> str | float:
    if parameter.kind is Kind.NUMBER:
        return float(parameter.default)
    return parameter.default


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


def unknown_subjects(
    sheets: Mapping[str, Rows], file: str, names: Collection[str], reported: Collection[str] = ()
) -> list[Finding]:
    """Report lines whose subject is neither everybody nor in the plan.

    Args:
        sheets: The tables of 设置.xlsx.
        file: Its name.
        names: Whom exemptions and extensions may be for, in canonical spelling.
        reported: Whose days of publication may be entered: indicators, and the units that report them.
    """
    records, _ = read_records(sheets, (EXEMPTION_SHEET, EXTENSION_SHEET, RELEASE_SHEET), file, {})
    if records is None:
        return []
    findings: list[Finding] = []
    for record in [*records[EXEMPTION_SHEET.code], *records[EXTENSION_SHEET.code]]:
        findings += _unknown_in(record, names, "工作计划中的单位、专班编号或行的编号，或“全部”")
    for record in records[RELEASE_SHEET.code]:
        findings += _unknown_in(record, reported, "工作计划中的指标编号或数据报送单位，或“全部”")
    return findings


def _unknown_in(record: Record, names: Collection[str], advice: str) -> Iterator[Finding]:
    """Yield a finding for each subject of a line that is unknown."""
    known = {EVERYBODY, *names}
    whose, place = record.text("whose"), record.place("whose")
    if canonical(whose) in known:
        return
    header = record.sheet.column("whose").header
    for subject in split_units(whose):
        if canonical(subject) not in known:
            yield finding(Code.SETTING_VALUE, place, subject, expected=header, advice=advice)


# --- all together


def _folders(records: Sequence[Record]) -> tuple[FolderLine, ...]:
    """Return the lines of the sheet."""
    lines = []
    for record in records:
        taking = Taking.of(record.cells.get("taking")) or Taking.stored(record.text("taking"))
        lines.append(
            FolderLine(
                text=record.text("folder"),
                taking=taking,
                channel=record.text("channel"),
                place=record.place("folder"),
            )
        )
    return tuple(lines)


def _build(
    values: Mapping[str, str | float],
    calendar: Calendar,
    releases: DataReleases,
    rankings: Rankings,
    policy: Policy,
) -> Settings:
    def number(field: str) -> float:
        return float(values[field])

    shared_group = str(values["shared_group"])
    if shared_group == NOBODY:
        shared_group = ""
    return Settings(
        calendar=calendar,
        channel=str(values["channel"]),
        slow=number("slow") / 100,
        slow_level=number("slow_level") / 100,
        slow_rate=number("slow_rate"),
        about=number("about") / 100,
        soon_days=int(number("soon_days")),
        reply_days=int(number("reply_days")),
        historic_days=int(number("historic_days")),
        weights=Weights(
            indicators=number("of_indicators"),
            tasks=number("of_tasks"),
            issues=number("of_issues"),
            returns=number("of_returns"),
        ),
        least_evaluable=int(number("least_evaluable")),
        objection_days=int(number("objection_days")),
        jump=number("jump"),
        questions=int(number("questions")),
        letter_figures=values["letter_figures"] == YesNo.YES.label,
        limits=Limits(
            size=int(number("size_mb")) * _MEBIBYTE,
            inflated=int(number("inflated_mb")) * _MEBIBYTE,
            cells=int(number("cells")),
            seconds=number("seconds"),
            memory=int(number("memory_mb")) * _MEBIBYTE,
        ),
        whole_files=values["taking"] == WHOLE,
        lead_first=values["lead_check"] == LEAD_FIRST,
        shared_group=shared_group,
        policy=policy,
        releases=releases,
        rankings=rankings,
        folders=(),
        brief_readers=BriefReaders(
            report=str(values["brief_report"]),
            send=str(values["brief_send"]),
            issue=str(values["brief_issue"]),
        ),
        mail=NO_MAIL,
    )
