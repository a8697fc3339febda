"""Every native chart of every edition, read from the XML: honest scales, a title that tells, a text for who cannot see."""

import re
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tenproj_xl.rollup.book import write_rollup
from tenproj_xl.rollup.facts import editions
from tenproj_xl.rollup.facts.editions import Audience, Edition
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.model import facts_of
from tests.helpers import rollup_example as ex

_SCHEMAS = "{http://schemas.openxmlformats.org/drawingml/2006"
C, A, XDR = f"{_SCHEMAS}/chart}}", f"{_SCHEMAS}/main}}", f"{_SCHEMAS}/spreadsheetDrawing}}"
BARS = (f"{C}barChart", f"{C}lineChart")
MADE: dict[str, Callable[[], RollupInput]] = {
    **ex.DATA_SETS,
    "reviewed_quarter": ex.reviewed_quarter,
    "ended_year": ex.ended_year,
}
for _edition in editions.EDITIONS:
    MADE[f"{_edition.code}_edition"] = partial(ex.rollup_input_for, _edition)


def charts(data: RollupInput, path: Path) -> Iterator[ET.Element]:
    """The charts of a workbook."""
    write_rollup(path, facts_of(data))
    with zipfile.ZipFile(path) as archive:
        for name in sorted(archive.namelist()):
            if re.fullmatch(r"xl/charts/chart\d+\.xml", name):
                yield ET.fromstring(archive.read(name))


def drawings(path: Path) -> Iterator[ET.Element]:
    """The names and texts of what is drawn in a workbook."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.startswith("xl/drawings/drawing"):
                root = ET.fromstring(archive.read(name))
                yield from root.iter(f"{XDR}cNvPr")


def value(element: ET.Element, path: str) -> str | None:
    """The val of an element within another."""
    found = element.find("/".join(f"{C}{part}" for part in path.split("/")))
    return None if found is None else found.get("val")


@pytest.mark.parametrize("name", MADE)
def test_every_chart_has_one_axis_of_values_that_begins_with_zero_and_names_its_unit(
    name: str, tmp_path: Path
) -> None:
    made = list(charts(MADE[name](), tmp_path / "x.xlsx"))
    assert made
    for chart in made:
        plot = chart.find(f"{C}chart/{C}plotArea")
        assert plot is not None
        assert {child.tag for child in plot if child.tag.endswith("Chart")} <= {*BARS}
        (axis,) = plot.findall(f"{C}valAx")  # a second one would be another scale
        assert value(axis, "scaling/min") == "0"
        assert value(axis, "crosses") in ("autoZero", "max", "min")
        unit = "".join(t.text or "" for t in axis.iter(f"{A}t"))
        number_format = axis.find(f"{C}numFmt")
        assert number_format is not None
        assert re.search(r"（.+）$", unit) or number_format.get("formatCode") == '0"%"', unit
        assert value(chart, "chart/dispBlanksAs") in (None, "gap")  # a gap where it is not named


@pytest.mark.parametrize("name", MADE)
def test_every_chart_tells_its_message_in_title_and_alternative_text(name: str, tmp_path: Path) -> None:
    path, titles = tmp_path / "x.xlsx", []
    for chart in charts(MADE[name](), path):
        title = chart.find(f"{C}chart/{C}title")
        assert title is not None
        texts = title.iter(f"{A}t")
        titles.append("".join(text.text or "" for text in texts))
    described = [drawn.get("descr") or "" for drawn in drawings(path)]
    assert len(described) == len(titles)
    assert all(len(title) >= 8 for title in titles)
    assert all(any(text.startswith(title) for text in described) for title in titles)


@pytest.mark.parametrize("name", ["reviewed_quarter", "ended_year", "quarter_edition", "year_edition"])
def test_all_bullets_of_an_edition_stand_on_one_scale_and_in_one_place(name: str, tmp_path: Path) -> None:
    scales, places = set(), set()
    for chart in charts(MADE[name](), tmp_path / "x.xlsx"):
        plot = chart.find(f"{C}chart/{C}plotArea")
        assert plot is not None
        if value(plot, "barChart/barDir") != "bar":
            continue
        axis = plot.find(f"{C}valAx")
        assert axis is not None
        scales.add((value(axis, "scaling/min"), value(axis, "scaling/max")))
        places.add((value(plot, "layout/manualLayout/x"), value(plot, "layout/manualLayout/w")))
        assert value(plot, "barChart/grouping") == "stacked"
        assert value(plot, "barChart/overlap") == "100"
    assert len(scales) == 1
    assert len(places) == 1


@pytest.mark.parametrize("edition", editions.EDITIONS, ids=lambda edition: edition.code)
def test_a_paper_for_all_has_no_charts(edition: Edition, tmp_path: Path) -> None:
    data = ex.rollup_input_for(edition, Audience.PUBLIC)
    assert list(charts(data, tmp_path / "x.xlsx")) == []


def test_a_week_without_a_roll_up_has_a_place_and_no_point(tmp_path: Path) -> None:
    """第46, 47 and 48周, of which nobody made a roll-up of the second."""
    for chart in charts(ex.following_week(), tmp_path / "x.xlsx"):
        for series in chart.iter(f"{C}ser"):
            numbers = series.find(f"{C}val/{C}numRef/{C}numCache")
            assert numbers is not None
            assert value(numbers, "ptCount") == "3"
            assert [point.get("idx") for point in numbers.iter(f"{C}pt")] == ["0", "2"]
