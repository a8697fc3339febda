"""Days off and days of weekends that are worked, as the State Council has published them so far."""

from collections.abc import Iterable, Iterator
from datetime import date

from chinese_calendar import Holiday, holidays, workdays

from tenproj_xl.model.settings_schema import DayKind


def published_days_off(years: Iterable[int]) -> Iterator[tuple[str, str, str]]:
    """Yield the lines of 放假调休 of some years, oldest first; none of a year that is not published yet."""
    wanted = set(years)
    lines: list[tuple[date, DayKind, str]] = []
    for day, name in holidays.items():
        lines.append((day, DayKind.OFF, Holiday(name).chinese))
    for day, name in workdays.items():
        lines.append((day, DayKind.WORKED, f"{Holiday(name).chinese}调休"))
    for day, kind, why in sorted(lines):
        if day.year in wanted:
            yield day.isoformat(), kind.label, why
