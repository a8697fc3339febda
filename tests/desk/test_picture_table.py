"""A picture as HTML: the table, its style sheet, charts and bars."""

from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest

from tenproj_xl.desk.picture_charts import chart_svg
from tenproj_xl.desk.picture_sparks import bar_svg, spark_svg
from tenproj_xl.desk.picture_table import CellMark, draw_sheet
from tenproj_xl.reading.picture.model import (
    Appearance,
    Axis,
    ChartSeries,
    DataBar,
    Edge,
    Link,
    PictureCell,
    PictureChart,
    SheetPicture,
    Spark,
)


def sheet(
    *cells: PictureCell, looks: tuple[Appearance, ...] = (Appearance(),), **more: object
) -> SheetPicture:
    fields: dict[str, object] = {"widths": [80.0] * 4, "heights": [20.0] * 4, "grid": False, **more}
    return SheetPicture(name="总览", cells=cells, looks=looks, **fields)  # type: ignore[arg-type]


def said(row: int, column: int, text: str, **more: object) -> PictureCell:
    return PictureCell(row=row, column=column, text=text, look=0, **more)  # type: ignore[arg-type]


def place(name: str, cell: str) -> str:
    return f"/看?sheet={name}#{cell}"


class Cells(HTMLParser):
    """The table cells by id: their attributes, and their text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.cells: dict[str, dict[str, str]] = {}
        self.tags: list[str] = []
        self._open = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        told = {name: value or "" for name, value in attrs}
        if tag == "td":
            self._open = told["id"]
            self.cells[self._open] = {**told, "text": ""}
        elif tag == "a" and self._open:
            self.cells[self._open].setdefault("href", told["href"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "td":
            self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open:
            self.cells[self._open]["text"] += data


def cells_of(picture: SheetPicture, **marks: list[CellMark]) -> dict[str, dict[str, str]]:
    return Cells(draw_sheet(picture, place, marks).html).cells


def test_merged_cells_become_one_that_spans_what_is_not_hidden() -> None:
    picture = sheet(said(0, 0, "标题"), merged=((0, 1, 0, 3),), widths=[80.0, 0.0, 80.0, 80.0])
    cells = cells_of(picture)
    assert (cells["A1"]["colspan"], cells["A1"]["rowspan"]) == ("3", "2")
    assert sorted(cells) == ["A1", "A3", "A4", "C3", "C4", "D3", "D4"]


def test_what_a_sender_typed_never_becomes_markup() -> None:
    typed = '<script>alert(1)</script>"&'
    picture = sheet(said(0, 0, typed, note=typed, link=Link(sheet=typed, cell="A1", tip=typed)))
    html = draw_sheet(picture, place, {"A1": [CellMark(number=1, words=typed)]}).html
    parsed = Cells(html)
    assert "script" not in parsed.tags
    assert parsed.cells["A1"]["text"].startswith(typed)
    assert parsed.cells["A1"]["title"] == typed


def test_what_a_file_says_of_fonts_and_colours_never_becomes_a_rule() -> None:
    look = Appearance(
        font='x"}body{background:url(//evil)',
        colour="red;}",
        fill="#ffffff;}",
        top=Edge(line="thin;}", colour="}"),
        left=Edge(line="thin", colour="expression()"),
    )
    css = draw_sheet(sheet(said(0, 0, "字"), looks=(look,)), place).css
    assert "evil" not in css
    assert "expression" not in css
    assert css.count("{") == css.count("}") == len(css.splitlines())


def test_looks_become_rules_of_the_style_sheet() -> None:
    look = Appearance(
        font="宋体", size=12, bold=True, fill="#c6e0b4", horizontal="center", wrap=True, vertical="center"
    )
    css = draw_sheet(sheet(said(0, 0, "字"), looks=(look,)), place).css
    for rule in (
        "font-size:16.00px",
        "font-weight:bold",
        "background:#c6e0b4",
        "text-align:center",
        "white-space:pre-wrap",
        "vertical-align:middle",
    ):
        assert rule in css


def test_a_border_between_two_cells_is_that_of_either() -> None:
    line = Edge(line="medium", colour="#1f3864")
    plain, lined = Appearance(), Appearance(left=line)
    cells = [said(0, 0, "左"), PictureCell(row=0, column=1, text="右", look=1)]
    css = draw_sheet(sheet(*cells, looks=(plain, lined)), place).css
    assert "border-right:2px solid #1f3864" in css


def test_frozen_rows_stand_in_the_head_and_frozen_columns_stay() -> None:
    html = draw_sheet(sheet(said(0, 0, "专班"), said(1, 0, "01"), frozen=(1, 1)), place).html
    head, _, body = html.partition("<tbody>")
    assert 'id="A1"' in head
    assert 'id="A2"' in body
    cells = Cells(html).cells
    assert "stays" in cells["A2"]["class"]
    assert "stays" not in cells["B2"]["class"]


def test_what_would_fill_the_window_is_not_frozen() -> None:
    html = draw_sheet(sheet(said(0, 0, "高"), frozen=(2, 0), heights=[300.0, 300.0, 20.0]), place).html
    assert 'id="A1"' not in html.partition("<tbody>")[0]


def test_a_text_runs_on_over_blank_cells_and_stops_before_full_ones() -> None:
    long = "很长很长很长很长很长的一句话"
    cells = cells_of(sheet(said(0, 0, long), said(1, 0, long), said(1, 1, "满")))
    assert "runs" in cells["A1"]["class"]
    assert "clips" in cells["A2"]["class"]


def test_a_link_leads_to_the_sheet_and_cell() -> None:
    cells = cells_of(sheet(said(0, 0, "8", link=Link(sheet="首页明细", cell="A4"))))
    assert cells["A1"]["href"] == "/看?sheet=首页明细#A4"


def test_a_marked_cell_has_the_numbers_of_its_findings() -> None:
    marks = [CellMark(number=2, words="请只填数字"), CellMark(number=3, words="请核对")]
    cells = cells_of(sheet(said(0, 0, "增长较快")), A1=marks)
    assert "marked" in cells["A1"]["class"]
    assert cells["A1"]["href"] == "#finding-2"
    assert cells["A1"]["text"] == "增长较快核验2、3"


def test_a_blank_cell_can_be_marked_too() -> None:
    assert "marked" in cells_of(sheet(), C3=[CellMark(number=1, words="未填")])["C3"]["class"]


def test_a_text_that_is_to_fit_is_made_smaller() -> None:
    look = Appearance(shrink=True, size=12)
    css = draw_sheet(sheet(said(0, 0, "绿色低碳发展和能源保供稳价工程"), looks=(look,)), place).css
    assert "font-size:8.0px" in css


def test_a_bar_fills_its_share() -> None:
    (bar,) = ET.fromstring(bar_svg(DataBar(share=0.862, colour="#9dc3e6")))
    assert (bar.get("width"), bar.get("fill")) == ("86.2", "#9dc3e6")


def test_a_sparkline_leaves_gaps_and_draws_what_is_behind_downwards() -> None:
    spark = Spark(values=(2.0, None, -1.0), lowest=-2, highest=2, colour="#1e6b3a", negative="#a61b1b")
    svg = ET.fromstring(spark_svg(spark))
    first, last = svg
    assert (first.get("x"), first.get("y"), first.get("height")) == ("0.10", "0.0", "50.0")
    assert (last.get("x"), last.get("y"), last.get("height"), last.get("fill")) == (
        "2.10",
        "50.0",
        "25.0",
        "#a61b1b",
    )
    assert svg.get("aria-label") == "走势：2、-1"


COLUMNS = PictureChart(
    row=0,
    column=0,
    x=0,
    y=0,
    width=400,
    height=240,
    kind="column",
    stacking="stacked",
    title="滞后的指标",
    description="",
    categories=("第47周", "第48周"),
    series=[
        ChartSeries(name="达序时", values=(5.0, 7.0), colour="#a9d18e", labels="0;;;"),
        ChartSeries(name="滞后", values=(1.0, None), colour="#d9783a", labels="0;;;"),
    ],
    axis=Axis(lowest=0, step=2, number_format="0"),
    legend=True,
)


def texts(svg: ET.Element) -> list[str]:
    return [one.text or "" for one in svg.iter("text")]


def test_stacked_columns_stand_on_each_other_and_bear_their_numbers() -> None:
    svg = ET.fromstring(chart_svg(COLUMNS))
    green = [one for one in svg.iter("rect") if one.get("fill") == "#a9d18e" and one.get("height") != "11"]
    red = [one for one in svg.iter("rect") if one.get("fill") == "#d9783a" and one.get("height") != "11"]
    assert len(green) == 2
    assert len(red) == 1
    top = float(green[0].get("y", ""))
    assert float(red[0].get("y", "")) + float(red[0].get("height", "")) == pytest.approx(top, abs=0.2)
    assert float(green[1].get("height", "")) / float(green[0].get("height", "")) == pytest.approx(
        1.4, abs=0.01
    )
    assert texts(svg) == [
        "滞后的指标",
        "0",
        "2",
        "4",
        "6",
        "8",
        "第47周",
        "第48周",
        "5",
        "1",
        "7",
        "达序时",
        "滞后",
    ]


def test_shares_fill_all_of_the_height() -> None:
    svg = ET.fromstring(
        chart_svg(
            replace(
                COLUMNS, stacking="percent", axis=Axis(lowest=0, highest=1, step=0.25, number_format="0%")
            )
        )
    )
    assert texts(svg)[1:6] == ["0%", "25%", "50%", "75%", "100%"]


def test_a_line_breaks_where_there_is_no_value() -> None:
    series = [ChartSeries(name="逾期", values=(1.0, 2.0, None, 4.0), colour="#c00000")]
    svg = ET.fromstring(
        chart_svg(replace(COLUMNS, kind="line", stacking="", series=series, categories=("1", "2", "3", "4")))
    )
    assert [len((one.get("points") or "").split()) for one in svg.iter("polyline")] == [2, 1]


def test_bars_lie_with_the_first_on_top_where_the_axis_is_reversed() -> None:
    series = [ChartSeries(name="实际", values=(10.0, 100.0), colour="#1f4e79")]
    wanted = replace(
        COLUMNS, kind="bar", series=series, reverse=True, axis=Axis(lowest=0, highest=100, step=50)
    )
    svg = ET.fromstring(chart_svg(wanted))
    short, long = (
        one for one in svg.iter("rect") if one.get("fill") == "#1f4e79" and one.get("height") != "11"
    )
    assert float(short.get("y", "")) < float(long.get("y", ""))
    assert float(long.get("width", "")) == pytest.approx(10 * float(short.get("width", "")), rel=0.01)


def test_ranges_that_overlap_are_drawn_once() -> None:
    everything = ((0, 3, 0, 3),) * 50_000
    assert sorted(cells_of(sheet(said(0, 0, "全表"), merged=everything))) == ["A1"]
    cells = cells_of(sheet(said(0, 0, "一"), merged=((0, 1, 0, 1), (1, 2, 1, 2))))
    assert len(cells) == 13


@pytest.mark.parametrize(
    ("colour", "ground", "seen"),
    [
        ("#000000", "#ffffff", "#000000"),
        ("#7f7f7f", "#ffffff", "#757575"),
        ("#ffffff", "#ffffff", "#ffffff"),
        ("#ffffff", "#1f4e79", "#ffffff"),
        ("#555555", "#000000", "#777777"),
    ],
)
def test_faint_text_is_made_readable_and_what_is_not_to_be_seen_is_left(
    colour: str, ground: str, seen: str
) -> None:
    css = draw_sheet(sheet(said(0, 0, "字"), looks=(Appearance(colour=colour, fill=ground),)), place).css
    assert f"color:{seen};" in css
