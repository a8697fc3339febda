"""Deadlines: days off, extensions, and how late something is."""

from dataclasses import replace
from datetime import date, datetime, time

import pytest

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import Rows
from tenproj_xl.core.periods import Frequency, parse_period
from tenproj_xl.core.rhythms import Rhythm
from tenproj_xl.core.texts import canonical
from tenproj_xl.model.calendar import Calendar, CalendarLine
from tenproj_xl.model.evaluate_indicators import due_period
from tenproj_xl.model.plan import Measure
from tenproj_xl.model.public_holidays import published_days_off
from tenproj_xl.model.settings_reader import read_settings
from tenproj_xl.model.settings_schema import default_rows
from tests.helpers import rollup_example as ex

pytestmark = pytest.mark.clock

FILE = "设置.xlsx"


def tables(**lines: list[list[object]]) -> dict[str, Rows]:
    """Return fresh settings, with the days off of 2026 and more lines in some sheets."""
    found = {name: [list(row) for row in rows] for name, rows in default_rows().items()}
    found["放假调休"] += [list(row) for row in published_days_off([2026])]
    for sheet, more in lines.items():
        found[sheet] += more
    return {name: tuple(rows) for name, rows in found.items()}


def calendar(sheets: dict[str, Rows], **parameters: object) -> Calendar:
    """Return the calendar of settings, some parameters changed."""
    rows = []
    for name, value, *rest in sheets["参数"]:
        rows.append([name, parameters.get(str(name), value), *rest])
    settings, findings = read_settings({**sheets, "参数": rows}, FILE)
    assert settings is not None, findings
    return settings.calendar


def due(of: Calendar, code: str) -> str:
    return of.deadline(of.period(code)).strftime("%m-%d %H:%M")


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


@pytest.mark.parametrize(
    ("moved", "code", "deadline"),
    [
        ("节前", "2026-W40", "09-30 17:00"),  # Friday 2 October lies in the holiday
        ("节后", "2026-W40", "10-08 17:00"),
        ("节前", "2026-W48", "11-27 17:00"),
    ],
)
def test_a_deadline_on_a_day_off_is_moved_to_a_working_day(moved: str, code: str, deadline: str) -> None:
    assert due(calendar(tables(), 截止日遇放假=moved), code) == deadline


def test_new_years_day_is_off_in_a_year_that_is_not_entered_too() -> None:
    of = calendar(tables())
    assert due(of, "2026-W53") == "12-31 17:00"  # Friday is 1 January
    assert due(of, "2027-W01") == "01-08 17:00"


def test_a_worked_saturday_is_a_working_day_and_another_is_not() -> None:
    saturdays = calendar(tables(), 截止日="周六")
    assert due(saturdays, "2026-W41") == "10-10 17:00"
    assert due(saturdays, "2026-W42") == "10-16 17:00"


def test_the_end_of_a_month_is_moved_too() -> None:
    months = calendar(tables(), 报送周期="每月", 期末后天数=0)
    assert due(months, "2026-10") == "10-30 17:00"  # the 31st is a Saturday


def test_settings_of_before_have_neither_sheet_and_move_nothing() -> None:
    sheets = tables()
    del sheets["放假调休"], sheets["延期报送"]
    settings, findings = read_settings(sheets, FILE)
    assert settings is not None
    assert findings == []
    assert due(settings.calendar, "2026-W40") == "10-02 17:00"


def test_the_published_days_are_known_until_a_year_that_is_not() -> None:
    known = list(published_days_off(range(2026, 2028)))
    assert known[0] == ("2026-01-01", "放假", "元旦")
    assert ("2026-10-10", "调休上班", "国庆节调休") in known
    assert all(day.startswith("2026") for day, *_ in known)


def test_a_day_may_stand_in_the_sheet_once() -> None:
    line: list[object] = ["2026-10-01", "放假", "国庆节"]
    _, findings = read_settings(tables(放假调休=[line]), FILE)
    assert [(f.code, f.value) for f in findings] == [(Code.SETTING_TWICE, "2026-10-01")]


EXTENDED = tables(
    延期报送=[
        ["区科技局、05", "2026-W48", "2026-12-01", "统计数据推迟发布"],
        ["区科技局", "2026-W48", "2026-12-02", "再次延期"],
        ["全部", "2026-W40", "2026-10-09", "国庆"],
    ]
)


@pytest.mark.parametrize(
    ("name", "code", "deadline"),
    [
        ("区科技局", "2026-W48", "12-02 17:00"),
        ("05", "2026-W48", "12-01 17:00"),
        ("区教育局", "2026-W48", "11-27 17:00"),
        ("全部", "2026-W40", "10-09 17:00"),
    ],
)
def test_an_extension_holds_for_those_it_names_and_for_its_period(
    name: str, code: str, deadline: str
) -> None:
    extended = calendar(EXTENDED)
    until = extended.deadline_of(extended.period(code), {canonical(name)})
    assert until.strftime("%m-%d %H:%M") == deadline


def test_who_is_late_is_counted_from_the_deadline_that_holds_for_them() -> None:
    extended = calendar(EXTENDED)
    period, moment = extended.period("2026-W48"), at("2026-12-02T20:00")
    assert extended.hour == time(17)
    assert extended.days_late(period, moment, {canonical("区科技局")}) == 1
    assert extended.days_late(period, moment, {canonical("区教育局")}) == 5


def test_a_form_asks_for_what_has_come_out_by_its_deadline_and_takes_what_comes_out_behind_it() -> None:
    of, week = calendar(tables()), parse_period("2026-W49")  # due on Friday, 4 December
    november = ex.indicator("Z01-01", Measure.ANNUAL, ex.target("2026", "以上", 60.0), lag_days=5)
    asked_until = of.asked_until(week, november)
    assert asked_until == date(2026, 12, 4)
    assert due_period(november, asked_until, 2026) == parse_period("2026-10")
    assert due_period(november, of.known_until(week), 2026) == parse_period("2026-11")
    in_time = replace(november, lag_days=4)
    assert due_period(in_time, of.asked_until(week, in_time), 2026) == parse_period("2026-11")
    weekly = replace(november, frequency=Frequency.WEEK, lag_days=0)
    assert due_period(weekly, of.asked_until(week, weekly), 2026) == week


def test_what_a_form_asked_for_stays_where_its_deadline_is_moved_afterwards() -> None:
    of, week = calendar(tables()), parse_period("2026-W49")
    november = ex.indicator("Z01-01", Measure.ANNUAL, ex.target("2026", "以上", 60.0), lag_days=5)
    moved = CalendarLine(week, owed=True, deadline=datetime(2026, 12, 7, 17, tzinfo=of.zone))
    out = replace(of, issued={week.code: of.issued_now(week)}, lines=(moved,))
    assert out.deadline(week).date() == date(2026, 12, 7)
    assert out.asked_until(week, november) == date(2026, 12, 4)


def test_forms_of_an_earlier_version_asked_for_all_that_comes_out_in_their_week() -> None:
    of, week = calendar(tables()), parse_period("2026-W49")
    november = ex.indicator("Z01-01", Measure.ANNUAL, ex.target("2026", "以上", 60.0), lag_days=5)
    sent = replace(of.issued_now(week), asked_until=None)
    assert replace(of, issued={week.code: sent}).asked_until(week, november) == date(2026, 12, 6)


@pytest.mark.parametrize(("lag_days", "asked"), [(0, "2026-11"), (5, "2026-10")])
def test_a_month_that_is_due_before_its_end_asks_for_what_is_known_by_then(lag_days: int, asked: str) -> None:
    of = replace(calendar(tables()), rhythm=Rhythm.MONTH, days_after=-3)
    of_the_month = ex.indicator("Z01-01", Measure.ANNUAL, ex.target("2026", "以上", 60.0), lag_days=lag_days)
    day = of.asked_until(parse_period("2026-11"), of_the_month)
    assert due_period(of_the_month, day, 2026) == parse_period(asked)
