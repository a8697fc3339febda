"""The sparklines of a sheet."""

import re
from collections.abc import Callable, Iterator
from xml.etree import ElementTree as ET

from tenproj_xl.reading.book import Position
from tenproj_xl.reading.picture.model import Spark
from tenproj_xl.reading.picture.rules import Area, areas_of
from tenproj_xl.reading.picture.styles import ColourTable
from tenproj_xl.reading.picture.xml import every, first, is_true, named, number

_RANGE = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!([^!]+)")
_LONGEST = 500

ValuesIn = Callable[[str, Area], list[float | None]]
"""The numbers in an area of a sheet by its name, None for cells that hold none."""


def place_of(text: str) -> tuple[str, str]:
    """Return sheet and range of a reference such as `'首页明细'!A4:G11`; "" where it names no sheet."""
    found = _RANGE.fullmatch(text.strip())
    if found is None:
        return "", text
    name = found[2]
    if found[1]:
        name = found[1].replace("''", "'")
    return name, found[3]


def sparks_of(
    sheet: ET.Element, colours: ColourTable, values_in: ValuesIn
) -> Iterator[tuple[Position, Spark]]:
    """Yield the columns that are drawn in cells, each with its place."""
    for group in every(sheet, "extLst/ext/sparklineGroups/sparklineGroup"):
        for line in every(group, "sparklines/sparkline"):
            source, target = first(line, "f"), first(line, "sqref")
            if source is None or target is None:
                continue
            name, cells = place_of(source.text or "")
            areas, places = areas_of(cells), areas_of(target.text or "")
            if areas and places and _is_short(areas[0]):
                row, _, column, _ = places[0]
                yield (row, column), _spark(group, colours, values_in(name, areas[0]))


def _is_short(area: Area) -> bool:
    top, bottom, left, right = area
    return 0 < (bottom - top + 1) * (right - left + 1) <= _LONGEST


def _spark(group: ET.Element, colours: ColourTable, values: list[float | None]) -> Spark:
    known = [value for value in values if value is not None]
    lowest, highest = min(known, default=0.0), max(known, default=0.0)
    if told := named(group, "manualMin"):
        lowest = number(told)
    if told := named(group, "manualMax"):
        highest = number(told)
    colour = colours.of(first(group, "colorSeries")) or "#376092"
    last = negative = ""
    if is_true(named(group, "last")):
        last = colours.of(first(group, "colorLast"))
    if is_true(named(group, "negative")):
        negative = colours.of(first(group, "colorNegative"))
    return Spark(
        values=values,
        lowest=lowest,
        highest=highest,
        colour=colour,
        last=last,
        negative=negative,
        axis=is_true(named(group, "displayXAxis")),
    )
