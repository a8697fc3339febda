"""How letters put lists, moments, counts and names."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from tenproj_xl.core.findings import quoted


def spoken_moment(moment: datetime) -> str:
    """Return a moment as a letter says it: `2026年11月27日17:00`."""
    return f"{spoken_day(moment)}{moment:%H:%M}"


def spoken_day(day: date) -> str:
    """Return a day as a letter says it: `2026年11月27日`."""
    return f"{day.year}年{day.month}月{day.day}日"


def numbered(lines: Sequence[str]) -> str:
    """Return lines with numbers before them; "" where there are none."""
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))


def counted_rows(rows: Mapping[str, int]) -> str:
    """Return how many rows of each sheet there are, those with none left out: `主要指标7行、问题2条`."""
    return "、".join(f"{name}{count}{_MEASURES.get(name, '行')}" for name, count in rows.items() if count)


_MEASURES = {"问题": "条"}


def name_to_tell(name: str, code: str, *, has_figures: bool) -> str:
    """Return a row's name in quotation marks; where no figures may be told and it has one, its code."""
    if not name:
        return ""
    if has_figures or not any(letter.isnumeric() for letter in name):
        return quoted(name)
    return code
