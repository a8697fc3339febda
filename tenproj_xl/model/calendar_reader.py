"""The calendar of returns as 设置.xlsx has it: parameters, 报送日历, 放假调休 and 延期报送."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from tenproj_xl.core.answers import YesNo
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.findings import Finding, Place, finding
from tenproj_xl.core.lists import split_units
from tenproj_xl.core.periods import Period, parse_period
from tenproj_xl.core.rhythms import Rhythm, period_in
from tenproj_xl.core.texts import canonical
from tenproj_xl.model.calendar import Calendar, CalendarLine, DaysOff, ReturnExtension
from tenproj_xl.model.settings_schema import (
    AFTER_DAYS_OFF,
    CALENDAR_SHEET,
    DAYS_OFF_SHEET,
    EXTENSION_SHEET,
    WEEKDAYS,
    DayKind,
)
from tenproj_xl.reading.records import Record

Records = Mapping[str, Sequence[Record]]
"""The lines of the sheets of 设置.xlsx, by the codes of the sheets."""
Values = Mapping[str, str | float]
"""The values of 参数, by field."""


def calendar_faults(values: Values, records: Records) -> Iterator[Finding]:
    """Report a period of no rhythm, what stands twice, and a deadline far from its period.

    Earlier weeks stay in the calendar where returns are now asked for in another rhythm.
    """
    rhythm, first_rows = _rhythm(values), dict[str, int]()
    for record in records[CALENDAR_SHEET.code]:
        code, deadline = record.text("period"), record.day("deadline")
        if not code:
            continue
        period = parse_period(code)
        if not period.is_week and not _is_in(rhythm, period):
            place, advice = record.place("period"), f"如 {rhythm.example} 的期号"
            yield finding(Code.SETTING_VALUE, place, code, expected="期", advice=advice)
        elif first_rows.setdefault(code, record.row) != record.row:
            yield finding(Code.SETTING_TWICE, record.place("period"), code, expected=first_rows[code])
        elif deadline and not _is_near(deadline, period):
            place, advice = record.place("deadline"), f"{period.label}前后的日期"
            yield finding(Code.SETTING_VALUE, place, deadline, expected="截止日期", advice=advice)
    days: dict[date, int] = {}
    for record in records[DAYS_OFF_SHEET.code]:
        day = record.day("date")
        if day and days.setdefault(day, record.row) != record.row:
            yield finding(Code.SETTING_TWICE, record.place("date"), str(day), expected=days[day])


def _rhythm(values: Values) -> Rhythm:
    """Return the rhythm among the values of parameters; where it is at fault, the default one."""
    return Rhythm.stored(str(values.get("cycle", Rhythm.WEEK)))


def _is_in(rhythm: Rhythm, period: Period) -> bool:
    """Return whether a period that is no week is one of a rhythm."""
    return not rhythm.is_weekly and period_in(rhythm, period.last, period).code == period.code


def _is_near(deadline: date, period: Period) -> bool:
    days_before, days_after = (period.first - deadline).days, (deadline - period.last).days
    return days_before <= 7 and days_after <= max(15, (period.last - period.first).days)


def read_calendar(values: Values, records: Records, time_of_day: time, *, has_days_off: bool) -> Calendar:
    """Return the calendar of parameters and lines without faults.

    Args:
        values: The values of 参数.
        records: The lines of the sheets.
        time_of_day: 截止时刻.
        has_days_off: Whether the workbook has the sheet 放假调休; an earlier one has not.
    """
    zone = ZoneInfo(str(values["zone"]))
    days_off = None
    if has_days_off:
        days_off = _days_off(records[DAYS_OFF_SHEET.code])

    def due_on(day: date | None) -> datetime | None:
        return datetime.combine(day, time_of_day, zone) if day else None

    lines = []
    for record in records[CALENDAR_SHEET.code]:
        period, owed = parse_period(record.text("period")), record.text("owed") == YesNo.YES
        lines.append(CalendarLine(period, owed, due_on(record.day("deadline"))))
    extensions = []
    for record in records[EXTENSION_SHEET.code]:
        whose, until = record.text("whose"), due_on(record.day("until"))
        if until:
            names = frozenset(map(canonical, (whose, *split_units(whose))))
            extensions.append(ReturnExtension(names, record.text("period"), until, record.text("why")))
    return Calendar(
        rhythm=_rhythm(values),
        anchor=parse_period(str(values["anchor"])),
        weekday=WEEKDAYS.index(str(values["weekday"])),
        days_after=int(float(values["days_after"])),
        hour=time_of_day,
        zone=zone,
        lines=tuple(lines),
        days_off=days_off,
        moved_after=values["moved"] == AFTER_DAYS_OFF,
        extensions=tuple(extensions),
    )


def deadline_findings(calendar: Calendar, period: Period, file: str) -> Iterator[Finding]:
    """Report a deadline in a year of which 放假调休 has nothing, and one that is before its period begins.

    An earlier workbook has no such sheet, and nothing is said of it.
    """
    deadline = calendar.deadline(period)
    if calendar.days_off is not None and not calendar.days_off.knows(deadline.year):
        place = Place(file, DAYS_OFF_SHEET.name)
        yield finding(Code.DAYS_OFF_UNKNOWN, place, str(deadline.year), expected=DAYS_OFF_SHEET.name)
    if calendar.is_due_before_it_begins(period):
        yield finding(
            Code.DAYS_OFF_BEFORE_BEGIN,
            Place(file, CALENDAR_SHEET.name),
            f"{deadline.month}月{deadline.day}日",
            period=period.label,
            expected=CALENDAR_SHEET.name,
        )


def _days_off(records: Sequence[Record]) -> DaysOff:
    days: dict[str, set[date]] = {DayKind.OFF: set(), DayKind.WORKED: set()}
    for record in records:
        if day := record.day("date"):
            days[record.text("kind")].add(day)
    return DaysOff(frozenset(days[DayKind.OFF]), frozenset(days[DayKind.WORKED]))
