"""Lines of a name and a value in 设置.xlsx: how they are declared, and how their values are read."""

from dataclasses import KW_ONLY
from datetime import time
from zoneinfo import ZoneInfo

from tenproj_xl.core.columns import Column, Fill, Kind
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.parse import read_cell
from tenproj_xl.core.periods import parse_period
from tenproj_xl.core.texts import plain, text_of
from tenproj_xl.reading.records import Record


@dataclass(frozen=True)
class Parameter:
    """One line of 参数; `why` is its explanation there, `low` and `high` are inclusive bounds of a number."""

    field: str
    name: str
    default: str
    _: KW_ONLY
    why: str
    unit: str = ""
    kind: Kind = Kind.NUMBER
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    former: str = ""
    """Name in workbooks of version 0.2.1, which is read as well."""
    may_lack: bool = False
    """Workbooks of an earlier version lack it, and have the default."""


def parameter_value(record: Record, parameter: Parameter) -> str | float | None:
    """Read the value of a line of 参数, None where it does not fit."""
    cell = record.table_row.cells["value"]
    if isinstance(cell, time):  # what a spreadsheet makes of 17:30
        cell = text_of(cell)
    column = Column("value", parameter.name, Fill.OFFICE, parameter.kind, choices=parameter.choices)
    meaning = read_cell(cell, column, unit=_unit_of(parameter), year=2000)
    if meaning.code or meaning.value is None or not _fits(meaning.value, parameter):
        return None
    if isinstance(meaning.value, float):
        return meaning.value
    return str(meaning.value)


def _unit_of(parameter: Parameter) -> str:
    """Return the unit in which a number is read: 5% is 5 where points, per cent or a weight are asked for."""
    if parameter.unit in ("", "百分点"):
        return "%"
    return parameter.unit


def _fits(value: object, parameter: Parameter) -> bool:
    if parameter.low is not None and parameter.high is not None:
        return isinstance(value, float) and parameter.low <= value <= parameter.high
    try:
        if parameter.field == "hour":
            time_of_day(str(value))
        elif parameter.field == "zone":
            ZoneInfo(str(value))
        elif parameter.kind is Kind.PERIOD:
            return parse_period(str(value)).is_week
    except (ValueError, KeyError, OSError):  # OSError: the name is a folder of time zones, such as Asia
        return False
    return True


def time_of_day(text: str) -> time:
    """Return the time that 17:30, 17：30 and 17:30:00 mean.

    Raises:
        ValueError: There is no such time.
    """
    return time.fromisoformat(plain(text))


def advice_on(parameter: Parameter) -> str:
    """Say which values a parameter may have."""
    if parameter.low is not None and parameter.high is not None:
        return f"{parameter.low:g}到{parameter.high:g}之间的数"
    return "、".join(parameter.choices) or f"如 {parameter.default} 的写法"
