"""Codes of rows that stand for one data period of an indicator: `Z03-04/2025` is that of 2025 of Z03-04.

The row of an indicator's own code asks for the current figure. A row for one data period is recorded under a
code of its own, so that whoever asks what was said of the current figure never meets it; figures are gathered
from both. A blank row for a correction goes out under the code of its place, `更正1`, and comes back as the
row for the data period that was filled in.
"""

import re

from tenproj_xl.core.periods import Period, read_period

_BEFORE_PERIOD = "/"
_PERIOD = re.compile(r"(?<=\d)/\d{4}(-[QHWqhw]?\d{1,2}(-[Dd][1-3])?)?(?![\d-])")
_CORRECTION = "更正"
_PLACE = re.compile(rf"{_CORRECTION}\d+")


def row_of_period(code: str, period: Period) -> str:
    """Return the code of an indicator's row for one data period."""
    return f"{code}{_BEFORE_PERIOD}{period.code}"


def indicator_of_row(code: str) -> str:
    """Return the code of the indicator that a row is about, whichever of its rows it is."""
    return code.partition(_BEFORE_PERIOD)[0]


def period_of_row(code: str) -> Period | None:
    """Return the data period that a row stands for, None for one that stands for none."""
    _, _, period = code.partition(_BEFORE_PERIOD)
    if not period:
        return None
    return read_period(period)


def is_for_period(code: str) -> bool:
    """Return whether a row stands for one data period."""
    return _BEFORE_PERIOD in code


def named_with_period(name: str, code: str) -> str:
    """Return what a row is called: the name of its indicator, with the period that it stands for."""
    period = period_of_row(code)
    if period is None:
        return name
    return f"{name}（{period.label}）"


def without_periods(text: str) -> str:
    """Return a text in which codes of rows for one data period are those of their indicators."""
    return _PERIOD.sub("", text)


def correction_place(number: int) -> str:
    """Return the code of a blank row for a correction, counted from 1."""
    return f"{_CORRECTION}{number}"


def is_correction_place(code: object) -> bool:
    """Return whether a code is that of a blank row for a correction."""
    return isinstance(code, str) and _PLACE.fullmatch(code) is not None


def named_as_printed(name: str, code: str, printed: object) -> str:
    """Return what a row is called, with its period; `printed` is the code that stands in the form."""
    spoken = named_with_period(name, code)
    if is_correction_place(printed) and is_for_period(code):
        return f"{spoken}{_CORRECTION}"
    return spoken


def is_of_correction(name: str) -> bool:
    """Return whether a row is called one for a correction."""
    return name.endswith(f"）{_CORRECTION}")


def with_indicator(code: str, now: str) -> str:
    """Return the code of a row whose indicator goes by another code now."""
    _, mark, period = code.partition(_BEFORE_PERIOD)
    return f"{now}{mark}{period}"
