"""The conditional formats of a sheet: which cells they change, and the bars that they draw."""

import re
from collections.abc import Iterator, Mapping, Sequence
from xml.etree import ElementTree as ET

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.reading.book import Position
from tenproj_xl.reading.picture.formula import (
    Sight,
    UnknownError,
    Value,
    column_number,
    compare,
    holds,
    result,
    text_of,
)
from tenproj_xl.reading.picture.model import DataBar
from tenproj_xl.reading.picture.styles import ColourTable
from tenproj_xl.reading.picture.xml import every, first, is_true, named, number, whole

Area = tuple[int, int, int, int]
"""The first and last row, the first and last column."""

_AREA = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?")
_SIGNS = {
    "equal": (0,),
    "notEqual": (-1, 1),
    "greaterThan": (1,),
    "greaterThanOrEqual": (0, 1),
    "lessThan": (-1,),
    "lessThanOrEqual": (-1, 0),
}
_LONGEST_BAR, _SHORTEST_BAR = 90.0, 10.0
"""In percent of the cell, where the file says nothing else: those of Excel 2007."""


@dataclass(frozen=True, kw_only=True)
class ConditionalFormat:
    """A conditional format and the areas that it is for; the first one is that its formula is written for."""

    element: ET.Element
    areas: Sequence[Area]
    priority: int
    length: tuple[float, float] = (_SHORTEST_BAR, _LONGEST_BAR)
    """The share of the cell that the shortest and the longest bar fill, in percent."""

    @property
    def is_last(self) -> bool:
        """Whether rules behind it are passed over where it holds."""
        return is_true(named(self.element, "stopIfTrue"))

    @property
    def is_bar(self) -> bool:
        """Whether it draws a bar."""
        return named(self.element, "type") == "dataBar"


def areas_of(text: str) -> list[Area]:
    """Return the areas that a list of ranges names."""
    areas = []
    for found in _AREA.finditer(text):
        top, left = int(found[2]) - 1, column_number(found[1])
        bottom, right = top, left
        if found[3]:
            bottom, right = int(found[4]) - 1, column_number(found[3])
        areas.append((top, bottom, left, right))
    return areas


def rules_of(sheet: ET.Element) -> list[ConditionalFormat]:
    """Return the conditional formats of a sheet in the order in which they count."""
    lengths = dict(_lengths(sheet))
    rules = []
    for block in every(sheet, "conditionalFormatting"):
        areas = areas_of(named(block, "sqref"))
        for element in every(block, "cfRule"):
            if areas:
                told = lengths.get(named(block, "sqref"), (_SHORTEST_BAR, _LONGEST_BAR))
                priority = whole(named(element, "priority"))
                rules.append(ConditionalFormat(element=element, areas=areas, priority=priority, length=told))
    return sorted(rules, key=lambda rule: rule.priority)


def _lengths(sheet: ET.Element) -> Iterator[tuple[str, tuple[float, float]]]:
    """Yield how long bars are where Excel 2010 says it, by the areas that they are in."""
    for block in every(sheet, "extLst/ext/conditionalFormattings/conditionalFormatting"):
        bar = first(block, "cfRule", "dataBar")
        areas = first(block, "sqref")
        if bar is not None and areas is not None:
            yield areas.text or "", (number(named(bar, "minLength")), number(named(bar, "maxLength"), 100.0))


class Formatting:
    """The conditional formats of a sheet, applied to its values."""

    def __init__(
        self,
        rules: Sequence[ConditionalFormat],
        values: Mapping[Position, Value],
        colours: ColourTable,
        changes: int,
    ) -> None:
        self._rules = rules
        self._values = values
        self._colours = colours
        self._changes = changes

    def changes_at(self, row: int, column: int) -> list[int]:
        """Return what changes in the look of a cell, by number, that which counts most first."""
        found: list[int] = []
        for rule in self._rules:
            if rule.is_bar or not _lies_in(row, column, rule.areas) or not self._holds(rule, row, column):
                continue
            index = whole(named(rule.element, "dxfId"), self._changes)
            if index < self._changes:
                found.append(index)
            if rule.is_last:
                break
        return found

    def bar_at(self, row: int, column: int) -> DataBar | None:
        """Return the bar in a cell."""
        value = self._values.get((row, column))
        if not isinstance(value, int | float) or isinstance(value, bool):
            return None
        for rule in self._rules:
            if rule.is_bar and _lies_in(row, column, rule.areas):
                return self._bar(rule, value)
        return None

    def _bar(self, rule: ConditionalFormat, value: float) -> DataBar | None:
        bar = first(rule.element, "dataBar")
        ends = every(bar, "cfvo")
        if len(ends) < 2:
            return None
        numbers = self._numbers_in(rule.areas)
        lowest, highest = _end(ends[0], numbers), _end(ends[1], numbers)
        if lowest is None or highest is None or highest <= lowest:
            return None
        share = min(1.0, max(0.0, (value - lowest) / (highest - lowest)))
        shortest, longest = rule.length
        percent = shortest + share * (longest - shortest)
        return DataBar(share=percent / 100, colour=self._colours.of(first(bar, "color")) or "#638ec6")

    def _numbers_in(self, areas: Sequence[Area]) -> list[float]:
        found = []
        for (row, column), value in self._values.items():
            if isinstance(value, int | float) and _lies_in(row, column, areas):
                found.append(float(value))
        return found

    def _holds(self, rule: ConditionalFormat, row: int, column: int) -> bool:
        kind, value = named(rule.element, "type"), self._values.get((row, column))
        top, _, left, _ = rule.areas[0]
        sight = Sight(values=self._values, down=row - top, right=column - left)
        try:
            if kind == "cellIs":
                return _cell_is(rule.element, value, sight)
            if kind == "expression":
                return holds(_formula(rule.element, 0), sight)
        except UnknownError:
            return False
        return _has_text(kind, named(rule.element, "text").casefold(), text_of(value).casefold())


def _has_text(kind: str, wanted: str, text: str) -> bool:
    """Return whether a rule about texts holds."""
    match kind:
        case "containsText":
            return wanted in text
        case "notContainsText":
            return wanted not in text
        case "beginsWith":
            return text.startswith(wanted)
        case "endsWith":
            return text.endswith(wanted)
    return False


def _formula(element: ET.Element, n: int) -> str:
    formulas = every(element, "formula")
    if n >= len(formulas):
        raise UnknownError("no formula")
    return formulas[n].text or ""


def _cell_is(element: ET.Element, value: Value, sight: Sight) -> bool:
    operator = named(element, "operator")
    if operator in ("between", "notBetween"):
        low, high = _order(element, 0, value, sight), _order(element, 1, value, sight)
        return (low >= 0 >= high) == (operator == "between")
    if value is None and operator != "equal":
        return False
    return _order(element, 0, value, sight) in _SIGNS.get(operator, ())


def _order(element: ET.Element, n: int, value: Value, sight: Sight) -> int:
    limit = result(_formula(element, n), sight)
    if limit is None or isinstance(limit, str | float | bool):
        return compare(value, limit)
    raise UnknownError("an error")


def _lies_in(row: int, column: int, areas: Sequence[Area]) -> bool:
    return any(top <= row <= bottom and left <= column <= right for top, bottom, left, right in areas)


def _end(element: ET.Element, numbers: Sequence[float]) -> float | None:
    """Return where bars begin or end."""
    match named(element, "type"):
        case "num":
            return number(named(element, "val"))
        case "min" | "autoMin":
            return min(numbers, default=None)
        case "max" | "autoMax":
            return max(numbers, default=None)
    return None
