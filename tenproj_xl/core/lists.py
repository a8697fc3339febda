"""Cells that list several things: units, people, codes."""

import re

from tenproj_xl.core.period_rows import without_periods
from tenproj_xl.core.texts import canonical

_NAME = re.compile(r"(?:\s?[（(][^（()）]*[）)]|[^、,，;；。/／|｜\s])+")
"""Anything up to a mark or a blank; brackets, with all that stands in them, belong to the name before."""
_BLANK_BEFORE_BRACKET = re.compile(r"\s+(?=[（(])")


def split_units(text: str) -> tuple[str, ...]:
    """Return the units (or other names) that a text lists, in whatever way they are separated.

    `区科技局（牵头、汇总）／区财政局` are two.
    """
    return tuple(_BLANK_BEFORE_BRACKET.sub("", name).strip() for name in _NAME.findall(text))


def split_codes(text: str) -> tuple[str, ...]:
    """Return the codes that a text lists, in one spelling: `z03-04、Ｒ03-02` are Z03-04 and R03-02.

    The row of an indicator for one data period stands for the indicator.
    """
    return tuple(canonical(code).upper() for code in split_units(without_periods(text)))
