"""Dates and periods: which a cell means, whole or completed by the year of its return."""

import re
from datetime import date, timedelta

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.days import DAY_ZERO, FIRST_DAY, LAST_DAY, YEARS, possible_day, serial
from tenproj_xl.core.meaning import Meaning, settled
from tenproj_xl.core.periods import Frequency, Period, period_of, read_period, without_until
from tenproj_xl.core.texts import brief, text_of

_NEAR_YEARS = 10
_SPOKEN_YEARS = {"去年": 1, "上年": 1, "今年": 0, "本年": 0}
"""How people call a year, and how many years ago it was."""
_DATE = re.compile(
    r"(?:(?P<year>\d{4}|\d\d)[-./年])?"
    r"(?(year)|(?!\d+[-./]\d+[日号]))"  # 5-11日 is from the 5th to the 11th
    r"(?P<month>\d{1,2})[-./月](?P<day>\d{1,2})[日号]?"
    r"(?:(?:[ T]|(?<=[日号]))\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?)?(?P<by>之前|以前|前)?",
    re.ASCII,
)


def read_date(cell: object, year: int) -> Meaning:
    """Read the date a cell means; `year` completes what was written without one."""
    if (meaning := settled(cell)) is not None:
        return meaning
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if serial(FIRST_DAY) <= cell < serial(LAST_DAY) + 1:
            return Meaning(DAY_ZERO + timedelta(days=int(cell)))
        cell = text_of(cell) if cell > 10**7 else ""  # 20261105; 11.5 may have been 11.50
    if isinstance(cell, str):
        return _written_date(cell, year)
    if isinstance(cell, date) and (day := possible_day(cell.year, cell.month, cell.day)):
        return Meaning(day)
    return Meaning(None, Code.NOT_DATE)


def _written_date(cell: str, year: int) -> Meaning:
    text = re.sub(r"\s*([^\d\s])\s*", r"\1", brief(cell))
    text = re.sub(r"^(\d{4})(\d\d)(\d\d)$", r"\1-\2-\3", text, flags=re.ASCII)
    match = _DATE.fullmatch(text)
    if match is None:
        return Meaning(None, Code.NOT_DATE)
    typed_year = match["year"] or ""
    full = year
    if typed_year:
        full = int(typed_year)
    if len(typed_year) == 2:
        full += 2000
    day = possible_day(full, int(match["month"]), int(match["day"]))
    if day is None or (len(typed_year) == 2 and abs(full - year) > _NEAR_YEARS):
        return Meaning(None, Code.NOT_DATE)
    if len(typed_year) < 4:
        return Meaning(day, Code.YEAR_GUESSED, day.isoformat())
    if match["by"]:
        return Meaning(day, Code.READ_ROUGHLY, day.isoformat())
    return Meaning(day)


_MONTHS = re.compile(r"^(\d{4})[年./]0?1[-—–~至到](0?[2-9]|1[0-2])$", re.ASCII)
"""`2026年1-10`, `2026.1-10`: months from January on, without the word; the signs of a date are all alike."""


def read_period_cell(cell: object, year: int | None = None) -> Meaning:
    """Read the code of the period a cell means; `year`, where given, completes `三季度` or `10月`.

    A date is what spreadsheets make of `2026-10` and stands for its month. The number 2026.1 may be January
    or October.
    """
    if (meaning := settled(cell)) is not None:
        return meaning
    if isinstance(cell, bool) or (isinstance(cell, float) and text_of(cell).endswith(".1")):
        return Meaning(None, Code.NOT_PERIOD)
    text = "".join(brief(text_of(cell)).split())
    text = re.sub(r"第(\d{1,2})期(?:\(.*\))?$", r"第\1周", text)
    text = re.sub(r"^(\d{4})(\d\d)$", r"\1-\2", text)
    if (meaning := _with_year(text)) is not None:
        return meaning
    day = read_date(without_until(cell) if isinstance(cell, str) else cell, 0).value
    if isinstance(day, date):
        return _month_of(day)
    period = _completed(text, year) if year else None
    if period is None:
        return Meaning(None, Code.NOT_PERIOD)
    guess = Code.YEAR_GUESSED
    if text.startswith(tuple(_SPOKEN_YEARS)):
        guess = Code.READ_ROUGHLY
    return Meaning(period.code, guess, period.full_name)


def _with_year(text: str) -> Meaning | None:
    """Return what a text with a whole year means, None where it means no period."""
    spoken = _MONTHS.sub(r"\1年1-\2月", text)
    period = _sensible(spoken)
    if period is None:
        return None
    if spoken == text:
        return Meaning(period.code)
    return Meaning(period.code, Code.READ_ROUGHLY, period.label)


def _completed(text: str, year: int) -> Period | None:
    """Return the period that a text without a whole year means in a year, None where it means none."""
    for word, years_ago in _SPOKEN_YEARS.items():
        text = re.sub(f"^{word}(?=.)", f"{year - years_ago}年", text)
    if re.search(r"[月季年周QqHh]", text):
        # few years have a 53rd week: in January that is the one of the year before
        for whole in (text, f"{year}年{text}", f"20{text}", f"{year - 1}年{text}"):
            period = _sensible(whole)
            if period and abs(int(period.code[:4]) - year) <= _NEAR_YEARS:
                return period
    up_to = without_until(text)
    day = read_date(up_to, year).value if up_to != text else None
    if not isinstance(day, date):
        return None
    month = period_of(day, Frequency.MONTH)
    return month if day == month.last else None


def _sensible(text: str) -> Period | None:
    period = read_period(text)
    if period and int(period.code[:4]) in YEARS:
        return period
    return None


def _month_of(day: date) -> Meaning:
    month = period_of(day, Frequency.MONTH)
    if day in (month.first, month.last):
        return Meaning(month.code)
    return Meaning(month.code, Code.READ_ROUGHLY, month.label)


_HALF_A_YEAR = timedelta(days=184)
_QUARTER = timedelta(days=92)
_YEAR_TYPED = re.compile(r"\s*\d{2,4}\s*年|\s*\d+\s*[-./]\s*\d+\s*[-./]\s*\d|.*[去上今本]年", re.ASCII)


def with_likely_year(meaning: Meaning, cell: object, last: date, *, to_come: bool = False) -> Meaning:
    """Return a date or period that was completed by the year of its return, in the year that is likely.

    In January `12月` is last December; in November a deadline `1月20日` is next January; in the week across
    New Year, which is of the old year, `1月2日` is the day in it.

    Args:
        meaning: What was read, with YEAR_GUESSED.
        cell: What was typed; where that names a year, nothing changes.
        last: The last day of the return's period.
        to_come: Whether the day is one to come, as a deadline is; others are past, or ask for what is past.
    """
    if _YEAR_TYPED.match(brief(text_of(cell))):
        return meaning
    if isinstance(meaning.value, date):
        day = _likely_day(meaning.value, last, to_come=to_come)
        return Meaning(day, meaning.code, day.isoformat())
    period = read_period(str(meaning.value))
    if period and period.last > last:
        before = read_period(f"{int(period.code[:4]) - 1}{period.code[4:]}")
        if before and before.last >= last - _HALF_A_YEAR:
            return Meaning(before.code, meaning.code, before.full_name)
    return meaning


def _likely_day(day: date, last: date, *, to_come: bool) -> date:
    before, after = (possible_day(day.year + years, day.month, day.day) for years in (-1, 1))
    if to_come and after and day < last - _QUARTER and after <= last + 2 * _HALF_A_YEAR - _QUARTER:
        return after
    if not to_come and before and day > last and before >= last - _HALF_A_YEAR:
        return before
    if not to_come and after and after <= last:
        return after
    return day
