"""Days that a cell can mean, and their numbers in spreadsheets."""

from datetime import date

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
DAY_ZERO = date(1899, 12, 30)
YEARS = range(2000, 2101)


def possible_day(year: int, month: int, day: int) -> date | None:
    """Return a day of our years, None where the calendar has no such day."""
    try:
        return date(year, month, day) if year in YEARS else None
    except ValueError:
        return None


def serial(day: date) -> int:
    """Return the serial number of a date in spreadsheets."""
    return (day - DAY_ZERO).days


def short_day(day: date, year: int) -> str:
    """Return a day as papers of a year tell it in narrow cells: `12-20`, of another year `2025-12-20`."""
    if day.year == year:
        return f"{day:%m-%d}"
    return f"{day:%Y-%m-%d}"
